/* SPDX-License-Identifier: MIT */
/* explain.c - what a finding code means: its section of docs/findings.md,
 * which is compiled into the verdict room. */
#include "tools/shell.h"

#include <string.h>

#include "base/text.h"
#include "verdict/verdict.h"

/* Of the same family ("dns."), or a slip away. */
static bool is_near(const char *code, const char *typed)
{
	size_t family = strcspn(typed, ".");

	return diag_text_distance(code, typed) < 4 ||
	       (family > 0 && strncmp(code, typed, family) == 0 &&
		code[family] == '.');
}

static void put_near(struct diag_buf *out, const char *typed)
{
	const struct diag_code_info *rows;
	size_t n = diag_code_all(&rows);

	for (size_t i = 0; i < n; i++)
		if (is_near(rows[i].code, typed))
			diag_buf_printf(out, "  %s\n", rows[i].code);
}

bool tool_explain(const char *code, struct diag_buf *out)
{
	const struct diag_code_info *info = diag_code_find(code);

	if (info)
		diag_buf_puts(out, info->explain);
	else
		put_near(out, code);
	return info != NULL;
}
