/* SPDX-License-Identifier: MIT */
/* connect, what it tells: which facts of a connection are somebody's question.
 */
#include "probes/connect_internal.h"

struct diag_fact connect_fact(struct connect *c, enum diag_fact_kind kind)
{
	const struct diag_step *step = c->probe->step;
	struct diag_fact f = { .kind = kind };

	f.started_ms = diag_run_ms(c->probe->run, c->stage_ns);
	f.took_ms = connect_ms_since(c, c->stage_ns);
	if (kind == DIAG_FACT_TCP) {
		f.tcp.nonce = c->nonce[0] ? c->nonce : NULL;
		f.tcp.address = step->addr;
		f.tcp.port = step->port;
		f.tcp.local_address = c->local;
		f.tcp.local_port = c->local_port;
		f.tcp.icmp = c->icmp;
	} else if (kind == DIAG_FACT_TLS) {
		f.tls.address = step->addr;
		f.tls.port = step->port;
		f.tls.sni = step->name;
		f.tls.alert = -1;
		f.tls.packet_max = step->packet_max;
		f.tls.repeated = step->repeated;
	} else {
		f.http.address = step->addr;
		f.http.port = step->port;
	}
	return f;
}

/* A second question to a service whose port has its facts already: only what
 * came of the question is told. */
static bool is_second(const struct connect *c)
{
	const struct diag_step *step = c->probe->step;

	return step->large || step->repeated ||
	       (step->http != NULL && step->http->origin);
}

static bool is_about_tls(const struct connect *c)
{
	return c->probe->step->large || c->probe->step->repeated;
}

static bool is_told(const struct connect *c, const struct diag_fact *f)
{
	return !is_second(c) ||
	       f->kind == (is_about_tls(c) ? DIAG_FACT_TLS : DIAG_FACT_HTTP);
}

void connect_emit(struct connect *c, const struct diag_fact *f)
{
	struct diag_fact told = *f;

	if (is_told(c, f))
		diag_probe_emit(c->probe, &told);
}

void connect_finish(struct connect *c, struct diag_fact *f)
{
	c->stage = CONNECT_OVER;
	if (!is_told(c, f))
		*f = is_about_tls(c) ? connect_tls_instead(c, f)
				     : connect_http_instead(c, f);
	diag_probe_emit(c->probe, f);
	diag_probe_done(c->probe);
}
