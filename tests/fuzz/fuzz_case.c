/* SPDX-License-Identifier: MIT */
/* fuzz_case.c - a case file from anywhere: read, written, read again. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "case/case.h"

#define OUT_BYTES ((size_t)64 << 20)

static struct diag_case *read_case(const void *text, size_t len)
{
	struct diag_problems problems;
	struct diag_case *c = NULL;

	diag_problems_init(&problems);
	if (diag_case_new(&c, NULL) &&
	    !diag_case_add(c, "fuzz", text, len, &problems, NULL)) {
		diag_case_free(c);
		c = NULL;
	}
	diag_problems_clear(&problems);
	return c;
}

/* What we read we can write, and what we wrote we can read. */
static void write_and_read(const struct diag_case *c)
{
	struct diag_case *again;
	struct diag_buf out;

	diag_buf_init(&out, OUT_BYTES);
	diag_case_print_header(c, 0, &out);
	diag_case_print_facts(c, &out);
	if (out.code == DIAG_OK) {
		again = read_case(out.data, out.len);
		if (again == NULL || again->facts.n != c->facts.n)
			abort();
		diag_case_free(again);
	}
	diag_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool loaded; /* once: it takes longer than a case */
	struct diag_case *c;

	loaded = loaded || diag_cat_load(NULL);
	if (!loaded)
		return 0;
	c = read_case(data, size);
	if (c != NULL)
		write_and_read(c);
	diag_case_free(c);
	return 0;
}
