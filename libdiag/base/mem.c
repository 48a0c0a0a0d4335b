/* SPDX-License-Identifier: MIT */
/* mem.c - malloc(3) with a counter in front.
 *
 * The counter is atomic because libuv's pool threads allocate too; relaxed
 * order is enough, nobody draws conclusions from it about other memory.
 */
#include "base/mem.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_ulong calls;
static atomic_ulong fail_at; /* 0: never */

static bool must_fail(void)
{
	unsigned long now =
	    atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed) + 1;

	return now == atomic_load_explicit(&fail_at, memory_order_relaxed);
}

/* A size of 0 still gives a pointer, so that NULL always means no memory. */
void *diag_alloc(size_t size)
{
	return must_fail() ? NULL : calloc(1, size > 0 ? size : 1);
}

void *diag_alloc_array(size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		return NULL;
	return diag_alloc(n * size);
}

void *diag_realloc(void *p, size_t size)
{
	return must_fail() ? NULL : realloc(p, size > 0 ? size : 1);
}

void diag_free(void *p)
{
	free(p);
}

char *diag_strdup(const char *s)
{
	return s != NULL ? diag_memdup_str(s, strlen(s)) : NULL;
}

char *diag_memdup_str(const char *s, size_t len)
{
	char *copy;

	if (s == NULL || len == SIZE_MAX)
		return NULL;
	copy = diag_alloc(len + 1);
	if (copy != NULL && len > 0)
		memcpy(copy, s, len);
	return copy;
}

void diag_mem_fail_nth(unsigned long nth)
{
	atomic_store_explicit(&calls, 0, memory_order_relaxed);
	atomic_store_explicit(&fail_at, nth, memory_order_relaxed);
}

unsigned long diag_mem_calls(void)
{
	return atomic_load_explicit(&calls, memory_order_relaxed);
}
