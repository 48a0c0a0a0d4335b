/* SPDX-License-Identifier: MIT */
/* file_read.c - what a zone file says of our owners.
 *
 * Only records whose owner is one of ours, or stands above one, cost more than
 * a hash.  What makes our records impossible is an error and not an edit: an
 * alias at the same name (RFC 1034, 3.6.2), a delegation at or above it (RFC
 * 1034, 4.2.1), a DNAME above it (RFC 6672, 2.4).
 */
#include "fix/zone/file_internal.h"

#include <string.h>

static const char *const classes[] = { "in", "ch", "hs", "cs", "any" };

static bool is_ttl(const struct zone_scan *s, const struct zone_token *t)
{
	char c = t->len > 0 ? s->text.p[t->at] : 'x';

	return !t->quoted && c >= '0' && c <= '9';
}

static bool is_class(const struct zone_scan *s, const struct zone_token *t)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (zone_token_is(s, t, classes[i]))
			return true;
	return false;
}

/* Index of the type: behind the owner, a TTL and a class in either order. */
size_t zone_entry_type(const struct zone_scan *s, const struct zone_entry *e)
{
	size_t i = e->blank_owner ? 0 : 1;
	bool ttl = false, class = false;

	for (; i < e->n_tokens; i++) {
		if (!ttl && is_ttl(s, &e->tokens[i]))
			ttl = true;
		else if (!class && is_class(s, &e->tokens[i]))
			class = true;
		else
			break;
	}
	return i;
}

static bool fail_at(struct zone_planner *p, const struct zone_entry *e,
		    const char *what, const char *name)
{
	return diag_fail(p->err, DIAG_EUSAGE, "zone file", "%s:%u: %s %s",
			 p->part->file, e->line, what, name);
}

/* --- directives ----------------------------------------------------------- */

static bool set_origin(struct zone_planner *p, const struct zone_entry *e)
{
	char name[256];

	if (e->n_tokens < 2 ||
	    !zone_name(&p->part->scan, &e->tokens[1], p->origin, name))
		return diag_fail(p->err, DIAG_EPARSE, "zone file",
				 "%s:%u: $ORIGIN: expected a name",
				 p->part->file, e->line);
	memcpy(p->origin, name, sizeof(name));
	return true;
}

static struct zone_part *part_of(struct zone_planner *p, const char *path)
{
	for (size_t i = 0; i < p->job->n_links; i++)
		if (strcmp(p->job->links[i].path, path) == 0)
			return &p->parts[p->job->links[i].text + 1];
	return NULL;
}

/* What is changed for one place would be changed for the other. */
static bool fail_twice(struct zone_planner *p, const struct zone_part *part)
{
	return diag_fail(p->err, DIAG_EUSAGE, "zone file",
			 "%s: this file is included more than once, so it "
			 "cannot be changed for one place",
			 part->file);
}

/* Go on in that file, and come back: origin and owner are again what they were
 * (RFC 1035, 5.1). */
static bool read_part(struct zone_planner *p, struct zone_part *part,
		      const char *origin)
{
	struct zone_part *const back = p->part;
	struct zone_owner *const last = p->last;
	const bool after_off = p->after_off;
	char before[sizeof(p->origin)];
	bool ok;

	if (p->depth == DIAG_ZONE_DEPTH)
		return diag_fail(p->err, DIAG_ELIMIT, "zone file",
				 "%s: files that include files, more than %d "
				 "deep",
				 part->file, DIAG_ZONE_DEPTH);
	if (part->n_edits > 0)
		return fail_twice(p, part);
	memcpy(before, p->origin, sizeof(before));
	memcpy(p->origin, origin, sizeof(p->origin));
	p->part = part;
	p->depth++;
	p->after_off = false;
	if (part->times++ > 0)
		zone_scan_init(&part->scan, part->file, part->scan.text);
	ok = zone_file_read(p);
	memcpy(p->origin, before, sizeof(before));
	p->depth--;
	p->after_off = after_off;
	p->part = back;
	p->last = last;
	return ok;
}

static bool include(struct zone_planner *p, const struct zone_entry *e)
{
	struct diag_zone_include *inc;
	struct zone_part *part;
	char origin[256];

	if (e->n_tokens < 2 || p->out->n_includes >= DIAG_ZONE_INCLUDES)
		return diag_fail(p->err, DIAG_EPARSE, "zone file",
				 "%s:%u: $INCLUDE: expected a file (at most "
				 "%d)",
				 p->part->file, e->line, DIAG_ZONE_INCLUDES);
	memcpy(origin, p->origin, sizeof(origin));
	if (e->n_tokens > 2 &&
	    !zone_name(&p->part->scan, &e->tokens[2], p->origin, origin))
		return diag_fail(p->err, DIAG_EPARSE, "zone file",
				 "%s:%u: $INCLUDE: expected a name behind the "
				 "file",
				 p->part->file, e->line);
	inc = diag_arena_push(p->arena, &p->out->includes, &p->out->n_includes,
			      sizeof(*inc));
	if (inc == NULL)
		return diag_fail_nomem(p->err, "zone file");
	inc->file = p->part->file;
	inc->line = e->line;
	inc->in = (size_t)(p->part - p->parts);
	inc->at = zone_edits_back(&p->part->first, e->tokens[1].at);
	inc->len = e->tokens[1].len;
	inc->path = diag_arena_strn(
	    p->arena, p->part->scan.text.p + e->tokens[1].at, inc->len);
	inc->origin = diag_arena_strdup(p->arena, origin);
	if (inc->path == NULL || inc->origin == NULL)
		return diag_fail_nomem(p->err, "zone file");
	part = part_of(p, inc->path);
	inc->given = part != NULL;
	inc->text = part != NULL ? (size_t)(part - p->parts) - 1 : 0;
	return part == NULL || read_part(p, part, origin);
}

static bool directive(struct zone_planner *p, const struct zone_entry *e)
{
	if (zone_token_is(&p->part->scan, &e->tokens[0], "$origin"))
		return set_origin(p, e);
	if (zone_token_is(&p->part->scan, &e->tokens[0], "$include"))
		return include(p, e);
	return true; /* $TTL, $GENERATE: not ours */
}

/* --- records -------------------------------------------------------------- */

static bool may_edit(struct zone_planner *p, const struct zone_entry *e)
{
	if (p->part->fixed)
		return fail_at(p, e,
			       "another address stands here, in an included "
			       "file; --includes changes it too:",
			       p->last->name);
	return p->part->times <= 1 || fail_twice(p, p->part);
}

static bool address(struct zone_planner *p, const struct zone_entry *e,
		    size_t type, bool six, bool *carry)
{
	const struct zone_token *t = &e->tokens[type + 1];
	enum diag_family family = six ? DIAG_IPV6 : DIAG_IPV4;
	struct diag_addr addr;

	if (!p->last->ours || type + 1 >= e->n_tokens ||
	    !diag_addr_parse_n(p->part->scan.text.p + t->at, t->len, &addr) ||
	    addr.family != family)
		return true;
	for (uint32_t i = p->last->first; i != 0; i = p->owners.next[i - 1]) {
		if (!diag_addr_eq(&p->job->rrs[i - 1].addr, &addr))
			continue;
		p->seen[i - 1] = true;
		return true;
	}
	if (!may_edit(p, e))
		return false;
	*carry = !e->blank_owner || p->after_off;
	zone_edit_off(p, e, p->last, *carry);
	return true;
}

static void note_soa(struct zone_planner *p, const struct zone_entry *e,
		     size_t type)
{
	struct diag_slice digits;
	uint64_t serial;

	if (type + 3 >= e->n_tokens || p->soa != NULL)
		return;
	digits.p = p->part->scan.text.p + e->tokens[type + 3].at;
	digits.len = e->tokens[type + 3].len;
	if (!diag_slice_number(digits, 0, UINT32_MAX, &serial))
		return;
	p->soa = p->part;
	p->soa->soa_serial = e->tokens[type + 3].at;
	p->soa->soa_serial_len = digits.len;
	p->out->serial_old = (uint32_t)serial;
}

/* A record of an owner that concerns us. */
static bool concerns(struct zone_planner *p, const struct zone_entry *e,
		     size_t type, bool *carry)
{
	const struct zone_owner *o = p->last;
	const struct zone_token *t = &e->tokens[type];

	if (zone_token_is(&p->part->scan, t, "soa")) {
		note_soa(p, e, type);
		return true;
	}
	if (zone_token_is(&p->part->scan, t, "a"))
		return address(p, e, type, false, carry);
	if (zone_token_is(&p->part->scan, t, "aaaa"))
		return address(p, e, type, true, carry);
	if (zone_token_is(&p->part->scan, t, "cname") && o->ours)
		return fail_at(p, e,
			       "an alias (CNAME) stands here, and no other "
			       "record may stand beside it: take it out first, "
			       "or leave out",
			       o->name);
	if (zone_token_is(&p->part->scan, t, "ns") && o->kind != ZONE_OWNER_TOP)
		return fail_at(p, e,
			       "other servers answer for this name (NS), so a "
			       "record here would not be seen:",
			       o->name);
	if (zone_token_is(&p->part->scan, t, "dname") &&
	    (o->kind == ZONE_OWNER_ABOVE || o->kind == ZONE_OWNER_TOP) &&
	    p->job->n > 0)
		return fail_at(p, e,
			       "all names below this one lead elsewhere "
			       "(DNAME):",
			       o->name);
	return true;
}

static bool record(struct zone_planner *p, const struct zone_entry *e)
{
	char name[256];
	bool carry = false;
	size_t type;

	if (!e->blank_owner)
		p->last =
		    zone_name(&p->part->scan, &e->tokens[0], p->origin, name)
			? zone_owners_find(&p->owners, name)
			: NULL;
	type = zone_entry_type(&p->part->scan, e);
	if (type >= e->n_tokens)
		return true;
	p->part->out->foreign++;
	if (p->last != NULL && !concerns(p, e, type, &carry))
		return false;
	p->after_off = carry;
	return true;
}

static void note_ending(const struct zone_planner *p,
			const struct zone_entry *e)
{
	struct zone_part *part = p->part;

	if (part->lf || part->crlf || e->end == e->body_end)
		return;
	part->crlf = e->end - e->body_end == 2;
	part->lf = !part->crlf;
}

bool zone_file_read(struct zone_planner *p)
{
	struct zone_entry e;
	bool more;

	for (;;) {
		if (!zone_scan_next(&p->part->scan, &e, &more, p->err))
			return false;
		if (!more)
			return true;
		note_ending(p, &e);
		if (e.n_tokens == 0)
			continue;
		if (!e.blank_owner && !e.tokens[0].quoted &&
		    p->part->scan.text.p[e.tokens[0].at] == '$') {
			if (!directive(p, &e))
				return false;
			continue;
		}
		if (!record(p, &e))
			return false;
	}
}
