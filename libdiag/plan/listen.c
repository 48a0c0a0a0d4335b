/* SPDX-License-Identifier: MIT */
/* listen.c - pl-listen's plan: one step for each port of each address.
 *
 * A step begins before the next is asked for, so that when there is no more,
 * all of them are bound. */
#include "base/mem.h"
#include "plan/plan.h"

struct listen {
	struct diag_listen_options o;
	size_t address, ports;
	unsigned port; /* 0: the range is not begun */
	bool sniffed;  /* the capture's step is given */
	bool told;     /* that all is bound */
	struct diag_err err;
};

static bool settle(struct listen *l)
{
	while (l->address < l->o.n_addresses) {
		if (l->ports == l->o.n_ports) {
			l->address++;
			l->ports = 0;
			l->port = 0;
		} else if (l->port > l->o.ports[l->ports].last) {
			l->ports++;
			l->port = 0;
		} else {
			if (l->port == 0)
				l->port = l->o.ports[l->ports].port;
			return true;
		}
	}
	return false;
}

static void tell(struct listen *l)
{
	if (l->told || l->o.bound == NULL)
		return;
	l->told = true;
	(void)!l->o.bound(l->o.ctx, &l->err);
}

static bool listen_next(void *ctx, struct diag_step *step)
{
	struct listen *l = ctx;

	if (l->err.code != DIAG_OK)
		return false;
	if (l->o.capture && !l->sniffed) {
		l->sniffed = true;
		*step = (struct diag_step){ .probe = DIAG_PROBE_SNIFF,
					    .timeout_ms = l->o.for_ms,
					    .port = l->o.ports[0].port,
					    .ports = l->o.ports,
					    .n_ports = l->o.n_ports };
		return true;
	}
	if (!settle(l)) {
		tell(l);
		return false;
	}
	*step = (struct diag_step){
		.probe = l->o.ports[l->ports].proto == DIAG_UDP
			     ? DIAG_PROBE_ARRIVAL_UDP
			     : DIAG_PROBE_ARRIVAL,
		.timeout_ms = l->o.for_ms,
		.addr = l->o.addresses[l->address],
		.port = (uint16_t)l->port++,
	};
	return true;
}

static bool listen_failed(void *ctx, struct diag_err *err)
{
	const struct listen *l = ctx;

	if (l->err.code == DIAG_OK)
		return false;
	*err = l->err;
	return true;
}

static void listen_free(void *ctx)
{
	diag_free(ctx);
}

bool diag_plan_listen(const struct diag_listen_options *o,
		      struct diag_plan *out, struct diag_err *err)
{
	struct listen *l = diag_alloc(sizeof(*l));

	if (l == NULL)
		return diag_fail_nomem(err, "listen");
	l->o = *o;
	*out = (struct diag_plan){ .ctx = l,
				   .next = listen_next,
				   .failed = listen_failed,
				   .free = listen_free };
	return true;
}
