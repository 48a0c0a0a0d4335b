/* SPDX-License-Identifier: MIT */
/* index.c - from a name to its edges, in file order.
 *
 * A table of chains: heads[] holds one more than the number of the first edge
 * of a chain, next[] the same for the edge after.  The table is filled from
 * the last edge to the first, so each chain comes in file order and the i-th
 * match on it is the i-th answer.  Nothing is sorted: a million names would
 * take longer than reading them.
 */
#include <stdint.h>
#include <string.h>

#include "hosts/internal.h"

struct diag_hosts_index {
	uint32_t *heads, *next;
	uint32_t mask;
};

/* Eight bytes at a time; only ever compared within this process. */
static uint32_t hash_of(const char *name)
{
	size_t len = strlen(name);
	uint64_t h = len;

	for (; len >= 8; name += 8, len -= 8) {
		uint64_t w;

		memcpy(&w, name, 8);
		h = (h ^ w) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	for (; len > 0; name++, len--)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	h ^= h >> 32;
	return (uint32_t)(h * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

static bool make_tables(struct diag_arena *arena, size_t n,
			struct diag_hosts_index *index)
{
	size_t size = 16;

	while (size < n)
		size *= 2;
	index->heads = diag_arena_array(arena, size, sizeof(*index->heads));
	index->next = diag_arena_array(arena, n, sizeof(*index->next));
	index->mask = (uint32_t)(size - 1);
	return index->heads != NULL && index->next != NULL;
}

bool diag_hosts_make_index(struct diag_arena *arena, struct diag_hosts *h,
			   struct diag_err *err)
{
	struct diag_hosts_index *index = NULL;

	if (h->n_edges >= UINT32_MAX / 2)
		return diag_fail(err, DIAG_ELIMIT, "hosts", "too many names");
	index = diag_arena_alloc(arena, sizeof(*index));
	if (index == NULL || !make_tables(arena, h->n_edges, index))
		return diag_fail_nomem(err, "hosts");
	for (size_t i = h->n_edges; i-- > 0;) {
		uint32_t slot = hash_of(h->edges[i].name) & index->mask;

		index->next[i] = index->heads[slot];
		index->heads[slot] = (uint32_t)i + 1;
	}
	h->index = index;
	return true;
}

static bool answers(const struct diag_hosts_edge *e, const char *name,
		    enum diag_family family)
{
	return (family == DIAG_NOFAM || e->addr->family == family) &&
	       strcmp(e->name, name) == 0;
}

static const struct diag_hosts_edge *walk_all(const struct diag_hosts *h,
					      const char *name,
					      enum diag_family family, size_t i)
{
	for (size_t k = 0; k < h->n_edges; k++)
		if (answers(&h->edges[k], name, family) && i-- == 0)
			return &h->edges[k];
	return NULL;
}

const struct diag_hosts_edge *diag_hosts_lookup(const struct diag_hosts *h,
						const char *name,
						enum diag_family family,
						size_t i)
{
	const struct diag_hosts_index *x = h->index;

	if (x == NULL)
		return walk_all(h, name, family, i);
	for (uint32_t k = x->heads[hash_of(name) & x->mask]; k != 0;
	     k = x->next[k - 1])
		if (answers(&h->edges[k - 1], name, family) && i-- == 0)
			return &h->edges[k - 1];
	return NULL;
}
