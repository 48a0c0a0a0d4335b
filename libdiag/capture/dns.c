/* SPDX-License-Identifier: MIT */
/* dns.c - questions to name servers, and what came back.
 *
 * A question is one (client, server, port of the client, id, name, type); sent
 * again it is the same one.  The reply is read by the code that reads live
 * ones.  A reply without its question says everything by itself, and counts.
 */
#include "capture/internal.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "wire/dns_question.h"
#include "wire/dns_reply.h"

#define ASKED_MAX 8192u
#define SLOTS	  16384u /* a power of two */
#define CLASS_IN  1
/* A second sending within this time is the same packet seen twice (a capture
 * of all interfaces); resolvers wait longer. */
#define TWICE_US 50000
/* Whoever asks again after this long had no answer. */
#define AGAIN_US 900000

struct asked {
	struct asked *chain, *newer, *older;
	uint32_t hash;
	struct diag_addr client, server;
	uint16_t client_port, id;
	bool tcp;
	uint16_t type;
	char name[DIAG_FQDN_MAX];
	int64_t first_us, last_us;
	unsigned sends;
	bool answered; /* kept, to know a reply that is seen twice */
};

struct cap_dns {
	struct asked pool[ASKED_MAX];
	unsigned n_pool; /* ever used: the rest is not touched */
	struct asked *table[SLOTS];
	struct asked *unused, *newest, *oldest;
};

bool cap_dns_init(struct diag_capture *c)
{
	c->dns = diag_alloc(sizeof(*c->dns));
	return c->dns != NULL;
}

void cap_dns_free(struct diag_capture *c)
{
	diag_free(c->dns);
}

/* --- the table ------------------------------------------------------------ */

static uint32_t hash_of(const struct cap_question *q, uint16_t id)
{
	uint64_t h = cap_hash(CAP_HASH_START, q->client->bytes,
			      diag_addr_len(q->client));

	h = cap_hash(h, q->server->bytes, diag_addr_len(q->server));
	h = cap_hash(h, &q->client_port, sizeof(q->client_port));
	return (uint32_t)cap_hash(h, &id, sizeof(id));
}

static bool same_ends(const struct asked *a, const struct cap_question *q)
{
	return a->client_port == q->client_port && a->tcp == q->tcp &&
	       diag_addr_eq(&a->client, q->client) &&
	       diag_addr_eq(&a->server, q->server);
}

/* m without a question: a server that refused to look at it. */
static struct asked *find(struct diag_capture *c, const struct cap_question *q,
			  const struct diag_dns_question *m)
{
	uint32_t h = hash_of(q, m->id);
	struct asked *a = c->dns->table[h & (SLOTS - 1)];

	for (; a != NULL; a = a->chain)
		if (a->hash == h && a->id == m->id && same_ends(a, q) &&
		    (!m->asks ||
		     (a->type == m->type && strcmp(a->name, m->name) == 0)))
			return a;
	return NULL;
}

static void drop(struct cap_dns *d, struct asked *a)
{
	struct asked **at = &d->table[a->hash & (SLOTS - 1)];

	while (*at != a)
		at = &(*at)->chain;
	*at = a->chain;
	if (a->newer)
		a->newer->older = a->older;
	else
		d->newest = a->older;
	if (a->older)
		a->older->newer = a->newer;
	else
		d->oldest = a->newer;
	a->chain = d->unused;
	d->unused = a;
}

/* --- facts ---------------------------------------------------------------- */

static struct diag_fact fact_of(struct diag_capture *c, const struct asked *a,
				int64_t at_us)
{
	struct diag_fact f = { .kind = DIAG_FACT_DNS };
	struct diag_endpoint at = { a->server, DNS_PORT };
	char text[DIAG_ENDPOINT_TEXT];

	f.target = a->type == DIAG_RR_SOA ? NULL : a->name;
	f.started_ms = cap_ms(c, a->first_us);
	f.took_ms = (double)(at_us - a->first_us) / 1000.0;
	f.dns.view =
	    diag_arena_strdup(&c->scratch, diag_endpoint_text(&at, text));
	f.dns.name = a->name;
	f.dns.type = a->type;
	f.dns.tcp = a->tcp;
	f.dns.rcode = f.dns.ede = -1;
	f.dns.sends = a->sends;
	if (f.dns.view == NULL)
		cap_nomem(c);
	return f;
}

static void tell_reply(struct diag_capture *c, const struct asked *a,
		       const struct cap_question *q, struct diag_slice reply)
{
	struct diag_fact f = fact_of(c, a, q->at_us);

	f.dns.received = 1;
	if (q->cut) {
		f.status = DIAG_ST_NOT_RUN;
		f.error = "the capture cut the reply";
	} else if (!diag_dns_reply_read((const uint8_t *)reply.p, reply.len,
					&c->scratch, &f, &c->err)) {
		c->failed = true;
	}
	for (size_t i = 0; i < f.dns.n_addresses; i++)
		cap_names_add(c, &f.dns.addresses[i], a->name);
	cap_emit(c, &f);
}

static void tell_silence(struct diag_capture *c, const struct asked *a)
{
	struct diag_fact f = fact_of(c, a, c->seen.last_us);
	bool again = a->last_us - a->first_us >= AGAIN_US;

	if (a->answered)
		return;
	if (!cap_who(c, &a->client)->heard) {
		f.status = DIAG_ST_NOT_RUN;
		f.error = "the capture has nothing that came to this machine";
	} else if (again || cap_waited(c, a->first_us)) {
		f.status = DIAG_ST_TIMEOUT;
		f.error = "no reply in the capture";
		c->seen.counts.dns_unanswered++;
	} else {
		f.status = DIAG_ST_NOT_RUN;
		f.error = "the capture ends before an answer was due";
	}
	cap_emit(c, &f);
}

/* --- messages ------------------------------------------------------------- */

static void note_server(struct diag_capture_seen *s, const struct diag_addr *a)
{
	struct diag_endpoint at = { *a, DNS_PORT };

	for (size_t i = 0; i < s->n_servers; i++)
		if (diag_endpoint_eq(&s->servers[i], &at))
			return;
	if (s->n_servers < DIAG_CAPTURE_PEERS_MAX)
		s->servers[s->n_servers++] = at;
}

static void fill(struct asked *a, const struct cap_question *q,
		 const struct diag_dns_question *m)
{
	memset(a, 0, sizeof(*a));
	a->hash = hash_of(q, m->id);
	a->client = *q->client;
	a->server = *q->server;
	a->client_port = q->client_port;
	a->id = m->id;
	a->tcp = q->tcp;
	a->type = m->type;
	memcpy(a->name, m->name, sizeof(a->name));
	a->first_us = a->last_us = q->at_us;
	a->sends = 1;
}

static struct asked *take_unused(struct diag_capture *c)
{
	struct cap_dns *d = c->dns;
	struct asked *a;

	if (d->unused == NULL && d->n_pool < ASKED_MAX)
		return &d->pool[d->n_pool++];
	if (d->unused == NULL) {
		c->seen.counts.no_room += !d->oldest->answered;
		tell_silence(c, d->oldest);
		drop(d, d->oldest);
	}
	a = d->unused;
	d->unused = a->chain;
	return a;
}

static void add(struct diag_capture *c, const struct cap_question *q,
		const struct diag_dns_question *m)
{
	struct cap_dns *d = c->dns;
	struct asked *a = take_unused(c);

	fill(a, q, m);
	a->chain = d->table[a->hash & (SLOTS - 1)];
	d->table[a->hash & (SLOTS - 1)] = a;
	a->older = d->newest;
	if (d->newest)
		d->newest->newer = a;
	else
		d->oldest = a;
	d->newest = a;
}

static void on_query(struct diag_capture *c, const struct cap_question *q,
		     const struct diag_dns_question *m)
{
	struct asked *a;

	c->seen.counts.dns_queries++;
	note_server(&c->seen, q->server);
	cap_note_client(c, q->client);
	a = find(c, q, m);
	if (a != NULL && a->answered && q->at_us - a->last_us > TWICE_US) {
		drop(c->dns, a);
		a = NULL;
	}
	if (a == NULL) {
		add(c, q, m);
	} else if (q->at_us - a->last_us > TWICE_US) {
		a->sends++;
		a->last_us = q->at_us;
	}
}

static void on_reply(struct diag_capture *c, const struct cap_question *q,
		     const struct diag_dns_question *m, struct diag_slice reply)
{
	struct asked *a = find(c, q, m), lone;

	cap_heard(c, q->client);
	if (a != NULL) {
		c->seen.counts.dns_replies += !a->answered;
		tell_reply(c, a, q, reply);
		a->answered = true;
		return;
	}
	if (!m->asks)
		return;
	c->seen.counts.dns_lone++;
	note_server(&c->seen, q->server);
	cap_note_client(c, q->client);
	fill(&lone, q, m);
	tell_reply(c, &lone, q, reply);
}

static bool is_kept(const struct diag_dns_question *m)
{
	return m->class == CLASS_IN &&
	       (m->type == DIAG_RR_A || m->type == DIAG_RR_AAAA ||
		m->type == DIAG_RR_SOA);
}

void cap_dns_message(struct diag_capture *c, const struct cap_question *q,
		     const uint8_t *p, size_t len, bool from_client)
{
	struct diag_dns_question m;
	struct diag_slice reply = { (const char *)p, len };

	if (!diag_dns_question_read(p, len, &m) || m.reply == from_client)
		return;
	if (m.asks && !is_kept(&m)) {
		c->seen.counts.dns_other++;
		return;
	}
	if (!cap_is_client(c, q->client))
		return;
	if (m.asks && !cap_wanted(c, m.name)) {
		c->seen.counts.dns_unwanted += from_client;
		return;
	}
	if (!from_client)
		on_reply(c, q, &m, reply);
	else if (m.asks)
		on_query(c, q, &m);
}

/* --- errors, and the end -------------------------------------------------- */

static bool is_port_closed(const struct diag_icmp_seen *i)
{
	if (i->from.family == DIAG_IPV4)
		return i->type == 3 && i->code == 3;
	return i->type == 1 && i->code == 4;
}

/* Eight bytes of the question are all that must come back (RFC 792): ports,
 * and no id.  Then it is the last one that was sent from this port. */
static struct asked *find_asked(struct diag_capture *c,
				const struct cap_packet *inner)
{
	struct cap_question q = { .client = &inner->from,
				  .server = &inner->to,
				  .client_port = inner->from_port };
	struct diag_dns_question m = { .asks = false };
	struct diag_cursor at = inner->at;
	struct asked *a = c->dns->newest;

	/* Length and checksum stand before the id. */
	if (diag_cursor_skip(&at, 4) && diag_cursor_u16(&at, &m.id))
		return find(c, &q, &m);
	while (a != NULL && (a->answered || !same_ends(a, &q)))
		a = a->older;
	return a;
}

void cap_dns_icmp(struct diag_capture *c, const struct cap_packet *inner,
		  const struct diag_icmp_seen *icmp)
{
	struct asked *a = find_asked(c, inner);
	struct diag_fact f;

	if (a == NULL)
		return;
	c->seen.counts.icmp_errors++;
	f = fact_of(c, a, inner->at_us);
	if (is_port_closed(icmp) && diag_addr_eq(&icmp->from, &a->server)) {
		f.status = DIAG_ST_PORT_CLOSED;
		f.sys_errno = ECONNREFUSED;
		f.error = "connection refused";
	} else {
		f.status = DIAG_ST_UNREACHABLE;
		f.sys_errno = EHOSTUNREACH;
		f.error = "an ICMP error came back";
	}
	cap_emit(c, &f);
	drop(c->dns, a);
}

void cap_dns_end(struct diag_capture *c)
{
	while (c->dns->oldest != NULL) {
		tell_silence(c, c->dns->oldest);
		drop(c->dns, c->dns->oldest);
	}
}
