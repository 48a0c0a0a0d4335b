/* SPDX-License-Identifier: MIT */
/* json.c - the whole report as one document (design.md, 5.4;
 * docs/formats/report.schema.json). */
#include "report/before.h"
#include "report/json_parts.h"
#include "report/renderers.h"

#define INDENT 2

static void put_targets(const struct diag_report_in *in, struct diag_jw *w)
{
	diag_jw_kopen(w, "targets", '[');
	for (size_t i = 0; i < in->v->n_targets; i++) {
		diag_jw_open(w, '{');
		diag_json_target(in, &in->v->targets[i], w);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
}

static void put_findings(const struct diag_report_in *in, struct diag_jw *w)
{
	diag_jw_kopen(w, "findings", '[');
	for (size_t i = 0; i < in->v->n_findings; i++) {
		diag_jw_open(w, '{');
		diag_json_finding(&in->v->findings[i], w);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
}

static void put_causes(const struct diag_report_in *in, struct diag_jw *w)
{
	diag_jw_kopen(w, "causes", '[');
	for (size_t i = 0; i < in->v->n_causes; i++) {
		diag_jw_open(w, '{');
		diag_json_cause(&in->v->causes[i], w);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
}

static void put_hints(const struct diag_report_in *in, struct diag_jw *w)
{
	if (in->v->n_hints == 0)
		return;
	diag_jw_kopen(w, "hints", '[');
	for (size_t i = 0; i < in->v->n_hints; i++)
		diag_jw_str(w, in->v->hints[i]);
	diag_jw_close(w, ']');
}

static void put_words(struct diag_jw *w, const char *key,
		      const char *const *list, size_t n)
{
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++)
		diag_jw_str(w, list[i]);
	diag_jw_close(w, ']');
}

static void put_before(const struct diag_before *b, struct diag_jw *w)
{
	diag_jw_kopen(w, "before", '{');
	diag_jw_kopen(w, "tool", '{');
	diag_jw_kstr(w, "name", b->tool);
	diag_jw_kstr(w, "version", b->version);
	diag_jw_close(w, '}');
	diag_jw_kbool(w, "same", b->same);
	diag_jw_kstr(w, "verdict", b->verdict);
	put_words(w, "causes", b->causes, b->n_causes);
	put_words(w, "came", b->came, b->n_came);
	put_words(w, "went", b->went, b->n_went);
	diag_jw_kopen(w, "targets", '[');
	for (size_t i = 0; i < b->n_changed; i++) {
		diag_jw_open(w, '{');
		diag_jw_kstr(w, "fqdn", b->changed[i].fqdn);
		diag_jw_kstr(w, "was", b->changed[i].was);
		diag_jw_kstr(w, "is", b->changed[i].is);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
	diag_jw_close(w, '}');
}

static void put_facts(const struct diag_report_in *in, struct diag_jw *w)
{
	diag_jw_kopen(w, "facts", '[');
	for (size_t i = 0; i < in->c->facts.n; i++)
		diag_fact_print(in->c->facts.facts[i], w);
	diag_jw_close(w, ']');
}

bool diag_render_json(const struct diag_report_in *in, struct diag_buf *out,
		      struct diag_err *err)
{
	struct diag_jw w;

	diag_jw_init(&w, out, INDENT);
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "schema", DIAG_REPORT_SCHEMA);
	diag_json_tool(in, &w);
	diag_json_run(in, &w);
	diag_jw_kstr(&w, "verdict", diag_outcome_key(in->v->outcome));
	if (in->before != NULL)
		put_before(in->before, &w);
	put_targets(in, &w);
	put_findings(in, &w);
	put_causes(in, &w);
	put_hints(in, &w);
	put_facts(in, &w);
	diag_jw_close(&w, '}');
	diag_buf_putc(out, '\n');
	return diag_buf_ok(out, err, "report");
}
