/* SPDX-License-Identifier: MIT */
/* expand.c - the short form becomes targets.
 *
 *	1. explicit targets are taken as they are, ports filled in
 *	   (a wildcard is only a source of addresses: nobody can ask it)
 *	2. names of the short form are worked out through the catalogue
 *	   (expand_names.c), except where an explicit target says more
 *	3. the public names the role needs
 *	4. sorted: catalogue order, then name; no name twice
 *
 * Expanding twice gives the same as expanding once: what was computed is
 * explicit then, and explicit targets win.
 */
#include <stdlib.h>
#include <string.h>

#include "inventory/inventory_internal.h"

/* --- ports ----------------------------------------------------------------
 */

/* "Storage.{R}" for a region; just "Storage" when it is not known. */
static const char *peer_text(struct diag_expand *x, const char *peer)
{
	const char *hole = strstr(peer, ".{R}");
	const char *region = x->in->region;
	const char *text;

	if (hole == NULL)
		text = diag_arena_strdup(&x->out->arena, peer);
	else
		text = diag_arena_printf(&x->out->arena, "%.*s%s%s",
					 (int)(hole - peer), peer,
					 region[0] != '\0' ? "." : "", region);
	x->nomem = x->nomem || text == NULL;
	return text;
}

static struct diag_ports copy_ports(struct diag_expand *x,
				    struct diag_ports from)
{
	struct diag_port *items = diag_arena_array(
	    &x->out->arena, from.n > 0 ? from.n : 1, sizeof(*items));

	if (items == NULL) {
		x->nomem = true;
		return (struct diag_ports){ 0 };
	}
	for (size_t i = 0; i < from.n; i++) {
		items[i] = from.items[i];
		items[i].tag = items[i].why = NULL; /* the catalogue's */
		if (items[i].peer != NULL)
			items[i].peer = peer_text(x, items[i].peer);
	}
	return (struct diag_ports){ items, from.n };
}

/* Ports of a service are made once and shared by its targets. */
static struct diag_ports service_ports(struct diag_expand *x,
				       enum diag_service s, bool optional)
{
	struct diag_ports *ports = &x->ports[s][optional ? 1 : 0];

	if (ports->items == NULL)
		*ports =
		    copy_ports(x, diag_cat_ports(s, x->role, x->era, optional));
	return *ports;
}

static bool same_port(const struct diag_port *a, const struct diag_port *b)
{
	if (a->port != b->port || a->port_last != b->port_last ||
	    a->proto != b->proto || a->dir != b->dir)
		return false;
	if (a->peer == NULL || b->peer == NULL)
		return a->peer == b->peer;
	return strcmp(a->peer, b->peer) == 0;
}

static bool has_port(struct diag_ports ports, const struct diag_port *p)
{
	for (size_t i = 0; i < ports.n; i++) {
		if (same_port(&ports.items[i], p))
			return true;
	}
	return false;
}

/* Optional ports that the target itself does not require. */
static struct diag_ports leftover(struct diag_expand *x, struct diag_ports own,
				  struct diag_ports optional)
{
	struct diag_port *items = diag_arena_array(
	    &x->out->arena, optional.n > 0 ? optional.n : 1, sizeof(*items));
	struct diag_ports out = { items, 0 };

	x->nomem = x->nomem || items == NULL;
	for (size_t i = 0; items != NULL && i < optional.n; i++) {
		if (!has_port(own, &optional.items[i]))
			items[out.n++] = optional.items[i];
	}
	return out;
}

/* --- explicit targets -----------------------------------------------------
 */

static void *copy_bytes(struct diag_expand *x, const void *p, size_t size)
{
	void *copy = diag_arena_memdup(&x->out->arena, p, size);

	x->nomem = x->nomem || copy == NULL;
	return copy;
}

static const char *copy_text(struct diag_expand *x, const char *text)
{
	return text != NULL ? copy_bytes(x, text, strlen(text) + 1) : NULL;
}

static struct diag_target *push(struct diag_expand *x)
{
	struct diag_target *t =
	    diag_arena_push(&x->out->arena, &x->targets, &x->n, sizeof(*t));

	x->nomem = x->nomem || t == NULL;
	return t;
}

struct diag_target *diag_expand_add(struct diag_expand *x, const char *fqdn,
				    enum diag_service s)
{
	const struct diag_cat_row *row = diag_cat_row_of(x->in->cloud, s, fqdn);
	struct diag_target *t = push(x);

	if (t == NULL)
		return NULL;
	t->fqdn = copy_text(x, fqdn);
	t->service = s;
	t->expect = row != NULL ? row->expect : DIAG_EXPECT_ANY;
	t->computed = true;
	t->ports = service_ports(x, s, false);
	t->optional_ports = service_ports(x, s, true);
	return t;
}

static void take_explicit(struct diag_expand *x, const struct diag_target *from)
{
	struct diag_target *t = push(x);

	if (t == NULL)
		return;
	*t = *from;
	t->fqdn = copy_text(x, from->fqdn);
	t->any_of = copy_text(x, from->any_of);
	if (from->n_addresses > 0)
		t->addresses =
		    copy_bytes(x, from->addresses,
			       from->n_addresses * sizeof(*from->addresses));
	t->ports = from->ports.items != NULL
		       ? copy_ports(x, from->ports)
		       : service_ports(x, from->service, false);
	if (from->optional_ports.items != NULL)
		t->optional_ports = copy_ports(x, from->optional_ports);
	else
		t->optional_ports = leftover(
		    x, t->ports, service_ports(x, from->service, true));
}

static void take_all_explicit(struct diag_expand *x)
{
	for (size_t i = 0; i < x->in->n_targets && !x->nomem; i++) {
		const struct diag_target *t = &x->in->targets[i];

		if (t->fqdn == NULL || t->fqdn[0] != '*')
			take_explicit(x, t);
	}
}

/* --- order ----------------------------------------------------------------
 */

static int by_address(const struct diag_target *a, const struct diag_target *b)
{
	size_t n =
	    a->n_addresses < b->n_addresses ? a->n_addresses : b->n_addresses;
	int order = 0;

	for (size_t i = 0; i < n && order == 0; i++)
		order = diag_addr_cmp(&a->addresses[i], &b->addresses[i]);
	return order != 0 ? order : (a->n_addresses > n) - (b->n_addresses > n);
}

static int by_name(const struct diag_target *a, const struct diag_target *b)
{
	if (a->fqdn == NULL || b->fqdn == NULL)
		return a->fqdn == b->fqdn ? by_address(a, b)
					  : (a->fqdn != NULL ? 1 : -1);
	return strcmp(a->fqdn, b->fqdn);
}

static int in_order(const void *a, const void *b)
{
	const struct diag_target *x = a;
	const struct diag_target *y = b;

	if (x->service != y->service)
		return x->service < y->service ? -1 : 1;
	return by_name(x, y);
}

/* The same name, or without names the same addresses of the same service. */
static int twins(const struct diag_target *a, const struct diag_target *b)
{
	int order = by_name(a, b);

	if (order == 0 && a->fqdn == NULL)
		order = (int)a->service - (int)b->service;
	return order;
}

/* Twins stand together; of them what was read comes first. */
static int for_twins(const void *a, const void *b)
{
	const struct diag_target *x = a;
	const struct diag_target *y = b;
	int order = twins(x, y);

	if (order == 0)
		order = (int)x->computed - (int)y->computed;
	return order != 0 ? order : in_order(a, b);
}

static int by_port(const void *a, const void *b)
{
	const struct diag_port *x = a;
	const struct diag_port *y = b;

	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->port_last != y->port_last)
		return x->port_last < y->port_last ? -1 : 1;
	return (int)x->proto - (int)y->proto;
}

/* In an order that is not the document's. */
static struct diag_ports joined(struct diag_expand *x, struct diag_ports a,
				struct diag_ports b)
{
	struct diag_port *items =
	    diag_arena_array(&x->out->arena, a.n + b.n + 1, sizeof(*items));
	struct diag_ports out = { items, 0 };

	x->nomem = x->nomem || items == NULL;
	for (size_t i = 0; items != NULL && i < a.n; i++)
		items[out.n++] = a.items[i];
	for (size_t i = 0; items != NULL && i < b.n; i++)
		if (!has_port(a, &b.items[i]))
			items[out.n++] = b.items[i];
	if (out.n > 1)
		qsort(items, out.n, sizeof(*items), by_port);
	return out;
}

/* A name stands once in what was read, and that goes before what was computed;
 * machines without one may stand there for each of their ports. */
static void unite(struct diag_expand *x, struct diag_target *kept,
		  const struct diag_target *twin)
{
	if (kept->fqdn != NULL || kept->computed || twin->computed)
		return;
	kept->ports = joined(x, kept->ports, twin->ports);
	kept->optional_ports =
	    joined(x, kept->optional_ports, twin->optional_ports);
	kept->optional_ports = leftover(x, kept->ports, kept->optional_ports);
}

static void drop_twins(struct diag_expand *x)
{
	size_t kept = 0;

	if (x->n < 2)
		return;
	qsort(x->targets, x->n, sizeof(*x->targets), for_twins);
	for (size_t i = 1; i < x->n; i++) {
		if (twins(&x->targets[kept], &x->targets[i]) != 0)
			x->targets[++kept] = x->targets[i];
		else
			unite(x, &x->targets[kept], &x->targets[i]);
	}
	x->n = kept + 1;
	qsort(x->targets, x->n, sizeof(*x->targets), in_order);
}

static bool expand(struct diag_expand *x, bool no_public, struct diag_err *err)
{
	take_all_explicit(x);
	diag_expand_names(x);
	if (!no_public)
		diag_expand_public(x);
	if (x->nomem)
		return diag_fail_nomem(err, "inventory");
	drop_twins(x);
	if (x->nomem)
		return diag_fail_nomem(err, "inventory");
	if (x->n > DIAG_INVENTORY_TARGETS)
		return diag_fail(err, DIAG_ELIMIT, "inventory",
				 "more than %d targets",
				 DIAG_INVENTORY_TARGETS);
	x->out->targets = x->targets;
	x->out->n_targets = x->n;
	return diag_inventory_seal(x->out, err);
}

bool diag_inventory_expand(const struct diag_inventory *inv,
			   enum diag_role role, enum diag_era era,
			   bool no_public, struct diag_inventory **out,
			   struct diag_err *err)
{
	struct diag_expand x = { .in = inv, .role = role, .era = era };

	if (!diag_cat_load(err) || !diag_inventory_copy(inv, &x.out, err))
		return false;
	if (!expand(&x, no_public, err)) {
		diag_inventory_free(x.out);
		return false;
	}
	*out = x.out;
	return true;
}
