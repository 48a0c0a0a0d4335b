/* SPDX-License-Identifier: MIT */
/* compare.h - works here, fails there: the first difference that matters.
 *
 * Two cases are joined by target and view: by name, else (they were masked with
 * different keys) by service and order.  A difference is a row of a table
 * (compare_rows.c): what it looks at, in the order in which one thing makes
 * the next (clock, machine, hosts file, name server, answer, route, port, TLS,
 * HTTP), and which findings it can make.  The first row that tells the good
 * case from the bad one, and on which the first cause stands that only the bad
 * one's verdict has, is the one that matters.  All others are told, and blamed
 * for nothing.
 */
#ifndef DIAG_BUNDLE_COMPARE_H
#define DIAG_BUNDLE_COMPARE_H

#include "base/buf.h"
#include "report/pair.h"

#define DIAG_COMPARE_SCHEMA "pldiag.compare/1"

struct diag_compare_side {
	const char *name; /* how the file is called */
	const struct diag_case *c;
	const struct diag_verdict *v;
};

enum diag_compare_outcome {
	DIAG_COMPARE_FOUND,   /* a difference that matters: see first */
	DIAG_COMPARE_NONE,    /* nothing fails in either */
	DIAG_COMPARE_UNKNOWN, /* could not tell: the notes say why */
};
const char *diag_compare_outcome_key(enum diag_compare_outcome o);

struct diag_comparison {
	struct diag_arena arena;
	struct diag_compare_side good, bad; /* borrowed */
	enum diag_compare_outcome outcome;
	bool by_service; /* names differ: joined by service and order */
	size_t n_joined; /* targets in both */
	const struct diag_difference *first; /* of differences, or NULL */
	const struct diag_difference *differences;
	size_t n_differences;
	const char *const *only_good, *const *only_bad; /* targets */
	size_t n_only_good, n_only_bad;
	const char *const *notes; /* why it cannot be told, and so on */
	size_t n_notes;
};

/* Pure.  Gives *out (diag_comparison_free), which borrows both sides. */
DIAG_MUST_USE
bool diag_compare(const struct diag_compare_side *good,
		  const struct diag_compare_side *bad,
		  struct diag_comparison **out, struct diag_err *err);
void diag_comparison_free(struct diag_comparison *c);

/* How it is told; the text's head, colour and width are those of in (its case
 * and verdict are not looked at). */
struct diag_report_in;
DIAG_MUST_USE
bool diag_compare_text(const struct diag_comparison *c,
		       const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err);
/* The page of the bad case's report, which begins with the comparison. */
DIAG_MUST_USE
bool diag_compare_html(const struct diag_comparison *c,
		       const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err);
/* docs/formats/compare.schema.json */
DIAG_MUST_USE
bool diag_compare_json(const struct diag_comparison *c,
		       const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err);

/* The good case's inventory with the addresses that it holds: of every name
 * that is meant to be private and was judged right, those that answered.  *n:
 * how many names got any.  A name that is not right keeps what it had. */
DIAG_MUST_USE
bool diag_compare_inventory(const struct diag_compare_side *good,
			    struct diag_buf *out, size_t *n,
			    struct diag_err *err);

#endif
