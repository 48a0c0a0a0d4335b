/* SPDX-License-Identifier: MIT */
/* fuzz_html.c - a case file from anywhere, judged and drawn as a page: every
 * tag on it is one of ours, in lower case, and no byte steers anything. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "report/report.h"

#define OUT_BYTES ((size_t)64 << 20)

static const char *const tags[] = {
	"a",	      "article", "bdi",	    "body",	"br",	 "circle",
	"code",	      "dd",	 "details", "div",	"dl",	 "dt",
	"figcaption", "figure",	 "footer",  "g",	"h1",	 "h2",
	"h3",	      "h4",	 "head",    "header",	"html",	 "li",
	"line",	      "main",	 "meta",    "nav",	"ol",	 "p",
	"path",	      "pre",	 "rect",    "section",	"small", "span",
	"strong",     "style",	 "summary", "svg",	"table", "tbody",
	"td",	      "text",	 "th",	    "thead",	"title", "tr",
	"tspan",      "ul",	 "wbr",	    "!DOCTYPE",
};

static bool is_ours(const char *at)
{
	size_t n;

	at += *at == '/';
	n = strcspn(at, " />");
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (strlen(tags[i]) == n && memcmp(tags[i], at, n) == 0)
			return true;
	return false;
}

static void look_at(const struct diag_buf *out)
{
	for (size_t i = 0; i < out->len; i++) {
		unsigned char c = (unsigned char)out->data[i];

		if ((c < 0x20 && c != '\n') || c == 0x7f)
			abort();
		if (c == '<' && !is_ours(out->data + i + 1))
			abort();
	}
}

static void draw(const struct diag_case *c)
{
	struct diag_report_in in = { .c = c, .tool = "fuzz", .version = "0" };
	struct diag_verdict *v = NULL;
	struct diag_buf out;

	if (!diag_judge(c, NULL, &v, NULL))
		return;
	in.v = v;
	diag_buf_init(&out, OUT_BYTES);
	if (diag_renderer_find("html")->render(&in, &out, NULL))
		look_at(&out);
	diag_buf_clear(&out);
	diag_verdict_free(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool loaded; /* once: it takes longer than a case */
	struct diag_problems problems;
	struct diag_case *c = NULL;

	loaded = loaded || diag_cat_load(NULL);
	if (!loaded)
		return 0;
	diag_problems_init(&problems);
	if (diag_case_new(&c, NULL) &&
	    diag_case_add(c, "<fuzz>", (const char *)data, size, &problems,
			  NULL))
		draw(c);
	diag_case_free(c);
	diag_problems_clear(&problems);
	return 0;
}
