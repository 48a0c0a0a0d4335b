/* SPDX-License-Identifier: MIT */
/* dns_ids.c - questions under way by message id.  A channel has about two
 * hundred of them at a time, so a small table stays in the cache. */
#include "probes/dns_internal.h"

struct dns_ask *dns_id_find(const struct dns_channel *c, uint16_t id)
{
	struct dns_ask *ask = c->by_id[id % DNS_SLOTS];

	while (ask && ask->id != id)
		ask = ask->same_slot;
	return ask;
}

void dns_id_add(struct dns_channel *c, struct dns_ask *ask, uint16_t id)
{
	struct dns_ask **slot = &c->by_id[id % DNS_SLOTS];

	ask->has_id = true;
	ask->id = id;
	ask->same_slot = *slot;
	*slot = ask;
}

void dns_id_remove(struct dns_channel *c, struct dns_ask *ask)
{
	struct dns_ask **at = &c->by_id[ask->id % DNS_SLOTS];

	if (!ask->has_id)
		return;
	while (*at && *at != ask)
		at = &(*at)->same_slot;
	if (*at)
		*at = ask->same_slot;
	ask->has_id = false;
}
