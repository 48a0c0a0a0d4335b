/* SPDX-License-Identifier: MIT */
#include "tests/support/torture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

unsigned long torture(bool (*body)(void *arg), void *arg)
{
	for (unsigned long nth = 1;; nth++) {
		unsigned long calls;
		bool ok;

		diag_mem_fail_nth(nth);
		ok = body(arg);
		calls = diag_mem_calls();
		diag_mem_fail_nth(0);
		if (calls < nth) { /* nothing failed: this was a whole run */
			assert_true(ok);
			return calls;
		}
	}
}
