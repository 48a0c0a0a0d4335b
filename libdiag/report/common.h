/* SPDX-License-Identifier: MIT */
/* common.h - what several faces of a report say alike; private to the renderers
 * of this room and to bundle/compare_text.c. */
#ifndef DIAG_REPORT_COMMON_H
#define DIAG_REPORT_COMMON_H

#include "report/report.h"

struct diag_tally {
	size_t targets; /* all of them */
	size_t status[DIAG_TARGET_UNKNOWN + 1];
	size_t privates; /* meant to be private, unused alternatives left out,
			    and how many of these fail */
	size_t private_fail;
	size_t severity[DIAG_ERROR + 1]; /* findings */
};
struct diag_tally diag_report_tally(const struct diag_verdict *v);

/* A member of an any_of group that is not needed, because another one works:
 * no name that anybody asks for. */
bool diag_report_is_unused(const struct diag_target_verdict *t);

/* Every origin ran to its own end. */
bool diag_report_complete(const struct diag_case *c);
/* The longest of the origins' runs. */
double diag_report_took_ms(const struct diag_case *c);
/* What the inventory is called: its name, else the workspace's id, else "". */
const char *diag_report_name(const struct diag_case *c);
/* The target's FQDN, else its first address (into buf), else "". */
const char *diag_report_target(const struct diag_target *t,
			       char buf[DIAG_ADDR_TEXT]);
/* Which origin the connection of a target was tried from. */
const struct diag_origin *
diag_report_origin(const struct diag_report_in *in,
		   const struct diag_target_verdict *t);

/* A finding that is no cause, and whether a cause explains it. */
bool diag_report_is_cause(const struct diag_verdict *v,
			  const struct diag_finding *f);
bool diag_report_is_explained(const struct diag_verdict *v,
			      const struct diag_finding *f);

/* How far the connection of a target came, in a word or two: "open", "TLS
 * untrusted", "refused", "silent", "not tried".  *good: nothing was wrong. */
const char *diag_report_stage(const struct diag_report_in *in,
			      const struct diag_target_verdict *t, bool *good);
const char *diag_report_tcp_word(enum diag_status s);
const char *diag_report_tls_word(enum diag_status s); /* of a fault */

#endif
