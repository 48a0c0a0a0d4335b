/* SPDX-License-Identifier: MIT */
/* mem.h - the one door to the heap, so that tests can make the Nth call fail.
 */
#ifndef DIAG_BASE_MEM_H
#define DIAG_BASE_MEM_H

#include <stddef.h>

/* As calloc(3), realloc(3), free(3); memory from diag_alloc is zeroed.
 * All sizes in bytes; NULL when there is no memory. */
void *diag_alloc(size_t size);
void *diag_alloc_array(size_t n, size_t size); /* overflow checked */
void *diag_realloc(void *p, size_t size);
void diag_free(void *p);
char *diag_strdup(const char *s);
char *diag_memdup_str(const char *s, size_t len); /* len bytes and a NUL */

/* Torture: let the nth call from now (1 = the next) fail once; 0 switches it
 * off.  diag_mem_calls() counts calls since the last set.  For tests. */
void diag_mem_fail_nth(unsigned long nth);
unsigned long diag_mem_calls(void);

#endif
