/* SPDX-License-Identifier: MIT */
/* The editors of configuration files: any bytes, marks of our own among them,
 * are refused, or planned so that a second plan has nothing to do, and taken
 * out give what was.  The first byte chooses the language and the job. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/support/config_try.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const dialects[] = { "unbound", "bind", "dnsmasq",
						"coredns" };
	struct config_how how;
	const char *wrong;

	if (size == 0 || size > 65536)
		return 0;
	how = (struct config_how){
		.dialect = dialects[data[0] & 3],
		.n = 1 + (data[0] >> 2 & 1),
		.forwarders = (data[0] >> 3 & 1) != 0,
		.style = (enum diag_zone_style)((data[0] >> 4 & 3) % 3),
	};
	wrong = config_holds(&how, (const char *)data + 1, size - 1);
	if (wrong != NULL) {
		(void)fprintf(stderr, "%s: %s\n", how.dialect, wrong);
		abort();
	}
	return 0;
}
