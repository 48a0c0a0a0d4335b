/* SPDX-License-Identifier: MIT */
/* build.h - small worlds for the verdict's tests, as the case file that a run
 * would have saved.
 *
 *	struct build b;
 *	build_init(&b);				a laptop, see below
 *	build_system(&b, API, "20.62.10.4");
 *	build_dns(&b, ISP, API, "A", "answer", API_ALIAS " " FRONT
 *" 20.62.10.4"); build_open(&b, API, "10.150.0.4"); build_judge(&b);
 *	build_expect(&b, "error dns.zone-not-visible");
 *	build_status(&b, API, DIAG_TARGET_FAIL);
 *	build_clear(&b);
 *
 * Unless a test changes it: role client; inventory of three private targets
 * (API, NOTEBOOK, BLOB) and network 10.150.0.0/16, no public names; wlan0
 * 192.168.1.20, tun0 10.200.0.5 up with a route to 10.150.0.0/16; one name
 * server ISP in /etc/resolv.conf; views system and ISP.
 */
#ifndef TESTS_VERDICT_BUILD_H
#define TESTS_VERDICT_BUILD_H

#include "case/case.h"
#include "verdict/verdict.h"

#define GUID	  "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"
#define API	  GUID ".workspace.eastus.api.azureml.ms"
#define API_ALIAS GUID ".workspace.eastus.privatelink.api.azureml.ms"
#define API_ZONE  "privatelink.api.azureml.ms"
#define NOTEBOOK  "ml-ws1103-eastus-" GUID ".eastus.notebooks.azure.net"
#define NB_ALIAS \
	"ml-ws1103-eastus-" GUID ".eastus.privatelink.notebooks.azure.net"
#define NB_ZONE	   "privatelink.notebooks.azure.net"
#define BLOB	   "ws1103sa.blob.core.windows.net"
#define BLOB_ALIAS "ws1103sa.privatelink.blob.core.windows.net"
#define BLOB_ZONE  "privatelink.blob.core.windows.net"
#define INSTANCE   "ws1103ci1.eastus.instances.azureml.ms"
#define STUDIO	   "ml.azure.com"
#define SIGN_IN	   "login.microsoftonline.com"
#define FRONT	   "eastus-frontend.eastus.cloudapp.azure.com"

#define ISP   "198.51.100.53:53"
#define CORP  "10.200.0.53:53"
#define AZURE "168.63.129.16:53"
#define STUB  "127.0.0.53:53"

#define PRIVATE_MNAME "azureprivatedns.net"
#define PUBLIC_MNAME  "ns1-01.azure-dns.com"

/* Pieces of the inventory: members of "targets". */
#define T_API                                                    \
	"{\"fqdn\":\"" API "\",\"service\":\"workspace-api\","   \
	"\"addresses\":[\"10.150.0.4\"],\"expect\":\"private\"," \
	"\"ports\":[443]}"
#define T_NOTEBOOK                                               \
	"{\"fqdn\":\"" NOTEBOOK "\",\"service\":\"notebook\","   \
	"\"addresses\":[\"10.150.0.5\"],\"expect\":\"private\"," \
	"\"ports\":[443]}"
#define T_BLOB                                                   \
	"{\"fqdn\":\"" BLOB "\",\"service\":\"storage-blob\","   \
	"\"addresses\":[\"10.150.0.8\"],\"expect\":\"private\"," \
	"\"ports\":[443]}"
#define T_INSTANCE                                                     \
	"{\"fqdn\":\"" INSTANCE "\",\"service\":\"compute-instance\"," \
	"\"addresses\":[\"10.150.0.4\"],\"expect\":\"private\","       \
	"\"ports\":[443]}"
#define T_STUDIO                                           \
	"{\"fqdn\":\"" STUDIO "\",\"service\":\"studio\"," \
	"\"expect\":\"public\",\"ports\":[443]}"
#define T_SIGN_IN                                            \
	"{\"fqdn\":\"" SIGN_IN "\",\"service\":\"sign-in\"," \
	"\"expect\":\"public\",\"ports\":[443]}"

/* Pieces of the machine. */
#define M_WLAN                                                         \
	"{\"name\":\"wlan0\",\"up\":true,\"addresses\":[{\"address\":" \
	"\"192.168.1.20\",\"prefix\":\"192.168.1.0/24\"}]}"
#define M_TUN                                                            \
	"{\"name\":\"tun0\",\"up\":true,\"tunnel\":true,\"addresses\":[" \
	"{\"address\":\"10.200.0.5\",\"prefix\":\"10.200.0.0/24\"}]}"
#define M_DEFAULT                                            \
	"{\"to\":\"0.0.0.0/0\",\"gateway\":\"192.168.1.1\"," \
	"\"interface\":\"wlan0\"}"
#define M_LAN  "{\"to\":\"192.168.1.0/24\",\"interface\":\"wlan0\"}"
#define M_VNET "{\"to\":\"10.150.0.0/16\",\"interface\":\"tun0\"}"
#define M_SRV_ISP                                                          \
	"{\"at\":\"" ISP "\",\"source\":\"/etc/resolv.conf\",\"order\":0," \
	"\"default_route\":true}"
#define M_SRV_CORP                                                          \
	"{\"at\":\"" CORP "\",\"source\":\"/etc/resolv.conf\",\"order\":1," \
	"\"default_route\":true}"

struct build {
	/* JSON, without the outer brackets; change them before build_judge().
	 */
	const char *networks;	/* "\"10.150.0.0/16\"" */
	const char *inventory;	/* further members: "\"public_access\":…," */
	const char *targets;	/* T_API "," … */
	const char *views;	/* "{\"view\":\"system\"},…" */
	const char *servers;	/* M_SRV_ISP */
	const char *nss;	/* "\"files\",\"dns\"" */
	const char *interfaces; /* M_WLAN "," M_TUN */
	const char *routes;
	const char *machine; /* further members: "\"hosts\":{…}," */
	const char *role, *tool;
	const char *inventory_arg; /* "ws1103.json" */
	const char *origin;	   /* "": a live run */
	const char *platform;	   /* "linux" */
	bool complete;
	bool public_names; /* the catalogue's, too */

	/* A whole inventory in place of networks, inventory and targets; empty:
	 * these are used. */
	struct diag_buf document;
	struct diag_buf facts; /* lines */
	unsigned n_facts;
	double now_ms;
	struct diag_case *c;
	struct diag_verdict *v;
	char said[8192];
};

void build_init(struct build *b);
void build_clear(struct build *b);

/* One fact as JSON members after id and times: "\"probe\":…". */
void build_fact(struct build *b, const char *fmt, ...) DIAG_PRINTF(2, 3);
/* words: names are CNAME targets, addresses end the chain; "" for none. */
void build_dns(struct build *b, const char *view, const char *name,
	       const char *type, const char *status, const char *words);
/* The same with an SOA in the authority section. */
void build_dns_soa(struct build *b, const char *view, const char *name,
		   const char *status, const char *words, const char *owner,
		   const char *mname);
/* The SOA of a zone, asked there. */
void build_soa(struct build *b, const char *view, const char *zone,
	       const char *mname);
/* addresses: blank separated, "" for status none. */
void build_system(struct build *b, const char *name, const char *addresses);
void build_system_status(struct build *b, const char *name, const char *status,
			 const char *addresses, const char *canonical);
/* tcp open, tls ok, http answer that is the service's. */
void build_open(struct build *b, const char *name, const char *address);
/* tcp open, tls name-mismatch. */
void build_stranger(struct build *b, const char *name, const char *address);
/* tcp with this status and nothing after it. */
void build_tcp(struct build *b, const char *name, const char *address,
	       unsigned port, const char *status);
void build_route(struct build *b, const char *address, const char *interface,
		 bool tunnel);

/* Everything right for API, NOTEBOOK and BLOB: system, this server, SOAs and
 * connections. */
void build_healthy(struct build *b, const char *view);
/* The private answer of one of the three, from this server. */
void build_private(struct build *b, const char *view, const char *name);
/* Its public answer through the alias. */
void build_public(struct build *b, const char *view, const char *name);
/* Connections to the expected addresses of the three, open. */
void build_paths_open(struct build *b);

void build_judge(struct build *b);
/* The findings, errors first: "error CODE\nwarning CODE\n…" must be exactly
 * this list (words may be separated by any blanks). */
void build_expect(struct build *b, const char *list);
void build_status(struct build *b, const char *fqdn,
		  enum diag_target_status want);
const struct diag_finding *build_finding(struct build *b, const char *code);
/* The whole case file, as build_judge() reads it, in out. */
void build_text(struct build *b, struct diag_buf *out);

#endif
