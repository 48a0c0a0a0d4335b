/* SPDX-License-Identifier: MIT */
/* commit_posix.c - one change, from begin to end.
 *
 *	begin   forced	the journal names the temporary file
 *	prepare		new bytes, whole, on disk; old bytes too
 *	ready	forced	the journal knows both
 *	step		one rename (or a write in place)
 *	done	forced
 *
 * Whatever fails before the step leaves the file alone; what fails in or after
 * it puts the old one back.  What a crash leaves, recover_posix.c sorts out
 * from the same lines.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/time.h"
#include "fix/journal_line.h"
#include "fix/writer_internal.h"

static bool random_name(char temp[DIAG_JOURNAL_TEMP], struct diag_err *err)
{
	uint64_t bits;

	if (getrandom(&bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
		return diag_fail_sys(err, WRITER_OP, "no random number");
	(void)snprintf(temp, DIAG_JOURNAL_TEMP, "%s%016llx", DIAG_JOURNAL_HEAD,
		       (unsigned long long)bits);
	return true;
}

static const char *note_text(struct diag_writer *w, const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	return diag_arena_strn(&w->arena, len > 0 ? text : "",
			       len < DIAG_JOURNAL_NOTE ? len
						       : DIAG_JOURNAL_NOTE);
}

static bool begin(struct writer_change *c, bool in_place, struct diag_err *err)
{
	struct diag_writer *w = c->w;
	const struct writer_order *o = c->order;
	const struct diag_journal_entry *before = writer_last(w);
	struct diag_journal_entry e = {
		.change = { .id = before != NULL ? before->change.id + 1 : 1,
			    .kind = o->kind,
			    .at_s = diag_time_now_s(),
			    .tool = note_text(w, o->note->tool),
			    .about = note_text(w, o->note->about),
			    .undoes = o->undoes,
			    .old_len = w->seen.len },
		.in_place = in_place,
		.old_missing = w->seen.missing,
		.mode = w->seen.missing ? 0 : c->old_st.st_mode & 07777u,
	};

	if (e.change.tool == NULL || e.change.about == NULL)
		return diag_fail_nomem(err, WRITER_OP);
	memcpy(e.change.old_sha256, w->seen.sha256, DIAG_SHA256_TEXT);
	return (in_place || random_name(e.temp, err)) &&
	       writer_log_begin(w, &e, err);
}

/* A failure was told already; that the file could not be put back as well is
 * worth a word behind it. */
static void tell_stuck(struct diag_err *err)
{
	size_t len = err != NULL ? strlen(err->what) : 0;

	if (err != NULL)
		(void)snprintf(err->what + len, sizeof(err->what) - len, "%s",
			       "; not taken back yet: run again");
}

/* An end that cannot be written is owed: the next line brings it along, or
 * the next run finds out.  The change has happened. */
static bool finish(struct writer_change *c, uint64_t *id)
{
	struct diag_journal_entry *e = writer_last(c->w);

	(void)writer_log_end(c->w, DIAG_JOURNAL_DONE, NULL);
	*id = e->change.id;
	writer_seen_end(c->w);
	c->w->viewed = false;
	c->w->seen.times_tell = false;
	c->w->seen.missing = e->new_missing;
	c->w->seen.len = e->change.new_len;
	memcpy(c->w->seen.sha256, e->change.new_sha256, DIAG_SHA256_TEXT);
	writer_kept_prune(c->w);
	return true;
}

/* After a plain rename the old file is gone; its bytes are kept.  To write
 * them again is a change like any other, with all that this means for a crash
 * in the middle. */
static bool rename_back(struct writer_change *c)
{
	struct diag_writer *w = c->w;
	const struct diag_change_note note = { c->order->note->tool,
					       "could not be made sure of" };
	struct writer_order order = { .kind = DIAG_CHANGE_UNDO,
				      .mode = 0644,
				      .note = &note };
	struct diag_buf text;
	uint64_t id;
	bool ok;

	if (c->order->last_try)
		return false;
	/* It is the file now; open for writing it would look like another's. */
	(void)close(c->temp);
	c->temp = -1;
	diag_buf_init(&text, DIAG_WRITER_BYTES);
	ok = writer_kept_read(w, w->seen.sha256, w->seen.len, &text, NULL) &&
	     finish(c, &order.undoes);
	order.text = diag_buf_str(&text);
	order.len = text.len;
	order.last_try = true;
	ok = ok && writer_change(w, &order, &id, NULL);
	diag_buf_clear(&text);
	return ok;
}

static bool take_back(struct writer_change *c, struct diag_err *err)
{
	bool in_place = writer_last(c->w)->in_place;

	if (!in_place && c->replaced && c->old >= 0 && !c->displaced) {
		if (rename_back(c))
			return false;
	} else if (in_place ? writer_in_place_back(c) : writer_swap_back(c)) {
		(void)writer_log_end(c->w, DIAG_JOURNAL_BACK, NULL);
		return false;
	}
	c->w->stuck = true;
	tell_stuck(err);
	return false;
}

static bool run(struct writer_change *c, bool in_place, uint64_t *id,
		struct diag_err *err)
{
	bool ok;

	if (!begin(c, in_place, err))
		return false;
	if (in_place)
		ok = writer_in_place_prepare(c, err) && writer_in_place(c, err);
	else
		ok = writer_swap_prepare(c, err) && writer_swap(c, err);
	return ok ? finish(c, id) : take_back(c, err);
}

/* A mount point that only the rename noticed is written in place after all. */
static bool run_either(struct writer_change *c, bool in_place, uint64_t *id,
		       struct diag_err *err)
{
	struct diag_err first = { 0 };

	if (run(c, in_place, id, &first))
		return true;
	if (!c->busy || c->w->stuck || writer_removes(c->order)) {
		if (err != NULL && err->code == DIAG_OK)
			*err = first;
		return false;
	}
	if (c->temp >= 0)
		(void)close(c->temp);
	*c = (struct writer_change){ .w = c->w,
				     .order = c->order,
				     .old = c->old,
				     .old_st = c->old_st,
				     .times_tell = c->times_tell,
				     .known = c->known,
				     .temp = -1 };
	return run(c, true, id, err);
}

/* *same: the file holds this already. */
static bool nothing_to_do(const struct writer_change *c, bool *same,
			  struct diag_err *err)
{
	const struct writer_seen *seen = &c->w->seen;
	const struct writer_order *o = c->order;
	char sha256[DIAG_SHA256_TEXT];

	*same = writer_removes(o) && seen->missing;
	if (writer_removes(o) || seen->missing || o->len != seen->len)
		return true;
	if (o->edits != NULL)
		return writer_edits_same(c, same, err);
	if (!diag_sha256_of(o->text, o->len, sha256))
		return diag_fail_nomem(err, WRITER_OP);
	*same = strcmp(sha256, seen->sha256) == 0;
	return !*same || writer_same_bytes(c, err);
}

/* An undo of what somebody took back by hand: only the history changes. */
static bool note_only(struct writer_change *c, uint64_t *id,
		      struct diag_err *err)
{
	struct diag_journal_entry *e;

	if (!begin(c, false, err))
		return false;
	e = writer_last(c->w);
	e->new_missing = e->old_missing;
	e->change.new_len = e->change.old_len;
	memcpy(e->change.new_sha256, e->change.old_sha256, DIAG_SHA256_TEXT);
	if (c->old >= 0 &&
	    !writer_keep_fd(c->w, c->old, e->change.old_sha256, err))
		return take_back(c, err);
	return writer_log_ready(c->w, err) ? finish(c, id) : take_back(c, err);
}

static bool check(struct writer_change *c, struct diag_file_state *file,
		  struct diag_err *err)
{
	const struct writer_seen *seen = &c->w->seen;
	int64_t now = diag_time_now_s();
	struct stat st;

	if (c->w->stuck)
		return writer_fail(c->w, err, 0,
				   "an earlier change has to be taken back "
				   "first: run again");
	if (!seen->valid)
		return writer_fail(c->w, err, 0,
				   "has to be read before it is written");
	if (!writer_look(c->w, file, &st, err) ||
	    !writer_can(c->w, file, &st, c->order->len, err) ||
	    !writer_open_file(c->w, c->w->name, &c->old, &c->old_st, err))
		return false;
	if ((c->old < 0) != seen->missing)
		return writer_changed_meanwhile(c->w, err);
	c->times_tell = c->old >= 0 && writer_times_tell(&c->old_st, now);
	c->known = c->old >= 0 && seen->times_tell &&
		   writer_untouched(&c->old_st, &seen->st);
	if (c->order->edits != NULL && !c->known)
		return writer_changed_meanwhile(c->w, err);
	return diag_writer_hash(c->w, err);
}

bool writer_change(struct diag_writer *w, const struct writer_order *order,
		   uint64_t *id, struct diag_err *err)
{
	struct writer_change c = {
		.w = w, .order = order, .old = -1, .temp = -1
	};
	struct diag_file_state file = { .real_path = NULL };
	bool same = false;
	bool ok = check(&c, &file, err) && nothing_to_do(&c, &same, err);

	if (ok && !same)
		ok = run_either(&c, file.mount_point, id, err);
	else if (ok && order->kind == DIAG_CHANGE_UNDO)
		ok = note_only(&c, id, err);
	if (c.temp >= 0)
		(void)close(c.temp);
	if (c.old >= 0)
		(void)close(c.old);
	diag_buf_clear(&c.text);
	return ok;
}
