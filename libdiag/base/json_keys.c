/* SPDX-License-Identifier: MIT */
/* json_keys.c - a key that stands twice in one object.
 *
 * Two readers of such a document may believe different values, so it is
 * refused.  Small objects are compared pair by pair, large ones are sorted,
 * so that an object of a hundred thousand keys costs no more than its length
 * times a few.  A key is named by its number in the document, because the
 * tree has forgotten its line.
 */
#include "base/json_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/mem.h"

#define SMALL 16 /* keys compared pair by pair */

struct entry {
	const cJSON *item;
	size_t index; /* place in the object: makes the order total */
};

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;
	int order = strcmp(x->item->string, y->item->string);

	if (order != 0)
		return order;
	return (x->index > y->index) - (x->index < y->index);
}

static const cJSON *second_among_few(const cJSON *object)
{
	for (const cJSON *b = object->child; b != NULL; b = b->next)
		for (const cJSON *a = object->child; a != b; a = a->next)
			if (strcmp(a->string, b->string) == 0)
				return b;
	return NULL;
}

/* Sorted, equal keys are neighbours; of all second ones the first in the
 * document is told. */
static const cJSON *first_second(const struct entry *sorted, size_t n)
{
	const struct entry *found = NULL;

	for (size_t i = 1; i < n; i++) {
		if (strcmp(sorted[i - 1].item->string,
			   sorted[i].item->string) != 0)
			continue;
		if (found == NULL || sorted[i].index < found->index)
			found = &sorted[i];
	}
	return found != NULL ? found->item : NULL;
}

static bool second_among_many(const cJSON *object, size_t n,
			      const cJSON **second)
{
	struct entry *entries = diag_alloc_array(n, sizeof(*entries));
	size_t i = 0;

	if (entries == NULL)
		return false;
	for (const cJSON *c = object->child; c != NULL; c = c->next, i++)
		entries[i] = (struct entry){ c, i };
	qsort(entries, n, sizeof(*entries), by_key);
	*second = first_second(entries, n);
	diag_free(entries);
	return true;
}

static bool second_in(const cJSON *object, const cJSON **second)
{
	size_t n = 0;

	for (const cJSON *c = object->child; c != NULL; c = c->next)
		n++;
	if (n > SMALL)
		return second_among_many(object, n, second);
	*second = second_among_few(object);
	return true;
}

/* The tree in document order without recursion: path holds what is open. */
struct walk {
	const cJSON *path[DIAG_JSON_DEPTH + 1];
	unsigned depth;
};

static const cJSON *walk_next(struct walk *w, const cJSON *at)
{
	if (at->child != NULL && w->depth < DIAG_JSON_DEPTH) {
		w->path[w->depth++] = at;
		return at->child;
	}
	while (at->next == NULL && w->depth > 0)
		at = w->path[--w->depth];
	return w->depth > 0 ? at->next : NULL;
}

/* Every member has a key, so counting members counts keys. */
static size_t number_of(const cJSON *tree, const cJSON *item)
{
	struct walk w = { .depth = 0 };
	size_t n = 0;

	for (const cJSON *at = tree; at != NULL; at = walk_next(&w, at)) {
		n += at->string != NULL;
		if (at == item)
			return n;
	}
	return 0;
}

bool diag_json_second_key(const cJSON *tree, size_t *number)
{
	struct walk w = { .depth = 0 };
	const cJSON *second = NULL;

	*number = 0;
	for (const cJSON *at = tree; at != NULL; at = walk_next(&w, at)) {
		if (cJSON_IsObject(at) && !second_in(at, &second))
			return false;
		if (second != NULL) {
			*number = number_of(tree, second);
			return true;
		}
	}
	return true;
}
