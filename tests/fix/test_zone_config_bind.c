/* SPDX-License-Identifier: MIT */
/* What the editor of named.conf makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/config_try.h"
#include "tests/support/torture.h"

#define NOTE "(written by pl-zone; undo: pl-zone undo)"
#define OURS "// pldiag: begin ws " NOTE "\n"
#define BARE "// pldiag: begin ws " NOTE " (the line above had no newline)\n"
#define END  "// pldiag: end ws\n"
#define OFF  "// pldiag: off ws: "
#define CUT  " // pldiag: cut ws\n"
#define PART(p, text) \
	"// pldiag: begin ws " p " " NOTE "\n" text "// pldiag: end ws " p "\n"
#define ZONE  "zone \"" KV "\" {\n\ttype primary;\n\tfile \"" KV ".zone\";\n};\n"
#define BLOCK OURS ZONE END
#define TO(p)                                                  \
	"zone \"" p "\" {\n\ttype forward;\n\tforward only;\n" \
	"\tforwarders { 10.1.1.1; 10.1.1.2; };\n};\n"
#define BLOB	 "blob.core.windows.net"
#define VAULT	 "vault.azure.net"
#define CORE	 "vaultcore.azure.net"
#define FORWARDS OURS TO(BLOB) TO(VAULT) TO(CORE) END
#define NAMES	 "\t\"" BLOB "\";\n\t\"" VAULT "\";\n\t\"" CORE "\";\n"
#define OPTIONS	 PART("options", "validate-except {\n" NAMES "};\n")

static const struct config_how render = { "bind", 1, false, 0 };
static const struct config_how forward = { "bind", 1, true, 0 };

#define CASE(name, ...)                \
	static void name(void **state) \
	{                              \
		(void)state;           \
		__VA_ARGS__;           \
	}
#define STAYS(how, text, more) config_expect(&how, text, text more)

CASE(an_empty_file_gets_the_block, config_expect(&render, "", BLOCK))
CASE(a_missing_final_newline_comes_back_missing,
     config_expect(&render, "// x", "// x\n" BARE ZONE END))
CASE(a_zone_of_the_same_name_goes,
     config_expect(&render,
		   "zone \"" KV "\" {\n\ttype primary; // a\n\tfile \"x\";\n};"
		   " # why\nzone \"y\" { type hint; file \"z\"; };\n",
		   OFF "zone \"" KV "\" {\n" OFF "\ttype primary; // a\n" OFF
		       "\tfile \"x\";\n" OFF "}; # why\n"
		       "zone \"y\" { type hint; file \"z\"; };\n" BLOCK))
CASE(the_same_zone_is_not_doubled,
     STAYS(render,
	   "zone \"" KV "\" IN { type master; file \"" KV ".zone\"; };\n", ""))
CASE(a_zone_of_another_class_stays,
     STAYS(render, "zone \"" KV "\" CH { type master; file \"x\"; };\n", BLOCK))
CASE(names_have_no_case_and_need_no_quotes,
     config_expect(&render, "ZONE KV.Vault.Azure.NET. {type hint;};\n",
		   OFF "ZONE KV.Vault.Azure.NET. {type hint;};\n" BLOCK))
CASE(other_zones_stay,
     STAYS(render, "zone \"vault.azure.net\" { type primary; file \"v\"; };\n",
	   BLOCK))
CASE(comments_are_no_statements,
     STAYS(render,
	   "// zone \"" KV "\" {\n# zone \"" KV "\" {\n/* zone \"" KV
	   "\" {\n } */ acl x { any; };\n",
	   BLOCK))
CASE(braces_and_marks_in_strings_are_text,
     STAYS(render, "options { directory \"a{b;\\\"}/*//#\"; };\n", BLOCK))
CASE(comments_may_stand_anywhere,
     config_expect(&render, "zone/**/\"" KV "\"//\n{type#\nhint;};\n",
		   OFF "zone/**/\"" KV "\"//\n" OFF "{type#\n" OFF
		       "hint;};\n" BLOCK))
CASE(statements_may_share_a_line,
     config_expect(&render,
		   "/*a*/ zone \"" KV "\" {type hint;}; acl x {any;};\n",
		   "/*a*/ " CUT "// pldiag: off+ ws: zone \"" KV
		   "\" {type hint;};\n acl x {any;};\n" BLOCK))
CASE(a_comment_over_lines_behind_it_is_not_torn,
     config_expect(&render, "zone \"" KV "\" {type hint;}; /* a\n b */\n",
		   "// pldiag: off+ ws: zone \"" KV
		   "\" {type hint;};\n /* a\n b */\n" BLOCK))
CASE(two_on_a_line_go_together,
     config_expect(&render,
		   "zone \"" KV "\" {type hint;}; zone \"" KV
		   "\" {type hint;};\n",
		   OFF "zone \"" KV "\" {type hint;}; zone \"" KV
		       "\" {type hint;};\n" BLOCK))
CASE(views_are_told,
     config_refuse(&render, "\nview \"v\" { zone \"x\" { type hint; }; };\n",
		   DIAG_EUSAGE, "f:2: with views all zones"))
CASE(a_block_in_the_middle_stays_there,
     config_expect(&render,
		   "acl x {any;};\n" OURS "acl y {any;};\n" END
		   "acl z {any;};\n",
		   "acl x {any;};\n" BLOCK "acl z {any;};\n"))
CASE(a_block_inside_of_a_statement_moves_to_the_end,
     config_expect(&render, "acl x {\n" OURS END "any; };\n",
		   "acl x {\nany; };\n" BLOCK))

CASE(options_get_their_exceptions,
     config_expect(&forward, "options {\n\tdirectory \"/x\";\n};\n",
		   "options {\n\tdirectory \"/x\";\n" OPTIONS "};\n" FORWARDS))
CASE(options_on_one_line_are_cut,
     config_expect(&forward, "options { directory \"/x\"; };\n",
		   "options { directory \"/x\"; " CUT OPTIONS "};\n" FORWARDS))
CASE(a_list_that_is_there_gets_the_names,
     config_expect(&forward,
		   "options {\n\tvalidate-except {\n\t\t\"corp\";\n\t};\n};\n",
		   "options {\n\tvalidate-except {\n\t\t\"corp\";\n\t" CUT PART(
		       "options", NAMES) "};\n};\n" FORWARDS))
CASE(a_list_that_says_it_stays,
     STAYS(forward,
	   "options { validate-except { \"windows.net\"; \"Azure.NET.\"; }; "
	   "};\n",
	   FORWARDS))
CASE(answers_that_are_denied_get_exceptions,
     config_expect(&forward,
		   "options {\ndeny-answer-addresses { 10.0.0.0/8; };\n};\n",
		   "options {\ndeny-answer-addresses { 10.0.0.0/8; }" CUT PART(
		       "answers", "except-from {\n" NAMES
				  "}\n") ";\n" OPTIONS "};\n" FORWARDS))
CASE(exceptions_that_are_there_get_the_names,
     config_expect(&forward,
		   "options {\ndeny-answer-addresses { 10/8; } except-from {\n"
		   "\"azure.net\";\n};\n};\n",
		   "options {\ndeny-answer-addresses { 10/8; } except-from {\n"
		   "\"azure.net\";\n" PART("answers", "\t\"" BLOB
						      "\";\n") "};\n" OPTIONS
							       "};\n" FORWARDS))
CASE(an_options_block_that_is_there_is_replaced,
     config_expect(&forward,
		   "options {\n" PART("options", "x\n") "recursion no;\n};\n",
		   "options {\n" OPTIONS "recursion no;\n};\n" FORWARDS))
CASE(no_options_are_noted,
     config_noted(&forward, "// local\n", "f: no options { } here"))
CASE(a_forward_elsewhere_goes,
     config_expect(&forward,
		   "zone \"vault.azure.net\" { type forward; "
		   "forwarders { 8.8.8.8; }; };\n",
		   OFF "zone \"vault.azure.net\" { type forward; forwarders { "
		       "8.8.8.8; }; };\n" FORWARDS))
CASE(the_same_forward_is_not_doubled,
     STAYS(forward,
	   "zone \"vault.azure.net\" { type forward; forward only; forwarders "
	   "{ 10.1.1.2; 10.1.1.1; }; };\n",
	   OURS TO(BLOB) TO(CORE) END))
CASE(a_forward_that_falls_back_goes,
     config_expect(&forward,
		   "zone \"vault.azure.net\" { type forward; forward first; "
		   "forwarders { 10.1.1.2; 10.1.1.1; }; };\n",
		   OFF
		   "zone \"vault.azure.net\" { type forward; forward "
		   "first; forwarders { 10.1.1.2; 10.1.1.1; }; };\n" FORWARDS))
CASE(a_forward_to_another_port_goes,
     config_expect(&forward,
		   "zone \"vault.azure.net\" { type forward; forward only; "
		   "forwarders { 10.1.1.1 port 5; 10.1.1.2; 10.1.1.1; }; };\n",
		   OFF "zone \"vault.azure.net\" { type forward; forward only; "
		       "forwarders { 10.1.1.1 port 5; 10.1.1.2; 10.1.1.1; }; "
		       "};\n" FORWARDS))
CASE(an_older_try_below_the_parent_is_noted,
     config_noted(&forward,
		  "\nzone \"privatelink.vaultcore.azure.net\" { type "
		  "forward; forwarders { 10.9.9.9; }; };\n",
		  "f:2: zone privatelink.vaultcore.azure.net is answered"))
CASE(a_zone_above_a_forward_is_noted,
     config_noted(&forward,
		  "zone \"azure.net\" { type primary; file \"a\"; "
		  "};\n",
		  "f:1: named answers for azure.net itself"))

CASE(zone_files_are_noted,
     config_noted(&render, "", "f: our zones are read from files"))

CASE(an_open_string_is_told,
     config_refuse(&render, "acl x {\n \"a\n", DIAG_EPARSE,
		   "f:2:2: expected this string to be closed"))
CASE(an_open_comment_is_told,
     config_refuse(&render, "acl /* x {\n };", DIAG_EPARSE,
		   "f:1:5: expected this comment to be closed"))
CASE(an_open_brace_is_told,
     config_refuse(&render, "acl x {\n { };", DIAG_EPARSE,
		   "f:1:7: expected this brace to be closed"))
CASE(a_closed_brace_is_told,
     config_refuse(&render, "acl x { any; };\n };", DIAG_EPARSE,
		   "f:2:2: expected a brace to be open"))
CASE(a_missing_semicolon_is_told,
     config_refuse(&render, "\nacl x { any; }\n", DIAG_EPARSE,
		   "f:2:1: expected this statement to end with ';'"))

static void braces_have_a_limit(void **state)
{
	struct diag_buf text;

	(void)state;
	diag_buf_init(&text, 1 << 16);
	diag_buf_pad(&text, '{', DIAG_ZONE_CONFIG_DEPTH + 1);
	config_refuse(&render, text.data, DIAG_ELIMIT, "braces in each other");
	diag_buf_clear(&text);
}

static void includes_are_told(void **state)
{
	static const char text[] =
	    "include \"/etc/bind/named.conf.options\";\noptions {\n"
	    "include \"o\"; };\ninclude \"/etc/bind/z/*.conf\";\n";
	struct config_tried t;

	(void)state;
	config_try(&t, &render, text, strlen(text));
	assert_true(t.ok);
	assert_int_equal(3, t.plan.n_includes);
	assert_string_equal("/etc/bind/named.conf.options",
			    t.plan.includes[0].path);
	assert_string_equal("o", t.plan.includes[1].path);
	assert_int_equal(3, t.plan.includes[1].line);
	assert_string_equal("/etc/bind/z/*.conf", t.plan.includes[2].path);
	assert_int_equal(3, t.plan.foreign);
	config_tried_end(&t);
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
	    "acl x {any;}; zone \"vault.azure.net\" {type hint;}; include "
	    "\"x\"; options { deny-answer-addresses {any;}; };\n"
	    "zone \"azure.net\" { type primary; };\n" BLOCK;

	(void)state;
	assert_true(torture(once, text) > 3);
}

int main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(an_empty_file_gets_the_block),
		T(a_missing_final_newline_comes_back_missing),
		T(a_zone_of_the_same_name_goes),
		T(the_same_zone_is_not_doubled),
		T(a_zone_of_another_class_stays),
		T(names_have_no_case_and_need_no_quotes),
		T(other_zones_stay),
		T(comments_are_no_statements),
		T(braces_and_marks_in_strings_are_text),
		T(comments_may_stand_anywhere),
		T(statements_may_share_a_line),
		T(a_comment_over_lines_behind_it_is_not_torn),
		T(two_on_a_line_go_together),
		T(views_are_told),
		T(a_block_in_the_middle_stays_there),
		T(a_block_inside_of_a_statement_moves_to_the_end),
		T(options_get_their_exceptions),
		T(options_on_one_line_are_cut),
		T(a_list_that_is_there_gets_the_names),
		T(a_list_that_says_it_stays),
		T(answers_that_are_denied_get_exceptions),
		T(exceptions_that_are_there_get_the_names),
		T(an_options_block_that_is_there_is_replaced),
		T(no_options_are_noted),
		T(a_forward_elsewhere_goes),
		T(the_same_forward_is_not_doubled),
		T(a_forward_that_falls_back_goes),
		T(a_forward_to_another_port_goes),
		T(an_older_try_below_the_parent_is_noted),
		T(a_zone_above_a_forward_is_noted),
		T(zone_files_are_noted),
		T(an_open_string_is_told),
		T(an_open_comment_is_told),
		T(an_open_brace_is_told),
		T(a_closed_brace_is_told),
		T(a_missing_semicolon_is_told),
		T(braces_have_a_limit),
		T(includes_are_told),
		T(memory_may_be_missing_at_any_point),
	};

	return cmocka_run_group_tests_name("zone_config_bind", tests, NULL,
					   NULL);
}
