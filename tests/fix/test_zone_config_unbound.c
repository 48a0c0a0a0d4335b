/* SPDX-License-Identifier: MIT */
/* What the editor of unbound.conf makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/config_try.h"
#include "tests/support/torture.h"

#define OURS "# pldiag: begin ws (written by pl-zone; undo: pl-zone undo)\n"
#define BARE                                                          \
	"# pldiag: begin ws (written by pl-zone; undo: pl-zone undo)" \
	" (the line above had no newline)\n"
#define END	  "# pldiag: end ws\n"
#define OFF	  "# pldiag: off ws: "
#define ZONE	  "\tlocal-zone: \"" KV ".\" static\n"
#define DATA	  "\tlocal-data: \"" KV ". 60 IN A 10.0.0.9\"\n"
#define BLOCK	  OURS "server:\n" ZONE DATA END
#define EXCEPT(p) "\tprivate-domain: \"" p "\"\n\tdomain-insecure: \"" p "\"\n"
#define FORWARD(p)                                                      \
	"forward-zone:\n\tname: \"" p ".\"\n\tforward-addr: 10.1.1.1\n" \
	"\tforward-addr: 10.1.1.2\n\tforward-first: no\n"
#define ALL_EXCEPT                                                            \
	"server:\n" EXCEPT("blob.core.windows.net") EXCEPT("vault.azure.net") \
	    EXCEPT("vaultcore.azure.net")
#define FORWARDS                                                               \
	ALL_EXCEPT FORWARD("blob.core.windows.net") FORWARD("vault.azure.net") \
	    FORWARD("vaultcore.azure.net")

static const struct config_how render = { "unbound", 1, false, 0 };
static const struct config_how forward = { "unbound", 1, true, 0 };
static const struct config_how links = { "unbound", 1, false,
					 DIAG_STYLE_PRIVATELINK };
static const struct config_how parent = { "unbound", 1, false,
					  DIAG_STYLE_PARENT };

#define CASE(name, ...)                \
	static void name(void **state) \
	{                              \
		(void)state;           \
		__VA_ARGS__;           \
	}
#define STAYS(how, text, more) config_expect(&how, text, text more)

CASE(an_empty_file_gets_the_block, config_expect(&render, "", BLOCK))
CASE(the_block_comes_at_the_end,
     STAYS(render, "# mine\nserver:\n\tport: 53\n", BLOCK))
CASE(a_missing_final_newline_comes_back_missing,
     config_expect(&render, "server:\n\tport: 53",
		   "server:\n\tport: 53\n" BARE "server:\n" ZONE DATA END))
CASE(a_comment_without_newline_hides_nothing,
     config_expect(&render, "server: # x",
		   "server: # x\n" BARE "server:\n" ZONE DATA END))
CASE(windows_endings_stay,
     config_expect(&render, "server:\r\n port: 53\r\n",
		   "server:\r\n port: 53\r\n"
		   "# pldiag: begin ws (written by pl-zone; undo: pl-zone "
		   "undo)\r\nserver:\r\n\tlocal-zone: \"" KV
		   ".\" static\r\n\tlocal-data: \"" KV
		   ". 60 IN A 10.0.0.9\"\r\n# pldiag: end ws\r\n"))
CASE(a_mark_of_utf8_and_other_bytes_stay,
     STAYS(render, "\xef\xbb\xbfserver:\n# \xff\xfe\x01\tx\n", BLOCK))
CASE(utf16_is_told, config_refuse(&render, "\xff\xfes", DIAG_EPARSE, "f:1:1:"))

CASE(a_wrong_address_is_put_out,
     config_expect(&render,
		   "server:\n  local-data: \"" KV " A 10.0.0.7\" # old\n",
		   "server:\n" OFF "  local-data: \"" KV
		   " A 10.0.0.7\" # old\n" BLOCK))
CASE(names_have_no_case_and_dots_and_quotes_no_meaning,
     config_expect(
	 &render, "server:\nlocal-data: 'KV.Vault.Azure.NET. 5 IN A 1.2.3.4'\n",
	 "server:\n" OFF
	 "local-data: 'KV.Vault.Azure.NET. 5 IN A 1.2.3.4'\n" BLOCK))
CASE(an_address_of_another_kind_is_put_out,
     config_expect(&render, "server:\nlocal-data: \"" KV " AAAA fd00::7\"\n",
		   "server:\n" OFF "local-data: \"" KV
		   " AAAA fd00::7\"\n" BLOCK))
CASE(what_is_said_is_not_said_twice,
     STAYS(render, "server:\nlocal-data: \"" KV " 600 A 10.0.0.9\"\n",
	   OURS "server:\n" ZONE END))
CASE(what_is_all_said_needs_no_block,
     STAYS(render,
	   "server:\nlocal-zone: " KV " static\nlocal-data: \"" KV
	   " A 10.0.0.9\"\n",
	   ""))
CASE(other_types_of_our_name_stay,
     STAYS(render, "server:\nlocal-data: '" KV " TXT \"a b\"'\n", BLOCK))
CASE(other_names_stay,
     STAYS(render,
	   "server:\nlocal-data: \"k2.vault.azure.net A 1.2.3.4\"\n"
	   "local-zone: \"x." KV "\" refuse\n",
	   BLOCK))
CASE(an_alias_is_told,
     config_refuse(&render, "server:\n\nlocal-data: \"" KV " CNAME x.y.\"\n",
		   DIAG_EUSAGE, "f:3: an alias (CNAME)"))
CASE(lines_are_counted_with_our_marks,
     config_refuse(&render,
		   BLOCK OFF "#\nserver:\nlocal-data: \"" KV " CNAME x.y.\"\n",
		   DIAG_EUSAGE, "f:8: an alias (CNAME)"))

CASE(a_zone_for_our_name_of_another_type_goes,
     config_expect(&render, "server:\nlocal-zone: \"" KV ".\" redirect\n",
		   "server:\n" OFF "local-zone: \"" KV ".\" redirect\n" BLOCK))
CASE(a_zone_above_does_no_harm_to_records,
     STAYS(render, "server:\nlocal-zone: \"azure.net\" always_refuse\n", BLOCK))
CASE(a_zone_above_hides_what_is_forwarded,
     config_refuse(&forward, "server:\nlocal-zone: \"azure.net\" redirect\n",
		   DIAG_EUSAGE,
		   "f:2: this local-zone answers for all names below "
		   "azure.net"))
CASE(a_zone_for_a_parent_alone_hides_it_too,
     config_refuse(&forward,
		   "server:\nlocal-zone: \"vaultcore.azure.net\" static\n",
		   DIAG_EUSAGE, "f:2: this local-zone answers"))
CASE(a_transparent_zone_lets_pass,
     STAYS(forward,
	   "server:\nlocal-zone: \"vault.azure.net\" transparent\n"
	   "local-zone: \"azure.net\" typetransparent\n",
	   OURS FORWARDS "server:\n" END))
CASE(the_closest_zone_counts,
     STAYS(forward,
	   "server:\nlocal-zone: \"azure.net\" static\n"
	   "local-zone: \"vault.azure.net\" transparent\n"
	   "local-zone: \"vaultcore.azure.net\" inform\n",
	   OURS FORWARDS "server:\n" END))
CASE(a_zone_for_our_name_hides_what_is_forwarded_and_goes,
     config_expect(&forward, "server:\nlocal-zone: " KV " static\n",
		   "server:\n" OFF "local-zone: " KV " static\n" OURS FORWARDS
		   "server:\n" END))
CASE(a_zone_that_says_the_right_address_may_stay,
     STAYS(forward,
	   "server:\nlocal-zone: " KV " static\nlocal-data: \"" KV
	   " A 10.0.0.9\"\n",
	   OURS FORWARDS "server:\n" END))
CASE(a_whole_parent_zone_has_our_names_in_it,
     config_expect(
	 &parent,
	 "server:\nlocal-zone: \"vault.azure.net\" refuse\n"
	 "local-zone: \"" KV "\" always_nxdomain\n",
	 "server:\n" OFF "local-zone: \"vault.azure.net\" refuse\n" OFF
	 "local-zone: \"" KV "\" always_nxdomain\n" OURS
	 "server:\n\tlocal-zone: \"vault.azure.net.\" static\n" DATA END))

CASE(forwarders_and_their_exceptions,
     config_expect(&forward, "", OURS FORWARDS END))
CASE(the_clause_that_was_open_goes_on_behind,
     STAYS(forward, "server:\n\tport: 53\n", OURS FORWARDS "server:\n" END))
CASE(a_piece_that_is_included_into_a_server_goes_on_too,
     STAYS(forward, "verbosity: 1\n", OURS FORWARDS "server:\n" END))
CASE(a_forward_zone_elsewhere_goes,
     config_expect(&forward,
		   "forward-zone:\n\tname: vault.azure.net\n# kept\n"
		   "\tforward-addr: 8.8.8.8\nserver:\n",
		   OFF "forward-zone:\n" OFF "\tname: vault.azure.net\n" OFF
		       "# kept\n" OFF
		       "\tforward-addr: 8.8.8.8\nserver:\n" OURS FORWARDS
		       "server:\n" END))
CASE(a_stub_zone_of_the_same_name_goes,
     config_expect(&forward,
		   "stub-zone:\n name: \"vault.azure.net\"\n stub-addr: "
		   "1.2.3.4\n",
		   OFF "stub-zone:\n" OFF " name: \"vault.azure.net\"\n" OFF
		       " stub-addr: 1.2.3.4\n" OURS FORWARDS END))
CASE(a_forward_zone_that_falls_back_is_not_the_same,
     config_expect(&forward,
		   "forward-zone:\n name: \"vault.azure.net\"\n forward-addr: "
		   "10.1.1.1\n forward-addr: 10.1.1.2\n forward-first: yes\n",
		   OFF "forward-zone:\n" OFF " name: \"vault.azure.net\"\n" OFF
		       " forward-addr: 10.1.1.1\n" OFF
		       " forward-addr: 10.1.1.2\n" OFF
		       " forward-first: yes\n" OURS FORWARDS END))
CASE(the_same_forward_zone_is_not_doubled_but_gets_its_exceptions,
     STAYS(forward,
	   "forward-zone:\n name: \"vault.azure.net\"\n forward-addr: "
	   "10.1.1.2\n forward-addr: 10.1.1.1\n",
	   OURS ALL_EXCEPT FORWARD("blob.core.windows.net")
	       FORWARD("vaultcore.azure.net") END))
CASE(exceptions_that_are_there_are_not_doubled,
     STAYS(forward, "server:\n" EXCEPT("vault.azure.net"),
	   OURS "server:\n" EXCEPT("blob.core.windows.net")
	       EXCEPT("vaultcore.azure.net") FORWARD("blob.core.windows.net")
		   FORWARD("vault.azure.net")
		       FORWARD("vaultcore.azure.net") "server:\n" END))
CASE(an_older_try_below_the_parent_is_noted,
     config_noted(&forward,
		  "forward-zone:\n name: privatelink.vaultcore.azure.net\n "
		  "forward-addr: 10.9.9.9\n",
		  "f:1: privatelink.vaultcore.azure.net is asked elsewhere"))
CASE(a_view_is_noted,
     config_noted(&render,
		  "view:\n name: v\n local-data: \"" KV " A 1.2.3.4\"\n",
		  "f:2: clients of this view"))
CASE(what_stands_in_a_view_stays,
     STAYS(render, "view:\n name: v\n local-data: \"" KV " A 1.2.3.4\"\n",
	   BLOCK))

CASE(statements_may_share_a_line,
     config_expect(&render,
		   "server: port: 53 local-data: \"" KV
		   " A 1.2.3.4\" verbosity: 1\n",
		   "server: port: 53  # pldiag: cut ws\n# pldiag: off+ ws: "
		   "local-data: \"" KV " A 1.2.3.4\"\n verbosity: 1\n" BLOCK))
CASE(values_may_stand_on_other_lines,
     config_expect(&render,
		   "server:\nlocal-data:\n# why\n\"" KV " A 1.2.3.4\"\n",
		   "server:\n" OFF "local-data:\n" OFF "# why\n" OFF "\"" KV
		   " A 1.2.3.4\"\n" BLOCK))
CASE(a_word_may_hold_a_sharp_and_a_colon,
     STAYS(render,
	   "server:\n interface: ::1\n access-control: ::0/0 allow\n"
	   " identity: a#b\n",
	   BLOCK))
CASE(a_backslash_takes_a_quote_along,
     STAYS(render, "server:\n identity: a\\\"b\n version: \"a\\\" # b\"\n",
	   BLOCK))
CASE(zone_files_are_noted,
     config_noted(&links, "", "f: our zones are read from files"))
CASE(a_block_in_the_middle_stays_there,
     config_expect(&render,
		   OURS "server:\n\tlocal-zone: \"x\" static\n" END
			"remote-control:\n control-enable: no\n",
		   BLOCK "remote-control:\n control-enable: no\n"))
CASE(records_in_the_middle_of_a_clause_reopen_it,
     config_expect(&render,
		   "remote-control:\n" OURS END " control-enable: no\n",
		   "remote-control:\n" OURS "server:\n" ZONE DATA
		   "remote-control:\n" END " control-enable: no\n"))
CASE(a_block_in_the_middle_of_a_zone_moves_to_the_end,
     config_expect(&render,
		   "stub-zone:\n name: x\n" OURS END " stub-addr: 1.2.3.4\n",
		   "stub-zone:\n name: x\n stub-addr: 1.2.3.4\n" BLOCK))

CASE(privatelink_zones_are_zones_of_a_file,
     config_expect(&links,
		   "auth-zone:\n name: privatelink.vaultcore.azure.net\n "
		   "primary: 1.2.3.4\n",
		   OFF
		   "auth-zone:\n" OFF
		   " name: privatelink.vaultcore.azure.net\n" OFF
		   " primary: 1.2.3.4\n" OURS ALL_EXCEPT
		   "auth-zone:\n\tname: \"privatelink.vaultcore.azure.net.\"\n"
		   "\tzonefile: \"privatelink.vaultcore.azure.net.zone\"\n"
		   "\tfor-downstream: no\n\tfor-upstream: yes\n"
		   "\tfallback-enabled: no\n" END))

CASE(an_open_string_is_told,
     config_refuse(&render, "server:\n chroot: \"x\n", DIAG_EPARSE,
		   "f:2:10: expected this string to be closed"))
CASE(a_missing_value_is_told,
     config_refuse(&render, "server:\n chroot: # x\n", DIAG_EPARSE,
		   "f:2:2: expected a value"))
CASE(a_word_without_colon_is_told,
     config_refuse(&render, "\nserver\n", DIAG_EPARSE,
		   "f:2:1: expected a keyword"))
CASE(a_block_without_end_is_told,
     config_refuse(&render, "x:\n" OURS, DIAG_EPARSE,
		   "f:2:1: expected this block to end"))
CASE(an_end_without_begin_is_told,
     config_refuse(&render, END, DIAG_EPARSE, "f:1:1: expected a block"))
CASE(two_blocks_are_told, config_refuse(&render, BLOCK BLOCK, DIAG_EPARSE,
					"f:6:1: expected one block"))

static void what_cannot_be_read_can_be_taken_out(void **state)
{
	const struct config_how none = { "unbound", 0, false, 0 };
	struct config_tried t;

	(void)state;
	config_try(&t, &none, "chroot: \"x\n" BLOCK,
		   strlen("chroot: \"x\n" BLOCK));
	assert_true(t.ok);
	assert_string_equal("chroot: \"x\n", diag_buf_str(&t.out));
	config_tried_end(&t);
}

static void includes_and_statements_are_told(void **state)
{
	static const char text[] =
	    "include-toplevel: "
	    "\"/etc/unbound/unbound.conf.d/*.conf\"\nserver:\n"
	    " include: local.conf\n local-data: \"" KV " A 1.2.3.4\"\n"
	    "forward-zone:\n name: x\n forward-addr: 1.2.3.4\n";
	struct config_tried t;

	(void)state;
	config_try(&t, &render, text, strlen(text));
	assert_true(t.ok);
	assert_int_equal(2, t.plan.n_includes);
	assert_string_equal("/etc/unbound/unbound.conf.d/*.conf",
			    t.plan.includes[0].path);
	assert_int_equal(1, t.plan.includes[0].line);
	assert_string_equal("local.conf", t.plan.includes[1].path);
	assert_int_equal(3, t.plan.includes[1].line);
	assert_int_equal(4, t.plan.foreign);
	assert_int_equal(1, t.plan.foreign_changed);
	config_tried_end(&t);
}

static void includes_have_a_limit(void **state)
{
	struct config_tried t;
	struct diag_buf text;

	(void)state;
	diag_buf_init(&text, 1 << 16);
	for (unsigned i = 0; i <= DIAG_ZONE_CONFIG_INCLUDES; i++)
		diag_buf_printf(&text, "include: f%u\n", i);
	config_try(&t, &render, text.data, text.len);
	assert_false(t.ok);
	assert_int_equal(DIAG_ELIMIT, t.err.code);
	config_tried_end(&t);
	diag_buf_clear(&text);
}

static bool once(void *arg)
{
	struct config_tried t;
	bool ok;

	config_try(&t, &forward, arg, strlen(arg));
	ok = t.ok;
	config_tried_end(&t);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	static char text[] =
	    "server: local-data: \"" KV " A 1.2.3.4\" include: x\n"
	    "forward-zone: name: vault.azure.net forward-addr: 8.8.8.8\n"
	    "forward-zone: name: " KV " forward-addr: 8.8.8.8\n" BLOCK;

	(void)state;
	assert_true(torture(once, text) > 3);
}

#define T(f) cmocka_unit_test(f)
static const struct CMUnitTest tests[] = {
	T(an_empty_file_gets_the_block),
	T(the_block_comes_at_the_end),
	T(a_missing_final_newline_comes_back_missing),
	T(a_comment_without_newline_hides_nothing),
	T(windows_endings_stay),
	T(a_mark_of_utf8_and_other_bytes_stay),
	T(utf16_is_told),
	T(a_wrong_address_is_put_out),
	T(names_have_no_case_and_dots_and_quotes_no_meaning),
	T(an_address_of_another_kind_is_put_out),
	T(what_is_said_is_not_said_twice),
	T(what_is_all_said_needs_no_block),
	T(other_types_of_our_name_stay),
	T(other_names_stay),
	T(an_alias_is_told),
	T(lines_are_counted_with_our_marks),
	T(a_zone_for_our_name_of_another_type_goes),
	T(a_zone_above_does_no_harm_to_records),
	T(a_zone_above_hides_what_is_forwarded),
	T(a_zone_for_a_parent_alone_hides_it_too),
	T(a_transparent_zone_lets_pass),
	T(the_closest_zone_counts),
	T(a_zone_for_our_name_hides_what_is_forwarded_and_goes),
	T(a_zone_that_says_the_right_address_may_stay),
	T(a_whole_parent_zone_has_our_names_in_it),
	T(forwarders_and_their_exceptions),
	T(the_clause_that_was_open_goes_on_behind),
	T(a_piece_that_is_included_into_a_server_goes_on_too),
	T(a_forward_zone_elsewhere_goes),
	T(a_stub_zone_of_the_same_name_goes),
	T(a_forward_zone_that_falls_back_is_not_the_same),
	T(the_same_forward_zone_is_not_doubled_but_gets_its_exceptions),
	T(exceptions_that_are_there_are_not_doubled),
	T(an_older_try_below_the_parent_is_noted),
	T(a_view_is_noted),
	T(what_stands_in_a_view_stays),
	T(statements_may_share_a_line),
	T(values_may_stand_on_other_lines),
	T(a_word_may_hold_a_sharp_and_a_colon),
	T(a_backslash_takes_a_quote_along),
	T(zone_files_are_noted),
	T(a_block_in_the_middle_stays_there),
	T(records_in_the_middle_of_a_clause_reopen_it),
	T(a_block_in_the_middle_of_a_zone_moves_to_the_end),
	T(privatelink_zones_are_zones_of_a_file),
	T(an_open_string_is_told),
	T(a_missing_value_is_told),
	T(a_word_without_colon_is_told),
	T(a_block_without_end_is_told),
	T(an_end_without_begin_is_told),
	T(two_blocks_are_told),
	T(what_cannot_be_read_can_be_taken_out),
	T(includes_and_statements_are_told),
	T(includes_have_a_limit),
	T(memory_may_be_missing_at_any_point),
};

int main(void)
{
	return cmocka_run_group_tests_name("zone_config_unbound", tests, NULL,
					   NULL);
}
