/* SPDX-License-Identifier: MIT */
/* heap.c - see heap.h.  Children of index i are 2i+1 and 2i+2. */
#include "run/heap.h"

#include "base/mem.h"

#define HEAP_FIRST 64

void heap_clear(struct heap *h)
{
	diag_free(h->at);
	*h = (struct heap){ 0 };
}

static void put(struct heap *h, size_t i, struct heap_node *node)
{
	h->at[i] = node;
	node->place = i + 1;
}

static void rise(struct heap *h, size_t i)
{
	struct heap_node *node = h->at[i];

	while (i > 0 && h->at[(i - 1) / 2]->due_ns > node->due_ns) {
		put(h, i, h->at[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	put(h, i, node);
}

static void sink(struct heap *h, size_t i)
{
	struct heap_node *node = h->at[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < h->n &&
		    h->at[child + 1]->due_ns < h->at[child]->due_ns)
			child++;
		if (child >= h->n || h->at[child]->due_ns >= node->due_ns)
			break;
		put(h, i, h->at[child]);
		i = child;
	}
	put(h, i, node);
}

bool heap_push(struct heap *h, struct heap_node *node, struct diag_err *err)
{
	if (h->n == h->cap) {
		size_t cap = h->cap > 0 ? h->cap * 2 : HEAP_FIRST;
		struct heap_node **at =
		    diag_realloc(h->at, cap * sizeof(struct heap_node *));

		if (at == NULL)
			return diag_fail_nomem(err, "run");
		h->at = at;
		h->cap = cap;
	}
	h->at[h->n++] = node;
	rise(h, h->n - 1);
	return true;
}

void heap_remove(struct heap *h, struct heap_node *node)
{
	size_t i = node->place;
	struct heap_node *last;

	if (i == 0)
		return;
	i--;
	node->place = 0;
	last = h->at[--h->n];
	if (last == node)
		return;
	put(h, i, last);
	rise(h, i);
	sink(h, last->place - 1);
}

struct heap_node *heap_top(const struct heap *h)
{
	return h->n > 0 ? h->at[0] : NULL;
}
