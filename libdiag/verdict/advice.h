/* SPDX-License-Identifier: MIT */
/* advice.h - what to do about a cause.  Private to this room. */
#ifndef DIAG_VERDICT_ADVICE_H
#define DIAG_VERDICT_ADVICE_H

#include "verdict/rule.h"

/* Hosts lines for every name whose answer is wrong, from known addresses only;
 * worked out once for all causes.  false: no memory. */
struct advice_lines {
	const char *const *items;
	size_t n;
};
bool advice_lines(struct judge *j, struct advice_lines *out);

/* Fill the fixes of a cause: the first is what this user can do now.  Every
 * cause gets at least one.  false: no memory. */
bool advice_give(struct judge *j, const struct advice_lines *lines,
		 struct diag_cause *cause, const struct draft *d);

/* For a healthy client: what only a browser can still block. */
bool advice_hints(struct judge *j);

/* --- shared by advice.c and advice_words.c -------------------------------- */

struct advice {
	struct judge *j;
	const struct draft *d;
	const struct ev_origin *origin;
	const struct ev_view *server; /* the server at fault, or NULL */
	const struct advice_lines *lines;
	const struct diag_cause *cause; /* for what it explains */
};

enum advice_with {
	ADVICE_ALONE,
	ADVICE_LINES,	  /* hosts lines of all names whose answer is wrong */
	ADVICE_OWN_LINES, /* of the cause's own */
};

/* Who does what about a cause; every word of it a template. */
struct advice_row {
	const char *code; /* exact, or a prefix with '*' for what has no row */
	unsigned roles;	  /* bits (1 << role); 0: all */
	bool (*when)(const struct advice *a); /* NULL: always */
	const char *kind;
	enum diag_who who;
	bool lasting;
	enum advice_with with;
	const char *command, *undo, *text;
};
/* Each ends with a row without code; advice_path[] also has the fallbacks. */
extern const struct advice_row advice_dns[];
extern const struct advice_row advice_azure[];
extern const struct advice_row advice_path[];

/* Look the cause's surroundings up. */
void advice_init(struct advice *a, struct judge *j, const struct draft *d);
/* Where a policy of this machine sends some names, but not those of the server
 * at fault; NULL: there is no such policy. */
const struct diag_addr *advice_policy(const struct advice *a);
/* Words that others build on: the inventory as an argument; the pl-zone command
 * for the server at fault; what stands in it for SERVER, or why it is what it
 * is. */
const char *advice_word_inv(struct advice *a);
const char *advice_word_zone(struct advice *a);
const char *advice_word_zone_choices(struct advice *a);
/* The same where a file of that server holds the record. */
const char *advice_word_zone_file(struct advice *a);
const char *advice_word_zone_file_choices(struct advice *a);
/* Hosts lines of the cause's own names. */
bool advice_own_lines(struct advice *a, struct diag_fix *f);
/* A template with its {words} filled in, in the verdict's arena:
 *   {inv} {server} {subject} {parents} {zones} {zone} {names} {first}
 *   {addresses} {address} {record} {networks} {noproxy} {hosts} {host}
 *   {hostsoption} {workspace} {repair} {plzone} {choices} {plzonefile}
 *   {filechoices}
 *   {lacking} {suffixes} {policyserver}
 * Words that nobody knows stay as they are: a test finds them. */
const char *advice_text(struct advice *a, const char *template);

#endif
