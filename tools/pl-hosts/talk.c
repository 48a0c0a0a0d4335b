/* SPDX-License-Identifier: MIT */
/* talk.c - see talk.h. */
#include "tools/pl-hosts/talk.h"

#include "base/text.h"

#define SUM_MAX	 ((size_t)400)
#define N_STATES (DIAG_PIN_WRONG + 1)

/* --- names --------------------------------------------------------------- */

static const char *const state_words[] = {
	[DIAG_PIN_RIGHT] = "already there",
	[DIAG_PIN_MISSING] = "will be added",
	[DIAG_PIN_WRONG] = "will replace another address",
};

/* The state that says most of a name's pins. */
static enum diag_pin_state state_of(const struct diag_hosts_plan *plan,
				    size_t first, size_t n)
{
	enum diag_pin_state most = DIAG_PIN_RIGHT;

	for (size_t i = 0; i < n; i++)
		if (plan->states[first + i] > most)
			most = plan->states[first + i];
	return most;
}

static void talk_name(const struct tool_call *call,
		      const struct hosts_name *name, enum diag_pin_state state)
{
	struct diag_arena arena;

	diag_arena_init(&arena, 0);
	tool_note(call, "%s: %s, %s: %s", name->name,
		  hosts_addresses_text(&arena, name->addresses, name->n),
		  name->why, state_words[state]);
	diag_arena_clear(&arena);
}

/* How many names are in each state; the difference says which. */
static void talk_counts(const struct tool_call *call,
			const struct hosts_wanted *wanted,
			const struct diag_hosts_plan *plan)
{
	size_t first = 0, counts[N_STATES] = { 0 };
	struct diag_buf sum;

	for (size_t i = 0; i < wanted->n_names; i++) {
		counts[state_of(plan, first, wanted->names[i].n)]++;
		first += wanted->names[i].n;
	}
	diag_buf_init(&sum, SUM_MAX);
	for (size_t i = 0; i < N_STATES; i++)
		if (counts[i] > 0)
			diag_buf_printf(&sum, "%s%zu %s",
					sum.len > 0 ? ", " : "", counts[i],
					state_words[i]);
	tool_note(call, "%s: %zu name%s: %s", wanted->block, wanted->n_names,
		  wanted->n_names == 1 ? "" : "s", diag_buf_str(&sum));
	diag_buf_clear(&sum);
}

static void talk_left(const struct tool_call *call,
		      const struct hosts_left *left)
{
	if (left->needless)
		tool_detail(call,
			    "%s: left out: another form of it is there (%s)",
			    left->name, left->why);
	else
		tool_note(call, "%s: left out: %s%s", left->name, left->why,
			  left->unknown ? "; a line that our block has for "
					  "it stays"
					: "");
}

void talk_wanted(const struct tool_call *call,
		 const struct hosts_wanted *wanted,
		 const struct diag_hosts_plan *plan, bool each)
{
	size_t first = 0;

	if (!each)
		talk_counts(call, wanted, plan);
	for (size_t i = 0; i < wanted->n_names; i++) {
		const struct hosts_name *name = &wanted->names[i];

		if (each)
			talk_name(call, name, state_of(plan, first, name->n));
		if (name->warning)
			tool_note(call, "%s: %s", name->name, name->warning);
		first += name->n;
	}
	for (size_t i = 0; i < wanted->n_left; i++)
		talk_left(call, &wanted->left[i]);
}

/* --- the file ------------------------------------------------------------ */

void talk_makers(const struct tool_call *call, const struct hosts_draft *draft)
{
	for (size_t i = 0; i < draft->n_regens; i++)
		tool_note(call,
			  "%s: %s writes this file anew %s; the change will "
			  "be gone then: %s",
			  pl_hosts_path(call), draft->regens[i].by,
			  draft->regens[i].when, draft->regens[i].stop);
}
