/* SPDX-License-Identifier: MIT */
/* Zone files: the entries of any bytes follow each other without a gap; a plan
 * can be applied, a second one has nothing to do, and taken out again the
 * bytes are as they were. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fix/zone/file.h"
#include "fix/zone/scan.h"

static const char *const owners[] = { "kv.vault.azure.net", "vault.azure.net",
				      "a.b.vault.azure.net" };

struct planned {
	struct diag_arena arena;
	struct diag_zone_file_plan plan;
	struct diag_buf out;
	bool ok;
};

static void plan(struct planned *p, const char *text, size_t len, size_t n)
{
	struct diag_zone_rr rrs[3];
	const struct diag_zone_file_job job = { .file = "z",
						.origin = "vault.azure.net",
						.block = "ws",
						.rrs = rrs,
						.n = n,
						.serial = DIAG_SERIAL_KEEP };

	for (size_t i = 0; i < 3; i++)
		rrs[i] = (struct diag_zone_rr){
			.owner = owners[i],
			.addr = diag_addr_v4(10, 0, 0, (uint8_t)(7 + i)),
			.ttl_s = 60,
		};
	diag_arena_init(&p->arena, 0);
	diag_buf_init(&p->out, (size_t)16 << 20);
	p->ok = diag_zone_file_plan(&p->arena, text, len, &job, &p->plan, NULL);
	if (p->ok &&
	    !diag_edits_apply(&p->plan.edits, text, len, &p->out, NULL))
		abort();
}

static void end(struct planned *p)
{
	diag_buf_clear(&p->out);
	diag_arena_clear(&p->arena);
}

static bool same(const struct diag_buf *a, const struct diag_buf *b)
{
	return a->len == b->len &&
	       (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static void scan(const char *text, size_t len)
{
	struct zone_scan s;
	struct zone_entry e;
	bool more = true;
	size_t at;

	zone_scan_init(&s, "z", (struct diag_slice){ text, len });
	for (at = s.at; zone_scan_next(&s, &e, &more, NULL) && more;
	     at = e.end) {
		if (e.begin != at || e.end <= at || e.end > len ||
		    e.body_end < e.begin || e.body_end > e.end)
			abort();
		for (size_t i = 0; i < e.n_tokens; i++)
			if (e.tokens[i].at < e.begin ||
			    e.tokens[i].at + e.tokens[i].len > e.body_end)
				abort();
	}
	if (!more && at != len)
		abort();
}

/* A mark inside of a mark is nobody's work: what it hides is a mark, and so
 * nothing that could come back. */
static bool has_marks(const struct diag_buf *text)
{
	struct planned p;
	bool has;

	plan(&p, diag_buf_str(text), text->len, 0);
	has = !p.ok || p.plan.edits.n > 0;
	end(&p);
	return has;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	struct planned once, twice, back, clean;
	size_t n;

	if (size == 0 || size > 65536)
		return 0;
	n = 1 + data[0] % 3;
	scan(text, size - 1);
	plan(&clean, text, size - 1, 0);
	plan(&once, text, size - 1, n);
	if (once.ok && !has_marks(&clean.out)) {
		const char *now = diag_buf_str(&once.out);

		plan(&twice, now, once.out.len, n);
		plan(&back, now, once.out.len, 0);
		if (!twice.ok || twice.plan.edits.n != 0 || !back.ok ||
		    !clean.ok || !same(&back.out, &clean.out))
			abort();
		end(&twice);
		end(&back);
	}
	end(&once);
	end(&clean);
	return 0;
}
