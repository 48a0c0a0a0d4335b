/* SPDX-License-Identifier: MIT */
/* Any bytes as a zone file, in one part or, cut at its first NUL, in two of
 * which the first may include the second.  What is planned can be done; done,
 * there is nothing left to do; and without our records all comes back. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "fix/zone/file.h"

#define ZONE	"vault.azure.net"
#define CEILING ((size_t)1 << 24)

struct zone {
	struct diag_slice parts[2]; /* the second may be included as "i" */
	struct diag_buf out[2];
};

static struct diag_zone_rr record(const char *owner, uint8_t last)
{
	struct diag_zone_rr rr = { .owner = owner, .ttl_s = 60 };

	rr.addr = diag_addr_v4(10, 0, 0, last);
	return rr;
}

/* n 0: our records go. */
static bool plan(struct diag_arena *arena, struct zone *z, size_t n,
		 struct diag_zone_file_plan *out)
{
	const struct diag_zone_rr rrs[] = { record("kv." ZONE, 9),
					    record(ZONE, 8) };
	const struct diag_zone_text_in in = { "i", z->parts[1].p,
					      z->parts[1].len };
	const struct diag_zone_link link = { "i", 0 };
	const struct diag_zone_file_job job = {
		.file = "z",
		.origin = ZONE,
		.block = "b",
		.rrs = rrs,
		.n = n,
		.serial = n > 0 ? DIAG_SERIAL_INCREMENT : DIAG_SERIAL_KEEP,
		.texts = &in,
		.n_texts = 1,
		.links = &link,
		.n_links = 1,
		.edit_includes = true,
	};
	struct diag_err err = { .code = DIAG_OK };

	return diag_zone_file_plan(arena, z->parts[0].p, z->parts[0].len, &job,
				   out, &err);
}

static struct diag_slice slice(const struct diag_buf *b)
{
	return (struct diag_slice){ diag_buf_str(b), b->len };
}

static void apply(struct zone *z, const struct diag_zone_file_plan *p)
{
	const struct diag_edits *edits[] = { &p->edits, &p->texts[0].edits };

	for (int i = 0; i < 2; i++) {
		diag_buf_init(&z->out[i], CEILING);
		if (!diag_edits_apply(edits[i], z->parts[i].p, z->parts[i].len,
				      &z->out[i], NULL))
			abort();
	}
}

static void again(struct diag_arena *arena, struct zone *z)
{
	struct zone next = { .parts = { slice(&z->out[0]),
					slice(&z->out[1]) } };
	struct diag_zone_file_plan p;

	if (!plan(arena, &next, 2, &p) || p.edits.n != 0 ||
	    p.texts[0].edits.n != 0)
		abort();
	if (!plan(arena, &next, 0, &p))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *nul = size > 0 ? memchr(text, '\0', size) : NULL;
	size_t first = nul ? (size_t)(nul - text) : size;
	struct zone z = { .parts = { { text, first }, { "", 0 } } };
	struct diag_zone_file_plan p;
	struct diag_arena arena;
	char origin[256];

	if (nul)
		z.parts[1] = (struct diag_slice){ nul + 1, size - first - 1 };
	(void)diag_zone_file_says(z.parts[0].p, z.parts[0].len, origin);
	diag_arena_init(&arena, CEILING);
	if (plan(&arena, &z, 2, &p)) {
		apply(&z, &p);
		again(&arena, &z);
		diag_buf_clear(&z.out[0]);
		diag_buf_clear(&z.out[1]);
	}
	diag_arena_clear(&arena);
	return 0;
}
