/* SPDX-License-Identifier: MIT */
/* wire.c - see wire.h. */
#include "tools/pl-hosts/wire.h"

/* --- what is wanted ------------------------------------------------------ */

void wire_put_wanted(struct diag_buf *out, const struct hosts_wanted *wanted)
{
	wire_put_text(out, wanted->inventory);
	wire_put_text(out, wanted->block);
	wire_put_u32(out, (uint32_t)wanted->n_names);
	for (size_t i = 0; i < wanted->n_names; i++) {
		const struct hosts_name *name = &wanted->names[i];

		wire_put_text(out, name->name);
		wire_put_u32(out, (uint32_t)name->service);
		wire_put_addrs(out, name->addresses, name->n);
		wire_put_text(out, name->why);
		wire_put_text(out, name->warning);
	}
	wire_put_u32(out, (uint32_t)wanted->n_left);
	for (size_t i = 0; i < wanted->n_left; i++) {
		wire_put_text(out, wanted->left[i].name);
		wire_put_text(out, wanted->left[i].why);
		wire_put_u32(out, wanted->left[i].needless);
		wire_put_u32(out, wanted->left[i].unknown);
	}
}

static void read_name(struct wire *w, struct hosts_name *name)
{
	uint32_t service;

	name->name = wire_needed_text(w);
	service = wire_u32(w);
	if (service >= DIAG_N_SERVICES)
		w->bad = true;
	else
		name->service = (enum diag_service)service;
	name->addresses = wire_addrs(w, &name->n);
	name->why = wire_needed_text(w);
	name->warning = wire_text(w);
}

static void read_names(struct wire *w, struct hosts_wanted *out)
{
	size_t n = wire_count(w, 20);
	struct hosts_name *names = wire_array(w, n, sizeof(*names));

	for (size_t i = 0; i < n && !w->bad; i++)
		read_name(w, &names[i]);
	out->names = names;
	out->n_names = w->bad ? 0 : n;
}

static void read_left(struct wire *w, struct hosts_wanted *out)
{
	size_t n = wire_count(w, 16);
	struct hosts_left *left = wire_array(w, n, sizeof(*left));

	for (size_t i = 0; i < n && !w->bad; i++) {
		left[i].name = wire_needed_text(w);
		left[i].why = wire_needed_text(w);
		left[i].needless = wire_u32(w) != 0;
		left[i].unknown = wire_u32(w) != 0;
	}
	out->left = left;
	out->n_left = w->bad ? 0 : n;
}

void wire_wanted(struct wire *w, struct hosts_wanted *out)
{
	*out = (struct hosts_wanted){ .inventory = wire_needed_text(w) };
	out->block = wire_needed_text(w);
	read_names(w, out);
	read_left(w, out);
}

/* --- a plan -------------------------------------------------------------- */

void wire_put_plan(struct diag_buf *out, const struct diag_hosts_plan *plan,
		   size_t n_states)
{
	wire_put_edits(out, &plan->edits);
	wire_put_u32(out, (uint32_t)n_states);
	for (size_t i = 0; i < n_states; i++)
		wire_put_u32(out, (uint32_t)plan->states[i]);
	wire_put_size(out, plan->foreign_lines);
	wire_put_size(out, plan->foreign_changed);
	wire_put_u32(out, plan->block_there);
}

static void read_states(struct wire *w, size_t wanted,
			struct diag_hosts_plan *out)
{
	size_t n = wire_count(w, 4);
	enum diag_pin_state *states = wire_array(w, n, sizeof(*states));

	if (n != wanted)
		w->bad = true;
	for (size_t i = 0; i < n && !w->bad; i++) {
		uint32_t state = wire_u32(w);

		if (state > DIAG_PIN_WRONG)
			w->bad = true;
		else
			states[i] = (enum diag_pin_state)state;
	}
	out->states = states;
}

void wire_plan(struct wire *w, size_t n_states, struct diag_hosts_plan *out)
{
	*out = (struct diag_hosts_plan){ .foreign_lines = 0 };
	wire_edits(w, &out->edits);
	read_states(w, n_states, out);
	out->foreign_lines = wire_size(w);
	out->foreign_changed = wire_size(w);
	out->block_there = wire_u32(w) != 0;
}
