/* SPDX-License-Identifier: MIT */
/* exchange.h - one DNS message to one server, and its answer back.
 *
 * For messages that are no questions (RFC 2136 updates), which the dns probe
 * and its runner do not know.  A loop of its own; it ends with the answer, an
 * error, the deadline or a signal, and never waits longer than it was told.
 */
#ifndef PROBES_EXCHANGE_H
#define PROBES_EXCHANGE_H

#include "base/buf.h"
#include "fact/fact.h"

#define EXCHANGE_MIN ((size_t)12)    /* a header; RFC 1035, 4.1.1 */
#define EXCHANGE_MAX ((size_t)65535) /* what TCP can carry; 4.2.2 */

struct exchange {
	struct diag_endpoint server;
	const void *wire; /* the message: the answer must have its id, its
			     opcode and, if it repeats one, its question */
	size_t len;	  /* EXCHANGE_MIN to EXCHANGE_MAX bytes */
	bool tcp; /* only TCP, sent once; else UDP, sent up to three times, and
		     TCP when the answer is truncated */
	unsigned timeout_ms; /* for all of it */
	bool handle_signals; /* SIGINT and SIGTERM end it */
};

struct exchange_answer {
	/* reply, timeout, port-closed, unreachable, malformed or not-run */
	enum diag_status status;
	int sys_errno; /* as received, 0 none */
	int signal;    /* that ended it, or 0 */
	bool tcp;      /* how the answer came */
	bool sent;     /* all of it left us: the server may have acted on it */
	struct diag_buf bytes; /* of the reply */
};

/* *out is filled here in every case; the caller clears out->bytes.  What the
 * network does is a result and no error.  Errors: DIAG_EUSAGE for a length
 * that no message has, DIAG_ENOMEM, DIAG_EIO when there is no loop. */
DIAG_MUST_USE
bool exchange_run(const struct exchange *x, struct exchange_answer *out,
		  struct diag_err *err);

#endif
