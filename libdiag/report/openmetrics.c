/* SPDX-License-Identifier: MIT */
/* openmetrics.c - OpenMetrics text 1.0: numbers that a monitoring system can
 * keep and alert on.
 *
 * All samples of a metric stand together, names end in their unit, and the
 * text ends with "# EOF" (OpenMetrics 1.0, sections "Overall Structure" and
 * "Units").  A name that we could not tell of is 0 in pldiag_target_ok: it is
 * not a pass; pldiag_target_status tells the two apart.
 */
#include <string.h>

#include "base/text.h"
#include "report/common.h"
#include "report/renderers.h"

struct metrics {
	const struct diag_report_in *in;
	struct diag_buf *out;
	struct diag_buf safe; /* the label just being put */
	bool first;	      /* no label yet */
};

static void family(struct metrics *m, const char *name, const char *type,
		   const char *unit, const char *help)
{
	diag_buf_printf(m->out, "# TYPE %s %s\n", name, type);
	if (unit != NULL)
		diag_buf_printf(m->out, "# UNIT %s %s\n", name, unit);
	diag_buf_printf(m->out, "# HELP %s %s\n", name, help);
}

/* Backslash, quote and line feed are escaped; other control characters are
 * gone by then. */
static void label(struct metrics *m, const char *name, const char *value)
{
	diag_buf_printf(m->out, "%c%s=\"", m->first ? '{' : ',', name);
	m->first = false;
	diag_buf_reset(&m->safe);
	if (value != NULL)
		diag_text_safe(&m->safe, value, strlen(value));
	for (const char *at = diag_buf_str(&m->safe); *at != '\0'; at++) {
		if (*at == '\\' || *at == '"')
			diag_buf_putc(m->out, '\\');
		diag_buf_putc(m->out, *at);
	}
	diag_buf_putc(m->out, '"');
}

/* Every sample says which workspace and role it is about. */
static void begin(struct metrics *m, const char *name)
{
	diag_buf_puts(m->out, name);
	m->first = true;
	label(m, "inventory", diag_report_name(m->in->c));
	label(m, "role", diag_role_key(m->in->c->role));
}

static void begin_target(struct metrics *m, const char *name,
			 const struct diag_target_verdict *t)
{
	char text[DIAG_ADDR_TEXT];

	begin(m, name);
	label(m, "target", diag_report_target(t->target, text));
	label(m, "service", diag_service_key(t->target->service));
}

static void number(struct metrics *m, size_t n)
{
	diag_buf_printf(m->out, "} %zu\n", n);
}

static void seconds(struct metrics *m, double ms)
{
	/* Not %f: its point depends on the locale. */
	bool sane = ms >= 0 && ms < 1e12;
	unsigned long long us =
	    sane ? (unsigned long long)(ms * 1000 + 0.5) : 0;

	diag_buf_printf(m->out, "} %llu.%06llu\n", us / 1000000, us % 1000000);
}

/* --- the run -------------------------------------------------------------- */

static void put_build(struct metrics *m)
{
	family(m, "pldiag_build", "info", NULL, "The tool that measured.");
	diag_buf_puts(m->out, "pldiag_build_info");
	m->first = true;
	label(m, "tool", m->in->tool);
	label(m, "version", m->in->version);
	number(m, 1);
}

static void put_run(struct metrics *m)
{
	const struct diag_case *c = m->in->c;

	family(m, "pldiag_run_complete", "gauge", NULL,
	       "1 if every check ran to its own end.");
	begin(m, "pldiag_run_complete");
	number(m, diag_report_complete(c));
	family(m, "pldiag_run_duration_seconds", "gauge", "seconds",
	       "How long the run took.");
	begin(m, "pldiag_run_duration_seconds");
	seconds(m, diag_report_took_ms(c));
	family(m, "pldiag_run_started_timestamp_seconds", "gauge", "seconds",
	       "When the run started, since the epoch.");
	begin(m, "pldiag_run_started_timestamp_seconds");
	diag_buf_printf(m->out, "} %lld\n", (long long)c->origins[0].started_s);
}

static void put_verdict(struct metrics *m)
{
	family(m, "pldiag_verdict", "stateset", NULL,
	       "The verdict about the workspace as a whole.");
	for (int o = DIAG_HEALTHY; o <= DIAG_UNKNOWN; o++) {
		begin(m, "pldiag_verdict");
		label(m, "pldiag_verdict",
		      diag_outcome_key((enum diag_outcome)o));
		number(m, (int)m->in->v->outcome == o);
	}
}

/* --- targets -------------------------------------------------------------- */

static void put_targets(struct metrics *m)
{
	const struct diag_verdict *v = m->in->v;

	family(m, "pldiag_target_ok", "gauge", NULL,
	       "1 if the name works (warnings allowed), else 0.");
	for (size_t i = 0; i < v->n_targets; i++) {
		begin_target(m, "pldiag_target_ok", &v->targets[i]);
		number(m, v->targets[i].status == DIAG_TARGET_OK ||
			      v->targets[i].status == DIAG_TARGET_WARN);
	}
}

static void put_status(struct metrics *m)
{
	const struct diag_verdict *v = m->in->v;

	family(m, "pldiag_target_status", "stateset", NULL,
	       "What was found about the name.");
	for (size_t i = 0; i < v->n_targets; i++) {
		for (int s = DIAG_TARGET_OK; s <= DIAG_TARGET_UNKNOWN; s++) {
			begin_target(m, "pldiag_target_status", &v->targets[i]);
			label(
			    m, "pldiag_target_status",
			    diag_target_status_key((enum diag_target_status)s));
			number(m, (int)v->targets[i].status == s);
		}
	}
}

static void put_probe(struct metrics *m, const struct diag_target_verdict *t,
		      uint32_t id)
{
	const struct diag_fact *f = diag_store_get(&m->in->c->facts, id);

	if (f == NULL)
		return;
	begin_target(m, "pldiag_probe_duration_seconds", t);
	label(m, "probe", diag_fact_kind_key(f->kind));
	label(m, "status", diag_status_key(f->status));
	seconds(m, f->took_ms);
}

static void put_probes(struct metrics *m)
{
	const struct diag_verdict *v = m->in->v;

	family(m, "pldiag_probe_duration_seconds", "gauge", "seconds",
	       "How long each stage of the connection took.");
	for (size_t i = 0; i < v->n_targets; i++) {
		put_probe(m, &v->targets[i], v->targets[i].tcp);
		put_probe(m, &v->targets[i], v->targets[i].tls);
		put_probe(m, &v->targets[i], v->targets[i].http);
	}
}

/* --- findings ------------------------------------------------------------- */

static bool same_sort(const struct diag_finding *a,
		      const struct diag_finding *b)
{
	return a->severity == b->severity &&
	       (a->info == b->info ||
		strcmp(a->info->code, b->info->code) == 0);
}

/* One sample per code and severity, where it is met first. */
static void put_findings(struct metrics *m)
{
	const struct diag_verdict *v = m->in->v;

	family(m, "pldiag_findings", "gauge", NULL,
	       "Findings by code and severity.");
	for (size_t i = 0; i < v->n_findings; i++) {
		const struct diag_finding *f = &v->findings[i];
		size_t n = 0;
		size_t before = 0;

		for (size_t k = 0; k < v->n_findings; k++) {
			n += same_sort(f, &v->findings[k]);
			before += k < i && same_sort(f, &v->findings[k]);
		}
		if (before > 0)
			continue;
		begin(m, "pldiag_findings");
		label(m, "code", f->info->code);
		label(m, "severity", diag_severity_key(f->severity));
		number(m, n);
	}
}

bool diag_render_openmetrics(const struct diag_report_in *in,
			     struct diag_buf *out, struct diag_err *err)
{
	struct metrics m = { .in = in, .out = out };
	bool ok;

	diag_buf_init(&m.safe, out->max);
	put_build(&m);
	put_run(&m);
	put_verdict(&m);
	put_targets(&m);
	put_status(&m);
	put_probes(&m);
	put_findings(&m);
	diag_buf_puts(out, "# EOF\n");
	ok = diag_buf_ok(&m.safe, err, "report");
	diag_buf_clear(&m.safe);
	return diag_buf_ok(out, err, "report") && ok;
}
