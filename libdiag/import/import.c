/* SPDX-License-Identifier: MIT */
/* import.c - make and end an import; facts, and finding them again. */
#include "import/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

bool diag_import_new(struct diag_import **out, struct diag_err *err)
{
	struct diag_import *im;

	if (!diag_cat_load(err))
		return false;
	im = diag_alloc(sizeof(*im));
	if (im == NULL)
		return diag_fail_nomem(err, "import");
	diag_arena_init(&im->arena, 0);
	*out = im;
	return true;
}

void diag_import_free(struct diag_import *im)
{
	if (im == NULL)
		return;
	for (size_t i = 0; i < im->n_inventories; i++)
		diag_inventory_free(im->inventories[i].inv);
	diag_arena_clear(&im->arena);
	diag_free(im);
}

void *import_push(struct diag_import *im, void *items, size_t *n, size_t size)
{
	void *place;

	if (*n >= IMPORT_FACTS) {
		im->over = "more facts of one kind than are kept";
		return NULL;
	}
	place = diag_arena_push(&im->arena, items, n, size);
	im->nomem = im->nomem || place == NULL;
	return place;
}

static int by_fact(const void *a, const void *b)
{
	const struct import_fact *x = a;
	const struct import_fact *y = b;
	int order = strcmp(x->key, y->key);

	return order != 0 ? order : strcmp(x->from, y->from);
}

void import_sort(void *items, size_t n, size_t size)
{
	if (n > 1)
		qsort(items, n, size, by_fact);
}

size_t import_unique(struct import_fact *facts, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || by_fact(&facts[kept - 1], &facts[i]) != 0)
			facts[kept++] = facts[i];
	}
	return kept;
}

const void *import_first(const void *items, size_t n, size_t size,
			 const char *key)
{
	const char *base = items;
	size_t low = 0;
	size_t high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct import_fact *f = (const void *)(base + mid * size);

		if (strcmp(f->key, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == n)
		return NULL;
	base += low * size;
	return strcmp(((const struct import_fact *)(const void *)base)->key,
		      key) == 0
		   ? base
		   : NULL;
}

const void *import_next(const void *items, size_t n, size_t size,
			const void *at)
{
	const char *last = (const char *)items + (n - 1) * size;
	const struct import_fact *here = at;
	const struct import_fact *there;

	if ((const char *)at == last)
		return NULL;
	there = (const void *)((const char *)at + size);
	return strcmp(here->key, there->key) == 0 ? there : NULL;
}

const char *import_keep(struct diag_import *im, const char *text)
{
	const char *copy =
	    text[0] != '\0' ? diag_arena_strdup(&im->arena, text) : "";

	im->nomem = im->nomem || copy == NULL;
	return copy != NULL ? copy : "";
}

const char *import_lower(struct diag_import *im, const char *text)
{
	char *copy = diag_arena_strdup(&im->arena, text);

	if (copy == NULL) {
		im->nomem = true;
		return "";
	}
	diag_text_lower(copy);
	return copy;
}

const char *import_text(struct diag_import *im, const char *fmt, ...)
{
	va_list args;
	const char *out;

	va_start(args, fmt);
	out = diag_arena_vprintf(&im->arena, fmt, args);
	va_end(args);
	im->nomem = im->nomem || out == NULL;
	return out != NULL ? out : "";
}
