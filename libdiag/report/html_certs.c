/* SPDX-License-Identifier: MIT */
/* html_certs.c - each certificate that was met, once, with where. */
#include <stdlib.h>
#include <string.h>

#include "report/common.h"
#include "report/html.h"

#define NAMES_OPEN 3
#define SAN_OPEN   4

/* Facts with the same leaf and the same outcome. */
struct group {
	const struct diag_fact *const *facts;
	size_t n;
};

static const char *hash_of(const struct diag_fact *f)
{
	const char *s = f->tls.chain[0].sha256;

	return s != NULL ? s : "";
}

static int by_leaf(const struct diag_fact *x, const struct diag_fact *y)
{
	bool x_good = x->status == DIAG_ST_OK;
	bool y_good = y->status == DIAG_ST_OK;
	int order = (int)x_good - (int)y_good; /* the bad ones first */

	if (order == 0)
		order = strcmp(hash_of(x), hash_of(y));
	return order != 0 ? order : (int)x->status - (int)y->status;
}

static int compare(const void *a, const void *b)
{
	const struct diag_fact *x = *(const struct diag_fact *const *)a;
	const struct diag_fact *y = *(const struct diag_fact *const *)b;
	int order = by_leaf(x, y);

	return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

static const struct diag_fact **sorted(struct html *h, size_t *n)
{
	const struct diag_store *s = &h->in.c->facts;
	const struct diag_fact **facts =
	    diag_arena_array(&h->page.arena, s->n, sizeof(*facts));

	*n = 0;
	for (size_t i = 0; facts != NULL && i < s->n; i++)
		if (s->facts[i]->kind == DIAG_FACT_TLS &&
		    s->facts[i]->tls.n_chain > 0)
			facts[(*n)++] = s->facts[i];
	if (*n > 0)
		qsort(facts, *n, sizeof(*facts), compare);
	h->page.no_memory = h->page.no_memory || facts == NULL;
	return facts;
}

/* --- one certificate ------------------------------------------------------ */

static const char *root_text(enum diag_root root)
{
	static const char *const words[] = {
		[DIAG_ROOT_UNKNOWN] = "none that this machine has",
		[DIAG_ROOT_PUBLIC] = "a public one",
		[DIAG_ROOT_SERVICE] = "given by --ca-file as the service's own",
		[DIAG_ROOT_LOCAL] = "added to this machine by its owner",
	};

	return words[root];
}

static void put_outcome(struct html *h, const struct diag_fact *f)
{
	bool good = f->status == DIAG_ST_OK;

	html_dd(h, "Outcome");
	html_fmt(h, "<span class=\"count %s\">%s</span>", good ? "ok" : "fail",
		 diag_status_key(f->status));
	for (size_t i = 0; i < f->tls.n_faults; i++)
		if (f->tls.faults[i] != f->status)
			html_fmt(h, ", %s", diag_status_key(f->tls.faults[i]));
	if (f->tls.verify_text != NULL) {
		html_raw(h, " ");
		html_text(h, f->tls.verify_text);
	} else if (f->error != NULL) {
		html_raw(h, " ");
		html_text(h, f->error);
	}
	html_dd_end(h);
	html_dd(h, "Root");
	html_raw(h, root_text(f->tls.root));
	html_dd_end(h);
}

static void put_san(struct html *h, const struct diag_cert *c)
{
	if (c->n_san == 0)
		return;
	html_dd(h, "Good for");
	html_names(h, c->san, c->n_san, SAN_OPEN);
	html_dd_end(h);
}

static void put_chain(struct html *h, const struct diag_tls_fact *t)
{
	size_t shown = t->n_chain < HTML_CHAIN ? t->n_chain : HTML_CHAIN;

	if (t->n_chain < 2)
		return;
	html_dd(h, "Sent with");
	html_raw(h, "<ol class=\"chain\">\n");
	for (size_t i = 1; i < shown; i++) {
		html_raw(h, "<li><bdi>");
		html_text(h, t->chain[i].subject);
		html_raw(h, "</bdi>, until ");
		html_time(h, t->chain[i].not_after_s);
		html_raw(h, "</li>\n");
	}
	html_raw(h, "</ol>\n");
	html_left_out(h, t->n_chain - shown, "certificate is",
		      "certificates are");
	html_dd_end(h);
}

static void put_place(struct html *h, const struct diag_fact *f)
{
	struct diag_endpoint e = { .addr = f->tls.address,
				   .port = f->tls.port };
	char text[DIAG_ENDPOINT_TEXT];

	html_raw(h, "<li>");
	html_code(h, f->tls.sni != NULL ? f->tls.sni : f->target);
	html_raw(h, " at ");
	html_text(h, diag_endpoint_text(&e, text));
	html_raw(h, " ");
	html_fact_link(h, f->id);
	html_raw(h, "</li>\n");
}

static void put_places(struct html *h, const struct group *g)
{
	size_t shown = g->n < HTML_NAMES ? g->n : HTML_NAMES;

	html_dd(h, "Met");
	if (g->n > NAMES_OPEN) {
		html_fold(h);
		html_fmt(h, "%zu times", g->n);
		html_fold_body(h);
	}
	html_raw(h, "<ul class=\"names\">\n");
	for (size_t i = 0; i < shown; i++)
		put_place(h, g->facts[i]);
	html_raw(h, "</ul>\n");
	html_left_out(h, g->n - shown, "connection is", "connections are");
	if (g->n > NAMES_OPEN)
		html_fold_end(h);
	html_dd_end(h);
}

static void put_details(struct html *h, const struct group *g)
{
	const struct diag_fact *f = g->facts[0];
	const struct diag_cert *c = &f->tls.chain[0];

	html_raw(h, "<dl>\n");
	put_outcome(h, f);
	html_dd(h, "Issued by");
	html_raw(h, "<bdi>");
	html_text(h, c->issuer);
	html_raw(h, "</bdi>");
	html_dd_end(h);
	html_dd(h, "Valid");
	html_time(h, c->not_before_s);
	html_raw(h, " to ");
	html_time(h, c->not_after_s);
	html_dd_end(h);
	put_san(h, c);
	put_chain(h, &f->tls);
	html_dd(h, "SHA-256");
	html_code(h, hash_of(f));
	html_dd_end(h);
	put_places(h, g);
	html_raw(h, "</dl>\n");
}

static void put_subject(struct html *h, const struct diag_fact *f)
{
	html_raw(h, "<bdi>");
	html_text(h, f->tls.chain[0].subject);
	html_raw(h, "</bdi>");
}

/* Of a good one nobody wants to know more, mostly. */
static void put_group(struct html *h, const struct group *g)
{
	const struct diag_fact *f = g->facts[0];

	if (f->status == DIAG_ST_OK) {
		html_fold(h);
		put_subject(h, f);
		html_fmt(h, " (ok, %zu %s)", g->n,
			 page_plural(g->n, "time", "times"));
		html_fold_body(h);
		put_details(h, g);
		html_fold_end(h);
		return;
	}
	html_raw(h, "<article class=\"card\">\n<h3>");
	put_subject(h, f);
	html_raw(h, "</h3>\n");
	put_details(h, g);
	html_raw(h, "</article>\n");
}

void html_certificates(struct html *h)
{
	size_t n;
	const struct diag_fact **facts = sorted(h, &n);
	size_t shown = 0;
	size_t more = 0;

	for (size_t i = 0; i < n;) {
		struct group g = { facts + i, 1 };

		while (i + g.n < n && by_leaf(facts[i], facts[i + g.n]) == 0)
			g.n++;
		if (shown < HTML_CERTS)
			put_group(h, &g);
		more += shown == HTML_CERTS;
		shown += shown < HTML_CERTS;
		i += g.n;
	}
	html_left_out(h, more, "certificate is", "certificates are");
}
