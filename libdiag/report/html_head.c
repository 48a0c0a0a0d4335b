/* SPDX-License-Identifier: MIT */
/* html_head.c - the verdict, in one word and one sentence, and whose it is. */
#include "report/common.h"
#include "report/html.h"

static const struct {
	const char *word, *sign, *style;
} verdicts[] = {
	[DIAG_HEALTHY] = { "Healthy", "\xe2\x9c\x93", "ok" },
	[DIAG_DEGRADED] = { "Degraded", "!", "warn" },
	[DIAG_FAILED] = { "Failed", "\xe2\x9c\x97", "fail" },
	[DIAG_UNKNOWN] = { "Unknown", "?", "dunno" },
};

static void put_counts(struct html *h)
{
	static const char *const words[] = { [DIAG_TARGET_OK] = "fine",
					     [DIAG_TARGET_WARN] = "warning",
					     [DIAG_TARGET_FAIL] = "failing",
					     [DIAG_TARGET_UNKNOWN] =
						 "unknown" };
	struct diag_tally n = diag_report_tally(h->in.v);

	if (n.targets == 0)
		return;
	html_dd(h, "Names");
	html_fmt(h, "%zu", n.targets);
	for (int s = DIAG_TARGET_OK; s <= DIAG_TARGET_UNKNOWN; s++)
		if (n.status[s] > 0)
			html_fmt(h, "%s<span class=\"count %s\">%zu %s</span>",
				 s == DIAG_TARGET_OK ? ": " : " ",
				 html_status_class((enum diag_target_status)s),
				 n.status[s], words[s]);
	html_dd_end(h);
}

static void put_origin(struct html *h, const struct diag_origin *o)
{
	bool named = o->name != NULL && o->name[0] != '\0';

	html_dd(h, h->in.c->n_origins > 1 ? "Case" : "Machine");
	if (named && h->in.c->n_origins > 1) {
		html_code(h, o->name);
		html_raw(h, ": ");
	}
	html_raw(h, "<bdi>");
	html_text(h, o->host);
	html_raw(h, "</bdi>, ");
	html_time(h, o->started_s);
	html_raw(h, ", ");
	html_text(h, page_ms(&h->page, o->took_ms));
	html_raw(h, o->complete ? "" : ", <strong>incomplete run</strong>");
	html_dd_end(h);
}

static void put_before(struct html *h)
{
	if (h->in.before == NULL)
		return;
	html_dd(h, "Before");
	html_text(h, page_before(&h->page));
	html_dd_end(h);
}

static void put_about(struct html *h)
{
	const struct diag_case *c = h->in.c;

	html_raw(h, "<dl class=\"about\">\n");
	html_dd(h, "Role");
	html_text(h, diag_role_key(c->role));
	html_dd_end(h);
	for (size_t i = 0; i < c->n_origins; i++)
		put_origin(h, &c->origins[i]);
	put_counts(h);
	put_before(h);
	html_raw(h, "</dl>\n");
}

static void put_hints(struct html *h)
{
	const struct diag_verdict *v = h->in.v;

	if (v->n_hints == 0)
		return;
	html_raw(h, "<h2>What only a browser can still block</h2>\n<ul>\n");
	for (size_t i = 0; i < v->n_hints; i++) {
		html_raw(h, "<li>");
		html_text(h, v->hints[i]);
		html_raw(h, "</li>\n");
	}
	html_raw(h, "</ul>\n");
}

static const char *name(struct html *h)
{
	const char *s = diag_report_name(h->in.c);

	return s[0] != '\0' ? s : "This machine";
}

void html_head(struct html *h)
{
	enum diag_outcome outcome = h->in.v->outcome;
	const struct diag_inventory *inv = h->in.c->inventory;

	html_fmt(h, "<section class=\"verdict %s\" aria-labelledby=\"says\">\n",
		 verdicts[outcome].style);
	html_raw(h, "<h1 id=\"says\"><span class=\"word\"><span "
		    "aria-hidden=\"true\">");
	html_fmt(h, "%s</span> %s</span> <bdi>", verdicts[outcome].sign,
		 verdicts[outcome].word);
	html_name(h, name(h));
	html_raw(h, "</bdi>");
	if (inv != NULL && inv->region[0] != '\0') {
		html_raw(h, " <small><bdi>");
		html_text(h, inv->region);
		html_raw(h, "</bdi></small>");
	}
	html_raw(h, "</h1>\n<p class=\"sentence\">");
	html_text(h, page_sentence(&h->page));
	html_raw(h, diag_report_complete(h->in.c)
			? "</p>\n"
			: " <strong>(incomplete run)</strong></p>\n");
	put_about(h);
	put_hints(h);
	html_raw(h, "</section>\n");
}
