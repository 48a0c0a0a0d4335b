/* SPDX-License-Identifier: MIT */
/* recover_posix.c - after a crash: what happened, and is it whole?
 *
 * The last entry of the journal is open.  If it is not ready, the file was not
 * touched and what lies under the temporary name is ours, in the making.  If
 * it is, each of the two names, F (the file) and T (the temporary one), may be
 * the old bytes, the new, others (somebody's edit), or nothing:
 *
 *	F		T		so
 *	old, new, other	nothing		the step is over, or never came: F
 *					says which; an edit came after it
 *	new		old		exchanged: keep T; done
 *	new		new		one file with two names: done;
 *					two: somebody else wrote the same; back
 *	new		other		T was F until our step: an edit that
 *					we displaced; put it back
 *	old		any		not exchanged, or put back: back
 *	other		old		exchanged, then an edit; keep T; done
 *	other		new		not exchanged, an edit; back
 *	other		other		both are edits; keep T; back
 *
 * Every step leads to another row of this table, so a crash in here is no
 * different.  What is neither old nor new is never removed without a copy.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fix/writer_internal.h"

enum holds { HOLDS_OLD, HOLDS_NEW, HOLDS_OTHER, HOLDS_NOTHING };

/* One of the two names. */
struct found {
	int fd; /* -1: nothing there */
	struct stat st;
	char sha256[DIAG_SHA256_TEXT];
	enum holds holds;
};

static bool find(struct diag_writer *w, const char *name, struct found *f,
		 struct diag_err *err)
{
	const struct diag_journal_entry *e = writer_last(w);

	f->holds = HOLDS_NOTHING;
	if (!writer_open_file(w, name, &f->fd, &f->st, err))
		return false;
	if (f->fd < 0)
		return true;
	if (!writer_hash_fd(w, f->fd, f->sha256, err))
		return false;
	f->holds = HOLDS_OTHER;
	if (!e->old_missing && strcmp(f->sha256, e->change.old_sha256) == 0)
		f->holds = HOLDS_OLD;
	if (!e->new_missing && strcmp(f->sha256, e->change.new_sha256) == 0)
		f->holds = HOLDS_NEW;
	return true;
}

/* Of the file nothing may be what was or what shall be. */
static enum holds file_holds(const struct diag_journal_entry *e,
			     const struct found *f)
{
	if (f->holds != HOLDS_NOTHING)
		return f->holds;
	if (e->new_missing)
		return HOLDS_NEW;
	return e->old_missing ? HOLDS_OLD : HOLDS_OTHER;
}

static bool remove_temp(struct diag_writer *w, struct diag_err *err)
{
	const char *temp = writer_last(w)->temp;

	if (unlinkat(w->folder, temp, 0) != 0 && errno != ENOENT)
		return writer_fail(w, err, errno,
				   "the temporary file %s of an interrupted "
				   "run cannot be removed",
				   temp);
	return true;
}

static bool put_back(struct diag_writer *w, const struct found *file,
		     struct diag_err *err)
{
	const char *temp = writer_last(w)->temp;
	bool ok = file->fd >= 0 ? writer_exchange(w, temp, w->name)
				: writer_rename_new(w, temp, w->name);

	if (!ok)
		return writer_fail(w, err, errno,
				   "its bytes are in %s and cannot be put back",
				   temp);
	return file->fd < 0 || remove_temp(w, err);
}

/* T holds something; leaves T empty.  *happened: the change did. */
static bool settle_two(struct diag_writer *w, const struct found *file,
		       const struct found *temp, bool *happened,
		       struct diag_err *err)
{
	const struct diag_journal_entry *e = writer_last(w);
	enum holds f = file_holds(e, file);
	bool one = file->fd >= 0 && file->st.st_ino == temp->st.st_ino;

	*happened = f != HOLDS_OLD && temp->holds == HOLDS_OLD;
	if (f == HOLDS_NEW && temp->holds == HOLDS_OTHER)
		return put_back(w, file, err);
	if (f == HOLDS_NEW && temp->holds == HOLDS_NEW)
		*happened = one;
	if (*happened && !one)
		return writer_keep_temp(w, e->temp, temp->fd, temp->sha256,
					err);
	if (temp->holds == HOLDS_OTHER &&
	    !writer_keep_fd(w, temp->fd, temp->sha256, err))
		return false;
	return remove_temp(w, err);
}

static bool settle(struct diag_writer *w, bool *happened, struct diag_err *err)
{
	const struct diag_journal_entry *e = writer_last(w);
	struct found file = { .fd = -1 }, temp = { .fd = -1 };
	bool ok = find(w, w->name, &file, err) && find(w, e->temp, &temp, err);

	if (ok && temp.holds == HOLDS_NOTHING)
		*happened = file_holds(e, &file) != HOLDS_OLD;
	else if (ok)
		ok = settle_two(w, &file, &temp, happened, err);
	if (ok && !writer_sync_folder(w, file.fd))
		ok = writer_fail(w, err, errno,
				 "its folder cannot be forced to disk");
	if (file.fd >= 0)
		(void)close(file.fd);
	if (temp.fd >= 0)
		(void)close(temp.fd);
	return ok;
}

/* The last change came to its end, but the power may have gone before its
 * temporary name was gone from the disk; its bytes are kept. */
static bool sweep(struct diag_writer *w, struct diag_err *err)
{
	const struct diag_journal_entry *e = writer_last(w);

	(void)unlinkat(w->state, "part", 0);
	if (e == NULL || e->in_place ||
	    faccessat(w->folder, e->temp, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
		return true;
	return remove_temp(w, err);
}

bool writer_recover(struct diag_writer *w, struct diag_err *err)
{
	const struct diag_journal_entry *e = writer_last(w);
	bool happened = false, ok;

	if (e == NULL || e->stage >= DIAG_JOURNAL_DONE)
		return sweep(w, err);
	if (e->stage == DIAG_JOURNAL_BEGUN)
		ok = sweep(w, err);
	else if (e->in_place)
		ok = writer_in_place_recover(w, &happened, err);
	else
		ok = settle(w, &happened, err);
	if (!ok ||
	    !writer_log_end(w, happened ? DIAG_JOURNAL_DONE : DIAG_JOURNAL_BACK,
			    err))
		return false;
	w->recovered = happened ? DIAG_RECOVERED_NEW : DIAG_RECOVERED_OLD;
	return sweep(w, err);
}
