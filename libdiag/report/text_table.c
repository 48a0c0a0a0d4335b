/* SPDX-License-Identifier: MIT */
/* text_table.c - the names, one row each.
 *
 * Columns are as wide as what they hold.  If that is too wide, something has
 * to give, in this order: the expected address where every answer is the
 * expected one; the service; the middle of the names; and at last the table
 * itself, for a list.  An address is never cut: it is what gets compared.
 */
#include <string.h>

#include "base/text.h"
#include "report/table.h"

#define GAP	  2
#define NAME_GOOD 34 /* columns a name should have before others give */
#define NAME_MIN  24

static const struct {
	const char *mark, *ascii;
	enum page_color color;
} marks[] = {
	[DIAG_TARGET_OK] = { "\xe2\x9c\x93", "ok", PAGE_GREEN },
	[DIAG_TARGET_WARN] = { "!", "warn", PAGE_YELLOW },
	[DIAG_TARGET_FAIL] = { "\xe2\x9c\x97", "FAIL", PAGE_RED },
	[DIAG_TARGET_UNKNOWN] = { "?", "?", PAGE_CYAN },
};

struct layout {
	size_t mark, name, service, answer, expected, port; /* columns */
	bool with_service, with_expected, list;
	const char *port_title;
};

static size_t at_least(size_t columns, const char *s)
{
	size_t n = diag_text_width(s);

	return n > columns ? n : columns;
}

static size_t total(const struct layout *l)
{
	return l->mark + l->name + GAP + l->answer + GAP + l->port +
	       (l->with_service ? l->service + GAP : 0) +
	       (l->with_expected ? l->expected + GAP : 0);
}

static bool all_as_expected(const struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].shown && !t->rows[i].as_expected)
			return false;
	return true;
}

/* Names get what the other columns leave. */
static void squeeze(struct layout *l, const struct table *t, size_t width)
{
	size_t good = l->name < NAME_GOOD ? l->name : NAME_GOOD;
	size_t wanted = l->name;

	l->name = good;
	if (total(l) > width && all_as_expected(t))
		l->with_expected = false;
	if (total(l) > width)
		l->with_service = false;
	l->name = wanted;
	if (total(l) > width) {
		size_t over = total(l) - width;
		size_t min = wanted < NAME_MIN ? wanted : NAME_MIN;

		l->list = over > wanted - min;
		l->name = l->list ? wanted : wanted - over;
	}
}

/* Names that differ at their end only (".azureml.ms", ".ml.azure.ms") would
 * look alike: they are neighbours, and both keep their end instead. */
static void fit_name(struct page *p, size_t width, struct table_row *r,
		     struct table_row *before)
{
	r->fitted = page_fit(p, r->name, width);
	if (before == NULL || strcmp(before->name, r->name) == 0 ||
	    strcmp(before->fitted, r->fitted) != 0)
		return;
	r->fitted = page_middle(p, r->name, width);
	before->fitted = page_middle(p, before->name, width);
}

/* Cut names may need less than they were given. */
static void fit_names(struct page *p, struct layout *l, struct table *t)
{
	size_t widest = strlen("NAME");
	struct table_row *before = NULL;

	if (l->list)
		return;
	for (size_t i = 0; i < t->n; i++) {
		if (!t->rows[i].shown)
			continue;
		fit_name(p, l->name, &t->rows[i], before);
		before = &t->rows[i];
	}
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].shown)
			widest = at_least(widest, t->rows[i].fitted);
	l->name = widest;
}

static struct layout measure(struct page *p, struct table *t)
{
	struct layout l = { .mark = p->in->ascii ? 5 : 2,
			    .name = strlen("NAME"),
			    .service = strlen("SERVICE"),
			    .answer = strlen("RESOLVES TO"),
			    .expected = strlen("EXPECTED"),
			    .with_service = true,
			    .with_expected = true,
			    .port_title = t->only_443 ? "443" : "PORT" };

	l.port = strlen(l.port_title);
	for (size_t i = 0; i < t->n; i++) {
		const struct table_row *r = &t->rows[i];

		if (!r->shown)
			continue;
		l.name = at_least(l.name, r->name);
		l.service = at_least(l.service, r->service);
		l.answer = at_least(l.answer, r->answer);
		l.expected = at_least(l.expected, r->expected);
		l.port = at_least(l.port, r->port);
	}
	squeeze(&l, t, p->width);
	fit_names(p, &l, t);
	return l;
}

/* --- rows ----------------------------------------------------------------- */

static void put_header(struct page *p, const struct layout *l)
{
	page_pad(p, l->mark);
	page_cell(p, PAGE_DIM, "NAME", l->name + GAP);
	if (l->with_service)
		page_cell(p, PAGE_DIM, "SERVICE", l->service + GAP);
	page_cell(p, PAGE_DIM, "RESOLVES TO", l->answer + GAP);
	if (l->with_expected)
		page_cell(p, PAGE_DIM, "EXPECTED", l->expected + GAP);
	page_put(p, PAGE_DIM, l->port_title);
	page_end_line(p);
}

static void put_mark(struct page *p, const struct table_row *r, size_t columns)
{
	page_cell(p, marks[r->status].color,
		  p->in->ascii ? marks[r->status].ascii : marks[r->status].mark,
		  columns);
}

static enum page_color answer_color(const struct table_row *r)
{
	return r->as_expected ? PAGE_PLAIN : marks[r->status].color;
}

static void put_row(struct page *p, const struct layout *l,
		    const struct table_row *r)
{
	put_mark(p, r, l->mark);
	page_cell(p, PAGE_PLAIN, r->fitted, l->name + GAP);
	if (l->with_service)
		page_cell(p, PAGE_PLAIN, r->service, l->service + GAP);
	page_cell(p, answer_color(r), r->answer, l->answer + GAP);
	if (l->with_expected)
		page_cell(p, PAGE_PLAIN, r->expected, l->expected + GAP);
	page_put(p, r->port_good ? PAGE_PLAIN : marks[r->status].color,
		 r->port);
	page_end_line(p);
	if (r->others[0] == '\0')
		return;
	page_pad(p, l->mark + 2);
	page_put(p, PAGE_YELLOW, r->others);
	page_end_line(p);
}

static void put_item(struct page *p, const char *label, enum page_color color,
		     const char *value)
{
	if (value[0] == '\0')
		return;
	page_pad(p, 6);
	page_cell(p, PAGE_DIM, label, 13);
	page_put(p, color, value);
	page_end_line(p);
}

/* Where a table does not fit: the same, a line for each column. */
static void put_listed(struct page *p, const struct layout *l,
		       const struct table_row *r)
{
	put_mark(p, r, l->mark);
	page_put(p, PAGE_PLAIN, page_fit(p, r->name, p->width - l->mark));
	page_end_line(p);
	put_item(p, "service", PAGE_PLAIN, r->service);
	put_item(p, "resolves to", answer_color(r), r->answer);
	if (!r->as_expected)
		put_item(p, "expected", PAGE_PLAIN, r->expected);
	put_item(p, l->port_title[0] == '4' ? "port 443" : "port",
		 r->port_good ? PAGE_PLAIN : marks[r->status].color, r->port);
	put_item(p, "and", PAGE_YELLOW, r->others);
}

static void put_rows(struct page *p, const struct layout *l,
		     const struct table *t, const struct diag_origin *origin)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct table_row *r = &t->rows[i];

		if (!r->shown || (origin != NULL && r->origin != origin))
			continue;
		if (l->list)
			put_listed(p, l, r);
		else
			put_row(p, l, r);
	}
}

static bool has_rows(const struct table *t, const struct diag_origin *origin)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].shown && t->rows[i].origin == origin)
			return true;
	return false;
}

static void put_groups(struct page *p, const struct layout *l,
		       const struct table *t)
{
	const struct diag_case *c = p->in->c;

	for (size_t i = 0; i < c->n_origins; i++) {
		const struct diag_origin *o = &c->origins[i];
		const char *name = page_clean(p, o->name);

		if (!has_rows(t, o))
			continue;
		page_put(p, PAGE_BOLD,
			 page_text(p, "from %s",
				   name[0] != '\0' ? name : "this run"));
		page_end_line(p);
		put_rows(p, l, t, o);
	}
}

/* --- what is left out ----------------------------------------------------- */

static void put_count(struct page *p, size_t n, const char *one,
		      const char *many)
{
	if (n == 0)
		return;
	page_put(p, PAGE_GREEN, p->in->ascii ? "ok   " : "\xe2\x9c\x93 ");
	page_put(p, PAGE_PLAIN,
		 page_text(p, "%zu %s (-v shows %s)", n,
			   page_plural(n, one, many),
			   page_plural(n, "it", "them")));
	page_end_line(p);
}

static void put_left_out(struct page *p, const struct table *t)
{
	if (t->bad_left_out > 0) {
		page_put(p, PAGE_PLAIN,
			 page_text(p, "and %zu more like these (-v shows them)",
				   t->bad_left_out));
		page_end_line(p);
	}
	put_count(p, t->ok_left_out, "more name is fine",
		  "more names are fine");
	put_count(p, t->public_left_out, "public name is reached too",
		  "public names are reached too");
	put_count(p, t->unused_left_out, "alternative name is not needed",
		  "alternative names are not needed");
}

void page_table(struct page *p)
{
	struct table t;
	struct layout l;

	if (!table_make(p, &t) || t.n == 0)
		return;
	l = measure(p, &t);
	page_end_line(p);
	if (t.n_shown > 0 && !l.list)
		put_header(p, &l);
	if (p->in->c->n_origins > 1)
		put_groups(p, &l, &t);
	else
		put_rows(p, &l, &t, NULL);
	put_left_out(p, &t);
}
