/* SPDX-License-Identifier: MIT */
/* fd.h - the whole of what was asked for, through an open file.
 *
 * All give false with errno, and go on after EINTR.  For per-platform files.
 */
#ifndef DIAG_BASE_FD_H
#define DIAG_BASE_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

DIAG_MUST_USE
bool diag_fd_write(int fd, const void *data, size_t len);
DIAG_MUST_USE
bool diag_fd_write_at(int fd, const void *data, size_t len, uint64_t at);
/* To the end; what does not fit is told by the buffer. */
DIAG_MUST_USE
bool diag_fd_read(int fd, struct diag_buf *out);
/* At most len bytes at this place; *got is less only at the end. */
DIAG_MUST_USE
bool diag_fd_read_at(int fd, void *out, size_t len, uint64_t at, size_t *got);
/* len bytes of a file from this place on, behind what was written to the other,
 * without a way through our memory where the system can do that.  ENODATA: the
 * file ends before. */
DIAG_MUST_USE
bool diag_fd_copy(int from, uint64_t at, int to, size_t len);
/* Force it to disk; where there is nothing to force, that is fine. */
DIAG_MUST_USE
bool diag_fd_sync(int fd);

#endif
