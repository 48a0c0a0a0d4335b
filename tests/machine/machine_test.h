/* SPDX-License-Identifier: MIT */
/* machine_test.h - what the tests of this room share. */
#ifndef DIAG_TESTS_MACHINE_TEST_H
#define DIAG_TESTS_MACHINE_TEST_H

#include "base/buf.h"
#include "machine/machine.h"

/* A machine from a document written with ' for "; free it. */
struct diag_machine *machine_of(const char *json);
/* It as one line of JSON; clear it. */
struct diag_buf machine_text(const struct diag_machine *m);
/* "yes", "fallback" or "no". */
const char *machine_asks(const struct diag_machine *m, const char *server,
			 const char *name);

#endif
