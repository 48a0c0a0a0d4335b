/* SPDX-License-Identifier: MIT */
/* judge.c - what a connection came to, told as the TCP fact of each name it
 * may be about.
 *
 *   open         the SYN was answered
 *   reset        ... and then reset before anybody said anything
 *   refused      a RST answered the SYN
 *   unreachable  an ICMP error did
 *   timeout      nothing did: the client sent its SYN again, or the capture
 *                went on for a while
 *   not-run      it cannot be told from this capture; `error` says why
 */
#include "capture/internal.h"

#include <errno.h>

/* --- whom it is about ----------------------------------------------------- */

static void say_one(void *ctx, const char *name)
{
	struct cap_saying *s = ctx;

	s->say(s, name);
}

void cap_flow_names(struct cap_saying *s)
{
	const char *sni = s->f->tls.sni;

	if (!s->f->counts)
		return;
	if (sni[0] == '\0')
		cap_names_each(s->c, &s->f->server, say_one, s);
	else if (cap_wanted(s->c, sni))
		s->say(s, sni);
}

/* --- how it ended --------------------------------------------------------- */

static enum diag_status silence(struct diag_capture *c,
				const struct cap_flow *f, const char **why)
{
	if (f->client_acked || f->side[CLIENT].bytes > 0) {
		*why = "the capture has only the client's direction";
		return DIAG_ST_NOT_RUN;
	}
	if (!f->who[CLIENT]->heard) {
		*why = "the capture has nothing that came to this machine";
		return DIAG_ST_NOT_RUN;
	}
	if (f->syns > 1 || cap_waited(c, f->syn_us)) {
		*why = "no answer to SYN in the capture";
		return DIAG_ST_TIMEOUT;
	}
	*why = "the capture ends before an answer was due";
	return DIAG_ST_NOT_RUN;
}

static enum diag_status opened(const struct cap_flow *f, const char **why)
{
	const struct cap_side *server = &f->side[SERVER];

	if (f->asked_again && !f->client_acked) {
		*why = "the answer to SYN passed here and did not reach the "
		       "client";
		return DIAG_ST_NOT_RUN;
	}
	if (f->half && !f->client_acked && f->side[CLIENT].bytes == 0) {
		*why = "the capture has only the server's direction";
		return DIAG_ST_NOT_RUN;
	}
	if (server->rst && server->bytes == 0) {
		*why = "connection reset by peer";
		return DIAG_ST_RESET;
	}
	return DIAG_ST_OPEN;
}

static enum diag_status status_of(struct diag_capture *c,
				  const struct cap_flow *f, const char **why)
{
	if (f->icmp.seen) {
		*why = "an ICMP error came back";
		return DIAG_ST_UNREACHABLE;
	}
	if (f->state == FLOW_OPEN)
		return opened(f, why);
	if (f->side[SERVER].rst) {
		*why = "connection refused";
		return DIAG_ST_REFUSED;
	}
	return silence(c, f, why);
}

static int errno_of(enum diag_status s)
{
	switch (s) {
	case DIAG_ST_REFUSED:
		return ECONNREFUSED;
	case DIAG_ST_RESET:
		return ECONNRESET;
	case DIAG_ST_UNREACHABLE:
		return EHOSTUNREACH;
	default:
		return 0;
	}
}

/* A SYN sent again says how long the client waited; a lone one waited as long
 * as the capture went on. */
static int64_t until_us(const struct diag_capture *c, const struct cap_flow *f)
{
	if (f->state == FLOW_OPEN)
		return f->open_us;
	if (f->icmp.seen || f->side[SERVER].rst)
		return f->last_us > f->syn_us ? f->last_us : f->syn_us;
	return f->syns > 1 ? f->syn_last_us : c->seen.last_us;
}

static struct diag_fact fact_of(const struct diag_capture *c,
				const struct cap_flow *f, const char *name)
{
	struct diag_fact out = { .kind = DIAG_FACT_TCP, .target = name };

	out.started_ms = cap_ms(c, f->syn_us);
	out.took_ms = (double)(until_us(c, f) - f->syn_us) / 1000.0;
	out.tcp.address = f->server;
	out.tcp.port = f->server_port;
	out.tcp.local_address = f->client;
	out.tcp.local_port = f->client_port;
	out.tcp.isn = cap_flow_isn(f);
	out.tcp.icmp = f->icmp;
	return out;
}

void cap_tcp_tell_open(struct cap_saying *s, const char *name)
{
	struct diag_fact out = fact_of(s->c, s->f, name);

	out.status = DIAG_ST_OPEN;
	cap_emit(s->c, &out);
}

struct ending {
	enum diag_status status;
	const char *why;
};

static void tell_one(struct cap_saying *s, const char *name)
{
	const struct ending *e = s->ctx;
	struct diag_fact out = fact_of(s->c, s->f, name);

	out.status = e->status;
	out.error = e->why;
	out.sys_errno = errno_of(e->status);
	cap_emit(s->c, &out);
}

static void count(struct diag_capture_counts *n, const struct cap_flow *f,
		  enum diag_status s)
{
	n->tcp_refused += s == DIAG_ST_REFUSED;
	n->tcp_silent += s == DIAG_ST_TIMEOUT;
	if (s != DIAG_ST_NOT_RUN)
		return;
	if (f->client_acked || f->side[CLIENT].bytes > 0 ||
	    !f->who[CLIENT]->heard || f->state == FLOW_OPEN)
		n->tcp_one_way++;
	else
		n->tcp_unfinished++;
}

/* Squid's port, the usual other one, and that of SOCKS. */
static bool is_proxy_port(uint16_t port)
{
	return port == 3128 || port == 8080 || port == 1080;
}

static void note_dead(struct diag_capture_seen *s, const struct cap_flow *f)
{
	struct diag_endpoint at = { f->server, f->server_port };
	size_t i = 0;

	while (i < s->n_dead && !diag_endpoint_eq(&s->dead[i].at, &at))
		i++;
	if (i == DIAG_CAPTURE_PEERS_MAX)
		return;
	if (i == s->n_dead)
		s->dead[s->n_dead++] = (struct diag_capture_dead){ .at = at };
	s->dead[i].n++;
}

static void tell(struct diag_capture *c, struct cap_flow *f)
{
	struct ending e = { .why = NULL };
	struct cap_saying s = { c, f, tell_one, &e };

	e.status = status_of(c, f, &e.why);
	if (f->counts)
		count(&c->seen.counts, f, e.status);
	if (f->counts && is_proxy_port(f->server_port) &&
	    e.status != DIAG_ST_OPEN && e.status != DIAG_ST_NOT_RUN)
		note_dead(&c->seen, f);
	cap_flow_names(&s);
}

void cap_flow_done(struct diag_capture *c, struct cap_flow *f)
{
	cap_flow_arrived(c, f);
	f->state = FLOW_DONE;
	cap_flow_forget(c, f);
}

void cap_flow_end(struct diag_capture *c, struct cap_flow *f)
{
	if (f->state == FLOW_DONE || f->state == FLOW_LATE)
		return;
	if (f->state == FLOW_OPEN && f->app == APP_TLS)
		cap_tls_tell(c, f);
	else if (f->connect_code >= 0)
		cap_connect_tell(c, f);
	else if (f->app != APP_DNS)
		tell(c, f);
	cap_flow_done(c, f);
}
