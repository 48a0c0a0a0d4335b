/* SPDX-License-Identifier: MIT */
/* judge.h - the steps of diag_judge().  Private to this room; rules include
 * rule.h. */
#ifndef DIAG_VERDICT_JUDGE_H
#define DIAG_VERDICT_JUDGE_H

#include "verdict/rule.h"

/* freeze.c: v->findings from the drafts. */
bool judge_freeze(struct judge *j);
/* status.c: v->targets from findings and evidence. */
bool judge_targets(struct judge *j);
/* status.c: v->outcome from all of it. */
void judge_outcome(struct judge *j);

#endif
