/* SPDX-License-Identifier: MIT */
/* json_parts.c - run, targets, findings and causes as JSON objects. */
#include "report/json_parts.h"

#include <stdio.h>

#include "base/time.h"
#include "net/addr_json.h"
#include "report/common.h"

static void put_strings(struct diag_jw *w, const char *key,
			const char *const *items, size_t n)
{
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++)
		diag_jw_str(w, items[i] != NULL ? items[i] : "");
	diag_jw_close(w, ']');
}

static void put_finding_id(struct diag_jw *w, const struct diag_finding *f)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "f%u", f->id);
	diag_jw_str(w, text);
}

static void put_finding_ids(struct diag_jw *w, const char *key,
			    const struct diag_finding *const *items, size_t n)
{
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++)
		put_finding_id(w, items[i]);
	diag_jw_close(w, ']');
}

void diag_json_tool(const struct diag_report_in *in, struct diag_jw *w)
{
	diag_jw_kopen(w, "tool", '{');
	diag_jw_kstr(w, "name", in->tool);
	diag_jw_kstr(w, "version", in->version);
	diag_jw_close(w, '}');
}

static void put_origin(const struct diag_origin *o, struct diag_jw *w)
{
	char started[DIAG_TIME_TEXT];

	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", o->name);
	diag_jw_kstr(w, "host", o->host);
	diag_jw_kstr(w, "started", diag_time_text(o->started_s, started));
	diag_jw_kms(w, "took_ms", o->took_ms);
	diag_jw_kbool(w, "complete", o->complete);
	diag_jw_close(w, '}');
}

void diag_json_run(const struct diag_report_in *in, struct diag_jw *w)
{
	const struct diag_case *c = in->c;
	char started[DIAG_TIME_TEXT];

	diag_jw_kopen(w, "run", '{');
	diag_jw_kstr(w, "started",
		     diag_time_text(c->origins[0].started_s, started));
	diag_jw_kms(w, "took_ms", diag_report_took_ms(c));
	diag_jw_kstr(w, "host", c->origins[0].host);
	diag_jw_kstr(w, "role", diag_role_key(c->role));
	diag_jw_kstr(w, "era", diag_era_key(c->era));
	diag_jw_kstr(w, "inventory", diag_report_name(c));
	diag_jw_kbool(w, "complete", diag_report_complete(c));
	if (c->n_origins > 1) {
		diag_jw_kopen(w, "origins", '[');
		for (size_t i = 0; i < c->n_origins; i++)
			put_origin(&c->origins[i], w);
		diag_jw_close(w, ']');
	}
	diag_jw_close(w, '}');
}

static void put_connection(const struct diag_target_verdict *t,
			   struct diag_jw *w)
{
	if (t->tcp == 0 && t->tls == 0 && t->http == 0)
		return;
	diag_jw_kopen(w, "connection", '{');
	if (t->tcp != 0)
		diag_jw_kuint(w, "tcp", t->tcp);
	if (t->tls != 0)
		diag_jw_kuint(w, "tls", t->tls);
	if (t->http != 0)
		diag_jw_kuint(w, "http", t->http);
	diag_jw_close(w, '}');
}

void diag_json_target(const struct diag_report_in *in,
		      const struct diag_target_verdict *t, struct diag_jw *w)
{
	const struct diag_target *target = t->target;

	diag_jw_kstr(w, "fqdn", target->fqdn);
	diag_jw_kstr(w, "service", diag_service_key(target->service));
	diag_jw_kstr(w, "status", diag_target_status_key(t->status));
	diag_addrs_json(w, "addresses", t->addresses, t->n_addresses);
	diag_addrs_json(w, "expected", target->addresses, target->n_addresses);
	diag_jw_kstr(w, "expect", diag_expect_key(target->expect));
	if (t->from_hosts)
		diag_jw_kbool(w, "from_hosts", true);
	put_finding_ids(w, "findings", t->findings, t->n_findings);
	put_connection(t, w);
	if (in->c->n_origins > 1)
		diag_jw_kstr(w, "origin", diag_report_origin(in, t)->name);
}

static void put_proof(const struct diag_finding *f, struct diag_jw *w)
{
	if (f->n_proof == 0)
		return;
	diag_jw_kopen(w, "proof", '[');
	for (size_t i = 0; i < f->n_proof; i++) {
		diag_jw_open(w, '{');
		diag_jw_kstr(w, "text", f->proof[i].text);
		if (f->proof[i].fact != 0)
			diag_jw_kuint(w, "fact", f->proof[i].fact);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
}

void diag_json_finding(const struct diag_finding *f, struct diag_jw *w)
{
	diag_jw_key(w, "id");
	put_finding_id(w, f);
	diag_jw_kstr(w, "code", f->info->code);
	diag_jw_kstr(w, "severity", diag_severity_key(f->severity));
	diag_jw_kstr(w, "title", f->info->title);
	diag_jw_kstr(w, "detail", f->detail);
	diag_jw_kstr(w, "subject", f->subject);
	put_strings(w, "targets", f->targets, f->n_targets);
	diag_jw_kopen(w, "evidence", '[');
	for (size_t i = 0; i < f->n_evidence; i++)
		diag_jw_uint(w, f->evidence[i]);
	diag_jw_close(w, ']');
	put_proof(f, w);
}

static void put_fix(const struct diag_fix *fix, struct diag_jw *w)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "kind", fix->kind);
	diag_jw_kstr(w, "who", diag_who_key(fix->who));
	diag_jw_kbool(w, "lasting", fix->lasting);
	diag_jw_kstr(w, "command", fix->command);
	diag_jw_kstr(w, "undo", fix->undo);
	diag_jw_kstr(w, "text", fix->text);
	if (fix->n_lines > 0)
		put_strings(w, "lines", fix->lines, fix->n_lines);
	diag_jw_close(w, '}');
}

void diag_json_cause(const struct diag_cause *c, struct diag_jw *w)
{
	diag_jw_key(w, "finding");
	put_finding_id(w, c->finding);
	put_finding_ids(w, "explains", c->explains, c->n_explains);
	diag_jw_kopen(w, "fixes", '[');
	for (size_t i = 0; i < c->n_fixes; i++)
		put_fix(&c->fixes[i], w);
	diag_jw_close(w, ']');
}
