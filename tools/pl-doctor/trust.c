/* SPDX-License-Identifier: MIT */
/* trust.c - --ca-file, looked into before the first question: the run itself
 * would meet it at its first connection. */
#include "tools/pl-doctor/doctor.h"

#include "wire/roots.h"

bool doctor_may_trust(const char *ca_file, struct diag_err *err)
{
	struct diag_roots roots;
	bool ok;

	if (ca_file == NULL)
		return true;
	ok = diag_roots_init(&roots, ca_file, err);
	diag_roots_clear(&roots);
	return ok;
}
