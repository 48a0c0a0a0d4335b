/* SPDX-License-Identifier: MIT */
/* sniff - which connections arrive at this machine, whatever its own firewall
 * does with them?
 *
 * A packet socket (packet(7)) sees a SYN before netfilter does, and an answer
 * after netfilter has let it out.  So three things can be told apart that look
 * alike to the one who connects: it never came, it came and was dropped here,
 * it came and was answered.
 *
 * A fact for each connection that began, when it was answered (SYN-ACK, RST)
 * or was not for ANSWER_MS; a SYN that is sent again is the same connection.
 * At the end one fact for each port: how long it was watched, and how many
 * came.
 *
 * Needs CAP_NET_RAW, only to open.
 */
#include "probes/probes.h"

#include "base/mem.h"
#include "net/sock.h"
#include "probes/sniff_packet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MS   1000 /* a kernel answers at once, or not at all */
#define TICK_MS	    200
#define SEEN_MAX    4096 /* connections remembered; the oldest makes place */
#define FACTS_MAX   65536
#define PACKET_READ 128 /* bytes: the longest IP and TCP beginnings we read */
#define PER_TURN    256 /* packets of one turn of the loop */
#define NS_PER_MS   UINT64_C(1000000)

struct seen {
	struct sniff_tcp syn;
	uint64_t at_ns;
	bool told;
};

struct count {
	uint16_t port;
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
};

/* --- facts ---------------------------------------------------------------- */

static struct count *count_of(struct sniff *s, uint16_t port)
{
	for (size_t i = 0; i < s->n_ports; i++)
		if (s->ports[i].port == port)
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
	f.arrival.from = c->syn.from;
	f.arrival.from_port = c->syn.from_port;
	f.arrival.address = c->syn.to;
	f.arrival.port = c->syn.to_port;
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
	f.arrival.seen_by = "capture";
	f.arrival.came = c->came;
	f.arrival.dropped = c->dropped;
	diag_probe_emit(s->probe, &f);
}

/* --- packets -------------------------------------------------------------- */

static bool same_way(const struct sniff_tcp *a, const struct sniff_tcp *b)
{
	return a->from_port == b->from_port && a->to_port == b->to_port &&
	       diag_addr_eq(&a->from, &b->from) && diag_addr_eq(&a->to, &b->to);
}

static struct seen *find(struct sniff *s, const struct sniff_tcp *syn)
{
	for (size_t i = 0; i < s->n_seen; i++)
		if (same_way(&s->ring[i].syn, syn))
			return &s->ring[i];
	return NULL;
}

static void came_in(struct sniff *s, const struct sniff_tcp *t)
{
	struct count *c = count_of(s, t->to_port);
	struct seen *place;

	if (!c || !s->ring || !t->syn || t->ack || find(s, t))
		return;
	c->came++;
	if (s->facts == FACTS_MAX) {
		c->dropped++;
		return;
	}
	s->facts++;
	if (s->n_seen < SEEN_MAX) {
		place = &s->ring[s->n_seen++];
	} else {
		place = &s->ring[s->oldest];
		s->oldest = (s->oldest + 1) % SEEN_MAX;
		if (!place->told)
			tell(s, place, NULL);
	}
	*place =
	    (struct seen){ .syn = *t, .at_ns = diag_run_now_ns(s->probe->run) };
}

static void went_out(struct sniff *s, const struct sniff_tcp *t)
{
	struct sniff_tcp syn = { .from = t->to,
				 .to = t->from,
				 .from_port = t->to_port,
				 .to_port = t->from_port };
	struct seen *c;

	if (!(t->syn && t->ack) && !t->rst)
		return;
	c = find(s, &syn);
	if (c && !c->told)
		tell(s, c, t->rst ? "rst" : "syn-ack");
}

/* false: nothing more now. */
static bool take_one(struct sniff *s)
{
	unsigned char bytes[PACKET_READ];
	struct sockaddr_ll from = { .sll_family = AF_PACKET };
	socklen_t len = sizeof(from);
	struct sniff_tcp t;
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

/* TCP with SYN or RST set.  A datagram packet socket begins with the IP header
 * (packet(7)); without this every packet of the machine would wake us. */
static bool set_filter(int fd)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x60, 7, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x40, 0, 11),
		/* IPv4 */
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 9),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 7, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_JUMP(BPF_JMP | BPF_JA, 3, 0, 0),
		/* IPv6 */
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 3),
		BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, 40),
		/* the flags */
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, 13),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x06, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, PACKET_READ),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]),
				      .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			  sizeof(program)) == 0;
}

/* Bound to no protocol it hears nothing, so the filter is there first. */
static bool open_socket(struct sniff *s)
{
	struct sockaddr_ll all = { .sll_family = AF_PACKET,
				   .sll_protocol = htons(ETH_P_ALL) };

	s->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return s->fd >= 0 && set_filter(s->fd) &&
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
			s->ports[s->n_ports++].port = (uint16_t)p;
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
	return make_handles(s, err);
}

static void sniff_expire(struct diag_probe *p)
{
	struct sniff *s = p->state;

	on_readable(&s->poll, 0, 0);
	/* What came a moment ago may still be answered: it is not told. */
	on_tick(&s->tick);
	for (size_t i = 0; i < s->n_ports; i++)
		tell_watched(s, &s->ports[i]);
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
