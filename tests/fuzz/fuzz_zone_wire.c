/* SPDX-License-Identifier: MIT */
/* What a child hands back of a zone may be anything; what is read is written
 * the same. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "tools/pl-zone/draft.h"
#include "tools/wire.h"

#define TEXTS	2
#define CEILING ((size_t)1 << 24)

static void again(struct diag_arena *arena, const struct zone_heard *heard)
{
	struct diag_buf first, second;
	struct zone_heard next;

	diag_buf_init(&first, CEILING);
	diag_buf_init(&second, CEILING);
	wire_put_u32(&first, 0);
	wire_put_text(&first, heard->problems);
	wire_put_u32(&first, heard->more);
	zone_put_draft(&first, &heard->draft, TEXTS);
	if (!zone_heard(arena, &first, TEXTS, &next, NULL))
		abort();
	wire_put_u32(&second, 0);
	wire_put_text(&second, next.problems);
	wire_put_u32(&second, next.more);
	zone_put_draft(&second, &next.draft, TEXTS);
	if (first.len != second.len ||
	    memcmp(first.data, second.data, first.len) != 0)
		abort();
	diag_buf_clear(&first);
	diag_buf_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct diag_buf bytes = { .data = (char *)(uintptr_t)data,
					.len = size };
	struct diag_err err = { .code = DIAG_OK };
	struct zone_heard heard;
	struct diag_arena arena;

	diag_arena_init(&arena, CEILING);
	if (zone_heard(&arena, &bytes, TEXTS, &heard, &err) && !heard.failed)
		again(&arena, &heard);
	diag_arena_clear(&arena);
	return 0;
}
