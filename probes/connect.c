/* SPDX-License-Identifier: MIT */
/* connect - open a TCP connection, then TLS and HTTP on it: a fact per stage.
 *
 * Direct connections are uv_tcp with OpenSSL over memory BIOs, so that every
 * stage has its own time, its own errno and its own end.  What must never be
 * folded together:
 *
 *   refused      RST to our SYN (RFC 9293, 3.10.7.3)
 *   unreachable  an ICMP error; a port-unreachable gives the same errno as a
 *                RST, only the socket's error queue tells them apart
 *   timeout      nothing at all
 *   reset        the connection opened and was reset, on a port where no TLS
 *                was tried
 *   cut          closed or reset after our ClientHello (connect_tls.c)
 *
 * On a port without TLS no byte is sent: connect_plain.c.
 */
#include "probes/connect_internal.h"

#include "base/mem.h"
#include "net/sock.h"
#include "probes/from.h"

#include <string.h>
#include <unistd.h>

/* --- shared by the stages ------------------------------------------------ */

void connect_enter(struct connect *c, enum connect_stage stage)
{
	c->stage = stage;
	c->stage_ns = diag_run_now_ns(c->probe->run);
}

double connect_ms_since(const struct connect *c, uint64_t then_ns)
{
	uint64_t now = diag_run_now_ns(c->probe->run);

	return (double)(now - then_ns) / 1e6;
}

/* --- TCP ----------------------------------------------------------------- */

static enum diag_status tcp_status(int uv)
{
	switch (uv) {
	case UV_ECONNREFUSED:
		return DIAG_ST_REFUSED;
	case UV_ETIMEDOUT:
		return DIAG_ST_TIMEOUT;
	case UV_ECONNRESET:
	case UV_EPIPE:
		return DIAG_ST_RESET;
	case UV_EHOSTUNREACH:
	case UV_ENETUNREACH:
	case UV_EACCES: /* administratively prohibited */
	case UV_EPERM:	/* our own packet filter */
#ifdef UV_EHOSTDOWN
	case UV_EHOSTDOWN:
#endif
		return DIAG_ST_UNREACHABLE;
	default:
		return DIAG_ST_FAILED;
	}
}

static void take_icmp(struct connect *c)
{
	struct diag_icmp icmp = { .seen = false };
	uv_os_fd_t fd = c->fd;

	if (c->tcp_made && uv_fileno((uv_handle_t *)&c->tcp, &fd) != 0)
		return;
	if (fd < 0 || !diag_sock_take_icmp(fd, &icmp))
		return;
	c->icmp = (struct diag_icmp_seen){ icmp.seen, icmp.type, icmp.code,
					   icmp.from };
}

void connect_tcp_over(struct connect *c, int uv, const char *peer)
{
	struct diag_fact f;

	take_icmp(c);
	f = connect_fact(c, DIAG_FACT_TCP);
	f.status = tcp_status(uv);
	if (c->icmp.seen && f.status == DIAG_ST_REFUSED)
		f.status = DIAG_ST_UNREACHABLE;
	if (c->stage == CONNECT_LINGER || c->stage == CONNECT_PEER)
		f.took_ms = c->tcp_ms;
	f.tcp.peer = peer;
	if (f.status != DIAG_ST_TIMEOUT) {
		f.sys_errno = -uv;
		f.error = uv_strerror(uv);
	}
	connect_finish(c, &f);
}

static void learn_local(struct connect *c)
{
	struct sockaddr_storage ss;
	int len = sizeof(ss);

	if (uv_tcp_getsockname(&c->tcp, (struct sockaddr *)&ss, &len) == 0)
		(void)diag_sock_to((struct sockaddr *)&ss, &c->local,
				   &c->local_port);
}

static struct diag_fact open_fact(struct connect *c)
{
	struct diag_fact f = connect_fact(c, DIAG_FACT_TCP);

	f.status = DIAG_ST_OPEN;
	f.took_ms = c->tcp_ms;
	return f;
}

void connect_tcp_open(struct connect *c, const char *peer)
{
	struct diag_fact f = open_fact(c);

	f.tcp.peer = peer;
	connect_finish(c, &f);
}

/* --- reading ------------------------------------------------------------- */

static void on_alloc(uv_handle_t *handle, size_t hint, uv_buf_t *buf)
{
	struct connect *c = handle->data;

	(void)hint;
	*buf = uv_buf_init(c->chunk, CONNECT_READ_CHUNK);
}

static void peer_ended(struct connect *c, int status)
{
	uv_read_stop((uv_stream_t *)&c->tcp);
	if (c->stage == CONNECT_PEER)
		connect_peer_end(c, status);
	else if (c->stage == CONNECT_TLS)
		connect_tls_end(c, status);
	else if (c->stage == CONNECT_HTTP)
		connect_http_end(c, status);
}

static void keep_first(struct connect *c, const char *data, size_t n)
{
	size_t room = sizeof(c->first);

	if (c->bytes_in >= room)
		return;
	room -= (size_t)c->bytes_in;
	memcpy(c->first + c->bytes_in, data, n < room ? n : room);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct connect *c = stream->data;

	if (n < 0) {
		peer_ended(c, (int)n);
		return;
	}
	if (n == 0 || c->stage == CONNECT_OVER)
		return;
	if (c->stage == CONNECT_PEER) {
		connect_peer_read(c, buf->base, (size_t)n);
		return;
	}
	keep_first(c, buf->base, (size_t)n);
	c->bytes_in += (uint64_t)n;
	if (BIO_write(c->in, buf->base, (int)n) != (int)n)
		return;
	if (c->stage == CONNECT_TLS)
		connect_tls_read(c);
	else
		connect_http_read(c);
}

/* Where it goes once it is open. */
static void next_stage(struct connect *c)
{
	const struct diag_step *step = c->probe->step;
	struct diag_fact f;

	if (step->peer) {
		connect_peer_start(c);
	} else {
		f = open_fact(c);
		connect_emit(c, &f);
		connect_tls_start(c);
	}
}

static void on_connect(uv_connect_t *req, int status)
{
	struct connect *c = req->data;
	int rc;

	if (status == UV_ECANCELED || c->stage == CONNECT_OVER)
		return; /* stopped: the fact is out already */
	c->tcp_ms = connect_ms_since(c, c->stage_ns);
	if (status != 0) {
		connect_tcp_over(c, status, NULL);
		return;
	}
	learn_local(c);
	rc = uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
	if (rc != 0) {
		connect_tcp_over(c, rc, NULL);
		return;
	}
	next_stage(c);
}

/* --- the ops ------------------------------------------------------------- */

/* A file that the user named is read at once, so that a wrong one ends the run
 * and not each connection. */
static bool connect_open(struct diag_run *run, void **shared,
			 struct diag_err *err)
{
	struct trust *t = NULL;

	*shared = NULL;
	return diag_run_ca_file(run) == NULL || trust_of_run(run, &t, err);
}

static void free_chunk(void *chunk)
{
	diag_free(chunk);
}

/* One for all connections: what is read is used before the next read. */
static char *chunk_of(struct diag_run *run)
{
	void **slot = diag_run_slot(run, free_chunk);

	if (slot && *slot == NULL)
		*slot = diag_alloc(CONNECT_READ_CHUNK);
	return slot ? *slot : NULL;
}

static bool make_handles(struct connect *c, struct diag_err *err)
{
	const struct diag_step *step = c->probe->step;
	unsigned family = step->addr.family == DIAG_IPV6 ? AF_INET6 : AF_INET;
	uv_os_fd_t fd;
	int rc = uv_tcp_init_ex(c->probe->loop, &c->tcp, family);

	c->tcp.data = c;
	c->tcp_made = rc == 0;
	if (rc == 0)
		(void)uv_tcp_nodelay(&c->tcp, 1);
	if (rc == 0)
		rc = uv_fileno((uv_handle_t *)&c->tcp, &fd);
	if (rc != 0)
		return diag_fail(err, DIAG_EIO, "connect", "%s",
				 uv_strerror(rc));
	diag_sock_want_icmp(fd, step->addr.family);
	if (step->packet_max > 0 &&
	    !diag_sock_limit_packets(fd, step->addr.family, step->packet_max))
		return diag_fail_sys(err, "connect", "segment size");
	return from_here(fd, step, err);
}

/* Loading the roots takes longer than a thousand connections: not before
 * somebody speaks TLS. */
static bool prepare(struct connect *c, struct diag_err *err)
{
	const struct diag_probe *p = c->probe;

	if (p->step->peer && !diag_peer_nonce(c->nonce))
		return diag_fail(err, DIAG_EIO, "connect", "no random bytes");
	c->chunk = chunk_of(p->run);
	if (c->chunk == NULL)
		return diag_fail_nomem(err, "connect");
	return p->step->stage == DIAG_STAGE_TCP ||
	       trust_of_run(p->run, &c->trust, err);
}

static bool connect_start(struct diag_probe *p, struct diag_err *err)
{
	struct connect *c = p->state;
	struct sockaddr_storage to;
	int rc;

	c->probe = p;
	c->fd = -1;
	diag_arena_init(&c->arena, (size_t)4 << 20);
	diag_buf_init(&c->answer, CONNECT_ANSWER_MAX);
	if (p->step->stage == DIAG_STAGE_TCP && !p->step->peer)
		return connect_plain_start(c, err);
	if (!prepare(c, err) || !make_handles(c, err))
		return false;
	connect_enter(c, CONNECT_TCP);
	c->request.data = c;
	(void)diag_sock_of(&p->step->addr, p->step->port, &to);
	rc = uv_tcp_connect(&c->request, &c->tcp, (struct sockaddr *)&to,
			    on_connect);
	if (rc != 0) { /* the kernel knew at once: no route and the like */
		c->tcp_ms = 0;
		connect_tcp_over(c, rc, NULL);
	}
	return true;
}

static void connect_expire(struct diag_probe *p)
{
	struct connect *c = p->state;
	struct diag_fact f;

	if (c->stage == CONNECT_TLS) {
		connect_tls_end(c, UV_ETIMEDOUT);
	} else if (c->stage == CONNECT_HTTP) {
		connect_http_end(c, UV_ETIMEDOUT);
	} else if (c->stage == CONNECT_LINGER) {
		connect_plain_end(c);
	} else if (c->stage == CONNECT_PEER) {
		connect_peer_end(c, UV_ETIMEDOUT);
	} else if (c->stage == CONNECT_TCP && p->cancelled) {
		f = connect_fact(c, DIAG_FACT_TCP);
		f.status = DIAG_ST_NOT_RUN;
		connect_finish(c, &f);
	} else if (c->stage == CONNECT_TCP) {
		connect_tcp_over(c, UV_ETIMEDOUT, NULL);
	}
}

static void released(struct connect *c)
{
	if (c->fd >= 0)
		(void)close(c->fd);
	SSL_free(c->ssl);
	diag_buf_clear(&c->answer);
	diag_arena_clear(&c->arena);
	diag_probe_released(c->probe);
}

static void on_close(uv_handle_t *handle)
{
	released(handle->data);
}

static void connect_stop(struct diag_probe *p)
{
	struct connect *c = p->state;

	c->stage = CONNECT_OVER;
	if (c->tcp_made)
		uv_close((uv_handle_t *)&c->tcp, on_close);
	else if (c->timer_made)
		uv_close((uv_handle_t *)&c->linger, on_close);
	else
		released(c);
}

static const enum diag_fact_kind gives[] = { DIAG_FACT_TCP, DIAG_FACT_TLS,
					     DIAG_FACT_HTTP };

const struct diag_probe_ops probe_connect = {
	.kind = DIAG_PROBE_CONNECT,
	.name = "connect",
	.summary = "open a connection, then TLS and one HTTP question on it",
	.gives = gives,
	.n_gives = sizeof(gives) / sizeof(gives[0]),
	.state_size = sizeof(struct connect),
	.open = connect_open,
	.start = connect_start,
	.expire = connect_expire,
	.stop = connect_stop,
};
