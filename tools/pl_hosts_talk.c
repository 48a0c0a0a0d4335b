/* SPDX-License-Identifier: MIT */
/* pl_hosts_talk.c - see pl_hosts_talk.h. */
#include "tools/pl_hosts_talk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define DIFF_MAX ((size_t)1 << 30)
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

void talk_file(const struct tool_call *call,
	       const struct diag_file_state *state)
{
	const char *path = pl_hosts_path(call);

	if (state->symlink)
		tool_note(call, "%s: a link; %s is written", path,
			  state->real_path);
	if (state->hard_links > 1)
		tool_note(call,
			  "%s: %u names lead to this file; the others keep "
			  "what it holds now",
			  path, state->hard_links);
	if (state->mount_point)
		tool_note(call,
			  "%s: mounted by itself, so it cannot be replaced in "
			  "one step; it is written in place, and the journal "
			  "mends it after a crash",
			  path);
	if (state->missing)
		tool_note(call, "%s: not there yet; it will be made", path);
}

void talk_undo(struct tool_call *call)
{
	const struct pl_hosts *o = call->options;
	bool sudo = geteuid() == 0 && getenv("SUDO_UID") != NULL;

	tool_print(call, "Take it back with: %spl-hosts undo",
		   sudo ? "sudo " : "");
	if (!pl_hosts_is_system(call))
		tool_print(call, " --hosts %s", pl_hosts_path(call));
	if (o->state)
		tool_print(call, " --state %s", o->state);
	tool_print(call, "\n");
}

void talk_recovery(const struct tool_call *call, enum diag_recovery recovered)
{
	static const char *const words[] = {
		[DIAG_RECOVERED_OLD] = "a change that was cut short has been "
				       "taken back",
		[DIAG_RECOVERED_NEW] = "a change that was cut short had been "
				       "written whole",
	};

	if (recovered != DIAG_RECOVERED_NOTHING)
		tool_note(call, "%s: %s", pl_hosts_path(call),
			  words[recovered]);
}

void hint_rights(const struct tool_call *call, const struct diag_err *err)
{
	if ((err->sys == EACCES || err->sys == EPERM) && geteuid() != 0)
		tool_error(call, "writing %s needs rights: run it with sudo",
			   pl_hosts_path(call));
}

/* --- differences --------------------------------------------------------- */

/* A tab is no danger. */
static void line_safe(struct diag_buf *out, const char *line, size_t len)
{
	for (size_t at = 0; at < len; at++) {
		const char *tab = memchr(line + at, '\t', len - at);
		size_t n = tab ? (size_t)(tab - line) - at : len - at;

		diag_text_safe(out, line + at, n);
		if (tab)
			diag_buf_putc(out, '\t');
		at += n;
	}
	diag_buf_putc(out, '\n');
}

void diff_safe(struct diag_buf *out, const char *diff, size_t len)
{
	while (len > 0) {
		const char *end = memchr(diff, '\n', len);
		size_t line = end ? (size_t)(end - diff) : len;
		size_t taken = line + (end ? 1 : 0);

		line_safe(out, diff, line);
		diff += taken;
		len -= taken;
	}
}

void talk_diff(const struct tool_call *call, const char *diff, size_t len)
{
	struct diag_buf safe;

	(void)call;
	diag_buf_init(&safe, DIFF_MAX);
	diff_safe(&safe, diff, len);
	(void)fwrite(diag_buf_str(&safe), 1, safe.len, stderr);
	diag_buf_clear(&safe);
}
