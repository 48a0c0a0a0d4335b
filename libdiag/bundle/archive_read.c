/* SPDX-License-Identifier: MIT */
/* archive_read.c - the plain files of an archive that anybody may have made.
 *
 * What it is shows in its first bytes, and only that one reader of libarchive
 * is asked: none that guesses, and none that would run a program.  A tar is
 * unpacked from its compression first, so that no more comes out than the limit
 * allows, whatever its headers say; in a zip file, whose entries are packed one
 * by one, they are counted as they come.
 *
 * Folders are passed over and "./" before a path is dropped: other programs
 * write them when they pack our files again.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "bundle/internal.h"

#define FLOOR	((size_t)16 << 20) /* bytes that are no bomb */
#define HEADERS 4096		   /* of an entry in a tar, and round it */
#define ENTRIES ((size_t)2 * DIAG_BUNDLE_ITEMS)
#define SHOWN	100 /* bytes of a path */

size_t archive_limit(size_t len)
{
	const size_t all = DIAG_BUNDLE_BYTES + MANIFEST_BYTES;
	size_t limit =
	    len > all / DIAG_ARCHIVE_RATIO ? all : len * DIAG_ARCHIVE_RATIO;

	return limit < FLOOR ? FLOOR : limit;
}

struct reading {
	struct entries *e;
	struct diag_verified *v;
	struct diag_buf bytes; /* of the entry that is read */
	size_t left;	       /* bytes that may still come */
	size_t seen;	       /* entries */
	struct diag_err *err;
};

static bool is_bomb(struct diag_err *err)
{
	return diag_fail(err, DIAG_ELIMIT, "bundle",
			 "it unpacks to more than %d times its size, or more "
			 "than %zu bytes",
			 DIAG_ARCHIVE_RATIO, DIAG_BUNDLE_BYTES);
}

static bool too_many(struct diag_err *err)
{
	return diag_fail(err, DIAG_ELIMIT, "bundle", "more than %zu entries",
			 ENTRIES);
}

static const char *why(struct archive *a)
{
	const char *text = archive_error_string(a);

	return text != NULL ? text
			    : "one that ends, or has holes, where it may not";
}

/* --- paths -----------------------------------------------------------------
 */

/* "./a/" is "a". */
static const char *bare(struct reading *r, const char *path)
{
	size_t len;

	while (diag_text_starts(path, "./"))
		path += 2;
	len = strlen(path);
	if (len > 0 && path[len - 1] == '/')
		len--;
	return diag_arena_strn(&r->e->arena, path, len);
}

static bool refuse(struct reading *r, const char *path, const char *expected,
		   const char *got)
{
	char shown[SHOWN + 1];

	(void)snprintf(shown, sizeof(shown), "%s", path);
	flaw(r->v, "entry", shown, expected, got);
	return false;
}

static const char *type_name(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry) != NULL)
		return "a hard link";
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		return NULL;
	case AE_IFLNK:
		return "a symbolic link";
	case AE_IFDIR:
		return "a folder";
	case AE_IFIFO:
		return "a FIFO";
	case AE_IFSOCK:
		return "a socket";
	case AE_IFBLK:
	case AE_IFCHR:
		return "a device";
	default:
		return "something else";
	}
}

static bool plain(struct reading *r, struct archive_entry *entry,
		  const char *path)
{
	const char *type = type_name(entry);

	if (type != NULL)
		return refuse(r, path, "a plain file", type);
	if (archive_entry_is_encrypted(entry))
		return refuse(r, path, "a plain file", "an encrypted one");
	if (archive_entry_sparse_count(entry) > 0)
		return refuse(r, path, "a plain file", "one with holes");
	if (!diag_bundle_path_ok(path))
		return refuse(r, path,
			      "a relative path of letters, digits and ._+-",
			      "this");
	for (size_t i = 0; i < r->e->n; i++)
		if (diag_text_eq_nocase(r->e->at[i].path, path))
			return refuse(r, path, "one entry of this name",
				      "another");
	return true;
}

/* --- bytes -----------------------------------------------------------------
 */

/* What is left of an entry, appended to out.  false: err says why, or if it
 * does not, libarchive. */
static bool pour(struct archive *a, struct diag_buf *out, size_t limit,
		 struct diag_err *err)
{
	const void *block;
	la_int64_t offset;
	size_t len;
	int rc;

	while ((rc = archive_read_data_block(a, &block, &len, &offset)) ==
	       ARCHIVE_OK) {
		/* A hole would be filled with nothing of its own. */
		if (offset != (la_int64_t)out->len && len > 0)
			return false;
		if (len > limit - out->len) {
			(void)is_bomb(err);
			return false;
		}
		diag_buf_put(out, block, len);
		if (!diag_buf_ok(out, err, "bundle"))
			return false;
	}
	return rc == ARCHIVE_EOF;
}

static bool keep(struct reading *r, const char *path)
{
	struct entry *at =
	    diag_arena_push(&r->e->arena, &r->e->at, &r->e->n, sizeof(*at));

	if (at == NULL)
		return diag_fail_nomem(r->err, "bundle");
	at->path = path;
	at->len = r->bytes.len;
	at->bytes = diag_arena_memdup(&r->e->arena, diag_buf_str(&r->bytes),
				      r->bytes.len);
	if (at->bytes != NULL)
		return true;
	r->e->n--;
	return diag_fail_nomem(r->err, "bundle");
}

static void told_size(struct reading *r, struct archive_entry *entry,
		      const char *path)
{
	char said[40], is[40];

	if (!archive_entry_size_is_set(entry) ||
	    archive_entry_size(entry) == (la_int64_t)r->bytes.len)
		return;
	(void)snprintf(said, sizeof(said), "%lld bytes",
		       (long long)archive_entry_size(entry));
	(void)snprintf(is, sizeof(is), "%zu bytes", r->bytes.len);
	flaw(r->v, "entry", path, said, is);
}

/* false: of ours, r->err says what. */
static bool read_file(struct reading *r, struct archive *a,
		      struct archive_entry *entry, const char *path)
{
	size_t limit =
	    r->left < DIAG_BUNDLE_ITEM_BYTES ? r->left : DIAG_BUNDLE_ITEM_BYTES;
	struct diag_err bad = { .code = DIAG_OK };

	diag_buf_reset(&r->bytes);
	if (!pour(a, &r->bytes, limit, &bad)) {
		if (bad.code != DIAG_OK)
			return diag_fail(r->err, bad.code, bad.op, "%.60s: %s",
					 path, bad.what);
		(void)refuse(r, path, "a file that can be read", why(a));
		return true;
	}
	r->left -= r->bytes.len;
	told_size(r, entry, path);
	return keep(r, path);
}

/* --- entries ---------------------------------------------------------------
 */

static bool read_entry(struct reading *r, struct archive *a,
		       struct archive_entry *entry)
{
	const char *path = archive_entry_pathname(entry);
	bool folder = archive_entry_filetype(entry) == AE_IFDIR &&
		      archive_entry_hardlink(entry) == NULL;

	if (path == NULL) {
		(void)refuse(r, "?", "a path in UTF-8", "something else");
		return true;
	}
	path = bare(r, path);
	if (path == NULL)
		return diag_fail_nomem(r->err, "bundle");
	if (folder && (strcmp(path, ".") == 0 || path[0] == '\0' ||
		       diag_bundle_path_ok(path)))
		return true;
	return !plain(r, entry, path) || read_file(r, a, entry, path);
}

static bool read_entries(struct reading *r, struct archive *a)
{
	struct archive_entry *entry;
	int rc;

	while ((rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
		if (++r->seen > ENTRIES)
			return too_many(r->err);
		if (!read_entry(r, a, entry))
			return false;
	}
	if (rc == ARCHIVE_EOF)
		return true;
	if (archive_errno(a) == ENOMEM)
		return diag_fail_nomem(r->err, "bundle");
	flaw(r->v, "archive", NULL, "the next entry, or the end", why(a));
	return true;
}

static bool read_archive(struct reading *r, const void *bytes, size_t len,
			 int (*format)(struct archive *))
{
	struct archive *a = archive_read_new();
	bool ok;

	if (a == NULL || format(a) != ARCHIVE_OK) {
		(void)archive_read_free(a);
		return diag_fail_nomem(r->err, "bundle");
	}
	ok = true;
	if (archive_read_open_memory(a, bytes, len) != ARCHIVE_OK)
		flaw(r->v, "archive", NULL, "an archive", why(a));
	else
		ok = read_entries(r, a);
	(void)archive_read_free(a);
	return ok;
}

/* --- kinds -----------------------------------------------------------------
 */

static bool read_zip(struct reading *r, const void *bytes, size_t len,
		     int filter)
{
	char said[40], is[40];
	size_t entries;

	(void)filter;
	r->left = archive_limit(len);
	if (!zip_check_end(bytes, len, &entries, r->v))
		return true;
	if (entries > ENTRIES)
		return too_many(r->err);
	if (!read_archive(r, bytes, len,
			  archive_read_support_format_zip_seekable))
		return false;
	if (r->seen == entries)
		return true;
	(void)snprintf(said, sizeof(said), "%zu entries", entries);
	(void)snprintf(is, sizeof(is), "%zu", r->seen);
	flaw(r->v, "archive", NULL, said, is);
	return true;
}

static bool read_tar(struct reading *r, const void *bytes, size_t len,
		     int filter)
{
	(void)filter;
	r->left = len;
	return read_archive(r, bytes, len, archive_read_support_format_tar);
}

/* What was compressed, as one stream.  What came before it broke off is kept:
 * which items are whole can still be told. */
static bool decompress(struct reading *r, struct archive *a, const void *bytes,
		       size_t len, struct diag_buf *out)
{
	struct archive_entry *entry;
	struct diag_err bad = { .code = DIAG_OK };

	if (archive_read_open_memory(a, bytes, len) == ARCHIVE_OK &&
	    archive_read_next_header(a, &entry) == ARCHIVE_OK &&
	    pour(a, out, out->max, &bad))
		return true;
	if (bad.code != DIAG_OK)
		return diag_fail(r->err, bad.code, bad.op, "%s", bad.what);
	flaw(r->v, "archive", NULL, "compressed bytes up to the end",
	     out->len > 0 ? why(a) : "none that can be unpacked");
	return true;
}

static bool read_compressed(struct reading *r, const void *bytes, size_t len,
			    int filter)
{
	struct archive *a = archive_read_new();
	size_t limit = archive_limit(len) + ENTRIES * HEADERS;
	struct diag_buf tar;
	bool ok;

	diag_buf_init(&tar, limit);
	if (a == NULL)
		return diag_fail_nomem(r->err, "bundle");
	if (archive_read_support_format_raw(a) != ARCHIVE_OK ||
	    archive_read_append_filter(a, filter) != ARCHIVE_OK)
		ok = diag_fail(r->err, DIAG_EUSAGE, "bundle",
			       "this libarchive was built without the "
			       "compression of this archive");
	else
		ok = decompress(r, a, bytes, len, &tar);
	(void)archive_read_free(a);
	if (ok && tar.len > 0)
		ok = read_tar(r, diag_buf_str(&tar), tar.len, 0);
	diag_buf_clear(&tar);
	return ok;
}

/* First bytes: RFC 8878, 3.1.1; RFC 1952, 2.3.1; APPNOTE 4.3.7; POSIX pax,
 * "ustar Interchange Format". */
static const struct {
	const char *bytes;
	size_t len, at;
	int filter;
	bool (*read)(struct reading *r, const void *bytes, size_t len,
		     int filter);
} magics[] = {
	{ "\x28\xb5\x2f\xfd", 4, 0, ARCHIVE_FILTER_ZSTD, read_compressed },
	{ "\x1f\x8b", 2, 0, ARCHIVE_FILTER_GZIP, read_compressed },
	{ "PK\3\4", 4, 0, 0, read_zip },
	{ "ustar", 5, 257, 0, read_tar },
};
#define N_MAGICS (sizeof(magics) / sizeof(*magics))

bool entries_read(const void *bytes, size_t len, struct entries *e,
		  struct diag_verified *v, struct diag_err *err)
{
	struct reading r = { .e = e, .v = v, .err = err };
	size_t i = 0;
	bool ok;

	*e = (struct entries){ .n = 0 };
	diag_arena_init(&e->arena, 0);
	while (i < N_MAGICS && (len < magics[i].at + magics[i].len ||
				memcmp((const char *)bytes + magics[i].at,
				       magics[i].bytes, magics[i].len) != 0))
		i++;
	if (i == N_MAGICS)
		return diag_fail(err, DIAG_EPARSE, "bundle",
				 "expected a .tar.zst or a .zip, got %s",
				 len > 0 ? "something else" : "an empty file");
	diag_buf_init(&r.bytes, DIAG_BUNDLE_ITEM_BYTES);
	ok = magics[i].read(&r, bytes, len, magics[i].filter);
	diag_buf_clear(&r.bytes);
	return ok;
}

struct entry *entries_find(const struct entries *e, const char *path)
{
	for (size_t i = 0; i < e->n; i++)
		if (strcmp(e->at[i].path, path) == 0)
			return &e->at[i];
	return NULL;
}
