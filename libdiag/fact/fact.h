/* SPDX-License-Identifier: MIT */
/* fact.h - one question to one peer and its outcome (design.md, 5.2).
 *
 * A fact is never a summary.  A connection gives one fact per stage reached
 * (tcp, tls, http).  A fact handed to a sink borrows everything it points to
 * for the duration of the call; a store (store.h) keeps deep copies.
 *
 * Units: started_ms since the run's start, took_ms, both monotonic; ports in
 * host order; address bytes in network order; TTLs in seconds.
 */
#ifndef DIAG_FACT_FACT_H
#define DIAG_FACT_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"

enum diag_fact_kind {
	DIAG_FACT_DNS,
	DIAG_FACT_SYSTEM_DNS,
	DIAG_FACT_ROUTE,
	DIAG_FACT_TCP,
	DIAG_FACT_TLS,
	DIAG_FACT_HTTP,
	DIAG_FACT_UDP,
	DIAG_FACT_ARRIVAL,
	DIAG_FACT_MTU,
};
#define DIAG_N_FACT_KINDS (DIAG_FACT_MTU + 1)

/* One word list for all kinds; fact/kinds.c says which kind knows which. */
enum diag_status {
	DIAG_ST_NOT_RUN,
	DIAG_ST_ANSWER,
	DIAG_ST_NODATA,
	DIAG_ST_NXDOMAIN,
	DIAG_ST_SERVFAIL,
	DIAG_ST_REFUSED, /* dns: rcode REFUSED; tcp: RST to our SYN */
	DIAG_ST_RCODE_OTHER,
	DIAG_ST_TRUNCATED,
	DIAG_ST_TIMEOUT,
	DIAG_ST_PORT_CLOSED,
	DIAG_ST_UNREACHABLE,
	DIAG_ST_MALFORMED,
	DIAG_ST_NONE,
	DIAG_ST_FAILED,
	DIAG_ST_OK,
	DIAG_ST_OPEN,
	DIAG_ST_RESET,
	DIAG_ST_UNTRUSTED,
	DIAG_ST_NAME_MISMATCH,
	DIAG_ST_EXPIRED,
	DIAG_ST_NOT_YET_VALID,
	DIAG_ST_CUT,
	DIAG_ST_CLIENT_CERT_WANTED,
	DIAG_ST_REPLY,
	DIAG_ST_CLOSED,
	DIAG_ST_SILENT,
	DIAG_ST_ACCEPTED,
	DIAG_ST_SEEN,
	DIAG_ST_LISTENED, /* arrival: how long, whatever came */
	DIAG_ST_SMALLER,  /* mtu: than the interface's, and we are told so */
	DIAG_ST_BLACK_HOLE,
};
#define DIAG_N_STATUSES (DIAG_ST_BLACK_HOLE + 1)

/* RR types we ask and keep; values are the IANA numbers. */
enum diag_rrtype {
	DIAG_RR_A = 1,
	DIAG_RR_CNAME = 5,
	DIAG_RR_SOA = 6,
	DIAG_RR_TXT = 16, /* only in class CH, of the server itself */
	DIAG_RR_AAAA = 28,
};

struct diag_rr {
	const char *name; /* normalised owner */
	enum diag_rrtype type;
	uint32_t ttl_s;
	const char *value; /* address text or normalised target name */
};

struct diag_soa {
	const char *owner, *mname, *rname;
	uint32_t minimum_s, ttl_s;
};

struct diag_header {
	const char *name; /* lower case */
	const char *value;
};

struct diag_dns_fact {
	const char *view; /* ADDR:PORT */
	const char *name;
	enum diag_rrtype type;
	bool tcp;		     /* transport; else udp */
	int rcode;		     /* -1: no reply */
	int ede;		     /* RFC 8914 info code, -1: none */
	const struct diag_rr *chain; /* answer section in chain order: the
					CNAMEs, then the addresses */
	size_t n_chain;
	const struct diag_addr *addresses;
	size_t n_addresses;
	struct diag_soa soa; /* owner NULL: none */
	unsigned sends, received;
	bool edns;
	bool ad, aa;
};

struct diag_system_dns_fact {
	const char *name;
	const struct diag_addr *addresses;
	size_t n_addresses;
	const char *canonical;
	bool emulated;
	bool from_hosts; /* emulated only: hosts lines answered */
};

struct diag_route_fact {
	struct diag_addr address;
	const char *interface;
	struct diag_addr source, gateway;
	bool on_link, is_default, is_tunnel;
};

struct diag_icmp_seen {
	bool seen;
	int type, code;
	struct diag_addr from;
};

struct diag_tcp_fact {
	struct diag_addr address;
	uint16_t port;
	struct diag_addr local_address;
	uint16_t local_port; /* 0: not known */
	uint32_t isn;	     /* of a capture: the SYN's sequence number */
	struct diag_icmp_seen icmp;
	/* Only where pl-listen was expected at the other end: who was met
	 * ("met", "other", "silent"), and what it was asked to say again. */
	const char *peer, *nonce;
};

struct diag_cert {
	const char *subject, *issuer; /* RFC 2253 text */
	const char *const *san;	      /* DNS names and addresses, in order */
	size_t n_san;
	int64_t not_before_s, not_after_s;
	const char *sha256; /* hex, lower case */
};

/* Where the root of the built chain was found. */
enum diag_root {
	DIAG_ROOT_UNKNOWN, /* no chain to any root we have */
	DIAG_ROOT_PUBLIC,  /* the distribution's own list */
	DIAG_ROOT_SERVICE, /* --ca-file: counts as the service's own */
	DIAG_ROOT_LOCAL,   /* added to this machine by its owner */
};

struct diag_tls_fact {
	struct diag_addr address;
	uint16_t port;
	const char *sni;
	const char *version, *cipher, *alpn;
	const struct diag_cert *chain; /* as sent, leaf first */
	size_t n_chain;
	enum diag_root root;
	const enum diag_status *faults; /* all of them, in order of weight */
	size_t n_faults;
	int alert; /* RFC 8446, 6: description received, -1 none */
	bool server_hello;
	uint64_t bytes_in;
	/* Of our hello, where it was made larger than one packet on purpose;
	 * else 0.  Then it tells nothing of the service's usual state. */
	unsigned hello_bytes;
	/* The largest packet of either side, where that was limited on
	 * purpose; else 0. */
	unsigned packet_max;
	/* Asked once more, because the first time brought no answer: tells
	 * why, and nothing of the port's state. */
	bool repeated;
	bool client_cert_requested;
	const char *verify_text; /* OpenSSL's words for the first chain fault */
};

struct diag_http_fact {
	struct diag_addr address; /* of the peer met; proxy's when by proxy */
	uint16_t port;
	const char *method; /* NULL: GET */
	const char *url;
	const char *proxy; /* NULL: direct */
	int connect_code;  /* proxy's answer to CONNECT, 0 none */
	int code;	   /* 0: none */
	const char *server, *date;
	const struct diag_header *headers; /* kept ones */
	size_t n_headers;
	bool is_service;    /* a service marker of the catalogue was met */
	const char *denial; /* the denial marker met, NULL none */
	const char *body;   /* first bytes when nothing was recognised, capped
			       at 256, else NULL */
};

struct diag_udp_fact {
	struct diag_addr address;
	uint16_t port;
	struct diag_addr local_address;
	struct diag_icmp_seen icmp;
	/* As of tcp; silence has no "silent" of its own here. */
	const char *peer, *nonce;
};

/* Somebody came (accepted, seen), or how long a port was listened on
 * (listened): started_ms and took_ms are that time then. */
struct diag_arrival_fact {
	struct diag_addr from; /* DIAG_NOFAM in "listened" */
	uint16_t from_port;
	struct diag_addr address; /* of this machine; bound to, or met */
	uint16_t port;
	const char *protocol;	/* "udp"; NULL: TCP */
	const char *seen_by;	/* "socket" "capture"; of a recording, who
				   "answers" others listened */
	uint32_t isn;		/* the SYN's sequence number; 0: not known */
	const char *nonce;	/* what it said, if it was pl-probe */
	const char *answered;	/* by "syn-ack" or "rst"; of UDP by "reply"
				   or "icmp" (unreachable); NULL: not */
	const char *said;	/* accepted over TCP: "nothing", "part" (of
				   a ClientHello), "hello" (a whole one),
				   "other"; NULL: it is
				   pl-probe, or nobody knows */
	uint64_t came, dropped; /* listened: all that came; of these, those
				   beyond the limits, without a fact */
	/* listened: what the machine's kernel dropped meanwhile, of whomever:
	 * a program's queue was full; there was no route back; the way back
	 * leads through another interface */
	uint64_t queue_full, no_way_back, reverse_path;
};

/* How large packets may be on the way to an address, and how that is known.
 * All sizes are bytes of whole IP packets; 0: not known. */
struct diag_mtu_fact {
	struct diag_addr address;
	uint16_t port; /* of the TCP connection; 0: datagrams only */
	const char *interface;
	unsigned interface_mtu;
	unsigned mtu;	  /* the largest that passes */
	const char *how;  /* that is known: DIAG_MTU_…; NULL with mtu 0 */
	unsigned lost;	  /* the smallest that never came through */
	unsigned resends; /* how often that one was sent again */
	unsigned told;	  /* by ICMP, or by the kernel that was told before */
	struct diag_icmp_seen icmp; /* who told it */
	unsigned mss;		    /* what TCP puts into one packet here */
	unsigned sends;		    /* packets of ours in all */
};
#define DIAG_MTU_ICMP "icmp" /* a router on the way said so */
#define DIAG_MTU_KERNEL                                                \
	"kernel"	   /* it was told before, or has it by a route \
			    */
#define DIAG_MTU_TCP "tcp" /* it was acknowledged */
#define DIAG_MTU_UDP "udp" /* the address answered it */

struct diag_fact {
	uint32_t id; /* from 1, unique in a case */
	enum diag_fact_kind kind;
	enum diag_status status;
	const char *target; /* FQDN or NULL */
	const char *origin; /* name of the case it came from, or NULL */
	double started_ms, took_ms;
	int sys_errno;	   /* as received; 0 none */
	const char *error; /* as received; NULL when fine */
	union {
		struct diag_dns_fact dns;
		struct diag_system_dns_fact system_dns;
		struct diag_route_fact route;
		struct diag_tcp_fact tcp;
		struct diag_tls_fact tls;
		struct diag_http_fact http;
		struct diag_udp_fact udp;
		struct diag_arrival_fact arrival;
		struct diag_mtu_fact mtu;
	};
};

const char *diag_fact_kind_key(enum diag_fact_kind k);
bool diag_fact_kind_parse(const char *key, enum diag_fact_kind *out);
const char *diag_status_key(enum diag_status s);
/* Only statuses that this kind knows. */
bool diag_status_parse(enum diag_fact_kind k, const char *key,
		       enum diag_status *out);
const char *diag_rrtype_key(enum diag_rrtype t); /* "A", or "TYPE123" */
bool diag_rrtype_parse(const char *key, enum diag_rrtype *out);
const char *diag_root_key(enum diag_root r);
bool diag_root_parse(const char *key, enum diag_root *out);

/* Where facts go.  The fact is borrowed for the call.  false: stop the run
 * (err says why). */
struct diag_sink {
	bool (*fact)(void *ctx, const struct diag_fact *f,
		     struct diag_err *err);
	void *ctx;
};

#endif
