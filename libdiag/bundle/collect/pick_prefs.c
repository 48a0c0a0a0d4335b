/* SPDX-License-Identifier: MIT */
/* pick_prefs.c - what Firefox keeps in prefs.js and user.js.
 *
 * A line is user_pref("KEY", VALUE); and nothing else; lines that are longer
 * than any of ours hold something that is not ours.
 */
#include "bundle/collect/pick.h"

#define LINE_MAX_BYTES 4096

/* The key of a line that is a preference. */
static bool key_of(struct diag_slice line, struct diag_slice *key)
{
	struct diag_cursor c = diag_cursor_of(line.p, line.len);

	if (line.len > LINE_MAX_BYTES)
		return false;
	if (!diag_cursor_take(&c, "user_pref(") &&
	    !diag_cursor_take(&c, "lockPref(") &&
	    !diag_cursor_take(&c, "defaultPref(") &&
	    !diag_cursor_take(&c, "pref("))
		return false;
	while (diag_cursor_take(&c, " "))
		;
	return diag_cursor_take(&c, "\"") && diag_cursor_until(&c, '"', key);
}

bool diag_pick_prefs(const struct diag_source *s, struct diag_slice text,
		     struct diag_buf *out, struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct diag_slice line, key;

	(void)err;
	while (diag_cursor_line(&c, &line)) {
		line = diag_slice_trim(line);
		if (key_of(line, &key) && pick_has(s->keys, key))
			pick_put(out, line);
	}
	return true;
}
