/* SPDX-License-Identifier: MIT */
/* bundle.c - the list of items. */
#include "bundle/bundle.h"

#include <stdlib.h>
#include <string.h>

/* Items, and texts about them. */
#define ARENA_BYTES (DIAG_BUNDLE_BYTES + ((size_t)64 << 20))

static const char *const state_keys[DIAG_N_ITEM_STATES] = {
	"taken", "cut", "masked", "withheld", "missing", "failed",
};

static const char *const sort_keys[] = { "text", "json", "made", "packets" };
#define N_SORTS (sizeof(sort_keys) / sizeof(sort_keys[0]))

const char *diag_item_state_key(enum diag_item_state s)
{
	return state_keys[s];
}

bool diag_item_state_parse(const char *key, enum diag_item_state *out)
{
	for (unsigned i = 0; i < DIAG_N_ITEM_STATES; i++)
		if (strcmp(key, state_keys[i]) == 0) {
			*out = (enum diag_item_state)i;
			return true;
		}
	return false;
}

bool diag_item_is_in(enum diag_item_state s)
{
	return s == DIAG_ITEM_TAKEN || s == DIAG_ITEM_CUT ||
	       s == DIAG_ITEM_MASKED;
}

const char *diag_item_sort_key(enum diag_item_sort s)
{
	return sort_keys[s];
}

bool diag_item_sort_parse(const char *key, enum diag_item_sort *out)
{
	for (unsigned i = 0; i < N_SORTS; i++)
		if (strcmp(key, sort_keys[i]) == 0) {
			*out = (enum diag_item_sort)i;
			return true;
		}
	return false;
}

bool diag_bundle_new(struct diag_bundle **out, struct diag_err *err)
{
	struct diag_bundle *b = calloc(1, sizeof(*b));

	if (b == NULL)
		return diag_fail_nomem(err, "bundle");
	diag_arena_init(&b->arena, ARENA_BYTES);
	b->tool = b->version = "";
	b->mask = "none";
	*out = b;
	return true;
}

void diag_bundle_free(struct diag_bundle *b)
{
	if (b == NULL)
		return;
	diag_arena_clear(&b->arena);
	free(b);
}

static bool name_ok(const char *name, size_t len)
{
	if (len == 0 || (len == 1 && name[0] == '.') ||
	    (len == 2 && name[0] == '.' && name[1] == '.'))
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = name[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || strchr("._+-", c) != NULL))
			return false;
	}
	return true;
}

bool diag_bundle_path_ok(const char *path)
{
	if (strlen(path) > DIAG_BUNDLE_PATH)
		return false;
	for (;;) {
		size_t len = strcspn(path, "/");

		if (!name_ok(path, len))
			return false;
		if (path[len] == '\0')
			return true;
		path += len + 1;
	}
}

const struct diag_item *diag_bundle_find(const struct diag_bundle *b,
					 const char *path)
{
	for (size_t i = 0; i < b->n_items; i++)
		if (strcmp(b->items[i].path, path) == 0)
			return &b->items[i];
	return NULL;
}

/* A copy of an item's texts and bytes; false: no memory. */
static bool copy(struct diag_bundle *b, const struct diag_item *from,
		 struct diag_item *to)
{
	*to = *from;
	to->path = diag_arena_strdup(&b->arena, from->path);
	to->origin = diag_arena_strdup(
	    &b->arena, from->origin != NULL ? from->origin : "");
	if (to->path == NULL || to->origin == NULL)
		return false;
	if (from->reason != NULL) {
		to->reason = diag_arena_strdup(&b->arena, from->reason);
		if (to->reason == NULL)
			return false;
	}
	to->sha256[0] = '\0';
	if (from->bytes == NULL) {
		to->len = 0;
		return true;
	}
	to->bytes = diag_arena_memdup(&b->arena, from->bytes, from->len);
	return to->bytes != NULL &&
	       diag_sha256_of(to->bytes, to->len, to->sha256);
}

bool diag_bundle_add(struct diag_bundle *b, const struct diag_item *item,
		     struct diag_err *err)
{
	struct diag_item copied;
	struct diag_item *at;
	size_t all = 0;

	if (!diag_bundle_path_ok(item->path) ||
	    strcmp(item->path, DIAG_BUNDLE_MANIFEST) == 0)
		return diag_fail(err, DIAG_EUSAGE, "bundle",
				 "%.100s: not a path for an item", item->path);
	if (diag_bundle_find(b, item->path) != NULL)
		return diag_fail(err, DIAG_EUSAGE, "bundle",
				 "%.100s: is there already", item->path);
	for (size_t i = 0; i < b->n_items; i++)
		all += b->items[i].len;
	if (item->bytes != NULL && (item->len > DIAG_BUNDLE_ITEM_BYTES ||
				    all + item->len > DIAG_BUNDLE_BYTES))
		return diag_fail(err, DIAG_ELIMIT, "bundle",
				 "%.100s: too large for a bundle", item->path);
	if (b->n_items == DIAG_BUNDLE_ITEMS)
		return diag_fail(err, DIAG_ELIMIT, "bundle",
				 "more than %d items", DIAG_BUNDLE_ITEMS);
	if (!copy(b, item, &copied))
		return diag_fail_nomem(err, "bundle");
	at = diag_arena_push(&b->arena, &b->items, &b->n_items, sizeof(*at));
	if (at == NULL)
		return diag_fail_nomem(err, "bundle");
	*at = copied;
	return true;
}
