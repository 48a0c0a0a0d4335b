/* SPDX-License-Identifier: MIT */
/* never.h - what is never taken, whoever asks and by whatever name.
 *
 * Told by a path: of what was asked for, and of what a link led to.  And by
 * what stands in a text, since a copy of a key can be called anything.
 */
#ifndef DIAG_BUNDLE_NEVER_H
#define DIAG_BUNDLE_NEVER_H

#include <stddef.h>

enum diag_never {
	DIAG_NEVER_NOT,	  /* may be taken */
	DIAG_NEVER_WHOLE, /* named keys of it may be taken, never all of it */
	DIAG_NEVER_ANY,	  /* is not even opened */
};

/* path: absolute.  *why: a literal, "browsing history"; NULL when it may be
 * taken. */
enum diag_never diag_never_path(const char *path, const char **why);
/* Why a text may not be taken, or NULL. */
const char *diag_never_text(const char *text, size_t len);

#endif
