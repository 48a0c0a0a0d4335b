/* SPDX-License-Identifier: MIT */
/* dns_channel.c - c-ares channels of one name server by one transport.
 *
 * How a channel is set up decides what can be told apart (measured on c-ares
 * 1.18 and 1.34):
 *
 *   NOCHECKRESP  else SERVFAIL, REFUSED and NOTIMP come without a reply
 *   IGNTC	  else a truncated answer whose TCP is blocked is a failure;
 *		  TCP is a channel of its own (USEVC) and a fact of its own
 *   NOSEARCH, NOALIASES, lookups "b", no domains: the name as it is, from
 *		  the network only
 *   STAYOPEN	  one socket for all questions
 *   700 ms, 3 tries: sends at 0, 0.7 and 2.1 s; the runner ends it at 3 s
 *   no cache	  later versions answer a repeated question from memory
 *
 * A channel has one socket, whose receive buffer holds about 250 replies; while
 * the loop is busy with handshakes they wait there.  So a channel takes
 * ASKS_EACH questions at a time, and a server has as many channels as that
 * takes.
 *
 * Everything that c-ares would otherwise look up in /etc/resolv.conf is given,
 * so that it reads no file.
 */
#include <string.h>

#include "base/mem.h"
#include "probes/dns_internal.h"

#define TRY_MS	     700
#define TRIES	     3
#define UDP_SIZE     1232 /* what DNS Flag Day 2020 settled on */
#define ASKS_EACH    192
#define CHANNELS_MAX 32

#define FLAGS                                                               \
	(ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP | \
	 ARES_FLAG_IGNTC | ARES_FLAG_STAYOPEN | ARES_FLAG_EDNS)

static bool set_server(struct dns_channel *c)
{
	struct ares_addr_port_node node = {
		.udp_port = c->server->at.port,
		.tcp_port = c->server->at.port,
	};

	if (c->server->at.addr.family == DIAG_IPV4) {
		node.family = AF_INET;
		memcpy(&node.addr.addr4, c->server->at.addr.bytes, 4);
	} else {
		node.family = AF_INET6;
		memcpy(&node.addr.addr6, c->server->at.addr.bytes, 16);
	}
	return ares_set_servers_ports(c->ares, &node) == ARES_SUCCESS;
}

static bool init_ares(struct dns_channel *c)
{
	static char lookups[] = "b";
	struct in_addr server = { 0 };
	struct ares_options options = {
		.flags = FLAGS | (c->server->tcp ? ARES_FLAG_USEVC : 0),
		.timeout = TRY_MS,
		.tries = TRIES,
		.ndots = 1,
		.servers = &server,
		.nservers = 1, /* replaced by set_server() */
		.lookups = lookups,
		.sock_state_cb = dns_sock_state,
		.sock_state_cb_data = c,
		.ednspsz = UDP_SIZE,
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
		   ARES_OPT_NDOTS | ARES_OPT_SERVERS | ARES_OPT_DOMAINS |
		   ARES_OPT_LOOKUPS | ARES_OPT_SORTLIST |
		   ARES_OPT_SOCK_STATE_CB | ARES_OPT_EDNSPSZ |
		   ARES_OPT_NOROTATE;

#ifdef ARES_OPT_QUERY_CACHE
	mask |= ARES_OPT_QUERY_CACHE;
	options.qcache_max_ttl = 0;
#endif
	return ares_init_options(&c->ares, &options, mask) == ARES_SUCCESS;
}

void dns_channel_free(struct dns_channel *c)
{
	/* Fires what is left of the questions; all are dropped by now. */
	if (c->ares)
		ares_destroy(c->ares);
	diag_free(c);
}

static struct dns_channel *channel_new(struct dns_server *s)
{
	struct dns_channel *c = diag_alloc(sizeof(*c));

	if (c == NULL)
		return NULL;
	c->server = s;
	if (!init_ares(c))
		goto fail;
	dns_sock_install(c);
	if (!set_server(c))
		goto fail;
	return c;
fail:
	dns_channel_free(c);
	return NULL;
}

struct dns_channel *dns_channel_of(struct dns_server *s)
{
	struct dns_channel *c, *best = s->channels;

	for (c = s->channels; c; c = c->next) {
		if (c->asks < ASKS_EACH)
			return c;
		if (c->asks < best->asks)
			best = c;
	}
	if (s->n_channels == CHANNELS_MAX)
		return best;
	c = channel_new(s);
	if (c == NULL)
		return best; /* if there is one, it will do */
	c->next = s->channels;
	s->channels = c;
	s->n_channels++;
	return c;
}
