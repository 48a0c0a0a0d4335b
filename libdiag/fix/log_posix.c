/* SPDX-License-Identifier: MIT */
/* log_posix.c - the journal on disk.
 *
 * A line counts when it is forced to disk.  What a failed or interrupted write
 * left behind the last good line is cut off before the next line is written,
 * so that a cut line is always the last one.
 */
#include <errno.h>
#include <unistd.h>

#include "base/fd.h"
#include "fix/writer_internal.h"

#define LINES_MAX (4 * DIAG_JOURNAL_LINE)

struct diag_journal_entry *writer_last(const struct diag_writer *w)
{
	return w->journal.n > 0 ? &w->journal.items[w->journal.n - 1] : NULL;
}

static bool log_fail(const struct diag_writer *w, struct diag_err *err)
{
	return writer_fail(w, err, errno,
			   "its journal in the state folder cannot be written");
}

/* Forced or not there: the caller goes on only with true. */
static bool append(struct diag_writer *w, const struct diag_buf *lines,
		   struct diag_err *err)
{
	uint64_t at = w->journal.good_len;
	int sys;

	if (!diag_buf_ok(lines, err, WRITER_OP))
		return false;
	if (ftruncate(w->log, (off_t)at) == 0 &&
	    diag_fd_write_at(w->log, lines->data, lines->len, at) &&
	    diag_fd_sync(w->log)) {
		w->journal.good_len += lines->len;
		return true;
	}
	sys = errno;
	if (ftruncate(w->log, (off_t)at) == 0)
		errno = sys;
	errno = sys;
	return log_fail(w, err);
}

typedef void put_fn(struct diag_buf *out, const struct diag_journal_entry *e);

static bool append_line(struct diag_writer *w, put_fn *put,
			const struct diag_journal_entry *e,
			struct diag_err *err)
{
	struct diag_buf lines;
	bool ok;

	diag_buf_init(&lines, LINES_MAX);
	if (w->journal.good_len == 0)
		diag_journal_put_file(&lines, w->real);
	put(&lines, e);
	ok = append(w, &lines, err);
	diag_buf_clear(&lines);
	return ok;
}

/* An end that could not be written when it was due. */
static bool pay(struct diag_writer *w, struct diag_err *err)
{
	if (w->owed &&
	    !append_line(w, diag_journal_put_end, writer_last(w), err))
		return false;
	w->owed = false;
	return true;
}

bool writer_log_load(struct diag_writer *w, struct diag_err *err)
{
	struct diag_buf text;
	bool ok;

	if (!writer_state_file(w, "journal", &w->log, err))
		return false;
	diag_buf_init(&text, DIAG_JOURNAL_BYTES + 1);
	ok = diag_fd_read(w->log, &text) || log_fail(w, err);
	ok = ok &&
	     (text.code == DIAG_ELIMIT || diag_buf_ok(&text, err, WRITER_OP));
	ok = ok &&
	     diag_journal_parse(&w->arena, w->log_name, diag_buf_str(&text),
				text.len, &w->journal, err);
	/* The name of a new journal has to last as long as its lines. */
	if (ok && w->journal.good_len == 0)
		ok = diag_fd_sync(w->state) || log_fail(w, err);
	diag_buf_clear(&text);
	return ok;
}

bool writer_log_begin(struct diag_writer *w, const struct diag_journal_entry *e,
		      struct diag_err *err)
{
	struct diag_journal_entry *slot;

	if (w->journal.good_len > DIAG_JOURNAL_BYTES - LINES_MAX)
		return diag_fail(err, DIAG_ELIMIT, WRITER_OP,
				 "%s: is full; move this file away to start "
				 "anew",
				 w->log_name);
	if (!pay(w, err))
		return false;
	slot = diag_arena_push(&w->arena, &w->journal.items, &w->journal.n,
			       sizeof(*slot));
	if (slot == NULL)
		return diag_fail_nomem(err, WRITER_OP);
	*slot = *e;
	if (append_line(w, diag_journal_put_begin, slot, err))
		return true;
	w->journal.n--;
	return false;
}

bool writer_log_ready(struct diag_writer *w, struct diag_err *err)
{
	struct diag_journal_entry *e = writer_last(w);

	if (!append_line(w, diag_journal_put_ready, e, err))
		return false;
	e->stage = DIAG_JOURNAL_READY;
	return true;
}

bool writer_log_end(struct diag_writer *w, enum diag_journal_stage stage,
		    struct diag_err *err)
{
	struct diag_journal_entry *e = writer_last(w);

	e->stage = stage;
	w->owed = true;
	return pay(w, err);
}
