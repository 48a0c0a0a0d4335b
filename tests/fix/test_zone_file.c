/* SPDX-License-Identifier: MIT */
/* What a plan makes of zone files: by hand, and for 5,000 generated ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fix/zone/file.h"
#include "tests/support/torture.h"
#include "tests/support/zone_text.h"

#define ZONE  "vault.azure.net"
#define KV    "kv.vault.azure.net"
#define K2    "k2.vault.azure.net"
#define HEAD  "$TTL 60\n@ IN SOA ns. admin. ( 5 ; serial\n 1 2 3 4 )\n NS ns.\n"
#define HEAD6 "$TTL 60\n@ IN SOA ns. admin. ( 6 ; serial\n 1 2 3 4 )\n NS ns.\n"
#define OURS  " ; pldiag: ws"
#define OFF   "; pldiag: off ws: "

struct planned {
	struct diag_arena arena;
	struct diag_zone_rr rrs[8];
	struct diag_zone_file_plan plan;
	struct diag_buf out;
	struct diag_err err;
	bool ok;
};

static struct diag_zone_rr rr(const char *owner, const char *addr)
{
	struct diag_zone_rr r = { .owner = owner, .ttl_s = 60 };

	if (!diag_addr_parse(addr, &r.addr))
		fail_msg("%s", addr);
	return r;
}

static void plan_len(struct planned *p, const char *text, size_t len, size_t n)
{
	const struct diag_zone_file_job job = { .file = "z",
						.origin = ZONE,
						.block = "ws",
						.rrs = p->rrs,
						.n = n };

	p->err = (struct diag_err){ .code = DIAG_OK };
	diag_arena_init(&p->arena, 0);
	diag_buf_init(&p->out, 1 << 22);
	p->ok = diag_zone_file_plan(&p->arena, text, len, &job, &p->plan,
				    &p->err) &&
		diag_edits_apply(&p->plan.edits, text, len, &p->out, &p->err);
}

static void end(struct planned *p)
{
	diag_buf_clear(&p->out);
	diag_arena_clear(&p->arena);
}

/* KV shall be 10.0.0.9 (n 1), K2 10.0.0.8 too (n 2), nothing of ours (n 0). */
static void plan_n(struct planned *p, const char *text, size_t n)
{
	memset(p, 0, sizeof(*p));
	p->rrs[0] = rr(KV, "10.0.0.9");
	p->rrs[1] = rr(K2, "10.0.0.8");
	plan_len(p, text, strlen(text), n);
}

static void expect(const char *text, size_t n, const char *want)
{
	struct planned p;

	plan_n(&p, text, n);
	if (!p.ok)
		fail_msg("%s: %s", p.err.op, p.err.what);
	assert_string_equal(want, diag_buf_str(&p.out));
	end(&p);
	/* twice is once, and without records everything comes back */
	plan_n(&p, want, n);
	assert_true(p.ok);
	assert_int_equal(0, p.plan.edits.n);
	end(&p);
}

static void refuse(const char *text, enum diag_code code, const char *what)
{
	struct planned p;

	plan_n(&p, text, 1);
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

CASE(a_missing_record_comes_at_the_end_and_the_serial_rises,
     expect(HEAD, 1, HEAD6 KV ".\t60\tIN\tA\t10.0.0.9" OURS "\n"))
CASE(a_record_that_is_there_needs_nothing,
     expect(HEAD "kv 600 A 10.0.0.9\n", 1, HEAD "kv 600 A 10.0.0.9\n"))
CASE(the_whole_name_is_the_same_name,
     expect(HEAD "KV.Vault.azure.net. IN A 10.0.0.9\n", 1,
	    HEAD "KV.Vault.azure.net. IN A 10.0.0.9\n"))
CASE(a_wrong_record_is_replaced_where_it_stands,
     expect(HEAD "kv A 10.0.0.7 ; old\nx A 10.0.0.1\n", 1,
	    HEAD6 OFF "kv A 10.0.0.7 ; old\nkv\t60\tIN\tA\t10.0.0.9" OURS
		      "\nx A 10.0.0.1\n"))
CASE(records_behind_it_keep_their_owner,
     expect(HEAD "kv A 10.0.0.7\n TXT \"kept\"\n", 1,
	    HEAD6 OFF "kv A 10.0.0.7\nkv\t60\tIN\tA\t10.0.0.9" OURS
		      "\n TXT \"kept\"\n"))
CASE(a_wrong_record_beside_a_right_one_goes,
     expect(HEAD "kv A 10.0.0.9\n A 10.0.0.7\n", 1,
	    HEAD6 "kv A 10.0.0.9\n" OFF " A 10.0.0.7\n"))
CASE(an_ipv6_address_nobody_expects_goes,
     expect(HEAD "kv A 10.0.0.9\nkv AAAA fd00::1\n TXT x\n", 1,
	    HEAD6 "kv A 10.0.0.9\n" OFF
		  "kv AAAA fd00::1\nkv\t60\tIN\tA\t10.0.0.9" OURS "\n TXT x\n"))
CASE(a_record_over_several_lines_is_put_out_whole,
     expect(HEAD "kv A (\n 10.0.0.7 )\n", 1,
	    HEAD6 OFF "kv A (\n" OFF " 10.0.0.7 )\nkv\t60\tIN\tA\t10.0.0.9" OURS
		      "\n"))
CASE(two_missing_records_come_in_order,
     expect(HEAD, 2,
	    HEAD6 KV ".\t60\tIN\tA\t10.0.0.9" OURS "\n" K2
		     ".\t60\tIN\tA\t10.0.0.8" OURS "\n"))
CASE(a_record_no_longer_asked_for_goes,
     expect(HEAD6 KV ".\t60\tIN\tA\t10.0.0.9" OURS "\n" K2
		     ".\t60\tIN\tA\t10.0.0.8" OURS "\n",
	    1,
	    "$TTL 60\n@ IN SOA ns. admin. ( 7 ; serial\n 1 2 3 4 )\n NS "
	    "ns.\n" KV ".\t60\tIN\tA\t10.0.0.9" OURS "\n"))
CASE(an_origin_below_is_followed,
     expect(HEAD "$ORIGIN azure.net.\nkv.vault A 10.0.0.9\n", 1,
	    HEAD "$ORIGIN azure.net.\nkv.vault A 10.0.0.9\n"))
CASE(a_quoted_semicolon_is_no_comment,
     expect(HEAD "t TXT \"; kv A 10.0.0.7\"\nkv A 10.0.0.9\n", 1,
	    HEAD "t TXT \"; kv A 10.0.0.7\"\nkv A 10.0.0.9\n"))
CASE(a_comment_is_no_record, expect(HEAD "; kv A 10.0.0.7\nkv A 10.0.0.9\n", 1,
				    HEAD "; kv A 10.0.0.7\nkv A 10.0.0.9\n"))
CASE(a_missing_final_newline_comes_back_missing,
     expect(HEAD "x A 10.0.0.1", 1,
	    HEAD6 "x A 10.0.0.1\n" KV ".\t60\tIN\tA\t10.0.0.9" OURS " +\n"))
CASE(a_bare_cr_at_the_end_is_no_newline_of_ours,
     expect("@ SOA n. a. 5 1 2 3 4\nkv A 10.0.0.7\r", 2,
	    "@ SOA n. a. 6 1 2 3 4\n" OFF
	    "kv A 10.0.0.7\r\r\nkv\t60\tIN\tA\t10.0.0.9" OURS " +\r\n" K2
	    ".\t60\tIN\tA\t10.0.0.8" OURS " +\r\n"))
CASE(windows_endings_stay, expect("$TTL 60\r\n@ SOA n. a. 5 1 2 3 4\r\n", 1,
				  "$TTL 60\r\n@ SOA n. a. 6 1 2 3 4\r\n" KV
				  ".\t60\tIN\tA\t10.0.0.9" OURS "\r\n"))
CASE(an_alias_at_the_name_is_told,
     refuse(HEAD "kv CNAME elsewhere.\n", DIAG_EUSAGE, "z:5: an alias"))
CASE(a_delegation_above_is_told,
     refuse("@ SOA n. a. 1 1 1 1 1\nkv NS ns.elsewhere.\n", DIAG_EUSAGE,
	    "z:2: other servers"))
CASE(a_dname_at_the_top_is_told,
     refuse(HEAD "@ DNAME elsewhere.\n", DIAG_EUSAGE, "DNAME"))
CASE(an_open_parenthesis_is_told,
     refuse(HEAD "x A ( 10.0.0.1\n", DIAG_EPARSE, "z:5:5: this parenthesis"))
CASE(a_closed_parenthesis_is_told,
     refuse(HEAD "x A 10.0.0.1 )\n", DIAG_EPARSE, "z:5:14:"))
CASE(an_open_quote_is_told,
     refuse(HEAD "x TXT \"a\nb\"\n", DIAG_EPARSE, "z:5:7: this quote"))

static void a_name_outside_of_the_zone_is_told(void **state)
{
	struct planned p;

	(void)state;
	memset(&p, 0, sizeof(p));
	p.rrs[0] = rr("kv.elsewhere.net", "10.0.0.9");
	plan_len(&p, HEAD, strlen(HEAD), 1);
	assert_false(p.ok);
	assert_non_null(strstr(p.err.what, "not in the zone"));
	end(&p);
}

static void includes_are_told_with_their_origin(void **state)
{
	struct planned p;

	(void)state;
	plan_n(&p, HEAD "$INCLUDE sub.db sub\n$INCLUDE \"b c\"\n", 1);
	assert_true(p.ok);
	assert_int_equal(2, p.plan.n_includes);
	assert_string_equal("sub.db", p.plan.includes[0].path);
	assert_string_equal("sub." ZONE, p.plan.includes[0].origin);
	assert_string_equal("b c", p.plan.includes[1].path);
	assert_string_equal(ZONE, p.plan.includes[1].origin);
	end(&p);
}

/* Ours brought a newline along; what somebody wrote behind it is a line of its
 * own all the same. */
static void what_is_written_behind_ours_stays_a_line(void **state)
{
	(void)state;
	expect(HEAD "a A 1.2.3.4\n" KV ".\t60\tIN\tA\t10.0.0.9" OURS
		    " +\nnew A 1.2.3.5\n",
	       1,
	       HEAD6 "a A 1.2.3.4\nnew A 1.2.3.5\n" KV
		     ".\t60\tIN\tA\t10.0.0.9" OURS "\n");
	expect(HEAD OFF "kv A 1.2.3.4\nkv\t60\tIN\tA\t10.0.0.9" OURS " +\n" K2
			".\t60\tIN\tA\t10.0.0.8" OURS " +\nnew A 1.2.3.5",
	       0, HEAD6 "kv A 1.2.3.4\nnew A 1.2.3.5");
}

static void the_top_of_the_zone_may_be_ours(void **state)
{
	struct planned p;

	(void)state;
	memset(&p, 0, sizeof(p));
	p.rrs[0] = rr(ZONE, "10.0.0.9");
	plan_len(&p, HEAD "@ A 10.0.0.7\n", strlen(HEAD "@ A 10.0.0.7\n"), 1);
	assert_true(p.ok);
	assert_non_null(
	    strstr(diag_buf_str(&p.out), "\n@\t60\tIN\tA\t10.0.0.9"));
	end(&p);
}

/* --- serials ---------------------------------------------------------------
 */

static void serials_rise_by_their_policy(void **state)
{
	const int64_t now = 1795826400; /* 2026-11-28 */

	(void)state;
	assert_int_equal(6, diag_zone_serial(5, DIAG_SERIAL_INCREMENT, now));
	assert_int_equal(5, diag_zone_serial(5, DIAG_SERIAL_KEEP, now));
	assert_int_equal(2026112800,
			 diag_zone_serial(5, DIAG_SERIAL_DATE, now));
	assert_int_equal(now, diag_zone_serial(5, DIAG_SERIAL_UNIXTIME, now));
}

static void a_date_never_goes_backwards(void **state)
{
	const int64_t now = 1795826400;

	(void)state;
	assert_int_equal(2026112801,
			 diag_zone_serial(2026112800, DIAG_SERIAL_DATE, now));
	assert_int_equal(2030010102,
			 diag_zone_serial(2030010101, DIAG_SERIAL_DATE, now));
}

static void a_serial_wraps_and_is_never_nought(void **state)
{
	(void)state;
	assert_int_equal(
	    1, diag_zone_serial(UINT32_MAX, DIAG_SERIAL_INCREMENT, 0));
	/* RFC 1982: 10 is greater than 4294967290 */
	assert_int_equal(
	    UINT32_MAX - 4,
	    diag_zone_serial(UINT32_MAX - 5, DIAG_SERIAL_INCREMENT, 0));
}

/* --- generated -------------------------------------------------------------
 */

/* The serial is ours to raise; everything else must come back. */
static void without_serial(struct diag_buf *b)
{
	if (b->len > 12)
		b->data[12] = '1';
}

static void taking_our_records_out_gives_every_byte_back(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5000; seed++) {
		struct planned there, again, back;
		struct diag_buf text;

		zone_text(seed, &text);
		plan_n(&there, diag_buf_str(&text), 1 + seed % 2);
		if (!there.ok)
			fail_msg("seed %u: %s", (unsigned)seed, there.err.what);
		plan_n(&again, diag_buf_str(&there.out), 1 + seed % 2);
		if (!again.ok || again.plan.edits.n != 0)
			fail_msg("seed %u: twice is not once: %s\n%s",
				 (unsigned)seed, diag_buf_str(&there.out),
				 diag_buf_str(&again.out));
		plan_n(&back, diag_buf_str(&there.out), 0);
		assert_true(back.ok);
		without_serial(&back.out);
		if (strcmp(diag_buf_str(&back.out), diag_buf_str(&text)) != 0)
			fail_msg("seed %u: it did not come back:\n%s\n---\n%s"
				 "\n---\n%s",
				 (unsigned)seed, diag_buf_str(&text),
				 diag_buf_str(&there.out),
				 diag_buf_str(&back.out));
		end(&there);
		end(&again);
		end(&back);
		diag_buf_clear(&text);
	}
}

static bool once(void *arg)
{
	struct planned p;
	bool ok;

	plan_n(&p, arg, 2);
	ok = p.ok;
	end(&p);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	static char text[] = HEAD "kv A 10.0.0.7\n$INCLUDE x\n";

	(void)state;
	assert_true(torture(once, text) > 3);
}

int main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(a_missing_record_comes_at_the_end_and_the_serial_rises),
		T(a_record_that_is_there_needs_nothing),
		T(the_whole_name_is_the_same_name),
		T(a_wrong_record_is_replaced_where_it_stands),
		T(records_behind_it_keep_their_owner),
		T(a_wrong_record_beside_a_right_one_goes),
		T(an_ipv6_address_nobody_expects_goes),
		T(a_record_over_several_lines_is_put_out_whole),
		T(two_missing_records_come_in_order),
		T(a_record_no_longer_asked_for_goes),
		T(an_origin_below_is_followed),
		T(a_quoted_semicolon_is_no_comment),
		T(a_comment_is_no_record),
		T(a_missing_final_newline_comes_back_missing),
		T(a_bare_cr_at_the_end_is_no_newline_of_ours),
		T(windows_endings_stay),
		T(an_alias_at_the_name_is_told),
		T(a_delegation_above_is_told),
		T(a_dname_at_the_top_is_told),
		T(an_open_parenthesis_is_told),
		T(a_closed_parenthesis_is_told),
		T(an_open_quote_is_told),
		T(a_name_outside_of_the_zone_is_told),
		T(includes_are_told_with_their_origin),
		T(what_is_written_behind_ours_stays_a_line),
		T(the_top_of_the_zone_may_be_ours),
		T(serials_rise_by_their_policy),
		T(a_date_never_goes_backwards),
		T(a_serial_wraps_and_is_never_nought),
		T(taking_our_records_out_gives_every_byte_back),
		T(memory_may_be_missing_at_any_point),
	};

	return cmocka_run_group_tests_name("zone_file", tests, NULL, NULL);
}
