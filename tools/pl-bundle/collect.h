/* SPDX-License-Identifier: MIT */
/* collect.h - what the files of pl-bundle collect share. */
#ifndef DIAG_TOOLS_PL_BUNDLE_COLLECT_H
#define DIAG_TOOLS_PL_BUNDLE_COLLECT_H

#include "tools/pl-bundle/bundle.h"
#include "tools/pl-bundle/here.h"
#include "tools/pl-bundle/take.h"
#include "verdict/verdict.h"

struct collecting {
	struct tool_call *call;
	const struct pl_bundle *o;
	struct diag_bundle *b;
	struct diag_case *c; /* that is judged, or NULL */
	/* The other run of --for, and what its item is called. */
	struct diag_case *other;
	const char *other_path;
	const char *no_case; /* why there is no case */
	bool other_machine;  /* it is not this one that the case is of */
	struct diag_buf log; /* what we said */
	struct take_all taken;

	/* Packets. */
	int packets; /* the file, without a name; -1: none */
	struct doctor_capture capture;
	const char *no_packets; /* why there are none */
	enum diag_item_state no_packets_state;

	int signal; /* that ended it early */
};

/* Say it to the user and into the log. */
void collect_say(struct collecting *s, const char *fmt, ...) DIAG_PRINTF(2, 3);

/* collect_case.c: the case, asked or read.  false: *status. */
DIAG_MUST_USE
bool collect_case(struct collecting *s, enum tool_status *status,
		  struct diag_err *err);

/* collect_packets_posix.c: recording beside it all; what fails is told and
 * kept for the item.  The items are the packets and the facts in them. */
void collect_packets_begin(struct collecting *s, const struct diag_case *c);
void collect_packets_end(struct collecting *s);
DIAG_MUST_USE
bool collect_packets_add(struct collecting *s, struct diag_err *err);

/* collect_items.c: everything into the bundle. */
DIAG_MUST_USE
bool collect_items(struct collecting *s, struct diag_err *err);
DIAG_MUST_USE
bool collect_add(struct collecting *s, const struct diag_item *item,
		 struct diag_err *err);

#endif
