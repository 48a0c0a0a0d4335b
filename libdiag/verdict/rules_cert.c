/* SPDX-License-Identifier: MIT */
/* rules_cert - whose certificate was met, and who signed it.
 *
 * One connection gives one certificate finding, the first that fits:
 *
 *   name-mismatch  another name's certificate: nothing else about it matters
 *   intercepted    the right name, signed by somebody who signs for everybody
 *   untrusted      the right name, and no chain to a root we have
 *
 * and beside it expired / not-yet-valid, which are faults of their own.
 *
 * Interception has three look-alikes.  One server with a home-made
 * certificate: so an unknown signer is an interceptor only if it signs for
 * names of two or more services, and a self-signed leaf never is one.  A list
 * of roots that is too old for the services' own authorities: so their names
 * are known here, and they are never accused.  A private service of the
 * owner's own among the targets: so a root that the owner added to this
 * machine accuses nobody by a name that is not Azure's.  (The service's own
 * root is given with --ca-file.)  A machine without any list of roots cannot
 * judge chains at all, so it blames nobody.
 *
 * A mismatch has two stories.  One certificate at one address: another server
 * has that address.  The same certificate wherever we knock: somebody on the
 * way answers in place of all (a captive portal, a filter's block page), and
 * no record is wrong.
 */
#include "verdict/path.h"

#include "base/time.h"
#include "net/fqdn.h"

#include <string.h>

static const struct diag_cert *leaf(const struct diag_fact *f)
{
	return f->tls.n_chain > 0 ? &f->tls.chain[0] : NULL;
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

	return c ? c->issuer : "an unknown signer";
}

/* The handshake went through to a certificate. */
static bool is_whole(const struct diag_fact *f)
{
	return ev_tls_named(f) || ev_tls_fault(f, DIAG_ST_NAME_MISMATCH);
}

/* --- the right name, a strange signer ------------------------------------- */

static bool self_signed(const struct diag_fact *f)
{
	const struct diag_cert *c = leaf(f);

	return c && f->tls.n_chain == 1 && strcmp(c->subject, c->issuer) == 0;
}

/* The authorities whose roots Azure's services use.  A machine that does not
 * know them has an old list; nobody on the way signs in their names. */
static bool is_azures_own(const char *signed_by)
{
	static const char *const organisations[] = {
		"O=Microsoft Corporation",
		"O=DigiCert",
		"O=Baltimore",
		"O=GlobalSign",
	};
	size_t n = sizeof(organisations) / sizeof(*organisations);

	for (size_t i = 0; i < n; i++)
		if (strstr(signed_by, organisations[i]))
			return true;
	return false;
}

static bool signs_strangely(const struct diag_fact *f, const char *by)
{
	return ev_ran(f) && ev_tls_named(f) && strcmp(signer(f), by) == 0 &&
	       (ev_tls_fault(f, DIAG_ST_UNTRUSTED) ||
		f->tls.root == DIAG_ROOT_LOCAL);
}

/* Does this signer sign for another service too? */
static bool signs_for_others(const struct judge *j, const struct path *me)
{
	const char *by = signer(me->c->tls);

	for (struct path p = { 0 }; path_next(j, &p);)
		if (p.t->t->service != me->t->t->service &&
		    signs_strangely(p.c->tls, by))
			return true;
	return false;
}

static bool is_interceptor(const struct judge *j, const struct path *p)
{
	const struct diag_fact *f = p->c->tls;

	if (ev_tls_fault(f, DIAG_ST_UNTRUSTED))
		return f->tls.n_chain > 0 && !self_signed(f) &&
		       !is_azures_own(signer(f)) && signs_for_others(j, p);
	return f->tls.root == DIAG_ROOT_LOCAL &&
	       (p->t->t->service != DIAG_SVC_OTHER || signs_for_others(j, p));
}

static enum diag_severity intercepted_severity(const struct path *p)
{
	/* The client certificate of this name cannot pass an interceptor. */
	if (p->t->t->service == DIAG_SVC_WORKSPACE_CERT ||
	    ev_tls_fault(p->c->tls, DIAG_ST_UNTRUSTED))
		return path_severity(p);
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
		    path_name(p->t), path_text(j, p), who_signed(f));
}

static void untrusted(struct judge *j, const struct path *p)
{
	const struct diag_fact *f = p->c->tls;
	struct draft *d = path_draft(j, "tls.untrusted", who_signed(f), p, f);

	draft_detail(j, d,
		     is_azures_own(signer(f))
			 ? "The certificate at %s is for the right name, and "
			   "its signer is one that Azure uses, but this "
			   "machine knows no root for it (%s): its list of "
			   "roots is old, or the server left out an "
			   "intermediate certificate."
			 : "The certificate at %s is for the right name, but "
			   "its chain ends at no root this machine knows (%s).",
		     path_text(j, p),
		     f->tls.verify_text ? f->tls.verify_text : "untrusted");
	draft_proof(j, d, f, "%s: issued by %s%s", path_text(j, p),
		    who_signed(f), self_signed(f) ? " (self-signed)" : "");
}

/* --- another name --------------------------------------------------------- */

static const char *names_of(struct judge *j, const struct diag_fact *f)
{
	const struct diag_cert *c = leaf(f);

	if (!c)
		return "somebody else";
	if (c->n_san == 0)
		return c->subject && c->subject[0] ? c->subject
						   : "a server without a name";
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

static bool same_cert(const struct diag_fact *x, const struct diag_fact *y)
{
	const struct diag_cert *a = leaf(x), *b = leaf(y);

	return a && b && a->sha256 && b->sha256 &&
	       strcmp(a->sha256, b->sha256) == 0;
}

/* What else was met at the other addresses, seen from one mismatch. */
struct elsewhere {
	const struct ev_target *owner; /* the name this certificate is for */
	bool exchanged;		       /* and ours was met at its address */
	bool same;		       /* the same stranger, elsewhere too */
};

static void look_elsewhere(struct elsewhere *e, const struct path *me,
			   const struct path *p)
{
	const struct diag_fact *f = me->c->tls;
	bool owns = cert_names(leaf(f), p->t->t->fqdn);

	if (owns && !e->owner)
		e->owner = p->t;
	if (p->t == me->t || !ev_tls_fault(p->c->tls, DIAG_ST_NAME_MISMATCH))
		return;
	if (owns && cert_names(leaf(p->c->tls), me->t->t->fqdn)) {
		e->owner = p->t;
		e->exchanged = true;
	}
	if (!diag_addr_eq(&p->a->addr, &me->a->addr) && same_cert(f, p->c->tls))
		e->same = true;
}

static void mismatch_detail(struct judge *j, struct draft *d,
			    const struct path *p, const struct elsewhere *e)
{
	const char *at = path_text(j, p), *whose = names_of(j, p->c->tls);

	if (e->owner && e->exchanged)
		draft_detail(j, d,
			     "At %s the certificate of %s was met, and ours at "
			     "its address: the addresses of the two names are "
			     "swapped.",
			     at, e->owner->t->fqdn);
	else if (e->owner)
		draft_detail(j, d,
			     "At %s a certificate that fits %s was met, not "
			     "%s: the address belongs to that service.",
			     at, e->owner->t->fqdn, path_name(p->t));
	else if (e->same)
		draft_detail(j, d,
			     "One and the same certificate, that of %s, is met "
			     "at several addresses: something on the way (a "
			     "captive portal, a filter) answers in place of "
			     "the servers.",
			     whose);
	else
		draft_detail(j, d,
			     "At %s the certificate of %s was met: another "
			     "server has this address.",
			     at, whose);
}

static void name_mismatch(struct judge *j, const struct path *p)
{
	const struct diag_fact *f = p->c->tls;
	struct elsewhere e = { NULL, false, false };
	const char *subject;
	struct draft *d;

	for (struct path o = { 0 }; path_next(j, &o);)
		look_elsewhere(&e, p, &o);
	subject = e.same && !e.owner ? names_of(j, f) : path_text(j, p);
	d = path_draft(j, "tls.name-mismatch", subject, p, f);
	mismatch_detail(j, d, p, &e);
	draft_proof(j, d, f, "%s answers for %s, not for %s", path_text(j, p),
		    names_of(j, f), path_name(p->t));
}

/* --- dates ---------------------------------------------------------------- */

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
		if (ev_ran(p.c->tls) && is_whole(p.c->tls))
			certificate(j, &p);
}

const struct diag_rule rules_cert[] = {
	{ .code = "tls.name-mismatch", .run = run_certificates },
	{ .code = NULL },
};
