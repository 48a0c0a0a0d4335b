/* SPDX-License-Identifier: MIT */
/* utf8.h - one character at a time (RFC 3629). */
#ifndef DIAG_BASE_UTF8_H
#define DIAG_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character that begins at s (1 to 4), or 0 if what is there is
 * not UTF-8: too long a form, a surrogate, over U+10FFFF, or cut off by len. */
size_t diag_utf8_get(const void *s, size_t len, uint32_t *cp);

/* Characters that steer a terminal or turn text around: C0, DEL, C1, line and
 * paragraph separators, bidirectional marks, overrides and isolates. */
bool diag_utf8_is_risky(uint32_t cp);

/* Columns on a terminal: 0, 1 or 2. */
unsigned diag_utf8_columns(uint32_t cp);

#endif
