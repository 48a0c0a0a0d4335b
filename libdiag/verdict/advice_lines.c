/* SPDX-License-Identifier: MIT */
/* advice_lines.c - hosts lines: only addresses that are known. */
#include "verdict/advice_hosts.h"

#include <string.h>

#define LINES_MAX 4096 /* of one fix */

static bool can_have_line(const struct diag_target *t)
{
	return t->fqdn && t->n_addresses > 0 &&
	       t->expect != DIAG_EXPECT_PUBLIC && !strchr(t->fqdn, '*');
}

static bool is_misled(const struct judge *j, size_t index)
{
	for (size_t i = 0; i < j->ev->n_origins; i++) {
		const struct ev_target *t = &j->ev->origins[i].targets[index];

		if (t->any_fact && !t->unused && !ev_kind_is_good(t->kind))
			return true;
	}
	return false;
}

static const char *line_of(struct judge *j, const struct diag_target *t)
{
	return judge_text(j, "%s %s", judge_addr(j, &t->addresses[0]), t->fqdn);
}

bool advice_lines(struct judge *j, struct advice_lines *out)
{
	const struct diag_inventory *inv = j->c->inventory;
	const char **lines =
	    diag_arena_array(&j->v->arena, inv->n_targets + 1, sizeof(*lines));

	out->items = lines;
	out->n = 0;
	if (!lines)
		return false;
	for (size_t i = 0; i < inv->n_targets && out->n < LINES_MAX; i++)
		if (can_have_line(&inv->targets[i]) && is_misled(j, i))
			lines[out->n++] = line_of(j, &inv->targets[i]);
	return true;
}

static const struct diag_target *target(const struct advice *a, size_t i)
{
	return &a->j->c->inventory->targets[a->d->targets[i]];
}

bool advice_own_lines(struct advice *a, struct diag_fix *f)
{
	const char **lines = diag_arena_array(
	    &a->j->v->arena, a->d->n_targets + 1, sizeof(*lines));

	if (!lines)
		return false;
	f->lines = lines;
	for (size_t i = 0; i < a->d->n_targets && i < LINES_MAX; i++)
		if (can_have_line(target(a, i)))
			lines[f->n_lines++] = line_of(a->j, target(a, i));
	return true;
}

/* --- when they are a quick repair ----------------------------------------- */

bool advice_asks_azure(const struct advice *a)
{
	return a->server && a->server->azure;
}

static bool vpn_is_down(const struct advice *a)
{
	for (size_t i = 0; i < a->j->n_drafts; i++)
		if (strcmp(a->j->drafts[i]->info->code, "vpn.down") == 0)
			return true;
	return false;
}

/* Not for a machine inside, which can have its zone linked; not before the VPN
 * is up, which may bring its own name server; and not for what a document
 * alone says. */
static bool helps(const struct advice *a)
{
	return !a->d->beside && !vpn_is_down(a) &&
	       !(advice_asks_azure(a) && a->j->c->role != DIAG_ROLE_CLIENT);
}

static bool helps_with_lines(const struct advice *a)
{
	return a->lines->n > 0 && helps(a);
}

static bool is_windows(const struct advice *a)
{
	const struct diag_machine *m = a->origin->machine;

	return m && m->platform && strcmp(m->platform, "windows") == 0;
}

/* A live run has no name. */
static bool is_afar(const struct advice *a)
{
	return a->origin->o->name && a->origin->o->name[0] != '\0';
}

bool advice_file_is_here(const struct advice *a)
{
	return !is_windows(a) && !is_afar(a);
}

bool advice_own_here(const struct advice *a)
{
	for (size_t i = 0; i < a->d->n_targets; i++)
		if (!can_have_line(target(a, i)))
			return false;
	return advice_file_is_here(a) && a->j->inventory_known;
}

bool advice_hosts_here(const struct advice *a)
{
	return helps_with_lines(a) && advice_file_is_here(a) &&
	       a->j->inventory_known;
}

bool advice_hosts_bare(const struct advice *a)
{
	return helps_with_lines(a) && advice_file_is_here(a) &&
	       !a->j->inventory_known;
}

bool advice_hosts_afar(const struct advice *a)
{
	return helps_with_lines(a) && !is_windows(a) && is_afar(a);
}

bool advice_hosts_windows(const struct advice *a)
{
	return helps_with_lines(a) && is_windows(a);
}

/* Every name of the cause could have a line, and none has an address. */
bool advice_no_address(const struct advice *a)
{
	if (a->lines->n > 0 || !helps(a))
		return false;
	for (size_t i = 0; i < a->d->n_targets; i++)
		if (target(a, i)->fqdn && target(a, i)->n_addresses == 0 &&
		    target(a, i)->expect != DIAG_EXPECT_PUBLIC)
			return true;
	return false;
}
