/* SPDX-License-Identifier: MIT */
/* verify.c - an archive held against its seal and its manifest. */
#include "bundle/verify.h"

#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "base/mem.h"
#include "bundle/internal.h"

#define LINE_MAX_BYTES 1024

/* --- flaws -----------------------------------------------------------------
 */

/* A copy, of NULL as well; false: no memory. */
static bool copy(struct diag_arena *arena, const char **text)
{
	const char *from = *text;

	*text = diag_arena_strdup(arena, from);
	return (*text == NULL) == (from == NULL);
}

void diag_flaw_add(struct diag_verified *v, const struct diag_flaw *f)
{
	struct diag_arena *arena = &v->arena;
	struct diag_flaw kept = *f;

	if (v->n_flaws++ >= DIAG_FLAWS)
		return;
	if (v->flaws == NULL)
		v->flaws = diag_arena_array(arena, DIAG_FLAWS, sizeof(kept));
	if (v->flaws != NULL && copy(arena, &kept.what) &&
	    copy(arena, &kept.item) && copy(arena, &kept.expected) &&
	    copy(arena, &kept.got))
		v->flaws[v->n_flaws - 1] = kept;
	else
		v->no_memory = true;
}

void flaw(struct diag_verified *v, const char *what, const char *item,
	  const char *expected, const char *got)
{
	const struct diag_flaw f = { what, item, expected, got };

	diag_flaw_add(v, &f);
}

bool diag_flaw_is_change(const struct diag_flaw *f)
{
	return strcmp(f->what, "changed") == 0 || strcmp(f->what, "size") == 0;
}

bool diag_flaw_is_seal(const struct diag_flaw *f)
{
	return strcmp(f->what, "seal") == 0;
}

bool diag_flaw_is_archive(const struct diag_flaw *f)
{
	return strcmp(f->what, "archive") == 0;
}

void diag_flaw_print(const struct diag_flaw *f, struct diag_buf *out)
{
	if (f->item != NULL)
		diag_buf_printf(out, "%s: ", f->item);
	if (f->expected != NULL)
		diag_buf_printf(out, "expected %s, got ", f->expected);
	diag_buf_puts(out, f->got);
}

static void flaw_size(struct diag_verified *v, const char *path, size_t said,
		      size_t is)
{
	char expected[40], got[40];

	(void)snprintf(expected, sizeof(expected), "%zu bytes", said);
	(void)snprintf(got, sizeof(got), "%zu bytes", is);
	flaw(v, "size", path, expected, got);
}

/* --- manifest --------------------------------------------------------------
 */

/* Each line that the reader of JSON noted. */
static void flaw_lines(struct diag_verified *v, const struct diag_problems *p)
{
	struct diag_cursor c =
	    diag_cursor_of(diag_buf_str(&p->text), p->text.len);
	struct diag_slice line;

	while (diag_cursor_line(&c, &line)) {
		const char *text = diag_arena_strn(&v->arena, line.p, line.len);

		flaw(v, "manifest", NULL, NULL, text != NULL ? text : "");
	}
}

/* false: no memory.  v->bundle stays NULL when there is no manifest. */
static bool read_manifest(const struct entries *e, struct diag_verified *v,
			  struct diag_err *err)
{
	const struct entry *m = entries_find(e, DIAG_BUNDLE_MANIFEST);
	struct diag_err why = { .code = DIAG_OK };
	struct diag_problems problems;

	if (m == NULL) {
		flaw(v, "manifest", DIAG_BUNDLE_MANIFEST, "a manifest", "none");
		return true;
	}
	diag_problems_init(&problems);
	if (!diag_manifest_parse(DIAG_BUNDLE_MANIFEST, m->bytes, m->len,
				 &problems, &v->bundle, &why))
		flaw_lines(v, &problems);
	diag_problems_clear(&problems);
	return why.code != DIAG_ENOMEM || diag_fail_nomem(err, "bundle");
}

/* --- items -----------------------------------------------------------------
 */

/* The manifest's word, then the bytes take its place. */
static bool match(struct diag_verified *v, struct diag_item *item,
		  const struct entry *entry, struct diag_err *err)
{
	const struct diag_item said = *item;

	if (!bundle_give(v->bundle, item, entry->bytes, entry->len, err))
		return false;
	if (said.len != item->len)
		flaw_size(v, item->path, said.len, item->len);
	if (strcmp(said.sha256, item->sha256) != 0)
		flaw(v, "changed", item->path, said.sha256, item->sha256);
	return true;
}

static void lose(struct diag_verified *v, struct diag_item *item)
{
	flaw(v, "missing", item->path, item->sha256, "nothing");
	item->state = DIAG_ITEM_FAILED;
	item->reason = "not in the archive";
	item->len = 0;
	item->sha256[0] = '\0';
}

static bool match_all(struct entries *e, struct diag_verified *v,
		      struct diag_err *err)
{
	for (size_t i = 0; i < v->bundle->n_items; i++) {
		struct diag_item *item = &v->bundle->items[i];
		struct entry *entry = entries_find(e, item->path);

		if (!diag_item_is_in(item->state))
			continue;
		if (entry == NULL) {
			lose(v, item);
			continue;
		}
		entry->listed = true;
		if (!match(v, item, entry, err))
			return false;
	}
	return true;
}

static void tell_added(const struct entries *e, struct diag_verified *v)
{
	for (size_t i = 0; i < e->n; i++)
		if (!e->at[i].listed &&
		    strcmp(e->at[i].path, DIAG_BUNDLE_MANIFEST) != 0)
			flaw(v, "added", e->at[i].path,
			     "only what the manifest lists as there",
			     "this as well");
}

bool verify_items(const void *bytes, size_t len, struct diag_verified *v,
		  struct diag_err *err)
{
	struct entries e;
	bool ok =
	    entries_read(bytes, len, &e, v, err) && read_manifest(&e, v, err);

	if (ok && v->bundle != NULL) {
		ok = match_all(&e, v, err);
		tell_added(&e, v);
	}
	diag_arena_clear(&e.arena);
	return ok && (!v->no_memory || diag_fail_nomem(err, "bundle"));
}

/* --- the whole -------------------------------------------------------------
 */

static bool verify(const void *bytes, size_t len, const char *sha256,
		   struct diag_verified *v, struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };

	if (!diag_sha256_of(bytes, len, v->sha256))
		return diag_fail_nomem(err, "bundle");
	if (sha256 != NULL && strcmp(sha256, v->sha256) != 0)
		flaw(v, "sha256", NULL, sha256, v->sha256);
	if (!seal_check(bytes, len, v, err))
		return false;
	if (verify_items(bytes, len, v, &why))
		return true;
	/* Its first bytes are no archive's: with a seal it has been one. */
	if (why.code != DIAG_EPARSE || !v->sealed)
		return diag_fail(err, why.code, why.op, "%s", why.what);
	flaw(v, "archive", NULL, NULL, why.what);
	return !v->no_memory || diag_fail_nomem(err, "bundle");
}

struct diag_verified *diag_verified_new(void)
{
	struct diag_verified *v = diag_alloc(sizeof(*v));

	if (v != NULL)
		diag_arena_init(&v->arena, 0);
	return v;
}

bool diag_verify(const void *bytes, size_t len, const char *sha256,
		 struct diag_verified **out, struct diag_err *err)
{
	struct diag_verified *v = diag_verified_new();

	if (v == NULL)
		return diag_fail_nomem(err, "bundle");
	if (!verify(bytes, len, sha256, v, err)) {
		diag_verified_free(v);
		return false;
	}
	*out = v;
	return true;
}

void diag_verified_free(struct diag_verified *v)
{
	if (v == NULL)
		return;
	diag_bundle_free(v->bundle);
	diag_arena_clear(&v->arena);
	diag_free(v);
}

/* --- as problems -----------------------------------------------------------
 */

/* false: some were told, err is the first. */
static bool tell(const char *name, const struct diag_verified *v, bool changes,
		 struct diag_problems *problems, struct diag_err *err)
{
	struct diag_buf line;
	bool none = true;

	diag_buf_init(&line, LINE_MAX_BYTES);
	for (size_t i = 0; i < v->n_flaws && i < DIAG_FLAWS; i++) {
		if (!changes && diag_flaw_is_change(&v->flaws[i]))
			continue;
		diag_buf_reset(&line);
		diag_flaw_print(&v->flaws[i], &line);
		diag_problem(problems, "%s: %s", name, diag_buf_str(&line));
		none = false;
		(void)diag_fail(err, DIAG_EPARSE, "bundle", "%s: %s", name,
				diag_buf_str(&line));
	}
	diag_buf_clear(&line);
	return none;
}

bool diag_bundle_verify(const char *name, const void *bytes, size_t len,
			struct diag_problems *problems, struct diag_err *err)
{
	struct diag_verified *v = NULL;
	bool ok;

	if (!diag_verify(bytes, len, NULL, &v, err))
		return false;
	ok = tell(name, v, true, problems, err);
	diag_verified_free(v);
	return ok;
}

bool diag_bundle_unpack(const char *name, const void *bytes, size_t len,
			struct diag_problems *problems,
			struct diag_bundle **out, struct diag_err *err)
{
	struct diag_verified *v = diag_verified_new();
	bool ok;

	if (v == NULL)
		return diag_fail_nomem(err, "bundle");
	ok = verify_items(bytes, len, v, err) &&
	     tell(name, v, false, problems, err);
	if (ok) {
		*out = v->bundle;
		v->bundle = NULL;
	}
	diag_verified_free(v);
	return ok;
}
