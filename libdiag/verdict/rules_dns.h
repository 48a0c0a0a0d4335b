/* SPDX-License-Identifier: MIT */
/* rules_dns.h - what the dns.* and hosts.* families share.  Private. */
#ifndef DIAG_VERDICT_RULES_DNS_H
#define DIAG_VERDICT_RULES_DNS_H

#include "verdict/rule.h"

/* How bad is a fault of this answer for this name?
 *   the deciding answer, or the server it came from    error
 *   hosts lines decide                                 info
 *   the system would ask this server                   warning
 *   only as a fallback                                 warning
 *   not at all, or it stands behind a stub             info */
enum diag_severity dns_severity(const struct ev_target *t,
				const struct ev_answer *a);

/* Every answer of this kind, in order; the system's is left out where the
 * server it came from is told (same kind). */
void dns_each(struct judge *j, enum ev_kind kind,
	      void (*say)(struct judge *j, const struct ev_target *t,
			  const struct ev_answer *a));
/* Only the deciding answers of this kind. */
void dns_each_deciding(struct judge *j, enum ev_kind kind,
		       void (*say)(struct judge *j, const struct ev_target *t,
				   const struct ev_answer *a));

/* The answer that gives the reasons: the server behind a system answer. */
const struct ev_answer *dns_source(const struct ev_target *t,
				   const struct ev_answer *a);
/* Subject of findings about a view: "198.51.100.53:53" or "system". */
const char *dns_subject(const struct ev_target *t, const struct ev_answer *a);
/* "The name server 198.51.100.53 (wlan0, /etc/resolv.conf)" or "This
 * machine's own lookup". */
const char *dns_who(struct judge *j, const struct ev_view *v);
/* "20.62.10.4 (public), 10.0.0.1 (private)", at most four; "no address". */
const char *dns_addrs(struct judge *j, const struct ev_answer *a);
/* "10.150.0.4" or "10.150.0.4 or 10.150.0.5"; "a private address". */
const char *dns_expected(struct judge *j, const struct ev_target *t);
/* The facts of the answer as evidence, and while there is room a line with
 * the whole chain. */
void dns_prove(struct judge *j, struct draft *d, const struct ev_target *t,
	       const struct ev_answer *a);
/* "its private endpoint 10.150.0.4 answers …, so only DNS is wrong"; nothing
 * if that is not so. */
void dns_prove_path(struct judge *j, struct draft *d,
		    const struct ev_target *t);

#endif
