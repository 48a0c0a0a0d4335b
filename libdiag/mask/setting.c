/* SPDX-License-Identifier: MIT */
/* setting.c - "password=…", "Authorization: …", "secret "…";", and the
 * like: the value goes, whatever it looks like. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define BARE_FROM    8
#define PHRASE_WORDS 2	/* before the last one */
#define SLASHES	     16 /* of texts of JSON in texts of JSON */

/* Behind what stands before a line's first word: blanks, a dash, a quote, the
 * sign of a comment. */
static bool is_first(const struct mask_scan *s, size_t at)
{
	static const char before[] = " \t-\"'#;";

	while (at > 0 &&
	       memchr(before, s->text[at - 1], sizeof(before) - 1) != NULL)
		at--;
	return at == 0 || mask_is_end(s->text[at - 1]);
}

/* "Password    REG_SZ    …", as reg.exe and exports have it. */
static bool registry_type(const struct mask_scan *s, size_t at,
			  struct mask_value *v)
{
	static const char *const types[] = { "REG_SZ", "REG_EXPAND_SZ",
					     "REG_MULTI_SZ", "REG_BINARY" };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		size_t end = at + strlen(types[i]);

		if (mask_is_here(s, at, types[i]) &&
		    mask_is_blank(mask_byte(s, end))) {
			v->from = mask_blanks(s, end);
			v->sign = ':';
			return true;
		}
	}
	return false;
}

/* Behind the key: a quote that closes it, blanks, the sign, blanks. */
static bool sign_at(const struct mask_scan *s, size_t at, struct mask_value *v)
{
	size_t back = 0;

	while (mask_byte(s, at) == '\\' && back < SLASHES) {
		at++;
		back++;
	}
	if (mask_byte(s, at) == '"' || mask_byte(s, at) == '\'')
		at++;
	else if (back > 0)
		return false;
	else
		at += mask_quote_entity(s, at);
	at = mask_blanks(s, at);
	v->sign = mask_byte(s, at);
	if (v->sign == '-' && mask_byte(s, at + 1) == '>')
		v->sign = '=';
	if (v->sign != '=' && v->sign != ':')
		return v->sign == 'R' && registry_type(s, at, v);
	at++;
	if (v->sign == ':' && mask_byte(s, at) == ':' &&
	    mask_is_run(mask_byte(s, at + 1)))
		return false; /* "Token::new()" */
	if (mask_byte(s, at) == '=' || mask_byte(s, at) == '>')
		at++; /* "==", "=>", ":=" */
	v->from = mask_blanks(s, at);
	return true;
}

/* --- without a sign: "secret "…"", "--password …", "login U password P" --- */

/* "login U" before it, in its line or as the line before (netrc(5)). */
static bool has_login(const struct mask_scan *s, size_t at)
{
	size_t begin = mask_line_begin(s, at), line;

	if (diag_text_find_nocase(s->text + begin, at - begin, "login ") !=
	    NULL)
		return true;
	if (mask_blanks(s, begin) != at)
		return false;
	while (begin > 0 && mask_is_end(s->text[begin - 1]))
		begin--;
	line = mask_blanks(s, mask_line_begin(s, begin));
	return mask_is_here(s, line, "login ") ||
	       mask_is_here(s, line, "login\t");
}

/* "Password Requests", "--document-private-items", "structure." */
static bool is_prose(const struct mask_scan *s, const struct mask_run *r,
		     const struct mask_value *v)
{
	size_t from = v->from, to = v->to;
	const unsigned char upper = MASK_HAS_UPPER, lower = MASK_HAS_LOWER;
	const unsigned char *text = (const unsigned char *)s->text;

	if (mask_byte(s, from) == '`')
		from++;
	if (mask_is_here(s, from, "--"))
		return true;
	while (to > from && strchr(".,:!?)", s->text[to - 1]) != NULL)
		to--;
	if (to > from && (mask_classes[text[from]] & upper) != 0 &&
	    (mask_classes[text[r->at]] & upper) != 0 &&
	    (mask_classes[text[r->at + 1]] & lower) != 0)
		from++;
	while (from < to && (mask_classes[text[from]] & lower) != 0)
		from++;
	return from == to;
}

/* "ENV DB_PASSWORD sunshine" of a Dockerfile, "setx DB_PASSWORD sunshine",
 * "pip config set K sunshine" */
static bool is_assigned(const struct mask_scan *s, size_t at)
{
	static const char *const before[] = { "ENV ", "setx ", "config set " };
	size_t begin = mask_line_begin(s, at);

	if (mask_blanks(s, begin) == at && mask_is_here(s, at, "spark."))
		return true; /* spark-defaults.conf */
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		size_t n = strlen(before[i]);

		if (at >= n && mask_is_here(s, at - n, before[i]))
			return true;
	}
	return false;
}

static bool bare_value(const struct mask_scan *s, const struct mask_run *r,
		       struct mask_value *v)
{
	v->from = mask_blanks(s, r->end);
	if (mask_is_here(s, v->from, "is ") || mask_is_here(s, v->from, "ist "))
		v->from = mask_blanks(s, v->from + 3);
	v->sign = ' ';
	v->first = false; /* a word, not the line */
	if (v->from == r->end)
		return false;
	mask_value_at(s, v, false);
	return v->quoted || s->text[r->at] == '-' ||
	       (mask_is_telling(s, v, BARE_FROM) && !is_prose(s, r, v)) ||
	       is_assigned(s, r->at) || has_login(s, r->at);
}

/* --- what becomes of it --------------------------------------------------- */

static void put_pseudonym(struct mask_scan *s, const struct mask_value *v,
			  enum mask_kind kind)
{
	char text[MASK_NAME_MAX + 1];
	size_t n = v->to - v->from;

	if (n > MASK_NAME_MAX)
		n = MASK_NAME_MAX;
	if (n > 0 && mask_lower(s->text + v->from, n, text, sizeof(text)))
		mask_put(s, v->from, v->to, kind,
			 mask_pseudonym(s->m, kind, text, n));
}

static bool put_host(struct mask_scan *s, const struct mask_value *v)
{
	struct diag_buf out;
	struct diag_slice by;
	bool ok;

	diag_buf_init(&out, MASK_NAME_MAX * 4);
	ok = mask_name(s->m, s->text + v->from, v->to - v->from, &out);
	by = (struct diag_slice){ diag_buf_str(&out), out.len };
	if (ok)
		mask_putn(s, v->from, v->to, MASK_NAME, by);
	diag_buf_clear(&out);
	return ok;
}

/* "password=" in quotes of its own: it has no value, and what the quote behind
 * the sign begins is none. */
static bool is_quoted_whole(const struct mask_scan *s, const struct mask_run *r,
			    const struct mask_value *v)
{
	char quote = r->at > 0 ? s->text[r->at - 1] : '\0';

	return (quote == '"' || quote == '\'') && v->sign != '>' &&
	       mask_byte(s, r->end) == v->sign && v->from > r->end &&
	       !mask_is_blank(s->text[v->from - 1]) &&
	       mask_byte(s, v->from) == quote &&
	       !mask_is_run(mask_byte(s, v->from + 1));
}

/* Names and users end with the word. */
static void one_word(const struct mask_scan *s, struct mask_value *v)
{
	size_t at = v->from;

	while (at < v->to &&
	       (v->quoted || strchr(" \t,;&\"'<>)}]|/", s->text[at]) == NULL))
		at++;
	v->to = at;
}

/* "Authorization=Bearer …": the scheme and what it goes with. */
static void with_scheme(const struct mask_scan *s, struct mask_value *v)
{
	static const char *const schemes[] = { "bearer", "basic", "negotiate" };
	size_t end = mask_blanks(s, v->to);

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (!v->quoted &&
		    mask_is(s->text + v->from, v->to - v->from, schemes[i])) {
			struct mask_value word = { .from = end, .sign = '=' };

			mask_value_at(s, &word, false);
			v->to = word.to > word.from ? word.to : v->to;
			return;
		}
}

/* ""old" -> "new"", as Terraform shows a change. */
static void put_change(struct mask_scan *s, struct mask_run *r,
		       const struct mask_value *v, enum mask_kind kind)
{
	size_t from = v->quoted && s->was_put == 0
			  ? mask_text_here(s, v->to, "\" -> ")
			  : 0;
	struct mask_value next = { .from = from, .sign = '=' };

	if (from == 0)
		return;
	mask_value_at(s, &next, false);
	if (!next.quoted || mask_says_nothing(s, &next) ||
	    !mask_put_between(s, v->to, next.from))
		return;
	mask_put_secret(s, next.from, next.to, kind);
	r->end = next.to;
}

static bool put_value(struct mask_scan *s, struct mask_run *r,
		      struct mask_value *v, enum mask_key key,
		      enum mask_kind kind)
{
	if (key != MASK_KEY_SECRET && key != MASK_KEY_HEADER &&
	    key != MASK_KEY_SSID)
		one_word(s, v);
	if (v->to <= v->from || mask_says_nothing(s, v) ||
	    mask_is_harmless(s, r, v, key) ||
	    (key == MASK_KEY_SESSION &&
	     !mask_is_session(s->text + v->from, v->to - v->from)) ||
	    (s->level < DIAG_MASK_IDENTIFIERS &&
	     (key == MASK_KEY_SSID || key == MASK_KEY_HOST)))
		return false;
	if (key == MASK_KEY_HOST) {
		if (!put_host(s, v))
			return false;
	} else if (key == MASK_KEY_SSID) {
		put_pseudonym(s, v, kind);
	} else {
		mask_put_pieces(s, r->at, r->end);
		mask_put_secret(s, v->from, v->to, kind);
	}
	r->end = v->to;
	if (key == MASK_KEY_SECRET)
		put_change(s, r, v, kind);
	return true;
}

/* "access key", "connection string", "mfa code", "key content" */
bool mask_ends_phrase(const char *p, size_t len)
{
	char word[8];

	return mask_lower(p, len, word, sizeof(word)) &&
	       (strcmp(word, "key") == 0 || strcmp(word, "string") == 0 ||
		strcmp(word, "code") == 0 || strcmp(word, "content") == 0);
}

/* begin: where the key begins, moved to its first word. */
static enum mask_key key_of_phrase(const struct mask_scan *s, size_t *begin,
				   size_t end, enum mask_kind *kind)
{
	size_t from = *begin;

	for (size_t i = 0; i < PHRASE_WORDS; i++) {
		if (from == 0 || s->text[from - 1] != ' ')
			break;
		from--;
		while (from > 0 && mask_is_run(s->text[from - 1]))
			from--;
		if (mask_is_here(s, from, "for "))
			return MASK_KEY_NONE; /* "passphrase for key 'F':" */
	}
	if (mask_key_of(s->text + from, end - from, kind) != MASK_KEY_SECRET)
		return MASK_KEY_NONE;
	*begin = from;
	return MASK_KEY_SECRET;
}

/* What build pipelines are told to hide: Azure's and GitHub's. */
static bool is_to_hide(const struct mask_scan *s, const struct mask_run *r,
		       struct mask_value *v)
{
	static const struct {
		const char *word, *sign;
	} marks[] = { { "issecret", "=true]" }, { "add-mask", "::" } };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (mask_is(s->text + r->at, r->end - r->at, marks[i].word) &&
		    mask_is_here(s, r->end, marks[i].sign)) {
			v->from = r->end + strlen(marks[i].sign);
			v->to = v->from;
			while (!mask_is_end(mask_byte(s, v->to)) &&
			       mask_sign_here(s, v->to, '"') == 0)
				v->to++;
			return v->to > v->from;
		}
	return false;
}

/* What a run with a sign behind it is called; begin: see key_of_phrase(). */
static enum mask_key key_at(const struct mask_scan *s, const struct mask_run *r,
			    const struct mask_value *v, size_t *begin,
			    enum mask_kind *kind)
{
	const char *text = s->text + r->at;
	size_t len = r->end - r->at;
	enum mask_key key = mask_key_of(text, len, kind);

	if (key == MASK_KEY_NONE && mask_ends_phrase(text, len))
		key = key_of_phrase(s, begin, r->end, kind);
	if (key != MASK_KEY_NONE && key != MASK_KEY_USER)
		return key;
	if (v->sign == '(' || v->sign == ',' ||
	    ((v->sign == '=' || v->sign == ':') && mask_beside(s, r))) {
		*kind = MASK_PASSWORD;
		return MASK_KEY_SECRET;
	}
	return key;
}

/* Where its value begins and ends; sign: one stands behind the key. */
static bool find_value(const struct mask_scan *s, const struct mask_run *r,
		       struct mask_value *v, enum mask_key key, bool sign)
{
	if (!sign)
		return bare_value(s, r, v);
	if (is_quoted_whole(s, r, v))
		return false;
	v->first = v->sign != '(' && v->sign != ',' && is_first(s, v->key);
	mask_value_at(s, v, key == MASK_KEY_HEADER && v->sign == ':');
	if (key == MASK_KEY_HEADER)
		with_scheme(s, v);
	return true;
}

bool mask_setting(struct mask_scan *s, struct mask_run *r)
{
	const char *text = s->text + r->at;
	struct mask_value v = { .first = false };
	enum mask_kind kind = MASK_PASSWORD;
	enum mask_key key;
	size_t from = r->at;
	bool sign;

	if ((r->has & (MASK_HAS_LOWER | MASK_HAS_UPPER)) == 0)
		return false; /* "12:34" */
	if (is_to_hide(s, r, &v))
		return put_value(s, r, &v, MASK_KEY_SECRET, MASK_KEY);
	sign = sign_at(s, r->end, &v) || mask_pair_at(s, r, &v);
	if (!sign && (!mask_is_blank(mask_byte(s, r->end)) ||
		      !mask_key_may_be_bare(text, r->end - r->at)))
		return false;
	key = key_at(s, r, &v, &from, &kind);
	if (key == MASK_KEY_NONE || (!sign && key != MASK_KEY_SECRET))
		return false;
	v.key = from;
	return find_value(s, r, &v, key, sign) &&
	       put_value(s, r, &v, key, kind);
}
