/* SPDX-License-Identifier: MIT */
/* What the system reads in a hosts file: edges, and who wins.  The cases were
 * measured with getent(1) on glibc 2.36 over a bind-mounted file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "hosts/hosts.h"
#include "inventory/catalogue.h"

struct parsed {
	struct diag_arena arena;
	struct diag_hosts h;
};

static void parse_n(struct parsed *p, const char *text, size_t len)
{
	struct diag_err err = { 0 };

	diag_arena_init(&p->arena, 0);
	memset(&p->h, 0, sizeof(p->h));
	assert_true(diag_hosts_parse(&p->arena, text, len, &p->h, &err));
}

static void parse(struct parsed *p, const char *text)
{
	parse_n(p, text, strlen(text));
}

static void assert_answers(const struct parsed *p, const char *name,
			   enum diag_family family, const char *want)
{
	char got[400] = "";
	const struct diag_hosts_edge *e;

	for (size_t i = 0;
	     (e = diag_hosts_lookup(&p->h, name, family, i)) != NULL; i++) {
		char text[DIAG_ADDR_TEXT];
		size_t n = strlen(got);

		(void)snprintf(got + n, sizeof(got) - n, "%s%s", n ? " " : "",
			       diag_addr_text(e->addr, text));
	}
	assert_string_equal(want, got);
}

static void names_are_answered_as_glibc_does(void **unused)
{
	static const struct {
		const char *text, *name, *want;
	} t[] = {
		{ "10.0.0.1 a.test\n", "a.test", "10.0.0.1" },
		{ "10.0.0.1 a.test", "a.test", "10.0.0.1" },
		{ " \t10.0.0.1\ta.test\r\n", "a.test", "10.0.0.1" },
		{ "10.0.0.1 A.TEST b.Test\n", "b.test", "10.0.0.1" },
		{ "10.0.0.1 A.TEST b.Test\n", "a.test", "10.0.0.1" },
		{ "10.0.0.1 a.test\n10.0.0.2 b.test\n10.0.0.3 a.test\n",
		  "a.test", "10.0.0.1 10.0.0.3" },
		{ "10.0.0.1 a.test#b.test\n", "a.test", "10.0.0.1" },
		{ "10.0.0.1 a.test#b.test\n", "b.test", "" },
		{ "#10.0.0.1 a.test\n", "a.test", "" },
		{ "10.0.0.1 # a.test\n", "a.test", "" },
		{ "10.0.0.1 a.test.\n", "a.test", "" },
		{ "10.0.0.1 a.test.\n", "a.test.", "10.0.0.1" },
		{ "\xef\xbb\xbf"
		  "10.0.0.1 a.test\n10.0.0.2 a.test\n",
		  "a.test", "10.0.0.2" },
		{ "fe80::1%lo a.test\n", "a.test", "" },
		{ "010.0.0.1 a.test\n", "a.test", "" },
		{ "10.0.0.1 a.test\vb.test\fc.test\n", "c.test", "10.0.0.1" },
		{ "10.0.0.1 a.test\r10.0.0.2 b.test\n", "b.test", "10.0.0.1" },
		{ "fd00::5 a.test\n10.0.0.1 a.test\n", "a.test",
		  "fd00::5 10.0.0.1" },
		{ "10.0.0.1\n", "", "" },
		{ "", "a.test", "" },
		{ "\n\n\n", "a.test", "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct parsed p;

		parse(&p, t[i].text);
		assert_answers(&p, t[i].name, DIAG_NOFAM, t[i].want);
		p.h.index = NULL; /* and the same without the index */
		assert_answers(&p, t[i].name, DIAG_NOFAM, t[i].want);
		diag_arena_clear(&p.arena);
	}
}

static void a_family_can_be_asked_alone(void **unused)
{
	struct parsed p;

	(void)unused;
	parse(&p, "fd00::5 a.test\n10.0.0.1 a.test\nfd00::6 a.test\n");
	assert_answers(&p, "a.test", DIAG_IPV4, "10.0.0.1");
	assert_answers(&p, "a.test", DIAG_IPV6, "fd00::5 fd00::6");
	diag_arena_clear(&p.arena);
}

static void a_nul_ends_what_a_line_says(void **unused)
{
	static const char text[] = "10.0.0.1 a.test\0 b.test\n10.0.0.2 c.test";
	struct parsed p;

	(void)unused;
	parse_n(&p, text, sizeof(text) - 1);
	assert_answers(&p, "a.test", DIAG_NOFAM, "10.0.0.1");
	assert_answers(&p, "b.test", DIAG_NOFAM, "");
	assert_answers(&p, "c.test", DIAG_NOFAM, "10.0.0.2");
	diag_arena_clear(&p.arena);
}

static void edges_say_where_they_stand(void **unused)
{
	struct parsed p;

	(void)unused;
	parse(&p, "# head\n\n10.0.0.1\tone.test  Two.test\n");
	assert_int_equal(2, p.h.n_edges);
	assert_string_equal("one.test", p.h.edges[0].name);
	assert_int_equal(3, p.h.edges[0].line);
	assert_int_equal(10, p.h.edges[0].column);
	assert_true(p.h.edges[0].canonical);
	assert_string_equal("two.test", p.h.edges[1].name);
	assert_int_equal(20, p.h.edges[1].column);
	assert_false(p.h.edges[1].canonical);
	assert_int_equal(0, p.h.n_faults);
	diag_arena_clear(&p.arena);
}

static void a_file_that_is_too_large_is_an_error(void **unused)
{
	struct diag_err err = { 0 };
	struct diag_arena arena;
	struct diag_hosts h;

	(void)unused;
	diag_arena_init(&arena, 0);
	assert_false(
	    diag_hosts_parse(&arena, "", DIAG_HOSTS_BYTES + 1, &h, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	diag_arena_clear(&arena);
}

/* Many names, some of them often: each finds its own and in file order. */
static void names_of_a_large_file_find_their_own(void **unused)
{
	struct diag_buf text;
	struct parsed p;

	(void)unused;
	diag_buf_init(&text, (size_t)1 << 20);
	for (unsigned i = 0; i < 5000; i++)
		diag_buf_printf(&text, "10.0.%u.%u n%u.test m%u.test\n",
				i / 250, i % 250, i, i % 1000);
	parse_n(&p, text.data, text.len);
	assert_int_equal(10000, p.h.n_edges);
	assert_answers(&p, "n4321.test", DIAG_NOFAM, "10.0.17.71");
	assert_answers(&p, "m7.test", DIAG_NOFAM,
		       "10.0.0.7 10.0.4.7 10.0.8.7 10.0.12.7 10.0.16.7");
	assert_answers(&p, "n5000.test", DIAG_NOFAM, "");
	diag_arena_clear(&p.arena);
	diag_buf_clear(&text);
}

/* Longer than the pieces that names are copied to, and between short ones. */
static void a_name_may_be_of_any_length(void **unused)
{
	const size_t len = 100000;
	struct diag_buf text;
	struct parsed p;

	(void)unused;
	diag_buf_init(&text, (size_t)1 << 20);
	diag_buf_puts(&text, "10.0.0.1 before.test ");
	for (unsigned i = 0; i < 3; i++) {
		diag_buf_pad(&text, 'A', len + i);
		diag_buf_printf(&text, " behind%u.test ", i);
	}
	parse_n(&p, text.data, text.len);
	assert_int_equal(7, p.h.n_edges);
	assert_string_equal("before.test", p.h.edges[0].name);
	for (unsigned i = 0; i < 3; i++) {
		const char *name = p.h.edges[1 + 2 * i].name;

		assert_int_equal(len + i, strlen(name));
		assert_int_equal(len + i, strspn(name, "a"));
	}
	assert_string_equal("behind2.test", p.h.edges[6].name);
	diag_arena_clear(&p.arena);
	diag_buf_clear(&text);
}

/* What a large file may cost: its sinks are one address, or every line has
 * another one. */
static void a_block_list_takes_little_memory(void **unused)
{
	struct diag_buf text;

	(void)unused;
	for (unsigned different = 0; different < 2; different++) {
		struct parsed p;

		diag_buf_init(&text, (size_t)16 << 20);
		for (unsigned i = 0; i < 100000; i++)
			diag_buf_printf(
			    &text, "10.%u.%u.%u ads%u.tracker.example\n",
			    different * (i >> 16), different * (i >> 8 & 255),
			    different * (i & 255), i);
		parse_n(&p, text.data, text.len);
		assert_int_equal(100000, p.h.n_edges);
		assert_answers(&p, "ads99999.tracker.example", DIAG_NOFAM,
			       different ? "10.1.134.159" : "10.0.0.0");
		assert_in_range(p.arena.used, text.len,
				different ? text.len * 3 : text.len * 2);
		diag_arena_clear(&p.arena);
		diag_buf_clear(&text);
	}
}

static void without_memory_the_error_says_so(void **unused)
{
	static const char text[] = "10.0.0.1 a.test b.test c.test\n"
				   "10.0.0.2x.azurecr.io\n10.0.0.3 d.test.\n"
				   "10.0.0.3 k.vaultcore.azure.net\n";
	bool ok = false;
	unsigned n = 0;

	(void)unused;
	diag_cat_unload();
	for (; !ok && n < 10000; n++) {
		struct diag_err err = { 0 };
		struct diag_arena arena;
		struct diag_hosts h;

		diag_arena_init(&arena, 0);
		diag_mem_fail_nth(n + 1);
		ok = diag_hosts_parse(&arena, text, sizeof(text) - 1, &h, &err);
		diag_mem_fail_nth(0);
		assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
		if (ok)
			assert_int_equal(3, h.n_faults);
		diag_arena_clear(&arena);
		diag_cat_unload();
	}
	assert_true(ok);
	assert_true(n > 2);
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
		cmocka_unit_test(names_are_answered_as_glibc_does),
		cmocka_unit_test(a_family_can_be_asked_alone),
		cmocka_unit_test(a_nul_ends_what_a_line_says),
		cmocka_unit_test(edges_say_where_they_stand),
		cmocka_unit_test(a_file_that_is_too_large_is_an_error),
		cmocka_unit_test(names_of_a_large_file_find_their_own),
		cmocka_unit_test(a_name_may_be_of_any_length),
		cmocka_unit_test(a_block_list_takes_little_memory),
		cmocka_unit_test(without_memory_the_error_says_so),
	};

	return cmocka_run_group_tests_name("hosts", tests, NULL, end);
}
