/* SPDX-License-Identifier: MIT */
/* past.h - what the tests of the writer ask of a history and of the folder
 * that keeps it. */
#ifndef DIAG_TESTS_FIX_PAST_H
#define DIAG_TESTS_FIX_PAST_H

#include "tests/fix/stage.h"

/* The changes of the stage's file; the caller clears the arena. */
struct past {
	struct diag_arena arena;
	const struct diag_change *c;
	size_t n;
};
struct past past_of(const struct stage *s);

/* Why the writer does not open path. */
struct diag_err open_error(const char *state, const char *path);
/* The folder of journal, lock and kept bytes. */
void files_kept(const struct stage *s, char path[512]);

/* The name of what undo needs, in hex, is the hash of "old\n". */
#define OLD_SHA \
	"01d09d19c2139a46aebfb577780d123d7396e97201bc7ead210a2ebff8239dee"

#endif
