/* SPDX-License-Identifier: MIT */
/* html_picture.c - the way of a name as a drawing, and in words.
 *
 * Each way is drawn twice, across the page and down it; the style shows the
 * one that fits (display: none keeps the other from screen readers, too).
 * Words in a drawing cannot wrap, so they are broken into lines here, and the
 * list below each drawing has them whole, with links to the facts.
 */
#include <string.h>

#include "base/utf8.h"
#include "report/html_path.h"

#define LINES_MAX 3

/* Units of a drawing are pixels at its natural size. */
struct layout {
	const char *style;
	int step_x, step_y; /* from stop to stop */
	int first_x, first_y;
	int text_x, text_y; /* of the title, from the stop */
	int width, height;
	size_t columns;	  /* characters of a line */
	const char *torn; /* two strokes where the way breaks */
};

static const struct layout across = {
	.style = "across",
	.step_x = 116,
	.first_x = 58,
	.first_y = 26,
	.text_y = 38,
	.width = 928,
	.height = 150,
	.columns = 16,
	.torn = "M-42 9L-36 -9M-34 9L-28 -9",
};
static const struct layout down = {
	.style = "down",
	.step_y = 74,
	.first_x = 22,
	.first_y = 24,
	.text_x = 32,
	.text_y = -4,
	.width = 330,
	.height = 594,
	.columns = 38,
	.torn = "M-9 -36L9 -42M-9 -28L9 -34",
};

#define RADIUS	    13
#define GAP	    26
#define LINE_HEIGHT 15

/* --- words ---------------------------------------------------------------- */

/* Bytes of the next line: as many characters as fit, but rather up to its last
 * blank, or else up to a dot or dash in its second half. */
static size_t line_bytes(const char *s, size_t columns)
{
	size_t len = strlen(s);
	size_t at = 0;
	size_t blank = 0;
	size_t dot = 0;

	for (size_t column = 0; column < columns && at < len; column++) {
		uint32_t cp;
		size_t n = diag_utf8_get(s + at, len - at, &cp);

		if (s[at] == ' ')
			blank = at + 1;
		if (strchr(".-/:,", s[at]) != NULL && column >= columns / 2)
			dot = at + 1;
		at += n > 0 ? n : 1;
	}
	if (at == len || s[at] == ' ')
		return at;
	if (blank > 0)
		return blank;
	return dot > 0 ? dot : at;
}

static void put_line(struct html *h, int y, const char *style, const char *s)
{
	html_fmt(h, "<tspan class=\"%s\" x=\"0\" y=\"%d\">", style, y);
	html_text(h, s);
	html_raw(h, "</tspan>");
}

/* Lines of one text below each other; gives the next free line. */
static int put_lines(struct html *h, const struct layout *l, int line,
		     const char *style, const char *s)
{
	s = page_fit(&h->page, s, l->columns * LINES_MAX - 4);
	while (*s != '\0' && line <= LINES_MAX + 1) {
		size_t n = line_bytes(s, l->columns);
		const char *part = page_text(&h->page, "%.*s", (int)n, s);

		line++;
		put_line(h, line * LINE_HEIGHT, style, part);
		s += n;
		s += strspn(s, " ");
	}
	return line;
}

/* --- drawing -------------------------------------------------------------- */

static const char *state_class(const struct stop *s)
{
	static const char *const classes[] = {
		[STOP_SKIPPED] = "idle", [STOP_GOOD] = "ok", [STOP_BAD] = "fail"
	};

	return classes[s->state];
}

/* Signs are drawn, not written: fonts differ. */
static const char *sign(const struct stop *s)
{
	static const char *const paths[] = {
		[STOP_SKIPPED] = "M-4 0H4",
		[STOP_GOOD] = "M-5 0L-1.5 4L5 -4",
		[STOP_BAD] = "M-4.5 -4.5L4.5 4.5M-4.5 4.5L4.5 -4.5",
	};

	return paths[s->state];
}

/* From the stop before to this one; up to a gap where the way breaks. */
static void put_track(struct html *h, const struct layout *l,
		      const struct path *p, int i)
{
	int x = l->step_x != 0 ? -l->step_x + RADIUS : 0;
	int y = l->step_y != 0 ? -l->step_y + RADIUS : 0;
	int end_x = l->step_x != 0 ? -RADIUS : 0;
	int end_y = l->step_y != 0 ? -RADIUS : 0;
	bool behind = p->broken >= 0 && i > p->broken;

	if (i == 0)
		return;
	if (i == p->broken) {
		end_x -= l->step_x != 0 ? GAP : 0;
		end_y -= l->step_y != 0 ? GAP : 0;
		html_fmt(h, "<path class=\"torn\" d=\"%s\"/>", l->torn);
	}
	html_fmt(h, "<path class=\"track%s\" d=\"M%d %dL%d %d\"/>",
		 behind ? " behind" : "", x, y, end_x, end_y);
}

static void put_stop(struct html *h, const struct layout *l,
		     const struct path *p, int i)
{
	const struct stop *s = &p->stops[i];
	int line;

	html_fmt(h, "<g class=\"stop %s\" transform=\"translate(%d %d)\">",
		 state_class(s), l->first_x + i * l->step_x,
		 l->first_y + i * l->step_y);
	put_track(h, l, p, i);
	html_fmt(h,
		 "<circle r=\"%d\"/><path class=\"sign\" d=\"%s\"/>"
		 "<text transform=\"translate(%d %d)\">",
		 RADIUS, sign(s), l->text_x, l->text_y);
	put_line(h, 0, "title", s->title);
	line = put_lines(h, l, 0, "value", s->value);
	(void)put_lines(h, l, line, "beside", s->beside);
	html_raw(h, "</text></g>\n");
}

/* "The way of NAME breaks at the address." */
static void put_summary(struct html *h, const struct path *p)
{
	html_text(h, p->name);
	if (p->broken >= 0) {
		html_raw(h, ": breaks at ");
		html_raw(h, p->stops[p->broken].title);
		html_raw(h, " (");
		html_text(h, p->stops[p->broken].value);
		html_raw(h, ")");
	} else if (p->t->status == DIAG_TARGET_OK) {
		html_raw(h, ": the whole way is open");
	} else {
		html_raw(h, ": where it breaks is not known");
	}
}

static void draw(struct html *h, const struct layout *l, const struct path *p,
		 size_t number)
{
	html_fmt(h,
		 "<svg class=\"way %s\" viewBox=\"0 0 %d %d\" role=\"img\" "
		 "aria-labelledby=\"way-%zu-%s\">"
		 "<title id=\"way-%zu-%s\">The way of ",
		 l->style, l->width, l->height, number, l->style, number,
		 l->style);
	put_summary(h, p);
	html_raw(h, "</title>\n");
	for (int i = 0; i < N_STOPS; i++)
		put_stop(h, l, p, i);
	html_raw(h, "</svg>\n");
}

/* --- in words ------------------------------------------------------------- */

static void put_chain(struct html *h, const struct path *p)
{
	const struct diag_fact *f = p->answer;
	size_t n = f != NULL ? f->dns.n_chain : 0;

	if (n == 0)
		return;
	html_raw(h, "<ol class=\"chain\">\n");
	for (size_t i = 0; i < n && i < HTML_CHAIN; i++) {
		const struct diag_rr *rr = &f->dns.chain[i];

		html_raw(h, "<li>");
		html_code(h, rr->name);
		html_fmt(h, " %s ", diag_rrtype_key(rr->type));
		html_code(h, rr->value);
		html_fmt(h, " <small>TTL %u s</small></li>\n", rr->ttl_s);
	}
	html_raw(h, "</ol>\n");
	html_left_out(h, n > HTML_CHAIN ? n - HTML_CHAIN : 0, "record is",
		      "records are");
}

static void put_words(struct html *h, const struct path *p)
{
	static const char *const words[] = { [STOP_SKIPPED] = "not reached",
					     [STOP_GOOD] = "fine",
					     [STOP_BAD] = "wrong" };

	html_fold(h);
	html_raw(h, "The same in words");
	html_fold_body(h);
	html_raw(h, "<dl class=\"words\">\n");
	for (int i = 0; i < N_STOPS; i++) {
		const struct stop *s = &p->stops[i];

		html_dd(h, s->title);
		html_fmt(h, "<span class=\"count %s\">%s</span> ",
			 state_class(s), words[s->state]);
		html_name(h, s->value);
		html_raw(h, s->beside[0] != '\0' ? ", " : "");
		html_text(h, s->beside);
		html_raw(h, " ");
		html_fact_link(h, s->fact);
		if (i == STOP_ALIAS)
			put_chain(h, p);
		html_dd_end(h);
	}
	html_raw(h, "</dl>\n");
	html_fold_end(h);
}

static void put_elsewhere(struct html *h, const struct path *p)
{
	const struct diag_fact *tcp =
	    diag_store_get(&h->in.c->facts, p->t->tcp);
	char text[DIAG_ADDR_TEXT];

	if (!p->elsewhere || tcp == NULL || tcp->kind != DIAG_FACT_TCP)
		return;
	html_raw(h, "<p>From the route on, this is the way to ");
	html_text(h, diag_addr_text(&tcp->tcp.address, text));
	if (table_expects(&h->in, p->t->target, &tcp->tcp.address))
		html_raw(h, ", which is expected,");
	html_raw(h, " and not to the address that was answered.</p>\n");
}

static void put_caption(struct html *h, const struct path *p, bool named)
{
	if (!named && p->why == NULL)
		return;
	html_raw(h, "<figcaption>");
	if (named) {
		html_status(h, p->t->status);
		html_code(h, p->name);
	}
	if (p->why != NULL) {
		html_raw(h, named ? ": " : "");
		html_finding_link(h, p->why);
	}
	html_raw(h, "</figcaption>\n");
}

/* named: nothing above the figure says whose way it is. */
static void put_figure(struct html *h, const struct path *p, size_t number,
		       bool named)
{
	html_raw(h, "<figure>\n");
	put_caption(h, p, named);
	draw(h, &across, p, number);
	draw(h, &down, p, number);
	put_elsewhere(h, p);
	put_words(h, p);
	html_raw(h, "</figure>\n");
}

/* --- which names ---------------------------------------------------------- */

/* The first name of the first cause; else the first that is not fine. */
static size_t first_target(struct html *h)
{
	const struct diag_verdict *v = h->in.v;
	const struct diag_finding *f =
	    v->n_causes > 0 ? v->causes[0].finding : NULL;

	for (size_t i = 0; f != NULL && f->n_targets > 0 && i < v->n_targets;
	     i++)
		if (strcmp(html_target(h, v->targets[i].target),
			   f->targets[0]) == 0)
			return i;
	return h->order[0];
}

static void put_folded(struct html *h, size_t target, size_t number)
{
	struct path p;

	html_path(h, target, &p);
	html_fold(h);
	html_status(h, p.t->status);
	html_code(h, p.name);
	html_fold_body(h);
	put_figure(h, &p, number, false);
	html_fold_end(h);
}

void html_pictures(struct html *h)
{
	size_t first = first_target(h);
	size_t drawn = 1;
	struct path p;

	html_path(h, first, &p);
	put_figure(h, &p, drawn, true);
	for (size_t i = 0; i < h->table.n && drawn < HTML_PICTURES; i++)
		if (h->order[i] != first)
			put_folded(h, h->order[i], ++drawn);
	if (drawn < h->table.n)
		html_fmt(
		    h,
		    "<p class=\"more\">%zu more %s not drawn; the table "
		    "below has them.</p>\n",
		    h->table.n - drawn,
		    page_plural(h->table.n - drawn, "name is", "names are"));
}
