/* SPDX-License-Identifier: MIT */
/* compare_rows_path.c - the way to one address, and what is met at its end. */
#include "bundle/compare_internal.h"

#include <string.h>

#define HTTPS 443

static const struct diag_fact *there(const struct cmp *x,
				     const struct cmp_pair *p,
				     enum diag_fact_kind kind, uint16_t port)
{
	return p->way.good.family == DIAG_NOFAM
		   ? NULL
		   : cmp_fact_to(&x->good, p->good_name, kind, &p->way.good,
				 port);
}

static const struct diag_fact *here(const struct cmp *x,
				    const struct cmp_pair *p,
				    enum diag_fact_kind kind, uint16_t port)
{
	return p->way.bad.family == DIAG_NOFAM
		   ? NULL
		   : cmp_fact_to(&x->bad, p->name, kind, &p->way.bad, port);
}

/* --- route ---------------------------------------------------------------- */

static bool is_local(const struct diag_fact *f)
{
	return f->route.on_link && !f->route.is_tunnel;
}

/* Names of interfaces are each machine's own; what they are is not. */
static bool same_route(const struct diag_fact *a, const struct diag_fact *b)
{
	return a->status == b->status &&
	       (a->status != DIAG_ST_OK ||
		(a->route.is_tunnel == b->route.is_tunnel &&
		 is_local(a) == is_local(b)));
}

static const char *route_text(struct cmp *x, const struct diag_fact *f,
			      const struct diag_addr *to)
{
	char text[DIAG_ADDR_TEXT];

	(void)diag_addr_text(to, text);
	if (f->status != DIAG_ST_OK)
		return cmp_text(x, "no route to %s", text);
	return cmp_text(x, "%s through %s, %s", text,
			f->route.interface != NULL ? f->route.interface : "?",
			f->route.is_tunnel    ? "a tunnel"
			: f->route.on_link    ? "a network of its own"
			: f->route.is_default ? "the default route"
					      : "a router");
}

static const char *route_key(const struct diag_fact *f)
{
	if (f->status != DIAG_ST_OK)
		return "none";
	return f->route.interface != NULL ? f->route.interface : "";
}

void cmp_row_route(struct cmp *x, const struct cmp_pair *p)
{
	struct cmp_said said = { .good = cmp_route_to(&x->good, &p->way.good),
				 .bad = cmp_route_to(&x->bad, &p->way.bad) };

	if (said.good == NULL || said.bad == NULL ||
	    same_route(said.good, said.bad))
		return;
	said.there = route_text(x, said.good, &p->way.good);
	said.here = route_text(x, said.bad, &p->way.bad);
	said.key =
	    cmp_text(x, "%s %s", route_key(said.good), route_key(said.bad));
	if (said.key != NULL)
		cmp_differ(x, p, &said);
}

/* --- ports ---------------------------------------------------------------- */

static const char *port_word(const struct diag_fact *f)
{
	switch (f->status) {
	case DIAG_ST_OPEN:
		return "open";
	case DIAG_ST_REFUSED:
		return "refused";
	case DIAG_ST_TIMEOUT:
		return "silent";
	case DIAG_ST_RESET:
		return "opened and reset";
	case DIAG_ST_UNREACHABLE:
		return "unreachable";
	default:
		return "failed";
	}
}

static const char *port_text(struct cmp *x, const struct cmp_side *s,
			     const struct diag_fact *f)
{
	const struct diag_fact *route = cmp_route_to(s, &f->tcp.address);
	char text[DIAG_ADDR_TEXT];

	(void)diag_addr_text(&f->tcp.address, text);
	if (route == NULL || route->route.interface == NULL)
		return cmp_text(x, "%s port %u: %s", text, f->tcp.port,
				port_word(f));
	return cmp_text(x, "%s port %u: %s, through %s", text, f->tcp.port,
			port_word(f), route->route.interface);
}

static void differ_port(struct cmp *x, const struct cmp_pair *p,
			const struct diag_fact *good,
			const struct diag_fact *bad)
{
	struct cmp_said said = { .good = good, .bad = bad };

	said.there = port_text(x, &x->good, good);
	said.here = port_text(x, &x->bad, bad);
	said.key = port_word(bad);
	said.harmless = bad->status == DIAG_ST_OPEN;
	cmp_differ(x, p, &said);
}

/* The ports of a target that were tried here, at this address (NOFAM: at any),
 * each once.  A case may come from anybody, so there is an end to them. */
#define PORTS_MAX 64

struct ports {
	uint16_t at[PORTS_MAX];
	size_t n;
};

static bool has_port(const struct ports *p, uint16_t port)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->at[i] == port)
			return true;
	return false;
}

static struct ports ports_tried(const struct cmp_side *s, const char *name,
				const struct diag_addr *to)
{
	struct ports p = { .n = 0 };
	size_t n;
	const struct diag_fact *const *facts = cmp_facts(s, name, &n);

	for (size_t i = 0; i < n && p.n < PORTS_MAX; i++) {
		const struct diag_fact *f = facts[i];

		if (f->kind == DIAG_FACT_TCP && f->status != DIAG_ST_NOT_RUN &&
		    (to->family == DIAG_NOFAM ||
		     diag_addr_eq(&f->tcp.address, to)) &&
		    !has_port(&p, f->tcp.port))
			p.at[p.n++] = f->tcp.port;
	}
	return p;
}

void cmp_row_port(struct cmp *x, const struct cmp_pair *p)
{
	struct ports ports = { .n = 0 };

	if (p->way.bad.family != DIAG_NOFAM)
		ports = ports_tried(&x->bad, p->name, &p->way.bad);
	for (size_t i = 0; i < ports.n; i++) {
		const struct diag_fact *good =
		    there(x, p, DIAG_FACT_TCP, ports.at[i]);
		const struct diag_fact *bad =
		    here(x, p, DIAG_FACT_TCP, ports.at[i]);

		if (good != NULL && bad != NULL && good->status != bad->status)
			differ_port(x, p, good, bad);
	}
}

/* A port that the rules of the other role or era do not ask for. */
void cmp_row_port_asked(struct cmp *x, const struct cmp_pair *p)
{
	static const struct diag_addr any = { .family = DIAG_NOFAM };
	struct ports good = ports_tried(&x->good, p->good_name, &any);
	struct ports bad = { .n = 0 };

	if (good.n > 0 && p->way.bad.family != DIAG_NOFAM)
		bad = ports_tried(&x->bad, p->name, &p->way.bad);
	for (size_t i = 0; i < bad.n; i++) {
		struct cmp_said said = { .bad = here(x, p, DIAG_FACT_TCP,
						     bad.at[i]) };

		if (has_port(&good, bad.at[i]) || said.bad == NULL ||
		    said.bad->status == DIAG_ST_OPEN)
			continue;
		said.there = cmp_text(x, "port %u was not tried", bad.at[i]);
		said.here = port_text(x, &x->bad, said.bad);
		said.key = cmp_text(x, "%u", bad.at[i]);
		if (said.key != NULL)
			cmp_differ(x, p, &said);
	}
}

/* --- TLS ------------------------------------------------------------------ */

/* The last hello larger than a packet. */
static const struct diag_fact *large_hello(const struct cmp_side *s,
					   const char *name,
					   const struct diag_addr *to)
{
	const struct diag_fact *last = NULL;
	size_t n;
	const struct diag_fact *const *facts = cmp_facts(s, name, &n);

	for (size_t i = 0; i < n; i++)
		if (facts[i]->kind == DIAG_FACT_TLS &&
		    facts[i]->tls.hello_bytes > 0 &&
		    facts[i]->status != DIAG_ST_NOT_RUN &&
		    diag_addr_eq(&facts[i]->tls.address, to))
			last = facts[i];
	return last;
}

static const char *mtu_text(struct cmp *x, const struct cmp_side *s,
			    const struct diag_addr *to)
{
	const struct diag_fact *r = cmp_route_to(s, to);
	const struct diag_interface *f =
	    r != NULL && r->route.interface != NULL
		? diag_machine_interface(s->m, r->route.interface)
		: NULL;

	if (f == NULL || f->mtu == 0)
		return "";
	return cmp_text(x, " (%s, MTU %u)", f->name, f->mtu);
}

void cmp_row_large_hello(struct cmp *x, const struct cmp_pair *p)
{
	struct cmp_said said = { .key = "" };
	const char *good_mtu;
	const char *bad_mtu;

	if (p->way.good.family == DIAG_NOFAM || p->way.bad.family == DIAG_NOFAM)
		return;
	said.good = large_hello(&x->good, p->good_name, &p->way.good);
	said.bad = large_hello(&x->bad, p->name, &p->way.bad);
	if (said.bad == NULL || said.bad->tls.server_hello ||
	    (said.good != NULL && !said.good->tls.server_hello))
		return;
	good_mtu = mtu_text(x, &x->good, &p->way.good);
	bad_mtu = mtu_text(x, &x->bad, &p->way.bad);
	if (good_mtu == NULL || bad_mtu == NULL)
		return;
	said.there = cmp_text(x, "%s%s",
			      said.good != NULL
				  ? "a hello larger than a packet is answered"
				  : "TLS begins",
			      good_mtu);
	said.here = cmp_text(x, "a hello of %u bytes gets no answer%s",
			     said.bad->tls.hello_bytes, bad_mtu);
	cmp_differ(x, p, &said);
}

static const char *hello_word(const struct diag_fact *f)
{
	if (f->tls.server_hello)
		return "TLS begins";
	switch (f->status) {
	case DIAG_ST_CUT:
		return "the connection is cut at the first TLS message";
	case DIAG_ST_TIMEOUT:
		return "the first TLS message gets no answer";
	default:
		return "what answers does not speak TLS";
	}
}

void cmp_row_tls(struct cmp *x, const struct cmp_pair *p)
{
	struct cmp_said said = { .good = there(x, p, DIAG_FACT_TLS, HTTPS),
				 .bad = here(x, p, DIAG_FACT_TLS, HTTPS) };

	if (said.good == NULL || said.bad == NULL ||
	    said.good->tls.server_hello == said.bad->tls.server_hello)
		return;
	said.there = hello_word(said.good);
	said.here = hello_word(said.bad);
	said.key = said.here;
	said.harmless = said.bad->tls.server_hello;
	cmp_differ(x, p, &said);
}

static const char *root_word(enum diag_root r)
{
	switch (r) {
	case DIAG_ROOT_PUBLIC:
		return "a public root";
	case DIAG_ROOT_SERVICE:
		return "the service's own root";
	case DIAG_ROOT_LOCAL:
		return "a root that this machine's owner added";
	default:
		return "no root that it trusts";
	}
}

static const char *certificate_text(struct cmp *x, const struct diag_fact *f)
{
	const char *issuer = f->tls.n_chain > 0 ? f->tls.chain[0].issuer : NULL;

	return cmp_text(x, "%s, issued by %s, %s",
			f->status == DIAG_ST_OK ? "trusted"
						: diag_status_key(f->status),
			issuer != NULL ? issuer : "?", root_word(f->tls.root));
}

static bool same_leaf(const struct diag_fact *a, const struct diag_fact *b)
{
	if (a->tls.n_chain == 0 || b->tls.n_chain == 0 ||
	    a->tls.chain[0].sha256 == NULL || b->tls.chain[0].sha256 == NULL)
		return true;
	return strcmp(a->tls.chain[0].sha256, b->tls.chain[0].sha256) == 0;
}

/* A certificate may be renewed any day: only who vouches for it, and whether
 * it is trusted, matters. */
void cmp_row_certificate(struct cmp *x, const struct cmp_pair *p)
{
	struct cmp_said said = { .good = there(x, p, DIAG_FACT_TLS, HTTPS),
				 .bad = here(x, p, DIAG_FACT_TLS, HTTPS) };
	bool same;

	if (said.good == NULL || said.bad == NULL ||
	    !said.good->tls.server_hello || !said.bad->tls.server_hello)
		return;
	same = said.good->status == said.bad->status &&
	       said.good->tls.root == said.bad->tls.root;
	if (same && (!x->addresses || same_leaf(said.good, said.bad)))
		return;
	said.harmless = same;
	said.there = certificate_text(x, said.good);
	said.here = certificate_text(x, said.bad);
	said.key = said.here;
	if (said.key != NULL)
		cmp_differ(x, p, &said);
}

/* --- HTTP ----------------------------------------------------------------- */

static const char *http_text(struct cmp *x, const struct diag_fact *f)
{
	char text[DIAG_ADDR_TEXT];

	(void)diag_addr_text(&f->http.address, text);
	if (f->http.code == 0)
		return cmp_text(x, "%s gives no HTTP answer", text);
	if (f->http.denial != NULL)
		return cmp_text(x, "%s denies access (%d)", text, f->http.code);
	return cmp_text(x, "%s answers %d%s", text, f->http.code,
			f->http.is_service ? ", and is the service" : "");
}

void cmp_row_http(struct cmp *x, const struct cmp_pair *p)
{
	struct cmp_said said = { .good = there(x, p, DIAG_FACT_HTTP, 0),
				 .bad = here(x, p, DIAG_FACT_HTTP, 0) };

	if (said.good == NULL || said.bad == NULL ||
	    (said.good->status == said.bad->status &&
	     said.good->http.is_service == said.bad->http.is_service &&
	     (said.good->http.denial == NULL) ==
		 (said.bad->http.denial == NULL)))
		return;
	said.there = http_text(x, said.good);
	said.here = http_text(x, said.bad);
	said.key =
	    cmp_text(x, "%d %d", said.good->http.code, said.bad->http.code);
	if (said.key != NULL)
		cmp_differ(x, p, &said);
}
