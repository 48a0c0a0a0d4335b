/* SPDX-License-Identifier: MIT */
/* evidence_views.c - a machine, its views, and its way into IPv4. */
#include "verdict/evidence_build.h"

#include <string.h>

#include "fact/server.h"

#define VIEWS_MAX 256

static bool is_azure_dns(const struct diag_endpoint *at)
{
	return diag_scope_of(&at->addr) == DIAG_SCOPE_AZURE_DNS;
}

static const struct diag_nameserver *server_of(const struct diag_machine *m,
					       const struct diag_endpoint *at)
{
	size_t i;

	for (i = 0; m != NULL && i < m->n_servers; i++)
		if (diag_endpoint_eq(&m->servers[i].at, at))
			return &m->servers[i];
	return NULL;
}

static void view_init(const struct ev_origin *o, struct ev_view *v,
		      const char *text, bool added)
{
	v->text = text;
	v->system = strcmp(text, "system") == 0;
	v->added = added;
	if (v->system || !diag_endpoint_parse(text, 53, &v->at))
		return;
	v->azure = is_azure_dns(&v->at);
	v->server = server_of(o->machine, &v->at);
	v->stub = v->server != NULL && v->server->stub;
	v->behind_stub = v->server != NULL && v->server->behind_stub;
}

static struct ev_view *find(struct ev_view *views, size_t n, const char *text)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(views[i].text, text) == 0)
			return &views[i];
	return NULL;
}

static bool has_reply(const struct diag_fact *f)
{
	return f->dns.rcode >= 0 || f->status == DIAG_ST_ANSWER ||
	       f->status == DIAG_ST_NODATA || f->status == DIAG_ST_NXDOMAIN ||
	       f->status == DIAG_ST_TRUNCATED || f->dns.received > 0;
}

static void count(struct ev_view *v, const struct diag_fact *f)
{
	if (f->status == DIAG_ST_NOT_RUN)
		return;
	v->n_facts++;
	if (has_reply(f))
		v->n_replies++;
	else if (v->sample == NULL)
		v->sample = f;
	if (f->status == DIAG_ST_ANSWER || f->status == DIAG_ST_NODATA ||
	    f->status == DIAG_ST_NXDOMAIN)
		v->n_served++;
}

struct views {
	struct ev_origin *o;
	struct ev_view *items;
	size_t n;
	struct ev_view *last; /* facts of one view come in runs */
};

static void learn_software(struct ev_view *v, const struct diag_fact *f)
{
	const char *text = diag_fact_server_text(f);

	if (text != NULL)
		v->software = text;
}

static void learn(struct views *l, const struct diag_fact *f)
{
	const char *text = "system";

	if (f->kind == DIAG_FACT_DNS)
		text = f->dns.view;
	else if (f->kind != DIAG_FACT_SYSTEM_DNS)
		return;
	if (text == NULL)
		return;
	if (l->last == NULL || strcmp(l->last->text, text) != 0)
		l->last = find(l->items, l->n, text);
	if (l->last == NULL && l->n < VIEWS_MAX) {
		l->last = &l->items[l->n++];
		view_init(l->o, l->last, text, false);
	}
	if (l->last == NULL)
		return;
	/* What a server says of itself, or refuses to say, tells nothing of how
	 * it does its work. */
	if (diag_fact_is_server(f))
		learn_software(l->last, f);
	else if (f->kind == DIAG_FACT_DNS)
		count(l->last, f);
	else
		l->o->has_system |= f->status != DIAG_ST_NOT_RUN;
}

static void learn_slice(struct views *l, const struct fact_slice *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		learn(l, s->facts[i]);
}

void build_views(struct build *b, struct ev_origin *o,
		 const struct fact_cut *cut)
{
	struct views l = { .o = o };
	size_t i;

	l.items = build_array(b, VIEWS_MAX, sizeof(*l.items));
	if (b->nomem)
		return;
	for (i = 0; i < o->o->n_views && l.n < VIEWS_MAX; i++)
		if (!find(l.items, l.n, o->o->views[i].text))
			view_init(o, &l.items[l.n++], o->o->views[i].text,
				  o->o->views[i].added);
	for (i = 0; i < o->n_targets; i++)
		learn_slice(&l, &cut->targets[i]);
	learn_slice(&l, &cut->zones);
	learn_slice(&l, &cut->others);
	o->views = l.items;
	o->n_views = l.n;
}

/* --- the machine ---------------------------------------------------------- */

/* An address with which one can leave the link. */
static bool leads_out(const struct diag_interface *f, const struct diag_addr *a)
{
	enum diag_scope s = diag_scope_of(a);

	return f->up && !f->loopback && !f->container &&
	       s != DIAG_SCOPE_LOOPBACK && s != DIAG_SCOPE_LINK_LOCAL &&
	       s != DIAG_SCOPE_UNSPECIFIED && s != DIAG_SCOPE_NONE;
}

static void learn_interface(struct ev_origin *o,
			    const struct diag_inventory *inv,
			    const struct diag_interface *f)
{
	size_t i;

	if (f->tunnel && f->up && f->n_addresses > 0)
		o->tunnel_up = true;
	for (i = 0; i < f->n_addresses; i++) {
		const struct diag_addr *a = &f->addresses[i];

		if (!leads_out(f, a))
			continue;
		o->has_ipv4 |= a->family == DIAG_IPV4;
		o->has_ipv6 |= a->family == DIAG_IPV6;
		o->inside |= diag_inventory_has_net(inv, a);
	}
}

static const struct diag_addr *sent_from(const struct diag_fact *f)
{
	static const struct diag_addr nowhere = { .family = DIAG_NOFAM };

	if (f->kind == DIAG_FACT_TCP)
		return &f->tcp.local_address;
	return f->kind == DIAG_FACT_UDP ? &f->udp.local_address : &nowhere;
}

/* Packets show no interfaces, and where they come from. */
static void learn_sources(const struct build *b, struct ev_origin *o,
			  const struct fact_cut *cut)
{
	bool any = false;

	for (size_t i = 0; i < o->n_targets && !o->inside; i++)
		for (size_t k = 0; k < cut->targets[i].n; k++) {
			const struct diag_addr *from =
			    sent_from(cut->targets[i].facts[k]);

			if (from->family == DIAG_NOFAM)
				continue;
			any = true;
			o->inside |=
			    diag_inventory_has_net(b->c->inventory, from);
		}
	/* Questions alone have no source: who read them chose the role by it.
	 */
	if (!any)
		o->inside = b->c->role != DIAG_ROLE_CLIENT;
}

void build_machine(struct build *b, struct ev_origin *o,
		   const struct fact_cut *cut)
{
	const struct diag_machine *m = o->machine;
	size_t i;

	for (i = 0; m != NULL && i < m->n_interfaces; i++)
		learn_interface(o, b->c->inventory, &m->interfaces[i]);
	/* Nothing is known: no reason to say that IPv4 is missing. */
	if (m == NULL || m->n_interfaces == 0)
		o->has_ipv4 = true;
	if (o->sealed && (m == NULL || m->n_interfaces == 0))
		learn_sources(b, o, cut);
}

/* --- DNS64: ipv4only.arpa has 192.0.0.170 and .171 (RFC 7050, section 3) ---
 */
static bool well_known(const struct diag_addr *a)
{
	static const uint8_t lead[3] = { 192, 0, 0 };

	return a->family == DIAG_IPV6 && memcmp(&a->bytes[12], lead, 3) == 0 &&
	       (a->bytes[15] == 170 || a->bytes[15] == 171);
}

static void learn_nat64(struct ev_origin *o, const struct diag_fact *f)
{
	size_t i;

	if (f->kind != DIAG_FACT_DNS || f->dns.type != DIAG_RR_AAAA ||
	    strcmp(f->dns.name, "ipv4only.arpa") != 0)
		return;
	for (i = 0; i < f->dns.n_addresses && !o->nat64_known; i++) {
		if (!well_known(&f->dns.addresses[i]))
			continue;
		o->nat64.addr = f->dns.addresses[i];
		memset(&o->nat64.addr.bytes[12], 0, 4);
		o->nat64.len = 96;
		o->nat64_known = true;
	}
}

void build_nat64(struct ev_origin *o, const struct fact_cut *cut)
{
	size_t i;

	for (i = 0; i < cut->others.n; i++)
		learn_nat64(o, cut->others.facts[i]);
}
