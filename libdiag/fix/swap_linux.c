/* SPDX-License-Identifier: MIT */
/* swap_linux.c - a new file takes the place of the old one in one step.
 *
 * The new file is made beside the old one, complete with owner and attributes
 * and forced to disk.  Then the two trade names (RENAME_EXCHANGE): whatever
 * was there a moment ago is not gone but has the temporary name, so it can be
 * looked at once more, and put back if it is not what we read.  Only then it
 * goes: into the state folder itself, or, where a copy is there already, away.
 * File systems that cannot exchange get a plain rename after the last look.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "fix/writer_internal.h"

static const char *temp_name(const struct writer_change *c)
{
	return writer_last(c->w)->temp;
}

static bool temp_fail(const struct writer_change *c, struct diag_err *err)
{
	return writer_fail(c->w, err, errno,
			   "the new file beside it cannot be written");
}

static bool give_rights(struct writer_change *c, struct diag_err *err)
{
	if (c->old >= 0)
		return writer_attrs_copy(c->w, c->old, c->temp, err);
	return fchmod(c->temp, c->order->mode) == 0 || temp_fail(c, err);
}

static bool make_temp(struct writer_change *c, struct diag_err *err)
{
	c->temp =
	    openat(c->w->folder, temp_name(c),
		   O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (c->temp < 0)
		return writer_fail(c->w, err, errno,
				   "no new file can be made beside it");
	c->temp_made = true;
	return writer_put_new(c, err) && give_rights(c, err);
}

bool writer_hash_new(struct writer_change *c, struct diag_err *err)
{
	struct diag_journal_entry *e = writer_last(c->w);

	e->new_missing = writer_removes(c->order);
	e->change.new_len = c->order->len;
	if (c->order->edits != NULL)
		return writer_hash_edited(c, e->change.new_sha256, err);
	return e->new_missing ||
	       diag_sha256_of(c->order->text, c->order->len,
			      e->change.new_sha256) ||
	       diag_fail_nomem(err, WRITER_OP);
}

/* The old bytes are safe, and are those that were read. */
static bool keep_old(struct writer_change *c, struct diag_err *err)
{
	if (c->old < 0)
		return true;
	c->move_old = writer_may_move(c->w, c->old);
	if (!c->move_old)
		return writer_keep_fd(c->w, c->old, c->w->seen.sha256, err);
	if (!c->known && !writer_same_bytes(c, err))
		return false;
	return diag_fd_sync(c->old) ||
	       writer_fail(c->w, err, errno, "cannot be forced to disk");
}

bool writer_swap_prepare(struct writer_change *c, struct diag_err *err)
{
	if (!writer_removes(c->order) && !make_temp(c, err))
		return false;
	if (!writer_hash_new(c, err) || !keep_old(c, err))
		return false;
	if (c->temp >= 0 && !diag_fd_sync(c->temp))
		return temp_fail(c, err);
	return writer_log_ready(c->w, err);
}

static bool replace_fail(struct writer_change *c, struct diag_err *err)
{
	if (errno == EEXIST)
		return writer_changed_meanwhile(c->w, err);
	c->busy = errno == EBUSY;
	return writer_fail(c->w, err, errno, "cannot be replaced");
}

static bool plain_rename(struct writer_change *c, struct diag_err *err)
{
	if (c->move_old &&
	    !writer_keep_fd(c->w, c->old, c->w->seen.sha256, err))
		return false;
	if (!writer_surely_same(c, err))
		return false;
	if (renameat(c->w->folder, temp_name(c), c->w->folder, c->w->name) != 0)
		return replace_fail(c, err);
	c->replaced = true;
	return true;
}

static bool replace(struct writer_change *c, struct diag_err *err)
{
	const char *temp = temp_name(c), *name = c->w->name;
	bool both = c->old >= 0 && !writer_removes(c->order);

	if (both)
		c->replaced = writer_exchange(c->w, temp, name);
	else if (c->old >= 0)
		c->replaced = writer_rename_new(c->w, name, temp);
	else
		c->replaced = writer_rename_new(c->w, temp, name);
	c->displaced = c->replaced && c->old >= 0;
	if (c->replaced)
		return true;
	if (both && (errno == EINVAL || errno == ENOSYS || errno == ENOTSUP ||
		     errno == EPERM))
		return plain_rename(c, err);
	return replace_fail(c, err);
}

/* What the old file leaves behind: bytes in the state folder, no name here. */
static bool drop_old(struct writer_change *c, struct diag_err *err)
{
	if (c->move_old)
		return writer_keep_temp(c->w, temp_name(c), c->old,
					c->w->seen.sha256, err);
	return unlinkat(c->w->folder, temp_name(c), 0) == 0 ||
	       writer_fail(c->w, err, errno,
			   "its temporary file %s cannot be removed",
			   temp_name(c));
}

bool writer_swap(struct writer_change *c, struct diag_err *err)
{
	if (!writer_still_same(c, err) || !replace(c, err))
		return false;
	if (c->displaced && !writer_displaced_same(c, err))
		return false;
	if (!writer_sync_folder(c->w, c->temp >= 0 ? c->temp : c->old))
		return writer_fail(c->w, err, errno,
				   "its folder cannot be forced to disk");
	return !c->displaced || drop_old(c, err);
}

/* The file that we made where there was none, if it is still there. */
static bool remove_made(const struct writer_change *c)
{
	struct stat ours, now;

	if (fstat(c->temp, &ours) != 0)
		return false;
	if (fstatat(c->w->folder, c->w->name, &now, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT;
	return !writer_same_stat(&ours, &now) ||
	       unlinkat(c->w->folder, c->w->name, 0) == 0;
}

static bool put_back(const struct writer_change *c)
{
	const char *temp = temp_name(c), *name = c->w->name;

	if (!c->replaced)
		return true;
	if (c->old < 0)
		return remove_made(c);
	if (!c->displaced)
		return false;
	return writer_removes(c->order) ? writer_rename_new(c->w, temp, name)
					: writer_exchange(c->w, temp, name);
}

bool writer_swap_back(struct writer_change *c)
{
	if (!put_back(c))
		return false;
	c->replaced = false;
	c->displaced = false;
	if (c->temp_made && unlinkat(c->w->folder, temp_name(c), 0) != 0 &&
	    errno != ENOENT)
		return false;
	return writer_sync_folder(c->w, c->temp >= 0 ? c->temp : c->old);
}
