/* SPDX-License-Identifier: MIT */
/* connect, what it sends: bytes of ours, or what OpenSSL has made. */
#include "probes/connect_internal.h"

#include "base/mem.h"

#include <string.h>

struct write_req {
	uv_write_t req;
	char data[];
};

static void on_written(uv_write_t *req, int status)
{
	(void)status; /* the read side tells how a connection ended */
	diag_free(req->data);
}

static struct write_req *new_write(size_t n)
{
	struct write_req *w = n > 0 ? diag_alloc(sizeof(*w) + n) : NULL;

	if (w)
		w->req.data = w;
	return w;
}

static void send_write(struct connect *c, struct write_req *w, size_t n)
{
	uv_buf_t buf = uv_buf_init(w->data, (unsigned)n);

	if (uv_write(&w->req, (uv_stream_t *)&c->tcp, &buf, 1, on_written) != 0)
		diag_free(w);
}

void connect_send(struct connect *c, const char *data, size_t n)
{
	struct write_req *w = new_write(n);

	if (!w)
		return;
	memcpy(w->data, data, n);
	send_write(c, w, n);
}

void connect_flush(struct connect *c)
{
	size_t n = BIO_ctrl_pending(c->out);
	struct write_req *w = new_write(n);

	if (!w)
		return;
	(void)BIO_read(c->out, w->data, (int)n);
	send_write(c, w, n);
}
