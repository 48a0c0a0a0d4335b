/* SPDX-License-Identifier: MIT */
/* html_fix.c - what to do about a cause, ready to be copied: one click selects
 * a whole command, and nothing of it is ever cut. */
#include "report/html.h"

static void put_copied(struct html *h, const char *s)
{
	html_raw(h, "<pre class=\"copy\" tabindex=\"0\"><code>");
	html_whole(h, s);
	html_raw(h, "</code></pre>\n");
}

static void put_lines(struct html *h, const struct diag_fix *fix)
{
	bool is_folded = fix->command != NULL || fix->n_lines > HTML_LINES_OPEN;

	if (fix->n_lines == 0)
		return;
	if (is_folded) {
		html_fold(h);
		html_fmt(h, "%zu %s to copy", fix->n_lines,
			 page_plural(fix->n_lines, "line", "lines"));
		html_fold_body(h);
	}
	html_raw(h, "<pre class=\"copy lines\" tabindex=\"0\"><code>");
	for (size_t i = 0; i < fix->n_lines; i++) {
		html_raw(h, i > 0 ? "\n" : "");
		html_whole(h, fix->lines[i]);
	}
	html_raw(h, "</code></pre>\n");
	if (is_folded)
		html_fold_end(h);
}

static void put_what(struct html *h, const struct diag_fix *fix)
{
	if (fix->text != NULL && fix->text[0] != '\0') {
		html_raw(h, "<p>");
		html_text(h, fix->text);
		html_raw(h, "</p>\n");
	}
	if (fix->command != NULL)
		put_copied(h, fix->command);
	put_lines(h, fix);
	if (fix->undo == NULL)
		return;
	html_raw(h, "<p class=\"undo\">To undo it:</p>\n");
	put_copied(h, fix->undo);
}

static void put_fix(struct html *h, const struct diag_cause *c,
		    const struct diag_fix *fix)
{
	size_t under = page_fix_under(&h->page, c, fix);

	html_raw(h, "<li>\n<p class=\"who\">");
	html_text(h, page_fix_label(&h->page, fix));
	html_raw(h, "</p>\n");
	if (under > 0)
		html_fmt(h,
			 "<p>The lines under cause %zu are for these names "
			 "too.</p>\n",
			 under);
	else
		put_what(h, fix);
	html_raw(h, "</li>\n");
}

void html_fixes(struct html *h, const struct diag_cause *c)
{
	if (c->n_fixes == 0)
		return;
	html_raw(h, "<h4>What repairs it</h4>\n<ol class=\"fixes\">\n");
	for (size_t i = 0; i < c->n_fixes; i++)
		put_fix(h, c, &c->fixes[i]);
	html_raw(h, "</ol>\n");
}
