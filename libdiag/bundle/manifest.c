/* SPDX-License-Identifier: MIT */
/* manifest.c - the list of items, printed (docs/formats/bundle.schema.json). */
#include "base/time.h"
#include "bundle/bundle.h"

#define INDENT 2

static void put_item(struct diag_jw *w, const struct diag_item *item)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "path", item->path);
	diag_jw_kstr(w, "origin", item->origin);
	diag_jw_kstr(w, "state", diag_item_state_key(item->state));
	diag_jw_kstr(w, "reason", item->reason);
	diag_jw_kstr(w, "sort", diag_item_sort_key(item->sort));
	if (diag_item_is_in(item->state)) {
		diag_jw_kuint(w, "size", item->len);
		diag_jw_kstr(w, "sha256", item->sha256);
	}
	if (item->replaced > 0)
		diag_jw_kuint(w, "replaced", item->replaced);
	diag_jw_close(w, '}');
}

void diag_manifest_print(const struct diag_bundle *b, struct diag_buf *out)
{
	char created[DIAG_TIME_TEXT];
	struct diag_jw w;

	diag_jw_init(&w, out, INDENT);
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "schema", DIAG_BUNDLE_SCHEMA);
	diag_jw_kstr(&w, "tool", b->tool);
	diag_jw_kstr(&w, "version", b->version);
	diag_jw_kstr(&w, "created", diag_time_text(b->created_s, created));
	diag_jw_kstr(&w, "ticket", b->ticket);
	diag_jw_kstr(&w, "note", b->note);
	diag_jw_kstr(&w, "mask", b->mask);
	diag_jw_kstr(&w, "key_id", b->key_id);
	diag_jw_kopen(&w, "items", '[');
	for (size_t i = 0; i < b->n_items; i++)
		put_item(&w, &b->items[i]);
	diag_jw_close(&w, ']');
	diag_jw_close(&w, '}');
	diag_buf_putc(out, '\n');
}
