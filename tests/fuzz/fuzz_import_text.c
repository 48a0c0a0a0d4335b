/* SPDX-License-Identifier: MIT */
/* Text in any encoding: it comes out as UTF-8, its readers find names and
 * addresses or nothing, and a Python literal ends inside of it. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "import/internal.h"

static void is_utf8(const struct diag_buf *text)
{
	for (size_t i = 0; i < text->len;) {
		uint32_t cp;
		size_t n = diag_utf8_get(text->data + i, text->len - i, &cp);

		if (n == 0)
			abort();
		i += n;
	}
}

static void python_ends(const struct diag_buf *text)
{
	struct diag_buf json;
	size_t used = 0;

	diag_buf_init(&json, 1 << 24);
	if (text->len > 0 &&
	    import_python(text->data, text->len, &json, &used) &&
	    (used == 0 || used > text->len))
		abort();
	diag_buf_clear(&json);
}

static void read_text(struct diag_import *im, const struct diag_buf *text)
{
	const struct diag_import_options o = { .era = DIAG_ERA_CURRENT };
	struct diag_import_summary summary;
	struct diag_inventory *inv = NULL;
	struct diag_problems problems;
	struct diag_err err = { .code = DIAG_OK };

	diag_problems_init(&problems);
	im->problems = &problems;
	im->file = "fuzz";
	(void)import_any_text(
	    im, (struct diag_slice){ diag_buf_str(text), text->len });
	if (!diag_import_finish(im, &o, &inv, &summary, &err) &&
	    err.code != DIAG_EUSAGE && err.code != DIAG_ELIMIT)
		abort();
	diag_problems_clear(&problems);
	diag_inventory_free(inv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_import *im = NULL;
	struct diag_buf text;

	import_decode((const char *)data, size, &text);
	is_utf8(&text);
	python_ends(&text);
	if (!diag_import_new(&im, NULL))
		abort();
	read_text(im, &text);
	diag_import_free(im);
	diag_buf_clear(&text);
	return 0;
}
