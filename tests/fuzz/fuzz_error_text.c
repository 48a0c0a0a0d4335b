/* SPDX-License-Identifier: MIT */
/* Any bytes as the text of --error. */
#include <stddef.h>
#include <string.h>

#include "inventory/catalogue.h"
#include "tests/fuzz/fuzz.h"
#include "tools/pl-doctor/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct doctor_error e;
	char again[DIAG_FQDN_MAX];

	if (!diag_cat_load(NULL))
		return 0;
	doctor_error_read((const char *)data, size, &e);
	/* What is taken for a host is one, and normal. */
	if (e.host[0] &&
	    (!diag_fqdn_normal(e.host, strlen(e.host), again, NULL) ||
	     strcmp(e.host, again) != 0))
		__builtin_trap();
	return 0;
}
