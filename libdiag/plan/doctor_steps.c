/* SPDX-License-Identifier: MIT */
/* doctor_steps.c - which questions a target, a zone or an answer calls for. */
#include <string.h>

#include "fact/server.h"
#include "net/scope.h"
#include "plan/doctor_internal.h"

#define HTTPS 443

/* --- names ------------------------------------------------------------------
 */

static bool ask(struct doctor *d, const struct diag_step *step,
		struct diag_err *err)
{
	if (step->cookie)
		d->questions++; /* a round waits for targets, not for zones */
	return queue_push(&d->queue, step, err);
}

static bool ask_server(struct doctor *d, struct subject *s,
		       const struct diag_view_spec *view, struct diag_err *err)
{
	struct diag_step step = {
		.probe = DIAG_PROBE_DNS,
		.target = s->name,
		.timeout_ms = d->o.dns_timeout_ms,
		.view = view->text,
		.server = view->at,
		.name = s->name,
		.type = DIAG_RR_A,
		.cookie = s,
	};

	if (d->o.ask_a && !ask(d, &step, err))
		return false;
	step.type = DIAG_RR_AAAA;
	return !d->o.ask_aaaa || ask(d, &step, err);
}

static bool ask_system(struct doctor *d, struct subject *s,
		       const struct diag_view_spec *view, struct diag_err *err)
{
	struct diag_step step = {
		.probe = DIAG_PROBE_SYSTEM_DNS,
		.target = s->name,
		.timeout_ms = d->o.system_timeout_ms,
		.view = view->text,
		.name = s->name,
		.cookie = s,
	};

	return ask(d, &step, err);
}

static bool is_system(const struct diag_view_spec *view)
{
	return view->at.addr.family == DIAG_NOFAM;
}

bool doctor_questions(struct doctor *d, struct subject *s, struct diag_err *err)
{
	if (s->name == NULL)
		return true;
	for (size_t i = 0; i < d->o.n_views; i++) {
		const struct diag_view_spec *view = &d->o.views[i];

		if (!(is_system(view) ? ask_system(d, s, view, err)
				      : ask_server(d, s, view, err)))
			return false;
	}
	return true;
}

/* One question about no target, to every name server. */
static bool ask_servers(struct doctor *d, const char *name,
			enum diag_rrtype type, struct diag_err *err)
{
	for (size_t i = 0; i < d->o.n_views; i++) {
		const struct diag_view_spec *view = &d->o.views[i];
		struct diag_step step = {
			.probe = DIAG_PROBE_DNS,
			.timeout_ms = d->o.dns_timeout_ms,
			.view = view->text,
			.server = view->at,
			.name = name,
			.type = type,
		};

		if (!is_system(view) && !ask(d, &step, err))
			return false;
	}
	return true;
}

bool doctor_zone(struct doctor *d, const char *zone, struct diag_err *err)
{
	return ask_servers(d, zone, DIAG_RR_SOA, err);
}

/* RFC 7050, 3: a name that has IPv4 only; an IPv6 answer shows the prefix with
 * which this network translates. */
bool doctor_nat64(struct doctor *d, struct diag_err *err)
{
	if (d->asked_nat64)
		return true;
	d->asked_nat64 = true;
	return ask_servers(d, "ipv4only.arpa", DIAG_RR_AAAA, err);
}

bool doctor_software(struct doctor *d, struct diag_err *err)
{
	d->asked_software = true;
	return ask_servers(d, DIAG_SERVER_QUESTION, DIAG_RR_TXT, err);
}

bool doctor_over_tcp(struct doctor *d, const struct diag_step *step,
		     struct diag_err *err)
{
	struct diag_step again = *step;

	again.tcp = true;
	return ask(d, &again, err);
}

/* --- paths ------------------------------------------------------------------
 */

static bool met_before(struct doctor *d, struct subject *s,
		       const struct diag_addr *a, uint16_t port)
{
	for (size_t i = 0; i < s->n_conns; i++)
		if (s->conns[i].port == port &&
		    diag_addr_eq(&s->conns[i].addr, a))
			return true;
	return s->n_conns >= d->o.max_per_target;
}

static bool connect_to(struct doctor *d, struct subject *s,
		       const struct diag_addr *a, uint16_t port,
		       struct diag_err *err)
{
	struct diag_step step = {
		.probe = DIAG_PROBE_CONNECT,
		.target = s->target->fqdn,
		.timeout_ms = d->o.connect_timeout_ms,
		.name = s->name,
		.addr = *a,
		.port = port,
		.stage = DIAG_STAGE_TCP,
		.cookie = s,
	};
	struct met *met;

	if (met_before(d, s, a, port))
		return true;
	met = diag_arena_push(&d->arena, &s->conns, &s->n_conns, sizeof(*met));
	if (met == NULL)
		return diag_fail_nomem(err, "plan");
	*met = (struct met){ .addr = *a, .port = port };
	if (port == HTTPS && s->tls) {
		step.stage = DIAG_STAGE_HTTP;
		step.http = s->http;
	}
	return queue_push(&d->queue, &step, err);
}

/* Only what a client of the target opens itself can be tried from here: a port
 * with a peer is a flow between the target and somebody else. */
static bool connect_ports(struct doctor *d, struct subject *s,
			  const struct diag_addr *a,
			  const struct diag_ports *ports, struct diag_err *err)
{
	for (size_t i = 0; i < ports->n; i++) {
		const struct diag_port *p = &ports->items[i];
		unsigned last = p->port_last > p->port ? p->port_last : p->port;

		if (p->proto != DIAG_TCP || p->dir != DIAG_OUT || p->peer)
			continue;
		for (unsigned port = p->port; port <= last; port++) {
			if (s->n_conns >= d->o.max_per_target)
				break;
			if (!connect_to(d, s, a, (uint16_t)port, err))
				return false;
		}
	}
	return true;
}

static bool connect_all(struct doctor *d, struct subject *s,
			const struct diag_addr *a, struct diag_err *err)
{
	return connect_ports(d, s, a, &s->target->ports, err) &&
	       connect_ports(d, s, a, &s->target->optional_ports, err);
}

static bool route_to(struct doctor *d, const struct diag_addr *a,
		     struct diag_err *err)
{
	struct diag_step step = {
		.probe = DIAG_PROBE_ROUTE,
		.timeout_ms = d->o.connect_timeout_ms,
		.addr = *a,
	};
	bool fresh = false;

	if (!addrset_add(&d->routed, a, &fresh, err))
		return false;
	return !fresh || queue_push(&d->queue, &step, err);
}

static bool wants_https(const struct subject *s)
{
	for (size_t i = 0; i < s->target->ports.n; i++) {
		const struct diag_port *p = &s->target->ports.items[i];

		if (p->port <= HTTPS && HTTPS <= p->port_last &&
		    p->proto == DIAG_TCP && p->dir == DIAG_OUT)
			return s->tls;
	}
	return false;
}

static bool through_proxy(struct doctor *d, struct subject *s,
			  struct diag_err *err)
{
	struct diag_step step = {
		.probe = DIAG_PROBE_HTTP_PROXY,
		.target = s->name,
		.timeout_ms = d->o.connect_timeout_ms,
		.name = s->name,
		.port = HTTPS,
		.stage = DIAG_STAGE_HTTP,
		.http = s->http,
		.cookie = s,
	};

	if (s->name == NULL || !wants_https(s))
		return true;
	step.proxy = diag_machine_proxy(d->o.machine, s->name);
	return step.proxy == NULL || queue_push(&d->queue, &step, err);
}

bool doctor_paths(struct doctor *d, struct subject *s, struct diag_err *err)
{
	if (d->o.no_connect)
		return true;
	for (size_t i = 0; i < s->target->n_addresses; i++) {
		const struct diag_addr *a = &s->target->addresses[i];

		if (!connect_all(d, s, a, err) || !route_to(d, a, err))
			return false;
	}
	return through_proxy(d, s, err);
}

/* Of the addresses that name servers give us, those that lead nowhere or back
 * to ourselves are judged as they are and never contacted; IPv6 only where
 * this machine has a way to it. */
bool doctor_answered(struct doctor *d, struct subject *s,
		     const struct diag_addr *a, struct diag_err *err)
{
	if (d->o.no_connect || diag_scope_is_unusable(diag_scope_of(a)))
		return true;
	if (!route_to(d, a, err))
		return false;
	if (a->family == DIAG_IPV6 &&
	    diag_machine_route(d->o.machine, a) == NULL)
		return true;
	return connect_all(d, s, a, err);
}
