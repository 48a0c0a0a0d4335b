/* SPDX-License-Identifier: MIT */
/* path.h - which file a path leads to. */
#ifndef DIAG_BASE_PATH_H
#define DIAG_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define DIAG_PATH_LEN 4096 /* PATH_MAX of Linux, with the NUL */

/* Bytes of path up to and with its last slash; 0 if it has none. */
size_t diag_path_folder(const char *path);

/* May a new name be made in its folder?  false with errno. */
DIAG_MUST_USE
bool diag_path_takes(const char *path);

/* The file itself, through any links, even if it does not exist yet.  false
 * with errno: ELOOP, ENAMETOOLONG, EACCES … */
DIAG_MUST_USE
bool diag_path_follow(const char *path, char out[DIAG_PATH_LEN]);
/* The same as an absolute path without links and dots anywhere: the one name
 * of a file by which everybody finds the same lock.  ENOENT when its folder
 * is not there, EISDIR for what cannot be a file ("x/", ".."). */
DIAG_MUST_USE
bool diag_path_real(const char *path, char out[DIAG_PATH_LEN]);

/* The file that this process runs, and one beside it ("pl-capture").  false
 * with errno. */
DIAG_MUST_USE
bool diag_path_self(char out[DIAG_PATH_LEN]);
DIAG_MUST_USE
bool diag_path_beside(const char *name, char out[DIAG_PATH_LEN]);

#endif
