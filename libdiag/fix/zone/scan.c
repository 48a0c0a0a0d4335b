/* SPDX-License-Identifier: MIT */
/* scan.c - see scan.h. */
#include "fix/zone/scan.h"

#include <string.h>

struct walk {
	struct zone_scan *s;
	struct zone_entry *e;
	const char *p, *end;
	const char *open; /* the parenthesis, or NULL */
	unsigned open_line;
	const char *open_line_at;
	unsigned line;
	const char *line_at; /* first byte of the present line */
	struct diag_err *err;
};

void zone_scan_init(struct zone_scan *s, const char *file,
		    struct diag_slice text)
{
	s->text = text;
	s->file = file;
	s->at = 0;
	s->line = 1;
	/* A byte-order mark is no part of the first owner. */
	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		s->at = 3;
}

static bool fail(const struct walk *w, const char *at, const char *what)
{
	return diag_fail(w->err, DIAG_EPARSE, "zone file", "%s:%u:%u: %s",
			 w->s->file, w->line, (unsigned)(at - w->line_at) + 1,
			 what);
}

static bool is_delimiter(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';' ||
	       c == '(' || c == ')' || c == '"';
}

static void add_token(struct walk *w, const char *from, const char *to,
		      bool quoted, bool escaped)
{
	struct zone_token *t;

	if (w->e->n_tokens == ZONE_TOKENS)
		return;
	t = &w->e->tokens[w->e->n_tokens++];
	t->at = (size_t)(from - w->s->text.p);
	t->len = (size_t)(to - from);
	t->quoted = quoted;
	t->escaped = escaped;
}

static bool quoted(struct walk *w)
{
	const char *from = ++w->p;
	bool escaped = false;

	while (w->p < w->end && *w->p != '"' && *w->p != '\n') {
		if (*w->p == '\\' && w->p + 1 < w->end && w->p[1] != '\n') {
			escaped = true;
			w->p++;
		}
		w->p++;
	}
	if (w->p == w->end || *w->p == '\n')
		return fail(w, from - 1,
			    "this quote is not closed on its "
			    "line");
	add_token(w, from, w->p, true, escaped);
	w->p++;
	return true;
}

static void word(struct walk *w)
{
	const char *from = w->p;
	bool escaped = false;

	while (w->p < w->end && !is_delimiter(*w->p)) {
		if (*w->p == '\\' && w->p + 1 < w->end && w->p[1] != '\r' &&
		    w->p[1] != '\n') {
			escaped = true;
			w->p++;
		}
		w->p++;
	}
	add_token(w, from, w->p, false, escaped);
}

static bool parenthesis(struct walk *w)
{
	if (*w->p == '(' && w->open != NULL)
		return fail(w, w->p, "a parenthesis inside of another");
	if (*w->p == ')' && w->open == NULL)
		return fail(w, w->p, "this parenthesis was not open");
	w->open = *w->p == '(' ? w->p : NULL;
	w->open_line = w->line;
	w->open_line_at = w->line_at;
	w->e->several_lines |= w->open != NULL;
	w->p++;
	return true;
}

/* To the end of the line; the entry ends there unless a parenthesis is open. */
static bool line_ends(struct walk *w)
{
	w->e->body_end = (size_t)(w->p - w->s->text.p);
	if (w->p < w->end) {
		if (w->p > w->line_at && w->p[-1] == '\r')
			w->e->body_end--;
		w->p++;
	}
	w->line++;
	w->line_at = w->p;
	return w->open == NULL;
}

static void comment(struct walk *w)
{
	const char *lf = memchr(w->p, '\n', (size_t)(w->end - w->p));

	w->e->comment = (size_t)(w->p - w->s->text.p);
	w->p = lf != NULL ? lf : w->end;
}

/* One character's worth; *done when the entry is complete. */
static bool step(struct walk *w, bool *done)
{
	switch (*w->p) {
	case ' ':
	case '\t':
	case '\r':
		w->p++;
		return true;
	case '\n':
		*done = line_ends(w);
		if (!*done)
			w->e->comment = 0;
		return true;
	case ';':
		comment(w);
		return true;
	case '(':
	case ')':
		return parenthesis(w);
	case '"':
		return quoted(w);
	default:
		word(w);
		return true;
	}
}

bool zone_scan_next(struct zone_scan *s, struct zone_entry *out, bool *more,
		    struct diag_err *err)
{
	struct walk w = { .s = s,
			  .e = out,
			  .p = s->text.p + s->at,
			  .end = s->text.p + s->text.len,
			  .line = s->line,
			  .err = err };
	bool done = false;

	out->begin = s->at;
	out->line = s->line;
	out->n_tokens = 0;
	out->comment = 0;
	out->several_lines = false;
	*more = s->at < s->text.len;
	if (!*more)
		return true;
	w.line_at = w.p;
	out->blank_owner = *w.p == ' ' || *w.p == '\t';
	while (!done && w.p < w.end)
		if (!step(&w, &done))
			return false;
	if (!done && w.open != NULL) {
		w.line = w.open_line;
		w.line_at = w.open_line_at;
		return fail(&w, w.open, "this parenthesis is never closed");
	}
	if (!done)
		(void)line_ends(&w);
	s->at = out->end = (size_t)(w.p - s->text.p);
	s->line = w.line;
	return true;
}

bool zone_token_is(const struct zone_scan *s, const struct zone_token *t,
		   const char *wanted)
{
	const char *p = s->text.p + t->at;

	for (size_t i = 0; i < t->len; i++) {
		char c = p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		/* a NUL of the text is no end of wanted */
		if (wanted[i] == '\0' || c != wanted[i])
			return false;
	}
	return wanted[t->len] == '\0';
}

bool zone_name(const struct zone_scan *s, const struct zone_token *t,
	       const char *origin, char out[256])
{
	const char *p = s->text.p + t->at;
	size_t n = 0, tail = strlen(origin);

	if (t->len == 1 && p[0] == '@') {
		memcpy(out, origin, tail + 1);
		return true;
	}
	if (t->escaped || t->len == 0 || t->len > 254)
		return false;
	for (; n < t->len; n++) {
		char c = p[n];

		if (c == '\0')
			return false;
		out[n] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	if (out[n - 1] == '.') { /* whole already */
		out[n - 1] = '\0';
		return true;
	}
	if (tail == 0) {
		out[n] = '\0';
		return true;
	}
	if (n + 1 + tail > 254)
		return false;
	out[n] = '.';
	memcpy(out + n + 1, origin, tail + 1);
	return true;
}
