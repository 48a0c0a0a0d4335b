/* SPDX-License-Identifier: MIT */
/* pick.c - see pick.h. */
#include "bundle/collect/pick.h"

#include <string.h>

#include "net/addr.h"

static bool begins(struct diag_slice name, const char *head, size_t len)
{
	struct diag_cursor c = diag_cursor_of(name.p, name.len);

	for (size_t i = 0; i < len; i++) {
		const char one[] = { head[i], '\0' };

		if (!diag_cursor_take(&c, one))
			return false;
	}
	return true;
}

bool pick_has(const char *const *keys, struct diag_slice name)
{
	for (size_t i = 0; keys[i] != NULL; i++) {
		size_t len = strlen(keys[i]);
		bool open = keys[i][len - 1] == '*';

		if (open ? begins(name, keys[i], len - 1)
			 : diag_slice_eq_nocase(name, keys[i]))
			return true;
	}
	return false;
}

/* Where a URL may end: what RFC 3986 has no place for, and what lists are
 * written with.  A slash does not end it: a password may have one in it, and
 * too much gone is better than too little. */
static bool ends_word(char c)
{
	return (unsigned char)c <= ' ' || strchr("\"'<>,;|`", c) != NULL;
}

/* Where "NAME=" in front of "user:password@host" ends. */
static size_t after_name(struct diag_slice word)
{
	size_t from = 0;

	for (size_t i = 0; i < word.len && word.p[i] != ':'; i++)
		if (word.p[i] == '=')
			from = i + 1;
	return from;
}

/* dnsmasq's ADDRESS@INTERFACE has a colon as well. */
static bool is_address(struct diag_slice s)
{
	struct diag_addr addr;

	for (size_t i = s.len; i-- > 0;)
		if (s.p[i] == '/') {
			s.p += i + 1;
			s.len -= i + 1;
			break;
		}
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '#')
			s.len = i;
	return diag_addr_parse_n(s.p, s.len, &addr);
}

/* Bytes [*from, to) of a word that are a user and perhaps a password. */
static size_t user_part(struct diag_slice word, size_t *from)
{
	size_t at = 0, colon = word.len;

	*from = word.len;
	for (size_t i = word.len; i-- > 0;) {
		if (word.p[i] == '@' && at == 0)
			at = i;
		if (word.p[i] == ':')
			colon = i;
		if (i + 3 <= word.len && memcmp(word.p + i, "://", 3) == 0)
			*from = i + 3;
	}
	if (*from < word.len)
		return at > *from ? at : 0;
	*from = after_name(word);
	if (colon >= at || at <= *from ||
	    is_address((struct diag_slice){ word.p + *from, at - *from }))
		return 0;
	return at;
}

void pick_put(struct diag_buf *out, struct diag_slice line)
{
	size_t i = 0;

	while (i < line.len) {
		struct diag_slice word = { line.p + i, 0 };
		size_t from, to;

		while (i + word.len < line.len && !ends_word(word.p[word.len]))
			word.len++;
		to = user_part(word, &from);
		if (to > 0) {
			diag_buf_put(out, word.p, from);
			diag_buf_puts(out, "[masked:user]");
		}
		if (word.len > to)
			diag_buf_put(out, word.p + to, word.len - to);
		i += word.len;
		if (i < line.len)
			diag_buf_putc(out, line.p[i++]);
	}
	diag_buf_putc(out, '\n');
}
