/* SPDX-License-Identifier: MIT */
/* tls_judge.c - what a recorded handshake came to.
 *
 * ok means that the client went on: it had the server's flight whole and, as
 * far as it cares, in order.  Certificates are judged here too where they are
 * to be seen (TLS 1.2), so that one that the client took without looking, or
 * turned away, is told as a live probe would.
 */
#include "capture/internal.h"

#include <errno.h>
#include <openssl/err.h>

#include "wire/cert.h"

#define TLS12 0x0303
#define TLS13 0x0304

/* RFC 8446, 6.2: what a client says of a certificate that it refuses. */
enum {
	BAD_CERTIFICATE = 42,
	UNSUPPORTED = 43,
	UNKNOWN = 46,
	UNKNOWN_CA = 48,
	EXPIRED = 45
};

static bool is_whole(const struct cap_tls *t)
{
	if (!t->server_hello)
		return false;
	if (t->version >= TLS13)
		return t->client_sealed;
	return t->client_ccs && t->server_ccs;
}

bool cap_tls_is_over(const struct cap_flow *f)
{
	const struct cap_tls *t = &f->tls;

	return t->client_hello && (is_whole(t) || t->alert >= 0 || t->not_tls);
}

static bool client_refuses(const struct cap_tls *t)
{
	return t->client_alert == BAD_CERTIFICATE ||
	       t->client_alert == UNSUPPORTED || t->client_alert == EXPIRED ||
	       t->client_alert == UNKNOWN || t->client_alert == UNKNOWN_CA;
}

/* The client has bytes that the capture has not. */
static bool has_lost(const struct cap_flow *f)
{
	const struct cap_side *s = &f->side[SERVER];
	uint32_t end =
	    s->first + s->base + (uint32_t)cap_stream_len(&s->stream);

	if (cap_stream_len(&s->stream) == s->stream.max)
		return true;
	/* The acknowledgement of a FIN counts one more. */
	return s->ack_known && s->known &&
	       (int32_t)(s->acked - end) > (s->fin ? 1 : 0);
}

/* The server, which tired of waiting, never had what was said.  (Who closes at
 * once did not wait, however long it is said again.) */
static bool is_unheard(const struct cap_flow *f)
{
	const struct cap_side *s = &f->side[CLIENT];

	return s->known && s->ack_known &&
	       (int32_t)(s->acked - s->first - s->base) <= 0 &&
	       f->closed_us - f->hello_us >=
		   (int64_t)DIAG_CAPTURE_PATIENCE_MS * 1000;
}

enum diag_status cap_flow_silence(struct diag_capture *c,
				  const struct cap_flow *f, const char **why)
{
	int64_t until = f->closed_by == CLIENT ? f->last_us : c->seen.last_us;

	if (has_lost(f)) {
		c->seen.counts.tcp_lost += f->counts;
		*why = "the capture has not all the bytes";
		return DIAG_ST_NOT_RUN;
	}
	if (f->closed_by == SERVER && !is_unheard(f)) {
		*why = f->side[SERVER].rst ? "connection reset by peer"
					   : "closed by the peer";
		return DIAG_ST_CUT;
	}
	if (!f->who[CLIENT]->heard) {
		*why = "the capture has nothing that came to this machine";
		return DIAG_ST_NOT_RUN;
	}
	if (until - f->hello_us >= (int64_t)DIAG_CAPTURE_PATIENCE_MS * 1000) {
		*why = f->closed_by == SERVER
			   ? "what was said was never acknowledged"
			   : "no answer in the capture";
		return DIAG_ST_TIMEOUT;
	}
	*why = f->closed_by == CLIENT
		   ? "the client gave up before an answer was due"
		   : "the capture ends before an answer was due";
	return DIAG_ST_NOT_RUN;
}

enum diag_status cap_tls_status(struct diag_capture *c,
				const struct cap_flow *f, const char **why)
{
	const struct cap_tls *t = &f->tls;

	if (!t->client_hello) {
		*why = "the capture has no whole ClientHello";
		return DIAG_ST_NOT_RUN;
	}
	if (is_whole(t))
		return DIAG_ST_OK;
	if (t->alert >= 0) {
		*why = "the server sent an alert";
		return DIAG_ST_FAILED;
	}
	if (t->not_tls) {
		*why = t->plain_http ? "the peer speaks plain HTTP, not TLS"
				     : "what the peer says is not TLS";
		return DIAG_ST_FAILED;
	}
	if (client_refuses(t)) {
		*why = "the client refuses the certificate";
		return DIAG_ST_UNTRUSTED;
	}
	if (t->client_alert >= 0 || (t->client_gone && t->server_hello)) {
		*why = "the client ended the handshake itself";
		return DIAG_ST_NOT_RUN;
	}
	return cap_flow_silence(c, f, why);
}

/* --- certificates --------------------------------------------------------- */

static bool judge_chain(struct diag_capture *c, STACK_OF(X509) * chain,
			const char *name, struct diag_fact *out)
{
	const struct diag_roots *roots =
	    c->o.roots != NULL ? c->o.roots(c->o.ctx) : NULL;
	X509 *leaf = sk_X509_value(chain, 0);
	struct diag_chain_seen seen;
	X509_STORE_CTX *ctx;
	bool ok;

	if (roots == NULL)
		return true;
	ctx = X509_STORE_CTX_new();
	ok = ctx != NULL &&
	     X509_STORE_CTX_init(ctx, roots->store, leaf, chain) == 1;
	if (ok) {
		diag_roots_judge(roots, ctx,
				 c->seen.first_us / 1000000 +
				     (int64_t)(out->started_ms / 1000),
				 &seen);
		ok = diag_roots_fill(&seen, leaf, name, &c->scratch, &out->tls);
	}
	X509_STORE_CTX_free(ctx);
	return ok;
}

static void read_certificates(struct cap_saying *s, const char *name,
			      struct diag_fact *out)
{
	STACK_OF(X509) *chain = cap_tls_chain(s->c, s->f);
	char text[DIAG_ADDR_TEXT];

	if (chain != NULL && sk_X509_num(chain) > 0 &&
	    (!diag_cert_chain(chain, &s->c->scratch, &out->tls, &s->c->err) ||
	     !judge_chain(s->c, chain,
			  name ? name : diag_addr_text(&s->f->server, text),
			  out)))
		cap_nomem(s->c);
	sk_X509_pop_free(chain, X509_free);
	ERR_clear_error();
}

/* --- facts ---------------------------------------------------------------- */

static const char *version_text(unsigned version)
{
	static const char *const texts[] = { "TLSv1", "TLSv1.1", "TLSv1.2",
					     "TLSv1.3" };

	return version > 0x0300 && version <= TLS13 ? texts[version - 0x0301]
						    : NULL;
}

static bool has_ended(const struct diag_fact *f)
{
	return f->status == DIAG_ST_OK || f->status == DIAG_ST_NOT_RUN ||
	       f->status == DIAG_ST_CUT || f->status == DIAG_ST_TIMEOUT;
}

/* A client that turned the certificate away says more than our own list of
 * roots, which it does not use. */
static bool client_fault(struct diag_capture *c, struct diag_fact *f)
{
	enum diag_status *faults;

	if (f->status != DIAG_ST_UNTRUSTED || f->tls.n_faults > 0)
		return true;
	faults = diag_arena_alloc(&c->scratch, sizeof(*faults));
	if (faults == NULL)
		return false;
	*faults = DIAG_ST_UNTRUSTED;
	f->tls.faults = faults;
	f->tls.n_faults = 1;
	f->tls.verify_text = f->error;
	return true;
}

static unsigned packet_max(const struct cap_flow *f)
{
	unsigned headers = f->client.family == DIAG_IPV6 ? 60 : 40;

	return f->mss > 0 && f->mss + headers <= CAP_SMALL_PACKET
		   ? f->mss + headers
		   : 0;
}

static void tell_tls(struct cap_saying *s, const char *name)
{
	const struct cap_flow *f = s->f;
	struct diag_fact out = { .kind = DIAG_FACT_TLS, .target = name };
	int64_t from = f->hello_us ? f->hello_us : f->open_us;

	out.tls.packet_max = packet_max(f);
	out.tls.repeated = out.tls.packet_max > 0;
	if (!out.tls.repeated)
		cap_tcp_tell_open(s, name);
	out.status = cap_tls_status(s->c, f, &out.error);
	out.started_ms = cap_ms(s->c, from);
	out.took_ms = (double)(f->last_us - from) / 1000.0;
	out.sys_errno =
	    out.status == DIAG_ST_CUT && f->side[SERVER].rst ? ECONNRESET : 0;
	out.tls.address = f->server;
	out.tls.port = f->server_port;
	out.tls.sni = f->tls.sni[0] ? f->tls.sni : NULL;
	out.tls.version =
	    f->tls.server_hello ? version_text(f->tls.version) : NULL;
	out.tls.alert = f->tls.alert;
	out.tls.server_hello = f->tls.server_hello;
	out.tls.bytes_in = f->side[SERVER].bytes;
	out.tls.client_cert_requested = f->tls.certificate_wanted;
	if (f->tls.server_hello)
		read_certificates(s, name, &out);
	if (!client_fault(s->c, &out))
		cap_nomem(s->c);
	if (out.tls.n_faults > 0 && has_ended(&out)) {
		out.status = out.tls.faults[0];
		out.error = out.tls.verify_text;
	}
	cap_emit(s->c, &out);
}

void cap_tls_tell(struct diag_capture *c, struct cap_flow *f)
{
	struct cap_saying s = { c, f, tell_tls, NULL };

	if (f->connect_code >= 0)
		cap_connect_tell(c, f);
	else
		cap_flow_names(&s);
}
