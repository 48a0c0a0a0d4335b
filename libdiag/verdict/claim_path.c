/* SPDX-License-Identifier: MIT */
/* claim_path.c - claims about endpoints and networks.
 *
 * An endpoint that is not approved shows in three ways (azure.md 2.2, rule 1):
 * Azure's public DNS gives the name no privatelink alias; the address says
 * nothing; or the service denies access over it.  Each has look-alikes:
 *
 *   silence   a way that is closed as a whole.  It counts only if a neighbour
 *             answers, or if every silent endpoint has such a note.
 *   no alias  a resolver that hides the chain: that is another kind of answer
 *             (answer.c), unless no server shows any chain.
 *   denial    another resource's endpoint: the note is what tells them apart.
 *
 * An alias does not refute the note: the resource may have another endpoint,
 * elsewhere, that is approved.
 */
#include "verdict/claim.h"
#include "verdict/path.h"
#include "verdict/where.h"

static bool is_right_private(const struct ev_addr *a)
{
	return (a->path || a->expected) && ev_class_is_private(a->cls);
}

/* --- endpoint.not-approved ------------------------------------------------ */

static bool is_met(const struct ev_target *t)
{
	for (size_t i = 0; i < t->n_addrs; i++)
		if (is_right_private(&t->addrs[i]) &&
		    where_met(t, &t->addrs[i]))
			return true;
	return false;
}

static bool is_denied(const struct ev_target *t)
{
	for (size_t i = 0; i < t->n_addrs; i++) {
		const struct ev_addr *a = &t->addrs[i];

		for (size_t k = 0; k < a->n_conns; k++) {
			const struct diag_fact *f = path_denied(&a->conns[k]);

			if (f && a->path && !a->told && is_right_private(a) &&
			    path_denial_is_confirmed(t, f->http.denial))
				return true;
		}
	}
	return false;
}

const struct ev_addr *claim_silent(const struct ev_target *t)
{
	for (size_t i = 0; i < t->n_addrs; i++) {
		const struct ev_addr *a = &t->addrs[i];

		if (a->path && !a->told && is_right_private(a) &&
		    path_is_silent(a))
			return a;
	}
	return NULL;
}

bool claim_is_alone(const struct claims *c, const struct ev_target *t,
		    const struct ev_addr *a)
{
	struct path_near near = path_near(t->origin, a);

	if (near.itself)
		return false;
	return near.neighbour || !c->silent_beside[t->origin->index];
}

static bool was_tried(const struct ev_target *t)
{
	for (size_t i = 0; i < t->n_addrs; i++)
		for (size_t k = 0; k < t->addrs[i].n_conns; k++)
			if (ev_ran(t->addrs[i].conns[k].tcp))
				return true;
	return false;
}

enum claim claim_endpoint(const struct claims *c, const struct note *n,
			  const struct ev_target *t)
{
	const struct ev_addr *silent = claim_silent(t);

	(void)n;
	if (is_denied(t))
		return CLAIM_FITS;
	if (is_met(t))
		return CLAIM_REFUTED;
	/* led astray: what the endpoint does is another matter */
	if (t->kind == EV_WRONG_ADDRESS || t->kind == EV_MIXED)
		return CLAIM_BESIDE;
	if (t->kind == EV_NO_ENDPOINT || t->kind == EV_PUBLIC_UNEXPLAINED)
		return CLAIM_FITS;
	if (silent)
		return claim_is_alone(c, t, silent) ? CLAIM_FITS : CLAIM_BESIDE;
	if (t->kind == EV_PUBLIC_WORKS)
		return CLAIM_IDLE;
	if (ev_kind_is_good(t->kind) && !was_tried(t))
		return CLAIM_UNSEEN;
	return t->kind > EV_NOT_RUN ? CLAIM_BESIDE : CLAIM_UNSEEN;
}

/* --- vnet.docker-range ---------------------------------------------------- */

static bool in_docker_range(const struct diag_addr *a)
{
	return a->family == DIAG_IPV4 && a->bytes[0] == 172 &&
	       a->bytes[1] == 17;
}

/* Replies of a node go to its own bridge if they are meant for this range. */
static bool is_answered_next_door(const struct ev_target *t,
				  const struct ev_addr *a)
{
	if (t->t->service != DIAG_SVC_COMPUTE_NODE || !path_is_silent(a))
		return false;
	for (size_t i = 0; i < a->n_conns; i++)
		if (ev_ran(a->conns[i].tcp) &&
		    in_docker_range(&a->conns[i].tcp->tcp.local_address))
			return true;
	return a->route && in_docker_range(&a->route->route.source);
}

static bool is_lost_in_docker(const struct ev_target *t,
			      const struct ev_addr *a)
{
	const struct diag_interface *i = ev_interface_to(t->origin, a);

	return a->told && i && i->container;
}

enum claim claim_docker(const struct claims *c, const struct note *n,
			const struct ev_target *t)
{
	bool tried = false;

	(void)c;
	(void)n;
	for (size_t i = 0; i < t->n_addrs; i++) {
		const struct ev_addr *a = &t->addrs[i];

		if (!is_right_private(a) || !in_docker_range(&a->addr))
			continue;
		if (is_lost_in_docker(t, a) || is_answered_next_door(t, a))
			return CLAIM_FITS;
		tried = true;
	}
	return tried ? CLAIM_IDLE : CLAIM_UNSEEN;
}
