/* SPDX-License-Identifier: MIT */
/* path.h - the connections on which path rules may blame somebody.  Private.
 *
 * Path rules (net, tcp, tls, http) look only at addresses that are right for
 * the target: what is wrong with a connection to a wrong address is the
 * answer's fault and has its own rule.  A public name that the machine's proxy
 * serves is excused as well: nobody goes there directly.
 */
#ifndef DIAG_VERDICT_PATH_H
#define DIAG_VERDICT_PATH_H

#include "verdict/rule.h"

struct path {
	struct ev_target *t;
	struct ev_addr *a;
	const struct ev_conn *c;
	size_t i_addr, i_conn;
};

/* Every connection of every path address:
 *	for (struct path p = { 0 }; path_next(j, &p);) */
bool path_next(const struct judge *j, struct path *p);

/* The proxy's result decides for this name, and it is good. */
bool path_excused(const struct ev_target *t);

/* Does this port of the target speak TLS? */
bool path_is_tls(const struct ev_target *t, uint16_t port);

/* ERROR, or WARNING where another right address of the name works; never an
 * error for an optional name. */
enum diag_severity path_severity(const struct ev_target *t);

/* "10.150.0.4:443", in the verdict's arena. */
const char *path_text(struct judge *j, const struct path *p);

/* The draft for (code, subject) with this path's target and fact. */
struct draft *path_draft(struct judge *j, const char *code, const char *subject,
			 const struct path *p, const struct diag_fact *f);

#endif
