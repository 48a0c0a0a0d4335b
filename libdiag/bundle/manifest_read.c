/* SPDX-License-Identifier: MIT */
/* manifest_read.c - what somebody says is in an archive. */
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "bundle/internal.h"

#define DEPTH 8

struct reading {
	struct diag_bundle *b;
	struct diag_problems *problems;
	struct diag_err *err; /* of ours: no memory */
	size_t claimed;	      /* bytes of all items */
};

static struct diag_json_at below(const struct diag_json_at *at, const char *key)
{
	return (struct diag_json_at){
		.file = at->file, .up = at, .key = key, .problems = at->problems
	};
}

/* A text that has to be there. */
static const char *needed(const struct diag_json_at *at, const cJSON *obj,
			  const char *key)
{
	const struct diag_json_at here = below(at, key);
	const unsigned before = at->problems->n;
	const char *text = NULL;

	if (!diag_json_str(at, obj, key, &text) && at->problems->n == before)
		diag_json_wrong(&here, NULL, "expected text");
	return text;
}

static void read_words(const struct diag_json_at *at, const cJSON *obj,
		       struct diag_item *item)
{
	const struct diag_json_at state_at = below(at, "state");
	const struct diag_json_at sort_at = below(at, "sort");
	const char *state = needed(at, obj, "state");
	const char *sort = needed(at, obj, "sort");

	if (state != NULL && !diag_item_state_parse(state, &item->state))
		diag_json_wrong(&state_at, cJSON_GetObjectItem(obj, "state"),
				"expected taken, cut, masked, withheld, "
				"missing or failed");
	if (sort != NULL && !diag_item_sort_parse(sort, &item->sort))
		diag_json_wrong(&sort_at, cJSON_GetObjectItem(obj, "sort"),
				"expected text, json, made or packets");
}

static void read_bytes(struct reading *r, const struct diag_json_at *at,
		       const cJSON *obj, struct diag_item *item)
{
	const struct diag_json_at size_at = below(at, "size");
	const struct diag_json_at sha_at = below(at, "sha256");
	const unsigned before = at->problems->n;
	const char *sha = needed(at, obj, "sha256");
	uint64_t size = 0;

	if (sha != NULL && !diag_sha256_is(sha))
		diag_json_wrong(&sha_at, cJSON_GetObjectItem(obj, "sha256"),
				"expected 64 lower-case hex digits");
	else if (sha != NULL)
		memcpy(item->sha256, sha, DIAG_SHA256_TEXT);
	if (!diag_json_uint(at, obj, "size", 0, DIAG_BUNDLE_ITEM_BYTES,
			    &size) &&
	    at->problems->n == before)
		diag_json_wrong(&size_at, NULL, "expected a number of bytes");
	item->len = (size_t)size;
	r->claimed += item->len;
	if (r->claimed > DIAG_BUNDLE_BYTES)
		diag_json_wrong(&size_at, cJSON_GetObjectItem(obj, "size"),
				"expected at most %zu bytes in all",
				DIAG_BUNDLE_BYTES);
}

/* false: no memory. */
static bool put(struct reading *r, const struct diag_json_at *at,
		const cJSON *obj, const struct diag_item *item)
{
	const struct diag_json_at path_at = below(at, "path");
	struct diag_err why = { .code = DIAG_OK };

	if (bundle_put(r->b, item, &why) != NULL)
		return true;
	if (why.code == DIAG_ENOMEM)
		return diag_fail_nomem(r->err, "bundle");
	diag_json_wrong(&path_at, cJSON_GetObjectItem(obj, "path"),
			"expected a path for one item (%s)", why.what);
	return true;
}

static bool read_item(struct reading *r, const struct diag_json_at *at,
		      const cJSON *obj)
{
	struct diag_item item = { .state = DIAG_ITEM_FAILED };
	uint64_t replaced = 0;

	if (!cJSON_IsObject(obj)) {
		diag_json_wrong(at, obj, "expected an object");
		return true;
	}
	item.path = needed(at, obj, "path");
	(void)diag_json_str(at, obj, "origin", &item.origin);
	(void)diag_json_str(at, obj, "reason", &item.reason);
	(void)diag_json_uint(at, obj, "replaced", 0, DIAG_BUNDLE_ITEM_BYTES,
			     &replaced);
	item.replaced = (size_t)replaced;
	read_words(at, obj, &item);
	if (diag_item_is_in(item.state))
		read_bytes(r, at, obj, &item);
	return item.path == NULL || put(r, at, obj, &item);
}

static bool read_items(struct reading *r, const struct diag_json_at *root,
		       const cJSON *doc)
{
	const struct diag_json_at list = below(root, "items");
	struct diag_json_at at = { .file = root->file,
				   .up = &list,
				   .problems = root->problems };
	const unsigned before = root->problems->n;
	const cJSON *items = diag_json_array(root, doc, "items");
	const cJSON *item;

	if (items == NULL && root->problems->n == before)
		diag_json_wrong(&list, NULL, "expected a list");
	if (items != NULL && cJSON_GetArraySize(items) > DIAG_BUNDLE_ITEMS) {
		diag_json_wrong(&list, items, "expected at most %d items",
				DIAG_BUNDLE_ITEMS);
		return true;
	}
	cJSON_ArrayForEach(item, items)
	{
		if (!read_item(r, &at, item))
			return false;
		at.index++;
	}
	return true;
}

/* A text into the arena; absent leaves *out alone. */
static bool keep(struct reading *r, const struct diag_json_at *root,
		 const cJSON *doc, const char *key, const char **out)
{
	const char *text = NULL;

	if (!diag_json_str(root, doc, key, &text))
		return true;
	*out = diag_arena_strdup(&r->b->arena, text);
	return *out != NULL || diag_fail_nomem(r->err, "bundle");
}

static bool read_head(struct reading *r, const struct diag_json_at *root,
		      const cJSON *doc)
{
	const struct diag_json_at created_at = below(root, "created");
	const char *created = needed(root, doc, "created");
	struct diag_bundle *b = r->b;

	if (created != NULL && !diag_time_parse(created, &b->created_s))
		diag_json_wrong(&created_at,
				cJSON_GetObjectItem(doc, "created"),
				"expected a time such as "
				"2026-11-23T10:00:00Z");
	return keep(r, root, doc, "tool", &b->tool) &&
	       keep(r, root, doc, "version", &b->version) &&
	       keep(r, root, doc, "ticket", &b->ticket) &&
	       keep(r, root, doc, "note", &b->note) &&
	       keep(r, root, doc, "mask", &b->mask) &&
	       keep(r, root, doc, "key_id", &b->key_id);
}

static bool is_ours(const struct diag_json_at *root, const cJSON *doc)
{
	const struct diag_json_at at = below(root, "schema");
	const char *schema = needed(root, doc, "schema");

	if (schema == NULL)
		return false;
	if (strcmp(schema, DIAG_BUNDLE_SCHEMA) == 0)
		return true;
	diag_json_wrong(&at, cJSON_GetObjectItem(doc, "schema"),
			diag_text_starts(schema, "pldiag.bundle/")
			    ? "expected " DIAG_BUNDLE_SCHEMA
			      " (this one was made by a newer pl-bundle)"
			    : "expected " DIAG_BUNDLE_SCHEMA);
	return false;
}

/* false: no memory; what is wrong with the document is noted. */
static bool read_document(struct reading *r, const char *name, const cJSON *doc)
{
	const struct diag_json_at root = { .file = name,
					   .problems = r->problems };

	if (!cJSON_IsObject(doc)) {
		diag_json_wrong(&root, doc, "expected an object");
		return true;
	}
	if (!is_ours(&root, doc))
		return true;
	return read_head(r, &root, doc) && read_items(r, &root, doc);
}

/* The first line that was noted since. */
static bool first_of(const struct diag_problems *p, size_t from,
		     struct diag_err *err)
{
	const char *line = diag_buf_str(&p->text);

	line += from <= p->text.len ? from : p->text.len;
	return diag_fail(err, DIAG_EPARSE, "bundle", "%.*s",
			 (int)strcspn(line, "\n"), line);
}

bool diag_manifest_parse(const char *name, const char *text, size_t len,
			 struct diag_problems *problems,
			 struct diag_bundle **out, struct diag_err *err)
{
	static const struct diag_json_limits limits = { MANIFEST_BYTES, DEPTH };
	struct reading r = { .problems = problems, .err = err };
	const unsigned before = problems->n;
	const size_t from = problems->text.len;
	struct diag_err why = { .code = DIAG_OK };
	cJSON *doc = NULL;
	bool ok;

	if (!diag_json_parse(name, text, len, &limits, &doc, &why)) {
		if (why.code != DIAG_ENOMEM)
			diag_problem(problems, "%s", why.what);
		return diag_fail(err, why.code, "bundle", "%s", why.what);
	}
	ok = diag_bundle_new(&r.b, err) && read_document(&r, name, doc);
	cJSON_Delete(doc);
	if (ok && problems->n > before)
		ok = first_of(problems, from, err);
	if (ok)
		*out = r.b;
	else
		diag_bundle_free(r.b);
	return ok;
}
