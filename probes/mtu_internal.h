/* SPDX-License-Identifier: MIT */
/* mtu_internal.h - the two ways of measuring a path (see mtu.c). */
#ifndef PROBES_MTU_INTERNAL_H
#define PROBES_MTU_INTERNAL_H

#include "net/sock.h"
#include "probes/probes.h"

/* No path may be smaller (RFC 791, 3.2 for what every host must take; RFC
 * 8200, 5), and no more is looked for: a record of TLS holds 16 KiB. */
#define MTU_MIN_V4 576u
#define MTU_MIN_V6 1280u
#define MTU_MAX	   9000u

/* Rising sizes, all sent at once. */
#define MTU_RUNGS 10u
struct mtu_ladder {
	unsigned sizes[MTU_RUNGS];
	unsigned n;
};
/* From low to high, both of them in it, at most n; none twice. */
void mtu_ladder(struct mtu_ladder *l, unsigned low, unsigned high, unsigned n);

/* What one way found; sizes of whole packets, 0: nothing. */
struct mtu_seen {
	unsigned passed, lost, told;
	unsigned resends; /* of the smallest that was lost */
	unsigned sends;
	struct diag_icmp_seen icmp; /* who told */
};

/* --- over TCP (mtu_tcp.c) --------------------------------------------------
 */

struct mtu_tcp {
	const struct diag_step *step;
	int fd;			 /* -1: none */
	unsigned low, high, top; /* of the search; what TCP sends at most */
	unsigned round;
	bool sent, control, settled;
	bool any_size; /* bytes get lost, whatever their packets' size */
	int sys_errno; /* why it ended */
	unsigned mss;
	uint64_t base; /* acknowledged before the first rung */
	uint64_t ends[MTU_RUNGS];
	struct mtu_ladder ladder;
	struct mtu_seen seen;
};
/* Begin a search for sizes from low to high. */
DIAG_MUST_USE
bool mtu_tcp_start(struct mtu_tcp *t, const struct diag_step *step,
		   unsigned low, unsigned high, struct diag_err *err);
/* Look how far it is; settled when it knows. */
void mtu_tcp_look(struct mtu_tcp *t);
void mtu_tcp_close(struct mtu_tcp *t);

/* --- with datagrams (mtu_udp.c) --------------------------------------------
 */

struct mtu_udp {
	const struct diag_step *step;
	int fd;
	unsigned rounds;	  /* that were sent */
	unsigned controls;	  /* answers to the smallest, over all rounds */
	unsigned hops;		  /* that told us a smaller size */
	uint32_t answered, asked; /* bits of rungs */
	bool settled;
	struct mtu_ladder ladder;
	struct mtu_seen seen;
};
DIAG_MUST_USE
bool mtu_udp_start(struct mtu_udp *u, const struct diag_step *step,
		   const struct mtu_ladder *ladder, struct diag_err *err);
/* ms since it began. */
void mtu_udp_look(struct mtu_udp *u, double ms);
void mtu_udp_close(struct mtu_udp *u);

#endif
