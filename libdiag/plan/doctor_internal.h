/* SPDX-License-Identifier: MIT */
/* doctor_internal.h - what the files of pl-doctor's plan share. */
#ifndef DIAG_PLAN_DOCTOR_INTERNAL_H
#define DIAG_PLAN_DOCTOR_INTERNAL_H

#include "base/arena.h"
#include "plan/again.h"

/* Private zones that answers name and the catalogue does not; a server that
 * invents zones must not keep us busy. */
#define DOCTOR_ZONES_MAX 64

struct met {
	struct diag_addr addr;
	uint16_t port;
};

/* One target of the inventory and what was decided for it. */
struct subject {
	const struct diag_target *target;
	const char *name; /* to ask and to greet with; NULL: address only */
	const struct diag_http_question *http; /* may be NULL */
	bool tls;			       /* its 443 speaks TLS */
	struct met *conns; /* in the arena, max_per_target of them at most */
	size_t n_conns;
};

struct doctor {
	struct diag_doctor_options o;
	struct diag_arena arena;
	struct queue queue;
	struct addrset routed;
	struct again again;
	struct subject *subjects;
	size_t n_subjects, next_subject;
	const char **zones;
	size_t n_zones, next_zone;
	unsigned round;	  /* of DNS questions, from 1 */
	size_t questions; /* of this round that are not done */
	bool asked_nat64, asked_software;
	struct diag_err err;
};

/* doctor_steps.c: put steps into the queue; false: no memory (err). */
DIAG_MUST_USE
bool doctor_questions(struct doctor *d, struct subject *s,
		      struct diag_err *err);
DIAG_MUST_USE
bool doctor_paths(struct doctor *d, struct subject *s, struct diag_err *err);
DIAG_MUST_USE
bool doctor_zone(struct doctor *d, const char *zone, struct diag_err *err);
/* Somebody gave an IPv6 address: which prefix does this network translate
 * with?  Asked once. */
DIAG_MUST_USE bool doctor_nat64(struct doctor *d, struct diag_err *err);
/* Which software is each name server?  Asked once. */
DIAG_MUST_USE bool doctor_software(struct doctor *d, struct diag_err *err);
/* An address that somebody answered, not expected so far. */
DIAG_MUST_USE
bool doctor_answered(struct doctor *d, struct subject *s,
		     const struct diag_addr *a, struct diag_err *err);
DIAG_MUST_USE
bool doctor_over_tcp(struct doctor *d, const struct diag_step *step,
		     struct diag_err *err);

#endif
