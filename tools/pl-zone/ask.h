/* SPDX-License-Identifier: MIT */
/* ask.h - questions to one name server, asked again until the answers
 * are as they should be.
 *
 * All are asked at once; truncated answers over TCP; then those whose answer
 * is not right yet, after pauses that grow to four seconds, until the time to
 * wait is over.
 */
#ifndef DIAG_TOOLS_PL_ZONE_ASK_H
#define DIAG_TOOLS_PL_ZONE_ASK_H

#include "fact/store.h"
#include "tools/tool.h"

struct zone_question {
	const char *name;
	enum diag_rrtype type;
	/* The last answer, in the store; never NULL after zone_ask(). */
	const struct diag_fact *answer;
	bool asked, over_tcp; /* the plan's own */
};

struct zone_asking {
	struct diag_endpoint server;
	const char *view;    /* its text */
	unsigned timeout_ms; /* of one question */
	unsigned wait_ms;    /* 0: each question once */
	struct zone_question *questions;
	size_t n;
	/* Is this answer as it should be?  NULL: any is. */
	bool (*right)(void *ctx, const struct zone_question *q);
	void *ctx;
	struct diag_store *store; /* the caller's; facts are added */
	int signal;		  /* out: that cut it short, or 0 */
};

DIAG_MUST_USE
bool zone_ask(struct zone_asking *a, struct diag_err *err);

/* What kept an answer away, in words; for a status that is no answer. */
const char *zone_ask_words(enum diag_status status);
/* Did the server say anything at all? */
bool zone_ask_replied(const struct zone_question *q);

#endif
