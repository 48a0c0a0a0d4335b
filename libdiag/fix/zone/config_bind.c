/* SPDX-License-Identifier: MIT */
/* config_bind.c - named.conf and the pieces it includes.
 *
 * What named makes of it (BIND 9 ARM; tried with 9.18):
 *
 * - two zones of the same name are an error, so one of somebody else that says
 *   the same leaves ours unsaid, and any other goes out.
 * - with views all zones stand in views, and which of them clients use is not
 *   for us to say: an error that tells.
 * - there is one options { }, and validate-except in it once.  So the names
 *   go into the list that is there, or a list of ours into options; and into
 *   the exceptions of deny-answer-addresses, if that is there.  Where this file
 *   has no options, which file has them is a person's knowledge: a note.
 * - a zone of its own below a parent that we forward beats it, and a zone above
 *   a forwarded one that named holds itself takes it back: notes.
 */
#include "fix/zone/conf_scan.h"
#include "fix/zone/config_internal.h"

#include <string.h>

#include "net/fqdn.h"

struct bind_zone {
	char name[256];
	size_t begin, end;
	struct diag_slice type, file, forward;
	uint64_t to;
	bool others; /* forwarders that are not ours */
	bool same;
};

/* A list of names that we add to: a block of ours inside of braces. */
struct bind_list {
	const char *part;
	bool there;	    /* the braces are */
	size_t open, close; /* of the braces; else where a list may come */
	bool *has;	    /* per parent: it is said already */
};

struct bind_conf {
	struct conf *c;
	struct bind_zone *zones;
	size_t n_zones;
	const char **ours; /* names of the zones we write */
	size_t n_ours;
	bool options, deny;
	struct bind_list except, answers;
};

static bool scan_fail(struct conf *c, const struct conf_scan *s,
		      const struct bind_stmt *st)
{
	if (st->deep)
		return diag_fail(c->err, DIAG_ELIMIT, "configuration",
				 "%s: more than %d braces in each other",
				 c->job->file, DIAG_ZONE_CONFIG_DEPTH);
	return conf_expected(c, s->at, s->expected);
}

/* --- zones ---------------------------------------------------------------- */

static void forwarders_of(const struct conf *c, const struct bind_group *g,
			  struct bind_zone *z)
{
	struct bind_stmt st;
	struct conf_scan s;
	size_t i;

	conf_scan_init(&s, c->base, g->open + 1, g->close);
	while (bind_next(&s, &st) && st.end > st.begin) {
		if (st.n == 1 && conf_is_to(c, st.words[0], &i))
			z->to |= 1ULL << i;
		else
			z->others = true;
	}
}

static void zone_option(const struct conf *c, const struct bind_stmt *st,
			struct bind_zone *z)
{
	if (st->n == 1 && st->n_groups == 1 &&
	    diag_slice_eq_nocase(st->words[0], "forwarders"))
		forwarders_of(c, &st->groups[0], z);
	if (st->n < 2)
		return;
	if (diag_slice_eq_nocase(st->words[0], "type"))
		z->type = st->words[1];
	else if (diag_slice_eq_nocase(st->words[0], "file"))
		z->file = st->words[1];
	else if (diag_slice_eq_nocase(st->words[0], "forward"))
		z->forward = st->words[1];
}

static bool zone_body(struct conf *c, const struct bind_group *body,
		      struct bind_zone *z)
{
	struct bind_stmt st;
	struct conf_scan s;

	conf_scan_init(&s, c->base, body->open + 1, body->close);
	for (;;) {
		if (!bind_next(&s, &st))
			return scan_fail(c, &s, &st);
		if (st.end == st.begin)
			return true;
		zone_option(c, &st, z);
	}
}

/* The zones that we write. */
static bool names_of_ours(struct bind_conf *b, struct diag_slice ours)
{
	struct bind_stmt st;
	struct conf_scan s;
	char name[256];

	conf_scan_init(&s, ours, 0, ours.len);
	while (bind_next(&s, &st) && st.end > st.begin) {
		const char **at;

		if (st.n < 2 || !conf_normal(st.words[1], name))
			continue;
		at = diag_arena_push(b->c->arena, &b->ours, &b->n_ours,
				     sizeof(*at));
		if (at == NULL)
			return diag_fail_nomem(b->c->err, "configuration");
		*at = diag_arena_strdup(b->c->arena, name);
		b->c->failed |= *at == NULL;
	}
	return !b->c->failed || diag_fail_nomem(b->c->err, "configuration");
}

static bool in_ours(const struct bind_conf *b, const char *name)
{
	for (size_t i = 0; i < b->n_ours; i++)
		if (strcmp(b->ours[i], name) == 0)
			return true;
	return false;
}

/* Ours, or one that could beat a zone that we forward. */
static bool matters(const struct bind_conf *b, const char *zone)
{
	const struct diag_zone_names *names = b->c->job->job->names;

	if (in_ours(b, zone))
		return true;
	if (!b->c->job->forwarders)
		return false;
	for (size_t i = 0; i < names->n_parents; i++)
		if (diag_fqdn_under(names->parents[i], zone))
			return true;
	for (size_t i = 0; i < names->n; i++)
		if (diag_fqdn_under(names->items[i].fqdn, zone) ||
		    (names->items[i].zone != NULL &&
		     diag_fqdn_under(names->items[i].zone, zone)))
			return true;
	return false;
}

static bool zone(struct bind_conf *b, const struct bind_stmt *st)
{
	struct bind_zone *z;
	char name[256];

	if (st->n < 2 || st->n_groups == 0 || !conf_normal(st->words[1], name))
		return true;
	if (st->n > 2 && !diag_slice_eq_nocase(st->words[2], "in"))
		return true;
	if (!matters(b, name))
		return true;
	z = diag_arena_push(b->c->arena, &b->zones, &b->n_zones, sizeof(*z));
	if (z == NULL)
		return diag_fail_nomem(b->c->err, "configuration");
	memcpy(z->name, name, sizeof(name));
	z->begin = st->begin;
	z->end = st->end;
	return zone_body(b->c, &st->groups[0], z);
}

static bool is_primary(const struct bind_zone *z)
{
	return diag_slice_eq_nocase(z->type, "primary") ||
	       diag_slice_eq_nocase(z->type, "master");
}

static bool is_same(const struct conf *c, const struct bind_zone *z)
{
	size_t n = strlen(z->name);

	if (c->job->forwarders)
		return diag_slice_eq_nocase(z->type, "forward") &&
		       diag_slice_eq_nocase(z->forward, "only") && !z->others &&
		       conf_all_to(c, z->to);
	return is_primary(z) && z->file.len == n + strlen(".zone") &&
	       memcmp(z->file.p, z->name, n) == 0 &&
	       memcmp(z->file.p + n, ".zone", strlen(".zone")) == 0;
}

/* What beats a zone that is forwarded. */
static bool note_zone(struct bind_conf *b, const struct bind_zone *z)
{
	const struct diag_zone_names *names = b->c->job->job->names;
	bool holds = is_primary(z) || diag_slice_eq_nocase(z->type, "slave") ||
		     diag_slice_eq_nocase(z->type, "secondary");

	for (size_t i = 0; i < names->n_parents && holds; i++)
		if (diag_fqdn_under(names->parents[i], z->name))
			return conf_note(b->c, z->begin,
					 "named answers for %s itself and "
					 "forwards %s only if that zone "
					 "delegates it (NS)",
					 z->name, names->parents[i]);
	for (size_t i = 0; i < names->n; i++) {
		const struct diag_zone_name *n = &names->items[i];

		if (!is_same(b->c, z) &&
		    (diag_fqdn_under(n->fqdn, z->name) ||
		     (n->zone != NULL && diag_fqdn_under(n->zone, z->name))))
			for (size_t k = 0; k < names->n_parents; k++)
				if (diag_fqdn_under(z->name, names->parents[k]))
					return conf_note(
					    b->c, z->begin,
					    "zone %s is answered or forwarded "
					    "by itself, for %s too; take it "
					    "out if it is an older try",
					    z->name, n->fqdn);
	}
	return true;
}

static bool judge_zones(struct bind_conf *b)
{
	for (size_t i = 0; i < b->n_zones; i++) {
		struct bind_zone *z = &b->zones[i];

		if (in_ours(b, z->name)) {
			z->same = is_same(b->c, z);
			if (!z->same)
				conf_out(b->c, z->begin, z->end, NULL);
		} else if (b->c->job->forwarders && !note_zone(b, z)) {
			return false;
		}
	}
	return true;
}

/* --- options -------------------------------------------------------------- */

/* Which parents a list has, or has all names of. */
static bool list_of(struct bind_conf *b, const struct bind_group *g,
		    struct bind_list *list)
{
	const struct diag_zone_names *names = b->c->job->job->names;
	struct bind_stmt st;
	struct conf_scan s;
	char name[256];

	list->there = true;
	list->open = g->open + 1;
	list->close = g->close;
	conf_scan_init(&s, b->c->base, list->open, g->close);
	for (;;) {
		if (!bind_next(&s, &st))
			return scan_fail(b->c, &s, &st);
		if (st.end == st.begin)
			return true;
		conf_spans(b->c, list->part, st.begin, st.end);
		for (size_t i = 0; i < names->n_parents; i++)
			if (st.n == 1 && conf_normal(st.words[0], name) &&
			    diag_fqdn_under(names->parents[i], name))
				list->has[i] = true;
	}
}

static bool option(struct bind_conf *b, const struct bind_stmt *st)
{
	if (diag_slice_eq_nocase(st->words[0], "include") && st->n > 1)
		return conf_include(b->c, st->words[1], st->begin);
	if (diag_slice_eq_nocase(st->words[0], "validate-except") &&
	    st->n_groups == 1)
		return list_of(b, &st->groups[0], &b->except);
	if (!diag_slice_eq_nocase(st->words[0], "deny-answer-addresses") ||
	    st->n_groups == 0)
		return true;
	b->deny = true;
	b->answers.open = st->groups[0].close + 1;
	b->answers.close = st->semicolon;
	if (st->n_groups == 2)
		return list_of(b, &st->groups[1], &b->answers);
	return true;
}

static bool options(struct bind_conf *b, const struct bind_group *body)
{
	struct bind_stmt st;
	struct conf_scan s;

	b->options = true;
	b->except.open = body->open + 1;
	b->except.close = body->close;
	conf_scan_init(&s, b->c->base, body->open + 1, body->close);
	for (;;) {
		if (!bind_next(&s, &st))
			return scan_fail(b->c, &s, &st);
		if (st.end == st.begin)
			return true;
		if (!b->except.there)
			conf_spans(b->c, b->except.part, st.begin, st.end);
		if (st.n > 0 && !option(b, &st))
			return false;
	}
}

/* --- all of it ------------------------------------------------------------ */

static bool view(struct bind_conf *b, const struct bind_stmt *st)
{
	struct bind_stmt in;
	struct conf_scan s;

	if (st->n_groups == 0)
		return true;
	conf_scan_init(&s, b->c->base, st->groups[0].open + 1,
		       st->groups[0].close);
	while (bind_next(&s, &in) && in.end > in.begin)
		if (in.n > 1 && diag_slice_eq_nocase(in.words[0], "include") &&
		    !conf_include(b->c, in.words[1], in.begin))
			return false;
	return conf_conflict(b->c, st->begin,
			     "with views all zones must stand in views: write "
			     "the text with `pl-zone %s` and include it in "
			     "each view that clients use",
			     b->c->job->forwarders ? "forwarders" : "render");
}

static bool one(struct bind_conf *b, const struct bind_stmt *st)
{
	b->c->out->foreign++;
	conf_spans(b->c, "", st->begin, st->end);
	if (st->n == 0)
		return true;
	if (diag_slice_eq_nocase(st->words[0], "include") && st->n > 1)
		return conf_include(b->c, st->words[1], st->begin);
	if (diag_slice_eq_nocase(st->words[0], "zone"))
		return zone(b, st);
	if (diag_slice_eq_nocase(st->words[0], "view"))
		return view(b, st);
	if (diag_slice_eq_nocase(st->words[0], "options") && st->n_groups > 0)
		return options(b, &st->groups[0]);
	return true;
}

static bool read_all(struct bind_conf *b)
{
	struct bind_stmt st;
	struct conf_scan s;

	conf_scan_init(&s, b->c->base, 0, b->c->base.len);
	for (;;) {
		if (!bind_next(&s, &st))
			return scan_fail(b->c, &s, &st);
		if (st.end == st.begin)
			return true;
		if (!one(b, &st))
			return false;
	}
}

/* --- what is left for us to say ------------------------------------------- */

static bool zone_said(const struct bind_conf *b, const struct bind_stmt *st)
{
	char name[256];

	if (st->n < 2 || !conf_normal(st->words[1], name))
		return false;
	for (size_t i = 0; i < b->n_zones; i++)
		if (b->zones[i].same && strcmp(b->zones[i].name, name) == 0)
			return true;
	return false;
}

static void put_zones(struct bind_conf *b, struct diag_slice ours)
{
	size_t at = conf_place(b->c, "", 0, b->c->base.len);
	struct bind_stmt st;
	struct diag_buf text;
	struct conf_scan s;

	diag_buf_init(&text, CONF_PART_MAX);
	conf_scan_init(&s, ours, 0, ours.len);
	while (bind_next(&s, &st) && st.end > st.begin) {
		if (zone_said(b, &st))
			continue;
		diag_buf_put(&text, ours.p + st.begin, st.end - st.begin);
		diag_buf_putc(&text, '\n');
	}
	conf_part(b->c, "", at != CONF_NOWHERE ? at : b->c->base.len, &text);
	diag_buf_clear(&text);
}

/* head and tail: of a list that is not there yet. */
static void put_list(struct bind_conf *b, const struct bind_list *list,
		     const char *head, const char *tail)
{
	const struct diag_zone_names *names = b->c->job->job->names;
	size_t at = conf_place(b->c, list->part, list->open, list->close);
	struct diag_buf text;
	bool any = false;

	diag_buf_init(&text, CONF_PART_MAX);
	for (size_t i = 0; i < names->n_parents; i++) {
		if (list->has[i])
			continue;
		if (!any && !list->there)
			diag_buf_puts(&text, head);
		any = true;
		diag_buf_printf(&text, "\t\"%s\";\n", names->parents[i]);
	}
	if (any && !list->there)
		diag_buf_puts(&text, tail);
	conf_part(b->c, list->part, at != CONF_NOWHERE ? at : list->close,
		  &text);
	diag_buf_clear(&text);
}

static bool put_options(struct bind_conf *b)
{
	if (!b->options)
		return b->c->job->job->names->n_parents == 0 ||
		       conf_note(b->c, CONF_NOWHERE,
				 "no options { } here: put what `pl-zone "
				 "forwarders` writes for it (validate-except) "
				 "inside of the options of this server");
	put_list(b, &b->except, "validate-except {\n", "};\n");
	if (b->deny)
		put_list(b, &b->answers, "except-from {\n", "}\n");
	return true;
}

static bool read(struct conf *c)
{
	size_t n = c->job->job->names->n_parents + 1;
	struct bind_conf b = { .c = c,
			       .except = { .part = "options" },
			       .answers = { .part = "answers" } };
	struct diag_slice ours;

	b.except.has = diag_arena_array(c->arena, n, sizeof(bool));
	b.answers.has = diag_arena_array(c->arena, n, sizeof(bool));
	if (b.except.has == NULL || b.answers.has == NULL)
		return diag_fail_nomem(c->err, "configuration");
	if (!conf_ours(c, 0, &ours) || !names_of_ours(&b, ours) ||
	    !read_all(&b) || !judge_zones(&b))
		return false;
	put_zones(&b, ours);
	if (!c->job->forwarders && !conf_note_files(c))
		return false;
	return !c->job->forwarders || put_options(&b);
}

static bool plan(struct diag_arena *arena, struct diag_slice text,
		 const struct diag_zone_config_job *job,
		 struct diag_zone_config_plan *out, struct diag_err *err)
{
	struct conf c = { .arena = arena, .job = job, .out = out, .err = err };

	return conf_plan(&c, text, read);
}

const struct zone_editor zone_edit_bind = { .plan = plan };
