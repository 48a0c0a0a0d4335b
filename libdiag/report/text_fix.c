/* SPDX-License-Identifier: MIT */
/* text_fix.c - what to do about a cause: now or lasting, who, and how. */
#include <string.h>

#include "base/text.h"
#include "report/page.h"

#define LINES_SHOWN 12 /* of a fix that has no command */
#define TEXT_MIN    36 /* columns for a fix beside its label */

const char *page_fix_label(struct page *p, const struct diag_fix *fix)
{
	static const char *const people[] = {
		[DIAG_WHO_USER] = "here",
		[DIAG_WHO_VPN_ADMIN] = "VPN admin",
		[DIAG_WHO_DNS_ADMIN] = "DNS admin",
		[DIAG_WHO_AZURE_ADMIN] = "Azure admin",
		[DIAG_WHO_PROXY_ADMIN] = "proxy admin",
		[DIAG_WHO_NETWORK_ADMIN] = "network admin",
	};

	return page_text(p, "%s, %s", fix->lasting ? "lasting" : "now",
			 people[fix->who]);
}

/* The column where a command begins: it is never wrapped or cut, because it
 * is there to be copied, but it may have a line of its own further left. */
static size_t command_column(const struct page *p, const char *command,
			     size_t left)
{
	return left + diag_text_width(command) <= p->width ? left
							   : PAGE_MARGIN + 2;
}

static void put_command(struct page *p, const struct diag_fix *fix, size_t left)
{
	const char *command = page_clean(p, fix->command);
	const char *undo = page_text(p, "undo: %s", page_clean(p, fix->undo));
	size_t end = left + diag_text_width(command);

	page_put(p, PAGE_BOLD, command);
	if (fix->undo == NULL) {
		page_end_line(p);
		return;
	}
	if (end + 3 + diag_text_width(undo) > p->width) {
		page_end_line(p);
		page_pad(p, left);
	} else {
		page_pad(p, 3);
	}
	page_put(p, PAGE_PLAIN, undo);
	page_end_line(p);
}

static size_t lines_shown(const struct page *p, const struct diag_fix *fix)
{
	if (p->in->verbose > 0)
		return fix->n_lines;
	if (fix->command != NULL)
		return 0; /* it writes them */
	return fix->n_lines < LINES_SHOWN ? fix->n_lines : LINES_SHOWN;
}

/* As commands: further left rather than cut. */
static void put_lines(struct page *p, const struct diag_fix *fix, size_t left)
{
	size_t shown = lines_shown(p, fix);
	size_t column = left;

	for (size_t i = 0; i < shown; i++)
		if (column == left)
			column = command_column(p, page_clean(p, fix->lines[i]),
						left);
	for (size_t i = 0; i < shown; i++) {
		page_pad(p, column);
		page_put(p, PAGE_PLAIN, page_clean(p, fix->lines[i]));
		page_end_line(p);
	}
	if (shown > 0 && shown < fix->n_lines) {
		page_pad(p, column);
		page_put(p, PAGE_PLAIN,
			 page_text(p, "and %zu more lines (-v shows them)",
				   fix->n_lines - shown));
		page_end_line(p);
	}
}

/* Lines that several causes share are shown once. */
static bool same_lines(const struct diag_fix *a, const struct diag_fix *b)
{
	if (a->n_lines == 0 || a->n_lines != b->n_lines)
		return false;
	for (size_t i = 0; i < a->n_lines; i++)
		if (strcmp(a->lines[i], b->lines[i]) != 0)
			return false;
	return true;
}

size_t page_fix_under(const struct page *p, const struct diag_cause *c,
		      const struct diag_fix *fix)
{
	const struct diag_verdict *v = p->in->v;

	for (size_t i = 0; i < v->n_causes && &v->causes[i] != c; i++)
		for (size_t k = 0; k < v->causes[i].n_fixes; k++)
			if (same_lines(&v->causes[i].fixes[k], fix))
				return i + 1;
	return 0;
}

/* Text and command of a fix; its label stands before the column left. */
static void put_what(struct page *p, const struct diag_fix *fix, size_t left)
{
	const char *text = page_clean(p, fix->text);
	const char *command = page_clean(p, fix->command);
	size_t column = command_column(p, command, left);

	if (text[0] != '\0')
		page_paragraph(p, left, text);
	else if (command[0] == '\0' || column != left)
		page_end_line(p);
	if (command[0] == '\0')
		return;
	if (text[0] != '\0' || column != left)
		page_pad(p, column);
	put_command(p, fix, column);
}

static void put_fix(struct page *p, const struct diag_cause *c,
		    const struct diag_fix *fix, size_t left)
{
	size_t under = page_fix_under(p, c, fix);

	page_cell(p, PAGE_PLAIN, page_fix_label(p, fix), left - PAGE_MARGIN);
	if (left + TEXT_MIN > p->width) {
		page_end_line(p);
		left = PAGE_MARGIN + 2;
		page_pad(p, left);
	}
	if (under > 0) {
		page_paragraph(p, left,
			       page_text(p,
					 "The lines under cause %zu are for "
					 "these names too.",
					 under));
		return;
	}
	put_what(p, fix, left);
	put_lines(p, fix, left);
}

void page_fixes(struct page *p, const struct diag_cause *c)
{
	size_t label = 0;

	for (size_t i = 0; i < c->n_fixes; i++) {
		size_t n = diag_text_width(page_fix_label(p, &c->fixes[i]));

		label = n > label ? n : label;
	}
	for (size_t i = 0; i < c->n_fixes; i++) {
		page_label(p, i == 0 ? "Fix" : "");
		put_fix(p, c, &c->fixes[i], PAGE_MARGIN + label + 2);
	}
}
