/* SPDX-License-Identifier: MIT */
/* owners.c - see owners.h. */
#include "fix/zone/owners.h"

#include <string.h>

#include "net/fqdn.h"

static uint32_t hash(const char *name)
{
	uint32_t h = 2166136261U;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 16777619U;
	return h;
}

static struct zone_owner *slot_of(const struct zone_owners *o, const char *name)
{
	size_t i = hash(name) & o->mask;

	while (o->slots[i].name != NULL && strcmp(o->slots[i].name, name) != 0)
		i = (i + 1) & o->mask;
	return &o->slots[i];
}

struct zone_owner *zone_owners_find(const struct zone_owners *o,
				    const char *name)
{
	struct zone_owner *slot = slot_of(o, name);

	return slot->name != NULL ? slot : NULL;
}

static struct zone_owner *owner(struct zone_owners *o, const char *name,
				enum zone_owner_kind kind)
{
	struct zone_owner *slot = slot_of(o, name);

	if (slot->name == NULL) {
		slot->name = name;
		slot->kind = kind;
	} else if (slot->kind == ZONE_OWNER_ABOVE) {
		slot->kind = kind;
	}
	return slot;
}

/* The names between an owner and the zone's top. */
static void add_above(struct zone_owners *o, const char *name)
{
	const char *dot = name;

	while ((dot = strchr(dot, '.')) != NULL) {
		dot++;
		if (strcmp(dot, o->job->origin) == 0)
			return;
		(void)owner(o, dot, ZONE_OWNER_ABOVE);
	}
}

static size_t labels(const struct diag_zone_file_job *job)
{
	size_t n = 1;

	for (size_t i = 0; i < job->n; i++) {
		n++;
		for (const char *c = job->rrs[i].owner; *c != '\0'; c++)
			n += *c == '.';
	}
	return n;
}

static bool twice(const struct zone_owners *o, const struct zone_owner *w,
		  const struct diag_addr *addr)
{
	for (uint32_t i = w->first; i != 0; i = o->next[i - 1])
		if (diag_addr_eq(&o->job->rrs[i - 1].addr, addr))
			return true;
	return false;
}

static bool add(struct zone_owners *o, uint32_t i, struct diag_err *err)
{
	const struct diag_zone_rr *rr = &o->job->rrs[i];
	bool top = strcmp(rr->owner, o->job->origin) == 0;
	struct zone_owner *w;

	if (!top && !diag_fqdn_under(rr->owner, o->job->origin))
		return diag_fail(err, DIAG_EUSAGE, "zone file",
				 "%s is not in the zone %s", rr->owner,
				 o->job->origin);
	w = owner(o, rr->owner, top ? ZONE_OWNER_TOP : ZONE_OWNER_OURS);
	if (twice(o, w, &rr->addr))
		return diag_fail(err, DIAG_EUSAGE, "zone file",
				 "%s: the same address twice", rr->owner);
	w->ours = true;
	o->next[i] = w->first;
	w->first = i + 1;
	if (!top)
		add_above(o, rr->owner);
	return true;
}

bool zone_owners_make(struct diag_arena *arena,
		      const struct diag_zone_file_job *job,
		      struct zone_owners *out, struct diag_err *err)
{
	size_t size = 16;

	memset(out, 0, sizeof(*out));
	while (size < 2 * labels(job))
		size *= 2;
	out->job = job;
	out->mask = size - 1;
	out->slots = diag_arena_array(arena, size, sizeof(*out->slots));
	out->next = diag_arena_array(arena, job->n + 1, sizeof(*out->next));
	if (out->slots == NULL || out->next == NULL)
		return diag_fail_nomem(err, "zone file");
	(void)owner(out, job->origin, ZONE_OWNER_TOP);
	for (uint32_t i = 0; i < job->n; i++)
		if (!add(out, i, err))
			return false;
	return true;
}
