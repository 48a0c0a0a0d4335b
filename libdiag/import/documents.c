/* SPDX-License-Identifier: MIT */
/* documents.c - where the documents of a text begin and end.
 *
 *	one document | JSON Lines | the answers of several commands joined
 *	together | a log of a shell, with prompts and other text between
 *
 * A document begins with a bracket that is the first thing of the text, of a
 * line (its first column), or follows another document.  One that is broken
 * ends where it cannot be right; the next begins with the next such line, so
 * that whatever stands behind it still counts and every byte is looked at
 * once.  What is between documents is left to the readers of text, with its
 * lines where they were.
 */
#include "import/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define MARK "\xef\xbb\xbf" /* U+FEFF, which joining leaves between files */

struct documents {
	struct diag_import *im;
	const char *file;
	struct diag_buf *text; /* documents that were read are blanked */
	struct diag_json_stream s;
	size_t n;
};

static const struct diag_json_limits limits = { 2 * DIAG_IMPORT_BYTES,
						DIAG_IMPORT_DEPTH };

static void skip(struct documents *d, size_t n)
{
	for (; n > 0; n--, d->s.at++)
		d->s.line += d->s.text[d->s.at] == '\n';
}

/* Blanks, marks, record separators (RFC 7464) and commas between. */
static void skip_between(struct documents *d)
{
	for (;;) {
		size_t left = d->s.len - d->s.at;
		const char *p = d->s.text + d->s.at;

		if (left >= 3 && memcmp(p, MARK, 3) == 0)
			skip(d, 3);
		else if (left > 0 && strchr(" \t\r\n\x1e,", *p) != NULL &&
			 *p != '\0')
			skip(d, 1);
		else
			return;
	}
}

/* "[user@host ~]$ az ..." is a prompt, and no list. */
static bool begins(const char *p, const char *end)
{
	struct diag_cursor c = diag_cursor_of(p, (size_t)(end - p));

	if (diag_cursor_take(&c, "{"))
		return true;
	if (!diag_cursor_take(&c, "["))
		return false;
	while (diag_cursor_left(&c) > 0 && strchr(" \t\r\n", *c.at) != NULL)
		(void)diag_cursor_skip(&c, 1);
	return diag_cursor_left(&c) == 0 ||
	       strchr("{[]\"'-0123456789", *c.at) != NULL ||
	       diag_cursor_take(&c, "true") || diag_cursor_take(&c, "false") ||
	       diag_cursor_take(&c, "null");
}

static bool is_open(const struct documents *d)
{
	return begins(d->s.text + d->s.at, d->s.text + d->s.len);
}

/* To the next line that begins with a bracket. */
static void skip_to_line(struct documents *d)
{
	const char *end = d->s.text + d->s.len;
	const char *p = d->s.text + d->s.at;

	if (d->s.at > 0 && p[-1] == '\n' && is_open(d))
		return;
	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		p++;
		if (end - p >= 3 && memcmp(p, MARK, 3) == 0)
			p += 3;
		if (begins(p, end))
			break;
	}
	skip(d, (size_t)((p != NULL ? p : end) - d->s.text) - d->s.at);
}

/* The file, and the line for all but its first document. */
static void name_it(struct documents *d, size_t line)
{
	d->im->file =
	    d->n++ == 0 ? d->file : import_text(d->im, "%s:%zu", d->file, line);
}

static void blank(struct documents *d, size_t from)
{
	char *text = d->text->data;

	for (; from < d->s.at; from++) {
		if (text[from] != '\n')
			text[from] = ' ';
	}
}

static bool read_python(struct documents *d, size_t from, size_t line)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf json;
	cJSON *doc = NULL;
	size_t used = 0;
	bool ok;

	diag_buf_init(&json, 2 * DIAG_IMPORT_BYTES);
	ok = import_python(d->s.text + from, d->s.len - from, &json, &used) &&
	     diag_json_parse(d->file, diag_buf_str(&json), json.len, &limits,
			     &doc, &err);
	diag_buf_clear(&json);
	if (!ok)
		return false;
	d->s.at = from;
	d->s.line = line;
	skip(d, used);
	name_it(d, line);
	import_document(d->im, doc);
	cJSON_Delete(doc);
	return true;
}

static void skipped(struct documents *d, const struct diag_err *err)
{
	d->im->documents++;
	d->im->skipped++;
	d->n++;
	diag_problem(d->im->problems, "%s", err->what);
}

static void read_one(struct documents *d)
{
	struct diag_err err = { .code = DIAG_OK };
	size_t from = d->s.at;
	size_t line = d->s.line;
	cJSON *doc = NULL;

	if (diag_json_next(&d->s, &limits, &doc, &err)) {
		name_it(d, line);
		import_document(d->im, doc);
		cJSON_Delete(doc);
	} else if (err.code == DIAG_ENOMEM) {
		d->im->nomem = true;
	} else if (!read_python(d, from, line)) {
		skipped(d, &err);
		blank(d, from);
		skip_to_line(d);
		return;
	}
	blank(d, from);
	skip_between(d);
	if (!is_open(d))
		skip_to_line(d);
}

static bool is_empty(const struct diag_buf *text)
{
	for (size_t i = 0; i < text->len; i++) {
		if (strchr(" \t\r\n\x1e,", text->data[i]) == NULL &&
		    strchr(MARK, text->data[i]) == NULL)
			return false;
	}
	return true;
}

/* Said of a file that nobody can read. */
static void unknown_text(struct documents *d)
{
	size_t len = strcspn(d->text->data, "\r\n");
	char first[48];

	(void)snprintf(first, sizeof(first), "%.*s", len < 40 ? (int)len : 40,
		       d->text->data);
	d->im->documents++;
	d->im->skipped++;
	diag_problem(d->im->problems,
		     "%s: neither JSON nor a text that import knows; it begins "
		     "with \"%s\"",
		     d->file, first);
}

static void read_all(struct documents *d)
{
	skip_between(d);
	if (!is_open(d))
		skip_to_line(d);
	while (is_open(d) && !d->im->nomem && d->im->over == NULL)
		read_one(d);
	d->im->file = d->file;
	if (is_empty(d->text)) {
		if (d->n > 0)
			return;
		d->im->documents++;
		d->im->skipped++;
		diag_problem(d->im->problems, "%s: there is nothing in it",
			     d->file);
		return;
	}
	if (!import_any_text(
		d->im, (struct diag_slice){ d->text->data, d->text->len }) &&
	    d->n == 0)
		unknown_text(d);
}

bool diag_import_add(struct diag_import *im, const char *file, const char *text,
		     size_t len, struct diag_problems *problems,
		     struct diag_err *err)
{
	struct diag_problems own;
	struct diag_buf utf8;
	struct documents d = { .im = im, .text = &utf8 };
	bool ok;

	if (len > DIAG_IMPORT_BYTES)
		return diag_fail(err, DIAG_ELIMIT, "import",
				 "%s: more than %zu bytes", file,
				 DIAG_IMPORT_BYTES);
	diag_problems_init(&own);
	im->problems = problems != NULL ? problems : &own;
	import_decode(text, len, &utf8);
	d.file = import_keep(im, file);
	d.s = (struct diag_json_stream){ d.file, diag_buf_str(&utf8), utf8.len,
					 0, 1 };
	ok = diag_buf_ok(&utf8, err, "import");
	if (ok)
		read_all(&d);
	diag_buf_clear(&utf8);
	diag_problems_clear(&own);
	im->problems = NULL;
	if (im->nomem)
		return diag_fail_nomem(err, "import");
	if (im->over != NULL)
		return diag_fail(err, DIAG_ELIMIT, "import", "%s: %s", file,
				 im->over);
	return ok;
}
