/* SPDX-License-Identifier: MIT */
/* pick_certs.c - certificates that somebody added to the trust store: who is
 * trusted, since when, and by which SHA-256 it is found in a chain. */
#include "bundle/collect/pick.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define CERTS_MAX 64 /* of one file */

static void put_name(struct diag_buf *out, const char *what,
		     const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long len;

	if (bio != NULL &&
	    X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0) {
		len = BIO_get_mem_data(bio, &text);
		diag_buf_printf(out, "  %s ", what);
		pick_put(out, (struct diag_slice){ text, (size_t)len });
	}
	BIO_free(bio);
}

static void put_time(struct diag_buf *out, const char *what,
		     const ASN1_TIME *when)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long len;

	if (bio != NULL && ASN1_TIME_print(bio, when) == 1) {
		len = BIO_get_mem_data(bio, &text);
		diag_buf_printf(out, "  %s %.*s\n", what, (int)len, text);
	}
	BIO_free(bio);
}

static void put_cert(struct diag_buf *out, const X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (X509_digest(cert, EVP_sha256(), digest, &len) != 1)
		return;
	diag_buf_puts(out, "certificate\n");
	put_name(out, "subject", X509_get_subject_name(cert));
	put_name(out, "issuer ", X509_get_issuer_name(cert));
	put_time(out, "from   ", X509_get0_notBefore(cert));
	put_time(out, "until  ", X509_get0_notAfter(cert));
	diag_buf_puts(out, "  sha256  ");
	for (unsigned i = 0; i < len; i++)
		diag_buf_printf(out, "%02x", digest[i]);
	diag_buf_putc(out, '\n');
}

/* Nobody is asked for a password. */
static int no_password(char *out, int size, int writing, void *ctx)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

/* PEM, one or many; else one in DER. */
bool diag_pick_certs(const struct diag_source *s, struct diag_slice text,
		     struct diag_buf *out, struct diag_err *err)
{
	const unsigned char *der = (const unsigned char *)text.p;
	BIO *bio = NULL;
	X509 *cert;
	unsigned n = 0;

	(void)s;
	if (text.len > INT_MAX)
		return diag_fail(err, DIAG_ELIMIT, "certificates", "too long");
	bio = BIO_new_mem_buf(text.p, (int)text.len);
	if (bio == NULL)
		return diag_fail_nomem(err, "certificates");
	while (n < CERTS_MAX && (cert = PEM_read_bio_X509(
				     bio, NULL, no_password, NULL)) != NULL) {
		put_cert(out, cert);
		X509_free(cert);
		n++;
	}
	if (n == 0 && (cert = d2i_X509(NULL, &der, (long)text.len)) != NULL) {
		put_cert(out, cert);
		X509_free(cert);
	}
	BIO_free(bio);
	ERR_clear_error();
	return true;
}
