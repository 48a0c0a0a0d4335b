/* SPDX-License-Identifier: MIT */
/* The text of every scene, compared with golden/SCENE.VARIANT.txt.
 *
 * PLDIAG_GOLDEN=update writes these files instead; look at what git says of
 * them before you keep it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/report/scenes.h"

#define GOLDEN TEST_DATA "/../report/golden"

static const struct variant {
	const char *name;
	unsigned width;
	bool color, ascii;
	int verbose;
	const char *only; /* scene, NULL: all */
} variants[] = {
	{ "80", 80, false, false, 0, NULL },
	{ "120", 120, false, false, 0, NULL },
	{ "ascii", 80, false, true, 0, "zone-not-visible" },
	{ "ascii", 80, false, true, 0, "hostile" },
	{ "color", 120, true, false, 0, "zone-not-visible" },
	{ "color", 120, true, false, 0, "degraded" },
	{ "verbose", 100, false, false, 1, "zone-not-visible" },
	{ "verbose", 100, false, false, 1, "vpn-down" },
	{ "facts", 100, false, false, 2, "healthy" },
	{ "facts", 100, false, false, 2, "hostile" },
	{ "quiet", 80, false, false, -1, "zone-not-visible" },
	{ "40", 40, false, false, 0, "zone-not-visible" },
};
#define N_VARIANTS (sizeof(variants) / sizeof(variants[0]))

static void compare(const char *path, const struct diag_buf *got)
{
	struct diag_buf want;
	struct diag_err err = { 0 };

	if (getenv("PLDIAG_GOLDEN") != NULL) {
		assert_true(
		    diag_file_write(path, got->data, got->len, 0644, &err));
		return;
	}
	if (!diag_file_read(path, 1 << 20, &want, &err))
		fail_msg("%s: no such golden file", path);
	if (strcmp(diag_buf_str(&want), diag_buf_str(got)) != 0)
		fail_msg("%s differs; now it is:\n%s", path, diag_buf_str(got));
	diag_buf_clear(&want);
}

static void check(const struct scene_row *row, const struct variant *variant)
{
	struct diag_report_in in;
	struct diag_buf out;
	struct scene s;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s.%s.txt", GOLDEN, row->name,
		       variant->name);
	scene_open(&s, row);
	in = scene_report(&s);
	in.width = variant->width;
	in.color = variant->color;
	in.ascii = variant->ascii;
	in.verbose = variant->verbose;
	diag_buf_init(&out, 1 << 20);
	assert_true(diag_renderer_find("text")->render(&in, &out, NULL));
	compare(path, &out);
	diag_buf_clear(&out);
	scene_close(&s);
}

static void every_scene_looks_as_it_did(void **unused)
{
	const struct scene_row *rows;
	size_t n = scene_all(&rows);

	(void)unused;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < N_VARIANTS; k++)
			if (variants[k].only == NULL ||
			    strcmp(variants[k].only, rows[i].name) == 0)
				check(&rows[i], &variants[k]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scene_looks_as_it_did),
	};

	return cmocka_run_group_tests_name("report golden", tests, NULL, NULL);
}
