/* SPDX-License-Identifier: MIT */
/* evidence_build.h - how evidence is put together; private to evidence*.c and
 * answer*.c only.
 *
 * Order: origins and their views; facts sorted and cut by target; zones; then
 * per target addresses and answers; then what needs all answers of a view
 * (which zones it sees) and all views of a name (the kinds); then groups and
 * the path.
 */
#ifndef DIAG_VERDICT_EVIDENCE_BUILD_H
#define DIAG_VERDICT_EVIDENCE_BUILD_H

#include "verdict/evidence.h"

struct build {
	struct evidence *ev;
	struct diag_arena *arena;
	const struct diag_case *c;
	bool nomem;
};

/* Zeroed memory; NULL sets b->nomem. n 0 gives one element. */
void *build_array(struct build *b, size_t n, size_t size);

/* Facts of one target in one origin, by time, then id. */
struct fact_slice {
	const struct diag_fact *const *facts;
	size_t n;
};

/* One origin's facts, sorted and cut. */
struct fact_cut {
	struct fact_slice *targets; /* one per inventory target */
	struct fact_slice zones;    /* SOA questions */
	struct fact_slice routes;   /* all route facts, by address */
	struct fact_slice mtus;	    /* so all mtu facts */
	struct fact_slice others;
};
/* evidence_cut.c: cuts[i] for origin i; NULL: no memory. */
struct fact_cut *build_cut(struct build *b);

/* evidence_views.c */
void build_views(struct build *b, struct ev_origin *o,
		 const struct fact_cut *cut);
void build_machine(struct build *b, struct ev_origin *o,
		   const struct fact_cut *cut);
void build_nat64(struct ev_origin *o, const struct fact_cut *cut);

/* evidence_zone.c */
void build_zones(struct build *b, struct ev_origin *o,
		 const struct fact_cut *cut);
/* After answers are known: a zone that gave a private answer is seen. */
void build_zones_seen(struct build *b, struct ev_origin *o);

/* evidence_addr.c */
void build_addrs(struct build *b, const struct fact_cut *cut,
		 struct ev_target *t);
/* evidence_udp.c */
void build_udp(struct build *b, const struct fact_slice *s, struct ev_addr *a);
/* Adds nothing: finds the row of an address that build_addrs() made. */
void build_paths(struct ev_target *t);

/* evidence_answer.c: the facts of each view, before kinds. */
void build_answers(struct build *b, const struct fact_cut *cut,
		   struct ev_target *t);
/* Hosts lines of this name. */
void build_hosts(struct build *b, struct ev_target *t);

/* answer.c: kinds of all answers of a target, and what decides. */
void build_kinds(struct ev_target *t);
/* answer_system.c: the system's answer, once the servers' kinds are known. */
void build_system_kind(struct ev_target *t);
void build_deciding(struct ev_target *t);
/* answer_views.c: what shows only over all names: counts of each view, and
 * whether public names resolve at all. */
void build_view_counts(struct ev_origin *o);
/* answer_group.c: any_of groups of one origin. */
void build_groups(struct build *b, struct ev_origin *o);

/* Pieces of the ladder that both files climb. */
struct tally { /* how many of an answer's addresses are what */
	size_t n, right, ours, private, public, unusable, synthetic;
	size_t service_yes, service_no; /* among ours, private, synthetic,
					   not right */
	size_t not_right;
};
/* Over the IPv4 addresses (DNS64 counts as IPv4), or, when there is none, the
 * IPv6 ones. */
struct tally build_tally(const struct ev_target *t, const struct ev_answer *a);
/* The kind of a private-wanting target's addresses; EV_PUBLIC_UNEXPLAINED
 * stands for "public: look at the chain". */
enum ev_kind build_private_kind(const struct ev_target *t,
				const struct tally *n);
enum ev_kind build_public_kind(const struct tally *n);
bool build_is_instance(const struct ev_target *t);
const struct ev_answer *build_system_answer(const struct ev_target *t);
bool build_from_hosts(const struct ev_target *t, const struct ev_answer *sys);

#endif
