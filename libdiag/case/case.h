/* SPDX-License-Identifier: MIT */
/* case.h - everything that is judged: header and facts (design.md, 5.3).
 *
 * A live run, a saved file and a bundle are the same object.  verdict =
 * f(case): no network, no clock, no files.
 */
#ifndef DIAG_CASE_CASE_H
#define DIAG_CASE_CASE_H

#include "fact/json.h"
#include "fact/store.h"
#include "inventory/inventory.h"
#include "machine/machine.h"

#define DIAG_CASE_SCHEMA "pldiag.case/1"
#define DIAG_CASE_BYTES	 ((size_t)512 << 20)
#define DIAG_CASES_MAX	 64

/* A view that was asked.  text "system", or the endpoint's. */
struct diag_view {
	const char *text;
	struct diag_endpoint at; /* family NOFAM: system */
	bool added; /* by --resolver / --view, not configured by the machine */
};

/* Something that happened beside the run, and when: "the user tries it now".
 * Of the machine's clock, as started_s is. */
#define DIAG_MARKS_MAX 64
struct diag_mark {
	int64_t at_s;
	double at_part_ms; /* past that second */
	const char *text;  /* one line */
};

/* One machine's part of a case. */
struct diag_origin {
	const char *name; /* "" for a live run; file's name else */
	const char *tool, *version, *host;
	int64_t started_s;	/* the run's clock (--clock) */
	double started_part_ms; /* past that second, where it matters */
	double took_ms;
	struct diag_machine *machine; /* owned */
	const struct diag_view *views;
	size_t n_views;
	const struct diag_mark *marks; /* in order */
	size_t n_marks;
	bool complete; /* false: interrupted, or facts are missing */
};

struct diag_case {
	struct diag_arena arena;
	enum diag_role role;
	enum diag_era era;
	bool no_public;
	/* Expanded; owned; of the first header that has one. */
	struct diag_inventory *inventory;
	bool inventory_due;	     /* the headers so far had none */
	struct diag_origin *origins; /* at least one */
	size_t n_origins;
	struct diag_store facts;
};

/* An empty case with one origin to be filled. Gives (diag_case_free). */
DIAG_MUST_USE
bool diag_case_new(struct diag_case **out, struct diag_err *err);
void diag_case_free(struct diag_case *c);

/* JSON Lines: the header line, a line per fact; ready to be written. Prints
 * origin i only (what --save writes: 0). */
void diag_case_print_header(const struct diag_case *c, size_t origin,
			    struct diag_buf *out);
void diag_case_print_facts(const struct diag_case *c, struct diag_buf *out);

/* Read one saved case and append it: the first gives role and era, and the
 * first that has an inventory (pl-listen's has none) gives that and these,
 * each brings an origin (named by name; NULL: by its own header) and its
 * facts, renumbered.  Two origins never have the same name.  A last line cut
 * in the middle, or fewer facts than the header tells of, makes the origin
 * incomplete, with a problem noted, and is no error; any other bad line is.
 * Errors: DIAG_EPARSE with all problems noted, err then is the first;
 * DIAG_ELIMIT (DIAG_CASE_BYTES, DIAG_CASES_MAX, a line over 16 MiB).  After an
 * error the case is good for nothing but diag_case_free(). */
DIAG_MUST_USE
bool diag_case_add(struct diag_case *c, const char *name, const char *text,
		   size_t len, struct diag_problems *problems,
		   struct diag_err *err);

/* The same, named by its own header; file is what messages call it. */
DIAG_MUST_USE
bool diag_case_add_as_is(struct diag_case *c, const char *file,
			 const char *text, size_t len,
			 struct diag_problems *problems, struct diag_err *err);

/* One more mark at the end; the text is copied.  Errors: DIAG_ELIMIT (more
 * than DIAG_MARKS_MAX), DIAG_ENOMEM. */
DIAG_MUST_USE
bool diag_case_mark(struct diag_case *c, size_t origin,
		    const struct diag_mark *mark, struct diag_err *err);

/* The origin a fact belongs to. */
const struct diag_origin *diag_case_origin(const struct diag_case *c,
					   const struct diag_fact *f);

#endif
