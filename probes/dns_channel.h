/* SPDX-License-Identifier: MIT */
/* dns_channel.h - questions to name servers, for the probes that ask them.
 *
 * One c-ares channel per name server and transport, made when first asked and
 * kept for the run.  An ask ends in exactly one call of done, or is dropped
 * by its owner; dropped asks may live on inside c-ares, which cannot cancel
 * one question, and touch nobody any more.
 */
#ifndef PROBES_DNS_CHANNEL_H
#define PROBES_DNS_CHANNEL_H

#include "base/arena.h"
#include "run/probe.h"

struct dns_pool;
struct dns_ask;

struct dns_question {
	struct diag_endpoint server;
	const char *view; /* for the fact */
	const char *name; /* normalised */
	enum diag_rrtype type;
	bool tcp;
};

/* The outcome, as a fact without target and id.  Borrowed for the call. */
typedef void dns_done(void *ctx, struct diag_fact *f);

/* The pool of this run, made by the first who asks; ended by the run. */
DIAG_MUST_USE
struct dns_pool *dns_pool_of(struct diag_run *run, struct diag_err *err);

/* Ask.  *owner is the ask until done was called or it was dropped, then NULL;
 * done may come before this returns.  Borrows the question's texts until
 * then.  Errors: DIAG_ENOMEM, DIAG_EIO (no channel could be made). */
DIAG_MUST_USE
bool dns_ask(struct dns_pool *pool, const struct dns_question *q,
	     dns_done *done, void *ctx, struct dns_ask **owner,
	     struct diag_err *err);
/* Time is up: what is known by now (timeout, or malformed when only garbage
 * came), handed to done. */
void dns_ask_expire(struct dns_ask *ask);
/* Nobody wants the answer any more.  NULL is allowed. */
void dns_ask_drop(struct dns_ask *ask);

#endif
