/* SPDX-License-Identifier: MIT */
/* file_origin.c - whose zone a text is, if it says so itself (file.h). */
#include "fix/zone/file_internal.h"

#include <string.h>

#define SOA_RDATA 2 /* of its data, mname and rname at least must be there */

struct search {
	struct zone_scan scan;
	char origin[256]; /* "": not known yet */
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

static enum diag_zone_says known(const char *origin, bool zone)
{
	if (origin[0] != '\0')
		return DIAG_ZONE_SAYS_ORIGIN;
	return zone ? DIAG_ZONE_SAYS_ZONE : DIAG_ZONE_SAYS_NOTHING;
}

enum diag_zone_says diag_zone_file_says(const char *text, size_t len,
					char origin[256])
{
	struct search s = { .origin = "" };
	struct zone_entry e;
	bool records = false, more = true;
	char to[256];

	zone_scan_init(&s.scan, "", (struct diag_slice){ text, len });
	origin[0] = '\0';
	while (zone_scan_next(&s.scan, &e, &more, NULL) && more) {
		if (e.n_tokens == 0 || s.scan.text.p[e.tokens[0].at] == '$') {
			if (!is_directive(&s, &e) ||
			    !name(&s, &e.tokens[1], to))
				continue;
			memcpy(s.origin, to, sizeof(to));
			if (!records)
				memcpy(origin, to, sizeof(to));
		} else if (is_soa(&s, &e)) {
			if (name(&s, &e.tokens[0], to))
				memcpy(origin, to, sizeof(to));
			return known(origin, true);
		} else {
			records = true;
		}
	}
	return known(origin, false);
}
