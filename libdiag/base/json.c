/* SPDX-License-Identifier: MIT */
/* json.c - one document in: walked by json_scan, built by cJSON, checked for
 * keys that stand twice. */
#include "base/json.h"

#include <string.h>

#include "base/json_keys.h"
#include "base/json_scan.h"

#define NAME_SHOWN                                                \
	100 /* bytes of a long name: the place must fit behind it \
	     */

struct document {
	const char *name;
	const char *text;
	size_t len;
	size_t line; /* that text begins in */
	const struct diag_json_limits *limits;
};

/* Lines end with LF; a column is a character, so UTF-8 continuation bytes do
 * not count. */
static bool fail_at(const struct document *d, const unsigned char *at,
		    enum diag_code code, const char *want, struct diag_err *err)
{
	const char *name = d->name;
	size_t line = d->line;
	size_t column = 1;

	for (const char *p = d->text; p < (const char *)at; p++) {
		if (*p == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)*p & 0xc0) != 0x80) {
			column++;
		}
	}
	if (strlen(name) > NAME_SHOWN)
		name += strlen(name) - NAME_SHOWN;
	return diag_fail(err, code, "JSON", "%s:%zu:%zu: %s", name, line,
			 column, want);
}

/* As ">" of PowerShell writes it. */
static bool is_utf16(const struct document *d)
{
	return d->len >= 2 && (memcmp(d->text, "\xff\xfe", 2) == 0 ||
			       memcmp(d->text, "\xfe\xff", 2) == 0);
}

static bool check_grammar(const struct document *d, struct diag_err *err)
{
	struct diag_json_scan s;

	diag_json_scan_init(&s, d->text, d->len, d->limits->max_depth);
	if (diag_json_scan(&s))
		return true;
	if (is_utf16(d))
		s.want = "expected UTF-8, got UTF-16: save it as UTF-8";
	return fail_at(d, s.at, s.too_deep ? DIAG_ELIMIT : DIAG_EPARSE, s.want,
		       err);
}

static bool check_keys(const struct document *d, const cJSON *tree,
		       struct diag_err *err)
{
	struct diag_json_scan s;
	size_t number;

	if (!diag_json_second_key(tree, &number))
		return diag_fail_nomem(err, "JSON");
	if (number == 0)
		return true;
	diag_json_scan_init(&s, d->text, d->len, d->limits->max_depth);
	s.stop_key = number;
	(void)diag_json_scan(&s);
	return fail_at(d, s.at, DIAG_EPARSE, "this key stands twice", err);
}

/* What the grammar let through. */
static bool build(const struct document *d, cJSON **out, struct diag_err *err)
{
	cJSON *tree = cJSON_ParseWithLength(d->text, d->len);

	if (tree == NULL)
		return diag_fail_nomem(err, "JSON");
	if (!check_keys(d, tree, err)) {
		cJSON_Delete(tree);
		return false;
	}
	*out = tree;
	return true;
}

static bool check_length(const char *name, size_t len,
			 const struct diag_json_limits *limits,
			 struct diag_err *err)
{
	return len <= limits->max_len ||
	       diag_fail(err, DIAG_ELIMIT, "JSON", "%s: more than %zu bytes",
			 name, limits->max_len);
}

bool diag_json_parse(const char *name, const char *text, size_t len,
		     const struct diag_json_limits *limits, cJSON **out,
		     struct diag_err *err)
{
	struct document d = { name, text, len, 1, limits };

	if (!check_length(name, len, limits, err))
		return false;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		d.text += 3;
		d.len -= 3;
	}
	return check_grammar(&d, err) && build(&d, out, err);
}

/* --- one document after the other ----------------------------------------- */

/* From where its line begins, so that columns are right. */
static struct document rest_of(const struct diag_json_stream *s,
			       const struct diag_json_limits *limits)
{
	size_t from = s->at;

	while (from > 0 && s->text[from - 1] != '\n')
		from--;
	return (struct document){ s->name, s->text + from, s->len - from,
				  s->line, limits };
}

static void move(struct diag_json_stream *s, size_t to)
{
	for (; s->at < to; s->at++)
		s->line += s->text[s->at] == '\n';
}

bool diag_json_next(struct diag_json_stream *s,
		    const struct diag_json_limits *limits, cJSON **out,
		    struct diag_err *err)
{
	struct document d = { s->name, s->text + s->at, 0, s->line, limits };
	struct diag_json_scan scan;
	bool ok;

	if (!check_length(s->name, s->len, limits, err))
		return false;
	diag_json_scan_init(&scan, d.text, s->len - s->at, limits->max_depth);
	scan.first_only = true;
	ok = diag_json_scan(&scan);
	if (!ok) {
		d = rest_of(s, limits);
		(void)fail_at(&d, scan.at,
			      scan.too_deep ? DIAG_ELIMIT : DIAG_EPARSE,
			      scan.want, err);
	}
	d.len = (size_t)((const char *)scan.at - d.text);
	move(s, (size_t)((const char *)scan.at - s->text));
	return ok && build(&d, out, err);
}
