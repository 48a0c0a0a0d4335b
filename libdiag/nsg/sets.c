/* SPDX-License-Identifier: MIT */
#include "nsg/sets.h"

#include <stdlib.h>
#include <string.h>

struct nsg_span nsg_span_of(const struct diag_cidr *c)
{
	struct nsg_span s = { c->addr, c->addr };

	for (size_t i = 0; i < diag_addr_len(&s.last); i++) {
		size_t before = i * 8;

		if (c->len <= before)
			s.last.bytes[i] = 0xff;
		else if (c->len < before + 8)
			s.last.bytes[i] |=
			    (uint8_t)(0xffU >> (c->len - before));
	}
	return s;
}

bool nsg_addr_after(struct diag_addr *a)
{
	for (size_t i = diag_addr_len(a); i-- > 0;) {
		if (++a->bytes[i] != 0)
			return true;
	}
	return false;
}

struct diag_addr nsg_addr_before(const struct diag_addr *a)
{
	struct diag_addr out = *a;

	for (size_t i = diag_addr_len(&out); i-- > 0;) {
		if (out.bytes[i]-- != 0)
			break;
	}
	return out;
}

/* s against one span of the same family. */
static enum nsg_rel beside(const struct nsg_span *s, const struct nsg_span *in,
			   struct diag_addr *cut)
{
	if (diag_addr_cmp(&s->last, &in->first) < 0 ||
	    diag_addr_cmp(&s->first, &in->last) > 0)
		return NSG_NONE;
	if (diag_addr_cmp(&s->first, &in->first) < 0) {
		*cut = in->first;
		return NSG_SPLIT;
	}
	if (diag_addr_cmp(&s->last, &in->last) <= 0)
		return NSG_FULL;
	*cut = in->last;
	(void)nsg_addr_after(cut); /* s goes on, so there is one */
	return NSG_SPLIT;
}

enum nsg_rel nsg_span_in_cidr(const struct nsg_span *s,
			      const struct diag_cidr *c, struct diag_addr *cut)
{
	struct nsg_span in;

	if (s->first.family != c->addr.family)
		return NSG_NONE;
	in = nsg_span_of(c);
	return beside(s, &in, cut);
}

enum nsg_rel nsg_span_in_set(const struct nsg_span *s,
			     const struct nsg_set *set, struct diag_addr *cut)
{
	size_t low = 0;
	size_t high = set->n;

	while (low < high) { /* the first span that does not end before s */
		size_t mid = low + (high - low) / 2;

		if (diag_addr_cmp(&set->spans[mid].last, &s->first) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == set->n || set->spans[low].first.family != s->first.family)
		return NSG_NONE;
	return beside(s, &set->spans[low], cut);
}

static int by_first(const void *a, const void *b)
{
	const struct nsg_span *x = a;
	const struct nsg_span *y = b;

	return diag_addr_cmp(&x->first, &y->first);
}

/* b begins inside of a or right behind it. */
static bool touches(const struct nsg_span *a, const struct nsg_span *b)
{
	struct diag_addr next = a->last;

	if (a->first.family != b->first.family)
		return false;
	return !nsg_addr_after(&next) || diag_addr_cmp(&b->first, &next) <= 0;
}

struct nsg_set nsg_set_of(struct nsg_span *spans, size_t n)
{
	struct nsg_set out = { spans, 0 };

	if (n > 0)
		qsort(spans, n, sizeof(*spans), by_first);
	for (size_t i = 0; i < n; i++) {
		struct nsg_span *top = out.n > 0 ? &spans[out.n - 1] : NULL;

		if (top == NULL || !touches(top, &spans[i]))
			spans[out.n++] = spans[i];
		else if (diag_addr_cmp(&spans[i].last, &top->last) > 0)
			top->last = spans[i].last;
	}
	return out;
}

bool nsg_set_rest(const struct nsg_set *set, enum diag_family family,
		  struct diag_arena *arena, struct nsg_set *out)
{
	struct nsg_span *rest =
	    diag_arena_array(arena, set->n + 1, sizeof(*rest));
	struct diag_cidr all = { .addr = { .family = family } };
	struct nsg_span left = nsg_span_of(&all);
	size_t n = 0;
	bool more = true;

	if (rest == NULL)
		return false;
	for (size_t i = 0; more && i < set->n; i++) {
		const struct nsg_span *s = &set->spans[i];

		if (s->first.family != family)
			continue;
		if (diag_addr_cmp(&left.first, &s->first) < 0)
			rest[n++] =
			    (struct nsg_span){ left.first,
					       nsg_addr_before(&s->first) };
		left.first = s->last;
		more = nsg_addr_after(&left.first);
	}
	if (more)
		rest[n++] = left;
	*out = (struct nsg_set){ rest, n };
	return true;
}
