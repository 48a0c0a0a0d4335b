/* SPDX-License-Identifier: MIT */
/* pl_nsg_junit.c - a test case per flow, a suite per way (the common subset;
 * see report/junit.c).  A flow that is not known is an error: that is no pass.
 * One that is optional and does not get through is skipped. */
#include <string.h>

#include "base/text.h"
#include "tools/pl_nsg.h"

struct junit {
	struct pl_nsg_run *run;
	struct diag_buf *out;
	struct diag_buf safe;
};

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

/* U+FFFE and U+FFFF are characters to UTF-8 and none to XML. */
static bool is_no_char(const char *s)
{
	return memcmp(s, "\xef\xbf\xbe", 3) == 0 ||
	       memcmp(s, "\xef\xbf\xbf", 3) == 0;
}

static void put_text(struct junit *j, const char *s)
{
	const char *at;

	diag_buf_reset(&j->safe);
	diag_text_safe(&j->safe, s, strlen(s));
	for (at = diag_buf_str(&j->safe); *at != '\0'; at++) {
		const char *e = entity(*at);

		if (e != NULL) {
			diag_buf_puts(j->out, e);
		} else if (*at == '\xef' && is_no_char(at)) {
			diag_buf_puts(j->out, "\\u{FFFE}");
			at += 2;
		} else {
			diag_buf_putc(j->out, *at);
		}
	}
}

static void put_attr(struct junit *j, const char *name, const char *value)
{
	diag_buf_printf(j->out, " %s=\"", name);
	put_text(j, value);
	diag_buf_putc(j->out, '"');
}

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
		put_text(j, "Rule: ");
		put_text(j, v->rule->name);
		diag_buf_printf(j->out, " (%u), group ", v->rule->priority);
		put_text(j, v->group->name);
		diag_buf_putc(j->out, '\n');
	}
	if (v->why_unknown != NULL) {
		put_text(j, v->why_unknown);
		diag_buf_putc(j->out, '\n');
	}
	for (size_t k = 0; k < way->repairs.n; k++) {
		const struct diag_nsg_repair *r = &way->repairs.items[k];

		if (r->flow != i)
			continue;
		put_text(j, "Repair: ");
		put_text(j, r->command != NULL ? r->command : r->problem);
		diag_buf_putc(j->out, '\n');
	}
}

static void put_case(struct junit *j, const struct pl_nsg_way *way, size_t i)
{
	const char *element = element_of(j->run, way, i);
	const char *result = diag_flow_result_key(way->verdicts[i].result);

	diag_buf_puts(j->out, "    <testcase");
	put_attr(j, "classname",
		 j->run->by_role ? diag_role_key(j->run->role) : "flow");
	put_attr(j, "name", pl_nsg_flow_text(j->run, &j->run->flows[i]));
	diag_buf_puts(j->out, " time=\"0.000\">\n");
	if (element != NULL) {
		diag_buf_printf(j->out, "      <%s", element);
		if (element[0] != 's')
			put_attr(j, "type", "port.required-blocked");
		put_attr(j, "message", result);
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

		put_text(j, "nsg.too-wide: rule ");
		put_text(j, w->rule->name);
		put_text(j, " lets in ");
		put_text(j, w->lets_in);
		diag_buf_putc(j->out, '\n');
	}
	diag_buf_puts(j->out, "</system-out>\n");
}

static void put_suite(struct junit *j, const struct pl_nsg_way *way)
{
	struct counts c = { 0 };

	count(j->run, way, &c);
	diag_buf_puts(j->out, "  <testsuite");
	put_attr(j, "name", suite_name(j, way));
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
	bool ok;

	diag_buf_init(&j.safe, out->max);
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
	ok = j.safe.code == DIAG_OK;
	diag_buf_clear(&j.safe);
	return ok;
}
