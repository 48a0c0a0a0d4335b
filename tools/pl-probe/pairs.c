/* SPDX-License-Identifier: MIT */
/* pairs.c - facts gathered by port, and the statistics of many rounds.
 *
 * Names are compared as pointers: all facts of a run about one name carry the
 * plan's own text of it.
 */
#include "tools/pl-probe/probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FIRST_SLOTS ((size_t)256)
#define FIRST_TIMES ((size_t)16)

struct key {
	const char *name;
	const struct diag_addr *addr;
	uint16_t port;
	bool udp;
};

static const struct diag_addr no_address = { .family = DIAG_NOFAM };

void probe_pairs_clear(struct probe_pairs *p)
{
	for (size_t i = 0; i < p->n; i++)
		diag_free(p->items[i].took_ms);
	diag_free(p->items);
	diag_free(p->slots);
	p->items = NULL;
	p->slots = NULL;
	p->n = p->cap = p->n_slots = 0;
}

/* --- finding one ---------------------------------------------------------- */

/* FNV-1a */
static uint64_t mix(uint64_t h, const void *p, size_t n)
{
	const unsigned char *bytes = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ bytes[i]) * UINT64_C(1099511628211);
	return h;
}

static uint64_t hash(const struct key *k)
{
	uint64_t h = UINT64_C(14695981039346656037);

	h = mix(h, &k->name, sizeof(k->name));
	h = mix(h, k->addr->bytes, sizeof(k->addr->bytes));
	h = mix(h, &k->port, sizeof(k->port));
	return mix(h, &k->udp, sizeof(k->udp));
}

static struct key key_of(const struct probe_pair *p)
{
	return (struct key){ p->name, &p->addr, p->port, p->udp };
}

static bool same(const struct key *a, const struct key *b)
{
	return a->name == b->name && a->port == b->port && a->udp == b->udp &&
	       diag_addr_eq(a->addr, b->addr);
}

static size_t *slot_of(const struct probe_pairs *p, const struct key *k)
{
	size_t at = (size_t)hash(k) & (p->n_slots - 1);

	for (;; at = (at + 1) & (p->n_slots - 1)) {
		size_t *slot = &p->slots[at];
		struct key there;

		if (*slot == 0)
			return slot;
		there = key_of(&p->items[*slot - 1]);
		if (same(&there, k))
			return slot;
	}
}

static bool grow(struct probe_pairs *p)
{
	size_t cap = p->cap ? 2 * p->cap : FIRST_SLOTS / 2;
	struct probe_pair *items = diag_realloc(p->items, cap * sizeof(*items));
	size_t *slots;

	if (items == NULL)
		return false;
	p->items = items;
	slots = diag_alloc_array(2 * cap, sizeof(*slots));
	if (slots == NULL)
		return false;
	diag_free(p->slots);
	p->slots = slots;
	p->n_slots = 2 * cap;
	p->cap = cap;
	for (size_t i = 0; i < p->n; i++) {
		struct key k = key_of(&items[i]);

		*slot_of(p, &k) = i + 1;
	}
	return true;
}

static struct probe_pair *pair_of(struct probe_pairs *p, const struct key *k)
{
	size_t *slot;

	if (p->n == p->cap && !grow(p))
		return NULL;
	slot = slot_of(p, k);
	if (*slot == 0) {
		p->items[p->n] = (struct probe_pair){
			.name = k->name,
			.addr = *k->addr,
			.port = k->port,
			.udp = k->udp,
		};
		*slot = ++p->n;
	}
	return &p->items[*slot - 1];
}

/* --- learning ------------------------------------------------------------- */

static bool is_about(const struct diag_fact *f, struct key *k)
{
	*k = (struct key){ .name = f->target, .addr = &no_address };
	switch (f->kind) {
	case DIAG_FACT_TCP:
		k->addr = &f->tcp.address;
		k->port = f->tcp.port;
		return true;
	case DIAG_FACT_TLS:
		k->addr = &f->tls.address;
		k->port = f->tls.port;
		/* nor is a large hello, nor the same one again */
		return f->tls.hello_bytes == 0 && !f->tls.repeated;
	case DIAG_FACT_HTTP: /* a preflight is no state of the port */
		k->addr = &f->http.address;
		k->port = f->http.port;
		return f->http.method == NULL;
	case DIAG_FACT_UDP:
		k->addr = &f->udp.address;
		k->port = f->udp.port;
		k->udp = true;
		return true;
	case DIAG_FACT_SYSTEM_DNS:
		return f->status != DIAG_ST_ANSWER;
	default:
		return false;
	}
}

static struct probe_stage stage_of(const struct diag_fact *f)
{
	struct probe_stage s = { .there = true,
				 .status = f->status,
				 .took_ms = f->took_ms,
				 .sys_errno = f->sys_errno };

	if (f->error)
		(void)snprintf(s.error, sizeof(s.error), "%s", f->error);
	return s;
}

static bool keep_time(struct probe_pair *p, double took_ms)
{
	if (p->n_took == p->cap_took) {
		size_t cap = p->cap_took ? 2 * p->cap_took : FIRST_TIMES;
		float *more = diag_realloc(p->took_ms, cap * sizeof(*more));

		if (more == NULL)
			return false;
		p->took_ms = more;
		p->cap_took = cap;
	}
	p->took_ms[p->n_took++] = (float)took_ms;
	return true;
}

static enum probe_end end_of(enum diag_status s)
{
	switch (s) {
	case DIAG_ST_OPEN:
	case DIAG_ST_REPLY:
		return PROBE_END_GOOD;
	case DIAG_ST_TIMEOUT:
	case DIAG_ST_SILENT:
		return PROBE_END_LOST;
	case DIAG_ST_REFUSED:
	case DIAG_ST_CLOSED:
		return PROBE_END_REFUSED;
	case DIAG_ST_UNREACHABLE:
		return PROBE_END_UNREACHABLE;
	case DIAG_ST_RESET:
		return PROBE_END_RESET;
	default:
		return PROBE_END_FAILED;
	}
}

const char *probe_end_word(const struct probe_pair *p, enum probe_end end)
{
	static const char *const words[][PROBE_N_ENDS] = {
		{ "open", "lost", "refused", "unreachable", "reset", "failed" },
		{ "answered", "silent", "closed", "unreachable", "reset",
		  "failed" },
	};

	return words[p->udp ? 1 : 0][end];
}

/* A new try: what the last one reached is over. */
static bool begin(struct probe_pair *p, const struct diag_fact *f)
{
	enum probe_end end = end_of(f->status);
	const char *peer = f->kind == DIAG_FACT_TCP   ? f->tcp.peer
			   : f->kind == DIAG_FACT_UDP ? f->udp.peer
						      : NULL;

	p->tcp = stage_of(f);
	p->tls.there = false;
	p->http.there = false;
	p->peer = peer;
	p->icmp = f->kind == DIAG_FACT_UDP   ? f->udp.icmp
		  : f->kind == DIAG_FACT_TCP ? f->tcp.icmp
					     : (struct diag_icmp_seen){ 0 };
	if (f->status == DIAG_ST_NOT_RUN)
		return true;
	p->tries++;
	p->ends[end]++;
	return end != PROBE_END_GOOD || keep_time(p, f->took_ms);
}

static bool tls_fails(const struct probe_pair *p)
{
	return p->tls.there && p->tls.status != DIAG_ST_OK &&
	       p->tls.status != DIAG_ST_NOT_RUN;
}

static bool http_fails(const struct probe_pair *p)
{
	return p->http.there && (p->http.status == DIAG_ST_TIMEOUT ||
				 p->http.status == DIAG_ST_CUT ||
				 p->http.status == DIAG_ST_FAILED);
}

static bool learn(struct probe_pair *p, const struct diag_fact *f)
{
	if (f->kind == DIAG_FACT_TLS) {
		p->tls = stage_of(f);
		p->tls_failed += tls_fails(p) ? 1 : 0;
	} else if (f->kind == DIAG_FACT_HTTP) {
		p->http = stage_of(f);
		p->code = f->http.code;
		p->http_failed += http_fails(p) ? 1 : 0;
	} else {
		return begin(p, f);
	}
	return true;
}

bool probe_pairs_learn(struct probe_pairs *p, const struct diag_fact *f,
		       bool *changed, struct diag_err *err)
{
	struct probe_stage before;
	struct probe_pair *pair;
	struct key k;

	*changed = true;
	if (!is_about(f, &k))
		return true;
	pair = pair_of(p, &k);
	if (pair == NULL)
		return diag_fail_nomem(err, "probe");
	before = f->kind == DIAG_FACT_TLS    ? pair->tls
		 : f->kind == DIAG_FACT_HTTP ? pair->http
					     : pair->tcp;
	if (!learn(pair, f))
		return diag_fail_nomem(err, "probe");
	*changed = before.status != f->status ||
		   before.sys_errno != f->sys_errno || pair->tries <= 1;
	return true;
}

/* --- judging -------------------------------------------------------------- */

static enum probe_worth udp_worth(const struct probe_pair *p)
{
	switch (p->tcp.status) {
	case DIAG_ST_REPLY:
		return p->peer && strcmp(p->peer, "met") != 0 ? PROBE_BAD
							      : PROBE_FINE;
	case DIAG_ST_SILENT:
	case DIAG_ST_NOT_RUN:
		return PROBE_UNKNOWN;
	default:
		return PROBE_BAD;
	}
}

enum probe_worth probe_worth(const struct probe_pair *p)
{
	if (p->udp)
		return udp_worth(p);
	if (p->tcp.status == DIAG_ST_NOT_RUN)
		return PROBE_UNKNOWN;
	if (p->tcp.status != DIAG_ST_OPEN)
		return PROBE_BAD;
	if (p->peer && strcmp(p->peer, "met") != 0)
		return PROBE_BAD;
	if (p->tls.there && p->tls.status == DIAG_ST_NOT_RUN)
		return PROBE_UNKNOWN;
	if (p->tls.there && p->tls.status != DIAG_ST_OK)
		return PROBE_BAD;
	return http_fails(p) ? PROBE_BAD : PROBE_FINE;
}

static const char *tls_state(enum diag_status s)
{
	switch (s) {
	case DIAG_ST_CUT:
		return "cut";
	case DIAG_ST_TIMEOUT:
		return "TLS silent";
	case DIAG_ST_UNTRUSTED:
		return "TLS untrusted";
	case DIAG_ST_NAME_MISMATCH:
		return "TLS other name";
	case DIAG_ST_EXPIRED:
		return "TLS expired";
	case DIAG_ST_NOT_YET_VALID:
		return "TLS not yet valid";
	default:
		return "TLS failed";
	}
}

static const char *open_state(const struct probe_pair *p)
{
	if (p->peer && strcmp(p->peer, "other") == 0)
		return "another answers";
	if (p->peer && strcmp(p->peer, "silent") == 0)
		return "open, says nothing";
	if (p->tls.there && p->tls.status != DIAG_ST_OK)
		return tls_state(p->tls.status);
	if (!http_fails(p))
		return "open";
	return p->http.status == DIAG_ST_TIMEOUT ? "HTTP silent"
	       : p->http.status == DIAG_ST_CUT	 ? "HTTP cut"
						 : "HTTP failed";
}

const char *probe_state(const struct probe_pair *p)
{
	if (p->port == 0)
		return p->tcp.status == DIAG_ST_NONE ? "no address"
						     : "no look-up";
	if (!p->udp && p->tcp.status == DIAG_ST_OPEN)
		return open_state(p);
	if (p->udp && p->peer && strcmp(p->peer, "other") == 0)
		return "another answers";
	return diag_status_key(p->tcp.status);
}

/* --- numbers -------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
	const float *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Nearest rank: the smallest time that this share of all does not exceed. */
static double rank(const struct probe_pair *p, double share)
{
	double at = ceil(share * (double)p->n_took);

	return (double)p->took_ms[at < 1 ? 0 : (size_t)at - 1];
}

struct probe_numbers probe_numbers(struct probe_pair *p)
{
	struct probe_numbers n = { .lost = 0 };
	double sum = 0, squares = 0;

	if (p->tries > 0)
		n.lost = 100.0 * p->ends[PROBE_END_LOST] / p->tries;
	if (p->n_took == 0)
		return n;
	qsort(p->took_ms, p->n_took, sizeof(*p->took_ms), by_time);
	for (size_t i = 0; i < p->n_took; i++)
		sum += (double)p->took_ms[i];
	n.avg = sum / (double)p->n_took;
	for (size_t i = 0; i < p->n_took; i++)
		squares += ((double)p->took_ms[i] - n.avg) *
			   ((double)p->took_ms[i] - n.avg);
	n.deviation = sqrt(squares / (double)p->n_took);
	n.min = (double)p->took_ms[0];
	n.max = (double)p->took_ms[p->n_took - 1];
	n.p50 = rank(p, 0.50);
	n.p95 = rank(p, 0.95);
	n.p99 = rank(p, 0.99);
	return n;
}
