/* SPDX-License-Identifier: MIT */
/* pair.h - what a report is told of another case beside its own: how the two
 * differ (bundle/compare.h finds it).  Told by html. */
#ifndef DIAG_REPORT_PAIR_H
#define DIAG_REPORT_PAIR_H

#include "verdict/verdict.h"

/* One thing that tells the two apart. */
struct diag_difference {
	const char *code;  /* "dns.other-server" … a word of compare_rows.c */
	const char *title; /* what that is, for people */
	/* The bad case's names; none: it is about the machine. */
	const char *const *targets;
	size_t n_targets;
	const char *there, *here; /* the good case's side, the bad one's; of the
				     first target */
	uint32_t good, bad;	  /* facts these stand on; 0: none */
	const struct diag_cause *explains; /* of the bad verdict; NULL: none */
};

struct diag_report_pair {
	const char *good_name, *bad_name; /* of the files */
	const struct diag_case *good_case;
	const struct diag_verdict *good_verdict;
	const struct diag_difference *first; /* of differences, or NULL */
	const struct diag_difference *differences;
	size_t n_differences;
	const char *const *notes;
	size_t n_notes;
};

#endif
