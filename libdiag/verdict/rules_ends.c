/* SPDX-License-Identifier: MIT */
/* rules_ends - a port tried from one machine and watched on another.
 *
 * A client sees silence, and silence has three owners.  With what pl-listen
 * saw at the other end they are told apart:
 *
 *	no SYN came to the machine	a network security group, a route, or a
 *					firewall on the way
 *	it came and was not answered	the machine's own firewall
 *	it came and was answered	the way back
 *
 * What else would look the same, and is asked for:
 *
 * - the watcher watched another machine: its interfaces must have the address;
 * - it did not watch at that time: its time must cover the try by both clocks,
 *   with SLACK_MS on each side;
 * - it could not see all: only a capture sees what a firewall drops, and one
 *   that gave up counting proves nothing;
 * - it saw somebody else's SYN: one that comes from the client's own address
 *   is the client's.  Behind NAT only the time tells, and then all that came
 *   at that time must have met the same end.
 *
 * An open port at which pl-listen accepted nobody was opened by somebody else.
 */
#include "verdict/blocked.h"

#include <string.h>

#define SLACK_MS 500.0

/* One machine that watched the port of one connection. */
struct watch {
	const struct ev_origin *o;
	const struct diag_fact *socket, *capture; /* status listened, or NULL */
};

/* What came there, that may be the connection's. */
struct arrived {
	const struct diag_fact *first; /* NULL: nothing */
	size_t n;
	bool ours;  /* it surely is */
	bool mixed; /* they met different ends */
};

static bool is_seen_by(const struct diag_fact *f, const char *who)
{
	return f->arrival.seen_by && strcmp(f->arrival.seen_by, who) == 0;
}

/* --- clocks --------------------------------------------------------------- */

static double at_ms(const struct ev_origin *o, double ms)
{
	return (double)o->o->started_s * 1000.0 + o->o->started_part_ms + ms;
}

static bool covers(const struct ev_origin *there, const struct diag_fact *watch,
		   const struct ev_origin *here, const struct diag_fact *f)
{
	double from = at_ms(there, watch->started_ms);
	double to = from + watch->took_ms;
	double began = at_ms(here, f->started_ms);

	return from + SLACK_MS <= began && began + f->took_ms + SLACK_MS <= to;
}

static bool in_time(const struct ev_origin *there, const struct diag_fact *a,
		    const struct ev_origin *here, const struct diag_fact *f)
{
	double came = at_ms(there, a->started_ms);
	double began = at_ms(here, f->started_ms);

	return came + SLACK_MS >= began &&
	       came <= began + f->took_ms + SLACK_MS;
}

/* --- who watched ---------------------------------------------------------- */

static bool owns(const struct ev_origin *o, const struct diag_addr *a)
{
	const struct diag_machine *m = o->machine;

	for (size_t i = 0; m && i < m->n_interfaces; i++)
		for (size_t k = 0; k < m->interfaces[i].n_addresses; k++)
			if (diag_addr_eq(&m->interfaces[i].addresses[k], a))
				return true;
	return false;
}

static bool is_any(const struct diag_addr *a)
{
	static const uint8_t none[16];

	return memcmp(a->bytes, none, sizeof(none)) == 0;
}

/* Bound to this address, or to all of its kind; a capture says none. */
static bool is_at(const struct diag_fact *f, const struct diag_addr *a)
{
	const struct diag_addr *bound = &f->arrival.address;

	return bound->family == DIAG_NOFAM || diag_addr_eq(bound, a) ||
	       (bound->family == a->family && is_any(bound));
}

static void look_at(struct watch *w, const struct ev_origin *o,
		    const struct path *p)
{
	*w = (struct watch){ .o = o };
	for (size_t i = 0; i < o->n_others; i++) {
		const struct diag_fact *f = o->others[i];

		if (f->kind != DIAG_FACT_ARRIVAL ||
		    f->status != DIAG_ST_LISTENED ||
		    f->arrival.port != p->c->port || f->arrival.dropped > 0 ||
		    !is_at(f, &p->a->addr) ||
		    !covers(o, f, p->t->origin, p->c->tcp))
			continue;
		if (is_seen_by(f, "capture"))
			w->capture = f;
		else
			w->socket = f;
	}
}

static bool find_watch(const struct judge *j, const struct path *p,
		       struct watch *w)
{
	for (size_t i = 0; i < j->ev->n_origins; i++) {
		const struct ev_origin *o = &j->ev->origins[i];

		if (o == p->t->origin || o->n_others == 0 ||
		    !owns(o, &p->a->addr))
			continue;
		look_at(w, o, p);
		if (w->socket || w->capture)
			return true;
	}
	return false;
}

/* --- what came ------------------------------------------------------------ */

/* Fewer facts than it counted: the rest was too young, or too many. */
static bool saw_all(const struct watch *w)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->o->n_others; i++) {
		const struct diag_fact *f = w->o->others[i];

		n += f->kind == DIAG_FACT_ARRIVAL &&
		     f->status == DIAG_ST_SEEN &&
		     f->arrival.port == w->capture->arrival.port;
	}
	return n >= w->capture->arrival.came;
}

static bool same_end(const struct diag_fact *a, const struct diag_fact *b)
{
	const char *x = a->arrival.answered, *y = b->arrival.answered;

	return x == y || (x && y && strcmp(x, y) == 0);
}

static void take(struct arrived *a, const struct diag_fact *f, bool ours)
{
	if (ours && !a->ours)
		*a = (struct arrived){ .ours = true };
	else if (!ours && a->ours)
		return;
	if (a->first)
		a->mixed |= !same_end(a->first, f);
	else
		a->first = f;
	a->n++;
}

static bool is_kind(const struct diag_fact *f, const struct path *p,
		    enum diag_status status)
{
	return f->kind == DIAG_FACT_ARRIVAL && f->status == status &&
	       f->arrival.port == p->c->port &&
	       (f->arrival.address.family == DIAG_NOFAM ||
		diag_addr_eq(&f->arrival.address, &p->a->addr));
}

/* Of the client's own addresses whenever it was (clocks differ), else of that
 * time. */
static struct arrived arrived_of(const struct watch *w, const struct path *p,
				 enum diag_status status)
{
	const struct ev_origin *here = p->t->origin;
	struct arrived a = { .first = NULL };

	for (size_t i = 0; i < w->o->n_others; i++) {
		const struct diag_fact *f = w->o->others[i];
		bool own = is_kind(f, p, status) &&
			   (owns(here, &f->arrival.from) ||
			    diag_addr_eq(&f->arrival.from,
					 &p->c->tcp->tcp.local_address));

		if (own || (is_kind(f, p, status) &&
			    in_time(w->o, f, here, p->c->tcp)))
			take(&a, f, own);
	}
	return a;
}

static bool was_accepted(const struct watch *w, const struct path *p)
{
	const char *nonce = p->c->tcp->tcp.nonce;

	for (size_t i = 0; nonce && i < w->o->n_others; i++) {
		const struct diag_fact *f = w->o->others[i];

		if (f->kind == DIAG_FACT_ARRIVAL && f->arrival.nonce &&
		    strcmp(f->arrival.nonce, nonce) == 0)
			return true;
	}
	return arrived_of(w, p, DIAG_ST_ACCEPTED).first != NULL;
}

/* --- what is told --------------------------------------------------------- */

static const char *host_of(struct judge *j, const struct watch *w)
{
	const char *name =
	    w->o->o->host && w->o->o->host[0] ? w->o->o->host : w->o->o->name;

	return judge_text(j, "%s", name[0] ? name : "the other end");
}

static struct draft *end_draft(struct judge *j, const char *code,
			       const struct path *p)
{
	struct draft *d =
	    judge_find(j, code, judge_cap(p->t, DIAG_ERROR), path_text(j, p));

	draft_target(j, d, p->t);
	return d;
}

static void prove_client(struct judge *j, struct draft *d, const struct path *p)
{
	if (p->c->tcp->status == DIAG_ST_TIMEOUT)
		draft_proof(j, d, p->c->tcp, "%s: no answer to SYN in %.1f s",
			    path_text(j, p), p->c->tcp->took_ms / 1000.0);
	else
		draft_proof(j, d, p->c->tcp, "%s: %s after %.0f ms",
			    path_text(j, p), diag_status_key(p->c->tcp->status),
			    p->c->tcp->took_ms);
}

static void prove_rules(struct judge *j, struct draft *d, const struct path *p)
{
	struct blocked b = blocked_of(j, p);

	if (b.result == DIAG_FLOW_ALLOWED && b.rule)
		draft_proof(j, d, NULL,
			    "network security groups allow it, by %s: look at "
			    "routes and firewalls on the way",
			    blocked_by(j, &b));
	else if (b.result == DIAG_FLOW_DENIED && b.rule)
		draft_proof(j, d, NULL, "%s denies it", blocked_by(j, &b));
}

static void never_arrived(struct judge *j, const struct path *p,
			  const struct watch *w)
{
	struct draft *d = end_draft(j, "port.never-arrived", p);

	draft_detail(j, d,
		     "No connection to %s arrived at %s while it was tried: "
		     "it is lost on the way, by a network security group, a "
		     "route or a firewall between the two.",
		     path_text(j, p), host_of(j, w));
	prove_client(j, d, p);
	draft_proof(j, d, w->capture,
		    "%s saw no SYN to port %u, before its own firewall",
		    host_of(j, w), (unsigned)p->c->port);
	prove_rules(j, d, p);
}

static void dropped_there(struct judge *j, const struct path *p,
			  const struct watch *w, const struct diag_fact *came)
{
	struct draft *d = end_draft(j, "port.dropped-by-host", p);
	bool rejects = came->arrival.answered != NULL;

	draft_detail(j, d,
		     "The connection to %s arrives at %s, and that machine's "
		     "own firewall %s it.",
		     path_text(j, p), host_of(j, w),
		     rejects ? "rejects" : "drops");
	prove_client(j, d, p);
	draft_proof(j, d, came, "%s saw its SYN from %s, %s", host_of(j, w),
		    judge_addr(j, &came->arrival.from),
		    rejects ? "and answered with a reset although pl-listen "
			      "listened"
			    : "and sent nothing back");
}

static void answer_lost(struct judge *j, const struct path *p,
			const struct watch *w, const struct diag_fact *came)
{
	struct draft *d = end_draft(j, "port.answer-lost", p);

	draft_detail(j, d,
		     "The connection to %s arrives at %s and is answered, and "
		     "the answer does not come back: the way back is another "
		     "one, or something on it drops the answer.",
		     path_text(j, p), host_of(j, w));
	prove_client(j, d, p);
	draft_proof(j, d, came, "%s saw its SYN from %s and sent %s",
		    host_of(j, w), judge_addr(j, &came->arrival.from),
		    strcmp(came->arrival.answered, "rst") == 0
			? "a reset back"
			: "SYN-ACK back");
}

static void silent(struct judge *j, const struct path *p, const struct watch *w)
{
	struct arrived a;

	if (!w->capture || !saw_all(w))
		return;
	a = arrived_of(w, p, DIAG_ST_SEEN);
	if (a.mixed)
		return;
	if (!a.first)
		never_arrived(j, p, w);
	else if (!a.first->arrival.answered)
		dropped_there(j, p, w, a.first);
	else
		answer_lost(j, p, w, a.first);
}

/* --- somebody else answers ------------------------------------------------ */

static void answered_by_other(struct judge *j, const struct path *p,
			      const struct watch *w)
{
	bool refused = p->c->tcp->status == DIAG_ST_REFUSED;
	struct draft *d = end_draft(j, "tcp.answered-by-other", p);

	draft_detail(j, d,
		     "%s in the name of %s: a proxy, a load balancer or a "
		     "firewall on the way.",
		     refused ? "Something refuses connections"
			     : "Somebody else takes connections",
		     path_text(j, p));
	prove_client(j, d, p);
	draft_proof(j, d, w->capture ? w->capture : w->socket,
		    "%s listened on port %u, and nothing of it arrived",
		    host_of(j, w), (unsigned)p->c->port);
}

static void refused(struct judge *j, const struct path *p,
		    const struct watch *w)
{
	struct arrived a;

	if (!w->capture || !saw_all(w))
		return;
	a = arrived_of(w, p, DIAG_ST_SEEN);
	if (!a.first)
		answered_by_other(j, p, w);
	else if (!a.mixed && w->socket && a.first->arrival.answered &&
		 strcmp(a.first->arrival.answered, "rst") == 0)
		dropped_there(j, p, w, a.first);
}

static bool is_met(const struct diag_fact *f)
{
	return f->tcp.peer && strcmp(f->tcp.peer, "met") == 0;
}

static void opened(struct judge *j, const struct path *p, const struct watch *w)
{
	if (is_met(p->c->tcp) || !w->socket || was_accepted(w, p))
		return;
	if (w->capture && arrived_of(w, p, DIAG_ST_SEEN).first)
		return; /* it came; why pl-listen has it not is not known */
	answered_by_other(j, p, w);
}

/* From one end only: the answer is not pl-listen's. */
static void met_other(struct judge *j, const struct path *p)
{
	const char *peer = p->c->tcp->tcp.peer;
	struct draft *d;

	if (!peer || strcmp(peer, "other") != 0)
		return;
	d = end_draft(j, "tcp.answered-by-other", p);
	draft_detail(j, d,
		     "%s opens, and what answers there is not the pl-listen "
		     "that should: something on the way takes the connection, "
		     "or another program has the port.",
		     path_text(j, p));
	draft_proof(j, d, p->c->tcp, "%s: the number sent did not come back",
		    path_text(j, p));
}

static void judge_one(struct judge *j, const struct path *p)
{
	struct watch w;

	if (!find_watch(j, p, &w)) {
		met_other(j, p);
		return;
	}
	switch (p->c->tcp->status) {
	case DIAG_ST_TIMEOUT:
		silent(j, p, &w);
		break;
	case DIAG_ST_REFUSED:
		refused(j, p, &w);
		break;
	case DIAG_ST_OPEN:
	case DIAG_ST_RESET:
		opened(j, p, &w);
		break;
	default:
		break;
	}
}

static void run_ends(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);)
		if (ev_ran(p.c->tcp))
			judge_one(j, &p);
}

const struct diag_rule rules_ends[] = {
	{ .code = "port.never-arrived", .run = run_ends },
	{ .code = NULL },
};
