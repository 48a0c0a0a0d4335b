/* SPDX-License-Identifier: MIT */
/* edits.c - from a text and its edits to the new text. */
#include "fix/edits.h"

bool diag_edits_len(const struct diag_edits *edits, size_t len, size_t *out,
		    struct diag_err *err)
{
	size_t at = 0;

	*out = len;
	for (size_t i = 0; i < edits->n; i++) {
		const struct diag_edit *e = &edits->items[i];

		if (e->at < at || e->at > len || e->len > len - e->at)
			return diag_fail(err, DIAG_EUSAGE, "edits",
					 "out of order or beyond the text");
		at = e->at + e->len;
		*out += e->put_len - e->len;
	}
	return true;
}

bool diag_edits_apply(const struct diag_edits *edits, const char *text,
		      size_t len, struct diag_buf *out, struct diag_err *err)
{
	size_t at = 0, new_len;

	if (!diag_edits_len(edits, len, &new_len, err))
		return false;
	(void)diag_buf_room(out, new_len);
	for (size_t i = 0; i < edits->n; i++) {
		const struct diag_edit *e = &edits->items[i];

		diag_buf_put(out, text + at, e->at - at);
		diag_buf_put(out, e->put, e->put_len);
		at = e->at + e->len;
	}
	diag_buf_put(out, text + at, len - at);
	return diag_buf_ok(out, err, "edits");
}
