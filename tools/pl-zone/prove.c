/* SPDX-License-Identifier: MIT */
/* prove.c - see prove.h. */
#include "tools/pl-zone/prove.h"

#include "tools/change/talk.h"
#include "tools/pl-zone/server.h"

static bool is_public(const struct diag_target *t)
{
	return t->expect == DIAG_EXPECT_PUBLIC;
}

static const struct diag_target *target_of(struct diag_arena *arena,
					   const struct zone_row *row)
{
	struct diag_target *t = diag_arena_alloc(arena, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->fqdn = row->name;
	t->addresses = row->addresses;
	t->n_addresses = row->n;
	t->expect = row->n > 0 ? DIAG_EXPECT_PRIVATE : DIAG_EXPECT_PUBLIC;
	return t;
}

static bool ask(struct tool_call *call, const struct zone_proof *proof,
		unsigned wait_ms, struct zone_check *out, struct diag_err *err)
{
	const struct pl_zone *o = call->options;
	const struct zone_check_job job = {
		.targets = proof->asked,
		.n = proof->n,
		.server = proof->server,
		.timeout_ms = o->timeout_ms,
		.wait_ms = wait_ms,
	};
	bool ok = zone_check_run(call, &job, out, err);

	/* The event loop had the signals. */
	signals_hold();
	if (ok && out->signal != 0)
		call->signal = out->signal;
	return ok;
}

/* Keep the private names, and the public ones that the server gives. */
static void keep_given(struct zone_proof *proof, const struct zone_check *now)
{
	size_t n = 0;

	for (size_t i = 0; i < now->n; i++) {
		const struct diag_target *t = now->names[i].target;

		if (!is_public(t) || now->names[i].state == ZONE_RIGHT)
			proof->asked[n++] = t;
	}
	proof->n = n;
}

bool zone_prove_begin(struct tool_call *call, const struct zone_draft *draft,
		      struct zone_proof *proof, struct diag_err *err)
{
	struct zone_check now;
	bool ok;

	proof->asked = diag_arena_array(&call->arena, draft->n_asked + 1,
					sizeof(struct diag_target *));
	if (proof->asked == NULL)
		return diag_fail_nomem(err, "pl-zone");
	for (size_t i = 0; i < draft->n_asked; i++) {
		proof->asked[i] = target_of(&call->arena, &draft->asked[i]);
		if (proof->asked[i] == NULL)
			return diag_fail_nomem(err, "pl-zone");
	}
	proof->n = draft->n_asked;
	ok = ask(call, proof, 0, &now, err);
	if (ok)
		keep_given(proof, &now);
	zone_check_clear(&now);
	return ok;
}

/* An answer from before says nothing of the new text. */
static void tell_cache(const struct tool_call *call, const struct zone_check *c)
{
	const struct diag_dialect *dialect;
	struct diag_err none = { .code = DIAG_OK };

	if (c->counts[ZONE_WRONG] > 0 &&
	    pl_zone_dialect(call->options, &dialect, &none) && dialect->reload)
		tool_note(call,
			  "these may be answers of the server's cache from "
			  "before; let --reload empty it as well: %s",
			  dialect->reload);
}

bool zone_prove(struct tool_call *call, struct zone_proof *proof,
		struct diag_err *err)
{
	const struct pl_zone *o = call->options;

	proof->done = true;
	if (!ask(call, proof, o->settle_ms, &proof->check, err))
		return false;
	if (proof->check.good)
		return true;
	zone_check_tell(call, &proof->check);
	tell_cache(call, &proof->check);
	return false;
}

void zone_proof_clear(struct zone_proof *proof)
{
	if (proof->done)
		zone_check_clear(&proof->check);
}
