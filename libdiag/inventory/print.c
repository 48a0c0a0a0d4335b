/* SPDX-License-Identifier: MIT */
/* print.c - an inventory as JSON: fixed order, nothing that says nothing. */
#include "inventory/inventory.h"

#include <string.h>

#include "inventory/inventory_internal.h"
#include "net/addr_json.h"

static void print_names(struct diag_jw *w, const char *key,
			const char *const *items, size_t n)
{
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++)
		diag_jw_str(w, items[i]);
	diag_jw_close(w, ']');
}

/* An empty text is the same as none. */
static void print_text(struct diag_jw *w, const char *key, const char *text)
{
	if (text[0] != '\0')
		diag_jw_kstr(w, key, text);
}

static void print_header(const struct diag_inventory *inv, struct diag_jw *w)
{
	char text[DIAG_ADDR_TEXT];

	diag_jw_kstr(w, "schema", DIAG_INVENTORY_SCHEMA);
	print_text(w, "name", inv->name);
	diag_jw_kstr(w, "cloud", diag_cloud_key(inv->cloud));
	print_text(w, "region", inv->region);
	diag_jw_kopen(w, "networks", '[');
	for (size_t i = 0; i < inv->n_networks; i++)
		diag_jw_str(w, diag_cidr_text(&inv->networks[i], text));
	diag_jw_close(w, ']');
	diag_jw_kstr(w, "public_access",
		     diag_public_access_key(inv->public_access));
	diag_jw_kbool(w, "managed_network", inv->managed_network);
	diag_jw_kopen(w, "workspace", '{');
	print_text(w, "name", inv->workspace_name);
	print_text(w, "id", inv->workspace_id);
	diag_jw_close(w, '}');
}

static void print_storage(const struct diag_inventory *inv, size_t i,
			  struct diag_jw *w)
{
	unsigned mask = inv->storage_services != NULL ? inv->storage_services[i]
						      : diag_storage_default();

	if (mask == diag_storage_default()) {
		diag_jw_str(w, inv->storage.items[i]);
		return;
	}
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", inv->storage.items[i]);
	diag_jw_kopen(w, "services", '[');
	for (int s = DIAG_SVC_STORAGE_BLOB; s <= DIAG_SVC_STORAGE_WEB; s++) {
		const char *key = diag_service_key((enum diag_service)s);

		if ((mask & diag_storage_bit((enum diag_service)s)) != 0)
			diag_jw_str(w, key + strlen("storage-"));
	}
	diag_jw_close(w, ']');
	diag_jw_close(w, '}');
}

static void print_registry(const struct diag_registry *reg, struct diag_jw *w)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", reg->name);
	print_names(w, "regions", reg->regions, reg->n_regions);
	diag_jw_close(w, '}');
}

static void print_lists(const struct diag_inventory *inv, struct diag_jw *w)
{
	diag_jw_kopen(w, "storage", '[');
	for (size_t i = 0; i < inv->storage.n; i++)
		print_storage(inv, i, w);
	diag_jw_close(w, ']');
	print_names(w, "key_vault", inv->key_vault.items, inv->key_vault.n);
	diag_jw_kopen(w, "registry", '[');
	for (size_t i = 0; i < inv->n_registry; i++)
		print_registry(&inv->registry[i], w);
	diag_jw_close(w, ']');
	print_names(w, "compute_instances", inv->compute_instances.items,
		    inv->compute_instances.n);
	print_names(w, "online_endpoints", inv->online_endpoints.items,
		    inv->online_endpoints.n);
	diag_addrs_json(w, "compute_nodes", inv->compute_nodes,
			inv->n_compute_nodes);
}

static void print_port(const struct diag_port *p, struct diag_jw *w)
{
	if (p->port_last == p->port && p->proto == DIAG_TCP &&
	    p->dir == DIAG_OUT && p->peer == NULL) {
		diag_jw_uint(w, p->port);
		return;
	}
	diag_jw_open(w, '{');
	diag_jw_kuint(w, "port", p->port);
	if (p->port_last != p->port)
		diag_jw_kuint(w, "last", p->port_last);
	if (p->proto == DIAG_UDP)
		diag_jw_kstr(w, "protocol", "udp");
	if (p->dir == DIAG_IN)
		diag_jw_kstr(w, "direction", "in");
	diag_jw_kstr(w, "peer", p->peer);
	diag_jw_close(w, '}');
}

/* An empty list of the target's own says "no ports"; none says nothing. */
static void print_ports(struct diag_jw *w, const char *key,
			const struct diag_ports *ports)
{
	if (ports->items == NULL)
		return;
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < ports->n; i++)
		print_port(&ports->items[i], w);
	diag_jw_close(w, ']');
}

static void print_target(const struct diag_target *t, struct diag_jw *w)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "fqdn", t->fqdn);
	diag_jw_kstr(w, "service", diag_service_key(t->service));
	diag_addrs_json(w, "addresses", t->addresses, t->n_addresses);
	diag_jw_kstr(w, "expect", diag_expect_key(t->expect));
	print_ports(w, "ports", &t->ports);
	print_ports(w, "optional_ports", &t->optional_ports);
	diag_jw_kstr(w, "source", t->computed ? "computed" : "read");
	if (t->uncertain)
		diag_jw_kbool(w, "uncertain", true);
	if (t->extra)
		diag_jw_kbool(w, "extra", true);
	diag_jw_kstr(w, "any_of", t->any_of);
	diag_jw_close(w, '}');
}

static void print_note(const struct diag_note *note, struct diag_jw *w)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "code", note->code);
	diag_jw_kstr(w, "detail", note->detail);
	print_names(w, "targets", note->targets, note->n_targets);
	diag_jw_kstr(w, "from", note->from);
	diag_jw_close(w, '}');
}

static void print_tree(struct diag_jw *w, const char *key, const cJSON *tree,
		       const char *empty)
{
	diag_jw_key(w, key);
	if (tree != NULL) {
		diag_jw_tree(w, tree);
		return;
	}
	diag_jw_open(w, empty[0]);
	diag_jw_close(w, empty[1]);
}

static void print_subnet(const struct diag_subnet *s, struct diag_jw *w)
{
	char text[DIAG_ADDR_TEXT];

	diag_jw_open(w, '{');
	diag_jw_kstr(w, "id", s->id);
	diag_jw_kopen(w, "prefixes", '[');
	for (size_t i = 0; i < s->n_prefixes; i++)
		diag_jw_str(w, diag_cidr_text(&s->prefixes[i], text));
	diag_jw_close(w, ']');
	if (s->policies != DIAG_POLICIES_UNKNOWN)
		diag_jw_kbool(w, "endpoint_policies",
			      s->policies == DIAG_POLICIES_ON);
	diag_jw_close(w, '}');
}

static void print_subnets(const struct diag_inventory *inv, struct diag_jw *w)
{
	if (inv->n_subnets == 0)
		return;
	diag_jw_kopen(w, "subnets", '[');
	for (size_t i = 0; i < inv->n_subnets; i++)
		print_subnet(&inv->subnets[i], w);
	diag_jw_close(w, ']');
}

void diag_inventory_print(const struct diag_inventory *inv, struct diag_jw *w)
{
	diag_jw_open(w, '{');
	print_header(inv, w);
	print_lists(inv, w);
	diag_jw_kopen(w, "targets", '[');
	for (size_t i = 0; i < inv->n_targets; i++)
		print_target(&inv->targets[i], w);
	diag_jw_close(w, ']');
	print_subnets(inv, w);
	print_tree(w, "nsgs", inv->nsgs, "[]");
	diag_jw_kopen(w, "notes", '[');
	for (size_t i = 0; i < inv->n_notes; i++)
		print_note(&inv->notes[i], w);
	diag_jw_close(w, ']');
	print_tree(w, "sources", inv->sources, "{}");
	diag_jw_close(w, '}');
}
