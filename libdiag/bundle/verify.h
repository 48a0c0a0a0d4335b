/* SPDX-License-Identifier: MIT */
/* verify.h - what is wrong with an archive, thing by thing. */
#ifndef DIAG_BUNDLE_VERIFY_H
#define DIAG_BUNDLE_VERIFY_H

#include "bundle/bundle.h"

#define DIAG_FLAWS 100 /* kept; the others are only counted */

struct diag_flaw {
	/* "seal", "sha256", "archive", "entry", "manifest", "missing", "added",
	 * "size", "changed" */
	const char *what;
	const char *item;     /* NULL: of the archive as a whole */
	const char *expected; /* NULL: got is the whole sentence */
	const char *got;
};

struct diag_verified {
	struct diag_arena arena;
	char sha256[DIAG_SHA256_TEXT]; /* of the whole file */
	bool sealed;		       /* there is a seal at its end */
	struct diag_flaw *flaws;
	size_t n_flaws; /* of them at most DIAG_FLAWS are kept */
	bool no_memory; /* for all of them; diag_verify() then fails */
	/* As far as it could be read; NULL: not so far. */
	struct diag_bundle *bundle;
};

/* Look at everything.  sha256: what the whole file should have, or NULL.
 * Errors: DIAG_EPARSE (no archive of ours at all), DIAG_ELIMIT (a bomb),
 * DIAG_ENOMEM.  Gives *out (diag_verified_free), whose bundle may be taken. */
DIAG_MUST_USE
bool diag_verify(const void *bytes, size_t len, const char *sha256,
		 struct diag_verified **out, struct diag_err *err);
void diag_verified_free(struct diag_verified *v);

/* An empty one, to be filled by who heard of flaws; NULL: no memory. */
struct diag_verified *diag_verified_new(void);
/* Note a flaw; texts are copied.  item NULL: of the archive as a whole. */
void diag_flaw_add(struct diag_verified *v, const struct diag_flaw *f);
/* Bytes that are not what the manifest says of them, and nothing worse: an
 * archive with these can be read all the same. */
bool diag_flaw_is_change(const struct diag_flaw *f);
/* Of the seal: packed again by another program, or changed in any byte. */
bool diag_flaw_is_seal(const struct diag_flaw *f);
/* Of the archive as a whole: it breaks off, or is none.  What lacks in it
 * afterwards lacks because of that. */
bool diag_flaw_is_archive(const struct diag_flaw *f);
/* One line: "ITEM: expected …, got …". */
void diag_flaw_print(const struct diag_flaw *f, struct diag_buf *out);

#endif
