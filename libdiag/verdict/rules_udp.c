/* SPDX-License-Identifier: MIT */
/* rules_udp - ports whose datagrams are refused.
 *
 * A reply and a refusal say something, silence does not: a datagram may be
 * lost, dropped, or taken without a word.  So a silent port has no finding of
 * its own from one end (port.not-provable-from-here says so, rules_tcp.c).
 */
#include "verdict/path.h"

static void run_closed(struct judge *j)
{
	for (struct path p = { 0 }; path_next_udp(j, &p);) {
		struct draft *d;

		if (p.udp->status != DIAG_ST_CLOSED)
			continue;
		d = path_draft(j, "udp.closed", path_subject(j, &p), &p, p.udp);
		draft_detail(j, d,
			     "The datagram to UDP %s is refused (ICMP port "
			     "unreachable, from the address itself): nobody "
			     "listens there, or a firewall rejects it.",
			     path_subject(j, &p));
		draft_proof(j, d, p.udp, "%s for %s: refused after %.0f ms",
			    path_text(j, &p), path_name(p.t), p.udp->took_ms);
	}
}

const struct diag_rule rules_udp[] = {
	{ .code = "udp.closed", .run = run_closed },
	{ .code = NULL },
};
