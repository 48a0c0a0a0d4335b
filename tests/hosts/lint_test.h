/* SPDX-License-Identifier: MIT */
/* lint_test.h - a linted text, and its findings as short words. */
#ifndef DIAG_TESTS_HOSTS_LINT_TEST_H
#define DIAG_TESTS_HOSTS_LINT_TEST_H

#include "base/buf.h"
#include "hosts/lint.h"

struct linted {
	struct diag_arena arena;
	struct diag_hosts_table table;
	struct diag_hosts_lint lint;
	struct diag_buf found; /* "1:12 error glued, 2:1 info bom" */
};

void lint_of(struct linted *l, const char *text, size_t len,
	     enum diag_hosts_rules rules);
void lint_clear(struct linted *l);
/* Exactly these findings; what names the case in a failure. */
void lint_finds(const char *text, size_t len, enum diag_hosts_rules rules,
		const char *want);
/* A whole file.  The caller clears it. */
struct diag_buf lint_sample(const char *path);

#endif
