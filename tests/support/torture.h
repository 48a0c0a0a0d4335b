/* SPDX-License-Identifier: MIT */
/* torture.h - run a piece of code once for every allocation it makes, with
 * that one failing. */
#ifndef DIAG_TESTS_SUPPORT_TORTURE_H
#define DIAG_TESTS_SUPPORT_TORTURE_H

#include <stdbool.h>

/* body does the same work on every call, releases all it made, and returns
 * whether it succeeded.  It must succeed when nothing fails; when the Nth
 * allocation fails it may do either, but may not crash or leak (that is for
 * the sanitizers to see).  Returns how many allocations a whole run makes, so
 * that a test can show it tortured something. */
unsigned long torture(bool (*body)(void *arg), void *arg);

#endif
