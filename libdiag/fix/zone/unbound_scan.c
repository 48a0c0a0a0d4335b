/* SPDX-License-Identifier: MIT */
/* unbound_scan.c - see conf_scan.h. */
#include "fix/zone/conf_scan.h"

#include <string.h>

static bool is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Bytes of the keyword that begins here, colon included; 0: none. */
static size_t key_len(const struct conf_scan *s)
{
	size_t at = s->at;

	while (at < s->end && is_key_byte(s->text.p[at]))
		at++;
	if (at == s->at || at == s->end || s->text.p[at] != ':' ||
	    (s->text.p[s->at] >= '0' && s->text.p[s->at] <= '9'))
		return 0;
	return at + 1 - s->at;
}

static size_t word_len(const struct conf_scan *s)
{
	size_t at = s->at;

	while (at < s->end) {
		char c = s->text.p[at];

		if (conf_is_blank(c) || c == '"' || c == '\'')
			break;
		/* a backslash takes the next byte along, but no newline */
		if (c == '\\' && at + 1 < s->end && s->text.p[at + 1] != '\n')
			at++;
		at++;
	}
	return at - s->at;
}

/* With both quotes; 0: not closed on its line. */
static size_t string_len(const struct conf_scan *s)
{
	char quote = s->text.p[s->at];
	size_t at = s->at + 1;

	for (; at < s->end && s->text.p[at] != '\n'; at++) {
		if (s->text.p[at] == quote)
			return at + 1 - s->at;
		if (s->text.p[at] == '\\' && at + 1 < s->end &&
		    s->text.p[at + 1] != '\n')
			at++;
	}
	return 0;
}

bool unbound_token(struct conf_scan *s, bool wanted, struct conf_token *out)
{
	size_t n = conf_blanks(s);
	char c;

	memset(out, 0, sizeof(*out));
	out->at = s->at;
	if (s->at >= s->end)
		return true;
	c = s->text.p[s->at];
	s->expected = "this string to be closed on its line";
	if (n > 0)
		return conf_take(s, CONF_BLANK, n, out);
	if (c == '#')
		return conf_take(s, CONF_COMMENT, conf_line_len(s), out);
	if (c == '"' || c == '\'')
		return conf_take(s, CONF_STRING, string_len(s), out);
	if (!wanted && key_len(s) > 0)
		return conf_take(s, CONF_KEY, key_len(s), out);
	return conf_take(s, CONF_WORD, word_len(s), out);
}

static bool is_clause(struct diag_slice key)
{
	static const char *const clauses[] = {
		"server", "forward-zone", "stub-zone",	    "auth-zone",
		"view",	  "rpz",	  "remote-control", "python",
		"dynlib", "dnscrypt",	  "cachedb",	    "dnstap",
		"ipset",
	};

	for (size_t i = 0; i < sizeof(clauses) / sizeof(clauses[0]); i++)
		if (diag_slice_eq(key, clauses[i]))
			return true;
	return false;
}

/* Past blanks and comments. */
static bool solid(struct conf_scan *s, bool wanted, struct conf_token *t)
{
	do {
		if (!unbound_token(s, wanted, t))
			return false;
	} while (t->kind == CONF_BLANK || t->kind == CONF_COMMENT);
	return true;
}

static void add_value(struct unbound_stmt *out, const struct conf_token *t)
{
	if (out->n < CONF_WORDS)
		out->values[out->n++] = t->value;
	out->end = t->at + t->len;
}

bool unbound_next(struct conf_scan *s, struct unbound_stmt *out)
{
	struct conf_token t;
	size_t before;

	memset(out, 0, sizeof(*out));
	if (!solid(s, false, &t))
		return false;
	out->begin = t.at;
	out->end = t.at + t.len;
	if (t.kind == CONF_END)
		return true;
	if (t.kind != CONF_KEY) {
		s->at = t.at;
		s->expected = "a keyword with a colon, like server:";
		return false;
	}
	out->key = t.value;
	out->clause = is_clause(t.value);
	if (out->clause)
		return true;
	if (!solid(s, true, &t))
		return false;
	s->expected = "a value behind this keyword";
	if (t.kind == CONF_END) {
		s->at = out->begin;
		return false;
	}
	while (t.kind == CONF_WORD || t.kind == CONF_STRING) {
		add_value(out, &t);
		before = s->at;
		if (!solid(s, false, &t))
			return false;
		if (t.kind != CONF_WORD && t.kind != CONF_STRING)
			s->at = before;
	}
	return true;
}
