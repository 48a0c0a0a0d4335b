/* SPDX-License-Identifier: MIT */
/* worlds.h - machines that are well or ill, two of which are compared. */
#ifndef DIAG_TESTS_BUNDLE_WORLDS_H
#define DIAG_TESTS_BUNDLE_WORLDS_H

#include "bundle/compare.h"
#include "tests/verdict/paths.h"

#define SYSTEM_AND(view) "{\"view\":\"system\"},{\"view\":\"" view "\"}"
#define M_TO_CORP	 "{\"to\":\"10.200.0.0/24\",\"interface\":\"tun0\"}"
#define OTHER		 "10.200.0.99:53"
#define M_SRV_OTHER                                              \
	"{\"at\":\"" OTHER "\",\"source\":\"/etc/resolv.conf\"," \
	"\"order\":0,\"default_route\":true}"
#define HOSTS(address)                                                   \
	"\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{\"name\":\"" API \
	"\",\"address\":\"" address "\",\"line\":7}]},"
#define GLUED                                                                 \
	"\"hosts\":{\"path\":\"/etc/hosts\",\"faults\":[{\"kind\":\"glued\"," \
	"\"meant\":\"" API "\",\"line\":3,\"column\":1,\"text\":\"address "   \
	"and name run together\"}]},"

typedef void world(struct build *b);

struct pair {
	struct build good, bad;
	struct diag_comparison *c;
};

void pair_open(struct pair *p, world *good, world *bad);
void pair_close(struct pair *p);
struct diag_compare_side pair_side(const char *name, const struct build *b);
/* false: no memory. */
bool pair_compare(struct pair *p);
/* "-": none. */
const char *pair_first(const struct diag_comparison *c);
void pair_show(const struct pair *p); /* why a test fails */
/* The first difference, and which of the bad one's causes it makes. */
void pair_expect(struct pair *p, const char *first, const char *makes);
void pair_notes_say(const struct pair *p, const char *words);
/* A difference with this code is told, and explains nothing. */
void pair_innocent(const struct pair *p, const char *code);

/* --- pieces: facts, and members of a case --- */

/* A VPN that brings its own name server; no facts yet. */
void world_vpn(struct build *b);
void world_answer_right(struct build *b, const char *view, const char *name,
			const char *address);
void world_others(struct build *b, const char *view);
void world_api_works(struct build *b, const char *view);
/* --- whole ones --- */

/* All is well. */
void world_works(struct build *b);
void world_api_public(struct build *b, const char *view);
void world_asks_isp(struct build *b);
void world_same_server_public(struct build *b);
void world_all_silent(struct build *b);
void world_at_home(struct build *b);
void world_offline(struct build *b);
void world_no_route(struct build *b);
void world_in_vnet(struct build *b);
void world_port(struct build *b, const char *status);
void world_port_silent(struct build *b);
void world_port_refused(struct build *b);
void world_hosts_wrong(struct build *b);
void world_hosts_right(struct build *b);
void world_hosts_glued(struct build *b);
void world_hosts_asked_last(struct build *b);
void world_search_list(struct build *b);
void world_stale(struct build *b);
void world_other_family(struct build *b);
void world_clock_right(struct build *b);
void world_clock_slow(struct build *b);
void world_tls_good(struct build *b);
void world_tls_inspected(struct build *b);
void world_tls_cut(struct build *b);
void world_http_denied(struct build *b);
void world_large_lost(struct build *b); /* facts only */
void world_large_hello_lost(struct build *b);
void world_in_docker(struct build *b);
void world_behind_proxy(struct build *b);
void world_no_proxy(struct build *b);
void world_expects_another(struct build *b);
void world_files_https(struct build *b);
void world_files_smb(struct build *b);
void world_second_server(struct build *b);

#endif
