/* SPDX-License-Identifier: MIT */
/* The journal reader: any bytes give a journal or a reason; what it accepts
 * is consistent, and names no temporary file of another form.
 *
 * The bytes are read twice: as they are, and with the right sum put at the end
 * of each line, or hardly any would get past the sums. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "fix/journal.h"

#define LINES_MAX ((size_t)1 << 20)

static void check_entry(const struct diag_journal *j, size_t i)
{
	const struct diag_journal_entry *e = &j->items[i];

	if (e->change.tool == NULL || e->change.about == NULL ||
	    (!e->in_place && !diag_journal_temp_is(e->temp)) ||
	    (!e->old_missing && !diag_sha256_is(e->change.old_sha256)) ||
	    e->change.undoes >= e->change.id || e->mode > 07777)
		abort();
	if (i > 0 && e->change.id <= e[-1].change.id)
		abort();
	if (i + 1 < j->n && e->stage < DIAG_JOURNAL_DONE)
		abort();
	if (e->stage == DIAG_JOURNAL_DONE && !e->new_missing &&
	    !diag_sha256_is(e->change.new_sha256))
		abort();
}

static void read_journal(const char *text, size_t len)
{
	const struct diag_change *c = NULL;
	struct diag_journal j;
	struct diag_arena arena;
	struct diag_err err = { 0 };
	size_t n = 0;

	diag_arena_init(&arena, (size_t)64 << 20);
	if (!diag_journal_parse(&arena, "journal", text, len, &j, &err)) {
		if (err.code == DIAG_OK)
			abort();
	} else {
		if (j.good_len > len ||
		    (j.good_len > 0 && text[j.good_len - 1] != '\n'))
			abort();
		for (size_t i = 0; i < j.n; i++)
			check_entry(&j, i);
		if (diag_journal_changes(&j, &arena, &c, &n, &err) && n > j.n)
			abort();
	}
	diag_arena_clear(&arena);
}

/* line is an object without its end: {"op":"done","id":1 */
static void seal(struct diag_buf *out, const char *line, size_t len)
{
	char sum[DIAG_SHA256_TEXT];

	if (!diag_sha256_of(line, len, sum))
		return;
	diag_buf_put(out, line, len);
	diag_buf_printf(out, ",\"sum\":\"%.16s\"}\n", sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct diag_buf sealed;

	read_journal(text, size);
	diag_buf_init(&sealed, LINES_MAX);
	while (size > 0) {
		const char *end = memchr(text, '\n', size);
		size_t len = end != NULL ? (size_t)(end - text) : size;

		seal(&sealed, text, len);
		size -= end != NULL ? len + 1 : len;
		text += len + 1;
	}
	if (sealed.code == DIAG_OK)
		read_journal(diag_buf_str(&sealed), sealed.len);
	diag_buf_clear(&sealed);
	return 0;
}
