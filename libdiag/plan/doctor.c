/* SPDX-License-Identifier: MIT */
/* doctor.c - pl-doctor's plan: the critical path (design.md, section 7).
 *
 * Nothing waits that need not wait.  The path to each expected address is
 * tried at once, beside the questions to all views, so that a healthy run
 * costs one connection; what answers teach (an address nobody expected, a
 * private zone, a truncation) is added as it arrives.
 *
 * Targets are unrolled one at a time when the queue is empty, so that the
 * memory of a plan is what is undecided, and the work for each answer does
 * not grow with the number of targets: a step carries its subject as cookie.
 *
 * Repeated rounds are for servers that change their mind: each begins when
 * the questions of the one before are done.
 */
#include <string.h>

#include "base/mem.h"
#include "plan/doctor_internal.h"

/* Four seconds may have gone when a handshake is given up; ten are all there
 * are. */
#define REPEAT_MS 3500 /* longer than a capture's patience */
#define MTU_MS	  5000

/* --- subjects and zones
 * ------------------------------------------------------- */

static bool add_zone(struct doctor *d, const char *zone, struct diag_err *err)
{
	char **at;

	for (size_t i = 0; i < d->n_zones; i++)
		if (strcmp(d->zones[i], zone) == 0)
			return true;
	if (d->o.no_soa || d->n_zones == DOCTOR_ZONES_MAX)
		return true;
	at = diag_arena_push(&d->arena, &d->zones, &d->n_zones, sizeof(*at));
	if (at)
		*at = diag_arena_strdup(&d->arena, zone);
	return (at && *at) || diag_fail_nomem(err, "plan");
}

/* The zone of a target, its region filled in where the pattern has one. */
static bool zone_of_target(struct doctor *d, const struct diag_target *t,
			   const char *pattern, struct diag_err *err)
{
	struct diag_cat_fill with = { .region = d->o.inventory->region };
	struct diag_cat_match match;
	char zone[DIAG_FQDN_MAX];

	if (pattern == NULL || t->expect == DIAG_EXPECT_PUBLIC)
		return true;
	if (strchr(pattern, '{') == NULL)
		return add_zone(d, pattern, err);
	if (t->fqdn && diag_cat_match(t->fqdn, &match))
		with.region = match.region;
	return !diag_cat_fill(pattern, &with, zone, sizeof(zone)) ||
	       add_zone(d, zone, err);
}

static bool add_subject(struct doctor *d, const struct diag_target *t,
			struct diag_err *err)
{
	const struct diag_cat_row *row =
	    diag_cat_row(d->o.inventory->cloud, t->service);
	struct subject *s = &d->subjects[d->n_subjects++];

	s->target = t;
	s->tls = t->fqdn != NULL && (row == NULL || row->tls);
	if (row && row->http.path)
		s->http = &row->http;
	/* A wildcard is no name that anybody can ask for. */
	if (t->fqdn && t->fqdn[0] != '*')
		s->name = t->fqdn;
	return zone_of_target(d, t, row ? row->zone : NULL, err);
}

static bool add_subjects(struct doctor *d, struct diag_err *err)
{
	const struct diag_inventory *inv = d->o.inventory;

	d->subjects =
	    diag_arena_array(&d->arena, inv->n_targets ? inv->n_targets : 1,
			     sizeof(*d->subjects));
	if (d->subjects == NULL)
		return diag_fail_nomem(err, "plan");
	for (size_t i = 0; i < inv->n_targets; i++)
		if (!add_subject(d, &inv->targets[i], err))
			return false;
	return true;
}

/* --- the iterator
 * --------------------------------------------------------------- */

/* Put more into the queue; false: there is nothing more now. */
static bool unroll(struct doctor *d)
{
	if (d->next_subject < d->n_subjects) {
		struct subject *s = &d->subjects[d->next_subject++];

		return (d->round > 1 || doctor_paths(d, s, &d->err)) &&
		       doctor_questions(d, s, &d->err);
	}
	if (d->next_zone < d->n_zones)
		return doctor_zone(d, d->zones[d->next_zone++], &d->err);
	if (d->o.fingerprint && !d->asked_software)
		return doctor_software(d, &d->err);
	if (d->round < d->o.repeat && d->questions == 0) {
		d->round++;
		d->next_subject = 0;
		return d->n_subjects > 0;
	}
	return false;
}

static bool doctor_next(void *ctx, struct diag_step *step)
{
	struct doctor *d = ctx;

	while (d->err.code == DIAG_OK) {
		if (queue_pop(&d->queue, step))
			return true;
		if (!unroll(d))
			return false;
	}
	return false;
}

static bool learn_addresses(struct doctor *d, struct subject *s,
			    const struct diag_addr *addresses, size_t n,
			    struct diag_err *err)
{
	for (size_t i = 0; s && i < n; i++)
		if (!doctor_answered(d, s, &addresses[i], err))
			return false;
	return true;
}

static bool learn_dns(struct doctor *d, const struct diag_step *step,
		      const struct diag_fact *f, struct diag_err *err)
{
	const struct diag_dns_fact *dns = &f->dns;

	if (f->status == DIAG_ST_TRUNCATED && !step->tcp &&
	    !doctor_over_tcp(d, step, err))
		return false;
	for (size_t i = 0; i < dns->n_chain; i++) {
		const char *zone =
		    diag_fqdn_privatelink_zone(dns->chain[i].name);

		if (zone && !add_zone(d, zone, err))
			return false;
	}
	if (dns->type == DIAG_RR_AAAA && dns->n_addresses > 0 && step->cookie &&
	    !doctor_nat64(d, err))
		return false;
	return learn_addresses(d, step->cookie, dns->addresses,
			       dns->n_addresses, err);
}

static bool doctor_learn(void *ctx, const struct diag_step *step,
			 const struct diag_fact *f, struct diag_err *err)
{
	struct doctor *d = ctx;

	if (f->kind == DIAG_FACT_DNS)
		return learn_dns(d, step, f, err);
	if (f->kind == DIAG_FACT_SYSTEM_DNS)
		return learn_addresses(d, step->cookie, f->system_dns.addresses,
				       f->system_dns.n_addresses, err);
	return again_learn(&d->again, &d->queue, step, f, err);
}

static void doctor_done(void *ctx, const struct diag_step *step)
{
	struct doctor *d = ctx;
	bool question = step->probe == DIAG_PROBE_DNS ||
			step->probe == DIAG_PROBE_SYSTEM_DNS;

	if (question && step->cookie && d->questions > 0)
		d->questions--;
}

static bool doctor_failed(void *ctx, struct diag_err *err)
{
	const struct doctor *d = ctx;

	if (d->err.code == DIAG_OK)
		return false;
	return !diag_fail(err, d->err.code, "plan", "%s", d->err.what);
}

static void doctor_free(void *ctx)
{
	struct doctor *d = ctx;

	queue_clear(&d->queue);
	addrset_clear(&d->routed);
	again_clear(&d->again);
	diag_arena_clear(&d->arena);
	diag_free(d);
}

static void presets(struct diag_doctor_options *o)
{
	if (o->dns_timeout_ms == 0)
		o->dns_timeout_ms = 3000;
	if (o->connect_timeout_ms == 0)
		o->connect_timeout_ms = 4000;
	if (o->system_timeout_ms == 0)
		o->system_timeout_ms = 9500;
	if (o->max_per_target == 0)
		o->max_per_target = 16;
}

bool diag_plan_doctor(const struct diag_doctor_options *o,
		      struct diag_plan *out, struct diag_err *err)
{
	struct doctor *d = diag_alloc(sizeof(*d));

	if (d == NULL)
		return diag_fail_nomem(err, "plan");
	d->o = *o;
	d->round = 1;
	presets(&d->o);
	d->again.timeout_ms = REPEAT_MS;
	d->again.mtu_timeout_ms = MTU_MS;
	diag_arena_init(&d->arena, 0);
	if (!add_subjects(d, err)) {
		doctor_free(d);
		return false;
	}
	*out = (struct diag_plan){
		.ctx = d,
		.next = doctor_next,
		.learn = doctor_learn,
		.done = doctor_done,
		.failed = doctor_failed,
		.free = doctor_free,
	};
	return true;
}
