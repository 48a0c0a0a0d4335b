/* SPDX-License-Identifier: MIT */
/* rules_nsg - what network security groups of the inventory block, and what
 * they let in without need.
 *
 *   port.required-blocked  silence, and every group that may be in the way
 *                          denies the connection (blocked.h).  Groups drop;
 *                          a refusal has another author.
 *   nsg.too-wide           the whole internet may come in at a port that only
 *                          one party needs, or nobody
 *
 * An endpoint that is silent as a whole has more than one story.  A rule is
 * its story only if it denies every port that was tried there.
 */
#include "verdict/blocked.h"

/* --- port.required-blocked ------------------------------------------------ */

static bool timed_out(const struct ev_conn *c)
{
	return ev_ran(c->tcp) && c->tcp->status == DIAG_ST_TIMEOUT;
}

static bool denies_all(struct judge *j, const struct path *p)
{
	for (size_t i = 0; i < p->a->n_conns; i++) {
		struct path one = *p;

		one.c = &p->a->conns[i];
		if (timed_out(one.c) &&
		    blocked_of(j, &one).result != DIAG_FLOW_DENIED)
			return false;
	}
	return true;
}

bool blocked_denies(struct judge *j, const struct path *p, struct blocked *b)
{
	*b = blocked_of(j, p);
	return b->result == DIAG_FLOW_DENIED &&
	       (!p->c || !path_is_silent(p->a) || denies_all(j, p));
}

const char *blocked_subject(struct judge *j, const struct path *p,
			    const struct blocked *b)
{
	return judge_text(j, "%s (%s, %s)", path_subject(j, p), b->group->name,
			  b->rule->name);
}

static const char *caveat(const struct path *p, const struct blocked *b)
{
	if (b->dir == DIAG_OUT || b->policies == DIAG_POLICIES_ON ||
	    p->t->t->service == DIAG_SVC_COMPUTE_NODE)
		return "";
	return "  On a private endpoint's subnet a group counts only where "
	       "network policies for private endpoints are enabled.";
}

void blocked_tell(struct judge *j, const struct path *p,
		  const struct blocked *b)
{
	struct draft *d = path_draft(j, "port.required-blocked",
				     blocked_subject(j, p, b), p, path_fact(p));

	draft_detail(j, d, "Nothing answers on %s, and %s denies it%s.%s",
		     path_subject(j, p), blocked_by(j, b),
		     b->dir == DIAG_OUT ? " on the way out of this machine"
					: "",
		     caveat(p, b));
	draft_proof(j, d, path_fact(p), "%s for %s: %s", path_text(j, p),
		    path_name(p->t), path_silence(j, p));
	if (!d->repair)
		d->repair = blocked_repair(j, b, p);
}

static void run_blocked(struct judge *j)
{
	if (!blocked_groups(j))
		return;
	for (struct path p = { 0 }; path_next(j, &p);) {
		struct blocked b;

		if (timed_out(p.c) && blocked_denies(j, &p, &b))
			blocked_tell(j, &p, &b);
	}
}

/* --- nsg.too-wide --------------------------------------------------------- */

/* What the whole internet has no business with. */
static const struct wide {
	uint16_t port, last;
	const char *source; /* who may come in */
} table[] = {
	{ 22, 22, "YOUR-ADDRESSES" },
	{ 3389, 3389, "YOUR-ADDRESSES" },
	{ 445, 445, "VirtualNetwork" },
	{ 44224, 44224, "AzureMachineLearning" },
	{ 29876, 29877, "BatchNodeManagement" },
};

/* A rule for more ports has to become two first. */
static bool is_only(const struct diag_nsg_rule *r, const struct wide *w)
{
	return r->n_to_ports == 1 && r->to_ports[0].first >= w->port &&
	       r->to_ports[0].last <= w->last;
}

static void look_wide(struct judge *j, const struct diag_nsg *g,
		      const struct wide *w)
{
	struct diag_flow flow = {
		.dir = DIAG_IN,
		.proto = DIAG_TCP,
		.peer = { .kind = DIAG_PEER_TAG,
			  .tag = "Internet",
			  .region = "",
			  .text = "Internet" },
		.self = { .kind = DIAG_PEER_ANY,
			  .tag = "",
			  .region = "",
			  .text = "*" },
		.port = w->port,
		.port_last = w->last,
		.why = "",
	};
	struct blocked b = blocked_alone(j, g, &flow);
	struct draft *d;

	if (b.result != DIAG_FLOW_ALLOWED || !b.rule)
		return;
	d = judge_find(j, "nsg.too-wide", DIAG_WARNING, g->name);
	draft_detail(j, d,
		     "The network security group %s lets the whole internet "
		     "in where that is not needed.",
		     g->name);
	draft_proof(j, d, NULL,
		    "port %u: %s lets in the Internet; %s is enough",
		    (unsigned)w->port, blocked_by(j, &b), w->source);
	if (!d->repair && is_only(b.rule, w))
		d->repair = blocked_narrow(j, &b, w->source);
}

static void run_wide(struct judge *j)
{
	const struct diag_nsg_list *groups = blocked_groups(j);

	if (j->nsgs_bad)
		draft_detail(j,
			     judge_find(j, "port.not-provable-from-here",
					DIAG_INFO, "nsgs"),
			     "The network security groups of the inventory "
			     "cannot be read, so nothing is said of them: %s",
			     j->nsgs_bad);
	for (size_t i = 0; groups && i < groups->n; i++)
		for (size_t k = 0; k < sizeof(table) / sizeof(*table); k++)
			look_wide(j, &groups->items[i], &table[k]);
}

const struct diag_rule rules_nsg[] = {
	{ .code = "port.required-blocked", .run = run_blocked },
	{ .code = "nsg.too-wide", .run = run_wide },
	{ .code = NULL },
};
