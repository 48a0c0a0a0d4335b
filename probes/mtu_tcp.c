/* SPDX-License-Identifier: MIT */
/* mtu, over TCP: which packets does the other end acknowledge?
 *
 * One connection carries packets of rising sizes, all of them at once.  TCP
 * acknowledges in order, so the count of acknowledged bytes tells the largest
 * that came through, after one round trip.  Where some do not, the kernel sends
 * the smallest of them again and again; when it has done so often enough, the
 * next connection looks between the last that passed and the first that did
 * not, until they are neighbours.
 *
 * What else looks like it, and how it is told apart:
 *
 *   loss by chance	what is sent again arrives
 *   a filter	that takes the first bytes and no more: the last connection says
 *		as many bytes in small packets.  They must arrive.
 *   a told MTU	the kernel learns it, sends smaller packets, and all arrives
 *
 * The bytes are the beginning of a TLS hello that never becomes whole, so that
 * no server answers it.  On a port without TLS nothing is sent; then only the
 * segment size that both ends agreed upon is known.
 */
#include "probes/mtu_internal.h"

#include "probes/from.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROUNDS	     4	/* of the search */
#define RESENDS_ONCE 3u /* of the first round: that is no chance */
#define RESENDS_MORE 2u /* of later ones, which confirm it */

/* RFC 8446, 5.1 and 4: a record of handshake, as long as one may be, with a
 * client hello that fills it. */
#define RECORD_MAX 16384u
static const unsigned char hello[MTU_MAX] = { 22,   3, 1, RECORD_MAX >> 8,
					      0,    1, 0, 0x3f,
					      0xfc, 3, 3 };
static const unsigned char more[MTU_MAX];

void mtu_ladder(struct mtu_ladder *l, unsigned low, unsigned high, unsigned n)
{
	unsigned last = 0;

	l->n = 0;
	/* Links that take less than IPv6's least are rare. */
	if (low < MTU_MIN_V6 && high > MTU_MIN_V6 && n > 2) {
		l->sizes[l->n++] = low;
		low = MTU_MIN_V6;
		n--;
	}
	for (unsigned i = 0; i < n; i++) {
		unsigned size = n == 1 ? low : low + (high - low) * i / (n - 1);

		if (size != last)
			l->sizes[l->n++] = size;
		last = size;
	}
}

static void end(struct mtu_tcp *t)
{
	t->settled = true;
}

static bool make_socket(struct mtu_tcp *t, struct diag_err *err)
{
	int family = t->step->addr.family == DIAG_IPV6 ? AF_INET6 : AF_INET;
	/* What was not acknowledged dies with the connection. */
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	t->fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (t->fd < 0)
		return diag_fail_sys(err, "mtu", "socket");
	(void)setsockopt(t->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	diag_sock_want_icmp(t->fd, t->step->addr.family);
	return from_here(t->fd, t->step, err);
}

static bool connect_again(struct mtu_tcp *t, struct diag_err *err)
{
	struct sockaddr_storage to;
	socklen_t len;

	mtu_tcp_close(t);
	t->sent = false;
	if (!make_socket(t, err))
		return false;
	len = (socklen_t)diag_sock_of(&t->step->addr, t->step->port, &to);
	if (connect(t->fd, (struct sockaddr *)&to, len) != 0 &&
	    errno != EINPROGRESS) {
		t->sys_errno = errno;
		end(t);
	}
	t->seen.sends++;
	return true;
}

/* --- one round -------------------------------------------------------------
 */

static unsigned sum_of(const struct mtu_ladder *l)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < l->n; i++)
		sum += l->sizes[i];
	return sum;
}

/* As many rungs as one record holds. */
static void fill(struct mtu_tcp *t)
{
	unsigned n = t->high - t->low + 1;

	if (t->control) {
		t->ladder.n = MTU_RUNGS;
		for (unsigned i = 0; i < MTU_RUNGS; i++)
			t->ladder.sizes[i] = t->low;
		return;
	}
	if (n > MTU_RUNGS)
		n = MTU_RUNGS;
	do {
		mtu_ladder(&t->ladder, t->low, t->high, n);
	} while (sum_of(&t->ladder) > RECORD_MAX && --n > 1);
}

static void send_rungs(struct mtu_tcp *t, const struct diag_sock_sent *now)
{
	unsigned total = 0;

	for (unsigned i = 0; i < t->ladder.n; i++) {
		unsigned n = t->ladder.sizes[i] - now->overhead;

		if (!diag_sock_send_whole(t->fd, i == 0 ? hello : more, n)) {
			t->ladder.n = i;
			break;
		}
		total += n;
		t->ends[i] = total;
	}
	t->seen.sends += t->ladder.n;
	t->sent = true;
	if (t->ladder.n == 0) {
		t->sys_errno = errno;
		end(t);
	}
}

static void is_open(struct mtu_tcp *t, const struct diag_sock_sent *now)
{
	t->mss = now->mss;
	t->base = now->acked;
	if (t->round == 0 && !t->control) {
		t->top = now->mss + now->overhead;
		/* Told before, or a route says so. */
		if (now->path_mtu > 0 && now->path_mtu < t->high)
			t->seen.told = now->path_mtu;
		if (t->top < t->high)
			t->high = t->top;
		if (t->low > t->high)
			t->low = t->high;
	}
	if (t->step->stage == DIAG_STAGE_TCP) {
		end(t);
		return;
	}
	fill(t);
	send_rungs(t, now);
}

/* --- what came of it --------------------------------------------------------
 */

/* Rungs that were acknowledged. */
static unsigned passed(const struct mtu_tcp *t,
		       const struct diag_sock_sent *now)
{
	unsigned n = 0;

	while (n < t->ladder.n && now->acked - t->base >= t->ends[n])
		n++;
	return n;
}

/* The kernel learnt a smaller size while we looked, and used it. */
static bool is_told(struct mtu_tcp *t, const struct diag_sock_sent *now)
{
	unsigned largest = t->ladder.sizes[t->ladder.n - 1];

	if (now->path_mtu == 0 || now->path_mtu >= largest)
		return false;
	t->seen.told = now->path_mtu;
	return true;
}

static void next_round(struct mtu_tcp *t)
{
	struct diag_err err = { 0 };

	if (!connect_again(t, &err)) {
		t->sys_errno = err.sys;
		end(t);
	}
}

/* What is known now is certain; look closer, if there is something between. */
static void is_proven(struct mtu_tcp *t)
{
	t->control = false;
	t->seen.lost = t->high;
	if (t->high - t->low <= 1 || ++t->round == ROUNDS)
		end(t);
	else
		next_round(t);
}

/* n rungs came through, the next one did not. */
static void is_lost(struct mtu_tcp *t, unsigned n,
		    const struct diag_sock_sent *now)
{
	if (n == 0 || t->control) { /* no question of size */
		t->any_size = true;
		t->seen.lost = 0;
		end(t);
		return;
	}
	t->low = t->ladder.sizes[n - 1];
	t->high = t->ladder.sizes[n];
	t->seen.resends = now->resends;
	if (t->round > 0) {
		is_proven(t);
		return;
	}
	t->control = true;
	next_round(t);
}

/* All of it came through. */
static void is_whole(struct mtu_tcp *t, bool told)
{
	if (told && t->seen.told > t->seen.passed)
		t->seen.passed = t->seen.told;
	/* The search found it lost a moment ago: that was chance. */
	if (!t->control)
		t->seen.lost = 0;
	if (t->control)
		is_proven(t);
	else
		end(t);
}

static void look_at_rungs(struct mtu_tcp *t, const struct diag_sock_sent *now)
{
	unsigned n = passed(t, now);
	unsigned enough =
	    t->round == 0 && !t->control ? RESENDS_ONCE : RESENDS_MORE;
	bool told = is_told(t, now);

	if (n > 0 && !told && t->ladder.sizes[n - 1] > t->seen.passed)
		t->seen.passed = t->ladder.sizes[n - 1];
	if (n < t->ladder.n && (now->resends < enough || now->gap || told))
		return;
	t->seen.sends += now->resends;
	if (n == t->ladder.n)
		is_whole(t, told);
	else
		is_lost(t, n, now);
}

void mtu_tcp_look(struct mtu_tcp *t)
{
	struct diag_sock_sent now;

	if (t->settled || t->fd < 0)
		return;
	if (!diag_sock_sent(t->fd, t->step->addr.family, &now)) {
		t->sys_errno = errno;
		end(t);
		return;
	}
	if (!t->sent && now.open)
		is_open(t, &now);
	else if (t->sent)
		look_at_rungs(t, &now);
	if (t->settled)
		return;
	t->sys_errno = diag_sock_take_error(t->fd);
	if (t->sys_errno != 0)
		end(t);
}

bool mtu_tcp_start(struct mtu_tcp *t, const struct diag_step *step,
		   unsigned low, unsigned high, struct diag_err *err)
{
	*t = (struct mtu_tcp){
		.step = step, .fd = -1, .low = low, .high = high
	};
	return connect_again(t, err);
}

void mtu_tcp_close(struct mtu_tcp *t)
{
	if (t->fd >= 0)
		(void)close(t->fd);
	t->fd = -1;
}
