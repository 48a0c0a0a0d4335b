/* SPDX-License-Identifier: MIT */
/* words.c - a hash set of strings, open addressing, power-of-two size.
 *
 * A million facts name a few thousand things.  The set only saves memory, so
 * it may give up: a string that is long, or that finds no place within a few
 * steps (which a hostile file can bring about), is copied and forgotten.
 */
#include "fact/words.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

#define FIRST	 ((size_t)256)
#define LAST	 ((size_t)1 << 22) /* slots: 32 MiB; more words are copied */
#define LONGEST	 512		   /* bytes */
#define STEPS	 16
#define FNV_SEED UINT64_C(14695981039346656037)
#define FNV_STEP UINT64_C(1099511628211)

struct diag_words {
	const char **slots;
	size_t size, used;
};

struct diag_words *diag_words_new(void)
{
	struct diag_words *w = diag_alloc(sizeof(*w));

	if (w == NULL)
		return NULL;
	w->slots = diag_alloc_array(FIRST, sizeof(*w->slots));
	w->size = FIRST;
	if (w->slots != NULL)
		return w;
	diag_free(w);
	return NULL;
}

void diag_words_free(struct diag_words *w)
{
	if (w == NULL)
		return;
	diag_free(w->slots);
	diag_free(w);
}

/* FNV-1a, but eight bytes at a step: this runs for every string of every
 * fact. */
static uint64_t hash(const char *s, size_t *len)
{
	uint64_t h = FNV_SEED;
	size_t n = strlen(s);
	size_t at = 0;

	*len = n;
	for (; n - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
		uint64_t piece;

		memcpy(&piece, s + at, sizeof(piece));
		h = (h ^ piece) * FNV_STEP;
		h ^= h >> 32; /* or the high bytes would stay high */
	}
	for (; at < n; at++)
		h = (h ^ (unsigned char)s[at]) * FNV_STEP;
	return h ^ h >> 32;
}

/* The slot that holds s or is free for it; NULL: none near enough. */
static const char **slot_of(const char **slots, size_t size, const char *s,
			    uint64_t h)
{
	for (size_t i = 0; i < STEPS; i++) {
		const char **slot = &slots[(h + i) & (size - 1)];

		if (*slot == NULL || strcmp(*slot, s) == 0)
			return slot;
	}
	return NULL;
}

/* Twice the slots.  Without memory the set stays as it is. */
static void grow(struct diag_words *w)
{
	size_t size = w->size * 2;
	const char **slots = diag_alloc_array(size, sizeof(*slots));

	if (slots == NULL)
		return;
	for (size_t i = 0; i < w->size; i++) {
		size_t len;
		const char **slot = w->slots[i] != NULL
					? slot_of(slots, size, w->slots[i],
						  hash(w->slots[i], &len))
					: NULL;

		if (slot != NULL)
			*slot = w->slots[i];
	}
	diag_free(w->slots);
	w->slots = slots;
	w->size = size;
}

const char *diag_words_keep(struct diag_words *w, struct diag_arena *arena,
			    const char *s)
{
	size_t len;
	uint64_t h = hash(s, &len);
	const char **slot;
	char *copy;

	if (len == 0)
		return "";
	if (len > LONGEST)
		return diag_arena_strn(arena, s, len);
	if (w->used > w->size / 2 && w->size < LAST)
		grow(w);
	slot = slot_of(w->slots, w->size, s, h);
	if (slot != NULL && *slot != NULL)
		return *slot;
	copy = diag_arena_strn(arena, s, len);
	if (slot != NULL && copy != NULL) {
		*slot = copy;
		w->used++;
	}
	return copy;
}
