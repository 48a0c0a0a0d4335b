/* SPDX-License-Identifier: MIT */
/* sniff - which connections arrive at this machine, whatever its own firewall
 * does with them?
 *
 * A packet socket (packet(7)) sees a SYN before netfilter does, and an answer
 * after netfilter has let it out.  So three things can be told apart that look
 * alike to the one who connects: it never came, it came and was dropped here,
 * it came and was answered.
 *
 * A fact for each connection that began, when it was answered (SYN-ACK, RST,
 * an ICMP "unreachable") or was not for ANSWER_MS; a SYN that is sent again is
 * the same connection.  Over UDP the same of datagrams: those between the same
 * two ends are one, and any datagram back is the answer.  At the end one fact
 * for each port: how long it was watched, and how many came.  Packets that the
 * kernel lost before we saw them may have been anybody's: they count as
 * dropped at every port.  It also says what the kernel counted as dropped for a
 * reason of its own (drops.h).
 *
 * Needs CAP_NET_RAW, only to open.
 */
#include "probes/probes.h"

#include "base/mem.h"
#include "net/sock.h"
#include "probes/drops.h"
#include "probes/sniff_filter.h"
#include "probes/sniff_packet.h"
#include "wire/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MS 1000 /* a kernel answers at once, or not at all */
#define TICK_MS	  200
#define SEEN_MAX  4096 /* connections remembered; the oldest makes place */
#define FACTS_MAX 65536
#define PER_TURN  256 /* packets of one turn of the loop */
#define NS_PER_MS UINT64_C(1000000)

struct seen {
	struct sniff_packet first; /* without its data */
	char nonce[DIAG_PEER_NONCE_TEXT];
	uint64_t at_ns;
	bool told;
};

struct count {
	uint16_t port;
	bool udp;
	uint64_t came, dropped;
};

struct sniff {
	struct diag_probe *probe;
	uv_poll_t poll;
	uv_timer_t tick;
	bool poll_made, tick_made;
	unsigned closing;
	int fd;
	struct seen *ring;
	size_t n_seen, oldest, facts;
	struct count *ports;
	size_t n_ports;
	struct drops before, meanwhile;
	bool counted; /* before is known */
};

/* --- facts ---------------------------------------------------------------- */

static struct count *count_of(struct sniff *s, uint16_t port, bool udp)
{
	for (size_t i = 0; i < s->n_ports; i++)
		if (s->ports[i].port == port && s->ports[i].udp == udp)
			return &s->ports[i];
	return NULL;
}

static double ms_since(const struct sniff *s, uint64_t then_ns)
{
	return (double)(diag_run_now_ns(s->probe->run) - then_ns) / 1e6;
}

static void tell(struct sniff *s, struct seen *c, const char *answered)
{
	struct diag_fact f = { .kind = DIAG_FACT_ARRIVAL,
			       .status = DIAG_ST_SEEN };

	c->told = true;
	f.started_ms = diag_run_ms(s->probe->run, c->at_ns);
	f.took_ms = ms_since(s, c->at_ns);
	f.arrival.from = c->first.from;
	f.arrival.from_port = c->first.from_port;
	f.arrival.address = c->first.to;
	f.arrival.port = c->first.to_port;
	f.arrival.protocol = c->first.udp ? "udp" : NULL;
	f.arrival.nonce = c->nonce[0] ? c->nonce : NULL;
	f.arrival.seen_by = "capture";
	f.arrival.answered = answered;
	diag_probe_emit(s->probe, &f);
}

static void tell_watched(struct sniff *s, const struct count *c)
{
	struct diag_fact f = { .kind = DIAG_FACT_ARRIVAL,
			       .status = DIAG_ST_LISTENED };

	f.started_ms = diag_run_ms(s->probe->run, s->probe->started_ns);
	f.took_ms = ms_since(s, s->probe->started_ns);
	f.arrival.port = c->port;
	f.arrival.protocol = c->udp ? "udp" : NULL;
	f.arrival.seen_by = "capture";
	f.arrival.came = c->came;
	f.arrival.dropped = c->dropped;
	f.arrival.queue_full = s->meanwhile.queue_full;
	f.arrival.no_way_back = s->meanwhile.no_way_back;
	f.arrival.reverse_path = s->meanwhile.reverse_path;
	diag_probe_emit(s->probe, &f);
}

/* --- packets -------------------------------------------------------------- */

static bool same_way(const struct sniff_packet *a, const struct sniff_packet *b)
{
	return a->udp == b->udp && a->from_port == b->from_port &&
	       a->to_port == b->to_port && diag_addr_eq(&a->from, &b->from) &&
	       diag_addr_eq(&a->to, &b->to);
}

static struct seen *find(struct sniff *s, const struct sniff_packet *first)
{
	for (size_t i = 0; i < s->n_seen; i++)
		if (same_way(&s->ring[i].first, first))
			return &s->ring[i];
	return NULL;
}

static struct seen *make_room(struct sniff *s)
{
	struct seen *place;

	if (s->n_seen < SEEN_MAX)
		return &s->ring[s->n_seen++];
	place = &s->ring[s->oldest];
	s->oldest = (s->oldest + 1) % SEEN_MAX;
	if (!place->told)
		tell(s, place, NULL);
	return place;
}

static void came_in(struct sniff *s, const struct sniff_packet *t)
{
	struct count *c = count_of(s, t->to_port, t->udp);
	bool begins = t->udp || (t->syn && !t->ack);
	struct seen *place;

	if (!c || !s->ring || !begins || t->refusal || find(s, t))
		return;
	c->came++;
	if (s->facts == FACTS_MAX) {
		c->dropped++;
		return;
	}
	s->facts++;
	place = make_room(s);
	*place = (struct seen){ .first = *t,
				.at_ns = diag_run_now_ns(s->probe->run) };
	if (t->udp && !diag_peer_is_asked(t->data, t->len, place->nonce))
		place->nonce[0] = '\0';
	place->first.data = NULL;
	place->first.len = 0;
}

static const char *answer_of(const struct sniff_packet *t)
{
	if (t->refusal)
		return "icmp";
	if (t->udp)
		return "reply";
	if (t->rst)
		return "rst";
	return t->syn && t->ack ? "syn-ack" : NULL;
}

static void went_out(struct sniff *s, const struct sniff_packet *t)
{
	struct sniff_packet first = { .from = t->to,
				      .to = t->from,
				      .from_port = t->to_port,
				      .to_port = t->from_port,
				      .udp = t->udp };
	const char *answer = answer_of(t);
	struct seen *c;

	if (!answer || !s->ring)
		return;
	c = find(s, t->refusal ? t : &first);
	if (c && !c->told)
		tell(s, c, answer);
}

/* false: nothing more now. */
static bool take_one(struct sniff *s)
{
	unsigned char bytes[SNIFF_PACKET_READ];
	struct sockaddr_ll from = { .sll_family = AF_PACKET };
	socklen_t len = sizeof(from);
	struct sniff_packet t;
	ssize_t n = recvfrom(s->fd, bytes, sizeof(bytes), MSG_DONTWAIT,
			     (struct sockaddr *)&from, &len);

	if (n < 0)
		return errno == EINTR || errno == ENETDOWN;
	if (!sniff_read(bytes, (size_t)n, &t))
		return true;
	if (from.sll_pkttype == PACKET_HOST)
		came_in(s, &t);
	else if (from.sll_pkttype == PACKET_OUTGOING)
		went_out(s, &t);
	return true;
}

static void on_readable(uv_poll_t *handle, int status, int events)
{
	struct sniff *s = handle->data;

	(void)status;
	(void)events;
	for (size_t i = 0; i < PER_TURN && take_one(s); i++)
		;
}

static void on_tick(uv_timer_t *timer)
{
	struct sniff *s = timer->data;
	uint64_t now_ns = diag_run_now_ns(s->probe->run);

	for (size_t i = 0; i < s->n_seen; i++)
		if (!s->ring[i].told &&
		    now_ns - s->ring[i].at_ns >= ANSWER_MS * NS_PER_MS)
			tell(s, &s->ring[i], NULL);
}

/* --- opening -------------------------------------------------------------- */

/* A datagram packet socket begins with the IP header (packet(7)). */
static bool set_filter(const struct sniff *s)
{
	const struct diag_step *step = s->probe->step;
	struct sock_filter code[SNIFF_FILTER_MAX];
	struct sock_fprog program = { .filter = code };

	program.len =
	    (unsigned short)sniff_filter(step->ports, step->n_ports, code);
	return setsockopt(s->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			  sizeof(program)) == 0;
}

/* What the kernel had no room for. */
static uint64_t lost(const struct sniff *s)
{
	struct tpacket_stats stats = { .tp_drops = 0 };
	socklen_t len = sizeof(stats);

	return getsockopt(s->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) ==
		       0
		   ? stats.tp_drops
		   : 1;
}

/* Bound to no protocol it hears nothing, so the filter is there first. */
static bool open_socket(struct sniff *s)
{
	struct sockaddr_ll all = { .sll_family = AF_PACKET,
				   .sll_protocol = htons(ETH_P_ALL) };

	s->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return s->fd >= 0 && set_filter(s) &&
	       bind(s->fd, (struct sockaddr *)&all, sizeof(all)) == 0;
}

static bool make_lists(struct sniff *s)
{
	const struct diag_step *step = s->probe->step;
	size_t n = 0;

	for (size_t i = 0; i < step->n_ports; i++)
		n += (size_t)step->ports[i].last - step->ports[i].port + 1;
	s->ring = diag_alloc_array(SEEN_MAX, sizeof(*s->ring));
	s->ports = diag_alloc_array(n, sizeof(*s->ports));
	if (!s->ring || !s->ports)
		return false;
	for (size_t i = 0; i < step->n_ports; i++)
		for (unsigned p = step->ports[i].port; p <= step->ports[i].last;
		     p++)
			s->ports[s->n_ports++] = (struct count){
				.port = (uint16_t)p,
				.udp = step->ports[i].proto == DIAG_UDP,
			};
	return true;
}

static bool make_handles(struct sniff *s, struct diag_err *err)
{
	int rc = uv_timer_init(s->probe->loop, &s->tick);

	s->tick.data = s;
	s->tick_made = rc == 0;
	if (rc == 0)
		rc = uv_timer_start(&s->tick, on_tick, TICK_MS, TICK_MS);
	if (rc == 0)
		rc = uv_poll_init(s->probe->loop, &s->poll, s->fd);
	s->poll.data = s;
	s->poll_made = rc == 0;
	if (rc == 0)
		rc = uv_poll_start(&s->poll, UV_READABLE, on_readable);
	return rc == 0 ||
	       diag_fail(err, DIAG_EIO, "capture", "%s", uv_strerror(rc));
}

static bool sniff_start(struct diag_probe *p, struct diag_err *err)
{
	struct sniff *s = p->state;

	s->probe = p;
	s->fd = -1;
	if (!make_lists(s))
		return diag_fail_nomem(err, "capture");
	if (!open_socket(s))
		return diag_fail_sys(err, "capture", "packet socket");
	s->counted = drops_now(&s->before);
	return make_handles(s, err);
}

static void sniff_expire(struct diag_probe *p)
{
	struct sniff *s = p->state;
	struct drops now;
	uint64_t n_lost;

	if (s->counted && drops_now(&now))
		s->meanwhile = drops_since(&s->before, &now);
	on_readable(&s->poll, 0, 0);
	/* What came a moment ago may still be answered: it is not told. */
	on_tick(&s->tick);
	n_lost = lost(s);
	for (size_t i = 0; i < s->n_ports; i++) {
		s->ports[i].dropped += n_lost;
		tell_watched(s, &s->ports[i]);
	}
	diag_probe_done(p);
}

static void released(struct sniff *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	diag_free(s->ring);
	diag_free(s->ports);
	diag_probe_released(s->probe);
}

static void on_close(uv_handle_t *handle)
{
	struct sniff *s = handle->data;

	if (--s->closing == 0)
		released(s);
}

static void sniff_stop(struct diag_probe *p)
{
	struct sniff *s = p->state;

	s->closing = (s->poll_made ? 1u : 0u) + (s->tick_made ? 1u : 0u);
	if (s->closing == 0)
		released(s);
	if (s->poll_made)
		uv_close((uv_handle_t *)&s->poll, on_close);
	if (s->tick_made)
		uv_close((uv_handle_t *)&s->tick, on_close);
}

static const enum diag_fact_kind gives[] = { DIAG_FACT_ARRIVAL };

const struct diag_probe_ops probe_sniff = {
	.kind = DIAG_PROBE_SNIFF,
	.name = "sniff",
	.summary = "see connections arrive, before this machine's firewall",
	.gives = gives,
	.n_gives = 1,
	.state_size = sizeof(struct sniff),
	.start = sniff_start,
	.expire = sniff_expire,
	.stop = sniff_stop,
};
