/* SPDX-License-Identifier: MIT */
/* table.c - texts by their hash: open addressing, never more than half
 * full. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mask/internal.h"

#define FIRST_CAP 256

/* FNV-1a, 32 bits. */
static uint32_t hash_of(const char *key, size_t len)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)key[i]) * 16777619U;
	return h;
}

static struct mask_entry *place(struct mask_entry *at, size_t cap,
				const char *key, size_t len, uint32_t hash)
{
	size_t i = hash & (cap - 1);

	while (at[i].key != NULL && (at[i].hash != hash || at[i].len != len ||
				     memcmp(at[i].key, key, len) != 0))
		i = (i + 1) & (cap - 1);
	return &at[i];
}

const struct mask_entry *mask_table_find(const struct mask_table *t,
					 const char *key, size_t len)
{
	const struct mask_entry *e;

	if (t->n == 0)
		return NULL;
	e = place(t->at, t->cap, key, len, hash_of(key, len));
	return e->key != NULL ? e : NULL;
}

static bool grow(struct mask_table *t)
{
	size_t cap = t->cap == 0 ? FIRST_CAP : t->cap * 2;
	struct mask_entry *at = diag_alloc_array(cap, sizeof(*at));

	if (at == NULL)
		return false;
	for (size_t i = 0; i < t->cap; i++)
		if (t->at[i].key != NULL)
			*place(at, cap, t->at[i].key, t->at[i].len,
			       t->at[i].hash) = t->at[i];
	diag_free(t->at);
	t->at = at;
	t->cap = cap;
	return true;
}

struct mask_entry *mask_table_put(struct mask_table *t,
				  struct diag_arena *arena, const char *key,
				  size_t len)
{
	uint32_t hash = hash_of(key, len);
	struct mask_entry *e;

	if (t->n * 2 >= t->cap && !grow(t))
		return NULL;
	e = place(t->at, t->cap, key, len, hash);
	if (e->key != NULL)
		return e;
	e->key = diag_arena_strn(arena, key, len);
	if (e->key == NULL)
		return NULL;
	e->len = (uint32_t)len;
	e->hash = hash;
	t->n++;
	return e;
}
