/* SPDX-License-Identifier: MIT */
/* See masked.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fnmatch.h>

#include "case/case.h"
#include "inventory/catalogue.h"
#include "tests/mask/masked.h"

#define OUT_BYTES ((size_t)64 << 20)

static const char text_of_case[] =
    "{\"schema\":\"pldiag.case/1\",\"tool\":\"pl-doctor\",\"version\":\"0\","
    "\"started\":\"2026-11-23T10:00:00Z\",\"took_ms\":1,\"complete\":true,"
    "\"facts\":0,\"host\":\"vpn-laptop\",\"role\":\"client\","
    "\"era\":\"current\",\"views\":[{\"view\":\"system\"}],"
    "\"inventory\":{\"schema\":\"pldiag.inventory/1\",\"name\":\"ws1103\","
    "\"cloud\":\"public\",\"region\":\"eastus\","
    "\"networks\":[\"10.150.0.0/16\",\"20.50.0.0/16\"],"
    "\"workspace\":{\"name\":\"ws1103\","
    "\"id\":\"bf4ab0bd-2c9f-4480-abaf-f799f0832c80\"},"
    "\"storage\":[\"ws1103sa\"],\"key_vault\":[\"ws1103kv\"],"
    "\"registry\":[{\"name\":\"ws1103acr\",\"regions\":[\"eastus\"]}],"
    "\"compute_instances\":[\"ws1103ci1\"]},"
    "\"machine\":{\"schema\":\"pldiag.machine/1\",\"host\":\"vpn-laptop\","
    "\"resolv\":{\"search\":[\"corp.example\",\"contosonet\"]},"
    "\"interfaces\":[{\"name\":\"PANGP Virtual Ethernet Adapter #2\"},"
    "{\"name\":\"Fortinet Quendel\"},"
    "{\"name\":\"Contoso VPN\",\"up\":true,\"mtu\":1400,"
    "\"addresses\":[{\"address\":\"10.20.0.7\","
    "\"prefix\":\"10.20.0.0/24\"}]}]}}\n";

struct diag_case *masked_case(void)
{
	struct diag_problems problems;
	struct diag_case *c = NULL;

	assert_true(diag_cat_load(NULL));
	diag_problems_init(&problems);
	assert_true(diag_case_new(&c, NULL));
	assert_true(diag_case_add(c, NULL, text_of_case, strlen(text_of_case),
				  &problems, NULL));
	diag_problems_clear(&problems);
	return c;
}

struct diag_mask *masked_new(enum diag_mask_level level)
{
	static const unsigned char key[DIAG_MASK_KEY] = { 3, 1, 4, 1, 5 };
	struct diag_case *c = masked_case();
	struct diag_mask *m = NULL;

	assert_true(diag_mask_new(level, key, &m, NULL));
	assert_true(diag_mask_learn(m, c, NULL));
	diag_case_free(c);
	return m;
}

static char *through(struct diag_mask *m, const char *text, size_t *replaced,
		     bool json)
{
	struct diag_buf out;
	size_t n = 0;
	char *copy;

	diag_buf_init(&out, OUT_BYTES);
	assert_true((json ? diag_mask_json : diag_mask_text)(
	    m, "machine/item", diag_slice_of(text), &out, &n, NULL));
	copy = strdup(diag_buf_str(&out));
	assert_non_null(copy);
	diag_buf_clear(&out);
	if (replaced != NULL)
		*replaced = n;
	return copy;
}

char *masked_text(struct diag_mask *m, const char *text, size_t *replaced)
{
	return through(m, text, replaced, false);
}

char *masked_json(struct diag_mask *m, const char *text)
{
	return through(m, text, NULL, true);
}

void masked_rows(enum diag_mask_level level, const struct masked_row *rows,
		 size_t n)
{
	struct diag_mask *m = masked_new(level);
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		char *out = masked_text(m, rows[i].in, NULL);
		bool ok = rows[i].want == NULL
			      ? strcmp(out, rows[i].in) == 0
			      : fnmatch(rows[i].want, out, 0) == 0;

		if (!ok) {
			print_error("row %zu: %s\n  became  %s\n  wanted  %s\n",
				    i, rows[i].in, out,
				    rows[i].want ? rows[i].want : "no change");
			wrong++;
		}
		free(out);
	}
	diag_mask_free(m);
	assert_int_equal(0, wrong);
}
