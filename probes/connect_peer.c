/* SPDX-License-Identifier: MIT */
/* connect, beside TLS: is it pl-listen that answers at this port?
 *
 * An open port only says that somebody took the connection.  A proxy, a load
 * balancer or a middlebox takes it for everybody.  So the other end is asked
 * to say a number again (wire/peer.h), and the tcp fact tells who was met:
 *
 *	met	the number came back
 *	other	something else came
 *	silent	nothing came: it closed, or time was up
 */
#include "probes/connect_internal.h"

#include <string.h>

void connect_peer_start(struct connect *c)
{
	char line[DIAG_PEER_LINE_MAX];
	size_t n;

	c->stage = CONNECT_PEER; /* stage_ns stays the connect's own */
	n = diag_peer_put(DIAG_PEER_PROBE, c->nonce, line);
	connect_send(c, line, n);
}

void connect_peer_read(struct connect *c, const char *data, size_t n)
{
	char nonce[DIAG_PEER_NONCE_TEXT];
	const char *text;

	diag_buf_put(&c->answer, data, n);
	text = diag_buf_str(&c->answer);
	switch (diag_peer_read(DIAG_PEER_LISTEN, text, c->answer.len, nonce)) {
	case DIAG_PEER_MORE:
		break;
	case DIAG_PEER_LINE:
		connect_tcp_open(c, strcmp(nonce, c->nonce) == 0 ? "met"
								 : "other");
		break;
	case DIAG_PEER_OTHER:
		connect_tcp_open(c, "other");
		break;
	}
}

/* A close is no reset: a port that closes is open. */
void connect_peer_end(struct connect *c, int status)
{
	const char *peer = c->answer.len > 0 ? "other" : "silent";

	if (status == UV_EOF || status == UV_ETIMEDOUT)
		connect_tcp_open(c, peer);
	else
		connect_tcp_over(c, status, peer);
}
