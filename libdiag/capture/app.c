/* SPDX-License-Identifier: MIT */
/* app.c - what is spoken on a connection, by the first bytes of its client. */
#include "capture/internal.h"

#include <string.h>

#define CONNECT "CONNECT "

static void dns_messages(struct diag_capture *c, struct cap_flow *f, int side)
{
	struct cap_stream *s = &f->side[side].stream;
	struct cap_question q = { .client = &f->client,
				  .server = &f->server,
				  .client_port = f->client_port,
				  .server_port = f->server_port,
				  .at_us = f->last_us,
				  .tcp = true };

	while (cap_stream_len(s) >= 2) {
		size_t len = (size_t)s->data[0] << 8 | s->data[1];

		if (cap_stream_len(s) < len + 2)
			return;
		cap_dns_message(c, &q, s->data + 2, len, side == CLIENT);
		cap_stream_drop(s, len + 2);
		f->side[side].base += (uint32_t)len + 2;
	}
}

static enum cap_app first_bytes(const struct cap_stream *s)
{
	size_t len = cap_stream_len(s);
	size_t n = len < strlen(CONNECT) ? len : strlen(CONNECT);

	if (len >= 2 && s->data[0] == 0x16 && s->data[1] == 3)
		return APP_TLS;
	if (len == strlen(CONNECT) || len > n)
		return memcmp(s->data, CONNECT, n) == 0 ? APP_CONNECT
							: APP_UNKNOWN;
	return APP_UNKNOWN;
}

static void tls(struct diag_capture *c, struct cap_flow *f)
{
	if (f->hello_us == 0)
		f->hello_us = f->last_us;
	cap_tls_read(c, f);
	if (!cap_tls_is_over(f))
		return;
	cap_tls_tell(c, f);
	cap_flow_done(c, f);
}

/* Neither: that the port is open is all there is to tell, as soon as both
 * have spoken. */
static void other(struct diag_capture *c, struct cap_flow *f)
{
	struct cap_saying s = { c, f, cap_tcp_tell_open, NULL };

	if (f->side[SERVER].bytes == 0 ||
	    cap_stream_len(&f->side[CLIENT].stream) < strlen(CONNECT))
		return;
	cap_flow_names(&s);
	cap_flow_done(c, f);
}

void cap_app(struct diag_capture *c, struct cap_flow *f)
{
	const struct cap_stream *client = &f->side[CLIENT].stream;

	if (f->state != FLOW_OPEN)
		return;
	if (f->app == APP_DNS) {
		dns_messages(c, f, CLIENT);
		dns_messages(c, f, SERVER);
		return;
	}
	if (f->app == APP_UNKNOWN)
		f->app = first_bytes(client);
	if (f->app == APP_CONNECT && cap_connect(c, f))
		return;
	if (f->app == APP_TLS)
		tls(c, f);
	else if (f->app == APP_UNKNOWN && !f->tunnel)
		other(c, f);
}
