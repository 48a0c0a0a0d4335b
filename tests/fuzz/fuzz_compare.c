/* SPDX-License-Identifier: MIT */
/* fuzz_compare.c - two case files from anywhere, a NUL between them: judged,
 * compared, told, and the addresses of the first written as an inventory that
 * can be read again. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "bundle/compare.h"
#include "report/report.h"

#define OUT_BYTES ((size_t)64 << 20)

static bool read_side(const char *text, size_t len, struct diag_case **c,
		      struct diag_verdict **v)
{
	struct diag_problems problems;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_case_new(c, NULL) &&
	     diag_case_add(*c, "fuzz", text, len, &problems, NULL) &&
	     diag_judge(*c, NULL, v, NULL);
	diag_problems_clear(&problems);
	return ok;
}

/* A page steers no terminal, and what is found is in the list. */
static void look_at(const struct diag_comparison *c)
{
	const struct diag_report_in in = { .tool = "fuzz", .version = "0" };
	struct diag_buf out;

	diag_buf_init(&out, OUT_BYTES);
	if (diag_compare_text(c, &in, &out, NULL))
		for (size_t i = 0; i < out.len; i++)
			if ((unsigned char)out.data[i] < 0x20 &&
			    out.data[i] != '\n')
				abort();
	diag_buf_reset(&out);
	if (!diag_compare_json(c, &in, &out, NULL) && out.code == DIAG_OK)
		abort();
	diag_buf_reset(&out);
	if (!diag_compare_html(c, &in, &out, NULL) && out.code == DIAG_OK)
		abort();
	diag_buf_clear(&out);
	if ((c->outcome == DIAG_COMPARE_FOUND) != (c->first != NULL))
		abort();
	if (c->first != NULL &&
	    (c->first->explains == NULL || c->first < c->differences ||
	     c->first >= c->differences + c->n_differences))
		abort();
}

static void write_and_read(const struct diag_compare_side *good)
{
	struct diag_inventory *inv = NULL;
	struct diag_problems problems;
	struct diag_buf out;
	size_t n;

	diag_problems_init(&problems);
	diag_buf_init(&out, OUT_BYTES);
	if (diag_compare_inventory(good, &out, &n, NULL) && n > 0 &&
	    !diag_inventory_parse("out", out.data, out.len, &problems, &inv,
				  NULL))
		abort();
	diag_inventory_free(inv);
	diag_buf_clear(&out);
	diag_problems_clear(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool loaded; /* once: it takes longer than a case */
	const char *text = (const char *)data;
	const char *nul = size > 0 ? memchr(data, 0, size) : NULL;
	struct diag_compare_side good = { .name = "good" };
	struct diag_compare_side bad = { .name = "bad" };
	struct diag_case *cases[2] = { NULL, NULL };
	struct diag_verdict *verdicts[2] = { NULL, NULL };
	struct diag_comparison *c = NULL;

	loaded = loaded || diag_cat_load(NULL);
	if (loaded && nul != NULL &&
	    read_side(text, (size_t)(nul - text), &cases[0], &verdicts[0]) &&
	    read_side(nul + 1, size - (size_t)(nul - text) - 1, &cases[1],
		      &verdicts[1])) {
		good.c = cases[0];
		good.v = verdicts[0];
		bad.c = cases[1];
		bad.v = verdicts[1];
		if (diag_compare(&good, &bad, &c, NULL))
			look_at(c);
		diag_comparison_free(c);
		write_and_read(&good);
	}
	for (size_t i = 0; i < 2; i++) {
		diag_verdict_free(verdicts[i]);
		diag_case_free(cases[i]);
	}
	return 0;
}
