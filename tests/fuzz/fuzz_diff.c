/* SPDX-License-Identifier: MIT */
/* Diffs of any two texts: a patcher makes one of the other.  The first byte
 * says where in the input the second begins; few different lines make texts
 * that have something in common. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fix/edits.h"
#include "tests/support/patcher.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *a = (const char *)data + 1;
	struct diag_slice old, new, text;
	struct diag_buf diff, got;

	if (size == 0 || size > 65536)
		return 0;
	old = (struct diag_slice){ a, (size - 1) * data[0] / 255 };
	new = (struct diag_slice){ a + old.len, size - 1 - old.len };
	diag_buf_init(&diff, 1 << 22);
	if (!diag_text_diff(old.p, old.len, new.p, new.len, "a", "b", &diff,
			    NULL))
		abort();
	text = (struct diag_slice){ diag_buf_str(&diff), diff.len };
	if (patcher_apply(old, text, &got) != NULL || got.len != new.len ||
	    (new.len > 0 && memcmp(got.data, new.p, new.len) != 0))
		abort();
	diag_buf_clear(&got);
	diag_buf_clear(&diff);
	return 0;
}
