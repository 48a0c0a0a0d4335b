/* SPDX-License-Identifier: MIT */
/* text.c - ports for people: a line each, ranges joined where there are
 * many. */
#include "tools/pl-probe/probe.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define JOINED_FROM 33 /* pairs of one page */
#define ERROR_TEXT  160

struct page {
	struct tool_call *call;
	struct probe_pairs *p;
	struct diag_buf *out;
	bool joins;
};

static void put_color(const struct page *g, const char *code)
{
	if (g->call->color)
		diag_buf_printf(g->out, "\033[%sm", code);
}

/* --- one port ------------------------------------------------------------- */

static const char *sign_of(const struct page *g, const struct probe_pair *p)
{
	switch (probe_worth(p)) {
	case PROBE_FINE:
		return g->call->utf8 ? "\xe2\x9c\x93" : "+";
	case PROBE_UNKNOWN:
		return "?";
	case PROBE_BAD:
		break;
	}
	if (p->optional)
		return g->call->utf8 ? "\xc2\xb7" : "-";
	return g->call->utf8 ? "\xe2\x9c\x97" : "x";
}

static const char *color_of(const struct probe_pair *p)
{
	switch (probe_worth(p)) {
	case PROBE_FINE:
		return "32";
	case PROBE_UNKNOWN:
		return "33";
	case PROBE_BAD:
		break;
	}
	return p->optional ? "33" : "31";
}

static void put_icmp(const struct page *g, const struct probe_pair *p)
{
	char text[DIAG_ADDR_TEXT];

	if (!p->icmp.seen)
		return;
	diag_buf_printf(g->out, ", ICMP type %d code %d", p->icmp.type,
			p->icmp.code);
	if (p->icmp.from.family != DIAG_NOFAM)
		diag_buf_printf(g->out, " from %s",
				diag_addr_text(&p->icmp.from, text));
}

static void put_error(const struct page *g, const struct probe_stage *s)
{
	char safe[ERROR_TEXT];

	if (s->error[0])
		diag_buf_printf(g->out, ": %s",
				diag_text_safe_z(s->error, safe, sizeof(safe)));
}

static const struct probe_stage *last_stage(const struct probe_pair *p)
{
	if (p->http.there)
		return &p->http;
	return p->tls.there ? &p->tls : &p->tcp;
}

static bool is_open(const struct probe_pair *p)
{
	return p->tcp.status == DIAG_ST_OPEN || p->tcp.status == DIAG_ST_REPLY;
}

static void put_times(const struct page *g, const struct probe_pair *p)
{
	if (is_open(p))
		diag_buf_printf(g->out, "  %.1f ms", p->tcp.took_ms);
	if (p->tls.there && p->tls.status != DIAG_ST_NOT_RUN)
		diag_buf_printf(g->out, ", TLS %.1f ms", p->tls.took_ms);
	if (p->http.there && p->http.status == DIAG_ST_ANSWER)
		diag_buf_printf(g->out, ", HTTP %d after %.1f ms", p->code,
				p->http.took_ms);
}

static void put_detail(const struct page *g, const struct probe_pair *p)
{
	if (p->tcp.status == DIAG_ST_TIMEOUT)
		diag_buf_printf(g->out, "  no answer to SYN in %.1f s",
				p->tcp.took_ms / 1000.0);
	else if (p->tcp.status == DIAG_ST_SILENT)
		diag_buf_printf(g->out,
				"  no answer in %.1f s: dropped, or taken "
				"without a word",
				p->tcp.took_ms / 1000.0);
	else
		put_times(g, p);
	put_icmp(g, p);
	put_error(g, last_stage(p));
}

static void put_ends(const struct page *g, const struct probe_pair *p,
		     double lost)
{
	diag_buf_printf(g->out, "\n      %u of %u %s", p->ends[PROBE_END_GOOD],
			p->tries, probe_end_word(p, PROBE_END_GOOD));
	for (int i = PROBE_END_REFUSED; i < PROBE_N_ENDS; i++)
		if (p->ends[i] > 0)
			diag_buf_printf(g->out, ", %u %s", p->ends[i],
					probe_end_word(p, (enum probe_end)i));
	diag_buf_printf(g->out, ", %.1f %% %s", lost,
			probe_end_word(p, PROBE_END_LOST));
	if (p->tls_failed > 0)
		diag_buf_printf(g->out, ", TLS failed in %u", p->tls_failed);
	if (p->http_failed > 0)
		diag_buf_printf(g->out, ", HTTP failed in %u", p->http_failed);
}

static void put_numbers(const struct page *g, struct probe_pair *p)
{
	struct probe_numbers n;

	if (p->tries < 2)
		return;
	n = probe_numbers(p);
	put_ends(g, p, n.lost);
	if (p->ends[PROBE_END_GOOD] > 0)
		diag_buf_printf(g->out,
				"  min %.2f  avg %.2f  max %.2f  sd %.2f\n"
				"      p50 %.2f  p95 %.2f  p99 %.2f ms",
				n.min, n.avg, n.max, n.deviation, n.p50, n.p95,
				n.p99);
}

/* --- lines ---------------------------------------------------------------- */

/* How many pairs from i on say the same of neighbouring ports. */
static size_t run_of(const struct page *g, size_t i)
{
	const struct probe_pair *a = &g->p->items[i];
	const char *state = probe_state(a);
	size_t n = 1;

	while (g->joins && a->port > 0 && a->tries < 2 && i + n < g->p->n) {
		const struct probe_pair *b = &g->p->items[i + n];

		if (b->target != a->target || b->udp != a->udp ||
		    b->port != a->port + n || b->optional != a->optional ||
		    b->tries > 1 || !diag_addr_eq(&a->addr, &b->addr) ||
		    strcmp(probe_state(b), state) != 0)
			break;
		n++;
	}
	return n;
}

static void put_line(const struct page *g, size_t i, size_t n)
{
	struct probe_pair *p = &g->p->items[i];
	char addr[DIAG_ADDR_TEXT] = "", ports[32] = "";

	if (p->addr.family != DIAG_NOFAM)
		(void)diag_addr_text(&p->addr, addr);
	if (n > 1)
		(void)snprintf(ports, sizeof(ports), "%u-%zu", p->port,
			       p->port + n - 1);
	else if (p->port > 0)
		(void)snprintf(ports, sizeof(ports), "%u%s", p->port,
			       p->udp ? "/udp" : "");
	diag_buf_puts(g->out, "  ");
	put_color(g, color_of(p));
	diag_buf_puts(g->out, sign_of(g, p));
	put_color(g, "0");
	if (p->port > 0)
		diag_buf_printf(g->out, " %-15s %11s", addr, ports);
	diag_buf_printf(g->out, " %s", probe_state(p));
	if (n == 1)
		put_detail(g, p);
	if (p->optional)
		diag_buf_puts(g->out, "  (optional)");
	put_numbers(g, p);
	diag_buf_putc(g->out, '\n');
}

static void put_heading(const struct page *g, const struct probe_pair *p)
{
	const struct diag_target *t = p->target;
	char text[DIAG_ADDR_TEXT];

	put_color(g, "1");
	diag_buf_puts(g->out,
		      p->name ? p->name : diag_addr_text(&p->addr, text));
	put_color(g, "0");
	if (t && t->service != DIAG_SVC_OTHER)
		diag_buf_printf(g->out, "  %s", diag_service_key(t->service));
	diag_buf_putc(g->out, '\n');
}

static void put_sum(const struct page *g)
{
	struct probe_tally t = probe_tally(g->p);

	diag_buf_printf(g->out, "%zu of %zu required ports are open", t.fine,
			t.pairs);
	if (t.unknown > 0)
		diag_buf_printf(g->out, "; %zu could not be told", t.unknown);
	diag_buf_putc(g->out, '\n');
}

void probe_text(struct tool_call *call, struct probe_pairs *p,
		struct diag_buf *out)
{
	struct page g = {
		.call = call, .p = p, .out = out, .joins = p->n >= JOINED_FROM
	};
	const struct probe_pair *last = NULL;
	size_t n;

	for (size_t i = 0; i < p->n; i += n) {
		const struct probe_pair *pair = &p->items[i];

		if (!last || last->target != pair->target)
			put_heading(&g, pair);
		n = run_of(&g, i);
		put_line(&g, i, n);
		last = pair;
	}
	put_sum(&g);
}
