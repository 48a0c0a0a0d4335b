/* SPDX-License-Identifier: MIT */
/* read.c - network security groups out of documents (azure.md 3.3, 5).
 *
 * The same group comes flattened from the CLI, with `properties` from REST,
 * wrapped in NewNSG from `create`, with capitals from PowerShell, and in the
 * normal form from an inventory.  All of them have the same fields, so there
 * is one reader that does not mind the wrapping.  What is in force at a network
 * interface (`az network nic list-effective-nsg`) has the rules under another
 * name, the group as an id, and the defaults among them (effective.c).
 */
#include "nsg/internal.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define PLACE_MAX 4096

/* --- small tools ------------------------------------------------------------
 */

struct diag_json_at nsg_at_key(const struct diag_json_at *up, const char *key)
{
	return (struct diag_json_at){
		.file = up->file, .up = up, .key = key, .problems = up->problems
	};
}

struct diag_json_at nsg_at_index(const struct diag_json_at *up, unsigned index)
{
	return (struct diag_json_at){ .file = up->file,
				      .up = up,
				      .index = index,
				      .problems = up->problems };
}

const cJSON *nsg_field(const cJSON *obj, const char *key)
{
	const cJSON *m =
	    cJSON_IsObject(obj) ? cJSON_GetObjectItem(obj, key) : NULL;

	return m != NULL && !cJSON_IsNull(m) ? m : NULL;
}

const char *nsg_keep(struct nsg_reader *r, const char *text)
{
	const char *copy = diag_arena_strdup(r->arena, text);

	r->nomem = r->nomem || copy == NULL;
	return copy != NULL ? copy : "";
}

const char *nsg_text_field(const struct diag_json_at *at, const cJSON *obj,
			   const char *key)
{
	struct diag_json_at here = nsg_at_key(at, key);
	const cJSON *m = nsg_field(obj, key);

	if (m == NULL)
		return "";
	if (cJSON_IsString(m))
		return m->valuestring;
	diag_json_wrong(&here, m, "expected text");
	return "";
}

static const char *place_of(struct nsg_reader *r, const struct diag_json_at *at)
{
	struct diag_buf text;
	const char *out;

	diag_buf_init(&text, PLACE_MAX);
	diag_json_place(&text, at);
	out = nsg_keep(r, diag_buf_str(&text));
	diag_buf_clear(&text);
	return out;
}

/* --- what is a group -------------------------------------------------------
 */

/* The object that holds the rules: the group or its `properties`. */
static const cJSON *body_of(const cJSON *group)
{
	const cJSON *inner = nsg_field(group, "properties");

	return cJSON_IsObject(inner) ? inner : group;
}

static bool has_rules(const cJSON *obj)
{
	return cJSON_IsArray(nsg_field(obj, "securityRules")) ||
	       cJSON_IsArray(nsg_field(obj, "defaultSecurityRules")) ||
	       nsg_is_effective(obj);
}

/* What diag_nsg_print() wrote. */
static bool is_normal(const cJSON *obj)
{
	return cJSON_IsArray(nsg_field(obj, "rules")) &&
	       cJSON_IsArray(nsg_field(obj, "subnets")) &&
	       cJSON_IsArray(nsg_field(obj, "nics"));
}

bool diag_nsg_recognise(const cJSON *obj)
{
	const cJSON *made = nsg_field(obj, "NewNSG");

	if (cJSON_IsObject(made))
		obj = made;
	return has_rules(obj) || has_rules(body_of(obj)) || is_normal(obj);
}

/* --- one group -------------------------------------------------------------
 */

struct group {
	struct nsg_reader *r;
	struct diag_nsg_rule *rules;
	size_t n_rules;
};

static void read_list(struct group *g, const struct diag_json_at *up,
		      const cJSON *obj, const char *key, bool defaults)
{
	struct diag_json_at at = nsg_at_key(up, key);
	const cJSON *list = nsg_field(obj, key);
	const cJSON *item;
	unsigned i = 0;

	if (list != NULL && !cJSON_IsArray(list))
		diag_json_wrong(&at, list, "expected a list");
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = nsg_at_index(&at, i++);
		struct diag_nsg_rule *rule;

		if (strcmp(key, NSG_EFFECTIVE) == 0 &&
		    nsg_is_effective_default(item))
			continue;
		if (g->n_rules >= DIAG_NSG_RULES) {
			diag_json_wrong(&at, list, "expected at most %d rules",
					DIAG_NSG_RULES);
			return;
		}
		rule = diag_arena_push(g->r->arena, &g->rules, &g->n_rules,
				       sizeof(*rule));
		if (rule == NULL) {
			g->r->nomem = true;
			return;
		}
		rule->is_default =
		    defaults || cJSON_IsTrue(nsg_field(item, "default"));
		nsg_read_rule(g->r, &here, item, rule);
	}
}

/* Ids of what the group hangs on: [{ "id": "…" }] or ["…"]. */
static const char *const *read_places(struct nsg_reader *r,
				      const struct diag_json_at *up,
				      const cJSON *obj, const char *key,
				      size_t *n)
{
	struct diag_json_at at = nsg_at_key(up, key);
	const cJSON *list = nsg_field(obj, key);
	const char **out = NULL;
	const cJSON *item;
	unsigned i = 0;

	if (list != NULL && !cJSON_IsArray(list))
		diag_json_wrong(&at, list, "expected a list");
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = nsg_at_index(&at, i++);
		const char *id = cJSON_GetStringValue(item);
		const char **place;
		char *lower;

		if (id == NULL && cJSON_IsObject(item))
			id = nsg_text_field(&here, item, "id");
		if (id == NULL || id[0] == '\0') {
			diag_json_wrong(&here, item, "expected an id");
			continue;
		}
		lower = diag_arena_strdup(r->arena, id);
		place = diag_arena_push(r->arena, &out, n, sizeof(*place));
		if (lower == NULL || place == NULL) {
			r->nomem = true;
			break;
		}
		diag_text_lower(lower);
		*place = lower;
	}
	return out;
}

/* "…/resourceGroups/rg-ml/…" */
const char *nsg_resource_group(struct nsg_reader *r, const char *id)
{
	static const char part[] = "/resourceGroups/";
	const char *at = diag_text_find_nocase(id, strlen(id), part);
	const char *name = at != NULL ? at + strlen(part) : "";
	const char *copy = diag_arena_strn(r->arena, name, strcspn(name, "/"));

	r->nomem = r->nomem || copy == NULL;
	return copy != NULL ? copy : "";
}

static void read_names(struct nsg_reader *r, const struct diag_json_at *at,
		       const cJSON *obj, struct diag_nsg *out)
{
	const char *group = nsg_text_field(at, obj, "resourceGroup");
	const char *region = nsg_text_field(at, obj, "location");

	if (group[0] == '\0')
		group = nsg_text_field(at, obj, "resource_group");
	if (group[0] == '\0')
		group = nsg_text_field(at, obj, "resourceGroupName");
	out->name = nsg_keep(r, nsg_text_field(at, obj, "name"));
	out->id = nsg_keep(r, nsg_text_field(at, obj, "id"));
	out->resource_group = group[0] != '\0' ? nsg_keep(r, group)
					       : nsg_resource_group(r, out->id);
	out->location = nsg_region(r->arena, diag_slice_of(region));
	if (out->location == NULL) {
		out->location = "";
		r->nomem = true;
	}
	if (is_normal(obj))
		out->from = nsg_keep(r, nsg_text_field(at, obj, "from"));
	if (out->from == NULL || out->from[0] == '\0')
		out->from = place_of(r, at);
}

static void read_body(struct nsg_reader *r, const struct diag_json_at *at,
		      const cJSON *body, struct diag_nsg *out)
{
	struct group g = { .r = r };
	size_t more = 0;
	const char *const *nics;

	read_list(&g, at, body, "rules", false);
	read_list(&g, at, body, "securityRules", false);
	read_list(&g, at, body, "defaultSecurityRules", true);
	read_list(&g, at, body, NSG_EFFECTIVE, false);
	nsg_add_defaults(r, &g.rules, &g.n_rules);
	if (!r->nomem && !nsg_sort_rules(r->arena, g.rules, g.n_rules))
		r->nomem = true;
	out->rules = g.rules;
	out->n_rules = g.n_rules;
	out->subnets = read_places(r, at, body, "subnets", &out->n_subnets);
	out->nics = read_places(r, at, body, "networkInterfaces", &out->n_nics);
	nics = read_places(r, at, body, "nics", &more);
	if (out->n_nics == 0) {
		out->nics = nics;
		out->n_nics = more;
	}
}

static void read_group(struct nsg_reader *r, const struct diag_json_at *up,
		       const cJSON *obj, struct diag_nsg *out)
{
	struct diag_json_at made_at = nsg_at_key(up, "NewNSG");
	const cJSON *made = nsg_field(obj, "NewNSG");
	const struct diag_json_at *at = up;
	struct diag_json_at inner_at;

	if (cJSON_IsObject(made)) {
		at = &made_at;
		obj = made;
	}
	inner_at = nsg_at_key(at, "properties");
	read_names(r, at, obj, out);
	read_body(r, body_of(obj) == obj ? at : &inner_at, body_of(obj), out);
	if (nsg_is_effective(obj))
		nsg_read_effective(r, at, obj, out);
}

static bool known(const struct diag_nsg_list *list, const struct diag_nsg *g)
{
	for (size_t i = 0; i < list->n; i++) {
		if (g->id != NULL && g->id[0] != '\0' &&
		    diag_text_eq_nocase(list->items[i].id, g->id))
			return true;
	}
	return false;
}

static bool keep(struct diag_arena *arena, struct diag_nsg_list *into,
		 const struct diag_nsg *g, struct diag_err *err)
{
	struct diag_nsg *place;

	if (known(into, g))
		return true;
	if (into->n >= DIAG_NSG_GROUPS)
		return diag_fail(err, DIAG_ELIMIT, "network security groups",
				 "%s: more than %d groups", g->from,
				 DIAG_NSG_GROUPS);
	place = diag_arena_push(arena, &into->items, &into->n, sizeof(*place));
	if (place == NULL)
		return diag_fail_nomem(err, "network security groups");
	*place = *g;
	return true;
}

bool diag_nsg_read(const struct diag_json_at *at, const cJSON *obj,
		   struct diag_arena *arena, struct diag_nsg_list *into,
		   struct diag_err *err)
{
	struct nsg_reader r = { .arena = arena };
	unsigned before = at->problems->n;
	struct diag_nsg g = { .name = "" };

	if (diag_nsg_recognise(obj))
		read_group(&r, at, obj, &g);
	else
		diag_json_wrong(at, obj,
				"expected a network security group (az network "
				"nsg show, or nic list-effective-nsg)");
	if (r.nomem)
		return diag_fail_nomem(err, "network security groups");
	if (at->problems->n != before)
		return diag_fail(err, DIAG_EPARSE, "network security groups",
				 "%s: not readable", at->file);
	return keep(arena, into, &g, err);
}

/* --- whole documents -------------------------------------------------------
 */

static bool read_or_skip(const struct diag_json_at *at, const cJSON *obj,
			 struct diag_arena *arena, struct diag_nsg_list *into,
			 unsigned *skipped, struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };

	if (diag_nsg_read(at, obj, arena, into, &why))
		return true;
	if (why.code != DIAG_EPARSE) {
		*err = why;
		return false;
	}
	(*skipped)++;
	return true;
}

/* Documents that hold groups: a REST list, an inventory. */
static const cJSON *holder_of(const cJSON *doc, const char **key)
{
	static const char *const keys[] = { "value", "nsgs" };

	for (size_t i = 0; i < 2 && !diag_nsg_recognise(doc); i++) {
		*key = keys[i];
		if (nsg_field(doc, keys[i]) != NULL)
			return nsg_field(doc, keys[i]);
	}
	return NULL;
}

bool diag_nsg_read_all(const struct diag_json_at *up, const cJSON *doc,
		       struct diag_arena *arena, struct diag_nsg_list *into,
		       unsigned *skipped, struct diag_err *err)
{
	const char *key = "";
	const cJSON *inner = holder_of(doc, &key);
	struct diag_json_at inner_at = nsg_at_key(up, key);
	const struct diag_json_at *at = inner != NULL ? &inner_at : up;
	const cJSON *item;
	unsigned i = 0;

	if (inner != NULL)
		doc = inner;
	if (!cJSON_IsArray(doc))
		return read_or_skip(at, doc, arena, into, skipped, err);
	cJSON_ArrayForEach(item, doc)
	{
		struct diag_json_at here = nsg_at_index(at, i++);

		if (!read_or_skip(&here, item, arena, into, skipped, err))
			return false;
	}
	return true;
}

bool diag_nsg_of_inventory(const struct diag_inventory *inv,
			   struct diag_arena *arena, struct diag_nsg_list *out,
			   struct diag_err *err)
{
	struct diag_problems problems;
	struct diag_json_at root = { .file = "inventory",
				     .problems = &problems };
	struct diag_json_at at = nsg_at_key(&root, "nsgs");
	const cJSON *item;
	unsigned i = 0;
	bool ok = true;

	diag_problems_init(&problems);
	cJSON_ArrayForEach(item, inv->nsgs)
	{
		struct diag_json_at here = nsg_at_index(&at, i++);

		if (!diag_nsg_read(&here, item, arena, out, NULL)) {
			ok = false;
			break;
		}
	}
	if (!ok)
		(void)diag_fail(
		    err, problems.n > 0 ? DIAG_EPARSE : DIAG_ENOMEM,
		    "inventory", "%.*s",
		    (int)strcspn(diag_buf_str(&problems.text), "\n"),
		    diag_buf_str(&problems.text));
	diag_problems_clear(&problems);
	return ok;
}
