/* SPDX-License-Identifier: MIT */
/* roots_linux.c - the distribution's roots, and those the owner added.
 *
 * The bundle that programs use holds both, so a company's inspecting proxy
 * looks trusted by it.  What was put into the folders below is the owner's:
 * those roots are known by their SHA-256, and the verdict can tell a public
 * root from a private one.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "machine/internal.h"

#define FOLDERS_DEEP 4
#define ROOTS_MAX    1024
#define ENTRIES_MAX  4096
#define PATH_LEN     4096

/* update-ca-certificates(8), update-ca-trust(8), and their like. */
static const char *const bundles[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/var/lib/ca-certificates/ca-bundle.pem",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem",
};
static const char *const folders[] = {
	"/usr/local/share/ca-certificates",
	"/etc/pki/ca-trust/source/anchors",
	"/usr/share/pki/ca-trust-source/anchors",
	"/etc/ca-certificates/trust-source/anchors",
	"/etc/pki/trust/anchors",
};

struct roots {
	struct machine_reader *r;
	struct machine_names list;
	unsigned seen; /* entries looked at */
};

static bool add_root(struct roots *roots, const X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1];
	unsigned len = 0;

	if (roots->list.n >= ROOTS_MAX ||
	    X509_digest(cert, EVP_sha256(), digest, &len) != 1)
		return true;
	for (unsigned i = 0; i < len; i++)
		(void)snprintf(hex + 2 * (size_t)i, 3, "%02x", digest[i]);
	for (size_t i = 0; i < roots->list.n; i++)
		if (strcmp(roots->list.items[i], hex) == 0)
			return true; /* kept in two files */
	return machine_names_add(roots->r->m, &roots->list, hex,
				 2 * (size_t)len) ||
	       diag_fail_nomem(roots->r->err, "machine");
}

/* PEM, one or many; else one DER certificate. */
static bool add_file(struct roots *roots, const struct diag_buf *text)
{
	const unsigned char *der = (const unsigned char *)diag_buf_str(text);
	BIO *bio = BIO_new_mem_buf(diag_buf_str(text), (int)text->len);
	X509 *cert = NULL;
	bool ok = true, any = false;

	while (ok && bio != NULL &&
	       (cert = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL)) != NULL) {
		any = true;
		ok = add_root(roots, cert);
		X509_free(cert);
	}
	if (!any) {
		cert = d2i_X509(NULL, &der, (long)text->len);
		ok = cert == NULL || add_root(roots, cert);
		X509_free(cert);
	}
	BIO_free(bio);
	ERR_clear_error();
	return ok;
}

static bool read_folder(struct roots *roots, const char *path, unsigned depth);

static bool read_entry(struct roots *roots, const char *folder,
		       const char *name, unsigned depth)
{
	char path[PATH_LEN];
	struct diag_buf text;
	bool found, ok;

	if (++roots->seen > ENTRIES_MAX ||
	    snprintf(path, sizeof(path), "%s/%s", folder, name) >=
		(int)sizeof(path))
		return true;
	/* A folder is tried as one first: a file refuses that at once. */
	if (depth < FOLDERS_DEEP) {
		char below[PATH_LEN + 1];

		(void)snprintf(below, sizeof(below), "%s/", path);
		if (machine_exists(roots->r, below))
			return read_folder(roots, path, depth + 1);
	}
	ok = machine_read_file(roots->r, path, &text, &found) &&
	     (!found || add_file(roots, &text));
	diag_buf_clear(&text);
	return ok;
}

static bool read_folder(struct roots *roots, const char *path, unsigned depth)
{
	struct machine_names names = { 0 };
	int sys;
	bool ok = machine_list_folder(roots->r, path, &names, &sys);

	for (size_t i = 0; ok && i < names.n; i++)
		ok = read_entry(roots, path, names.items[i], depth);
	return ok;
}

bool machine_read_roots(struct machine_reader *r)
{
	struct roots roots = { .r = r };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!read_folder(&roots, folders[i], 0))
			return false;
	r->m->local_roots = roots.list.items;
	r->m->n_local_roots = roots.list.n;
	for (size_t i = 0; i < sizeof(bundles) / sizeof(bundles[0]); i++) {
		char full[PATH_LEN];

		if (!machine_exists(r, bundles[i]) ||
		    !machine_path(r, bundles[i], full, sizeof(full)))
			continue;
		r->m->roots_path = diag_arena_strdup(&r->m->arena, full);
		return r->m->roots_path != NULL ||
		       diag_fail_nomem(r->err, "machine");
	}
	machine_note(r, "no list of root certificates was found");
	return true;
}
