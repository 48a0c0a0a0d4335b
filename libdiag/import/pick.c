/* SPDX-License-Identifier: MIT */
/* pick.c - which workspace are these documents of?
 *
 * Every document says a part: the CLI's v2 body has an ARM id and no GUID, the
 * endpoint's names have the GUID and a cut name, the endpoint itself leads to
 * an ARM id.  Each part is a claim; claims that share an ARM id or a GUID are
 * of one workspace.  What then has only an ARM id is joined with what has only
 * a GUID if the notebook label fits the name, and nothing else does; or if
 * there is just one of each and nothing against it.
 *
 * A name in a hosts file or a zone may be of somebody else's workspace: such
 * claims are weak, they may complete a workspace and make none where there is
 * another.
 *
 * Projects live on the endpoint of their hub (azure.md 1.1): when all names
 * are on the endpoint of one workspace, that one is meant.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "import/pick.h"

#define LISTED	     3	/* in the message about several */
#define LABEL_BUDGET 22 /* what "ml-W-R-G" leaves for W and R (RFC 1035) */

static bool same(const char *a, const char *b)
{
	return a[0] != '\0' && strcmp(a, b) == 0;
}

/* --- joining -------------------------------------------------------------- */

/* "mlworkspace-port" is what eastus leaves of "mlworkspace-portal02". */
static bool label_fits(const struct import_pick *named,
		       const struct import_pick *labelled)
{
	size_t have = strlen(named->name);
	size_t region = strlen(labelled->region);
	size_t room = region < LABEL_BUDGET ? LABEL_BUDGET - region : 0;
	size_t len = strlen(labelled->label);
	char head[64];

	if (len == 0 || len > have || len >= sizeof(head) ||
	    (len < have && len + 1 < room))
		return false;
	(void)snprintf(head, sizeof(head), "%.*s", (int)len, named->name);
	return diag_text_eq_nocase(head, labelled->label);
}

static bool lacks_id(const struct import_pick *g)
{
	return g->id[0] == '\0' && g->name[0] != '\0';
}

static bool lacks_arm(const struct import_pick *g, bool weak)
{
	return g->id[0] != '\0' && g->arm[0] == '\0' && g->weak == weak;
}

/* The only group that may be the other half of g; n if none or several. */
static size_t partner(const struct picking *p, size_t g, bool weak)
{
	size_t found = p->n;
	size_t bare = 0;
	size_t named = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct import_pick *other = &p->groups[i];

		named += lacks_id(other);
		if (!lacks_arm(other, weak))
			continue;
		bare++;
		if (other->label[0] != '\0' &&
		    !label_fits(&p->groups[g], other))
			continue;
		if (other->name[0] != '\0' &&
		    !diag_text_eq_nocase(other->name, p->groups[g].name))
			continue;
		if (found < p->n)
			return p->n;
		found = i;
	}
	/* Without a label only being alone speaks for it. */
	if (found < p->n && p->groups[found].label[0] == '\0' &&
	    (bare > 1 || named > 1))
		return p->n;
	return found;
}

static size_t suitors(const struct picking *p, size_t of)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += lacks_id(&p->groups[i]) &&
		     (p->groups[of].label[0] == '\0' ||
		      label_fits(&p->groups[i], &p->groups[of]));
	return n;
}

static void join_halves(struct picking *p, bool weak)
{
	for (size_t i = 0; i < p->n; i++) {
		size_t other;

		if (!lacks_id(&p->groups[i]))
			continue;
		other = partner(p, i, weak);
		if (other == p->n || suitors(p, other) > 1)
			continue;
		p->groups[i].weak = false;
		import_absorb(&p->groups[i], &p->groups[other]);
		import_drop_group(p, other);
		if (other < i)
			i--;
	}
}

/* An inventory may know no more than the name. */
static void join_names(struct picking *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct import_pick *g = &p->groups[i];

		if (g->arm[0] != '\0' || g->id[0] != '\0')
			continue;
		for (size_t k = 0; k < p->n; k++) {
			if (k == i ||
			    !diag_text_eq_nocase(p->groups[k].name, g->name))
				continue;
			import_absorb(&p->groups[k], g);
			import_drop_group(p, i--);
			break;
		}
	}
}

static void drop_weak(struct picking *p)
{
	bool strong = false;

	for (size_t i = 0; i < p->n; i++)
		strong = strong || !p->groups[i].weak;
	for (size_t i = 0; strong && i < p->n; i++) {
		if (p->groups[i].weak)
			import_drop_group(p, i--);
	}
}

/* --- choosing ------------------------------------------------------------- */

static const char *called(const struct import_pick *g)
{
	if (g->name[0] != '\0')
		return g->name;
	return g->id[0] != '\0' ? g->id : g->arm;
}

static bool has_namesake(const struct picking *p, size_t of)
{
	for (size_t i = 0; i < p->n; i++) {
		if (i != of && diag_text_eq_nocase(called(&p->groups[i]),
						   called(&p->groups[of])))
			return true;
	}
	return false;
}

static void list_groups(const struct picking *p, struct diag_buf *out)
{
	for (size_t i = 0; i < p->n && i < LISTED; i++) {
		const struct import_pick *g = &p->groups[i];

		diag_buf_printf(out, "%s%s", i > 0 ? ", " : "", called(g));
		if (has_namesake(p, i))
			diag_buf_printf(out, " (%s)",
					g->id[0] != '\0' ? g->id : g->arm);
	}
	if (p->n > LISTED)
		diag_buf_printf(out, " and %zu more", p->n - LISTED);
}

static bool fail_listing(const struct picking *p, const char *before,
			 const char *after, struct diag_err *err)
{
	struct diag_buf list;

	diag_buf_init(&list, 4096);
	list_groups(p, &list);
	(void)diag_fail(err, DIAG_EUSAGE, "import", "%s%s%s", before,
			diag_buf_str(&list), after);
	diag_buf_clear(&list);
	return false;
}

static bool is_called(const struct import_pick *g, const char *word)
{
	return diag_text_eq_nocase(g->name, word) ||
	       diag_text_eq_nocase(g->id, word) ||
	       diag_text_eq_nocase(g->arm, word);
}

/* All names on the endpoint of one: it is the hub of the others. */
static bool is_hub(const struct picking *p, size_t hub)
{
	const struct diag_import *im = p->m->im;
	const char *endpoint = "";

	for (size_t i = 0; i < im->n_endpoints; i++) {
		if (same(im->endpoints[i].target, p->groups[hub].arm) &&
		    import_first_id(p->m, im->endpoints[i].key) != NULL)
			endpoint = im->endpoints[i].key;
	}
	for (size_t i = 0; i < p->n; i++) {
		if (i != hub &&
		    (p->groups[i].id[0] == '\0' ||
		     !import_id_on(p->m, endpoint, p->groups[i].id)))
			return false;
	}
	return endpoint[0] != '\0';
}

static size_t find_hub(const struct picking *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->groups[i].arm[0] != '\0' && is_hub(p, i))
			return i;
	}
	return p->n;
}

static bool choose(const struct picking *p, size_t *out, struct diag_err *err)
{
	const char *word = p->m->o->workspace;
	size_t found = p->n;

	for (size_t i = 0; word != NULL && i < p->n; i++) {
		if (!is_called(&p->groups[i], word))
			continue;
		if (found < p->n)
			return fail_listing(p, "several workspaces fit: ",
					    "; give --workspace an id", err);
		found = i;
	}
	if (word != NULL && found == p->n && p->n > 0)
		return fail_listing(p, "no such workspace; there are: ", "",
				    err);
	if (word == NULL)
		found = p->n == 1 ? 0 : find_hub(p);
	if (found == p->n && p->n > 0)
		return fail_listing(p, "several workspaces: ",
				    "; pick one with --workspace NAME", err);
	*out = found;
	return true;
}

static void keep_choice(struct picking *p, size_t chosen)
{
	struct import_merge *m = p->m;

	m->pick = import_pick_nothing;
	if (chosen < p->n) {
		m->pick = p->groups[chosen];
		import_drop_group(p, chosen);
	} else if (m->o->workspace != NULL &&
		   import_workspace_name(m->o->workspace)) {
		m->pick.name = import_keep(m->im, m->o->workspace);
	}
	m->others = p->groups;
	m->n_others = p->n;
}

bool import_is_other(const struct import_merge *m, const char *arm,
		     const char *id)
{
	for (size_t i = 0; i < m->n_others; i++) {
		if (same(arm, m->others[i].arm) || same(id, m->others[i].id))
			return true;
	}
	return false;
}

bool import_pick_workspace(struct import_merge *m, struct diag_err *err)
{
	struct picking p = { .m = m };
	size_t chosen = 0;

	import_claim_strong(&p);
	join_halves(&p, false);
	import_claim_weak(&p);
	join_halves(&p, true);
	join_names(&p);
	drop_weak(&p);
	if (m->im->nomem)
		return diag_fail_nomem(err, "import");
	if (m->im->over != NULL)
		return diag_fail(err, DIAG_ELIMIT, "import", "%s", m->im->over);
	if (!choose(&p, &chosen, err))
		return false;
	keep_choice(&p, chosen);
	return true;
}
