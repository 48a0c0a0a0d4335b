/* SPDX-License-Identifier: MIT */
/* doc.c - see doc.h. */
#include "tools/pl-hosts/doc.h"

#include "net/addr_json.h"

void doc_begin(struct change_doc *d, const struct tool_call *call)
{
	const struct change_subject subject = pl_hosts_subject(call);

	change_doc_begin(d, call, &subject);
}

/* The state that says most of a name's pins. */
static const char *state_of(const struct diag_hosts_plan *plan, size_t first,
			    size_t n)
{
	static const char *const keys[] = {
		[DIAG_PIN_RIGHT] = "right",
		[DIAG_PIN_MISSING] = "missing",
		[DIAG_PIN_WRONG] = "wrong",
	};
	enum diag_pin_state most = DIAG_PIN_RIGHT;

	for (size_t i = 0; i < n; i++)
		if (plan->states[first + i] > most)
			most = plan->states[first + i];
	return keys[most];
}

static void put_seen(struct diag_jw *w, const struct hosts_seen *seen)
{
	diag_jw_kstr(w, "status", seen->status);
	diag_addrs_json(w, "resolves_to", seen->addresses, seen->n);
	diag_jw_kbool(w, "as_planned", seen->as_planned);
}

void doc_wanted(struct diag_jw *w, const struct hosts_wanted *wanted,
		const struct diag_hosts_plan *plan,
		const struct hosts_proof *proof)
{
	size_t first = 0;

	diag_jw_kstr(w, "inventory", wanted->inventory);
	diag_jw_kstr(w, "block", wanted->block);
	diag_jw_kopen(w, "names", '[');
	for (size_t i = 0; i < wanted->n_names; i++) {
		const struct hosts_name *name = &wanted->names[i];

		diag_jw_open(w, '{');
		diag_jw_kstr(w, "name", name->name);
		diag_jw_kstr(w, "service", diag_service_key(name->service));
		diag_addrs_json(w, "addresses", name->addresses, name->n);
		diag_jw_kstr(w, "why", name->why);
		diag_jw_kstr(w, "warning", name->warning);
		if (plan)
			diag_jw_kstr(w, "state",
				     state_of(plan, first, name->n));
		if (proof && proof->seen)
			put_seen(w, &proof->seen[i]);
		diag_jw_close(w, '}');
		first += name->n;
	}
	diag_jw_close(w, ']');
	diag_jw_kopen(w, "left_out", '[');
	for (size_t i = 0; i < wanted->n_left; i++) {
		diag_jw_open(w, '{');
		diag_jw_kstr(w, "name", wanted->left[i].name);
		diag_jw_kstr(w, "why", wanted->left[i].why);
		diag_jw_kbool(w, "needed", !wanted->left[i].needless);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
}

static void put_maker(struct diag_jw *w, const struct hosts_regen *r)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "by", r->by);
	diag_jw_kstr(w, "when", r->when);
	diag_jw_kstr(w, "stop", r->stop);
	diag_jw_close(w, '}');
}

void doc_draft(struct diag_jw *w, const struct hosts_draft *draft)
{
	const struct diag_hosts_plan *plan = &draft->plan;

	diag_jw_kbool(w, "block_there", plan->block_there);
	diag_jw_kopen(w, "foreign", '{');
	diag_jw_kuint(w, "lines", plan->foreign_lines);
	diag_jw_kuint(w, "changed", plan->foreign_changed);
	diag_jw_close(w, '}');
	diag_jw_kopen(w, "regenerated_by", '[');
	for (size_t i = 0; i < draft->n_regens; i++)
		put_maker(w, &draft->regens[i]);
	diag_jw_close(w, ']');
	diag_jw_key(w, "diff");
	diag_jw_strn(w, draft->diff, draft->diff_len);
}
