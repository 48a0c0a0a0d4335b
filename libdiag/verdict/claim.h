/* SPDX-License-Identifier: MIT */
/* claim.h - does what Azure's documents say hold for a name of this run?
 * Private to this room.
 *
 * A document may be old, or tell of a network that this machine does not use.
 * So a note is a claim, and the facts decide what becomes of it: it is blamed
 * only for a name that fails just as the claim would make it fail.
 */
#ifndef DIAG_VERDICT_CLAIM_H
#define DIAG_VERDICT_CLAIM_H

#include "verdict/note.h"

/* In ascending order of what is told first. */
enum claim {
	CLAIM_UNSEEN,  /* this run did not look at it */
	CLAIM_REFUTED, /* the facts say otherwise */
	CLAIM_IDLE,    /* it may be so; the name works all the same */
	CLAIM_BESIDE,  /* the name fails, and in another way than this */
	CLAIM_FITS,    /* the name fails as it would if this is so */
};

/* What is known over all notes. */
struct claims {
	struct judge *j;
	struct note *notes;
	size_t n;
	/* Per inventory target: some note says that its zone is not linked, or
	 * that its endpoint does not write into the zone; … that its endpoint
	 * is not approved. */
	bool *zoned, *pending;
	/* Per origin: a private endpoint is silent that no note says anything
	 * about, and nobody has explained why. */
	bool *silent_beside;
};

/* One look per code: t wants a private address, and was looked at. */
enum claim claim_endpoint(const struct claims *c, const struct note *n,
			  const struct ev_target *t);
enum claim claim_docker(const struct claims *c, const struct note *n,
			const struct ev_target *t);
enum claim claim_missing(const struct claims *c, const struct note *n,
			 const struct ev_target *t);
enum claim claim_unlinked(const struct claims *c, const struct note *n,
			  const struct ev_target *t);
enum claim claim_record(const struct claims *c, const struct note *n,
			const struct ev_target *t);
enum claim claim_ttl(const struct claims *c, const struct note *n,
		     const struct ev_target *t);

/* The old address that the name is led to, or NULL. */
const struct diag_addr *claim_old(const struct note *n,
				  const struct ev_target *t);
/* A right private address of it says nothing at all, and nobody explained why;
 * NULL: not so. */
const struct ev_addr *claim_silent(const struct ev_target *t);
/* Would a note about this one endpoint explain that silence?  Not if the whole
 * way may be closed. */
bool claim_is_alone(const struct claims *c, const struct ev_target *t,
		    const struct ev_addr *a);
/* The name server whose answer counts for the name, or NULL. */
const struct ev_answer *claim_server(const struct ev_target *t);

#endif
