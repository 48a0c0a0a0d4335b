/* SPDX-License-Identifier: MIT */
/* arrival - who connects to this port of this machine?
 *
 * The other end of pl-probe: accepts, and if the one who came says a number
 * (wire/peer.h), says it again.  Who says nothing of ours is noted and shown
 * the door after HELLO_MS.  A fact for each connection; at the end one that
 * tells how long the port was listened on and how many came.
 *
 * It stands open to whoever can reach it, so it takes few at a time, few in a
 * second and a line of a few bytes; what is beyond that is closed at once and
 * only counted.
 */
#include "probes/probes.h"

#include "base/mem.h"
#include "net/sock.h"
#include "wire/peer.h"

#include <errno.h>
#include <string.h>

#define HELLO_MS    5000   /* longer than pl-probe waits for an answer */
#define HEARD_MS    1000.0 /* silence for so long is the client's own */
#define CLIENTS_MAX 64	   /* at a time, of all ports */
#define RATE_MAX    100	   /* in a second, of all ports */
#define FACTS_MAX   65536  /* of all ports */
#define BACKLOG	    64
#define NS_PER_S    UINT64_C(1000000000)

/* What all ports of a run share. */
struct limits {
	size_t clients, facts;
	uint64_t second;
	unsigned in_second;
};

struct arrival;

struct client {
	uv_tcp_t tcp;
	uv_timer_t timer;
	uv_write_t write;
	struct arrival *home;
	struct client *prev, *next;
	unsigned closing;
	bool told, leaving;
	uint64_t at_ns;
	struct diag_addr from, to;
	uint16_t from_port;
	uint64_t heard; /* bytes */
	const char *said;
	size_t n; /* of them in text */
	char text[DIAG_PEER_LINE_MAX], answer[DIAG_PEER_LINE_MAX];
	char nonce[DIAG_PEER_NONCE_TEXT];
};

struct arrival {
	struct diag_probe *probe;
	uv_tcp_t tcp;
	bool made, closed, stopped;
	struct client *clients;
	uint64_t came, dropped;
};

/* --- facts ---------------------------------------------------------------- */

static double ms_since(const struct arrival *a, uint64_t then_ns)
{
	return (double)(diag_run_now_ns(a->probe->run) - then_ns) / 1e6;
}

static void tell(struct client *c)
{
	struct arrival *a = c->home;
	struct diag_fact f = { .kind = DIAG_FACT_ARRIVAL,
			       .status = DIAG_ST_ACCEPTED };

	if (c->told)
		return;
	c->told = true;
	f.started_ms = diag_run_ms(a->probe->run, c->at_ns);
	f.took_ms = ms_since(a, c->at_ns);
	f.arrival.from = c->from;
	f.arrival.from_port = c->from_port;
	f.arrival.address = c->to;
	f.arrival.port = a->probe->step->port;
	f.arrival.seen_by = "socket";
	f.arrival.nonce = c->nonce[0] ? c->nonce : NULL;
	f.arrival.said = c->nonce[0] ? NULL : c->said;
	diag_probe_emit(a->probe, &f);
}

static void tell_listened(struct arrival *a)
{
	struct diag_fact f = { .kind = DIAG_FACT_ARRIVAL,
			       .status = DIAG_ST_LISTENED };

	f.started_ms = diag_run_ms(a->probe->run, a->probe->started_ns);
	f.took_ms = ms_since(a, a->probe->started_ns);
	f.arrival.address = a->probe->step->addr;
	f.arrival.port = a->probe->step->port;
	f.arrival.seen_by = "socket";
	f.arrival.came = a->came;
	f.arrival.dropped = a->dropped;
	diag_probe_emit(a->probe, &f);
}

/* --- one who came --------------------------------------------------------- */

static void release_if_done(struct arrival *a)
{
	if (a->stopped && a->closed && a->clients == NULL)
		diag_probe_released(a->probe);
}

static void unlink_client(struct client *c)
{
	struct arrival *a = c->home;

	if (c->prev)
		c->prev->next = c->next;
	else
		a->clients = c->next;
	if (c->next)
		c->next->prev = c->prev;
}

static void on_client_closed(uv_handle_t *handle)
{
	struct client *c = handle->data;
	struct arrival *a = c->home;

	if (--c->closing > 0)
		return;
	unlink_client(c);
	((struct limits *)a->probe->shared)->clients--;
	diag_free(c);
	release_if_done(a);
}

static void leave(struct client *c)
{
	if (c->leaving)
		return;
	c->leaving = true;
	c->closing = 2;
	uv_close((uv_handle_t *)&c->tcp, on_client_closed);
	uv_close((uv_handle_t *)&c->timer, on_client_closed);
}

static void say_goodbye(struct client *c)
{
	tell(c);
	leave(c);
}

static void on_impatient(uv_timer_t *timer)
{
	say_goodbye(timer->data);
}

/* Of a hello that is longer than text only the length matters. */
static void on_alloc(uv_handle_t *handle, size_t hint, uv_buf_t *buf)
{
	static char rest[4096];
	struct client *c = handle->data;

	(void)hint;
	*buf = c->n < sizeof(c->text)
		   ? uv_buf_init(c->text + c->n,
				 (unsigned)(sizeof(c->text) - c->n))
		   : uv_buf_init(rest, sizeof(rest));
}

/* The one who asked closes when the answer is there; the timer sees to it. */
static void on_answered(uv_write_t *write, int status)
{
	struct client *c = write->data;

	if (status != 0)
		leave(c);
}

static void answer(struct client *c, size_t n)
{
	uv_buf_t buf = uv_buf_init(c->answer, (unsigned)n);

	tell(c);
	c->write.data = c;
	if (uv_write(&c->write, (uv_stream_t *)&c->tcp, &buf, 1, on_answered) !=
	    0)
		leave(c);
}

static void hear_hello(struct client *c, size_t whole)
{
	c->said = c->heard < whole ? "part" : "hello";
	if (c->heard >= whole)
		answer(c, diag_peer_put_alert(c->answer));
}

static void hear_line(struct client *c)
{
	switch (diag_peer_read(DIAG_PEER_PROBE, c->text, c->n, c->nonce)) {
	case DIAG_PEER_MORE:
		break;
	case DIAG_PEER_LINE:
		answer(c, diag_peer_put(DIAG_PEER_LISTEN, c->nonce, c->answer));
		break;
	case DIAG_PEER_OTHER:
		say_goodbye(c);
		break;
	}
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;
	size_t whole = 0;

	if (n == 0 || c->leaving)
		return;
	if (n < 0 || c->told) { /* gone, or more than one line */
		say_goodbye(c);
		return;
	}
	c->heard += (uint64_t)n;
	c->n += buf->base == c->text + c->n ? (size_t)n : 0;
	c->said = "other";
	switch (diag_peer_hello(c->text, c->n, &whole)) {
	case DIAG_PEER_MORE:
		break;
	case DIAG_PEER_LINE:
		hear_hello(c, whole);
		break;
	case DIAG_PEER_OTHER:
		hear_line(c);
		break;
	}
}

static void learn_ends(struct client *c)
{
	struct sockaddr_storage ss;
	int len = sizeof(ss);
	uint16_t port;

	if (uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&ss, &len) == 0)
		(void)diag_sock_to((struct sockaddr *)&ss, &c->from,
				   &c->from_port);
	len = sizeof(ss);
	if (uv_tcp_getsockname(&c->tcp, (struct sockaddr *)&ss, &len) == 0)
		(void)diag_sock_to((struct sockaddr *)&ss, &c->to, &port);
}

/* --- the door ------------------------------------------------------------- */

static bool may_come(struct arrival *a)
{
	struct limits *l = a->probe->shared;
	uint64_t second = diag_run_now_ns(a->probe->run) / NS_PER_S;

	if (second != l->second) {
		l->second = second;
		l->in_second = 0;
	}
	if (l->clients > CLIENTS_MAX || l->facts >= FACTS_MAX ||
	    l->in_second >= RATE_MAX)
		return false;
	l->in_second++;
	l->facts++;
	return true;
}

static struct client *new_client(struct arrival *a)
{
	struct client *c = diag_alloc(sizeof(*c));

	if (!c)
		return NULL;
	c->home = a;
	c->said = "nothing";
	c->tcp.data = c;
	c->timer.data = c;
	c->at_ns = diag_run_now_ns(a->probe->run);
	(void)uv_tcp_init(a->probe->loop, &c->tcp);
	(void)uv_timer_init(a->probe->loop, &c->timer);
	c->next = a->clients;
	if (a->clients)
		a->clients->prev = c;
	a->clients = c;
	((struct limits *)a->probe->shared)->clients++;
	return c;
}

static void on_connection(uv_stream_t *server, int status)
{
	struct arrival *a = server->data;
	struct client *c = status == 0 ? new_client(a) : NULL;

	if (!c)
		return;
	a->came++;
	if (uv_accept(server, (uv_stream_t *)&c->tcp) != 0 || !may_come(a)) {
		a->dropped++;
		c->told = true;
		leave(c);
		return;
	}
	learn_ends(c);
	(void)uv_timer_start(&c->timer, on_impatient, HELLO_MS, 0);
	if (uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read) != 0)
		say_goodbye(c);
}

/* --- the ops -------------------------------------------------------------- */

static bool arrival_open(struct diag_run *run, void **shared,
			 struct diag_err *err)
{
	(void)run;
	*shared = diag_alloc(sizeof(struct limits));
	return *shared != NULL || diag_fail_nomem(err, "listen");
}

static void arrival_close(void *shared)
{
	diag_free(shared);
}

static bool arrival_start(struct diag_probe *p, struct diag_err *err)
{
	struct arrival *a = p->state;
	struct sockaddr_storage at;
	unsigned flags =
	    p->step->addr.family == DIAG_IPV6 ? UV_TCP_IPV6ONLY : 0;
	char text[DIAG_ENDPOINT_TEXT];
	struct diag_endpoint here = { p->step->addr, p->step->port };
	int rc = uv_tcp_init(p->loop, &a->tcp);

	a->probe = p;
	a->made = rc == 0;
	a->tcp.data = a;
	(void)diag_sock_of(&p->step->addr, p->step->port, &at);
	if (rc == 0)
		rc = uv_tcp_bind(&a->tcp, (struct sockaddr *)&at, flags);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)&a->tcp, BACKLOG, on_connection);
	if (rc == 0)
		return true;
	errno = -rc;
	return diag_fail_sys(err, "listen", "%s",
			     diag_endpoint_text(&here, text));
}

static void arrival_expire(struct diag_probe *p)
{
	struct arrival *a = p->state;

	/* What came a moment ago may not have had the time to speak. */
	for (struct client *c = a->clients; c; c = c->next) {
		if (ms_since(a, c->at_ns) < HEARD_MS)
			c->said = NULL;
		tell(c);
	}
	tell_listened(a);
	diag_probe_done(p);
}

static void on_closed(uv_handle_t *handle)
{
	struct arrival *a = handle->data;

	a->closed = true;
	release_if_done(a);
}

static void arrival_stop(struct diag_probe *p)
{
	struct arrival *a = p->state;

	a->stopped = true;
	a->closed = !a->made;
	for (struct client *c = a->clients; c; c = c->next) {
		c->told = true;
		leave(c);
	}
	if (a->made)
		uv_close((uv_handle_t *)&a->tcp, on_closed);
	else
		release_if_done(a);
}

static const enum diag_fact_kind gives[] = { DIAG_FACT_ARRIVAL };

const struct diag_probe_ops probe_arrival = {
	.kind = DIAG_PROBE_ARRIVAL,
	.name = "arrival",
	.summary = "listen, and say who came",
	.gives = gives,
	.n_gives = 1,
	.state_size = sizeof(struct arrival),
	.open = arrival_open,
	.close = arrival_close,
	.start = arrival_start,
	.expire = arrival_expire,
	.stop = arrival_stop,
};
