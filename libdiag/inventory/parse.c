/* SPDX-License-Identifier: MIT */
/* parse.c - a document becomes an inventory, or a list of all its faults. */
#include "inventory/inventory.h"

#include <string.h>

#include "inventory/inventory_internal.h"
#include "inventory/reader.h"

static bool syntax(const char *name, const char *text, size_t len,
		   struct diag_inventory *inv, struct diag_problems *problems,
		   struct diag_err *err)
{
	static const struct diag_json_limits limits = { DIAG_INVENTORY_BYTES,
							32 };
	struct diag_err why = { .code = DIAG_OK };

	if (diag_json_parse(name, text, len, &limits, &inv->tree, &why))
		return true;
	if (why.code != DIAG_ENOMEM)
		diag_problem(problems, "%s", why.what);
	return diag_fail(err, why.code, "inventory", "%s", why.what);
}

/* --- faults that only the whole document has ------------------------------ */

static void check_twice(const struct diag_json_at *at,
			const struct diag_inventory *inv)
{
	for (size_t i = 1; i < inv->n_by_name; i++) {
		const struct diag_target *a = inv->by_name[i - 1];
		const struct diag_target *b = inv->by_name[i];
		size_t first = (size_t)((a < b ? a : b) - inv->targets);
		size_t second = (size_t)((a < b ? b : a) - inv->targets);

		if (strcmp(a->fqdn, b->fqdn) == 0)
			diag_problem(
			    at->problems,
			    "%s: $.targets[%zu].fqdn: expected each "
			    "name once, but \"%s\" is targets[%zu] too",
			    at->file, second, b->fqdn, first);
	}
}

static bool has_api(const struct diag_inventory *inv)
{
	for (size_t i = 0; i < inv->n_targets; i++) {
		if (inv->targets[i].service == DIAG_SVC_WORKSPACE_API)
			return true;
	}
	return false;
}

/* Names that could not be computed would silently not be checked. */
static void check_region(const struct diag_json_at *at,
			 const struct diag_inventory *inv)
{
	struct diag_json_at here = diag_at_key(at, "region");
	const char *what = NULL;

	if (inv->region[0] != '\0')
		return;
	if (inv->workspace_id[0] != '\0' && !has_api(inv))
		what = "the workspace";
	else if (inv->compute_instances.n > 0)
		what = "compute instances";
	else if (inv->online_endpoints.n > 0)
		what = "online endpoints";
	if (what != NULL)
		diag_json_wrong(
		    &here,
		    cJSON_GetObjectItemCaseSensitive(inv->tree, "region"),
		    "expected a region such as \"eastus\", which names of %s "
		    "need",
		    what);
}

static bool read_all(struct diag_reader *r, const struct diag_json_at *root,
		     struct diag_inventory *inv, struct diag_err *err)
{
	const cJSON *cloud =
	    cJSON_GetObjectItemCaseSensitive(inv->tree, "cloud");

	diag_read_header(r, root, inv);
	diag_read_subnets(r, root, inv);
	diag_read_lists(r, root, inv);
	diag_read_targets(r, root, inv);
	if (r->nomem)
		return diag_fail_nomem(err, "inventory");
	if (!diag_inventory_complete(inv, cJSON_IsString(cloud), err) ||
	    !diag_inventory_seal(inv, err))
		return false;
	check_twice(root, inv);
	check_region(root, inv);
	return true;
}

/* Text is the list from where this document's problems begin. */
static bool fail_first(const char *text, struct diag_err *err)
{
	size_t len = strcspn(text, "\n");

	return diag_fail(err, DIAG_EPARSE, "inventory", "%.*s",
			 len < 190 ? (int)len : 190, text);
}

static bool parse(const char *name, const char *text, size_t len,
		  struct diag_problems *problems, struct diag_inventory *inv,
		  struct diag_err *err)
{
	struct diag_reader r = { &inv->arena, problems, false };
	struct diag_json_at root = { .file = name, .problems = problems };
	unsigned before = problems->n;
	size_t from = problems->text.len;

	if (!syntax(name, text, len, inv, problems, err))
		return false;
	if (!cJSON_IsObject(inv->tree))
		diag_json_wrong(&root, inv->tree, "expected an object");
	else if (!read_all(&r, &root, inv, err))
		return false;
	if (problems->n == before)
		return true;
	return fail_first(diag_buf_str(&problems->text) + from, err);
}

bool diag_inventory_parse(const char *name, const char *text, size_t len,
			  struct diag_problems *problems,
			  struct diag_inventory **out, struct diag_err *err)
{
	struct diag_inventory *inv = diag_inventory_new();
	struct diag_problems own;
	bool ok;

	diag_problems_init(&own);
	if (inv == NULL)
		ok = diag_fail_nomem(err, "inventory");
	else
		ok = diag_cat_load(err) &&
		     parse(name, text, len, problems != NULL ? problems : &own,
			   inv, err);
	if (ok)
		*out = inv;
	else
		diag_inventory_free(inv);
	diag_problems_clear(&own);
	return ok;
}
