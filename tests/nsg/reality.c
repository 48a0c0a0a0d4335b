/* SPDX-License-Identifier: MIT */
#include "tests/nsg/reality.h"

#include <stdio.h>
#include <string.h>

/* --- chance ----------------------------------------------------------------
 */

static uint64_t state;

static void seed_with(uint64_t seed)
{
	state = seed * 0x9e3779b97f4a7c15U + 0x1234567;
	if (state == 0)
		state = 1;
}

static unsigned below(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state >> 16) % n);
}

static bool once_in(unsigned n)
{
	return below(n) == 0;
}

/* --- addresses -------------------------------------------------------------
 */

static const struct {
	uint32_t base;
	unsigned len;
} special[] = {
	{ 0x00000000, 8 },  { 0x0a000000, 8 },	{ 0x64400000, 10 },
	{ 0x7f000000, 8 },  { 0xa83f8110, 32 }, { 0xa9fe0000, 16 },
	{ 0xac100000, 12 }, { 0xc0a80000, 16 }, { 0xe0000000, 3 },
};
#define N_SPECIAL (sizeof(special) / sizeof(*special))
#define HOST	  0xa83f8110U

static uint32_t mask_of(unsigned len)
{
	return len == 0 ? 0 : 0xffffffffU << (32 - len);
}

static bool inside(uint32_t ip, uint32_t base, unsigned len)
{
	return (ip & mask_of(len)) == base;
}

static bool is_public(uint32_t ip)
{
	for (size_t i = 0; i < N_SPECIAL; i++) {
		if (inside(ip, special[i].base, special[i].len))
			return false;
	}
	return true;
}

static bool is_ours(const struct m_case *c, uint32_t ip)
{
	for (int i = 0; i < c->n_nets; i++) {
		if (inside(ip, c->nets[i].base, c->nets[i].len))
			return true;
	}
	return false;
}

static void add_address(struct m_case *c, uint32_t ip)
{
	for (int i = 0; i < c->n; i++) {
		if (c->addresses[i] == ip)
			return;
	}
	if (c->n < M_ADDRESSES)
		c->addresses[c->n++] = ip;
}

/* Both sides of both ends. */
static void add_edges(struct m_case *c, const struct m_peer *p)
{
	uint32_t last;

	if (p->kind != M_CIDR)
		return;
	last = p->base | ~mask_of(p->len);
	add_address(c, p->base);
	add_address(c, last);
	if (p->base != 0)
		add_address(c, p->base - 1);
	if (last != 0xffffffffU)
		add_address(c, last + 1);
}

/* --- a case ----------------------------------------------------------------
 */

static uint32_t some_public(void)
{
	return 0x14000000U + (below(4) << 16) + (below(4) << 8) + below(8);
}

static uint32_t some_private(void)
{
	static const uint32_t bases[] = { 0x0a010000, 0x0a020000, 0xac100500,
					  0xc0a80100 };

	return bases[below(4)] + below(6);
}

static struct m_peer some_cidr(void)
{
	static const unsigned lens[] = { 32, 32, 31, 30, 29, 24,
					 24, 16, 15, 8,	 1,  0 };
	struct m_peer p = { .kind = M_CIDR };

	p.len = lens[below(12)];
	p.base = (once_in(2) ? some_public() : some_private()) & mask_of(p.len);
	if (once_in(40))
		p = (struct m_peer){ .kind = M_CIDR, .base = HOST, .len = 32 };
	return p;
}

static struct m_peer some_tag(void)
{
	struct m_peer p = { .kind = M_TAG, .tag = (enum m_tag)below(M_TAGS) };

	if ((p.tag == M_CLOUD || p.tag == M_STORAGE || p.tag == M_FRESH) &&
	    !once_in(3))
		p.place = (int)(1 + below(3));
	return p;
}

static struct m_peer some_peer(bool exact)
{
	unsigned n = below(20);

	if (n < 7)
		return some_cidr();
	if (n < 15)
		return some_tag();
	if (n < 17 && !exact)
		return (struct m_peer){ .kind = M_ASG, .asg = (int)below(2) };
	return (struct m_peer){ .kind = n == 17 ? M_IPV6 : M_ANY };
}

/* The side of a rule that is about us. */
static struct m_peer some_self(bool exact)
{
	if (!once_in(4))
		return (struct m_peer){ .kind = M_ANY };
	if (once_in(2))
		return (struct m_peer){ .kind = M_TAG, .tag = M_VNET };
	return some_peer(exact);
}

static struct m_ports some_ports(void)
{
	static const unsigned edges[] = { 1, 22, 80, 443, 444, 445, 450 };
	unsigned a = edges[below(7)];
	unsigned b = edges[below(7)];

	if (once_in(3))
		return (struct m_ports){ 0, 65535 };
	if (once_in(2))
		b = a;
	return a < b ? (struct m_ports){ a, b } : (struct m_ports){ b, a };
}

static void fill_rule(struct m_rule *r, bool exact)
{
	struct m_peer *peer;
	struct m_peer *self;

	*r = (struct m_rule){ .priority = 100 + below(12),
			      .in = once_in(2),
			      .allow = once_in(2) };
	r->proto = once_in(3)	? M_BOTH
		   : once_in(8) ? M_ICMP
		   : once_in(4) ? M_UDP
				: M_TCP;
	r->n_from = once_in(3) ? 1 + (int)below(M_ENTRIES) : 1;
	r->n_to = once_in(3) ? 1 + (int)below(M_ENTRIES) : 1;
	r->n_from_ports = 1;
	r->n_to_ports = once_in(3) ? 1 + (int)below(M_ENTRIES) : 1;
	peer = r->in ? r->from : r->to;
	self = r->in ? r->to : r->from;
	for (int i = 0; i < M_ENTRIES; i++) {
		peer[i] = some_peer(exact);
		self[i] = some_self(exact);
		r->to_ports[i] = some_ports();
	}
	r->from_ports[0] = (struct m_ports){ 0, 65535 };
	if (once_in(12))
		r->from_ports[0] = once_in(2) ? (struct m_ports){ 1, 1023 }
					      : (struct m_ports){ 0, 40000 };
}

static void fill_flow(struct m_flow *f, bool exact)
{
	struct m_ports ports = some_ports();

	*f = (struct m_flow){ .in = once_in(2), .udp = once_in(6) };
	do {
		f->peer = some_peer(exact);
	} while (f->peer.kind == M_IPV6);
	f->self = (struct m_peer){ .kind = M_ANY };
	if (exact || once_in(4))
		f->self = (struct m_peer){ .kind = M_CIDR,
					   .base = some_private(),
					   .len = 32 };
	if (ports.first == 0 && !once_in(3))
		ports = (struct m_ports){ 443, 443 };
	f->port = ports.first;
	f->port_last = ports.last;
}

static void fill_nets(struct m_case *c, bool exact)
{
	static const struct m_peer some[] = {
		{ .kind = M_CIDR, .base = 0x0a010000, .len = 16 },
		{ .kind = M_CIDR, .base = 0xac100500, .len = 24 },
		{ .kind = M_CIDR, .base = 0xc0a80100, .len = 24 },
		{ .kind = M_CIDR, .base = 0xcb007100, .len = 24 },
	};

	c->n_nets = 0;
	for (size_t i = 0; exact && i < N_SPECIAL; i++)
		c->nets[c->n_nets++] = (struct m_peer){ .kind = M_CIDR,
							.base = special[i].base,
							.len = special[i].len };
	if (exact || once_in(2))
		return;
	c->nets[c->n_nets++] = some[0];
	for (size_t i = 1; i < 4; i++) {
		if (once_in(3))
			c->nets[c->n_nets++] = some[i];
	}
}

static void fill_universe(struct m_case *c, bool exact)
{
	c->n = 0;
	for (int i = 0; i < 24; i++)
		add_address(c, some_public());
	for (int i = 0; i < 10; i++)
		add_address(c, some_private());
	for (uint32_t i = 0; exact && i < 20 && (int)i < c->n; i++) {
		/* what tags hold has edges too */
		add_address(c, c->addresses[i] + 1);
		add_address(c, c->addresses[i] - 1);
	}
	add_address(c, HOST);
	add_address(c, 0x08080808);
	add_address(c, 0xcb007107);
	for (size_t i = 0; i < N_SPECIAL; i++)
		add_edges(c, &(struct m_peer){ .kind = M_CIDR,
					       .base = special[i].base,
					       .len = special[i].len });
	add_edges(c, &c->flow.peer);
	add_edges(c, &c->flow.self);
	for (int i = 0; i < c->n_nets; i++)
		add_edges(c, &c->nets[i]);
	for (int g = 0; g < c->n_groups; g++) {
		for (int i = 0; i < c->groups[g].n; i++) {
			const struct m_rule *r = &c->groups[g].rules[i];

			for (int k = 0; k < r->n_from; k++)
				add_edges(c, &r->from[k]);
			for (int k = 0; k < r->n_to; k++)
				add_edges(c, &r->to[k]);
		}
	}
}

void m_make(struct m_case *c, uint64_t seed, bool exact)
{
	seed_with(seed);
	c->seed = seed;
	c->n_groups = once_in(3) ? 1 + (int)below(M_GROUPS) : 1;
	for (int g = 0; g < c->n_groups; g++) {
		struct m_group *group = &c->groups[g];

		group->n = (int)below(M_RULES + 1);
		for (int i = 0; i < group->n; i++)
			fill_rule(&group->rules[i], exact);
		group->on_subnet = !exact && once_in(2);
		group->on_nic = !exact && once_in(3);
		if (exact) {
			group->on_subnet = g == 0;
			group->on_nic = g == 1;
		}
	}
	fill_flow(&c->flow, exact);
	fill_nets(c, exact);
	fill_universe(c, exact);
}

/* --- a reality -------------------------------------------------------------
 */

static int some_group(const struct m_case *c, bool nic)
{
	int found[M_GROUPS];
	unsigned n = 0;

	for (int g = 0; g < c->n_groups; g++) {
		if (nic ? c->groups[g].on_nic : c->groups[g].on_subnet)
			found[n++] = g;
	}
	return n > 0 ? found[below(n)] : -1;
}

/* Each service owns addresses of its own; the first of each place go round so
 * that nobody is left without. */
static void own_public(struct m_reality *r, int i, int turn)
{
	enum m_tag owners[] = { M_STORAGE, M_LEARNING, M_DIRECTORY, M_CLOUD };
	enum m_tag owner = turn < 16 ? owners[turn / 4] : owners[below(4)];

	r->place[i] = turn < 16 ? 1 + turn % 4 : (int)below(M_PLACES);
	r->azure[i] = r->place[i] != 0 && (turn < 16 || !once_in(4));
	if (owner == M_DIRECTORY)
		r->azure[i] = once_in(2);
	else if (!r->azure[i])
		owner = M_CLOUD;
	if (owner != M_CLOUD)
		r->in[owner][i] = true;
	r->in[M_CLOUD][i] = r->azure[i];
	r->in[M_FRESH][i] = (turn >= 12 && turn < 16) || once_in(3);
}

static void own_addresses(const struct m_case *c, struct m_reality *r)
{
	int turn = 0;

	for (int i = 0; i < c->n; i++) {
		uint32_t ip = c->addresses[i];
		bool ours = is_ours(c, ip);

		r->in[M_BALANCER][i] = ip == HOST;
		r->in[M_VNET][i] = ours || (!is_public(ip) && once_in(2));
		r->in[M_INTERNET][i] = is_public(ip) && !ours;
		if (r->in[M_INTERNET][i] && (ip >> 24) == 0x14 &&
		    (turn < 16 || !once_in(3)))
			own_public(r, i, turn++);
	}
}

/* Host addresses are nobody's machine. */
static bool may_be_own(const struct m_case *c, const struct m_reality *r, int i)
{
	if (c->addresses[i] == HOST)
		return false;
	return c->n_nets > 0 ? is_ours(c, c->addresses[i]) : r->in[M_VNET][i];
}

void m_realise(const struct m_case *c, uint64_t seed, struct m_reality *r)
{
	int found[M_ADDRESSES];
	unsigned n = 0;

	memset(r, 0, sizeof(*r));
	seed_with(seed);
	own_addresses(c, r);
	for (int i = 0; i < c->n; i++) {
		if (!may_be_own(c, r, i))
			continue;
		found[n++] = i;
		r->asg[0][i] = once_in(2);
		r->asg[1][i] = once_in(2);
	}
	r->self = n > 0 ? found[below(n)] : -1;
	r->subnet = some_group(c, false);
	r->nic = some_group(c, true);
}

/* --- judging ---------------------------------------------------------------
 */

static bool peer_has(const struct m_case *c, const struct m_reality *r,
		     const struct m_peer *p, int i)
{
	switch (p->kind) {
	case M_ANY:
		return true;
	case M_CIDR:
		return inside(c->addresses[i], p->base, p->len);
	case M_TAG:
		return r->in[p->tag][i] &&
		       (p->place == 0 || r->place[i] == p->place);
	case M_ASG:
		return r->asg[p->asg][i];
	default:
		return false;
	}
}

static bool any_has(const struct m_case *c, const struct m_reality *r,
		    const struct m_peer *peers, int n, int i)
{
	for (int k = 0; k < n; k++) {
		if (peer_has(c, r, &peers[k], i))
			return true;
	}
	return false;
}

static bool in_ports(const struct m_ports *ports, int n, unsigned port)
{
	for (int k = 0; k < n; k++) {
		if (ports[k].first <= port && port <= ports[k].last)
			return true;
	}
	return false;
}

struct point {
	int from, to;
	unsigned from_port, port;
};

static bool fits(const struct m_case *c, const struct m_reality *r,
		 const struct m_rule *rule, const struct point *p)
{
	enum m_proto proto = c->flow.udp ? M_UDP : M_TCP;

	return rule->in == c->flow.in &&
	       (rule->proto == M_BOTH || rule->proto == proto) &&
	       in_ports(rule->to_ports, rule->n_to_ports, p->port) &&
	       in_ports(rule->from_ports, rule->n_from_ports, p->from_port) &&
	       any_has(c, r, rule->from, rule->n_from, p->from) &&
	       any_has(c, r, rule->to, rule->n_to, p->to);
}

static bool default_allows(const struct m_case *c, const struct m_reality *r,
			   const struct point *p)
{
	if (r->in[M_VNET][p->from] && r->in[M_VNET][p->to])
		return true;
	return c->flow.in ? r->in[M_BALANCER][p->from]
			  : r->in[M_INTERNET][p->to];
}

static bool group_allows(const struct m_case *c, const struct m_reality *r,
			 const struct m_group *g, const struct point *p)
{
	const struct m_rule *best = NULL;

	for (int i = 0; i < g->n; i++) {
		const struct m_rule *rule = &g->rules[i];

		if (!fits(c, r, rule, p))
			continue;
		if (best == NULL || rule->priority < best->priority ||
		    (rule->priority == best->priority && !rule->allow))
			best = rule;
	}
	return best != NULL ? best->allow : default_allows(c, r, p);
}

static bool allows(const struct m_case *c, const struct m_reality *r,
		   const struct point *p)
{
	for (int g = 0; g < c->n_groups; g++) {
		const struct m_group *group = &c->groups[g];
		bool placed = group->on_subnet || group->on_nic;

		if (placed && g != r->subnet && g != r->nic)
			continue;
		if (!group_allows(c, r, group, p))
			return false;
	}
	return true;
}

/* The ports at which something may change. */
static void add_edge(unsigned *out, int *n, unsigned port)
{
	for (int i = 0; i < *n; i++) {
		if (out[i] == port)
			return;
	}
	out[(*n)++] = port;
}

static int edges_of(const struct m_case *c, bool from, unsigned first,
		    unsigned last, unsigned *out)
{
	int n = 0;

	out[n++] = first;
	for (int g = 0; g < c->n_groups; g++) {
		for (int i = 0; i < c->groups[g].n; i++) {
			const struct m_rule *r = &c->groups[g].rules[i];
			const struct m_ports *p =
			    from ? r->from_ports : r->to_ports;
			int count = from ? r->n_from_ports : r->n_to_ports;

			for (int k = 0; k < count; k++) {
				if (p[k].first > first && p[k].first <= last)
					add_edge(out, &n, p[k].first);
				if (p[k].last >= first && p[k].last < last)
					add_edge(out, &n, p[k].last + 1);
			}
		}
	}
	return n;
}

#define EDGES (1 + M_GROUPS * M_RULES * M_ENTRIES * 2)

struct seen {
	bool allowed, denied;
};

struct edges {
	unsigned ports[EDGES], from_ports[EDGES];
	int n, n_from;
};

static void see_ports(const struct m_case *c, const struct m_reality *r,
		      struct point p, const struct edges *e, struct seen *seen)
{
	for (int i = 0; i < e->n; i++) {
		for (int k = 0; k < e->n_from; k++) {
			p.port = e->ports[i];
			p.from_port = e->from_ports[k];
			if (allows(c, r, &p))
				seen->allowed = true;
			else
				seen->denied = true;
		}
	}
}

/* A flow from our network is from what was named, if anything was. */
static bool flow_has(const struct m_case *c, const struct m_reality *r,
		     const struct m_peer *p, int i)
{
	if (p->kind == M_TAG && p->tag == M_VNET && c->n_nets > 0)
		return is_ours(c, c->addresses[i]);
	return peer_has(c, r, p, i);
}

static int those_of(const struct m_case *c, const struct m_reality *r,
		    const struct m_peer *p, int *out)
{
	int n = 0;

	for (int i = 0; i < c->n; i++) {
		if (flow_has(c, r, p, i))
			out[n++] = i;
	}
	return n;
}

enum m_result m_judge(const struct m_case *c, const struct m_reality *r)
{
	static int peers[M_ADDRESSES];
	static int selves[M_ADDRESSES];
	int n = those_of(c, r, &c->flow.peer, peers);
	int m = r->self >= 0;
	struct seen seen = { .allowed = false };
	struct edges e;

	selves[0] = r->self;
	if (c->flow.self.kind != M_ANY)
		m = those_of(c, r, &c->flow.self, selves);
	e.n = edges_of(c, false, c->flow.port, c->flow.port_last, e.ports);
	e.n_from = edges_of(c, true, 1024, 65535, e.from_ports);
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < m; k++) {
			struct point p = { .from = peers[i], .to = selves[k] };

			if (!c->flow.in)
				p = (struct point){ .from = selves[k],
						    .to = peers[i] };
			see_ports(c, r, p, &e, &seen);
		}
	}
	if (seen.allowed && seen.denied)
		return M_PARTLY;
	if (seen.allowed)
		return M_ALLOWED;
	return seen.denied ? M_DENIED : M_NOBODY;
}

/* --- printing --------------------------------------------------------------
 */

static const char *const tag_names[] = {
	"VirtualNetwork",	"Internet", "AzureLoadBalancer",
	"AzureCloud",		"Storage",  "AzureMachineLearning",
	"AzureActiveDirectory", "Fresh",
};
static const char *const place_names[] = { "", "eastus", "westus", "westeurope",
					   "uksouth" };

void m_print_peer(const struct m_peer *p, char *out, size_t size)
{
	switch (p->kind) {
	case M_ANY:
		(void)snprintf(out, size, "*");
		break;
	case M_CIDR:
		(void)snprintf(out, size, "%u.%u.%u.%u/%u", p->base >> 24,
			       p->base >> 16 & 255, p->base >> 8 & 255,
			       p->base & 255, p->len);
		break;
	case M_TAG:
		(void)snprintf(out, size, "%s%s%s", tag_names[p->tag],
			       p->place > 0 ? "." : "", place_names[p->place]);
		break;
	case M_ASG:
		(void)snprintf(out, size, "asg:/g/%d", p->asg);
		break;
	default:
		(void)snprintf(out, size, "::/0");
	}
}

static void print_peers(const char *key, const struct m_peer *peers, int n,
			struct diag_buf *out)
{
	char text[64];

	diag_buf_printf(out, "\"%s\":[", key);
	for (int i = 0; i < n; i++) {
		m_print_peer(&peers[i], text, sizeof(text));
		diag_buf_printf(out, "%s\"%s\"", i > 0 ? "," : "", text);
	}
	diag_buf_puts(out, "],");
}

static void print_ports(const char *key, const struct m_ports *ports, int n,
			struct diag_buf *out)
{
	diag_buf_printf(out, "\"%s\":[", key);
	for (int i = 0; i < n; i++)
		diag_buf_printf(out, "%s\"%u-%u\"", i > 0 ? "," : "",
				ports[i].first, ports[i].last);
	diag_buf_puts(out, "],");
}

static void print_rule(const struct m_rule *r, int number, struct diag_buf *out)
{
	static const char *const protos[] = { "Tcp", "Udp", "*", "Icmp" };

	diag_buf_printf(out, "{\"name\":\"r%d\",", number);
	print_peers("sourceAddressPrefixes", r->from, r->n_from, out);
	print_peers("destinationAddressPrefixes", r->to, r->n_to, out);
	print_ports("sourcePortRanges", r->from_ports, r->n_from_ports, out);
	print_ports("destinationPortRanges", r->to_ports, r->n_to_ports, out);
	diag_buf_printf(out,
			"\"priority\":%u,\"direction\":\"%s\",\"access\":"
			"\"%s\",\"protocol\":\"%s\"}",
			r->priority, r->in ? "Inbound" : "Outbound",
			r->allow ? "Allow" : "Deny", protos[r->proto]);
}

void m_print_group(const struct m_case *c, int group, struct diag_buf *out)
{
	const struct m_group *g = &c->groups[group];

	diag_buf_printf(out, "{\"name\":\"g%d\",\"subnets\":[", group);
	if (g->on_subnet)
		diag_buf_printf(out, "{\"id\":\"/s/%d\"}", group);
	diag_buf_puts(out, "],\"networkInterfaces\":[");
	if (g->on_nic)
		diag_buf_printf(out, "{\"id\":\"/n/%d\"}", group);
	diag_buf_puts(out, "],\"securityRules\":[");
	for (int i = 0; i < g->n; i++) {
		if (i > 0)
			diag_buf_putc(out, ',');
		print_rule(&g->rules[i], i, out);
	}
	diag_buf_puts(out, "]}");
}

void m_print_flow(const struct m_flow *f, char *out, size_t size)
{
	char peer[64];
	char self[64];

	m_print_peer(&f->peer, peer, sizeof(peer));
	m_print_peer(&f->self, self, sizeof(self));
	(void)snprintf(out, size, "%s %s %s %s %u-%u", f->in ? "in" : "out",
		       f->udp ? "udp" : "tcp", f->in ? peer : self,
		       f->in ? self : peer, f->port, f->port_last);
}

void m_print_tags(const struct m_case *c, const struct m_reality *r,
		  struct diag_buf *out)
{
	const char *between = "";

	diag_buf_puts(out, "{\"values\":[");
	for (int t = M_CLOUD; t < M_TAGS; t++) {
		for (int place = 0; place < M_PLACES; place++) {
			struct m_peer p = { .kind = M_TAG,
					    .tag = (enum m_tag)t,
					    .place = place };
			bool regional =
			    t == M_CLOUD || t == M_STORAGE || t == M_FRESH;
			const char *comma = "";
			char name[64];

			if (place == M_UNNAMED || (place > 0 && !regional))
				continue;
			m_print_peer(&p, name, sizeof(name));
			diag_buf_printf(out,
					"%s{\"name\":\"%s\",\"properties\":{"
					"\"addressPrefixes\":[",
					between, name);
			for (int i = 0; i < c->n; i++) {
				uint32_t ip = c->addresses[i];

				if (!peer_has(c, r, &p, i))
					continue;
				diag_buf_printf(out, "%s\"%u.%u.%u.%u/32\"",
						comma, ip >> 24, ip >> 16 & 255,
						ip >> 8 & 255, ip & 255);
				comma = ",";
			}
			diag_buf_puts(out, "]}}");
			between = ",";
		}
	}
	diag_buf_puts(out, "]}");
}
