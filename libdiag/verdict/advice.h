/* SPDX-License-Identifier: MIT */
/* advice.h - what to do about a cause.  Private to this room. */
#ifndef DIAG_VERDICT_ADVICE_H
#define DIAG_VERDICT_ADVICE_H

#include "verdict/rule.h"

/* Fill the fixes of a cause: the first is what this user can do now.  Every
 * cause gets at least one.  false: no memory. */
bool advice_give(struct judge *j, struct diag_cause *cause,
		 const struct draft *d);

/* For a healthy client: what only a browser can still block. */
bool advice_hints(struct judge *j);

/* --- shared by advice.c and advice_words.c -------------------------------- */

struct advice {
	struct judge *j;
	const struct draft *d;
	const struct ev_origin *origin;
	const struct ev_view *server; /* the server at fault, or NULL */
	const char *const *lines;     /* hosts lines for the names concerned */
	size_t n_lines;
};

/* Who does what about a cause; every word of it a template. */
struct advice_row {
	const char *code; /* exact, or a prefix with '*' for what has no row */
	unsigned roles;	  /* bits (1 << role); 0: all */
	bool (*when)(const struct advice *a); /* NULL: always */
	const char *kind;
	enum diag_who who;
	bool lasting, lines;
	const char *command, *undo, *text;
};
extern const struct advice_row advice_rows[];
extern const size_t advice_n_rows;

/* Look the cause's surroundings up. */
bool advice_init(struct advice *a, struct judge *j, const struct draft *d);
/* A template with its {words} filled in, in the verdict's arena:
 *   {inv} {server} {subject} {parents} {zones} {zone} {names} {first}
 *   {addresses} {networks} {noproxy} {hosts} {workspace} */
const char *advice_text(struct advice *a, const char *template);

#endif
