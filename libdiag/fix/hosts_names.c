/* SPDX-License-Identifier: MIT */
/* hosts_names.c - names, found at the price of a hash for the few words that
 * have the length and the last byte of one of them. */
#include <string.h>

#include "fix/hosts_internal.h"

static char low(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* FNV-1a. */
static uint32_t hash(struct diag_slice s)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)low(s.p[i])) * 16777619U;
	return h;
}

static bool same(struct diag_slice a, struct diag_slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (low(a.p[i]) != low(b.p[i]))
			return false;
	return true;
}

/* Five bits of a byte: letters fall together with their capitals. */
static uint32_t end_bit(struct diag_slice s)
{
	return 1U << ((unsigned char)s.p[s.len - 1] & 31);
}

static size_t slot_of(const struct hosts_names *names, struct diag_slice word)
{
	size_t slot = hash(word) & names->mask;

	while (names->slots[slot] != 0 &&
	       !same(names->claims[names->slots[slot] - 1].name, word))
		slot = (slot + 1) & names->mask;
	return slot;
}

uint32_t hosts_names_find(const struct hosts_names *names,
			  struct diag_slice word)
{
	if (word.len > 1 && word.p[word.len - 1] == '.')
		word.len--;
	if (word.len == 0 || word.len > 255 ||
	    (names->ends[word.len] & end_bit(word)) == 0)
		return 0;
	return names->slots[slot_of(names, word)];
}

uint32_t hosts_names_with(const struct hosts_names *names, uint32_t first,
			  const struct diag_addr *addr)
{
	for (uint32_t i = first; i != 0; i = names->claims[i - 1].next)
		if (diag_addr_eq(&names->claims[i - 1].addr, addr))
			return i;
	return 0;
}

/* From the last claim to the first, so that chains come in order. */
bool hosts_names_make(struct diag_arena *arena, struct hosts_claim *claims,
		      size_t n, struct hosts_names *out)
{
	size_t size = 16;

	while (size < 2 * n)
		size *= 2;
	*out =
	    (struct hosts_names){ .claims = claims, .n = n, .mask = size - 1 };
	out->slots = diag_arena_array(arena, size, sizeof(*out->slots));
	if (out->slots == NULL)
		return false;
	for (size_t i = n; i-- > 0;) {
		struct diag_slice *name = &claims[i].name;
		uint32_t *slot;

		if (name->len > 1 && name->p[name->len - 1] == '.')
			name->len--;
		if (name->len == 0 || name->len > 255)
			continue;
		slot = &out->slots[slot_of(out, *name)];
		claims[i].next = *slot;
		*slot = (uint32_t)i + 1;
		out->ends[name->len] |= end_bit(*name);
	}
	return true;
}
