/* SPDX-License-Identifier: MIT */
/* pl_hosts_wire.c - see pl_hosts_wire.h. */
#include "tools/pl_hosts_wire.h"

#include <string.h>

#define NO_TEXT 0xffffffffU

/* --- writing ------------------------------------------------------------- */

void wire_put_u32(struct diag_buf *out, uint32_t n)
{
	const unsigned char bytes[4] = { (unsigned char)(n >> 24),
					 (unsigned char)(n >> 16),
					 (unsigned char)(n >> 8),
					 (unsigned char)n };

	diag_buf_put(out, bytes, sizeof(bytes));
}

void wire_put_size(struct diag_buf *out, size_t n)
{
	wire_put_u32(out, (uint32_t)((uint64_t)n >> 32));
	wire_put_u32(out, (uint32_t)n);
}

void wire_put_bytes(struct diag_buf *out, const void *p, size_t len)
{
	if (len >= NO_TEXT)
		out->code = DIAG_ELIMIT;
	wire_put_u32(out, (uint32_t)len);
	diag_buf_put(out, p, len);
}

void wire_put_text(struct diag_buf *out, const char *s)
{
	if (s)
		wire_put_bytes(out, s, strlen(s));
	else
		wire_put_u32(out, NO_TEXT);
}

void wire_put_addrs(struct diag_buf *out, const struct diag_addr *a, size_t n)
{
	char text[DIAG_ADDR_TEXT];

	wire_put_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		wire_put_text(out, diag_addr_text(&a[i], text));
}

/* --- reading ------------------------------------------------------------- */

struct wire wire_of(struct diag_arena *arena, const void *p, size_t len)
{
	return (struct wire){ .c = diag_cursor_of(p, len), .arena = arena };
}

uint32_t wire_u32(struct wire *w)
{
	uint32_t n = 0;

	if (!diag_cursor_u32(&w->c, &n))
		w->bad = true;
	return w->bad ? 0 : n;
}

size_t wire_size(struct wire *w)
{
	uint64_t high = wire_u32(w);

	return (size_t)(high << 32 | wire_u32(w));
}

size_t wire_count(struct wire *w, size_t each)
{
	size_t n = wire_u32(w);

	if (n <= diag_cursor_left(&w->c) / each)
		return n;
	w->bad = true;
	return 0;
}

static const char *take(struct wire *w, size_t len)
{
	const char *out = NULL;

	if (!w->bad && len <= diag_cursor_left(&w->c))
		out = diag_arena_strn(w->arena, (const char *)w->c.at, len);
	if (out == NULL || !diag_cursor_skip(&w->c, len))
		w->bad = true;
	return w->bad ? NULL : out;
}

const char *wire_bytes(struct wire *w, size_t *len)
{
	*len = wire_u32(w);
	return take(w, *len);
}

const char *wire_text(struct wire *w)
{
	uint32_t len = wire_u32(w);

	return len == NO_TEXT ? NULL : take(w, len);
}

static const char *needed_text(struct wire *w)
{
	const char *text = wire_text(w);

	if (text == NULL)
		w->bad = true;
	return text ? text : "";
}

static void *array(struct wire *w, size_t n, size_t size)
{
	void *out = diag_arena_array(w->arena, n + 1, size);

	if (out == NULL)
		w->bad = true;
	return out;
}

const struct diag_addr *wire_addrs(struct wire *w, size_t *n)
{
	size_t count = wire_count(w, 4);
	struct diag_addr *out = array(w, count, sizeof(*out));

	for (size_t i = 0; i < count && !w->bad; i++)
		if (!diag_addr_parse(needed_text(w), &out[i]))
			w->bad = true;
	*n = w->bad ? 0 : count;
	return out;
}

bool wire_ok(const struct wire *w, struct diag_err *err)
{
	if (!w->bad && diag_cursor_left(&w->c) == 0)
		return true;
	return diag_fail(err, DIAG_EIO, "child process",
			 "it handed back what is no answer");
}

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

	name->name = needed_text(w);
	service = wire_u32(w);
	if (service >= DIAG_N_SERVICES)
		w->bad = true;
	else
		name->service = (enum diag_service)service;
	name->addresses = wire_addrs(w, &name->n);
	name->why = needed_text(w);
	name->warning = wire_text(w);
}

static void read_names(struct wire *w, struct hosts_wanted *out)
{
	size_t n = wire_count(w, 20);
	struct hosts_name *names = array(w, n, sizeof(*names));

	for (size_t i = 0; i < n && !w->bad; i++)
		read_name(w, &names[i]);
	out->names = names;
	out->n_names = w->bad ? 0 : n;
}

static void read_left(struct wire *w, struct hosts_wanted *out)
{
	size_t n = wire_count(w, 16);
	struct hosts_left *left = array(w, n, sizeof(*left));

	for (size_t i = 0; i < n && !w->bad; i++) {
		left[i].name = needed_text(w);
		left[i].why = needed_text(w);
		left[i].needless = wire_u32(w) != 0;
		left[i].unknown = wire_u32(w) != 0;
	}
	out->left = left;
	out->n_left = w->bad ? 0 : n;
}

void wire_wanted(struct wire *w, struct hosts_wanted *out)
{
	*out = (struct hosts_wanted){ .inventory = needed_text(w) };
	out->block = needed_text(w);
	read_names(w, out);
	read_left(w, out);
}

/* --- a plan -------------------------------------------------------------- */

void wire_put_plan(struct diag_buf *out, const struct diag_hosts_plan *plan,
		   size_t n_states)
{
	wire_put_u32(out, (uint32_t)plan->edits.n);
	for (size_t i = 0; i < plan->edits.n; i++) {
		const struct diag_edit *e = &plan->edits.items[i];

		wire_put_size(out, e->at);
		wire_put_size(out, e->len);
		wire_put_bytes(out, e->put, e->put_len);
		wire_put_u32(out, e->foreign);
	}
	wire_put_u32(out, (uint32_t)n_states);
	for (size_t i = 0; i < n_states; i++)
		wire_put_u32(out, (uint32_t)plan->states[i]);
	wire_put_size(out, plan->foreign_lines);
	wire_put_size(out, plan->foreign_changed);
	wire_put_u32(out, plan->block_there);
}

static void read_edits(struct wire *w, struct diag_edits *out)
{
	size_t n = wire_count(w, 24);
	struct diag_edit *edits = array(w, n, sizeof(*edits));

	for (size_t i = 0; i < n && !w->bad; i++) {
		edits[i].at = wire_size(w);
		edits[i].len = wire_size(w);
		edits[i].put = wire_bytes(w, &edits[i].put_len);
		edits[i].foreign = wire_u32(w) != 0;
	}
	out->items = edits;
	out->n = w->bad ? 0 : n;
}

static void read_states(struct wire *w, size_t wanted,
			struct diag_hosts_plan *out)
{
	size_t n = wire_count(w, 4);
	enum diag_pin_state *states = array(w, n, sizeof(*states));

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
	read_edits(w, &out->edits);
	read_states(w, n_states, out);
	out->foreign_lines = wire_size(w);
	out->foreign_changed = wire_size(w);
	out->block_there = wire_u32(w) != 0;
}
