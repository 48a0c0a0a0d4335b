/* SPDX-License-Identifier: MIT */
/* exchange.c - see exchange.h.
 *
 * UDP first, unless the message shall go once only: an update that is sent
 * twice is refused the second time by its own prerequisites, and then nobody
 * knows what the first did.  The socket is connected, so datagrams of others
 * never arrive; of those that do, only one with our id, opcode and question
 * is an answer (RFC 5452, 9.1), the rest is passed over.
 *
 * TCP has two bytes of length before each message (RFC 1035, 4.2.2).
 */
#include "probes/exchange.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/mem.h"
#include "probes/dns_net.h"
#include "wire/dns_frame.h"

#define RESEND_MS   UINT64_C(700) /* then twice as long: at 0, 0.7 and 2.1 s */
#define SENDS_MAX   3
#define PREFIX	    ((size_t)2)
#define OPCODE_MASK 0x7800u
#define SCRATCH_MAX ((size_t)1 << 20)
#define N_WAYS	    2 /* UDP, TCP */
#define N_SIGNALS   2

struct way {
	uv_poll_t poll;
	int fd; /* -1: not begun */
};

struct trip {
	uv_loop_t loop;
	uv_timer_t deadline, resend;
	uv_signal_t signals[N_SIGNALS];
	struct way ways[N_WAYS];
	const struct exchange *x;
	struct exchange_answer *out;
	struct diag_icmp icmp;
	bool tcp;      /* the way in use */
	unsigned done; /* datagrams sent, or bytes of the stream */
	unsigned strays;
	bool over;
	size_t got;
	unsigned char in[PREFIX + EXCHANGE_MAX];
};

static void begin_tcp(struct trip *t);

/* --- the end ---------------------------------------------------------------
 */

static void close_handle(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void end(struct trip *t, enum diag_status status, int error)
{
	if (t->over)
		return;
	t->over = true;
	t->out->status = status;
	t->out->sys_errno = error;
	t->out->tcp = t->tcp;
	uv_walk(&t->loop, close_handle, NULL);
}

static void end_failed(struct trip *t, int error)
{
	int fd = t->ways[t->tcp].fd;

	if (fd >= 0)
		dns_net_take_icmp(fd, &t->icmp);
	end(t, dns_net_status(error, &t->icmp, &t->x->server.addr), error);
}

static void on_deadline(uv_timer_t *timer)
{
	struct trip *t = timer->data;

	end(t, t->strays > 0 ? DIAG_ST_MALFORMED : DIAG_ST_TIMEOUT, 0);
}

static void on_signal(uv_signal_t *handle, int signum)
{
	struct trip *t = handle->data;

	t->out->signal = signum;
	end(t, DIAG_ST_NOT_RUN, 0);
}

/* --- is it an answer? ------------------------------------------------------
 */

static unsigned word_at(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* An update's answer need not repeat the zone (RFC 2136, 3.8). */
static bool same_question(const struct dns_frame *sent,
			  const struct dns_frame *reply)
{
	return reply->questions == 0 || (reply->questions == sent->questions &&
					 reply->qtype == sent->qtype &&
					 wname_eq(reply->qname, sent->qname));
}

/* *truncated: only its beginning came; then its records do not count. */
static bool is_answer(const struct trip *t, const unsigned char *wire,
		      size_t len, bool *truncated)
{
	const unsigned char *ours = t->x->wire;
	struct dns_frame sent, reply;
	struct diag_arena arena;
	bool ok;

	if (len < EXCHANGE_MIN || word_at(wire) != word_at(ours))
		return false;
	diag_arena_init(&arena, SCRATCH_MAX);
	ok = dns_frame_read(ours, t->x->len, 0, &arena, &sent) ==
	     DNS_FRAME_WHOLE;
	*truncated =
	    dns_frame_read(wire, len, 0, &arena, &reply) != DNS_FRAME_WHOLE ||
	    (reply.flags & DNS_FLAG_TC) != 0;
	ok = ok && (reply.flags & DNS_FLAG_QR) != 0 &&
	     (reply.flags & OPCODE_MASK) == (sent.flags & OPCODE_MASK) &&
	     (!*truncated || (reply.flags & DNS_FLAG_TC) != 0) &&
	     same_question(&sent, &reply);
	dns_frame_clear(&sent);
	dns_frame_clear(&reply);
	diag_arena_clear(&arena);
	return ok;
}

static void keep(struct trip *t, const unsigned char *wire, size_t len)
{
	diag_buf_put(&t->out->bytes, wire, len);
	end(t, DIAG_ST_REPLY, 0);
}

/* --- a way -----------------------------------------------------------------
 */

static bool begin(struct trip *t, int events, uv_poll_cb on_event)
{
	struct way *way = &t->ways[t->tcp];
	int rc;

	way->fd = dns_net_socket(t->x->server.addr.family,
				 t->tcp ? SOCK_STREAM : SOCK_DGRAM);
	if (way->fd < 0 || (dns_net_connect(way->fd, &t->x->server) != 0 &&
			    !dns_net_is_wait(errno))) {
		end_failed(t, errno);
		return false;
	}
	rc = uv_poll_init(&t->loop, &way->poll, way->fd);
	if (rc == 0) {
		way->poll.data = t;
		rc = uv_poll_start(&way->poll, events, on_event);
	}
	if (rc != 0)
		end(t, DIAG_ST_NOT_RUN, -rc);
	return rc == 0;
}

/* --- UDP -------------------------------------------------------------------
 */

static void send_datagram(struct trip *t)
{
	ssize_t n = send(t->ways[0].fd, t->x->wire, t->x->len, MSG_NOSIGNAL);

	t->done++;
	if (n >= 0)
		t->out->sent = true;
	else if (!dns_net_is_wait(errno))
		end_failed(t, errno);
}

static void on_resend(uv_timer_t *timer)
{
	struct trip *t = timer->data;

	send_datagram(t);
	if (!t->over && t->done < SENDS_MAX)
		(void)uv_timer_start(timer, on_resend, 2 * RESEND_MS, 0);
}

static void take_datagram(struct trip *t, size_t len)
{
	bool truncated = false;

	if (!is_answer(t, t->in, len, &truncated)) {
		t->strays++;
		return;
	}
	if (!truncated) {
		keep(t, t->in, len);
		return;
	}
	(void)uv_timer_stop(&t->resend);
	(void)uv_poll_stop(&t->ways[0].poll);
	begin_tcp(t);
}

/* libuv tells a socket error as an event without data: recv(2) has it. */
static void on_datagram(uv_poll_t *poll, int status, int events)
{
	struct trip *t = poll->data;
	ssize_t n;

	(void)status;
	(void)events;
	while (!t->over && !t->tcp) {
		n = recv(t->ways[0].fd, t->in, sizeof(t->in), 0);
		if (n >= 0)
			take_datagram(t, (size_t)n);
		else if (dns_net_is_wait(errno))
			return;
		else
			end_failed(t, errno);
	}
}

static void begin_udp(struct trip *t)
{
	if (!begin(t, UV_READABLE, on_datagram))
		return;
	send_datagram(t);
	if (!t->over)
		(void)uv_timer_start(&t->resend, on_resend, RESEND_MS, 0);
}

/* --- TCP -------------------------------------------------------------------
 */

static void write_some(struct trip *t, int fd)
{
	unsigned char prefix[PREFIX] = { (unsigned char)(t->x->len >> 8),
					 (unsigned char)t->x->len };
	size_t skip = t->done > PREFIX ? t->done - PREFIX : 0;
	size_t head = t->done < PREFIX ? PREFIX - t->done : 0;
	struct iovec iov[] = {
		{ prefix + PREFIX - head, head },
		/* sendmsg(2) does not write to it */
		{ (unsigned char *)(uintptr_t)t->x->wire + skip,
		  t->x->len - skip },
	};
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	ssize_t n = sendmsg(fd, &msg, MSG_NOSIGNAL);

	if (n >= 0)
		t->done += (unsigned)n;
	else if (!dns_net_is_wait(errno))
		end_failed(t, errno);
	t->out->sent = t->out->sent || t->done == PREFIX + t->x->len;
}

static void take_message(struct trip *t)
{
	size_t len = word_at(t->in);
	bool truncated = false;

	if (is_answer(t, t->in + PREFIX, len, &truncated) && !truncated)
		keep(t, t->in + PREFIX, len);
	else
		end(t, DIAG_ST_MALFORMED, 0);
}

static void read_some(struct trip *t, int fd)
{
	size_t want = t->got < PREFIX ? PREFIX : PREFIX + word_at(t->in);
	ssize_t n = recv(fd, t->in + t->got, want - t->got, 0);

	if (n > 0) {
		t->got += (size_t)n;
		if (t->got >= PREFIX && t->got == PREFIX + word_at(t->in))
			take_message(t);
	} else if (n == 0) {
		end(t, DIAG_ST_PORT_CLOSED, 0); /* hung up without an answer */
	} else if (!dns_net_is_wait(errno)) {
		end_failed(t, errno);
	}
}

static void on_stream(uv_poll_t *poll, int status, int events)
{
	struct trip *t = poll->data;
	int fd = t->ways[1].fd, error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error) {
		end_failed(t, error);
		return;
	}
	if (status >= 0 && (events & UV_WRITABLE) &&
	    t->done < PREFIX + t->x->len) {
		write_some(t, fd);
		if (!t->over && t->done == PREFIX + t->x->len)
			(void)uv_poll_start(poll, UV_READABLE, on_stream);
		return;
	}
	read_some(t, fd);
}

static void begin_tcp(struct trip *t)
{
	t->tcp = true;
	t->done = 0;
	(void)begin(t, UV_WRITABLE | UV_READABLE, on_stream);
}

/* --- all of it -------------------------------------------------------------
 */

static void prepare(struct trip *t)
{
	static const int numbers[N_SIGNALS] = { SIGINT, SIGTERM };

	(void)uv_timer_init(&t->loop, &t->deadline);
	(void)uv_timer_init(&t->loop, &t->resend);
	t->deadline.data = t->resend.data = t;
	(void)uv_timer_start(&t->deadline, on_deadline, t->x->timeout_ms, 0);
	for (size_t i = 0; i < N_SIGNALS && t->x->handle_signals; i++) {
		if (uv_signal_init(&t->loop, &t->signals[i]) != 0)
			continue;
		t->signals[i].data = t;
		(void)uv_signal_start(&t->signals[i], on_signal, numbers[i]);
	}
}

static void travel(struct trip *t)
{
	prepare(t);
	if (t->x->tcp)
		begin_tcp(t);
	else
		begin_udp(t);
	(void)uv_run(&t->loop, UV_RUN_DEFAULT);
	for (size_t i = 0; i < N_WAYS; i++)
		if (t->ways[i].fd >= 0)
			(void)close(t->ways[i].fd);
	(void)uv_loop_close(&t->loop);
}

bool exchange_run(const struct exchange *x, struct exchange_answer *out,
		  struct diag_err *err)
{
	struct trip *t = diag_alloc(sizeof(*t));
	int rc;

	*out = (struct exchange_answer){ .status = DIAG_ST_NOT_RUN };
	diag_buf_init(&out->bytes, EXCHANGE_MAX);
	if (t == NULL)
		return diag_fail_nomem(err, "exchange");
	if (x->len < EXCHANGE_MIN || x->len > EXCHANGE_MAX) {
		diag_free(t);
		return diag_fail(err, DIAG_EUSAGE, "exchange",
				 "a message of %zu bytes", x->len);
	}
	rc = uv_loop_init(&t->loop);
	if (rc == 0) {
		t->x = x;
		t->out = out;
		t->ways[0].fd = t->ways[1].fd = -1;
		travel(t);
	}
	diag_free(t);
	if (rc == 0)
		return diag_buf_ok(&out->bytes, err, "exchange");
	errno = -rc;
	return diag_fail_sys(err, "exchange", "event loop");
}
