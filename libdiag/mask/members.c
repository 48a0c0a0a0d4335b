/* SPDX-License-Identifier: MIT */
/* members.c - maps and lists that hold secrets, whatever their members are
 * called: data and stringData of a Secret of Kubernetes, in YAML and in JSON,
 * and a member of JSON that is called like a secret and holds more than a text.
 *
 * kubectl sorts: "data:" comes before "kind: Secret", so what declares it is
 * looked for on both sides, at the same depth.
 */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define BEFORE_MAX ((size_t)4096) /* bytes, back to where it is declared */
#define BEHIND_MAX ((size_t)64 << 10)
#define MAP_MAX	   ((size_t)64 << 10) /* bytes of a map */
#define DEPTH_MAX  16		      /* of maps in maps */

bool mask_is_data(const char *word, size_t len)
{
	return mask_is(word, len, "data") || mask_is(word, len, "stringdata");
}

/* --- YAML ----------------------------------------------------------------- */

/* Where the text of a line begins; "- " in front of it is a blank. */
static size_t column(const struct mask_scan *s, size_t line, bool *item)
{
	size_t at = mask_blanks(s, line);

	*item = mask_is_here(s, at, "- ");
	return (*item ? mask_blanks(s, at + 2) : at) - line;
}

static size_t next_line(const struct mask_scan *s, size_t at)
{
	size_t end = mask_line_end(s, at);

	end += mask_is_here(s, end, "\r\n");
	return end < s->len ? end + 1 : s->len;
}

/* What a line says of the document or item that it stands in. */
enum line { NOTHING, SECRET, ANOTHER };

static enum line line_is(const struct mask_scan *s, size_t line, size_t col)
{
	static const char kind[] = "kind:", secret[] = "Secret";
	bool item;
	size_t here = column(s, line, &item), at = line + here;

	if (mask_is_end(mask_byte(s, at)))
		return NOTHING;
	if (here < col || mask_is_here(s, line, "---"))
		return ANOTHER; /* it ends */
	if (here != col || !mask_is_here(s, at, kind))
		return NOTHING;
	at = mask_blanks(s, at + sizeof(kind) - 1);
	return mask_is_here(s, at, secret) &&
		       !mask_is_run(mask_byte(s, at + sizeof(secret) - 1))
		   ? SECRET
		   : ANOTHER;
}

/* Does a document or an item of a list begin with this line? */
static bool begins(const struct mask_scan *s, size_t line, size_t col)
{
	bool item;
	size_t here = column(s, line, &item);

	return here == col &&
	       (item || mask_is_here(s, line + here, "apiVersion:"));
}

/* The same member once more, which no map has twice: another document.  So
 * each line is read but once for every one that is deeper. */
static bool is_again(const struct mask_scan *s, size_t line, size_t other,
		     size_t col)
{
	size_t len = 0, at = other + col;
	bool item;

	while (mask_is_word(mask_byte(s, line + col + len)))
		len++;
	return column(s, other, &item) == col && s->len - at > len &&
	       memcmp(s->text + at, s->text + line + col, len) == 0;
}

/* What is said before a line: NOTHING if it is the first to tell. */
static enum line said_before(const struct mask_scan *s, size_t line, size_t col)
{
	enum line is = NOTHING;
	size_t at = line;

	while (is == NOTHING && !begins(s, at, col) && at > 0 &&
	       line - at < BEFORE_MAX) {
		at--;
		while (at > 0 && line - at < BEFORE_MAX &&
		       s->text[at - 1] != '\n')
			at--;
		if (is_again(s, line, at, col))
			break;
		is = line_is(s, at, col);
	}
	return is;
}

static enum line said_behind(const struct mask_scan *s, size_t line, size_t col)
{
	size_t at = next_line(s, line);

	while (at < s->len && at - line < BEHIND_MAX) {
		enum line is = line_is(s, at, col);

		if (is != NOTHING)
			return is;
		if (begins(s, at, col) || is_again(s, line, at, col))
			return ANOTHER;
		at = next_line(s, at);
	}
	return NOTHING;
}

static bool is_secrets(const struct mask_scan *s, size_t line, size_t col)
{
	enum line is = said_before(s, line, col);

	if (is == NOTHING)
		is = said_behind(s, line, col);
	return is == SECRET;
}

/* A line of the map: its value, or all of it when it goes on from another. */
static bool put_line(struct mask_scan *s, size_t line, size_t *at)
{
	struct mask_value v = { .sign = ':', .first = true };
	size_t end = mask_line_end(s, line);

	v.key = mask_blanks(s, line);
	v.from = v.key;
	v.to = end;
	for (size_t i = v.key; i + 1 <= end; i++)
		if (s->text[i] == ':' &&
		    (i + 1 == end || mask_is_blank(mask_byte(s, i + 1)))) {
			v.from = mask_blanks(s, i + 1);
			mask_value_at(s, &v, false);
			break;
		}
	if (v.to <= v.from)
		return true;
	if (!mask_put_between(s, *at, v.from))
		return false;
	mask_put_secret(s, v.from, v.to, MASK_KEY);
	*at = s->was_put != 0 ? s->was_put : v.to;
	s->was_put = 0;
	return true;
}

static bool yaml(struct mask_scan *s, struct mask_run *r)
{
	size_t begin = mask_line_begin(s, r->at), line, at = r->end;
	bool item;
	size_t col = column(s, begin, &item);

	if (begin + col != r->at || mask_byte(s, r->end) != ':' ||
	    !mask_is_end(mask_byte(s, mask_blanks(s, r->end + 1))) ||
	    !is_secrets(s, begin, col))
		return false;
	for (line = next_line(s, r->end);
	     line < s->len && line - r->at < MAP_MAX;
	     line = next_line(s, at > line ? at : line)) {
		size_t here = column(s, line, &item);

		if (mask_is_end(mask_byte(s, line + here)))
			continue;
		if (here <= col || !put_line(s, line, &at))
			break;
	}
	if (at == r->end)
		return false;
	r->end = at;
	return true;
}

/* --- JSON ----------------------------------------------------------------- */

/* Bytes of a double quote, as it is or as HTML shows it; 0: none. */
static size_t quote_at(const struct mask_scan *s, size_t at)
{
	return mask_byte(s, at) == '"' ? 1 : mask_quote_entity(s, at);
}

/* Where the quote is that ends a text. */
static size_t text_end(const struct mask_scan *s, size_t at)
{
	while (at < s->len && quote_at(s, at) == 0)
		at += s->text[at] == '\\' && at + 1 < s->len ? 2 : 1;
	return at;
}

/* "kind": "Secret" in the object around a place, not in those within. */
static bool declared_around(const struct mask_scan *s, size_t at)
{
	size_t from = at, to = at;
	unsigned depth = 0;

	for (; from > 0 && at - from < BEFORE_MAX; from--) {
		char c = s->text[from - 1];

		depth += c == '}';
		if (c == '{' && depth-- == 0)
			break;
	}
	depth = 0;
	for (; to < s->len && to - at < BEFORE_MAX; to++) {
		char c = s->text[to];

		depth += c == '{';
		if (c == '}' && depth-- == 0)
			break;
	}
	while (from < to) {
		const char *p =
		    diag_text_find_nocase(s->text + from, to - from, "kind");

		if (p == NULL)
			return false;
		from = (size_t)(p - s->text) + 4;
		if (mask_text_here(s, from, "\" : \"secret\"") > 0)
			return true;
	}
	return false;
}

/* Members that tell of what is around them. */
static bool tells(const char *p, size_t len)
{
	static const char *const names[] = { "type", "title", "description",
					     "format" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (mask_is(p, len, names[i]))
			return true;
	return false;
}

struct inside {
	size_t at;    /* up to here all is put */
	bool telling; /* the member's name was one of the above */
};

/* A text from behind its quote on; gives where it ends. */
static size_t put_text(struct mask_scan *s, size_t from, struct inside *in,
		       enum mask_kind kind)
{
	size_t to = text_end(s, from), end = to + quote_at(s, to);
	const struct mask_value v = { .from = from, .to = to };

	if (mask_byte(s, mask_spaces(s, end)) == ':') {
		in->telling = tells(s->text + from, to - from);
		return end;
	}
	if (!in->telling && !mask_says_nothing(s, &v) &&
	    mask_put_between(s, in->at, from)) {
		mask_put_secret(s, from, to, kind);
		in->at = s->was_put != 0 ? s->was_put : to;
		s->was_put = 0;
	}
	in->telling = false;
	return end;
}

/* Every text of what is opened here, but for names. */
static bool put_members(struct mask_scan *s, struct mask_run *r, size_t open,
			enum mask_kind kind)
{
	struct inside in = { .at = r->end };
	unsigned depth = 0;

	for (size_t i = open; i < s->len && i - open < MAP_MAX;) {
		size_t quote = quote_at(s, i);
		char c = s->text[i];

		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		if (depth == 0 || depth > DEPTH_MAX)
			break;
		i = quote > 0 ? put_text(s, i + quote, &in, kind) : i + 1;
	}
	if (in.at == r->end)
		return false;
	r->end = in.at;
	return true;
}

static bool json(struct mask_scan *s, struct mask_run *r)
{
	const char *word = s->text + r->at;
	size_t len = r->end - r->at, open;
	enum mask_kind kind = MASK_KEY;

	if (quote_at(s, r->end) == 0)
		return false;
	open = mask_text_here(s, r->end, "\" : ");
	if (open == 0 ||
	    (mask_byte(s, open) != '{' && mask_byte(s, open) != '['))
		return false;
	return (mask_is_data(word, len)
		    ? declared_around(s, r->at)
		    : mask_key_of(word, len, &kind) == MASK_KEY_SECRET) &&
	       put_members(s, r, open, kind);
}

bool mask_members(struct mask_scan *s, struct mask_run *r)
{
	if (r->end == r->at || (r->has & MASK_HAS_LOWER) == 0)
		return false;
	if (mask_byte(s, r->end) == ':')
		return mask_is_data(s->text + r->at, r->end - r->at) &&
		       yaml(s, r);
	return json(s, r);
}
