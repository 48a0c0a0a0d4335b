/* SPDX-License-Identifier: MIT */
/* Text that grows up to its ceiling; failure sticks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tests/support/torture.h"

static void pieces_come_out_in_order(void **unused)
{
	struct diag_buf buf;

	(void)unused;
	diag_buf_init(&buf, 1000);
	assert_string_equal("", diag_buf_str(&buf));
	diag_buf_puts(&buf, "a");
	diag_buf_puts(&buf, NULL);
	diag_buf_put(&buf, "bcd", 2);
	diag_buf_putc(&buf, '!');
	diag_buf_pad(&buf, '.', 3);
	diag_buf_printf(&buf, "%d", 42);
	assert_string_equal("abc!...42", diag_buf_str(&buf));
	assert_int_equal(9, buf.len);
	assert_true(diag_buf_ok(&buf, NULL, "test"));
	diag_buf_clear(&buf);
	assert_string_equal("", diag_buf_str(&buf));
}

static void exactly_the_ceiling_fits(void **unused)
{
	struct diag_buf buf;

	(void)unused;
	diag_buf_init(&buf, 5);
	diag_buf_printf(&buf, "%s", "12345");
	assert_true(diag_buf_ok(&buf, NULL, "test"));
	assert_int_equal(6, buf.cap);
	diag_buf_clear(&buf);
}

static void over_the_ceiling_nothing_more_is_put(void **unused)
{
	struct diag_buf buf;
	struct diag_err err = { 0 };

	(void)unused;
	diag_buf_init(&buf, 5);
	diag_buf_puts(&buf, "1234");
	diag_buf_puts(&buf, "56");
	diag_buf_puts(&buf, "7"); /* would fit, but a piece is missing */
	assert_string_equal("1234", diag_buf_str(&buf));
	assert_false(diag_buf_ok(&buf, &err, "test"));
	assert_int_equal(DIAG_ELIMIT, err.code);
	diag_buf_reset(&buf);
	diag_buf_puts(&buf, "again");
	assert_true(diag_buf_ok(&buf, NULL, "test"));
	assert_string_equal("again", diag_buf_str(&buf));
	diag_buf_clear(&buf);
}

static void a_huge_piece_does_not_wrap_round(void **unused)
{
	struct diag_buf buf;

	(void)unused;
	diag_buf_init(&buf, SIZE_MAX);
	diag_buf_puts(&buf, "x");
	diag_buf_put(&buf, "y", SIZE_MAX - 1);
	assert_int_equal(DIAG_ELIMIT, buf.code);
	diag_buf_clear(&buf);
}

static void growing_is_geometric(void **unused)
{
	struct diag_buf buf;

	(void)unused;
	diag_mem_fail_nth(0);
	diag_buf_init(&buf, 1 << 20);
	for (int i = 0; i < 1 << 20; i++)
		diag_buf_putc(&buf, 'x');
	assert_true(diag_buf_ok(&buf, NULL, "test"));
	assert_in_range(diag_mem_calls(), 1, 20);
	diag_buf_clear(&buf);
}

static bool fill(void *unused)
{
	struct diag_buf buf;
	struct diag_err err = { 0 };
	bool ok;

	(void)unused;
	diag_buf_init(&buf, 10000);
	for (int i = 0; i < 100; i++)
		diag_buf_printf(&buf, "%d,", i);
	ok = diag_buf_ok(&buf, &err, "test");
	assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
	diag_buf_clear(&buf);
	return ok;
}

static void any_allocation_may_fail(void **unused)
{
	(void)unused;
	assert_true(torture(fill, NULL) > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_come_out_in_order),
		cmocka_unit_test(exactly_the_ceiling_fits),
		cmocka_unit_test(over_the_ceiling_nothing_more_is_put),
		cmocka_unit_test(a_huge_piece_does_not_wrap_round),
		cmocka_unit_test(growing_is_geometric),
		cmocka_unit_test(any_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
