/* SPDX-License-Identifier: MIT */
/* probe.h - the parts of pl-probe: what to try, what came of it, pages. */
#ifndef DIAG_TOOLS_PROBE_H
#define DIAG_TOOLS_PROBE_H

#include "base/cursor.h"
#include "case/case.h"
#include "plan/plan.h"
#include "tools/options_inventory.h"
#include "tools/options_machine.h"
#include "tools/tool.h"
#include "verdict/verdict.h"

struct probe {
	struct tool_inventory inventory;
	struct tool_machine machine;
	struct tool_list address;
	const char *source, *interface;
	const char *ca_file, *save;
	int role, era; /* indexes in tool_roles, tool_eras */
	bool tls, http, udp, tcp, peer, large_hello, mtu, no_public;
	unsigned count, interval_ms;
	unsigned timeout_ms;
	unsigned max_parallel; /* 0: by the number of ports */
};

/* All of it (run.c). */
enum tool_status probe_run(struct tool_call *call, struct diag_err *err);

/* --- what to try ---------------------------------------------------------- */

/* HOST[:PORTS] words as an inventory document, with --address as the
 * addresses that they should have (words.c).  Gives *out. */
DIAG_MUST_USE
bool probe_words(struct tool_call *call, struct diag_inventory **out,
		 struct diag_err *err);

#define PROBE_PORTS_MAX 1024 /* numbers and ranges of one word */

/* "443,29876-29877" (the shape of --ports too): the ranges go into the call's
 * arena.  what is named in messages. */
DIAG_MUST_USE
bool probe_ports(struct tool_call *call, const char *what,
		 struct diag_slice text, struct diag_probe_ports **out,
		 size_t *n, struct diag_err *err);

/* What the plan tries of an expanded inventory (hosts.c); in the call's
 * arena. */
struct probe_hosts {
	struct diag_probe_host *items;
	size_t n;
	uint64_t n_ports; /* of all hosts, each known address counted */
};
#define PROBE_PAIRS_MAX ((uint64_t)1 << 20)
/* Optional ports are left out of what people named themselves (words). */
DIAG_MUST_USE
bool probe_hosts_of(struct tool_call *call, const struct diag_inventory *inv,
		    bool words, struct probe_hosts *out, struct diag_err *err);

/* --- what came of it (pairs.c) -------------------------------------- */

enum probe_worth {
	PROBE_FINE,
	PROBE_BAD,
	PROBE_UNKNOWN, /* not run; a UDP port that is silent */
};

/* How a try ended.  Who refuses has answered: only what brought no answer at
 * all is lost. */
enum probe_end {
	PROBE_END_GOOD, /* open; UDP: a reply */
	PROBE_END_LOST, /* UDP: silent, which need not be lost */
	PROBE_END_REFUSED,
	PROBE_END_UNREACHABLE,
	PROBE_END_RESET,
	PROBE_END_FAILED,
	PROBE_N_ENDS
};

/* One port of one address; or, without an address, a name that has none. */
struct probe_pair {
	const char *name; /* the plan's own text; NULL: only an address */
	struct diag_addr addr;
	uint16_t port;
	bool udp;
	/* Known once they are sorted. */
	const struct diag_target *target;
	bool optional;
	/* The last fact of each stage, as it came. */
	struct probe_stage {
		bool there;
		enum diag_status status;
		double took_ms;
		int sys_errno;
		char error[80];
	} tcp, tls, http;
	struct diag_icmp_seen icmp;
	int code;	  /* of HTTP */
	const char *peer; /* "met" ...; NULL: not asked */
	/* Of all rounds: how often, how each ended, how many of those that were
	 * good went wrong in TLS or HTTP, and how long it took. */
	unsigned tries, ends[PROBE_N_ENDS], tls_failed, http_failed;
	float *took_ms;
	size_t n_took, cap_took;
};

struct probe_pairs {
	struct probe_pair *items;
	size_t n, cap;
	size_t *slots; /* item + 1, 0: free; twice as many as items */
	size_t n_slots;
	const struct diag_inventory *inv;
};

void probe_pairs_clear(struct probe_pairs *p);
/* *changed: it is not what it was the last time. */
DIAG_MUST_USE
bool probe_pairs_learn(struct probe_pairs *p, const struct diag_fact *f,
		       bool *changed, struct diag_err *err);
/* In the order of a page: targets as they stand in the inventory, address,
 * port.  Nothing may be learned afterwards. (order.c) */
DIAG_MUST_USE
bool probe_pairs_sort(struct probe_pairs *p, struct diag_err *err);

enum probe_worth probe_worth(const struct probe_pair *p);
/* How far it came, in a word or two: "open", "refused", "tls cut". */
const char *probe_state(const struct probe_pair *p);

/* In one word, as text and the tally of many tries have it. */
const char *probe_end_word(const struct probe_pair *p, enum probe_end end);

struct probe_numbers {
	double lost; /* percent of the tries */
	double min, avg, max, deviation, p50, p95, p99;
};
/* Sorts the pair's times. */
struct probe_numbers probe_numbers(struct probe_pair *p);

struct probe_tally {
	size_t pairs, fine, bad, unknown; /* required ones */
	size_t optional_bad;
};
struct probe_tally probe_tally(const struct probe_pairs *p);

/* --- faces ---------------------------------------------------------------- */

/* Both want sorted pairs. */
void probe_text(struct tool_call *call, struct probe_pairs *p,
		struct diag_buf *out);
/* What was found out about the size of packets (mtu.c). */
void probe_mtu_text(const struct diag_store *facts, struct diag_buf *out);
void probe_junit(const struct probe_pairs *p, double took_ms,
		 struct diag_buf *out);

#endif
