/* SPDX-License-Identifier: MIT */
/* archive.h - a bundle as one file, and back (through libarchive).
 *
 * The same bundle gives the same bytes: entries in the bundle's order behind
 * the manifest, owner 0, mode 0600, the time of all is the bundle's.
 *
 * An archive ends in a seal, the SHA-256 of all before it, where other
 * programs do not look: a skippable frame (RFC 8878, 3.1.2) or the comment of
 * a zip file (APPNOTE 4.3.16).  So any byte that changed is found, also where
 * neither tar nor zip has a checksum.  Who changes a bundle on purpose can seal
 * it anew: the checksum that was printed when it was made tells (the SHA-256
 * of the whole file).
 *
 * What is read is somebody else's: entries that are no plain files, paths that
 * diag_bundle_path_ok() refuses, doubles, too much of anything, and more than
 * DIAG_ARCHIVE_RATIO times the archive's size are errors.  Nothing is written:
 * items stay in memory.
 */
#ifndef DIAG_BUNDLE_ARCHIVE_H
#define DIAG_BUNDLE_ARCHIVE_H

#include "bundle/bundle.h"

/* A bomb: more bytes out than this many times the bytes in (and 16 MiB). */
#define DIAG_ARCHIVE_RATIO 200

/* Ways to pack; one row each in archive.c. */
struct diag_archive_kind {
	const char *ending; /* ".tar.zst" */
	const char *name;   /* "tar.zst" */
};
size_t diag_archive_kinds(const struct diag_archive_kind **rows);
/* By the file's name; NULL: none of these endings. */
const struct diag_archive_kind *diag_archive_kind_of(const char *path);

/* out is initialised by the callee; the caller clears it in every case. */
DIAG_MUST_USE
bool diag_bundle_pack(const struct diag_bundle *b,
		      const struct diag_archive_kind *kind,
		      struct diag_buf *out, struct diag_err *err);

/* Read an archive, whatever its name says.  The manifest must be there and
 * tell of every entry; items gain their bytes.  Whether these are what the
 * manifest says is diag_bundle_verify()'s business.  Errors: DIAG_EPARSE (all
 * problems noted, err is the first), DIAG_ELIMIT, DIAG_ENOMEM.  Gives *out. */
DIAG_MUST_USE
bool diag_bundle_unpack(const char *name, const void *bytes, size_t len,
			struct diag_problems *problems,
			struct diag_bundle **out, struct diag_err *err);

/* Note everything by which an archive differs from what was packed: the seal,
 * items changed, missing, added, or of another size.  true: nothing. */
DIAG_MUST_USE
bool diag_bundle_verify(const char *name, const void *bytes, size_t len,
			struct diag_problems *problems, struct diag_err *err);

#endif
