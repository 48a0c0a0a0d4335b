/* SPDX-License-Identifier: MIT */
/* pick_tags.c - contents of named XML elements.
 *
 * No XML reader: what is between <NAME> and </NAME> is a word or two in the
 * files we look at, and whatever is not, stays out.
 */
#include "bundle/collect/pick.h"

#include <string.h>

#define CONTENT_MAX 256 /* bytes of what is an address or a name */

/* "<NAME>" or "<NAME attributes>"; *name without a prefix ("x:"). */
static bool opens(struct diag_slice tag, struct diag_slice *name)
{
	size_t n = 0;

	for (size_t i = 0; i < tag.len && strchr(" \t\r\n/", tag.p[i]) == NULL;
	     i++) {
		if (tag.p[i] == '\0')
			return false;
		n = i + 1;
	}
	*name = (struct diag_slice){ tag.p, n };
	for (size_t i = n; i-- > 0;)
		if (tag.p[i] == ':') {
			*name = (struct diag_slice){ tag.p + i + 1, n - i - 1 };
			break;
		}
	return name->len > 0 && tag.p[tag.len - 1] != '/';
}

static bool is_plain(struct diag_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < ' ' || strchr("<>&", s.p[i]))
			return false;
	return s.len > 0 && s.len <= CONTENT_MAX;
}

bool diag_pick_tags(const struct diag_source *s, struct diag_slice text,
		    struct diag_buf *out, struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct diag_slice before, tag, name, content;

	(void)err;
	while (diag_cursor_until(&c, '<', &before) &&
	       diag_cursor_until(&c, '>', &tag)) {
		struct diag_cursor rest = c;

		if (tag.len == 0 || !opens(tag, &name) ||
		    !pick_has(s->keys, name) ||
		    !diag_cursor_until(&rest, '<', &content))
			continue;
		content = diag_slice_trim(content);
		if (!is_plain(content))
			continue;
		diag_buf_printf(out, "%.*s ", (int)name.len, name.p);
		pick_put(out, content);
	}
	return true;
}
