/* SPDX-License-Identifier: MIT */
/* Certificates to facts: concatenated DER, as a peer could send them. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "wire/cert.h"

#include <openssl/err.h>

static void check(const struct diag_tls_fact *f)
{
	if (f->n_chain > CERT_CHAIN_MAX)
		abort();
	for (size_t i = 0; i < f->n_chain; i++)
		if (f->chain[i].n_san > CERT_SAN_MAX ||
		    strlen(f->chain[i].sha256) != 64 ||
		    strpbrk(f->chain[i].subject, "\x1b\r\n") != NULL)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	const unsigned char *p = data;
	const unsigned char *end = data + size;
	struct diag_tls_fact f = { 0 };
	struct diag_arena arena;
	X509 *x;

	diag_arena_init(&arena, 0);
	while (p < end && (x = d2i_X509(NULL, &p, end - p)) != NULL)
		if (sk_X509_push(chain, x) == 0)
			X509_free(x);
	if (diag_cert_chain(chain, &arena, &f, NULL))
		check(&f);
	sk_X509_pop_free(chain, X509_free);
	diag_arena_clear(&arena);
	ERR_clear_error();
	return 0;
}
