/* SPDX-License-Identifier: MIT */
/* rule.h - what rules are made of.  Private to this room.
 *
 * A rule looks at the evidence and writes drafts.  Drafts are joined by
 * (code, severity, subject): "nine public answers from one server" is one
 * finding with nine targets.  After all rules ran, judge.c orders the drafts,
 * freezes them into findings, works out the target states, calls
 * judge_causes() and names the outcome.
 *
 * No memory is a state of the judge: helpers then write into a scrap draft,
 * and diag_judge() fails at the end.  So no rule checks for NULL.
 */
#ifndef DIAG_VERDICT_RULE_H
#define DIAG_VERDICT_RULE_H

#include "nsg/nsg.h"
#include "verdict/evidence.h"

#define JUDGE_PROOF_MAX	   6   /* lines kept per finding */
#define JUDGE_EVIDENCE_MAX 512 /* facts kept per finding */

/* A finding being written. */
struct draft {
	const struct diag_code_info *info;
	enum diag_severity severity;
	const char *subject; /* "" when there is none */
	const char *detail;
	unsigned rule;	 /* index of the rule that made it: the order */
	size_t *targets; /* inventory indexes; sorted and without doubles once
			    frozen */
	size_t n_targets;
	uint32_t *facts;
	size_t n_facts;
	struct diag_proof *proof;
	size_t n_proof;
	bool beside;	    /* it explains no other finding */
	const char *repair; /* a command that only the rule knows, or NULL */
	struct draft *next; /* same hash slot */
};

/* blocked.c: did something open that this rule would have denied? */
struct refuted_rule {
	const struct diag_nsg_rule *rule;
	const struct ev_origin *origin;
	bool refuted;
};

/* ends_clock.c: how far the clock there is ahead of the one here. */
struct ends_clock {
	const struct ev_origin *here, *there;
	size_t from, to; /* facts of here lie between */
	bool known, by_ports;
	double ahead_ms;
};

struct judge {
	const struct diag_case *c;
	/* How the user named the document; "INVENTORY.json" stands for one
	 * that nobody named. */
	const char *inventory_arg;
	bool inventory_known;
	struct evidence *ev;
	struct diag_verdict *v; /* being filled; owns the arena */
	struct draft **drafts;	/* in order of making */
	size_t n_drafts;
	struct draft *slots[256];
	struct diag_nsg_list nsgs; /* the inventory's, once read */
	bool nsgs_read;
	const char *nsgs_bad; /* why they could not be read, or NULL */
	struct refuted_rule *refuted;
	size_t n_refuted;
	struct ends_clock *clocks;
	size_t n_clocks;
	unsigned rule;	    /* the one that runs */
	bool failed;	    /* no memory */
	struct draft scrap; /* written to after a failure */
};

/* One row per rule; a family's file ends with its table, whose last row has
 * no code.  A rule that can give several codes names the first. */
struct diag_rule {
	const char *code;
	void (*run)(struct judge *j);
};
/* The families in the order they run; rules.c. */
extern const struct diag_rule *const judge_families[];
extern const size_t judge_n_families;

/* The draft of this code, severity and subject (NULL: ""), made if new.  The
 * subject is copied.  Conventions: a name server's view text, a zone, an
 * interface, an address, a hosts path; what findings of one cause share. */
struct draft *judge_find(struct judge *j, const char *code,
			 enum diag_severity severity, const char *subject);
/* Sets the detail unless it is set already (the first target tells it). */
void draft_detail(struct judge *j, struct draft *d, const char *fmt, ...)
    DIAG_PRINTF(3, 4);
/* Replaces it; for rules that know only at the end. */
void draft_redetail(struct judge *j, struct draft *d, const char *fmt, ...)
    DIAG_PRINTF(3, 4);
void draft_target(struct judge *j, struct draft *d, const struct ev_target *t);
void draft_fact(struct judge *j, struct draft *d, const struct diag_fact *f);
/* A line of proof and its fact (may be NULL); beyond JUDGE_PROOF_MAX only the
 * fact is kept. */
void draft_proof(struct judge *j, struct draft *d, const struct diag_fact *f,
		 const char *fmt, ...) DIAG_PRINTF(4, 5);
/* Text that lives as long as the verdict; "" after a failure. */
const char *judge_text(struct judge *j, const char *fmt, ...) DIAG_PRINTF(2, 3);
/* As one word of a command that a person copies: quoted for the shell where it
 * has to be. */
const char *judge_word(struct judge *j, const char *text);
/* Text of an address, in the verdict's arena. */
const char *judge_addr(struct judge *j, const struct diag_addr *a);

/* Severity for this target: an optional public name never gets an error. */
enum diag_severity judge_cap(const struct ev_target *t,
			     enum diag_severity severity);

/* Every (origin, target) with facts that rules should look at: not unused.
 *	for (struct ev_target *t = judge_first(j); t; t = judge_next(j, t))   */
struct ev_target *judge_first(const struct judge *j);
struct ev_target *judge_next(const struct judge *j, const struct ev_target *t);

/* causes.c: order v->findings' causes, their fixes (advice.c), v->hints.
 * Called once, after findings are frozen and target states are known. */
bool judge_causes(struct judge *j);

/* --- families: add the table here and in rules.c -------------------------- */
extern const struct diag_rule rules_hosts[];
extern const struct diag_rule rules_dns_zone[];
extern const struct diag_rule rules_dns_answer[];
extern const struct diag_rule rules_dns_ipv6[];
extern const struct diag_rule rules_dns_public[];
extern const struct diag_rule rules_dns_server[];
extern const struct diag_rule rules_dns_compare[];
extern const struct diag_rule rules_machine[];
extern const struct diag_rule rules_proxy[];
extern const struct diag_rule rules_http[];
extern const struct diag_rule rules_cert[];
extern const struct diag_rule rules_tls[];
extern const struct diag_rule rules_tcp[];
extern const struct diag_rule rules_udp[];
extern const struct diag_rule rules_ends[];
extern const struct diag_rule rules_way[];
extern const struct diag_rule rules_nsg[];   /* after the ways */
extern const struct diag_rule rules_azure[]; /* after the ways */
extern const struct diag_rule rules_net[];
extern const struct diag_rule rules_mtu[];

#endif
