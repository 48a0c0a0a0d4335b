/* SPDX-License-Identifier: MIT */
/* masked.c - all of a bundle, item by item. */
#include <stdio.h>
#include <string.h>

#include "bundle/masked.h"

#define OP	   "mask"
#define ITEM_BYTES (DIAG_BUNDLE_ITEM_BYTES + ((size_t)64 << 20))
#define TEXT_BYTES ((size_t)1 << 20)

/* Too many names in one text are no reason to give up the others. */
static bool is_texts_own(const struct diag_err *err)
{
	return err->code == DIAG_EPARSE || err->code == DIAG_ELIMIT;
}

/* One line about an item. */
static bool line(struct diag_mask *m, struct diag_bundle *b, const char *text,
		 const char **out, struct diag_err *err)
{
	struct diag_err why = { 0 };
	struct diag_buf masked;
	bool ok;

	*out = NULL;
	if (text == NULL)
		return true;
	diag_buf_init(&masked, TEXT_BYTES);
	ok = diag_mask_line(m, diag_slice_of(text), &masked, &why);
	*out = diag_arena_strdup(&b->arena, ok ? diag_buf_str(&masked)
					       : "(too many names to mask)");
	diag_buf_clear(&masked);
	if (!ok && !is_texts_own(&why))
		return diag_fail(err, why.code, why.op, "%s", why.what);
	return *out != NULL || diag_fail_nomem(err, OP);
}

/* A path that names somebody gets a number instead. */
static bool path_of(struct diag_mask *m, struct diag_bundle *b,
		    const char *path, const char **out, struct diag_err *err)
{
	if (!line(m, b, path, out, err))
		return false;
	if (*out == NULL || strcmp(*out, path) == 0 ||
	    (diag_bundle_path_ok(*out) && diag_bundle_find(b, *out) == NULL))
		return true;
	*out = diag_arena_printf(&b->arena, DIAG_BUNDLE_MACHINE "item-%zu",
				 b->n_items + 1);
	return *out != NULL || diag_fail_nomem(err, OP);
}

static bool mask_bytes(struct diag_mask *m, struct diag_item *item,
		       struct diag_buf *out, struct diag_err *err)
{
	const struct diag_slice text = { item->bytes, item->len };

	return item->sort == DIAG_ITEM_JSON
		   ? diag_mask_json(m, item->path, text, out, &item->replaced,
				    err)
		   : diag_mask_text(m, item->path, text, out, &item->replaced,
				    err);
}

static void withhold(struct diag_item *item, const char *why)
{
	item->state = DIAG_ITEM_WITHHELD;
	item->reason = why;
	item->bytes = NULL;
	item->len = 0;
	item->replaced = 0;
}

static bool masked_item(struct diag_mask *m, struct diag_item *item,
			struct diag_buf *out, struct diag_err *err)
{
	struct diag_err why = { 0 };

	if (item->bytes == NULL || item->sort == DIAG_ITEM_MADE)
		return true;
	if (item->sort == DIAG_ITEM_PACKETS) {
		if (diag_mask_level_of(m) > DIAG_MASK_NONE)
			withhold(item, "packets hold names and addresses; "
				       "--mask none takes them along");
		return true;
	}
	if (mask_bytes(m, item, out, &why)) {
		item->bytes = diag_buf_str(out);
		item->len = out->len;
		if (item->replaced > 0 && item->state == DIAG_ITEM_TAKEN)
			item->state = DIAG_ITEM_MASKED;
		return true;
	}
	if (!is_texts_own(&why))
		return diag_fail(err, why.code, why.op, "%s", why.what);
	withhold(item, why.code == DIAG_EPARSE
			   ? "it is no text, so nothing in it can be masked"
			   : "there are too many names in it to mask");
	return true;
}

static bool add_item(struct diag_mask *m, struct diag_bundle *out,
		     const struct diag_item *plain, struct diag_err *err)
{
	struct diag_item item = *plain;
	struct diag_buf bytes;
	bool ok;

	if (strcmp(item.path, DIAG_BUNDLE_MASKED) == 0)
		return true; /* of an earlier mask */
	diag_buf_init(&bytes, ITEM_BYTES);
	ok = path_of(m, out, plain->path, &item.path, err) &&
	     line(m, out, plain->origin, &item.origin, err) &&
	     line(m, out, plain->reason, &item.reason, err) &&
	     masked_item(m, &item, &bytes, err) &&
	     diag_bundle_add(out, &item, err);
	diag_buf_clear(&bytes);
	return ok;
}

static bool add_report(struct diag_mask *m, struct diag_bundle *out,
		       struct diag_err *err)
{
	struct diag_item item = { .path = DIAG_BUNDLE_MASKED,
				  .origin = "what was masked where",
				  .state = DIAG_ITEM_TAKEN,
				  .sort = DIAG_ITEM_MADE };
	struct diag_buf bytes;
	bool ok;

	diag_buf_init(&bytes, ITEM_BYTES);
	diag_mask_report_print(m, &bytes);
	item.bytes = diag_buf_str(&bytes);
	item.len = bytes.len;
	ok = diag_buf_ok(&bytes, err, OP) && diag_bundle_add(out, &item, err);
	diag_buf_clear(&bytes);
	return ok;
}

static bool head(struct diag_mask *m, const struct diag_bundle *b,
		 struct diag_bundle *out, struct diag_err *err)
{
	const enum diag_mask_level level = diag_mask_level_of(m);
	char id[17];

	diag_mask_key_id(m, id);
	out->tool = diag_arena_strdup(&out->arena, b->tool);
	out->version = diag_arena_strdup(&out->arena, b->version);
	out->created_s = b->created_s;
	out->mask = diag_mask_level_key(level);
	out->key_id =
	    level > DIAG_MASK_NONE ? diag_arena_strdup(&out->arena, id) : NULL;
	if (out->tool == NULL || out->version == NULL ||
	    (level > DIAG_MASK_NONE && out->key_id == NULL))
		return diag_fail_nomem(err, OP);
	return line(m, out, b->ticket, &out->ticket, err) &&
	       line(m, out, b->note, &out->note, err);
}

static void learn_item(struct diag_mask *m, const struct diag_item *item)
{
	static const char hosts[] = DIAG_BUNDLE_MACHINE "hosts/";
	const struct diag_slice text = { item->bytes, item->len };

	if (item->bytes == NULL || item->sort != DIAG_ITEM_TEXT)
		return;
	if (strncmp(item->path, hosts, sizeof(hosts) - 1) == 0)
		diag_mask_learn_hosts(m, text);
	else
		diag_mask_learn_profiles(m, text);
}

bool diag_masked_bundle(struct diag_mask *m, const struct diag_bundle *b,
			struct diag_bundle **out, struct diag_err *err)
{
	struct diag_bundle *masked = NULL;
	bool ok = diag_bundle_new(&masked, err);

	for (size_t i = 0; ok && i < b->n_items; i++)
		learn_item(m, &b->items[i]);
	ok = ok && head(m, b, masked, err);
	for (size_t i = 0; ok && i < b->n_items; i++)
		ok = add_item(m, masked, &b->items[i], err);
	ok = ok && add_report(m, masked, err);
	if (!ok) {
		diag_bundle_free(masked);
		return false;
	}
	*out = masked;
	return true;
}
