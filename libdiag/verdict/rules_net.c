/* SPDX-License-Identifier: MIT */
/* rules_net - the kernel or a router says that there is no way.
 *
 *   no-route     first of all: a machine that is offline, with no address that
 *                leads anywhere.  Its name servers cannot be blamed then.
 *   no-route     the kernel has no way at all
 *   unreachable  an ICMP error, with its sender; or this machine itself, when
 *                nobody on the link answers or a filter of its own refuses
 */
#include "verdict/path.h"
#include "verdict/relations.h"

#include <errno.h>

static const struct diag_icmp_seen *icmp_of(const struct path *p)
{
	return p->c ? &p->c->tcp->tcp.icmp : &p->udp->udp.icmp;
}

static bool has_no_route(const struct path *p)
{
	if (p->a->route && p->a->route->status == DIAG_ST_NONE)
		return true;
	return !p->a->route && !icmp_of(p)->seen &&
	       path_fact(p)->sys_errno == ENETUNREACH;
}

static void no_route(struct judge *j, const struct path *p)
{
	struct draft *d;

	/* Programs skip what they have no route to (RFC 6724, rule 1). */
	if (path_severity(p) != DIAG_ERROR)
		return;
	d = path_draft(j, "net.no-route", NULL, p, path_fact(p));
	draft_detail(j, d,
		     "This machine has no route to %s: no interface and no "
		     "gateway leads there.",
		     judge_addr(j, &p->a->addr));
	draft_proof(j, d, p->a->route ? p->a->route : path_fact(p),
		    "no route to %s", judge_addr(j, &p->a->addr));
}

static void say_own(struct judge *j, struct draft *d, const struct path *p)
{
	const struct diag_fact *f = path_fact(p);

	if (f->sys_errno == EACCES || f->sys_errno == EPERM)
		draft_detail(j, d,
			     "A filter or a rule of this machine itself "
			     "refuses the connection (%s).",
			     f->error ? f->error : "not permitted");
	else if (p->a->route && p->a->route->status == DIAG_ST_OK &&
		 p->a->route->route.on_link)
		draft_detail(
		    j, d,
		    "Nobody on the local link of %s has the address "
		    "%s (%s).",
		    p->a->route->route.interface ? p->a->route->route.interface : "this machine",
		    judge_addr(j, &p->a->addr),
		    f->error ? f->error : "no answer");
	else
		draft_detail(j, d,
			     "The address cannot be reached, says this "
			     "machine (%s): the next router does not answer.",
			     f->error ? f->error : "no answer");
}

static void say_icmp(struct judge *j, struct draft *d, const char *from,
		     const struct diag_icmp_seen *i)
{
	bool prohibited =
	    i->from.family == DIAG_IPV6
		? i->type == 1 && i->code == 1
		: i->type == 3 &&
		      (i->code == 9 || i->code == 10 || i->code == 13);

	if (prohibited)
		draft_detail(j, d,
			     "%s says that a filter prohibits this "
			     "connection (ICMP type %d, code %d).",
			     from, i->type, i->code);
	else
		draft_detail(j, d,
			     "%s says that the address or port cannot be "
			     "reached (ICMP type %d, code %d).",
			     from, i->type, i->code);
}

static void unreachable(struct judge *j, const struct path *p)
{
	const struct diag_icmp_seen *i = icmp_of(p);
	bool told = i->seen && i->from.family != DIAG_NOFAM &&
		    !diag_addr_eq(&i->from, path_local(p));
	const char *from = told ? judge_addr(j, &i->from) : "this machine";
	struct draft *d =
	    path_draft(j, "net.unreachable", from, p, path_fact(p));

	if (told)
		say_icmp(j, d, from, i);
	else
		say_own(j, d, p);
	draft_proof(j, d, path_fact(p), "%s: unreachable, told by %s",
		    path_text(j, p), from);
}

static void look_at(struct judge *j, const struct path *p)
{
	if (!ev_ran(path_fact(p)) ||
	    path_fact(p)->status != DIAG_ST_UNREACHABLE)
		return;
	if (has_no_route(p))
		no_route(j, p);
	else
		unreachable(j, p);
}

static void run_unreachable(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);)
		look_at(j, &p);
	for (struct path p = { 0 }; path_next_udp(j, &p);)
		look_at(j, &p);
}

/* --- offline -------------------------------------------------------------- */

/* A stub on this very machine may still answer. */
static bool heard_anybody(const struct ev_origin *o)
{
	for (size_t i = 0; i < o->n_views; i++)
		if (!o->views[i].system && !o->views[i].stub &&
		    o->views[i].n_replies > 0)
			return true;
	for (size_t i = 0; i < o->n_targets; i++)
		if (o->targets[i].path_open)
			return true;
	return false;
}

static bool is_offline(const struct ev_origin *o)
{
	return o->machine && !o->has_ipv4 && !o->has_ipv6 && !heard_anybody(o);
}

static void offline_target(struct judge *j, struct draft *d,
			   struct ev_target *t)
{
	draft_target(j, d, t);
	for (size_t i = 0; i < t->n_addrs; i++) {
		struct ev_addr *a = &t->addrs[i];

		a->told = true;
		if (a->n_conns > 0)
			draft_fact(j, d, a->conns[0].tcp);
	}
}

static void run_offline(struct judge *j)
{
	struct draft *d;

	for (struct ev_target *t = judge_first(j); t; t = judge_next(j, t)) {
		if (!is_offline(t->origin))
			continue;
		d = judge_find(j, "net.no-route", DIAG_ERROR, CAUSE_OFFLINE);
		draft_detail(j, d,
			     "This machine is offline: none of its interfaces "
			     "is up with an address that leads anywhere.");
		offline_target(j, d, t);
	}
}

const struct diag_rule rules_net[] = {
	{ .code = "net.no-route", .run = run_offline },
	{ .code = "net.no-route", .run = run_unreachable },
	{ .code = NULL },
};
