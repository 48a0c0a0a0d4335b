/* SPDX-License-Identifier: MIT */
/* make.c - see make.h. */
#include "tests/bundle/make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

void make_item(struct diag_bundle *b, const char *path, const char *text)
{
	const struct diag_item item = { .path = path,
					.origin = path,
					.state = DIAG_ITEM_TAKEN,
					.sort = DIAG_ITEM_TEXT,
					.bytes = text,
					.len = strlen(text) };
	struct diag_err err = { .code = DIAG_OK };

	assert_true(diag_bundle_add(b, &item, &err));
}

static void put(struct diag_bundle *b, const struct diag_item *item)
{
	struct diag_err err = { .code = DIAG_OK };

	assert_true(diag_bundle_add(b, item, &err));
}

struct diag_bundle *make_bundle(void)
{
	static const struct diag_item items[] = {
		{ .path = "case.jsonl",
		  .origin = "pl-doctor",
		  .state = DIAG_ITEM_MASKED,
		  .reason = "3 places masked",
		  .sort = DIAG_ITEM_JSON,
		  .replaced = 3,
		  .bytes = "{\"schema\": \"pldiag.case/1\"}\n",
		  .len = 28 },
		{ .path = "report.txt",
		  .origin = "pl-doctor",
		  .state = DIAG_ITEM_TAKEN,
		  .sort = DIAG_ITEM_MADE,
		  .bytes = "Healthy\n",
		  .len = 8 },
		{ .path = "machine/resolv.conf",
		  .origin = "/etc/resolv.conf",
		  .state = DIAG_ITEM_CUT,
		  .reason = "the first 30 bytes",
		  .bytes = "nameserver 168.63.129.16\nsearc",
		  .len = 30 },
		{ .path = "machine/empty",
		  .origin = "true",
		  .state = DIAG_ITEM_TAKEN,
		  .bytes = "" },
		{ .path = "capture.pcap",
		  .origin = "pl-capture record",
		  .state = DIAG_ITEM_WITHHELD,
		  .reason = "packets are not masked",
		  .sort = DIAG_ITEM_PACKETS },
		{ .path = "machine/nmcli.txt",
		  .origin = "nmcli",
		  .state = DIAG_ITEM_MISSING,
		  .reason = "no such program" },
		{ .path = "machine/nft.txt",
		  .origin = "nft list ruleset",
		  .state = DIAG_ITEM_FAILED,
		  .reason = "Operation not permitted" },
	};
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *b = NULL;

	assert_true(diag_bundle_new(&b, &err));
	b->tool = "pl-bundle";
	b->version = "0.1.0";
	b->created_s = MAKE_CREATED;
	b->ticket = "4711";
	b->note = "since Monday";
	b->mask = "identifiers";
	b->key_id = "0123456789abcdef";
	for (size_t i = 0; i < sizeof(items) / sizeof(*items); i++)
		put(b, &items[i]);
	return b;
}

void make_archive(const struct diag_bundle *b, const char *ending,
		  struct diag_buf *out)
{
	struct diag_err err = { .code = DIAG_OK };

	if (!diag_bundle_pack(b, diag_archive_kind_of(ending), out, &err))
		fail_msg("%s", err.what);
}

size_t make_find(const struct diag_buf *in, const char *needle, size_t len)
{
	for (size_t at = 0; at + len <= in->len; at++)
		if (memcmp(in->data + at, needle, len) == 0)
			return at;
	fail_msg("not in it");
	return 0;
}
