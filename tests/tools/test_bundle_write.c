/* SPDX-License-Identifier: MIT */
/* When a bundle is made, what may hold it, and what can be read as one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/time.h"
#include "tools/pl-bundle/read.h"
#include "tools/pl-bundle/write.h"

static const struct tool tool = { .name = "pl-bundle" };
static struct tool_call call = { .tool = &tool, .quiet = true };

static void the_second_can_be_told(void **unused)
{
	static const char *const bad[] = { "x", "-1", "1.5", " 1",
					   "253402300800" };
	struct diag_err err = { .code = DIAG_OK };
	int64_t s = 0;
	int64_t now = diag_time_now_s();

	(void)unused;
	assert_int_equal(0, unsetenv("SOURCE_DATE_EPOCH"));
	assert_true(pl_bundle_created(&s, &err));
	assert_true(s >= now);
	assert_int_equal(0, setenv("SOURCE_DATE_EPOCH", "1795000000", 1));
	assert_true(pl_bundle_created(&s, &err));
	assert_int_equal(1795000000, s);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err.code = DIAG_OK;
		assert_int_equal(0, setenv("SOURCE_DATE_EPOCH", bad[i], 1));
		assert_false(pl_bundle_created(&s, &err));
		assert_int_equal(DIAG_EUSAGE, err.code);
	}
	assert_int_equal(0, unsetenv("SOURCE_DATE_EPOCH"));
}

static void put(const char *path, const char *text)
{
	struct diag_err err = { .code = DIAG_OK };

	assert_true(diag_file_write(path, text, strlen(text), 0600, &err));
}

static struct diag_bundle *made(void)
{
	const struct diag_item item = { .path = "a", .bytes = "x", .len = 1 };
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *b = NULL;

	assert_true(diag_bundle_new(&b, &err));
	assert_true(diag_bundle_add(b, &item, &err));
	return b;
}

static enum diag_code written(const char *path, bool force, char *sha256)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *b = made();
	bool can = pl_bundle_can_write(path, force, NULL);
	bool ok = pl_bundle_write(&call, b, path, force, sha256, &err);

	assert_true(ok == (err.code == DIAG_OK));
	assert_true(can || !ok);
	diag_bundle_free(b);
	return err.code;
}

static void what_is_written_is_read(void **unused)
{
	char folder[] = "/tmp/pldiag-bundle-XXXXXX";
	char path[100], sha256[DIAG_SHA256_TEXT], read[DIAG_SHA256_TEXT];
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *b = NULL;

	(void)unused;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/b.tar.zst", folder);
	assert_int_equal(DIAG_OK, written(path, false, sha256));
	assert_int_equal(DIAG_EUSAGE, written(path, false, sha256));
	assert_int_equal(DIAG_OK, written(path, true, sha256));
	assert_true(pl_bundle_read_sum(&call, path, &b, read, &err));
	assert_string_equal(sha256, read);
	assert_string_equal("a", b->items[0].path);
	assert_string_equal("x", b->items[0].bytes);
	diag_bundle_free(b);
	assert_int_equal(0, unlink(path));
	assert_int_equal(DIAG_EUSAGE, written("/tmp/b.tar", false, sha256));
	assert_int_equal(DIAG_EIO, written("/tmp/none/b.zip", false, sha256));
	assert_int_equal(0, rmdir(folder));
}

static void a_bare_case_is_a_bundle_of_one_item(void **unused)
{
	static const char text[] = " \n{\"schema\": \"pldiag.case/1\"}\n";
	char path[] = "/tmp/pldiag-case-XXXXXX";
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *b = NULL;

	(void)unused;
	assert_int_equal(0, close(mkstemp(path)));
	put(path, text);
	assert_true(pl_bundle_read(&call, path, &b, &err));
	assert_int_equal(1, b->n_items);
	assert_string_equal(DIAG_BUNDLE_CASE, b->items[0].path);
	assert_string_equal(path, b->items[0].origin);
	assert_string_equal(text, b->items[0].bytes);
	diag_bundle_free(b);
	assert_int_equal(0, unlink(path));
}

static void what_is_none_is_an_error_that_names_the_file(void **unused)
{
	static const char *const texts[] = { "", "x", "[1]", "PK\3\4",
					     "\x28\xb5\x2f\xfd" };
	char path[] = "/tmp/pldiag-none-XXXXXX";

	(void)unused;
	assert_int_equal(0, close(mkstemp(path)));
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct diag_err err = { .code = DIAG_OK };
		struct diag_bundle *b = NULL;

		put(path, texts[i]);
		assert_false(pl_bundle_read(&call, path, &b, &err));
		assert_int_equal(DIAG_EPARSE, err.code);
		assert_non_null(strstr(err.what, path));
		assert_null(b);
	}
	assert_int_equal(0, unlink(path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_second_can_be_told),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_bare_case_is_a_bundle_of_one_item),
		cmocka_unit_test(what_is_none_is_an_error_that_names_the_file),
	};

	return cmocka_run_group_tests_name("bundle_write", tests, NULL, NULL);
}
