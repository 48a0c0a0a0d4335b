/* SPDX-License-Identifier: MIT */
/* A zone of several files: what is seen in those it includes, what is changed
 * in them, and whose zone a text says it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fix/zone/file.h"
#include "tests/support/torture.h"

#define ZONE "vault.azure.net"
#define KV   "kv.vault.azure.net"
#define SOA  "@ IN SOA ns. admin. 5 1 2 3 4\n NS ns.\n"
#define SOA6 "@ IN SOA ns. admin. 6 1 2 3 4\n NS ns.\n"
#define OURS "\t60\tIN\tA\t10.0.0.9 ; pldiag: ws"
#define OFF  "; pldiag: off ws: "

#define TEXTS 4

struct zone {
	const char *main;
	const char *texts[TEXTS]; /* each is called "1", "2" ... */
	bool edit;
	enum diag_serial serial;

	struct diag_arena arena;
	struct diag_zone_file_plan plan;
	struct diag_buf out[TEXTS + 1];
	struct diag_err err;
	bool ok;
};

static size_t count(const struct zone *z)
{
	size_t n = 0;

	while (n < TEXTS && z->texts[n] != NULL)
		n++;
	return n;
}

static void make(struct zone *z)
{
	static const struct diag_zone_link links[TEXTS] = {
		{ "1", 0 }, { "2", 1 }, { "3", 2 }, { "4", 3 }
	};
	struct diag_zone_rr kv = { .owner = KV, .ttl_s = 60 };
	struct diag_zone_text_in in[TEXTS];
	struct diag_zone_file_job job = { .file = "z",
					  .origin = ZONE,
					  .block = "ws",
					  .rrs = &kv,
					  .n = 1,
					  .serial = z->serial,
					  .texts = in,
					  .n_texts = count(z),
					  .links = links,
					  .n_links = count(z),
					  .edit_includes = z->edit };

	kv.addr = diag_addr_v4(10, 0, 0, 9);
	for (size_t i = 0; i < job.n_texts; i++)
		in[i] = (struct diag_zone_text_in){ links[i].path, z->texts[i],
						    strlen(z->texts[i]) };
	diag_arena_init(&z->arena, 0);
	z->err = (struct diag_err){ .code = DIAG_OK };
	z->ok = diag_zone_file_plan(&z->arena, z->main, strlen(z->main), &job,
				    &z->plan, &z->err);
	for (size_t i = 0; i <= job.n_texts; i++) {
		const char *text = i == 0 ? z->main : z->texts[i - 1];

		diag_buf_init(&z->out[i], 1 << 16);
		if (z->ok)
			z->ok = diag_edits_apply(
			    i == 0 ? &z->plan.edits
				   : &z->plan.texts[i - 1].edits,
			    text, strlen(text), &z->out[i], &z->err);
	}
}

static void end(struct zone *z)
{
	for (size_t i = 0; i <= count(z); i++)
		diag_buf_clear(&z->out[i]);
	diag_arena_clear(&z->arena);
}

static void becomes(struct zone *z, const char *main, const char *first)
{
	struct zone again = { .edit = z->edit, .serial = z->serial };

	make(z);
	if (!z->ok)
		fail_msg("%s: %s", z->err.op, z->err.what);
	assert_string_equal(main, diag_buf_str(&z->out[0]));
	assert_string_equal(first, diag_buf_str(&z->out[1]));
	/* twice is once */
	again.main = diag_buf_str(&z->out[0]);
	for (size_t i = 0; i < count(z); i++)
		again.texts[i] = diag_buf_str(&z->out[i + 1]);
	make(&again);
	assert_true(again.ok);
	assert_int_equal(0, again.plan.edits.n);
	for (size_t i = 0; i < count(z); i++)
		assert_int_equal(0, again.plan.texts[i].edits.n);
	end(&again);
	end(z);
}

static void refused(struct zone *z, const char *what)
{
	make(z);
	assert_false(z->ok);
	if (strstr(z->err.what, what) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", what, z->err.what);
	end(z);
}

#define CASE(name, ...)                         \
	static void name(void **state)          \
	{                                       \
		struct zone z = { .main = "" }; \
		(void)state;                    \
		__VA_ARGS__;                    \
	}

#define INCLUDE "$INCLUDE 1\n"

CASE(a_right_record_in_an_included_file_is_enough,
     (z.main = SOA INCLUDE, z.texts[0] = "kv A 10.0.0.9\n",
      becomes(&z, z.main, z.texts[0])))
CASE(an_origin_behind_the_name_counts_there_and_only_there,
     (z.main = "$ORIGIN azure.net.\nvault SOA ns. a. 5 1 2 3 4\n"
	       "$INCLUDE 1 vault\nkv A 10.0.0.7\n",
      z.texts[0] = "kv A 10.0.0.9\n", becomes(&z, z.main, z.texts[0])))
CASE(an_origin_inside_ends_with_the_file,
     (z.main = SOA INCLUDE "kv A 10.0.0.9\n",
      z.texts[0] = "$ORIGIN elsewhere.\nkv A 10.0.0.7\n",
      becomes(&z, z.main, z.texts[0])))
CASE(the_owner_before_comes_back_behind_the_file,
     (z.main = SOA "kv TXT x\n" INCLUDE " A 10.0.0.9\n",
      z.texts[0] = "other A 10.0.0.7\n", becomes(&z, z.main, z.texts[0])))
CASE(a_file_in_a_file_is_read,
     (z.main = SOA INCLUDE, z.texts[0] = "$INCLUDE 2\n",
      z.texts[1] = "kv A 10.0.0.9\n", becomes(&z, z.main, z.texts[0])))
CASE(what_is_missing_comes_into_the_zone_file,
     (z.main = SOA INCLUDE, z.texts[0] = "other A 10.0.0.7\n",
      becomes(&z, SOA6 INCLUDE KV "." OURS "\n", z.texts[0])))
CASE(a_wrong_record_in_it_wants_includes,
     (z.main = SOA INCLUDE, z.texts[0] = "\nkv A 10.0.0.7\n",
      refused(&z, "1:2: another address stands here, in an included file; "
		  "--includes")))
CASE(with_includes_it_is_replaced_there_and_the_serial_rises,
     (z.main = SOA INCLUDE, z.texts[0] = "x A 1.2.3.4\nkv A 10.0.0.7\n",
      z.edit = true,
      becomes(&z, SOA6 INCLUDE,
	      "x A 1.2.3.4\n" OFF "kv A 10.0.0.7\nkv" OURS "\n")))
CASE(a_serial_in_it_wants_includes,
     (z.main = INCLUDE, z.texts[0] = SOA,
      refused(&z, "1: the serial stands in this included file")))
CASE(a_serial_that_is_kept_wants_nothing,
     (z.main = INCLUDE, z.texts[0] = SOA, z.serial = DIAG_SERIAL_KEEP,
      becomes(&z, INCLUDE KV "." OURS "\n", SOA)))
CASE(with_includes_the_serial_in_it_rises,
     (z.main = INCLUDE, z.texts[0] = SOA, z.edit = true,
      becomes(&z, INCLUDE KV "." OURS "\n", SOA6)))
CASE(an_alias_in_it_is_told, (z.main = SOA INCLUDE, z.texts[0] = "kv CNAME x\n",
			      refused(&z, "1:1: an alias (CNAME)")))
CASE(a_delegation_in_it_is_told,
     (z.main = SOA INCLUDE, z.texts[0] = "kv NS x\n",
      refused(&z, "1:1: other servers answer")))
CASE(a_file_that_is_included_twice_is_read_twice,
     (z.main = SOA "$INCLUDE 1 sub\n$INCLUDE 1\n",
      z.texts[0] = "kv A 10.0.0.9\n", becomes(&z, z.main, z.texts[0])))
CASE(and_is_changed_for_neither, (z.main = SOA "$INCLUDE 1 sub\n$INCLUDE 1\n",
				  z.texts[0] = "kv A 10.0.0.7\n", z.edit = true,
				  refused(&z, "included more than once")))
CASE(nor_before_it_comes_again, (z.main = SOA "$INCLUDE 1\n$INCLUDE 1 sub\n",
				 z.texts[0] = "kv A 10.0.0.7\n", z.edit = true,
				 refused(&z, "included more than once")))
CASE(a_file_that_includes_itself_comes_to_an_end,
     (z.main = SOA INCLUDE, z.texts[0] = INCLUDE, refused(&z, "10 deep")))
CASE(an_error_in_it_names_it,
     (z.main = SOA INCLUDE, z.texts[0] = "\n a (\n",
      refused(&z, "1:2:4: this parenthesis is never closed")))
CASE(an_origin_that_is_no_name_is_told,
     (z.main = SOA "$INCLUDE 1 a\\046b\n", z.texts[0] = "",
      refused(&z, "z:3: $INCLUDE: expected a name")))

static void what_is_lacking_is_told_with_its_place(void **state)
{
	struct zone z = { .main = OFF "kv A 10.0.0.7\n" SOA
				      "$INCLUDE 1\n$INCLUDE \"9\" sub\n",
			  .texts = { "$INCLUDE 8\n" } };
	const struct diag_zone_include *inc;

	(void)state;
	make(&z);
	assert_true(z.ok);
	assert_int_equal(3, z.plan.n_includes);
	inc = z.plan.includes;
	assert_true(inc[0].given && !inc[1].given && !inc[2].given);
	assert_string_equal("8", inc[1].path);
	assert_string_equal("1", inc[1].file);
	assert_int_equal(1, inc[1].in);
	assert_string_equal("sub." ZONE, inc[2].origin);
	/* in the text as it is, our marks among it */
	assert_int_equal('1', z.main[inc[0].at]);
	assert_int_equal('9', z.main[inc[2].at]);
	assert_int_equal(1, inc[2].len);
	end(&z);
}

static bool once(void *arg)
{
	struct zone z = { .main = SOA INCLUDE,
			  .texts = { "kv A 10.0.0.7\n$INCLUDE 2\n", "" },
			  .edit = true };
	bool ok;

	(void)arg;
	make(&z);
	ok = z.ok;
	end(&z);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	(void)state;
	assert_true(torture(once, NULL) > 3);
}

/* --- whose zone ------------------------------------------------------------
 */

static void says(const char *text, enum diag_zone_says want, const char *zone)
{
	char origin[256];

	if (diag_zone_file_says(text, strlen(text), origin) != want)
		fail_msg("%s", text);
	assert_string_equal(zone, origin);
}

static void a_text_says_whose_zone_it_is(void **state)
{
	(void)state;
	says("$ORIGIN Vault.Azure.Net.\nkv A 1.2.3.4\n", DIAG_ZONE_SAYS_ORIGIN,
	     ZONE);
	says("; c\n$TTL 60\nvault.azure.net. 60 IN SOA ns. a. 1 2 3 4 5\n",
	     DIAG_ZONE_SAYS_ORIGIN, ZONE);
	says("$ORIGIN net.\n$ORIGIN azure\nvault SOA ns. a. 1 2 3 4 5\n",
	     DIAG_ZONE_SAYS_ORIGIN, ZONE);
	says("$ORIGIN vault.azure.net.\n@ SOA ( ns.\n a.\n 1 2 3 4 5 )\n",
	     DIAG_ZONE_SAYS_ORIGIN, ZONE);
}

static void a_text_that_does_not_say_it_is_not_guessed(void **state)
{
	(void)state;
	says("", DIAG_ZONE_SAYS_NOTHING, "");
	says(SOA, DIAG_ZONE_SAYS_ZONE, "");
	says("$ORIGIN vault\n@ SOA ns. a. 1 2 3 4 5\n", DIAG_ZONE_SAYS_ZONE,
	     "");
	says("kv A 1.2.3.4\n$ORIGIN vault.azure.net.\n", DIAG_ZONE_SAYS_NOTHING,
	     "");
	says("server:\n local-data: \"x. SOA a. b. 1 2 3 4 5\"\n",
	     DIAG_ZONE_SAYS_NOTHING, "");
	says("zone \"vault.azure.net\" { type primary; };\n",
	     DIAG_ZONE_SAYS_NOTHING, "");
	says("address=/vault.azure.net/10.0.0.9\n", DIAG_ZONE_SAYS_NOTHING, "");
	says("a (\n", DIAG_ZONE_SAYS_NOTHING, "");
}

int main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(a_right_record_in_an_included_file_is_enough),
		T(an_origin_behind_the_name_counts_there_and_only_there),
		T(an_origin_inside_ends_with_the_file),
		T(the_owner_before_comes_back_behind_the_file),
		T(a_file_in_a_file_is_read),
		T(what_is_missing_comes_into_the_zone_file),
		T(a_wrong_record_in_it_wants_includes),
		T(with_includes_it_is_replaced_there_and_the_serial_rises),
		T(a_serial_in_it_wants_includes),
		T(a_serial_that_is_kept_wants_nothing),
		T(with_includes_the_serial_in_it_rises),
		T(an_alias_in_it_is_told),
		T(a_delegation_in_it_is_told),
		T(a_file_that_is_included_twice_is_read_twice),
		T(and_is_changed_for_neither),
		T(nor_before_it_comes_again),
		T(a_file_that_includes_itself_comes_to_an_end),
		T(an_error_in_it_names_it),
		T(an_origin_that_is_no_name_is_told),
		T(what_is_lacking_is_told_with_its_place),
		T(memory_may_be_missing_at_any_point),
		T(a_text_says_whose_zone_it_is),
		T(a_text_that_does_not_say_it_is_not_guessed),
	};

	return cmocka_run_group_tests_name("zone_includes", tests, NULL, NULL);
}
