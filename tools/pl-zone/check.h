/* SPDX-License-Identifier: MIT */
/* check.h - does a name server say what it should?
 *
 * One server is asked for the private names of an inventory, which it must
 * give, and for the public ones, which it must not hide.  apply and update
 * call it when they have changed something.
 */
#ifndef DIAG_TOOLS_PL_ZONE_CHECK_H
#define DIAG_TOOLS_PL_ZONE_CHECK_H

#include "base/json.h"
#include "fact/store.h"
#include "inventory/inventory.h"
#include "tools/tool.h"

#define ZONE_CHECK_TIMEOUT_MS                          \
	3000 /* of one question, unless said otherwise \
	      */

enum zone_state {
	ZONE_RIGHT,
	ZONE_WRONG,	 /* a private name has another address */
	ZONE_MISSING,	 /* a private name has none */
	ZONE_HIDDEN,	 /* a public name has none, or a private one */
	ZONE_NO_ANSWER,	 /* nobody knows */
	ZONE_NOT_NEEDED, /* not there, and another form of it serves */
	ZONE_NOT_SERVED, /* public, and none of this server's business */
};
#define N_ZONE_STATES (ZONE_NOT_SERVED + 1)
const char *zone_state_key(enum zone_state s); /* "no-answer" */

struct zone_check_job {
	const struct diag_inventory *inv; /* whose networks are ours; or NULL */
	const struct diag_target *const *targets; /* each has a name */
	size_t n;
	struct diag_endpoint server;
	unsigned timeout_ms; /* of one question; 0: the preset */
	unsigned wait_ms;    /* ask again until all is right; 0: once */
	bool fingerprint;    /* ask also which software it is */
};

struct zone_checked {
	const struct diag_target *target;
	enum zone_state state;
	const struct diag_addr *got; /* addresses of both families */
	size_t n_got;
	const char *why; /* there is no answer that counts; or NULL */
};

struct zone_check {
	char server[DIAG_ENDPOINT_TEXT];
	const struct zone_checked *names; /* in the order of the targets */
	size_t n, counts[N_ZONE_STATES];
	bool replied;	      /* the server said something */
	bool good;	      /* nothing is wrong, missing, hidden or unknown */
	const char *software; /* what it says of itself, or NULL */
	const char *dialect;  /* the word for --for, or NULL */
	int signal;	      /* that cut it short, or 0 */
	struct diag_store store;
};

/* All names of an expanded inventory that can be asked for; public ones only
 * with with_public.  In the call's arena. */
DIAG_MUST_USE
bool zone_check_targets(struct tool_call *call,
			const struct diag_inventory *inv, bool with_public,
			const struct diag_target *const **out, size_t *n,
			struct diag_err *err);
/* Ask, and judge.  Nothing is printed.  *out is filled here in every case and
 * ended by zone_check_clear(); what it points to lives as long, in the call's
 * arena and its store. */
DIAG_MUST_USE
bool zone_check_run(struct tool_call *call, const struct zone_check_job *job,
		    struct zone_check *out, struct diag_err *err);
void zone_check_clear(struct zone_check *c);

/* The table, as a result.  Of what is right only the private names are shown,
 * with -v all. */
DIAG_MUST_USE
bool zone_check_print(struct tool_call *call, const struct zone_check *c,
		      struct diag_err *err);
/* What is not right, as talk: for those that print something else. */
void zone_check_tell(const struct tool_call *call, const struct zone_check *c);
/* Members of an open object: "outcome", "names" ... */
void zone_check_json(const struct zone_check *c, struct diag_jw *w);
/* Exit status: 0 all right, 1 not, 4 the server does not answer. */
enum tool_status zone_check_status(const struct zone_check *c);

#endif
