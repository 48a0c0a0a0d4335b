/* SPDX-License-Identifier: MIT */
/* json_scan.c - RFC 8259, read strictly before cJSON sees a byte.
 *
 * cJSON is forgiving where we must not be and silent where a person needs a
 * place: it takes bytes that are not UTF-8, raw control characters and
 * numbers such as 01; it cuts a string at \u0000; and it reports an error as
 * a pointer of its own.  So the text is walked once here, by the grammar, and
 * the first byte that cannot be right is the place we tell.  What passes is a
 * document that cJSON reads in full; if it still fails there, it is memory.
 *
 * No recursion: one flag per open bracket says whether it is an object.
 */
#include "base/json_scan.h"

#include <string.h>

#include "base/utf8.h"

/* cJSON copies a number into 64 bytes and reads no further. */
#define NUMBER_MAX 63

enum state {
	AT_VALUE,
	AT_FIRST_VALUE, /* just after '[': ']' may follow */
	AT_KEY,
	AT_FIRST_KEY, /* just after '{': '}' may follow */
	AT_NEXT,      /* after a value: ',' or the closing bracket */
	AT_END,
	AT_ERROR,
};

static enum state wrong(struct diag_json_scan *s, const char *want)
{
	s->want = want;
	return AT_ERROR;
}

static bool next_is(const struct diag_json_scan *s, char c)
{
	return s->at < s->end && *s->at == (unsigned char)c;
}

static bool is_digit(const struct diag_json_scan *s)
{
	return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

static void skip_blanks(struct diag_json_scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' ||
				  *s->at == '\r' || *s->at == '\t'))
		s->at++;
}

static int hex_of(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The four digits behind "\u", or -1; does not move. */
static int peek_unit(const struct diag_json_scan *s)
{
	int unit = 0;

	if (s->end - s->at < 6 || s->at[0] != '\\' || s->at[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		int digit = hex_of(s->at[i]);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

/* RFC 8259, section 7: beyond the first plane a pair, high then low. */
static bool scan_unit(struct diag_json_scan *s)
{
	int unit = peek_unit(s);
	int low;

	if (unit < 0)
		return wrong(s, "expected four hex digits after \\u"), false;
	if (unit == 0)
		return wrong(s, "\\u0000 is not allowed in text"), false;
	if (unit < 0xd800 || unit > 0xdfff) {
		s->at += 6;
		return true;
	}
	s->at += 6;
	low = peek_unit(s);
	if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) {
		s->at -= 6;
		return wrong(s, "half of a surrogate pair"), false;
	}
	s->at += 6;
	return true;
}

static bool scan_escape(struct diag_json_scan *s)
{
	if (s->end - s->at < 2)
		return wrong(s, "the text ends inside a string"), false;
	if (s->at[1] == 'u')
		return scan_unit(s);
	if (s->at[1] == '\0' || strchr("\"\\/bfnrt", s->at[1]) == NULL)
		return wrong(s, "unknown escape in a string"), false;
	s->at += 2;
	return true;
}

static bool scan_beyond_ascii(struct diag_json_scan *s)
{
	uint32_t cp;
	size_t n = diag_utf8_get(s->at, (size_t)(s->end - s->at), &cp);

	if (n == 0)
		return wrong(s, "bytes that are not UTF-8"), false;
	s->at += n;
	return true;
}

/* One character of a string that is not plain ASCII. */
static bool scan_special(struct diag_json_scan *s)
{
	if (*s->at == '\\')
		return scan_escape(s);
	if (*s->at >= 0x80)
		return scan_beyond_ascii(s);
	if (*s->at < 0x20)
		return wrong(s, "a control character inside a string"), false;
	s->at++;
	return true;
}

static bool scan_string(struct diag_json_scan *s)
{
	s->at++; /* the opening quote */
	while (s->at < s->end && *s->at != '"')
		if (!scan_special(s))
			return false;
	if (s->at == s->end)
		return wrong(s, "the text ends inside a string"), false;
	s->at++;
	return true;
}

static bool scan_digits(struct diag_json_scan *s)
{
	if (!is_digit(s))
		return wrong(s, "expected a digit"), false;
	while (is_digit(s))
		s->at++;
	return true;
}

/* No plus, no leading zero. */
static bool scan_whole(struct diag_json_scan *s)
{
	if (next_is(s, '-'))
		s->at++;
	if (!next_is(s, '0'))
		return scan_digits(s);
	s->at++;
	if (is_digit(s))
		return wrong(s, "a number with a leading zero"), false;
	return true;
}

static bool scan_exponent(struct diag_json_scan *s)
{
	s->at++;
	if (next_is(s, '+') || next_is(s, '-'))
		s->at++;
	return scan_digits(s);
}

/* RFC 8259, section 6. */
static bool scan_number(struct diag_json_scan *s)
{
	const unsigned char *from = s->at;

	if (!scan_whole(s))
		return false;
	if (next_is(s, '.')) {
		s->at++;
		if (!scan_digits(s))
			return false;
	}
	if ((next_is(s, 'e') || next_is(s, 'E')) && !scan_exponent(s))
		return false;
	if (s->at - from > NUMBER_MAX) {
		s->at = from;
		return wrong(s, "a number with too many digits"), false;
	}
	return true;
}

static bool scan_word(struct diag_json_scan *s)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);

		if ((size_t)(s->end - s->at) >= len &&
		    memcmp(s->at, words[i], len) == 0) {
			s->at += len;
			return true;
		}
	}
	return wrong(s, "expected a value"), false;
}

static enum state open_bracket(struct diag_json_scan *s, bool object)
{
	if (s->depth >= s->max_depth) {
		s->too_deep = true;
		return wrong(s, "nested too deeply");
	}
	s->object[s->depth++] = object;
	s->at++;
	return object ? AT_FIRST_KEY : AT_FIRST_VALUE;
}

static enum state close_bracket(struct diag_json_scan *s)
{
	s->depth--;
	s->at++;
	return AT_NEXT;
}

static enum state value(struct diag_json_scan *s)
{
	bool ok;

	if (s->at == s->end)
		return wrong(s, "expected a value, the text ends");
	if (*s->at == '{' || *s->at == '[')
		return open_bracket(s, *s->at == '{');
	if (*s->at == '"')
		ok = scan_string(s);
	else if (*s->at == '-' || is_digit(s))
		ok = scan_number(s);
	else
		ok = scan_word(s);
	return ok ? AT_NEXT : AT_ERROR;
}

static enum state key(struct diag_json_scan *s)
{
	if (!next_is(s, '"'))
		return wrong(s, "expected a key in double quotes");
	if (++s->keys == s->stop_key)
		return AT_ERROR;
	if (!scan_string(s))
		return AT_ERROR;
	skip_blanks(s);
	if (!next_is(s, ':'))
		return wrong(s, "expected ':'");
	s->at++;
	return AT_VALUE;
}

static enum state next(struct diag_json_scan *s)
{
	bool object;

	if (s->depth == 0)
		return s->at == s->end || s->first_only
			   ? AT_END
			   : wrong(s, "expected nothing more after the value");
	object = s->object[s->depth - 1];
	if (next_is(s, object ? '}' : ']'))
		return close_bracket(s);
	if (!next_is(s, ','))
		return wrong(s, object ? "expected ',' or '}'"
				       : "expected ',' or ']'");
	s->at++;
	return object ? AT_KEY : AT_VALUE;
}

static enum state step(struct diag_json_scan *s, enum state state)
{
	skip_blanks(s);
	if (state == AT_FIRST_VALUE)
		return next_is(s, ']') ? close_bracket(s) : value(s);
	if (state == AT_FIRST_KEY)
		return next_is(s, '}') ? close_bracket(s) : key(s);
	if (state == AT_KEY)
		return key(s);
	return state == AT_NEXT ? next(s) : value(s);
}

void diag_json_scan_init(struct diag_json_scan *s, const void *text, size_t len,
			 unsigned max_depth)
{
	s->at = text;
	s->end = s->at + len;
	s->max_depth =
	    max_depth < DIAG_JSON_DEPTH ? max_depth : DIAG_JSON_DEPTH;
	s->depth = 0;
	s->keys = 0;
	s->stop_key = 0;
	s->want = NULL;
	s->first_only = false;
	s->too_deep = false;
}

bool diag_json_scan(struct diag_json_scan *s)
{
	enum state state = AT_VALUE;

	while (state != AT_END && state != AT_ERROR)
		state = step(s, state);
	return state == AT_END;
}
