/* SPDX-License-Identifier: MIT */
/* kept_posix.c - old and new bytes in the state folder, named by their hash.
 *
 * What is kept under a name was forced to disk first, so a name stands for
 * whole bytes, and the same bytes are kept once.  Nobody is trusted to have
 * left them alone: they are hashed again before they are used.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "fix/writer_internal.h"

#define PART  "part"
#define CHUNK ((size_t)256 << 10)

static bool kept_fail(const struct diag_writer *w, struct diag_err *err)
{
	return writer_fail(w, err, errno,
			   "its bytes cannot be kept in the state folder");
}

/* All of from is hashed and, with to >= 0, copied. */
static bool pump(int from, int to, char *chunk, struct diag_sha256 *h)
{
	uint64_t at = 0;
	size_t got = 0;

	do {
		if (!diag_fd_read_at(from, chunk, CHUNK, at, &got))
			return false;
		diag_sha256_put(h, chunk, got);
		if (to >= 0 && !diag_fd_write(to, chunk, got))
			return false;
		at += got;
	} while (got == CHUNK);
	return true;
}

static bool hash_copy(int from, int to, char sha256[DIAG_SHA256_TEXT])
{
	char *chunk = diag_alloc(CHUNK);
	struct diag_sha256 h;
	bool ok;
	int sys;

	if (chunk == NULL) {
		errno = ENOMEM;
		return false;
	}
	diag_sha256_start(&h);
	ok = pump(from, to, chunk, &h);
	sys = errno;
	if (!diag_sha256_end(&h, sha256) && ok) {
		sys = ENOMEM;
		ok = false;
	}
	diag_free(chunk);
	errno = sys;
	return ok;
}

bool writer_hash_fd(const struct diag_writer *w, int fd,
		    char sha256[DIAG_SHA256_TEXT], struct diag_err *err)
{
	return hash_copy(fd, -1, sha256) ||
	       writer_fail(w, err, errno, "cannot be read");
}

int writer_kept_open(const struct diag_writer *w, const char *sha256)
{
	return openat(w->state, sha256,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* Whole and unspoiled. */
bool writer_kept_there(const struct diag_writer *w, const char *sha256)
{
	char now[DIAG_SHA256_TEXT] = "";
	int fd = writer_kept_open(w, sha256);
	bool ok = fd >= 0 && hash_copy(fd, -1, now) && strcmp(now, sha256) == 0;

	if (fd >= 0)
		(void)close(fd);
	return ok;
}

static int open_part(const struct diag_writer *w)
{
	(void)unlinkat(w->state, PART, 0); /* of a crash; we have the lock */
	return openat(w->state, PART,
		      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		      0600);
}

/* Ends what open_part() began; the errno is that of what failed first. */
static bool close_part(const struct diag_writer *w, int fd, bool ok,
		       const char *sha256)
{
	int sys;

	ok = ok && diag_fd_sync(fd);
	sys = errno;
	if (close(fd) != 0 && ok) {
		sys = errno;
		ok = false;
	}
	if (ok && renameat(w->state, PART, w->state, sha256) == 0 &&
	    diag_fd_sync(w->state))
		return true;
	sys = ok ? errno : sys;
	(void)unlinkat(w->state, PART, 0);
	errno = sys;
	return false;
}

bool writer_keep_fd(struct diag_writer *w, int fd, const char *sha256,
		    struct diag_err *err)
{
	char now[DIAG_SHA256_TEXT] = "";
	int part;
	bool ok, same;

	if (writer_kept_there(w, sha256)) {
		if (!writer_hash_fd(w, fd, now, err))
			return false;
		return strcmp(now, sha256) == 0 ||
		       writer_changed_meanwhile(w, err);
	}
	part = open_part(w);
	if (part < 0)
		return kept_fail(w, err);
	ok = hash_copy(fd, part, now);
	same = strcmp(now, sha256) == 0;
	if (close_part(w, part, ok && same, sha256))
		return true;
	return ok && !same ? writer_changed_meanwhile(w, err)
			   : kept_fail(w, err);
}

bool writer_keep_bytes(struct diag_writer *w, const void *p, size_t len,
		       const char *sha256, struct diag_err *err)
{
	int part;

	if (writer_kept_there(w, sha256))
		return true;
	part = open_part(w);
	return (part >= 0 &&
		close_part(w, part, diag_fd_write(part, p, len), sha256)) ||
	       kept_fail(w, err);
}

/* Only a file that is ours alone: one with another name, of another owner, or
 * open for writing could change under us. */
bool writer_may_move(const struct diag_writer *w, int fd)
{
	struct stat file, state;

	return fstat(fd, &file) == 0 && fstat(w->state, &state) == 0 &&
	       file.st_dev == state.st_dev && file.st_nlink == 1 &&
	       file.st_uid == geteuid() &&
	       writer_elsewhere(fd) == WRITER_NOBODY;
}

bool writer_keep_temp(struct diag_writer *w, const char *temp, int fd,
		      const char *sha256, struct diag_err *err)
{
	if (writer_may_move(w, fd) && diag_fd_sync(fd) &&
	    renameat(w->folder, temp, w->state, sha256) == 0) {
		if (!diag_fd_sync(w->state)) {
			(void)kept_fail(w, err);
			(void)renameat(w->state, sha256, w->folder, temp);
			return false;
		}
		/* Only now: until then it may have to go back as it was. */
		(void)fchmod(fd, 0600);
		return true;
	}
	if (!writer_keep_fd(w, fd, sha256, err))
		return false;
	return unlinkat(w->folder, temp, 0) == 0 ||
	       writer_fail(w, err, errno,
			   "its temporary file %s cannot be removed", temp);
}

bool writer_kept_read(const struct diag_writer *w, const char *sha256,
		      uint64_t len, struct diag_buf *out, struct diag_err *err)
{
	char now[DIAG_SHA256_TEXT];
	int fd = writer_kept_open(w, sha256);
	bool ok;

	if (fd < 0 && errno == ENOENT)
		return writer_fail(w, err, 0,
				   "the bytes from then are no longer kept");
	if (fd < 0)
		return kept_fail(w, err);
	ok = diag_fd_read(fd, out) || kept_fail(w, err);
	(void)close(fd);
	if (!ok || !diag_buf_ok(out, err, WRITER_OP))
		return false;
	if (!diag_sha256_of(diag_buf_str(out), out->len, now))
		return diag_fail_nomem(err, WRITER_OP);
	return (out->len == len && strcmp(now, sha256) == 0) ||
	       writer_fail(w, err, EIO, "the bytes kept from then are damaged");
}
