/* SPDX-License-Identifier: MIT */
/* rules_tls - whose certificate was met, and how handshakes end.
 *
 * One connection gives one certificate finding, the first that fits:
 *
 *   name-mismatch  another name's certificate: nothing else about it matters
 *   intercepted    the right name, signed by somebody who signs for everybody
 *   untrusted      the right name, and no chain to a root we have
 *
 * and beside it expired / not-yet-valid, which are faults of their own.
 *
 * Interception has a look-alike: one server with a home-made certificate.
 * What tells them apart is the signer.  A root that this machine's owner added
 * is an interceptor by itself (the service's own root is given with --ca-file).
 * An unknown signer is one only if it signs for names of two or more services;
 * a self-signed leaf never is.  A machine without any list of roots cannot
 * judge chains at all, so it blames nobody.
 */
#include "verdict/path.h"

#include "base/time.h"
#include "net/fqdn.h"

#include <string.h>

static const struct diag_cert *leaf(const struct diag_fact *f)
{
	return f && f->kind == DIAG_FACT_TLS && f->tls.n_chain > 0
		   ? &f->tls.chain[0]
		   : NULL;
}

static bool blind(const struct ev_target *t)
{
	const struct diag_machine *m = t->origin->machine;

	return m && !m->roots_path;
}

/* The outermost signer that was shown: issuer of the last certificate. */
static const char *signer(const struct diag_fact *f)
{
	return f->tls.n_chain ? f->tls.chain[f->tls.n_chain - 1].issuer : "";
}

static const char *who_signed(const struct diag_fact *f)
{
	const struct diag_cert *c = leaf(f);

	return c ? c->issuer : "";
}

static bool self_signed(const struct diag_fact *f)
{
	const struct diag_cert *c = leaf(f);

	return c && f->tls.n_chain == 1 && strcmp(c->subject, c->issuer) == 0;
}

static bool signs_unknown(const struct diag_fact *f, const char *by)
{
	return f && ev_tls_fault(f, DIAG_ST_UNTRUSTED) &&
	       !ev_tls_fault(f, DIAG_ST_NAME_MISMATCH) && !self_signed(f) &&
	       strcmp(signer(f), by) == 0;
}

/* Does this unknown signer sign for another service too? */
static bool signs_for_others(const struct judge *j, const struct path *me)
{
	const char *by = signer(me->c->tls);

	for (struct path p = { 0 }; path_next(j, &p);)
		if (p.t->t->service != me->t->t->service &&
		    signs_unknown(p.c->tls, by))
			return true;
	return false;
}

static bool is_interceptor(const struct judge *j, const struct path *p)
{
	const struct diag_fact *f = p->c->tls;

	if (ev_tls_fault(f, DIAG_ST_NAME_MISMATCH))
		return false;
	if (!ev_tls_fault(f, DIAG_ST_UNTRUSTED))
		return f->tls.root == DIAG_ROOT_LOCAL;
	return !self_signed(f) && signs_for_others(j, p);
}

static enum diag_severity intercepted_severity(const struct path *p)
{
	/* The client certificate of this name cannot pass an interceptor. */
	if (p->t->t->service == DIAG_SVC_WORKSPACE_CERT)
		return judge_cap(p->t, DIAG_ERROR);
	if (ev_tls_fault(p->c->tls, DIAG_ST_UNTRUSTED))
		return judge_cap(p->t, DIAG_ERROR);
	return DIAG_WARNING;
}

static void intercepted(struct judge *j, const struct path *p)
{
	const struct diag_fact *f = p->c->tls;
	const char *by = signer(f);
	struct draft *d =
	    judge_find(j, "tls.intercepted", intercepted_severity(p), by);

	draft_target(j, d, p->t);
	if (ev_tls_fault(f, DIAG_ST_UNTRUSTED))
		draft_detail(j, d,
			     "Something on the path opens TLS and signs with "
			     "its own root, \"%s\", which this machine does "
			     "not trust.",
			     by);
	else
		draft_detail(j, d,
			     "Something on the path opens TLS and signs with "
			     "its own root, \"%s\".  This machine trusts it, "
			     "so browsers work; Python, Node and conda bring "
			     "their own lists and do not, and a client "
			     "certificate cannot pass.",
			     by);
	draft_proof(j, d, f, "%s at %s shows a certificate issued by %s",
		    p->t->t->fqdn ? p->t->t->fqdn : "the server",
		    path_text(j, p), who_signed(f));
}

static void untrusted(struct judge *j, const struct path *p)
{
	const struct diag_fact *f = p->c->tls;
	struct draft *d = path_draft(j, "tls.untrusted", who_signed(f), p, f);

	draft_detail(j, d,
		     "The certificate at %s is for the right name, but its "
		     "chain ends at no root this machine knows (%s).",
		     path_text(j, p),
		     f->tls.verify_text ? f->tls.verify_text : "untrusted");
	draft_proof(j, d, f, "%s: issued by %s%s", path_text(j, p),
		    who_signed(f), self_signed(f) ? " (self-signed)" : "");
}

static const char *names_of(struct judge *j, const struct diag_fact *f)
{
	const struct diag_cert *c = leaf(f);

	if (!c)
		return "somebody else";
	if (c->n_san == 0)
		return c->subject;
	if (c->n_san == 1)
		return c->san[0];
	return judge_text(j, "%s and %zu more names", c->san[0], c->n_san - 1);
}

static bool cert_names(const struct diag_cert *c, const char *fqdn)
{
	for (size_t i = 0; c && fqdn && i < c->n_san; i++)
		if (diag_fqdn_matches(c->san[i], fqdn))
			return true;
	return false;
}

/* The target whose certificate this is, if it is one of ours. */
static const struct ev_target *owner(const struct judge *j,
				     const struct diag_fact *f)
{
	for (struct ev_target *t = judge_first(j); t; t = judge_next(j, t))
		if (cert_names(leaf(f), t->t->fqdn))
			return t;
	return NULL;
}

static void name_mismatch(struct judge *j, const struct path *p)
{
	const struct diag_fact *f = p->c->tls;
	const struct ev_target *o = owner(j, f);
	const char *at = path_text(j, p);
	struct draft *d = path_draft(j, "tls.name-mismatch", at, p, f);

	if (o)
		draft_detail(j, d,
			     "At %s the certificate of %s was met: the "
			     "addresses of the two names are swapped.",
			     at, o->t->fqdn);
	else
		draft_detail(j, d,
			     "At %s the certificate of %s was met: another "
			     "server has this address.",
			     at, names_of(j, f));
	draft_proof(j, d, f, "%s answers for %s, not for %s", at,
		    names_of(j, f), p->t->t->fqdn ? p->t->t->fqdn : "its name");
}

static void dates(struct judge *j, const struct path *p)
{
	const struct diag_fact *f = p->c->tls;
	const struct diag_cert *c = leaf(f);
	bool past = ev_tls_fault(f, DIAG_ST_EXPIRED);
	char text[DIAG_TIME_TEXT];
	struct draft *d;

	if (!c || (!past && !ev_tls_fault(f, DIAG_ST_NOT_YET_VALID)))
		return;
	d = path_draft(j, past ? "tls.expired" : "tls.not-yet-valid",
		       path_text(j, p), p, f);
	(void)diag_time_text(past ? c->not_after_s : c->not_before_s, text);
	draft_detail(j, d, "The certificate at %s %s %s.", path_text(j, p),
		     past ? "expired on" : "is not valid before", text);
	draft_proof(j, d, f, "%s: certificate of %s, %s %s", path_text(j, p),
		    names_of(j, f), past ? "not after" : "not before", text);
}

static void certificate(struct judge *j, const struct path *p)
{
	const struct diag_fact *f = p->c->tls;

	if (ev_tls_fault(f, DIAG_ST_NAME_MISMATCH)) {
		name_mismatch(j, p);
		return;
	}
	if (ev_tls_fault(f, DIAG_ST_UNTRUSTED) && blind(p->t))
		p->t->undecided = true;
	else if (is_interceptor(j, p))
		intercepted(j, p);
	else if (ev_tls_fault(f, DIAG_ST_UNTRUSTED))
		untrusted(j, p);
	dates(j, p);
}

static void run_certificates(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);)
		if (ev_ran(p.c->tls) && p.c->tls->tls.n_chain > 0)
			certificate(j, &p);
}

/* --- handshakes that were never whole ------------------------------------- */

static bool was_cut(const struct path *p)
{
	if (ev_ran(p->c->tls))
		return p->c->tls->status == DIAG_ST_CUT;
	return path_is_tls(p->t, p->c->port) && ev_ran(p->c->tcp) &&
	       p->c->tcp->status == DIAG_ST_RESET;
}

static void run_cut(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct diag_fact *f = p.c->tls ? p.c->tls : p.c->tcp;
		struct draft *d;

		if (!was_cut(&p))
			continue;
		d = path_draft(j, "tls.cut", NULL, &p, f);
		draft_detail(j, d,
			     "The connection opens and is closed or reset as "
			     "soon as the client says which name it wants: a "
			     "firewall that filters by SNI or application "
			     "rule, or a server that does not know the name.");
		draft_proof(j, d, f,
			    "%s for %s: %s after ClientHello, no "
			    "ServerHello",
			    path_text(j, &p), p.t->t->fqdn ? p.t->t->fqdn : "-",
			    f->error ? f->error : "closed");
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
				 ? "TCP opens and TLS begins, then large "
				   "packets are lost: the path's MTU is "
				   "smaller than both ends believe."
				 : "TCP opens, but no ServerHello comes back: "
				   "large packets are lost on the path (MTU), "
				   "or a middlebox holds the handshake.");
		draft_proof(j, d, f, "%s: %llu bytes came back, %s",
			    path_text(j, &p),
			    (unsigned long long)f->tls.bytes_in,
			    f->tls.server_hello ? "ServerHello among them"
						: "no ServerHello");
	}
}

static void run_failed(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct diag_fact *f = p.c->tls;
		const char *at;
		struct draft *d;

		if (!ev_ran(f) || f->status != DIAG_ST_FAILED)
			continue;
		at = path_text(j, &p);
		d = path_draft(j, "tls.failed", at, &p, f);
		if (f->tls.alert >= 0)
			draft_detail(j, d,
				     "The server at %s ended the handshake "
				     "with alert %d.",
				     at, f->tls.alert);
		else
			draft_detail(j, d, "What answers at %s is not TLS: %s.",
				     at, f->error ? f->error : "unknown bytes");
		draft_proof(j, d, f, "%s: %s", at,
			    f->error ? f->error : "handshake failed");
	}
}

const struct diag_rule rules_tls[] = {
	{ .code = "tls.name-mismatch", .run = run_certificates },
	{ .code = "tls.cut", .run = run_cut },
	{ .code = "tls.no-answer", .run = run_no_answer },
	{ .code = "tls.failed", .run = run_failed },
	{ .code = NULL },
};
