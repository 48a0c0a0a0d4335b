/* SPDX-License-Identifier: MIT */
/* zone_edit - the planners of zone files and configuration files, for tests
 * that show the result to real servers.
 *
 *	zone_edit config DIALECT render|forwarders|undo FILE
 *		FILE becomes what the plan makes of it; notes go to stdout
 *	zone_edit zones N FOLDER
 *		N generated zones, as I.before and I.after
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/file.h"
#include "fix/zone/file.h"
#include "tests/support/config_try.h"
#include "tests/support/zone_text.h"

#define BYTES ((size_t)16 << 20)

static int told(const struct diag_err *err)
{
	char text[300];

	(void)fprintf(stderr, "%s\n", diag_err_text(err, text, sizeof(text)));
	return EXIT_FAILURE;
}

static int config(const char *dialect, const char *what, const char *path)
{
	const struct config_how how = {
		.dialect = dialect,
		.n = strcmp(what, "undo") == 0 ? 0 : 2,
		.forwarders = strcmp(what, "forwarders") == 0,
	};
	struct diag_err err = { .code = DIAG_OK };
	struct config_tried t;
	struct diag_buf text;
	int status = EXIT_SUCCESS;

	diag_buf_init(&text, BYTES);
	if (!diag_file_read(path, BYTES, &text, &err)) {
		diag_buf_clear(&text);
		return told(&err);
	}
	config_try(&t, &how, diag_buf_str(&text), text.len);
	if (!t.ok)
		status = told(&t.err);
	else if (!diag_file_write(path, diag_buf_str(&t.out), t.out.len, 0644,
				  &err))
		status = told(&err);
	for (size_t i = 0; i < t.plan.n_notes && t.ok; i++)
		(void)printf("%s\n", t.plan.notes[i]);
	config_tried_end(&t);
	diag_buf_clear(&text);
	return status;
}

/* Not diag_file_write(): ten thousand times to the disk take a minute. */
static bool put(const char *folder, size_t i, const char *what,
		const struct diag_buf *text, struct diag_err *err)
{
	char path[4096];
	FILE *file;
	bool ok;

	(void)snprintf(path, sizeof(path), "%s/%zu.%s", folder, i, what);
	file = fopen(path, "wb");
	ok = file != NULL &&
	     fwrite(diag_buf_str(text), 1, text->len, file) == text->len;
	if (file != NULL && fclose(file) != 0)
		ok = false;
	return ok || diag_fail_sys(err, "zone_edit", "%s", path);
}

/* named does not load a file that ends in a directive without a newline; what
 * we put behind it brings the newline, so that is no difference to look for. */
static void whole_lines(struct diag_buf *text)
{
	if (text->len > 0 && text->data[text->len - 1] != '\n')
		diag_buf_putc(text, '\n');
}

static bool zone(const char *folder, size_t i, struct diag_err *err)
{
	const struct diag_zone_rr rrs[] = {
		{ "kv.vault.azure.net", diag_addr_v4(10, 0, 0, 9), 60 },
		{ "k2.vault.azure.net", diag_addr_v4(10, 0, 0, 8), 60 },
	};
	const struct diag_zone_file_job job = { .file = "zone",
						.origin = "vault.azure.net",
						.block = "ws",
						.rrs = rrs,
						.n = 1 + i % 2 };
	struct diag_zone_file_plan plan;
	struct diag_buf before, after;
	struct diag_arena arena;
	bool ok;

	diag_arena_init(&arena, 0);
	diag_buf_init(&after, BYTES);
	zone_text(i, &before);
	ok = diag_zone_file_plan(&arena, diag_buf_str(&before), before.len,
				 &job, &plan, err) &&
	     diag_edits_apply(&plan.edits, diag_buf_str(&before), before.len,
			      &after, err);
	whole_lines(&before);
	whole_lines(&after);
	ok = ok && put(folder, i, "before", &before, err) &&
	     put(folder, i, "after", &after, err);
	diag_buf_clear(&before);
	diag_buf_clear(&after);
	diag_arena_clear(&arena);
	return ok;
}

static int zones(const char *count, const char *folder)
{
	struct diag_err err = { .code = DIAG_OK };
	uint64_t n = 0;

	if (!diag_slice_number(diag_slice_of(count), 1, 100000, &n))
		return EXIT_FAILURE;
	for (size_t i = 1; i <= n; i++)
		if (!zone(folder, i, &err))
			return told(&err);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "config") == 0 &&
	    diag_dialect_find(argv[2]) != NULL)
		return config(argv[2], argv[3], argv[4]);
	if (argc == 4 && strcmp(argv[1], "zones") == 0)
		return zones(argv[2], argv[3]);
	(void)fprintf(stderr, "zone_edit: see its first lines\n");
	return EXIT_FAILURE;
}
