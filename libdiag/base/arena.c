/* SPDX-License-Identifier: MIT */
/* arena.c - a chain of blocks, each twice the one before.
 *
 * The newest block serves until it is full; what is larger than a quarter of
 * the next block gets a block of its own, put behind the newest so that the
 * room left there is not lost.  Blocks come zeroed and are never used twice,
 * so nothing has to be cleared again.
 *
 * Under AddressSanitizer what is not given out is poisoned and every piece is
 * followed by a red zone, so that an overrun is seen as it would be with
 * malloc(3).
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(ARENA_ASAN)
#include <sanitizer/asan_interface.h>
#define ARENA_REDZONE	 16
#define ARENA_HIDE(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define ARENA_SHOW(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define ARENA_REDZONE	 0
#define ARENA_HIDE(p, n) ((void)(p), (void)(n))
#define ARENA_SHOW(p, n) ((void)(p), (void)(n))
#endif

#define BLOCK_FIRST ((size_t)4 << 10) /* a small document fits in one */
#define BLOCK_LAST  ((size_t)1 << 20) /* no block is made larger than this */
#define ALIGN	    _Alignof(max_align_t)

struct diag_arena_block {
	struct diag_arena_block *next;
	size_t size; /* bytes in data */
	size_t used;
	_Alignas(max_align_t) unsigned char data[];
};

void diag_arena_init(struct diag_arena *arena, size_t max)
{
	arena->head = NULL;
	arena->used = 0;
	arena->max = max > 0 ? max : DIAG_ARENA_MAX;
}

void diag_arena_clear(struct diag_arena *arena)
{
	struct diag_arena_block *b = arena->head;

	while (b != NULL) {
		struct diag_arena_block *next = b->next;

		ARENA_SHOW(b->data, b->size);
		diag_free(b);
		b = next;
	}
	arena->head = NULL;
	arena->used = 0;
}

void diag_arena_reset(struct diag_arena *arena)
{
	struct diag_arena_block *b = arena->head;
	struct diag_arena rest = { 0 };

	arena->used = 0;
	if (b == NULL)
		return;
	rest.head = b->next;
	b->next = NULL;
	diag_arena_clear(&rest);
	ARENA_SHOW(b->data, b->used);
	memset(b->data, 0, b->used);
	b->used = 0;
	ARENA_HIDE(b->data, b->size);
}

static struct diag_arena_block *block_new(size_t size)
{
	struct diag_arena_block *b = diag_alloc(sizeof(*b) + size);

	if (b == NULL)
		return NULL;
	b->size = size;
	ARENA_HIDE(b->data, b->size);
	return b;
}

/* A block with need bytes free, at the head or (a large piece) behind it. */
static struct diag_arena_block *block_for(struct diag_arena *arena, size_t need)
{
	struct diag_arena_block *head = arena->head;
	struct diag_arena_block *b;
	size_t size = BLOCK_FIRST;

	if (head != NULL && head->size - head->used >= need)
		return head;
	if (head != NULL)
		size =
		    head->size < BLOCK_LAST / 2 ? head->size * 2 : BLOCK_LAST;
	b = block_new(need > size / 4 ? need : size);
	if (b == NULL)
		return NULL;
	if (head != NULL && need > size / 4) {
		b->next = head->next;
		head->next = b;
	} else {
		b->next = head;
		arena->head = b;
	}
	return b;
}

void *diag_arena_alloc(struct diag_arena *arena, size_t size)
{
	struct diag_arena_block *b;
	unsigned char *p;
	size_t need;

	/* used never exceeds max; max may be anything, so round late. */
	if (size > arena->max - arena->used ||
	    size > SIZE_MAX / 2 - sizeof(*b) - ARENA_REDZONE - ALIGN)
		return NULL;
	need = ((size > 0 ? size : 1) + ALIGN - 1) / ALIGN * ALIGN;
	b = block_for(arena, need + ARENA_REDZONE);
	if (b == NULL)
		return NULL;
	p = b->data + b->used;
	b->used += need + ARENA_REDZONE;
	arena->used += size;
	ARENA_SHOW(p, size);
	return p;
}

void *diag_arena_array(struct diag_arena *arena, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		return NULL;
	return diag_arena_alloc(arena, n * size);
}

char *diag_arena_memdup(struct diag_arena *arena, const void *p, size_t len)
{
	char *copy;

	if (p == NULL)
		return NULL;
	copy = diag_arena_alloc(arena, len);
	if (copy != NULL && len > 0)
		memcpy(copy, p, len);
	return copy;
}

char *diag_arena_strn(struct diag_arena *arena, const char *s, size_t len)
{
	char *copy;

	if (s == NULL || len == SIZE_MAX)
		return NULL;
	copy = diag_arena_alloc(arena, len + 1);
	if (copy != NULL && len > 0)
		memcpy(copy, s, len);
	return copy;
}

char *diag_arena_strdup(struct diag_arena *arena, const char *s)
{
	return s != NULL ? diag_arena_strn(arena, s, strlen(s)) : NULL;
}

char *diag_arena_vprintf(struct diag_arena *arena, const char *fmt,
			 va_list args)
{
	va_list again;
	char *out = NULL;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len >= 0)
		out = diag_arena_alloc(arena, (size_t)len + 1);
	if (out != NULL)
		(void)vsnprintf(out, (size_t)len + 1, fmt, again);
	va_end(again);
	return out;
}

char *diag_arena_printf(struct diag_arena *arena, const char *fmt, ...)
{
	va_list args;
	char *out;

	va_start(args, fmt);
	out = diag_arena_vprintf(arena, fmt, args);
	va_end(args);
	return out;
}

/* The capacity is not kept: it is the smallest power of two that holds n, so
 * the vector is full exactly when n is 0 or a power of two. */
void *diag_arena_push(struct diag_arena *arena, void *items_ptr, size_t *n,
		      size_t size)
{
	unsigned char *items;

	memcpy(&items, items_ptr, sizeof(items));
	if ((*n & (*n - 1)) == 0) {
		size_t cap = *n > 0 ? *n * 2 : 1;
		unsigned char *more = NULL;

		if (cap > *n)
			more = diag_arena_array(arena, cap, size);
		if (more == NULL)
			return NULL;
		if (*n > 0)
			memcpy(more, items, *n * size);
		items = more;
		memcpy(items_ptr, &items, sizeof(items));
	}
	items += *n * size;
	memset(items, 0, size);
	(*n)++;
	return items;
}
