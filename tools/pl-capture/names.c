/* SPDX-License-Identifier: MIT */
/* names.c - which names in a capture matter.
 *
 * With an inventory, those of its targets.  Without one, those that fit the
 * catalogue; but a storage account or a vault may be anybody's, and to be
 * public is then no fault.  Such a name is held to private link only if the
 * capture shows it there: by an alias, or by a private address.
 */
#include "tools/pl-capture/capture.h"

#include "base/json.h"
#include "net/scope.h"

#include <stdlib.h>
#include <string.h>

static bool is_zone(const char *name)
{
	return diag_fqdn_privatelink_zone(name) == name ||
	       strcmp(name, "ipv4only.arpa") == 0;
}

static bool in_catalogue(const char *name)
{
	struct diag_cat_match match;
	enum diag_service service;
	enum diag_cloud cloud;

	return diag_cat_match(name, &match) ||
	       diag_cat_is_public(name, &cloud, &service);
}

bool pl_capture_wanted(void *ctx, const char *name)
{
	const struct pl_capture_run *run = ctx;

	if (is_zone(name))
		return true;
	return run->given
		   ? diag_inventory_target(run->c->inventory, name) != NULL
		   : in_catalogue(name);
}

/* --- the addresses an inventory expects ----------------------------------- */

bool pl_capture_pins(struct pl_capture_run *run, struct diag_capture_options *o,
		     struct diag_err *err)
{
	const struct diag_inventory *inv = run->c->inventory;
	struct diag_capture_pin *pins = NULL;
	size_t n = 0;

	for (size_t i = 0; run->given && i < inv->n_targets; i++)
		for (size_t k = 0; k < inv->targets[i].n_addresses; k++) {
			struct diag_capture_pin *p = diag_arena_push(
			    &run->call->arena, &pins, &n, sizeof(*pins));

			if (p == NULL)
				return diag_fail_nomem(err, "analyze");
			p->addr = inv->targets[i].addresses[k];
			p->name = inv->targets[i].fqdn;
		}
	o->pins = pins;
	o->n_pins = n;
	return true;
}

/* --- the inventory of the names that were met ----------------------------- */

struct met {
	const char *name;
	bool private_link;
};

static bool shows_private_link(const struct diag_fact *f)
{
	if (f->kind != DIAG_FACT_DNS)
		return false;
	for (size_t i = 0; i < f->dns.n_chain; i++)
		if (diag_fqdn_is_privatelink(f->dns.chain[i].name))
			return true;
	for (size_t i = 0; i < f->dns.n_addresses; i++)
		if (diag_scope_is_private(diag_scope_of(&f->dns.addresses[i])))
			return true;
	return false;
}

static int met_cmp(const void *a, const void *b)
{
	return strcmp(((const struct met *)a)->name,
		      ((const struct met *)b)->name);
}

/* Every name once; gives their number. */
static size_t collect(const struct diag_store *facts, struct met *met)
{
	size_t all = 0, n = 0;

	for (size_t i = 0; i < facts->n; i++) {
		const struct diag_fact *f = facts->facts[i];

		if (f->target == NULL || !in_catalogue(f->target))
			continue;
		met[all].name = f->target;
		met[all++].private_link = shows_private_link(f);
	}
	if (all > 1)
		qsort(met, all, sizeof(*met), met_cmp);
	for (size_t i = 0; i < all; i++) {
		if (n > 0 && strcmp(met[n - 1].name, met[i].name) == 0)
			met[n - 1].private_link |= met[i].private_link;
		else
			met[n++] = met[i];
	}
	return n;
}

/* Names that only a machine-learning workspace has. */
static bool is_workspaces_own(enum diag_service s)
{
	return s == DIAG_SVC_WORKSPACE_API || s == DIAG_SVC_WORKSPACE_CERT ||
	       s == DIAG_SVC_NOTEBOOK || s == DIAG_SVC_COMPUTE_INSTANCE ||
	       s == DIAG_SVC_COMPUTE_INSTANCE_SSH ||
	       s == DIAG_SVC_ONLINE_ENDPOINT;
}

static void put_target(struct diag_jw *w, const struct met *m)
{
	struct diag_cat_match match;
	enum diag_service service = DIAG_SVC_OTHER;
	enum diag_expect expect = DIAG_EXPECT_PUBLIC;
	enum diag_cloud cloud;

	if (!diag_cat_is_public(m->name, &cloud, &service) &&
	    diag_cat_match(m->name, &match)) {
		service = match.row->service;
		expect = match.row->expect;
		if (!m->private_link && !is_workspaces_own(service))
			expect = DIAG_EXPECT_ANY;
	}
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "fqdn", m->name);
	diag_jw_kstr(w, "service", diag_service_key(service));
	diag_jw_kstr(w, "expect", diag_expect_key(expect));
	diag_jw_close(w, '}');
}

/* Region and cloud of the first name that has them. */
static void put_place(struct diag_jw *w, const struct met *met, size_t n)
{
	struct diag_cat_match match;

	for (size_t i = 0; i < n; i++) {
		if (!diag_cat_match(met[i].name, &match) ||
		    match.region[0] == '\0')
			continue;
		diag_jw_kstr(w, "cloud", diag_cloud_key(match.row->cloud));
		diag_jw_kstr(w, "region", match.region);
		return;
	}
}

static bool parse(struct pl_capture_run *run, const struct diag_buf *text,
		  struct diag_err *err)
{
	struct diag_case *c = run->c;
	struct diag_inventory *inv = NULL;
	struct diag_problems problems;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_inventory_parse("capture", text->data, text->len, &problems,
				  &inv, err) &&
	     diag_inventory_expand(inv, c->role, c->era, c->no_public,
				   &c->inventory, err);
	diag_inventory_free(inv);
	diag_problems_clear(&problems);
	return ok;
}

bool pl_capture_inventory(struct pl_capture_run *run, struct diag_err *err)
{
	const struct diag_store *facts = &run->c->facts;
	struct met *met =
	    diag_arena_array(&run->call->arena, facts->n + 1, sizeof(*met));
	struct diag_buf text;
	struct diag_jw w;
	size_t n;
	bool ok;

	if (met == NULL)
		return diag_fail_nomem(err, "analyze");
	n = collect(facts, met);
	diag_buf_init(&text, DIAG_INVENTORY_BYTES);
	diag_jw_init(&w, &text, 0);
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "schema", DIAG_INVENTORY_SCHEMA);
	put_place(&w, met, n);
	diag_jw_kopen(&w, "targets", '[');
	for (size_t i = 0; i < n; i++)
		put_target(&w, &met[i]);
	diag_jw_close(&w, ']');
	diag_jw_close(&w, '}');
	ok = diag_buf_ok(&text, err, "analyze") && parse(run, &text, err);
	diag_buf_clear(&text);
	return ok;
}
