/* SPDX-License-Identifier: MIT */
/* html_waterfall.c - what was asked when, and how long it took: a bar for each
 * question, in a lane for each kind, so that colour only repeats the lane.
 *
 * Widths are in tenths of a percent of the time that is shown, so a drawing
 * fits every page.
 */
#include "report/common.h"
#include "report/html.h"

enum lane { LANE_DNS, LANE_TCP, LANE_TLS, LANE_HTTP };
#define N_LANES	    (LANE_HTTP + 1)
#define LANE_HEIGHT 6
#define TICKS	    4
#define WHOLE	    1000 /* tenths of a percent */
#define BAR_MIN	    5
#define LABEL_MAX   850 /* a label behind this would stand outside */
#define MS_MAX	    1e9 /* a file may say anything */

static const char *const lane_names[N_LANES] = { "DNS", "TCP", "TLS", "HTTP" };
static const char *const lane_classes[N_LANES] = { "dns", "tcp", "tls",
						   "http" };

static int lane_of(const struct diag_fact *f)
{
	switch (f->kind) {
	case DIAG_FACT_DNS:
	case DIAG_FACT_SYSTEM_DNS:
		return LANE_DNS;
	case DIAG_FACT_TCP:
		return LANE_TCP;
	case DIAG_FACT_TLS:
		return LANE_TLS;
	case DIAG_FACT_HTTP:
		return LANE_HTTP;
	default:
		return -1;
	}
}

static double sane(double ms)
{
	return ms > 0 && ms < MS_MAX ? ms : 0;
}

static double end_of(const struct diag_fact *f)
{
	return sane(f->started_ms) + sane(f->took_ms);
}

static struct html_slice facts_of(struct html *h, size_t row)
{
	const struct diag_target *t = h->in.v->targets[h->order[row]].target;

	return html_facts_of(h, html_target(h, t));
}

/* When the last of the rows that are shown ends. */
static double end_of_rows(struct html *h, size_t rows)
{
	double end = 0;

	for (size_t i = 0; i < rows; i++) {
		struct html_slice s = facts_of(h, i);

		for (size_t k = 0; k < s.n; k++)
			if (lane_of(s.facts[k]) >= 0 &&
			    end_of(s.facts[k]) > end)
				end = end_of(s.facts[k]);
	}
	return end;
}

/* 1, 2 or 5 times a power of ten, so that there are at most TICKS. */
static double tick_of(double end)
{
	double tick = 1;

	for (int i = 0; tick * TICKS < end; i++)
		tick *= i % 3 == 1 ? 2.5 : 2;
	return tick;
}

static unsigned tenths(double ms, double end)
{
	return end > 0 ? (unsigned)(ms * WHOLE / end) : 0;
}

/* --- drawing -------------------------------------------------------------- */

static void put_grid(struct html *h, double end, bool labelled)
{
	double tick = tick_of(end);

	for (int i = 1; i * tick < end; i++) {
		unsigned x = tenths(i * tick, end);

		html_fmt(h,
			 "<line class=\"grid\" x1=\"%u.%u%%\" x2=\"%u.%u%%\" "
			 "y1=\"0\" y2=\"100%%\"/>",
			 x / 10, x % 10, x / 10, x % 10);
		if (labelled && x < LABEL_MAX) {
			html_fmt(h, "<text x=\"%u.%u%%\" y=\"12\" dx=\"3\">",
				 x / 10, x % 10);
			html_text(h, page_ms(&h->page, i * tick));
			html_raw(h, "</text>");
		}
	}
}

static void put_bar(struct html *h, const struct diag_fact *f, double end)
{
	int lane = lane_of(f);
	unsigned x = tenths(sane(f->started_ms), end);
	unsigned width = tenths(sane(f->took_ms), end);

	if (lane < 0 || f->status == DIAG_ST_NOT_RUN)
		return;
	width = width < BAR_MIN ? BAR_MIN : width;
	x = x + width > WHOLE ? WHOLE - width : x;
	html_fmt(h,
		 "<rect class=\"%s\" x=\"%u.%u%%\" width=\"%u.%u%%\" y=\"%d\" "
		 "height=\"%d\"><title>%s, %s: ",
		 lane_classes[lane], x / 10, x % 10, width / 10, width % 10,
		 1 + lane * LANE_HEIGHT, LANE_HEIGHT - 1, lane_names[lane],
		 diag_status_key(f->status));
	html_text(h, page_ms(&h->page, sane(f->took_ms)));
	html_raw(h, "</title></rect>");
}

/* The longest of each kind, in words. */
static void put_sums(struct html *h, struct html_slice s)
{
	double longest[N_LANES] = { 0 };
	bool seen[N_LANES] = { false };

	for (size_t i = 0; i < s.n; i++) {
		int lane = lane_of(s.facts[i]);

		if (lane < 0 || s.facts[i]->status == DIAG_ST_NOT_RUN)
			continue;
		seen[lane] = true;
		if (sane(s.facts[i]->took_ms) > longest[lane])
			longest[lane] = sane(s.facts[i]->took_ms);
	}
	for (int i = 0; i < N_LANES; i++) {
		html_raw(h, "<td class=\"num\">");
		html_text(h, seen[i] ? page_ms(&h->page, longest[i])
				     : "\xe2\x80\x93");
		html_raw(h, "</td>");
	}
}

static void put_row(struct html *h, size_t row, double end)
{
	size_t target = h->order[row];
	struct html_slice s = facts_of(h, row);

	html_raw(h, "<tr><th scope=\"row\">");
	html_status(h, h->table.rows[target].status);
	html_code(h, html_target(h, h->in.v->targets[target].target));
	html_raw(h, "</th><td class=\"bars\"><svg aria-hidden=\"true\">");
	put_grid(h, end, false);
	for (size_t i = 0; i < s.n; i++)
		put_bar(h, s.facts[i], end);
	html_raw(h, "</svg></td>");
	put_sums(h, s);
	html_raw(h, "</tr>\n");
}

static void put_header(struct html *h, double end)
{
	html_raw(h, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Timings\">\n<table class=\"timings\">\n"
		    "<thead><tr><th scope=\"col\">Name</th>"
		    "<th scope=\"col\" class=\"bars\">"
		    "<span class=\"vh\">Drawing</span>"
		    "<svg aria-hidden=\"true\">");
	put_grid(h, end, true);
	html_raw(h, "</svg></th>");
	for (int i = 0; i < N_LANES; i++)
		html_fmt(h,
			 "<th scope=\"col\" class=\"num\">"
			 "<span class=\"key %s\" aria-hidden=\"true\"></span> "
			 "%s</th>",
			 lane_classes[i], lane_names[i]);
	html_raw(h, "</tr></thead>\n<tbody>\n");
}

void html_waterfall(struct html *h)
{
	size_t rows = h->table.n < HTML_TIMINGS ? h->table.n : HTML_TIMINGS;
	double end = end_of_rows(h, rows);

	html_raw(h, "<p>When each question was put and how long it took; the "
		    "figures are the longest of each kind.</p>\n");
	put_header(h, end);
	for (size_t i = 0; i < rows; i++)
		put_row(h, i, end);
	html_raw(h, "</tbody>\n</table>\n</div>\n");
	html_left_out(h, h->table.n - rows, "name is", "names are");
}
