/* SPDX-License-Identifier: MIT */
/* dns_internal.h - what the dns_*.c files share about channels. */
#ifndef PROBES_DNS_INTERNAL_H
#define PROBES_DNS_INTERNAL_H

/* The calls that c-ares 1.18 has; later ones would be nicer and are not in
 * Debian 12. */
#define CARES_NO_DEPRECATED
#include <ares.h>

#include "net/sock.h"
#include "probes/dns_channel.h"

/* Questions under way, found by their message id. */
#define DNS_SLOTS 256u

struct dns_channel;
struct dns_server;

/* One socket of c-ares, watched by the loop. */
struct dns_sock {
	uv_poll_t poll;
	ares_socket_t fd;
	struct dns_channel *channel;
	struct dns_sock *next;
	bool closing;
};

struct dns_ask {
	struct dns_server *server;
	struct dns_channel *channel; /* NULL: waiting to be sent */
	struct dns_question q;
	dns_done *done; /* NULL: dropped */
	void *ctx;
	struct dns_ask **owner;
	struct dns_ask *next; /* waiting for its turn to be sent */
	struct dns_ask *same_slot;
	bool has_id;
	uint16_t id; /* of the message, as sent */
	uint64_t sent_ns;
	unsigned sends, received;
	unsigned strays_before; /* the channel's at sent_ns */
	unsigned fails_before;
};

/* A c-ares channel: one socket, and what was learnt on it. */
struct dns_channel {
	struct dns_channel *next; /* of the same server */
	struct dns_server *server;
	ares_channel ares;
	struct dns_sock *socks;
	struct dns_ask *by_id[DNS_SLOTS]; /* udp */
	struct dns_ask *sending;	  /* inside ares_query() */
	/* What the socket layer said last, and how often it said no. */
	int last_errno;
	struct diag_icmp icmp;
	unsigned fails;
	unsigned strays; /* datagrams that fit none, or bytes of a stream */
	size_t asks;	 /* inside c-ares */
	unsigned taken;	 /* datagrams in this round */
};

/* A name server by one transport. */
struct dns_server {
	struct dns_server *next;
	struct dns_pool *pool;
	struct diag_endpoint at;
	bool tcp;
	struct dns_channel *channels;
	size_t n_channels;
	struct dns_ask *first, *last; /* waiting to be sent */
	bool pumping;
	unsigned burst;	   /* sent and not yet answered, roughly */
	unsigned answers;  /* replies that fit a question */
	unsigned lost;	   /* questions that c-ares gave up */
	uint64_t heard_ns; /* when something came, or room was made */
	uint64_t rtt_ns;   /* shortest seen, 0: none yet */
};

struct dns_pool {
	struct diag_run *run;
	uv_loop_t *loop;
	struct dns_server *servers;
	struct diag_arena scratch; /* of the fact being told */
	unsigned telling;	   /* one inside the other */
	uv_timer_t *retry, *pace;  /* heap: outlive us until closed */
};

/* dns_ids.c */
struct dns_ask *dns_id_find(const struct dns_channel *c, uint16_t id);
void dns_id_add(struct dns_channel *c, struct dns_ask *ask, uint16_t id);
void dns_id_remove(struct dns_channel *c, struct dns_ask *ask);

/* dns_sock.c: our socket functions, and the watch over the sockets */
void dns_sock_install(struct dns_channel *c);
void dns_sock_state(void *data, ares_socket_t fd, int readable, int writable);

/* dns_channel.c: a channel of this server with room, or NULL: no memory */
struct dns_channel *dns_channel_of(struct dns_server *s);
void dns_channel_free(struct dns_channel *c);

/* dns_pool.c */
struct dns_server *dns_server_of(struct dns_pool *pool,
				 const struct dns_question *q,
				 struct diag_err *err);
/* Questions wait for room: look again soon. */
void dns_pace(struct dns_pool *pool);

/* dns_ask.c: send what waits, as far as there is room */
void dns_pump(struct dns_server *s);

#endif
