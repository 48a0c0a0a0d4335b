/* SPDX-License-Identifier: MIT */
/* explain.c - docs/findings.md, which is compiled in, one section at a time.
 *
 * A section starts with a line "## CODE" (the code may stand in backticks)
 * and ends before the next line that starts with "## ".
 */
#include "tools/shell.h"

#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "findings_md.h"

/* The code a line opens, or an empty slice. */
static struct diag_slice code_of(struct diag_slice line)
{
	struct diag_slice code = { NULL, 0 };

	if (line.len < 3 || memcmp(line.p, "## ", 3) != 0)
		return code;
	code = diag_slice_trim((struct diag_slice){ line.p + 3, line.len - 3 });
	if (code.len > 2 && code.p[0] == '`' && code.p[code.len - 1] == '`')
		code = (struct diag_slice){ code.p + 1, code.len - 2 };
	/* "## How to read this" is a heading, not a code. */
	return memchr(code.p, ' ', code.len) || !memchr(code.p, '.', code.len)
		   ? (struct diag_slice){ NULL, 0 }
		   : code;
}

static bool is_heading(struct diag_slice line)
{
	return line.len >= 3 && memcmp(line.p, "## ", 3) == 0;
}

static void put_line(struct diag_buf *out, struct diag_slice line)
{
	diag_buf_put(out, line.p, line.len);
	diag_buf_putc(out, '\n');
}

/* Codes of the same family, or close to what was typed. */
static void put_near(struct diag_buf *out, const char *code)
{
	struct diag_cursor at =
	    diag_cursor_of(findings_md_bytes, findings_md_len);
	size_t family = strcspn(code, ".");
	struct diag_slice line;

	while (diag_cursor_line(&at, &line)) {
		struct diag_slice row = code_of(line);
		char name[80];

		if (!row.len || row.len >= sizeof(name))
			continue;
		memcpy(name, row.p, row.len);
		name[row.len] = '\0';
		if (diag_text_distance(name, code) < 4 ||
		    (family && strncmp(name, code, family + 1) == 0))
			diag_buf_printf(out, "  %s\n", name);
	}
}

bool tool_explain(const char *code, struct diag_buf *out)
{
	struct diag_cursor at =
	    diag_cursor_of(findings_md_bytes, findings_md_len);
	struct diag_slice line;
	bool found = false;

	while (diag_cursor_line(&at, &line)) {
		if (found && is_heading(line))
			break;
		if (!found && code_of(line).len)
			found = diag_slice_eq_nocase(code_of(line), code);
		if (found)
			put_line(out, line);
	}
	if (!found)
		put_near(out, code);
	return found;
}
