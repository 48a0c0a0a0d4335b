/* SPDX-License-Identifier: MIT */
/* fuzz_before.c - a report from anywhere, held against a verdict and told in
 * every face that tells of it. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "report/before.h"

#define OUT_BYTES ((size_t)64 << 20)

static void tell(const struct diag_case *c, const struct diag_verdict *v,
		 const struct diag_before *before)
{
	static const char *const faces[] = { "text", "json", "html" };
	const struct diag_report_in in = {
		.c = c, .v = v, .tool = "fuzz", .version = "0", .before = before
	};
	struct diag_buf out;

	for (size_t i = 0; i < sizeof(faces) / sizeof(faces[0]); i++) {
		diag_buf_init(&out, OUT_BYTES);
		if (!diag_renderer_find(faces[i])->render(&in, &out, NULL))
			abort();
		for (size_t k = 0; k < out.len; k++)
			if ((unsigned char)out.data[k] < 0x20 &&
			    out.data[k] != '\n')
				abort();
		diag_buf_clear(&out);
	}
}

/* Nothing is the same and different at once. */
static void look_at(const struct diag_before *b)
{
	if (b->same && (b->n_came > 0 || b->n_went > 0 || b->n_changed > 0))
		abort();
}

static const char a_case[] =
    "{\"schema\":\"pldiag.case/1\",\"tool\":\"pl-doctor\",\"version\":"
    "\"0.1.0\",\"started\":\"2026-11-23T10:00:00Z\",\"host\":\"h\","
    "\"role\":\"client\",\"no_public\":true,\"inventory\":{\"schema\":"
    "\"pldiag.inventory/1\",\"targets\":[{\"fqdn\":\"a.b\",\"service\":"
    "\"other\",\"expect\":\"private\",\"ports\":[443]}]}}\n"
    "{\"id\":1,\"probe\":\"system-dns\",\"target\":\"a.b\",\"name\":"
    "\"a.b\",\"started_ms\":1,\"took_ms\":1,\"status\":\"none\"}\n";

/* The same case each time; it must be one that can be judged. */
static void judge(struct diag_case **c, struct diag_verdict **v)
{
	struct diag_problems problems;

	diag_problems_init(&problems);
	if (!diag_cat_load(NULL) || !diag_case_new(c, NULL) ||
	    !diag_case_add(*c, "", a_case, sizeof(a_case) - 1, &problems,
			   NULL) ||
	    !diag_judge(*c, NULL, v, NULL))
		abort();
	diag_problems_clear(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct diag_case *c; /* once: it takes longer than a report */
	static struct diag_verdict *v;
	struct diag_slice report = { (const char *)data, size };
	struct diag_before *before = NULL;
	struct diag_problems problems;

	if (v == NULL)
		judge(&c, &v);
	diag_problems_init(&problems);
	if (diag_before_read("fuzz", report, v, &problems, &before, NULL)) {
		look_at(before);
		tell(c, v, before);
	}
	diag_before_free(before);
	diag_problems_clear(&problems);
	return 0;
}
