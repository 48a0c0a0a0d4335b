/* SPDX-License-Identifier: MIT */
/* sha256.h - what bytes are called (FIPS 180-4), as 64 hex digits. */
#ifndef DIAG_BASE_SHA256_H
#define DIAG_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define DIAG_SHA256_TEXT 65 /* bytes with the NUL */

/* In pieces.  Failure (no memory) is sticky and told at the end, which also
 * releases it; an abandoned one needs the end as well. */
struct diag_sha256 {
	void *ctx;
};
void diag_sha256_start(struct diag_sha256 *h);
void diag_sha256_put(struct diag_sha256 *h, const void *p, size_t len);
/* A second one that has seen the same bytes so far. */
void diag_sha256_copy(const struct diag_sha256 *from, struct diag_sha256 *to);
DIAG_MUST_USE
bool diag_sha256_end(struct diag_sha256 *h, char out[DIAG_SHA256_TEXT]);

/* At once; false: no memory. */
DIAG_MUST_USE
bool diag_sha256_of(const void *p, size_t len, char out[DIAG_SHA256_TEXT]);
/* The same in base64, as content security policies name a text (CSP 3,
 * 2.3.1). */
#define DIAG_SHA256_BASE64 45 /* bytes with the NUL */
DIAG_MUST_USE
bool diag_sha256_base64(const void *p, size_t len,
			char out[DIAG_SHA256_BASE64]);
/* 64 lower-case hex digits. */
bool diag_sha256_is(const char *text);

#endif
