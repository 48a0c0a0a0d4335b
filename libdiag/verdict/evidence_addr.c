/* SPDX-License-Identifier: MIT */
/* evidence_addr.c - the addresses of one name: class, route, connections, and
 * whether this very service answers there. */
#include "verdict/evidence_build.h"

#include <stdlib.h>
#include <string.h>

struct gather {
	struct build *b;
	struct ev_target *t;
	const struct diag_cidr *nat64;
	size_t cap;
};

/* --- which addresses ------------------------------------------------------ */

static size_t n_addresses_in(const struct diag_fact *f)
{
	switch (f->kind) {
	case DIAG_FACT_DNS:
		return f->dns.n_addresses;
	case DIAG_FACT_SYSTEM_DNS:
		return f->system_dns.n_addresses;
	case DIAG_FACT_TCP:
	case DIAG_FACT_TLS:
	case DIAG_FACT_HTTP:
	case DIAG_FACT_UDP:
		return 1;
	case DIAG_FACT_ROUTE:
	case DIAG_FACT_ARRIVAL:
	case DIAG_FACT_MTU:
		break;
	}
	return 0;
}

static void put(struct gather *g, const struct diag_addr *a, bool answered)
{
	if (a->family == DIAG_NOFAM || g->t->n_addrs == g->cap)
		return;
	g->t->addrs[g->t->n_addrs].addr = *a;
	g->t->addrs[g->t->n_addrs].answered = answered;
	g->t->n_addrs++;
}

static void put_all(struct gather *g, const struct diag_addr *a, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		put(g, &a[i], true);
}

static void put_fact(struct gather *g, const struct diag_fact *f)
{
	switch (f->kind) {
	case DIAG_FACT_DNS:
		put_all(g, f->dns.addresses, f->dns.n_addresses);
		break;
	case DIAG_FACT_SYSTEM_DNS:
		put_all(g, f->system_dns.addresses, f->system_dns.n_addresses);
		break;
	case DIAG_FACT_TCP:
		put(g, &f->tcp.address, false);
		break;
	case DIAG_FACT_TLS:
		put(g, &f->tls.address, false);
		break;
	case DIAG_FACT_HTTP:
		if (f->http.proxy == NULL)
			put(g, &f->http.address, false);
		break;
	case DIAG_FACT_UDP:
		put(g, &f->udp.address, false);
		break;
	case DIAG_FACT_ROUTE:
	case DIAG_FACT_ARRIVAL:
	case DIAG_FACT_MTU:
		break;
	}
}

static int addr_row_cmp(const void *a, const void *b)
{
	return diag_addr_cmp(&((const struct ev_addr *)a)->addr,
			     &((const struct ev_addr *)b)->addr);
}

static void drop_doubles(struct ev_target *t)
{
	size_t i, n = 0;

	if (t->n_addrs == 0)
		return;
	qsort(t->addrs, t->n_addrs, sizeof(*t->addrs), addr_row_cmp);
	for (i = 1; i < t->n_addrs; i++) {
		if (addr_row_cmp(&t->addrs[n], &t->addrs[i]) == 0)
			t->addrs[n].answered |= t->addrs[i].answered;
		else
			t->addrs[++n] = t->addrs[i];
	}
	t->n_addrs = n + 1;
}

/* --- what they are -------------------------------------------------------- */

static bool is_expected(const struct diag_target *t, const struct diag_addr *a)
{
	size_t i;

	for (i = 0; i < t->n_addresses; i++)
		if (diag_addr_eq(&t->addresses[i], a))
			return true;
	return false;
}

static enum ev_class class_of(const struct gather *g, const struct ev_addr *a)
{
	const struct ev_target *t = g->t;

	if (is_expected(t->t, &a->addr) || is_expected(t->t, &a->judged))
		return EV_EXPECTED;
	if (diag_inventory_has_net(g->b->c->inventory, &a->judged))
		return EV_OURS;
	if (diag_scope_is_unusable(a->scope))
		return EV_UNUSABLE;
	if (diag_scope_is_synthetic(&a->judged) &&
	    ev_through_tunnel(t->origin, a))
		return EV_SYNTHETIC;
	return diag_scope_is_private(a->scope) ? EV_PRIVATE : EV_PUBLIC;
}

static const struct diag_addr *way_to(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_ROUTE ? &f->route.address : &f->mtu.address;
}

/* Of facts by address: the newest about this one. */
static const struct diag_fact *newest(const struct fact_slice *ways,
				      const struct diag_addr *a)
{
	size_t lo = 0, hi = ways->n;

	/* The last of those that are not greater than a. */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (diag_addr_cmp(way_to(ways->facts[mid]), a) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0 || !diag_addr_eq(way_to(ways->facts[lo - 1]), a))
		return NULL;
	return ways->facts[lo - 1];
}

static void describe(const struct gather *g, const struct fact_cut *cut,
		     struct ev_addr *a)
{
	a->judged = a->addr;
	a->dns64 = a->addr.family == DIAG_IPV6 &&
		   diag_scope_dns64(&a->addr, g->nat64, &a->judged);
	a->scope = diag_scope_of(&a->judged);
	a->route = newest(&cut->routes, &a->addr);
	a->mtu = newest(&cut->mtus, &a->addr);
	a->cls = class_of(g, a);
	a->expected = a->cls == EV_EXPECTED;
}

/* --- connections ---------------------------------------------------------- */

static bool port_of(const struct diag_fact *f, uint16_t *port)
{
	if (f->kind == DIAG_FACT_TCP)
		*port = f->tcp.port;
	else if (f->kind == DIAG_FACT_TLS)
		*port = f->tls.port;
	else if (f->kind == DIAG_FACT_HTTP && f->http.proxy == NULL)
		*port = f->http.port;
	else
		return false;
	return true;
}

static const struct diag_addr *stage_addr(const struct diag_fact *f)
{
	if (f->kind == DIAG_FACT_TCP)
		return &f->tcp.address;
	return f->kind == DIAG_FACT_TLS ? &f->tls.address : &f->http.address;
}

static struct ev_conn *conn_at(struct ev_conn *conns, size_t *n, uint16_t port)
{
	size_t i, k;

	for (i = 0; i < *n && conns[i].port < port; i++)
		;
	if (i < *n && conns[i].port == port)
		return &conns[i];
	for (k = (*n)++; k > i; k--)
		conns[k] = conns[k - 1];
	conns[i] = (struct ev_conn){ .port = port };
	return &conns[i];
}

static bool is_preflight(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_HTTP && f->http.method != NULL &&
	       strcmp(f->http.method, "OPTIONS") == 0;
}

static bool is_lost(const struct diag_fact *f)
{
	return f->status == DIAG_ST_CUT || f->status == DIAG_ST_TIMEOUT;
}

static void learn_large(struct ev_conn *c, const struct diag_fact *f)
{
	if (!ev_ran(f))
		return;
	if (is_lost(f) && !f->tls.server_hello) {
		c->large = f;
		c->n_large_lost++;
	} else {
		c->n_large_met++;
	}
}

static void learn_small(struct ev_conn *c, const struct diag_fact *f)
{
	if (is_lost(f))
		c->small_lost = f;
	else if (ev_ran(f) && f->status != DIAG_ST_FAILED)
		c->small = f;
}

static void learn_usual(struct ev_conn *c, const struct diag_fact *f)
{
	if (is_lost(f))
		c->n_usual_lost++;
	else if (ev_ran(f) && f->status != DIAG_ST_FAILED)
		c->n_usual_met++;
	if (f->tls.repeated)
		c->again = f;
	else if (c->tls == NULL || ev_ran(f))
		c->tls = f;
}

static void learn_tls(struct ev_conn *c, const struct diag_fact *f)
{
	if (f->tls.packet_max > 0)
		learn_small(c, f);
	else if (f->tls.hello_bytes > 0 && !f->tls.repeated)
		learn_large(c, f);
	else
		learn_usual(c, f);
}

static void learn_stage(struct ev_conn *c, const struct diag_fact *f)
{
	/* Facts come by time: the newest wins, but not-run never replaces
	 * what was seen. */
	const struct diag_fact **slot = f->kind == DIAG_FACT_TCP ? &c->tcp
					: is_preflight(f)	 ? &c->preflight
								 : &c->http;

	if (f->kind == DIAG_FACT_TLS)
		learn_tls(c, f);
	else if (*slot == NULL || ev_ran(f))
		*slot = f;
}

static void connect_addr(struct build *b, const struct fact_slice *s,
			 struct ev_addr *a)
{
	struct ev_conn *conns;
	uint16_t port;
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		n += port_of(s->facts[i], &port) &&
		     diag_addr_eq(stage_addr(s->facts[i]), &a->addr);
	if (n == 0)
		return;
	conns = build_array(b, n, sizeof(*conns));
	if (conns == NULL)
		return;
	n = 0;
	for (i = 0; i < s->n; i++)
		if (port_of(s->facts[i], &port) &&
		    diag_addr_eq(stage_addr(s->facts[i]), &a->addr))
			learn_stage(conn_at(conns, &n, port), s->facts[i]);
	a->conns = conns;
	a->n_conns = n;
}

/* --- is it this service? -------------------------------------------------- */

static enum ev_service http_says(const struct ev_target *t,
				 const struct diag_fact *f)
{
	const struct diag_cat_row *row = t->row;

	if (!ev_ran(f))
		return EV_SERVICE_UNKNOWN;
	if (f->status == DIAG_ST_CLIENT_CERT_WANTED)
		return EV_SERVICE_YES;
	if (f->status != DIAG_ST_ANSWER)
		return EV_SERVICE_UNKNOWN;
	if (f->http.denial != NULL)
		return EV_SERVICE_NO;
	/* A row that no source confirms takes any answer. */
	if (f->http.is_service || row == NULL || row->http.n_service == 0 ||
	    !row->http.confirmed)
		return EV_SERVICE_YES;
	return EV_SERVICE_NO;
}

static enum ev_service conn_says(const struct ev_target *t,
				 const struct ev_conn *c)
{
	if (!ev_ran(c->tcp))
		return EV_SERVICE_UNKNOWN;
	if (c->tcp->status != DIAG_ST_OPEN)
		return EV_SERVICE_NO;
	if (!ev_ran(c->tls))
		return EV_SERVICE_UNKNOWN;
	if (!ev_tls_named(c->tls))
		return EV_SERVICE_NO;
	return http_says(t, c->http);
}

/* Only the connection that spoke TLS can tell; without one, a port that does
 * not open says that nothing answers. */
static enum ev_service service_at(const struct ev_target *t,
				  const struct ev_addr *a)
{
	enum ev_service s = EV_SERVICE_UNKNOWN;
	size_t i;

	for (i = 0; i < a->n_conns; i++) {
		const struct ev_conn *c = &a->conns[i];

		if (c->port == 443 || c->tls != NULL)
			return conn_says(t, c);
		if (conn_says(t, c) == EV_SERVICE_NO)
			s = EV_SERVICE_NO;
	}
	return s;
}

/* --- put together --------------------------------------------------------- */

static void learn_proxy(struct ev_target *t, const struct fact_slice *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct diag_fact *f = s->facts[i];

		if (f->kind != DIAG_FACT_HTTP || f->http.proxy == NULL)
			continue;
		if (t->through_proxy == NULL || ev_ran(f))
			t->through_proxy = f;
	}
	t->proxy_works = http_says(t, t->through_proxy) == EV_SERVICE_YES;
}

void build_addrs(struct build *b, const struct fact_cut *cut,
		 struct ev_target *t)
{
	const struct fact_slice *s = &cut->targets[t->index];
	struct gather g = { .b = b, .t = t, .cap = t->t->n_addresses };
	size_t i;

	if (t->origin->nat64_known)
		g.nat64 = &t->origin->nat64;
	for (i = 0; i < s->n; i++)
		g.cap += n_addresses_in(s->facts[i]);
	t->addrs = build_array(b, g.cap, sizeof(*t->addrs));
	if (b->nomem)
		return;
	for (i = 0; i < t->t->n_addresses; i++)
		put(&g, &t->t->addresses[i], false);
	for (i = 0; i < s->n; i++)
		put_fact(&g, s->facts[i]);
	drop_doubles(t);
	for (i = 0; i < t->n_addrs && !b->nomem; i++) {
		describe(&g, cut, &t->addrs[i]);
		connect_addr(b, s, &t->addrs[i]);
		build_udp(b, s, &t->addrs[i]);
		t->addrs[i].service = service_at(t, &t->addrs[i]);
	}
	learn_proxy(t, s);
}

/* --- the path ------------------------------------------------------------- */

static bool conn_open(const struct ev_target *t, const struct ev_conn *c)
{
	if (c->tls == NULL && (t->row == NULL || t->row->tls) && c->port == 443)
		return false;
	if (c->tls != NULL)
		return ev_tls_named(c->tls);
	return ev_ran(c->tcp) && c->tcp->status == DIAG_ST_OPEN;
}

static void learn_path(struct ev_target *t, const struct ev_addr *a)
{
	size_t i;

	for (i = 0; i < a->n_conns; i++) {
		t->path_tried |= ev_ran(a->conns[i].tcp);
		t->path_open |= conn_open(t, &a->conns[i]);
	}
}

/* A zero-trust client carries this name: the expected addresses are not meant
 * to be reached from here in any other way. */
static bool is_carried(const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_addrs; i++)
		if (t->addrs[i].deciding && t->addrs[i].cls == EV_SYNTHETIC)
			return true;
	return false;
}

/* Right where it decides, or what should have been answered. */
void build_paths(struct ev_target *t)
{
	bool some = is_carried(t);
	size_t i;

	for (i = 0; i < t->n_addrs && ev_kind_is_good(t->kind); i++) {
		t->addrs[i].path = t->addrs[i].deciding;
		some |= t->addrs[i].path;
	}
	for (i = 0; i < t->n_addrs; i++) {
		if (!some && t->addrs[i].expected)
			t->addrs[i].path = true;
		if (t->addrs[i].path)
			learn_path(t, &t->addrs[i]);
	}
}
