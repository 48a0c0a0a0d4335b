/* SPDX-License-Identifier: MIT */
/* resolved_linux.c - whom systemd-resolved asks, from the files it leaves.
 *
 * Four kinds of file tell:
 *
 *	/run/systemd/resolve/netif/N	what NetworkManager or a VPN client set
 *		for link N over D-Bus: SERVERS=, DOMAINS= ("~" marks a domain
 *		that is only for routing), DEFAULT_ROUTE=.  Some systems let
 *		only root look.
 *	/run/systemd/netif/links/N	what systemd-networkd set: DNS=,
 *		DOMAINS=, ROUTE_DOMAINS=, DNS_DEFAULT_ROUTE=
 *	/etc/systemd/resolved.conf and resolved.conf.d/	global: DNS=, Domains=
 *	/run/systemd/resolve/resolv.conf	all servers, whatever they are
 *
 * A link is a default route if it is told so, or else if none of its domains
 * is for routing only (systemd.network(5), DNSDefaultRoute=).  A server that
 * stands only in the last file is global; if we were not let into the first
 * folder it may as well belong to a link, and counts as unknown.
 *
 * The files are systemd's own and may change: what is not understood is left
 * out.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "machine/resolved.h"

#define SOURCE	  "systemd-resolved"
#define UPLINKS	  "/run/systemd/resolve/resolv.conf"
#define BUS_LINKS "/run/systemd/resolve/netif"
#define NET_LINKS "/run/systemd/netif/links"
#define PATH_LEN  512

struct reader {
	struct machine_reader *r;
	bool links_hidden; /* we were not let into BUS_LINKS */
};

/* A server that resolv.conf names as well keeps its place there and only
 * learns its link.  *out NULL: this link's, told by both folders. */
static bool server_for(struct machine_reader *r, const struct diag_endpoint *at,
		       const char *link, struct diag_nameserver **out)
{
	*out = machine_server(r->m, at, link);
	if (*out != NULL) {
		if ((*out)->interface != NULL)
			*out = NULL;
		return true;
	}
	*out = machine_add_server(r->m, at, SOURCE);
	if (*out == NULL)
		return diag_fail_nomem(r->err, "machine");
	(*out)->behind_stub = true;
	return true;
}

static bool add_servers(struct machine_reader *r,
			const struct resolved_settings *s, const char *link,
			bool default_route)
{
	unsigned order = 0;

	for (size_t i = 0; i < s->servers.n; i++) {
		struct diag_endpoint at;
		struct diag_nameserver *to;

		if (!resolved_server(s->servers.items[i], link, &at))
			continue;
		if (!server_for(r, &at, link, &to))
			return false;
		if (to == NULL)
			continue;
		if (to->behind_stub)
			to->order = order;
		order++;
		to->interface = link;
		to->domains = s->domains.items;
		to->n_domains = s->domains.n;
		to->default_route = default_route;
	}
	return true;
}

static bool read_link(struct machine_reader *r, const char *folder,
		      const char *number)
{
	struct resolved_settings s = { .default_route = -1 };
	char path[PATH_LEN], name[MACHINE_IF_NAME];
	const char *link;
	uint64_t index;

	if (!diag_slice_number(diag_slice_of(number), 1, UINT32_MAX, &index) ||
	    snprintf(path, sizeof(path), "%s/%s", folder, number) >=
		(int)sizeof(path))
		return true;
	if (!resolved_settings(r, path, &s))
		return false;
	if (s.off || s.servers.n == 0)
		return true;
	link = diag_arena_strdup(&r->m->arena,
				 machine_index_name((unsigned)index, name));
	if (link == NULL)
		return diag_fail_nomem(r->err, "machine");
	return add_servers(r, &s, link,
			   s.default_route >= 0 ? s.default_route == 1
						: !s.route_only);
}

static bool read_links(struct reader *x, const char *folder)
{
	struct machine_names numbers = { 0 };
	bool ok;
	int sys;

	ok = machine_list_folder(x->r, folder, &numbers, &sys);
	if (sys == EACCES) {
		x->links_hidden = true;
		machine_note(x->r,
			     "%s: only root may see which name server belongs "
			     "to which link",
			     folder);
	}
	for (size_t i = 0; ok && i < numbers.n; i++)
		ok = read_link(x->r, folder, numbers.items[i]);
	return ok;
}

static bool read_drop_ins(struct machine_reader *r, const char *folder,
			  struct resolved_settings *s)
{
	struct machine_names names = { 0 };
	char path[PATH_LEN];
	int sys;
	bool ok = machine_list_folder(r, folder, &names, &sys);

	for (size_t i = 0; ok && i < names.n; i++)
		if (diag_text_ends(names.items[i], ".conf") &&
		    snprintf(path, sizeof(path), "%s/%s", folder,
			     names.items[i]) < (int)sizeof(path))
			ok = resolved_settings(r, path, s);
	return ok;
}

static bool read_global(struct machine_reader *r)
{
	struct resolved_settings s = { .default_route = -1 };

	return read_drop_ins(r, "/usr/lib/systemd/resolved.conf.d", &s) &&
	       read_drop_ins(r, "/run/systemd/resolved.conf.d", &s) &&
	       resolved_settings(r, "/etc/systemd/resolved.conf", &s) &&
	       read_drop_ins(r, "/etc/systemd/resolved.conf.d", &s) &&
	       add_servers(r, &s, NULL, true);
}

static bool add_uplink(struct machine_reader *r, struct diag_slice line,
		       struct resolved_settings *s)
{
	struct diag_cursor c = diag_cursor_of(line.p, line.len);
	struct diag_slice word;
	struct diag_endpoint at;

	if (!diag_cursor_word(&c, &word) ||
	    !diag_slice_eq(word, "nameserver") || !diag_cursor_word(&c, &word))
		return true;
	if (!machine_names_add(r->m, &s->servers, word.p, word.len))
		return diag_fail_nomem(r->err, "machine");
	if (resolved_server(s->servers.items[s->servers.n - 1], NULL, &at) &&
	    machine_server(r->m, &at, NULL) != NULL)
		s->servers.n--; /* a link's or a global one */
	return true;
}

/* Servers that no other file knows. */
static bool read_uplinks(struct reader *x)
{
	struct resolved_settings s = { .default_route = -1 };
	struct machine_reader *r = x->r;
	struct diag_slice line;
	struct diag_buf text;
	struct diag_cursor c;
	bool found;
	bool ok = machine_read_file(r, UPLINKS, &text, &found);

	c = diag_cursor_of(diag_buf_str(&text), text.len);
	while (ok && diag_cursor_line(&c, &line))
		ok = add_uplink(r, line, &s);
	diag_buf_clear(&text);
	return ok && add_servers(r, &s, NULL, !x->links_hidden);
}

/* Is systemd-resolved in use: by its stub, or by nss-resolve? */
static bool in_use(const struct diag_machine *m)
{
	size_t at;

	if (machine_nss_at(m, "resolve", &at))
		return true;
	for (size_t i = 0; i < m->n_servers; i++) {
		const struct diag_addr *a = &m->servers[i].at.addr;

		if (a->family == DIAG_IPV4 && a->bytes[0] == 127 &&
		    a->bytes[1] == 0 && a->bytes[2] == 0 &&
		    (a->bytes[3] == 53 || a->bytes[3] == 54))
			return true;
	}
	return false;
}

bool machine_read_resolved(struct machine_reader *r)
{
	struct reader x = { .r = r };

	if (!in_use(r->m) || !machine_exists(r, "/run/systemd/resolve"))
		return true;
	return read_links(&x, BUS_LINKS) && read_links(&x, NET_LINKS) &&
	       read_global(r) && read_uplinks(&x);
}
