/* SPDX-License-Identifier: MIT */
/* A line of our block stays while nobody can tell what it should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tools/pl-hosts/wanted.h"

#define HEAD "127.0.0.1 localhost\n"
#define BEGIN(block)                                                      \
	"# pldiag: begin " block " (written by pl-hosts; undo: pl-hosts " \
	"undo)\n"
#define END(block) "# pldiag: end " block "\n"

static const struct diag_addr address = { .family = DIAG_IPV4,
					  .bytes = { 10, 150, 0, 9 } };

/* What becomes of text when a.example is known and b.example is left out. */
static void becomes(const char *text, bool unknown, const char *want)
{
	const struct hosts_name name = {
		.name = "a.example", .addresses = &address, .n = 1, .why = ""
	};
	const struct hosts_left left = { .name = "b.example",
					 .why = "",
					 .unknown = unknown };
	const struct hosts_wanted wanted = { .inventory = "",
					     .block = "ws",
					     .names = &name,
					     .n_names = 1,
					     .left = &left,
					     .n_left = 1 };
	struct diag_hosts_plan plan;
	struct hosts_pinned pinned;
	struct diag_arena arena;
	struct diag_err err = { 0 };
	struct diag_buf out;

	diag_arena_init(&arena, 0);
	diag_buf_init(&out, 4096);
	assert_true(hosts_pins(&arena, &wanted, &pinned, &err));
	assert_int_equal(1, pinned.n);
	assert_true(
	    hosts_plan_pins(&pinned, &arena, text, strlen(text), &plan, &err));
	assert_int_equal(1, pinned.n);
	assert_true(
	    diag_edits_apply(&plan.edits, text, strlen(text), &out, &err));
	assert_string_equal(want, diag_buf_str(&out));
	diag_buf_clear(&out);
	diag_arena_clear(&arena);
}

static void it_stays_if_nobody_could_tell(void **unused)
{
	(void)unused;
	becomes(HEAD BEGIN("ws") "10.150.0.1 a.example\n10.150.0.2 "
				 "b.example\n10.150.0.3 b.example\n" END("ws"),
		true,
		HEAD BEGIN("ws") "10.150.0.9 a.example\n10.150.0.2 "
				 "b.example\n10.150.0.3 b.example\n" END("ws"));
}

static void it_goes_if_somebody_did(void **unused)
{
	(void)unused;
	becomes(HEAD BEGIN("ws") "10.150.0.1 a.example\n10.150.0.2 "
				 "b.example\n" END("ws"),
		false, HEAD BEGIN("ws") "10.150.0.9 a.example\n" END("ws"));
}

static void only_our_own_block_counts(void **unused)
{
	(void)unused;
	becomes(HEAD BEGIN("ws2") "10.150.0.2 b.example\n" END("ws2"), true,
		HEAD BEGIN("ws2") "10.150.0.2 b.example\n" END("ws2")
		    BEGIN("ws") "10.150.0.9 a.example\n" END("ws"));
	becomes(HEAD "10.150.0.2 b.example\n", true,
		HEAD
		"10.150.0.2 b.example\n" BEGIN("ws") "10.150.0.9 "
						     "a.example\n" END("ws"));
}

static void the_same_line_twice_is_one(void **unused)
{
	(void)unused;
	becomes(HEAD BEGIN("ws") "10.150.0.2 b.example\n10.150.0.2 "
				 "b.example\n" END("ws"),
		true,
		HEAD BEGIN("ws") "10.150.0.9 a.example\n10.150.0.2 "
				 "b.example\n" END("ws"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_stays_if_nobody_could_tell),
		cmocka_unit_test(it_goes_if_somebody_did),
		cmocka_unit_test(only_our_own_block_counts),
		cmocka_unit_test(the_same_line_twice_is_one),
	};

	return cmocka_run_group_tests_name("pl_hosts_pins", tests, NULL, NULL);
}
