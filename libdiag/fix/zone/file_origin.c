/* SPDX-License-Identifier: MIT */
/* file_origin.c - whose zone a text is, if it says so itself (file.h). */
#include "fix/zone/file_internal.h"

#include <string.h>

#define SOA_RDATA 2 /* of its data, mname and rname at least must be there */

struct search {
	struct zone_scan scan;
	char origin[256]; /* "": not known yet */
	char zone[256];	  /* the same, of what is looked for */
	bool records, soa;
};

static bool is_whole(const struct search *s, const struct zone_token *t)
{
	return t->len > 1 && s->scan.text.p[t->at + t->len - 1] == '.';
}

/* A name that is whole by itself, or by an origin that is known. */
static bool name(struct search *s, const struct zone_token *t, char out[256])
{
	return (s->origin[0] != '\0' || is_whole(s, t)) &&
	       zone_name(&s->scan, t, s->origin, out);
}

static bool is_directive(const struct search *s, const struct zone_entry *e)
{
	return !e->blank_owner && e->n_tokens > 1 && !e->tokens[0].quoted &&
	       zone_token_is(&s->scan, &e->tokens[0], "$origin");
}

static bool is_soa(const struct search *s, const struct zone_entry *e)
{
	size_t type = zone_entry_type(&s->scan, e);

	return !e->blank_owner && type > 0 && type + SOA_RDATA < e->n_tokens &&
	       zone_token_is(&s->scan, &e->tokens[type], "soa");
}

/* An entry; false: nothing more is to be known. */
static bool look(struct search *s, const struct zone_entry *e)
{
	char to[256];

	if (is_soa(s, e)) {
		s->soa = true;
		if (name(s, &e->tokens[0], to))
			memcpy(s->zone, to, sizeof(to));
		return false;
	}
	if (!is_directive(s, e)) {
		s->records |=
		    e->n_tokens > 0 && s->scan.text.p[e->tokens[0].at] != '$';
	} else if (name(s, &e->tokens[1], to)) {
		memcpy(s->origin, to, sizeof(to));
		if (!s->records)
			memcpy(s->zone, to, sizeof(to));
	}
	return true;
}

enum diag_zone_says diag_zone_file_says(const char *text, size_t len,
					char origin[256])
{
	struct search s = { .origin = "" };
	struct zone_entry e;
	bool more = true;

	zone_scan_init(&s.scan, "", (struct diag_slice){ text, len });
	while (zone_scan_next(&s.scan, &e, &more, NULL) && more)
		if (!look(&s, &e))
			break;
	memcpy(origin, s.zone, sizeof(s.zone));
	if (origin[0] != '\0')
		return DIAG_ZONE_SAYS_ORIGIN;
	return s.soa ? DIAG_ZONE_SAYS_ZONE : DIAG_ZONE_SAYS_NOTHING;
}
