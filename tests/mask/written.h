/* SPDX-License-Identifier: MIT */
/* written.h - the ways a text is written in, and a look for it in all of them;
 * for the tests that plant secrets. */
#ifndef DIAG_TESTS_MASK_WRITTEN_H
#define DIAG_TESTS_MASK_WRITTEN_H

#include "base/buf.h"

typedef void written_way(const char *text, size_t len, struct diag_buf *out);

written_way written_raw, written_percent, written_escapes, written_base64,
    written_utf16, written_wide_base64;
/* Only what a URL cannot have. */
written_way written_percent_some;
/* Percent, then base64. */
written_way written_twice;
/* As HTML: all of it by numbers; or only what has to be, by names. */
written_way written_entities, written_entities_some;
/* As a string of JSON, in a line of a log. */
written_way written_json;

/* Is text in there, however it is written? */
bool written_is_in(const struct diag_buf *in, const char *text);

#endif
