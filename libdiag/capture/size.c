/* SPDX-License-Identifier: MIT */
/* size.c - what routers say about sizes, told once for each address that has a
 * name here.
 *
 * A capture on this machine may show packets as they are before its network
 * card cuts them, and so says nothing itself about the size of what passed.
 */
#include "capture/internal.h"

struct too_big {
	struct diag_capture *c;
	struct diag_fact fact;
	bool told;
};

static void tell(void *ctx, const char *name)
{
	struct too_big *t = ctx;

	if (t->told || (name != NULL && !cap_wanted(t->c, name)))
		return;
	t->told = true;
	cap_emit(t->c, &t->fact);
}

void cap_too_big(struct diag_capture *c, const struct cap_packet *inner,
		 const struct diag_icmp_seen *icmp, unsigned mtu)
{
	struct too_big t = { .c = c, .fact = { .kind = DIAG_FACT_MTU } };

	if (mtu == 0 || !cap_is_client(c, &inner->from))
		return;
	t.fact.status = DIAG_ST_SMALLER;
	t.fact.started_ms = cap_ms(c, inner->at_us);
	t.fact.mtu.address = inner->to;
	t.fact.mtu.mtu = mtu;
	t.fact.mtu.told = mtu;
	t.fact.mtu.how = DIAG_MTU_ICMP;
	t.fact.mtu.icmp = *icmp;
	cap_names_each(c, &inner->to, tell, &t);
}
