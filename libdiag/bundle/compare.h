/* SPDX-License-Identifier: MIT */
/* compare.h - works here, fails there: the first difference that matters.
 *
 * Two cases are joined by target and view: by name, else (they were masked with
 * different keys) by service and order.  A difference is a row of a table
 * (compare_rows.c): what it looks at, in the order in which one thing makes
 * the next (machine, name server, answer, route, port, certificate, HTTP,
 * proxy, clock).  The first row that tells the good case from the bad one, and
 * that the bad one's verdict stands on, is the one that matters.
 */
#ifndef DIAG_BUNDLE_COMPARE_H
#define DIAG_BUNDLE_COMPARE_H

#include "base/buf.h"
#include "verdict/verdict.h"

#define DIAG_COMPARE_SCHEMA "pldiag.compare/1"

struct diag_compare_side {
	const char *name; /* how the file is called */
	const struct diag_case *c;
	const struct diag_verdict *v;
};

struct diag_difference {
	const char *code; /* "dns.other-server" … a word of compare_rows.c */
	const char *target; /* the bad case's name of it, or NULL: of the
			       machine */
	const char *text;   /* one or two sentences, both sides named */
	uint32_t good, bad; /* facts it stands on; 0: none */
	bool explains;	    /* a cause of the bad verdict stands on it */
};

struct diag_comparison {
	struct diag_arena arena;
	struct diag_compare_side good, bad; /* borrowed */
	bool by_service; /* names differ: joined by service and order */
	const struct diag_difference *first; /* of differences, or NULL */
	const struct diag_difference *differences;
	size_t n_differences;
	const char *const *only_good, *const *only_bad; /* targets */
	size_t n_only_good, n_only_bad;
	const char *const *notes; /* why it cannot be told, and so on */
	size_t n_notes;
};

/* Pure.  Gives *out (diag_comparison_free). */
DIAG_MUST_USE
bool diag_compare(const struct diag_compare_side *good,
		  const struct diag_compare_side *bad,
		  struct diag_comparison **out, struct diag_err *err);
void diag_comparison_free(struct diag_comparison *c);

#endif
