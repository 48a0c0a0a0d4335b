/* SPDX-License-Identifier: MIT */
/* resolved_settings.c - one KEY=value file of systemd-resolved or
 * systemd-networkd.  The essay is in resolved_linux.c. */
#include "machine/resolved.h"

#include <stdio.h>
#include <string.h>

#define DNS_PORT 53

static bool add_words(struct machine_reader *r, struct diag_slice value,
		      struct machine_names *out)
{
	struct diag_cursor c = diag_cursor_of(value.p, value.len);
	struct diag_slice word;

	while (machine_list_word(&c, &word))
		if (!machine_names_add(r->m, out, word.p, word.len))
			return diag_fail_nomem(r->err, "machine");
	return true;
}

static bool add_domains(struct machine_reader *r, struct diag_slice value,
			bool route_only, struct resolved_settings *s)
{
	struct diag_cursor c = diag_cursor_of(value.p, value.len);
	struct diag_slice word;

	while (machine_list_word(&c, &word)) {
		bool tilde = word.p[0] == '~';

		word.p += tilde;
		word.len -= tilde;
		if (word.len == 0)
			word = diag_slice_of(".");
		s->route_only |= route_only || tilde;
		if (!machine_names_add_domain(r->m, &s->domains, word))
			return diag_fail_nomem(r->err, "machine");
	}
	return true;
}

static int yes_or_no(struct diag_slice v)
{
	static const char *const yes[] = { "yes", "true", "1", "on", "y" };
	static const char *const no[] = { "no", "false", "0", "off", "n" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (diag_slice_eq_nocase(v, yes[i]))
			return 1;
		if (diag_slice_eq_nocase(v, no[i]))
			return 0;
	}
	return -1;
}

static bool take_setting(struct machine_reader *r, struct diag_slice key,
			 struct diag_slice value, struct resolved_settings *s)
{
	if (value.len >= 2 && value.p[0] == '"') {
		value.p++;
		value.len -= 2;
	}
	if (diag_slice_eq(key, "DNS") || diag_slice_eq(key, "SERVERS")) {
		if (value.len == 0)
			s->servers.n = 0; /* an empty list starts anew */
		return add_words(r, value, &s->servers);
	}
	if (diag_slice_eq_nocase(key, "DOMAINS"))
		return add_domains(r, value, false, s);
	if (diag_slice_eq(key, "ROUTE_DOMAINS"))
		return add_domains(r, value, true, s);
	if (diag_slice_eq(key, "DEFAULT_ROUTE") ||
	    diag_slice_eq(key, "DNS_DEFAULT_ROUTE"))
		s->default_route = yes_or_no(value);
	if (diag_slice_eq(key, "OPER_STATE"))
		s->off = diag_slice_eq(value, "off") ||
			 diag_slice_eq(value, "no-carrier");
	return true;
}

bool resolved_settings(struct machine_reader *r, const char *path,
		       struct resolved_settings *s)
{
	struct diag_slice line, key;
	struct diag_buf text;
	struct diag_cursor c;
	bool found;
	bool ok = machine_read_file(r, path, &text, &found);

	c = diag_cursor_of(diag_buf_str(&text), text.len);
	while (ok && diag_cursor_line(&c, &line)) {
		struct diag_cursor in = diag_cursor_of(line.p, line.len);
		struct diag_slice value;

		if (line.len == 0 || line.p[0] == '#' || line.p[0] == ';' ||
		    !diag_cursor_until(&in, '=', &key))
			continue;
		value = (struct diag_slice){ (const char *)in.at,
					     diag_cursor_left(&in) };
		ok = take_setting(r, diag_slice_trim(key),
				  diag_slice_trim(value), s);
	}
	diag_buf_clear(&text);
	return ok;
}

static bool is_link_local(const struct diag_addr *a)
{
	return a->family == DIAG_IPV6 && a->bytes[0] == 0xfe &&
	       (a->bytes[1] & 0xc0) == 0x80;
}

/* The link behind '%', by number or by name; NULL: none. */
static const char *zone_of(const char *text, char out[MACHINE_IF_NAME])
{
	const char *percent = strchr(text, '%');
	struct diag_slice zone;
	uint64_t index;

	if (percent == NULL)
		return NULL;
	zone.p = percent + 1;
	zone.len = strcspn(zone.p, "#");
	if (diag_slice_number(zone, 1, UINT32_MAX, &index))
		return machine_index_name((unsigned)index, out);
	if (zone.len == 0 || zone.len >= MACHINE_IF_NAME)
		return NULL;
	memcpy(out, zone.p, zone.len);
	out[zone.len] = '\0';
	return out;
}

bool resolved_server(const char *text, const char *link,
		     struct diag_endpoint *out)
{
	char plain[DIAG_ENDPOINT_TEXT], zoned[DIAG_ENDPOINT_TEXT];
	char zone[MACHINE_IF_NAME];
	size_t len = strcspn(text, "#%");

	if (len >= sizeof(plain))
		return false;
	memcpy(plain, text, len);
	plain[len] = '\0';
	if (!diag_endpoint_parse(plain, DNS_PORT, out))
		return false;
	if (link == NULL)
		link = zone_of(text, zone);
	if (link == NULL || !is_link_local(&out->addr))
		return true;
	(void)diag_addr_text(&out->addr, plain);
	return snprintf(zoned, sizeof(zoned), "%s%%%s", plain, link) <
		   (int)sizeof(zoned) &&
	       diag_addr_parse(zoned, &out->addr);
}
