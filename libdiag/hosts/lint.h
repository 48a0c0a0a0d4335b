/* SPDX-License-Identifier: MIT */
/* lint.h - everything that is wrong with a hosts file, or will be.
 *
 * Pure, and linear in the size of the file.  Silence is the rule: what only
 * looks strange (a name twice with one address, localhost in both families, a
 * block list's sinks, prose without '#') works or harms nobody, and a lint
 * that cries wolf is switched off.
 *
 * Three systems read hosts files by three rules; whose rules count is asked:
 *
 *	Linux	 glibc nss_files, as in hosts.h
 *	Windows	 the first line of a family wins; only the first nine names of
 *		 a line are read (seen by many, documented by nobody)
 *	macOS	 mDNSResponder (mDNSMacOSX.c, mDNSMacOSXParseEtcHosts): all
 *		 lines answer, a dot at the end of a name is fine, a comma
 *		 parts names, '#' begins a comment only where a name could
 *		 begin
 */
#ifndef DIAG_HOSTS_LINT_H
#define DIAG_HOSTS_LINT_H

#include "hosts/table.h"

enum diag_hosts_rules {
	DIAG_HOSTS_LINUX,
	DIAG_HOSTS_WINDOWS,
	DIAG_HOSTS_MACOS,
};
#define DIAG_HOSTS_N_RULES 3
const char *diag_hosts_rules_key(enum diag_hosts_rules r); /* "linux" … */
enum diag_hosts_rules diag_hosts_rules_here(void);	   /* of this system */

struct diag_hosts_lint {
	const struct diag_hosts_fault *items; /* by line, then column */
	size_t n;			      /* at most DIAG_HOSTS_FAULTS */
	bool cut;			      /* there are more */
	size_t n_errors, n_warnings, n_infos; /* of items */
	size_t n_fixable;		      /* of items */
};

/* Look at all lines of the table's text, which the findings outlive.  Errors:
 * DIAG_ENOMEM. */
DIAG_MUST_USE
bool diag_hosts_lint(struct diag_arena *arena, const struct diag_hosts_table *t,
		     enum diag_hosts_rules rules, struct diag_hosts_lint *out,
		     struct diag_err *err);

/* Does the finding say that the name in `meant` has no line that works? */
bool diag_hosts_fault_is_lost_name(const struct diag_hosts_fault *f);

#endif
