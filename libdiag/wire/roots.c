/* SPDX-License-Identifier: MIT */
/* See roots.h.  Source: X509_STORE_CTX_set_verify_cb(3). */
#include "wire/roots.h"

#include "base/file.h"
#include "base/mem.h"
#include "net/addr.h"
#include "wire/cert.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define OP	      "trust store"
#define CA_FILE_BYTES ((size_t)16 << 20)

/* --- the store ----------------------------------------------------------- */

static bool add_service_root(struct diag_roots *r, X509 *x)
{
	if (r->n_service == DIAG_SERVICE_ROOTS_MAX ||
	    !diag_cert_sha256(x, r->service[r->n_service]))
		return false;
	r->n_service++;
	return X509_STORE_add_cert(r->store, x) == 1;
}

static bool add_service_roots(struct diag_roots *r, const char *path,
			      const struct diag_buf *text, struct diag_err *err)
{
	BIO *bio = BIO_new_mem_buf(diag_buf_str(text), (int)text->len);
	bool ok = true;
	X509 *x;

	if (!bio)
		return diag_fail_nomem(err, "--ca-file");
	while (ok && (x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		ok = add_service_root(r, x);
		X509_free(x);
	}
	BIO_free(bio);
	ERR_clear_error();
	if (!ok)
		return diag_fail(err, DIAG_ELIMIT, "--ca-file",
				 "%s: over %u certificates", path,
				 DIAG_SERVICE_ROOTS_MAX);
	if (r->n_service == 0)
		return diag_fail(err, DIAG_EPARSE, "--ca-file",
				 "%s: no PEM certificate in it", path);
	return true;
}

static bool load_service_roots(struct diag_roots *r, const char *path,
			       struct diag_err *err)
{
	struct diag_buf text;
	bool ok = diag_file_read(path, CA_FILE_BYTES, &text, err) &&
		  add_service_roots(r, path, &text, err);

	diag_buf_clear(&text);
	return ok;
}

bool diag_roots_init(struct diag_roots *r, const char *ca_file,
		     struct diag_err *err)
{
	*r = (struct diag_roots){ .n_service = 0 };
	r->service =
	    diag_alloc_array(DIAG_SERVICE_ROOTS_MAX, sizeof(*r->service));
	r->store = X509_STORE_new();
	if (!r->service || !r->store ||
	    X509_STORE_set_flags(r->store, X509_V_FLAG_PARTIAL_CHAIN) != 1)
		return diag_fail_nomem(err, OP);
	return !ca_file || load_service_roots(r, ca_file, err);
}

void diag_roots_clear(struct diag_roots *r)
{
	X509_STORE_free(r->store);
	diag_free(r->service);
	*r = (struct diag_roots){ .n_service = 0 };
}

void diag_roots_load(struct diag_roots *r, const char *path)
{
	(void)X509_STORE_load_file(r->store, path);
	ERR_clear_error();
}

/* --- one chain ------------------------------------------------------------ */

static void note_fault(struct diag_chain_seen *s, int error)
{
	switch (error) {
	case X509_V_OK:
		return;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		s->expired = true;
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		s->not_yet_valid = true;
		break;
	default:
		s->untrusted = true;
		break;
	}
	if (!s->text)
		s->text = X509_verify_cert_error_string(error);
}

static int go_on(int ok, X509_STORE_CTX *ctx)
{
	struct diag_chain_seen *s = X509_STORE_CTX_get_app_data(ctx);

	if (!ok)
		note_fault(s, X509_STORE_CTX_get_error(ctx));
	return 1;
}

static bool in_list(const char *const *list, size_t n, const char *hex)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], hex) == 0)
			return true;
	return false;
}

static enum diag_root root_kind(const struct diag_roots *r, const X509 *root)
{
	char hex[65];

	if (!root || !diag_cert_sha256(root, hex))
		return DIAG_ROOT_UNKNOWN;
	for (size_t i = 0; i < r->n_service; i++)
		if (strcmp(r->service[i], hex) == 0)
			return DIAG_ROOT_SERVICE;
	return in_list(r->local, r->n_local, hex) ? DIAG_ROOT_LOCAL
						  : DIAG_ROOT_PUBLIC;
}

void diag_roots_judge(const struct diag_roots *r, X509_STORE_CTX *ctx,
		      int64_t now_s, struct diag_chain_seen *out)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
	STACK_OF(X509) * chain;

	*out = (struct diag_chain_seen){ .root = DIAG_ROOT_UNKNOWN };
	X509_VERIFY_PARAM_set_time(param, (time_t)now_s);
	(void)X509_STORE_CTX_set_app_data(ctx, out);
	X509_STORE_CTX_set_verify_cb(ctx, go_on);
	if (X509_verify_cert(ctx) != 1)
		note_fault(out, X509_STORE_CTX_get_error(ctx));
	chain = X509_STORE_CTX_get0_chain(ctx);
	if (!out->untrusted && chain && sk_X509_num(chain) > 0)
		out->root =
		    root_kind(r, sk_X509_value(chain, sk_X509_num(chain) - 1));
	X509_STORE_CTX_set_error(ctx, X509_V_OK);
	ERR_clear_error();
}

/* --- the fact ------------------------------------------------------------ */

static bool matches(X509 *leaf, const char *name)
{
	struct diag_addr a;

	if (diag_addr_parse(name, &a))
		return X509_check_ip(leaf, a.bytes, diag_addr_len(&a), 0) == 1;
	return X509_check_host(leaf, name, strlen(name), 0, NULL) == 1;
}

bool diag_roots_fill(const struct diag_chain_seen *seen, X509 *leaf,
		     const char *name, struct diag_arena *arena,
		     struct diag_tls_fact *f)
{
	enum diag_status *faults = diag_arena_array(arena, 4, sizeof(*faults));

	if (!faults)
		return false;
	f->faults = faults;
	f->root = seen->root;
	f->verify_text = seen->text;
	if (seen->untrusted)
		faults[f->n_faults++] = DIAG_ST_UNTRUSTED;
	if (!matches(leaf, name))
		faults[f->n_faults++] = DIAG_ST_NAME_MISMATCH;
	if (seen->expired)
		faults[f->n_faults++] = DIAG_ST_EXPIRED;
	if (seen->not_yet_valid)
		faults[f->n_faults++] = DIAG_ST_NOT_YET_VALID;
	return true;
}
