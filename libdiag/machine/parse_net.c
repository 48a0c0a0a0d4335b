/* SPDX-License-Identifier: MIT */
/* parse_net.c - a machine from JSON: hosts, interfaces, routes, proxies. */
#include <string.h>

#include "machine/internal.h"

static struct diag_json_at below(const struct diag_json_at *at, const char *key)
{
	return (struct diag_json_at){
		.file = at->file, .up = at, .key = key, .problems = at->problems
	};
}

/* A text that must be there. */
static const char *needed(struct machine_json *j, const struct diag_json_at *at,
			  const cJSON *v, const char *key)
{
	struct diag_json_at here = below(at, key);
	const char *s = machine_json_text(j, at, v, key);

	if (s == NULL && !j->no_memory && !cJSON_HasObjectItem(v, key))
		diag_json_wrong(&here, NULL, "expected text");
	return s;
}

static void number_to(const struct diag_json_at *at, const cJSON *v,
		      const char *key, uint64_t max, unsigned *out)
{
	uint64_t n;

	if (diag_json_uint(at, v, key, 0, max, &n))
		*out = (unsigned)n;
}

static void number(const struct diag_json_at *at, const cJSON *v,
		   const char *key, unsigned *out)
{
	number_to(at, v, key, UINT32_MAX, out);
}

/* --- hosts ---------------------------------------------------------------- */

static const struct diag_addr *copy_addr(struct machine_json *j,
					 const struct diag_addr *addr)
{
	struct diag_addr *out = diag_arena_alloc(&j->m->arena, sizeof(*out));

	if (out != NULL)
		*out = *addr;
	return out;
}

static void parse_edge(struct machine_json *j, const struct diag_json_at *at,
		       const cJSON *v)
{
	struct diag_hosts *h = &j->m->hosts;
	struct diag_hosts_edge e = { .name = needed(j, at, v, "name") };
	struct diag_hosts_edge *to;
	struct diag_addr addr;
	unsigned column = 0;
	bool canonical = false;

	if (!machine_json_addr(at, v, "address", true, &addr) || e.name == NULL)
		return;
	number(at, v, "line", &e.line);
	number_to(at, v, "column", DIAG_HOSTS_COLUMN_MAX, &column);
	(void)diag_json_bool(at, v, "canonical", &canonical);
	e.column = column & DIAG_HOSTS_COLUMN_MAX;
	e.canonical = canonical;
	e.addr = copy_addr(j, &addr);
	to = diag_arena_push(&j->m->arena, &h->edges, &h->n_edges, sizeof(e));
	if (to != NULL)
		*to = e;
	j->no_memory |= to == NULL || e.addr == NULL;
}

static void parse_fault(struct machine_json *j, const struct diag_json_at *at,
			const cJSON *v)
{
	struct diag_json_at here = below(at, "kind");
	struct diag_hosts *h = &j->m->hosts;
	struct diag_hosts_fault f = { 0 }, *to;
	const char *kind = NULL;

	if (!diag_json_str(at, v, "kind", &kind) ||
	    !diag_hosts_fault_parse(kind, &f.kind)) {
		diag_json_wrong(&here,
				cJSON_GetObjectItemCaseSensitive(v, "kind"),
				"expected a kind of fault like glued");
		return;
	}
	f.meant = machine_json_text(j, at, v, "meant");
	f.text = machine_json_text(j, at, v, "text");
	f.corrected = machine_json_text(j, at, v, "corrected");
	number(at, v, "line", &f.line);
	number(at, v, "column", &f.column);
	to = diag_arena_push(&j->m->arena, &h->faults, &h->n_faults, sizeof(f));
	if (to != NULL)
		*to = f;
	j->no_memory |= to == NULL;
}

void machine_parse_hosts(struct machine_json *j, const struct diag_json_at *at,
			 const cJSON *obj)
{
	const cJSON *v = diag_json_object(at, obj, "hosts");
	struct diag_json_at here = below(at, "hosts");
	const char *path;

	if (v == NULL)
		return;
	path = machine_json_text(j, &here, v, "path");
	if (path != NULL && path[0] != '\0')
		j->m->hosts_path = path;
	machine_json_each(j, &here, v, "edges", parse_edge);
	machine_json_each(j, &here, v, "faults", parse_fault);
	if (!j->no_memory &&
	    !diag_hosts_make_index(&j->m->arena, &j->m->hosts, NULL))
		j->no_memory = true;
}

/* --- interfaces, routes, proxies ------------------------------------------ */

static void parse_address(struct machine_json *j, const struct diag_json_at *at,
			  const cJSON *v)
{
	struct diag_machine *m = j->m;
	struct diag_interface *f = &m->interfaces[m->n_interfaces - 1];
	size_t n = f->n_addresses;
	struct diag_addr addr, *a;
	struct diag_cidr cidr, *c;

	if (!machine_json_addr(at, v, "address", true, &addr) ||
	    !machine_json_cidr(at, v, "prefix", &cidr))
		return;
	a = diag_arena_push(&m->arena, &f->addresses, &n, sizeof(*a));
	n = f->n_addresses;
	c = diag_arena_push(&m->arena, &f->prefixes, &n, sizeof(*c));
	if (a == NULL || c == NULL) {
		j->no_memory = true;
		return;
	}
	*a = addr;
	*c = cidr;
	f->n_addresses = n;
}

static void parse_interface(struct machine_json *j,
			    const struct diag_json_at *at, const cJSON *v)
{
	struct diag_machine *m = j->m;
	const char *name = needed(j, at, v, "name");
	struct diag_interface *f;

	if (name == NULL)
		return;
	f = diag_arena_push(&m->arena, &m->interfaces, &m->n_interfaces,
			    sizeof(*f));
	if (f == NULL) {
		j->no_memory = true;
		return;
	}
	f->name = name;
	(void)diag_json_bool(at, v, "up", &f->up);
	(void)diag_json_bool(at, v, "loopback", &f->loopback);
	(void)diag_json_bool(at, v, "tunnel", &f->tunnel);
	(void)diag_json_bool(at, v, "container", &f->container);
	number(at, v, "mtu", &f->mtu);
	machine_json_each(j, at, v, "addresses", parse_address);
}

static void parse_route(struct machine_json *j, const struct diag_json_at *at,
			const cJSON *v)
{
	struct diag_machine *m = j->m;
	struct diag_route r = { 0 }, *to;

	if (!machine_json_cidr(at, v, "to", &r.to))
		return;
	(void)machine_json_addr(at, v, "gateway", false, &r.gateway);
	r.interface = machine_json_text(j, at, v, "interface");
	number(at, v, "metric", &r.metric);
	to = diag_arena_push(&m->arena, &m->routes, &m->n_routes, sizeof(r));
	if (to != NULL)
		*to = r;
	j->no_memory |= to == NULL;
}

static void parse_proxy(struct machine_json *j, const struct diag_json_at *at,
			const cJSON *v)
{
	struct diag_machine *m = j->m;
	struct diag_proxy p = { .scheme = needed(j, at, v, "scheme"),
				.url = needed(j, at, v, "url") };
	struct diag_proxy *to;

	p.source = machine_json_text(j, at, v, "source");
	(void)diag_json_bool(at, v, "has_credentials", &p.has_credentials);
	if (p.scheme == NULL || p.url == NULL)
		return;
	to = diag_arena_push(&m->arena, &m->proxies, &m->n_proxies, sizeof(p));
	if (to != NULL)
		*to = p;
	j->no_memory |= to == NULL;
}

void machine_parse_net(struct machine_json *j, const struct diag_json_at *at,
		       const cJSON *obj)
{
	struct machine_names no_proxy = { 0 };

	machine_json_each(j, at, obj, "interfaces", parse_interface);
	machine_json_each(j, at, obj, "routes", parse_route);
	machine_json_each(j, at, obj, "proxies", parse_proxy);
	machine_json_names(j, at, obj, "no_proxy", &no_proxy);
	j->m->no_proxy = no_proxy.items;
	j->m->n_no_proxy = no_proxy.n;
}
