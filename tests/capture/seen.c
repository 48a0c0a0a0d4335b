/* SPDX-License-Identifier: MIT */
/* See seen.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/capture/seen.h"

static void put(struct seen *s, const char *fmt, ...) DIAG_PRINTF(2, 3);
static void put(struct seen *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	s->len += (size_t)vsnprintf(s->text + s->len, sizeof(s->text) - s->len,
				    fmt, args);
	va_end(args);
	assert_true(s->len < sizeof(s->text));
}

static void put_dns(struct seen *s, const struct diag_dns_fact *d)
{
	char text[DIAG_ADDR_TEXT];

	put(s, " %s %s%s", d->view, diag_rrtype_key(d->type),
	    d->tcp ? " tcp" : "");
	for (size_t i = 0; i < d->n_addresses && i < 2; i++)
		put(s, " %s", diag_addr_text(&d->addresses[i], text));
	if (d->sends > 1)
		put(s, " sends %u", d->sends);
}

static void put_tls(struct seen *s, const struct diag_tls_fact *t)
{
	if (t->version)
		put(s, " %s", t->version);
	if (t->alert >= 0)
		put(s, " alert %d", t->alert);
	if (t->n_chain > 0)
		put(s, " chain %zu", t->n_chain);
	if (t->packet_max > 0)
		put(s, " in %u", t->packet_max);
	if (t->repeated)
		put(s, " again");
}

static void put_peer(struct seen *s, const struct diag_addr *a, unsigned port)
{
	char text[DIAG_ADDR_TEXT];

	put(s, " %s %u", diag_addr_text(a, text), port);
}

static void put_mtu(struct seen *s, const struct diag_mtu_fact *m)
{
	char to[DIAG_ADDR_TEXT], from[DIAG_ADDR_TEXT];

	put(s, " %s %u %s by %s", diag_addr_text(&m->address, to), m->told,
	    m->how, diag_addr_text(&m->icmp.from, from));
}

static void put_arrival(struct seen *s, const struct diag_arrival_fact *a)
{
	char text[DIAG_ADDR_TEXT];

	put(s, " %u%s", a->port, a->protocol ? "/udp" : "");
	if (a->from.family != DIAG_NOFAM)
		put(s, " from %s %u", diag_addr_text(&a->from, text),
		    a->from_port);
	if (a->nonce)
		put(s, " %.4s", a->nonce);
	if (a->answered)
		put(s, " %s", a->answered);
	if (a->said)
		put(s, " said %s", a->said);
	if (a->came + a->dropped > 0)
		put(s, " %u-%u", (unsigned)a->came, (unsigned)a->dropped);
}

static bool take(void *ctx, const struct diag_fact *f, struct diag_err *err)
{
	struct seen *s = ctx;

	(void)err;
	put(s, "%s %s", diag_fact_kind_key(f->kind),
	    f->target ? f->target : "-");
	if (f->kind == DIAG_FACT_DNS)
		put_dns(s, &f->dns);
	if (f->kind == DIAG_FACT_TCP)
		put_peer(s, &f->tcp.address, f->tcp.port);
	if (f->kind == DIAG_FACT_UDP)
		put_peer(s, &f->udp.address, f->udp.port);
	if (f->kind == DIAG_FACT_TLS)
		put_peer(s, &f->tls.address, f->tls.port);
	if (f->kind == DIAG_FACT_TLS)
		put_tls(s, &f->tls);
	if (f->kind == DIAG_FACT_MTU)
		put_mtu(s, &f->mtu);
	if (f->kind == DIAG_FACT_ARRIVAL)
		put_arrival(s, &f->arrival);
	if (f->kind == DIAG_FACT_ARRIVAL &&
	    strcmp(f->arrival.seen_by, "answers") == 0)
		put(s, " answers %.0f to %.0f ms", f->started_ms,
		    f->started_ms + f->took_ms);
	if (f->kind == DIAG_FACT_HTTP)
		put(s, " %s %d", f->http.proxy, f->http.connect_code);
	put(s, " %s\n", diag_status_key(f->status));
	return true;
}

#define V4(last)                                                   \
	{                                                          \
		.family = DIAG_IPV4, .bytes = { 10, 150, 0, last } \
	}
#define V6                                                                     \
	{                                                                      \
		.family = DIAG_IPV6, .bytes = { 0x20, 1, 0xd, 0xb8, [15] = 4 } \
	}

static const struct diag_capture_pin pins[] = {
	{ V4(4), "four" },  { V4(5), "five" },	{ V4(6), "six" },
	{ V4(7), "seven" }, { V4(8), "eight" }, { V4(9), "nine" },
	{ V4(10), "ten" },  { V6, "v6" },	{ V4(20), NULL },
};

bool seen_file(const char *name, const struct diag_capture_options *o,
	       struct seen *out, struct diag_err *err)
{
	struct diag_capture_options own = { .pins = pins,
					    .n_pins =
						sizeof(pins) / sizeof(*pins) };
	struct diag_capture_file_end end = { 0 };
	struct diag_capture *c = NULL;
	char path[512];
	bool ok;

	memset(out, 0, sizeof(*out));
	if (o)
		own = *o;
	own.sink = (struct diag_sink){ take, out };
	(void)snprintf(path, sizeof(path), "%s%s",
		       name[0] == '/' ? "" : TEST_DATA "/captures/", name);
	assert_true(diag_capture_new(&own, &c, err));
	ok = diag_capture_file(c, path, &end, err) && diag_capture_end(c, err);
	out->broken = end.broken;
	out->counts = diag_capture_seen(c)->counts;
	out->n_servers = diag_capture_seen(c)->n_servers;
	out->n_proxies = diag_capture_seen(c)->n_proxies;
	out->node_heard =
	    own.n_nodes > 0 && diag_capture_seen(c)->nodes_heard[0];
	out->elsewhere = diag_capture_seen(c)->elsewhere;
	diag_capture_free(c);
	return ok;
}

static bool no_name(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return false;
}

bool seen_node(const char *name, uint8_t node, struct seen *out,
	       struct diag_err *err)
{
	static const struct diag_capture_port ports[] = {
		{ 44224, false },
		{ 29876, false },
		{ 5831, true },
		{ 5832, true },
	};
	const struct diag_addr at = V4(node);
	const struct diag_capture_options o = {
		.wanted = no_name,
		.nodes = &at,
		.n_nodes = 1,
		.ports = ports,
		.n_ports = sizeof(ports) / sizeof(*ports),
	};

	return seen_file(name, &o, out, err);
}

static const struct diag_roots *roots_of(void *ctx)
{
	return ctx;
}

bool seen_judged(const char *name, struct seen *out, struct diag_err *err)
{
	struct diag_roots none;
	struct diag_capture_options o = { .roots = roots_of, .ctx = &none };
	bool ok;

	assert_true(diag_roots_init(&none, NULL, err));
	ok = seen_file(name, &o, out, err);
	diag_roots_clear(&none);
	return ok;
}

void seen_is(const char *name, const char *expected)
{
	struct diag_err err = { 0 };
	struct seen *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	assert_true(seen_file(name, NULL, s, &err));
	if (strcmp(s->text, expected) != 0)
		print_error("%s gave:\n%s", name, s->text);
	assert_string_equal(s->text, expected);
	free(s);
}
