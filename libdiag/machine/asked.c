/* SPDX-License-Identifier: MIT */
/* asked.c - would the system ask this server for this name?
 *
 * On Linux three rules decide, and a machine can have all of them at once:
 *
 * The C library (resolv.conf(5)) asks its servers in the order of the file:
 * the first one answers everything, the others are asked only when it is
 * silent.  `rotate` spreads the names over all of them.  It knows at most
 * three.
 *
 * systemd-resolved (systemd-resolved.service(8), "Protocols and routing")
 * sends a name to the links whose routing or search domain matches with the
 * most labels ("." matches everything with none).  If no domain matches, to
 * the links that are a default route, and to the global servers, which always
 * are one.  Within a link it stays with the server that last worked, which no
 * file tells: all of them count as asked.
 *
 * nsswitch.conf chooses between the two: `resolve` goes to systemd-resolved
 * whatever resolv.conf says; `dns` goes to resolv.conf, where the entry
 * 127.0.0.53 is systemd-resolved again.  With neither, no server is asked.
 *
 * Windows (Name Resolution Policy Table) and macOS (resolver(5), scutil(8))
 * look at the name first: the servers with the longest domain that fits are
 * asked, and nobody else, even when they are silent.  Any other name goes to
 * the servers without domains, the later ones when the first is silent; Windows
 * may ask several adapters at once, but listens to them in this order.
 */
#include <string.h>

#include "machine/internal.h"
#include "net/fqdn.h"

const char *diag_asked_key(enum diag_asked a)
{
	static const char *const keys[] = { "no", "fallback", "yes" };

	return (size_t)a < sizeof(keys) / sizeof(keys[0]) ? keys[a] : "no";
}

static int labels(const char *domain)
{
	int n = 1;

	if (strcmp(domain, ".") == 0)
		return 0;
	for (; *domain != '\0'; domain++)
		n += *domain == '.';
	return n;
}

/* Labels of the best matching domain of a server; -1: none matches. */
static int match(const struct diag_nameserver *s, const char *name)
{
	int best = -1;

	for (size_t i = 0; i < s->n_domains; i++) {
		const char *d = s->domains[i];
		int n = labels(d);

		if (n > best && (n == 0 || diag_fqdn_under(name, d)))
			best = n;
	}
	return best;
}

/* Known to whoever chooses by link and domain. */
static bool routed(const struct diag_nameserver *s)
{
	return s->behind_stub || s->interface != NULL || s->n_domains > 0;
}

/* Behind the stub, but nothing says for which names. */
static bool unknown(const struct diag_nameserver *s)
{
	return s->interface == NULL && s->n_domains == 0 && !s->default_route;
}

static enum diag_asked by_domain(const struct diag_machine *m,
				 const struct diag_nameserver *s,
				 const char *name)
{
	int best = -1;
	size_t n = 0;

	for (size_t i = 0; i < m->n_servers; i++) {
		int here = match(&m->servers[i], name);

		if (!routed(&m->servers[i]))
			continue;
		n++;
		best = here > best ? here : best;
	}
	if (unknown(s))
		return n == 1 ? DIAG_ASKED_YES : DIAG_ASKED_FALLBACK;
	if (best >= 0)
		return match(s, name) == best ? DIAG_ASKED_YES : DIAG_ASKED_NO;
	if (!s->default_route)
		return DIAG_ASKED_NO;
	return s->interface != NULL || s->order == 0 ? DIAG_ASKED_YES
						     : DIAG_ASKED_FALLBACK;
}

static enum diag_asked by_order(const struct diag_machine *m,
				const struct diag_nameserver *s)
{
	if (s->behind_stub || s->order >= MACHINE_MAXNS)
		return DIAG_ASKED_NO;
	return s->order == 0 || m->resolv.rotate ? DIAG_ASKED_YES
						 : DIAG_ASKED_FALLBACK;
}

/* How far the questions to the stub go to what is behind it. */
static enum diag_asked stub_asked(const struct diag_machine *m)
{
	enum diag_asked best = DIAG_ASKED_NO;

	for (size_t i = 0; i < m->n_servers; i++) {
		enum diag_asked a = by_order(m, &m->servers[i]);

		if (m->servers[i].stub && a > best)
			best = a;
	}
	return best;
}

static enum diag_asked lesser(enum diag_asked a, enum diag_asked b)
{
	return a < b ? a : b;
}

/* nss-resolve comes before nss-dns, and we know whom it would ask. */
static bool resolve_first(const struct diag_machine *m)
{
	size_t resolve, dns;
	bool any = false;

	if (!machine_nss_at(m, "resolve", &resolve) ||
	    (machine_nss_at(m, "dns", &dns) && dns < resolve))
		return false;
	for (size_t i = 0; i < m->n_servers; i++)
		any |= routed(&m->servers[i]);
	return any;
}

static bool asks_servers(const struct diag_machine *m)
{
	size_t at;

	return m->n_nss_hosts == 0 || machine_nss_at(m, "dns", &at) ||
	       machine_nss_at(m, "resolve", &at);
}

static bool looks_at_names_first(const struct diag_machine *m)
{
	return strcmp(m->platform, "windows") == 0 ||
	       strcmp(m->platform, "darwin") == 0;
}

static enum diag_asked by_policy(const struct diag_machine *m,
				 const struct diag_nameserver *s,
				 const char *name)
{
	int best = -1;

	for (size_t i = 0; i < m->n_servers; i++) {
		int here = match(&m->servers[i], name);

		best = here > best ? here : best;
	}
	if (match(s, name) != best || (best < 0 && s->n_domains > 0))
		return DIAG_ASKED_NO;
	return s->order == 0 ? DIAG_ASKED_YES : DIAG_ASKED_FALLBACK;
}

static enum diag_asked asked_one(const struct diag_machine *m,
				 const struct diag_nameserver *s,
				 const char *name)
{
	enum diag_asked behind;

	if (looks_at_names_first(m))
		return by_policy(m, s, name);
	if (resolve_first(m)) {
		if (routed(s))
			return by_domain(m, s, name);
		return s->stub ? by_order(m, s)
			       : lesser(DIAG_ASKED_FALLBACK, by_order(m, s));
	}
	if (!routed(s))
		return by_order(m, s);
	behind = lesser(stub_asked(m), by_domain(m, s, name));
	return behind > by_order(m, s) ? behind : by_order(m, s);
}

enum diag_asked diag_machine_asked(const struct diag_machine *m,
				   const struct diag_endpoint *server,
				   const char *name)
{
	enum diag_asked best = DIAG_ASKED_NO;

	if (!asks_servers(m))
		return DIAG_ASKED_NO;
	for (size_t i = 0; i < m->n_servers; i++) {
		enum diag_asked a;

		if (!diag_endpoint_eq(&m->servers[i].at, server))
			continue;
		a = asked_one(m, &m->servers[i], name);
		best = a > best ? a : best;
	}
	return best;
}
