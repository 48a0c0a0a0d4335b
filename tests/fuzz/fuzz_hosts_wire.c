/* SPDX-License-Identifier: MIT */
/* What a child hands back may be anything; what is read is written the same. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "tools/pl-hosts/wire.h"

#define STATES	3
#define CEILING ((size_t)1 << 24)

static void wanted_again(struct diag_arena *arena,
			 const struct hosts_wanted *wanted)
{
	struct hosts_wanted again;
	struct diag_buf first, second;
	struct wire w;

	diag_buf_init(&first, CEILING);
	diag_buf_init(&second, CEILING);
	wire_put_wanted(&first, wanted);
	w = wire_of(arena, first.data, first.len);
	wire_wanted(&w, &again);
	wire_put_wanted(&second, &again);
	if (!wire_ok(&w, NULL) || first.len != second.len ||
	    memcmp(first.data, second.data, first.len) != 0)
		abort();
	diag_buf_clear(&first);
	diag_buf_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_hosts_plan plan;
	struct hosts_wanted wanted;
	struct diag_arena arena;
	struct diag_buf out;
	struct wire w;

	diag_arena_init(&arena, CEILING);
	w = wire_of(&arena, data, size);
	wire_wanted(&w, &wanted);
	if (wire_ok(&w, NULL))
		wanted_again(&arena, &wanted);
	w = wire_of(&arena, data, size);
	wire_plan(&w, STATES, &plan);
	if (wire_ok(&w, NULL)) {
		diag_buf_init(&out, CEILING);
		wire_put_plan(&out, &plan, STATES);
		if (out.len != size)
			abort();
		diag_buf_clear(&out);
	}
	diag_arena_clear(&arena);
	return 0;
}
