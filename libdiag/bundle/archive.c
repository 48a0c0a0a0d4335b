/* SPDX-License-Identifier: MIT */
/* archive.c - the ways to pack, and packing. */
#include "bundle/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "bundle/internal.h"

#define MODE 0600
/* Archives of incompressible items, and what stands around these. */
#define PACKED_BYTES (DIAG_BUNDLE_BYTES + ((size_t)8 << 20))

static const struct diag_archive_kind kinds[] = {
	{ ".tar.zst", "tar.zst" },
	{ ".zip", "zip" },
};

/* How each of them is made. */
static const struct {
	int format, filter;  /* libarchive's numbers */
	const char *options; /* level: what is seldom written is sent far */
	bool local_time;     /* times in it depend on the time zone */
	bool (*seal)(struct diag_buf *out, struct diag_err *err);
} makers[] = {
	{ ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_ZSTD,
	  "zstd:compression-level=9", false, seal_frame },
	{ ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, "zip:compression=deflate",
	  true, seal_zip },
};
#define N_KINDS (sizeof(kinds) / sizeof(*kinds))
_Static_assert(sizeof(makers) / sizeof(*makers) == N_KINDS, "a row for each");

size_t diag_archive_kinds(const struct diag_archive_kind **rows)
{
	*rows = kinds;
	return N_KINDS;
}

const struct diag_archive_kind *diag_archive_kind_of(const char *path)
{
	for (size_t i = 0; i < N_KINDS; i++)
		if (diag_text_ends(path, kinds[i].ending))
			return &kinds[i];
	return NULL;
}

static la_ssize_t on_write(struct archive *a, void *ctx, const void *bytes,
			   size_t len)
{
	struct diag_buf *out = ctx;

	diag_buf_put(out, bytes, len);
	if (out->code == DIAG_OK)
		return (la_ssize_t)len;
	archive_set_error(a, ENOMEM, "no room");
	return -1;
}

static bool failed(struct archive *a, const struct diag_buf *out,
		   struct diag_err *err)
{
	const char *why = archive_error_string(a);

	if (out->code != DIAG_OK)
		return diag_buf_ok(out, err, "pack");
	return diag_fail(err, DIAG_EUSAGE, "pack", "%s",
			 why != NULL ? why : "no memory");
}

/* libarchive built without a compressor runs a program of that name instead,
 * and says ARCHIVE_WARN: we run nothing. */
static bool set_up(struct archive *a, size_t kind, struct diag_buf *out,
		   struct diag_err *err)
{
	int rc = archive_write_add_filter(a, makers[kind].filter);

	if (rc != ARCHIVE_OK)
		return diag_fail(err, DIAG_EUSAGE, "pack",
				 "%s: this libarchive was built without it; "
				 "use another ending",
				 kinds[kind].name);
	return (archive_write_set_format(a, makers[kind].format) ==
		    ARCHIVE_OK &&
		archive_write_set_options(a, makers[kind].options) ==
		    ARCHIVE_OK &&
		archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK &&
		archive_write_open(a, out, NULL, on_write, NULL) ==
		    ARCHIVE_OK) ||
	       failed(a, out, err);
}

static bool put_entry(struct archive *a, const struct diag_item *item,
		      int64_t time_s)
{
	struct archive_entry *e = archive_entry_new2(a);
	bool ok;

	if (e == NULL)
		return false;
	archive_entry_set_pathname(e, item->path);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, MODE);
	archive_entry_set_uid(e, 0);
	archive_entry_set_gid(e, 0);
	archive_entry_set_mtime(e, (time_t)time_s, 0);
	archive_entry_set_size(e, (la_int64_t)item->len);
	ok = archive_write_header(a, e) == ARCHIVE_OK &&
	     (item->len == 0 || archive_write_data(a, item->bytes, item->len) ==
				    (la_ssize_t)item->len);
	archive_entry_free(e);
	return ok;
}

static bool put_all(struct archive *a, const struct diag_bundle *b,
		    const struct diag_buf *manifest)
{
	const struct diag_item first = { .path = DIAG_BUNDLE_MANIFEST,
					 .bytes = manifest->data,
					 .len = manifest->len };

	if (!put_entry(a, &first, b->created_s))
		return false;
	for (size_t i = 0; i < b->n_items; i++)
		if (diag_item_is_in(b->items[i].state) &&
		    !put_entry(a, &b->items[i], b->created_s))
			return false;
	return archive_write_close(a) == ARCHIVE_OK;
}

static bool write_all(const struct diag_bundle *b, size_t kind,
		      const struct diag_buf *manifest, struct diag_buf *out,
		      struct diag_err *err)
{
	struct archive *a = archive_write_new();
	bool ok;

	if (a == NULL)
		return diag_fail_nomem(err, "pack");
	ok = set_up(a, kind, out, err) &&
	     (put_all(a, b, manifest) || failed(a, out, err));
	(void)archive_write_free(a);
	return ok;
}

/* What nobody would read again is not written. */
static bool readable(const struct diag_bundle *b, size_t manifest, size_t len,
		     struct diag_err *err)
{
	size_t all = manifest;

	for (size_t i = 0; i < b->n_items; i++)
		all += b->items[i].len;
	return all <= archive_limit(len) ||
	       diag_fail(err, DIAG_ELIMIT, "pack",
			 "%zu bytes that say so little (%zu when packed) that "
			 "a reader would take them for a bomb",
			 all, len);
}

bool diag_bundle_pack(const struct diag_bundle *b,
		      const struct diag_archive_kind *kind,
		      struct diag_buf *out, struct diag_err *err)
{
	const size_t i = (size_t)(kind - kinds);
	struct diag_buf manifest;
	bool ok;

	diag_buf_init(out, PACKED_BYTES);
	diag_buf_init(&manifest, MANIFEST_BYTES);
	diag_manifest_print(b, &manifest);
	ok = diag_buf_ok(&manifest, err, "manifest") &&
	     write_all(b, i, &manifest, out, err) &&
	     readable(b, manifest.len, out->len, err);
	diag_buf_clear(&manifest);
	if (ok && makers[i].local_time)
		zip_set_time(out, b->created_s);
	return ok && makers[i].seal(out, err);
}
