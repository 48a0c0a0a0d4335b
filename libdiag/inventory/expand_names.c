/* SPDX-License-Identifier: MIT */
/* expand_names.c - which names follow from the short form, and what is known
 * of their addresses.
 *
 * Where Azure has several forms of one name and nobody knows which is in use
 * (both suffixes of an instance, the notebook label with and without its
 * region, both ways to cut it) all of them become members of one any_of
 * group.  An explicit target that is one of the forms settles it.
 *
 * Endpoint members.  API, certificate and instance names share the address of
 * the endpoint's member "default", online endpoints that of "inference"; an
 * address given for one name of a member is the expected one of all others.
 */
#include <string.h>

#include "inventory/inventory_internal.h"
#include "inventory/pattern.h"
#include "net/fqdn.h"

#define FORMS_MAX 16

struct forms {
	char names[FORMS_MAX][DIAG_FQDN_MAX];
	bool uncertain[FORMS_MAX];
	size_t n;
};

/* --- addresses ------------------------------------------------------------
 */

static const struct diag_target *first_of(const struct diag_inventory *inv,
					  enum diag_service s)
{
	for (size_t i = 0; i < inv->n_targets; i++) {
		const struct diag_target *t = &inv->targets[i];

		if (t->service == s && t->n_addresses > 0)
			return t;
	}
	return NULL;
}

/* An explicit target on the same member of the endpoint. */
static const struct diag_target *sibling(const struct diag_inventory *inv,
					 enum diag_service s)
{
	const struct diag_target *t;

	switch (s) {
	case DIAG_SVC_WORKSPACE_API:
		return first_of(inv, DIAG_SVC_WORKSPACE_CERT);
	case DIAG_SVC_WORKSPACE_CERT:
	case DIAG_SVC_COMPUTE_INSTANCE:
	case DIAG_SVC_COMPUTE_INSTANCE_SSH:
		t = first_of(inv, DIAG_SVC_WORKSPACE_API);
		return t != NULL ? t : first_of(inv, DIAG_SVC_WORKSPACE_CERT);
	case DIAG_SVC_ONLINE_ENDPOINT:
		return first_of(inv, DIAG_SVC_ONLINE_ENDPOINT);
	default:
		return NULL;
	}
}

static void take_addresses(struct diag_expand *x, struct diag_target *t)
{
	const struct diag_target *from = sibling(x->in, t->service);

	if (from == NULL)
		return;
	t->addresses =
	    (const struct diag_addr *)(const void *)diag_arena_memdup(
		&x->out->arena, from->addresses,
		from->n_addresses * sizeof(*from->addresses));
	t->n_addresses = t->addresses != NULL ? from->n_addresses : 0;
	x->nomem = x->nomem || t->addresses == NULL;
}

/* --- forms ----------------------------------------------------------------
 */

static void add_form(struct forms *f, const char *pattern,
		     const struct diag_cat_fill *fill, bool uncertain)
{
	char *name;

	if (f->n == FORMS_MAX)
		return;
	name = f->names[f->n];
	if (!diag_cat_fill(pattern, fill, name, DIAG_FQDN_MAX) ||
	    name[0] == '*')
		return;
	for (size_t i = 0; i < f->n; i++) {
		if (strcmp(f->names[i], name) == 0)
			return;
	}
	f->uncertain[f->n++] = uncertain;
}

static void add_forms(struct forms *f, const struct diag_cat_row *row,
		      const struct diag_cat_fill *fill, bool uncertain)
{
	if (row == NULL || row->pattern == NULL)
		return;
	add_form(f, row->pattern, fill, uncertain);
	for (size_t i = 0; i < row->n_others; i++)
		add_form(f, row->others[i], fill, uncertain);
}

static bool settled(const struct diag_expand *x, const struct forms *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (diag_inventory_target(x->in, f->names[i]) != NULL)
			return true;
	}
	return false;
}

/* Several forms are one group, called after the service and the name. */
static void add_targets(struct diag_expand *x, const struct forms *f,
			enum diag_service s, const char *name)
{
	const char *group = NULL;

	if (f->n == 0 || settled(x, f))
		return;
	if (f->n > 1) {
		group = diag_arena_printf(&x->out->arena, "%s%s%s",
					  diag_service_key(s),
					  name[0] != '\0' ? ":" : "", name);
		x->nomem = x->nomem || group == NULL;
	}
	for (size_t i = 0; i < f->n && !x->nomem; i++) {
		struct diag_target *t = diag_expand_add(x, f->names[i], s);

		if (t == NULL)
			return;
		t->any_of = group;
		t->uncertain = f->uncertain[i];
		take_addresses(x, t);
	}
}

static void add_service(struct diag_expand *x, enum diag_service s,
			const char *name, const char *region)
{
	const struct diag_cat_row *row = diag_cat_row(x->in->cloud, s);
	const struct diag_cat_fill fill = { .id = x->in->workspace_id,
					    .region = region,
					    .name = name };
	struct forms f = { .n = 0 };

	add_forms(&f, row, &fill, s == DIAG_SVC_COMPUTE_INSTANCE_SSH);
	add_targets(x, &f, s, name);
}

/* --- the notebook ---------------------------------------------------------
 */

static bool has_service(const struct diag_inventory *inv, enum diag_service s)
{
	for (size_t i = 0; i < inv->n_targets; i++) {
		if (inv->targets[i].service == s)
			return true;
	}
	return false;
}

/* A label that can be read is not computed. */
static void add_notebook(struct diag_expand *x)
{
	const struct diag_inventory *in = x->in;
	const struct diag_cat_row *row =
	    diag_cat_row(in->cloud, DIAG_SVC_NOTEBOOK);
	struct forms f = { .n = 0 };
	char cut[DIAG_LABEL_MAX];
	bool was_cut;

	if (has_service(in, DIAG_SVC_NOTEBOOK))
		return;
	for (int drop = 0; drop < 2; drop++) {
		const struct diag_cat_fill fill = { .id = in->workspace_id,
						    .region = in->region,
						    .workspace = cut };

		if (diag_cat_cut(in->workspace_name, in->region, drop == 1, cut,
				 &was_cut))
			add_forms(&f, row, &fill, was_cut);
	}
	add_targets(x, &f, DIAG_SVC_NOTEBOOK, "");
}

/* --- the rest of the short form -------------------------------------------
 */

static void add_storage(struct diag_expand *x)
{
	const struct diag_inventory *in = x->in;

	for (size_t i = 0; i < in->storage.n; i++) {
		unsigned mask = in->storage_services != NULL
				    ? in->storage_services[i]
				    : diag_storage_default();

		for (int s = DIAG_SVC_STORAGE_BLOB; s <= DIAG_SVC_STORAGE_WEB;
		     s++) {
			enum diag_service svc = (enum diag_service)s;

			if ((mask & diag_storage_bit(svc)) != 0)
				add_service(x, svc, in->storage.items[i],
					    in->region);
		}
	}
}

static void add_registry(struct diag_expand *x)
{
	const struct diag_inventory *in = x->in;

	for (size_t i = 0; i < in->n_registry; i++) {
		const struct diag_registry *reg = &in->registry[i];

		add_service(x, DIAG_SVC_REGISTRY, reg->name, in->region);
		for (size_t k = 0; k < reg->n_regions; k++)
			add_service(x, DIAG_SVC_REGISTRY_DATA, reg->name,
				    reg->regions[k]);
		if (reg->n_regions == 0)
			add_service(x, DIAG_SVC_REGISTRY_DATA, reg->name,
				    in->region);
	}
}

/* Compute instances are reached by people; nodes and pods do not ask for
 * them. */
static void add_instances(struct diag_expand *x)
{
	const struct diag_names *names = &x->in->compute_instances;

	for (size_t i = 0; i < names->n; i++) {
		add_service(x, DIAG_SVC_COMPUTE_INSTANCE, names->items[i],
			    x->in->region);
		if (x->role == DIAG_ROLE_CLIENT || x->role == DIAG_ROLE_JUMPBOX)
			add_service(x, DIAG_SVC_COMPUTE_INSTANCE_SSH,
				    names->items[i], x->in->region);
	}
}

static void add_names(struct diag_expand *x, enum diag_service s,
		      const struct diag_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		add_service(x, s, names->items[i], x->in->region);
}

/* A node has flows only for the role that stands on it. */
static void add_nodes(struct diag_expand *x)
{
	const struct diag_inventory *in = x->in;

	if (diag_cat_ports(DIAG_SVC_COMPUTE_NODE, x->role, x->era, false).n ==
		0 &&
	    diag_cat_ports(DIAG_SVC_COMPUTE_NODE, x->role, x->era, true).n == 0)
		return;
	for (size_t i = 0; i < in->n_compute_nodes; i++) {
		struct diag_target *t =
		    diag_expand_add(x, NULL, DIAG_SVC_COMPUTE_NODE);
		struct diag_addr *address =
		    diag_arena_array(&x->out->arena, 1, sizeof(*address));

		x->nomem = x->nomem || address == NULL;
		if (t == NULL || address == NULL)
			return;
		*address = in->compute_nodes[i];
		t->addresses = address;
		t->n_addresses = 1;
	}
}

void diag_expand_names(struct diag_expand *x)
{
	const struct diag_inventory *in = x->in;

	if (in->workspace_id[0] != '\0') {
		add_service(x, DIAG_SVC_WORKSPACE_API, "", in->region);
		add_service(x, DIAG_SVC_WORKSPACE_CERT, "", in->region);
		add_notebook(x);
	}
	add_instances(x);
	add_names(x, DIAG_SVC_ONLINE_ENDPOINT, &in->online_endpoints);
	add_storage(x);
	add_names(x, DIAG_SVC_KEY_VAULT, &in->key_vault);
	add_registry(x);
	add_nodes(x);
}

/* Only names without which something breaks: the others are in the catalogue
 * for those who write firewall rules. */
void diag_expand_public(struct diag_expand *x)
{
	const struct diag_cat_public *rows;
	size_t n = diag_cat_public(x->in->cloud, &rows);
	const struct diag_cat_fill fill = { .region = x->in->region };

	for (size_t i = 0; i < n && !x->nomem; i++) {
		struct diag_target *t;
		char name[DIAG_FQDN_MAX];

		if (!rows[i].required ||
		    (rows[i].roles & (1U << x->role)) == 0 ||
		    !diag_cat_fill(rows[i].pattern, &fill, name,
				   sizeof(name)) ||
		    name[0] == '*' || diag_inventory_target(x->in, name))
			continue;
		t = diag_expand_add(x, name, rows[i].service);
		if (t == NULL)
			return;
		t->extra = true;
		t->computed = false;
	}
}
