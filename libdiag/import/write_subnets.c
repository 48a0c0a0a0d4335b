/* SPDX-License-Identifier: MIT */
/* write_subnets.c - what is told of each subnet becomes one entry. */
#include <stdlib.h>
#include <string.h>

#include "import/write.h"

/* Wide prefixes first: they take in what follows. */
static int by_subnet(const void *a, const void *b)
{
	const struct import_subnet *x = a;
	const struct import_subnet *y = b;
	int order = strcmp(x->key, y->key);

	if (order == 0)
		order = (int)x->cidr.len - (int)y->cidr.len;
	return order != 0 ? order : diag_addr_cmp(&x->cidr.addr, &y->cidr.addr);
}

/* In a wider one, or the last one again (they are sorted). */
static bool is_told(const struct diag_cidr *told, size_t n,
		    const struct diag_cidr *c)
{
	for (size_t i = 0; i < n && told[i].len < c->len; i++) {
		if (diag_cidr_has(&told[i], &c->addr))
			return true;
	}
	return n > 0 && told[n - 1].len == c->len &&
	       diag_addr_eq(&told[n - 1].addr, &c->addr);
}

/* Two that contradict say nothing. */
static enum diag_policies policies_of(const struct import_subnet *s, size_t n)
{
	enum diag_policies found = DIAG_POLICIES_UNKNOWN;

	for (size_t i = 0; i < n; i++) {
		if (s[i].policies == DIAG_POLICIES_UNKNOWN)
			continue;
		if (found != DIAG_POLICIES_UNKNOWN && found != s[i].policies)
			return DIAG_POLICIES_UNKNOWN;
		found = s[i].policies;
	}
	return found;
}

static void put_subnet(struct writing *w, const struct import_subnet *s,
		       size_t n)
{
	struct diag_import *im = w->m->im;
	struct diag_subnet *place =
	    import_push(im, &w->subnets, &w->inv.n_subnets, sizeof(*place));
	struct diag_cidr *prefixes =
	    diag_arena_array(&im->arena, n, sizeof(*prefixes));
	size_t kept = 0;

	if (place == NULL || prefixes == NULL) {
		im->nomem = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (s[i].cidr.addr.family != DIAG_NOFAM &&
		    !is_told(prefixes, kept, &s[i].cidr))
			prefixes[kept++] = s[i].cidr;
	}
	*place =
	    (struct diag_subnet){ s->key, prefixes, kept, policies_of(s, n) };
}

void import_put_subnets(struct writing *w)
{
	struct import_merge *m = w->m;
	size_t n;

	if (m->n_subnets > 1)
		qsort(m->subnets, m->n_subnets, sizeof(*m->subnets), by_subnet);
	for (size_t i = 0; i < m->n_subnets; i += n) {
		for (n = 1;
		     i + n < m->n_subnets &&
		     strcmp(m->subnets[i].key, m->subnets[i + n].key) == 0;)
			n++;
		put_subnet(w, &m->subnets[i], n);
	}
	w->inv.subnets = w->subnets;
}
