/* SPDX-License-Identifier: MIT */
/* rules_dns.c - severity, words and proof for the dns.* families. */
#include "verdict/rules_dns.h"

#include <string.h>

#define ADDRS_SHOWN 4

/* --- severity ------------------------------------------------------------- */

static const struct ev_answer *system_of(const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_answers; i++)
		if (t->answers[i].view->system &&
		    t->answers[i].kind > EV_NOT_RUN)
			return &t->answers[i];
	return NULL;
}

/* A stub was asked in the same run: it is judged, those behind it explain. */
static bool behind_judged_stub(const struct ev_target *t,
			       const struct ev_answer *a)
{
	size_t i;

	if (!a->view->behind_stub)
		return false;
	for (i = 0; i < t->n_answers; i++)
		if (t->answers[i].view->stub && t->answers[i].kind > EV_NOT_RUN)
			return true;
	return false;
}

/* Without a system answer the views that were given decide. */
static enum diag_severity given_severity(const struct ev_target *t,
					 const struct ev_answer *a)
{
	if (a == t->deciding || a->view->added)
		return DIAG_ERROR;
	if (a->asked == DIAG_ASKED_FALLBACK)
		return DIAG_WARNING;
	if (a->asked == DIAG_ASKED_YES)
		return DIAG_ERROR;
	return t->deciding->asked == DIAG_ASKED_NO ? DIAG_ERROR : DIAG_INFO;
}

static enum diag_severity view_severity(const struct ev_target *t,
					const struct ev_answer *a)
{
	const struct ev_answer *sys = system_of(t);

	if (a == sys)
		return DIAG_ERROR;
	if (sys != NULL && t->from_hosts)
		return DIAG_INFO;
	if (behind_judged_stub(t, a))
		return DIAG_INFO;
	if (sys == NULL)
		return given_severity(t, a);
	if (a == t->explained_by && !ev_kind_is_good(sys->kind))
		return DIAG_ERROR;
	if (a->asked == DIAG_ASKED_NO)
		return DIAG_INFO;
	if (a->asked == DIAG_ASKED_FALLBACK || ev_kind_is_good(sys->kind))
		return DIAG_WARNING;
	return t->explained_by == NULL ? DIAG_ERROR : DIAG_WARNING;
}

enum diag_severity dns_severity(const struct ev_target *t,
				const struct ev_answer *a)
{
	return judge_cap(t, view_severity(t, a));
}

/* --- walking -------------------------------------------------------------- */

void dns_each(struct judge *j, enum ev_kind kind,
	      void (*say)(struct judge *j, const struct ev_target *t,
			  const struct ev_answer *a))
{
	const struct ev_target *t;
	size_t i;

	for (t = judge_first(j); t != NULL; t = judge_next(j, t))
		for (i = 0; i < t->n_answers; i++) {
			const struct ev_answer *a = &t->answers[i];

			if (a->kind != kind)
				continue;
			if (a->view->system && t->explained_by != NULL &&
			    t->explained_by->kind == kind)
				continue;
			say(j, t, a);
		}
}

void dns_each_deciding(struct judge *j, enum ev_kind kind,
		       void (*say)(struct judge *j, const struct ev_target *t,
				   const struct ev_answer *a))
{
	const struct ev_target *t;

	for (t = judge_first(j); t != NULL; t = judge_next(j, t))
		if (t->kind == kind && t->deciding != NULL)
			say(j, t, t->deciding);
}

/* --- words ---------------------------------------------------------------- */

const struct ev_answer *dns_source(const struct ev_target *t,
				   const struct ev_answer *a)
{
	return a->view->system && t->explained_by != NULL ? t->explained_by : a;
}

const char *dns_subject(const struct ev_target *t, const struct ev_answer *a)
{
	return dns_source(t, a)->view->text;
}

static const char *server_name(struct judge *j, const struct ev_view *v)
{
	if (v->at.port == 53)
		return judge_addr(j, &v->at.addr);
	return v->text;
}

const char *dns_who(struct judge *j, const struct ev_view *v)
{
	const struct diag_nameserver *s = v->server;
	const char *what = v->stub ? "local stub" : "name server";

	if (v->system)
		return "This machine's own lookup";
	if (s != NULL && s->interface != NULL && s->source != NULL)
		return judge_text(j, "The %s %s (%s, %s)", what,
				  server_name(j, v), s->interface, s->source);
	if (s != NULL && s->source != NULL)
		return judge_text(j, "The %s %s (%s)", what, server_name(j, v),
				  s->source);
	return judge_text(j, "The %s %s", what, server_name(j, v));
}

const char *dns_addrs(struct judge *j, const struct ev_answer *a)
{
	const char *text = NULL;
	size_t i;

	if (a->n_addrs == 0)
		return "no address";
	for (i = 0; i < a->n_addrs && i < ADDRS_SHOWN; i++) {
		const struct ev_addr *row = a->addrs[i];
		const char *one = judge_text(
		    j, "%s (%s)", judge_addr(j, &row->addr),
		    row->cls == EV_UNUSABLE ? diag_scope_name(row->scope)
					    : ev_class_word(row->cls));

		text = text == NULL ? one : judge_text(j, "%s, %s", text, one);
	}
	if (a->n_addrs > ADDRS_SHOWN)
		text = judge_text(j, "%s and %zu more", text,
				  a->n_addrs - ADDRS_SHOWN);
	return text;
}

const char *dns_expected(struct judge *j, const struct ev_target *t)
{
	const char *text = NULL;
	size_t i;

	for (i = 0; i < t->t->n_addresses && i < ADDRS_SHOWN; i++) {
		const char *one = judge_addr(j, &t->t->addresses[i]);

		text =
		    text == NULL ? one : judge_text(j, "%s or %s", text, one);
	}
	return text != NULL ? text : "a private address";
}

/* --- proof ---------------------------------------------------------------- */

static const char *status_words(const struct diag_fact *f)
{
	if (f->status == DIAG_ST_NODATA && f->kind == DIAG_FACT_DNS &&
	    f->dns.soa.owner == NULL)
		return "no address, no SOA";
	switch (f->status) {
	case DIAG_ST_NXDOMAIN:
		return "NXDOMAIN";
	case DIAG_ST_NODATA:
	case DIAG_ST_NONE:
		return "no address";
	case DIAG_ST_SERVFAIL:
		return "SERVFAIL";
	case DIAG_ST_REFUSED:
		return "REFUSED";
	case DIAG_ST_TIMEOUT:
		return "no reply";
	default:
		return diag_status_key(f->status);
	}
}

static const char *chain_text(struct judge *j, const struct diag_fact *f)
{
	const char *text = f->dns.name;
	size_t i;

	for (i = 0; i < f->dns.n_chain; i++)
		if (f->dns.chain[i].type == DIAG_RR_CNAME)
			text = judge_text(j, "%s → %s", text,
					  f->dns.chain[i].value);
	return text;
}

static const char *end_text(struct judge *j, const struct ev_answer *a,
			    const struct diag_fact *f)
{
	if (a->n_addrs > 0)
		return dns_addrs(j, a);
	if (f->kind == DIAG_FACT_DNS && f->dns.soa.owner != NULL)
		return judge_text(j, "%s (says the zone %s of %s)",
				  status_words(f), f->dns.soa.owner,
				  f->dns.soa.mname != NULL ? f->dns.soa.mname
							   : "?");
	return status_words(f);
}

void dns_prove(struct judge *j, struct draft *d, const struct ev_target *t,
	       const struct ev_answer *a)
{
	const struct diag_fact *f = a->a != NULL ? a->a : a->aaaa;

	draft_fact(j, d, a->truncated);
	if (a->aaaa != NULL && a->aaaa->dns.n_addresses > 0)
		draft_fact(j, d, a->aaaa);
	if (f == NULL)
		f = a->fact;
	if (f == NULL)
		return;
	if (a->view->system && t->explained_by != NULL)
		draft_fact(j, d, t->explained_by->a);
	if (f->kind == DIAG_FACT_DNS)
		draft_proof(j, d, f, "%s → %s", chain_text(j, f),
			    end_text(j, a, f));
	else
		draft_proof(j, d, f, "%s → %s",
			    t->t->fqdn != NULL ? t->t->fqdn : "",
			    end_text(j, a, f));
	if (t->deciding != NULL && t->deciding != a && t->explained_by == a)
		draft_fact(j, d, t->deciding->fact);
}

void dns_prove_path(struct judge *j, struct draft *d, const struct ev_target *t)
{
	const struct diag_interface *via;
	size_t i;

	for (i = 0; i < t->n_addrs; i++) {
		const struct ev_addr *a = &t->addrs[i];
		const struct ev_conn *c = ev_conn_of(a, 443);

		if (!a->expected || c == NULL || !ev_tls_named(c->tls))
			continue;
		via = ev_interface_to(t->origin, a);
		draft_proof(
		    j, d, c->tls,
		    "its private endpoint %s answers%s%s: TLS %s, "
		    "%.0f ms; so the path is open and only DNS is "
		    "wrong",
		    judge_addr(j, &a->addr), via != NULL ? " through " : "",
		    via != NULL ? via->name : "",
		    diag_status_key(c->tls->status),
		    (c->tcp != NULL ? c->tcp->took_ms : 0) + c->tls->took_ms);
		return;
	}
}
