/* SPDX-License-Identifier: MIT */
/* html.h - the report as one page for a browser; private.
 *
 * The page holds everything it shows: style and pictures are in it, it has no
 * script, and its policy (Content Security Policy 3) lets a browser load
 * nothing and apply no other style than the one whose hash it names, so not
 * even a hole in our escaping could do anything.
 *
 * Whatever comes from outside is put by html_text() and its kin, which escape;
 * html_raw() takes literals of ours.  Numbers are whole ones: a decimal point
 * would depend on the locale.
 *
 * A page is for reading: what would make it long is folded, what would make it
 * huge is left out and counted.  The limits stand below.
 */
#ifndef DIAG_REPORT_HTML_H
#define DIAG_REPORT_HTML_H

#include "report/page.h"
#include "report/table.h"

#define HTML_TEXT_BYTES 4096 /* of one text from outside */
#define HTML_FACTS	1500 /* shown */
#define HTML_FACTS_RAW	300  /* shown as JSON, too */
#define HTML_LINKED	1000 /* facts shown because a finding names them */
#define HTML_EVIDENCE	40   /* facts that one finding links to */
#define HTML_FINDINGS	200
#define HTML_CAUSES	40
#define HTML_ROWS	2000 /* of the matrix */
#define HTML_ROWS_OPEN	40   /* … that are not folded */
#define HTML_VIEWS	8    /* columns of it */
#define HTML_PICTURES	12
#define HTML_TIMINGS	40
#define HTML_CERTS	24
#define HTML_NAMES	200 /* in one list */
#define HTML_LINES_OPEN 24  /* of a fix, that are not folded */
#define HTML_CHAIN	16  /* aliases, or certificates */
#define HTML_BACK	8   /* findings that a fact links to */

/* A finding stands on a fact. */
struct html_ref {
	uint32_t fact;
	unsigned finding;
};

struct html {
	struct page page;	  /* memory, and the words of the text page */
	struct diag_report_in in; /* with everything shown; page.in is this */
	struct diag_buf *out;
	struct diag_buf safe; /* scratch of the escape */
	struct table table;   /* every name, in order of the inventory */
	size_t *order;	      /* rows of it, those that fail first */
	/* Facts about a name or an address, by target and id; and the routes.
	 */
	const struct diag_fact **facts, **routes;
	size_t n_facts, n_routes;
	struct html_ref *refs; /* by fact, then finding */
	size_t n_refs;
	uint32_t *shown; /* facts that can be linked to, ascending */
	size_t n_shown;
};

/* Facts of one target, in order of their ids. */
struct html_slice {
	const struct diag_fact *const *facts;
	size_t n;
};

/* --- html_index.c: what is looked up again and again ---------------------- */

/* false: no memory, which the page knows. */
bool html_index(struct html *h);
struct html_slice html_facts_of(const struct html *h, const char *target);
bool html_is_shown(const struct html *h, uint32_t fact);
/* How the page writes a target: its FQDN, else its address. */
const char *html_target(struct html *h, const struct diag_target *t);
bool html_is_from(const struct html *h, const struct diag_fact *f,
		  const struct diag_origin *origin);

/* --- html_put.c ----------------------------------------------------------- */

void html_raw(struct html *h, const char *markup);
void html_fmt(struct html *h, const char *fmt, ...) DIAG_PRINTF(2, 3);
/* Any text; escaped, and cut at HTML_TEXT_BYTES. */
void html_text(struct html *h, const char *s);
/* Any text, whole: what is there to be copied. */
void html_whole(struct html *h, const char *s);
/* A name, which may be broken behind its dots. */
void html_name(struct html *h, const char *s);
void html_code(struct html *h, const char *s); /* a name in <code> */
void html_time(struct html *h, int64_t t_s);
/* "#3", a link if that fact is shown; nothing for 0. */
void html_fact_link(struct html *h, uint32_t fact);
void html_finding_link(struct html *h, const struct diag_finding *f);
/* A section with its heading; id is a word of ours. */
void html_section(struct html *h, const char *id, const char *title);
void html_section_end(struct html *h);
/* What is folded behind a line; the line is put between the two. */
void html_fold(struct html *h);
void html_fold_body(struct html *h);
void html_fold_end(struct html *h);
/* Names, the first few in sight and the rest folded. */
void html_names(struct html *h, const char *const *names, size_t n,
		size_t in_sight);
/* "12 more names are left out here; …": nothing if n is 0. */
void html_left_out(struct html *h, size_t n, const char *one, const char *many);
/* A row of a <dl>: <dt>label</dt><dd> … html_dd_end(). */
void html_dd(struct html *h, const char *label);
void html_dd_end(struct html *h);
/* Sign and word of a state, so that colour is never all there is. */
void html_status(struct html *h, enum diag_target_status s);
const char *html_status_class(enum diag_target_status s);
const char *html_severity_class(enum diag_severity s);

/* --- sections ------------------------------------------------------------- */

void html_head(struct html *h);
void html_pair(struct html *h);
void html_causes(struct html *h);
void html_fixes(struct html *h, const struct diag_cause *c);
void html_proof(struct html *h, const struct diag_finding *f, size_t max);
void html_pictures(struct html *h);
void html_matrix(struct html *h);
void html_waterfall(struct html *h);
void html_certificates(struct html *h);
void html_findings(struct html *h);
void html_facts(struct html *h);

#endif
