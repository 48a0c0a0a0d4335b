/* SPDX-License-Identifier: MIT */
/* json_parse.h - what the two halves of reading a fact share; private to this
 * room: json_parse.c reads values and walks rows, json_lists.c reads lists.
 */
#ifndef DIAG_FACT_JSON_PARSE_H
#define DIAG_FACT_JSON_PARSE_H

#include "base/arena.h"
#include "base/json.h"
#include "fact/fields.h"

struct diag_fact_reader {
	struct diag_json_at at;
	struct diag_arena *arena;
	bool no_memory;
	bool lenient; /* the fact was not run: it may lack what others must
			 have */
};

void diag_fact_read_rows(struct diag_fact_reader *r,
			 const struct diag_field *rows, const cJSON *obj,
			 void *base);
/* Rows that are lists; false: this one is none. */
bool diag_fact_read_list(struct diag_fact_reader *r, const struct diag_field *f,
			 const cJSON *obj, void *base);
/* Note that a member is not what was wanted. */
void diag_fact_wrong(struct diag_fact_reader *r, const char *key,
		     const cJSON *got, const char *want);

#endif
