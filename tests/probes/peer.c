/* SPDX-License-Identifier: MIT */
/* See peer.h. */
#include "tests/probes/peer.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

struct peer {
	struct peer_options o;
	int listener, stop;
	uint16_t port;
	pthread_t thread;
	SSL_CTX *ctx;
};

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

/* --- certificates --------------------------------------------------------- */

static void add_ext(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	must(e && X509_add_ext(x, e, -1) == 1, value);
	X509_EXTENSION_free(e);
}

static X509 *make_cert(const char *cn, EVP_PKEY *key, long from_days,
		       long to_days)
{
	X509 *x = X509_new();
	X509_NAME *n = X509_get_subject_name(x);

	must(X509_set_version(x, 2) == 1, "version");
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), from_days * 86400);
	X509_gmtime_adj(X509_getm_notAfter(x), to_days * 86400);
	must(X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC,
					(const unsigned char *)cn, -1, -1,
					0) == 1,
	     "name");
	must(X509_set_pubkey(x, key) == 1, "key");
	return x;
}

static void write_pem(const char *path, X509 *x)
{
	FILE *f = fopen(path, "w");

	must(f && PEM_write_X509(f, x) == 1 && fclose(f) == 0, path);
}

static void load_certs(struct peer *p)
{
	EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
	bool given = p->o.from_days != 0 || p->o.to_days != 0;
	X509 *ca = make_cert("Test Root", ca_key, -30, 60);
	X509 *leaf = make_cert("leaf", key, given ? p->o.from_days : -1,
			       given ? p->o.to_days : 30);

	X509_set_issuer_name(ca, X509_get_subject_name(ca));
	X509_set_issuer_name(leaf, X509_get_subject_name(ca));
	add_ext(ca, ca, NID_basic_constraints, "critical,CA:TRUE");
	add_ext(leaf, ca, NID_subject_alt_name,
		p->o.san ? p->o.san : "DNS:right.example");
	must(X509_sign(ca, ca_key, EVP_sha256()) > 0, "sign");
	must(X509_sign(leaf, ca_key, EVP_sha256()) > 0, "sign");
	if (p->o.ca_file)
		write_pem(p->o.ca_file, ca);
	must(SSL_CTX_use_certificate(p->ctx, leaf) == 1, "certificate");
	must(SSL_CTX_use_PrivateKey(p->ctx, key) == 1, "private key");
	X509_free(ca);
	X509_free(leaf);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(key);
}

/* --- behaviours ----------------------------------------------------------- */

static void reset(int fd)
{
	struct linger hard = { .l_onoff = 1, .l_linger = 0 };

	must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard)) == 0,
	     "linger");
}

/* Until the other end goes away, or the test ends. */
static void wait_gone(struct peer *p, int fd)
{
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN },
				 { .fd = p->stop, .events = POLLIN } };
	char buf[4096];

	while (poll(fds, 2, -1) > 0 && !(fds[1].revents & POLLIN))
		if (recv(fd, buf, sizeof(buf), 0) <= 0)
			return;
}

static int no_client_cert(int ok, X509_STORE_CTX *ctx)
{
	(void)ok;
	(void)ctx;
	return 1;
}

static void serve_tls(struct peer *p, int fd)
{
	SSL *ssl = SSL_new(p->ctx);
	char buf[4096];

	if (p->o.does == PEER_TLS_WANTS_CERT)
		SSL_set_verify(
		    ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
		    no_client_cert);
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1 && SSL_read(ssl, buf, sizeof(buf)) > 0) {
		if (p->o.does == PEER_TLS_ANSWERS && p->o.answer)
			(void)SSL_write(ssl, p->o.answer,
					(int)strlen(p->o.answer));
		if (p->o.does == PEER_TLS_SILENT)
			wait_gone(p, fd);
		if (p->o.does == PEER_TLS_ANSWERS)
			SSL_shutdown(ssl);
	}
	SSL_free(ssl);
}

static void serve(struct peer *p, int fd)
{
	char buf[4096];

	switch (p->o.does) {
	case PEER_RST_AT_ACCEPT:
		reset(fd);
		break;
	case PEER_FIN_AT_ACCEPT:
		break;
	case PEER_SILENT:
		wait_gone(p, fd);
		break;
	case PEER_SAYS:
		if (recv(fd, buf, sizeof(buf), 0) > 0 && p->o.answer)
			(void)!write(fd, p->o.answer, strlen(p->o.answer));
		break;
	case PEER_RST_AT_HELLO:
		(void)recv(fd, buf, sizeof(buf), 0);
		reset(fd);
		break;
	case PEER_FIN_AT_HELLO:
		(void)recv(fd, buf, sizeof(buf), 0);
		break;
	default:
		serve_tls(p, fd);
		break;
	}
	(void)close(fd);
}

static void *run(void *arg)
{
	struct peer *p = arg;
	struct pollfd fds[2] = { { .fd = p->listener, .events = POLLIN },
				 { .fd = p->stop, .events = POLLIN } };

	while (poll(fds, 2, -1) > 0 && !(fds[1].revents & POLLIN)) {
		int fd = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			serve(p, fd);
	}
	return NULL;
}

struct peer *peer_start(const struct peer_options *o)
{
	struct peer *p = calloc(1, sizeof(*p));
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);

	must(p != NULL, "memory");
	p->o = *o;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(p->listener >= 0, "socket");
	must(bind(p->listener, (struct sockaddr *)&sin, sizeof(sin)) == 0,
	     "bind");
	must(listen(p->listener, 8) == 0, "listen");
	must(getsockname(p->listener, (struct sockaddr *)&sin, &len) == 0,
	     "name");
	p->port = ntohs(sin.sin_port);
	p->stop = eventfd(0, EFD_CLOEXEC);
	p->ctx = SSL_CTX_new(TLS_server_method());
	must(p->ctx && p->stop >= 0, "context");
	load_certs(p);
	must(pthread_create(&p->thread, NULL, run, p) == 0, "thread");
	return p;
}

uint16_t peer_port(const struct peer *p)
{
	return p->port;
}

void peer_stop(struct peer *p)
{
	must(eventfd_write(p->stop, 1) == 0, "stop");
	must(pthread_join(p->thread, NULL) == 0, "join");
	SSL_CTX_free(p->ctx);
	(void)close(p->listener);
	(void)close(p->stop);
	free(p);
}
