/* SPDX-License-Identifier: MIT */
/* html_put.c - pieces of the page; the only file that escapes. */
#include <stdarg.h>
#include <string.h>

#include "base/markup.h"
#include "base/time.h"
#include "report/html.h"

void html_raw(struct html *h, const char *markup)
{
	diag_buf_puts(h->out, markup);
}

void html_fmt(struct html *h, const char *fmt, ...)
{
	va_list args;
	const char *s;

	va_start(args, fmt);
	s = diag_arena_vprintf(&h->page.arena, fmt, args);
	va_end(args);
	h->page.no_memory = h->page.no_memory || s == NULL;
	diag_buf_puts(h->out, s);
}

void html_text(struct html *h, const char *s)
{
	diag_markup_text(h->out, &h->safe, s, HTML_TEXT_BYTES);
}

void html_whole(struct html *h, const char *s)
{
	diag_markup_text(h->out, &h->safe, s, 0);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Up to a dot that a letter follows, and the dot; addresses stay whole.  A dot
 * is ASCII, so what is between dots is whole characters. */
static size_t part_of_name(const char *s)
{
	size_t n = strcspn(s, ".");

	while (s[n] == '.' && !is_letter(s[n + 1]))
		n += 1 + strcspn(s + n + 1, ".");
	return n + (s[n] == '.');
}

void html_name(struct html *h, const char *s)
{
	size_t left = s != NULL ? HTML_TEXT_BYTES : 0;

	while (left > 0 && *s != '\0') {
		size_t n = part_of_name(s);
		char *part;

		n = n < left ? n : left;
		part = diag_arena_strn(&h->page.arena, s, n);
		h->page.no_memory = h->page.no_memory || part == NULL;
		html_text(h, part);
		s += n;
		left -= n;
		if (*s != '\0')
			html_raw(h, left > 0 ? "<wbr>" : "\xe2\x80\xa6");
	}
}

void html_code(struct html *h, const char *s)
{
	html_raw(h, "<code>");
	html_name(h, s);
	html_raw(h, "</code>");
}

void html_time(struct html *h, int64_t t_s)
{
	char text[DIAG_TIME_TEXT];

	html_text(h, diag_time_text(t_s, text));
}

void html_fact_link(struct html *h, uint32_t fact)
{
	if (fact == 0)
		return;
	if (html_is_shown(h, fact))
		diag_buf_printf(h->out,
				"<a class=\"ref\" href=\"#fact-%u\">#%u</a>",
				fact, fact);
	else
		diag_buf_printf(h->out, "<span class=\"ref\">#%u</span>", fact);
}

/* Findings that are not shown have no place to link to. */
static bool has_place(const struct html *h, const struct diag_finding *f)
{
	const struct diag_verdict *v = h->in.v;

	for (size_t i = 0; i < v->n_findings && i < HTML_FINDINGS; i++)
		if (&v->findings[i] == f)
			return true;
	return false;
}

void html_finding_link(struct html *h, const struct diag_finding *f)
{
	bool is_shown = has_place(h, f);

	if (is_shown)
		html_fmt(h, "<a href=\"#f%u\">", f->id);
	html_text(h, f->info->code);
	html_raw(h, is_shown ? "</a>" : "");
}

void html_section(struct html *h, const char *id, const char *title)
{
	html_fmt(h,
		 "<section id=\"%s\" aria-labelledby=\"%s-title\">\n"
		 "<h2 id=\"%s-title\">%s</h2>\n",
		 id, id, id, title);
}

void html_section_end(struct html *h)
{
	html_raw(h, "</section>\n");
}

void html_fold(struct html *h)
{
	html_raw(h, "<details><summary>");
}

void html_fold_body(struct html *h)
{
	html_raw(h, "</summary>\n");
}

void html_fold_end(struct html *h)
{
	html_raw(h, "</details>\n");
}

void html_left_out(struct html *h, size_t n, const char *one, const char *many)
{
	if (n == 0)
		return;
	html_fmt(h,
		 "<p class=\"more\">%zu more %s left out here; the JSON report "
		 "(<code>--json</code>) has everything.</p>\n",
		 n, page_plural(n, one, many));
}

static void put_names(struct html *h, const char *const *names, size_t n)
{
	html_raw(h, "<ul class=\"names\">\n");
	for (size_t i = 0; i < n; i++) {
		html_raw(h, "<li>");
		html_code(h, names[i]);
		html_raw(h, "</li>\n");
	}
	html_raw(h, "</ul>\n");
}

void html_names(struct html *h, const char *const *names, size_t n,
		size_t in_sight)
{
	size_t shown = n < HTML_NAMES ? n : HTML_NAMES;

	if (n == 0)
		return;
	if (n > in_sight) {
		html_fold(h);
		html_fmt(h, "%zu %s", n, page_plural(n, "name", "names"));
		html_fold_body(h);
	}
	put_names(h, names, shown);
	html_left_out(h, n - shown, "name is", "names are");
	if (n > in_sight)
		html_fold_end(h);
}

void html_dd(struct html *h, const char *label)
{
	html_fmt(h, "<div><dt>%s</dt><dd>", label);
}

void html_dd_end(struct html *h)
{
	html_raw(h, "</dd></div>\n");
}

/* --- words and signs ------------------------------------------------------ */

const char *html_status_class(enum diag_target_status s)
{
	static const char *const classes[] = { [DIAG_TARGET_OK] = "ok",
					       [DIAG_TARGET_WARN] = "warn",
					       [DIAG_TARGET_FAIL] = "fail",
					       [DIAG_TARGET_UNKNOWN] =
						   "dunno" };

	return classes[s];
}

const char *html_severity_class(enum diag_severity s)
{
	static const char *const classes[] = { [DIAG_INFO] = "dunno",
					       [DIAG_WARNING] = "warn",
					       [DIAG_ERROR] = "fail" };

	return classes[s];
}

void html_status(struct html *h, enum diag_target_status s)
{
	static const struct {
		const char *sign, *word;
	} marks[] = {
		[DIAG_TARGET_OK] = { "\xe2\x9c\x93", "fine" },
		[DIAG_TARGET_WARN] = { "!", "warning" },
		[DIAG_TARGET_FAIL] = { "\xe2\x9c\x97", "fails" },
		[DIAG_TARGET_UNKNOWN] = { "?", "unknown" },
	};

	html_fmt(h,
		 "<span class=\"sign %s\" aria-hidden=\"true\">%s</span>"
		 "<span class=\"vh\">%s: </span>",
		 html_status_class(s), marks[s].sign, marks[s].word);
}
