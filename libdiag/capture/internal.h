/* SPDX-License-Identifier: MIT */
/* internal.h - what the dissectors share.
 *
 * The way of a packet: link_*.c strips the link's header and gives an
 * EtherType; ip4.c and ip6.c give addresses and a protocol; icmp.c, udp.c and
 * tcp.c find the exchange it belongs to.  dns.c keeps questions, flows.c
 * connections; tls.c and connect.c read what the first bytes of one say.
 * facts.c is the only door out.
 */
#ifndef DIAG_CAPTURE_INTERNAL_H
#define DIAG_CAPTURE_INTERNAL_H

#include "base/arena.h"
#include "base/cursor.h"
#include "capture/capture.h"

/* IEEE 802 numbers; links without EtherTypes are translated to them. */
#define ETHERTYPE_IP4 0x0800u
#define ETHERTYPE_IP6 0x86ddu

/* IANA protocol numbers. */
enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMP6 = 58 };

#define DNS_PORT 53

struct cap_packet {
	int64_t at_us;
	struct diag_cursor at; /* what is left to read */
	size_t missing;	       /* bytes of the IP packet that are not there */
	struct diag_addr from, to;
	uint16_t from_port, to_port;
	uint8_t proto;
	uint8_t hops;	/* left: TTL, hop limit */
	bool fragment;	/* the first of several */
	bool got, sent; /* the link says which; neither: it does not */
};

/* --- links ---------------------------------------------------------------- */

/* Skip the link's header and give an EtherType.  false: it makes no sense. */
typedef bool cap_link_read(struct diag_cursor *at, unsigned *ethertype);
/* NULL: a link that we do not read. */
cap_link_read *cap_link_of(int dlt);
/* The number in files, LINKTYPE_...; one that we read. */
int cap_dlt_of(unsigned linktype);
cap_link_read cap_ethernet, cap_cooked1, cap_cooked2, cap_raw, cap_null,
    cap_loop, cap_ppp;
/* Cooked links say who sent it; p is still at the link's header. */
void cap_cooked_way(cap_link_read *link, struct cap_packet *p);
/* Skip VLAN tags and PPPoE in front of what we look for. */
bool cap_inner_type(struct diag_cursor *at, unsigned *ethertype);

/* --- IP ------------------------------------------------------------------- */

enum cap_ip {
	CAP_IP_WHOLE,	 /* p is at the transport header */
	CAP_IP_FRAGMENT, /* a later piece: no ports in it */
	CAP_IP_BAD,
};
enum cap_ip cap_ip4(struct cap_packet *p);
enum cap_ip cap_ip6(struct cap_packet *p);

/* --- streams -------------------------------------------------------------- */

/* The first bytes of one direction, put in order.  Pieces may come twice, and
 * in any order. */
#define STREAM_RUNS 8
#define STREAM_MAX  24576u /* a ClientHello, or hello and chain of a server */
#define STREAM_DNS  66560u /* one DNS message of any length, and a bit */
struct cap_stream {
	uint8_t *data;
	uint32_t size, max;
	struct {
		uint32_t at, end;
	} runs[STREAM_RUNS]; /* in order, apart */
	unsigned n_runs;
};
struct cap_budget {
	size_t used, max;
};
/* false: no room for it, now or ever. */
bool cap_stream_put(struct cap_stream *s, struct cap_budget *b, uint32_t at,
		    const uint8_t *p, size_t len);
/* Bytes that are there without a gap. */
size_t cap_stream_len(const struct cap_stream *s);
bool cap_stream_gap(const struct cap_stream *s); /* later bytes are there */
void cap_stream_drop(struct cap_stream *s, size_t n);
void cap_stream_clear(struct cap_stream *s, struct cap_budget *b);

/* --- flows ---------------------------------------------------------------- */

struct cap_who { /* an address that talks */
	struct diag_addr addr;
	bool used, heard;
	bool by_node; /* the node of arrive.c sent it something */
};

enum cap_state {
	FLOW_SYN,  /* begun, and no answer yet */
	FLOW_OPEN, /* SYN-ACK seen */
	FLOW_LATE, /* its beginning was not seen */
	FLOW_DONE, /* all is told */
};
enum cap_app { APP_UNKNOWN, APP_TLS, APP_CONNECT, APP_DNS };

struct cap_side {
	struct cap_stream stream;
	uint32_t first; /* sequence number of the first byte */
	uint32_t base;	/* bytes dropped from the stream's front */
	uint64_t bytes; /* of payload, twice sent ones too */
	uint32_t acked; /* the furthest that the other side has */
	uint32_t reach; /* behind the furthest byte seen; none: first */
	bool known;	/* first is */
	bool ack_known;
	bool cut; /* some bytes passed here and were not kept */
	bool fin, rst;
};

enum { CLIENT, SERVER };

/* What is known of a TLS handshake: tls.c. */
struct cap_tls {
	bool client_hello, server_hello;
	bool client_ccs, server_ccs; /* ChangeCipherSpec */
	bool client_sealed;	     /* more than an alert, encrypted */
	bool client_gone;	     /* an encrypted alert came first */
	bool not_tls;		     /* what the server says is not */
	bool plain_http;
	bool certificate_wanted;
	uint16_t version;
	int alert, client_alert; /* -1: none */
	char sni[DIAG_FQDN_MAX];
};

struct cap_flow {
	struct cap_flow *chain;		/* of one hash value */
	struct cap_flow *newer, *older; /* by last packet */
	uint32_t hash;
	enum cap_state state;
	enum cap_app app;
	struct diag_addr client, server;
	uint16_t client_port, server_port;
	struct cap_side side[2];
	struct cap_who *who[2];
	int64_t syn_us, syn_last_us, open_us, hello_us, closed_us, last_us;
	unsigned syns;
	uint16_t mss;	   /* that the client announced; 0: not seen */
	size_t syn_len;	   /* bytes that came with the SYN */
	bool torn;	   /* a packet of it passed that is not here */
	bool client_acked; /* after the SYN-ACK, or without one */
	bool asked_again;  /* a SYN came after the SYN-ACK */
	bool hello_counted, server_counted;
	bool counts;	  /* its client is one of those we look at */
	bool half;	  /* its SYN was not seen, its SYN-ACK was */
	int closed_by;	  /* CLIENT, SERVER; -1: open */
	bool tunnel;	  /* a proxy connected it to somebody else */
	int connect_code; /* of the proxy; 0: none yet, -1: not asked */
	char connect_to[DIAG_FQDN_MAX];
	struct diag_icmp_seen icmp;
	struct cap_tls tls;
};

struct cap_flows {
	struct cap_flow *pool, **table;
	unsigned n_pool; /* ever used */
	struct cap_flow *unused, *newest, *oldest;
};

struct cap_dns;	      /* dns.c: questions without an answer yet */
struct cap_datagrams; /* datagrams.c: the same of other UDP */
struct cap_names;     /* names.c: whose address is it */
struct cap_told;      /* facts.c: last outcomes */
struct cap_arrivals;  /* arrive.c: what came to a node */
struct cap_recorded;  /* recorded.c: where and when that was recorded */
struct cap_listening; /* listening.c: that a program listened there */

struct diag_capture {
	struct diag_capture_options o;
	struct diag_capture_seen seen;
	cap_link_read *link;
	bool linked;	     /* some link is known */
	bool all_interfaces; /* each link says that all were recorded */
	struct cap_flows flows;
	struct cap_who *who;
	struct cap_who nobody; /* who overflowed: never heard */
	struct cap_budget budget;
	struct cap_dns *dns;
	struct cap_datagrams *datagrams;
	struct cap_names *names;
	struct cap_told *told;
	struct cap_arrivals *arrivals;	 /* NULL: not made on a node */
	struct cap_recorded *recorded;	 /* the same */
	struct cap_listening *listening; /* the same */
	struct diag_arena arena;	 /* names kept */
	struct diag_arena scratch;	 /* of one fact */
	uint8_t *handshake;		 /* STREAM_MAX bytes for tls.c */
	struct diag_err err;
	bool failed;
};

/* flows.c */
bool cap_flows_init(struct diag_capture *c);
void cap_flows_free(struct diag_capture *c);
/* The flow of a packet, or NULL; *from_client tells the direction. */
struct cap_flow *cap_flow_find(struct diag_capture *c,
			       const struct cap_packet *p, bool *from_client);
/* A new one, whose client sent (or, reversed, gets) the packet. */
struct cap_flow *cap_flow_new(struct diag_capture *c,
			      const struct cap_packet *p, bool reversed);
void cap_flow_touch(struct diag_capture *c, struct cap_flow *f, int64_t at_us);
void cap_flow_forget(struct diag_capture *c, struct cap_flow *f); /* streams */
/* Tell what it came to, and take it out of the table. */
void cap_flow_drop(struct diag_capture *c, struct cap_flow *f);
/* who.c */
struct cap_who *cap_who(struct diag_capture *c, const struct diag_addr *a);
void cap_heard(struct diag_capture *c, const struct diag_addr *a);
bool cap_is_client(const struct diag_capture *c, const struct diag_addr *a);
void cap_note_client(struct diag_capture *c, const struct diag_addr *a);
/* Of all those: what came to them, as of now. */
void cap_clients_end(struct diag_capture *c);

/* tcp.c; judge.c tells what a flow came to */
enum { CAP_FIN = 1, CAP_SYN = 2, CAP_RST = 4, CAP_ACK = 16 };
struct cap_segment {
	uint32_t seq, ack;
	unsigned flags;
	uint16_t mss;	 /* 0: not said */
	size_t wire_len; /* of the payload */
};
/* Read ports and the rest of the header; p is then at the payload. */
bool cap_tcp_header(struct cap_packet *p, struct cap_segment *s);
void cap_tcp(struct diag_capture *c, struct cap_packet *p);
void cap_tcp_icmp(struct diag_capture *c, const struct cap_packet *inner,
		  const struct diag_icmp_seen *icmp);
/* The SYN's sequence number; 0: it was not seen. */
static inline uint32_t cap_flow_isn(const struct cap_flow *f)
{
	return f->half || !f->side[CLIENT].known ? 0
						 : f->side[CLIENT].first - 1;
}
/* No more will be seen of it: tell what it came to. */
void cap_flow_end(struct diag_capture *c, struct cap_flow *f);
/* A router says that a packet to this address was too big. */
void cap_too_big(struct diag_capture *c, const struct cap_packet *inner,
		 const struct diag_icmp_seen *icmp, unsigned mtu);
/* All is told. */
void cap_flow_done(struct diag_capture *c, struct cap_flow *f);
/* Calls say for each name the flow may be about: the one it says itself, else
 * those of its address. */
struct cap_saying {
	struct diag_capture *c;
	struct cap_flow *f;
	void (*say)(struct cap_saying *s, const char *name);
	void *ctx;
};
void cap_flow_names(struct cap_saying *s);
/* The TCP stage of a flow that opened, for one name. */
void cap_tcp_tell_open(struct cap_saying *s, const char *name);
/* udp.c, icmp.c */
void cap_udp(struct diag_capture *c, struct cap_packet *p);
void cap_icmp(struct diag_capture *c, struct cap_packet *p);

/* app.c: new bytes on a flow */
void cap_app(struct diag_capture *c, struct cap_flow *f);
/* tls.c: read again what the streams hold. */
void cap_tls_read(struct diag_capture *c, struct cap_flow *f);
/* The certificates of the server's stream; NULL: none, or sealed. */
STACK_OF(X509) *
    cap_tls_chain(struct diag_capture *c, const struct cap_flow *f);
/* tls_judge.c */
bool cap_tls_is_over(const struct cap_flow *f);
/* How the handshake ended, without a look at certificates. */
enum diag_status cap_tls_status(struct diag_capture *c,
				const struct cap_flow *f, const char **why);
void cap_tls_tell(struct diag_capture *c, struct cap_flow *f);
/* What became of a question on an open flow that got no answer. */
enum diag_status cap_flow_silence(struct diag_capture *c,
				  const struct cap_flow *f, const char **why);
/* connect.c: true as long as the flow waits for a proxy's word */
bool cap_connect(struct diag_capture *c, struct cap_flow *f);
void cap_connect_tell(struct diag_capture *c, struct cap_flow *f);

/* dns.c */
struct cap_question { /* between whom, over what */
	const struct diag_addr *client, *server;
	uint16_t client_port, server_port;
	int64_t at_us;
	bool tcp, cut;
};
bool cap_dns_init(struct diag_capture *c);
void cap_dns_free(struct diag_capture *c);
void cap_dns_message(struct diag_capture *c, const struct cap_question *q,
		     const uint8_t *p, size_t len, bool from_client);
void cap_dns_icmp(struct diag_capture *c, const struct cap_packet *inner,
		  const struct diag_icmp_seen *icmp);
void cap_dns_end(struct diag_capture *c);

/* datagrams.c */
bool cap_datagrams_init(struct diag_capture *c);
void cap_datagrams_free(struct diag_capture *c);
void cap_datagram(struct diag_capture *c, const struct cap_packet *p);
void cap_datagram_icmp(struct diag_capture *c, const struct cap_packet *inner,
		       const struct diag_icmp_seen *icmp);
void cap_datagrams_end(struct diag_capture *c);

/* arrive.c */
struct cap_arrival { /* something that came to a watched port of the node */
	struct diag_addr from, address;
	uint16_t from_port, port;
	const char *protocol, *answered, *said, *nonce; /* as in the fact */
	int64_t at_us, answered_us;
	bool accepted; /* the client knows that it was answered */
	bool unread;   /* it may be anybody's */
	uint32_t isn;
};
bool cap_arrivals_init(struct diag_capture *c);
void cap_arrivals_free(struct diag_capture *c);
/* Is this one of the ports that are told of? */
bool cap_is_port(const struct diag_capture *c, uint16_t port, bool udp);
/* The recorder cut off what it is: it may have come to any of them, or to the
 * one that is still there. */
void cap_unread(struct diag_capture *c, const struct cap_packet *p);
bool cap_is_watched(struct diag_capture *c, const struct diag_addr *from,
		    const struct diag_addr *to, uint16_t port, bool udp);
void cap_arrived(struct diag_capture *c, const struct cap_arrival *a);
/* Whoever began a connection whose beginning is not here. */
void cap_late_arrived(struct diag_capture *c, const struct cap_flow *f);
void cap_flow_arrived(struct diag_capture *c, const struct cap_flow *f);
void cap_arrivals_end(struct diag_capture *c);

/* recorded.c: what can be believed of a recording that was made on a node. */
bool cap_recorded_init(struct diag_capture *c);
void cap_recorded_free(struct diag_capture *c);
bool cap_is_node(const struct diag_capture *c, const struct diag_addr *a);
void cap_node_time(struct diag_capture *c, int64_t at_us);
/* Each packet, once its addresses are known. */
void cap_node_packet(struct diag_capture *c, const struct cap_packet *p);
/* Some packet is the node's own answer. */
bool cap_node_spoke(const struct diag_capture *c);
/* This connection has packets that are not here. */
void cap_node_torn(struct diag_capture *c, struct cap_flow *f);
/* The node's answers to this client, of that time, would be here. */
bool cap_has_answers(struct diag_capture *c, const struct diag_addr *client,
		     int64_t at_us, int64_t for_us);
/* Spans of time in which nothing is missing, in order. */
struct cap_span {
	int64_t from_us, to_us;
};
size_t cap_spans(struct diag_capture *c, const struct cap_span **out);

/* listening.c */
struct cap_met { /* how a port of the node met somebody */
	const struct diag_addr *address, *peer;
	uint16_t port;
	bool udp, refused;
	int64_t at_us, until_us; /* of who parted: its last packet */
};
bool cap_listening_init(struct diag_capture *c);
void cap_listening_free(struct diag_capture *c);
void cap_met(struct diag_capture *c, const struct cap_met *m);
/* Who was answered at that time is gone now. */
void cap_parted(struct diag_capture *c, const struct cap_met *m);
/* Tells when a program listened. */
void cap_listening_end(struct diag_capture *c);

/* names.c */
bool cap_names_init(struct diag_capture *c);
void cap_names_free(struct diag_capture *c);
void cap_names_add(struct diag_capture *c, const struct diag_addr *a,
		   const char *name);
/* Calls say for each name that has the address (NULL for a bare pin). */
void cap_names_each(struct diag_capture *c, const struct diag_addr *a,
		    void (*say)(void *ctx, const char *name), void *ctx);

/* facts.c */
bool cap_facts_init(struct diag_capture *c);
void cap_facts_free(struct diag_capture *c);
/* Whether the name is wanted; NULL is not. */
bool cap_wanted(const struct diag_capture *c, const char *name);
/* A client that keeps every packet this small does it to find out whether the
 * size decides (our own tools do, RFC 9293, 3.7.1 by the MSS). */
#define CAP_SMALL_PACKET 1000u
/* To the sink, unless it says nothing new; ends with an empty scratch. */
void cap_emit(struct diag_capture *c, struct diag_fact *f);
void cap_nomem(struct diag_capture *c);
double cap_ms(const struct diag_capture *c, int64_t at_us);
/* Went the capture on long enough after this moment? */
bool cap_waited(const struct diag_capture *c, int64_t since_us);
/* A 32-bit mix of bytes (FNV-1a), and the same going on. */
uint64_t cap_hash(uint64_t h, const void *p, size_t len);
#define CAP_HASH_START 14695981039346656037u

#endif
