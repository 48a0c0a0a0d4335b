/* SPDX-License-Identifier: MIT */
/* fd_posix.c - whole reads and writes for POSIX systems. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

#define CHUNK 16384 /* bytes read at once from what has no size */
/* A file is read in pieces of this size, or one who asks for a gigabyte could
 * not be interrupted. */
#define PIECE ((size_t)4 << 20)

bool diag_fd_write(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

bool diag_fd_write_at(int fd, const void *data, size_t len, uint64_t at)
{
	const char *p = data;

	while (len > 0) {
		ssize_t n = pwrite(fd, p, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return true;
}

/* A big file is read to where it shall be, into room for all of it, instead of
 * by growing and copying.  What it has beyond its size comes later. */
static bool read_sized(int fd, struct diag_buf *out)
{
	struct stat st;
	char *room;
	size_t got;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < CHUNK ||
	    (uint64_t)st.st_size > out->max - out->len)
		return true;
	room = diag_buf_room(out, (size_t)st.st_size);
	for (size_t n = 0; room != NULL && n < (size_t)st.st_size; n += got) {
		size_t left = (size_t)st.st_size - n;
		ssize_t rc = read(fd, room + n, left < PIECE ? left : PIECE);

		if (rc < 0 && errno != EINTR)
			return false;
		got = rc > 0 ? (size_t)rc : 0;
		diag_buf_took(out, got);
		if (rc == 0)
			return true;
	}
	return true;
}

bool diag_fd_read(int fd, struct diag_buf *out)
{
	char chunk[CHUNK];
	ssize_t n = 0;

	if (!read_sized(fd, out))
		return false;
	do {
		n = out->code == DIAG_OK ? read(fd, chunk, sizeof(chunk)) : 0;
		if (n > 0)
			diag_buf_put(out, chunk, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n >= 0;
}

bool diag_fd_read_at(int fd, void *out, size_t len, uint64_t at, size_t *got)
{
	char *p = out;

	*got = 0;
	while (*got < len) {
		size_t want = len - *got < PIECE ? len - *got : PIECE;
		ssize_t n = pread(fd, p + *got, want, (off_t)(at + *got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			return true;
		*got += (size_t)n;
	}
	return true;
}

/* fsync(2): EINVAL and EROFS say that there is nothing to force here. */
bool diag_fd_sync(int fd)
{
	int rc;

	do {
		rc = fsync(fd);
	} while (rc != 0 && errno == EINTR);
	return rc == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP;
}
