/* SPDX-License-Identifier: MIT */
/* udp - does anybody answer a datagram at this port?
 *
 * UDP has no handshake, so there are three ends and one of them proves
 * nothing:
 *
 *	reply	a datagram came back
 *	closed	an ICMP port-unreachable from the address itself
 *		(RFC 1122, 4.1.3.1): the host is there, nobody listens
 *	silent	nothing: dropped on the way, or taken and not answered
 *
 * Any other ICMP error is `unreachable`, as for TCP; so is a port-unreachable
 * that somebody else sends, which is how firewalls reject (RFC 1812, 5.2.7.1).
 *
 * A datagram may get lost, so it goes out again until the deadline.  Servers
 * of known protocols get a question that they answer; the others a line that
 * pl-listen answers.  Where pl-listen is expected every port gets that line,
 * and a reply without the number in it is somebody else's.
 */
#include "probes/probes.h"

#include "base/mem.h"
#include "net/sock.h"
#include "probes/from.h"
#include "wire/peer.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define AGAIN_MS 400 /* first pause before the next datagram; it doubles */
#define DNS_PORT 53
#define NTP_PORT 123
#define NTP_SIZE 48
#define SENDS	 4

#define ICMP_UNREACHABLE   3
#define ICMP_PORT	   3
#define ICMPV6_UNREACHABLE 1
#define ICMPV6_PORT	   4

struct udp {
	struct diag_probe *probe;
	uv_poll_t poll;
	uv_timer_t again;
	int fd;
	unsigned closing, sends;
	bool poll_made, timer_made;
	struct diag_addr local;
	char nonce[DIAG_PEER_NONCE_TEXT];
};

/* --- what is said --------------------------------------------------------- */

/* RFC 1035, 4.1: who serves the root? */
static const char dns_question[] = "pl\1\0\0\1\0\0\0\0\0\0\0\0\2\0\1";

/* RFC 5905, 7.3: version 4, mode 3 (client), all else zero. */
static const char ntp_question[NTP_SIZE] = { 0x23 };

static bool asks_peer(const struct udp *u)
{
	uint16_t port = u->probe->step->port;

	return u->probe->step->peer || (port != DNS_PORT && port != NTP_PORT);
}

static size_t question(struct udp *u, char out[DIAG_PEER_LINE_MAX])
{
	if (asks_peer(u))
		return diag_peer_put_datagram(u->nonce, out);
	switch (u->probe->step->port) {
	case DNS_PORT:
		memcpy(out, dns_question, sizeof(dns_question) - 1);
		return sizeof(dns_question) - 1;
	case NTP_PORT:
		memcpy(out, ntp_question, sizeof(ntp_question));
		return sizeof(ntp_question);
	default:
		return 0;
	}
}

/* --- how it ends ---------------------------------------------------------- */

static struct diag_fact udp_fact(struct udp *u)
{
	const struct diag_step *step = u->probe->step;
	struct diag_fact f = { .kind = DIAG_FACT_UDP };

	f.udp.address = step->addr;
	f.udp.port = step->port;
	f.udp.local_address = u->local;
	f.udp.nonce = asks_peer(u) ? u->nonce : NULL;
	return f;
}

static void finish(struct udp *u, struct diag_fact *f)
{
	diag_probe_emit(u->probe, f);
	diag_probe_done(u->probe);
}

static bool is_port_closed(const struct udp *u, const struct diag_icmp *icmp)
{
	const struct diag_addr *to = &u->probe->step->addr;
	bool port =
	    to->family == DIAG_IPV6
		? icmp->type == ICMPV6_UNREACHABLE && icmp->code == ICMPV6_PORT
		: icmp->type == ICMP_UNREACHABLE && icmp->code == ICMP_PORT;

	return port && (icmp->from.family == DIAG_NOFAM ||
			diag_addr_eq(&icmp->from, to));
}

static enum diag_status status_of(int sys)
{
	switch (sys) {
	case ECONNREFUSED:
		return DIAG_ST_CLOSED;
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EACCES: /* administratively prohibited */
	case EPERM:  /* our own packet filter */
		return DIAG_ST_UNREACHABLE;
	default:
		return DIAG_ST_FAILED;
	}
}

static void failed(struct udp *u, int sys)
{
	struct diag_fact f = udp_fact(u);
	struct diag_icmp icmp = { .seen = false };

	(void)diag_sock_take_icmp(u->fd, &icmp);
	f.status = status_of(sys);
	if (icmp.seen) {
		f.status = is_port_closed(u, &icmp) ? DIAG_ST_CLOSED
						    : DIAG_ST_UNREACHABLE;
		f.udp.icmp = (struct diag_icmp_seen){ true, icmp.type,
						      icmp.code, icmp.from };
	}
	f.sys_errno = sys;
	f.error = strerror(sys);
	finish(u, &f);
}

static bool passes(int sys)
{
	return sys == EAGAIN || sys == EINTR;
}

static const char *who_replied(const struct udp *u, const char *bytes, size_t n)
{
	char nonce[DIAG_PEER_NONCE_TEXT];

	if (!u->probe->step->peer)
		return NULL;
	return diag_peer_read(DIAG_PEER_LISTEN, bytes, n, nonce) ==
			   DIAG_PEER_LINE &&
		       strcmp(nonce, u->nonce) == 0
		   ? "met"
		   : "other";
}

static void on_readable(uv_poll_t *handle, int status, int events)
{
	struct udp *u = handle->data;
	char bytes[DIAG_PEER_LINE_MAX];
	struct diag_fact f;
	ssize_t n;

	(void)status; /* an error is read like an answer */
	(void)events;
	n = recv(u->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (n >= 0) {
		f = udp_fact(u);
		f.status = DIAG_ST_REPLY;
		f.udp.peer = who_replied(u, bytes, (size_t)n);
		finish(u, &f);
	} else if (!passes(errno)) {
		failed(u, errno);
	}
}

/* --- sending -------------------------------------------------------------- */

static void on_again(uv_timer_t *timer);

static void send_one(struct udp *u)
{
	char text[DIAG_PEER_LINE_MAX];
	size_t n = question(u, text);

	u->sends++;
	if (send(u->fd, text, n, MSG_DONTWAIT) < 0 && !passes(errno))
		failed(u, errno);
	else if (u->sends < SENDS)
		uv_timer_start(&u->again, on_again,
			       (uint64_t)AGAIN_MS << (u->sends - 1), 0);
}

static void on_again(uv_timer_t *timer)
{
	send_one(timer->data);
}

/* --- the ops -------------------------------------------------------------- */

static void learn_local(struct udp *u)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	uint16_t port;

	if (getsockname(u->fd, (struct sockaddr *)&ss, &len) == 0)
		(void)diag_sock_to((struct sockaddr *)&ss, &u->local, &port);
}

static bool make_socket(struct udp *u, struct diag_err *err)
{
	const struct diag_step *step = u->probe->step;
	int family = step->addr.family == DIAG_IPV6 ? AF_INET6 : AF_INET;

	u->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (u->fd < 0)
		return diag_fail_sys(err, "udp", "socket");
	diag_sock_want_icmp(u->fd, step->addr.family);
	return from_here(u->fd, step, err);
}

static bool make_handles(struct udp *u, struct diag_err *err)
{
	int rc = uv_timer_init(u->probe->loop, &u->again);

	u->again.data = u;
	u->timer_made = rc == 0;
	if (rc == 0)
		rc = uv_poll_init(u->probe->loop, &u->poll, u->fd);
	u->poll.data = u;
	u->poll_made = rc == 0;
	if (rc == 0)
		rc = uv_poll_start(&u->poll, UV_READABLE, on_readable);
	return rc == 0 ||
	       diag_fail(err, DIAG_EIO, "udp", "%s", uv_strerror(rc));
}

static bool udp_start(struct diag_probe *p, struct diag_err *err)
{
	struct udp *u = p->state;
	struct sockaddr_storage to;
	socklen_t len;

	u->probe = p;
	u->fd = -1;
	if (!diag_peer_nonce(u->nonce))
		return diag_fail(err, DIAG_EIO, "udp", "no random bytes");
	if (!make_socket(u, err) || !make_handles(u, err))
		return false;
	len = (socklen_t)diag_sock_of(&p->step->addr, p->step->port, &to);
	if (connect(u->fd, (struct sockaddr *)&to, len) != 0) {
		failed(u, errno);
		return true;
	}
	learn_local(u);
	send_one(u);
	return true;
}

static void udp_expire(struct diag_probe *p)
{
	struct udp *u = p->state;
	struct diag_fact f = udp_fact(u);

	f.status = p->cancelled ? DIAG_ST_NOT_RUN : DIAG_ST_SILENT;
	finish(u, &f);
}

static void released(struct udp *u)
{
	if (u->fd >= 0)
		(void)close(u->fd);
	diag_probe_released(u->probe);
}

static void on_close(uv_handle_t *handle)
{
	struct udp *u = handle->data;

	if (--u->closing == 0)
		released(u);
}

static void udp_stop(struct diag_probe *p)
{
	struct udp *u = p->state;

	u->closing = (u->poll_made ? 1u : 0u) + (u->timer_made ? 1u : 0u);
	if (u->closing == 0)
		released(u);
	if (u->poll_made)
		uv_close((uv_handle_t *)&u->poll, on_close);
	if (u->timer_made)
		uv_close((uv_handle_t *)&u->again, on_close);
}

static const enum diag_fact_kind gives[] = { DIAG_FACT_UDP };

const struct diag_probe_ops probe_udp = {
	.kind = DIAG_PROBE_UDP,
	.name = "udp",
	.summary = "send a datagram and wait for an answer",
	.gives = gives,
	.n_gives = 1,
	.state_size = sizeof(struct udp),
	.start = udp_start,
	.expire = udp_expire,
	.stop = udp_stop,
};
