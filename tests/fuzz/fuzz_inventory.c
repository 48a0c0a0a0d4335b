/* SPDX-License-Identifier: MIT */
/* Inventory documents: any bytes are a document or a list of problems; what
 * is printed is read back as the same, before and after it was expanded, and
 * expanding again changes nothing. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "inventory/inventory.h"

static void print(const struct diag_inventory *inv, struct diag_buf *out)
{
	struct diag_jw w;

	diag_buf_init(out, (size_t)256 << 20);
	diag_jw_init(&w, out, 0);
	diag_inventory_print(inv, &w);
	if (out->code != DIAG_OK)
		abort();
}

static struct diag_inventory *read_again(const struct diag_buf *text)
{
	struct diag_inventory *inv = NULL;

	if (!diag_inventory_parse("again", text->data, text->len, NULL, &inv,
				  NULL))
		abort();
	return inv;
}

static void same(const struct diag_buf *a, const struct diag_buf *b)
{
	if (a->len != b->len || memcmp(a->data, b->data, a->len) != 0)
		abort();
}

static void print_is_read_back(const struct diag_inventory *inv)
{
	struct diag_inventory *again;
	struct diag_buf first;
	struct diag_buf second;

	print(inv, &first);
	again = read_again(&first);
	print(again, &second);
	same(&first, &second);
	diag_inventory_free(again);
	diag_buf_clear(&first);
	diag_buf_clear(&second);
}

static struct diag_inventory *expand(const struct diag_inventory *inv,
				     unsigned way)
{
	struct diag_inventory *out = NULL;
	struct diag_err err = { .code = DIAG_OK };

	if (!diag_inventory_expand(inv, (enum diag_role)(way % DIAG_N_ROLES),
				   way & 4 ? DIAG_ERA_2020 : DIAG_ERA_CURRENT,
				   way & 8, &out, &err) &&
	    err.code != DIAG_ELIMIT)
		abort();
	return out;
}

static void expanding_again_changes_nothing(const struct diag_inventory *inv,
					    unsigned way)
{
	struct diag_inventory *once = expand(inv, way);
	struct diag_inventory *twice;
	struct diag_buf first;
	struct diag_buf second;

	if (once == NULL)
		return;
	print_is_read_back(once);
	twice = expand(once, way);
	print(once, &first);
	print(twice, &second);
	same(&first, &second);
	diag_inventory_free(once);
	diag_inventory_free(twice);
	diag_buf_clear(&first);
	diag_buf_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_inventory *inv = NULL;
	struct diag_problems problems;

	diag_problems_init(&problems);
	if (diag_inventory_parse("fuzz", (const char *)data, size, &problems,
				 &inv, NULL)) {
		if (problems.n != 0)
			abort();
		print_is_read_back(inv);
		expanding_again_changes_nothing(inv, (unsigned)size);
		diag_inventory_free(inv);
	} else if (problems.n == 0) {
		abort();
	}
	diag_problems_clear(&problems);
	return 0;
}
