/* SPDX-License-Identifier: MIT */
/* dns_sock.c - the socket layer under c-ares.
 *
 * c-ares turns every failure into "could not contact DNS servers" and keeps no
 * errno; so its socket calls come through here.  What is learnt: the errno of
 * the last failure, the ICMP message behind it (IP_RECVERR also makes a
 * host-unreachable arrive at once and not after seven seconds), how often each
 * question was really sent (its message id is in the first two bytes; RFC
 * 1035, 4.1.1), and datagrams that answer nothing we asked.
 *
 * The server's own sockaddr is used to connect: c-ares has no place for the
 * zone of a link-local address.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/mem.h"
#include "probes/dns_internal.h"
#include "probes/dns_net.h"

#define HEADER_LEN 12
/* Datagrams taken in one round: a near server is asked again before all of its
 * answers are read, and works while we read the rest. */
#define TAKE_MAX   32
#define ROUNDS_MAX 64
#define QR_BIT	   0x80 /* in the third byte */

/* Keep errno for the fact, and for c-ares, which looks at it next. */
static void note_failure(struct dns_channel *c, int fd)
{
	int error = errno;

	if (dns_net_is_wait(error))
		return;
	c->icmp = (struct diag_icmp){ 0 };
	c->last_errno = error;
	c->fails++;
	if (fd >= 0)
		dns_net_take_icmp(fd, &c->icmp);
	errno = error;
}

static ares_socket_t on_socket(int domain, int type, int protocol, void *data)
{
	struct dns_channel *c = data;
	int fd = dns_net_socket(c->server->at.addr.family, type);

	(void)domain;
	(void)protocol;
	if (fd < 0)
		note_failure(c, -1);
	return fd;
}

static int on_close_fd(ares_socket_t fd, void *data)
{
	(void)data;
	return close(fd);
}

static int on_connect(ares_socket_t fd, const struct sockaddr *addr,
		      ares_socklen_t len, void *data)
{
	struct dns_channel *c = data;
	int rc = dns_net_connect(fd, &c->server->at);

	(void)addr;
	(void)len;
	if (rc != 0)
		note_failure(c, fd);
	return rc;
}

static void count_received(struct dns_channel *c, const uint8_t *data,
			   size_t len)
{
	struct dns_ask *ask;

	c->server->heard_ns = diag_run_now_ns(c->server->pool->run);
	if (c->server->tcp) {
		c->strays += len > 0;
		return;
	}
	ask = len >= 2 ? dns_id_find(c, (uint16_t)(data[0] << 8 | data[1]))
		       : NULL;
	if (ask)
		ask->received++;
	/* A late copy of an answer, or the answer to a question that was given
	 * up, is no garbage. */
	else if (len < HEADER_LEN || !(data[2] & QR_BIT) ||
		 c->server->answers + c->server->lost == 0)
		c->strays++;
}

/* NOLINTNEXTLINE(readability-function-size): c-ares says what it takes */
static ares_ssize_t on_receive(ares_socket_t fd, void *data, size_t len,
			       int flags, struct sockaddr *from,
			       ares_socklen_t *from_len, void *ctx)
{
	struct dns_channel *c = ctx;
	ssize_t n;

	if (!c->server->tcp && c->taken++ == TAKE_MAX) {
		errno = EAGAIN;
		return -1;
	}
	n = recvfrom(fd, data, len, flags, from, from_len);
	if (n < 0)
		note_failure(c, fd);
	else
		count_received(c, data, (size_t)n);
	return n;
}

static void count_sent(struct dns_channel *c, const struct iovec *iov, int n)
{
	const uint8_t *p = iov[0].iov_base;
	struct dns_ask *ask;
	uint16_t id;

	if (c->server->tcp || n < 1 || iov[0].iov_len < HEADER_LEN)
		return;
	id = (uint16_t)(p[0] << 8 | p[1]);
	if (c->sending && !c->sending->has_id)
		dns_id_add(c, c->sending, id);
	ask = dns_id_find(c, id);
	if (ask)
		ask->sends++;
}

static ssize_t send_once(int fd, const struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iovlen = (size_t)n };

	if (n == 1)
		return send(fd, iov->iov_base, iov->iov_len, MSG_NOSIGNAL);
	memcpy(&msg.msg_iov, &iov, sizeof(iov)); /* it is not written to */
	return sendmsg(fd, &msg, MSG_NOSIGNAL);
}

static ares_ssize_t on_send(ares_socket_t fd, const struct iovec *iov, int n,
			    void *data)
{
	struct dns_channel *c = data;
	ssize_t sent;

	count_sent(c, iov, n);
	sent = send_once(fd, iov, n);
	if (sent < 0)
		note_failure(c, fd);
	/* A datagram is first refused for the ICMP error of the one before,
	 * which would then wait in vain: send it, and let its own error end
	 * all of them. */
	if (sent < 0 && !c->server->tcp && !dns_net_is_wait(errno))
		sent = send_once(fd, iov, n);
	return sent;
}

void dns_sock_install(struct dns_channel *c)
{
	static const struct ares_socket_functions functions = {
		.asocket = on_socket,
		.aclose = on_close_fd,
		.aconnect = on_connect,
		.arecvfrom = on_receive,
		.asendv = on_send,
	};

	ares_set_socket_functions(c->ares, &functions, c);
}

/* --- the watch
 * ---------------------------------------------------------------- */

/* One round: take answers, then send what they made room for.  Only a socket
 * that had more than a round's worth is left for another. */
static bool take_and_send(struct dns_sock *s, bool readable, bool writable)
{
	struct dns_channel *c = s->channel;

	c->taken = 0;
	ares_process_fd(c->ares, readable ? s->fd : ARES_SOCKET_BAD,
			writable ? s->fd : ARES_SOCKET_BAD);
	dns_pump(c->server);
	return c->taken > TAKE_MAX && !s->closing;
}

/* libuv tells a socket error as UV_EBADF and stops watching: c-ares must then
 * look at the socket both ways, and what it did not close is watched on.
 *
 * A socket is emptied before the loop goes on: its next turn may be long in
 * coming when there are handshakes to be made. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct dns_sock *s = poll->data;
	bool both = status < 0;
	unsigned rounds = 0;

	while (take_and_send(s, both || (events & UV_READABLE),
			     both || (events & UV_WRITABLE)) &&
	       ++rounds < ROUNDS_MAX)
		continue;
	if (both && !s->closing) {
		dns_net_take_icmp(s->fd, &s->channel->icmp);
		(void)uv_poll_start(poll, UV_READABLE, on_poll);
	}
}

static void on_closed(uv_handle_t *handle)
{
	diag_free(handle->data);
}

static void unwatch(struct dns_channel *c, struct dns_sock *s)
{
	struct dns_sock **at = &c->socks;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	s->closing = true;
	(void)uv_poll_stop(&s->poll);
	uv_close((uv_handle_t *)&s->poll, on_closed);
}

static struct dns_sock *watch(struct dns_channel *c, ares_socket_t fd)
{
	struct dns_sock *s = diag_alloc(sizeof(*s));

	/* An unwatched socket is a question that times out. */
	if (s == NULL ||
	    uv_poll_init(c->server->pool->loop, &s->poll, fd) != 0) {
		diag_free(s);
		return NULL;
	}
	s->poll.data = s;
	s->fd = fd;
	s->channel = c;
	s->next = c->socks;
	c->socks = s;
	return s;
}

void dns_sock_state(void *data, ares_socket_t fd, int readable, int writable)
{
	struct dns_channel *c = data;
	struct dns_sock *s = c->socks;
	int events =
	    (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);

	while (s && s->fd != fd)
		s = s->next;
	if (s == NULL && events != 0)
		s = watch(c, fd);
	if (s == NULL)
		return;
	if (events == 0)
		unwatch(c, s);
	else
		(void)uv_poll_start(&s->poll, events, on_poll);
}
