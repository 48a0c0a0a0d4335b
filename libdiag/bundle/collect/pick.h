/* SPDX-License-Identifier: MIT */
/* pick.h - what all picks need; private to this room. */
#ifndef DIAG_BUNDLE_COLLECT_PICK_H
#define DIAG_BUNDLE_COLLECT_PICK_H

#include "bundle/collect.h"

/* Is it one of the keys?  Case is ignored, '*' ends a key that only begins
 * so. */
bool pick_has(const char *const *keys, struct diag_slice name);
/* A line that was taken; what stands before the '@' of a URL stays out. */
void pick_put(struct diag_buf *out, struct diag_slice line);

#endif
