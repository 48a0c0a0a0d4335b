/* SPDX-License-Identifier: MIT */
/* memory_file.h - bytes as a file that is on no disk. */
#ifndef TESTS_SUPPORT_MEMORY_FILE_H
#define TESTS_SUPPORT_MEMORY_FILE_H

#include <stddef.h>

/* A regular file that holds these, open at its beginning; -1: there can be
 * none.  The caller closes it. */
int memory_file(const void *bytes, size_t len);

#endif
