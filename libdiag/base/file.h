/* SPDX-License-Identifier: MIT */
/* file.h - whole files in, whole files out. */
#ifndef DIAG_BASE_FILE_H
#define DIAG_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Read path ("-" is standard input) into *out (initialised by the callee;
 * the caller clears it in every case).  Regular files, pipes and /proc files
 * alike.  Errors: DIAG_EIO with errno, DIAG_ELIMIT over max bytes. */
DIAG_MUST_USE
bool diag_file_read(const char *path, size_t max, struct diag_buf *out,
		    struct diag_err *err);

/* Make path hold exactly these bytes: a new file beside it (O_EXCL, mode),
 * fsync, rename, fsync of the folder.  At every instant path is the old or
 * the new file, whole.  A path that is not a regular file (a pipe, /dev/full,
 * /dev/stdout) is written straight.  "-" is standard output. */
DIAG_MUST_USE
bool diag_file_write(const char *path, const void *data, size_t len,
		     unsigned mode, struct diag_err *err);
/* The same with what the file from holds, whatever its size. */
DIAG_MUST_USE
bool diag_file_copy(const char *path, int from, unsigned mode,
		    struct diag_err *err);

/* Would diag_file_write() find a place there, as far as the name tells?  Opens
 * and makes nothing. */
DIAG_MUST_USE
bool diag_file_can_write(const char *path, struct diag_err *err);

/* Make a new file that holds exactly these bytes: path must be free, or with
 * replace a regular file or a link, which gives up its name (a link's target is
 * not touched).  Links on the way to it are followed.  The name appears when
 * all is on disk; after a failure or a crash nothing is left, but on a file
 * system without unnamed files (O_TMPFILE), where a crash may leave one that
 * begins with ".pldiag-". */
DIAG_MUST_USE
bool diag_file_create(const char *path, const struct diag_buf *data,
		      unsigned mode, bool replace, struct diag_err *err);
/* Would it, as far as the name tells? */
DIAG_MUST_USE
bool diag_file_can_create(const char *path, bool replace, struct diag_err *err);

/* A path that diag_file_write() would write straight may as well be written
 * as one goes: gives *fd to write to, or -1 for a path that is a regular file
 * or not there. */
DIAG_MUST_USE
bool diag_file_straight(const char *path, int *fd, struct diag_err *err);

#endif
