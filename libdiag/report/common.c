/* SPDX-License-Identifier: MIT */
/* common.c - counts, names and words that all faces share. */
#include "report/common.h"

#include <string.h>

bool diag_report_is_unused(const struct diag_target_verdict *t)
{
	return t->target->any_of != NULL && t->status == DIAG_TARGET_OK &&
	       t->n_addresses == 0;
}

struct diag_tally diag_report_tally(const struct diag_verdict *v)
{
	struct diag_tally n = { .targets = v->n_targets };

	for (size_t i = 0; i < v->n_targets; i++) {
		const struct diag_target_verdict *t = &v->targets[i];
		bool is_private = t->target->expect == DIAG_EXPECT_PRIVATE &&
				  !diag_report_is_unused(t);

		n.status[t->status]++;
		n.privates += is_private;
		n.private_fail += is_private && t->status == DIAG_TARGET_FAIL;
	}
	for (size_t i = 0; i < v->n_findings; i++)
		n.severity[v->findings[i].severity]++;
	return n;
}

bool diag_report_complete(const struct diag_case *c)
{
	for (size_t i = 0; i < c->n_origins; i++)
		if (!c->origins[i].complete)
			return false;
	return true;
}

double diag_report_took_ms(const struct diag_case *c)
{
	double longest = 0;

	for (size_t i = 0; i < c->n_origins; i++)
		if (c->origins[i].took_ms > longest)
			longest = c->origins[i].took_ms;
	return longest;
}

static const char *filled(const char *s)
{
	return s != NULL && s[0] != '\0' ? s : NULL;
}

const char *diag_report_name(const struct diag_case *c)
{
	const struct diag_inventory *inv = c->inventory;

	if (inv == NULL)
		return "";
	if (filled(inv->name) != NULL)
		return inv->name;
	return filled(inv->workspace_id) != NULL ? inv->workspace_id : "";
}

const char *diag_report_target(const struct diag_target *t,
			       char buf[DIAG_ADDR_TEXT])
{
	if (t->fqdn != NULL)
		return t->fqdn;
	return t->n_addresses > 0 ? diag_addr_text(&t->addresses[0], buf) : "";
}

const struct diag_origin *
diag_report_origin(const struct diag_report_in *in,
		   const struct diag_target_verdict *t)
{
	const uint32_t ids[] = { t->tcp, t->tls, t->http };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const struct diag_fact *f =
		    diag_store_get(&in->c->facts, ids[i]);

		if (f != NULL)
			return diag_case_origin(in->c, f);
	}
	return &in->c->origins[0];
}

bool diag_report_is_cause(const struct diag_verdict *v,
			  const struct diag_finding *f)
{
	for (size_t i = 0; i < v->n_causes; i++)
		if (v->causes[i].finding == f)
			return true;
	return false;
}

bool diag_report_is_explained(const struct diag_verdict *v,
			      const struct diag_finding *f)
{
	for (size_t i = 0; i < v->n_causes; i++)
		for (size_t k = 0; k < v->causes[i].n_explains; k++)
			if (v->causes[i].explains[k] == f)
				return true;
	return false;
}

/* --- how far a connection came -------------------------------------------- */

const char *diag_report_tcp_word(enum diag_status s)
{
	switch (s) {
	case DIAG_ST_OPEN:
		return "open";
	case DIAG_ST_REFUSED:
		return "refused";
	case DIAG_ST_TIMEOUT:
		return "silent";
	case DIAG_ST_UNREACHABLE:
		return "unreachable";
	case DIAG_ST_RESET:
		return "reset";
	case DIAG_ST_NOT_RUN:
		return "not tried";
	default:
		return "failed";
	}
}

const char *diag_report_tls_word(enum diag_status s)
{
	switch (s) {
	case DIAG_ST_UNTRUSTED:
		return "TLS untrusted";
	case DIAG_ST_NAME_MISMATCH:
		return "TLS wrong name";
	case DIAG_ST_EXPIRED:
		return "TLS expired";
	case DIAG_ST_NOT_YET_VALID:
		return "TLS not yet valid";
	case DIAG_ST_CUT:
		return "TLS cut";
	case DIAG_ST_TIMEOUT:
		return "TLS silent";
	case DIAG_ST_NOT_RUN:
		return "TLS not tried";
	default:
		return "TLS failed";
	}
}

static const char *http_word(const struct diag_fact *f)
{
	switch (f->status) {
	case DIAG_ST_ANSWER:
	case DIAG_ST_CLIENT_CERT_WANTED:
		return f->http.denial != NULL ? "HTTP denied" : NULL;
	case DIAG_ST_TIMEOUT:
		return "HTTP silent";
	case DIAG_ST_CUT:
		return "HTTP cut";
	case DIAG_ST_NOT_RUN:
		return NULL; /* what was reached before still counts */
	default:
		return "HTTP failed";
	}
}

const char *diag_report_stage(const struct diag_report_in *in,
			      const struct diag_target_verdict *t, bool *good)
{
	const struct diag_store *facts = &in->c->facts;
	const struct diag_fact *tcp = diag_store_get(facts, t->tcp);
	const struct diag_fact *tls = diag_store_get(facts, t->tls);
	const struct diag_fact *http = diag_store_get(facts, t->http);
	const char *word = NULL;

	*good = false;
	if (http != NULL && http->kind == DIAG_FACT_HTTP)
		word = http_word(http);
	if (tls != NULL && tls->kind == DIAG_FACT_TLS &&
	    tls->status != DIAG_ST_OK)
		return diag_report_tls_word(tls->status);
	if (word != NULL)
		return word;
	if (tcp == NULL || tcp->kind != DIAG_FACT_TCP) {
		*good = tls != NULL || http != NULL;
		return *good ? "open" : "not tried";
	}
	*good = tcp->status == DIAG_ST_OPEN;
	return diag_report_tcp_word(tcp->status);
}
