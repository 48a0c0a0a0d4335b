/* SPDX-License-Identifier: MIT */
/* mtu - how large may a packet on the way to this address be?
 *
 * Two ways of asking, side by side: datagrams (mtu_udp.c), because routers tell
 * about them who they are and what they take; and TCP (mtu_tcp.c), because a
 * private endpoint answers nothing else.  The fact says what each size stands
 * on (`how`), and `silent` where nothing was proven:
 *
 *   ok		packets as large as the interface's, or as TCP ever sends here,
 *		came through
 *   smaller	they do not, and this machine was told: TCP sends smaller ones
 *   black-hole	they vanish and nobody says so: a connection hangs
 *   silent	nobody answered, or bytes get lost whatever the packets' size
 *
 * What is measured is the way there.  The way back may be another: that is
 * asked with handshakes of small packets (connect.c, packet_max).  At most
 * five connections and eighty packets are spent on an address.
 */
#include "probes/mtu_internal.h"

#include "probes/from.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOK_MS	     10
#define RUNGS_BESIDE 2u	 /* of datagrams, where TCP tells the rest */
#define RUNGS_ALONE  5u	 /* a host answers six at once */
#define TOLD_WAIT_MS 300 /* for a word from a router, when TCP is done */

struct mtu {
	struct diag_probe *probe;
	uv_timer_t look;
	bool made;
	char interface[DIAG_SOCK_NAME];
	unsigned interface_mtu, low, high;
	struct mtu_tcp tcp;
	struct mtu_udp udp;
};

/* --- the fact ---------------------------------------------------------------
 */

static unsigned smaller(unsigned a, unsigned b)
{
	return a != 0 && (b == 0 || a < b) ? a : b;
}

/* Where TCP tells anything it decides: it is what the services speak. */
static void put_sizes(const struct mtu *m, struct diag_mtu_fact *f)
{
	const struct mtu_seen *t = &m->tcp.seen, *u = &m->udp.seen;
	bool by_tcp = t->passed != 0 && !m->tcp.any_size;
	const struct mtu_seen *seen = by_tcp ? t : u;

	f->mtu = seen->passed;
	f->how = f->mtu == 0 ? NULL : by_tcp ? DIAG_MTU_TCP : DIAG_MTU_UDP;
	f->lost = seen->lost;
	f->resends = seen->resends;
	f->told = smaller(u->told, t->told);
	f->icmp = u->icmp;
	if (f->told != 0 && f->lost > f->told) /* that is why */
		f->lost = f->resends = 0;
}

static void put_told(const struct mtu *m, struct diag_mtu_fact *f)
{
	f->mtu = f->told;
	f->how = m->udp.seen.told == f->told ? DIAG_MTU_ICMP : DIAG_MTU_KERNEL;
}

static enum diag_status judge(const struct mtu *m, struct diag_mtu_fact *f)
{
	unsigned wanted = m->high;

	if (m->tcp.top != 0 && m->tcp.top < wanted)
		wanted = m->tcp.top;
	if (f->lost != 0)
		return DIAG_ST_BLACK_HOLE;
	if (f->told != 0) {
		put_told(m, f);
		return DIAG_ST_SMALLER;
	}
	return f->mtu != 0 && f->mtu >= wanted ? DIAG_ST_OK : DIAG_ST_SILENT;
}

static void finish(struct mtu *m, bool cancelled)
{
	const struct diag_step *step = m->probe->step;
	struct diag_fact f = { .kind = DIAG_FACT_MTU };

	f.mtu.address = step->addr;
	f.mtu.port = step->port;
	f.mtu.interface = m->interface[0] ? m->interface : NULL;
	f.mtu.interface_mtu = m->interface_mtu;
	f.mtu.mss = m->tcp.mss;
	f.mtu.sends = m->tcp.seen.sends + m->udp.seen.sends;
	put_sizes(m, &f.mtu);
	f.status = judge(m, &f.mtu);
	if (f.status == DIAG_ST_SILENT && cancelled)
		f.status = DIAG_ST_NOT_RUN;
	if (m->tcp.any_size) {
		f.error = "bytes get lost, whatever the size of their packets";
	} else if (f.status == DIAG_ST_SILENT && m->tcp.sys_errno != 0) {
		f.sys_errno = m->tcp.sys_errno;
		f.error = strerror(m->tcp.sys_errno);
	}
	diag_probe_emit(m->probe, &f);
	diag_probe_done(m->probe);
}

/* --- looking ----------------------------------------------------------------
 */

static bool is_over(const struct mtu *m, double ms)
{
	const struct mtu_seen *t = &m->tcp.seen;

	if (m->tcp.fd < 0 && !m->tcp.settled)
		return m->udp.settled;
	if (!m->tcp.settled)
		return false;
	if (t->passed == 0) /* TCP tells nothing */
		return m->udp.settled;
	if (t->lost == 0 && t->told == 0)
		return true;
	return m->udp.settled || m->udp.seen.told != 0 || ms >= TOLD_WAIT_MS;
}

static void on_look(uv_timer_t *timer)
{
	struct mtu *m = timer->data;
	uint64_t now = diag_run_now_ns(m->probe->run);
	double ms = (double)(now - m->probe->started_ns) / 1e6;

	mtu_tcp_look(&m->tcp);
	mtu_udp_look(&m->udp, ms);
	if (!is_over(m, ms))
		return;
	uv_timer_stop(&m->look);
	finish(m, false);
}

/* --- the ops ----------------------------------------------------------------
 */

/* Which interface leads there: asked of a socket that sends nothing. */
static bool learn_interface(struct mtu *m, struct diag_err *err)
{
	const struct diag_step *step = m->probe->step;
	int family = step->addr.family == DIAG_IPV6 ? AF_INET6 : AF_INET;
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage ss;
	socklen_t len = (socklen_t)diag_sock_of(&step->addr, 9, &ss);
	struct diag_addr local;
	uint16_t port;
	bool ok;

	if (fd < 0)
		return diag_fail_sys(err, "mtu", "socket");
	ok = from_here(fd, step, err);
	if (ok && connect(fd, (struct sockaddr *)&ss, len) != 0)
		ok = diag_fail_sys(err, "mtu", "no way to the address");
	len = sizeof(ss);
	if (ok && getsockname(fd, (struct sockaddr *)&ss, &len) == 0 &&
	    diag_sock_to((struct sockaddr *)&ss, &local, &port))
		(void)diag_sock_interface_of(&local, m->interface,
					     &m->interface_mtu);
	(void)close(fd);
	return ok;
}

static void set_range(struct mtu *m)
{
	const unsigned usual = 1500;

	m->low =
	    m->probe->step->addr.family == DIAG_IPV6 ? MTU_MIN_V6 : MTU_MIN_V4;
	m->high = m->interface_mtu ? m->interface_mtu : usual;
	if (m->high > MTU_MAX)
		m->high = MTU_MAX;
	if (m->high < m->low)
		m->high = m->low;
}

static bool begin(struct mtu *m, struct diag_err *err)
{
	const struct diag_step *step = m->probe->step;
	struct mtu_ladder ladder;

	if (!learn_interface(m, err))
		return false;
	set_range(m);
	mtu_ladder(&ladder, m->low, m->high,
		   step->port && step->stage != DIAG_STAGE_TCP ? RUNGS_BESIDE
							       : RUNGS_ALONE);
	return mtu_udp_start(&m->udp, step, &ladder, err) &&
	       (step->port == 0 ||
		mtu_tcp_start(&m->tcp, step, m->low, m->high, err));
}

static bool mtu_start(struct diag_probe *p, struct diag_err *err)
{
	struct mtu *m = p->state;
	int rc;

	m->probe = p;
	m->tcp.fd = m->udp.fd = -1;
	if (!begin(m, err))
		return false;
	rc = uv_timer_init(p->loop, &m->look);
	m->look.data = m;
	m->made = rc == 0;
	if (rc == 0)
		rc = uv_timer_start(&m->look, on_look, 0, LOOK_MS);
	return rc == 0 ||
	       diag_fail(err, DIAG_EIO, "mtu", "%s", uv_strerror(rc));
}

static void mtu_expire(struct diag_probe *p)
{
	struct mtu *m = p->state;

	finish(m, p->cancelled);
}

static void released(struct mtu *m)
{
	mtu_tcp_close(&m->tcp);
	mtu_udp_close(&m->udp);
	diag_probe_released(m->probe);
}

static void on_close(uv_handle_t *handle)
{
	released(handle->data);
}

static void mtu_stop(struct diag_probe *p)
{
	struct mtu *m = p->state;

	if (m->made)
		uv_close((uv_handle_t *)&m->look, on_close);
	else
		released(m);
}

static const enum diag_fact_kind gives[] = { DIAG_FACT_MTU };

const struct diag_probe_ops probe_mtu = {
	.kind = DIAG_PROBE_MTU,
	.name = "mtu",
	.summary = "find the largest packet that reaches an address",
	.gives = gives,
	.n_gives = 1,
	.state_size = sizeof(struct mtu),
	.start = mtu_start,
	.expire = mtu_expire,
	.stop = mtu_stop,
};
