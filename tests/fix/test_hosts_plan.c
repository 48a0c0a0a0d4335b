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

#define KV   "kv.vault.azure.net"
#define SA   "sa.blob.core.windows.net"
#define BEG  "# pldiag: begin ws (written by pl-hosts; undo: pl-hosts undo)\n"
#define END  "# pldiag: end ws\n"
#define NONL " (the line above had no newline)"
#define BARE                                                                 \
	"# pldiag: begin ws (written by pl-hosts; undo: pl-hosts undo)" NONL \
	"\n"
#define W2BEG "# pldiag: begin w2 (x)\n"
#define W2END "# pldiag: end w2\n"
#define W2OFF "# pldiag: off w2: "
#define W2ON  " # pldiag: rest of the line above, for w2"
#define OFF   "# pldiag: off ws: "
#define ON    " # pldiag: rest of the line above, for ws"

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
CASE(another_inventory_that_agrees_may_go_and_we_do_not_go_with_it,
     expect("# pldiag: begin w2 (x)\n10.0.0.9 " KV "\n# pldiag: end w2\n",
	    KV " 10.0.0.9",
	    "# pldiag: begin w2 (x)\n10.0.0.9 " KV "\n# pldiag: end w2\n" BEG
	    "10.0.0.9 " KV "\n" END))
CASE(another_inventory_that_disagrees_is_told,
     refuse("# pldiag: begin w2 (x)\n10.0.0.7 " KV "\n# pldiag: end w2\n",
	    KV " 10.0.0.9", DIAG_EUSAGE, "line 2: block w2 gives " KV))
CASE(marks_edited_by_hand_are_still_marks,
     expect(" #  pldiag:  begin  ws\n10.0.0.9\t" KV "\n#pldiag: end ws x\n",
	    KV " 10.0.0.9",
	    " #  pldiag:  begin  ws\n10.0.0.9\t" KV "\n#pldiag: end ws x\n"))
CASE(marks_edited_by_hand_stay_when_the_block_is_replaced,
     expect("# pldiag: begin ws mine\n10.0.0.7 " KV "\n# pldiag: end ws x\n",
	    KV " 10.0.0.9",
	    "# pldiag: begin ws mine\n10.0.0.9 " KV "\n# pldiag: end ws x\n"))

/* --- lines of others -------------------------------------------------------
 */

CASE(a_line_that_is_right_needs_no_block,
     expect("10.0.0.9 " KV "\n", KV " 10.0.0.9", "10.0.0.9 " KV "\n"))
CASE(a_block_holds_all_pins_whoever_else_says_some_of_them,
     expect("10.0.0.9 " KV "\n", KV " 10.0.0.9, " SA " 10.0.0.8",
	    "10.0.0.9 " KV "\n" BEG "10.0.0.9 " KV "\n10.0.0.8 " SA "\n" END))
CASE(a_wrong_line_is_put_out,
     expect("10.0.0.7 " KV "\n", KV " 10.0.0.9",
	    OFF "10.0.0.7 " KV "\n" BEG "10.0.0.9 " KV "\n" END))
CASE(other_names_of_a_wrong_line_go_on,
     expect("10.0.0.7  printer " KV "\tfax # office\n", KV " 10.0.0.9",
	    OFF "10.0.0.7  printer " KV "\tfax # office\n"
		"10.0.0.7 printer fax" ON "\n" BEG "10.0.0.9 " KV "\n" END))
CASE(a_right_name_on_a_wrong_line_goes_on_in_the_block,
     expect("10.0.0.9 " KV " " SA "\n", KV " 10.0.0.9, " SA " 10.0.0.8",
	    OFF "10.0.0.9 " KV " " SA "\n" BEG "10.0.0.9 " KV "\n10.0.0.8 " SA
		"\n" END))
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
	    "10.0.0.7 " KV "\n" BEG "10.0.0.7 " KV "\n" END))
CASE(an_ipv6_line_would_defeat_an_ipv4_pin,
     expect("fd00::9 " KV "\n", KV " 10.0.0.9",
	    OFF "fd00::9 " KV "\n" BEG "10.0.0.9 " KV "\n" END))
CASE(case_does_not_matter_in_names,
     expect("10.0.0.7 KV.Vault.Azure.NET\n", KV " 10.0.0.9",
	    OFF "10.0.0.7 KV.Vault.Azure.NET\n" BEG "10.0.0.9 " KV "\n" END))
CASE(a_name_with_a_final_dot_is_the_same_name,
     expect("10.0.0.7 " KV ".\n", KV " 10.0.0.9",
	    OFF "10.0.0.7 " KV ".\n" BEG "10.0.0.9 " KV "\n" END))
CASE(a_right_name_with_a_final_dot_answers_nobody,
     expect("10.0.0.9 " KV ".\n", KV " 10.0.0.9",
	    "10.0.0.9 " KV ".\n" BEG "10.0.0.9 " KV "\n" END))
CASE(two_final_dots_are_another_name,
     expect("10.0.0.7 " KV "..\n", KV " 10.0.0.9",
	    "10.0.0.7 " KV "..\n" BEG "10.0.0.9 " KV "\n" END))
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

CASE(a_missing_final_newline_is_put_before_the_block,
     expect("127.0.0.1 a", KV " 10.0.0.9",
	    "127.0.0.1 a\n" BARE "10.0.0.9 " KV "\n" END))
CASE(it_is_missing_again_when_the_block_goes,
     expect("127.0.0.1 a\n" BARE "10.0.0.9 " KV "\n" END, "", "127.0.0.1 a"))
CASE(it_stays_if_somebody_wrote_on_behind_the_block,
     expect("127.0.0.1 a\n" BARE "10.0.0.9 " KV "\n" END "10.0.0.1 b\n", "",
	    "127.0.0.1 a\n10.0.0.1 b\n"))
CASE(the_next_block_remembers_the_missing_newline,
     expect("127.0.0.1 a\n" BARE "10.0.0.9 " KV "\n" END W2BEG W2END, "",
	    "127.0.0.1 a\n# pldiag: begin w2 (x)" NONL "\n" W2END))
CASE(a_block_stays_in_place_without_a_final_newline,
     expect("a\n" BEG "10.0.0.7 " KV "\n# pldiag: end ws", KV " 10.0.0.9",
	    "a\n" BEG "10.0.0.9 " KV "\n# pldiag: end ws"))
CASE(a_cr_at_the_end_of_the_file_is_no_newline,
     expect("10.0.0.1 a\r", KV " 10.0.0.9",
	    "10.0.0.1 a\r\n" BARE "10.0.0.9 " KV "\n" END))
CASE(a_cr_at_the_end_of_the_file_comes_back,
     expect("10.0.0.1 a\r\n" BARE "10.0.0.9 " KV "\n" END, "", "10.0.0.1 a\r"))
CASE(a_last_line_is_put_out_and_its_rest_has_no_newline_either,
     expect(BEG "10.0.0.9 " KV "\n" END "10.0.0.7 " KV " a", KV " 10.0.0.9",
	    BEG "10.0.0.9 " KV "\n" END OFF "10.0.0.7 " KV " a\n10.0.0.7 a" ON))
CASE(it_comes_back_without_a_newline,
     expect(BEG "10.0.0.9 " KV "\n" END OFF "10.0.0.7 " KV " a\n10.0.0.7 a" ON,
	    "", "10.0.0.7 " KV " a"))
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

/* --- marks that were edited ------------------------------------------------
 */

CASE(a_name_added_to_the_rest_by_hand_is_not_lost,
     expect(OFF "10.0.0.7 " KV " a\n10.0.0.7 a new" ON "\n" BEG "10.0.0.9 " KV
		"\n" END,
	    "", "10.0.0.7 " KV " a\n10.0.0.7 a new" ON "\n"))
CASE(a_rest_edited_by_hand_stays_as_it_is,
     expect(OFF "10.0.0.7 " KV " a\n10.0.0.7 a new" ON "\n" BEG "10.0.0.9 " KV
		"\n" END,
	    KV " 10.0.0.9",
	    OFF "10.0.0.7 " KV " a\n10.0.0.7 a new" ON "\n" BEG "10.0.0.9 " KV
		"\n" END))
CASE(a_rest_of_another_address_is_somebody_elses,
     expect(OFF "10.0.0.7 " KV " a\n10.0.0.6 a" ON "\n", "",
	    "10.0.0.7 " KV " a\n10.0.0.6 a" ON "\n"))
CASE(a_rest_that_was_taken_out_by_hand_does_not_come_back,
     expect(OFF "10.0.0.7 " KV " a\n" BEG "10.0.0.8 " KV "\n" END,
	    KV " 10.0.0.9",
	    OFF "10.0.0.7 " KV " a\n" BEG "10.0.0.9 " KV "\n" END))
CASE(a_name_taken_from_the_rest_by_hand_does_not_come_back,
     expect(OFF "10.0.0.7 a " KV " b\n10.0.0.7 b" ON "\n" BEG "10.0.0.8 " KV
		"\n" END,
	    KV " 10.0.0.9, a 10.0.0.2",
	    OFF "10.0.0.7 a " KV " b\n10.0.0.7 b" ON "\n" BEG "10.0.0.9 " KV
		"\n10.0.0.2 a\n" END))
CASE(a_rest_that_was_moved_is_a_line_like_any_other,
     expect(OFF "10.0.0.7 " KV " a\n\n10.0.0.7 a" ON "\n", "",
	    "10.0.0.7 " KV " a\n\n10.0.0.7 a" ON "\n"))
CASE(a_line_put_out_by_hand_with_another_blank_comes_back,
     expect("#pldiag: off ws:10.0.0.7 " KV "\n", "", "10.0.0.7 " KV "\n"))
CASE(blanks_of_a_line_that_was_put_out_come_back,
     expect(OFF "  10.0.0.7\t" KV "  \n", "", "  10.0.0.7\t" KV "  \n"))
CASE(what_is_no_entry_was_never_put_out,
     expect(OFF "# a comment\n" OFF "\n" OFF "10.0.0.7\n", "",
	    OFF "# a comment\n" OFF "\n" OFF "10.0.0.7\n"))
CASE(a_mark_inside_of_a_mark_is_a_comment, expect(OFF BEG, "", OFF BEG))
CASE(a_mark_without_a_name_is_a_comment,
     expect("# pldiag: begin\n# pldiag: end \n# pldiag: off : 10.0.0.7 a\n", "",
	    "# pldiag: begin\n# pldiag: end \n# pldiag: off : 10.0.0.7 a\n"))
CASE(a_word_that_starts_like_a_mark_is_a_comment,
     expect("# pldiag: beginning ws\n# pldiag:begin ws\n# pldiag: begin w/s\n",
	    "",
	    "# pldiag: beginning ws\n# pldiag:begin ws\n# pldiag: begin w/s\n"))
CASE(marks_tell_large_letters_from_small,
     expect("# pldiag: begin WS\n10.0.0.9 a\n# pldiag: end WS\n", "",
	    "# pldiag: begin WS\n10.0.0.9 a\n# pldiag: end WS\n"))
CASE(a_mark_behind_a_byte_order_mark_is_a_mark,
     expect("\xef\xbb\xbf" BEG "10.0.0.9 " KV "\n" END "a\n", "",
	    "\xef\xbb\xbf"
	    "a\n"))
CASE(a_block_is_never_put_before_a_byte_order_mark,
     expect("\xef\xbb\xbf", KV " 10.0.0.9",
	    "\xef\xbb\xbf\n" BARE "10.0.0.9 " KV "\n" END))
CASE(a_line_that_was_put_out_without_its_block_stays_out,
     expect(OFF "10.0.0.7 " KV "\n", KV " 10.0.0.9",
	    OFF "10.0.0.7 " KV "\n" BEG "10.0.0.9 " KV "\n" END))
CASE(the_order_of_lines_in_the_block_is_no_matter,
     expect(BEG "10.0.0.8 " SA "\n10.0.0.9 " KV "\n" END,
	    KV " 10.0.0.9, " SA " 10.0.0.8",
	    BEG "10.0.0.8 " SA "\n10.0.0.9 " KV "\n" END))
CASE(a_line_twice_in_the_block_is_written_once,
     expect(BEG "10.0.0.9 " KV "\n10.0.0.9 " KV "\n" END, KV " 10.0.0.9",
	    BEG "10.0.0.9 " KV "\n" END))
CASE(a_windows_block_stays_one_in_a_file_of_others,
     expect("a\nb\nc\nd\n# pldiag: begin ws\r\n10.0.0.7 " KV
	    "\r\n# pldiag: end ws\r\n",
	    KV " 10.0.0.9",
	    "a\nb\nc\nd\n# pldiag: begin ws\r\n10.0.0.9 " KV
	    "\r\n# pldiag: end ws\r\n"))
CASE(what_a_block_put_out_in_a_comment_inside_stays_inside,
     expect(BEG OFF "10.0.0.7 " KV "\n10.0.0.9 " KV "\n" END, KV " 10.0.0.9",
	    BEG OFF "10.0.0.7 " KV "\n10.0.0.9 " KV "\n" END))

/* --- several inventories ---------------------------------------------------
 */

CASE(a_line_that_would_contradict_another_block_is_handed_over,
     expect(OFF "10.0.0.7 " KV "\n" BEG "10.0.0.9 " KV "\n" END W2BEG
		"10.0.0.9 " KV "\n" W2END,
	    "", W2OFF "10.0.0.7 " KV "\n" W2BEG "10.0.0.9 " KV "\n" W2END))
CASE(the_rest_is_handed_over_with_its_line,
     expect(OFF "10.0.0.7 " KV " a\n10.0.0.7 a" ON "\n" BEG "10.0.0.9 " KV
		"\n" END W2BEG "10.0.0.9 " KV "\n" W2END,
	    "",
	    W2OFF "10.0.0.7 " KV " a\n10.0.0.7 a" W2ON "\n" W2BEG "10.0.0.9 " KV
		  "\n" W2END))
CASE(the_rest_of_another_block_loses_what_we_pin,
     expect(W2OFF "10.0.0.7 " SA " " KV " a\n10.0.0.7 " KV " a" W2ON "\n" W2BEG
		  "10.0.0.8 " SA "\n" W2END,
	    KV " 10.0.0.9",
	    W2OFF "10.0.0.7 " SA " " KV " a\n10.0.0.7 a" W2ON "\n" W2BEG
		  "10.0.0.8 " SA "\n" W2END BEG "10.0.0.9 " KV "\n" END))
CASE(and_gets_it_back_when_our_block_goes,
     expect(W2OFF "10.0.0.7 " SA " " KV " a\n10.0.0.7 a" W2ON "\n" W2BEG
		  "10.0.0.8 " SA "\n" W2END BEG "10.0.0.9 " KV "\n" END,
	    "",
	    W2OFF "10.0.0.7 " SA " " KV " a\n10.0.0.7 " KV " a" W2ON "\n" W2BEG
		  "10.0.0.8 " SA "\n" W2END))
CASE(a_rest_may_be_needed_only_when_our_block_goes,
     expect(W2OFF "10.0.0.7 " SA " " KV "\n" W2BEG "10.0.0.8 " SA "\n" W2END BEG
		  "10.0.0.9 " KV "\n" END,
	    "",
	    W2OFF "10.0.0.7 " SA " " KV "\n10.0.0.7 " KV W2ON "\n" W2BEG
		  "10.0.0.8 " SA "\n" W2END))
CASE(a_line_put_out_for_another_block_that_does_not_concern_us_stays,
     expect(W2OFF "10.0.0.7 " SA " a\n" W2BEG "10.0.0.8 " SA "\n" W2END,
	    KV " 10.0.0.9",
	    W2OFF "10.0.0.7 " SA " a\n" W2BEG "10.0.0.8 " SA "\n" W2END BEG
		  "10.0.0.9 " KV "\n" END))

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
	if (!ok)
		assert_int_equal(DIAG_ENOMEM, p.err.code);
	end(&p);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	static char text[] =
	    "10.0.0.7 a " KV "\n::1 " SA "\n" OFF "10.0.0.6 " KV " b\n" OFF
	    "10.0.0.6 other c\n10.0.0.6 c" ON "\n" W2OFF "10.0.0.6 x " KV
	    "\n10.0.0.6 " KV W2ON "\n" W2BEG
	    "10.0.0.2 other\n10.0.0.1 x\n" W2END BEG "10.0.0.7 " KV "\n" END;

	(void)state;
	/* Arenas ask for memory in blocks: a long line makes them ask often. */
	assert_true(torture(once, text) > 5);
}

#define T(f) cmocka_unit_test(f)
static const struct CMUnitTest tests[] = {
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
	T(another_inventory_that_agrees_may_go_and_we_do_not_go_with_it),
	T(another_inventory_that_disagrees_is_told),
	T(marks_edited_by_hand_are_still_marks),
	T(marks_edited_by_hand_stay_when_the_block_is_replaced),
	T(a_line_that_is_right_needs_no_block),
	T(a_block_holds_all_pins_whoever_else_says_some_of_them),
	T(a_wrong_line_is_put_out),
	T(other_names_of_a_wrong_line_go_on),
	T(a_right_name_on_a_wrong_line_goes_on_in_the_block),
	T(a_wrong_line_comes_back),
	T(a_wrong_line_with_other_names_comes_back),
	T(a_line_that_was_put_out_for_a_name_no_longer_asked_for_comes_back),
	T(a_line_that_another_block_put_out_is_its_own_affair),
	T(the_address_that_was_put_out_may_be_right_now),
	T(an_ipv6_line_would_defeat_an_ipv4_pin),
	T(case_does_not_matter_in_names),
	T(a_name_with_a_final_dot_is_the_same_name),
	T(a_right_name_with_a_final_dot_answers_nobody),
	T(two_final_dots_are_another_name),
	T(a_longer_name_is_another_name),
	T(a_name_in_a_comment_is_no_entry),
	T(a_line_without_an_address_is_no_entry),
	T(an_address_with_a_zone_is_no_entry),
	T(the_first_line_behind_a_byte_order_mark_is_no_entry),
	T(a_wrong_line_behind_the_block_is_put_out_too),
	T(a_name_twice_on_its_line_is_put_out_once),
	T(a_missing_final_newline_is_put_before_the_block),
	T(it_is_missing_again_when_the_block_goes),
	T(it_stays_if_somebody_wrote_on_behind_the_block),
	T(the_next_block_remembers_the_missing_newline),
	T(a_block_stays_in_place_without_a_final_newline),
	T(a_cr_at_the_end_of_the_file_is_no_newline),
	T(a_cr_at_the_end_of_the_file_comes_back),
	T(a_last_line_is_put_out_and_its_rest_has_no_newline_either),
	T(it_comes_back_without_a_newline),
	T(windows_endings_make_windows_lines),
	T(a_wrong_line_keeps_its_own_ending),
	T(mixed_endings_follow_the_majority),
	T(a_name_added_to_the_rest_by_hand_is_not_lost),
	T(a_rest_edited_by_hand_stays_as_it_is),
	T(a_rest_of_another_address_is_somebody_elses),
	T(a_rest_that_was_taken_out_by_hand_does_not_come_back),
	T(a_name_taken_from_the_rest_by_hand_does_not_come_back),
	T(a_rest_that_was_moved_is_a_line_like_any_other),
	T(a_line_put_out_by_hand_with_another_blank_comes_back),
	T(blanks_of_a_line_that_was_put_out_come_back),
	T(what_is_no_entry_was_never_put_out),
	T(a_mark_inside_of_a_mark_is_a_comment),
	T(a_mark_without_a_name_is_a_comment),
	T(a_word_that_starts_like_a_mark_is_a_comment),
	T(marks_tell_large_letters_from_small),
	T(a_mark_behind_a_byte_order_mark_is_a_mark),
	T(a_block_is_never_put_before_a_byte_order_mark),
	T(a_line_that_was_put_out_without_its_block_stays_out),
	T(the_order_of_lines_in_the_block_is_no_matter),
	T(a_line_twice_in_the_block_is_written_once),
	T(a_windows_block_stays_one_in_a_file_of_others),
	T(what_a_block_put_out_in_a_comment_inside_stays_inside),
	T(a_line_that_would_contradict_another_block_is_handed_over),
	T(the_rest_is_handed_over_with_its_line),
	T(the_rest_of_another_block_loses_what_we_pin),
	T(and_gets_it_back_when_our_block_goes),
	T(a_rest_may_be_needed_only_when_our_block_goes),
	T(a_line_put_out_for_another_block_that_does_not_concern_us_stays),
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

int main(void)
{
	return cmocka_run_group_tests_name("hosts_plan", tests, NULL, NULL);
}
