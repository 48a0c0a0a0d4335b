/* SPDX-License-Identifier: MIT */
/* internal.h - what the files of this room share. */
#ifndef DIAG_CASE_INTERNAL_H
#define DIAG_CASE_INTERNAL_H

#include "case/case.h"

/* A new origin at the end of the case, or the one of a case that is still
 * empty; its name is made unlike the others'.  The pointer is good until the
 * case ends. */
DIAG_MUST_USE
bool diag_case_origin_new(struct diag_case *c, const char *name,
			  struct diag_origin **out, struct diag_err *err);

/* What a header told, beyond what it left in case and origin. */
struct diag_case_header {
	uint64_t facts; /* UINT64_MAX: did not say */
};
/* Read the header line of a case file.  The first of a case also gives the
 * inventory, the role and the era.  Faults go to at->problems; false only when
 * reading cannot go on. */
DIAG_MUST_USE
bool diag_case_read_header(struct diag_case *c, struct diag_origin *origin,
			   const cJSON *obj, const struct diag_json_at *at,
			   struct diag_case_header *out, struct diag_err *err);

#endif
