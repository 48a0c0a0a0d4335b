/* SPDX-License-Identifier: MIT */
/* pick_lines.c - a key, something between, a value: most files of /etc. */
#include "bundle/collect/pick.h"

#include <string.h>

/* A key may have blanks in it ("latest handshake"): it ends where the line
 * does, or at one of these. */
static bool is_end(const char *key, struct diag_slice line, size_t len)
{
	return key[strlen(key) - 1] == '*' || line.len == len ||
	       strchr(" \t=:", line.p[len]) != NULL;
}

static bool line_has(const char *key, struct diag_slice line)
{
	const char *const one[] = { key, NULL };
	size_t len = strlen(key);

	len -= key[len - 1] == '*';
	return line.len >= len &&
	       pick_has(one, (struct diag_slice){ line.p, len }) &&
	       is_end(key, line, len);
}

bool diag_pick_lines(const struct diag_source *s, struct diag_slice text,
		     struct diag_buf *out, struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct diag_slice line;

	(void)err;
	while (diag_cursor_line(&c, &line)) {
		struct diag_slice rest = diag_slice_trim(line);
		size_t i = 0;

		while (s->keys[i] != NULL && !line_has(s->keys[i], rest))
			i++;
		if (rest.len > 0 && s->keys[i] != NULL)
			pick_put(out, line);
	}
	return true;
}

/* --- sections --------------------------------------------------------------
 */

#define NAME_MAX_BYTES 128 /* of "section.key" */

static bool is_header(struct diag_slice line, struct diag_slice *name)
{
	if (line.len < 2 || line.p[0] != '[' || line.p[line.len - 1] != ']')
		return false;
	*name =
	    diag_slice_trim((struct diag_slice){ line.p + 1, line.len - 2 });
	return true;
}

static struct diag_slice key_of(struct diag_slice line)
{
	size_t len = 0;

	while (len < line.len && line.p[len] != '=')
		len++;
	return diag_slice_trim((struct diag_slice){ line.p, len });
}

static bool ini_has(const struct diag_source *s, struct diag_slice section,
		    struct diag_slice key)
{
	char name[NAME_MAX_BYTES];

	if (section.len + key.len + 1 > sizeof(name))
		return false;
	if (section.len > 0)
		memcpy(name, section.p, section.len);
	name[section.len] = '.';
	if (key.len > 0)
		memcpy(name + section.len + 1, key.p, key.len);
	return pick_has(s->keys,
			(struct diag_slice){ name, section.len + 1 + key.len });
}

bool diag_pick_ini(const struct diag_source *s, struct diag_slice text,
		   struct diag_buf *out, struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct diag_slice section = { "", 0 }, line;
	bool told = true; /* the section's header */

	(void)err;
	while (diag_cursor_line(&c, &line)) {
		line = diag_slice_trim(line);
		if (is_header(line, &section)) {
			told = false;
			continue;
		}
		if (line.len == 0 || !ini_has(s, section, key_of(line)))
			continue;
		if (!told)
			diag_buf_printf(out, "[%.*s]\n", (int)section.len,
					section.p);
		told = true;
		pick_put(out, line);
	}
	return true;
}
