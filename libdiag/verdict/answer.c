/* SPDX-License-Identifier: MIT */
/* answer.c - what kind of answer is this?
 *
 * Each answer of each view gets exactly one kind, by climbing a ladder whose
 * first fitting rung ends the climb.  All dns.* rules only look at kinds, so
 * two of them can never blame the same answer.
 *
 *   1 no reply, a failing or a cut reply              the server
 *   2 NXDOMAIN, NODATA                                the zone, the name, or a
 *                                                     filter that removed it
 *   3 addresses                                       right? mixed? unusable?
 *                                                     private? public?
 *   4 public where private is due                     the chain says why,
 *                                                     unless public access is
 *                                                     allowed and works
 *   5 several rounds that disagree                    flapping
 *
 * The chain is what tells zone-not-visible from no-private-endpoint: Azure's
 * public DNS shows a privatelink alias exactly when the resource has an
 * approved private endpoint (azure.md 2.2, rule 1).  A resolver that hides
 * the chain (no CNAME at all) can say neither.
 */
#include "verdict/evidence_build.h"

#include <string.h>

bool build_is_instance(const struct ev_target *t)
{
	return t->t->service == DIAG_SVC_COMPUTE_INSTANCE ||
	       t->t->service == DIAG_SVC_COMPUTE_INSTANCE_SSH;
}

const struct ev_answer *build_system_answer(const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_answers; i++)
		if (t->answers[i].view->system)
			return &t->answers[i];
	return NULL;
}

/* --- 3: addresses --------------------------------------------------------- */

static bool counts_as_right(const struct ev_target *t, const struct ev_addr *a)
{
	if (a->cls == EV_EXPECTED)
		return true;
	return a->cls == EV_OURS && t->t->n_addresses == 0;
}

static void tally_one(const struct ev_target *t, const struct ev_addr *a,
		      struct tally *n)
{
	n->n++;
	if (counts_as_right(t, a)) {
		n->right++;
		return;
	}
	n->not_right++;
	n->ours += a->cls == EV_OURS;
	n->private += a->cls == EV_PRIVATE;
	n->public += a->cls == EV_PUBLIC;
	n->unusable += a->cls == EV_UNUSABLE;
	n->synthetic += a->cls == EV_SYNTHETIC;
	if (a->cls == EV_PUBLIC || a->cls == EV_UNUSABLE)
		return;
	n->service_yes += a->service == EV_SERVICE_YES;
	n->service_no += a->service == EV_SERVICE_NO;
}

struct tally build_tally(const struct ev_target *t, const struct ev_answer *a)
{
	struct tally v4 = { 0 }, v6 = { 0 };
	size_t i;

	for (i = 0; i < a->n_addrs; i++)
		tally_one(t, a->addrs[i],
			  a->addrs[i]->judged.family == DIAG_IPV4 ? &v4 : &v6);
	return v4.n > 0 ? v4 : v6;
}

/* Private addresses that are not the expected ones. */
static enum ev_kind stranger_kind(const struct ev_target *t,
				  const struct tally *n)
{
	if (n->synthetic > 0) {
		if (n->service_yes > 0)
			return EV_SYNTHETIC_WORKS;
		return n->service_no > 0 ? EV_SYNTHETIC_BROKEN : EV_UNDECIDED;
	}
	if (t->t->n_addresses == 0)
		return EV_UNPROVEN;
	if (n->service_no > 0)
		return EV_WRONG_ADDRESS;
	return n->service_yes == n->not_right ? EV_OTHER_ENDPOINT
					      : EV_UNDECIDED;
}

enum ev_kind build_private_kind(const struct ev_target *t,
				const struct tally *n)
{
	size_t bad = n->public + n->unusable;

	if (n->not_right == 0)
		return EV_RIGHT;
	/* Some are right, or at least private, and some cannot be. */
	if (bad > 0 && bad < n->n)
		return EV_MIXED;
	if (n->unusable > 0)
		return EV_UNUSABLE_ANSWER;
	if (n->public > 0)
		return EV_PUBLIC_UNEXPLAINED;
	if (n->right > 0 && n->service_no > 0)
		return EV_MIXED;
	return stranger_kind(t, n);
}

/* A name that must stay public.  A private address that is this very service
 * is fine: somebody gave it a private endpoint of its own. */
enum ev_kind build_public_kind(const struct tally *n)
{
	if (n->right + n->public == n->n)
		return EV_RIGHT;
	if (n->unusable == n->n)
		return EV_UNUSABLE_ANSWER;
	if (n->synthetic == n->n && n->service_no > 0)
		return EV_SYNTHETIC_BROKEN;
	if (n->synthetic == n->n)
		return n->service_yes > 0 ? EV_SYNTHETIC_WORKS : EV_UNDECIDED;
	if (n->service_yes > 0 && n->service_no == 0 && n->unusable == 0)
		return EV_RIGHT;
	return n->public > 0 ? EV_MIXED : EV_HIDDEN;
}

static enum ev_kind any_kind(const struct tally *n)
{
	if (n->unusable == n->n)
		return EV_UNUSABLE_ANSWER;
	return n->unusable > 0 ? EV_MIXED : EV_RIGHT;
}

/* --- 4: public where private is due --------------------------------------- */

static bool alias_elsewhere(const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_answers; i++)
		if (t->answers[i].alias != NULL)
			return true;
	return false;
}

static bool has_cname(const struct ev_answer *a)
{
	const struct diag_fact *f = a->a != NULL ? a->a : a->aaaa;
	size_t i;

	for (i = 0; f != NULL && i < f->dns.n_chain; i++)
		if (f->dns.chain[i].type == DIAG_RR_CNAME)
			return true;
	return false;
}

static enum ev_kind public_reason(const struct ev_target *t,
				  const struct ev_answer *a)
{
	if (ev_public_works(t, a))
		return EV_PUBLIC_WORKS;
	if (a->alias != NULL)
		return ev_zone_seen(t->origin, a->view, a->zone, NULL) ==
			       EV_SEEN_YES
			   ? EV_RECORD_MISSING
			   : EV_ZONE_NOT_VISIBLE;
	if (build_is_instance(t))
		return EV_INSTANCE_NOT_PRIVATE;
	/* Another resolver shows the alias: this one hides the chain. */
	if (alias_elsewhere(t))
		return EV_ZONE_NOT_VISIBLE;
	if (t->row != NULL && t->row->alias == DIAG_ALIAS_ALWAYS &&
	    t->row->confirmed && has_cname(a))
		return EV_NO_ENDPOINT;
	return EV_PUBLIC_UNEXPLAINED;
}

static enum ev_kind address_kind(const struct ev_target *t,
				 const struct ev_answer *a)
{
	struct tally n = build_tally(t, a);
	enum ev_kind k;

	if (ev_wants_public(t->t))
		return build_public_kind(&n);
	if (!ev_wants_private(t->t))
		return any_kind(&n);
	k = build_private_kind(t, &n);
	return k == EV_PUBLIC_UNEXPLAINED ? public_reason(t, a) : k;
}

/* --- 2: no such name, no such data ---------------------------------------- */

/* Another view of this machine has a private address for the name, and not
 * from a hosts line, which anybody can write. */
static bool private_elsewhere(const struct ev_target *t,
			      const struct ev_answer *but)
{
	size_t i, k;

	for (i = 0; i < t->n_answers; i++) {
		const struct ev_answer *a = &t->answers[i];

		if (a == but || (a->view->system && t->from_hosts))
			continue;
		for (k = 0; k < a->n_addrs; k++)
			if (ev_class_is_private(a->addrs[k]->cls))
				return true;
	}
	return false;
}

/* The negative answer comes from the private zone itself (RFC 2308, 3: its
 * SOA stands in the authority section). */
static bool zone_says_no(const struct ev_target *t, const struct ev_answer *a,
			 const struct diag_fact *f)
{
	const struct diag_soa *soa = &f->dns.soa;

	if (soa->owner != NULL && ev_soa_is_private(soa))
		return true;
	if (a->zone == NULL)
		return false;
	switch (ev_zone_seen(t->origin, a->view, a->zone, NULL)) {
	case EV_SEEN_YES:
		return true;
	case EV_SEEN_NO:
		return false; /* its public twin says no */
	case EV_SEEN_UNKNOWN:
		break;
	}
	return soa->owner != NULL && strcmp(soa->owner, a->zone) == 0;
}

static enum ev_kind negative_kind(const struct ev_target *t,
				  const struct ev_answer *a,
				  const struct diag_fact *f)
{
	if (ev_wants_public(t->t))
		return EV_HIDDEN;
	if (ev_wants_private(t->t) && zone_says_no(t, a, f))
		return build_is_instance(t) && a->alias == NULL
			   ? EV_INSTANCE_NOT_PRIVATE
			   : EV_RECORD_MISSING;
	if (build_is_instance(t))
		return EV_INSTANCE_NOT_PRIVATE;
	return f->status == DIAG_ST_NXDOMAIN ? EV_NAME_NOT_FOUND : EV_EMPTY;
}

/* dnsmasq and Unbound with rebinding protection take the private address out
 * and leave NOERROR without an SOA; a real NODATA has one (RFC 2308, 2.2). */
static enum ev_kind nodata_kind(const struct ev_target *t,
				const struct ev_answer *a,
				const struct diag_fact *f)
{
	if (f->dns.soa.owner != NULL || ev_wants_public(t->t))
		return negative_kind(t, a, f);
	return private_elsewhere(t, a) ? EV_FILTERED : EV_FILTER_SUSPECT;
}

static enum ev_kind refused_kind(const struct ev_target *t,
				 const struct ev_answer *a)
{
	if (!ev_wants_public(t->t) && a->view->n_served > 0 &&
	    private_elsewhere(t, a))
		return EV_FILTERED;
	return EV_FAILING;
}

/* --- 1: the server -------------------------------------------------------- */

static enum ev_kind status_kind(const struct ev_target *t,
				const struct ev_answer *a,
				const struct diag_fact *f)
{
	switch (f->status) {
	case DIAG_ST_NOT_RUN:
		return EV_NOT_RUN;
	case DIAG_ST_TIMEOUT:
		return EV_SILENT;
	case DIAG_ST_TRUNCATED:
		return EV_TRUNCATED;
	case DIAG_ST_REFUSED:
		return refused_kind(t, a);
	case DIAG_ST_NXDOMAIN:
		return negative_kind(t, a, f);
	case DIAG_ST_NODATA:
		return nodata_kind(t, a, f);
	case DIAG_ST_ANSWER:
		return a->n_addrs > 0 ? address_kind(t, a)
				      : nodata_kind(t, a, f);
	default: /* servfail, rcode-other, malformed, closed, unreachable … */
		return EV_FAILING;
	}
}

static enum ev_kind server_kind(const struct ev_target *t,
				const struct ev_answer *a)
{
	const struct diag_fact *f = a->a != NULL ? a->a : a->aaaa;

	if (f == NULL)
		return EV_NOT_ASKED;
	/* No A but an AAAA: that is what a client would use. */
	if (f->status == DIAG_ST_NODATA && a->n_addrs > 0)
		return address_kind(t, a);
	return status_kind(t, a, f);
}

/* --- 5: rounds ------------------------------------------------------------ */

static void look_at_round(const struct ev_target *t, const struct diag_fact *f,
			  bool *private, bool *public)
{
	size_t i;

	for (i = 0; f->kind == DIAG_FACT_DNS && i < f->dns.n_addresses; i++) {
		const struct ev_addr *row = ev_addr_of(t, &f->dns.addresses[i]);

		*private |= row != NULL && ev_class_is_private(row->cls);
		*public |= row != NULL && row->cls == EV_PUBLIC;
	}
}

/* One answer that holds both is mixed, not flapping. */
static bool flaps(const struct ev_target *t, const struct ev_answer *a)
{
	bool private = false, public = false;
	size_t i;

	for (i = 0; i < a->n_rounds; i++) {
		bool in = false, out = false;

		look_at_round(t, a->rounds[i], &in, &out);
		private |= in && !out;
		public |= out && !in;
	}
	return private && public;
}

/* --- a stub that keeps an old answer ---------------------------------------
 */

/* Every server behind the stub that would be asked and answers, answers
 * rightly; the stub does not. */
static bool stub_is_stale(const struct ev_target *t, const struct ev_answer *a)
{
	bool some = false;
	size_t i;

	if (!a->view->stub || a->kind <= EV_SYNTHETIC_WORKS ||
	    a->kind >= EV_STALE)
		return false;
	for (i = 0; i < t->n_answers; i++) {
		const struct ev_answer *s = &t->answers[i];

		if (!s->view->behind_stub || s->asked == DIAG_ASKED_NO ||
		    s->kind <= EV_NOT_RUN || ev_kind_is_server(s->kind))
			continue;
		if (!ev_kind_is_good(s->kind))
			return false;
		some = true;
	}
	return some;
}

void build_kinds(struct ev_target *t)
{
	struct ev_answer *sys = NULL;
	size_t i;

	for (i = 0; i < t->n_answers; i++)
		if (t->answers[i].view->system)
			sys = &t->answers[i];
	t->from_hosts = build_from_hosts(t, sys);
	for (i = 0; i < t->n_answers; i++) {
		struct ev_answer *a = &t->answers[i];

		if (a == sys)
			continue;
		a->kind = server_kind(t, a);
		if (ev_wants_private(t->t) && flaps(t, a)) {
			a->kind = EV_FLAPPING;
			t->origin->views[i].flaps = true;
		}
	}
	for (i = 0; i < t->n_answers; i++)
		if (stub_is_stale(t, &t->answers[i]))
			t->answers[i].kind = EV_STALE;
}
