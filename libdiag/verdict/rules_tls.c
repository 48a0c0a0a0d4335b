/* SPDX-License-Identifier: MIT */
/* rules_tls - handshakes that were never whole.
 *
 *   cut        closed or reset after ClientHello; a reset at accept that came
 *              as a tcp fact is the same event (which of the two is a race)
 *   no-answer  silence; whether ServerHello came tells a path that loses large
 *              packets from one that never answers
 *   failed     an alert, or bytes that are not TLS
 *   large-hello-cut  a usual hello is answered, and none that is larger than
 *              one packet: tried twice, because one may be lost by chance.  Or
 *              the usual one is that large itself, and a small one is answered
 */
#include "verdict/ends.h"

static bool was_cut(const struct path *p)
{
	if (ev_ran(p->c->tls))
		return p->c->tls->status == DIAG_ST_CUT;
	return path_is_tls(p->t, p->c->port) && ev_ran(p->c->tcp) &&
	       p->c->tcp->status == DIAG_ST_RESET;
}

/* The usual hello of newer libraries is larger than a packet (its keys are). */
#define ONE_PACKET 1200u

static bool is_cut_by_size(const struct ev_conn *c)
{
	return path_is_about_size(c) && ev_ran(c->tls) &&
	       c->tls->status == DIAG_ST_CUT && c->again &&
	       c->again->tls.hello_bytes > ONE_PACKET;
}

/* What asking once more has shown. */
static void say_again(struct judge *j, struct draft *d, const struct path *p)
{
	const struct ev_conn *c = p->c;

	if (c->n_usual_met > 0)
		draft_proof(j, d, c->again,
			    "%s: the same hello was answered a moment later: "
			    "it comes and goes",
			    path_text(j, p));
	else if (c->small_lost && !c->small)
		draft_proof(j, d, c->small_lost,
			    "%s: nor in packets of at most %u bytes: it is not "
			    "their size",
			    path_text(j, p), c->small_lost->tls.packet_max);
}

static const char *hello(const struct diag_fact *f)
{
	if (f->kind != DIAG_FACT_TLS)
		return "as soon as it was open";
	return f->tls.server_hello ? "after ServerHello"
				   : "before any ServerHello";
}

static void run_cut(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct diag_fact *f = p.c->tls ? p.c->tls : p.c->tcp;
		struct draft *d;

		if (!was_cut(&p) || is_cut_by_size(p.c))
			continue;
		d = path_draft(j, "tls.cut", NULL, &p, f);
		draft_detail(j, d,
			     "The connection opens and is closed or reset as "
			     "soon as the client says which name it wants: a "
			     "firewall that filters by SNI or application "
			     "rule, or a server that does not know the name.");
		draft_proof(j, d, f, "%s for %s: %s, %s", path_text(j, &p),
			    path_name(p.t), f->error ? f->error : "closed",
			    hello(f));
		say_again(j, d, &p);
	}
}

static void run_no_answer(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct diag_fact *f = p.c->tls;
		struct draft *d;

		if (!ev_ran(f) || f->status != DIAG_ST_TIMEOUT)
			continue;
		d = path_draft(j, "tls.no-answer", NULL, &p, f);
		draft_detail(j, d,
			     f->tls.server_hello
				 ? "TCP opens and TLS begins, and then nothing "
				   "more comes: a middlebox holds it, or "
				   "large packets are lost, where the path's "
				   "MTU is smaller than both ends believe."
				 : "TCP opens, but no ServerHello comes back: "
				   "large packets are lost on the path (MTU), "
				   "or a middlebox holds the handshake.");
		draft_proof(j, d, f, "%s: %llu bytes came back, %s",
			    path_text(j, &p),
			    (unsigned long long)f->tls.bytes_in,
			    f->tls.server_hello ? "ServerHello among them"
						: "no ServerHello");
		say_again(j, d, &p);
	}
}

#define ALERT_HANDSHAKE_FAILURE 40  /* RFC 8446, 6.2 */
#define ALERT_UNRECOGNIZED_NAME 112 /* RFC 6066, 3 */

/* It is pl-listen at the other end that said so: it heard the hello, and that
 * is all it is there for. */
static bool is_listeners(struct judge *j, const struct path *p)
{
	struct ends_watch w;

	if (p->c->tls->tls.alert != ALERT_HANDSHAKE_FAILURE ||
	    !ev_ran(p->c->tcp))
		return false;
	(void)ends_find(j, p, &w);
	return w.o && ends_said(&w, p, p->c->tcp).n_whole > 0;
}

static void run_failed(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct diag_fact *f = p.c->tls;
		const char *at;
		struct draft *d;

		if (!ev_ran(f) || f->status != DIAG_ST_FAILED ||
		    is_listeners(j, &p))
			continue;
		at = path_text(j, &p);
		d = path_draft(j, "tls.failed", at, &p, f);
		if (f->tls.alert >= 0)
			draft_detail(j, d,
				     "The server at %s ended the handshake "
				     "with alert %d%s.",
				     at, f->tls.alert,
				     f->tls.alert == ALERT_UNRECOGNIZED_NAME
					 ? ": it does not know the name"
					 : "");
		else
			draft_detail(j, d, "What answers at %s is not TLS: %s.",
				     at, f->error ? f->error : "unknown bytes");
		draft_proof(j, d, f, "%s: %s", at,
			    f->error ? f->error : "handshake failed");
	}
}

static bool is_whole(const struct diag_fact *f)
{
	return ev_ran(f) && f->status != DIAG_ST_CUT &&
	       f->status != DIAG_ST_TIMEOUT && f->status != DIAG_ST_FAILED;
}

static bool loses_large(const struct ev_conn *c)
{
	return is_whole(c->tls) && c->n_large_lost >= 2 && c->n_large_met == 0;
}

static void say_large(struct judge *j, struct draft *d, const struct path *p,
		      const struct diag_fact *lost,
		      const struct diag_fact *answered)
{
	draft_detail(j, d,
		     "A hello that fits into one packet is answered, "
		     "a larger one is %s: browsers send large ones, "
		     "and something on the way cannot read them or "
		     "loses large packets.",
		     lost->status == DIAG_ST_CUT ? "cut off"
						 : "met with silence");
	draft_proof(j, d, lost, "%s: hello of %u bytes, %s", path_text(j, p),
		    lost->tls.hello_bytes,
		    lost->error ? lost->error : "no answer");
	draft_proof(j, d, answered, "%s: a %s hello brought the certificate",
		    path_text(j, p),
		    answered->tls.packet_max > 0 ? "small" : "usual");
}

static void run_large(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct ev_conn *c = p.c;

		if (loses_large(c))
			say_large(j,
				  path_draft(j, "tls.large-hello-cut", NULL, &p,
					     c->large),
				  &p, c->large, c->tls);
		else if (is_cut_by_size(c))
			say_large(j,
				  path_draft(j, "tls.large-hello-cut", NULL, &p,
					     c->again),
				  &p, c->again, c->small);
	}
}

const struct diag_rule rules_tls[] = {
	{ .code = "tls.cut", .run = run_cut },
	{ .code = "tls.no-answer", .run = run_no_answer },
	{ .code = "tls.failed", .run = run_failed },
	{ .code = "tls.large-hello-cut", .run = run_large },
	{ .code = NULL },
};
