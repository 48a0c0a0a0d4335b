/* SPDX-License-Identifier: MIT */
/* collector_data.c - see collector.h. */
#include "tools/pl-doctor/collector.h"

#include "net/addr_json.h"
#include "tools/script.h"

#define HTTPS 443

/* --- what is asked -------------------------------------------------------- */

static bool has_port(const uint16_t *ports, size_t n, unsigned port)
{
	for (size_t i = 0; i < n; i++)
		if (ports[i] == port)
			return true;
	return false;
}

static size_t add_ports(const struct diag_ports *from,
			uint16_t out[COLLECTOR_PORTS_MAX], size_t n)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct diag_port *p = &from->items[i];
		unsigned last = p->port_last > p->port ? p->port_last : p->port;

		if (p->proto != DIAG_TCP || p->dir != DIAG_OUT || p->peer)
			continue;
		for (unsigned port = p->port;
		     port <= last && n < COLLECTOR_PORTS_MAX; port++)
			if (!has_port(out, n, port))
				out[n++] = (uint16_t)port;
	}
	return n;
}

size_t collector_ports(const struct diag_target *t,
		       uint16_t out[COLLECTOR_PORTS_MAX])
{
	return add_ports(&t->optional_ports, out, add_ports(&t->ports, out, 0));
}

const struct diag_http_question *
collector_question(const struct diag_inventory *inv,
		   const struct diag_target *t, bool *tls)
{
	const struct diag_cat_row *row = diag_cat_row(inv->cloud, t->service);

	*tls = t->fqdn != NULL && (row == NULL || row->tls);
	return row != NULL && row->http.path != NULL ? &row->http : NULL;
}

void collector_marker(struct diag_buf *out, const struct diag_http_marker *m)
{
	if (m->header != NULL)
		diag_buf_printf(out, "%s: %s", m->header,
				m->value != NULL ? m->value : "*");
	else if (m->value != NULL)
		diag_buf_puts(out, m->value);
	else
		diag_buf_printf(out, "%d", m->code);
}

void collector_inventory(struct diag_buf *out, const struct diag_inventory *inv)
{
	struct diag_buf text;
	struct diag_jw w;

	diag_buf_init(&text, DIAG_INVENTORY_BYTES);
	diag_jw_init(&w, &text, 0);
	diag_inventory_print(inv, &w);
	script_ascii(out, diag_buf_str(&text), text.len);
	if (text.code != DIAG_OK)
		out->code = text.code;
	diag_buf_clear(&text);
}

/* --- rows ----------------------------------------------------------------- */

static void field(struct diag_buf *out, const char *text)
{
	diag_buf_putc(out, '\t');
	diag_buf_puts(out, text != NULL && text[0] != '\0' ? text : "-");
}

static void address_field(struct diag_buf *out, const struct diag_target *t)
{
	char text[DIAG_ADDR_TEXT];

	diag_buf_putc(out, '\t');
	for (size_t i = 0; i < t->n_addresses; i++)
		diag_buf_printf(out, "%s%s", i > 0 ? "," : "",
				diag_addr_text(&t->addresses[i], text));
	if (t->n_addresses == 0)
		diag_buf_putc(out, '-');
}

static void port_field(struct diag_buf *out, const struct diag_target *t)
{
	uint16_t ports[COLLECTOR_PORTS_MAX];
	size_t n = collector_ports(t, ports);

	diag_buf_putc(out, '\t');
	for (size_t i = 0; i < n; i++)
		diag_buf_printf(out, "%s%u", i > 0 ? "," : "",
				(unsigned)ports[i]);
	if (n == 0)
		diag_buf_putc(out, '-');
}

static void target_row(struct diag_buf *out, const struct diag_inventory *inv,
		       const struct diag_target *t)
{
	bool tls;
	const struct diag_http_question *q = collector_question(inv, t, &tls);

	diag_buf_puts(out, "target");
	field(out, t->fqdn);
	field(out, diag_service_key(t->service));
	address_field(out, t);
	port_field(out, t);
	field(out, tls ? "tls" : NULL);
	field(out, q != NULL && q->method != NULL ? q->method : "GET");
	field(out, q != NULL ? q->path : "/");
	field(out, diag_expect_key(t->expect));
	diag_buf_putc(out, '\n');
}

static void marker_rows(struct diag_buf *out, enum diag_service s,
			const char *kind, const struct diag_http_marker *m,
			size_t n)
{
	for (size_t i = 0; i < n; i++) {
		diag_buf_printf(out, "marker\t%s\t%s", diag_service_key(s),
				kind);
		field(out, m[i].header);
		field(out, m[i].value);
		diag_buf_printf(out, "\t%d\t", m[i].code);
		collector_marker(out, &m[i]);
		diag_buf_putc(out, '\n');
	}
}

static void name_rows(struct diag_buf *out, const char *word,
		      const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		diag_buf_printf(out, "%s\t%s\n", word, names[i]);
}

static bool is_asked(const struct diag_inventory *inv, enum diag_service s)
{
	for (size_t i = 0; i < inv->n_targets; i++)
		if (inv->targets[i].service == s)
			return true;
	return false;
}

void collector_rows(struct diag_buf *out, const struct collector *c)
{
	for (size_t i = 0; i < c->inv->n_targets; i++)
		target_row(out, c->inv, &c->inv->targets[i]);
	for (int s = 0; s < DIAG_N_SERVICES; s++) {
		const struct diag_cat_row *row =
		    diag_cat_row(c->inv->cloud, (enum diag_service)s);

		if (row == NULL || !is_asked(c->inv, row->service))
			continue;
		marker_rows(out, row->service, "service", row->http.service,
			    row->http.n_service);
		marker_rows(out, row->service, "denial", row->http.denial,
			    row->http.n_denial);
	}
	name_rows(out, "zone", c->zones, c->n_zones);
	name_rows(out, "resolver", c->resolvers, c->n_resolvers);
}

/* --- JSON ----------------------------------------------------------------- */

static void json_markers(struct diag_jw *w, const char *key,
			 const struct diag_http_marker *m, size_t n)
{
	struct diag_buf words;

	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++) {
		diag_buf_init(&words, 1024);
		collector_marker(&words, &m[i]);
		diag_jw_open(w, '{');
		diag_jw_kstr(w, "header",
			     m[i].header != NULL ? m[i].header : "");
		diag_jw_kstr(w, "value", m[i].value != NULL ? m[i].value : "");
		diag_jw_kuint(w, "code", (uint64_t)m[i].code);
		diag_jw_kstr(w, "words", diag_buf_str(&words));
		diag_jw_close(w, '}');
		diag_buf_clear(&words);
	}
	diag_jw_close(w, ']');
}

static void json_lists(struct diag_jw *w, const struct diag_target *t)
{
	uint16_t ports[COLLECTOR_PORTS_MAX];
	size_t n = collector_ports(t, ports);

	diag_addrs_json(w, "addresses", t->addresses, t->n_addresses);
	diag_jw_kopen(w, "ports", '[');
	for (size_t i = 0; i < n; i++)
		diag_jw_uint(w, ports[i]);
	diag_jw_close(w, ']');
}

static void json_target(struct diag_jw *w, const struct diag_inventory *inv,
			const struct diag_target *t)
{
	bool tls;
	const struct diag_http_question *q = collector_question(inv, t, &tls);

	diag_jw_open(w, '{');
	diag_jw_kstr(w, "fqdn", t->fqdn != NULL ? t->fqdn : "");
	json_lists(w, t);
	diag_jw_kbool(w, "tls", tls);
	diag_jw_kstr(w, "method",
		     q != NULL && q->method != NULL ? q->method : "GET");
	diag_jw_kstr(w, "path", q != NULL ? q->path : "/");
	diag_jw_kstr(w, "expect", diag_expect_key(t->expect));
	json_markers(w, "service", q != NULL ? q->service : NULL,
		     q != NULL ? q->n_service : 0);
	json_markers(w, "denial", q != NULL ? q->denial : NULL,
		     q != NULL ? q->n_denial : 0);
	diag_jw_close(w, '}');
}

static void json_names(struct diag_jw *w, const char *key,
		       const char *const *names, size_t n)
{
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++)
		diag_jw_str(w, names[i]);
	diag_jw_close(w, ']');
}

void collector_json(struct diag_buf *out, const struct collector *c)
{
	struct diag_buf text;
	struct diag_jw w;

	diag_buf_init(&text, DIAG_INVENTORY_BYTES);
	diag_jw_init(&w, &text, 0);
	diag_jw_open(&w, '{');
	diag_jw_kopen(&w, "targets", '[');
	for (size_t i = 0; i < c->inv->n_targets; i++)
		json_target(&w, c->inv, &c->inv->targets[i]);
	diag_jw_close(&w, ']');
	json_names(&w, "zones", c->zones, c->n_zones);
	json_names(&w, "resolvers", c->resolvers, c->n_resolvers);
	diag_jw_close(&w, '}');
	script_ascii(out, diag_buf_str(&text), text.len);
	if (text.code != DIAG_OK)
		out->code = text.code;
	diag_buf_clear(&text);
}
