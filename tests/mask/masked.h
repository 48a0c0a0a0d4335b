/* SPDX-License-Identifier: MIT */
/* masked.h - texts through a mask, for the tests of masking. */
#ifndef DIAG_TESTS_MASK_MASKED_H
#define DIAG_TESTS_MASK_MASKED_H

#include "mask/mask.h"

/* A mask with the key of the tests, that knows the names of masked_inventory:
 * its workspace ws1103, ws1103sa, ws1103kv, ws1103acr, ws1103ci1, the host
 * vpn-laptop, the search domain corp.example. */
struct diag_mask *masked_new(enum diag_mask_level level);
/* The case that it learns from; to be freed. */
struct diag_case *masked_case(void);

/* Text and JSON through a mask; what comes out is to be freed.  replaced may
 * be NULL. */
char *masked_text(struct diag_mask *m, const char *text, size_t *replaced);
char *masked_json(struct diag_mask *m, const char *text);

/* One row of a table: what comes out must fit the pattern of fnmatch(3); NULL:
 * it is what went in. */
struct masked_row {
	const char *in, *want;
};
void masked_rows(enum diag_mask_level level, const struct masked_row *rows,
		 size_t n);

#endif
