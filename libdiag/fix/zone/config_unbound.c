/* SPDX-License-Identifier: MIT */
/* config_unbound.c - unbound.conf and the pieces it includes.
 *
 * What Unbound does when two speak of one name (unbound.conf(5), and tried
 * with 1.17):
 *
 * - the most specific local-zone around a name decides, and of two for the same
 *   name the first; so one of somebody else for a name of ours goes out, unless
 *   it is static like ours, and one above ours does no harm to our records.
 * - a local-zone is asked before anything is forwarded.  Most types let no
 *   question pass: around a parent that we forward that is an error, because
 *   it was put there to answer for all names below it.
 * - of two forward-zones for the same name the first counts.
 *
 * Our block begins with a clause of its own, so it is legal at the end of any
 * file.  Where a file is included in the middle of server:, what follows there
 * would fall into our last clause; so the clause that was open is opened again
 * behind ours.
 */
#include "fix/zone/unbound_conf.h"

#include <string.h>

#include "net/fqdn.h"

/* --- local-zone ----------------------------------------------------------- */

static bool one_of(struct diag_slice word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (diag_slice_eq(word, *list))
			return true;
	return false;
}

/* Names without local-data are resolved as if it was not there. */
static bool lets_pass(const struct unbound_zone *z)
{
	static const char *const types[] = {
		"transparent", "typetransparent", "always_transparent",
		"inform",      "nodefault",	  NULL
	};

	return one_of(z->type, types);
}

/* Local-data of a name below it is given out; at: of its own name. */
static bool gives_data(const struct unbound_zone *z, bool at)
{
	static const char *const types[] = { "transparent", "typetransparent",
					     "static",	    "deny",
					     "refuse",	    "inform",
					     "inform_deny", NULL };
	static const char *const top[] = { "redirect", "inform_redirect",
					   NULL };

	return one_of(z->type, types) || (at && one_of(z->type, top));
}

/* The zone that we write for a name; NULL: none, it is asked for elsewhere. */
static const char *own_zone(const struct conf *c,
			    const struct diag_zone_name *name)
{
	enum diag_zone_style style = c->job->job->style;

	if (c->job->forwarders ||
	    (style == DIAG_STYLE_PRIVATELINK && name->zone != NULL))
		return NULL;
	return style == DIAG_STYLE_PARENT && name->parent != NULL ? name->parent
								  : name->fqdn;
}

static struct unbound_zone *closest(const struct unbound_conf *u,
				    const char *name)
{
	struct unbound_zone *best = NULL;

	for (size_t i = 0; i < u->n_zones; i++) {
		struct unbound_zone *z = &u->zones[i];

		if (!z->out && diag_fqdn_under(name, z->name) &&
		    (best == NULL || strlen(z->name) > strlen(best->name)))
			best = z;
	}
	return best;
}

static void zone_out(struct unbound_conf *u, struct unbound_zone *z)
{
	z->out = true;
	conf_out(u->c, z->begin, z->end, NULL);
}

static bool shadowed(const struct unbound_conf *u, const struct unbound_zone *z,
		     const char *name)
{
	return conf_conflict(
	    u->c, z->begin,
	    "this local-zone answers for all names below %s, so ours would not "
	    "be asked for %s: take it out, or make it transparent",
	    z->name, name);
}

static bool all_data(const struct unbound_conf *u,
		     const struct diag_zone_name *name)
{
	size_t right = 0;

	for (size_t i = 0; i < name->n_addresses; i++)
		for (size_t k = 0; k < u->n_datas; k++)
			if (u->datas[k].of == name &&
			    diag_addr_eq(&u->datas[k].addr,
					 &name->addresses[i])) {
				right++;
				break;
			}
	return right == name->n_addresses;
}

/* *ok: the zone z may stay around the name. */
static bool judge_zone(struct unbound_conf *u, const struct unbound_zone *z,
		       const struct diag_zone_name *name, bool *ok)
{
	const char *own = own_zone(u->c, name);
	bool at = strcmp(z->name, name->fqdn) == 0;

	if (own != NULL && strcmp(z->name, own) == 0)
		*ok = diag_slice_eq(z->type, "static");
	else if (own != NULL)
		*ok = !diag_fqdn_under(z->name, own) || gives_data(z, at);
	else
		*ok = lets_pass(z) || (at && all_data(u, name));
	if (*ok || at || (own != NULL && strcmp(z->name, own) == 0))
		return true;
	return shadowed(u, z, name->fqdn);
}

static bool judge_zones(struct unbound_conf *u)
{
	const struct diag_zone_names *names = u->c->job->job->names;

	for (size_t i = 0; i < names->n; i++) {
		struct unbound_zone *z;
		bool ok = false;

		while (!ok && (z = closest(u, names->items[i].fqdn)) != NULL) {
			if (!judge_zone(u, z, &names->items[i], &ok))
				return false;
			if (!ok)
				zone_out(u, z);
		}
	}
	for (size_t i = 0; u->c->job->forwarders && i < names->n_parents; i++) {
		const struct unbound_zone *z = closest(u, names->parents[i]);

		if (names->n > 0 && z != NULL && !lets_pass(z))
			return shadowed(u, z, names->parents[i]);
	}
	return true;
}

/* --- clauses -------------------------------------------------------------- */

/* Shall there be a clause of ours with this name? */
static bool is_wanted(const struct conf *c, const char *name)
{
	const struct diag_zone_names *names = c->job->job->names;

	if (c->job->forwarders)
		return conf_parent(c, diag_slice_of(name)) != NULL;
	if (c->job->job->style != DIAG_STYLE_PRIVATELINK)
		return false;
	for (size_t i = 0; i < names->n; i++)
		if (names->items[i].zone != NULL &&
		    strcmp(names->items[i].zone, name) == 0)
			return true;
	return false;
}

static bool is_same(const struct conf *c, const struct unbound_clause *clause)
{
	size_t n = strlen(clause->name);

	if (clause->differs)
		return false;
	if (c->job->forwarders)
		return diag_slice_eq(clause->key, "forward-zone") &&
		       conf_all_to(c, clause->to);
	return diag_slice_eq(clause->key, "auth-zone") &&
	       clause->as_ours == UNBOUND_ALL &&
	       clause->zonefile.len == n + strlen(".zone") &&
	       memcmp(clause->zonefile.p, clause->name, n) == 0 &&
	       memcmp(clause->zonefile.p + n, ".zone", strlen(".zone")) == 0;
}

/* A zone below a parent of ours that holds one of our names, or what its alias
 * leads to, beats ours. */
static const char *beaten(const struct conf *c, const char *zone)
{
	const struct diag_zone_names *names = c->job->job->names;

	if (!c->job->forwarders)
		return NULL;
	for (size_t i = 0; i < names->n; i++) {
		const struct diag_zone_name *name = &names->items[i];

		if (diag_fqdn_under(name->fqdn, zone) ||
		    (name->zone != NULL && diag_fqdn_under(name->zone, zone)))
			for (size_t k = 0; k < names->n_parents; k++)
				if (diag_fqdn_under(zone, names->parents[k]))
					return name->fqdn;
	}
	return NULL;
}

static bool judge_clause(struct unbound_conf *u, struct unbound_clause *clause)
{
	const char *name;

	if (clause->name[0] == '\0' || diag_slice_eq(clause->key, "view") ||
	    diag_slice_eq(clause->key, "rpz"))
		return true;
	if (is_wanted(u->c, clause->name)) {
		clause->same = is_same(u->c, clause);
		if (!clause->same)
			conf_out(u->c, clause->begin, clause->end, NULL);
		return true;
	}
	name = beaten(u->c, clause->name);
	if (name == NULL || is_same(u->c, clause))
		return true;
	return conf_note(u->c, clause->begin,
			 "%s is asked elsewhere than its parent, for %s too; "
			 "take this %.*s out if it is an older try",
			 clause->name, name, (int)clause->key.len,
			 clause->key.p);
}

/* --- what is left for us to say ------------------------------------------- */

static bool data_said(const struct unbound_conf *u, struct diag_slice value)
{
	struct diag_slice owner, type, data;
	const struct diag_zone_name *name;
	struct diag_addr addr;

	if (!unbound_record(value, &owner, &type, &data) ||
	    !diag_addr_parse_n(data.p, data.len, &addr))
		return false;
	name = conf_name(u->c, owner);
	for (size_t i = 0; i < u->n_datas; i++)
		if (u->datas[i].of == name &&
		    diag_addr_eq(&u->datas[i].addr, &addr))
			return true;
	return false;
}

static bool said(const struct unbound_conf *u, const struct unbound_stmt *st)
{
	char name[256];

	if (diag_slice_eq(st->key, "local-data"))
		return data_said(u, st->values[0]);
	if (!conf_normal(st->values[0], name))
		return false;
	if (diag_slice_eq(st->key, "local-zone")) {
		for (size_t i = 0; i < u->n_zones; i++)
			if (!u->zones[i].out &&
			    strcmp(u->zones[i].name, name) == 0)
				return true;
		return false;
	}
	for (size_t i = 0; i < u->n_exceptions; i++)
		if (strcmp(u->exceptions[i].name, name) == 0 &&
		    u->exceptions[i].key.len == st->key.len &&
		    memcmp(u->exceptions[i].key.p, st->key.p, st->key.len) == 0)
			return true;
	return false;
}

static bool clause_said(const struct unbound_conf *u,
			const struct unbound_stmt *st)
{
	char name[256];

	for (size_t i = 0; i < u->n_clauses; i++)
		if (u->clauses[i].same && conf_normal(st->values[0], name) &&
		    strcmp(u->clauses[i].name, name) == 0)
			return true;
	return false;
}

/* Ours, statement by statement; a clause is put before its first. */
struct writer {
	struct diag_slice ours, clause; /* the clause's own word */
	bool server, skip, begun;
	struct diag_buf *out;
	struct diag_slice last; /* clause put */
};

static void write_stmt(const struct unbound_conf *u, struct writer *w,
		       const struct unbound_stmt *st)
{
	if (!w->server && diag_slice_eq(st->key, "name"))
		w->skip = clause_said(u, st);
	if (w->server ? said(u, st) : w->skip)
		return;
	if (!w->begun) {
		diag_buf_put(w->out, w->clause.p, w->clause.len);
		diag_buf_puts(w->out, ":\n");
		w->last = w->clause;
		w->begun = true;
	}
	diag_buf_putc(w->out, '\t');
	diag_buf_put(w->out, w->ours.p + st->begin, st->end - st->begin);
	diag_buf_putc(w->out, '\n');
}

static bool write_ours(struct unbound_conf *u, struct writer *w)
{
	struct unbound_stmt st;
	struct conf_scan s;

	if (!conf_ours(u->c, 0, &w->ours))
		return false;
	conf_scan_init(&s, w->ours, 0, w->ours.len);
	while (unbound_next(&s, &st) && st.key.len > 0) {
		if (!st.clause) {
			write_stmt(u, w, &st);
			continue;
		}
		w->clause = st.key;
		w->server = diag_slice_eq(st.key, "server");
		w->begun = w->skip = false;
	}
	return true;
}

/* --- where ---------------------------------------------------------------- */

static const struct unbound_clause *open_at(const struct unbound_conf *u,
					    size_t at)
{
	const struct unbound_clause *open = NULL;

	for (size_t i = 0; i < u->n_clauses; i++)
		if (u->clauses[i].begin < at)
			open = &u->clauses[i];
	return open;
}

static size_t place(const struct unbound_conf *u)
{
	size_t at = conf_place(u->c, "", 0, u->c->base.len);
	const struct unbound_clause *open;

	if (at == CONF_NOWHERE)
		return u->c->base.len;
	open = open_at(u, at);
	return open != NULL && unbound_is_named(open) && open->end > at
		   ? u->c->base.len
		   : at;
}

/* The clause that was open goes on behind our block. */
static void reopen(const struct unbound_conf *u, size_t at, struct writer *w)
{
	const struct unbound_clause *open = open_at(u, at);
	struct diag_slice key = diag_slice_of("server");

	if (w->out->len == 0 || (open == NULL && !u->headless) ||
	    (open != NULL && unbound_is_named(open)))
		return;
	if (open != NULL && open->end <= at &&
	    !diag_slice_eq(open->key, "server"))
		return;
	if (open != NULL)
		key = open->key;
	if (w->last.len == key.len && memcmp(w->last.p, key.p, key.len) == 0)
		return;
	diag_buf_put(w->out, key.p, key.len);
	diag_buf_puts(w->out, ":\n");
}

static bool read(struct conf *c)
{
	struct unbound_conf u = { .c = c };
	struct diag_buf text;
	struct writer w = { .out = &text };
	size_t at;
	bool ok;

	if (!unbound_read(&u) || !judge_zones(&u))
		return false;
	for (size_t i = 0; i < u.n_clauses; i++)
		if (!judge_clause(&u, &u.clauses[i]))
			return false;
	diag_buf_init(&text, CONF_PART_MAX);
	ok = write_ours(&u, &w);
	at = place(&u);
	reopen(&u, at, &w);
	if (ok)
		conf_part(c, "", at, &text);
	diag_buf_clear(&text);
	return ok && (c->job->forwarders ||
		      c->job->job->style != DIAG_STYLE_PRIVATELINK ||
		      conf_note_files(c));
}

static bool plan(struct diag_arena *arena, struct diag_slice text,
		 const struct diag_zone_config_job *job,
		 struct diag_zone_config_plan *out, struct diag_err *err)
{
	struct conf c = { .arena = arena, .job = job, .out = out, .err = err };

	return conf_plan(&c, text, read);
}

const struct zone_editor zone_edit_unbound = { .plan = plan };
