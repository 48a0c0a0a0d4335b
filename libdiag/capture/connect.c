/* SPDX-License-Identifier: MIT */
/* connect.c - HTTP CONNECT (RFC 9110, 9.3.6): a proxy, and what it said.
 *
 * A proxy that wants a password says 407 and is asked again on the same
 * connection; only its last word counts.
 */
#include "capture/internal.h"

#include <string.h>

#include "base/text.h"

#define HEAD_MAX 8192u

/* Bytes up to and with the empty line; 0: not there yet. */
static size_t head_len(const struct cap_stream *s)
{
	size_t len = cap_stream_len(s);
	const char *end =
	    len > 0 ? diag_text_find_nocase((const char *)s->data,
					    len < HEAD_MAX ? len : HEAD_MAX,
					    "\r\n\r\n")
		    : NULL;

	return end ? (size_t)(end - (const char *)s->data) + 4 : 0;
}

static void drop(struct cap_side *side, size_t n)
{
	size_t have = cap_stream_len(&side->stream);

	n = n < have ? n : have;
	cap_stream_drop(&side->stream, n);
	side->base += (uint32_t)n;
}

static void note_proxy(struct diag_capture_seen *s, const struct cap_flow *f)
{
	struct diag_endpoint at = { f->server, f->server_port };

	for (size_t i = 0; i < s->n_proxies; i++)
		if (diag_endpoint_eq(&s->proxies[i], &at))
			return;
	if (s->n_proxies < DIAG_CAPTURE_PEERS_MAX)
		s->proxies[s->n_proxies++] = at;
}

/* "CONNECT host:port HTTP/1.1"; true: a request is there. */
static bool read_request(struct diag_capture *c, struct cap_flow *f)
{
	struct cap_side *side = &f->side[CLIENT];
	size_t n = head_len(&side->stream);
	struct diag_cursor at = diag_cursor_of(side->stream.data, n);
	struct diag_slice host;

	if (n == 0 || !diag_cursor_take(&at, "CONNECT ") ||
	    !diag_cursor_until(&at, ':', &host))
		return false;
	f->connect_to[0] = '\0';
	(void)!diag_fqdn_normal(host.p, host.len, f->connect_to, NULL);
	f->connect_code = 0;
	f->hello_us = f->last_us;
	drop(side, n);
	drop(&f->side[SERVER], SIZE_MAX);
	c->seen.counts.connects += f->counts;
	if (f->counts && cap_wanted(c, f->connect_to))
		note_proxy(&c->seen, f);
	return true;
}

/* "HTTP/1.1 200 ..."; true: an answer is there. */
static bool read_answer(struct cap_flow *f)
{
	struct cap_side *side = &f->side[SERVER];
	size_t n = head_len(&side->stream);
	struct diag_cursor at = diag_cursor_of(side->stream.data, n);
	struct diag_slice version, code;
	uint64_t number;

	if (n == 0 || !diag_cursor_word(&at, &version) ||
	    !diag_cursor_word(&at, &code))
		return false;
	code.len = code.len < 3 ? code.len : 3;
	if (!diag_slice_number(code, 200, 599, &number)) {
		drop(side, n);
		return false;
	}
	f->connect_code = (int)number;
	drop(side, n);
	return true;
}

bool cap_connect(struct diag_capture *c, struct cap_flow *f)
{
	if (f->connect_code != 0 && !read_request(c, f))
		return true;
	if (!read_answer(f))
		return true;
	if (f->connect_code >= 300)
		return true;
	f->tunnel = true;
	f->app = APP_UNKNOWN;
	return false;
}

static enum diag_status status_of(struct diag_capture *c,
				  const struct cap_flow *f, const char **why)
{
	enum diag_status s;

	if (f->connect_code == 0)
		return cap_flow_silence(c, f, why);
	if (f->connect_code >= 300) {
		*why = "the proxy does not connect";
		return DIAG_ST_FAILED;
	}
	if (f->app == APP_TLS) {
		s = cap_tls_status(c, f, why);
		if (s == DIAG_ST_CUT || s == DIAG_ST_TIMEOUT ||
		    s == DIAG_ST_FAILED)
			return s;
	}
	*why = "what the tunnel carries is not to be seen";
	return DIAG_ST_NOT_RUN;
}

void cap_connect_tell(struct diag_capture *c, struct cap_flow *f)
{
	struct diag_fact out = { .kind = DIAG_FACT_HTTP };
	struct diag_endpoint at = { f->server, f->server_port };
	char text[DIAG_ENDPOINT_TEXT];

	if (!f->counts || !cap_wanted(c, f->connect_to))
		return;
	out.target = f->connect_to;
	out.started_ms = cap_ms(c, f->syn_us);
	out.took_ms = (double)(f->last_us - f->syn_us) / 1000.0;
	out.http.address = f->server;
	out.http.port = f->server_port;
	out.http.proxy = diag_arena_printf(&c->scratch, "http://%s",
					   diag_endpoint_text(&at, text));
	out.http.url =
	    diag_arena_printf(&c->scratch, "https://%s/", f->connect_to);
	out.http.connect_code = f->connect_code;
	out.status = status_of(c, f, &out.error);
	if (out.http.proxy == NULL || out.http.url == NULL)
		cap_nomem(c);
	cap_emit(c, &out);
}
