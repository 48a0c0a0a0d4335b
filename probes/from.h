/* SPDX-License-Identifier: MIT */
/* from.h - where a socket begins, if somebody said so. */
#ifndef PROBES_FROM_H
#define PROBES_FROM_H

#include "run/probe.h"

/* Bind to the step's interface and source.  Before connect(2). */
DIAG_MUST_USE
bool from_here(int fd, const struct diag_step *step, struct diag_err *err);

#endif
