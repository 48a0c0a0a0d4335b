/* SPDX-License-Identifier: MIT */
/* words.h - strings kept once; private to this room. */
#ifndef DIAG_FACT_WORDS_H
#define DIAG_FACT_WORDS_H

#include "base/arena.h"

struct diag_words;

struct diag_words *diag_words_new(void); /* NULL: no memory */
void diag_words_free(struct diag_words *w);
/* A copy of s in the arena, the same one for equal strings (mostly: long or
 * unlucky ones are simply copied).  NULL: no memory. */
const char *diag_words_keep(struct diag_words *w, struct diag_arena *arena,
			    const char *s);

#endif
