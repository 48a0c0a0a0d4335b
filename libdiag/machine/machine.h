/* SPDX-License-Identifier: MIT */
/* machine.h - what this machine says of itself, as one value.
 *
 * Read once before a run (machine_linux.c), or from a file (--machine), or
 * made from --hosts / --resolv-conf.  JSON in and out: it travels in the
 * header of every case, so that a verdict needs no machine.
 */
#ifndef DIAG_MACHINE_MACHINE_H
#define DIAG_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "hosts/hosts.h"
#include "net/addr.h"

/* One configured name server and when the system would ask it. */
struct diag_nameserver {
	struct diag_endpoint at;
	const char *interface; /* link it belongs to, or NULL */
	const char *source;    /* "/etc/resolv.conf", "systemd-resolved" … */
	unsigned order;	       /* 0 asked first in its source */
	bool stub;	       /* a local stub: 127.0.0.53, 127.0.0.11, WSL */
	bool behind_stub;      /* known only as a server behind a stub */
	/* Routing domains, lower case, no dot; "." means everything. n 0: a
	 * global server that has no list (asked by order). */
	const char *const *domains;
	size_t n_domains;
	/* May be asked for any other name.  Behind a stub, without interface
	 * and domains, false means that nobody knows for which names. */
	bool default_route;
};

struct diag_resolv {
	const char *const *search; /* in order; `domain` counts */
	size_t n_search;
	unsigned ndots, timeout_s, attempts; /* defaults 1, 5, 2 */
	bool rotate, use_vc, edns0, trust_ad, single_request;
};

struct diag_interface {
	const char *name;
	bool up, loopback, tunnel; /* tun/tap, ppp, wireguard, ipsec … */
	bool container;		   /* docker0, veth, br-…: never a path out */
	unsigned mtu;
	const struct diag_cidr *prefixes;  /* with host bits masked */
	const struct diag_addr *addresses; /* same order as prefixes */
	size_t n_addresses;
};

struct diag_route {
	struct diag_cidr to;
	struct diag_addr gateway; /* DIAG_NOFAM: on-link */
	const char *interface;
	unsigned metric;
};

struct diag_proxy {
	const char *scheme;   /* "https", "http", "all": for which URLs */
	const char *url;      /* credentials removed: "http://proxy:3128" */
	bool has_credentials; /* there were some */
	const char *source;   /* "HTTPS_PROXY", "/etc/environment" … */
};

struct diag_machine {
	struct diag_arena arena;
	const char *host;      /* host name */
	const char *platform;  /* "linux" … */
	const char *os;	       /* "Debian GNU/Linux 12", may be "" */
	const char *container; /* "docker", "podman", "wsl", "kubernetes", "" */
	/* nsswitch `hosts:` in order: "files", "dns", "resolve", "myhostname",
	 * "mdns4_minimal" … without actions. */
	const char *const *nss_hosts;
	size_t n_nss_hosts;
	struct diag_nameserver *servers;
	size_t n_servers;
	struct diag_resolv resolv;
	const char *hosts_path; /* "/etc/hosts" */
	const char *hosts_text; /* whole, or NULL; not printed to JSON */
	size_t hosts_len;
	struct diag_hosts hosts; /* parsed */
	struct diag_interface *interfaces;
	size_t n_interfaces;
	struct diag_route *routes;
	size_t n_routes;
	struct diag_proxy *proxies;
	size_t n_proxies;
	const char *const *no_proxy; /* entries, lower case */
	size_t n_no_proxy;
	const char
	    *roots_path; /* PEM file of the distribution's roots, or NULL */
	/* SHA-256 (hex) of roots added by this machine's owner. */
	const char *const *local_roots;
	size_t n_local_roots;
	int64_t clock_s; /* wall clock when read */
	bool clock_synchronised, clock_sync_known;
	bool emulated; /* --hosts / --resolv-conf: system view is computed */
};

/* Where the readers look; NULL: the platform's own.  For tests and chroots.
 * Files named here must be there: DIAG_EIO.  With resolv_conf the servers are
 * those of that file and no others. */
struct diag_machine_paths {
	const char *root; /* prefix for all default paths, or NULL; interfaces,
			     routes and environment are the process's own */
	const char *hosts, *resolv_conf, *nsswitch;
	bool no_roots; /* leave roots_path and local_roots empty: saves 1 ms */
};

/* Where this platform's hosts file is. */
const char *diag_machine_hosts_path(void);

/* Read the running machine.  What cannot be read is left empty and told in
 * notes (one line each; may be NULL): looking never needs rights. */
DIAG_MUST_USE
bool diag_machine_read(const struct diag_machine_paths *paths,
		       struct diag_problems *notes, struct diag_machine **out,
		       struct diag_err *err);
void diag_machine_free(struct diag_machine *m);

DIAG_MUST_USE
bool diag_machine_parse(const cJSON *obj, const struct diag_json_at *at,
			struct diag_machine **out, struct diag_err *err);
/* hosts: only edges and faults of these names (and malformed lines) are
 * printed, the rest of the hosts file is nobody's business; NULL: all. */
void diag_machine_print(const struct diag_machine *m,
			bool (*keep)(void *ctx, const char *name), void *ctx,
			struct diag_jw *w);

/* --- pieces, pure, for tests and other platforms ------------------------- */
DIAG_MUST_USE
bool diag_resolv_parse(struct diag_machine *m, const char *source,
		       const char *text, size_t len, struct diag_err *err);
DIAG_MUST_USE
bool diag_nsswitch_parse(struct diag_machine *m, const char *text, size_t len,
			 struct diag_err *err);

/* --- questions the plan and the verdict ask ------------------------------ */
enum diag_asked { DIAG_ASKED_NO, DIAG_ASKED_FALLBACK, DIAG_ASKED_YES };
const char *diag_asked_key(enum diag_asked a); /* "no" "fallback" "yes" */
/* Would the system ask this server for this name?  From routing domains and
 * order; a server that is not configured is DIAG_ASKED_NO; one behind a stub
 * counts as the stub would choose. */
enum diag_asked diag_machine_asked(const struct diag_machine *m,
				   const struct diag_endpoint *server,
				   const char *name);
/* Longest-prefix route to a, from the table read; NULL: none. */
const struct diag_route *diag_machine_route(const struct diag_machine *m,
					    const struct diag_addr *a);
const struct diag_interface *
diag_machine_interface(const struct diag_machine *m, const char *name);
/* The proxy that a client honouring the environment would use for
 * https://name (NULL: direct), no_proxy applied (suffix, CIDR, '*'). */
const struct diag_proxy *diag_machine_proxy(const struct diag_machine *m,
					    const char *name);
/* The computed system view for `--hosts` / `--resolv-conf`: hosts comes
 * before dns in nsswitch order? */
bool diag_machine_files_first(const struct diag_machine *m);

#endif
