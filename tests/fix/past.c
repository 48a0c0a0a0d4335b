/* SPDX-License-Identifier: MIT */
#include "tests/fix/past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct diag_err open_error(const char *state, const char *path)
{
	struct diag_writer *w = NULL;
	struct diag_err err = { 0 };

	assert_false(diag_writer_open(state, path, "test", 0, &w, &err));
	assert_null(w);
	return err;
}

struct past past_of(const struct stage *s)
{
	struct diag_writer *w = stage_open(s);
	struct diag_err err = { 0 };
	struct past p;

	diag_arena_init(&p.arena, 0);
	assert_true(diag_writer_history(w, &p.arena, &p.c, &p.n, &err));
	diag_writer_close(w);
	return p;
}

void files_kept(const struct stage *s, char path[512])
{
	stage_journal_path(s, path, 512);
	*strrchr(path, '/') = '\0';
}
