/* SPDX-License-Identifier: MIT */
/* dns_name.c - see dns_name.h. */
#include "wire/dns_name.h"

#include <stdio.h>
#include <string.h>

#include "base/cursor.h"

#define LABEL_MAX 63
#define NAME_TEXT (WNAME_MAX * 4 + 8) /* every byte as \DDD */

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

bool wname_eq(struct wname a, struct wname b)
{
	if (a.len != b.len)
		return false;
	if (a.len > 0 && memcmp(a.p, b.p, a.len) == 0)
		return true; /* nearly always */
	/* Length bytes are below 64 and have no case. */
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

struct wname wname_make(const char *name, uint8_t room[WNAME_MAX])
{
	struct diag_cursor c = diag_cursor_of(name, strlen(name));
	struct diag_slice label;
	size_t n = 0;
	bool more = diag_cursor_left(&c) > 0;

	while (more) {
		more = diag_cursor_until(&c, '.', &label);
		if (!more)
			label = (struct diag_slice){ (const char *)c.at,
						     diag_cursor_left(&c) };
		if (label.len > LABEL_MAX || n + label.len + 2 > WNAME_MAX)
			return (struct wname){ NULL, 0 };
		room[n++] = (uint8_t)label.len;
		memcpy(room + n, label.p, label.len);
		n += label.len;
	}
	room[n++] = 0;
	return (struct wname){ room, n };
}

static size_t put_byte(char *out, uint8_t c)
{
	bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		     c == '-' || c == '_' || c == '*';

	if (!plain)
		return (size_t)snprintf(out, 5, "\\%03u", (unsigned)c);
	*out = (char)c;
	return 1;
}

const char *wname_text(struct diag_arena *arena, struct wname w)
{
	struct diag_cursor c =
	    diag_cursor_of(w.p, w.len <= WNAME_MAX ? w.len : 0);
	char text[NAME_TEXT];
	size_t n = 0;
	uint8_t label, byte;

	while (diag_cursor_u8(&c, &label) && label > 0) {
		if (n > 0)
			text[n++] = '.';
		for (; label > 0 && diag_cursor_u8(&c, &byte); label--)
			n += put_byte(text + n, lower(byte));
	}
	if (n == 0)
		text[n++] = '.';
	return diag_arena_strn(arena, text, n);
}
