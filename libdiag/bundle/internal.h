/* SPDX-License-Identifier: MIT */
/* internal.h - between the parts that pack and unpack; private to this room. */
#ifndef DIAG_BUNDLE_INTERNAL_H
#define DIAG_BUNDLE_INTERNAL_H

#include "base/buf.h"
#include "bundle/archive.h"
#include "bundle/verify.h"

/* What a manifest may have: 512 items and what is told of each. */
#define MANIFEST_BYTES ((size_t)4 << 20)

/* --- bundle.c --------------------------------------------------------------
 */

/* An item as it stands, its bytes not copied; NULL: err. */
struct diag_item *bundle_put(struct diag_bundle *b,
			     const struct diag_item *item,
			     struct diag_err *err);
/* Its bytes, copied; len and sha256 with them. */
DIAG_MUST_USE
bool bundle_give(struct diag_bundle *b, struct diag_item *item,
		 const void *bytes, size_t len, struct diag_err *err);

/* --- seal.c ----------------------------------------------------------------
 */

/* Append the seal behind a whole archive. */
DIAG_MUST_USE
bool seal_frame(struct diag_buf *out, struct diag_err *err);
DIAG_MUST_USE
bool seal_zip(struct diag_buf *out, struct diag_err *err);
/* Note what is wrong with the seal of these bytes. */
DIAG_MUST_USE
bool seal_check(const void *bytes, size_t len, struct diag_verified *v,
		struct diag_err *err);

/* --- zip.c -----------------------------------------------------------------
 */

/* The same time in every record of a zip file (in UTC, two seconds exact). */
void zip_set_time(struct diag_buf *zip, int64_t t_s);
/* Can its end be meant in one way only?  If not, that is noted. */
bool zip_check_end(const void *bytes, size_t len, size_t *entries,
		   struct diag_verified *v);

/* --- archive_read.c --------------------------------------------------------
 */

/* How many bytes may come out of so many. */
size_t archive_limit(size_t len);

struct entry {
	const char *path;
	const void *bytes;
	size_t len;
	bool listed; /* the manifest has it */
};

struct entries {
	struct diag_arena arena;
	struct entry *at;
	size_t n;
};

/* All plain files of an archive; what is wrong with one is noted, and the
 * others are read if they can be.  e is initialised here; the caller clears its
 * arena in every case.  Errors: DIAG_EPARSE (not one of our archives),
 * DIAG_ELIMIT (a bomb), DIAG_ENOMEM. */
DIAG_MUST_USE
bool entries_read(const void *bytes, size_t len, struct entries *e,
		  struct diag_verified *v, struct diag_err *err);
struct entry *entries_find(const struct entries *e, const char *path);

/* --- verify.c --------------------------------------------------------------
 */

/* The same as diag_flaw_add(). */
void flaw(struct diag_verified *v, const char *what, const char *item,
	  const char *expected, const char *got);
/* The archive read and held against its manifest; v->bundle has what there is
 * of its items. */
DIAG_MUST_USE
bool verify_items(const void *bytes, size_t len, struct diag_verified *v,
		  struct diag_err *err);

#endif
