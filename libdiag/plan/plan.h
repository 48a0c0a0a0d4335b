/* SPDX-License-Identifier: MIT */
/* plan.h - what to ask next, without asking it.
 *
 * A plan is a pull iterator: the runner takes steps while it has room, hands
 * every fact back, and stops when the plan is dry and nothing is in flight.
 * Pure: no socket, no clock, no file.
 */
#ifndef DIAG_PLAN_PLAN_H
#define DIAG_PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "fact/fact.h"
#include "inventory/inventory.h"
#include "machine/machine.h"
#include "net/fqdn.h"

enum diag_probe_kind {
	DIAG_PROBE_DNS,
	DIAG_PROBE_SYSTEM_DNS,
	DIAG_PROBE_ROUTE,
	DIAG_PROBE_CONNECT,
	DIAG_PROBE_HTTP_PROXY,
	DIAG_PROBE_UDP,
	DIAG_PROBE_ARRIVAL,
	DIAG_PROBE_ARRIVAL_UDP,
	DIAG_PROBE_SNIFF,
	DIAG_PROBE_MTU,
};
#define DIAG_N_PROBES (DIAG_PROBE_MTU + 1)

/* How far a connection goes. */
enum diag_stage { DIAG_STAGE_TCP, DIAG_STAGE_TLS, DIAG_STAGE_HTTP };

/* Where connections begin; what is not said the system chooses. */
struct diag_from {
	struct diag_addr source; /* DIAG_NOFAM: not said */
	const char *interface;	 /* NULL: not said */
};

struct diag_probe_ports {
	uint16_t port, last;
	enum diag_proto proto;
	enum diag_stage stage; /* of TCP */
};

/* One question.  Everything it points to belongs to the plan and lives until
 * the plan's done() for this step, or the plan's end. */
struct diag_step {
	enum diag_probe_kind probe;
	const char *target; /* FQDN the facts are about, or NULL */
	unsigned timeout_ms;
	/* dns, system-dns */
	const char *view;
	struct diag_endpoint server;
	const char *name;
	enum diag_rrtype type;
	bool tcp;
	/* route, connect, udp, http through a proxy */
	struct diag_addr addr;
	uint16_t port;
	enum diag_stage stage;
	const struct diag_http_question *http; /* for DIAG_STAGE_HTTP */
	const struct diag_proxy *proxy;
	const struct diag_from *from;	      /* connect, udp; may be NULL */
	const struct diag_probe_ports *ports; /* sniff */
	size_t n_ports;
	bool large; /* connect: a TLS hello larger than one packet */
	/* connect: no packet of either side larger than this; 0: any.  And it
	 * is asked once more, so that only what came of TLS is told. */
	unsigned packet_max;
	bool repeated;
	bool peer;    /* connect, udp: pl-listen is expected at the other end */
	void *cookie; /* the plan's own */
};

struct diag_plan {
	void *ctx;
	/* Next step, or false: nothing now (ask again after a learn() or a
	 * done()). */
	bool (*next)(void *ctx, struct diag_step *step);
	/* A fact of this step arrived; new steps may follow.  Borrows both.
	 * May be NULL. */
	bool (*learn)(void *ctx, const struct diag_step *step,
		      const struct diag_fact *f, struct diag_err *err);
	/* All facts of this step are in.  May be NULL. */
	void (*done)(void *ctx, const struct diag_step *step);
	/* next() said false only because input has not come yet: a run that
	 * has nothing in flight must not end.  NULL: never. */
	bool (*waiting)(void *ctx);
	/* The run is being cut short: what was not read yet is no step of
	 * this run any more.  May be NULL. */
	void (*cancel)(void *ctx);
	/* Why next() had to give up early (no memory); NULL: it never does.
	 * What is in flight then is not waited for. */
	bool (*failed)(void *ctx, struct diag_err *err);
	void (*free)(void *ctx);
};

/* --- pl-doctor's plan: the critical path (design.md, 7) ------------------ */

struct diag_doctor_options {
	const struct diag_inventory *inventory; /* expanded */
	const struct diag_machine *machine;
	const struct diag_view_spec {
		const char *text; /* "system" or endpoint text */
		struct diag_endpoint at;
	} * views;
	size_t n_views;
	unsigned dns_timeout_ms;     /* 3000 */
	unsigned connect_timeout_ms; /* 4000 */
	unsigned system_timeout_ms;  /* deadline - 500 */
	bool no_connect;	     /* pl-resolve: DNS only */
	bool no_soa;
	bool ask_a, ask_aaaa;
	bool fingerprint; /* ask every name server which software it is */
	unsigned repeat;  /* DNS questions asked this often, 1 = once; one round
			     after the other */
	unsigned max_per_target; /* 16 connections */
};
/* Borrows everything in o until the plan is freed.  At once, for every
 * target: every view (A, AAAA), SOA of each private zone from each server,
 * route and connect to every expected address; as answers arrive connect to
 * each address not expected (deduplicated by target, address, port).  A
 * truncated answer is asked again over TCP.  Names a proxy would carry are
 * also tried through it. */
DIAG_MUST_USE
bool diag_plan_doctor(const struct diag_doctor_options *o,
		      struct diag_plan *out, struct diag_err *err);

/* --- a stream of names for pl-resolve ------------------------------------ */
enum diag_names_got {
	DIAG_NAMES_GOT,
	DIAG_NAMES_LATER, /* nothing there now; never blocks */
	DIAG_NAMES_END,
};
struct diag_names_options {
	/* Next normalised name into buf. */
	enum diag_names_got (*name)(void *ctx, char buf[DIAG_FQDN_MAX]);
	void *ctx;
	const struct diag_view_spec *views;
	size_t n_views;
	bool ask_a, ask_aaaa;
	unsigned dns_timeout_ms;
	unsigned system_timeout_ms;
};
/* Memory is bounded by steps in flight, whatever the number of names. */
DIAG_MUST_USE
bool diag_plan_names(const struct diag_names_options *o, struct diag_plan *out,
		     struct diag_err *err);

/* --- pl-probe: ports, again and again ------------------------------------ */

struct diag_probe_host {
	const char *name; /* what facts are about; NULL: only addresses */
	const struct diag_addr *addresses; /* to try at once */
	size_t n_addresses;
	bool ask; /* the system for the name, and try what it says too */
	const struct diag_probe_ports *ports;
	size_t n_ports;
	const struct diag_http_question *http; /* may be NULL */
	/* Asked once more, on a connection of its own, where HTTP is; NULL. */
	const struct diag_http_question *preflight;
};
struct diag_probe_options {
	const struct diag_probe_host *hosts;
	size_t n_hosts;
	const struct diag_machine *machine; /* for its routes; may be NULL */
	const struct diag_from *from;	    /* may be NULL */
	bool peer;			    /* pl-listen is at the other end */
	bool large; /* where TLS is, say a large hello as well, twice */
	bool mtu;   /* find the path MTU of each address */
	unsigned timeout_ms;	    /* 4000 */
	unsigned system_timeout_ms; /* 9500 */
	unsigned rounds;	    /* 1 */
	/* May this round (from 1) begin?  NULL: as soon as it can. */
	bool (*due)(void *ctx, unsigned round);
	void *ctx;
};
/* Borrows everything in o until the plan is freed.  Every port of every
 * address, once a round; the route to each address once; a TLS hello that got
 * no answer again, in small packets.  IPv6 is tried where this machine has a
 * way to it, or the name has nothing else. */
DIAG_MUST_USE
bool diag_plan_probe(const struct diag_probe_options *o, struct diag_plan *out,
		     struct diag_err *err);

/* --- pl-listen ------------------------------------------------------------ */

struct diag_listen_options {
	const struct diag_addr *addresses; /* to bind to */
	size_t n_addresses;
	const struct diag_probe_ports *ports;
	size_t n_ports;
	unsigned for_ms; /* 0: until somebody ends it */
	bool capture;	 /* also see what this machine's firewall drops */
	/* All is bound and open: what needed rights is done.  false: end the
	 * run. */
	bool (*bound)(void *ctx, struct diag_err *err);
	void *ctx;
};
DIAG_MUST_USE
bool diag_plan_listen(const struct diag_listen_options *o,
		      struct diag_plan *out, struct diag_err *err);

#endif
