/* SPDX-License-Identifier: MIT */
/* connect, where nothing is said: does the port open, and does it stay so?
 *
 * No byte is sent.  A middlebox that accepts for somebody else and then resets
 * does so at once, so we stay a moment (one and a half times the handshake, at
 * most LINGER_MAX_MS) before calling it open.
 *
 * Ten thousand ports of a near machine are answered while we still ask, so the
 * kernel is asked for the outcome right away and the loop only waits for what
 * is under way: a port that is answered at once costs the loop nothing.
 */
#include "probes/connect_internal.h"

#include "net/sock.h"
#include "probes/from.h"

#include <errno.h>
#include <sys/socket.h>

#define LINGER_MIN_MS 10.0
#define LINGER_MAX_MS 400.0

/* Whether somebody talks or closes meanwhile does not matter. */
void connect_plain_end(struct connect *c)
{
	int error = diag_sock_take_error(c->fd);

	if (error == 0)
		connect_tcp_open(c, NULL);
	else
		connect_tcp_over(c, uv_translate_sys_error(error), NULL);
}

static void on_lingered(uv_timer_t *timer)
{
	struct connect *c = timer->data;

	if (c->stage == CONNECT_LINGER)
		connect_plain_end(c);
}

static void learn_local(struct connect *c)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	if (getsockname(c->fd, (struct sockaddr *)&ss, &len) == 0)
		(void)diag_sock_to((struct sockaddr *)&ss, &c->local,
				   &c->local_port);
}

static void linger(struct connect *c, double rtt_ms)
{
	double ms = rtt_ms * 1.5;

	if (ms < LINGER_MIN_MS)
		ms = LINGER_MIN_MS;
	if (ms > LINGER_MAX_MS)
		ms = LINGER_MAX_MS;
	c->linger.data = c;
	c->timer_made = uv_timer_init(c->probe->loop, &c->linger) == 0;
	c->stage = CONNECT_LINGER; /* stage_ns stays the connect's own */
	uv_timer_start(&c->linger, on_lingered, (uint64_t)ms, 0);
}

static void failed(struct connect *c, int error)
{
	c->tcp_ms = connect_ms_since(c, c->stage_ns);
	connect_tcp_over(c, uv_translate_sys_error(error), NULL);
}

static void opened(struct connect *c)
{
	c->tcp_ms = connect_ms_since(c, c->stage_ns);
	learn_local(c);
}

void connect_plain_ready(struct connect *c)
{
	double rtt_ms;
	int error;

	if (c->stage != CONNECT_TCP)
		return;
	error = diag_sock_take_error(c->fd);
	if (error != 0) {
		failed(c, error);
		return;
	}
	opened(c);
	rtt_ms = c->tcp_ms;
	/* Ours has what we waited for our own turn in it. */
	(void)diag_sock_rtt_ms(c->fd, &rtt_ms);
	linger(c, rtt_ms);
}

static bool make_socket(struct connect *c, struct diag_err *err)
{
	const struct diag_step *step = c->probe->step;
	int family = step->addr.family == DIAG_IPV6 ? AF_INET6 : AF_INET;

	c->fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->fd < 0)
		return diag_fail_sys(err, "connect", "socket");
	diag_sock_want_icmp(c->fd, step->addr.family);
	return from_here(c->fd, step, err);
}

/* 0: open; EINPROGRESS: not yet known; else why not.  Asked a second time,
 * connect(2) says what came of it. */
static int outcome(const struct connect *c)
{
	const struct diag_step *step = c->probe->step;
	struct sockaddr_storage to;
	socklen_t len = (socklen_t)diag_sock_of(&step->addr, step->port, &to);
	const struct sockaddr *sa = (const struct sockaddr *)&to;

	if (connect(c->fd, sa, len) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	if (connect(c->fd, sa, len) == 0 || errno == EISCONN)
		return 0;
	return errno == EALREADY ? EINPROGRESS : errno;
}

bool connect_plain_start(struct connect *c, struct diag_err *err)
{
	int error;

	if (!make_socket(c, err))
		return false;
	connect_enter(c, CONNECT_TCP);
	error = outcome(c);
	if (error == EINPROGRESS)
		return connect_wait(c, err);
	if (error != 0) {
		failed(c, error);
		return true;
	}
	opened(c);
	linger(c, 0);
	return true;
}
