/* SPDX-License-Identifier: MIT */
/* connect, second stage: one TLS handshake over memory BIOs (RFC 8446).
 *
 * The handshake always completes when the peer lets it; chain and name faults
 * are kept in the fact, whose status is the first of them.  How it can end
 * before that:
 *
 *   cut      FIN or RST before the handshake was whole.  Which of the two,
 *            and which errno, is a race and differs between versions, so they
 *            are one status.
 *   timeout  silence; server_hello and bytes_in tell how far it got
 *   failed   an alert, or bytes that are not TLS
 */
#include "probes/connect_internal.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <string.h>

static bool is_address(const char *name)
{
	struct diag_addr a;

	return diag_addr_parse(name, &a);
}

/* The name the certificate must match: the target's, else the address. */
static const char *peer_name(struct connect *c, char text[DIAG_ADDR_TEXT])
{
	const struct diag_step *step = c->probe->step;

	return step->name ? step->name : diag_addr_text(&step->addr, text);
}

/* RFC 6066, 3: no literal addresses in SNI. */
static bool set_sni(struct connect *c, const char *name)
{
	char *sni;

	if (!name || is_address(name))
		return true;
	sni =
	    diag_arena_strdup(&c->arena, name); /* the macro casts const off */
	return sni && SSL_set_tlsext_host_name(c->ssl, sni) == 1;
}

/* Keys that no quantum computer breaks take a packet of their own. */
static bool shorten(SSL *ssl)
{
	int groups[] = { NID_X25519, NID_X9_62_prime256v1, NID_secp384r1 };

	return SSL_set1_groups(ssl, groups,
			       sizeof(groups) / sizeof(groups[0])) == 1;
}

static bool make_ssl(struct connect *c)
{
	const struct diag_step *step = c->probe->step;
	struct trust *t = c->trust;
	BIO *in = BIO_new(BIO_s_mem());
	BIO *out = BIO_new(BIO_s_mem());

	c->ssl = SSL_new(trust_ssl_ctx(t));
	if (!c->ssl || !in || !out) {
		BIO_free(in);
		BIO_free(out);
		return false;
	}
	SSL_set_bio(c->ssl, in, out);
	c->in = in;
	c->out = out;
	SSL_set_connect_state(c->ssl);
	if (!set_sni(c, step->name) || !trust_watch(t, c->ssl, &c->seen))
		return false;
	if (step->large)
		trust_enlarge(&c->seen);
	return step->packet_max == 0 || shorten(c->ssl);
}

struct diag_fact connect_tls_instead(struct connect *c,
				     const struct diag_fact *f)
{
	struct diag_fact t = connect_fact(c, DIAG_FACT_TLS);

	t.status = DIAG_ST_NOT_RUN;
	t.sys_errno = f->sys_errno;
	t.error = f->error ? f->error : "there was no connection";
	return t;
}

static struct diag_fact tls_fact(struct connect *c)
{
	struct diag_fact f = connect_fact(c, DIAG_FACT_TLS);
	char text[DIAG_ADDR_TEXT];
	struct diag_err err = { 0 };

	f.tls.bytes_in = c->bytes_in;
	f.tls.hello_bytes = (unsigned)c->hello_bytes;
	/* without memory the fact says less; it still says how it ended */
	if (c->ssl)
		(void)!trust_fill(c->ssl, &c->seen, peer_name(c, text),
				  &c->arena, &f.tls, &err);
	return f;
}

static void tls_done(struct connect *c)
{
	struct diag_fact f = tls_fact(c);

	f.status = f.tls.n_faults ? f.tls.faults[0] : DIAG_ST_OK;
	if (f.status != DIAG_ST_OK)
		f.error = f.tls.verify_text;
	if (c->probe->step->stage != DIAG_STAGE_HTTP) {
		connect_finish(c, &f);
		return;
	}
	connect_emit(c, &f);
	connect_http_start(c);
}

static const char *why_failed(const struct connect *c)
{
	unsigned long e = ERR_peek_last_error();
	const char *reason = e ? ERR_reason_error_string(e) : NULL;

	if (!c->seen.server_hello && c->bytes_in >= 5 &&
	    memcmp(c->first, "HTTP/", sizeof(c->first)) == 0)
		return "the peer speaks plain HTTP, not TLS";
	return reason ? reason : "TLS handshake failed";
}

static void tls_failed(struct connect *c)
{
	struct diag_fact f = tls_fact(c);

	f.status = DIAG_ST_FAILED;
	f.error = why_failed(c);
	ERR_clear_error();
	connect_finish(c, &f);
}

void connect_tls_read(struct connect *c)
{
	int rc, why;

	ERR_clear_error();
	rc = SSL_do_handshake(c->ssl);
	why = SSL_get_error(c->ssl, rc);
	if ((c->probe->step->large || c->probe->step->repeated) &&
	    c->hello_bytes == 0)
		c->hello_bytes = BIO_ctrl_pending(c->out);
	connect_flush(c);
	if (rc == 1)
		tls_done(c);
	else if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		tls_failed(c);
}

void connect_tls_start(struct connect *c)
{
	connect_enter(c, CONNECT_TLS);
	c->bytes_in = 0;
	if (make_ssl(c)) {
		connect_tls_read(c);
		return;
	}
	struct diag_fact f = connect_fact(c, DIAG_FACT_TLS);

	f.status = DIAG_ST_NOT_RUN;
	f.error = "no memory for TLS";
	connect_finish(c, &f);
}

void connect_tls_end(struct connect *c, int status)
{
	struct diag_fact f = tls_fact(c);

	if (status == UV_ETIMEDOUT) {
		f.status = DIAG_ST_TIMEOUT;
	} else {
		f.status = DIAG_ST_CUT;
		f.sys_errno = status == UV_EOF ? 0 : -status;
		f.error = status == UV_EOF ? "closed by the peer"
					   : uv_strerror(status);
	}
	if (c->probe->cancelled)
		f.error = "cancelled";
	connect_finish(c, &f);
}
