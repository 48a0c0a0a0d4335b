/* SPDX-License-Identifier: MIT */
/* path.h - the connections on which path rules may blame somebody.  Private.
 *
 * Path rules (net, tcp, tls, http) look only at addresses that are right for
 * the target: what is wrong with a connection to a wrong address is the
 * answer's fault and has its own rule.  Two more things excuse a connection:
 * the way to the address was blamed already (no VPN, an overlapping network),
 * and the machine's proxy decides for this name, so nobody goes there
 * directly.
 */
#ifndef DIAG_VERDICT_PATH_H
#define DIAG_VERDICT_PATH_H

#include "verdict/rule.h"

struct path {
	struct ev_target *t;
	struct ev_addr *a;
	const struct ev_conn *c;     /* NULL: it is a datagram */
	const struct diag_fact *udp; /* NULL: it is a connection */
	size_t i_addr, i_conn;
};

/* Every connection of every path address to a port that the role needs; what
 * optional ports did stays in the facts:
 *	for (struct path p = { 0 }; path_next(j, &p);) */
bool path_next(const struct judge *j, struct path *p);
/* The same of datagrams: those that were run. */
bool path_next_udp(const struct judge *j, struct path *p);

/* What both have: how it ended (may be NULL), where to, from where (DIAG_NOFAM:
 * not known). */
const struct diag_fact *path_fact(const struct path *p);
uint16_t path_port(const struct path *p);
const struct diag_addr *path_local(const struct path *p);

/* A public name that was asked for through the machine's proxy: that result
 * decides, good or bad. */
bool path_excused(const struct ev_target *t);

/* Does this port of the target speak TLS? */
bool path_is_tls(const struct ev_target *t, uint16_t port);

/* How far a connection went: TCP open, and where the service speaks TLS a
 * handshake without fault and an answer (a capture shows no answers). */
enum path_proof {
	PATH_UNSEEN, /* could not tell */
	PATH_BAD,
	PATH_GOOD,
};
enum path_proof path_proof(const struct ev_target *t, const struct ev_conn *c);

/* A datagram that was run: silence proves nothing. */
enum path_proof path_proof_udp(const struct diag_fact *f);

/* Some port was tried at the address, and none of those said anything. */
bool path_is_silent(const struct ev_addr *a);

/* What this machine met near an address, over all names.  A neighbour is
 * another right private address in the same subnet, if the inventory tells
 * subnets, else in the same /24. */
struct path_near {
	const struct diag_fact *neighbour; /* a port of it opened */
	bool itself;			   /* another name opened this one */
};
struct path_near path_near(const struct ev_origin *o, const struct ev_addr *a);

/* ERROR, or WARNING where another right address of the name serves the same
 * port; never an error for an optional name. */
enum diag_severity path_severity(const struct path *p);

/* "10.150.0.4:443", "10.150.0.20:5831/udp", in the verdict's arena. */
const char *path_text(struct judge *j, const struct path *p);
/* "port 443", "port 5831/udp": what findings about one port have for subject.
 */
const char *path_subject(struct judge *j, const struct path *p);
/* "no answer to SYN in 1.0 s", of what had none. */
const char *path_silence(struct judge *j, const struct path *p);
/* The name, or "the node" for a target that has none. */
const char *path_name(const struct ev_target *t);

/* port.not-provable-from-here.  (rules_tcp.c) */
void path_not_provable(struct judge *j, const struct ev_target *t,
		       const struct diag_port *p);

/* The http fact with the service's denial, behind a certificate that nobody on
 * the way signed; or NULL.  (rules_http.c) */
const struct diag_fact *path_denied(const struct ev_conn *c);
/* Does a source say that this marker means a denial?  (rules_http.c) */
bool path_denial_is_confirmed(const struct ev_target *t, const char *denial);

/* The same hello was answered in small packets, and before and after that not
 * in usual ones: the size decides.  (rules_mtu.c) */
bool path_is_about_size(const struct ev_conn *c);

/* The draft for (code, subject) with this path's target and fact. */
struct draft *path_draft(struct judge *j, const char *code, const char *subject,
			 const struct path *p, const struct diag_fact *f);

#endif
