/* SPDX-License-Identifier: MIT */
/* relations.h - which finding explains which, and which is told first.
 * Private to causes.c and its tests. */
#ifndef DIAG_VERDICT_RELATIONS_H
#define DIAG_VERDICT_RELATIONS_H

#include <stdbool.h>

/* What must hold between the two findings. */
enum relation_how {
	REL_ALWAYS, /* one machine, one fault: nothing more to ask */
	REL_SHARED, /* they have a target in common */
	REL_INSIDE, /* every target of the effect is a target of the cause */
	REL_ERROR,  /* as inside, and the effect is an error */
	REL_REASON, /* same subject; the cause may be the milder finding */
	REL_REASON_INSIDE, /* as inside; the cause may be the milder finding */
	REL_SUBJECT,	   /* the same server, zone, interface … */
	REL_ADDRESS,	   /* the effect's subject is the cause's address, or
			      a port of it */
	REL_PORT,    /* as inside, and both subjects end in the same port */
	REL_DISTANT, /* the effect's subject is a name server with a private
			address beyond the local link */
	REL_OFFLINE, /* the cause's subject is CAUSE_OFFLINE */
};

/* Subject of net.no-route where the machine has no way to anybody. */
#define CAUSE_OFFLINE "offline"

/* effect may end in '*': every code that starts so. */
struct relation {
	const char *cause, *effect;
	enum relation_how how;
};

/* Ends with a row without cause.  No code is, over any number of rows, its
 * own cause: a test walks the table. */
extern const struct relation relations[];
bool relation_covers(const struct relation *r, const char *cause,
		     const char *effect);

/* Who is told first.  PATH causes come before DNS causes only if they alone
 * would keep the user out. */
enum cause_group { CAUSE_FIRST, CAUSE_PATH, CAUSE_DNS, CAUSE_SERVICE };
struct cause_rank {
	const char *code; /* or prefix with '*' */
	enum cause_group group;
	int rank; /* inside the group, lower first */
};
const struct cause_rank *cause_rank_of(const char *code);

#endif
