/* SPDX-License-Identifier: MIT */
/* addrset.c - see addrset.h.  The hash is FNV-1a: addresses of one network
 * differ in their last bits, which it spreads well. */
#include "plan/addrset.h"

#include "base/mem.h"

#define SET_FIRST 64 /* a power of two */

void addrset_clear(struct addrset *s)
{
	diag_free(s->at);
	*s = (struct addrset){ 0 };
}

static size_t hash(const struct diag_addr *a)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < sizeof(a->bytes); i++)
		h = (h ^ a->bytes[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 32);
}

/* Where a is, or where it would be put. */
static struct diag_addr *place(const struct addrset *s,
			       const struct diag_addr *a)
{
	size_t i = hash(a) & (s->cap - 1);

	while (s->at[i].family != DIAG_NOFAM && !diag_addr_eq(&s->at[i], a))
		i = (i + 1) & (s->cap - 1);
	return &s->at[i];
}

static bool grow(struct addrset *s, struct diag_err *err)
{
	struct addrset bigger = { .n = s->n,
				  .cap = s->cap > 0 ? s->cap * 2 : SET_FIRST };

	bigger.at = diag_alloc_array(bigger.cap, sizeof(*bigger.at));
	if (bigger.at == NULL)
		return diag_fail_nomem(err, "plan");
	for (size_t i = 0; i < s->cap; i++)
		if (s->at[i].family != DIAG_NOFAM)
			*place(&bigger, &s->at[i]) = s->at[i];
	diag_free(s->at);
	*s = bigger;
	return true;
}

bool addrset_add(struct addrset *s, const struct diag_addr *a, bool *fresh,
		 struct diag_err *err)
{
	struct diag_addr *at;

	if (s->n * 2 >= s->cap && !grow(s, err))
		return false;
	at = place(s, a);
	*fresh = at->family == DIAG_NOFAM;
	if (*fresh) {
		*at = *a;
		s->n++;
	}
	return true;
}
