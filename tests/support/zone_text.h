/* SPDX-License-Identifier: MIT */
/* zone_text.h - files of the zone vault.azure.net as people write them, from a
 * seed; some of them no server would load. */
#ifndef DIAG_TESTS_SUPPORT_ZONE_TEXT_H
#define DIAG_TESTS_SUPPORT_ZONE_TEXT_H

#include <stdint.h>

#include "base/buf.h"

/* Records of kv and k2 right and wrong, and of others; directives, strings,
 * parentheses, escapes, CRLF, no final newline.  The serial is the 12th byte.
 * The caller clears out. */
void zone_text(uint64_t seed, struct diag_buf *out);

#endif
