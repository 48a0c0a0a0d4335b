/* SPDX-License-Identifier: MIT */
/* want.c - what a recording is about.
 *
 * The ports are those of the inventory's targets, or without one of every
 * service in the catalogue; those of --ports; then the proxies of this machine,
 * and its name servers where they are asked on another port.
 */
#include "tools/pl-capture/capture.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "tools/options_machine.h"
#include "tools/pl-probe/probe.h"

#define PORTS_MAX 256 /* different ones; an inventory may invent some */

struct wanted {
	struct tool_call *call;
	struct diag_filter_ports *ports;
	size_t n_ports;
};

static void add(struct wanted *w, unsigned first, unsigned last, bool udp)
{
	for (size_t i = 0; i < w->n_ports; i++)
		if (w->ports[i].first == first && w->ports[i].last == last &&
		    w->ports[i].udp == udp)
			return;
	if (w->n_ports == PORTS_MAX)
		return;
	w->ports[w->n_ports++] = (struct diag_filter_ports){
		.first = (uint16_t)first, .last = (uint16_t)last, .udp = udp
	};
}

static void add_all(struct wanted *w, const struct diag_ports *ports)
{
	for (size_t i = 0; i < ports->n; i++)
		add(w, ports->items[i].port, ports->items[i].port_last,
		    ports->items[i].proto == DIAG_UDP);
}

/* --- the inventory -------------------------------------------------------- */

static int addr_cmp(const void *a, const void *b)
{
	return diag_addr_cmp(a, b);
}

/* Every address once; gives their number. */
static size_t thin_out(struct diag_addr *list, size_t n)
{
	size_t kept = 0;

	if (n > 1)
		qsort(list, n, sizeof(*list), addr_cmp);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || !diag_addr_eq(&list[kept - 1], &list[i]))
			list[kept++] = list[i];
	return kept;
}

static bool add_addresses(struct tool_call *call,
			  const struct diag_inventory *inv,
			  struct diag_filter_want *out, struct diag_err *err)
{
	struct diag_addr *list;
	size_t n = 0;

	for (size_t i = 0; i < inv->n_targets; i++)
		n += inv->targets[i].n_addresses;
	list = diag_arena_array(&call->arena, n + 1, sizeof(*list));
	if (list == NULL)
		return diag_fail_nomem(err, "record");
	n = 0;
	for (size_t i = 0; i < inv->n_targets; i++)
		for (size_t k = 0; k < inv->targets[i].n_addresses; k++)
			list[n++] = inv->targets[i].addresses[k];
	out->addresses = list;
	out->n_addresses = thin_out(list, n);
	return true;
}

static bool add_networks(struct tool_call *call,
			 const struct diag_inventory *inv,
			 struct diag_filter_want *out, struct diag_err *err)
{
	struct diag_cidr *nets =
	    diag_arena_array(&call->arena, inv->n_networks + 1, sizeof(*nets));

	if (nets == NULL)
		return diag_fail_nomem(err, "record");
	if (inv->n_networks > 0)
		memcpy(nets, inv->networks, inv->n_networks * sizeof(*nets));
	out->networks = nets;
	out->n_networks = inv->n_networks;
	return true;
}

static bool add_inventory(struct wanted *w, const struct diag_inventory *inv,
			  struct diag_filter_want *out, struct diag_err *err)
{
	for (size_t i = 0; i < inv->n_targets; i++) {
		add_all(w, &inv->targets[i].ports);
		add_all(w, &inv->targets[i].optional_ports);
	}
	return add_addresses(w->call, inv, out, err) &&
	       add_networks(w->call, inv, out, err);
}

static bool given_inventory(struct wanted *w, const struct diag_machine *m,
			    struct diag_filter_want *out, struct diag_err *err)
{
	const struct pl_capture *o = w->call->options;
	const char *word = w->call->argc > 0 ? w->call->argv[0] : NULL;
	struct diag_inventory *given = NULL, *whole = NULL;
	enum diag_role role;
	bool ok;

	if (!tool_inventory_load(w->call, &o->workspace, word, &given, err))
		return false;
	role = tool_role_of(o->role, tool_stands_inside(m, given));
	ok = diag_inventory_expand(given, role, tool_era_of(o->era), false,
				   &whole, err) &&
	     add_inventory(w, whole, out, err);
	diag_inventory_free(given);
	diag_inventory_free(whole);
	return ok;
}

/* --- without one ---------------------------------------------------------- */

static bool every_service(struct wanted *w, struct diag_err *err)
{
	const struct pl_capture *o = w->call->options;
	enum diag_role role = tool_role_of(o->role, false);

	if (!diag_cat_load(err))
		return false;
	for (int s = 0; s < DIAG_N_SERVICES; s++)
		for (int optional = 0; optional < 2; optional++) {
			struct diag_ports ports =
			    diag_cat_ports((enum diag_service)s, role,
					   tool_era_of(o->era), optional != 0);

			add_all(w, &ports);
		}
	return true;
}

/* --- what else is wanted ------------------------------------------------- */

static bool add_named(struct wanted *w, struct diag_err *err)
{
	const struct pl_capture *o = w->call->options;
	struct diag_probe_ports *ranges = NULL;
	size_t n = 0;

	if (o->ports == NULL)
		return true;
	if (!probe_ports(w->call, "--ports", diag_slice_of(o->ports), &ranges,
			 &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		add(w, ranges[i].port, ranges[i].last,
		    ranges[i].proto == DIAG_UDP);
	return true;
}

/* --- this machine --------------------------------------------------------- */

/* RFC 3986, 3.2.3: what stands behind the last colon, or the scheme's own. */
static unsigned proxy_port(const char *url)
{
	const char *colon = strrchr(url, ':');
	uint64_t port;

	if (colon != NULL &&
	    diag_slice_number(diag_slice_of(colon + 1), 1, 65535, &port))
		return (unsigned)port;
	if (strncmp(url, "socks", 5) == 0)
		return 1080;
	return strncmp(url, "https:", 6) == 0 ? 443 : 80;
}

static void add_machine(struct wanted *w, const struct diag_machine *m)
{
	for (size_t i = 0; i < m->n_proxies; i++) {
		unsigned port = proxy_port(m->proxies[i].url);

		add(w, port, port, false);
	}
	for (size_t i = 0; i < m->n_servers; i++) {
		unsigned port = m->servers[i].at.port;

		if (port == 0 || port == 53)
			continue;
		add(w, port, port, true);
		add(w, port, port, false);
	}
}

bool pl_capture_want(struct tool_call *call, struct diag_filter_want *out,
		     struct diag_err *err)
{
	static const struct tool_machine here = { .machine = NULL };
	const struct pl_capture *o = call->options;
	struct wanted w = { .call = call };
	struct diag_machine *m = NULL;
	bool ok;

	*out = (struct diag_filter_want){ .n_ports = 0 };
	w.ports = diag_arena_array(&call->arena, PORTS_MAX, sizeof(*w.ports));
	if (w.ports == NULL)
		return diag_fail_nomem(err, "record");
	if (!tool_machine_load(call, &here, &m, err))
		return false;
	ok = add_named(&w, err) &&
	     (call->argc > 0 || tool_inventory_given(&o->workspace)
		  ? given_inventory(&w, m, out, err)
		  : every_service(&w, err));
	add_machine(&w, m);
	diag_machine_free(m);
	out->ports = w.ports;
	out->n_ports = w.n_ports;
	return ok;
}
