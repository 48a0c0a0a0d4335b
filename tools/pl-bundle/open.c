/* SPDX-License-Identifier: MIT */
/* See open.h.  What comes back is the list of flaws, the manifest of
 * what is there, printed, and the bytes of its items. */
#include "tools/pl-bundle/open.h"

#include <string.h>

#include "base/child.h"
#include "tools/wire.h"

/* Items, and what is told of them. */
#define HEARD_MAX (DIAG_BUNDLE_BYTES + ((size_t)16 << 20))

struct opening {
	const struct diag_buf *file;
	const char *sha256;
};

const char *pl_bundle_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* --- the child -------------------------------------------------------------
 */

static void put_flaws(struct diag_buf *out, const struct diag_verified *v)
{
	size_t n = v->n_flaws < DIAG_FLAWS ? v->n_flaws : DIAG_FLAWS;

	wire_put_u32(out, (uint32_t)(v->n_flaws - n));
	wire_put_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		wire_put_text(out, v->flaws[i].what);
		wire_put_text(out, v->flaws[i].item);
		wire_put_text(out, v->flaws[i].expected);
		wire_put_text(out, v->flaws[i].got);
	}
}

static void put_bundle(struct diag_buf *out, const struct diag_bundle *b)
{
	struct diag_buf manifest;

	diag_buf_init(&manifest, HEARD_MAX);
	diag_manifest_print(b, &manifest);
	if (manifest.code != DIAG_OK)
		out->code = manifest.code;
	wire_put_text(out, diag_buf_str(&manifest));
	diag_buf_clear(&manifest);
	for (size_t i = 0; i < b->n_items; i++) {
		const struct diag_item *item = &b->items[i];

		if (item->bytes != NULL)
			wire_put_bytes(out, item->bytes, item->len);
	}
}

static void put_verified(struct diag_buf *out, const struct diag_verified *v)
{
	wire_put_text(out, v->sha256);
	wire_put_u32(out, v->sealed);
	put_flaws(out, v);
	wire_put_u32(out, v->bundle != NULL);
	if (v->bundle != NULL)
		put_bundle(out, v->bundle);
}

static bool open_child(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	const struct opening *o = ctx;
	struct diag_verified *v;

	if (!diag_verify(diag_buf_str(o->file), o->file->len, o->sha256, &v,
			 err))
		return false;
	put_verified(out, v);
	diag_verified_free(v);
	return diag_buf_ok(out, err, "bundle");
}

/* --- hearing it ------------------------------------------------------------
 */

static void hear_flaws(struct wire *w, struct diag_verified *v)
{
	uint32_t more = wire_u32(w);
	size_t n = wire_count(w, 16);

	for (size_t i = 0; i < n && !w->bad; i++) {
		const struct diag_flaw f = { .what = wire_needed_text(w),
					     .item = wire_text(w),
					     .expected = wire_text(w),
					     .got = wire_needed_text(w) };

		if (!w->bad)
			diag_flaw_add(v, &f);
	}
	v->n_flaws += more;
}

static bool hear_item(struct wire *w, const struct diag_item *listed,
		      struct diag_bundle *b, struct diag_err *err)
{
	struct diag_item item = *listed;

	if (diag_item_is_in(item.state))
		item.bytes = wire_bytes(w, &item.len);
	return w->bad || diag_bundle_add(b, &item, err);
}

static bool copy_head(const struct diag_bundle *from, struct diag_bundle *to)
{
	const char *const texts[] = { from->tool, from->version, from->ticket,
				      from->note, from->mask,	 from->key_id };
	const char **const into[] = { &to->tool, &to->version, &to->ticket,
				      &to->note, &to->mask,    &to->key_id };

	to->created_s = from->created_s;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		*into[i] = diag_arena_strdup(&to->arena, texts[i]);
		if (texts[i] != NULL && *into[i] == NULL)
			return false;
	}
	return true;
}

static bool fill_bundle(struct wire *w, const struct diag_bundle *listed,
			struct diag_bundle *b, struct diag_err *err)
{
	if (!copy_head(listed, b))
		return diag_fail_nomem(err, "bundle");
	for (size_t i = 0; i < listed->n_items && !w->bad; i++)
		if (!hear_item(w, &listed->items[i], b, err))
			return false;
	return true;
}

static bool hear_bundle(struct wire *w, struct diag_verified *v,
			struct diag_err *err)
{
	const char *manifest = wire_needed_text(w);
	struct diag_bundle *listed = NULL;
	struct diag_problems problems;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_manifest_parse(DIAG_BUNDLE_MANIFEST, manifest,
				 strlen(manifest), &problems, &listed, err) &&
	     diag_bundle_new(&v->bundle, err) &&
	     fill_bundle(w, listed, v->bundle, err);
	diag_bundle_free(listed);
	diag_problems_clear(&problems);
	return ok;
}

static bool hear(struct wire *w, struct diag_verified *v, struct diag_err *err)
{
	const char *sha256 = wire_needed_text(w);

	if (!diag_sha256_is(sha256))
		w->bad = true;
	else
		memcpy(v->sha256, sha256, DIAG_SHA256_TEXT);
	v->sealed = wire_u32(w) != 0;
	hear_flaws(w, v);
	if (wire_u32(w) != 0 && !hear_bundle(w, v, err))
		return false;
	if (v->no_memory)
		return diag_fail_nomem(err, "bundle");
	return wire_ok(w, err);
}

bool pl_bundle_open(const struct diag_buf *file, const char *sha256,
		    struct diag_verified **out, struct diag_err *err)
{
	struct opening o = { file, sha256 };
	struct diag_verified *v = NULL;
	struct diag_buf bytes;
	struct diag_arena arena;
	struct wire w;
	bool ok;

	diag_arena_init(&arena, 0);
	ok = diag_child_run(open_child, &o, HEARD_MAX, &bytes, err);
	if (ok) {
		v = diag_verified_new();
		w = wire_of(&arena, diag_buf_str(&bytes), bytes.len);
		ok = v != NULL ? hear(&w, v, err)
			       : diag_fail_nomem(err, "bundle");
	}
	diag_buf_clear(&bytes);
	diag_arena_clear(&arena);
	if (ok)
		*out = v;
	else
		diag_verified_free(v);
	return ok;
}
