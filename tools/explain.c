/* SPDX-License-Identifier: MIT */
/* explain.c - what a finding code means: its section of docs/findings.md,
 * which is compiled into the verdict room.
 *
 * The section is Markdown; on a terminal its paragraphs are wrapped anew and
 * lose their stars.  Lines that begin with a blank, a dash or a bar are no
 * paragraph and stay as they are. */
#include "tools/shell.h"

#include <string.h>

#include "base/cursor.h"
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

/* --- Markdown ------------------------------------------------------------- */

#define PAGE_WIDTH 80

/* word without "**", behind the words that are on the line already. */
static void put_word(struct diag_buf *out, struct diag_slice word, size_t *at)
{
	char plain[PAGE_WIDTH * 4];
	size_t n = 0;
	size_t width;

	for (size_t i = 0; i < word.len && n + 1 < sizeof(plain); i++) {
		if (i + 1 < word.len && word.p[i] == '*' &&
		    word.p[i + 1] == '*')
			i++;
		else
			plain[n++] = word.p[i];
	}
	plain[n] = '\0';
	width = diag_text_width(plain);
	if (*at > 0 && *at + 1 + width > PAGE_WIDTH) {
		diag_buf_putc(out, '\n');
		*at = 0;
	} else if (*at > 0) {
		diag_buf_putc(out, ' ');
		*at += 1;
	}
	diag_buf_puts(out, plain);
	*at += width;
}

static void end_paragraph(struct diag_buf *out, size_t *at)
{
	if (*at > 0)
		diag_buf_putc(out, '\n');
	*at = 0;
}

static void put_section(struct diag_buf *out, const char *text)
{
	struct diag_cursor lines = diag_cursor_of(text, strlen(text));
	struct diag_slice line, word;
	size_t at = 0;

	while (diag_cursor_line(&lines, &line)) {
		struct diag_cursor words = diag_cursor_of(line.p, line.len);

		if (line.len == 0 || strchr(" -|", line.p[0])) {
			end_paragraph(out, &at);
			diag_buf_put(out, line.p, line.len);
			diag_buf_putc(out, '\n');
			continue;
		}
		while (diag_cursor_word(&words, &word))
			put_word(out, word, &at);
	}
	end_paragraph(out, &at);
}

bool tool_explain(const char *code, struct diag_buf *out)
{
	const struct diag_code_info *info = diag_code_find(code);

	if (info)
		put_section(out, info->explain);
	else
		put_near(out, code);
	return info != NULL;
}
