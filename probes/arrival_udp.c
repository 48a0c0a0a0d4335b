/* SPDX-License-Identifier: MIT */
/* arrival-udp - a port of this machine, and whose datagrams arrive there.
 *
 * A fact for each sender, when its first datagram came, with what it said if
 * it was pl-probe (wire/peer.h); at the end one fact for the port, as over TCP
 * (arrival.c).
 *
 * The source of a datagram may be a lie, so this must be of no use to liars:
 * only pl-probe's own question is answered, by nothing longer than the
 * question, a hundred times in a second for all ports together, and never
 * where a broadcast or a multicast asked.  An answer is no question, so two
 * listeners have nothing to say to each other.
 */
#include "probes/probes.h"

#include "base/mem.h"
#include "net/sock.h"
#include "wire/peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RATE_MAX    100	  /* in a second, of all ports */
#define FACTS_MAX   65536 /* of all ports */
#define SENDERS_MAX 256	  /* remembered, so that each is told once */
#define PER_TURN    64	  /* datagrams of one turn of the loop */
#define NS_PER_S    UINT64_C(1000000000)

struct sender {
	struct diag_addr from;
	uint16_t from_port, port;
};

/* What all ports of a run share. */
struct shared {
	uint64_t second;
	unsigned in_second;
	size_t facts, n_senders, oldest;
	struct sender senders[SENDERS_MAX];
};

struct arrival {
	struct diag_probe *probe;
	uv_poll_t poll;
	bool poll_made;
	int fd;
	uint64_t came, dropped;
};

/* --- facts ---------------------------------------------------------------- */

static struct diag_fact arrival_fact(const struct arrival *a, uint64_t at_ns,
				     enum diag_status status)
{
	const struct diag_probe *p = a->probe;
	struct diag_fact f = { .kind = DIAG_FACT_ARRIVAL, .status = status };

	f.started_ms = diag_run_ms(p->run, at_ns);
	f.took_ms = (double)(diag_run_now_ns(p->run) - at_ns) / 1e6;
	f.arrival.address = p->step->addr;
	f.arrival.port = p->step->port;
	f.arrival.protocol = "udp";
	f.arrival.seen_by = "socket";
	return f;
}

/* --- who came ------------------------------------------------------------- */

static bool may_come(const struct arrival *a, struct shared *s)
{
	uint64_t second = diag_run_now_ns(a->probe->run) / NS_PER_S;

	if (second != s->second) {
		s->second = second;
		s->in_second = 0;
	}
	if (s->in_second >= RATE_MAX)
		return false;
	s->in_second++;
	return true;
}

static bool is_known(const struct shared *s, const struct sender *who)
{
	for (size_t i = 0; i < s->n_senders; i++)
		if (s->senders[i].port == who->port &&
		    s->senders[i].from_port == who->from_port &&
		    diag_addr_eq(&s->senders[i].from, &who->from))
			return true;
	return false;
}

static void remember(struct shared *s, const struct sender *who)
{
	if (s->n_senders < SENDERS_MAX) {
		s->senders[s->n_senders++] = *who;
	} else {
		s->senders[s->oldest] = *who;
		s->oldest = (s->oldest + 1) % SENDERS_MAX;
	}
}

static void take_one(struct arrival *a, const struct diag_datagram *d,
		     const char *bytes, size_t n)
{
	struct shared *s = a->probe->shared;
	struct sender who = { d->from, d->from_port, a->probe->step->port };
	struct diag_fact f =
	    arrival_fact(a, diag_run_now_ns(a->probe->run), DIAG_ST_ACCEPTED);
	char nonce[DIAG_PEER_NONCE_TEXT] = "", text[DIAG_PEER_LINE_MAX];
	bool known = is_known(s, &who), asked;

	a->came += known ? 0 : 1;
	if (!may_come(a, s) || (!known && s->facts == FACTS_MAX)) {
		a->dropped += known ? 0 : 1;
		return;
	}
	asked = diag_peer_is_asked(bytes, n, nonce);
	if (asked && d->direct && d->from_port != 0 &&
	    diag_sock_answer(a->fd, d, text,
			     diag_peer_put(DIAG_PEER_LISTEN, nonce, text)))
		f.arrival.answered = "reply";
	if (known)
		return;
	remember(s, &who);
	s->facts++;
	f.arrival.from = d->from;
	f.arrival.from_port = d->from_port;
	if (d->to.family != DIAG_NOFAM)
		f.arrival.address = d->to;
	f.arrival.nonce = asked ? nonce : NULL;
	diag_probe_emit(a->probe, &f);
}

/* An error is an answer of ours that nobody took: it is passed over. */
static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct arrival *a = poll->data;
	char bytes[DIAG_PEER_LINE_MAX];
	struct diag_datagram d;

	(void)status;
	(void)events;
	for (size_t i = 0; i < PER_TURN; i++) {
		if (diag_sock_take(a->fd, bytes, sizeof(bytes), &d))
			take_one(a, &d, bytes,
				 d.len < sizeof(bytes) ? d.len : sizeof(bytes));
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			return;
	}
}

/* --- the ops -------------------------------------------------------------- */

static bool arrival_open(struct diag_run *run, void **shared,
			 struct diag_err *err)
{
	(void)run;
	*shared = diag_alloc(sizeof(struct shared));
	return *shared != NULL || diag_fail_nomem(err, "listen");
}

static void arrival_close(void *shared)
{
	diag_free(shared);
}

static bool make_socket(struct arrival *a)
{
	const struct diag_addr *addr = &a->probe->step->addr;
	bool six = addr->family == DIAG_IPV6;
	struct sockaddr_storage at;
	socklen_t len =
	    (socklen_t)diag_sock_of(addr, a->probe->step->port, &at);
	int on = 1;

	a->fd = socket(six ? AF_INET6 : AF_INET,
		       SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return a->fd >= 0 && diag_sock_want_to(a->fd, addr->family) &&
	       (!six || setsockopt(a->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on,
				   sizeof(on)) == 0) &&
	       bind(a->fd, (struct sockaddr *)&at, len) == 0;
}

static bool arrival_start(struct diag_probe *p, struct diag_err *err)
{
	struct arrival *a = p->state;
	struct diag_endpoint here = { p->step->addr, p->step->port };
	char text[DIAG_ENDPOINT_TEXT];
	int rc;

	a->probe = p;
	if (!make_socket(a))
		return diag_fail_sys(err, "listen", "%s/udp",
				     diag_endpoint_text(&here, text));
	rc = uv_poll_init(p->loop, &a->poll, a->fd);
	a->poll.data = a;
	a->poll_made = rc == 0;
	if (rc == 0)
		rc = uv_poll_start(&a->poll, UV_READABLE, on_readable);
	return rc == 0 ||
	       diag_fail(err, DIAG_EIO, "listen", "%s", uv_strerror(rc));
}

static void arrival_expire(struct diag_probe *p)
{
	struct arrival *a = p->state;
	struct diag_fact f;

	on_readable(&a->poll, 0, 0);
	f = arrival_fact(a, p->started_ns, DIAG_ST_LISTENED);
	f.arrival.came = a->came;
	f.arrival.dropped = a->dropped;
	diag_probe_emit(p, &f);
	diag_probe_done(p);
}

static void released(struct arrival *a)
{
	if (a->fd >= 0)
		(void)close(a->fd);
	diag_probe_released(a->probe);
}

static void on_closed(uv_handle_t *handle)
{
	released(handle->data);
}

static void arrival_stop(struct diag_probe *p)
{
	struct arrival *a = p->state;

	if (a->poll_made)
		uv_close((uv_handle_t *)&a->poll, on_closed);
	else
		released(a);
}

static const enum diag_fact_kind gives[] = { DIAG_FACT_ARRIVAL };

const struct diag_probe_ops probe_arrival_udp = {
	.kind = DIAG_PROBE_ARRIVAL_UDP,
	.name = "arrival-udp",
	.summary = "listen for datagrams, and say whose came",
	.gives = gives,
	.n_gives = 1,
	.state_size = sizeof(struct arrival),
	.open = arrival_open,
	.close = arrival_close,
	.start = arrival_start,
	.expire = arrival_expire,
	.stop = arrival_stop,
};
