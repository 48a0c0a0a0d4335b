/* SPDX-License-Identifier: MIT */
/* json.h - facts as JSON objects (docs/formats/fact.schema.json). */
#ifndef DIAG_FACT_JSON_H
#define DIAG_FACT_JSON_H

#include "base/json.h"
#include "fact/store.h"

/* One object.  Keys in a fixed order; what is absent is left out. */
void diag_fact_print(const struct diag_fact *f, struct diag_jw *w);
/* Into the store.  Unknown keys are fine; faults go to at->problems and
 * return false.  parse(print(f)) == f. */
DIAG_MUST_USE
bool diag_fact_parse(const cJSON *obj, const struct diag_json_at *at,
		     struct diag_store *store, struct diag_err *err);

#endif
