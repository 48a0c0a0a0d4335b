/* SPDX-License-Identifier: MIT */
/* connect_internal.h - the three stages of one connection (see connect.c). */
#ifndef PROBES_CONNECT_INTERNAL_H
#define PROBES_CONNECT_INTERNAL_H

#include "probes/http_answer.h"
#include "probes/probes.h"
#include "probes/trust.h"
#include "wire/peer.h"

/* Bytes a connection may bring us: a whole head and the body we look at,
 * beside what a handshake with a long chain takes. */
#define CONNECT_READ_CHUNK 16384u
#define CONNECT_ANSWER_MAX (HTTP_HEAD_MAX + HTTP_BODY_MAX)

enum connect_stage {
	CONNECT_TCP,
	CONNECT_LINGER, /* open; waiting a moment for a reset */
	CONNECT_PEER,	/* open; pl-listen is to answer */
	CONNECT_TLS,
	CONNECT_HTTP,
	CONNECT_OVER,
};

struct connect {
	struct diag_probe *probe;
	uv_tcp_t tcp;
	uv_connect_t request;
	/* A port on which nothing is said has a timer in place of a stream,
	 * and its own descriptor; else -1. */
	uv_timer_t linger;
	int fd;
	bool tcp_made, timer_made; /* one of them at most */
	enum connect_stage stage;
	uint64_t stage_ns; /* when this stage began */
	double tcp_ms;
	struct diag_addr local;
	uint16_t local_port;
	struct diag_icmp_seen icmp;
	struct diag_arena arena;
	struct diag_buf answer; /* clear text of the HTTP answer */
	char nonce[DIAG_PEER_NONCE_TEXT];
	/* TLS */
	struct trust *trust;
	SSL *ssl;
	BIO *in, *out; /* owned by ssl */
	struct trust_seen seen;
	uint64_t bytes_in;
	size_t hello_bytes; /* of a large one, else 0 */
	char *chunk;	    /* the run's: valid inside a read callback only */
	char first[5];	    /* bytes that came, for a peer without TLS */
};

/* A fact with address, port and times of the present stage filled in. */
struct diag_fact connect_fact(struct connect *c, enum diag_fact_kind kind);
/* Emit; further stages follow. */
void connect_emit(struct connect *c, const struct diag_fact *f);
/* Emit and end: no further stage. */
void connect_finish(struct connect *c, struct diag_fact *f);
double connect_ms_since(const struct connect *c, uint64_t then_ns);
void connect_enter(struct connect *c, enum connect_stage stage);
void connect_send(struct connect *c, const char *data, size_t n);
/* Send what OpenSSL has queued. */
void connect_flush(struct connect *c);

/* The TCP stage ended, well or with this uv error. */
void connect_tcp_open(struct connect *c, const char *peer);
void connect_tcp_over(struct connect *c, int uv, const char *peer);

/* connect_plain.c */
DIAG_MUST_USE
bool connect_plain_start(struct connect *c, struct diag_err *err);
/* Its descriptor can be written to, or failed. */
void connect_plain_ready(struct connect *c);
/* It has been open for long enough. */
void connect_plain_end(struct connect *c);

/* connect_wait_<platform>.c: connect_plain_ready() will be called, from the
 * loop, unless c->fd is closed before. */
DIAG_MUST_USE
bool connect_wait(struct connect *c, struct diag_err *err);

/* connect_peer.c */
void connect_peer_start(struct connect *c);
void connect_peer_read(struct connect *c, const char *data, size_t n);
void connect_peer_end(struct connect *c, int status);

/* connect_tls.c */
void connect_tls_start(struct connect *c);
void connect_tls_read(struct connect *c);
/* The peer ended it: uv error or UV_EOF; or time is up (UV_ETIMEDOUT). */
void connect_tls_end(struct connect *c, int status);

/* That no hello was sent, because TCP ended so. */
struct diag_fact connect_tls_instead(struct connect *c,
				     const struct diag_fact *f);

/* connect_http.c */
void connect_http_start(struct connect *c);
void connect_http_read(struct connect *c);
void connect_http_end(struct connect *c, int status);
/* That the question could not be put, because an earlier stage ended so. */
struct diag_fact connect_http_instead(struct connect *c,
				      const struct diag_fact *f);

#endif
