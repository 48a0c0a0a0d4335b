/* SPDX-License-Identifier: MIT */
/* heap.h - which of thousands of deadlines comes first; private to this room.
 *
 * A binary heap of nodes that live in their owners and know their own place,
 * so that a deadline that is no longer needed leaves in O(log n).  One timer
 * of the loop then serves all of them.
 */
#ifndef DIAG_RUN_HEAP_H
#define DIAG_RUN_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct heap_node {
	uint64_t due_ns;
	size_t place; /* 1 + index, 0: in no heap */
};

struct heap {
	struct heap_node **at;
	size_t n, cap;
};

void heap_clear(struct heap *h);
DIAG_MUST_USE
bool heap_push(struct heap *h, struct heap_node *node, struct diag_err *err);
/* Nothing happens to a node that is in no heap. */
void heap_remove(struct heap *h, struct heap_node *node);
/* The earliest, still in the heap; NULL: none. */
struct heap_node *heap_top(const struct heap *h);

#endif
