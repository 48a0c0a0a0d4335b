/* SPDX-License-Identifier: MIT */
/* junit.c - JUnit XML: a test case per name, so that build servers show it.
 *
 * There is no one standard; this is the common subset (testsuites, testsuite,
 * properties, testcase, failure, error, system-out) that Jenkins, GitLab and
 * Azure Pipelines read.  A name that fails is a failure with its cause and
 * fix; one we could not tell of is an error, because it is not a pass.  What
 * concerns no name (the clock, a dead name server) is a case of its own, and
 * so is the run: it fails if it was cut short.
 */
#include <string.h>

#include "base/time.h"
#include "base/xml.h"
#include "report/common.h"
#include "report/renderers.h"

struct junit {
	const struct diag_report_in *in;
	struct diag_buf *out;
};

/* --- what went wrong ------------------------------------------------------ */

static const struct diag_cause *cause_of(const struct diag_verdict *v,
					 const struct diag_finding *f)
{
	for (size_t i = 0; i < v->n_causes; i++) {
		const struct diag_cause *c = &v->causes[i];

		if (c->finding == f)
			return c;
		for (size_t k = 0; k < c->n_explains; k++)
			if (c->explains[k] == f)
				return c;
	}
	return NULL;
}

static void put_fixes(struct junit *j, const struct diag_cause *c)
{
	for (size_t i = 0; i < c->n_fixes; i++) {
		const struct diag_fix *fix = &c->fixes[i];

		diag_buf_printf(j->out,
				"Fix (%s, %s): ", diag_who_key(fix->who),
				fix->lasting ? "lasting" : "not lasting");
		diag_xml_text(j->out, fix->text);
		diag_buf_puts(j->out, "\n");
		if (fix->command != NULL) {
			diag_buf_puts(j->out, "  ");
			diag_xml_text(j->out, fix->command);
			diag_buf_puts(j->out, "\n");
		}
	}
}

static void put_body(struct junit *j, const struct diag_finding *f)
{
	const struct diag_cause *c = cause_of(j->in->v, f);

	diag_xml_text(j->out, f->detail);
	diag_buf_puts(j->out, "\n");
	for (size_t i = 0; i < f->n_proof; i++) {
		diag_buf_puts(j->out, "Proof: ");
		diag_xml_text(j->out, f->proof[i].text);
		diag_buf_printf(j->out, " (fact %u)\n", f->proof[i].fact);
	}
	if (c != NULL && c->finding != f) {
		diag_buf_puts(j->out, "Cause: ");
		diag_xml_text(j->out, c->finding->info->code);
		diag_buf_puts(j->out, "\n");
	}
	if (c != NULL)
		put_fixes(j, c);
}

/* element: "failure" or "error". */
static void put_bad(struct junit *j, const char *element,
		    const struct diag_finding *f)
{
	diag_buf_printf(j->out, "      <%s", element);
	diag_xml_attr(j->out, "type", f != NULL ? f->info->code : "unknown");
	diag_xml_attr(j->out, "message",
		      f != NULL ? f->info->title : "could not tell");
	diag_buf_putc(j->out, '>');
	if (f != NULL)
		put_body(j, f);
	diag_buf_printf(j->out, "</%s>\n", element);
}

/* --- cases ---------------------------------------------------------------- */

static void begin_case(struct junit *j, const char *class, const char *name,
		       double ms)
{
	diag_buf_puts(j->out, "    <testcase");
	diag_xml_attr(j->out, "classname", class);
	diag_xml_attr(j->out, "name", name);
	diag_xml_time(j->out, ms);
	diag_buf_puts(j->out, ">\n");
}

static void end_case(struct junit *j)
{
	diag_buf_puts(j->out, "    </testcase>\n");
}

static double took(const struct junit *j, const struct diag_target_verdict *t)
{
	const uint32_t ids[] = { t->tcp, t->tls, t->http };
	double ms = 0;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const struct diag_fact *f =
		    diag_store_get(&j->in->c->facts, ids[i]);

		ms += f != NULL ? f->took_ms : 0;
	}
	return ms;
}

/* The findings of a name that passes, as its output. */
static void put_notes(struct junit *j, const struct diag_target_verdict *t)
{
	if (t->n_findings == 0)
		return;
	diag_buf_puts(j->out, "      <system-out>");
	for (size_t i = 0; i < t->n_findings; i++) {
		diag_xml_text(j->out,
			      diag_severity_key(t->findings[i]->severity));
		diag_buf_putc(j->out, ' ');
		diag_xml_text(j->out, t->findings[i]->info->code);
		diag_buf_puts(j->out, ": ");
		diag_xml_text(j->out, t->findings[i]->detail);
		diag_buf_putc(j->out, '\n');
	}
	diag_buf_puts(j->out, "</system-out>\n");
}

static void put_target(struct junit *j, const struct diag_target_verdict *t)
{
	char text[DIAG_ADDR_TEXT];
	const struct diag_finding *first =
	    t->n_findings > 0 ? t->findings[0] : NULL;

	begin_case(j, diag_service_key(t->target->service),
		   diag_report_target(t->target, text), took(j, t));
	if (t->status == DIAG_TARGET_FAIL)
		put_bad(j, "failure", first);
	else if (t->status == DIAG_TARGET_UNKNOWN)
		put_bad(j, "error", first);
	else
		put_notes(j, t);
	end_case(j);
}

static bool is_machine_error(const struct diag_finding *f)
{
	return f->severity == DIAG_ERROR && f->n_targets == 0;
}

static void put_machine(struct junit *j)
{
	for (size_t i = 0; i < j->in->v->n_findings; i++) {
		const struct diag_finding *f = &j->in->v->findings[i];

		if (!is_machine_error(f))
			continue;
		begin_case(j, "machine", f->info->code, 0);
		put_bad(j, "failure", f);
		end_case(j);
	}
}

static void put_run(struct junit *j)
{
	begin_case(j, "run", "the run is complete",
		   diag_report_took_ms(j->in->c));
	if (!diag_report_complete(j->in->c))
		diag_buf_puts(j->out,
			      "      <error type=\"incomplete\" message=\"the "
			      "run was cut short\"></error>\n");
	end_case(j);
}

/* --- the suite ------------------------------------------------------------ */

static void put_counts(struct junit *j, bool with_skipped)
{
	struct diag_tally n = diag_report_tally(j->in->v);
	size_t machine = 0;

	for (size_t i = 0; i < j->in->v->n_findings; i++)
		machine += is_machine_error(&j->in->v->findings[i]);
	diag_buf_printf(
	    j->out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"",
	    n.targets + machine + 1, n.status[DIAG_TARGET_FAIL] + machine,
	    n.status[DIAG_TARGET_UNKNOWN] + !diag_report_complete(j->in->c));
	if (with_skipped)
		diag_buf_puts(j->out, " skipped=\"0\"");
	diag_xml_time(j->out, diag_report_took_ms(j->in->c));
	diag_buf_putc(j->out, '>');
	diag_buf_putc(j->out, '\n');
}

static void put_property(struct junit *j, const char *name, const char *value)
{
	diag_buf_puts(j->out, "      <property");
	diag_xml_attr(j->out, "name", name);
	diag_xml_attr(j->out, "value", value);
	diag_buf_puts(j->out, "/>\n");
}

static void put_properties(struct junit *j)
{
	const struct diag_case *c = j->in->c;

	diag_buf_puts(j->out, "    <properties>\n");
	put_property(j, "verdict", diag_outcome_key(j->in->v->outcome));
	put_property(j, "role", diag_role_key(c->role));
	put_property(j, "era", diag_era_key(c->era));
	put_property(j, "tool", j->in->tool);
	put_property(j, "version", j->in->version);
	diag_buf_puts(j->out, "    </properties>\n");
}

bool diag_render_junit(const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err)
{
	struct junit j = { .in = in, .out = out };
	char started[DIAG_TIME_TEXT];

	diag_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			   "<testsuites");
	diag_xml_attr(j.out, "name", in->tool);
	put_counts(&j, false);
	diag_buf_puts(out, "  <testsuite");
	diag_xml_attr(j.out, "name", diag_report_name(in->c));
	diag_xml_attr(j.out, "hostname", in->c->origins[0].host);
	/* ISO 8601 without a zone is what the schema of Jenkins wants. */
	(void)diag_time_text(in->c->origins[0].started_s, started);
	started[strcspn(started, "Z")] = '\0';
	diag_xml_attr(j.out, "timestamp", started);
	put_counts(&j, true);
	put_properties(&j);
	for (size_t i = 0; i < in->v->n_targets; i++)
		put_target(&j, &in->v->targets[i]);
	put_machine(&j);
	put_run(&j);
	diag_buf_puts(out, "  </testsuite>\n</testsuites>\n");
	return diag_buf_ok(out, err, "report");
}
