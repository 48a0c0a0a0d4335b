/* SPDX-License-Identifier: MIT */
/* Documents of Azure: any bytes become an inventory or an error of the user's;
 * importing what came out gives the same bytes, as it is and expanded. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "import/import.h"

static void print(const struct diag_inventory *inv, struct diag_buf *out)
{
	struct diag_jw w;

	diag_buf_init(out, (size_t)256 << 20);
	diag_jw_init(&w, out, 0);
	diag_inventory_print(inv, &w);
	if (out->code != DIAG_OK)
		abort();
}

static enum diag_era era; /* of one input, also when it is imported again */

/* NULL: several workspaces, or a limit. */
static struct diag_inventory *import(const void *text, size_t len,
				     bool must_be_clean)
{
	const struct diag_import_options o = { .era = era };
	struct diag_import *im = NULL;
	struct diag_inventory *inv = NULL;
	struct diag_import_summary summary;
	struct diag_problems problems;
	struct diag_err err = { .code = DIAG_OK };

	diag_problems_init(&problems);
	if (!diag_import_new(&im, &err) ||
	    ((!diag_import_add(im, "fuzz", text, len, &problems, &err) ||
	      !diag_import_finish(im, &o, &inv, &summary, &err)) &&
	     err.code != DIAG_EUSAGE && err.code != DIAG_ELIMIT))
		abort();
	if (must_be_clean && (inv == NULL || problems.n > 0))
		abort();
	diag_problems_clear(&problems);
	diag_import_free(im);
	return inv;
}

static void stays_the_same(const struct diag_buf *text)
{
	struct diag_inventory *inv = import(text->data, text->len, true);
	struct diag_buf again;

	print(inv, &again);
	if (again.len != text->len ||
	    memcmp(again.data, text->data, text->len) != 0)
		abort();
	diag_buf_clear(&again);
	diag_inventory_free(inv);
}

static void expanded_stays_the_same(const struct diag_inventory *inv)
{
	struct diag_inventory *out = NULL;
	struct diag_buf text;

	if (!diag_inventory_expand(inv, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT,
				   false, &out, NULL))
		abort();
	print(out, &text);
	stays_the_same(&text);
	diag_buf_clear(&text);
	diag_inventory_free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_inventory *inv;
	struct diag_buf text;

	era = size % 3 == 0 ? DIAG_ERA_2020 : DIAG_ERA_CURRENT;
	inv = import(data, size, false);
	if (inv == NULL)
		return 0;
	print(inv, &text);
	stays_the_same(&text);
	expanded_stays_the_same(inv);
	diag_buf_clear(&text);
	diag_inventory_free(inv);
	return 0;
}
