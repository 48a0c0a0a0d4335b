/* SPDX-License-Identifier: MIT */
/* mask_setting.c - "password=…", "Authorization: …", "secret "…";", and the
 * like: the value goes, whatever it looks like. */
#include <string.h>

#include "base/text.h"
#include "bundle/mask_internal.h"

#define VALUE_MAX    8192
#define FOLD_FROM    40 /* bytes of base64 that may go on in the next line */
#define BARE_FROM    8
#define BLOCK_LINES  64
#define PHRASE_WORDS 2	/* before the last one */
#define SLASHES	     16 /* of texts of JSON in texts of JSON */

struct setting {
	size_t from, to; /* the value */
	char sign;	 /* '=', ':', or ' ' */
	bool first;	 /* the key is the line's first word */
	bool quoted;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_end(char c)
{
	return c == '\0' || c == '\n' || c == '\r';
}

static size_t blanks(const struct mask_scan *s, size_t at)
{
	while (is_blank(mask_byte(s, at)))
		at++;
	return at;
}

static bool is_first(const struct mask_scan *s, size_t at)
{
	while (at > 0 && (is_blank(s->text[at - 1]) || s->text[at - 1] == '-' ||
			  s->text[at - 1] == '"' || s->text[at - 1] == '\''))
		at--;
	return at == 0 || is_end(s->text[at - 1]);
}

/* A quote as HTML writes it; 0: none. */
static size_t entity_at(const struct mask_scan *s, size_t at)
{
	static const char *const quotes[] = { "&quot;", "&#34;", "&#x22;",
					      "&apos;", "&#39;", "&#x27;" };

	if (mask_byte(s, at) != '&')
		return 0;
	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++) {
		size_t n = strlen(quotes[i]);

		if (n <= s->len - at && memcmp(s->text + at, quotes[i], n) == 0)
			return n;
	}
	return 0;
}

static bool is_here(const struct mask_scan *s, size_t at, const char *text)
{
	size_t n = strlen(text);

	return at <= s->len && n <= s->len - at &&
	       memcmp(s->text + at, text, n) == 0;
}

/* "<password>…</password>", also as HTML shows it. */
static bool tag_at(const struct mask_scan *s, const struct mask_run *r,
		   struct setting *v)
{
	if (r->at > 0 && s->text[r->at - 1] == '<' && is_here(s, r->end, ">"))
		v->from = r->end + 1;
	else if (r->at > 3 && s->text[r->at - 1] == ';' &&
		 is_here(s, r->at - 4, "&lt;") && is_here(s, r->end, "&gt;"))
		v->from = r->end + 4;
	else
		return false;
	v->sign = '>';
	return true;
}

/* Behind the key: a quote that closes it, blanks, the sign, blanks. */
static bool sign_at(const struct mask_scan *s, size_t at, struct setting *v)
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
		at += entity_at(s, at);
	at = blanks(s, at);
	v->sign = mask_byte(s, at);
	if (v->sign == '-' && mask_byte(s, at + 1) == '>')
		v->sign = '=';
	if (v->sign != '=' && v->sign != ':')
		return false;
	at++;
	if (mask_byte(s, at) == '=' || mask_byte(s, at) == '>')
		at++; /* "==", "=>", ":=" */
	v->from = blanks(s, at);
	return true;
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

static size_t line_end(const struct mask_scan *s, size_t at)
{
	while (!is_end(mask_byte(s, at)))
		at++;
	return at;
}

static size_t next_line(const struct mask_scan *s, size_t at)
{
	if (mask_byte(s, at) == '\r')
		at++;
	return mask_byte(s, at) == '\n' ? at + 1 : at;
}

/* YAML's "|-", ">+", … */
static bool is_block(const char *p, size_t len)
{
	return len == 2 && (p[0] == '|' || p[0] == '>');
}

/* Does the value that ends a line go on in the next? */
static bool goes_on(const struct mask_scan *s, const struct setting *v,
		    size_t next, bool header)
{
	size_t end = line_end(s, next);
	bool base64 =
	    v->to - v->from >= FOLD_FROM && all_base64(s, v->from + 1, v->to);

	if (next >= s->len || end == next)
		return false;
	if (v->to > v->from && s->text[v->to - 1] == '\\')
		return true;
	if (is_blank(s->text[next]) &&
	    (header || base64 || v->to <= v->from + 1 ||
	     is_block(s->text + v->from, v->to - v->from)))
		return true;
	return base64 && s->text[v->to - 1] != '=' && all_base64(s, next, end);
}

static void fold(const struct mask_scan *s, struct setting *v, bool header)
{
	for (unsigned i = 0; i < BLOCK_LINES; i++) {
		size_t next = next_line(s, v->to);

		if (next == v->to || !goes_on(s, v, next, header))
			return;
		v->to = line_end(s, next);
	}
}

/* Up to what ends it: the line when the setting has it to itself. */
static void bare_end(const struct mask_scan *s, struct setting *v, bool header)
{
	size_t at = v->from;

	while (v->sign == '>' && !is_end(mask_byte(s, at)) &&
	       s->text[at] != '<' && !is_here(s, at, "&lt;"))
		at++;
	while (v->sign != '>' && !is_end(mask_byte(s, at)) &&
	       at - v->from < VALUE_MAX &&
	       (v->first || header ||
		strchr(" \t,;&\"'<>)}]|", s->text[at]) == NULL))
		at++;
	while (at > v->from && (is_blank(s->text[at - 1]) ||
				(!header && s->text[at - 1] == ',')))
		at--;
	v->to = at;
	fold(s, v, header);
}

static void value_at(const struct mask_scan *s, struct setting *v, bool header)
{
	size_t at = v->from, slashes = 0;
	char quote;

	while (mask_byte(s, at + slashes) == '\\' && slashes < SLASHES)
		slashes++;
	quote = mask_byte(s, at + slashes);
	v->quoted = quote == '"' || quote == '\'';
	if (v->quoted) {
		v->from = at + slashes + 1;
		v->to = quoted_end(s, v->from, quote, slashes);
		return;
	}
	v->from += entity_at(s, v->from);
	v->quoted = v->from > at;
	if (!v->quoted) {
		bare_end(s, v, header);
		return;
	}
	v->to = v->from;
	while (!is_end(mask_byte(s, v->to)) && entity_at(s, v->to) == 0)
		v->to++;
}

/* --- without a sign: "secret "…"", "--password …", "login U password P" --- */

static bool is_telling(const struct mask_scan *s, const struct setting *v)
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
	return other && v->to - v->from >= BARE_FROM &&
	       s->text[v->to - 1] != ':';
}

static bool line_has_login(const struct mask_scan *s, size_t at)
{
	size_t from = at;

	while (from > 0 && !is_end(s->text[from - 1]) && at - from < 512)
		from--;
	return diag_text_find_nocase(s->text + from, at - from, "login ") !=
	       NULL;
}

static bool bare_value(const struct mask_scan *s, const struct mask_run *r,
		       struct setting *v)
{
	v->from = blanks(s, r->end);
	if (is_here(s, v->from, "is ") || is_here(s, v->from, "ist "))
		v->from = blanks(s, v->from + 3);
	v->sign = ' ';
	v->first = false; /* a word, not the line */
	if (v->from == r->end)
		return false;
	value_at(s, v, false);
	return v->quoted || s->text[r->at] == '-' || is_telling(s, v) ||
	       line_has_login(s, r->at);
}

/* "-u USER:PASSWORD" of curl and its like. */
static bool is_user_option(const struct mask_scan *s, const struct mask_run *r)
{
	static const char *const options[] = { "-u", "-U", "--user",
					       "--proxy-user" };
	size_t n = r->end - r->at;

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (strlen(options[i]) == n &&
		    memcmp(s->text + r->at, options[i], n) == 0)
			return true;
	return false;
}

static bool user_option(struct mask_scan *s, struct mask_run *r)
{
	struct setting v = { .from = blanks(s, r->end) };

	if (!is_user_option(s, r) || v.from == r->end)
		return false;
	value_at(s, &v, false);
	if (memchr(s->text + v.from, ':', v.to - v.from) == NULL)
		return false;
	mask_put_secret(s, v.from, v.to, MASK_USERINFO);
	r->end = v.to;
	return true;
}

/* --- what becomes of it --------------------------------------------------- */

/* "0", "true": no secret is that short. */
static bool says_nothing(const struct mask_scan *s, const struct setting *v)
{
	static const char *const words[] = { "true",	 "false",    "null",
					     "none",	 "yes",	     "no",
					     "(null)",	 "\"\"",     "''",
					     "<hidden>", "(hidden)", "(none)" };
	size_t n = v->to - v->from;
	const char *p = s->text + v->from;

	if (n == 0 || (n < 3 && strspn(p, "0123456789") >= n))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == n && memcmp(words[i], p, n) == 0)
			return true;
	return false;
}

static void put_pseudonym(struct mask_scan *s, const struct setting *v,
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

static bool put_host(struct mask_scan *s, const struct setting *v)
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

static bool is_working_folder(const struct mask_scan *s,
			      const struct mask_run *r, const struct setting *v)
{
	return mask_byte(s, v->from) == '/' && r->end - r->at >= 3 &&
	       memcmp(s->text + r->end - 3, "PWD", 3) == 0;
}

static bool is_challenge(const struct mask_scan *s, const struct setting *v)
{
	return v->sign == '=' && v->to - v->from > 4 &&
	       memcmp(s->text + v->from, "http", 4) == 0;
}

/* Names and users end with the word. */
static void one_word(const struct mask_scan *s, struct setting *v)
{
	size_t at = v->from;

	while (at < v->to &&
	       (v->quoted || strchr(" \t,;&\"'<>)}]|/", s->text[at]) == NULL))
		at++;
	v->to = at;
}

static bool put_value(struct mask_scan *s, struct mask_run *r,
		      struct setting *v, enum mask_key key, enum mask_kind kind)
{
	if (key != MASK_KEY_SECRET && key != MASK_KEY_HEADER &&
	    key != MASK_KEY_SSID)
		one_word(s, v);
	if (v->to <= v->from || says_nothing(s, v) ||
	    is_working_folder(s, r, v) ||
	    (key == MASK_KEY_HEADER && is_challenge(s, v)) ||
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
	return true;
}

/* "access key", "connection string", "mfa code" */
bool mask_ends_phrase(const char *p, size_t len)
{
	char word[8];

	return mask_lower(p, len, word, sizeof(word)) &&
	       (strcmp(word, "key") == 0 || strcmp(word, "string") == 0 ||
		strcmp(word, "code") == 0);
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
	}
	if (mask_key_of(s->text + from, end - from, kind) != MASK_KEY_SECRET)
		return MASK_KEY_NONE;
	*begin = from;
	return MASK_KEY_SECRET;
}

bool mask_setting(struct mask_scan *s, struct mask_run *r)
{
	const char *text = s->text + r->at;
	struct setting v = { .first = false };
	enum mask_kind kind = MASK_PASSWORD;
	enum mask_key key;
	size_t from = r->at;
	bool sign;

	if ((r->has & (MASK_HAS_LOWER | MASK_HAS_UPPER)) == 0)
		return false; /* "12:34" */
	sign = sign_at(s, r->end, &v) || tag_at(s, r, &v);
	if (!sign && text[0] == '-' && user_option(s, r))
		return true;
	if (!sign && (!is_blank(mask_byte(s, r->end)) ||
		      !mask_key_may_be_bare(text, r->end - r->at)))
		return false;
	key = mask_key_of(text, r->end - r->at, &kind);
	if (key == MASK_KEY_NONE && mask_ends_phrase(text, r->end - r->at))
		key = key_of_phrase(s, &from, r->end, &kind);
	if (key == MASK_KEY_NONE || (!sign && key != MASK_KEY_SECRET))
		return false;
	v.first = is_first(s, from);
	if (sign)
		value_at(s, &v, key == MASK_KEY_HEADER && v.sign == ':');
	else if (!bare_value(s, r, &v))
		return false;
	return put_value(s, r, &v, key, kind);
}
