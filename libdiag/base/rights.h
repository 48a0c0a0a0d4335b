/* SPDX-License-Identifier: MIT */
/* rights.h - giving up what this process may do, for good. */
#ifndef DIAG_BASE_RIGHTS_H
#define DIAG_BASE_RIGHTS_H

#include <stdbool.h>

#include "base/err.h"

/* Are we root, or do we hold any capability? */
bool diag_rights_any(void);

/* All uids and gids become those of nobody when we are root, no capability, no
 * new privileges (PR_SET_NO_NEW_PRIVS).  Descriptors that are open stay open.
 * False with errno: not all of it is gone. */
DIAG_MUST_USE bool diag_rights_drop(void);

#endif
