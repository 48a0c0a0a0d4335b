/* SPDX-License-Identifier: MIT */
/* value.c - where a value begins and ends: in quotes, over several lines,
 * up to the end of its line, of its word or of its element. */
#include <string.h>

#include "mask/internal.h"

#define VALUE_MAX      8192
#define FOLD_FROM      40 /* bytes of base64 that may go on in the next line */
#define LONE_FROM      6 /* bytes of a value that has the next line to itself */
#define BLOCK_LINES    64
#define LINE_MAX_BYTES 512
#define CALL_MAX       64 /* bytes of what is called */
#define SLASHES	       16 /* of texts of JSON in texts of JSON */

bool mask_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool mask_is_end(char c)
{
	return c == '\0' || c == '\n' || c == '\r';
}

size_t mask_blanks(const struct mask_scan *s, size_t at)
{
	while (mask_is_blank(mask_byte(s, at)))
		at++;
	return at;
}

size_t mask_spaces(const struct mask_scan *s, size_t at)
{
	while (at < s->len &&
	       (mask_is_blank(s->text[at]) || mask_is_end(s->text[at])))
		at++;
	return at;
}

size_t mask_quote_entity(const struct mask_scan *s, size_t at)
{
	static const char *const quotes[] = { "&quot;", "&#34;", "&#x22;",
					      "&apos;", "&#39;", "&#x27;" };

	if (mask_byte(s, at) != '&')
		return 0;
	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++)
		if (mask_is_here(s, at, quotes[i]))
			return strlen(quotes[i]);
	return 0;
}

bool mask_is_here(const struct mask_scan *s, size_t at, const char *text)
{
	size_t n = strlen(text);

	return at <= s->len && n <= s->len - at &&
	       memcmp(s->text + at, text, n) == 0;
}

size_t mask_line_begin(const struct mask_scan *s, size_t at)
{
	size_t least = at > LINE_MAX_BYTES ? at - LINE_MAX_BYTES : 0;

	while (at > least && !mask_is_end(s->text[at - 1]))
		at--;
	return at;
}

size_t mask_line_end(const struct mask_scan *s, size_t at)
{
	while (!mask_is_end(mask_byte(s, at)))
		at++;
	return at;
}

static size_t quoted_end(const struct mask_scan *s, size_t at, char quote,
			 size_t slashes)
{
	for (size_t n = 0; at < s->len && n < VALUE_MAX; at++, n++) {
		size_t back = 0;

		if (s->text[at] != quote)
			continue;
		while (back < at && s->text[at - 1 - back] == '\\')
			back++;
		if (back <= slashes)
			return at - back;
	}
	return at;
}

/* """…""" of TOML and Python, over lines: bytes of the three quotes, or 0. */
static size_t tripled(const struct mask_scan *s, size_t at)
{
	size_t n = 0;

	for (unsigned i = 0; i < 3; i++) {
		size_t quote = mask_sign_here(s, at + n, '"');

		if (quote == 0)
			return 0;
		n += quote;
	}
	return n;
}

static void tripled_end(const struct mask_scan *s, struct mask_value *v,
			size_t quotes)
{
	v->quoted = true;
	v->from += quotes;
	v->to = v->from;
	while (v->to < s->len && v->to - v->from < VALUE_MAX &&
	       tripled(s, v->to) == 0)
		v->to++;
}

/* --- lines that belong together ------------------------------------------- */

static bool is_base64(char c)
{
	return mask_is_word(c) || (c != '\0' && strchr("+/=-_", c) != NULL);
}

static bool all_base64(const struct mask_scan *s, size_t from, size_t to)
{
	for (; from < to; from++)
		if (!is_base64(s->text[from]))
			return false;
	return true;
}

static size_t next_line(const struct mask_scan *s, size_t at)
{
	if (mask_byte(s, at) == '\r')
		at++;
	return mask_byte(s, at) == '\n' ? at + 1 : at;
}

/* YAML's "|", "|-", ">+", …, with or without a comment behind it. */
static bool is_block(const struct mask_scan *s, const struct mask_value *v)
{
	size_t at = v->from;

	if (mask_byte(s, at) != '|' && mask_byte(s, at) != '>')
		return false;
	at++;
	while (at < v->to && strchr("+-0123456789", s->text[at]) != NULL)
		at++;
	at = mask_blanks(s, at);
	return at >= v->to || s->text[at] == '#';
}

/* The next line of a comment, when it is indented deeper than the key. */
static bool is_deeper_comment(const struct mask_scan *s,
			      const struct mask_value *v, size_t next)
{
	size_t begin = mask_line_begin(s, v->key);
	size_t sign = mask_blanks(s, begin), there = mask_blanks(s, next);
	char c = mask_byte(s, sign);

	return (c == '#' || c == ';') && mask_byte(s, there) == c &&
	       mask_blanks(s, there + 1) - next > v->key - begin;
}

/* "password =", and in the next line nothing but what looks like one. */
static bool is_lone(const struct mask_scan *s, const struct mask_value *v,
		    size_t next, size_t end)
{
	bool digit = false;

	if (!v->first || v->to > v->from || end - next < LONE_FROM)
		return false;
	for (size_t i = next; i < end; i++) {
		char c = s->text[i];

		digit |= c >= '0' && c <= '9';
		if (strchr(" \t:[]<>{}()#,;\"'", c) != NULL ||
		    (c == '=' && i + 2 < end))
			return false;
	}
	return digit;
}

/* Members that hold what the one around them is called. */
static bool is_holder(const char *p, size_t len)
{
	static const char *const words[] = { "value",  "values", "default",
					     "secure", "data",	 "text",
					     "string", "content" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (mask_is(p, len, words[i]))
			return true;
	return false;
}

/* "- type: …", ""count": …", "{": a part of a document, no text. */
static bool is_member(const struct mask_scan *s, size_t at)
{
	size_t from = mask_blanks(s, at), to;

	if (mask_byte(s, from) == '-' && mask_is_blank(mask_byte(s, from + 1)))
		from = mask_blanks(s, from + 1);
	if (mask_byte(s, from) == '{')
		return true;
	from += mask_byte(s, from) == '"';
	to = from;
	while (mask_is_run(mask_byte(s, to)))
		to++;
	if (to == from || is_holder(s->text + from, to - from))
		return false;
	to += mask_byte(s, to) == '"';
	return mask_byte(s, to) == ':' &&
	       (mask_is_blank(mask_byte(s, to + 1)) ||
		mask_is_end(mask_byte(s, to + 1)));
}

/* Does the value that ends a line go on in the next? */
static bool goes_on(const struct mask_scan *s, const struct mask_value *v,
		    size_t next, bool header)
{
	size_t end = mask_line_end(s, next);
	bool base64 =
	    v->to - v->from >= FOLD_FROM && all_base64(s, v->from + 1, v->to);
	bool open = v->to <= v->from + 1 || is_block(s, v);

	if (next >= s->len || end == next ||
	    (open && !header && !is_block(s, v) && is_member(s, next)))
		return false;
	if (v->to > v->from && s->text[v->to - 1] == '\\')
		return true;
	if (mask_is_blank(s->text[next]) && (header || base64 || open))
		return true;
	if (open && (is_deeper_comment(s, v, next) || is_lone(s, v, next, end)))
		return true;
	return base64 && s->text[v->to - 1] != '=' && all_base64(s, next, end);
}

static void fold(const struct mask_scan *s, struct mask_value *v, bool header)
{
	for (unsigned i = 0; i < BLOCK_LINES; i++) {
		size_t next = next_line(s, v->to);

		if (next == v->to || !goes_on(s, v, next, header))
			return;
		v->to = mask_line_end(s, next);
	}
}

/* --- without quotes ------------------------------------------------------- */

/* "<password>…</password>", also as HTML shows it. */
static void element_end(const struct mask_scan *s, struct mask_value *v)
{
	static const char cdata[] = "<![CDATA[";
	size_t at = mask_spaces(s, v->from);

	if (mask_is_here(s, at, cdata))
		at += sizeof(cdata) - 1;
	v->from = at;
	while (at < s->len && at - v->from < VALUE_MAX && s->text[at] != '<' &&
	       !mask_is_here(s, at, "&lt;") && !mask_is_here(s, at, "]]>"))
		at++;
	while (at > v->from &&
	       (mask_is_blank(s->text[at - 1]) || mask_is_end(s->text[at - 1])))
		at--;
	v->to = at;
}

/* What ends a word: of a command, of a setting.  Braces of a reference, and
 * those of ODBC, are part of it. */
static const char *ends_of(const struct mask_scan *s,
			   const struct mask_value *v)
{
	char c = mask_byte(s, v->from);

	if (v->sign != '-' && (c == '$' || c == '{'))
		return " \t,;&\"'<>]|";
	return v->sign == '-' ? " \t\"'<>|;&`" : " \t,;&\"'<>)}]|";
}

/* Up to what ends it: the line when the setting has it to itself. */
static void bare_end(const struct mask_scan *s, struct mask_value *v,
		     bool header)
{
	const char *ends = ends_of(s, v);
	size_t at = v->from;

	while (!mask_is_end(mask_byte(s, at)) && at - v->from < VALUE_MAX &&
	       (v->first || header || strchr(ends, s->text[at]) == NULL))
		at++;
	while (at > v->from && (mask_is_blank(s->text[at - 1]) ||
				(!header && s->text[at - 1] == ',')))
		at--;
	v->to = at;
	if (v->sign != '-')
		fold(s, v, header);
}

static bool ends_list(char c, bool closed)
{
	return closed ? c == ')' : c != ',' && !mask_is_blank(c);
}

/* To the closing parenthesis, or to what is no part of a list. */
static size_t list_end(const struct mask_scan *s, size_t from, bool closed)
{
	size_t at = from, open = 0, n;

	for (; !mask_is_end(mask_byte(s, at)) && at - from < VALUE_MAX;
	     at += n) {
		size_t quote = mask_sign_here(s, at, '"');
		char c = s->text[at];

		n = quote > 0 ? quote : 1;
		if (quote > 0 && open == 0)
			open = at;
		else if (quote > 0 && s->text[open] == c)
			open = 0;
		else if (open == 0 && ends_list(c, closed))
			break;
	}
	while (!closed && at > from && mask_is_blank(s->text[at - 1]))
		at--;
	return at;
}

/* "("bob", "…")", "HTTPBasicAuth("bob", "…")": all that a call is given. */
static bool arguments(const struct mask_scan *s, struct mask_value *v)
{
	size_t at = v->from;

	if (v->sign == ',') {
		v->to = list_end(s, at, false);
		return true;
	}
	while (mask_is_run(mask_byte(s, at)) && at - v->from < CALL_MAX)
		at++;
	if (v->first || mask_byte(s, at) != '(' ||
	    mask_sign_here(s, mask_blanks(s, at + 1), '"') == 0)
		return false;
	v->from = at + 1;
	v->to = list_end(s, v->from, true);
	return true;
}

/* "u'…'", "rb"…"", "@"…"": letters in front of the quote say how it is read. */
static size_t past_prefix(const struct mask_scan *s, size_t at)
{
	static const char letters[] = "uUbBrRfF@$";
	size_t n = 0;

	while (n < 2 && mask_byte(s, at + n) != '\0' &&
	       strchr(letters, s->text[at + n]) != NULL)
		n++;
	return n > 0 && mask_sign_here(s, at + n, '"') > 0 ? at + n : at;
}

void mask_value_at(const struct mask_scan *s, struct mask_value *v, bool header)
{
	size_t at = v->from, slashes = 0;
	char quote;

	if (v->sign == '>') {
		element_end(s, v);
		return;
	}
	if (arguments(s, v))
		return;
	at = past_prefix(s, at);
	v->from = at;
	if (tripled(s, at) > 0) {
		tripled_end(s, v, tripled(s, at));
		return;
	}
	while (mask_byte(s, at + slashes) == '\\' && slashes < SLASHES)
		slashes++;
	quote = mask_byte(s, at + slashes);
	v->quoted = quote == '"' || quote == '\'';
	if (v->quoted) {
		v->from = at + slashes + 1;
		v->to = quoted_end(s, v->from, quote, slashes);
		return;
	}
	v->from += mask_quote_entity(s, v->from);
	v->quoted = v->from > at;
	if (!v->quoted) {
		bare_end(s, v, header);
		return;
	}
	v->to = v->from;
	while (!mask_is_end(mask_byte(s, v->to)) &&
	       mask_quote_entity(s, v->to) == 0)
		v->to++;
}

/* --- what no secret looks like -------------------------------------------- */

bool mask_says_nothing(const struct mask_scan *s, const struct mask_value *v)
{
	static const char *const words[] = {
		"true",	  "false", "null", "none",     "yes",	   "no",
		"(null)", "\"\"",  "''",   "<hidden>", "(hidden)", "(none)",
		"-",	  "{}",	   "[]",   "--"
	};
	size_t n = v->to - v->from;
	const char *p = s->text + v->from;

	/* "0", "{": no secret is that short. */
	if (n == 0 || (n < 3 && strspn(p, "0123456789") >= n) ||
	    (n == 1 && (*p == '{' || *p == '[')))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (mask_is(p, n, words[i]))
			return true;
	return false;
}

bool mask_is_telling(const struct mask_scan *s, const struct mask_value *v,
		     size_t least)
{
	bool other = false;
	size_t word = v->from;

	while (word < v->to &&
	       ((s->text[word] >= 'a' && s->text[word] <= 'z') ||
		s->text[word] == '_'))
		word++;
	if (mask_byte(s, word) == '=')
		return false; /* "Bearer realm=…" asks for one */
	for (size_t i = v->from; i < v->to; i++)
		other |= s->text[i] < 'a' || s->text[i] > 'z';
	return other && v->to - v->from >= least && s->text[v->to - 1] != ':';
}
