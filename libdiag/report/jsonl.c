/* SPDX-License-Identifier: MIT */
/* jsonl.c - the report a line at a time, for streams and grep.
 *
 * Each line is an object whose `line` says what it is: first `run` (with the
 * schema), then `target`, `finding`, `cause` (and with -v `fact`), and last
 * `summary` with the verdict.  A stream without its summary was cut.
 */
#include "report/common.h"
#include "report/json_parts.h"
#include "report/renderers.h"

static void begin(struct diag_jw *w, struct diag_buf *out, const char *what)
{
	diag_jw_init(w, out, 0);
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "line", what);
}

static void end(struct diag_jw *w)
{
	diag_jw_close(w, '}');
	diag_buf_putc(w->out, '\n');
}

static void put_run(const struct diag_report_in *in, struct diag_buf *out)
{
	struct diag_jw w;

	begin(&w, out, "run");
	diag_jw_kstr(&w, "schema", DIAG_REPORT_SCHEMA);
	diag_json_tool(in, &w);
	diag_json_run(in, &w);
	end(&w);
}

static void put_facts(const struct diag_report_in *in, struct diag_buf *out)
{
	struct diag_jw w;

	for (size_t i = 0; in->verbose > 0 && i < in->c->facts.n; i++) {
		begin(&w, out, "fact");
		diag_jw_key(&w, "fact");
		diag_fact_print(in->c->facts.facts[i], &w);
		end(&w);
	}
}

static void put_summary(const struct diag_report_in *in, struct diag_buf *out)
{
	struct diag_tally n = diag_report_tally(in->v);
	struct diag_jw w;

	begin(&w, out, "summary");
	diag_jw_kstr(&w, "verdict", diag_outcome_key(in->v->outcome));
	diag_jw_kbool(&w, "complete", diag_report_complete(in->c));
	diag_jw_kopen(&w, "targets", '{');
	for (int s = DIAG_TARGET_OK; s <= DIAG_TARGET_UNKNOWN; s++)
		diag_jw_kuint(
		    &w, diag_target_status_key((enum diag_target_status)s),
		    n.status[s]);
	diag_jw_close(&w, '}');
	diag_jw_kopen(&w, "findings", '{');
	for (int s = DIAG_ERROR; s >= DIAG_INFO; s--)
		diag_jw_kuint(&w, diag_severity_key((enum diag_severity)s),
			      n.severity[s]);
	diag_jw_close(&w, '}');
	end(&w);
}

bool diag_render_jsonl(const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err)
{
	const struct diag_verdict *v = in->v;
	struct diag_jw w;

	put_run(in, out);
	for (size_t i = 0; i < v->n_targets; i++) {
		begin(&w, out, "target");
		diag_json_target(in, &v->targets[i], &w);
		end(&w);
	}
	for (size_t i = 0; i < v->n_findings; i++) {
		begin(&w, out, "finding");
		diag_json_finding(&v->findings[i], &w);
		end(&w);
	}
	for (size_t i = 0; i < v->n_causes; i++) {
		begin(&w, out, "cause");
		diag_json_cause(&v->causes[i], &w);
		end(&w);
	}
	put_facts(in, out);
	put_summary(in, out);
	return diag_buf_ok(out, err, "report");
}
