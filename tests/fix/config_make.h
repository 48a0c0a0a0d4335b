/* SPDX-License-Identifier: MIT */
/* config_make.h - configuration files as nobody would write them, from a
 * seed. */
#ifndef DIAG_TESTS_FIX_CONFIG_MAKE_H
#define DIAG_TESTS_FIX_CONFIG_MAKE_H

#include <stdint.h>

#include "base/buf.h"

/* A text for this dialect ("bind", ...): statements about our names and about
 * others, comments of every kind, several on a line, CRLF, odd bytes, marks of
 * ours and almost ours, no final newline.  The caller clears out. */
void config_make(const char *dialect, uint64_t seed, struct diag_buf *out);

#endif
