/* SPDX-License-Identifier: MIT */
/* paths.h - more of build.h's worlds: routes, ports, certificates, answers. */
#ifndef TESTS_VERDICT_PATHS_H
#define TESTS_VERDICT_PATHS_H

#include "tests/verdict/build.h"

#define CERT	 GUID ".workspace.eastus.cert.api.azureml.ms"
#define FILES	 "ws1103sa.file.core.windows.net"
#define VAULT	 "ws1103kv.vault.azure.net"
#define REGISTRY "ws1103acr.azurecr.io"

#define AT_API	    "10.150.0.4"
#define AT_NOTEBOOK "10.150.0.5"
#define AT_FILES    "10.150.0.7"
#define AT_BLOB	    "10.150.0.8"
#define AT_VAULT    "10.150.0.9"
#define AT_REGISTRY "10.150.0.10"

#define T_PRIVATE(name, service, address, ports)                  \
	"{\"fqdn\":\"" name "\",\"service\":\"" service "\","     \
	"\"addresses\":[\"" address "\"],\"expect\":\"private\"," \
	"\"ports\":[" ports "]}"
#define T_CERT	   T_PRIVATE(CERT, "workspace-cert", AT_API, "443")
#define T_FILES	   T_PRIVATE(FILES, "storage-file", AT_FILES, "443,445")
#define T_VAULT	   T_PRIVATE(VAULT, "key-vault", AT_VAULT, "443")
#define T_REGISTRY T_PRIVATE(REGISTRY, "registry", AT_REGISTRY, "443")

#define M_ROOTS "\"roots\":{\"path\":\"/etc/ssl/certs/ca-certificates.crt\"},"
#define M_PROXY                                                   \
	"\"proxies\":[{\"scheme\":\"https\",\"url\":"             \
	"\"http://proxy.corp.example:3128\",\"has_credentials\":" \
	"false,\"source\":\"HTTPS_PROXY\"}],"
#define PROXY "http://proxy.corp.example:3128"
#define M_SRV_AZURE                                              \
	"{\"at\":\"" AZURE "\",\"source\":\"/etc/resolv.conf\"," \
	"\"order\":0,\"default_route\":true}"
#define M_ETH                                                         \
	"{\"name\":\"eth0\",\"up\":true,\"addresses\":[{\"address\":" \
	"\"10.150.0.40\",\"prefix\":\"10.150.0.0/24\"}]}"
#define M_ETH_DEFAULT                                       \
	"{\"to\":\"0.0.0.0/0\",\"gateway\":\"10.150.0.1\"," \
	"\"interface\":\"eth0\"}"
#define M_ETH_LAN "{\"to\":\"10.150.0.0/24\",\"interface\":\"eth0\"}"

/* A laptop whose VPN is not connected. */
void path_at_home(struct build *b);
/* A machine with an address in the VNet; 168.63.129.16 is its server. */
void path_in_vnet(struct build *b);

/* The name is answered rightly, by the system and by this server. */
void path_right(struct build *b, const char *view, const char *name,
		const char *address);

/* The three of build.h and their private addresses. */
struct path_known {
	const char *name, *address;
};
extern const struct path_known path_three[3];
/* Their names are right; each address is routed like this, and port 443 does
 * that. */
void path_all_three(struct build *b, const char *view, const char *interface,
		    const char *how, const char *status);

/* how: words of "on-link default tunnel none". */
void path_route(struct build *b, const char *address, const char *interface,
		const char *how);
/* tcp with an errno, "" for none. */
void path_errno(struct build *b, const char *name, const char *address,
		const char *status, const char *name_of_errno);
/* unreachable, by an ICMP message of type 3. */
void path_icmp(struct build *b, const char *name, const char *address,
	       unsigned code, const char *from);

/* A certificate as it was met; what is NULL is as it should be. */
struct path_cert {
	const char *status;		    /* "ok" */
	const char *faults;		    /* "\"untrusted\"" */
	const char *root;		    /* "public" */
	const char *subject, *issuer, *san; /* of the leaf; san: one name */
	const char *sha256;		    /* made from subject */
	const char *not_before, *not_after;
	const char *more; /* "\"alert\":112," */
};
/* tcp open, then this. */
void path_tls(struct build *b, const char *name, const char *address,
	      const struct path_cert *cert);
/* Members after status: "\"answer\",\"code\":200,\"is_service\":true". */
void path_http(struct build *b, const char *name, const char *address,
	       const char *members);
void path_proxied(struct build *b, const char *name, const char *members);

/* The codes of the causes, in order, blank separated; "" for none. */
void path_causes(struct build *b, const char *codes);
/* The finding's detail or proof has these words. */
void path_says(struct build *b, const char *code, const char *words);
/* It has exactly these targets, blank separated. */
void path_blames(struct build *b, const char *code, const char *names);

/* cmocka's set-up and tear-down around one struct build. */
int path_set_up(void **state);
int path_tear_down(void **state);

#endif
