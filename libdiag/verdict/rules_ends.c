/* SPDX-License-Identifier: MIT */
/* rules_ends - a port tried from one machine and watched on another (ends.h).
 *
 * A client sees silence, and silence has three owners.  With what pl-listen
 * saw at the other end they are told apart:
 *
 *	nothing came to the machine	the client's own firewall, a network
 *					security group, a route, or a firewall
 *					on the way
 *	it came and was not answered	the machine itself: its own firewall, no
 *					way back, a program that hangs
 *	it came and was answered	the way back
 *
 * A refusal has three too: what never arrived was refused by something on the
 * way; what arrived where a program listens (pl-listen does, or others were
 * answered before and after), by the machine's own firewall; and where none is
 * known to, by the firewall or because nobody does, which is the same to see.
 * No kernel refuses a SYN by ICMP: that is a firewall.
 *
 * An open port at which pl-listen accepted nobody was opened by somebody else.
 * And one where it accepted a client of which it heard no whole hello, although
 * one was said, loses what is said after the handshake.
 *
 * UDP has no handshake: a silent port is only known to be lost because the
 * datagram carries a number that pl-listen would answer.
 */
#include "verdict/ends.h"

#include <string.h>

/* What drops it, or sends an ICMP error, is not that nobody listens: kernels
 * answer each SYN, and never so; datagrams are for whom a program is known to
 * take them. */
static bool is_firewall(const struct path *p, const struct ends_watch *w,
			const struct ends_arrived *a)
{
	return p->c || w->socket || ends_others_answered(w, p, a);
}

static void silent(struct judge *j, const struct path *p,
		   const struct ends_watch *w)
{
	struct ends_arrived a;

	if (!w->capture || !ends_saw_all(w, p))
		return;
	a = ends_arrived(j, w, p, DIAG_ST_SEEN);
	if (!a.first) {
		ends_tell_never_arrived(j, p, w);
	} else if (!ends_is_known(&a)) {
		return; /* whose it was is not known */
	} else if (!a.first->arrival.answered) {
		if (is_firewall(p, w, &a))
			ends_tell_dropped(j, p, w, &a);
	} else if (ends_answered(a.first, "icmp") && is_firewall(p, w, &a)) {
		ends_tell_dropped(j, p, w, &a);
	} else {
		ends_tell_answer_lost(j, p, w, &a);
	}
}

/* What pl-listen itself answered needs no capture to be known. */
static void silent_datagram(struct judge *j, const struct path *p,
			    const struct ends_watch *w)
{
	struct ends_arrived a = ends_arrived(j, w, p, DIAG_ST_ACCEPTED);

	if (ends_is_known(&a) && a.ours && ends_answered(a.first, "reply"))
		ends_tell_answer_lost(j, p, w, &a);
	else
		silent(j, p, w);
}

/* --- somebody else answers ------------------------------------------------ */

static void refused(struct judge *j, const struct path *p,
		    const struct ends_watch *w)
{
	struct ends_arrived a;

	if (!w->capture || !ends_saw_all(w, p))
		return;
	a = ends_arrived(j, w, p, DIAG_ST_SEEN);
	if (!a.first)
		ends_tell_answered_by_other(j, p, w);
	else if (ends_is_known(&a) && ends_answered(a.first, "icmp") &&
		 is_firewall(p, w, &a))
		ends_tell_dropped(j, p, w, &a);
	else if (ends_is_known(&a) && a.first->arrival.answered &&
		 !ends_answered(a.first, "syn-ack"))
		(w->socket || ends_others_answered(w, p, &a)
		     ? ends_tell_dropped
		     : ends_tell_refused)(j, p, w, &a);
}

/* Whoever sent the ICMP error said who he is: only what the machine itself sent
 * is told here. */
static void unreachable(struct judge *j, const struct path *p,
			const struct ends_watch *w)
{
	struct ends_arrived a;

	if (!w->capture)
		return;
	a = ends_arrived(j, w, p, DIAG_ST_SEEN);
	if (ends_is_known(&a) && ends_answered(a.first, "icmp") &&
	    is_firewall(p, w, &a))
		ends_tell_dropped(j, p, w, &a);
}

static bool is_met(const struct diag_fact *f)
{
	const char *peer = f->kind == DIAG_FACT_TCP ? f->tcp.peer : f->udp.peer;

	return peer && strcmp(peer, "met") == 0;
}

static bool was_accepted(const struct judge *j, const struct ends_watch *w,
			 const struct path *p)
{
	const char *nonce = p->c ? p->c->tcp->tcp.nonce : p->udp->udp.nonce;

	for (size_t i = 0; nonce && i < w->o->n_others; i++) {
		const struct diag_fact *f = w->o->others[i];

		if (f->kind == DIAG_FACT_ARRIVAL && f->arrival.nonce &&
		    strcmp(f->arrival.nonce, nonce) == 0)
			return true;
	}
	return ends_arrived(j, w, p, DIAG_ST_ACCEPTED).first != NULL;
}

/* Nobody listened is nobody's fault; a capture that has all knows as well. */
static bool knows_all(const struct ends_watch *w, const struct path *p)
{
	return w->socket || (w->capture && ends_saw_all(w, p));
}

static void opened(struct judge *j, const struct path *p,
		   const struct ends_watch *w)
{
	if (is_met(path_fact(p)))
		return;
	/* What came to the node, and pl-listen has it not: why, is not known.
	 */
	if (!knows_all(w, p) || was_accepted(j, w, p) ||
	    (w->capture && ends_arrived(j, w, p, DIAG_ST_SEEN).first))
		ends_tell_met_other(j, p);
	else
		ends_tell_answered_by_other(j, p, w);
}

/* --- what is said after the handshake ------------------------------------- */

static bool is_unheard(const struct diag_fact *tls)
{
	return ev_ran(tls) && !tls->tls.server_hello && tls->tls.alert < 0 &&
	       (tls->status == DIAG_ST_CUT || tls->status == DIAG_ST_TIMEOUT);
}

static void spoken(struct judge *j, const struct path *p,
		   const struct ends_watch *w)
{
	const struct diag_fact *tls = p->c->tls, *large = p->c->large;
	struct ends_said s;

	if (is_unheard(tls)) {
		s = ends_said(w, p, p->c->tcp);
		if (s.n_lost > 0 && s.n_whole == 0)
			ends_tell_hello_lost(j, p, w, &s, tls);
	} else if (ev_ran(tls) && large && is_unheard(large)) {
		s = ends_said(w, p, large);
		if (s.n_lost > 0 && p->c->n_large_met == 0)
			ends_tell_hello_lost(j, p, w, &s, large);
	}
}

/* --- each try ------------------------------------------------------------- */

static void judge_one(struct judge *j, const struct path *p)
{
	struct ends_watch w;

	if (!ends_find(j, p, &w)) {
		ends_tell_met_other(j, p);
		if (p->c && w.o) /* what was heard needs no watch */
			spoken(j, p, &w);
		return;
	}
	switch (path_fact(p)->status) {
	case DIAG_ST_TIMEOUT:
		silent(j, p, &w);
		break;
	case DIAG_ST_SILENT:
		silent_datagram(j, p, &w);
		break;
	case DIAG_ST_REFUSED:
	case DIAG_ST_CLOSED:
		refused(j, p, &w);
		break;
	case DIAG_ST_UNREACHABLE:
		unreachable(j, p, &w);
		break;
	case DIAG_ST_OPEN:
	case DIAG_ST_RESET:
		opened(j, p, &w);
		spoken(j, p, &w);
		break;
	case DIAG_ST_REPLY:
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
	for (struct path p = { 0 }; path_next_udp(j, &p);)
		judge_one(j, &p);
}

/* --- silence that nobody explains ----------------------------------------- */

static bool is_told(struct judge *j, const struct path *p)
{
	const char *subject = path_text(j, p);

	for (size_t i = 0; i < j->n_drafts; i++)
		if (strcmp(j->drafts[i]->subject, subject) == 0)
			return true;
	return false;
}

static void run_unproven(struct judge *j)
{
	for (struct path p = { 0 }; path_next_udp(j, &p);) {
		struct diag_port port = { .port = path_port(&p),
					  .proto = DIAG_UDP };

		if (p.udp->status == DIAG_ST_SILENT && !is_told(j, &p))
			path_not_provable(j, p.t, &port);
	}
}

const struct diag_rule rules_ends[] = {
	{ .code = "port.never-arrived", .run = run_ends },
	{ .code = "port.not-provable-from-here", .run = run_unproven },
	{ .code = NULL },
};
