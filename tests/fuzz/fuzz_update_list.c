/* SPDX-License-Identifier: MIT */
/* The document of updates: any bytes give a list or a reason, and what was
 * read is printed and read again as the same. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fix/update_log.h"

#define DOC_MAX ((size_t)4 << 20)

static void again(const struct diag_update_list *list, const char *zone)
{
	struct diag_update_list second;
	struct diag_arena arena;
	struct diag_buf text, twice;
	struct diag_err err = { .code = DIAG_OK };

	diag_arena_init(&arena, 0);
	diag_buf_init(&text, DOC_MAX);
	diag_buf_init(&twice, DOC_MAX);
	diag_update_list_print(list, "s", zone, &text);
	if (text.code == DIAG_OK) {
		if (!diag_update_list_parse(&arena, "d", diag_buf_str(&text),
					    text.len, &second, &err))
			abort();
		diag_update_list_print(&second, "s", zone, &twice);
		if (strcmp(diag_buf_str(&text), diag_buf_str(&twice)) != 0)
			abort();
	}
	diag_buf_clear(&text);
	diag_buf_clear(&twice);
	diag_arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_update_list list;
	struct diag_arena arena;
	struct diag_err err = { .code = DIAG_OK };

	diag_arena_init(&arena, (size_t)64 << 20);
	if (diag_update_list_parse(&arena, "d", (const char *)data, size, &list,
				   &err))
		again(&list, list.n > 0 ? list.items[0].update.zone : "z");
	else if (err.code == DIAG_OK)
		abort();
	diag_arena_clear(&arena);
	return 0;
}
