/* SPDX-License-Identifier: MIT */
/* text.c - facts about names as lines for people and spreadsheets.
 *
 * Names of a fact are safe by construction (letters, digits, \DDD); texts of
 * the operating system are made safe here.
 */
#include "tools/pl-resolve/resolve.h"

#include <string.h>

#include "base/text.h"

#define ANSWER_COLUMN 24
#define ERROR_TEXT    160

/* --- pieces --------------------------------------------------------------- */

static void put_addresses(const struct diag_fact *f, char between,
			  struct diag_buf *out)
{
	size_t n = 0;
	const struct diag_addr *a = resolve_addresses(f, &n);
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			diag_buf_putc(out, between);
		diag_buf_puts(out, diag_addr_text(&a[i], text));
	}
}

static const char *type_of(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_DNS ? diag_rrtype_key(f->dns.type) : "any";
}

static const char *scope_of(const struct diag_inventory *inv,
			    const struct diag_fact *f)
{
	size_t n = 0;
	const struct diag_addr *a = resolve_addresses(f, &n);

	return n > 0 ? resolve_scope(inv, resolve_target(inv, resolve_name(f)),
				     &a[0])
		     : "";
}

static bool is_tcp(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_DNS && f->dns.tcp;
}

/* --- one line per fact ---------------------------------------------------- */

void resolve_put_line(const struct diag_inventory *inv,
		      const struct diag_fact *f, bool with_view,
		      struct diag_buf *out)
{
	struct resolve_verdict v = resolve_judge(inv, f);
	size_t n = 0;

	(void)resolve_addresses(f, &n);
	diag_buf_puts(out, resolve_name(f));
	diag_buf_putc(out, ' ');
	diag_buf_puts(out, type_of(f));
	if (with_view) {
		diag_buf_putc(out, ' ');
		diag_buf_puts(out, resolve_view(f));
	}
	diag_buf_putc(out, ' ');
	if (f->status == DIAG_ST_ANSWER && n > 0) {
		put_addresses(f, ',', out);
		diag_buf_putc(out, ' ');
		diag_buf_puts(out, scope_of(inv, f));
	} else {
		diag_buf_puts(out, diag_status_key(f->status));
	}
	if (v.word[0]) {
		diag_buf_putc(out, ' ');
		diag_buf_puts(out, v.word);
	}
	diag_buf_putc(out, '\n');
}

/* --- RFC 4180 ------------------------------------------------------------- */

static void put_field(struct diag_buf *out, const char *s)
{
	if (strpbrk(s, ",\"\r\n") == NULL) {
		diag_buf_puts(out, s);
		return;
	}
	diag_buf_putc(out, '"');
	for (; *s; s++) {
		if (*s == '"')
			diag_buf_putc(out, '"');
		diag_buf_putc(out, *s);
	}
	diag_buf_putc(out, '"');
}

void resolve_put_csv_head(struct diag_buf *out)
{
	diag_buf_puts(out, "name,type,view,transport,status,rcode,took_ms,"
			   "addresses,scope,judgement,chain\r\n");
}

static void put_chain(const struct diag_fact *f, struct diag_buf *out)
{
	for (size_t i = 0; i < f->dns.n_chain; i++)
		if (f->dns.chain[i].type == DIAG_RR_CNAME) {
			diag_buf_puts(out, f->dns.chain[i].value);
			diag_buf_putc(out, ' ');
		}
	if (out->len > 0 && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
}

void resolve_put_csv(const struct diag_inventory *inv,
		     const struct diag_fact *f, struct diag_buf *out)
{
	bool dns = f->kind == DIAG_FACT_DNS;

	put_field(out, resolve_name(f));
	diag_buf_printf(out, ",%s,", type_of(f));
	put_field(out, resolve_view(f));
	diag_buf_printf(out, ",%s,%s,", dns ? is_tcp(f) ? "tcp" : "udp" : "",
			diag_status_key(f->status));
	if (dns && f->dns.rcode >= 0)
		diag_buf_printf(out, "%d", f->dns.rcode);
	diag_buf_printf(out, ",%.3f,", f->took_ms);
	put_addresses(f, ' ', out);
	diag_buf_printf(out, ",%s,%s,", scope_of(inv, f),
			resolve_judge(inv, f).word);
	if (dns)
		put_chain(f, out);
	diag_buf_puts(out, "\r\n");
}

/* --- a name and all its answers ------------------------------------------- */

static void put_color(const struct resolve_page *p, struct diag_buf *out,
		      const char *code)
{
	if (p->call->color)
		diag_buf_printf(out, "\033[%sm", code);
}

static void put_judged(const struct resolve_page *p, const struct diag_fact *f,
		       struct diag_buf *out)
{
	struct resolve_verdict v = resolve_judge(p->inv, f);

	if (v.word[0] == '\0')
		return;
	diag_buf_puts(out, "  ");
	put_color(p, out, v.worth == RESOLVE_BAD ? "31" : "32");
	diag_buf_puts(out, v.word);
	put_color(p, out, "0");
}

static void put_failure(const struct resolve_page *p, const struct diag_fact *f,
			struct diag_buf *out)
{
	char text[ERROR_TEXT];

	diag_buf_puts(out, diag_status_key(f->status));
	if (f->kind == DIAG_FACT_DNS && f->dns.soa.owner)
		diag_buf_printf(out, " (SOA of %s)", f->dns.soa.owner);
	if (f->error)
		diag_buf_printf(out, ": %s",
				diag_text_safe_z(f->error, text, sizeof(text)));
	put_judged(p, f, out);
}

static void put_answer(const struct resolve_page *p, const struct diag_fact *f,
		       struct diag_buf *out)
{
	const struct diag_target *t = resolve_target(p->inv, resolve_name(f));
	size_t n = 0;
	const struct diag_addr *a = resolve_addresses(f, &n);
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < n; i++) {
		if (i > 0) {
			diag_buf_putc(out, '\n');
			diag_buf_pad(out, ' ', ANSWER_COLUMN);
		}
		diag_buf_printf(out, "%s %s", diag_addr_text(&a[i], text),
				resolve_scope(p->inv, t, &a[i]));
		if (i == 0)
			put_judged(p, f, out);
	}
	if (f->kind == DIAG_FACT_SYSTEM_DNS && f->system_dns.from_hosts)
		diag_buf_puts(out, "  from the hosts file");
	diag_buf_printf(out, "  %.1f ms", f->took_ms);
}

static void put_aliases(const struct resolve_page *p, const struct diag_fact *f,
			struct diag_buf *out)
{
	for (size_t i = 0; i < f->dns.n_chain; i++) {
		if (f->dns.chain[i].type != DIAG_RR_CNAME)
			continue;
		diag_buf_printf(out, "%s %s\n", p->call->utf8 ? "→" : "->",
				f->dns.chain[i].value);
		diag_buf_pad(out, ' ', ANSWER_COLUMN);
	}
}

static void put_fact(const struct resolve_page *p, const struct diag_fact *f,
		     bool first, struct diag_buf *out)
{
	const char *view = first ? resolve_view(f) : "";
	size_t width = strlen(view) + 2;

	diag_buf_printf(out, "  %s", view);
	diag_buf_pad(out, ' ',
		     width < ANSWER_COLUMN ? ANSWER_COLUMN - width : 1);
	if (is_tcp(f))
		diag_buf_puts(out, "over TCP: ");
	if (f->kind == DIAG_FACT_DNS && f->dns.type == DIAG_RR_AAAA)
		diag_buf_puts(out, "AAAA ");
	if (f->kind == DIAG_FACT_DNS)
		put_aliases(p, f, out);
	if (f->status == DIAG_ST_ANSWER)
		put_answer(p, f, out);
	else
		put_failure(p, f, out);
	diag_buf_putc(out, '\n');
}

/* That a name has no IPv6 address is worth a line only if somebody asks. */
static bool is_dull(const struct resolve_page *p, const struct diag_fact *f,
		    bool asked_a)
{
	return !p->call->verbose && asked_a && f->kind == DIAG_FACT_DNS &&
	       f->dns.type == DIAG_RR_AAAA &&
	       (f->status == DIAG_ST_NODATA || f->status == DIAG_ST_NXDOMAIN ||
		f->status == DIAG_ST_TRUNCATED);
}

static void put_heading(const struct resolve_page *p, const char *name,
			struct diag_buf *out)
{
	const struct diag_target *t = resolve_target(p->inv, name);
	char text[DIAG_ADDR_TEXT];

	put_color(p, out, "1");
	diag_buf_puts(out, name);
	put_color(p, out, "0");
	if (t && t->service != DIAG_SVC_OTHER)
		diag_buf_printf(out, "  %s", diag_service_key(t->service));
	for (size_t i = 0; t && i < t->n_addresses; i++)
		diag_buf_printf(out, "%s%s", i ? ", " : "  should be ",
				diag_addr_text(&t->addresses[i], text));
	diag_buf_putc(out, '\n');
}

static bool has_a(const struct diag_fact *const *facts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (facts[i]->kind == DIAG_FACT_DNS &&
		    facts[i]->dns.type == DIAG_RR_A)
			return true;
	return false;
}

void resolve_put_name(const struct resolve_page *p, const char *name,
		      const struct diag_fact *const *facts, size_t n,
		      struct diag_buf *out)
{
	bool asked_a = has_a(facts, n);

	put_heading(p, name, out);
	for (size_t v = 0; v < p->n_views; v++) {
		bool first = true;

		for (size_t i = 0; i < n; i++) {
			const struct diag_fact *f = facts[i];

			if (strcmp(resolve_view(f), p->views[v].text) != 0 ||
			    is_dull(p, f, asked_a))
				continue;
			put_fact(p, f, first, out);
			first = false;
		}
	}
}
