/* SPDX-License-Identifier: MIT */
/* who.c - the addresses that talk, and whether anything came back to them.
 *
 * A capture that only has what a machine sends shows every question without an
 * answer.  So silence is believed only for a machine to which some packet, of
 * anybody, was seen.
 */
#include "capture/internal.h"

#include "base/mem.h"

#define WHO_SLOTS 8192u /* a power of two */
#define WHO_TRIES 16u

static uint32_t slot_of(const struct diag_addr *a)
{
	return (uint32_t)cap_hash(CAP_HASH_START, a->bytes, diag_addr_len(a));
}

static struct cap_who *find(struct diag_capture *c, const struct diag_addr *a,
			    bool make)
{
	uint32_t h = slot_of(a);

	for (uint32_t i = 0; i < WHO_TRIES; i++) {
		struct cap_who *w = &c->who[(h + i) & (WHO_SLOTS - 1)];

		if (w->used && diag_addr_eq(&w->addr, a))
			return w;
		if (w->used)
			continue;
		if (!make)
			return NULL;
		w->used = true;
		w->addr = *a;
		return w;
	}
	return NULL;
}

struct cap_who *cap_who(struct diag_capture *c, const struct diag_addr *a)
{
	struct cap_who *w;

	if (c->who == NULL)
		c->who = diag_alloc_array(WHO_SLOTS, sizeof(*c->who));
	w = c->who != NULL ? find(c, a, true) : NULL;
	return w != NULL ? w : &c->nobody;
}

void cap_heard(struct diag_capture *c, const struct diag_addr *a)
{
	struct cap_who *w = cap_who(c, a);

	if (w != &c->nobody)
		w->heard = true;
}

bool cap_is_client(const struct diag_capture *c, const struct diag_addr *a)
{
	for (size_t i = 0; i < c->o.n_clients; i++)
		if (diag_addr_eq(&c->o.clients[i], a))
			return true;
	return c->o.n_clients == 0;
}

void cap_note_client(struct diag_capture *c, const struct diag_addr *a)
{
	struct diag_capture_seen *s = &c->seen;

	for (size_t i = 0; i < s->n_clients; i++)
		if (diag_addr_eq(&s->clients[i].addr, a))
			return;
	if (s->n_clients < DIAG_CAPTURE_PEERS_MAX)
		s->clients[s->n_clients++].addr = *a;
}

void cap_clients_end(struct diag_capture *c)
{
	struct diag_capture_seen *s = &c->seen;

	for (size_t i = 0; i < s->n_clients; i++)
		s->clients[i].heard = cap_who(c, &s->clients[i].addr)->heard;
}
