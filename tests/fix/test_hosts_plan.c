/* SPDX-License-Identifier: MIT */
/* What a plan makes of hosts files, each case by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fix/hosts.h"
#include "tests/support/torture.h"

#define KV  "kv.vault.azure.net"
#define SA  "sa.blob.core.windows.net"
#define BEG "# pldiag: begin ws (written by pl-hosts; undo: pl-hosts undo)\n"
#define END "# pldiag: end ws\n"
#define OFF "# pldiag: off ws: "
#define ON  " # pldiag: on ws"

/* "NAME ADDRESS[, NAME ADDRESS…]" */
static size_t pins_of(char *text, struct diag_pin *pins)
{
	size_t n = 0;

	for (char *at = text; *at != '\0'; n++) {
		char *blank = strchr(at, ' ');
		char *comma = strchr(at, ',');

		*blank = '\0';
		if (comma != NULL)
			*comma = '\0';
		pins[n].name = at;
		if (!diag_addr_parse(blank + 1, &pins[n].addr))
			fail_msg("bad pin %s", blank + 1);
		at = comma != NULL ? comma + 2 : blank + 1 + strlen(blank + 1);
	}
	return n;
}

struct planned {
	struct diag_arena arena;
	struct diag_pin pins[16];
	size_t n_pins;
	char words[1024];
	struct diag_hosts_plan plan;
	struct diag_buf out;
	struct diag_err err;
	bool ok;
};

static void plan_len(struct planned *p, const char *text, size_t len,
		     const char *pins)
{
	memset(p, 0, sizeof(*p));
	diag_arena_init(&p->arena, 0);
	diag_buf_init(&p->out, 1 << 22);
	(void)snprintf(p->words, sizeof(p->words), "%s", pins);
	p->n_pins = pins_of(p->words, p->pins);
	p->ok = diag_hosts_plan(&p->arena, text, len, "ws", p->pins, p->n_pins,
				&p->plan, &p->err) &&
		diag_edits_apply(&p->plan.edits, text, len, &p->out, &p->err);
}

static void end(struct planned *p)
{
	diag_buf_clear(&p->out);
	diag_arena_clear(&p->arena);
}

static void expect(const char *text, const char *pins, const char *want)
{
	struct planned p;

	plan_len(&p, text, strlen(text), pins);
	if (!p.ok)
		fail_msg("%s: %s", p.err.op, p.err.what);
	assert_string_equal(want, diag_buf_str(&p.out));
	end(&p);
}

static void refuse(const char *text, const char *pins, enum diag_code code,
		   const char *what)
{
	struct planned p;

	plan_len(&p, text, strlen(text), pins);
	assert_false(p.ok);
	assert_int_equal(code, p.err.code);
	if (strstr(p.err.what, what) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", what, p.err.what);
	end(&p);
}

#define CASE(name, ...)                \
	static void name(void **state) \
	{                              \
		(void)state;           \
		__VA_ARGS__;           \
	}

/* --- the block -------------------------------------------------------------
 */

CASE(a_block_is_written_at_the_end,
     expect("127.0.0.1 localhost\n", KV " 10.0.0.9",
	    "127.0.0.1 localhost\n" BEG "10.0.0.9 " KV "\n" END))
CASE(an_empty_file_becomes_the_block,
     expect("", KV " 10.0.0.9", BEG "10.0.0.9 " KV "\n" END))
CASE(pins_keep_the_order_they_came_in,
     expect("", SA " 10.0.0.8, " KV " 10.0.0.9",
	    BEG "10.0.0.8 " SA "\n10.0.0.9 " KV "\n" END))
CASE(a_name_may_have_several_addresses,
     expect("", KV " 10.0.0.9, " KV " 10.0.0.10",
	    BEG "10.0.0.9 " KV "\n10.0.0.10 " KV "\n" END))
CASE(an_ipv6_address_is_written_in_short,
     expect("", KV " fd00:0:0::9", BEG "fd00::9 " KV "\n" END))
CASE(a_block_that_is_right_stays,
     expect(BEG "10.0.0.9 " KV "\n" END "# after\n", KV " 10.0.0.9",
	    BEG "10.0.0.9 " KV "\n" END "# after\n"))
CASE(a_stale_block_is_replaced_in_place,
     expect("# before\n" BEG "10.0.0.7 " KV "\n" END "# after\n",
	    KV " 10.0.0.9",
	    "# before\n" BEG "10.0.0.9 " KV "\n" END "# after\n"))
CASE(a_name_that_is_no_longer_asked_for_leaves_the_block,
     expect(BEG "10.0.0.9 " KV "\n10.0.0.8 " SA "\n" END, KV " 10.0.0.9",
	    BEG "10.0.0.9 " KV "\n" END))
CASE(a_new_name_joins_the_block,
     expect(BEG "10.0.0.9 " KV "\n" END, KV " 10.0.0.9, " SA " 10.0.0.8",
	    BEG "10.0.0.9 " KV "\n10.0.0.8 " SA "\n" END))
CASE(without_pins_the_block_goes,
     expect("a\n" BEG "10.0.0.9 " KV "\n" END "b\n", "", "a\nb\n"))
CASE(without_pins_and_block_nothing_changes,
     expect("127.0.0.1 localhost\n", "", "127.0.0.1 localhost\n"))
CASE(a_block_of_another_inventory_stays,
     expect("# pldiag: begin w2 (x)\n10.9.9.9 other\n# pldiag: end w2\n",
	    KV " 10.0.0.9",
	    "# pldiag: begin w2 (x)\n10.9.9.9 other\n# pldiag: end w2\n" BEG
	    "10.0.0.9 " KV "\n" END))
CASE(another_inventory_that_agrees_is_enough,
     expect("# pldiag: begin w2 (x)\n10.0.0.9 " KV "\n# pldiag: end w2\n",
	    KV " 10.0.0.9",
	    "# pldiag: begin w2 (x)\n10.0.0.9 " KV "\n# pldiag: end w2\n"))
CASE(another_inventory_that_disagrees_is_told,
     refuse("# pldiag: begin w2 (x)\n10.0.0.7 " KV "\n# pldiag: end w2\n",
	    KV " 10.0.0.9", DIAG_EUSAGE, "line 2: block w2 gives " KV))
CASE(a_begin_mark_edited_by_hand_is_written_anew,
     expect("# pldiag: begin ws\n10.0.0.9 " KV "\n" END, KV " 10.0.0.9",
	    BEG "10.0.0.9 " KV "\n" END))

/* --- lines of others -------------------------------------------------------
 */

CASE(a_line_that_is_right_needs_no_block,
     expect("10.0.0.9 " KV "\n", KV " 10.0.0.9", "10.0.0.9 " KV "\n"))
CASE(only_what_is_missing_goes_into_the_block,
     expect("10.0.0.9 " KV "\n", KV " 10.0.0.9, " SA " 10.0.0.8",
	    "10.0.0.9 " KV "\n" BEG "10.0.0.8 " SA "\n" END))
CASE(a_wrong_line_is_put_out,
     expect("10.0.0.7 " KV "\n", KV " 10.0.0.9",
	    OFF "10.0.0.7 " KV "\n" BEG "10.0.0.9 " KV "\n" END))
CASE(other_names_of_a_wrong_line_go_on,
     expect("10.0.0.7  printer " KV "\tfax # office\n", KV " 10.0.0.9",
	    OFF "10.0.0.7  printer " KV "\tfax # office\n"
		"10.0.0.7 printer fax" ON "\n" BEG "10.0.0.9 " KV "\n" END))
CASE(a_right_name_on_a_wrong_line_goes_on,
     expect("10.0.0.9 " KV " " SA "\n", KV " 10.0.0.9, " SA " 10.0.0.8",
	    OFF "10.0.0.9 " KV " " SA "\n10.0.0.9 " KV ON "\n" BEG
		"10.0.0.8 " SA "\n" END))
CASE(a_wrong_line_comes_back,
     expect(OFF "10.0.0.7 " KV "\n" BEG "10.0.0.9 " KV "\n" END, "",
	    "10.0.0.7 " KV "\n"))
CASE(a_wrong_line_with_other_names_comes_back,
     expect("x\n" OFF "10.0.0.7 a " KV " # c\n10.0.0.7 a" ON "\ny\n", "",
	    "x\n10.0.0.7 a " KV " # c\ny\n"))
CASE(a_line_that_was_put_out_for_a_name_no_longer_asked_for_comes_back,
     expect(OFF "10.0.0.7 " KV "\n" BEG "10.0.0.9 " KV "\n" END, SA " 10.0.0.8",
	    "10.0.0.7 " KV "\n" BEG "10.0.0.8 " SA "\n" END))
CASE(a_line_that_another_block_put_out_is_its_own_affair,
     expect("# pldiag: off w2: 10.0.0.7 " KV "\n", "",
	    "# pldiag: off w2: 10.0.0.7 " KV "\n"))
CASE(the_address_that_was_put_out_may_be_right_now,
     expect(OFF "10.0.0.7 " KV "\n" BEG "10.0.0.9 " KV "\n" END, KV " 10.0.0.7",
	    "10.0.0.7 " KV "\n"))
CASE(an_ipv6_line_would_defeat_an_ipv4_pin,
     expect("fd00::9 " KV "\n", KV " 10.0.0.9",
	    OFF "fd00::9 " KV "\n" BEG "10.0.0.9 " KV "\n" END))
CASE(case_does_not_matter_in_names,
     expect("10.0.0.7 KV.Vault.Azure.NET\n", KV " 10.0.0.9",
	    OFF "10.0.0.7 KV.Vault.Azure.NET\n" BEG "10.0.0.9 " KV "\n" END))
CASE(a_name_with_a_final_dot_is_another_name,
     expect("10.0.0.7 " KV ".\n", KV " 10.0.0.9",
	    "10.0.0.7 " KV ".\n" BEG "10.0.0.9 " KV "\n" END))
CASE(a_longer_name_is_another_name,
     expect("10.0.0.7 x" KV " " KV ".corp\n", KV " 10.0.0.9",
	    "10.0.0.7 x" KV " " KV ".corp\n" BEG "10.0.0.9 " KV "\n" END))
CASE(a_name_in_a_comment_is_no_entry,
     expect("10.0.0.7 a # " KV "\n# 10.0.0.7 " KV "\n", KV " 10.0.0.9",
	    "10.0.0.7 a # " KV "\n# 10.0.0.7 " KV "\n" BEG "10.0.0.9 " KV
	    "\n" END))
CASE(a_line_without_an_address_is_no_entry,
     expect("10.0.0.700 " KV "\n", KV " 10.0.0.9",
	    "10.0.0.700 " KV "\n" BEG "10.0.0.9 " KV "\n" END))
CASE(an_address_with_a_zone_is_no_entry,
     expect("fe80::1%lo0 " KV "\n", KV " 10.0.0.9",
	    "fe80::1%lo0 " KV "\n" BEG "10.0.0.9 " KV "\n" END))
CASE(the_first_line_behind_a_byte_order_mark_is_no_entry,
     expect("\xef\xbb\xbf"
	    "10.0.0.7 " KV "\n",
	    KV " 10.0.0.9",
	    "\xef\xbb\xbf"
	    "10.0.0.7 " KV "\n" BEG "10.0.0.9 " KV "\n" END))
CASE(a_wrong_line_behind_the_block_is_put_out_too,
     expect(BEG "10.0.0.9 " KV "\n" END "10.0.0.7 " KV "\n", KV " 10.0.0.9",
	    BEG "10.0.0.9 " KV "\n" END OFF "10.0.0.7 " KV "\n"))
CASE(a_name_twice_on_its_line_is_put_out_once,
     expect("10.0.0.7 " KV " " KV " a\n", KV " 10.0.0.9",
	    OFF "10.0.0.7 " KV " " KV " a\n10.0.0.7 a" ON "\n" BEG
		"10.0.0.9 " KV "\n" END))

/* --- endings ---------------------------------------------------------------
 */

CASE(a_missing_final_newline_stays_missing,
     expect("127.0.0.1 a", KV " 10.0.0.9",
	    "127.0.0.1 a\n" BEG "10.0.0.9 " KV "\n# pldiag: end ws"))
CASE(it_is_still_missing_when_the_block_goes,
     expect("127.0.0.1 a\n" BEG "10.0.0.9 " KV "\n# pldiag: end ws", "",
	    "127.0.0.1 a"))
CASE(windows_endings_make_windows_lines,
     expect("127.0.0.1 a\r\n", KV " 10.0.0.9",
	    "127.0.0.1 a\r\n# pldiag: begin ws (written by pl-hosts; undo: "
	    "pl-hosts undo)\r\n10.0.0.9 " KV "\r\n# pldiag: end ws\r\n"))
CASE(a_wrong_line_keeps_its_own_ending,
     expect("# a\n# b\n10.0.0.7 " KV " x\r\n", KV " 10.0.0.9",
	    "# a\n# b\n" OFF "10.0.0.7 " KV " x\r\n10.0.0.7 x" ON "\r\n" BEG
	    "10.0.0.9 " KV "\n" END))
CASE(mixed_endings_follow_the_majority,
     expect("a\r\nb\r\nc\n", KV " 10.0.0.9",
	    "a\r\nb\r\nc\n# pldiag: begin ws (written by pl-hosts; undo: "
	    "pl-hosts undo)\r\n10.0.0.9 " KV "\r\n# pldiag: end ws\r\n"))

/* --- what cannot be planned ------------------------------------------------
 */

CASE(a_block_that_begins_twice_is_told,
     refuse(BEG END BEG END, KV " 10.0.0.9", DIAG_EPARSE, "line 3"))
CASE(a_block_without_an_end_is_told,
     refuse("a\n" BEG "10.0.0.9 " KV "\n", KV " 10.0.0.9", DIAG_EPARSE,
	    "line 2: a block begins here and has no end"))
CASE(an_end_without_a_begin_is_told,
     refuse("a\n" END, KV " 10.0.0.9", DIAG_EPARSE, "line 2"))
CASE(a_block_inside_of_a_block_is_told,
     refuse(BEG "# pldiag: begin w2\n", KV " 10.0.0.9", DIAG_EPARSE, "line 2"))
CASE(utf16_is_told, refuse("\xff\xfe"
			   "1",
			   KV " 10.0.0.9", DIAG_EPARSE, "UTF-16"))
CASE(the_same_pair_twice_is_told,
     refuse("", KV " 10.0.0.9, " KV " 10.0.0.9", DIAG_EUSAGE, "twice"))
CASE(a_wildcard_is_no_name_for_a_hosts_line,
     refuse("", "*.vault.azure.net 10.0.0.9", DIAG_EUSAGE, "*.vault"))
CASE(a_name_that_is_not_normal_is_told,
     refuse("", "KV.vault.azure.net 10.0.0.9", DIAG_EUSAGE, "KV.vault"))
CASE(an_address_with_a_zone_is_no_pin,
     refuse("", KV " fe80::1%eth0", DIAG_EUSAGE, KV))

static void a_block_name_must_be_plain(void **state)
{
	static const char *const bad[] = { "", "a b", "a\nb", "ä", "a:b" };
	struct diag_hosts_plan plan;
	struct diag_arena arena;

	(void)state;
	diag_arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct diag_err err = { .code = DIAG_OK };

		assert_false(diag_hosts_plan(&arena, "", 0, bad[i], NULL, 0,
					     &plan, &err));
		assert_int_equal(DIAG_EUSAGE, err.code);
	}
	diag_arena_clear(&arena);
}

static void a_nul_ends_what_counts_of_a_line(void **state)
{
	static const char text[] = "10.0.0.7 a\0 " KV "\n10.0.0.7 " KV "\0x\n";
	static const char want[] = "10.0.0.7 a\0 " KV "\n" OFF "10.0.0.7 " KV
				   "\0x\n" BEG "10.0.0.9 " KV "\n" END;
	struct planned p;

	(void)state;
	plan_len(&p, text, sizeof(text) - 1, KV " 10.0.0.9");
	assert_true(p.ok);
	assert_int_equal(sizeof(want) - 1, p.out.len);
	assert_memory_equal(want, p.out.data, p.out.len);
	end(&p);
}

static void states_say_what_the_file_said(void **state)
{
	struct planned p;

	(void)state;
	plan_len(&p, "10.0.0.9 " KV "\n10.0.0.7 " SA "\n",
		 strlen("10.0.0.9 " KV "\n10.0.0.7 " SA "\n"),
		 KV " 10.0.0.9, " SA " 10.0.0.8, new.azurecr.io 10.0.0.1");
	assert_int_equal(DIAG_PIN_RIGHT, p.plan.states[0]);
	assert_int_equal(DIAG_PIN_WRONG, p.plan.states[1]);
	assert_int_equal(DIAG_PIN_MISSING, p.plan.states[2]);
	end(&p);
}

static void lines_that_were_put_out_are_no_longer_wrong(void **state)
{
	static const char text[] =
	    OFF "10.0.0.7 " KV "\n" BEG "10.0.0.9 " KV "\n" END;
	struct planned p;

	(void)state;
	plan_len(&p, text, strlen(text), KV " 10.0.0.9");
	assert_int_equal(DIAG_PIN_RIGHT, p.plan.states[0]);
	assert_int_equal(0, p.plan.edits.n);
	assert_true(p.plan.block_there);
	end(&p);
}

static void changed_lines_of_others_are_counted(void **state)
{
	static const char text[] = "127.0.0.1 localhost\n# c\n10.0.0.7 " KV
				   "\n10.0.0.7 " SA "\n::1 localhost\n";
	struct planned p;

	(void)state;
	plan_len(&p, text, strlen(text), KV " 10.0.0.9, " SA " 10.0.0.8");
	assert_int_equal(4, p.plan.foreign_lines);
	assert_int_equal(2, p.plan.foreign_changed);
	assert_false(p.plan.block_there);
	for (size_t i = 0; i + 1 < p.plan.edits.n; i++)
		assert_true(p.plan.edits.items[i].foreign);
	assert_false(p.plan.edits.items[p.plan.edits.n - 1].foreign);
	end(&p);
}

static void our_own_lines_are_nobody_elses(void **state)
{
	static const char text[] =
	    "::1 localhost\n" BEG "10.0.0.9 " KV "\n" END;
	struct planned p;

	(void)state;
	plan_len(&p, text, strlen(text), KV " 10.0.0.8");
	assert_int_equal(1, p.plan.foreign_lines);
	assert_int_equal(0, p.plan.foreign_changed);
	end(&p);
}

static void too_many_pins_are_told(void **state)
{
	static struct diag_pin pins[DIAG_HOSTS_PINS_MAX + 1];
	struct diag_err err = { .code = DIAG_OK };
	struct diag_hosts_plan plan;
	struct diag_arena arena;

	(void)state;
	diag_arena_init(&arena, 0);
	assert_false(diag_hosts_plan(&arena, "", 0, "ws", pins,
				     DIAG_HOSTS_PINS_MAX + 1, &plan, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	diag_arena_clear(&arena);
}

static void a_line_of_a_megabyte_is_a_line(void **state)
{
	struct diag_buf text;
	struct planned p;

	(void)state;
	diag_buf_init(&text, 4 << 20);
	diag_buf_puts(&text, "10.0.0.7 ");
	for (int i = 0; i < 100000; i++)
		diag_buf_puts(&text, "host.lan ");
	diag_buf_puts(&text, KV "\n");
	plan_len(&p, text.data, text.len, KV " 10.0.0.9");
	assert_true(p.ok);
	assert_int_equal(1, p.plan.foreign_changed);
	assert_true(p.out.len > 2 * text.len - 100); /* both lines are there */
	diag_buf_clear(&text);
	end(&p);
}

static bool once(void *arg)
{
	struct planned p;
	bool ok;

	plan_len(&p, arg, strlen(arg), KV " 10.0.0.9, " SA " 10.0.0.8");
	ok = p.ok;
	end(&p);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	static char text[] = "10.0.0.7 a " KV "\n::1 " SA "\n";

	(void)state;
	assert_true(torture(once, text) > 3);
}

int main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(a_block_is_written_at_the_end),
		T(an_empty_file_becomes_the_block),
		T(pins_keep_the_order_they_came_in),
		T(a_name_may_have_several_addresses),
		T(an_ipv6_address_is_written_in_short),
		T(a_block_that_is_right_stays),
		T(a_stale_block_is_replaced_in_place),
		T(a_name_that_is_no_longer_asked_for_leaves_the_block),
		T(a_new_name_joins_the_block),
		T(without_pins_the_block_goes),
		T(without_pins_and_block_nothing_changes),
		T(a_block_of_another_inventory_stays),
		T(another_inventory_that_agrees_is_enough),
		T(another_inventory_that_disagrees_is_told),
		T(a_begin_mark_edited_by_hand_is_written_anew),
		T(a_line_that_is_right_needs_no_block),
		T(only_what_is_missing_goes_into_the_block),
		T(a_wrong_line_is_put_out),
		T(other_names_of_a_wrong_line_go_on),
		T(a_right_name_on_a_wrong_line_goes_on),
		T(a_wrong_line_comes_back),
		T(a_wrong_line_with_other_names_comes_back),
		T(a_line_that_was_put_out_for_a_name_no_longer_asked_for_comes_back),
		T(a_line_that_another_block_put_out_is_its_own_affair),
		T(the_address_that_was_put_out_may_be_right_now),
		T(an_ipv6_line_would_defeat_an_ipv4_pin),
		T(case_does_not_matter_in_names),
		T(a_name_with_a_final_dot_is_another_name),
		T(a_longer_name_is_another_name),
		T(a_name_in_a_comment_is_no_entry),
		T(a_line_without_an_address_is_no_entry),
		T(an_address_with_a_zone_is_no_entry),
		T(the_first_line_behind_a_byte_order_mark_is_no_entry),
		T(a_wrong_line_behind_the_block_is_put_out_too),
		T(a_name_twice_on_its_line_is_put_out_once),
		T(a_missing_final_newline_stays_missing),
		T(it_is_still_missing_when_the_block_goes),
		T(windows_endings_make_windows_lines),
		T(a_wrong_line_keeps_its_own_ending),
		T(mixed_endings_follow_the_majority),
		T(a_block_that_begins_twice_is_told),
		T(a_block_without_an_end_is_told),
		T(an_end_without_a_begin_is_told),
		T(a_block_inside_of_a_block_is_told),
		T(utf16_is_told),
		T(the_same_pair_twice_is_told),
		T(a_wildcard_is_no_name_for_a_hosts_line),
		T(a_name_that_is_not_normal_is_told),
		T(an_address_with_a_zone_is_no_pin),
		T(a_block_name_must_be_plain),
		T(a_nul_ends_what_counts_of_a_line),
		T(states_say_what_the_file_said),
		T(lines_that_were_put_out_are_no_longer_wrong),
		T(changed_lines_of_others_are_counted),
		T(our_own_lines_are_nobody_elses),
		T(too_many_pins_are_told),
		T(a_line_of_a_megabyte_is_a_line),
		T(memory_may_be_missing_at_any_point),
	};

	return cmocka_run_group_tests_name("hosts_plan", tests, NULL, NULL);
}
