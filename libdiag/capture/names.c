/* SPDX-License-Identifier: MIT */
/* names.c - whose address is it?  From answers in the capture, and from what
 * the inventory expects. */
#include "capture/internal.h"

#include <string.h>

#include "base/mem.h"

#define BUCKETS	  4096u
#define PAIRS_MAX 32768u

struct pair {
	struct pair *next;
	struct diag_addr addr;
	const char *name; /* NULL: a bare address */
};

struct cap_names {
	struct pair *buckets[BUCKETS];
	unsigned n;
};

bool cap_names_init(struct diag_capture *c)
{
	c->names = diag_alloc(sizeof(*c->names));
	return c->names != NULL;
}

void cap_names_free(struct diag_capture *c)
{
	diag_free(c->names);
}

static struct pair **bucket_of(struct diag_capture *c,
			       const struct diag_addr *a)
{
	uint64_t h = cap_hash(CAP_HASH_START, a->bytes, diag_addr_len(a));

	return &c->names->buckets[h % BUCKETS];
}

static bool same_name(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

void cap_names_add(struct diag_capture *c, const struct diag_addr *a,
		   const char *name)
{
	struct pair **at = bucket_of(c, a), *p;

	for (; *at != NULL; at = &(*at)->next)
		if (diag_addr_eq(&(*at)->addr, a) &&
		    same_name((*at)->name, name))
			return;
	if (c->names->n == PAIRS_MAX)
		return;
	p = diag_arena_alloc(&c->arena, sizeof(*p));
	if (p != NULL)
		p->name = diag_arena_strdup(&c->arena, name);
	if (p == NULL || (name != NULL && p->name == NULL)) {
		cap_nomem(c);
		return;
	}
	p->addr = *a;
	*at = p; /* at the end: names come in the order they were met */
	c->names->n++;
}

void cap_names_each(struct diag_capture *c, const struct diag_addr *a,
		    void (*say)(void *ctx, const char *name), void *ctx)
{
	for (struct pair *p = *bucket_of(c, a); p != NULL; p = p->next)
		if (diag_addr_eq(&p->addr, a))
			say(ctx, p->name);
}
