/* SPDX-License-Identifier: MIT */
#include "tests/fact/make.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const odd[] = {
	"",
	"ws1103sa.blob.core.windows.net",
	"198.51.100.53:53",
	"quote \" backslash \\ slash /",
	"tab \t line \n return \r bell \a delete \x7f",
	"escape \x1b[31m\x1b]0;title\a",
	"bidi \xe2\x80\xae override \xe2\x81\xa6 isolate",
	("c1 \xc2\x9b"
	 "31m"),
	"emoji \xf0\x9f\x94\xa5 accent e\xcc\x81 wide \xe6\xbc\xa2",
	"<script>alert('&')</script>",
	"CN=a\\,b,O=c",
	"\xef\xbf\xbd\xef\xbf\xbf",
};
#define N_ODD (sizeof(odd) / sizeof(odd[0]))

/* xorshift64: the same facts on every machine. */
unsigned make_number(struct make *m, unsigned below)
{
	m->state ^= m->state << 13;
	m->state ^= m->state >> 7;
	m->state ^= m->state << 17;
	return (unsigned)(m->state >> 33) % below;
}

static bool chance(struct make *m)
{
	return make_number(m, 2) == 1;
}

static const char *text(struct make *m)
{
	unsigned n = make_number(m, N_ODD + 2);
	char *s;

	if (n < N_ODD)
		return odd[n];
	s = diag_arena_printf(&m->arena, "name-%u.example",
			      make_number(m, 1000));
	if (n == N_ODD)
		return s;
	s = diag_arena_alloc(&m->arena, 700);
	memset(s, 'x', 699);
	return s;
}

static const char *maybe(struct make *m)
{
	return chance(m) ? text(m) : NULL;
}

static double ms(struct make *m)
{
	return make_number(m, 10000000) / 1000.0;
}

static struct diag_addr address(struct make *m)
{
	struct diag_addr a = { .family = chance(m) ? DIAG_IPV4 : DIAG_IPV6 };
	unsigned len = a.family == DIAG_IPV4 ? 4 : 16;

	for (unsigned i = 0; i < len; i++)
		a.bytes[i] = (uint8_t)make_number(m, 256);
	return a;
}

static struct diag_addr maybe_address(struct make *m)
{
	struct diag_addr none = { .family = DIAG_NOFAM };

	return chance(m) ? address(m) : none;
}

static const struct diag_addr *addresses(struct make *m, size_t *n)
{
	struct diag_addr *list;

	*n = make_number(m, 4);
	list = diag_arena_array(&m->arena, *n, sizeof(*list));
	for (size_t i = 0; i < *n; i++)
		list[i] = address(m);
	return list;
}

static uint16_t port(struct make *m)
{
	return (uint16_t)(1 + make_number(m, 65535));
}

static struct diag_icmp_seen icmp(struct make *m)
{
	struct diag_icmp_seen none = { .seen = false };

	if (chance(m))
		return none;
	return (struct diag_icmp_seen){ .seen = true,
					.type = (int)make_number(m, 256),
					.code = (int)make_number(m, 256),
					.from = maybe_address(m) };
}

static const struct diag_rr *chain(struct make *m, size_t *n)
{
	static const enum diag_rrtype types[] = { DIAG_RR_A, DIAG_RR_CNAME,
						  DIAG_RR_AAAA,
						  (enum diag_rrtype)65 };
	struct diag_rr *list;

	*n = make_number(m, 4);
	list = diag_arena_array(&m->arena, *n, sizeof(*list));
	for (size_t i = 0; i < *n; i++)
		list[i] = (struct diag_rr){ .name = text(m),
					    .type = types[make_number(m, 4)],
					    .ttl_s = make_number(m, 100000),
					    .value = text(m) };
	return list;
}

static void make_dns(struct make *m, struct diag_dns_fact *d)
{
	d->view = text(m);
	d->name = text(m);
	d->type = chance(m) ? DIAG_RR_SOA : DIAG_RR_AAAA;
	d->tcp = chance(m);
	d->rcode = (int)make_number(m, 20) - 1;
	d->ede = (int)make_number(m, 20) - 1;
	d->chain = chain(m, &d->n_chain);
	d->addresses = addresses(m, &d->n_addresses);
	if (chance(m))
		d->soa = (struct diag_soa){ text(m), text(m), text(m),
					    make_number(m, 5), UINT32_MAX };
	d->sends = make_number(m, 3);
	d->received = make_number(m, 3);
	d->edns = chance(m);
	d->ad = chance(m);
	d->aa = chance(m);
}

static void make_system_dns(struct make *m, struct diag_system_dns_fact *s)
{
	s->name = text(m);
	s->addresses = addresses(m, &s->n_addresses);
	s->canonical = maybe(m);
	s->emulated = chance(m);
	s->from_hosts = chance(m);
}

static void make_route(struct make *m, struct diag_route_fact *r)
{
	r->address = address(m);
	r->interface = maybe(m);
	r->source = maybe_address(m);
	r->gateway = maybe_address(m);
	r->on_link = chance(m);
	r->is_default = chance(m);
	r->is_tunnel = chance(m);
}

static void make_tcp(struct make *m, struct diag_tcp_fact *t)
{
	t->address = address(m);
	t->port = port(m);
	t->local_address = maybe_address(m);
	t->local_port = chance(m) ? port(m) : 0;
	t->isn = make_number(m, UINT32_MAX);
	t->icmp = icmp(m);
	t->peer = maybe(m);
	t->nonce = maybe(m);
}

static const struct diag_cert *certs(struct make *m, size_t *n)
{
	struct diag_cert *list;

	*n = make_number(m, 3);
	list = diag_arena_array(&m->arena, *n, sizeof(*list));
	for (size_t i = 0; i < *n; i++) {
		const char **san;

		list[i].n_san = make_number(m, 4);
		san = diag_arena_array(&m->arena, list[i].n_san, sizeof(*san));
		for (size_t k = 0; k < list[i].n_san; k++)
			san[k] = text(m);
		list[i].san = san;
		list[i].subject = text(m);
		list[i].issuer = text(m);
		list[i].sha256 = text(m);
		list[i].not_before_s = -(int64_t)make_number(m, 1000000);
		list[i].not_after_s = 4102444800 + make_number(m, 1000000);
	}
	return list;
}

static void make_tls(struct make *m, struct diag_tls_fact *t)
{
	static const enum diag_status faults[] = { DIAG_ST_UNTRUSTED,
						   DIAG_ST_NAME_MISMATCH,
						   DIAG_ST_EXPIRED };

	t->address = address(m);
	t->port = port(m);
	t->sni = maybe(m);
	t->version = maybe(m);
	t->cipher = maybe(m);
	t->alpn = maybe(m);
	t->chain = certs(m, &t->n_chain);
	t->root = (enum diag_root)make_number(m, DIAG_ROOT_LOCAL + 1);
	t->faults = faults;
	t->n_faults = make_number(m, 4);
	t->alert = (int)make_number(m, 257) - 1;
	t->server_hello = chance(m);
	t->bytes_in = (uint64_t)make_number(m, 1u << 31) << 21;
	t->hello_bytes = make_number(m, 65536);
	t->packet_max = make_number(m, 65536);
	t->repeated = chance(m);
	t->client_cert_requested = chance(m);
	t->verify_text = maybe(m);
}

static void make_http(struct make *m, struct diag_http_fact *h)
{
	static const struct diag_header headers[] = {
		{ "x-ms-error-code", "" },
		{ "via", "1.1 a" },
		{ "via", "1.1 \x1b b" },
		{ "www-authenticate", "Bearer \"x\"" },
	};

	h->address = maybe_address(m);
	h->port = chance(m) ? port(m) : 0;
	h->method = maybe(m);
	h->url = text(m);
	h->proxy = maybe(m);
	h->connect_code = (int)make_number(m, 600);
	h->code = (int)make_number(m, 600);
	h->server = maybe(m);
	h->date = maybe(m);
	h->headers = headers;
	h->n_headers = make_number(m, 5);
	h->is_service = chance(m);
	h->denial = maybe(m);
	h->body = maybe(m);
}

static void make_mtu(struct make *m, struct diag_mtu_fact *u)
{
	u->address = address(m);
	u->port = chance(m) ? port(m) : 0;
	u->interface = maybe(m);
	u->interface_mtu = make_number(m, 1u << 20);
	u->mtu = make_number(m, 65536);
	u->how = maybe(m);
	u->lost = make_number(m, 65536);
	u->resends = make_number(m, 9);
	u->told = make_number(m, 65536);
	u->icmp = icmp(m);
	u->mss = make_number(m, 65536);
	u->sends = make_number(m, 100);
}

static void make_arrival(struct make *m, struct diag_arrival_fact *a)
{
	a->from = maybe_address(m);
	a->from_port = chance(m) ? port(m) : 0;
	a->address = maybe_address(m);
	a->port = port(m);
	a->seen_by = chance(m) ? "socket" : chance(m) ? "capture" : "answers";
	a->isn = make_number(m, UINT32_MAX);
	a->protocol = maybe(m);
	a->nonce = maybe(m);
	a->answered = maybe(m);
	a->said = maybe(m);
	a->came = make_number(m, 1000000);
	a->dropped = make_number(m, 1000);
	a->queue_full = make_number(m, 10);
	a->no_way_back = make_number(m, 10);
	a->reverse_path = make_number(m, 10);
}

static enum diag_status status(struct make *m, enum diag_fact_kind kind)
{
	enum diag_status s;

	do {
		s = (enum diag_status)make_number(m, DIAG_N_STATUSES);
	} while (!diag_status_parse(kind, diag_status_key(s), &s));
	return s;
}

struct diag_fact make_fact(struct make *m, enum diag_fact_kind kind)
{
	static const int numbers[] = { 0, ECONNREFUSED, ETIMEDOUT, 99998 };
	struct diag_fact f = { .id = 1 + make_number(m, 1000000),
			       .kind = kind,
			       .target = maybe(m),
			       .origin = maybe(m),
			       .error = maybe(m) };

	f.status = status(m, kind);
	f.started_ms = ms(m);
	f.took_ms = ms(m);
	f.sys_errno = numbers[make_number(m, 4)];
	if (kind == DIAG_FACT_DNS)
		make_dns(m, &f.dns);
	else if (kind == DIAG_FACT_SYSTEM_DNS)
		make_system_dns(m, &f.system_dns);
	else if (kind == DIAG_FACT_ROUTE)
		make_route(m, &f.route);
	else if (kind == DIAG_FACT_TCP)
		make_tcp(m, &f.tcp);
	else if (kind == DIAG_FACT_TLS)
		make_tls(m, &f.tls);
	else if (kind == DIAG_FACT_HTTP)
		make_http(m, &f.http);
	else if (kind == DIAG_FACT_UDP)
		f.udp = (struct diag_udp_fact){ address(m),	  port(m),
						maybe_address(m), icmp(m),
						maybe(m),	  maybe(m) };
	else if (f.kind == DIAG_FACT_MTU)
		make_mtu(m, &f.mtu);
	else
		make_arrival(m, &f.arrival);
	return f;
}
