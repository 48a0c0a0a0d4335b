/* SPDX-License-Identifier: MIT */
/* rules_http - what the service said to a stranger.
 *
 * The question and what its answers mean come from the catalogue; a row that
 * no source confirms is kept in the fact and never makes an error by itself.
 * HTTP is judged only behind a certificate that names the target: behind any
 * other, somebody else is speaking and a tls rule has said so.  Behind one that
 * an inspecting proxy signed, a denial may be that proxy's own block page, so
 * it only counts as an answer that is not the service's.
 *
 * The denial has two readings.  Over a public address it is the effect of
 * wrong DNS (or of a missing endpoint): the public front end turns a stranger
 * away.  Over a private address it means the endpoint exists and is not the
 * one this resource approves.  An address that a zero-trust client made up is
 * neither: its connector may well leave for the public front end.
 */
#include "verdict/path.h"

#include "base/text.h"

#include <string.h>

static bool marker_is(const struct diag_http_marker *m, const char *denial)
{
	if (m->header)
		return diag_text_starts(denial, m->header) &&
		       (!m->value || diag_text_ends(denial, m->value));
	return m->value && strcmp(m->value, denial) == 0;
}

bool path_denial_is_confirmed(const struct ev_target *t, const char *denial)
{
	const struct diag_cat_row *row = t->row;

	for (size_t i = 0; row && i < row->http.n_denial; i++)
		if (marker_is(&row->http.denial[i], denial))
			return row->http.denial[i].confirmed;
	return false;
}

/* The certificate names the target and has no fault. */
static bool speaks_for_target(const struct ev_conn *c)
{
	return ev_tls_named(c->tls) && c->tls->tls.n_faults == 0;
}

/* ... and nobody on the way signed it. */
static bool is_untouched(const struct ev_conn *c)
{
	return speaks_for_target(c) && c->tls->tls.root != DIAG_ROOT_LOCAL;
}

const struct diag_fact *path_denied(const struct ev_conn *c)
{
	return ev_ran(c->http) && c->http->http.denial && is_untouched(c)
		   ? c->http
		   : NULL;
}

static enum diag_severity denial_severity(const struct ev_target *t,
					  const struct diag_fact *f)
{
	bool sure = path_denial_is_confirmed(t, f->http.denial);

	return judge_cap(t, sure ? DIAG_ERROR : DIAG_WARNING);
}

static void public_denied(struct judge *j, struct ev_target *t,
			  const struct ev_addr *a, const struct diag_fact *f)
{
	struct draft *d = judge_find(j, "http.public-access-denied",
				     denial_severity(t, f), NULL);

	draft_target(j, d, t);
	draft_detail(j, d,
		     "The public front end answers and turns the request "
		     "away: this resource takes requests only through its "
		     "private endpoint.");
	draft_proof(j, d, f, "%s at %s (public): HTTP %d, %s", t->t->fqdn,
		    judge_addr(j, &a->addr), f->http.code, f->http.denial);
}

static void private_denied(struct judge *j, struct ev_target *t,
			   const struct ev_addr *a, const struct diag_fact *f)
{
	const char *at = judge_addr(j, &a->addr);
	struct draft *d =
	    judge_find(j, "http.wrong-endpoint", denial_severity(t, f), at);

	draft_target(j, d, t);
	draft_detail(j, d,
		     "The private address %s answers for this service, but "
		     "denies access: the endpoint there is not one that this "
		     "resource has approved.",
		     at);
	draft_proof(j, d, f, "%s at %s: HTTP %d, %s", path_name(t), at,
		    f->http.code, f->http.denial);
}

static void denials_at(struct judge *j, struct ev_target *t,
		       const struct ev_addr *a)
{
	for (size_t i = 0; i < a->n_conns; i++) {
		const struct diag_fact *f = path_denied(&a->conns[i]);

		if (!f)
			continue;
		if (a->deciding && a->cls == EV_PUBLIC)
			public_denied(j, t, a, f);
		else if (a->path && !a->told && ev_class_is_private(a->cls))
			private_denied(j, t, a, f);
	}
}

static void run_denials(struct judge *j)
{
	for (struct ev_target *t = judge_first(j); t; t = judge_next(j, t))
		for (size_t i = 0; i < t->n_addrs && !path_excused(t); i++)
			denials_at(j, t, &t->addrs[i]);
}

/* --- answers that are not the service's ----------------------------------- */

static bool is_confirmed(const struct ev_target *t)
{
	return t->row && t->row->http.confirmed;
}

static bool is_unexpected(const struct path *p)
{
	const struct diag_fact *f = p->c->http;

	return ev_ran(f) && f->status == DIAG_ST_ANSWER &&
	       speaks_for_target(p->c) && !f->http.is_service &&
	       (!f->http.denial || !is_untouched(p->c)) && is_confirmed(p->t) &&
	       p->t->row->http.n_service > 0;
}

static void run_unexpected(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct diag_fact *f = p.c->http;
		const char *at;
		struct draft *d;

		if (!is_unexpected(&p))
			continue;
		at = path_text(j, &p);
		d = path_draft(j, "http.unexpected", at, &p, f);
		draft_detail(j, d,
			     "At %s something answers with a certificate for "
			     "the right name, but not as this service does: "
			     "HTTP %d%s%s.",
			     at, f->http.code, f->http.server ? " from " : "",
			     f->http.server ? f->http.server : "");
		draft_proof(j, d, f, "%s: HTTP %d without any mark of %s",
			    f->http.url ? f->http.url : at, f->http.code,
			    diag_service_key(p.t->t->service));
	}
}

static bool has_no_answer(const struct path *p)
{
	const struct diag_fact *f = p->c->http;

	if (!ev_ran(f) || !speaks_for_target(p->c))
		return false;
	return f->status == DIAG_ST_TIMEOUT || f->status == DIAG_ST_CUT ||
	       f->status == DIAG_ST_FAILED;
}

/* Nobody documented that the others answer a stranger at all. */
static enum diag_severity silence_severity(const struct path *p)
{
	return is_confirmed(p->t) ? path_severity(p) : DIAG_WARNING;
}

static void run_no_answer(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct diag_fact *f = p.c->http;
		const char *at;
		struct draft *d;

		if (!has_no_answer(&p))
			continue;
		at = path_text(j, &p);
		d = judge_find(j, "http.no-answer", silence_severity(&p), NULL);
		draft_target(j, d, p.t);
		draft_detail(j, d,
			     "TLS is fine and the service's certificate was "
			     "met, but no HTTP answer comes back.");
		draft_proof(j, d, f, "%s: %s", at,
			    f->error ? f->error : "no HTTP head in time");
	}
}

/* --- the browser's question ----------------------------------------------- */

static const char *header_of(const struct diag_fact *f, const char *name)
{
	for (size_t i = 0; i < f->http.n_headers; i++)
		if (strcmp(f->http.headers[i].name, name) == 0)
			return f->http.headers[i].value;
	return NULL;
}

/* It has to be the account itself that says no to the preflight, and yes to
 * us: a firewall of the account, or a gateway before it, answers preflights
 * with 403 too. */
static bool lacks_cors(const struct ev_target *t, const struct ev_conn *c)
{
	const struct diag_fact *p = c->preflight;

	return ev_ran(p) && p->status == DIAG_ST_ANSWER &&
	       p->http.code == 403 && p->http.is_service && !p->http.denial &&
	       !header_of(p, "access-control-allow-origin") &&
	       is_untouched(c) && ev_ran(c->http) && c->http->http.is_service &&
	       !c->http->http.denial && t->t->fqdn;
}

/* az storage cors add --help: b, f, q, t. */
static const char *cors_repair(struct judge *j, const struct ev_target *t)
{
	int account = (int)strcspn(t->t->fqdn, ".");

	return judge_text(
	    j,
	    "az storage cors add --account-name %.*s --services %s --origins "
	    "https://ml.azure.com --methods GET HEAD PUT DELETE OPTIONS POST "
	    "--allowed-headers '*' --exposed-headers '*' --max-age 1800",
	    account, t->t->fqdn,
	    t->t->service == DIAG_SVC_STORAGE_FILE ? "f" : "b");
}

static void run_cors(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		struct draft *d;

		if (!lacks_cors(p.t, p.c))
			continue;
		d = judge_find(j, "http.cors-missing", DIAG_WARNING,
			       p.t->t->fqdn);
		draft_target(j, d, p.t);
		draft_detail(j, d,
			     "The storage account answers, but lets no page "
			     "of https://ml.azure.com read from it in a "
			     "browser.");
		draft_proof(j, d, p.c->preflight,
			    "%s %s: HTTP 403 without Access-Control-Allow-"
			    "Origin",
			    p.c->preflight->http.method,
			    p.c->preflight->http.url);
		draft_proof(j, d, p.c->http,
			    "asked as a program it answers: HTTP %d",
			    p.c->http->http.code);
		d->repair = cors_repair(j, p.t);
	}
}

/* --- the public path, where it may be used ---------------------------------
 */

static void run_public_works(struct judge *j)
{
	for (struct ev_target *t = judge_first(j); t; t = judge_next(j, t)) {
		const struct ev_answer *a = t->deciding;
		struct draft *d;

		if (t->kind != EV_PUBLIC_WORKS)
			continue;
		d = judge_find(j, "http.public-path-works", DIAG_WARNING, NULL);
		draft_target(j, d, t);
		draft_detail(j, d,
			     "%s resolves to its public front end, which "
			     "serves this machine: public access is allowed.",
			     path_name(t));
		for (size_t i = 0; i < a->n_addrs; i++) {
			const struct ev_conn *c = ev_conn_of(a->addrs[i], 443);

			if (c)
				draft_proof(j, d, c->http ? c->http : c->tls,
					    "%s at %s (public) answers",
					    path_name(t),
					    judge_addr(j, &a->addrs[i]->addr));
		}
	}
}

const struct diag_rule rules_http[] = {
	{ .code = "http.public-access-denied", .run = run_denials },
	{ .code = "http.unexpected", .run = run_unexpected },
	{ .code = "http.no-answer", .run = run_no_answer },
	{ .code = "http.public-path-works", .run = run_public_works },
	{ .code = "http.cors-missing", .run = run_cors },
	{ .code = NULL },
};
