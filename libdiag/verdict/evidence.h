/* SPDX-License-Identifier: MIT */
/* evidence.h - a case, sorted so that a rule is a few lines.  Private.
 *
 * One pass over the facts gives, per origin (machine) and target (name):
 *
 *   answers    what each view said, the deciding fact per family, and what
 *              kind of answer that is (enum ev_kind: exactly one per view and
 *              name, so that no two dns.* rules can blame the same answer)
 *   addresses  each address that is expected or was answered: its class, its
 *              route, its connections, and whether this very service answers
 *   deciding   the answer that decides this name (design.md, section 6)
 *   path       the addresses on which path rules (net, vpn, tcp, tls, http)
 *              may blame somebody: the right ones
 *
 * Nothing here depends on the order of the facts: they are sorted by time and
 * id first.  Everything lives in the verdict's arena; facts are borrowed from
 * the case.
 */
#ifndef DIAG_VERDICT_EVIDENCE_H
#define DIAG_VERDICT_EVIDENCE_H

#include "case/case.h"
#include "net/fqdn.h"
#include "net/scope.h"
#include "verdict/verdict.h"

/* What an address is for one target, the first that fits. */
enum ev_class {
	EV_EXPECTED,  /* one of the target's own addresses */
	EV_OURS,      /* inside the inventory's networks */
	EV_UNUSABLE,  /* can never be a private endpoint */
	EV_SYNTHETIC, /* a zero-trust client's range, routed to a tunnel */
	EV_PRIVATE,   /* RFC 1918, 6598, 4193 */
	EV_PUBLIC,
};
bool ev_class_is_private(enum ev_class c); /* expected, ours or private */
const char *ev_class_word(enum ev_class c);

/* Is what answers at an address the target's service? */
enum ev_service {
	EV_SERVICE_UNKNOWN, /* not tried, or not run */
	EV_SERVICE_YES,	    /* certificate for the name, and HTTP agrees */
	EV_SERVICE_NO,	    /* somebody else, or nobody, answers */
};

/* One connection; a stage that was not reached is NULL. */
struct ev_conn {
	uint16_t port;
	const struct diag_fact *tcp, *tls, *http; /* direct */
	const struct diag_fact *preflight; /* the browser's question, or NULL */
	/* Hellos larger than one packet: the last that failed, how many did,
	 * and how many were answered. */
	const struct diag_fact *large;
	unsigned n_large_lost, n_large_met;
	/* The usual hello, repetitions included: how often it got no answer,
	 * and how often one.  The same in small packets: the last that was
	 * answered, and the last that was not. */
	unsigned n_usual_lost, n_usual_met;
	const struct diag_fact *again; /* the usual one, repeated; or NULL */
	const struct diag_fact *small, *small_lost;
};

/* An address that matters to a target: expected, answered, or connected. */
struct ev_addr {
	struct diag_addr addr;
	struct diag_addr judged; /* addr, or the IPv4 inside it when dns64 */
	enum ev_class cls;	 /* of judged */
	enum diag_scope scope;	 /* of judged */
	bool dns64;
	bool expected; /* cls is EV_EXPECTED */
	bool answered; /* by some view */
	bool deciding; /* in the deciding answer */
	bool path;     /* path rules judge here: the deciding addresses that are
			  right; the expected ones when none is */
	bool told;     /* a rule blamed the way to it: nothing more to say */
	const struct diag_fact *route;
	const struct diag_fact *mtu; /* of the way to it, or NULL */
	const struct ev_conn *conns; /* by port */
	size_t n_conns;
	/* The last datagram to each port that was run, by port. */
	const struct diag_fact *const *udp;
	size_t n_udp;
	enum ev_service service;
};

/* What one view's answer for one name is.  The ladder that gives it stands in
 * answer.c. */
enum ev_kind {
	EV_NOT_ASKED, /* no fact at all */
	EV_NOT_RUN,   /* the question was planned and could not be asked */
	/* good */
	EV_RIGHT,	/* as it must be */
	EV_ALTERNATIVE, /* unused member of an any_of group */
	EV_UNPROVEN,	/* private; nothing to compare it with */
	EV_OTHER_ENDPOINT,
	EV_PUBLIC_WORKS, /* public where private is due, allowed, and served */
	EV_SYNTHETIC_WORKS,
	/* bad, about the name */
	EV_ZONE_NOT_VISIBLE,
	EV_RECORD_MISSING,
	EV_NO_ENDPOINT,	       /* public and no privatelink alias */
	EV_PUBLIC_UNEXPLAINED, /* public, and no chain to say why */
	EV_INSTANCE_NOT_PRIVATE,
	EV_NAME_NOT_FOUND,
	EV_WRONG_ADDRESS,
	EV_MIXED,
	EV_UNUSABLE_ANSWER,
	EV_SYNTHETIC_BROKEN,
	EV_FILTERED,	   /* rebinding filter, another view has the address */
	EV_FILTER_SUSPECT, /* the same shape, and nothing to compare with */
	EV_FLAPPING,
	EV_EMPTY,    /* NODATA with SOA, and no zone to blame */
	EV_HIDDEN,   /* a public name that is not answered publicly */
	EV_SUFFIXED, /* a search domain answered in its place */
	EV_STALE, /* the system, or a stub: nobody who is asked says so now */
	EV_HOSTS_WRONG, /* system only: the hosts lines decide, wrongly */
	EV_UNDECIDED,	/* private, not expected, and never connected to */
	/* bad, about the server */
	EV_SILENT,
	EV_FAILING,
	EV_TRUNCATED,
};
bool ev_kind_is_good(enum ev_kind k);
bool ev_kind_is_server(enum ev_kind k); /* EV_SILENT … EV_TRUNCATED */

struct ev_view; /* below */

/* One view's answer for one name. */
struct ev_answer {
	const struct ev_view *view;
	enum diag_asked asked; /* would the system ask it; system: YES */
	enum ev_kind kind;
	/* The deciding facts: system: `fact`; name servers: per family, a TCP
	 * retry in place of a truncated answer, the last round of several. */
	const struct diag_fact *fact, *a, *aaaa;
	const struct diag_fact *truncated;     /* the UDP answer that was cut */
	const struct diag_fact *const *rounds; /* --repeat: all A (or system)
						  facts by time; n 1: once */
	size_t n_rounds;
	struct ev_addr *const *addrs; /* both families, no duplicates, sorted */
	size_t n_addrs;
	const char *alias; /* first privatelink name in the chain, or NULL */
	const char *last;  /* last name of the chain (or canonical), or NULL */
	const char *zone;  /* private zone the alias points into, or NULL */
};

/* A view of one origin. */
struct ev_view {
	const char *text; /* "system" or ADDR:PORT */
	bool system;
	struct diag_endpoint at;
	const struct diag_nameserver *server; /* NULL: not configured here */
	bool added, stub, behind_stub;
	bool azure;	  /* 168.63.129.16 */
	size_t n_asked;	  /* targets for which the system would ask it */
	size_t n_facts;	  /* questions put to it that were run */
	size_t n_replies; /* … that brought any DNS reply */
	size_t n_served;  /* … that brought answer, nodata or nxdomain */
	const struct diag_fact
	    *sample;	      /* first fact without a reply, or NULL */
	size_t n_private;     /* names of private zones it answers rightly */
	bool flaps;	      /* changed its mind about some name */
	const char *software; /* what it says that it is, or NULL */
};

enum ev_seen { EV_SEEN_UNKNOWN, EV_SEEN_NO, EV_SEEN_YES };

struct ev_origin;

struct ev_target {
	const struct diag_target *t;
	size_t index; /* in the inventory */
	const struct ev_origin *origin;
	const struct diag_cat_row *row; /* NULL: the catalogue has none */
	bool optional;	/* an extra public name that is not required */
	bool any_fact;	/* this origin has facts about it */
	bool unused;	/* EV_ALTERNATIVE: rules leave it alone */
	bool undecided; /* a rule could not tell: unknown unless it fails */

	struct ev_addr *addrs; /* expected first, then by address */
	size_t n_addrs;
	struct ev_answer *answers; /* one per view of the origin, same order */
	size_t n_answers;
	const struct ev_answer *deciding; /* NULL: no view was asked */
	enum ev_kind kind;		  /* the deciding answer's */
	/* The server whose answer the system's is (the first asked one that
	 * says the same), or NULL.  deciding itself when that is a server. */
	const struct ev_answer *explained_by;

	const struct diag_hosts_edge *const *hosts; /* edges of this name */
	size_t n_hosts;
	bool from_hosts; /* the hosts lines decide */

	const struct diag_proxy *proxy;	       /* settings send it there */
	const struct diag_fact *through_proxy; /* its http fact, or NULL */
	bool proxy_works;		       /* that fact is a good answer */
	bool path_open;	 /* some path address: TLS ok (TCP open where the
			    service speaks no TLS) */
	bool path_tried; /* some path address has a tcp fact that was run */
};

/* One machine's evidence. */
struct ev_origin {
	const struct diag_origin *o;
	const struct diag_inventory *inv;
	const struct diag_machine *machine; /* may be NULL */
	size_t index;
	bool dns_only; /* pl-resolve: connections were never meant */
	bool sealed;   /* pl-capture: what TLS carries is not to be seen */
	struct ev_view *views;
	size_t n_views;
	struct ev_target *targets; /* one per inventory target, same order */
	size_t n_targets;
	bool has_system; /* some system-dns fact */
	/* An interface's address lies in the networks; of a capture, one that
	 * its packets come from. */
	bool inside;
	bool tunnel_up; /* some tunnel interface is up and has an address */
	bool has_ipv4, has_ipv6; /* usable source address beyond the link */
	bool no_internet; /* no public name resolves, others do or the server
			     says no to all of them */
	bool nat64_known;
	struct diag_cidr nat64; /* from ipv4only.arpa (RFC 7050) */
	const void *zones;	/* evidence's own: SOA facts by view and zone */
	/* Facts about no target (arrivals, listeners), by time. */
	const struct diag_fact *const *others;
	size_t n_others;
};

struct evidence {
	const struct diag_case *c;
	const struct diag_inventory *inv;
	struct ev_origin *origins;
	size_t n_origins;
};

/* Borrows c as long as the evidence is used. NULL: no memory. */
struct evidence *ev_new(struct diag_arena *arena, const struct diag_case *c);

/* Does this view see the private zone, and the SOA fact that says so (may be
 * NULL: it follows from private answers). */
enum ev_seen ev_zone_seen(const struct ev_origin *o, const struct ev_view *v,
			  const char *zone, const struct diag_fact **soa);

/* Lookups; NULL when there is none. */
struct ev_addr *ev_addr_of(const struct ev_target *t,
			   const struct diag_addr *a);
const struct ev_conn *ev_conn_of(const struct ev_addr *a, uint16_t port);
const struct ev_view *ev_view_of(const struct ev_origin *o, const char *text);
const struct ev_answer *ev_answer_of(const struct ev_target *t,
				     const struct ev_view *v);
/* The interface a route fact (or, without one, the routing table) leads to. */
const struct diag_interface *ev_interface_to(const struct ev_origin *o,
					     const struct ev_addr *a);
bool ev_through_tunnel(const struct ev_origin *o, const struct ev_addr *a);

/* Small questions about facts; NULL is fine and false. */
/* There, and its status is not not-run.  Inline, so that analyzers see it. */
static inline bool ev_ran(const struct diag_fact *f)
{
	return f != NULL && f->status != DIAG_ST_NOT_RUN;
}
bool ev_tls_named(const struct diag_fact *f); /* handshake done, and the
						 certificate names the target */
bool ev_tls_fault(const struct diag_fact *f, enum diag_status fault);
/* All addresses are public, the service answers at them, and the inventory
 * says that public access is allowed. */
bool ev_public_works(const struct ev_target *t, const struct ev_answer *a);
/* The SOA of one of Azure's private zones. */
bool ev_soa_is_private(const struct diag_soa *soa);
/* Does a private expectation hold for the target? (expect, or addresses) */
bool ev_wants_private(const struct diag_target *t);
bool ev_wants_public(const struct diag_target *t);

#endif
