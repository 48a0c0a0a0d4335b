/* SPDX-License-Identifier: MIT */
/* rules.c - what somebody wants masked or kept beyond what we know.
 *
 * Expressions are POSIX's extended ones, held against one line at a time, and
 * kept to what is matched in a time that the line's length decides: no
 * back-references, few counted repetitions, lines cut at LINE_MAX_BYTES.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "mask/internal.h"

#define RULES_MAX      64
#define REGEX_MAX      256
#define REPEATS_MAX    2
#define RULES_BYTES    ((size_t)64 << 10)
#define LINE_MAX_BYTES ((size_t)4096)

struct mask_regex {
	regex_t compiled;
};

struct place {
	const char *name;
	size_t line, column;
};

static bool wrong(const struct place *at, const char *want,
		  struct diag_err *err)
{
	return diag_fail(err, DIAG_EPARSE, MASK_OP, "%.80s:%zu:%zu: %s",
			 at->name, at->line, at->column, want);
}

/* --- secret REGEX --------------------------------------------------------- */

/* What could make a match take long, or the expression large. */
static const char *refused(const char *text)
{
	unsigned repeats = 0;

	if (strlen(text) > REGEX_MAX)
		return "expected an expression of 256 bytes at most";
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\\' && p[1] >= '1' && p[1] <= '9')
			return "expected an expression without \\1 … \\9";
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '{')
			repeats++;
	}
	return repeats > REPEATS_MAX
		   ? "expected an expression with two {…} at most"
		   : NULL;
}

static bool add_regex(struct diag_mask *m, const struct place *at,
		      const char *text, struct diag_err *err)
{
	const char *why = refused(text);
	struct mask_regex *r;
	char said[80];
	int rc;

	if (why != NULL)
		return wrong(at, why, err);
	if (m->n_regexes == RULES_MAX)
		return wrong(at, "expected 64 expressions at most", err);
	r = diag_arena_push(&m->arena, &m->regexes, &m->n_regexes, sizeof(*r));
	if (r == NULL)
		return diag_fail_nomem(err, MASK_OP);
	rc = regcomp(&r->compiled, text, REG_EXTENDED);
	if (rc != 0) {
		(void)regerror(rc, &r->compiled, said, sizeof(said));
		m->n_regexes--;
		return diag_fail(err, DIAG_EPARSE, MASK_OP,
				 "%.80s:%zu:%zu: expected an extended regular "
				 "expression (%s)",
				 at->name, at->line, at->column, said);
	}
	if (regexec(&r->compiled, "", 0, NULL, 0) == 0) {
		regfree(&r->compiled);
		m->n_regexes--;
		return wrong(at,
			     "expected an expression that does not fit "
			     "where nothing is",
			     err);
	}
	return true;
}

void mask_rules_free(struct diag_mask *m)
{
	for (size_t i = 0; i < m->n_regexes; i++)
		regfree(&m->regexes[i].compiled);
	m->n_regexes = 0;
}

/* --- name TEXT, keep TEXT ------------------------------------------------- */

static bool all_of_a_run(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!mask_is_run(text[i]))
			return false;
	return len > 0 && mask_is_word(text[0]);
}

bool diag_mask_learn_name(struct diag_mask *m, const char *name,
			  struct diag_err *err)
{
	size_t len = strlen(name);
	const char **phrase;

	if (len < 2 || len >= MASK_WORD_MAX)
		return true;
	if (all_of_a_run(name, len)) {
		mask_learn_word(m, name, len);
		return m->failed == DIAG_OK || diag_fail_nomem(err, MASK_OP);
	}
	phrase = diag_arena_push(&m->arena, &m->phrases, &m->n_phrases,
				 sizeof(*phrase));
	if (phrase == NULL)
		return diag_fail_nomem(err, MASK_OP);
	*phrase = diag_arena_strdup(&m->arena, name);
	m->phrase_first[(unsigned char)mask_small(name[0])] = true;
	return *phrase != NULL || diag_fail_nomem(err, MASK_OP);
}

static bool add_keep(struct diag_mask *m, const char *text,
		     struct diag_err *err)
{
	char lower[MASK_NAME_MAX + 1];
	size_t len = strlen(text);

	if (!mask_lower(text, len, lower, sizeof(lower)))
		return true;
	return mask_table_put(&m->keep, &m->arena, lower, len) != NULL ||
	       diag_fail_nomem(err, MASK_OP);
}

/* --- the file ------------------------------------------------------------- */

static bool one_rule(struct diag_mask *m, const struct place *at,
		     struct diag_slice line, struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(line.p, line.len);
	struct place where = *at;
	struct diag_slice word, rest;
	char *text;

	if (!diag_cursor_word(&c, &word))
		return true;
	rest.p = (const char *)c.at;
	rest.len = diag_cursor_left(&c);
	rest = diag_slice_trim(rest);
	where.column = (size_t)(word.p - line.p) + 1;
	if (!diag_slice_eq(word, "secret") && !diag_slice_eq(word, "name") &&
	    !diag_slice_eq(word, "keep"))
		return wrong(&where, "expected secret, name or keep", err);
	where.column = (size_t)(rest.p - line.p) + 1;
	if (rest.len == 0 || memchr(rest.p, '\0', rest.len) != NULL)
		return wrong(&where, "expected what it is about", err);
	text = diag_arena_strn(&m->arena, rest.p, rest.len);
	if (text == NULL)
		return diag_fail_nomem(err, MASK_OP);
	if (diag_slice_eq(word, "secret"))
		return add_regex(m, &where, text, err);
	return diag_slice_eq(word, "name") ? diag_mask_learn_name(m, text, err)
					   : add_keep(m, text, err);
}

bool diag_mask_rules(struct diag_mask *m, const char *name, const char *text,
		     size_t len, struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(text, len);
	struct place at = { .name = name };
	struct diag_slice line;

	if (len > RULES_BYTES)
		return diag_fail(err, DIAG_ELIMIT, MASK_OP,
				 "%.80s: more than 64 KiB of rules", name);
	while (diag_cursor_line(&c, &line)) {
		struct diag_slice bare = diag_slice_trim(line);

		at.line++;
		if (bare.len == 0 || bare.p[0] == '#')
			continue;
		if (!one_rule(m, &at, line, err))
			return false;
	}
	return true;
}

/* --- in a text ------------------------------------------------------------ */

/* Where the first rule fits in a line, and how far. */
static bool first_fit(const struct diag_mask *m, const char *line, size_t *from,
		      size_t *to)
{
	bool found = false;

	for (size_t i = 0; i < m->n_regexes; i++) {
		regmatch_t fit;

		if (regexec(&m->regexes[i].compiled, line, 1, &fit, 0) != 0 ||
		    fit.rm_eo <= fit.rm_so)
			continue;
		if (found && (size_t)fit.rm_so >= *from)
			continue;
		*from = (size_t)fit.rm_so;
		*to = (size_t)fit.rm_eo;
		found = true;
	}
	return found;
}

static void count(struct mask_scan *s, enum mask_kind kind)
{
	s->replaced++;
	if (s->counts != NULL)
		s->counts->n[kind]++;
}

static void one_line(struct mask_scan *s, const char *line,
		     struct diag_buf *out)
{
	size_t from = 0, to = 0;

	while (first_fit(s->m, line, &from, &to)) {
		diag_buf_put(out, line, from);
		diag_buf_puts(out, "[masked:rule]");
		count(s, MASK_RULE);
		line += to;
	}
	diag_buf_puts(out, line);
}

/* How many bytes stand before what may be the beginning of a phrase. */
static size_t before_phrase(const struct diag_mask *m, const char *line)
{
	size_t n = 0;

	while (line[n] != '\0' &&
	       !m->phrase_first[(unsigned char)mask_small(line[n])])
		n++;
	return n;
}

/* Names that are no single run are looked for as they are. */
static size_t phrase_at(struct mask_scan *s, const char *line,
			struct diag_buf *out)
{
	char lower[MASK_WORD_MAX];

	for (size_t i = 0; i < s->m->n_phrases; i++) {
		const char *phrase = s->m->phrases[i];
		size_t n;

		if (mask_small(phrase[0]) != mask_small(line[0]) ||
		    mask_small(phrase[1]) != mask_small(line[1]))
			continue;
		n = strlen(phrase);
		if (diag_text_find_nocase(line, strnlen(line, n), phrase) !=
			line ||
		    !mask_lower(phrase, n, lower, sizeof(lower)))
			continue;
		diag_buf_puts(out, mask_pseudonym(s->m, MASK_NAME, lower, n));
		count(s, MASK_NAME);
		return n;
	}
	return 0;
}

static void phrases(struct mask_scan *s, const char *line, struct diag_buf *out)
{
	if (s->level < DIAG_MASK_IDENTIFIERS || s->m->n_phrases == 0) {
		diag_buf_puts(out, line);
		return;
	}
	while (*line != '\0') {
		size_t n = before_phrase(s->m, line);

		diag_buf_put(out, line, n);
		line += n;
		n = *line != '\0' ? phrase_at(s, line, out) : 0;
		if (n == 0 && *line != '\0')
			diag_buf_putc(out, *line++);
		line += n;
	}
}

bool mask_rules_apply(struct mask_scan *s, struct diag_buf *out)
{
	char line[LINE_MAX_BYTES + 1];
	struct diag_buf left;

	diag_buf_init(&left, LINE_MAX_BYTES * 16);
	for (size_t at = 0; at < s->len;) {
		const char *p = s->text + at;
		size_t most =
		    s->len - at < LINE_MAX_BYTES ? s->len - at : LINE_MAX_BYTES;
		const char *end = memchr(p, '\n', most);
		size_t n = end != NULL ? (size_t)(end - p) : most;

		memcpy(line, p, n);
		line[n] = '\0';
		diag_buf_reset(&left);
		phrases(s, line, &left);
		one_line(s, diag_buf_str(&left), out);
		if (end != NULL)
			diag_buf_putc(out, '\n');
		at += n + (end != NULL ? 1 : 0);
	}
	diag_buf_clear(&left);
	return true;
}
