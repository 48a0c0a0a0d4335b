/* SPDX-License-Identifier: MIT */
/* rules_mtu - packets that are larger than the way takes, and nobody says so.
 *
 * Two kinds of proof, and each is enough:
 *
 *   the way there  probes/mtu.c saw packets of one size acknowledged and those
 *                  of a larger one never, and as many bytes in small packets
 *                  pass
 *   the way back   a handshake in small packets is answered, and before and
 *                  after it the usual one is met with silence.  A peer that is
 *                  slow or busy, and a way that loses now and then, would have
 *                  answered the second time; a filter for the name was told the
 *                  same name
 *
 * A smaller MTU of which this machine was told is no fault: TCP obeys it.
 */
#include "verdict/path.h"

#include <string.h>

#define SAFE_MTU 1280u /* what every link of IPv6 takes: RFC 8200, 5 */

bool path_is_about_size(const struct ev_conn *c)
{
	return c->small && c->n_usual_lost >= 2 && c->n_usual_met == 0;
}

/* Silence; what is cut off at once was cut by somebody. */
static bool is_back(const struct ev_conn *c)
{
	return path_is_about_size(c) && ev_ran(c->tls) &&
	       c->tls->status == DIAG_ST_TIMEOUT;
}

static const struct diag_fact *hole_of(const struct path *p)
{
	const struct diag_fact *f = p->a->mtu;

	return ev_ran(f) && f->status == DIAG_ST_BLACK_HOLE ? f : NULL;
}

/* Which interface is to send less, and how much it sends now; 0: unknown. */
static const char *interface_of(const struct path *p, unsigned *mtu)
{
	const struct diag_fact *f = p->a->mtu;
	const struct diag_interface *i = ev_interface_to(p->t->origin, p->a);

	*mtu = i ? i->mtu : 0;
	if (f && f->mtu.interface) {
		*mtu = f->mtu.interface_mtu;
		return f->mtu.interface;
	}
	if (p->a->route && p->a->route->route.interface)
		return p->a->route->route.interface;
	return i ? i->name : NULL;
}

static const char *command(struct judge *j, const struct path *p,
			   const char *interface, unsigned mtu)
{
	const struct diag_machine *m = p->t->origin->machine;
	const char *platform = m && m->platform ? m->platform : "linux";

	if (strcmp(platform, "windows") == 0)
		return judge_text(j,
				  "netsh interface ipv4 set subinterface "
				  "\"%s\" mtu=%u store=active",
				  interface, mtu);
	if (strcmp(platform, "darwin") == 0)
		return judge_text(j, "sudo ifconfig %s mtu %u",
				  judge_word(j, interface), mtu);
	return judge_text(j, "sudo ip link set dev %s mtu %u",
			  judge_word(j, interface), mtu);
}

static void say_there(struct judge *j, struct draft *d,
		      const struct diag_fact *f, const char *now)
{
	const struct diag_mtu_fact *m = &f->mtu;

	draft_detail(j, d,
		     "Packets of more than %u bytes vanish on the way, and no "
		     "router says so%s: what is smaller passes, so ports open, "
		     "and then a connection hangs.",
		     m->mtu, now);
	draft_proof(j, d, f,
		    "%s: packets of %u bytes pass (%s), those of %u never, "
		    "sent %u times",
		    judge_addr(j, &m->address), m->mtu,
		    m->how && strcmp(m->how, DIAG_MTU_UDP) == 0
			? "the address answers them"
			: "they are acknowledged",
		    m->lost, m->resends + 1);
}

static void say_back(struct judge *j, struct draft *d, const struct path *p,
		     const char *now)
{
	const struct diag_fact *small = p->c->small;

	draft_detail(j, d,
		     "Large packets from there vanish on the way to this "
		     "machine, and no router says so%s: what is smaller "
		     "passes, so ports open, and then a connection hangs.",
		     now);
	draft_proof(j, d, small,
		    "%s: in packets of at most %u bytes the handshake is whole "
		    "after %.0f ms",
		    path_text(j, p), small->tls.packet_max, small->took_ms);
	draft_proof(j, d, p->c->again ? p->c->again : p->c->tls,
		    "%s: in usual packets there is no answer, before and after "
		    "that",
		    path_text(j, p));
}

/* The smallest that any way through this interface was found to take. */
static unsigned safe_mtu(const struct judge *j, const char *interface)
{
	unsigned least = 0, has;

	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct diag_fact *f = hole_of(&p);
		const char *of = interface_of(&p, &has);

		if (f && f->mtu.mtu && of && strcmp(of, interface) == 0 &&
		    (least == 0 || f->mtu.mtu < least))
			least = f->mtu.mtu;
	}
	return least ? least : SAFE_MTU;
}

static bool is_broken(const struct ev_conn *c)
{
	return ev_ran(c->tls) && (c->tls->status == DIAG_ST_TIMEOUT ||
				  c->tls->status == DIAG_ST_CUT);
}

/* Some connection to the address is: that one tells it. */
static bool is_told_by_other(const struct path *p)
{
	for (size_t i = 0; i < p->a->n_conns; i++)
		if (is_broken(&p->a->conns[i]))
			return !is_broken(p->c);
	return false;
}

static void black_hole(struct judge *j, const struct path *p)
{
	const struct diag_fact *f = hole_of(p);
	unsigned has;
	const char *interface = interface_of(p, &has);
	const char *now = has ? judge_text(j, " (%s sends up to %u)",
					   interface ? interface : "it", has)
			      : "";
	struct draft *d = judge_find(
	    j, "net.mtu-black-hole",
	    is_broken(p->c) ? path_severity(p) : DIAG_WARNING, interface);

	draft_target(j, d, p->t);
	if (f)
		say_there(j, d, f, now);
	if (is_back(p->c))
		say_back(j, d, p, now);
	if (interface && !d->repair)
		d->repair = command(j, p, interface, safe_mtu(j, interface));
}

static void run(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);)
		if ((hole_of(&p) && !is_told_by_other(&p)) || is_back(p.c))
			black_hole(j, &p);
}

const struct diag_rule rules_mtu[] = {
	{ .code = "net.mtu-black-hole", .run = run },
	{ .code = NULL },
};
