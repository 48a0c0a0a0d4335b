/* SPDX-License-Identifier: MIT */
/* See cert.h. */
#include "wire/cert.h"

#include "base/text.h"
#include "base/time.h"
#include "net/addr.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

#define OP	     "certificate"
#define NAME_MAX_LEN 512u /* bytes of one name kept */

static const char *safe(struct diag_arena *arena, const char *s, size_t len)
{
	struct diag_buf b;
	const char *out;

	diag_buf_init(&b, 8 * NAME_MAX_LEN + 16);
	diag_text_safe(&b, s, len < NAME_MAX_LEN ? len : NAME_MAX_LEN);
	out = diag_arena_strdup(arena, diag_buf_str(&b));
	diag_buf_clear(&b);
	return out;
}

/* RFC 2253 text; XN_FLAG_RFC2253 escapes control and non-ASCII bytes. */
static const char *dn_text(struct diag_arena *arena, const X509_NAME *n)
{
	BIO *bio = BIO_new(BIO_s_mem());
	const char *out = NULL;
	char *p = NULL;
	long len;

	if (!bio)
		return NULL;
	if (n && X509_NAME_print_ex(bio, n, 0, XN_FLAG_RFC2253) >= 0) {
		len = BIO_get_mem_data(bio, &p);
		out = safe(arena, p ? p : "", len > 0 ? (size_t)len : 0);
	} else {
		out = diag_arena_strdup(arena, "");
	}
	BIO_free(bio);
	return out;
}

static int64_t time_of(const ASN1_TIME *t)
{
	struct tm tm;

	if (!t || ASN1_TIME_to_tm(t, &tm) != 1)
		return 0;
	return diag_time_of_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
				  tm.tm_hour, tm.tm_min, tm.tm_sec);
}

bool diag_cert_sha256(const X509 *x, char out[65])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	if (X509_digest(x, EVP_sha256(), md, &n) != 1 || n != 32)
		return false;
	for (size_t i = 0; i < 32; i++) {
		out[2 * i] = hex[md[i] >> 4];
		out[2 * i + 1] = hex[md[i] & 15];
	}
	out[64] = '\0';
	return true;
}

static const char *ip_text(struct diag_arena *arena,
			   const ASN1_OCTET_STRING *ip)
{
	struct diag_addr a = { .family = DIAG_NOFAM };
	char text[DIAG_ADDR_TEXT];
	int len = ASN1_STRING_length(ip);

	if (len != 4 && len != 16)
		return NULL;
	a.family = len == 4 ? DIAG_IPV4 : DIAG_IPV6;
	memcpy(a.bytes, ASN1_STRING_get0_data(ip), (size_t)len);
	return diag_arena_strdup(arena, diag_addr_text(&a, text));
}

static const char *san_text(struct diag_arena *arena, const GENERAL_NAME *g)
{
	int type = 0;
	void *value = GENERAL_NAME_get0_value(g, &type);

	if (type == GEN_IPADD)
		return ip_text(arena, value);
	if (type != GEN_DNS)
		return NULL;
	return safe(arena, (const char *)ASN1_STRING_get0_data(value),
		    (size_t)ASN1_STRING_length(value));
}

static bool read_san(X509 *x, struct diag_arena *arena, struct diag_cert *out)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	int n = names ? sk_GENERAL_NAME_num(names) : 0;
	const char **san = NULL;

	if (n > (int)CERT_SAN_MAX)
		n = (int)CERT_SAN_MAX;
	if (n > 0)
		san = diag_arena_array(arena, (size_t)n, sizeof(*san));
	for (int i = 0; san && i < n; i++) {
		san[out->n_san] =
		    san_text(arena, sk_GENERAL_NAME_value(names, i));
		if (san[out->n_san])
			out->n_san++;
	}
	out->san = san;
	GENERAL_NAMES_free(names);
	return n == 0 || san;
}

bool diag_cert_read(X509 *x, struct diag_arena *arena, struct diag_cert *out,
		    struct diag_err *err)
{
	char hex[65];

	memset(out, 0, sizeof(*out));
	out->subject = dn_text(arena, X509_get_subject_name(x));
	out->issuer = dn_text(arena, X509_get_issuer_name(x));
	out->not_before_s = time_of(X509_get0_notBefore(x));
	out->not_after_s = time_of(X509_get0_notAfter(x));
	if (diag_cert_sha256(x, hex))
		out->sha256 = diag_arena_strdup(arena, hex);
	if (!out->subject || !out->issuer || !out->sha256 ||
	    !read_san(x, arena, out))
		return diag_fail_nomem(err, OP);
	return true;
}

bool diag_cert_chain(STACK_OF(X509) * chain, struct diag_arena *arena,
		     struct diag_tls_fact *f, struct diag_err *err)
{
	int n = chain ? sk_X509_num(chain) : 0;
	struct diag_cert *certs;

	if (n > (int)CERT_CHAIN_MAX)
		n = (int)CERT_CHAIN_MAX;
	if (n <= 0)
		return true;
	certs = diag_arena_array(arena, (size_t)n, sizeof(*certs));
	if (!certs)
		return diag_fail_nomem(err, OP);
	f->chain = certs;
	for (int i = 0; i < n; i++) {
		if (!diag_cert_read(sk_X509_value(chain, i), arena, &certs[i],
				    err))
			return false;
		f->n_chain++;
	}
	return true;
}
