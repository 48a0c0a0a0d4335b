/* SPDX-License-Identifier: MIT */
/* dns - one question to one name server, its retransmissions included.
 *
 * dns_channel.c says how servers are asked, dns_ask.c what silence means,
 * dns_reply.c what an answer says.  Source: RFC 1035, RFC 6891.
 */
#include "probes/dns_channel.h"
#include "probes/probes.h"

struct dns {
	struct dns_ask *ask;
};

static void on_answer(void *ctx, struct diag_fact *f)
{
	struct diag_probe *p = ctx;

	diag_probe_emit(p, f);
	diag_probe_done(p);
}

static bool dns_open(struct diag_run *run, void **shared, struct diag_err *err)
{
	*shared = dns_pool_of(run, err);
	return *shared != NULL;
}

static bool dns_start(struct diag_probe *p, struct diag_err *err)
{
	const struct diag_step *step = p->step;
	struct dns *dns = p->state;
	struct dns_question q = {
		.server = step->server,
		.view = step->view,
		.name = step->name,
		.type = step->type,
		.tcp = step->tcp,
	};

	return dns_ask(p->shared, &q, on_answer, p, &dns->ask, err);
}

static void dns_expire(struct diag_probe *p)
{
	struct dns *dns = p->state;

	/* Cancelled: nobody waited long enough to call it silence. */
	if (dns->ask && !p->cancelled)
		dns_ask_expire(dns->ask);
	diag_probe_done(p);
}

static void dns_stop(struct diag_probe *p)
{
	struct dns *dns = p->state;

	dns_ask_drop(dns->ask);
	diag_probe_released(p);
}

static const enum diag_fact_kind gives[] = { DIAG_FACT_DNS };

const struct diag_probe_ops probe_dns = {
	.kind = DIAG_PROBE_DNS,
	.name = "dns",
	.summary = "ask one name server one question",
	.gives = gives,
	.n_gives = sizeof(gives) / sizeof(gives[0]),
	.state_size = sizeof(struct dns),
	.open = dns_open,
	.start = dns_start,
	.expire = dns_expire,
	.stop = dns_stop,
};
