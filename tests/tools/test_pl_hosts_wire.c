/* SPDX-License-Identifier: MIT */
/* What a child hands back comes over whole, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tools/pl-hosts/wire.h"

static struct diag_arena arena;
static struct diag_buf bytes;

static int set_up(void **unused)
{
	(void)unused;
	diag_arena_init(&arena, 0);
	diag_buf_init(&bytes, 1 << 20);
	return 0;
}

static int tear_down(void **unused)
{
	(void)unused;
	diag_arena_clear(&arena);
	diag_buf_clear(&bytes);
	return 0;
}

static const struct diag_addr addresses[] = {
	{ .family = DIAG_IPV4, .bytes = { 10, 150, 0, 9 } },
	{ .family = DIAG_IPV6, .bytes = { 0xfd, 0, 0, 1 } },
};
static const struct hosts_name names[] = {
	{ .name = "a.example",
	  .service = DIAG_SVC_KEY_VAULT,
	  .addresses = addresses,
	  .n = 2,
	  .why = "said",
	  .warning = "strange" },
	{ .name = "b.example", .addresses = addresses, .n = 1, .why = "" },
};
static const struct hosts_left left[] = {
	{ .name = "c.example", .why = "unknown", .needless = true },
	{ .name = "d.example", .why = "late", .unknown = true },
};
static const struct hosts_wanted wanted = {
	.inventory = "",
	.block = "ws",
	.names = names,
	.n_names = 2,
	.left = left,
	.n_left = 2,
};

static const struct diag_edit edits[] = {
	{ .at = 3, .len = 0, .put = "x\0y", .put_len = 3 },
	{ .at = (size_t)1 << 33, .len = 9, .put = "", .foreign = true },
};
static const enum diag_pin_state states[] = { DIAG_PIN_WRONG,
					      DIAG_PIN_MISSING };
static const struct diag_hosts_plan plan = {
	.edits = { edits, 2 },
	.states = states,
	.foreign_lines = (size_t)1 << 40,
	.foreign_changed = 7,
	.block_there = true,
};

static void what_is_wanted_comes_over(void **unused)
{
	struct diag_err err = { 0 };
	struct hosts_wanted got;
	struct wire w;

	(void)unused;
	wire_put_wanted(&bytes, &wanted);
	w = wire_of(&arena, bytes.data, bytes.len);
	wire_wanted(&w, &got);
	assert_true(wire_ok(&w, &err));
	assert_string_equal("", got.inventory);
	assert_string_equal("ws", got.block);
	assert_int_equal(2, got.n_names);
	assert_string_equal("a.example", got.names[0].name);
	assert_int_equal(DIAG_SVC_KEY_VAULT, got.names[0].service);
	assert_int_equal(2, got.names[0].n);
	assert_true(diag_addr_eq(&addresses[0], &got.names[0].addresses[0]));
	assert_true(diag_addr_eq(&addresses[1], &got.names[0].addresses[1]));
	assert_string_equal("said", got.names[0].why);
	assert_string_equal("strange", got.names[0].warning);
	assert_null(got.names[1].warning);
	assert_int_equal(2, got.n_left);
	assert_string_equal("c.example", got.left[0].name);
	assert_string_equal("unknown", got.left[0].why);
	assert_true(got.left[0].needless);
	assert_false(got.left[0].unknown);
	assert_true(got.left[1].unknown);
	assert_false(got.left[1].needless);
}

static void a_plan_comes_over(void **unused)
{
	struct diag_err err = { 0 };
	struct diag_hosts_plan got;
	struct wire w;

	(void)unused;
	wire_put_plan(&bytes, &plan, 2);
	w = wire_of(&arena, bytes.data, bytes.len);
	wire_plan(&w, 2, &got);
	assert_true(wire_ok(&w, &err));
	assert_int_equal(2, got.edits.n);
	assert_int_equal(3, got.edits.items[0].put_len);
	assert_memory_equal("x\0y", got.edits.items[0].put, 3);
	assert_int_equal((size_t)1 << 33, got.edits.items[1].at);
	assert_int_equal(9, got.edits.items[1].len);
	assert_true(got.edits.items[1].foreign);
	assert_int_equal(DIAG_PIN_WRONG, got.states[0]);
	assert_int_equal(DIAG_PIN_MISSING, got.states[1]);
	assert_int_equal((size_t)1 << 40, got.foreign_lines);
	assert_int_equal(7, got.foreign_changed);
	assert_true(got.block_there);
}

static void what_is_cut_anywhere_is_refused(void **unused)
{
	struct diag_err err = { 0 };

	(void)unused;
	wire_put_wanted(&bytes, &wanted);
	for (size_t len = 0; len < bytes.len; len++) {
		struct wire w = wire_of(&arena, bytes.data, len);
		struct hosts_wanted got;

		wire_wanted(&w, &got);
		assert_false(wire_ok(&w, NULL));
	}
	diag_buf_reset(&bytes);
	wire_put_plan(&bytes, &plan, 2);
	for (size_t len = 0; len < bytes.len; len++) {
		struct wire w = wire_of(&arena, bytes.data, len);
		struct diag_hosts_plan got;

		wire_plan(&w, 2, &got);
		assert_false(wire_ok(&w, &err));
	}
	assert_int_equal(DIAG_EIO, err.code);
}

static void states_of_other_pins_and_words_unknown_are_refused(void **unused)
{
	struct diag_hosts_plan got;
	struct wire w;

	(void)unused;
	wire_put_plan(&bytes, &plan, 2);
	w = wire_of(&arena, bytes.data, bytes.len);
	wire_plan(&w, 1, &got);
	assert_false(wire_ok(&w, NULL));
	diag_buf_putc(&bytes, '\0');
	w = wire_of(&arena, bytes.data, bytes.len);
	wire_plan(&w, 2, &got);
	assert_false(wire_ok(&w, NULL));
}

static void a_count_beyond_the_bytes_asks_for_no_memory(void **unused)
{
	static const unsigned char huge[] = { 0xff, 0xff, 0xff, 0xf0, 0, 0 };
	struct wire w = wire_of(&arena, huge, sizeof(huge));

	(void)unused;
	assert_int_equal(0, wire_count(&w, 4));
	assert_true(w.bad);
	assert_int_equal(0, arena.used);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(what_is_wanted_comes_over),
		CASE(a_plan_comes_over),
		CASE(what_is_cut_anywhere_is_refused),
		CASE(states_of_other_pins_and_words_unknown_are_refused),
		CASE(a_count_beyond_the_bytes_asks_for_no_memory),
	};

	return cmocka_run_group_tests_name("pl_hosts_wire", tests, NULL, NULL);
}
