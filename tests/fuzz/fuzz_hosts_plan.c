/* SPDX-License-Identifier: MIT */
/* The planner of hosts files: for any bytes, marks of our own among them, a
 * plan can be applied, the file then says the pins, and planned again it has
 * nothing left to do. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fix/hosts.h"
#include "hosts/hosts.h"

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

static bool same(const struct diag_buf *a, const struct diag_buf *b)
{
	return a->len == b->len &&
	       (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* Does the new text say every pin, and nothing else of their names? */
static bool says(const struct diag_buf *text, const struct diag_pin *p,
		 size_t n)
{
	struct diag_arena arena;
	struct diag_hosts h;
	bool ok;

	diag_arena_init(&arena, 0);
	ok = diag_hosts_parse(&arena, diag_buf_str(text), text->len, &h, NULL);
	for (size_t i = 0; i < n && ok; i++) {
		const struct diag_hosts_edge *e;
		bool there = false;

		for (size_t k = 0;
		     (e = diag_hosts_lookup(&h, p[i].name, DIAG_NOFAM, k)) !=
		     NULL;
		     k++) {
			bool right = false;

			for (size_t j = 0; j < n; j++)
				right |= strcmp(p[j].name, p[i].name) == 0 &&
					 diag_addr_eq(&p[j].addr, e->addr);
			ok = ok && right;
			there |= diag_addr_eq(&p[i].addr, e->addr);
		}
		ok = ok && there;
	}
	diag_arena_clear(&arena);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_buf once, twice, out, out_twice;
	const char *text = (const char *)data + 1;
	struct diag_pin p[3];
	size_t n, edits;

	if (size == 0 || size > 65536)
		return 0;
	n = pins(data[0], p);
	if (apply(text, size - 1, p, n, &once, &edits)) {
		if (!says(&once, p, n) ||
		    !apply(diag_buf_str(&once), once.len, p, n, &twice,
			   &edits) ||
		    edits != 0)
			abort();
		diag_buf_clear(&twice);
	}
	diag_buf_clear(&once);
	/* Whatever can be read can be given back, and then nothing is ours. */
	if (apply(text, size - 1, NULL, 0, &out, &edits)) {
		if (!apply(diag_buf_str(&out), out.len, NULL, 0, &out_twice,
			   &edits) ||
		    edits != 0 || !same(&out, &out_twice))
			abort();
		diag_buf_clear(&out_twice);
	}
	diag_buf_clear(&out);
	return 0;
}
