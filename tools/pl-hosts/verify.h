/* SPDX-License-Identifier: MIT */
/* verify.h - do the names resolve as planned?
 *
 * Asked as any program of this machine asks (getaddrinfo), by a child without
 * rights, because that is who will use the names; or, for a file that is not
 * the system's, computed as if it were (as pl-doctor --hosts does).
 */
#ifndef DIAG_TOOLS_PL_HOSTS_VERIFY_H
#define DIAG_TOOLS_PL_HOSTS_VERIFY_H

#include "tools/pl-hosts/hosts.h"
#include "tools/pl-hosts/wanted.h"

/* What one name resolved to. */
struct hosts_seen {
	const struct diag_addr *addresses;
	size_t n;
	const char *status; /* as facts spell it: "answer", "none" ... */
	bool as_planned;
};

struct hosts_proof {
	const struct hosts_seen
	    *seen;     /* of each wanted name; NULL: not asked */
	bool good;     /* all are as planned */
	bool no_files; /* nsswitch.conf leaves the hosts file out */
};

/* Ask until all is as planned or patience is
 * over; what is not as planned is told on standard error.  false: we could not
 * ask at all. */
DIAG_MUST_USE
bool hosts_verify(struct tool_call *call, const struct hosts_wanted *wanted,
		  struct hosts_proof *out, struct diag_err *err);

/* The same addresses, in any order? */
bool hosts_same_addresses(const struct diag_addr *a, size_t n_a,
			  const struct diag_addr *b, size_t n_b);

#endif
