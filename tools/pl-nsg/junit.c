/* SPDX-License-Identifier: MIT */
/* junit.c - a test case per flow, a suite per way (the common subset;
 * see report/junit.c).  A flow that is not known is an error: that is no pass.
 * One that is optional and does not get through is skipped. */
#include <string.h>

#include "base/xml.h"
#include "tools/pl-nsg/nsg.h"

struct junit {
	struct pl_nsg_run *run;
	struct diag_buf *out;
};

struct counts {
	unsigned failures, errors, skipped;
};

static const char *element_of(const struct pl_nsg_run *run,
			      const struct pl_nsg_way *way, size_t i)
{
	if (way->verdicts[i].result == DIAG_FLOW_ALLOWED)
		return NULL;
	if (run->flows[i].optional)
		return "skipped";
	return way->verdicts[i].result == DIAG_FLOW_UNKNOWN ? "error"
							    : "failure";
}

static void count(const struct pl_nsg_run *run, const struct pl_nsg_way *way,
		  struct counts *c)
{
	for (size_t i = 0; i < run->n_flows; i++) {
		const char *element = element_of(run, way, i);

		if (element == NULL)
			continue;
		c->failures += element[0] == 'f';
		c->errors += element[0] == 'e';
		c->skipped += element[0] == 's';
	}
}

static void put_body(struct junit *j, const struct pl_nsg_way *way, size_t i)
{
	const struct diag_flow_verdict *v = &way->verdicts[i];

	if (v->rule != NULL) {
		diag_xml_text(j->out, "Rule: ");
		diag_xml_text(j->out, v->rule->name);
		diag_buf_printf(j->out, " (%u), group ", v->rule->priority);
		diag_xml_text(j->out, v->group->name);
		diag_buf_putc(j->out, '\n');
	}
	if (v->why_unknown != NULL) {
		diag_xml_text(j->out, v->why_unknown);
		diag_buf_putc(j->out, '\n');
	}
	for (size_t k = 0; k < way->repairs.n; k++) {
		const struct diag_nsg_repair *r = &way->repairs.items[k];

		if (r->flow != i)
			continue;
		diag_xml_text(j->out, "Repair: ");
		diag_xml_text(j->out,
			      r->command != NULL ? r->command : r->problem);
		diag_buf_putc(j->out, '\n');
	}
}

static void put_case(struct junit *j, const struct pl_nsg_way *way, size_t i)
{
	const char *element = element_of(j->run, way, i);
	const char *result = diag_flow_result_key(way->verdicts[i].result);

	diag_buf_puts(j->out, "    <testcase");
	diag_xml_attr(j->out, "classname",
		      j->run->by_role ? diag_role_key(j->run->role) : "flow");
	diag_xml_attr(j->out, "name",
		      pl_nsg_flow_text(j->run, &j->run->flows[i]));
	diag_buf_puts(j->out, " time=\"0.000\">\n");
	if (element != NULL) {
		diag_buf_printf(j->out, "      <%s", element);
		if (element[0] != 's')
			diag_xml_attr(j->out, "type", "port.required-blocked");
		diag_xml_attr(j->out, "message", result);
		diag_buf_putc(j->out, '>');
		put_body(j, way, i);
		diag_buf_printf(j->out, "</%s>\n", element);
	}
	diag_buf_puts(j->out, "    </testcase>\n");
}

static const char *suite_name(struct junit *j, const struct pl_nsg_way *way)
{
	const char *name = "";

	for (size_t i = 0; name != NULL && i < way->groups->n; i++)
		name = diag_arena_printf(&j->run->call->arena, "%s%s%s", name,
					 i > 0 ? " + " : "",
					 way->groups->items[i].name);
	return name != NULL ? name : "";
}

static void put_warnings(struct junit *j, const struct pl_nsg_way *way)
{
	if (way->wide.n == 0)
		return;
	diag_buf_puts(j->out, "    <system-out>");
	for (size_t i = 0; i < way->wide.n; i++) {
		const struct diag_nsg_wide *w = &way->wide.items[i];

		diag_xml_text(j->out, "nsg.too-wide: rule ");
		diag_xml_text(j->out, w->rule->name);
		diag_xml_text(j->out, " lets in ");
		diag_xml_text(j->out, w->lets_in);
		diag_buf_putc(j->out, '\n');
	}
	diag_buf_puts(j->out, "</system-out>\n");
}

static void put_suite(struct junit *j, const struct pl_nsg_way *way)
{
	struct counts c = { 0 };

	count(j->run, way, &c);
	diag_buf_puts(j->out, "  <testsuite");
	diag_xml_attr(j->out, "name", suite_name(j, way));
	diag_buf_printf(j->out,
			" tests=\"%zu\" failures=\"%u\" errors=\"%u\" "
			"skipped=\"%u\" time=\"0.000\">\n",
			j->run->n_flows, c.failures, c.errors, c.skipped);
	for (size_t i = 0; i < j->run->n_flows; i++)
		put_case(j, way, i);
	put_warnings(j, way);
	diag_buf_puts(j->out, "  </testsuite>\n");
}

bool pl_nsg_junit(struct pl_nsg_run *run, struct diag_buf *out)
{
	struct junit j = { .run = run, .out = out };
	struct counts all = { 0 };

	for (size_t i = 0; i < run->n_ways; i++)
		count(run, &run->ways[i], &all);
	diag_buf_printf(out,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			"<testsuites name=\"pl-nsg\" tests=\"%zu\" "
			"failures=\"%u\" errors=\"%u\" time=\"0.000\">\n",
			run->n_flows * run->n_ways, all.failures, all.errors);
	for (size_t i = 0; i < run->n_ways; i++)
		put_suite(&j, &run->ways[i]);
	diag_buf_puts(out, "</testsuites>\n");
	return out->code == DIAG_OK;
}
