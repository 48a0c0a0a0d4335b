/* SPDX-License-Identifier: MIT */
/* unbound_read.c - see unbound_conf.h. */
#include "fix/zone/unbound_conf.h"

#include <string.h>

#include "base/text.h"
#include "net/fqdn.h"

static void *push(struct unbound_conf *u, void *items, size_t *n, size_t size)
{
	void *item = diag_arena_push(u->c->arena, items, n, size);

	u->c->failed |= item == NULL;
	return item;
}

static bool is_server(const struct unbound_clause *clause)
{
	return clause == NULL || diag_slice_eq(clause->key, "server");
}

static bool is_named(struct diag_slice key)
{
	static const char *const named[] = { "forward-zone", "stub-zone",
					     "auth-zone", "view", "rpz" };

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (diag_slice_eq(key, named[i]))
			return true;
	return false;
}

bool unbound_is_named(const struct unbound_clause *clause)
{
	return is_named(clause->key);
}

/* --- server --------------------------------------------------------------- */

static bool is_class(struct diag_slice word)
{
	return diag_slice_eq_nocase(word, "in") ||
	       diag_slice_eq_nocase(word, "ch") ||
	       diag_slice_eq_nocase(word, "hs");
}

bool unbound_record(struct diag_slice value, struct diag_slice *owner,
		    struct diag_slice *type, struct diag_slice *data)
{
	struct diag_cursor cur = diag_cursor_of(value.p, value.len);
	uint64_t ttl;

	if (!diag_cursor_word(&cur, owner) || !diag_cursor_word(&cur, type))
		return false;
	if (diag_slice_number(*type, 0, UINT32_MAX, &ttl) &&
	    !diag_cursor_word(&cur, type))
		return false;
	if (is_class(*type) && !diag_cursor_word(&cur, type))
		return false;
	return diag_cursor_word(&cur, data);
}

static bool local_data(struct unbound_conf *u, const struct unbound_stmt *st)
{
	struct diag_slice owner, type, data;
	const struct diag_zone_name *name;
	struct diag_addr addr;
	bool four, six;

	if (!unbound_record(st->values[0], &owner, &type, &data))
		return true;
	name = conf_name(u->c, owner);
	if (name == NULL)
		return true;
	if (diag_slice_eq_nocase(type, "cname"))
		return conf_conflict(u->c, st->begin,
				     "an alias (CNAME) stands here for %s, and "
				     "no other record may stand beside it: "
				     "take it out first",
				     name->fqdn);
	four = diag_slice_eq_nocase(type, "a");
	six = diag_slice_eq_nocase(type, "aaaa");
	if ((!four && !six) || !diag_addr_parse_n(data.p, data.len, &addr) ||
	    addr.family != (six ? DIAG_IPV6 : DIAG_IPV4))
		return true;
	if (conf_addr_wanted(name, &addr)) {
		struct unbound_data *d =
		    push(u, &u->datas, &u->n_datas, sizeof(*d));

		if (d != NULL)
			*d = (struct unbound_data){ name, addr };
	} else {
		conf_out(u->c, st->begin, st->end, NULL);
	}
	return true;
}

/* Zones that hold one of our names or parents. */
static bool concerns(const struct conf *c, const char *zone)
{
	const struct diag_zone_names *names = c->job->job->names;

	for (size_t i = 0; i < names->n; i++)
		if (diag_fqdn_under(names->items[i].fqdn, zone))
			return true;
	for (size_t i = 0; i < names->n_parents; i++)
		if (diag_fqdn_under(names->parents[i], zone))
			return true;
	return false;
}

static void local_zone(struct unbound_conf *u, const struct unbound_stmt *st)
{
	struct unbound_zone *z;
	char name[256];

	if (st->n < 2 || !conf_normal(st->values[0], name) ||
	    !concerns(u->c, name))
		return;
	z = push(u, &u->zones, &u->n_zones, sizeof(*z));
	if (z == NULL)
		return;
	memcpy(z->name, name, sizeof(name));
	z->type = st->values[1];
	z->begin = st->begin;
	z->end = st->end;
}

static void exception(struct unbound_conf *u, const struct unbound_stmt *st)
{
	struct unbound_exception *e;
	char name[256];

	if (!conf_normal(st->values[0], name))
		return;
	e = push(u, &u->exceptions, &u->n_exceptions, sizeof(*e));
	if (e == NULL)
		return;
	memcpy(e->name, name, sizeof(name));
	e->key = st->key;
}

static bool server(struct unbound_conf *u, const struct unbound_stmt *st)
{
	if (diag_slice_eq(st->key, "local-data"))
		return local_data(u, st);
	if (diag_slice_eq(st->key, "local-zone"))
		local_zone(u, st);
	else if (diag_slice_eq(st->key, "private-domain") ||
		 diag_slice_eq(st->key, "domain-insecure"))
		exception(u, st);
	return true;
}

/* --- other clauses -------------------------------------------------------- */

static void forward(struct unbound_conf *u, struct unbound_clause *clause,
		    const struct unbound_stmt *st)
{
	size_t i;

	if (diag_slice_eq(st->key, "forward-addr") &&
	    conf_is_to(u->c, st->values[0], &i))
		clause->to |= 1ULL << i;
	else if (!diag_slice_eq(st->key, "forward-first") ||
		 !diag_slice_eq(st->values[0], "no"))
		clause->differs = true;
}

static void auth(struct unbound_clause *clause, const struct unbound_stmt *st)
{
	static const struct {
		const char *key, *value;
		unsigned bit;
	} rows[] = {
		{ "for-downstream", "no", UNBOUND_DOWN },
		{ "for-upstream", "yes", UNBOUND_UP },
		{ "fallback-enabled", "no", UNBOUND_FALLBACK },
	};

	if (diag_slice_eq(st->key, "zonefile")) {
		clause->zonefile = st->values[0];
		return;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!diag_slice_eq(st->key, rows[i].key))
			continue;
		if (diag_slice_eq(st->values[0], rows[i].value))
			clause->as_ours |= rows[i].bit;
		else
			clause->as_ours &= ~rows[i].bit;
		return;
	}
	clause->differs = true;
}

static bool other(struct unbound_conf *u, struct unbound_clause *clause,
		  const struct unbound_stmt *st)
{
	bool name = diag_slice_eq(st->key, "name");

	if (name && diag_slice_eq(clause->key, "view"))
		return conf_note(u->c, st->begin,
				 "clients of this view see what stands in "
				 "server: only with view-first: yes");
	if (name && is_named(clause->key)) {
		if (!conf_normal(st->values[0], clause->name))
			clause->name[0] = '\0';
	} else if (diag_slice_eq(clause->key, "forward-zone")) {
		forward(u, clause, st);
	} else if (diag_slice_eq(clause->key, "auth-zone")) {
		auth(clause, st);
	}
	return true;
}

/* --- all of it ------------------------------------------------------------ */

static bool one(struct unbound_conf *u, const struct unbound_stmt *st)
{
	struct unbound_clause *clause =
	    u->n_clauses > 0 ? &u->clauses[u->n_clauses - 1] : NULL;

	conf_spans(u->c, "", st->begin, st->end);
	/* what stands in a zone's clause goes out with it, as one */
	if (st->clause ? is_named(st->key)
		       : clause == NULL || !is_named(clause->key))
		u->c->out->foreign++;
	if (st->clause) {
		clause = push(u, &u->clauses, &u->n_clauses, sizeof(*clause));
		if (clause == NULL)
			return true;
		clause->key = st->key;
		clause->begin = st->begin;
		clause->end = st->end;
		return true;
	}
	if (diag_slice_eq(st->key, "include") ||
	    diag_slice_eq(st->key, "include-toplevel"))
		return conf_include(u->c, st->values[0], st->begin);
	u->headless |= clause == NULL;
	if (clause != NULL)
		clause->end = st->end;
	return is_server(clause) ? server(u, st) : other(u, clause, st);
}

bool unbound_read(struct unbound_conf *u)
{
	struct unbound_stmt st;
	struct conf_scan s;

	conf_scan_init(&s, u->c->base, 0, u->c->base.len);
	for (;;) {
		if (!unbound_next(&s, &st))
			return conf_expected(u->c, s.at, s.expected);
		if (st.key.len == 0)
			return true;
		if (!one(u, &st))
			return false;
	}
}
