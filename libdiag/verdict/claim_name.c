/* SPDX-License-Identifier: MIT */
/* claim_name.c - claims about zones and records.
 *
 * A zone that is not linked, or that the endpoint does not write into, hurts
 * only those who ask Azure's DNS in the end.  A client that asks a resolver of
 * the internet gets public answers either way: there the resolver is to blame,
 * and the note stands beside it.  A server asks Azure's DNS if it is
 * 168.63.129.16 itself (handed to this machine, or proven by what it says), if
 * it shows the SOA of one of Azure's zones, or if it answers names of other
 * private zones rightly and was not seen to host them itself.  A server of the
 * virtual network that shows no private zone at all may do so too: only if
 * notes cover every name that it answers publicly.
 */
#include "verdict/claim.h"
#include "verdict/path.h"
#include "verdict/where.h"

#include <string.h>

#define TTL_LONG 600 /* seconds; azure.md 2.3 */

const struct ev_answer *claim_server(const struct ev_target *t)
{
	if (t->explained_by)
		return t->explained_by->view->system ? NULL : t->explained_by;
	return t->deciding && !t->deciding->view->system ? t->deciding : NULL;
}

/* --- does the server ask Azure? ------------------------------------------- */

static bool has_soa(const struct ev_origin *o, const struct ev_view *v)
{
	for (size_t i = 0; i < o->n_targets; i++) {
		const struct ev_target *t = &o->targets[i];
		const struct diag_fact *soa = NULL;

		if (!t->row || !t->row->zone)
			continue;
		(void)ev_zone_seen(o, v, t->row->zone, &soa);
		if (soa)
			return true;
	}
	return false;
}

static bool shows_azure_zones(const struct ev_origin *o,
			      const struct ev_view *v)
{
	if (v->azure && v->server)
		return true;
	return where_sees_zone(o, v) || (v->n_private > 0 && !has_soa(o, v));
}

static bool all_covered(const struct claims *c, const struct ev_origin *o,
			const struct ev_view *v)
{
	for (size_t i = 0; i < o->n_targets; i++) {
		const struct ev_answer *a = ev_answer_of(&o->targets[i], v);

		if (a && a->kind == EV_ZONE_NOT_VISIBLE && !c->zoned[i])
			return false;
	}
	return true;
}

static bool stands_in_vnet(const struct ev_origin *o, const struct ev_view *v)
{
	return !v->system && diag_inventory_has_net(o->inv, &v->at.addr);
}

static bool asks_azure(const struct claims *c, const struct ev_origin *o,
		       const struct ev_view *v)
{
	if (shows_azure_zones(o, v))
		return true;
	if (stands_in_vnet(o, v) && v->n_private == 0 && all_covered(c, o, v))
		return true;
	/* a stub is as good as the servers behind it */
	for (size_t i = 0; v->stub && i < o->n_views; i++)
		if (o->views[i].behind_stub &&
		    shows_azure_zones(o, &o->views[i]))
			return true;
	return false;
}

/* --- what the VNet's own servers say, on any machine of this case --------- */

static bool is_vnets(const struct ev_origin *o, const struct ev_view *v)
{
	return (v->azure && shows_azure_zones(o, v)) || stands_in_vnet(o, v);
}

static bool some_server_sees(const struct claims *c, const char *zone)
{
	for (size_t i = 0; i < c->j->ev->n_origins; i++) {
		const struct ev_origin *o = &c->j->ev->origins[i];

		for (size_t k = 0; k < o->n_views; k++) {
			const struct diag_fact *soa = NULL;

			if (is_vnets(o, &o->views[k]) &&
			    ev_zone_seen(o, &o->views[k], zone, &soa) ==
				EV_SEEN_YES &&
			    (!soa || ev_soa_is_private(&soa->dns.soa)))
				return true;
		}
	}
	return false;
}

/* The name, asked there: the answer is of this kind, or good. */
static bool some_server_says(const struct claims *c, const struct ev_target *t,
			     bool (*is)(enum ev_kind))
{
	for (size_t i = 0; i < c->j->ev->n_origins; i++) {
		const struct ev_origin *o = &c->j->ev->origins[i];
		const struct ev_target *same = &o->targets[t->index];

		for (size_t k = 0; k < same->n_answers; k++)
			if (is_vnets(o, same->answers[k].view) &&
			    is(same->answers[k].kind))
				return true;
	}
	return false;
}

static bool is_private_kind(enum ev_kind k)
{
	return k == EV_RIGHT || k == EV_UNPROVEN || k == EV_OTHER_ENDPOINT;
}

static bool is_lacking_kind(enum ev_kind k)
{
	return k == EV_ZONE_NOT_VISIBLE || k == EV_RECORD_MISSING;
}

/* --- zones ---------------------------------------------------------------- */

static const char *zone_of(const struct note *n, const struct ev_target *t)
{
	if (n->zone)
		return n->zone;
	return t->row ? t->row->zone : NULL;
}

static bool is_in_zone(const struct note *n, const struct ev_target *t)
{
	const char *zone = zone_of(n, t);

	return zone && t->row && t->row->zone &&
	       strcmp(zone, t->row->zone) == 0;
}

/* The name works: not by this zone, or the note is old. */
static enum claim zone_of_good(const struct claims *c,
			       const struct ev_target *t)
{
	if (some_server_says(c, t, is_lacking_kind))
		return CLAIM_IDLE;
	if (some_server_says(c, t, is_private_kind))
		return CLAIM_REFUTED;
	return t->from_hosts || !is_private_kind(t->kind) ? CLAIM_IDLE
							  : CLAIM_REFUTED;
}

/* The negative answer itself comes from Azure (RFC 2308, 3). */
static bool is_azures_no(const struct ev_answer *a)
{
	return a->a && ev_soa_is_private(&a->a->dns.soa);
}

static enum claim zone_of_bad(const struct claims *c, const struct ev_target *t)
{
	const struct ev_answer *a = claim_server(t);

	if (t->kind <= EV_NOT_RUN)
		return CLAIM_UNSEEN;
	if (!is_lacking_kind(t->kind) || !a)
		return CLAIM_BESIDE;
	return is_azures_no(a) || asks_azure(c, t->origin, a->view)
		   ? CLAIM_FITS
		   : CLAIM_BESIDE;
}

enum claim claim_missing(const struct claims *c, const struct note *n,
			 const struct ev_target *t)
{
	if (!is_in_zone(n, t))
		return CLAIM_UNSEEN;
	if (ev_kind_is_good(t->kind))
		return zone_of_good(c, t);
	if (some_server_says(c, t, is_private_kind))
		return CLAIM_REFUTED;
	return zone_of_bad(c, t);
}

/* A zone of this name that is seen and lacks the record may be a second copy;
 * the link's absence is not what we see then, and dns.record-missing says
 * both. */
enum claim claim_unlinked(const struct claims *c, const struct note *n,
			  const struct ev_target *t)
{
	if (!is_in_zone(n, t))
		return CLAIM_UNSEEN;
	if (ev_kind_is_good(t->kind))
		return zone_of_good(c, t);
	if (t->kind == EV_RECORD_MISSING || some_server_sees(c, zone_of(n, t)))
		return CLAIM_REFUTED;
	return zone_of_bad(c, t);
}

/* --- records -------------------------------------------------------------- */

static bool is_expected(const struct ev_target *t, const struct diag_addr *a)
{
	for (size_t i = 0; i < t->t->n_addresses; i++)
		if (diag_addr_eq(&t->t->addresses[i], a))
			return true;
	return false;
}

static bool names_other(const struct note *n, const struct ev_target *t)
{
	for (size_t i = 0; i < n->n_addrs; i++)
		if (!is_expected(t, &n->addrs[i]))
			return true;
	return false;
}

/* The address that the note calls old: one that is not expected; a record
 * left by an endpoint that is gone may be all that is known of the name. */
static bool is_old(const struct note *n, const struct ev_target *t,
		   const struct diag_addr *a)
{
	if (n->n_addrs == 0)
		return !is_expected(t, a);
	return note_has_addr(n, a) && is_expected(t, a) != names_other(n, t);
}

const struct diag_addr *claim_old(const struct note *n,
				  const struct ev_target *t)
{
	for (size_t i = 0; t->deciding && i < t->deciding->n_addrs; i++)
		if (is_old(n, t, &t->deciding->addrs[i]->addr))
			return &t->deciding->addrs[i]->addr;
	return NULL;
}

/* Without an address in its words, the record must be the one that is asked
 * for. */
static bool is_this_record(const struct claims *c, const struct note *n,
			   const struct ev_target *t)
{
	const struct ev_answer *a = claim_server(t);

	if (!claim_old(n, t))
		return false;
	return n->n_addrs > 0 || (a && asks_azure(c, t->origin, a->view));
}

/* The old address is what the name is led to, and it counts as right: it is
 * all that is known, or one of two that nobody decided between. */
static enum claim record_at(const struct claims *c, const struct ev_target *t,
			    const struct ev_addr *a)
{
	if (where_met(t, a))
		return CLAIM_IDLE;
	if (a->told || a->n_conns == 0)
		return CLAIM_UNSEEN;
	if (path_is_silent(a))
		return claim_is_alone(c, t, a) ? CLAIM_FITS : CLAIM_BESIDE;
	return a->service == EV_SERVICE_NO ? CLAIM_FITS : CLAIM_UNSEEN;
}

static enum claim record_of_good(const struct claims *c, const struct note *n,
				 const struct ev_target *t)
{
	const struct diag_addr *old = claim_old(n, t);

	if (old && n->n_addrs > 0)
		return record_at(c, t, ev_addr_of(t, old));
	return t->kind == EV_RIGHT && !t->from_hosts ? CLAIM_REFUTED
						     : CLAIM_IDLE;
}

enum claim claim_record(const struct claims *c, const struct note *n,
			const struct ev_target *t)
{
	if (t->kind <= EV_NOT_RUN || t->kind == EV_UNDECIDED)
		return CLAIM_UNSEEN;
	if (ev_kind_is_good(t->kind))
		return record_of_good(c, n, t);
	if (t->kind != EV_WRONG_ADDRESS && t->kind != EV_MIXED)
		return CLAIM_BESIDE;
	return is_this_record(c, n, t) ? CLAIM_FITS : CLAIM_BESIDE;
}

/* --- how long they are kept ----------------------------------------------- */

static bool is_kept_long(const struct note *n, const struct ev_target *t)
{
	for (size_t i = 0; i < n->n_numbers; i++)
		if (n->numbers[i] > TTL_LONG)
			return true;
	for (size_t i = 0; i < t->n_answers; i++) {
		const struct diag_fact *f = t->answers[i].a;

		for (size_t k = 0; f && k < f->dns.n_chain; k++)
			if (f->dns.chain[k].type == DIAG_RR_A &&
			    f->dns.chain[k].ttl_s > TTL_LONG &&
			    diag_fqdn_is_privatelink(f->dns.chain[k].name))
				return true;
	}
	return false;
}

enum claim claim_ttl(const struct claims *c, const struct note *n,
		     const struct ev_target *t)
{
	(void)c;
	if (t->kind == EV_STALE)
		return is_kept_long(n, t) ? CLAIM_FITS : CLAIM_UNSEEN;
	return CLAIM_IDLE;
}
