/* SPDX-License-Identifier: MIT */
/* json.h - facts as JSON objects (docs/formats/fact.schema.json). */
#ifndef DIAG_FACT_JSON_H
#define DIAG_FACT_JSON_H

#include "base/json.h"
#include "fact/store.h"

/* One object.  Keys in a fixed order; what is absent is left out. */
void diag_fact_print(const struct diag_fact *f, struct diag_jw *w);
/* One object into *out, which borrows its text from obj and has its lists in
 * the arena.  Unknown keys are fine; every fault goes to at->problems and
 * makes it false.  Strings that say what a fact is about are never NULL. */
DIAG_MUST_USE
bool diag_fact_read(const cJSON *obj, const struct diag_json_at *at,
		    struct diag_arena *arena, struct diag_fact *out,
		    struct diag_err *err);
/* Into the store.  Unknown keys are fine; faults go to at->problems and
 * return false.  parse(print(f)) == f. */
DIAG_MUST_USE
bool diag_fact_parse(const cJSON *obj, const struct diag_json_at *at,
		     struct diag_store *store, struct diag_err *err);

#endif
