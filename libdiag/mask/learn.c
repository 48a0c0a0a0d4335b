/* SPDX-License-Identifier: MIT */
/* learn.c - what a case calls things. */
#include <string.h>

#include "inventory/catalogue.h"
#include "mask/internal.h"
#include "net/scope.h"

#define OWNER_MIN    5	/* bytes of a name that is no ordinary short word */
#define LABEL_BUDGET 22 /* of W and R in "ml-W-R-G" (azure.md, 1.2) */

static void learn(struct diag_mask *m, const char *name)
{
	if (name != NULL && name[0] != '\0')
		mask_learn_word(m, name, strlen(name));
}

/* --- the inventory -------------------------------------------------------- */

/* The workspace's name stands cut to size in another name, and what is made of
 * both must fit together again: see inventory/pattern.c. */
static void learn_workspace(struct diag_mask *m, const char *name,
			    const char *region)
{
	char lower[MASK_WORD_MAX];
	size_t len = strlen(name), room = LABEL_BUDGET - 1, chars;
	struct diag_slice whole = { lower, len }, cut = { lower, 0 };
	const char *to;
	char part[LABEL_BUDGET + 1];

	if (len == 0 || !mask_lower(name, len, lower, sizeof(lower)) ||
	    mask_is_kept(m, lower, len))
		return;
	if (region[0] != '\0' && strlen(region) < LABEL_BUDGET)
		room = LABEL_BUDGET - strlen(region);
	chars =
	    len > room && room >= MASK_PSEUDONYM ? room + 1 : MASK_PSEUDONYM;
	if (len <= room && chars > room)
		chars = room;
	to = mask_pseudonym_of(m, MASK_NAME, whole, chars);
	if (len <= room || strlen(to) <= room)
		return;
	memcpy(part, to, room);
	part[room] = '\0';
	cut.len = room;
	if (mask_table_find(&m->pairs, cut.p, cut.len) == NULL)
		(void)mask_pair(m, MASK_NAME, cut, part);
	mask_learn_word(m, lower, room);
}

static void learn_names(struct diag_mask *m, const struct diag_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		learn(m, names->items[i]);
}

/* Names in a resource id, "…/virtualNetworks/NAME/subnets/NAME". */
static void learn_id(struct diag_mask *m, const char *id)
{
	struct diag_buf out;
	struct diag_slice text = diag_slice_of(id);

	diag_buf_init(&out, MASK_NAME_MAX * 64);
	(void)mask_one(m, NULL, m->level, text, &out);
	diag_buf_clear(&out);
}

static void learn_targets(struct diag_mask *m, const struct diag_inventory *inv)
{
	for (size_t i = 0; i < inv->n_targets; i++) {
		const struct diag_target *t = &inv->targets[i];
		struct diag_cat_match match;

		if (t->fqdn == NULL ||
		    diag_cat_is_public(t->fqdn, NULL, NULL) ||
		    !diag_cat_match(t->fqdn, &match))
			continue;
		learn(m, match.name[0] != '*' ? match.name : NULL);
	}
}

static void learn_inventory(struct diag_mask *m,
			    const struct diag_inventory *inv)
{
	learn_workspace(m, inv->workspace_name, inv->region);
	learn(m, inv->name);
	learn(m, inv->workspace_name);
	learn_names(m, &inv->storage);
	learn_names(m, &inv->key_vault);
	learn_names(m, &inv->compute_instances);
	learn_names(m, &inv->online_endpoints);
	for (size_t i = 0; i < inv->n_registry; i++)
		learn(m, inv->registry[i].name);
	for (size_t i = 0; i < inv->n_networks; i++)
		mask_learn_net(m, &inv->networks[i]);
	for (size_t i = 0; i < inv->n_subnets; i++) {
		for (size_t k = 0; k < inv->subnets[i].n_prefixes; k++)
			mask_learn_net(m, &inv->subnets[i].prefixes[k]);
		learn_id(m, inv->subnets[i].id);
	}
	learn_targets(m, inv);
}

/* --- the machine ---------------------------------------------------------- */

/* What a VPN client calls its adapter tells which product it is, and nobody's
 * name; unless somebody added one. */
static bool is_products(const char *name)
{
	static const char *const products[] = {
		"PANGP",       "GlobalProtect", "Cisco",     "AnyConnect",
		"Fortinet",    "FortiClient",	"Juniper",   "Pulse",
		"Ivanti",      "Zscaler",	"Netskope",  "Cloudflare",
		"Check",       "SonicWall",	"F5",	     "OpenVPN",
		"TAP-Windows", "Wintun",	"WireGuard", "ZeroTier",
		"Azure",       "AzureVPN",	"vEthernet", "Hyper-V",
		"TAP-NordVPN", "Bluetooth",	"Citrix",    "Sophos",
	};
	static const char *const more[] = {
		"Virtual",    "Ethernet",  "Adapter",  "Secure",     "Mobility",
		"Client",     "SSL",	   "VPN",      "Tunnel",     "Network",
		"Interface",  "Point",	   "Miniport", "Connection", "NDIS",
		"Data",	      "Channel",   "Wintun",   "WARP",	     "Windows",
		"(WSL)",      "Switch",	   "(Default", "Switch)",    "V9",
		"AnyConnect", "Userspace", "Private",  "Access",
	};
	struct diag_cursor c = diag_cursor_of(name, strlen(name));
	struct diag_slice word;
	bool is = diag_cursor_word(&c, &word), known = false;

	for (size_t i = 0; i < sizeof(products) / sizeof(*products); i++)
		known |= is && diag_slice_eq(word, products[i]);
	while (known && diag_cursor_word(&c, &word)) {
		known =
		    word.p[0] == '#' || (word.p[0] >= '0' && word.p[0] <= '9');
		for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++)
			known |= diag_slice_eq_nocase(word, more[i]);
	}
	return known;
}

/* "eth0", "wlp3s0", "tun1": names that the system gives. */
bool mask_is_systems(const char *name)
{
	static const char *const heads[] = {
		"lo",	    "eth",	  "en",	       "wl",	   "ww",
		"tun",	    "tap",	  "ppp",       "wg",	   "utun",
		"docker",   "br-",	  "veth",      "virbr",	   "ipsec",
		"vti",	    "xfrm",	  "gre",       "sit",	   "bond",
		"team",	    "vlan",	  "dummy",     "ifb",	   "usb",
		"nordlynx", "tailscale",  "zt",	       "cni",	   "flannel",
		"cali",	    "vmnet",	  "vboxnet",   "gif",	   "awdl",
		"llw",	    "bridge",	  "ap",	       "anpi",	   "stf",
		"isatap",   "teredo",	  "lxc",       "lxd",	   "podman",
		"gpd",	    "cscotun",	  "vpn",       "Ethernet", "Wi-Fi",
		"Loopback", "Local Area", "Tailscale",
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (strncmp(name, heads[i], strlen(heads[i])) == 0)
			return true;
	return is_products(name);
}

/* Whose domain it is is said elsewhere, too: "megacorp" of corp.megacorp.com
 * in names of files, tunnels and certificates. */
static void learn_owner(struct diag_mask *m, const char *domain)
{
	size_t len = strlen(domain), at = 0, from;
	char lower[MASK_NAME_MAX + 1];

	if (!mask_lower(domain, len, lower, sizeof(lower)) ||
	    mask_suffix_of(m, lower, len, &at) != MASK_SUFFIX_TLD || at < 2)
		return;
	from = --at; /* the dot */
	while (from > 0 && lower[from - 1] != '.')
		from--;
	if (at - from >= OWNER_MIN &&
	    !mask_label_is_common(lower + from, at - from))
		mask_learn_word(m, lower + from, at - from);
}

static void learn_host(struct diag_mask *m, const char *host)
{
	struct diag_addr a;

	/* One that is an address is masked as such. */
	if (host == NULL || host[0] == '\0' || diag_addr_parse(host, &a))
		return;
	mask_learn_word(m, host, strcspn(host, "."));
	learn(m, host);
	if (strchr(host, '.') != NULL)
		learn_owner(m, host);
}

/* A domain without a known end is no name to whoever does not know it. */
static void learn_domain(struct diag_mask *m, const char *domain)
{
	const char *last = domain != NULL ? strrchr(domain, '.') : NULL;

	if (domain == NULL)
		return;
	last = last != NULL ? last + 1 : domain;
	if (last[0] != '\0' && !mask_tld_known(last, strlen(last)))
		learn(m, last);
	else
		learn_owner(m, domain);
}

/* A host of one word, as a URL has it or a list of exceptions. */
static void learn_bare_host(struct diag_mask *m, const char *text)
{
	const char *at = strstr(text, "://");
	size_t len;

	at = at != NULL ? at + 3 : text;
	len = strcspn(at, ":/");
	if (len >= OWNER_MIN && memchr(at, '.', len) == NULL &&
	    !mask_label_is_common(at, len))
		mask_learn_word(m, at, len);
}

static void learn_machine(struct diag_mask *m, const struct diag_machine *from)
{
	learn_host(m, from->host);
	for (size_t i = 0; i < from->n_interfaces; i++) {
		const struct diag_interface *f = &from->interfaces[i];

		if (!mask_is_systems(f->name) &&
		    !diag_mask_learn_name(m, f->name, NULL))
			m->failed = DIAG_ENOMEM;
		for (size_t k = 0; k < f->n_addresses; k++)
			mask_learn_net(m, &f->prefixes[k]);
	}
	for (size_t i = 0; i < from->n_routes; i++)
		mask_learn_net(m, &from->routes[i].to);
	for (size_t i = 0; i < from->resolv.n_search; i++)
		learn_domain(m, from->resolv.search[i]);
	for (size_t i = 0; i < from->n_proxies; i++)
		learn_bare_host(m, from->proxies[i].url);
	for (size_t i = 0; i < from->n_no_proxy; i++)
		learn_bare_host(m, from->no_proxy[i]);
	for (size_t i = 0; i < from->n_servers; i++)
		for (size_t k = 0; k < from->servers[i].n_domains; k++)
			learn_domain(m, from->servers[i].domains[k]);
}

/* --- facts ---------------------------------------------------------------- */

/* The prefix of a NAT64 is found by this name's addresses (RFC 7050, 3). */
static void learn_nat64(struct diag_mask *m, const struct diag_fact *f)
{
	if (f->kind != DIAG_FACT_DNS ||
	    strcmp(f->dns.name, "ipv4only.arpa") != 0)
		return;
	for (size_t i = 0; i < f->dns.n_addresses; i++) {
		struct diag_cidr net = { f->dns.addresses[i], 96 };
		struct diag_cidr *one;
		struct diag_addr v4;

		if (net.addr.family != DIAG_IPV6 ||
		    diag_scope_dns64(&net.addr, NULL, &v4))
			continue;
		memset(net.addr.bytes + 12, 0, 4);
		one = diag_arena_push(&m->arena, &m->nat64, &m->n_nat64,
				      sizeof(*one));
		if (one == NULL) {
			m->failed = DIAG_ENOMEM;
			return;
		}
		*one = net;
	}
}

bool diag_mask_learn(struct diag_mask *m, const struct diag_case *c,
		     struct diag_err *err)
{
	struct diag_buf none;

	diag_buf_init(&none, 1);
	if (c->inventory != NULL)
		learn_inventory(m, c->inventory);
	for (size_t i = 0; i < c->n_origins; i++) {
		learn_host(m, c->origins[i].host);
		if (c->origins[i].machine != NULL)
			learn_machine(m, c->origins[i].machine);
	}
	for (size_t i = 0; i < c->facts.n; i++)
		learn_nat64(m, c->facts.facts[i]);
	return mask_told(m, &none, err);
}
