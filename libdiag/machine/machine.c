/* SPDX-License-Identifier: MIT */
/* machine.c - the value itself, and the questions that are a table lookup. */
#include "machine/machine.h"

#include <string.h>

#include "base/mem.h"
#include "machine/internal.h"

const char *diag_machine_hosts_path(void)
{
	return "/etc/hosts";
}

struct diag_machine *machine_new(struct diag_err *err)
{
	struct diag_machine *m = diag_alloc(sizeof(*m));

	if (m == NULL) {
		(void)diag_fail_nomem(err, "machine");
		return NULL;
	}
	diag_arena_init(&m->arena, 0);
	m->host = m->platform = m->os = m->container = "";
	m->hosts_path = diag_machine_hosts_path();
	m->resolv =
	    (struct diag_resolv){ .ndots = 1, .timeout_s = 5, .attempts = 2 };
	return m;
}

void diag_machine_free(struct diag_machine *m)
{
	if (m == NULL)
		return;
	diag_arena_clear(&m->arena);
	diag_free(m);
}

bool machine_names_add(struct diag_machine *m, struct machine_names *list,
		       const char *s, size_t len)
{
	const char *copy = diag_arena_strn(&m->arena, s, len);
	const char **item;

	if (copy == NULL)
		return false;
	item = diag_arena_push(&m->arena, &list->items, &list->n,
			       sizeof(*list->items));
	if (item == NULL)
		return false;
	*item = copy;
	return true;
}

bool machine_names_add_domain(struct diag_machine *m,
			      struct machine_names *list, struct diag_slice s)
{
	char name[DIAG_FQDN_MAX];

	while (s.len > 1 && s.p[s.len - 1] == '.')
		s.len--;
	if (s.len == 0 || s.len >= sizeof(name))
		return true; /* no name: nobody could ask for it */
	for (size_t i = 0; i < s.len; i++)
		name[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20)
							 : s.p[i];
	return machine_names_add(m, list, name, s.len);
}

struct diag_nameserver *machine_server(struct diag_machine *m,
				       const struct diag_endpoint *at,
				       const char *interface)
{
	for (size_t i = 0; i < m->n_servers; i++) {
		struct diag_nameserver *s = &m->servers[i];

		if (!diag_endpoint_eq(&s->at, at))
			continue;
		if (interface == NULL || s->interface == NULL ||
		    strcmp(s->interface, interface) == 0)
			return s;
	}
	return NULL;
}

bool machine_is_loopback(const struct diag_addr *a)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (a->family == DIAG_IPV4)
		return a->bytes[0] == 127;
	return a->family == DIAG_IPV6 && memcmp(a->bytes, one, 16) == 0;
}

struct diag_nameserver *machine_add_server(struct diag_machine *m,
					   const struct diag_endpoint *at,
					   const char *source)
{
	struct diag_nameserver *s =
	    diag_arena_push(&m->arena, &m->servers, &m->n_servers, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->at = *at;
	s->stub = machine_is_loopback(&at->addr);
	s->source = diag_arena_strdup(&m->arena, source);
	return s->source != NULL ? s : NULL;
}

bool machine_list_word(struct diag_cursor *c, struct diag_slice *word)
{
	const unsigned char *p = c->at;

	while (p < c->end && strchr(", \t\r\n", *p) != NULL && *p != '\0')
		p++;
	word->p = (const char *)p;
	while (p < c->end && (*p == '\0' || strchr(", \t\r\n", *p) == NULL))
		p++;
	word->len = (size_t)((const char *)p - word->p);
	c->at = p;
	return word->len > 0;
}

/* The longest prefix wins, then the lowest metric, then the first. */
const struct diag_route *diag_machine_route(const struct diag_machine *m,
					    const struct diag_addr *a)
{
	const struct diag_route *best = NULL;

	for (size_t i = 0; i < m->n_routes; i++) {
		const struct diag_route *r = &m->routes[i];

		if (!diag_cidr_has(&r->to, a))
			continue;
		if (best == NULL || r->to.len > best->to.len ||
		    (r->to.len == best->to.len && r->metric < best->metric))
			best = r;
	}
	return best;
}

const struct diag_interface *
diag_machine_interface(const struct diag_machine *m, const char *name)
{
	for (size_t i = 0; name != NULL && i < m->n_interfaces; i++)
		if (strcmp(m->interfaces[i].name, name) == 0)
			return &m->interfaces[i];
	return NULL;
}

bool machine_nss_at(const struct diag_machine *m, const char *service,
		    size_t *at)
{
	for (*at = 0; *at < m->n_nss_hosts; (*at)++)
		if (strcmp(m->nss_hosts[*at], service) == 0)
			return true;
	return false;
}

/* Without `files` the C library does not read the hosts file, but
 * systemd-resolved (nss-resolve) does so itself (resolved.conf(5),
 * ReadEtcHosts=). */
bool diag_machine_files_first(const struct diag_machine *m)
{
	size_t files, dns, resolve;
	bool has_dns = machine_nss_at(m, "dns", &dns);
	bool has_resolve = machine_nss_at(m, "resolve", &resolve);

	if (m->n_nss_hosts == 0)
		return true;
	if (has_resolve && (!has_dns || resolve < dns))
		return true;
	return machine_nss_at(m, "files", &files) && (!has_dns || files < dns);
}
