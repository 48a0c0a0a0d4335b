/* SPDX-License-Identifier: MIT */
/* The planner of hosts files: for any bytes, marks of our own among them, a
 * plan can be applied, and planned again it has nothing left to do. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "fix/hosts.h"

static const char *const names[] = { "kv.vault.azure.net",
				     "sa.blob.core.windows.net" };

static size_t pins(uint8_t choice, struct diag_pin out[3])
{
	size_t n = 0;

	for (unsigned i = 0; i < 3; i++) {
		if ((choice & (1U << i)) == 0)
			continue;
		out[n].name = names[i % 2];
		out[n].addr = diag_addr_v4(10, 0, 0, (uint8_t)(9 + i));
		n++;
	}
	return n;
}

/* false: this text cannot be planned. */
static bool apply(const char *text, size_t len, const struct diag_pin *p,
		  size_t n, struct diag_buf *out, size_t *edits)
{
	struct diag_hosts_plan plan;
	struct diag_arena arena;
	struct diag_buf diff;
	bool ok;

	diag_arena_init(&arena, 0);
	diag_buf_init(out, 16 << 20);
	diag_buf_init(&diff, 16 << 20);
	ok = diag_hosts_plan(&arena, text, len, "ws", p, n, &plan, NULL);
	if (ok &&
	    (!diag_edits_apply(&plan.edits, text, len, out, NULL) ||
	     !diag_edits_diff(&plan.edits, text, len, "a", "b", &diff, NULL) ||
	     (plan.edits.n > 0) != (diff.len > 0)))
		abort();
	*edits = ok ? plan.edits.n : 0;
	diag_buf_clear(&diff);
	diag_arena_clear(&arena);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_buf once, twice;
	struct diag_pin p[3];
	size_t n, edits;

	if (size == 0 || size > 65536)
		return 0;
	n = pins(data[0], p);
	if (apply((const char *)data + 1, size - 1, p, n, &once, &edits)) {
		if (!apply(diag_buf_str(&once), once.len, p, n, &twice,
			   &edits) ||
		    edits != 0)
			abort();
		diag_buf_clear(&twice);
	}
	diag_buf_clear(&once);
	return 0;
}
