/* SPDX-License-Identifier: MIT */
/* store.h - facts kept for judging: deep copies in one arena.
 *
 * Names, views and certificates repeat in most facts; each string is kept
 * once.  In a store the strings that say what a fact is about (a dns fact's
 * view and name, an http fact's url ...; fields.c) are never NULL.
 */
#ifndef DIAG_FACT_STORE_H
#define DIAG_FACT_STORE_H

#include "base/arena.h"
#include "fact/fact.h"

#define DIAG_FACTS_MAX 4000000u

struct diag_store {
	struct diag_arena arena;
	struct diag_fact **facts; /* in order of arrival */
	size_t n, cap;
	uint32_t next_id;
	bool out_of_order;	  /* ids do not ascend: lookups walk */
	struct diag_words *words; /* the strings kept, each once */
};

void diag_store_init(struct diag_store *s);
void diag_store_clear(struct diag_store *s);
/* Copy f in; an id of 0 gets the next one.  kept may be NULL.  Errors:
 * DIAG_ENOMEM, DIAG_ELIMIT (DIAG_FACTS_MAX). */
DIAG_MUST_USE
bool diag_store_add(struct diag_store *s, const struct diag_fact *f,
		    const struct diag_fact **kept, struct diag_err *err);
struct diag_sink diag_store_sink(struct diag_store *s);
const struct diag_fact *diag_store_get(const struct diag_store *s, uint32_t id);

#endif
