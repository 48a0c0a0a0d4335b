/* SPDX-License-Identifier: MIT */
/* python.c - what print() of the v1 SDK gives: a Python literal.
 *
 *	{'value': {'other_results': [], 'message': "It's", 'x': None}}
 *
 * Quotes of both kinds, None, True, False, tuples, and a comma before a
 * closing bracket.  What comes out is read as JSON, strictly, so nothing has
 * to be checked here but where the literal ends.  Source: Python Language
 * Reference, 2.4 and 6.2; repr() of str, dict and list.
 */
#include "import/internal.h"

#include <string.h>

#define LOOKED_AT 512 /* bytes: brackets and blanks before the first text */

struct python {
	struct diag_cursor c;
	struct diag_buf *out;
	unsigned depth;
};

static bool peek(const struct python *p, char *out)
{
	struct diag_cursor c = p->c;
	uint8_t byte;

	if (!diag_cursor_u8(&c, &byte))
		return false;
	*out = (char)byte;
	return true;
}

/* \xNN is \u00NN; the rest that repr() writes is the same in JSON, but for
 * \' . */
static bool take_escape(struct python *p)
{
	uint8_t c;

	if (!diag_cursor_u8(&p->c, &c))
		return false;
	if (c == 'x')
		diag_buf_puts(p->out, "\\u00");
	else if (c == '\'')
		diag_buf_putc(p->out, '\'');
	else
		diag_buf_printf(p->out, "\\%c", c);
	return true;
}

static bool take_string(struct python *p, char quote)
{
	uint8_t c;

	diag_buf_putc(p->out, '"');
	while (diag_cursor_u8(&p->c, &c) && c != '\n') {
		if (c == (uint8_t)quote) {
			diag_buf_putc(p->out, '"');
			return true;
		}
		if (c == '\\' && !take_escape(p))
			return false;
		if (c == '"')
			diag_buf_puts(p->out, "\\\"");
		else if (c != '\\')
			diag_buf_putc(p->out, (char)c);
	}
	return false;
}

static bool is_close(char c)
{
	return c == '}' || c == ']' || c == ')';
}

/* A comma counts only when something follows. */
static void take_comma(struct python *p)
{
	char c = '\0';

	while (peek(p, &c) && strchr(" \t\r\n", c) != NULL)
		(void)diag_cursor_skip(&p->c, 1);
	if (!is_close(c))
		diag_buf_putc(p->out, ',');
}

static bool take_word(struct python *p)
{
	static const char *const words[][2] = { { "None", "null" },
						{ "True", "true" },
						{ "False", "false" } };

	for (size_t i = 0; i < 3; i++) {
		if (diag_cursor_take(&p->c, words[i][0])) {
			diag_buf_puts(p->out, words[i][1]);
			return true;
		}
	}
	return false;
}

static void take_bracket(struct python *p, char c)
{
	p->depth = is_close(c) ? p->depth - 1 : p->depth + 1;
	diag_buf_putc(p->out, c == '(' ? '[' : c == ')' ? ']' : c);
}

static bool step(struct python *p)
{
	uint8_t c;

	if (take_word(p))
		return true;
	if (!diag_cursor_u8(&p->c, &c))
		return false;
	if (c == '\'' || c == '"')
		return take_string(p, (char)c);
	if (c == ',')
		take_comma(p);
	else if (c != '\0' && strchr("{[(}])", c) != NULL)
		take_bracket(p, (char)c);
	else
		diag_buf_putc(p->out, (char)c);
	return p->out->code == DIAG_OK;
}

/* Only what begins with a text in single quotes, or has one as a value of its
 * first key, is worth the walk. */
static bool looks_so(const char *text, size_t len)
{
	size_t i = 1;

	len = len < LOOKED_AT ? len : LOOKED_AT;
	while (i < len && strchr(" \t\r\n{[(", text[i]) != NULL &&
	       text[i] != '\0')
		i++;
	return len > 1 && strchr("{[", text[0]) != NULL && i < len &&
	       text[i] == '\'';
}

bool import_python(const char *text, size_t len, struct diag_buf *out,
		   size_t *used)
{
	struct python p = { .c = diag_cursor_of(text, len), .out = out };

	if (!looks_so(text, len))
		return false;
	do {
		if (!step(&p) || p.depth > DIAG_IMPORT_DEPTH)
			return false;
	} while (p.depth > 0);
	*used = len - diag_cursor_left(&p.c);
	return true;
}
