/* SPDX-License-Identifier: MIT */
/* err.c - filling and telling a diag_err; nothing here can fail. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void fill(struct diag_err *err, enum diag_code code, const char *op,
		 const char *fmt, va_list args) DIAG_PRINTF(4, 0);

static void fill(struct diag_err *err, enum diag_code code, const char *op,
		 const char *fmt, va_list args)
{
	err->code = code;
	err->op = op;
	if (vsnprintf(err->what, sizeof(err->what), fmt, args) < 0)
		err->what[0] = '\0';
}

bool diag_fail(struct diag_err *err, enum diag_code code, const char *op,
	       const char *fmt, ...)
{
	va_list args;

	if (err == NULL || err->code != DIAG_OK)
		return false;
	err->sys = 0;
	va_start(args, fmt);
	fill(err, code, op, fmt, args);
	va_end(args);
	return false;
}

bool diag_fail_sys(struct diag_err *err, const char *op, const char *fmt, ...)
{
	int sys = errno; /* before anything below can change it */
	va_list args;

	if (err == NULL || err->code != DIAG_OK)
		return false;
	err->sys = sys;
	va_start(args, fmt);
	fill(err, DIAG_EIO, op, fmt, args);
	va_end(args);
	return false;
}

bool diag_fail_nomem(struct diag_err *err, const char *op)
{
	if (err == NULL || err->code != DIAG_OK)
		return false;
	err->code = DIAG_ENOMEM;
	err->sys = 0;
	err->op = op;
	err->what[0] = '\0';
	return false;
}

static const char *code_text(enum diag_code code)
{
	switch (code) {
	case DIAG_OK:
		return "no error";
	case DIAG_ENOMEM:
		return "out of memory";
	case DIAG_EUSAGE:
		return "that cannot be asked";
	case DIAG_EPARSE:
		return "not in the expected form";
	case DIAG_ELIMIT:
		return "over the limit";
	case DIAG_EIO:
		break;
	}
	return "input/output error";
}

const char *diag_err_text(const struct diag_err *err, char *out,
			  unsigned long size)
{
	/* what often is a path or a piece of input: never shown raw.  An
	 * escape needs at most ten bytes where one stood. */
	char what[sizeof(err->what) * 4];
	const char *op = err->op != NULL ? err->op : "error";
	const char *tail =
	    err->sys != 0 ? strerror(err->sys) : code_text(err->code);

	(void)diag_text_safe_z(err->what, what, sizeof(what));
	if (what[0] == '\0')
		(void)snprintf(out, size, "%s: %s", op, tail);
	else if (err->sys != 0)
		(void)snprintf(out, size, "%s: %s: %s", op, what, tail);
	else
		(void)snprintf(out, size, "%s: %s", op, what);
	return out;
}
