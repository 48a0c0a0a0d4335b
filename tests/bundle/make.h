/* SPDX-License-Identifier: MIT */
/* make.h - bundles for tests, and archives of them. */
#ifndef DIAG_TESTS_BUNDLE_MAKE_H
#define DIAG_TESTS_BUNDLE_MAKE_H

#include "bundle/archive.h"

#define MAKE_CREATED 1795000000 /* 2026-11-18 */

/* A small one with an item of every state and sort. */
struct diag_bundle *make_bundle(void);
void make_item(struct diag_bundle *b, const char *path, const char *text);
/* Packed; the caller clears out. */
void make_archive(const struct diag_bundle *b, const char *ending,
		  struct diag_buf *out);

/* Where needle lies in a buffer; fails the test if it does not. */
size_t make_find(const struct diag_buf *in, const char *needle, size_t len);

#endif
