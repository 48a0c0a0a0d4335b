/* SPDX-License-Identifier: MIT */
/* evidence_udp.c - the datagrams that were sent to one address: of each port
 * the last one that was run. */
#include "verdict/evidence_build.h"

static bool is_about(const struct diag_fact *f, const struct ev_addr *a)
{
	return f->kind == DIAG_FACT_UDP && ev_ran(f) &&
	       diag_addr_eq(&f->udp.address, &a->addr);
}

/* Facts come by time, so that a later one of a port takes the place of the
 * earlier. */
static size_t put(const struct diag_fact **list, size_t n,
		  const struct diag_fact *f)
{
	size_t at = n;

	while (at > 0 && list[at - 1]->udp.port > f->udp.port)
		at--;
	if (at > 0 && list[at - 1]->udp.port == f->udp.port) {
		list[at - 1] = f;
		return n;
	}
	for (size_t i = n; i > at; i--)
		list[i] = list[i - 1];
	list[at] = f;
	return n + 1;
}

void build_udp(struct build *b, const struct fact_slice *s, struct ev_addr *a)
{
	const struct diag_fact **list;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += is_about(s->facts[i], a) ? 1 : 0;
	if (n == 0)
		return;
	list = build_array(b, n, sizeof(struct diag_fact *));
	if (list == NULL)
		return;
	n = 0;
	for (size_t i = 0; i < s->n; i++)
		if (is_about(s->facts[i], a))
			n = put(list, n, s->facts[i]);
	a->udp = list;
	a->n_udp = n;
}
