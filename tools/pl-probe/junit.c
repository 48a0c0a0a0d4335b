/* SPDX-License-Identifier: MIT */
/* junit.c - a test case per port (the common subset; see
 * report/junit.c).  What could not be told is an error, since that is no pass;
 * an optional port that is not open is skipped. */
#include "tools/pl-probe/probe.h"

#include <stdio.h>

#include "base/xml.h"

static const char *element_of(const struct probe_pair *p)
{
	enum probe_worth worth = probe_worth(p);

	if (worth == PROBE_FINE)
		return NULL;
	if (p->optional)
		return "skipped";
	return worth == PROBE_BAD ? "failure" : "error";
}

static const char *name_of(const struct probe_pair *p,
			   char out[DIAG_ENDPOINT_TEXT + 8])
{
	struct diag_endpoint at = { .addr = p->addr, .port = p->port };
	char text[DIAG_ENDPOINT_TEXT];

	if (p->port == 0)
		return "resolves";
	(void)snprintf(out, DIAG_ENDPOINT_TEXT + 8, "%s%s",
		       diag_endpoint_text(&at, text), p->udp ? "/udp" : "");
	return out;
}

static void put_case(struct diag_buf *out, const struct probe_pair *p)
{
	char name[DIAG_ENDPOINT_TEXT + 8];
	char addr[DIAG_ADDR_TEXT];
	const char *element = element_of(p);

	diag_buf_puts(out, "    <testcase");
	diag_xml_attr(out, "classname",
		      p->name ? p->name : diag_addr_text(&p->addr, addr));
	diag_xml_attr(out, "name", name_of(p, name));
	diag_xml_time(out, p->tcp.took_ms);
	if (!element) {
		diag_buf_puts(out, "/>\n");
		return;
	}
	diag_buf_printf(out, ">\n      <%s", element);
	diag_xml_attr(out, "message", probe_state(p));
	diag_buf_putc(out, '>');
	diag_xml_text(out, p->tcp.error);
	diag_buf_printf(out, "</%s>\n    </testcase>\n", element);
}

void probe_junit(const struct probe_pairs *p, double took_ms,
		 struct diag_buf *out)
{
	struct probe_tally t = probe_tally(p);

	diag_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	for (unsigned inner = 0; inner < 2; inner++) {
		diag_buf_puts(out, inner ? "  <testsuite name=\"ports\""
					 : "<testsuites name=\"pl-probe\"");
		diag_buf_printf(out,
				" tests=\"%zu\" failures=\"%zu\" "
				"errors=\"%zu\"",
				p->n, t.bad, t.unknown);
		diag_xml_time(out, took_ms);
		diag_buf_puts(out, ">\n");
	}
	for (size_t i = 0; i < p->n; i++)
		put_case(out, &p->items[i]);
	diag_buf_puts(out, "  </testsuite>\n</testsuites>\n");
}
