/* SPDX-License-Identifier: MIT */
/* What the editors of dnsmasq.conf and of CoreDNS's hosts file make of them,
 * and what all editors refuse. */
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
#define END	   "# pldiag: end ws\n"
#define OFF	   "# pldiag: off ws: "
#define REST	   " # pldiag: ws\n"
#define LOCAL	   "local=/" KV "/\n"
#define RECORD	   "host-record=" KV ",10.0.0.9,60\n"
#define BLOCK	   OURS LOCAL RECORD END
#define SERVERS(p) "server=/" p "/10.1.1.1\nserver=/" p "/10.1.1.2\n"
#define REBIND(p)  "rebind-domain-ok=/" p "/\n"
#define BLOB	   "blob.core.windows.net"
#define VAULT	   "vault.azure.net"
#define CORE	   "vaultcore.azure.net"
#define FORWARDS                                                     \
	OURS SERVERS(BLOB) REBIND(BLOB) SERVERS(VAULT) REBIND(VAULT) \
	    SERVERS(CORE) REBIND(CORE) END

static const struct config_how render = { "dnsmasq", 1, false, 0 };
static const struct config_how both = { "dnsmasq", 2, false, 0 };
static const struct config_how forward = { "dnsmasq", 1, true, 0 };
static const struct config_how hosts = { "coredns", 1, false, 0 };

#define CASE(name, ...)                \
	static void name(void **state) \
	{                              \
		(void)state;           \
		__VA_ARGS__;           \
	}
#define STAYS(how, text, more) config_expect(&how, text, text more)
#define GOES(how, before, line, behind, more)        \
	config_expect(&how, before line "\n" behind, \
		      before OFF line "\n" behind more)

CASE(an_empty_file_gets_the_block, config_expect(&render, "", BLOCK))
CASE(a_missing_final_newline_comes_back_missing,
     config_expect(&render, "no-resolv", "no-resolv\n" BARE LOCAL RECORD END))
CASE(all_addresses_of_all_names,
     config_expect(&both, "",
		   OURS LOCAL RECORD "local=/" SA "/\nhost-record=" SA
				     ",10.0.0.8,60\nhost-record=" SA
				     ",fd00::8,60\n" END))
CASE(an_address_elsewhere_goes,
     GOES(render, "", "address=/" KV "/1.2.3.4", "port=53\n", BLOCK))
CASE(an_address_that_is_right_stays,
     STAYS(render, "address=/" KV "/10.0.0.9\n", BLOCK))
CASE(an_address_for_a_parent_stays_ours_are_longer,
     STAYS(render, "address=/vault.azure.net/1.2.3.4\naddress=/#/9.9.9.9\n",
	   BLOCK))
CASE(blanks_case_and_a_leading_dot_say_nothing,
     GOES(render, "", " address = /.KV.vault.azure.net/1.2.3.4  # why", "",
	  BLOCK))
CASE(others_on_the_line_go_on,
     config_expect(&render, "address=/a.example/" KV "/b.example/1.2.3.4\nx\n",
		   OFF "address=/a.example/" KV "/b.example/1.2.3.4\n"
		       "address=/a.example/b.example/1.2.3.4" REST "x\n" BLOCK))
CASE(others_on_a_last_line_without_newline_go_on,
     config_expect(&render, "host-record=printer," KV ",1.2.3.4",
		   OFF "host-record=printer," KV ",1.2.3.4\n"
		       "host-record=printer,1.2.3.4 # pldiag: ws +\n" BARE LOCAL
			   RECORD END))
CASE(a_bare_cr_at_the_end_is_no_newline_of_ours,
     config_expect(&render, "host-record=p," KV ",1.2.3.4\r",
		   OFF "host-record=p," KV ",1.2.3.4\r\r\n"
		       "host-record=p,1.2.3.4 # pldiag: ws +\r\n"
		       "# pldiag: begin ws (written by pl-zone; undo: pl-zone "
		       "undo) (the line above had no newline)\r\n"
		       "local=/" KV "/\r\nhost-record=" KV
		       ",10.0.0.9,60\r\n# pldiag: end ws\r\n"))
CASE(others_in_quotes_are_told,
     config_refuse(&render, "x\naddress=\"/a.example/" KV "/1.2.3.4\"\n",
		   DIAG_EUSAGE, "f:2: names of others"))
CASE(ours_alone_in_quotes_goes,
     GOES(render, "", "address=\"/" KV "/1.2.3.4\"", "", BLOCK))
CASE(windows_endings_stay,
     config_expect(&render, "a\r\nhost-record=p," KV ",1.2.3.4\r\n",
		   "a\r\n" OFF "host-record=p," KV
		   ",1.2.3.4\r\nhost-record=p,1.2.3.4 # pldiag: ws\r\n"
		   "# pldiag: begin ws (written by pl-zone; undo: pl-zone "
		   "undo)\r\nlocal=/" KV "/\r\nhost-record=" KV
		   ",10.0.0.9,60\r\n# pldiag: end ws\r\n"))
CASE(a_record_elsewhere_goes,
     GOES(render, "", "host-record=" KV ",1.2.3.4,60", "", BLOCK))
CASE(a_record_with_an_address_too_many_goes,
     GOES(render, "", "host-record=" KV ",10.0.0.9,fd00::1", "", BLOCK))
CASE(a_record_that_is_right_is_not_said_twice,
     STAYS(render, "host-record=" KV ",10.0.0.9\n", OURS LOCAL END))
CASE(a_local_that_is_there_is_not_said_twice,
     STAYS(render, "server=/x/" KV "/\n", OURS RECORD END))
CASE(what_is_all_said_needs_no_block,
     STAYS(render, LOCAL "host-record=printer," KV ",10.0.0.9\n", ""))
CASE(a_server_for_our_name_goes,
     GOES(render, "", "server=/" KV "/1.2.3.4", "", BLOCK))
CASE(the_usual_servers_for_our_name_go,
     GOES(render, "", "server=/" KV "/#", "", BLOCK))
CASE(an_alias_is_told, config_refuse(&render, "x\ncname=a," KV ",target,60\n",
				     DIAG_EUSAGE, "f:2: an alias (cname)"))
CASE(an_alias_that_leads_to_us_stays,
     STAYS(render, "cname=a.example," KV ",60\ncname=b.example," KV "\n",
	   BLOCK))
CASE(a_comment_is_no_option,
     STAYS(render, "#address=/" KV "/1.2.3.4\nx # cname=" KV ",y\n", BLOCK))
CASE(a_sharp_in_a_word_is_no_comment,
     GOES(render, "", "server=/" KV "/1.2.3.4#53", "", BLOCK))
CASE(a_sharp_in_a_string_is_no_comment,
     STAYS(render, "txt-record=a,\" # x\"\n", BLOCK))
CASE(an_open_string_is_told,
     config_refuse(&render, "x\ny=\"a\\\" # b\n", DIAG_EPARSE,
		   "f:2:3: expected this string to be closed"))
CASE(a_block_in_the_middle_stays_there,
     config_expect(&render, "a\n" OURS "local=/old/\n" END "b\n",
		   "a\n" BLOCK "b\n"))
CASE(a_block_that_somebody_wrote_behind_keeps_its_newline,
     config_expect(&render, "a\n" BARE "local=/old/\n" END "b\n",
		   "a\n" BARE LOCAL RECORD END "b\n"))

CASE(forwarders_and_their_exceptions, config_expect(&forward, "", FORWARDS))
CASE(a_server_for_a_parent_goes,
     GOES(forward, "", "server=/vault.azure.net/8.8.8.8", "", FORWARDS))
CASE(a_local_for_a_parent_goes,
     config_expect(&forward, "local=/lan/vault.azure.net/\n",
		   OFF
		   "local=/lan/vault.azure.net/\nlocal=/lan/" REST FORWARDS))
CASE(an_address_for_a_parent_goes,
     GOES(forward, "", "address=/vault.azure.net/1.2.3.4", "", FORWARDS))
CASE(a_server_for_our_name_hides_it_and_goes,
     GOES(forward, "", "server=/" KV "/8.8.8.8", "", FORWARDS))
CASE(a_wrong_record_hides_it_and_goes,
     GOES(forward, "", "host-record=" KV ",1.2.3.4", "", FORWARDS))
CASE(the_same_server_is_not_said_twice,
     STAYS(forward, SERVERS(VAULT) REBIND(VAULT),
	   OURS SERVERS(BLOB) REBIND(BLOB) SERVERS(CORE) REBIND(CORE) END))
CASE(servers_with_a_port_are_others,
     GOES(forward, "", "server=/vault.azure.net/10.1.1.1#5353", "", FORWARDS))

CASE(a_zone_is_nothing_to_dnsmasq, {
	const struct config_how how = { "dnsmasq", 1, false,
					DIAG_STYLE_PARENT };

	config_refuse(&how, "", DIAG_EUSAGE, "--style");
})

static void includes_are_told(void **state)
{
	static const char text[] = "conf-dir=/etc/dnsmasq.d/,*.conf\n\n"
				   "conf-file=/etc/more.conf\n"
				   "servers-file = \"/etc/a b\"\n";
	struct config_tried t;

	(void)state;
	config_try(&t, &render, text, strlen(text));
	assert_true(t.ok);
	assert_int_equal(3, t.plan.n_includes);
	assert_string_equal("/etc/dnsmasq.d/", t.plan.includes[0].path);
	assert_string_equal("/etc/more.conf", t.plan.includes[1].path);
	assert_int_equal(3, t.plan.includes[1].line);
	assert_string_equal("/etc/a b", t.plan.includes[2].path);
	assert_int_equal(3, t.plan.foreign);
	config_tried_end(&t);
}

/* --- several blocks ---------------------------------------------------------
 */

static void blocks_may_be_taken_out_in_any_order(void **state)
{
	static const char text[] =
	    "a\n" BARE LOCAL END
	    "# pldiag: begin w2 (written by pl-zone; undo: pl-zone undo)\n"
	    "# pldiag: end w2\n";
	const struct config_how none = { "dnsmasq", 0, false, 0 };
	struct config_tried t;

	(void)state;
	config_try(&t, &none, text, strlen(text));
	assert_true(t.ok);
	assert_string_equal("a\n# pldiag: begin w2 (written by pl-zone; undo: "
			    "pl-zone undo) (the line above had no newline)\n"
			    "# pldiag: end w2\n",
			    diag_buf_str(&t.out));
	config_tried_end(&t);
}

/* The block is all said elsewhere and goes: the next one has the newline. */
CASE(a_block_that_goes_leaves_its_newline,
     config_expect(&render,
		   LOCAL RECORD "a\n" BARE LOCAL END
				"# pldiag: begin w2 (x)\n# pldiag: end w2\n",
		   LOCAL RECORD "a\n# pldiag: begin w2 (x) (the line above had "
				"no newline)\n# pldiag: end w2\n"))

/* --- hosts ------------------------------------------------------------------
 */

#define HOSTS                                                             \
	"# pldiag: begin ws (written by pl-hosts; undo: pl-hosts undo)\n" \
	"10.0.0.9 " KV "\n# pldiag: end ws\n"

CASE(a_hosts_file_gets_lines, STAYS(hosts, "127.0.0.1 localhost\n", HOSTS))
CASE(a_wrong_line_goes,
     config_expect(&hosts, "1.2.3.4 " KV " printer\n",
		   OFF "1.2.3.4 " KV " printer\n1.2.3.4 printer # pldiag: "
		       "rest of the line above, for ws\n" HOSTS))
CASE(a_hosts_file_cannot_forward, {
	const struct config_how how = { "coredns", 1, true, 0 };

	config_refuse(&how, "", DIAG_EUSAGE, "f: a hosts file has full names");
})
CASE(a_broken_hosts_file_is_told_with_its_name,
     config_refuse(&hosts, "# pldiag: end ws\n", DIAG_EPARSE, "f: line 1:"))

/* --- refused everywhere -----------------------------------------------------
 */

CASE(a_dialect_without_an_editor_is_told, {
	const struct config_how how = { "windows", 1, false, 0 };

	config_refuse(&how, "", DIAG_EUSAGE, "no editor for its files");
})

static void plan_with(const char *block, size_t len, enum diag_code code)
{
	static const struct diag_zone_names names = { .n = 0 };
	const struct diag_zone_job zone = { .names = &names, .inventory = "" };
	const struct diag_zone_config_job job = {
		.file = "f",
		.block = block,
		.dialect = diag_dialect_find("dnsmasq"),
		.job = &zone,
	};
	struct diag_zone_config_plan plan;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_arena arena;

	diag_arena_init(&arena, 0);
	/* never looked at: it is too long */
	assert_false(
	    diag_zone_config_plan(&arena, "x", len, &job, &plan, &err));
	assert_int_equal(code, err.code);
	diag_arena_clear(&arena);
}

CASE(a_bad_name_for_a_block_is_told, plan_with("a b", 1, DIAG_EUSAGE))
CASE(too_many_bytes_are_told,
     plan_with("ws", DIAG_ZONE_CONFIG_BYTES + 1, DIAG_ELIMIT))

static bool once(void *arg)
{
	struct config_tried t;
	bool ok;

	config_try(&t, &render, arg, strlen(arg));
	ok = t.ok;
	config_tried_end(&t);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	static char text[] =
	    "address=/a/" KV "/1.2.3.4\nconf-file=x\n" BARE LOCAL END OFF
	    "x\na";

	(void)state;
	assert_true(torture(once, text) > 3);
}

int main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(an_empty_file_gets_the_block),
		T(a_missing_final_newline_comes_back_missing),
		T(all_addresses_of_all_names),
		T(an_address_elsewhere_goes),
		T(an_address_that_is_right_stays),
		T(an_address_for_a_parent_stays_ours_are_longer),
		T(blanks_case_and_a_leading_dot_say_nothing),
		T(others_on_the_line_go_on),
		T(others_on_a_last_line_without_newline_go_on),
		T(a_bare_cr_at_the_end_is_no_newline_of_ours),
		T(others_in_quotes_are_told),
		T(ours_alone_in_quotes_goes),
		T(windows_endings_stay),
		T(a_record_elsewhere_goes),
		T(a_record_with_an_address_too_many_goes),
		T(a_record_that_is_right_is_not_said_twice),
		T(a_local_that_is_there_is_not_said_twice),
		T(what_is_all_said_needs_no_block),
		T(a_server_for_our_name_goes),
		T(the_usual_servers_for_our_name_go),
		T(an_alias_is_told),
		T(an_alias_that_leads_to_us_stays),
		T(a_comment_is_no_option),
		T(a_sharp_in_a_word_is_no_comment),
		T(a_sharp_in_a_string_is_no_comment),
		T(an_open_string_is_told),
		T(a_block_in_the_middle_stays_there),
		T(a_block_that_somebody_wrote_behind_keeps_its_newline),
		T(forwarders_and_their_exceptions),
		T(a_server_for_a_parent_goes),
		T(a_local_for_a_parent_goes),
		T(an_address_for_a_parent_goes),
		T(a_server_for_our_name_hides_it_and_goes),
		T(a_wrong_record_hides_it_and_goes),
		T(the_same_server_is_not_said_twice),
		T(servers_with_a_port_are_others),
		T(a_zone_is_nothing_to_dnsmasq),
		T(includes_are_told),
		T(blocks_may_be_taken_out_in_any_order),
		T(a_block_that_goes_leaves_its_newline),
		T(a_hosts_file_gets_lines),
		T(a_wrong_line_goes),
		T(a_hosts_file_cannot_forward),
		T(a_broken_hosts_file_is_told_with_its_name),
		T(a_dialect_without_an_editor_is_told),
		T(a_bad_name_for_a_block_is_told),
		T(too_many_bytes_are_told),
		T(memory_may_be_missing_at_any_point),
	};

	return cmocka_run_group_tests_name("zone_config_dnsmasq", tests, NULL,
					   NULL);
}
