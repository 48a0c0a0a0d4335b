/* SPDX-License-Identifier: MIT */
/* ends_tell.c - what two ends prove, in words.  See ends.h. */
#include "verdict/blocked.h"
#include "verdict/ends.h"

#include <string.h>

#define CLOCK_TOLD_MS 1000.0

bool ends_answered(const struct diag_fact *f, const char *how)
{
	return f->arrival.answered && strcmp(f->arrival.answered, how) == 0;
}

/* --- words --------------------------------------------------------- */

/* A recording has no name of its machine. */
static const char *host_of(struct judge *j, const struct ends_watch *w)
{
	const char *host = w->o->o->host;

	return judge_text(j, "%s", host && host[0] ? host : "the other end");
}

static struct draft *end_draft(struct judge *j, const char *code,
			       const struct path *p)
{
	struct draft *d =
	    judge_find(j, code, judge_cap(p->t, DIAG_ERROR), path_text(j, p));

	draft_target(j, d, p->t);
	return d;
}

static const char *thing(const struct path *p)
{
	return p->c ? "connection" : "datagram";
}

static const char *first(const struct path *p)
{
	return p->c ? "SYN" : "datagram";
}

static bool is_silence(const struct diag_fact *f)
{
	return f->status == DIAG_ST_TIMEOUT || f->status == DIAG_ST_SILENT;
}

static void prove_client(struct judge *j, struct draft *d, const struct path *p)
{
	const struct diag_fact *f = path_fact(p);

	if (is_silence(f))
		draft_proof(j, d, f, "%s: %s", path_text(j, p),
			    path_silence(j, p));
	else
		draft_proof(j, d, f, "%s: %s after %.0f ms", path_text(j, p),
			    diag_status_key(f->status), f->took_ms);
}

static void prove_clock(struct judge *j, struct draft *d,
			const struct ends_watch *w)
{
	double s = w->ahead_ms / 1000.0;

	if (w->clock_known &&
	    (w->ahead_ms > CLOCK_TOLD_MS || w->ahead_ms < -CLOCK_TOLD_MS))
		draft_proof(j, d, NULL,
			    "the clock of %s is %.0f s %s: that is taken out "
			    "(both cases hold the same %s)",
			    host_of(j, w), s < 0 ? -s : s,
			    s < 0 ? "behind" : "ahead",
			    w->by_ports ? "connections" : "number");
}

static void prove_arrival(struct judge *j, struct draft *d,
			  const struct path *p, const struct ends_watch *w,
			  const struct ends_arrived *a, const char *then)
{
	draft_proof(j, d, a->first, "%s saw its %s from %s%s, %s",
		    host_of(j, w), first(p),
		    judge_addr(j, &a->first->arrival.from),
		    a->by_nat ? " (translated: one at the time of each try, "
				"and no other)"
			      : "",
		    then);
	prove_clock(j, d, w);
}

/* A datagram that never came, and a rule that denies it, are one story. */
static void prove_rules(struct judge *j, struct draft *d, const struct path *p)
{
	struct blocked b;

	if (!blocked_denies(j, p, &b)) {
		blocked_prove(j, d, p, &b);
		return;
	}
	draft_proof(j, d, NULL, "%s denies it", blocked_by(j, &b));
	if (!p->c)
		blocked_tell(j, p, &b);
}

void ends_tell_never_arrived(struct judge *j, const struct path *p,
			     const struct ends_watch *w)
{
	struct draft *d = end_draft(j, "port.never-arrived", p);

	draft_detail(j, d,
		     "No %s to %s arrived at %s while it was tried: it is "
		     "lost before, by the client's own firewall, a network "
		     "security group, a route or a firewall on the way.",
		     thing(p), path_text(j, p), host_of(j, w));
	prove_client(j, d, p);
	draft_proof(j, d, w->capture,
		    "%s saw no %s to %s%s, before its own firewall",
		    host_of(j, w), first(p), path_subject(j, p),
		    p->c ? "" : " with its number");
	prove_clock(j, d, w);
	prove_rules(j, d, p);
}

/* Silence of a machine at which it arrived: kernels also drop what they have no
 * way back for, and what a program that hangs does not take. */
static const char *who_drops(const struct path *p, const struct ends_watch *w)
{
	if (p->c && !w->socket)
		return "drops it without a word: its own firewall does, or it "
		       "has no way back to the client, or the program that "
		       "has the port hangs and takes no more";
	return "drops it without a word: its own firewall does, or it has no "
	       "way back to the client";
}

/* What the kernel counted tells which of them; of whom it was is not known, but
 * fewer than there were tries are surely another's. */
static void prove_counted(struct judge *j, struct draft *d,
			  const struct path *p, const struct ends_watch *w,
			  const struct ends_arrived *arrived)
{
	const struct diag_arrival_fact *a = &w->capture->arrival;
	const struct {
		uint64_t n;
		const char *what;
	} counted[] = {
		{ p->c && !w->socket ? a->queue_full : 0,
		  "connections as the queue of a program was full" },
		{ a->no_way_back, "packets that it had no route for" },
		{ a->reverse_path, "packets as the way back leads through "
				   "another interface (rp_filter)" },
	};

	for (size_t i = 0; i < sizeof(counted) / sizeof(*counted); i++)
		if (counted[i].n > 0 && counted[i].n >= arrived->n)
			draft_proof(j, d, w->capture,
				    "meanwhile the kernel of %s dropped %llu "
				    "%s",
				    host_of(j, w),
				    (unsigned long long)counted[i].n,
				    counted[i].what);
}

/* An error of its own, where some program listened. */
static const char *rejected_how(struct judge *j, const struct path *p,
				const struct ends_watch *w,
				const struct ends_arrived *a)
{
	bool rst = ends_answered(a->first, "rst");

	if (p->c && !rst)
		return "and answered with an ICMP error, as only firewalls do";
	return judge_text(j, "and answered with %s although %s",
			  rst ? "a reset" : "an ICMP error",
			  w->socket ? "pl-listen listened"
				    : "a program listened");
}

static void prove_listened(struct judge *j, struct draft *d,
			   const struct path *p, const struct ends_watch *w,
			   const struct ends_arrived *a)
{
	const struct diag_fact *f = ends_others_answered(w, p, a);

	if (f && !w->socket)
		draft_proof(j, d, f,
			    "%s answered others on %s before and after (for "
			    "%.1f s)",
			    host_of(j, w), path_subject(j, p),
			    f->took_ms / 1000.0);
}

void ends_tell_dropped(struct judge *j, const struct path *p,
		       const struct ends_watch *w, const struct ends_arrived *a)
{
	struct draft *d = end_draft(j, "port.dropped-by-host", p);
	bool rejects = a->first->arrival.answered != NULL;

	draft_detail(j, d, "The %s to %s arrives at %s, and that machine%s.",
		     thing(p), path_text(j, p), host_of(j, w),
		     rejects ? "'s own firewall rejects it"
			     : judge_text(j, " %s", who_drops(p, w)));
	prove_client(j, d, p);
	prove_arrival(j, d, p, w, a,
		      rejects ? rejected_how(j, p, w, a)
			      : "and sent nothing back");
	prove_listened(j, d, p, w, a);
	if (!rejects && w->capture)
		prove_counted(j, d, p, w, a);
}

void ends_tell_refused(struct judge *j, const struct path *p,
		       const struct ends_watch *w, const struct ends_arrived *a)
{
	struct draft *d = end_draft(j, "port.refused-by-host", p);

	draft_detail(j, d,
		     "The %s to %s arrives at %s, and that machine refuses "
		     "it: nobody listens there, or its own firewall rejects "
		     "it. The network carries it.",
		     thing(p), path_text(j, p), host_of(j, w));
	prove_client(j, d, p);
	prove_arrival(j, d, p, w, a,
		      ends_answered(a->first, "rst")
			  ? "and answered with a reset"
			  : "and answered with an ICMP error");
}

void ends_tell_answer_lost(struct judge *j, const struct path *p,
			   const struct ends_watch *w,
			   const struct ends_arrived *a)
{
	struct draft *d = end_draft(j, "port.answer-lost", p);

	draft_detail(j, d,
		     "The %s to %s arrives at %s and is answered, and "
		     "the answer does not come back: the way back is another "
		     "one, or something on it drops the answer.",
		     thing(p), path_text(j, p), host_of(j, w));
	prove_client(j, d, p);
	prove_arrival(j, d, p, w, a,
		      ends_answered(a->first, "rst") ? "and sent a reset back"
		      : ends_answered(a->first, "icmp") ? "and refused it"
		      : p->c ? "and sent SYN-ACK back"
			     : "and answered it");
}

/* --- somebody else answers ------------------------------------------------ */

void ends_tell_answered_by_other(struct judge *j, const struct path *p,
				 const struct ends_watch *w)
{
	enum diag_status s = path_fact(p)->status;
	bool refused = s == DIAG_ST_REFUSED || s == DIAG_ST_CLOSED;
	struct draft *d = end_draft(
	    j, p->c ? "tcp.answered-by-other" : "udp.answered-by-other", p);

	draft_detail(j, d,
		     "%s %ss in the name of %s: a proxy, a load balancer or "
		     "a firewall on the way.",
		     refused ? "Something refuses" : "Somebody else takes",
		     thing(p), path_text(j, p));
	prove_client(j, d, p);
	draft_proof(j, d, w->capture ? w->capture : w->socket,
		    "%s %s %s, and nothing of it arrived", host_of(j, w),
		    w->socket ? "listened on" : "watched", path_subject(j, p));
	prove_clock(j, d, w);
}

/* From one end only: the answer is not pl-listen's. */
void ends_tell_met_other(struct judge *j, const struct path *p)
{
	const char *peer = p->c ? p->c->tcp->tcp.peer : p->udp->udp.peer;
	struct draft *d;

	if (!peer || strcmp(peer, "other") != 0)
		return;
	d = end_draft(
	    j, p->c ? "tcp.answered-by-other" : "udp.answered-by-other", p);
	draft_detail(j, d,
		     "%s %s, and what answers there is not the pl-listen "
		     "that should: something on the way takes the %s, "
		     "or another program has the port.",
		     path_text(j, p), p->c ? "opens" : "replies", thing(p));
	draft_proof(j, d, path_fact(p), "%s: the number sent did not come back",
		    path_text(j, p));
}

void ends_tell_hello_lost(struct judge *j, const struct path *p,
			  const struct ends_watch *w,
			  const struct ends_said *said,
			  const struct diag_fact *tls)
{
	bool large = tls->tls.hello_bytes > 0;
	struct draft *d =
	    path_draft(j, "tls.hello-lost", path_text(j, p), p, p->c->tcp);

	draft_detail(
	    j, d,
	    large ? "The connection to %s opens at both ends, a usual hello "
		    "arrives at %s, and one larger than a packet does not: "
		    "the path's MTU is smaller than both ends believe, or "
		    "something on the way does not read hellos of two packets."
		  : "The connection to %s opens at both ends, and the TLS "
		    "hello does not arrive at %s: something on the way cuts "
		    "or swallows it (a filter for the name in it, or packets "
		    "of its size are lost).",
	    path_text(j, p), host_of(j, w));
	if (large)
		draft_proof(j, d, tls, "%s: a hello of %u bytes, %s",
			    path_text(j, p), tls->tls.hello_bytes,
			    tls->error ? tls->error : "no answer");
	else
		draft_proof(j, d, tls, "%s: hello for %s, %s", path_text(j, p),
			    tls->tls.sni ? tls->tls.sni : "no name",
			    tls->error ? tls->error : "no answer");
	draft_proof(
	    j, d, said->lost, "%s accepted the connection and heard %s of it",
	    host_of(j, w),
	    strcmp(said->lost->arrival.said, "part") == 0 ? "only a part"
							  : "nothing");
	prove_clock(j, d, w);
}
