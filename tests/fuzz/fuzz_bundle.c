/* SPDX-License-Identifier: MIT */
/* Archives and manifests: any bytes are a bundle or a list of what is wrong
 * with them; a bundle that was read can be packed and read again, as the same;
 * what a manifest says is printed and read back. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "bundle/archive.h"
#include "bundle/verify.h"

#define TEXT_MAX ((size_t)16 << 20)

static void print(const struct diag_bundle *b, struct diag_buf *out)
{
	diag_buf_init(out, TEXT_MAX);
	diag_manifest_print(b, out);
	if (out->code != DIAG_OK)
		abort();
}

static void must_be_same(const struct diag_bundle *a,
			 const struct diag_bundle *b)
{
	struct diag_buf one, two;

	print(a, &one);
	print(b, &two);
	if (one.len != two.len || memcmp(one.data, two.data, one.len) != 0)
		abort();
	diag_buf_clear(&two);
	diag_buf_clear(&one);
}

/* Whoever takes a bundle relies on this. */
static void must_be_whole(const struct diag_bundle *b)
{
	for (size_t i = 0; i < b->n_items; i++) {
		const struct diag_item *item = &b->items[i];
		char sha256[DIAG_SHA256_TEXT];

		if (!diag_bundle_path_ok(item->path) ||
		    diag_bundle_find(b, item->path) != item ||
		    diag_item_is_in(item->state) != (item->bytes != NULL))
			abort();
		if (item->bytes != NULL &&
		    (!diag_sha256_of(item->bytes, item->len, sha256) ||
		     strcmp(sha256, item->sha256) != 0))
			abort();
	}
}

static bool unpack(const void *bytes, size_t len, struct diag_bundle **b)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_problems problems;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_bundle_unpack("fuzz", bytes, len, &problems, b, &err);
	if (ok != (err.code == DIAG_OK) || (ok && problems.n > 0) ||
	    (err.code == DIAG_EPARSE && err.what[0] == '\0'))
		abort();
	diag_problems_clear(&problems);
	return ok;
}

static void pack_again(const struct diag_bundle *b)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *again = NULL;
	struct diag_buf packed;

	if (!diag_bundle_pack(b, diag_archive_kind_of(".zip"), &packed, &err)) {
		if (err.code != DIAG_ELIMIT && err.code != DIAG_ENOMEM)
			abort();
	} else if (unpack(packed.data, packed.len, &again)) {
		must_be_same(b, again);
	} else {
		abort();
	}
	diag_bundle_free(again);
	diag_buf_clear(&packed);
}

/* What verify finds nothing against can be unpacked, and has a seal. */
static void verify(const void *bytes, size_t len, bool unpacked)
{
	struct diag_verified *v = NULL;

	if (!diag_verify(bytes, len, NULL, &v, NULL))
		return;
	if (v->n_flaws == 0 && (!v->sealed || v->bundle == NULL || !unpacked))
		abort();
	if (unpacked && v->bundle == NULL)
		abort();
	diag_verified_free(v);
}

static void read_manifest(const char *text, size_t len)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_problems problems;
	struct diag_bundle *b = NULL, *again = NULL;
	struct diag_buf printed;

	diag_problems_init(&problems);
	if (diag_manifest_parse("fuzz", text, len, &problems, &b, &err)) {
		print(b, &printed);
		if (!diag_manifest_parse("again", printed.data, printed.len,
					 &problems, &again, &err))
			abort();
		must_be_same(b, again);
		diag_buf_clear(&printed);
	} else if (err.code != DIAG_ENOMEM && problems.n == 0) {
		abort();
	}
	diag_bundle_free(again);
	diag_bundle_free(b);
	diag_problems_clear(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_bundle *b = NULL;
	bool ok;

	if (size > 0 && data[0] == '{') {
		read_manifest((const char *)data, size);
		return 0;
	}
	ok = unpack(data, size, &b);
	if (ok) {
		must_be_whole(b);
		pack_again(b);
	}
	verify(data, size, ok);
	diag_bundle_free(b);
	return 0;
}
