/* SPDX-License-Identifier: MIT */
/* attrs_linux.c - a new file with the owner, mode and attributes of the old.
 *
 * ACLs, SELinux labels and capabilities are extended attributes, so copying
 * all of these copies them.  The owner comes first: chown(2) takes set-id bits
 * and capabilities away.  Two names are the kernel's own seals over the bytes
 * (IMA, EVM) and are wrong for new bytes; it makes them anew.
 */
#include <errno.h>
#include <linux/xattr.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "fix/writer_internal.h"

/* xattr(7): a list and a value have at most this many bytes. */
#define LIST_MAX  65536
#define VALUE_MAX 65536

struct attrs {
	const struct diag_writer *w;
	int from, to;
	char list[LIST_MAX];
	char have[VALUE_MAX], want[VALUE_MAX];
};

static bool is_seal(const char *name)
{
	return strcmp(name, "security.ima") == 0 ||
	       strcmp(name, "security.evm") == 0;
}

static bool copy_one(struct attrs *a, const char *name, struct diag_err *err)
{
	ssize_t want = fgetxattr(a->from, name, a->want, sizeof(a->want));
	ssize_t have = fgetxattr(a->to, name, a->have, sizeof(a->have));

	if (want >= 0 && want == have &&
	    memcmp(a->want, a->have, (size_t)want) == 0)
		return true;
	if (want >= 0 && fsetxattr(a->to, name, a->want, (size_t)want, 0) == 0)
		return true;
	return writer_fail(a->w, err, errno,
			   "its extended attribute %.64s cannot be kept", name);
}

/* In the names (each ends with NUL) of a list. */
static bool listed(const char *list, size_t len, const char *name)
{
	for (size_t at = 0; at < len; at += strlen(list + at) + 1)
		if (strcmp(list + at, name) == 0)
			return true;
	return false;
}

/* false: cannot be listed.  A file system without attributes has none. */
static bool list_of(int fd, char *list, size_t *len)
{
	ssize_t n = flistxattr(fd, list, LIST_MAX - 1);

	*len = n > 0 ? (size_t)n : 0;
	list[*len] = '\0';
	return n >= 0 || errno == ENOTSUP;
}

/* What the folder gave the new file, and the old one does not have: a default
 * ACL.  A label cannot be taken away, only changed. */
static bool drop_others(struct attrs *a, size_t want_len, struct diag_err *err)
{
	size_t len;

	if (!list_of(a->to, a->have, &len))
		return writer_fail(a->w, err, errno,
				   "its extended attributes cannot be kept");
	for (size_t at = 0; at < len; at += strlen(a->have + at) + 1) {
		const char *name = a->have + at;

		if (!listed(a->list, want_len, name) &&
		    !diag_text_starts(name, "security.") &&
		    fremovexattr(a->to, name) != 0)
			return writer_fail(a->w, err, errno,
					   "the attribute %.64s that its "
					   "folder gives cannot be removed",
					   name);
	}
	return true;
}

static bool copy_all(struct attrs *a, struct diag_err *err)
{
	size_t len;

	if (!list_of(a->from, a->list, &len))
		return writer_fail(a->w, err, errno,
				   "its extended attributes cannot be read");
	if (!drop_others(a, len, err))
		return false;
	for (size_t at = 0; at < len; at += strlen(a->list + at) + 1)
		if (!is_seal(a->list + at) && !copy_one(a, a->list + at, err))
			return false;
	return true;
}

static bool same_rights(const struct stat *a, const struct stat *b)
{
	return a->st_uid == b->st_uid && a->st_gid == b->st_gid &&
	       (a->st_mode & 07777) == (b->st_mode & 07777);
}

static bool copy_owner(const struct diag_writer *w, const struct stat *want,
		       const struct stat *have, int to, struct diag_err *err)
{
	if (want->st_uid == have->st_uid && want->st_gid == have->st_gid)
		return true;
	return fchown(to, want->st_uid, want->st_gid) == 0 ||
	       writer_fail(w, err, errno,
			   "its owner (uid %u, gid %u) cannot be kept",
			   want->st_uid, want->st_gid);
}

bool writer_attrs_copy(const struct diag_writer *w, int from, int to,
		       struct diag_err *err)
{
	struct stat want, have;
	struct attrs *a;
	bool ok;

	if (fstat(from, &want) != 0 || fstat(to, &have) != 0)
		return writer_fail(w, err, errno, "cannot be looked at");
	a = diag_alloc(sizeof(*a));
	if (a == NULL)
		return diag_fail_nomem(err, WRITER_OP);
	a->w = w;
	a->from = from;
	a->to = to;
	ok = copy_owner(w, &want, &have, to, err);
	if (ok && fchmod(to, want.st_mode & 07777) != 0)
		ok = writer_fail(w, err, errno, "its mode cannot be kept");
	ok = ok && copy_all(a, err);
	/* A set-gid bit is dropped without a word if the group is not ours. */
	if (ok && (fstat(to, &have) != 0 || !same_rights(&want, &have)))
		ok = writer_fail(w, err, EPERM, "its mode cannot be kept");
	diag_free(a);
	return ok;
}

void writer_rights_take(int fd, struct writer_rights *rights)
{
	struct stat st = { 0 };

	rights->caps_len =
	    fgetxattr(fd, XATTR_NAME_CAPS, rights->caps, sizeof(rights->caps));
	rights->mode = fstat(fd, &st) == 0 ? st.st_mode & 07777u : 0;
}

bool writer_rights_give(int fd, const struct writer_rights *rights)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	if ((st.st_mode & 07777u) != rights->mode &&
	    fchmod(fd, rights->mode) != 0)
		return false;
	return rights->caps_len <= 0 ||
	       fsetxattr(fd, XATTR_NAME_CAPS, rights->caps,
			 (size_t)rights->caps_len, 0) == 0;
}
