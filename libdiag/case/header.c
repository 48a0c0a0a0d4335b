/* SPDX-License-Identifier: MIT */
/* header.c - the first line of a case file.
 *
 * What a header leaves out has a meaning of its own: no machine is a machine
 * that says nothing, no `complete` is a run we know nothing good of.
 */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "case/internal.h"

#define TOOK_MAX  1e12
#define PART_MAX  1000.0
#define COUNT_MAX ((uint64_t)1 << 53)

static void wrong(const struct diag_json_at *at, const cJSON *obj,
		  const char *key, const char *want)
{
	struct diag_json_at here = {
		.file = at->file, .up = at, .key = key, .problems = at->problems
	};

	diag_json_wrong(&here, cJSON_GetObjectItemCaseSensitive(obj, key), "%s",
			want);
}

/* A copy of a text member, "" if there is none; NULL: no memory. */
static const char *text_of(struct diag_case *c, const cJSON *obj,
			   const struct diag_json_at *at, const char *key)
{
	const char *s = "";

	(void)diag_json_str(at, obj, key, &s);
	return diag_arena_strdup(&c->arena, s);
}

static void read_schema(const cJSON *obj, const struct diag_json_at *at)
{
	const char *s = NULL;

	(void)diag_json_str(at, obj, "schema", &s);
	if (s == NULL || strcmp(s, DIAG_CASE_SCHEMA) != 0)
		wrong(at, obj, "schema", "expected \"" DIAG_CASE_SCHEMA "\"");
}

static bool read_what(struct diag_case *c, struct diag_origin *o,
		      const cJSON *obj, const struct diag_json_at *at)
{
	const char *started = NULL;

	(void)diag_json_str(at, obj, "started", &started);
	if (started != NULL && !diag_time_parse(started, &o->started_s))
		wrong(at, obj, "started",
		      "expected a time like 2026-11-23T10:00:00Z");
	(void)diag_json_num(at, obj, "started_part_ms", 0, PART_MAX,
			    &o->started_part_ms);
	(void)diag_json_num(at, obj, "took_ms", 0, TOOK_MAX, &o->took_ms);
	(void)diag_json_bool(at, obj, "complete", &o->complete);
	o->tool = text_of(c, obj, at, "tool");
	o->version = text_of(c, obj, at, "version");
	o->host = text_of(c, obj, at, "host");
	return o->tool != NULL && o->version != NULL && o->host != NULL;
}

static bool read_view(struct diag_case *c, const cJSON *item,
		      const struct diag_json_at *at, struct diag_view *out)
{
	char text[DIAG_ENDPOINT_TEXT];
	const char *s = NULL;

	(void)diag_json_str(at, item, "view", &s);
	(void)diag_json_bool(at, item, "added", &out->added);
	out->text = "system";
	if (s != NULL && strcmp(s, "system") == 0)
		return true;
	if (s == NULL || !diag_endpoint_parse(s, 53, &out->at)) {
		wrong(at, item, "view", "expected system or ADDRESS:PORT");
		return true;
	}
	out->text =
	    diag_arena_strdup(&c->arena, diag_endpoint_text(&out->at, text));
	return out->text != NULL;
}

static bool read_views(struct diag_case *c, struct diag_origin *o,
		       const cJSON *obj, const struct diag_json_at *at)
{
	const cJSON *list = diag_json_array(at, obj, "views");
	struct diag_json_at list_at = { .file = at->file,
					.up = at,
					.key = "views",
					.problems = at->problems };
	struct diag_view *views = NULL;
	const cJSON *item;
	size_t n = 0;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = { .file = at->file,
					     .up = &list_at,
					     .index = (unsigned)n,
					     .problems = at->problems };
		struct diag_view *v =
		    diag_arena_push(&c->arena, &views, &n, sizeof(*views));

		if (v == NULL || !read_view(c, item, &here, v))
			return false;
	}
	o->views = views;
	o->n_views = n;
	return true;
}

static bool read_mark(struct diag_case *c, size_t origin, const cJSON *item,
		      const struct diag_json_at *at, struct diag_err *err)
{
	struct diag_mark mark = { .text = "" };
	const char *when = NULL;

	(void)diag_json_str(at, item, "at", &when);
	if (when == NULL || !diag_time_parse(when, &mark.at_s)) {
		wrong(at, item, "at",
		      "expected a time like 2026-11-23T10:00:00Z");
		return true;
	}
	(void)diag_json_num(at, item, "at_part_ms", 0, PART_MAX,
			    &mark.at_part_ms);
	(void)diag_json_str(at, item, "text", &mark.text);
	return diag_case_mark(c, origin, &mark, err);
}

static bool read_marks(struct diag_case *c, const struct diag_origin *o,
		       const cJSON *obj, const struct diag_json_at *at,
		       struct diag_err *err)
{
	const cJSON *list = diag_json_array(at, obj, "marks");
	struct diag_json_at list_at = { .file = at->file,
					.up = at,
					.key = "marks",
					.problems = at->problems };
	const cJSON *item;
	unsigned n = 0;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = { .file = at->file,
					     .up = &list_at,
					     .index = n++,
					     .problems = at->problems };

		if (!read_mark(c, (size_t)(o - c->origins), item, &here, err))
			return false;
	}
	return true;
}

static bool read_machine(struct diag_origin *o, const cJSON *obj,
			 const struct diag_json_at *at, struct diag_err *err)
{
	const cJSON *given = diag_json_object(at, obj, "machine");
	cJSON *nothing = given == NULL ? cJSON_CreateObject() : NULL;
	struct diag_json_at here = { .file = at->file,
				     .up = at,
				     .key = "machine",
				     .problems = at->problems };
	struct diag_err why = { 0 };
	bool ok = given != NULL || nothing != NULL;

	if (!ok)
		return diag_fail_nomem(err, "case");
	ok = diag_machine_parse(given != NULL ? given : nothing, &here,
				&o->machine, &why);
	cJSON_Delete(nothing);
	if (!ok && why.code != DIAG_EPARSE)
		return diag_fail(err, why.code, why.op, "%s", why.what);
	return true;
}

/* The inventory reader takes text, because it keeps its own tree. */
static bool read_inventory(struct diag_case *c, const cJSON *obj,
			   const struct diag_json_at *at, struct diag_err *err)
{
	static const char none[] = "{\"schema\":\"" DIAG_INVENTORY_SCHEMA "\"}";
	const cJSON *given = diag_json_object(at, obj, "inventory");
	char name[256];
	struct diag_buf text;
	struct diag_jw w;
	struct diag_err why = { 0 };
	bool ok;

	(void)snprintf(name, sizeof(name), "%s: inventory", at->file);
	diag_buf_init(&text, DIAG_INVENTORY_BYTES);
	diag_jw_init(&w, &text, 0);
	if (given != NULL)
		diag_jw_tree(&w, given);
	else
		diag_buf_puts(&text, none);
	ok = diag_buf_ok(&text, &why, "case") &&
	     diag_inventory_parse(name, text.data, text.len, at->problems,
				  &c->inventory, &why);
	diag_buf_clear(&text);
	if (!ok && why.code != DIAG_EPARSE)
		return diag_fail(err, why.code, why.op, "%s", why.what);
	return true;
}

/* A saved inventory has its targets; one written by hand may have none yet. */
static bool expand(struct diag_case *c, struct diag_err *err)
{
	struct diag_inventory *full = NULL;

	if (c->inventory == NULL || c->inventory->n_targets > 0)
		return true;
	if (!diag_inventory_expand(c->inventory, c->role, c->era, c->no_public,
				   &full, err))
		return false;
	diag_inventory_free(c->inventory);
	c->inventory = full;
	return true;
}

static bool read_frame(struct diag_case *c, const cJSON *obj,
		       const struct diag_json_at *at, struct diag_err *err)
{
	const char *s = NULL;

	if (diag_json_str(at, obj, "role", &s) && !diag_role_parse(s, &c->role))
		wrong(at, obj, "role",
		      "expected client, jumpbox, compute or aks");
	if (diag_json_str(at, obj, "era", &s) && !diag_era_parse(s, &c->era))
		wrong(at, obj, "era", "expected current or 2020");
	(void)diag_json_bool(at, obj, "no_public", &c->no_public);
	diag_inventory_free(c->inventory); /* one that said nothing */
	c->inventory = NULL;
	if (!read_inventory(c, obj, at, err))
		return false;
	c->inventory_due = !cJSON_HasObjectItem(obj, "inventory");
	return c->inventory_due || expand(c, err);
}

bool diag_case_read_header(struct diag_case *c, struct diag_origin *origin,
			   const cJSON *obj, const struct diag_json_at *at,
			   struct diag_case_header *out, struct diag_err *err)
{
	bool first =
	    c->inventory == NULL || (c->inventory_due && cJSON_IsObject(obj) &&
				     cJSON_HasObjectItem(obj, "inventory"));

	out->facts = UINT64_MAX;
	if (!cJSON_IsObject(obj)) {
		diag_json_wrong(at, obj, "expected the header of a case");
		return true;
	}
	read_schema(obj, at);
	(void)diag_json_uint(at, obj, "facts", 0, COUNT_MAX, &out->facts);
	if (!read_what(c, origin, obj, at) || !read_views(c, origin, obj, at))
		return diag_fail_nomem(err, "case");
	return read_marks(c, origin, obj, at, err) &&
	       read_machine(origin, obj, at, err) &&
	       (!first || read_frame(c, obj, at, err));
}
