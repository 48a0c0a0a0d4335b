/* SPDX-License-Identifier: MIT */
/* dns_ask.c - one question: sent when there is room, told when it ends.
 *
 * Room.  A thousand questions at once overrun the socket buffers at both ends
 * (about 250 datagrams by default), and each one lost costs 0.7 s.  So at most
 * BURST are out unanswered; every answer makes room for one, and while nothing
 * comes at all (a far or silent server) a tick makes room for more.
 *
 * No answer.  What c-ares says is not enough: garbage is a timeout in 1.18 and
 * EBADRESP later, a closed port and an unreachable network are the same code.
 * What the socket layer noted since the question was sent decides.
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "probes/dns_internal.h"
#include "probes/dns_net.h"
#include "wire/dns_reply.h"

#define BURST	    128
#define CLASS_IN    1
#define CLASS_CH    3
#define WORDS	    160
#define SCRATCH_MAX ((size_t)4 << 20)

/* --- facts
 * ---------------------------------------------------------------------- */

static void failed_socket(const struct dns_channel *c, struct diag_fact *f,
			  char words[WORDS])
{
	char from[DIAG_ADDR_TEXT];

	f->status =
	    dns_net_status(c->last_errno, &c->icmp, &c->server->at.addr);
	f->sys_errno = c->last_errno;
	f->error = words;
	if (c->icmp.seen && c->icmp.from.family != DIAG_NOFAM)
		(void)snprintf(words, WORDS, "%s (ICMP from %s)",
			       strerror(c->last_errno),
			       diag_addr_text(&c->icmp.from, from));
	else
		(void)snprintf(words, WORDS, "%s", strerror(c->last_errno));
}

static struct diag_fact fact_of(const struct dns_ask *ask)
{
	struct diag_run *run = ask->server->pool->run;
	struct diag_fact f = { .kind = DIAG_FACT_DNS };

	f.dns = (struct diag_dns_fact){
		.view = ask->q.view,
		.name = ask->q.name,
		.type = ask->q.type,
		.tcp = ask->q.tcp,
		.rcode = -1,
		.ede = -1,
		.sends = ask->sends,
		.received = ask->received,
	};
	if (ask->channel) {
		f.started_ms = diag_run_ms(run, ask->sent_ns);
		f.took_ms = (double)(diag_run_now_ns(run) - ask->sent_ns) / 1e6;
	}
	return f;
}

static void no_reply(const struct dns_ask *ask, int status, struct diag_fact *f,
		     char words[WORDS])
{
	const struct dns_channel *c = ask->channel;
	bool garbage = ask->received > 0 || c->strays > ask->strays_before;
	bool timeout = status == ARES_ETIMEOUT;

	if (f->dns.received == 0)
		f->dns.received = c->strays - ask->strays_before;
	if (status == ARES_EBADRESP || (timeout && garbage)) {
		f->status = DIAG_ST_MALFORMED;
		f->error = "what came back is no answer to the question";
	} else if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED) {
		f->status = DIAG_ST_NOT_RUN;
	} else if (c->fails > ask->fails_before) {
		failed_socket(c, f, words);
	} else if (timeout) {
		f->status = DIAG_ST_TIMEOUT;
	} else if (status == ARES_ECONNREFUSED) {
		f->status = DIAG_ST_PORT_CLOSED;
		f->error = "the server closed the connection";
	} else {
		f->status = DIAG_ST_NOT_RUN;
		f->error = ares_strerror(status);
	}
}

/* The owner hears of it once; after that it has no ask any more. */
static void tell(struct dns_ask *ask, struct diag_fact *f)
{
	dns_done *done = ask->done;

	ask->done = NULL;
	*ask->owner = NULL;
	ask->owner = NULL;
	done(ask->ctx, f);
}

/* How far away the server is, from questions that were sent once. */
static void learn_rtt(const struct dns_ask *ask)
{
	struct dns_server *s = ask->server;
	uint64_t ns = diag_run_now_ns(s->pool->run) - ask->sent_ns;

	if (ask->sends == 1 && (s->rtt_ns == 0 || ns < s->rtt_ns))
		s->rtt_ns = ns;
}

static void tell_reply(struct dns_ask *ask, const uint8_t *wire, size_t len)
{
	struct dns_pool *pool = ask->server->pool;
	struct diag_arena outer = pool->scratch; /* of a reply being told */
	struct diag_fact f = fact_of(ask);
	struct diag_err err = { 0 };

	if (pool->telling)
		diag_arena_init(&pool->scratch, SCRATCH_MAX);
	pool->telling++;
	if (!diag_dns_reply_read(wire, len, &pool->scratch, &f, &err)) {
		f.status = DIAG_ST_NOT_RUN;
		f.error = "no memory to read the reply";
	}
	tell(ask, &f);
	if (--pool->telling == 0) {
		diag_arena_reset(&pool->scratch);
	} else {
		diag_arena_clear(&pool->scratch);
		pool->scratch = outer;
	}
}

/* --- life
 * ------------------------------------------------------------------------ */

static void on_reply(void *arg, int status, int timeouts, unsigned char *abuf,
		     int alen)
{
	struct dns_ask *ask = arg;
	struct dns_channel *c = ask->channel;
	char words[WORDS];

	c->asks--;
	if (ask->server->burst > 0)
		ask->server->burst--;
	dns_id_remove(c, ask);
	if (c->sending == ask)
		c->sending = NULL;
	ask->server->answers += abuf != NULL;
	ask->server->lost += abuf == NULL;
	if (ask->server->tcp) {
		ask->sends = (unsigned)timeouts + 1;
		ask->received = abuf != NULL;
	}
	if (ask->done && abuf) {
		learn_rtt(ask);
		tell_reply(ask, abuf, (size_t)alen);
	} else if (ask->done) {
		struct diag_fact f = fact_of(ask);

		no_reply(ask, status, &f, words);
		tell(ask, &f);
	}
	diag_free(ask);
}

/* Texts are asked only of a server about itself (RFC 4892, 2). */
static int class_of(enum diag_rrtype type)
{
	return type == DIAG_RR_TXT ? CLASS_CH : CLASS_IN;
}

static void send_one(struct dns_server *s, struct dns_channel *c)
{
	struct dns_ask *ask = s->first;

	s->first = ask->next;
	if (s->first == NULL)
		s->last = NULL;
	ask->channel = c;
	ask->sent_ns = diag_run_now_ns(s->pool->run);
	ask->strays_before = c->strays;
	ask->fails_before = c->fails;
	ask->sends = s->tcp;
	c->asks++;
	s->burst++;
	c->sending = ask;
	ares_query(c->ares, ask->q.name, class_of(ask->q.type),
		   (int)ask->q.type, on_reply, ask);
	c->sending = NULL;
}

void dns_pump(struct dns_server *s)
{
	struct dns_channel *c;

	if (s->pumping) /* inside a send: the outer loop goes on */
		return;
	s->pumping = true;
	while (s->first && (s->tcp || s->burst < BURST)) {
		c = dns_channel_of(s);
		if (c == NULL)
			break; /* no memory; their deadlines will tell */
		send_one(s, c);
	}
	s->pumping = false;
	if (s->first)
		dns_pace(s->pool);
}

bool dns_ask(struct dns_pool *pool, const struct dns_question *q,
	     dns_done *done, void *ctx, struct dns_ask **owner,
	     struct diag_err *err)
{
	struct dns_server *s = dns_server_of(pool, q, err);
	struct dns_ask *ask = s ? diag_alloc(sizeof(*ask)) : NULL;

	if (ask == NULL)
		return diag_fail_nomem(err, "dns");
	*ask = (struct dns_ask){
		.server = s,
		.q = *q,
		.done = done,
		.ctx = ctx,
		.owner = owner,
	};
	*owner = ask;
	if (s->last)
		s->last->next = ask;
	else
		s->first = ask;
	s->last = ask;
	dns_pump(s);
	return true;
}

static void leave_queue(struct dns_ask *ask)
{
	struct dns_server *s = ask->server;
	struct dns_ask *before = NULL, *at = s->first;

	while (at != ask) {
		before = at;
		at = at->next;
	}
	if (before)
		before->next = ask->next;
	else
		s->first = ask->next;
	if (s->last == ask)
		s->last = before;
	diag_free(ask);
}

void dns_ask_drop(struct dns_ask *ask)
{
	if (ask == NULL)
		return;
	if (ask->owner)
		*ask->owner = NULL;
	ask->owner = NULL;
	ask->done = NULL;
	if (ask->channel == NULL)
		leave_queue(ask);
}

void dns_ask_expire(struct dns_ask *ask)
{
	struct diag_fact f = fact_of(ask);
	char words[WORDS];

	if (ask->channel == NULL)
		f.status = DIAG_ST_NOT_RUN;
	else
		no_reply(ask, ARES_ETIMEOUT, &f, words);
	tell(ask, &f);
	dns_ask_drop(ask);
}
