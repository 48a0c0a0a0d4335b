/* SPDX-License-Identifier: MIT */
/* arena.h - memory of one owner, made together and freed together.
 *
 * Everything a document holds (inventory, facts, verdict) lives in one arena;
 * nothing in it is freed alone.  Embedded: diag_arena_init / diag_arena_clear.
 */
#ifndef DIAG_BASE_ARENA_H
#define DIAG_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"

struct diag_arena_block;

struct diag_arena {
	struct diag_arena_block *head;
	size_t used; /* bytes given out */
	size_t max;  /* bytes we will ever give out */
};

/* max in bytes; 0 means DIAG_ARENA_MAX. */
#define DIAG_ARENA_MAX ((size_t)1 << 30)
void diag_arena_init(struct diag_arena *arena, size_t max);
void diag_arena_clear(struct diag_arena *arena);
/* Forget everything given out but keep a block for what comes next: for work
 * that is done over and over. */
void diag_arena_reset(struct diag_arena *arena);

/* Zeroed memory aligned for any type, or NULL (no memory, or over max).
 * Owned by the arena. */
void *diag_arena_alloc(struct diag_arena *arena, size_t size);
void *diag_arena_array(struct diag_arena *arena, size_t n, size_t size);
/* Copies owned by the arena; NULL in gives NULL out. */
char *diag_arena_strdup(struct diag_arena *arena, const char *s);
char *diag_arena_memdup(struct diag_arena *arena, const void *p, size_t len);
char *diag_arena_strn(struct diag_arena *arena, const char *s, size_t len);
char *diag_arena_printf(struct diag_arena *arena, const char *fmt, ...)
    DIAG_PRINTF(2, 3);
char *diag_arena_vprintf(struct diag_arena *arena, const char *fmt,
			 va_list args) DIAG_PRINTF(2, 0);
/* Room for one more element in an arena-owned vector (*items, *n, capacity
 * doubles at powers of two); returns the new zeroed element or NULL. */
void *diag_arena_push(struct diag_arena *arena, void *items_ptr, size_t *n,
		      size_t size);

#endif
