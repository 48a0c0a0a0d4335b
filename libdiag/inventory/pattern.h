/* SPDX-License-Identifier: MIT */
/* pattern.h - names with holes in them: "{G}.workspace.{R}.api.azureml.ms".
 *
 * Private to this room.  Names are in normal form (net/fqdn.h).
 */
#ifndef DIAG_INVENTORY_PATTERN_H
#define DIAG_INVENTORY_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "inventory/catalogue.h"

#define DIAG_LABEL_MAX 64 /* bytes with NUL (RFC 1035, 2.3.4) */

/* Does the name fit?  The pieces go to id, region and name of *out; those the
 * pattern does not have come out empty.  out->row is left alone. */
bool diag_pattern_match(const char *pattern, const char *name,
			struct diag_cat_match *out);
/* What every name that fits ends with; points into pattern. */
const char *diag_pattern_tail(const char *pattern);
/* Letters that are not holes: the more, the better a fit says. */
size_t diag_pattern_weight(const char *pattern);

/* A GUID in its usual form, lower case. */
bool diag_guid_ok(const char *text);

/* The workspace name as the notebook label of a region has it: at most
 * 22 - len(R) characters; drop_dash also takes a "-" at the cut off.  false:
 * nothing is left.  *was_cut: the name did not fit. */
bool diag_cat_cut(const char *workspace, const char *region, bool drop_dash,
		  char out[DIAG_LABEL_MAX], bool *was_cut);

/* As diag_cat_match(), but only the rows of one cloud. */
bool diag_cat_match_in(enum diag_cloud c, const char *fqdn,
		       struct diag_cat_match *out);

/* The cloud a region lies in, by its name. */
enum diag_cloud diag_cloud_of_region(const char *region);

#endif
