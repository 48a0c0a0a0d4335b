/* SPDX-License-Identifier: MIT */
/* fd_linux.c - bytes from file to file inside of the kernel.
 *
 * Where the file system can, both then share the blocks on the disk.  Where it
 * cannot, or one of them is no ordinary file, they are read and written.
 */
#include <errno.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"

#define CHUNK ((size_t)256 << 10)

/* copy_file_range(2): errors that speak of the pair, not of the disk.  EIO of
 * a pair that is not allowed was given by some kernels before 5.12; if it is
 * the disk, reading tells so again. */
static bool is_no_pair(int sys)
{
	return sys == EXDEV || sys == EINVAL || sys == ENOSYS ||
	       sys == EOPNOTSUPP || sys == EPERM || sys == EBADF ||
	       sys == ETXTBSY || sys == EIO;
}

static bool copy_in_pieces(int from, uint64_t at, int to, size_t len)
{
	char *chunk = diag_alloc(CHUNK);
	bool ok = chunk != NULL;
	size_t got = 0;
	int sys;

	if (!ok)
		errno = ENOMEM;
	for (; ok && len > 0; len -= got, at += got) {
		ok = diag_fd_read_at(from, chunk, len < CHUNK ? len : CHUNK, at,
				     &got);
		if (ok && got == 0) {
			errno = ENODATA;
			ok = false;
		}
		ok = ok && diag_fd_write(to, chunk, got);
	}
	sys = errno;
	diag_free(chunk);
	errno = sys;
	return ok;
}

/* A file that ends before is told apart from one that this call cannot read
 * (0 of some virtual file systems) by reading it. */
bool diag_fd_copy(int from, uint64_t at, int to, size_t len)
{
	off_t place = (off_t)at;
	size_t left = len;

	while (left > 0) {
		ssize_t n = copy_file_range(from, &place, to, NULL, left, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0 || (n < 0 && is_no_pair(errno)))
			return copy_in_pieces(from, at + (len - left), to,
					      left);
		if (n < 0)
			return false;
		left -= (size_t)n;
	}
	return true;
}
