/* SPDX-License-Identifier: MIT */
/* mask_bundle.c - all of a bundle, item by item. */
#include <stdio.h>
#include <string.h>

#include "bundle/mask_internal.h"

#define ITEM_BYTES (DIAG_BUNDLE_ITEM_BYTES + ((size_t)64 << 20))
#define TEXT_BYTES ((size_t)1 << 20)

/* One line about an item. */
static const char *line(struct diag_mask *m, struct diag_bundle *b,
			const char *text)
{
	struct diag_buf out;
	const char *copy = NULL;

	if (text == NULL)
		return NULL;
	diag_buf_init(&out, TEXT_BYTES);
	(void)mask_one(m, NULL, m->level, diag_slice_of(text), &out);
	copy = diag_arena_strdup(&b->arena, diag_buf_str(&out));
	if (copy == NULL || out.code != DIAG_OK)
		m->failed = DIAG_ENOMEM;
	diag_buf_clear(&out);
	return copy;
}

/* A path that names somebody gets a number instead. */
static const char *path_of(struct diag_mask *m, struct diag_bundle *b,
			   const char *path)
{
	const char *masked = line(m, b, path);

	if (masked == NULL || (strcmp(masked, path) == 0) ||
	    (diag_bundle_path_ok(masked) &&
	     diag_bundle_find(b, masked) == NULL))
		return masked;
	masked = diag_arena_printf(&b->arena, DIAG_BUNDLE_MACHINE "item-%zu",
				   b->n_items + 1);
	if (masked == NULL)
		m->failed = DIAG_ENOMEM;
	return masked;
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

/* Too many names in one item are no reason to give up the others. */
static bool is_items_own(const struct diag_err *err)
{
	return err->code == DIAG_EPARSE || err->code == DIAG_ELIMIT;
}

static bool masked_item(struct diag_mask *m, struct diag_item *item,
			struct diag_buf *out, struct diag_err *err)
{
	struct diag_err why = { 0 };

	if (item->bytes == NULL || item->sort == DIAG_ITEM_MADE)
		return true;
	if (item->sort == DIAG_ITEM_PACKETS) {
		if (m->level > DIAG_MASK_NONE)
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
	if (!is_items_own(&why))
		return diag_fail(err, why.code, why.op, "%s", why.what);
	m->failed = DIAG_OK;
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
	item.path = path_of(m, out, plain->path);
	item.origin = line(m, out, plain->origin);
	item.reason = line(m, out, plain->reason);
	ok = item.path != NULL && m->failed != DIAG_ENOMEM
		 ? masked_item(m, &item, &bytes, err)
		 : diag_fail_nomem(err, MASK_OP);
	ok = ok && diag_bundle_add(out, &item, err);
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
	ok = diag_buf_ok(&bytes, err, MASK_OP) &&
	     diag_bundle_add(out, &item, err);
	diag_buf_clear(&bytes);
	return ok;
}

static bool head(struct diag_mask *m, const struct diag_bundle *b,
		 struct diag_bundle *out)
{
	char id[17];

	diag_mask_key_id(m, id);
	out->tool = diag_arena_strdup(&out->arena, b->tool);
	out->version = diag_arena_strdup(&out->arena, b->version);
	out->created_s = b->created_s;
	out->ticket = line(m, out, b->ticket);
	out->note = line(m, out, b->note);
	out->mask = diag_mask_level_key(m->level);
	out->key_id = m->level > DIAG_MASK_NONE
			  ? diag_arena_strdup(&out->arena, id)
			  : NULL;
	return out->tool != NULL && out->version != NULL &&
	       m->failed == DIAG_OK;
}

bool diag_mask_bundle(struct diag_mask *m, const struct diag_bundle *b,
		      struct diag_bundle **out, struct diag_err *err)
{
	struct diag_bundle *masked = NULL;
	bool ok = diag_bundle_new(&masked, err);

	for (size_t i = 0; ok && i < b->n_items; i++)
		mask_learn_item(m, &b->items[i]);
	if (ok && !head(m, b, masked))
		ok = diag_fail_nomem(err, MASK_OP);
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
