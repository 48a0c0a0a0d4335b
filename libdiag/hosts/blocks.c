/* SPDX-License-Identifier: MIT */
/* blocks.c - do two lines stand in one block that pl-hosts wrote? */
#include <string.h>

#include "hosts/internal.h"
#include "hosts/marks.h"

#define LOOKED_AT 256 /* lines of a block; longer ones are not recognised */

static size_t lines_back(const char *text, size_t at)
{
	for (unsigned n = 0; n < LOOKED_AT && at > 0; n++) {
		at--;
		while (at > 0 && text[at - 1] != '\n')
			at--;
	}
	return at;
}

static struct diag_slice line_at(const struct diag_hosts_table *t, size_t at)
{
	const char *p = t->text + at, *lf = memchr(p, '\n', t->len - at);

	return (struct diag_slice){ p, lf ? (size_t)(lf - p) : t->len - at };
}

bool hosts_in_one_block(const struct diag_hosts_table *t, uint32_t first,
			uint32_t last)
{
	size_t from = t->rows[first].line_at, to = t->rows[last].line_at;
	struct diag_hosts_mark mark;
	struct diag_slice line;
	bool inside = false;

	if (t->rows[last].line - t->rows[first].line > LOOKED_AT)
		return false;
	for (size_t at = lines_back(t->text, from); at < to;
	     at += line.len + 1) {
		line = line_at(t, at);
		diag_hosts_mark_read(line, &mark);
		if (mark.kind == DIAG_HOSTS_MARK_BEGIN)
			inside = at < from;
		else if (mark.kind == DIAG_HOSTS_MARK_END)
			inside = false;
	}
	return inside;
}
