/* SPDX-License-Identifier: MIT */
/* page.h - a page of text for people: width, colour, wrapping; private to the
 * renderers of this room and to bundle/compare_text.c.
 *
 * What is put on a page went through page_clean() once: names, errors and
 * certificates come from outside and must not steer a terminal.  Colour only
 * repeats what the words say.
 */
#ifndef DIAG_REPORT_PAGE_H
#define DIAG_REPORT_PAGE_H

#include "base/arena.h"
#include "report/report.h"

enum page_color {
	PAGE_PLAIN,
	PAGE_BOLD,
	PAGE_DIM,
	PAGE_RED,
	PAGE_GREEN,
	PAGE_YELLOW,
	PAGE_CYAN,
};

struct page {
	const struct diag_report_in *in;
	struct diag_buf *out;
	struct diag_arena arena; /* of everything that is only shown */
	size_t width;
	bool no_memory;
};

void page_init(struct page *p, const struct diag_report_in *in,
	       struct diag_buf *out);
/* Ends the page; false: it is not whole. */
DIAG_MUST_USE
bool page_end(struct page *p, struct diag_err *err);

/* s made harmless, and ASCII if the page is; "" for NULL. */
const char *page_clean(struct page *p, const char *s);
/* From clean pieces. */
const char *page_text(struct page *p, const char *fmt, ...) DIAG_PRINTF(2, 3);
/* At most width columns: a workspace's id is shortened first, then the
 * middle.  Not for addresses. */
const char *page_fit(struct page *p, const char *s, size_t width);

/* The same, but as much is kept of the end as of the beginning. */
const char *page_middle(struct page *p, const char *s, size_t width);

/* The rest puts clean text. */
void page_put(struct page *p, enum page_color color, const char *s);
/* s, then blanks up to width columns. */
void page_cell(struct page *p, enum page_color color, const char *s,
	       size_t width);
void page_pad(struct page *p, size_t n);
void page_end_line(struct page *p); /* trailing blanks are taken back */
/* Words between the columns left, where the cursor is, and right, on as many
 * lines as it takes; gives the column after the last.  A word that is longer
 * than a line is cut in its middle. */
size_t page_words(struct page *p, size_t left, size_t right, const char *s);
/* The same up to the page's width, and the line is ended. */
void page_paragraph(struct page *p, size_t left, const char *s);

/* "  Proof  ": begins a line of a cause; its text begins at PAGE_MARGIN. */
#define PAGE_MARGIN 9
void page_label(struct page *p, const char *label);

const char *page_plural(size_t n, const char *one, const char *many);
const char *page_ms(struct page *p, double ms); /* "52 ms", "3.2 s" */

/* What the HTML page says in the same words. */
const char *page_subject(struct page *p);  /* "ws1103 (eastus), client" */
const char *page_sentence(struct page *p); /* the verdict's */
const char *page_detail(struct page *p, const struct diag_finding *f);
/* The same, or that a cause says so already. */
const char *page_told(struct page *p, const struct diag_finding *f);
/* Proof line i says what an earlier one said. */
bool page_proof_repeats(const struct diag_finding *f, size_t i);
const char *page_fix_label(struct page *p, const struct diag_fix *fix);
/* The number of an earlier cause whose fix has the same lines; 0: none. */
size_t page_fix_under(const struct page *p, const struct diag_cause *c,
		      const struct diag_fix *fix);
const char *page_fact_about(struct page *p, const struct diag_fact *f);

/* What an older report said (in->before is there). */
const char *page_before(struct page *p);

/* Parts of the page. */
void page_head(struct page *p);
void page_put_before(struct page *p);
void page_causes(struct page *p);
void page_fixes(struct page *p, const struct diag_cause *c);
void page_findings(struct page *p);
void page_table(struct page *p);
void page_notes(struct page *p); /* how many are not shown */
void page_facts(struct page *p);

#endif
