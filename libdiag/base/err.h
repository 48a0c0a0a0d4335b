/* SPDX-License-Identifier: MIT */
/* err.h - why the toolkit itself could not do something.
 *
 * An error is not a finding.  "Port 443 refused us" is a fact about the
 * network: it travels in a diag_fact and is the product.  "Cannot read the
 * inventory" is our own failure: it travels here and ends the run.
 */
#ifndef DIAG_BASE_ERR_H
#define DIAG_BASE_ERR_H

#include <stdbool.h>

#define DIAG_MUST_USE	  __attribute__((warn_unused_result))
#define DIAG_PRINTF(f, a) __attribute__((format(printf, f, a)))

enum diag_code {
	DIAG_OK = 0,
	DIAG_ENOMEM, /* no memory */
	DIAG_EUSAGE, /* the caller asked for something that makes no sense */
	DIAG_EPARSE, /* bytes we were given do not have the shape they must */
	DIAG_ELIMIT, /* a stated limit was reached */
	DIAG_EIO,    /* the operating system said no; see sys */
};

/* Lives on the caller's stack and holds no pointer that must be freed, so
 * that telling of a failure can never itself fail. */
struct diag_err {
	enum diag_code code;
	int sys;	/* errno where it happened, 0 if it played no part */
	const char *op; /* what we were doing; a string literal */
	char what[200]; /* what we were doing it to: path:line, host:port */
};

/* Fill err unless it is already filled (the first cause is the true one) and
 * return false, so that a failing path is one statement:
 *	return diag_fail(err, DIAG_EPARSE, "inventory", "%s:%u", path, line);
 * err may be NULL.  diag_fail_sys() also keeps the errno it was called with;
 * diag_fail_nomem() is DIAG_ENOMEM with op. */
bool diag_fail(struct diag_err *err, enum diag_code code, const char *op,
	       const char *fmt, ...) DIAG_PRINTF(4, 5);
bool diag_fail_sys(struct diag_err *err, const char *op, const char *fmt, ...)
    DIAG_PRINTF(3, 4);
bool diag_fail_nomem(struct diag_err *err, const char *op);

/* One line for a person: "inventory: ws.json: No such file or directory".
 * Borrows both; writes at most size bytes, always terminated.  Returns out. */
const char *diag_err_text(const struct diag_err *err, char *out,
			  unsigned long size);

#endif
