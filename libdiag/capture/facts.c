/* SPDX-License-Identifier: MIT */
/* facts.c - the only door out.
 *
 * A day of traffic asks the same question a million times.  What is judged is
 * whether the outcome changed, so one that is the same as the last for the same
 * question to the same peer is counted and not told.  "Could not be seen" is
 * told only where nothing better is known.
 */
#include "capture/internal.h"

#include <string.h>

#include "base/mem.h"

#define SLOTS 131072u /* a power of two, over twice DIAG_CAPTURE_FACTS_MAX */

struct outcome {
	uint64_t key, value; /* key 0: free */
	double began_ms;
};

struct cap_told {
	struct outcome slots[SLOTS];
	unsigned n;
};

#define HASH_PRIME 1099511628211u /* FNV-1a, 64 bits */

uint64_t cap_hash(uint64_t h, const void *p, size_t len)
{
	const uint8_t *at = p;

	for (size_t i = 0; i < len; i++)
		h = (h ^ at[i]) * HASH_PRIME;
	return h ^ h >> 29;
}

static uint64_t text_hash(uint64_t h, const char *s)
{
	return s != NULL ? cap_hash(h, s, strlen(s) + 1) : cap_hash(h, "", 1);
}

static uint64_t addr_hash(uint64_t h, const struct diag_addr *a)
{
	return cap_hash(h, a->bytes, sizeof(a->bytes));
}

static uint64_t number_hash(uint64_t h, uint64_t n)
{
	return cap_hash(h, &n, sizeof(n));
}

/* Who was asked what. */
static uint64_t key_of(const struct diag_fact *f)
{
	uint64_t h = number_hash(CAP_HASH_START, f->kind);

	h = text_hash(h, f->target);
	if (f->kind == DIAG_FACT_DNS) {
		h = text_hash(text_hash(h, f->dns.view), f->dns.name);
		h = number_hash(h, f->dns.type);
		h = number_hash(h, f->dns.tcp);
	} else if (f->kind == DIAG_FACT_TCP) {
		h = number_hash(addr_hash(h, &f->tcp.address), f->tcp.port);
	} else if (f->kind == DIAG_FACT_TLS) {
		h = number_hash(addr_hash(h, &f->tls.address), f->tls.port);
		h = number_hash(h, f->tls.packet_max > 0);
	} else if (f->kind == DIAG_FACT_MTU) {
		h = addr_hash(h, &f->mtu.address);
	} else if (f->kind == DIAG_FACT_UDP) {
		h = number_hash(addr_hash(h, &f->udp.address), f->udp.port);
	} else {
		h = number_hash(addr_hash(h, &f->http.address), f->http.port);
	}
	return h | 1;
}

static uint64_t dns_value(uint64_t h, const struct diag_dns_fact *d)
{
	h = number_hash(h, (uint64_t)d->rcode);
	for (size_t i = 0; i < d->n_chain; i++)
		h = text_hash(h, d->chain[i].value);
	return text_hash(h, d->soa.owner);
}

static uint64_t value_of(const struct diag_fact *f)
{
	uint64_t h = number_hash(CAP_HASH_START, f->status);

	if (f->kind == DIAG_FACT_DNS)
		return dns_value(h, &f->dns);
	if (f->kind == DIAG_FACT_TCP)
		return addr_hash(h, &f->tcp.icmp.from);
	if (f->kind == DIAG_FACT_UDP)
		return addr_hash(h, &f->udp.icmp.from);
	if (f->kind == DIAG_FACT_HTTP)
		return number_hash(h, (uint64_t)f->http.connect_code);
	if (f->kind == DIAG_FACT_MTU)
		return number_hash(h, f->mtu.told);
	h = number_hash(h, (uint64_t)f->tls.alert);
	h = number_hash(h, f->tls.repeated);
	h = number_hash(h, f->tls.server_hello);
	return text_hash(h, f->tls.n_chain ? f->tls.chain[0].sha256 : NULL);
}

static struct outcome *slot_of(struct cap_told *told, uint64_t key)
{
	struct outcome *o = &told->slots[key >> 8 & (SLOTS - 1)];

	while (o->key != 0 && o->key != key)
		if (++o == told->slots + SLOTS)
			o = told->slots;
	return o;
}

static bool is_full(struct diag_capture *c)
{
	if (c->seen.counts.facts < DIAG_CAPTURE_FACTS_MAX)
		return false;
	c->seen.counts.facts_left_out++;
	return true;
}

/* Each arrival is one of its own. */
static bool says_nothing_new(struct diag_capture *c, const struct diag_fact *f)
{
	uint64_t value;
	struct outcome *o;

	if (f->kind == DIAG_FACT_ARRIVAL)
		return f->status != DIAG_ST_LISTENED && is_full(c);
	value = value_of(f);
	o = slot_of(c->told, key_of(f));
	if (o->key != 0 &&
	    (o->value == value || f->status == DIAG_ST_NOT_RUN)) {
		c->seen.counts.facts_same++;
		return true;
	}
	if (is_full(c))
		return true;
	o->key = key_of(f);
	o->value = value;
	o->began_ms = f->started_ms;
	return false;
}

/* The first usual handshake after one in small packets was asked for the same
 * reason, and is told even if it ends as the one before.  One that only ends
 * after it is the one before. */
static void note_control(struct diag_capture *c, struct diag_fact *f)
{
	struct diag_fact small = *f;
	struct outcome *o;

	if (f->kind != DIAG_FACT_TLS || f->tls.packet_max > 0 ||
	    f->status == DIAG_ST_NOT_RUN)
		return;
	small.tls.packet_max = CAP_SMALL_PACKET;
	o = slot_of(c->told, key_of(&small));
	if (o->key == 0 || o->value == 0 || f->started_ms < o->began_ms)
		return;
	o->value = 0;
	f->tls.repeated = true;
}

bool cap_facts_init(struct diag_capture *c)
{
	c->told = diag_alloc(sizeof(*c->told));
	return c->told != NULL;
}

void cap_facts_free(struct diag_capture *c)
{
	diag_free(c->told);
}

bool cap_wanted(const struct diag_capture *c, const char *name)
{
	return name != NULL && name[0] != '\0' &&
	       (c->o.wanted == NULL || c->o.wanted(c->o.ctx, name));
}

void cap_emit(struct diag_capture *c, struct diag_fact *f)
{
	note_control(c, f);
	if (!c->failed && !says_nothing_new(c, f)) {
		c->seen.counts.facts++;
		c->failed = !c->o.sink.fact(c->o.sink.ctx, f, &c->err);
	}
	diag_arena_reset(&c->scratch);
}

void cap_nomem(struct diag_capture *c)
{
	if (!c->failed)
		(void)diag_fail_nomem(&c->err, "capture");
	c->failed = true;
}

double cap_ms(const struct diag_capture *c, int64_t at_us)
{
	return at_us > c->seen.first_us
		   ? (double)(at_us - c->seen.first_us) / 1000.0
		   : 0;
}

bool cap_waited(const struct diag_capture *c, int64_t since_us)
{
	return c->seen.last_us - since_us >=
	       (int64_t)DIAG_CAPTURE_PATIENCE_MS * 1000;
}
