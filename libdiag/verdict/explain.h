/* SPDX-License-Identifier: MIT */
/* explain.h - which finding hangs under which cause.  Private. */
#ifndef DIAG_VERDICT_EXPLAIN_H
#define DIAG_VERDICT_EXPLAIN_H

#include "verdict/judge.h"

/* Per finding, in the order of v->findings. */
struct explained {
	size_t n;
	size_t *root; /* the finding at the end of its chain of reasons; itself
			 when nothing explains it */
	bool *cause;  /* the root of a finding of the worst severity */
};

/* Findings are frozen.  false: no memory. */
bool explain_findings(struct judge *j, struct explained *x);

#endif
