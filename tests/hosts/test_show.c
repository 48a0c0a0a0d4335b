/* SPDX-License-Identifier: MIT */
/* Who answers for a name by the two rules, and whether an inventory agrees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "hosts/show.h"
#include "inventory/catalogue.h"
#include "tests/support/torture.h"

static struct diag_hosts_table make(struct diag_arena *arena, const char *text)
{
	struct diag_hosts_table t;
	struct diag_err err = { 0 };

	diag_arena_init(arena, 0);
	assert_true(diag_hosts_table_make(arena, text, strlen(text), &t, &err));
	return t;
}

/* "a.test 1=10.0.0.1w 3=10.0.0.2!": line, address, w: Windows too, =: again;
 * and behind the name a star if the rules differ. */
static void put_name(struct diag_buf *out, const struct diag_hosts_name *name)
{
	char text[DIAG_ADDR_TEXT];

	diag_buf_printf(out, "%s%s", name->name, name->differs ? "*" : "");
	for (size_t i = 0; i < name->n; i++) {
		const struct diag_hosts_answer *a = &name->answers[i];

		diag_buf_printf(out, " %u=%s%s%s", a->line,
				diag_addr_text(&a->addr, text),
				a->windows ? "w" : "", a->again ? "=" : "");
	}
	diag_buf_putc(out, '\n');
}

static void assert_shows(const char *text, const char *want)
{
	struct diag_arena arena;
	struct diag_hosts_table t = make(&arena, text);
	struct diag_buf got;
	uint32_t r = 0;

	diag_buf_init(&got, 65536);
	while ((r = diag_hosts_table_head(&t, r)) != DIAG_HOSTS_NO_ROW) {
		struct diag_hosts_name name;

		assert_true(diag_hosts_name_of(&arena, &t, r++, &name, NULL));
		put_name(&got, &name);
	}
	assert_string_equal(want, diag_buf_str(&got));
	diag_buf_clear(&got);
	diag_arena_clear(&arena);
}

static void every_name_shows_all_its_lines_and_who_wins(void **unused)
{
	(void)unused;
	assert_shows("", "");
	assert_shows("127.0.0.1 localhost\n::1 LocalHost ip6-localhost\n",
		     "localhost 1=127.0.0.1w 2=::1w\nip6-localhost 2=::1w\n");
	assert_shows("10.0.0.1 a b\n10.0.0.2 a\n10.0.0.1 a\n10.0.0.2 b\n",
		     "a* 1=10.0.0.1w 2=10.0.0.2 3=10.0.0.1=\n"
		     "b* 1=10.0.0.1w 4=10.0.0.2\n");
	assert_shows("10.0.0.1 a\n10.0.0.1 a\n", "a 1=10.0.0.1w 2=10.0.0.1=\n");
	assert_shows("fd00::1 a\n10.0.0.1 a\nfd00::2 a\n",
		     "a* 1=fd00::1w 2=10.0.0.1w 3=fd00::2\n");
}

static void windows_leaves_out_the_tenth_name(void **unused)
{
	(void)unused;
	assert_shows("10.0.0.1 a b c d e f g h i j\n10.0.0.2 j\n",
		     "a 1=10.0.0.1w\nb 1=10.0.0.1w\nc 1=10.0.0.1w\n"
		     "d 1=10.0.0.1w\ne 1=10.0.0.1w\nf 1=10.0.0.1w\n"
		     "g 1=10.0.0.1w\nh 1=10.0.0.1w\ni 1=10.0.0.1w\n"
		     "j* 1=10.0.0.1 2=10.0.0.2w\n");
}

/* --- against an inventory --------------------------------------------------
 */

static const char inventory[] =
    "{\"schema\":\"pldiag.inventory/1\",\"targets\":["
    "{\"fqdn\":\"right.test\",\"addresses\":[\"10.0.0.1\",\"10.0.0.2\"]},"
    "{\"fqdn\":\"wrong.test\",\"addresses\":[\"10.0.0.3\"]},"
    "{\"fqdn\":\"both.test\",\"addresses\":[\"10.0.0.4\"]},"
    "{\"fqdn\":\"none.test\",\"addresses\":[\"10.0.0.5\"]},"
    "{\"fqdn\":\"six.test\",\"addresses\":[\"10.0.0.6\"]},"
    "{\"fqdn\":\"unknown.test\"},"
    "{\"fqdn\":\"form1.test\",\"addresses\":[\"10.0.0.7\"],"
    "\"any_of\":\"form\"},"
    "{\"fqdn\":\"form2.test\",\"addresses\":[\"10.0.0.7\"],"
    "\"any_of\":\"form\"},"
    "{\"fqdn\":\"lost1.test\",\"addresses\":[\"10.0.0.8\"],"
    "\"any_of\":\"lost\"},"
    "{\"fqdn\":\"lost2.test\",\"addresses\":[\"10.0.0.8\"],"
    "\"any_of\":\"lost\"}]}";

static const char hosts[] = "10.0.0.2 right.test\n"
			    "10.0.0.1 right.test\n"
			    "10.9.9.9 wrong.test\n"
			    "10.0.0.4 both.test\n"
			    "10.9.9.9 both.test unknown.test\n"
			    "10.0.0.6 six.test\n"
			    "fd00::6 six.test\n"
			    "10.0.0.7 form2.test\n";

static struct diag_inventory *read_inventory(void)
{
	struct diag_inventory *inv = NULL;
	struct diag_problems problems;
	struct diag_err err = { 0 };

	diag_problems_init(&problems);
	assert_true(diag_inventory_parse(
	    "i.json", inventory, sizeof(inventory) - 1, &problems, &inv, &err));
	diag_problems_clear(&problems);
	return inv;
}

static void targets_are_right_wrong_or_missing(void **unused)
{
	static const struct {
		const char *fqdn, *state, *windows;
	} want[] = {
		{ "right.test", "right", "right" },
		{ "wrong.test", "wrong", "wrong" },
		{ "both.test", "wrong", "right" },
		{ "none.test", "missing", "missing" },
		/* an IPv6 address that nobody expects is used first */
		{ "six.test", "wrong", "wrong" },
		{ "form1.test", "other-form", "other-form" },
		{ "form2.test", "right", "right" },
		{ "lost1.test", "missing", "missing" },
		{ "lost2.test", "missing", "missing" },
	};
	const size_t n_want = sizeof(want) / sizeof(want[0]);
	struct diag_inventory *inv = read_inventory();
	const struct diag_hosts_target *got;
	struct diag_arena arena;
	struct diag_hosts_table t = make(&arena, hosts);
	size_t n = 0;

	(void)unused;
	assert_true(diag_hosts_compare(&arena, &t, inv, &got, &n, NULL));
	assert_int_equal(n_want, n);
	for (size_t i = 0; i < n_want; i++) {
		assert_string_equal(want[i].fqdn, got[i].target->fqdn);
		assert_string_equal(want[i].state,
				    diag_hosts_state_key(got[i].state));
		assert_string_equal(want[i].windows,
				    diag_hosts_state_key(got[i].windows));
	}
	assert_int_equal(DIAG_HOSTS_NO_ROW, got[3].row);
	diag_arena_clear(&arena);
	diag_inventory_free(inv);
}

static bool compare_once(void *arg)
{
	const struct diag_hosts_target *got;
	struct diag_hosts_table t;
	struct diag_arena arena;
	size_t n;
	bool ok;

	diag_arena_init(&arena, 0);
	ok = diag_hosts_table_make(&arena, hosts, strlen(hosts), &t, NULL) &&
	     diag_hosts_compare(&arena, &t, arg, &got, &n, NULL);
	diag_arena_clear(&arena);
	return ok;
}

static void without_memory_nothing_is_lost(void **unused)
{
	struct diag_inventory *inv = read_inventory();

	(void)unused;
	assert_true(torture(compare_once, inv) > 0);
	diag_inventory_free(inv);
}

static int end(void **unused)
{
	(void)unused;
	diag_cat_unload();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_shows_all_its_lines_and_who_wins),
		cmocka_unit_test(windows_leaves_out_the_tenth_name),
		cmocka_unit_test(targets_are_right_wrong_or_missing),
		cmocka_unit_test(without_memory_nothing_is_lost),
	};

	return cmocka_run_group_tests_name("hosts show", tests, NULL, end);
}
