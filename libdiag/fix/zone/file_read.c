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
static size_t type_of(const struct zone_scan *s, const struct zone_entry *e)
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
			 p->job->file, e->line, what, name);
}

/* --- directives ----------------------------------------------------------- */

static bool set_origin(struct zone_planner *p, const struct zone_entry *e)
{
	char name[256];

	if (e->n_tokens < 2 ||
	    !zone_name(&p->scan, &e->tokens[1], p->origin, name))
		return diag_fail(p->err, DIAG_EPARSE, "zone file",
				 "%s:%u: $ORIGIN: expected a name",
				 p->job->file, e->line);
	memcpy(p->origin, name, sizeof(name));
	return true;
}

static bool note_include(struct zone_planner *p, const struct zone_entry *e)
{
	struct diag_zone_include *inc;
	char origin[256];

	if (e->n_tokens < 2 || p->out->n_includes >= DIAG_ZONE_INCLUDES)
		return diag_fail(p->err, DIAG_EPARSE, "zone file",
				 "%s:%u: $INCLUDE: expected a file (at most "
				 "%d)",
				 p->job->file, e->line, DIAG_ZONE_INCLUDES);
	memcpy(origin, p->origin, sizeof(origin));
	if (e->n_tokens > 2)
		(void)zone_name(&p->scan, &e->tokens[2], p->origin, origin);
	inc = diag_arena_push(p->arena, &p->out->includes, &p->out->n_includes,
			      sizeof(*inc));
	if (inc == NULL) {
		p->failed = true;
		return true;
	}
	inc->path = diag_arena_strn(p->arena, p->scan.text.p + e->tokens[1].at,
				    e->tokens[1].len);
	inc->origin = diag_arena_strdup(p->arena, origin);
	inc->line = e->line;
	p->failed |= inc->path == NULL || inc->origin == NULL;
	return true;
}

static bool directive(struct zone_planner *p, const struct zone_entry *e)
{
	if (zone_token_is(&p->scan, &e->tokens[0], "$origin"))
		return set_origin(p, e);
	if (zone_token_is(&p->scan, &e->tokens[0], "$include"))
		return note_include(p, e);
	return true; /* $TTL, $GENERATE: not ours */
}

/* --- records -------------------------------------------------------------- */

static bool address(struct zone_planner *p, const struct zone_entry *e,
		    size_t type, bool six, bool *carry)
{
	const struct zone_token *t = &e->tokens[type + 1];
	enum diag_family family = six ? DIAG_IPV6 : DIAG_IPV4;
	struct diag_addr addr;

	if (!p->last->ours || type + 1 >= e->n_tokens ||
	    !diag_addr_parse_n(p->scan.text.p + t->at, t->len, &addr) ||
	    addr.family != family)
		return true;
	for (uint32_t i = p->last->first; i != 0; i = p->owners.next[i - 1]) {
		if (!diag_addr_eq(&p->job->rrs[i - 1].addr, &addr))
			continue;
		p->seen[i - 1] = true;
		return true;
	}
	*carry = !e->blank_owner || p->after_off;
	zone_edit_off(p, e, p->last, *carry);
	return true;
}

static void note_soa(struct zone_planner *p, const struct zone_entry *e,
		     size_t type)
{
	struct diag_slice digits;
	uint64_t serial;

	if (type + 3 >= e->n_tokens || p->soa_serial != 0)
		return;
	digits.p = p->scan.text.p + e->tokens[type + 3].at;
	digits.len = e->tokens[type + 3].len;
	if (!diag_slice_number(digits, 0, UINT32_MAX, &serial))
		return;
	p->soa_serial = e->tokens[type + 3].at;
	p->soa_serial_len = digits.len;
	p->out->serial_old = (uint32_t)serial;
}

/* A record of an owner that concerns us. */
static bool concerns(struct zone_planner *p, const struct zone_entry *e,
		     size_t type, bool *carry)
{
	const struct zone_owner *o = p->last;
	const struct zone_token *t = &e->tokens[type];

	if (zone_token_is(&p->scan, t, "soa")) {
		note_soa(p, e, type);
		return true;
	}
	if (zone_token_is(&p->scan, t, "a"))
		return address(p, e, type, false, carry);
	if (zone_token_is(&p->scan, t, "aaaa"))
		return address(p, e, type, true, carry);
	if (zone_token_is(&p->scan, t, "cname") && o->ours)
		return fail_at(p, e,
			       "an alias (CNAME) stands here, and no other "
			       "record may stand beside it: take it out first, "
			       "or leave out",
			       o->name);
	if (zone_token_is(&p->scan, t, "ns") && o->kind != ZONE_OWNER_TOP)
		return fail_at(p, e,
			       "other servers answer for this name (NS), so a "
			       "record here would not be seen:",
			       o->name);
	if (zone_token_is(&p->scan, t, "dname") &&
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
		p->last = zone_name(&p->scan, &e->tokens[0], p->origin, name)
			      ? zone_owners_find(&p->owners, name)
			      : NULL;
	type = type_of(&p->scan, e);
	if (type >= e->n_tokens)
		return true;
	p->out->foreign++;
	if (p->last != NULL && !concerns(p, e, type, &carry))
		return false;
	p->after_off = carry;
	return true;
}

static void note_ending(struct zone_planner *p, const struct zone_entry *e)
{
	if (p->lf || p->crlf || e->end == e->body_end)
		return;
	p->crlf = e->end - e->body_end == 2;
	p->lf = !p->crlf;
}

bool zone_file_read(struct zone_planner *p)
{
	struct zone_entry e;
	bool more;

	for (;;) {
		if (!zone_scan_next(&p->scan, &e, &more, p->err))
			return false;
		if (!more)
			return true;
		note_ending(p, &e);
		if (e.n_tokens == 0)
			continue;
		if (!e.blank_owner && !e.tokens[0].quoted &&
		    p->scan.text.p[e.tokens[0].at] == '$') {
			if (!directive(p, &e))
				return false;
			continue;
		}
		if (!record(p, &e))
			return false;
	}
}
