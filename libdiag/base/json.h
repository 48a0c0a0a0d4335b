/* SPDX-License-Identifier: MIT */
/* json.h - JSON in through cJSON with limits, JSON out through a writer.
 *
 * In: the tree is cJSON's own; free it with cJSON_Delete().  Readers below
 * note every problem with its place ("FILE: $.targets[3].ports[0]: expected
 * a port number 1-65535, got "https"") in a list and go on, so that a person
 * sees all of them at once.
 *
 * Out: a writer that needs no tree, because pl-resolve streams facts for
 * any number of names in constant memory.
 */
#ifndef DIAG_BASE_JSON_H
#define DIAG_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct diag_json_limits {
	size_t max_len;	    /* bytes of text */
	unsigned max_depth; /* nested arrays and objects */
};

/* Parse one document.  A UTF-8 BOM and blanks around it are fine, anything
 * after it is not; invalid UTF-8, NUL bytes and duplicate keys inside one
 * object are errors.  err->what is "NAME:LINE:COLUMN: what was expected".
 * Gives *out. */
DIAG_MUST_USE
bool diag_json_parse(const char *name, const char *text, size_t len,
		     const struct diag_json_limits *limits, cJSON **out,
		     struct diag_err *err);

/* A text with one document after the other: JSON Lines, or the answers of
 * several commands joined together. */
struct diag_json_stream {
	const char *name; /* for messages */
	const char *text;
	size_t len;
	size_t at;   /* where the next document begins, in bytes */
	size_t line; /* the line that at lies in, from 1 */
};
/* Parse the document at at (blanks before it are skipped) and move behind it;
 * on failure at is where the text cannot be right.  Messages and limits are
 * those of diag_json_parse().  Gives *out. */
DIAG_MUST_USE
bool diag_json_next(struct diag_json_stream *s,
		    const struct diag_json_limits *limits, cJSON **out,
		    struct diag_err *err);

/* --- all problems of a document at once --------------------------------- */

struct diag_problems {
	struct diag_buf text; /* one line each */
	unsigned n;
	unsigned max; /* lines kept; the rest are only counted */
};
void diag_problems_init(struct diag_problems *p);
void diag_problems_clear(struct diag_problems *p);
void diag_problem(struct diag_problems *p, const char *fmt, ...)
    DIAG_PRINTF(2, 3);

/* Where in a document a reader stands: printed as $.a[3].b. */
struct diag_json_at {
	const char *file;
	const struct diag_json_at *up;
	const char *key; /* NULL: an index */
	unsigned index;
	struct diag_problems *problems;
};
/* "FILE: $.a[3].b", without what is wrong there. */
void diag_json_place(struct diag_buf *out, const struct diag_json_at *at);
/* "FILE: $.path: " + fmt + ", got <a short form of the value>". */
void diag_json_wrong(const struct diag_json_at *at, const cJSON *got,
		     const char *fmt, ...) DIAG_PRINTF(3, 4);

/* Optional members: absent or null leaves *out alone and returns false; the
 * wrong type notes a problem and returns false. */
bool diag_json_str(const struct diag_json_at *at, const cJSON *obj,
		   const char *key, const char **out); /* borrows */
bool diag_json_bool(const struct diag_json_at *at, const cJSON *obj,
		    const char *key, bool *out);
bool diag_json_num(const struct diag_json_at *at, const cJSON *obj,
		   const char *key, double min, double max, double *out);
bool diag_json_uint(const struct diag_json_at *at, const cJSON *obj,
		    const char *key, uint64_t min, uint64_t max, uint64_t *out);
const cJSON *diag_json_array(const struct diag_json_at *at, const cJSON *obj,
			     const char *key);
const cJSON *diag_json_object(const struct diag_json_at *at, const cJSON *obj,
			      const char *key);

/* --- writer ---------------------------------------------------------------
 * Commas and nesting are the writer's business.  indent 0 writes one line.
 * Strings that are not UTF-8 have their bad bytes replaced by U+FFFD. */
struct diag_jw {
	struct diag_buf *out; /* borrows */
	unsigned indent;      /* spaces per level, 0: compact */
	unsigned depth;
	bool comma; /* something precedes at this level */
	bool after_key;
};
void diag_jw_init(struct diag_jw *w, struct diag_buf *out, unsigned indent);
void diag_jw_open(struct diag_jw *w, char bracket);  /* '{' or '[' */
void diag_jw_close(struct diag_jw *w, char bracket); /* '}' or ']' */
void diag_jw_key(struct diag_jw *w, const char *key);
/* A key that is known to be plain, as `"key":`; for tables of keys. */
void diag_jw_quoted_key(struct diag_jw *w, const char *text, size_t len);
void diag_jw_str(struct diag_jw *w, const char *s); /* NULL writes null */
void diag_jw_strn(struct diag_jw *w, const char *s, size_t len);
void diag_jw_uint(struct diag_jw *w, uint64_t n);
void diag_jw_int(struct diag_jw *w, int64_t n);
void diag_jw_ms(struct diag_jw *w, double ms); /* three decimals at most */
void diag_jw_bool(struct diag_jw *w, bool b);
void diag_jw_null(struct diag_jw *w);
void diag_jw_tree(struct diag_jw *w, const cJSON *tree); /* borrows */
/* key and value in one; a NULL string is left out altogether. */
void diag_jw_kstr(struct diag_jw *w, const char *key, const char *s);
void diag_jw_kuint(struct diag_jw *w, const char *key, uint64_t n);
void diag_jw_kint(struct diag_jw *w, const char *key, int64_t n);
void diag_jw_kms(struct diag_jw *w, const char *key, double ms);
void diag_jw_kbool(struct diag_jw *w, const char *key, bool b);
void diag_jw_kopen(struct diag_jw *w, const char *key, char bracket);

#endif
