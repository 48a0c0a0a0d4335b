/* SPDX-License-Identifier: MIT */
/* ends.h - what another machine saw of a try.  Private to this room.
 *
 * What else would look like "nothing came", and is asked for:
 *
 * - the watcher watched another machine: its interfaces must have the address;
 * - the client is the watcher, and what it says to itself passes no network;
 * - it did not watch at that time: its time must cover the try, with
 *   ENDS_SLACK_MS on each side.  Clocks differ; where both cases hold the same
 *   number (a nonce), or the same connections, the difference is known and
 * taken out, else both are believed; where nobody listened, and so nobody can
 * be asked to compare them, whoever came some minutes off may be the client
 * behind NAT;
 * - it could not see all: only a capture sees what a firewall drops, and one
 *   that lost packets proves nothing.
 *
 * And whose is what came?  Over UDP the number tells; a SYN from one of the
 * client's own addresses is the client's.  Behind NAT only the time tells, and
 * a stranger may knock at the same time (Azure's own services do): then two
 * tries or more are needed, with one SYN for each and no other.
 */
#ifndef DIAG_VERDICT_ENDS_H
#define DIAG_VERDICT_ENDS_H

#include "verdict/path.h"

#define ENDS_SLACK_MS 500.0

/* One machine that watched the port of one try. */
struct ends_watch {
	const struct ev_origin *o;
	const struct diag_fact *socket, *capture; /* status listened, or NULL */
	bool clock_known;
	bool by_ports;	 /* so, as both tell of the same connections */
	double ahead_ms; /* its clock, of the client's */
};

/* What came there, that may be the try's. */
struct ends_arrived {
	const struct diag_fact *first, *last; /* NULL: nothing */
	size_t n;
	bool ours;   /* it surely is */
	bool by_nat; /* only the times say so, each of several */
	bool mixed;  /* they met different ends */
};

/* --- clocks (ends_clock.c) ------------------------------------------------ */

/* When that was by this machine's clock, ms since the epoch. */
double ends_at_ms(const struct ev_origin *o, double ms);
/* The number that a try carried, or NULL. */
const char *ends_nonce(const struct diag_fact *f);
/* Both may be of one connection: addresses and ports say so, and the SYN's
 * number, where both know it. */
bool ends_is_between(const struct diag_fact *f,
		     const struct diag_fact *arrival);
/* Fills in how far the clock there is ahead, if that is known. */
void ends_learn_clock(struct judge *j, const struct ev_origin *here,
		      struct ends_watch *w);

/* --- who watched, and what came (ends.c) ---------------------------------- */

/* The machine that watched; false: none did at that time, and w->o is one that
 * has the address, or NULL. */
bool ends_find(struct judge *j, const struct path *p, struct ends_watch *w);
/* Did the capture tell of everything that came to the port? */
bool ends_saw_all(const struct ends_watch *w, const struct path *p);
/* Facts of this status at the address and port of the try. */
struct ends_arrived ends_arrived(const struct judge *j,
				 const struct ends_watch *w,
				 const struct path *p, enum diag_status status);
/* It is the client's, as far as that can be said. */
static inline bool ends_is_known(const struct ends_arrived *a)
{
	return a->first && !a->mixed && (a->ours || a->by_nat);
}
/* In a recording: others were answered there before and after all of it, so a
 * program listened (capture/listening.c).  By the node's clock alone. */
const struct diag_fact *ends_others_answered(const struct ends_watch *w,
					     const struct path *p,
					     const struct ends_arrived *a);
/* Of accepted connections of the client itself, at that time: how many said a
 * whole hello, and how many nothing or a part of one. */
struct ends_said {
	const struct diag_fact *lost; /* one of the latter */
	size_t n_whole, n_lost;
};
struct ends_said ends_said(const struct ends_watch *w, const struct path *p,
			   const struct diag_fact *f);

/* --- words (ends_tell.c) -------------------------------------------------- */

/* This machine sent that back. */
bool ends_answered(const struct diag_fact *arrival, const char *how);

/* port.never-arrived, and the rule that explains it */
void ends_tell_never_arrived(struct judge *j, const struct path *p,
			     const struct ends_watch *w);
/* port.dropped-by-host */
void ends_tell_dropped(struct judge *j, const struct path *p,
		       const struct ends_watch *w,
		       const struct ends_arrived *a);
/* port.refused-by-host */
void ends_tell_refused(struct judge *j, const struct path *p,
		       const struct ends_watch *w,
		       const struct ends_arrived *a);
/* port.answer-lost */
void ends_tell_answer_lost(struct judge *j, const struct path *p,
			   const struct ends_watch *w,
			   const struct ends_arrived *a);
/* tcp.answered-by-other, udp.answered-by-other: by both ends, by one */
void ends_tell_answered_by_other(struct judge *j, const struct path *p,
				 const struct ends_watch *w);
void ends_tell_met_other(struct judge *j, const struct path *p);
/* tls.hello-lost; tls: the hello that was */
void ends_tell_hello_lost(struct judge *j, const struct path *p,
			  const struct ends_watch *w,
			  const struct ends_said *said,
			  const struct diag_fact *tls);

#endif
