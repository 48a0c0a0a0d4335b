/* SPDX-License-Identifier: MIT */
/* tls.c - the first flights of a TLS handshake (RFC 8446; RFC 5246 for 1.2).
 *
 * Records carry handshake messages, several in one or one over several.  Up to
 * the first ChangeCipherSpec or application data they are plain: ClientHello
 * (the name asked for), ServerHello (the version), and in TLS 1.2 the
 * certificates.  TLS 1.3 encrypts everything behind ServerHello, but not its
 * sizes: the client's first encrypted record is either an alert, of exactly 19
 * bytes (RFC 8446, 5.2 and 6: two, the type, a tag of 16), or it holds its
 * Finished, which it sends only after it has accepted the server's certificate
 * (4.4.4).
 */
#include "capture/internal.h"

#include <string.h>

enum { CHANGE_CIPHER = 20, ALERT = 21, HANDSHAKE = 22, APPLICATION = 23 };
enum {
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	CERTIFICATE = 11,
	CERTIFICATE_REQUEST = 13
};
enum { EXT_NAME = 0, EXT_VERSIONS = 43 };

#define SEALED_ALERT 19
#define RANDOM	     32
#define CHAIN_MAX    16

struct records {
	size_t len; /* of the plain handshake bytes in c->handshake */
	bool ccs, sealed, gone, not_tls;
	int alert;
};

/* One whole record.  Behind a ChangeCipherSpec nothing is plain. */
static void take_record(struct diag_capture *c, struct records *r, uint8_t type,
			const uint8_t *p, size_t len)
{
	if (type == CHANGE_CIPHER) {
		r->ccs = true;
	} else if (type == HANDSHAKE && !r->ccs && !r->sealed && !r->gone &&
		   len <= STREAM_MAX - r->len) {
		memcpy(c->handshake + r->len, p, len);
		r->len += len;
	} else if (type == ALERT && !r->ccs && len == 2) {
		r->alert = p[1];
	}
}

static struct records read_records(struct diag_capture *c,
				   const struct cap_stream *s)
{
	struct diag_cursor at = diag_cursor_of(s->data, cap_stream_len(s));
	struct records r = { .alert = -1 };
	uint16_t version, len;
	uint8_t type;

	while (diag_cursor_u8(&at, &type) && diag_cursor_u16(&at, &version) &&
	       diag_cursor_u16(&at, &len)) {
		if (type < CHANGE_CIPHER || type > APPLICATION ||
		    version >> 8 != 3) {
			r.not_tls = true;
			break;
		}
		if (type == APPLICATION && !r.sealed && !r.gone) {
			r.gone = len == SEALED_ALERT;
			r.sealed = !r.gone;
		}
		if (diag_cursor_left(&at) < len)
			break;
		take_record(c, &r, type, at.at, len);
		at.at += len;
	}
	return r;
}

/* The next message; false: no whole one is left. */
static bool next_message(struct diag_cursor *at, uint8_t *type,
			 struct diag_cursor *body)
{
	struct diag_cursor c = *at;
	uint8_t high;
	uint16_t low;
	size_t len;

	if (!diag_cursor_u8(&c, type) || !diag_cursor_u8(&c, &high) ||
	    !diag_cursor_u16(&c, &low))
		return false;
	len = (size_t)high << 16 | low;
	if (diag_cursor_left(&c) < len)
		return false;
	*body = diag_cursor_of(c.at, len);
	at->at = c.at + len;
	return true;
}

static bool skip_vector8(struct diag_cursor *at)
{
	uint8_t len;

	return diag_cursor_u8(at, &len) && diag_cursor_skip(at, len);
}

static bool skip_vector16(struct diag_cursor *at)
{
	uint16_t len;

	return diag_cursor_u16(at, &len) && diag_cursor_skip(at, len);
}

/* RFC 6066, 3: a list, of which only host names (type 0) exist. */
static void read_name(struct diag_cursor at, char out[DIAG_FQDN_MAX])
{
	uint16_t list, len;
	uint8_t type;

	if (!diag_cursor_u16(&at, &list) || !diag_cursor_u8(&at, &type) ||
	    !diag_cursor_u16(&at, &len) || type != 0 ||
	    diag_cursor_left(&at) < len)
		return;
	(void)!diag_fqdn_normal((const char *)at.at, len, out, NULL);
}

static void extension(struct cap_tls *t, uint16_t type, struct diag_cursor at)
{
	uint16_t version;

	if (type == EXT_NAME && t->sni[0] == '\0' && !t->server_hello)
		read_name(at, t->sni);
	if (type == EXT_VERSIONS && t->server_hello &&
	    diag_cursor_left(&at) == 2 && diag_cursor_u16(&at, &version))
		t->version = version;
}

static void extensions(struct cap_tls *t, struct diag_cursor at)
{
	uint16_t all, type, len;

	if (!diag_cursor_u16(&at, &all))
		return;
	while (diag_cursor_u16(&at, &type) && diag_cursor_u16(&at, &len) &&
	       diag_cursor_left(&at) >= len) {
		extension(t, type, diag_cursor_of(at.at, len));
		at.at += len;
	}
}

static void client_hello(struct cap_tls *t, struct diag_cursor at)
{
	t->client_hello = true;
	if (diag_cursor_skip(&at, 2 + RANDOM) && skip_vector8(&at) &&
	    skip_vector16(&at) && skip_vector8(&at))
		extensions(t, at);
}

static void server_hello(struct cap_tls *t, struct diag_cursor at)
{
	t->server_hello = true;
	if (diag_cursor_u16(&at, &t->version) &&
	    diag_cursor_skip(&at, RANDOM) && skip_vector8(&at) &&
	    diag_cursor_skip(&at, 3))
		extensions(t, at);
}

static void read_client(struct diag_capture *c, struct cap_flow *f)
{
	struct records r = read_records(c, &f->side[CLIENT].stream);
	struct diag_cursor at = diag_cursor_of(c->handshake, r.len), body;
	struct cap_tls *t = &f->tls;
	uint8_t type;

	if (!t->client_hello && next_message(&at, &type, &body) &&
	    type == CLIENT_HELLO)
		client_hello(t, body);
	t->client_ccs = r.ccs;
	t->client_sealed = r.sealed;
	t->client_gone = r.gone;
	t->client_alert = r.alert;
}

static void read_server(struct diag_capture *c, struct cap_flow *f)
{
	const struct cap_stream *s = &f->side[SERVER].stream;
	struct records r = read_records(c, s);
	struct diag_cursor at = diag_cursor_of(c->handshake, r.len), body;
	struct cap_tls *t = &f->tls;
	uint8_t type;

	while (next_message(&at, &type, &body)) {
		if (type == SERVER_HELLO)
			server_hello(t, body);
		t->certificate_wanted |= type == CERTIFICATE_REQUEST;
	}
	t->server_ccs = r.ccs;
	t->alert = r.alert;
	t->not_tls = r.not_tls && !t->server_hello;
	t->plain_http = t->not_tls && cap_stream_len(s) >= 5 &&
			memcmp(s->data, "HTTP/", 5) == 0;
}

void cap_tls_read(struct diag_capture *c, struct cap_flow *f)
{
	struct diag_capture_counts *n = &c->seen.counts;

	read_client(c, f);
	read_server(c, f);
	if (f->tls.client_hello && !f->hello_counted)
		n->tls_hellos += f->counts;
	if (f->tls.server_hello && !f->server_counted)
		n->tls_servers += f->counts;
	f->hello_counted = f->tls.client_hello;
	f->server_counted = f->tls.server_hello;
}

/* RFC 5246, 7.4.2: three bytes of length before the list and before each. */
static STACK_OF(X509) * read_chain(struct diag_cursor at)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	uint8_t high;
	uint16_t low;

	if (chain == NULL || !diag_cursor_skip(&at, 3))
		return chain;
	while (sk_X509_num(chain) < CHAIN_MAX && diag_cursor_u8(&at, &high) &&
	       diag_cursor_u16(&at, &low)) {
		size_t len = (size_t)high << 16 | low;
		const unsigned char *der = at.at;
		X509 *x;

		if (!diag_cursor_skip(&at, len))
			break;
		x = d2i_X509(NULL, &der, (long)len);
		if (x == NULL || sk_X509_push(chain, x) == 0) {
			X509_free(x);
			break;
		}
	}
	return chain;
}

STACK_OF(X509) * cap_tls_chain(struct diag_capture *c, const struct cap_flow *f)
{
	struct records r = read_records(c, &f->side[SERVER].stream);
	struct diag_cursor at = diag_cursor_of(c->handshake, r.len), body;
	uint8_t type;

	while (next_message(&at, &type, &body))
		if (type == CERTIFICATE)
			return read_chain(body);
	return NULL;
}
