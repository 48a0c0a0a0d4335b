/* SPDX-License-Identifier: MIT */
/* read.c - a case file, line by line.
 *
 * The file may come from a run that was killed, a full disk or a broken mail
 * attachment.  Only its last line can be cut in the middle: without a line
 * feed and no JSON.  Everything before was written whole, so anything wrong
 * there was wrong when written, and is told.
 */
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "case/internal.h"

#define LINE_BYTES   ((size_t)16 << 20)
#define HEADER_DEPTH 64 /* Azure's own documents may be in the inventory */
#define FACT_DEPTH   16

struct lines {
	struct diag_case *c;
	const char *name;  /* of the origin; NULL: its header says it */
	const char *shown; /* of the file, in messages */
	struct diag_problems *problems;
	struct diag_origin *origin; /* NULL: before the header */
	struct diag_case_header header;
	size_t facts;
	unsigned number; /* of the line */
	unsigned faults; /* problems that make it an error */
	bool cut;
	char at_line[200]; /* "FILE:LINE" */
};

/* The parser counts lines itself, and for it there is only one. */
static const char *without_its_line(struct lines *l, const struct diag_err *why,
				    char *out, size_t size)
{
	size_t n = strlen(l->at_line);
	const char *rest = why->what;

	if (strncmp(rest, l->at_line, n) == 0 &&
	    diag_text_starts(rest + n, ":1:"))
		rest += n + 2;
	else
		n = 0;
	(void)snprintf(out, size, "%.*s%s", (int)n, l->at_line, rest);
	return out;
}

static bool whole_line(struct lines *l, const cJSON *obj, struct diag_err *err)
{
	struct diag_json_at at = { .file = l->at_line,
				   .problems = l->problems };
	struct diag_err why = { 0 };
	struct diag_fact fact;
	struct diag_arena arena;
	bool ok;

	if (l->origin == NULL) {
		const char *own = "";

		(void)diag_json_str(&at, obj, "origin", &own);
		return diag_case_origin_new(l->c,
					    l->name != NULL ? l->name : own,
					    &l->origin, err) &&
		       diag_case_read_header(l->c, l->origin, obj, &at,
					     &l->header, err);
	}
	diag_arena_init(&arena, 0);
	ok = diag_fact_read(obj, &at, &arena, &fact, &why);
	if (ok) {
		fact.id = 0; /* renumbered */
		fact.origin =
		    l->origin->name[0] != '\0' ? l->origin->name : NULL;
		l->facts++;
		ok = diag_store_add(&l->c->facts, &fact, NULL, &why);
	}
	diag_arena_clear(&arena);
	return ok || why.code == DIAG_EPARSE ||
	       diag_fail(err, why.code, why.op, "%s", why.what);
}

/* A line that is no JSON. */
static bool broken_line(struct lines *l, const struct diag_err *why, bool last,
			struct diag_err *err)
{
	char text[400];

	if (why->code != DIAG_EPARSE)
		return diag_fail(err, why->code, "case", "%s",
				 why->what[0] != '\0' ? why->what : l->at_line);
	l->cut = last && l->origin != NULL;
	if (l->cut)
		diag_problem(l->problems,
			     "%s: cut in the middle: the run was interrupted "
			     "or the file is not whole",
			     l->at_line);
	else
		diag_problem(l->problems, "%s%s",
			     without_its_line(l, why, text, sizeof(text)),
			     l->origin == NULL
				 ? " (a case is what pl-doctor --save writes)"
				 : "");
	return true;
}

/* false: reading cannot go on. */
static bool read_line(struct lines *l, struct diag_slice line, bool last,
		      struct diag_err *err)
{
	unsigned before = l->problems->n;
	struct diag_json_limits limits = { LINE_BYTES, FACT_DEPTH };
	struct diag_err why = { 0 };
	cJSON *obj = NULL;
	bool ok;

	if (l->origin == NULL)
		limits.max_depth = HEADER_DEPTH;
	(void)snprintf(l->at_line, sizeof(l->at_line), "%.180s:%u", l->shown,
		       l->number);
	if (!diag_json_parse(l->at_line, line.p, line.len, &limits, &obj, &why))
		ok = broken_line(l, &why, last, err);
	else
		ok = whole_line(l, obj, err);
	cJSON_Delete(obj);
	if (!l->cut)
		l->faults += l->problems->n - before;
	return ok;
}

static bool read_lines(struct lines *l, const char *text, size_t len,
		       struct diag_err *err)
{
	struct diag_cursor cursor = diag_cursor_of(text, len);
	bool open_end = len > 0 && text[len - 1] != '\n';
	struct diag_slice line;

	while (diag_cursor_line(&cursor, &line)) {
		bool last = open_end && diag_cursor_left(&cursor) == 0;

		l->number++;
		if (diag_slice_trim(line).len > 0 &&
		    !read_line(l, line, last, err))
			return false;
		if (l->origin == NULL && l->faults > 0)
			return true; /* not a case at all: say it once */
	}
	return true;
}

static void look_for_missing(struct lines *l)
{
	if (l->header.facts != UINT64_MAX && l->facts < l->header.facts) {
		diag_problem(l->problems, "%s: %llu facts of %llu are missing",
			     l->shown,
			     (unsigned long long)(l->header.facts - l->facts),
			     (unsigned long long)l->header.facts);
		l->cut = true;
	}
	if (l->cut)
		l->origin->complete = false;
}

static bool add(struct lines *l, const char *text, size_t len,
		struct diag_err *err)
{
	size_t told = l->problems->text.len;

	if (len > DIAG_CASE_BYTES)
		return diag_fail(err, DIAG_ELIMIT, "case",
				 "%s: more than %zu bytes", l->shown,
				 DIAG_CASE_BYTES);
	if (!read_lines(l, text, len, err))
		return false;
	if (l->faults == 0 && l->origin == NULL) {
		diag_problem(l->problems, "%s: an empty file is no case",
			     l->shown);
		l->faults++;
	}
	if (l->faults > 0) {
		const char *first = diag_buf_str(&l->problems->text);

		first += told < l->problems->text.len ? told : 0;
		return diag_fail(err, DIAG_EPARSE, "case", "%.*s",
				 (int)strcspn(first, "\n"), first);
	}
	look_for_missing(l);
	return true;
}

bool diag_case_add(struct diag_case *c, const char *name, const char *text,
		   size_t len, struct diag_problems *problems,
		   struct diag_err *err)
{
	struct lines l = { .c = c,
			   .name = name,
			   .shown = name != NULL ? name : "case",
			   .problems = problems };

	return add(&l, text, len, err);
}

bool diag_case_add_as_is(struct diag_case *c, const char *file,
			 const char *text, size_t len,
			 struct diag_problems *problems, struct diag_err *err)
{
	struct lines l = { .c = c, .shown = file, .problems = problems };

	return add(&l, text, len, err);
}
