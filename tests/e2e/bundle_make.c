/* SPDX-License-Identifier: MIT */
/* bundle_make OUT FOLDER [force] - pack what `pl-bundle show --extract` wrote.
 *
 * FOLDER holds manifest.json and the items it tells of; the manifest's sizes
 * and hashes are worked out anew.  Prints the SHA-256 of OUT.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "tools/pl-bundle/write.h"

#define PATH_BYTES 4096

static bool read_below(const char *folder, const char *path,
		       struct diag_buf *out, struct diag_err *err)
{
	char at[PATH_BYTES];

	(void)snprintf(at, sizeof(at), "%s/%s", folder, path);
	return diag_file_read(at, DIAG_BUNDLE_ITEM_BYTES, out, err);
}

static bool add(struct diag_bundle *b, const struct diag_item *listed,
		const char *folder, struct diag_err *err)
{
	struct diag_item item = *listed;
	struct diag_buf bytes;
	bool ok;

	if (!diag_item_is_in(item.state))
		return diag_bundle_add(b, &item, err);
	ok = read_below(folder, item.path, &bytes, err);
	item.bytes = diag_buf_str(&bytes);
	item.len = bytes.len;
	ok = ok && diag_bundle_add(b, &item, err);
	diag_buf_clear(&bytes);
	return ok;
}

static bool fill(struct diag_bundle *b, const struct diag_bundle *listed,
		 const char *folder, struct diag_err *err)
{
	b->tool = listed->tool;
	b->version = listed->version;
	b->created_s = listed->created_s;
	b->ticket = listed->ticket;
	b->note = listed->note;
	b->mask = listed->mask;
	b->key_id = listed->key_id;
	for (size_t i = 0; i < listed->n_items; i++)
		if (!add(b, &listed->items[i], folder, err))
			return false;
	return true;
}

static bool list(const char *folder, struct diag_bundle **listed,
		 struct diag_err *err)
{
	struct diag_problems problems;
	struct diag_buf text;
	bool ok;

	diag_problems_init(&problems);
	ok = read_below(folder, DIAG_BUNDLE_MANIFEST, &text, err) &&
	     diag_manifest_parse(DIAG_BUNDLE_MANIFEST, diag_buf_str(&text),
				 text.len, &problems, listed, err);
	diag_buf_clear(&text);
	diag_problems_clear(&problems);
	return ok;
}

int main(int argc, char **argv)
{
	struct tool_call call = { .quiet = true };
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *listed = NULL, *b = NULL;
	char sha256[DIAG_SHA256_TEXT];
	char line[400];
	bool ok;

	if (argc < 3)
		return 2;
	ok = list(argv[2], &listed, &err) && diag_bundle_new(&b, &err) &&
	     fill(b, listed, argv[2], &err) &&
	     pl_bundle_write(&call, b, argv[1],
			     argc > 3 && strcmp(argv[3], "force") == 0, sha256,
			     &err);
	diag_bundle_free(b);
	diag_bundle_free(listed);
	if (ok)
		(void)printf("%s\n", sha256);
	else
		(void)fprintf(stderr, "%s\n",
			      diag_err_text(&err, line, sizeof(line)));
	return ok ? 0 : 1;
}
