/* SPDX-License-Identifier: MIT */
/* undo_posix.c - what was there before a change, and writing it again. */
#include <string.h>

#include "fix/writer_internal.h"

/* id 0: the latest apply that stands; NULL: none. */
static const struct diag_change *chosen(const struct diag_change *c, size_t n,
					uint64_t id)
{
	while (n-- > 0)
		if (id != 0 ? c[n].id == id
			    : c[n].kind == DIAG_CHANGE_APPLY && !c[n].undone)
			return &c[n];
	return NULL;
}

static bool may_undo(const struct diag_writer *w, const struct diag_change *c,
		     uint64_t id, struct diag_err *err)
{
	if (c == NULL && id == 0)
		return writer_fail(w, err, 0, "nothing to undo");
	if (c == NULL)
		return writer_fail(w, err, 0, "no change %llu",
				   (unsigned long long)id);
	return !c->undone || writer_fail(w, err, 0,
					 "change %llu is undone "
					 "already",
					 (unsigned long long)id);
}

/* The entry of a change that can be undone. */
static bool find_change(struct diag_writer *w, uint64_t id,
			struct diag_journal_entry *out, struct diag_err *err)
{
	const struct diag_change *all = NULL, *c = NULL;
	struct diag_arena arena;
	size_t n = 0;
	bool ok;

	diag_arena_init(&arena, 0);
	ok = diag_journal_changes(&w->journal, &arena, &all, &n, err);
	if (ok)
		c = chosen(all, n, id);
	ok = ok && may_undo(w, c, id, err);
	for (size_t i = 0; ok && i < w->journal.n; i++)
		if (w->journal.items[i].change.id == c->id)
			*out = w->journal.items[i];
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
	struct diag_journal_entry e = { 0 };

	diag_buf_init(text, DIAG_WRITER_BYTES);
	if (!find_change(w, id, &e, err) || !writer_see(w, NULL, err) ||
	    !old_text(w, &e, text, err))
		return false;
	*which = e.change.id;
	*edited_since = edited(w);
	return true;
}

bool diag_writer_undo(struct diag_writer *w, uint64_t id,
		      const struct diag_change_note *note, struct diag_err *err)
{
	struct diag_journal_entry e = { 0 };
	struct writer_order order = {
		.kind = DIAG_CHANGE_UNDO,
		.note = note != NULL ? note : &writer_no_note,
	};
	struct diag_buf text;
	uint64_t made;
	bool ok;

	diag_buf_init(&text, DIAG_WRITER_BYTES);
	ok = find_change(w, id, &e, err) &&
	     (w->seen.valid || writer_see(w, NULL, err)) &&
	     old_text(w, &e, &text, err);
	order.text = e.old_missing ? NULL : diag_buf_str(&text);
	order.len = text.len;
	order.undoes = e.change.id;
	order.mode = e.mode;
	ok = ok && writer_change(w, &order, &made, err);
	diag_buf_clear(&text);
	return ok;
}
