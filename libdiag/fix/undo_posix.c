/* SPDX-License-Identifier: MIT */
/* undo_posix.c - what was there before a change, and writing it again. */
#include <stdio.h>
#include <string.h>

#include "fix/writer_internal.h"

/* The entry of a change that can be undone. */
static bool find_change(struct diag_writer *w, uint64_t id,
			const struct diag_journal_entry **out,
			struct diag_err *err)
{
	const struct diag_change *c = NULL, *found = NULL;
	struct diag_arena arena;
	size_t n = 0;
	bool ok;

	diag_arena_init(&arena, 0);
	ok = diag_journal_changes(&w->journal, &arena, &c, &n, err);
	for (size_t i = 0; i < n; i++)
		if (id != 0 ? c[i].id == id
			    : c[i].kind == DIAG_CHANGE_APPLY && !c[i].undone)
			found = &c[i];
	if (ok && found == NULL)
		ok = id == 0 ? writer_fail(w, err, 0, "nothing to undo")
			     : writer_fail(w, err, 0, "no change %llu",
					   (unsigned long long)id);
	if (ok && found->undone)
		ok = writer_fail(w, err, 0, "change %llu is undone already",
				 (unsigned long long)id);
	for (size_t i = 0; ok && i < w->journal.n; i++)
		if (w->journal.items[i].change.id == found->id)
			*out = &w->journal.items[i];
	diag_arena_clear(&arena);
	return ok;
}

/* Is the file what our last change left? */
static bool edited(const struct diag_writer *w)
{
	const struct diag_journal_entry *last = NULL;

	for (size_t i = 0; i < w->journal.n; i++)
		if (w->journal.items[i].stage == DIAG_JOURNAL_DONE)
			last = &w->journal.items[i];
	if (last == NULL || last->new_missing || w->seen.missing)
		return last == NULL || last->new_missing != w->seen.missing;
	return strcmp(last->change.new_sha256, w->seen.sha256) != 0;
}

static bool old_text(const struct diag_writer *w,
		     const struct diag_journal_entry *e, struct diag_buf *text,
		     struct diag_err *err)
{
	return e->old_missing || writer_kept_read(w, e->change.old_sha256,
						  e->change.old_len, text, err);
}

bool diag_writer_undo_text(struct diag_writer *w, uint64_t id,
			   struct diag_buf *text, uint64_t *which,
			   bool *edited_since, struct diag_err *err)
{
	const struct diag_journal_entry *e = NULL;

	diag_buf_init(text, DIAG_WRITER_BYTES);
	if (!find_change(w, id, &e, err) || !writer_see(w, NULL, err) ||
	    !old_text(w, e, text, err))
		return false;
	*which = e->change.id;
	*edited_since = edited(w);
	return true;
}

bool diag_writer_undo(struct diag_writer *w, uint64_t id,
		      const struct diag_change_note *note, struct diag_err *err)
{
	const struct diag_journal_entry *e = NULL;
	struct diag_buf text;
	uint64_t made;
	bool ok;

	diag_buf_init(&text, DIAG_WRITER_BYTES);
	ok = find_change(w, id, &e, err) &&
	     (w->seen.valid || writer_see(w, NULL, err)) &&
	     old_text(w, e, &text, err);
	if (ok) {
		const struct writer_order order = {
			.text = e->old_missing ? NULL : diag_buf_str(&text),
			.len = text.len,
			.kind = DIAG_CHANGE_UNDO,
			.undoes = e->change.id,
			.mode = e->mode,
			.note = note,
		};

		ok = writer_change(w, &order, &made, err);
	}
	diag_buf_clear(&text);
	return ok;
}
