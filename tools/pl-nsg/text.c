/* SPDX-License-Identifier: MIT */
/* text.c - a table of flows for people, then what to do.
 *
 * Names of rules and groups come from documents: they are made safe once, and
 * a cell cuts them so that a row fits the screen.
 */
#include "tools/pl-nsg/nsg.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define GAP	  2
#define WAY_WIDTH 7 /* "out tcp" */
#define PEER_MAX  34

struct table {
	struct pl_nsg_run *run;
	const struct pl_nsg_way *way;
	struct diag_buf *out;
	size_t peer, ports, rule; /* columns */
};

static const char *safe(struct table *t, const char *s)
{
	struct diag_buf text;
	const char *copy;

	diag_buf_init(&text, (size_t)1 << 20);
	diag_text_safe(&text, s, strlen(s));
	copy = diag_arena_strdup(&t->run->call->arena, diag_buf_str(&text));
	diag_buf_clear(&text);
	return copy != NULL ? copy : "";
}

static const char *say(struct table *t, const char *fmt, ...) DIAG_PRINTF(2, 3);

static const char *say(struct table *t, const char *fmt, ...)
{
	va_list args;
	const char *text;

	va_start(args, fmt);
	text = diag_arena_vprintf(&t->run->call->arena, fmt, args);
	va_end(args);
	return text != NULL ? text : "";
}

/* --- cells -----------------------------------------------------------------
 */

static void put_cell(struct table *t, const char *s, size_t width)
{
	char cut[256];
	size_t used;

	if (width >= sizeof(cut))
		width = sizeof(cut) - 1;
	s = diag_text_middle(s, width, !t->run->call->utf8, cut, sizeof(cut));
	used = diag_text_width(s);
	diag_buf_puts(t->out, s);
	diag_buf_pad(t->out, ' ', (width > used ? width - used : 0) + GAP);
}

static void end_row(struct table *t)
{
	while (t->out->len > 0 && t->out->data[t->out->len - 1] == ' ')
		t->out->data[--t->out->len] = '\0';
	diag_buf_putc(t->out, '\n');
}

/* Words on lines of the screen's width, each behind the indent. */
static void put_words(struct table *t, size_t indent, const char *s)
{
	size_t column = indent;

	diag_buf_pad(t->out, ' ', indent);
	while (*s != '\0') {
		size_t len = strcspn(s, " ");
		char word[512];
		size_t width;

		if (len >= sizeof(word))
			len = sizeof(word) - 1;
		memcpy(word, s, len);
		word[len] = '\0';
		width = diag_text_width(word);
		if (column > indent &&
		    column + 1 + width > t->run->call->width) {
			diag_buf_putc(t->out, '\n');
			diag_buf_pad(t->out, ' ', indent);
			column = indent;
		} else if (column > indent) {
			diag_buf_putc(t->out, ' ');
			column++;
		}
		diag_buf_put(t->out, word, len);
		column += width;
		s += len;
		s += strspn(s, " ");
	}
	diag_buf_putc(t->out, '\n');
}

/* Up to the next option that stands outside of quotes. */
static size_t option_len(const char *s)
{
	bool quoted = false;
	size_t i = 0;

	for (; s[i] != '\0'; i++) {
		if (s[i] == '\'')
			quoted = !quoted;
		if (!quoted && i > 0 && s[i] == ' ' && s[i + 1] == '-')
			break;
	}
	return i;
}

/* A command on several lines that a shell reads as one. */
static void put_command(struct table *t, size_t indent, const char *s)
{
	size_t column = indent;

	s = safe(t, s);
	diag_buf_pad(t->out, ' ', indent);
	while (*s != '\0') {
		size_t len = option_len(s);

		if (column > indent && column + len + 2 > t->run->call->width) {
			diag_buf_puts(t->out, " \\\n");
			s++; /* the blank */
			len--;
			diag_buf_pad(t->out, ' ', indent + GAP);
			column = indent + GAP;
		}
		diag_buf_put(t->out, s, len);
		column += len;
		s += len;
	}
	diag_buf_putc(t->out, '\n');
}

/* --- rows ------------------------------------------------------------------
 */

static const char *mark_of(const struct table *t, const struct diag_flow *f,
			   enum diag_flow_result r)
{
	bool utf8 = t->run->call->utf8;

	if (r == DIAG_FLOW_ALLOWED)
		return utf8 ? "\xe2\x9c\x93" : "+";
	if (r == DIAG_FLOW_UNKNOWN)
		return "?";
	if (f->optional)
		return "-";
	return utf8 ? "\xe2\x9c\x97" : "x";
}

static const char *color_of(const struct diag_flow *f, enum diag_flow_result r)
{
	if (r == DIAG_FLOW_ALLOWED)
		return "32";
	return r == DIAG_FLOW_UNKNOWN || f->optional ? "33" : "31";
}

static void put_mark(struct table *t, const struct diag_flow *f,
		     enum diag_flow_result r)
{
	const char *mark = mark_of(t, f, r);

	if (t->run->call->color)
		diag_buf_printf(t->out, "\x1b[%sm%s\x1b[0m", color_of(f, r),
				mark);
	else
		diag_buf_puts(t->out, mark);
	diag_buf_putc(t->out, ' ');
}

static const char *rule_text(struct table *t, const struct diag_nsg_rule *rule)
{
	char cut[256];
	char number[16];
	const char *name;
	size_t room;

	if (rule == NULL)
		return "";
	name = safe(t, rule->name);
	(void)snprintf(number, sizeof(number), " (%u)", rule->priority);
	if (rule->is_default &&
	    diag_text_width(name) + strlen(number) > t->rule)
		name = "default";
	room = t->rule > strlen(number) ? t->rule - strlen(number) : 1;
	if (room >= sizeof(cut))
		room = sizeof(cut) - 1;
	name =
	    diag_text_middle(name, room, !t->run->call->utf8, cut, sizeof(cut));
	return say(t, "%s (%u)", name, rule->priority);
}

static void put_row(struct table *t, size_t i)
{
	const struct diag_flow *f = &t->run->flows[i];
	const struct diag_flow_verdict *v = &t->way->verdicts[i];

	put_mark(t, f, v->result);
	put_cell(t,
		 say(t, "%-3s %s", f->dir == DIAG_IN ? "in" : "out",
		     f->proto == DIAG_TCP ? "tcp" : "udp"),
		 WAY_WIDTH);
	put_cell(t, safe(t, f->peer.text), t->peer);
	put_cell(t, pl_nsg_ports(t->run, f->port, f->port_last), t->ports);
	put_cell(t, diag_flow_result_key(v->result), 7);
	diag_buf_puts(t->out, rule_text(t, v->rule));
	end_row(t);
}

static void widen(size_t *width, const char *s, size_t max)
{
	size_t n = diag_text_width(s);

	if (n > max)
		n = max;
	if (n > *width)
		*width = n;
}

static void measure(struct table *t)
{
	size_t used;

	t->peer = strlen("PEER");
	t->ports = strlen("PORTS");
	for (size_t i = 0; i < t->run->n_flows; i++) {
		const struct diag_flow *f = &t->run->flows[i];

		widen(&t->peer, safe(t, f->peer.text), PEER_MAX);
		widen(&t->ports, pl_nsg_ports(t->run, f->port, f->port_last),
		      11);
	}
	used = 2 + WAY_WIDTH + GAP + t->peer + GAP + t->ports + GAP + 7 + GAP;
	t->rule =
	    t->run->call->width > used + 12 ? t->run->call->width - used : 12;
}

static bool has(const struct pl_nsg_run *run, bool optional)
{
	for (size_t i = 0; i < run->n_flows; i++) {
		if (run->flows[i].optional == optional)
			return true;
	}
	return false;
}

static void put_rows(struct table *t, bool optional)
{
	if (!has(t->run, optional))
		return;
	diag_buf_puts(t->out, "\n  ");
	put_cell(t, "WAY", WAY_WIDTH);
	put_cell(t, optional ? "PEER (only if)" : "PEER", t->peer);
	put_cell(t, "PORTS", t->ports);
	put_cell(t, "RESULT", 7);
	diag_buf_puts(t->out, "RULE");
	end_row(t);
	for (size_t i = 0; i < t->run->n_flows; i++) {
		if (t->run->flows[i].optional == optional)
			put_row(t, i);
	}
}

/* --- what to do ------------------------------------------------------------
 */

static void put_parts(struct table *t, size_t i)
{
	for (size_t k = 0; t->way->n_parts[i] > 1 && k < t->way->n_parts[i];
	     k++) {
		const struct diag_flow_part *p = &t->way->parts[i][k];

		diag_buf_printf(t->out, "  %s %s",
				pl_nsg_ports(t->run, p->port, p->port_last),
				diag_flow_result_key(p->verdict.result));
		if (p->verdict.rule != NULL)
			diag_buf_printf(t->out, ", rule %s",
					rule_text(t, p->verdict.rule));
		diag_buf_putc(t->out, '\n');
	}
}

static void put_repairs(struct table *t, size_t i)
{
	for (size_t k = 0; k < t->way->repairs.n; k++) {
		const struct diag_nsg_repair *r = &t->way->repairs.items[k];

		if (r->flow != i)
			continue;
		if (r->command != NULL)
			put_command(t, 2, r->command);
		else
			put_words(t, 2, safe(t, r->problem));
	}
}

static void put_detail(struct table *t, size_t i)
{
	const struct diag_flow *f = &t->run->flows[i];
	const struct diag_flow_verdict *v = &t->way->verdicts[i];
	const char *line =
	    say(t, "%s: %s", safe(t, pl_nsg_flow_text(t->run, f)),
		diag_flow_result_key(v->result));

	if (v->rule != NULL && v->result != DIAG_FLOW_UNKNOWN)
		line = say(t, "%s%s by %s (%u) of %s", line,
			   v->result == DIAG_FLOW_PARTLY ? ", the rest denied"
							 : "",
			   safe(t, v->rule->name), v->rule->priority,
			   safe(t, v->group->name));
	diag_buf_putc(t->out, '\n');
	put_words(t, 0, line);
	if (f->why != NULL)
		put_words(t, 2, say(t, "needed: %s", f->why));
	put_parts(t, i);
	if (v->why_unknown != NULL)
		put_words(t, 2, safe(t, v->why_unknown));
	put_repairs(t, i);
}

static void put_details(struct table *t)
{
	for (size_t i = 0; i < t->run->n_flows; i++) {
		if (t->way->verdicts[i].result != DIAG_FLOW_ALLOWED &&
		    (!t->run->flows[i].optional || t->run->call->verbose > 0))
			put_detail(t, i);
	}
}

static void put_wide(struct table *t, const struct diag_nsg_wide *w)
{
	diag_buf_putc(t->out, '\n');
	put_words(t, 0,
		  say(t, "Warning nsg.too-wide: %s (%u) of %s lets in %s%s",
		      safe(t, w->rule->name), w->rule->priority,
		      safe(t, w->group->name),
		      strcmp(w->lets_in, "Internet") == 0 ? "the " : "",
		      w->lets_in));
	put_words(t, 2,
		  say(t, "%s is enough%s", safe(t, w->need->peer.text),
		      w->command != NULL ? ":"
					 : "; the rule has more ports, so it "
					   "has to become two"));
	if (w->command != NULL)
		put_command(t, 2, w->command);
}

/* --- a way -----------------------------------------------------------------
 */

static const char *last_of(const char *id)
{
	const char *slash = strrchr(id, '/');

	return slash != NULL ? slash + 1 : id;
}

static void put_head(struct table *t)
{
	const struct diag_nsg_list *groups = t->way->groups;

	for (size_t i = 0; i < groups->n; i++) {
		const struct diag_nsg *g = &groups->items[i];

		diag_buf_printf(t->out, "%s%s", i > 0 ? " + " : "",
				safe(t, g->name));
		if (g->n_subnets > 0)
			diag_buf_printf(t->out, " (subnet %s)",
					safe(t, last_of(g->subnets[0])));
		else if (g->n_nics > 0)
			diag_buf_printf(t->out, " (network interface %s)",
					safe(t, last_of(g->nics[0])));
	}
	diag_buf_putc(t->out, '\n');
}

static void put_sum(struct table *t)
{
	size_t n[4] = { 0 };
	size_t needed = 0;

	for (size_t i = 0; i < t->run->n_flows; i++) {
		if (t->run->flows[i].optional)
			continue;
		n[t->way->verdicts[i].result]++;
		needed++;
	}
	diag_buf_printf(t->out, "\n%zu of %zu needed flows get through",
			n[DIAG_FLOW_ALLOWED], needed);
	if (n[DIAG_FLOW_DENIED] > 0)
		diag_buf_printf(t->out, ", %zu denied", n[DIAG_FLOW_DENIED]);
	if (n[DIAG_FLOW_PARTLY] > 0)
		diag_buf_printf(t->out, ", %zu in part", n[DIAG_FLOW_PARTLY]);
	if (n[DIAG_FLOW_UNKNOWN] > 0)
		diag_buf_printf(t->out, ", %zu not known",
				n[DIAG_FLOW_UNKNOWN]);
	diag_buf_putc(t->out, '\n');
}

static void put_way(struct table *t)
{
	put_head(t);
	measure(t);
	put_rows(t, false);
	put_rows(t, true);
	put_details(t);
	for (size_t i = 0; i < t->way->wide.n; i++)
		put_wide(t, &t->way->wide.items[i]);
	put_sum(t);
}

bool pl_nsg_text(struct pl_nsg_run *run, struct diag_buf *out)
{
	struct table t = { .run = run, .out = out };

	if (run->by_role)
		diag_buf_printf(out, "role %s, era %s, ",
				diag_role_key(run->role),
				diag_era_key(run->era));
	if (run->region[0] != '\0')
		diag_buf_printf(out, "region %s (%s)\n", run->region,
				run->region_from);
	else
		diag_buf_puts(out, "region not known\n");
	for (size_t i = 0; i < run->n_ways; i++) {
		diag_buf_putc(out, '\n');
		t.way = &run->ways[i];
		put_way(&t);
	}
	return true;
}
