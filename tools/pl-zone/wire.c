/* SPDX-License-Identifier: MIT */
/* wire.c - a draft as bytes (wire.h), and back. */
#include "tools/wire.h"
#include "tools/pl-zone/draft.h"

#define ROW_MIN	    12 /* bytes that one item has at least */
#define TEXT_MIN    4
#define LEFT_MIN    8
#define INCLUDE_MIN 44

/* --- writing ----------------------------------------------------------------
 */

static void put_texts(struct diag_buf *out, const char *const *texts, size_t n)
{
	wire_put_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		wire_put_text(out, texts[i]);
}

static void put_rows(struct diag_buf *out, const struct zone_row *rows,
		     size_t n)
{
	wire_put_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		wire_put_text(out, rows[i].name);
		wire_put_text(out, rows[i].owner);
		wire_put_addrs(out, rows[i].addresses, rows[i].n);
	}
}

static void put_names(struct diag_buf *out, const struct zone_draft *d)
{
	put_rows(out, d->rows, d->n_rows);
	wire_put_u32(out, (uint32_t)d->n_left);
	for (size_t i = 0; i < d->n_left; i++) {
		wire_put_text(out, d->left[i].name);
		wire_put_text(out, d->left[i].why);
	}
	put_texts(out, d->parents, d->n_parents);
	put_texts(out, d->notes, d->n_notes);
}

static void put_includes(struct diag_buf *out, const struct zone_draft *d)
{
	wire_put_u32(out, d->lacking);
	wire_put_u32(out, (uint32_t)d->n_includes);
	for (size_t i = 0; i < d->n_includes; i++) {
		const struct zone_include *inc = &d->includes[i];

		wire_put_text(out, inc->path);
		wire_put_text(out, inc->file);
		wire_put_u32(out, inc->line);
		wire_put_size(out, inc->in);
		wire_put_size(out, inc->at);
		wire_put_size(out, inc->len);
		wire_put_size(out, inc->text);
	}
}

void zone_put_draft(struct diag_buf *out, const struct zone_draft *d,
		    size_t n_texts)
{
	wire_put_u32(out, d->config);
	wire_put_text(out, d->origin);
	wire_put_text(out, d->inventory);
	wire_put_text(out, d->block);
	put_names(out, d);
	wire_put_u32(out, d->serial_old);
	wire_put_u32(out, d->serial_new);
	put_includes(out, d);
	for (size_t i = 0; i < n_texts && !d->lacking; i++) {
		wire_put_edits(out, &d->texts[i].edits);
		wire_put_size(out, d->texts[i].foreign);
		wire_put_size(out, d->texts[i].foreign_changed);
		wire_put_bytes(out, d->texts[i].diff, d->texts[i].diff_len);
	}
	put_rows(out, d->asked, d->n_asked);
}

/* --- reading ----------------------------------------------------------------
 */

static const char **read_texts(struct wire *w, size_t *n)
{
	size_t count = wire_count(w, TEXT_MIN);
	const char **texts = wire_array(w, count, sizeof(*texts));

	for (size_t i = 0; i < count && !w->bad; i++)
		texts[i] = wire_needed_text(w);
	*n = w->bad ? 0 : count;
	return texts;
}

static const struct zone_row *read_rows(struct wire *w, size_t *n_out)
{
	size_t n = wire_count(w, ROW_MIN);
	struct zone_row *rows = wire_array(w, n, sizeof(*rows));

	for (size_t i = 0; i < n && !w->bad; i++) {
		rows[i].name = wire_needed_text(w);
		rows[i].owner = wire_text(w);
		rows[i].addresses = wire_addrs(w, &rows[i].n);
	}
	*n_out = w->bad ? 0 : n;
	return rows;
}

static void read_left(struct wire *w, struct zone_draft *out)
{
	size_t n = wire_count(w, LEFT_MIN);
	struct zone_left *left = wire_array(w, n, sizeof(*left));

	for (size_t i = 0; i < n && !w->bad; i++) {
		left[i].name = wire_needed_text(w);
		left[i].why = wire_needed_text(w);
	}
	out->left = left;
	out->n_left = w->bad ? 0 : n;
}

static void read_includes(struct wire *w, struct zone_draft *out)
{
	struct zone_include *all;
	size_t n;

	out->lacking = wire_u32(w) != 0;
	n = wire_count(w, INCLUDE_MIN);
	all = wire_array(w, n, sizeof(*all));
	for (size_t i = 0; i < n && !w->bad; i++) {
		all[i].path = wire_needed_text(w);
		all[i].file = wire_needed_text(w);
		all[i].line = wire_u32(w);
		all[i].in = wire_size(w);
		all[i].at = wire_size(w);
		all[i].len = wire_size(w);
		all[i].text = wire_size(w);
	}
	out->includes = all;
	out->n_includes = w->bad ? 0 : n;
}

static void read_edited(struct wire *w, size_t n, struct zone_draft *out)
{
	struct zone_edited *texts = wire_array(w, n, sizeof(*texts));

	for (size_t i = 0; i < n && !w->bad && !out->lacking; i++) {
		wire_edits(w, &texts[i].edits);
		texts[i].foreign = wire_size(w);
		texts[i].foreign_changed = wire_size(w);
		texts[i].diff = wire_bytes(w, &texts[i].diff_len);
	}
	out->texts = texts;
}

static void read_draft(struct wire *w, size_t n_texts, struct zone_draft *out)
{
	*out = (struct zone_draft){ .config = wire_u32(w) != 0 };
	out->origin = wire_text(w);
	out->inventory = wire_needed_text(w);
	out->block = wire_needed_text(w);
	out->rows = read_rows(w, &out->n_rows);
	read_left(w, out);
	out->parents = read_texts(w, &out->n_parents);
	out->notes = read_texts(w, &out->n_notes);
	out->serial_old = wire_u32(w);
	out->serial_new = wire_u32(w);
	read_includes(w, out);
	read_edited(w, n_texts, out);
	out->asked = read_rows(w, &out->n_asked);
	if (!out->config && out->origin == NULL)
		w->bad = true;
}

bool zone_heard(struct diag_arena *arena, const struct diag_buf *bytes,
		size_t n_texts, struct zone_heard *out, struct diag_err *err)
{
	struct wire w = wire_of(arena, diag_buf_str(bytes), bytes->len);

	*out = (struct zone_heard){ .failed = wire_u32(&w) != 0 };
	out->problems = wire_needed_text(&w);
	out->more = wire_u32(&w);
	if (out->failed)
		wire_err(&w, &out->err);
	else
		read_draft(&w, n_texts, &out->draft);
	return wire_ok(&w, err);
}
