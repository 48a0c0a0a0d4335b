/* SPDX-License-Identifier: MIT */
/* What a person is shown of a difference, and when addresses are the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tools/pl-hosts/talk.h"
#include "tools/pl-hosts/verify.h"

static void shown(const char *diff, size_t len, const char *want)
{
	struct diag_buf out;

	diag_buf_init(&out, 4096);
	diff_safe(&out, diff, len);
	assert_string_equal(want, diag_buf_str(&out));
	diag_buf_clear(&out);
}

#define SHOWN(diff, want) shown(diff, sizeof(diff) - 1, want)

static void plain_lines_are_shown_as_they_are(void **unused)
{
	(void)unused;
	SHOWN("", "");
	SHOWN("+10.0.0.1\ta b\n-x\n", "+10.0.0.1\ta b\n-x\n");
	SHOWN("\t\t\n\n", "\t\t\n\n");
	SHOWN("no end", "no end\n");
	SHOWN("+caf\xc3\xa9\n", "+caf\xc3\xa9\n");
}

static void what_steers_a_terminal_is_not(void **unused)
{
	(void)unused;
	SHOWN("+\x1b[2J\n", "+\\x1b[2J\n");
	SHOWN("+a\r\n", "+a\\x0d\n");
	SHOWN("+a\0b\n-c\n", "+a\\x00b\n-c\n");
	SHOWN("+\xff\xfe\n", "+\\xff\\xfe\n");
	SHOWN("+\xe2\x80\xae\n", "+\\u{202E}\n");
}

static struct diag_addr v4(uint8_t last)
{
	return diag_addr_v4(10, 150, 0, last);
}

static void the_order_of_addresses_does_not_matter(void **unused)
{
	const struct diag_addr a[] = { v4(1), v4(2), v4(3) };
	const struct diag_addr b[] = { v4(3), v4(1), v4(2) };
	const struct diag_addr c[] = { v4(3), v4(1), v4(4) };

	(void)unused;
	assert_true(hosts_same_addresses(a, 3, b, 3));
	assert_true(hosts_same_addresses(a, 0, b, 0));
	assert_false(hosts_same_addresses(a, 3, c, 3));
	assert_false(hosts_same_addresses(a, 3, b, 2));
	assert_false(hosts_same_addresses(a, 0, b, 1));
	assert_false(hosts_same_addresses(a, 1, b, 0));
}

static void every_outcome_has_a_key(void **unused)
{
	(void)unused;
	for (int i = 0; i <= CHANGE_ROLLED_BACK; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
			    change_outcome_key((enum change_outcome)i),
			    change_outcome_key((enum change_outcome)k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_lines_are_shown_as_they_are),
		cmocka_unit_test(what_steers_a_terminal_is_not),
		cmocka_unit_test(the_order_of_addresses_does_not_matter),
		cmocka_unit_test(every_outcome_has_a_key),
	};

	return cmocka_run_group_tests_name("pl_hosts_talk", tests, NULL, NULL);
}
