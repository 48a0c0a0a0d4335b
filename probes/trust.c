/* SPDX-License-Identifier: MIT */
/* See trust.h.
 *
 * Sources: SSL_CTX_set_cert_verify_callback(3), SSL_set_msg_callback(3); RFC
 * 8446, 4 (handshake types) and 6 (alerts).
 */
#include "probes/trust.h"

#include "base/mem.h"
#include "wire/cert.h"

#include <string.h>

#define OP "trust store"

#define HANDSHAKE_SERVER_HELLO 2
#define HANDSHAKE_CERT_REQUEST 13

struct trust {
	SSL_CTX *ctx;
	struct diag_roots roots;
	const struct diag_run *run;
	const char *roots_path; /* the distribution's list, NULL: none */
	uv_thread_t loader;
	bool loading;
};

static void wait_for_roots(struct trust *t)
{
	if (t->loading)
		(void)uv_thread_join(&t->loader);
	t->loading = false;
}

static void trust_free(void *p)
{
	struct trust *t = p;

	if (!t)
		return;
	wait_for_roots(t);
	SSL_CTX_free(t->ctx);
	diag_roots_clear(&t->roots);
	diag_free(t);
}

/* --- the store ----------------------------------------------------------- */

static void load_roots(void *arg)
{
	struct trust *t = arg;

	diag_roots_load(&t->roots, t->roots_path);
}

/* The distribution's list takes 22 ms to read: a thread does it while the
 * first connections are on their way, and the first chain waits for it. */
static void start_roots(struct trust *t)
{
	const struct diag_machine *m = diag_run_machine(t->run);

	t->roots_path = m ? m->roots_path : NULL;
	if (!t->roots_path)
		return;
	t->loading = uv_thread_create(&t->loader, load_roots, t) == 0;
	if (!t->loading)
		load_roots(t);
}

static bool load_store(struct trust *t, struct diag_err *err)
{
	const struct diag_machine *m = diag_run_machine(t->run);

	if (!diag_roots_init(&t->roots, diag_run_ca_file(t->run), err))
		return false;
	t->roots.local = m ? m->local_roots : NULL;
	t->roots.n_local = m ? m->n_local_roots : 0;
	start_roots(t);
	return true;
}

/* --- what a handshake shows ---------------------------------------------- */

/* A slot of our own on each SSL: the one called app data is libcurl's. */
static int seen_index;

static void make_seen_index(void)
{
	seen_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

/* NULL on connections that nobody watches (libcurl's). */
static struct trust_seen *seen_of(X509_STORE_CTX *ctx)
{
	int index = SSL_get_ex_data_X509_STORE_CTX_idx();
	SSL *ssl = X509_STORE_CTX_get_ex_data(ctx, index);

	return ssl ? SSL_get_ex_data(ssl, seen_index) : NULL;
}

/* Always 1: the handshake goes on, the faults are kept. */
static int check_chain(X509_STORE_CTX *ctx, void *arg)
{
	struct trust *t = arg;
	struct trust_seen *s = seen_of(ctx);

	if (!s)
		return 1;
	wait_for_roots(t);
	diag_roots_judge(&t->roots, ctx, diag_run_clock_s(t->run), &s->chain);
	return 1;
}

/* NOLINTNEXTLINE(readability-function-size): OpenSSL says what it takes */
static void watch_message(int sent, int version, int content_type,
			  const void *bytes, size_t len, SSL *ssl, void *arg)
{
	struct trust_seen *s = arg;
	const unsigned char *p = bytes;

	(void)version;
	(void)ssl;
	if (sent || len == 0)
		return;
	if (content_type == SSL3_RT_ALERT && len >= 2)
		s->alert = p[1];
	if (content_type != SSL3_RT_HANDSHAKE)
		return;
	if (p[0] == HANDSHAKE_SERVER_HELLO)
		s->server_hello = true;
	if (p[0] == HANDSHAKE_CERT_REQUEST)
		s->cert_request = true;
}

/* --- made once per run --------------------------------------------------- */

void trust_adopt(struct trust *t, SSL_CTX *ctx)
{
	static const unsigned char alpn[] = "\x08http/1.1";

	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, check_chain, t);
	/* a resumed session shows no certificate */
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
	/* hundreds of connections wait at the same time */
	(void)SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	(void)SSL_CTX_set_alpn_protos(ctx, alpn, sizeof(alpn) - 1);
	(void)X509_STORE_up_ref(t->roots.store);
	SSL_CTX_set_cert_store(ctx, t->roots.store);
}

/* --- a hello larger than one packet ----------------------------------------
 */

#define GREASE	  0xfafau /* RFC 8701, 2: servers ignore it */
#define LARGER_BY 1800u	  /* bytes: with the rest two packets, never three */

/* NOLINTNEXTLINE(readability-function-size): OpenSSL says what it takes */
static int add_grease(SSL *ssl, unsigned type, unsigned context,
		      const unsigned char **out, size_t *len, X509 *x,
		      size_t index, int *alert, void *arg)
{
	static const unsigned char zeros[LARGER_BY];
	const struct trust_seen *seen = SSL_get_ex_data(ssl, seen_index);

	(void)type, (void)context, (void)x, (void)index, (void)alert;
	(void)arg;
	if (!seen || !seen->large)
		return 0;
	*out = zeros;
	*len = sizeof(zeros);
	return 1;
}

void trust_enlarge(struct trust_seen *seen)
{
	seen->large = true;
}

static bool trust_new(struct diag_run *run, struct trust **out,
		      struct diag_err *err)
{
	static uv_once_t once = UV_ONCE_INIT;
	struct trust *t = diag_alloc(sizeof(*t));

	if (!t)
		return diag_fail_nomem(err, OP);
	uv_once(&once, make_seen_index);
	t->run = run;
	t->ctx = SSL_CTX_new(TLS_client_method());
	if (!t->ctx) {
		(void)diag_fail_nomem(err, OP);
		goto fail;
	}
	if (!load_store(t, err))
		goto fail;
	if (SSL_CTX_add_custom_ext(t->ctx, GREASE, SSL_EXT_CLIENT_HELLO,
				   add_grease, NULL, NULL, NULL, NULL) != 1) {
		(void)diag_fail_nomem(err, OP);
		goto fail;
	}
	trust_adopt(t, t->ctx);
	*out = t;
	return true;
fail:
	trust_free(t);
	return false;
}

bool trust_of_run(struct diag_run *run, struct trust **out,
		  struct diag_err *err)
{
	void **slot = diag_run_slot(run, trust_free);
	struct trust *t;

	if (!slot)
		return diag_fail_nomem(err, OP);
	t = *slot;
	if (!t && !trust_new(run, &t, err))
		return false;
	*slot = t;
	*out = t;
	return true;
}

SSL_CTX *trust_ssl_ctx(struct trust *t)
{
	return t->ctx;
}

bool trust_watch(struct trust *t, SSL *ssl, struct trust_seen *seen)
{
	memset(seen, 0, sizeof(*seen));
	seen->trust = t;
	seen->alert = -1;
	SSL_set_msg_callback(ssl, watch_message);
	SSL_set_msg_callback_arg(ssl, seen);
	return SSL_set_ex_data(ssl, seen_index, seen) == 1;
}

/* --- the fact ------------------------------------------------------------ */

static const char *alpn_of(const SSL *ssl, struct diag_arena *arena)
{
	const unsigned char *p = NULL;
	unsigned len = 0;

	SSL_get0_alpn_selected(ssl, &p, &len);
	return len ? diag_arena_strn(arena, (const char *)p, len) : NULL;
}

bool trust_fill(const SSL *ssl, const struct trust_seen *seen, const char *name,
		struct diag_arena *arena, struct diag_tls_fact *f,
		struct diag_err *err)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
	const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);

	f->alert = seen->alert;
	f->server_hello = seen->server_hello;
	f->client_cert_requested = seen->cert_request;
	f->alpn = alpn_of(ssl, arena);
	if (seen->server_hello)
		f->version = diag_arena_strdup(arena, SSL_get_version(ssl));
	if (cipher)
		f->cipher =
		    diag_arena_strdup(arena, SSL_CIPHER_get_name(cipher));
	if (!diag_cert_chain(chain, arena, f, err))
		return false;
	if (f->n_chain == 0)
		return true;
	if (!diag_roots_fill(&seen->chain, sk_X509_value(chain, 0), name, arena,
			     f))
		return diag_fail_nomem(err, OP);
	return true;
}
