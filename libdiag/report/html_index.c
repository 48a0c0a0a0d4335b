/* SPDX-License-Identifier: MIT */
/* html_index.c - which facts belong to a name, which findings stand on a fact,
 * and which facts the page shows. */
#include <stdlib.h>
#include <string.h>

#include "report/common.h"
#include "report/html.h"

const char *html_target(struct html *h, const struct diag_target *t)
{
	char text[DIAG_ADDR_TEXT];
	const char *s = diag_report_target(t, text);

	return s == text ? page_text(&h->page, "%s", s) : s;
}

bool html_is_from(const struct html *h, const struct diag_fact *f,
		  const struct diag_origin *origin)
{
	return diag_case_origin(h->in.c, f) == origin;
}

/* --- facts of a target ---------------------------------------------------- */

static int by_target(const void *a, const void *b)
{
	const struct diag_fact *x = *(const struct diag_fact *const *)a;
	const struct diag_fact *y = *(const struct diag_fact *const *)b;
	int order = strcmp(x->target, y->target);

	return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

static bool sort_facts(struct html *h)
{
	const struct diag_store *s = &h->in.c->facts;
	struct diag_arena *arena = &h->page.arena;

	h->facts = diag_arena_array(arena, s->n + 1, sizeof(*h->facts));
	h->routes = diag_arena_array(arena, s->n + 1, sizeof(*h->routes));
	if (h->facts == NULL || h->routes == NULL)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		if (s->facts[i]->target != NULL)
			h->facts[h->n_facts++] = s->facts[i];
		if (s->facts[i]->kind == DIAG_FACT_ROUTE)
			h->routes[h->n_routes++] = s->facts[i];
	}
	qsort(h->facts, h->n_facts, sizeof(*h->facts), by_target);
	return true;
}

struct html_slice html_facts_of(const struct html *h, const char *target)
{
	size_t from = 0;
	size_t to = h->n_facts;
	size_t end;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(h->facts[middle]->target, target) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	for (end = from; end < h->n_facts; end++)
		if (strcmp(h->facts[end]->target, target) != 0)
			break;
	return (struct html_slice){ h->facts + from, end - from };
}

/* --- findings of a fact --------------------------------------------------- */

static int by_fact(const void *a, const void *b)
{
	const struct html_ref *x = a;
	const struct html_ref *y = b;

	if (x->fact != y->fact)
		return x->fact < y->fact ? -1 : 1;
	return (x->finding > y->finding) - (x->finding < y->finding);
}

static size_t evidence_shown(const struct diag_finding *f)
{
	return f->n_evidence < HTML_EVIDENCE ? f->n_evidence : HTML_EVIDENCE;
}

static size_t count_refs(const struct diag_verdict *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_findings && i < HTML_FINDINGS; i++)
		n += v->findings[i].n_proof + evidence_shown(&v->findings[i]);
	return n;
}

static void add_ref(struct html *h, uint32_t fact, const struct diag_finding *f)
{
	if (fact != 0 && diag_store_get(&h->in.c->facts, fact) != NULL)
		h->refs[h->n_refs++] = (struct html_ref){ fact, f->id };
}

static void unique_refs(struct html *h)
{
	size_t n = 0;

	qsort(h->refs, h->n_refs, sizeof(*h->refs), by_fact);
	for (size_t i = 0; i < h->n_refs; i++)
		if (n == 0 || by_fact(&h->refs[n - 1], &h->refs[i]) != 0)
			h->refs[n++] = h->refs[i];
	h->n_refs = n;
}

static bool collect_refs(struct html *h)
{
	const struct diag_verdict *v = h->in.v;

	h->refs = diag_arena_array(&h->page.arena, count_refs(v) + 1,
				   sizeof(*h->refs));
	if (h->refs == NULL)
		return false;
	for (size_t i = 0; i < v->n_findings && i < HTML_FINDINGS; i++) {
		const struct diag_finding *f = &v->findings[i];

		for (size_t k = 0; k < f->n_proof; k++)
			add_ref(h, f->proof[k].fact, f);
		for (size_t k = 0; k < evidence_shown(f); k++)
			add_ref(h, f->evidence[k], f);
	}
	unique_refs(h);
	return true;
}

/* --- facts that are shown ------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void sort_shown(struct html *h)
{
	size_t n = 0;

	qsort(h->shown, h->n_shown, sizeof(*h->shown), by_id);
	for (size_t i = 0; i < h->n_shown; i++)
		if (n == 0 || h->shown[n - 1] != h->shown[i])
			h->shown[n++] = h->shown[i];
	h->n_shown = n;
}

/* What findings name comes first; then the others as they arrived. */
static bool choose_shown(struct html *h)
{
	const struct diag_store *s = &h->in.c->facts;
	size_t linked;

	h->shown = diag_arena_array(&h->page.arena, HTML_LINKED + HTML_FACTS,
				    sizeof(*h->shown));
	if (h->shown == NULL)
		return false;
	for (size_t i = 0; i < h->n_refs && h->n_shown < HTML_LINKED; i++)
		if (i == 0 || h->refs[i].fact != h->refs[i - 1].fact)
			h->shown[h->n_shown++] = h->refs[i].fact;
	linked = h->n_shown;
	for (size_t i = 0; i < s->n && h->n_shown < HTML_FACTS; i++)
		if (bsearch(&s->facts[i]->id, h->shown, linked,
			    sizeof(*h->shown), by_id) == NULL)
			h->shown[h->n_shown++] = s->facts[i]->id;
	sort_shown(h);
	return true;
}

bool html_is_shown(const struct html *h, uint32_t fact)
{
	return h->n_shown > 0 && bsearch(&fact, h->shown, h->n_shown,
					 sizeof(*h->shown), by_id) != NULL;
}

/* --- order of the names --------------------------------------------------- */

/* Stable: within a state the inventory's own order. */
static bool order_rows(struct html *h)
{
	static const enum diag_target_status first[] = { DIAG_TARGET_FAIL,
							 DIAG_TARGET_UNKNOWN,
							 DIAG_TARGET_WARN,
							 DIAG_TARGET_OK };
	size_t n = 0;

	h->order =
	    diag_arena_array(&h->page.arena, h->table.n + 1, sizeof(*h->order));
	if (h->order == NULL)
		return false;
	for (size_t k = 0; k < sizeof(first) / sizeof(first[0]); k++)
		for (size_t i = 0; i < h->table.n; i++)
			if (h->table.rows[i].status == first[k])
				h->order[n++] = i;
	return true;
}

bool html_index(struct html *h)
{
	if (!table_make(&h->page, &h->table))
		return false;
	if (sort_facts(h) && collect_refs(h) && choose_shown(h) &&
	    order_rows(h))
		return true;
	h->page.no_memory = true;
	return false;
}
