/* SPDX-License-Identifier: MIT */
/* bind_scan.c - see conf_scan.h. */
#include "fix/zone/conf_scan.h"

#include <string.h>

#include "fix/zone/config.h"

static char peek(const struct conf_scan *s, size_t ahead)
{
	return s->end - s->at > ahead ? s->text.p[s->at + ahead] : '\0';
}

static bool is_special(char c)
{
	return c == '{' || c == '}' || c == ';' || c == '=' || c == '"' ||
	       c == '!' || c == '/' || c == '#';
}

static size_t comment_len(const struct conf_scan *s)
{
	const char *p = s->text.p + s->at;
	size_t left = s->end - s->at;

	if (peek(s, 0) == '#' || peek(s, 1) == '/')
		return conf_line_len(s);
	for (size_t i = 2; i + 1 < left; i++)
		if (p[i] == '*' && p[i + 1] == '/')
			return i + 2;
	return 0;
}

static size_t string_len(const struct conf_scan *s)
{
	size_t at = s->at + 1;

	for (; at < s->end && s->text.p[at] != '\n'; at++) {
		if (s->text.p[at] == '"')
			return at + 1 - s->at;
		if (s->text.p[at] == '\\' && at + 1 < s->end)
			at++;
	}
	return 0;
}

static size_t word_len(const struct conf_scan *s)
{
	size_t at = s->at;

	while (at < s->end && !conf_is_blank(s->text.p[at]) &&
	       !is_special(s->text.p[at]))
		at++;
	return at - s->at;
}

bool bind_token(struct conf_scan *s, struct conf_token *out)
{
	size_t n = conf_blanks(s);
	char c = peek(s, 0);

	memset(out, 0, sizeof(*out));
	out->at = s->at;
	if (s->at >= s->end)
		return true;
	if (n > 0)
		return conf_take(s, CONF_BLANK, n, out);
	s->expected = "this comment to be closed";
	if (c == '#' || (c == '/' && (peek(s, 1) == '/' || peek(s, 1) == '*')))
		return conf_take(s, CONF_COMMENT, comment_len(s), out);
	s->expected = "this string to be closed on its line";
	if (c == '"')
		return conf_take(s, CONF_STRING, string_len(s), out);
	if (is_special(c))
		return conf_take(s, CONF_PUNCT, 1, out);
	return conf_take(s, CONF_WORD, word_len(s), out);
}

static bool solid(struct conf_scan *s, struct conf_token *t)
{
	do {
		if (!bind_token(s, t))
			return false;
	} while (t->kind == CONF_BLANK || t->kind == CONF_COMMENT);
	return true;
}

static bool is_punct(const struct conf_scan *s, const struct conf_token *t,
		     char c)
{
	return t->kind == CONF_PUNCT && s->text.p[t->at] == c;
}

static bool wrong(struct conf_scan *s, size_t at, const char *expected)
{
	s->at = at;
	s->expected = expected;
	return false;
}

/* From behind an open brace to behind its fellow. */
static bool group(struct conf_scan *s, struct bind_stmt *out, size_t open)
{
	struct bind_group g = { .open = open };
	size_t depth = 1;
	struct conf_token t;

	while (depth > 0) {
		if (!solid(s, &t))
			return false;
		if (t.kind == CONF_END)
			return wrong(s, open, "this brace to be closed");
		depth += is_punct(s, &t, '{');
		depth -= is_punct(s, &t, '}');
		out->deep = depth > DIAG_ZONE_CONFIG_DEPTH;
		if (out->deep)
			return wrong(s, t.at, "fewer braces in each other");
	}
	g.close = t.at;
	if (out->n_groups < CONF_GROUPS)
		out->groups[out->n_groups++] = g;
	return true;
}

static void add_word(struct bind_stmt *out, const struct conf_token *t)
{
	if (out->n < CONF_WORDS)
		out->words[out->n++] = t->value;
}

bool bind_next(struct conf_scan *s, struct bind_stmt *out)
{
	struct conf_token t;

	memset(out, 0, sizeof(*out));
	if (!solid(s, &t))
		return false;
	out->begin = out->end = t.at;
	while (t.kind != CONF_END && !is_punct(s, &t, ';')) {
		if (is_punct(s, &t, '}'))
			return wrong(s, t.at, "a brace to be open here");
		if (!is_punct(s, &t, '{'))
			add_word(out, &t);
		else if (!group(s, out, t.at))
			return false;
		if (!solid(s, &t))
			return false;
		if (t.kind == CONF_END)
			return wrong(s, out->begin,
				     "this statement to end with ';'");
	}
	if (t.kind == CONF_END)
		return true;
	out->semicolon = t.at;
	out->end = t.at + t.len;
	return true;
}
