/* SPDX-License-Identifier: MIT */
/* rules_dns_server.c - name servers that do not do their work.
 *
 * A server is told once, as badly as the worst that it did to a name.  Names
 * stand in the finding only where they fail because of it: a silent first
 * server with a healthy second costs seconds, not names.
 */
#include "verdict/rules_dns.h"

#include <string.h>

struct worst { /* of one view over all names */
	enum diag_severity severity;
	size_t n; /* names with this kind; 0: nothing to tell */
	const struct ev_target *example;
	const struct ev_answer *answer;
};

/* dns.no-internet-names tells these. */
static bool told_elsewhere(const struct ev_target *t)
{
	return t->origin->no_internet && ev_wants_public(t->t);
}

/* 168.63.129.16 answers only inside Azure (IP19); outside, its silence is no
 * fault unless somebody configured it. */
static bool silence_is_expected(const struct ev_target *t,
				const struct ev_answer *a)
{
	return a->view->azure && a->view->server == NULL &&
	       !t->origin->inside && a != t->deciding;
}

static enum diag_severity severity_of(const struct ev_target *t,
				      const struct ev_answer *a)
{
	if (a->kind == EV_SILENT && silence_is_expected(t, a))
		return DIAG_INFO;
	if (ev_wants_public(t->t) && t->proxy_works)
		return DIAG_INFO;
	return dns_severity(t, a);
}

static bool is_told(const struct ev_target *t, const struct ev_answer *a,
		    enum ev_kind kind)
{
	if (a->kind != kind || told_elsewhere(t))
		return false;
	/* The system's answer is told as that of its server. */
	return !a->view->system || t->explained_by == NULL ||
	       t->explained_by->kind != kind;
}

static struct worst worst_of(const struct ev_origin *o, size_t view,
			     enum ev_kind kind)
{
	struct worst w = { DIAG_INFO, 0, NULL, NULL };
	size_t i;

	for (i = 0; i < o->n_targets; i++) {
		const struct ev_target *t = &o->targets[i];
		const struct ev_answer *a = &t->answers[view];
		enum diag_severity s;

		if (!t->any_fact || t->unused || !is_told(t, a, kind))
			continue;
		s = severity_of(t, a);
		if (w.n++ == 0 || s > w.severity) {
			w.severity = s;
			w.example = t;
			w.answer = a;
		}
	}
	return w;
}

/* A name that fails because of this server.  For optional names no error may
 * be told; status.c keeps them from failing in a finding that is one. */
static bool fails_by(const struct ev_target *t, const struct ev_answer *a)
{
	if (severity_of(t, a) == DIAG_ERROR)
		return true;
	return t->optional && severity_of(t, a) == DIAG_WARNING &&
	       (t->deciding == a || t->explained_by == a) &&
	       ev_kind_is_server(t->kind);
}

static void attach(struct judge *j, struct draft *d, const struct ev_origin *o,
		   size_t view, enum ev_kind kind)
{
	size_t i;

	for (i = 0; i < o->n_targets; i++) {
		const struct ev_target *t = &o->targets[i];
		const struct ev_answer *a = &t->answers[view];

		if (!t->any_fact || t->unused || !is_told(t, a, kind))
			continue;
		draft_fact(j, d, a->a != NULL ? a->a : a->fact);
		if (fails_by(t, a))
			draft_target(j, d, t);
	}
}

static void detail_silent(struct judge *j, struct draft *d,
			  const struct worst *w)
{
	const struct ev_view *v = w->answer->view;
	const char *who = dns_who(j, v);

	if (v->system)
		draft_detail(j, d, "%s got no answer in time for %zu name%s.",
			     who, w->n, w->n == 1 ? "" : "s");
	else if (v->n_replies > 0)
		draft_detail(j, d, "%s left %zu name%s without an answer.", who,
			     w->n, w->n == 1 ? "" : "s");
	else if (v->azure && w->severity == DIAG_INFO)
		draft_detail(j, d,
			     "%s does not answer; it is Azure's own and "
			     "answers only inside a virtual network.",
			     who);
	else if (w->severity == DIAG_ERROR)
		draft_detail(j, d, "%s does not answer, and no other serves.",
			     who);
	else
		draft_detail(j, d,
			     "%s does not answer; each lookup that tries it "
			     "first costs about 5 s.",
			     who);
}

/* What a failing server does, as a sentence after its name. */
static const char *failure_words(const struct diag_fact *f)
{
	switch (f != NULL ? f->status : DIAG_ST_NOT_RUN) {
	case DIAG_ST_UNREACHABLE:
		return "cannot be reached from here, so it gives no answer";
	case DIAG_ST_PORT_CLOSED:
		return "has nobody listening on its port, so it gives no "
		       "answer";
	case DIAG_ST_MALFORMED:
		return "sends bytes that are no DNS answer";
	case DIAG_ST_SERVFAIL:
		return "answers SERVFAIL (it tried and failed)";
	case DIAG_ST_REFUSED:
		return "answers REFUSED (it does not serve this machine)";
	default:
		return "answers with a failure";
	}
}

static void detail_failing(struct judge *j, struct draft *d,
			   const struct worst *w)
{
	const struct diag_fact *f =
	    w->answer->a != NULL ? w->answer->a : w->answer->fact;

	draft_detail(j, d, "%s %s for %s%s.", dns_who(j, w->answer->view),
		     failure_words(f), w->example->t->fqdn,
		     w->n > 1 ? judge_text(j, " and %zu more", w->n - 1) : "");
}

static void detail_truncated(struct judge *j, struct draft *d,
			     const struct worst *w)
{
	draft_detail(j, d,
		     "%s cuts its answer for %s to fit UDP, and DNS over TCP "
		     "to it does not get through.",
		     dns_who(j, w->answer->view), w->example->t->fqdn);
}

static void each_view(struct judge *j, enum ev_kind kind, const char *code,
		      void (*detail)(struct judge *, struct draft *,
				     const struct worst *))
{
	size_t i, k;

	for (i = 0; i < j->ev->n_origins; i++)
		for (k = 0; k < j->ev->origins[i].n_views; k++) {
			const struct ev_origin *o = &j->ev->origins[i];
			struct worst w = worst_of(o, k, kind);
			struct draft *d;

			if (w.n == 0)
				continue;
			d = judge_find(j, code, w.severity, o->views[k].text);
			detail(j, d, &w);
			dns_prove(j, d, w.example, w.answer);
			attach(j, d, o, k, kind);
		}
}

static void rule_server_silent(struct judge *j)
{
	each_view(j, EV_SILENT, "dns.server-silent", detail_silent);
}

static void rule_server_failing(struct judge *j)
{
	each_view(j, EV_FAILING, "dns.server-failing", detail_failing);
}

static void rule_tcp_blocked(struct judge *j)
{
	each_view(j, EV_TRUNCATED, "dns.tcp-blocked", detail_truncated);
}

const struct diag_rule rules_dns_server[] = {
	{ "dns.server-failing", rule_server_failing },
	{ "dns.server-silent", rule_server_silent },
	{ "dns.tcp-blocked", rule_tcp_blocked },
	{ NULL, NULL },
};
