/* SPDX-License-Identifier: MIT */
/* sha256.c - SHA-256 of OpenSSL. */
#include "base/sha256.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>

void diag_sha256_start(struct diag_sha256 *h)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		ctx = NULL;
	}
	h->ctx = ctx;
}

void diag_sha256_put(struct diag_sha256 *h, const void *p, size_t len)
{
	if (h->ctx == NULL || EVP_DigestUpdate(h->ctx, p, len) == 1)
		return;
	EVP_MD_CTX_free(h->ctx);
	h->ctx = NULL;
}

void diag_sha256_copy(const struct diag_sha256 *from, struct diag_sha256 *to)
{
	EVP_MD_CTX *ctx = from->ctx != NULL ? EVP_MD_CTX_new() : NULL;

	if (ctx != NULL && EVP_MD_CTX_copy_ex(ctx, from->ctx) != 1) {
		EVP_MD_CTX_free(ctx);
		ctx = NULL;
	}
	to->ctx = ctx;
}

bool diag_sha256_end(struct diag_sha256 *h, char out[DIAG_SHA256_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	bool ok = h->ctx != NULL && EVP_DigestFinal_ex(h->ctx, sum, &n) == 1 &&
		  n == (DIAG_SHA256_TEXT - 1) / 2;

	EVP_MD_CTX_free(h->ctx);
	h->ctx = NULL;
	for (size_t i = 0; ok && i < n; i++) {
		out[2 * i] = digits[sum[i] >> 4];
		out[2 * i + 1] = digits[sum[i] & 15];
	}
	out[ok ? DIAG_SHA256_TEXT - 1 : 0] = '\0';
	return ok;
}

bool diag_sha256_of(const void *p, size_t len, char out[DIAG_SHA256_TEXT])
{
	struct diag_sha256 h;

	diag_sha256_start(&h);
	diag_sha256_put(&h, p, len);
	return diag_sha256_end(&h, out);
}

bool diag_sha256_base64(const void *p, size_t len, char out[DIAG_SHA256_BASE64])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	bool ok = EVP_Digest(p, len, sum, &n, EVP_sha256(), NULL) == 1 &&
		  n == (DIAG_SHA256_TEXT - 1) / 2;

	if (ok)
		(void)EVP_EncodeBlock((unsigned char *)out, sum, (int)n);
	out[ok ? DIAG_SHA256_BASE64 - 1 : 0] = '\0';
	return ok;
}

bool diag_sha256_is(const char *text)
{
	return strspn(text, "0123456789abcdef") == DIAG_SHA256_TEXT - 1 &&
	       text[DIAG_SHA256_TEXT - 1] == '\0';
}
