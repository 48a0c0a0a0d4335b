/* SPDX-License-Identifier: MIT */
/* wanted.h - which names are to have which addresses, and why.
 *
 * Only names that must be private are written, and only addresses that
 * somebody vouches for: the inventory, a name server that sees the private
 * zones, or a run of pl-doctor on a machine that is well.  What nobody vouches
 * for is left out and told, never guessed.
 */
#ifndef DIAG_TOOLS_PL_HOSTS_WANTED_H
#define DIAG_TOOLS_PL_HOSTS_WANTED_H

#include "case/case.h"
#include "fix/hosts.h"
#include "verdict/verdict.h"

struct hosts_name {
	const char *name;
	enum diag_service service;
	const struct diag_addr *addresses; /* at least one */
	size_t n;
	const char *why;     /* "expected by the inventory" */
	const char *warning; /* what is strange about it, or NULL */
};

struct hosts_left {
	const char *name;
	const char *why;
	bool needless; /* another form of this name has its address */
	bool unknown;  /* nobody could tell: what our block has for it stays */
};

struct hosts_wanted {
	const char *inventory; /* its name, "" if it has none */
	const char *block;
	const struct hosts_name *names; /* in inventory order */
	size_t n_names;
	const struct hosts_left *left;
	size_t n_left;
};

/* What a source says of one target: addresses and where they come from, or
 * why there are none. */
struct hosts_answer {
	const struct diag_addr *addresses;
	size_t n;
	const char *why, *why_not, *warning;
	bool unknown; /* it could not be told at all */
};

struct hosts_source {
	/* false: no memory. */
	bool (*ask)(void *ctx, const struct diag_target *t,
		    struct hosts_answer *out);
	void *ctx;
};

struct hosts_question {
	const struct diag_inventory *inv;   /* expanded */
	const struct diag_inventory *given; /* before; NULL: nobody knows */
	const struct hosts_source *source;
	const char *block; /* NULL: the inventory's name, made safe */
};

/* Ask the source for every name of the inventory that must be private.  All in
 * the arena; borrows what the source gives.  Errors: DIAG_EUSAGE (a bad block
 * name), DIAG_ELIMIT (more than DIAG_HOSTS_PINS_MAX addresses), DIAG_ENOMEM. */
DIAG_MUST_USE
bool hosts_wanted_make(struct diag_arena *arena, const struct hosts_question *q,
		       struct hosts_wanted *out, struct diag_err *err);

/* The inventory's own addresses. */
struct hosts_source hosts_source_inventory(const struct diag_inventory *inv);

/* What a name server answered: its dns facts of type A. */
struct hosts_resolver {
	struct diag_arena *arena;
	const struct diag_inventory *inv;
	const struct diag_store *facts;
	const char *server; /* "10.0.0.53:53" */
	const struct diag_fact **by_name;
	size_t n;
};
DIAG_MUST_USE
bool hosts_source_resolver(struct hosts_resolver *r, struct hosts_source *out,
			   struct diag_err *err);

/* What a judged case proved. */
struct hosts_case {
	struct diag_arena *arena;
	const struct diag_case *c;
	const struct diag_verdict *v;
};
struct hosts_source hosts_source_case(struct hosts_case *c);

/* --- parts of the sources ----------------------------------------------- */

/* Why this cannot be an address of the target, as "public" or "loopback"; NULL
 * if it can: it is expected, inside the networks, or private. */
const char *hosts_unfit(const struct diag_inventory *inv,
			const struct diag_target *t, const struct diag_addr *a);
bool hosts_expected(const struct diag_target *t, const struct diag_addr *a);
/* "10.0.0.4, 10.0.0.5"; "" without memory. */
const char *hosts_addresses_text(struct diag_arena *arena,
				 const struct diag_addr *a, size_t n);

/* Is a name without an address that is needed? */
bool hosts_leaves_out(const struct hosts_wanted *wanted);

/* The same as pins: every name with each of its addresses. */
struct hosts_pinned {
	const struct hosts_wanted *wanted;
	const struct diag_pin *pins;
	size_t n;
};
DIAG_MUST_USE
bool hosts_pins(struct diag_arena *arena, const struct hosts_wanted *wanted,
		struct hosts_pinned *out, struct diag_err *err);
/* Plans them; ctx is a struct hosts_pinned (struct pl_hosts_change).  A name
 * that was left out because nobody could tell keeps the lines that our block
 * has for it. */
bool hosts_plan_pins(void *ctx, struct diag_arena *arena, const char *text,
		     size_t len, struct diag_hosts_plan *out,
		     struct diag_err *err);

#endif
