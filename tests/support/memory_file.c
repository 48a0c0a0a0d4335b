/* SPDX-License-Identifier: MIT */
/* See memory_file.h. */
#include "tests/support/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

int memory_file(const void *bytes, size_t len)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	if (fd >= 0 && pwrite(fd, bytes, len, 0) == (ssize_t)len)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}
