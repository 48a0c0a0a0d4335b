/* SPDX-License-Identifier: MIT */
/* What lint --fix writes, on texts made of what people and machines write and
 * of garbage:
 *	nothing that may be fixed is left, so twice is once;
 *	lines that no finding is about keep every byte;
 *	no entry that worked is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "fix/hosts_fix.h"
#include "inventory/catalogue.h"
#include "net/fqdn.h"
#include "tests/support/torture.h"

#define WS  "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"
#define BOM "\xef\xbb\xbf"

struct fixed {
	struct diag_arena arena;
	struct diag_hosts_table table;
	struct diag_hosts_lint lint;
	struct diag_edits edits;
	struct diag_buf text; /* with the edits done */
};

static void apply(struct fixed *f, const char *text, size_t len)
{
	for (size_t i = 0; i < f->edits.n; i++)
		assert_true(f->edits.items[i].len > 0 ||
			    f->edits.items[i].put_len > 0);
	assert_true(diag_edits_apply(&f->edits, text, len, &f->text, NULL));
}

static void fix(struct fixed *f, const char *text, size_t len,
		enum diag_hosts_rules rules)
{
	diag_arena_init(&f->arena, 0);
	diag_buf_init(&f->text, (size_t)64 << 20);
	assert_true(
	    diag_hosts_table_make(&f->arena, text, len, &f->table, NULL));
	assert_true(
	    diag_hosts_lint(&f->arena, &f->table, rules, &f->lint, NULL));
	assert_true(diag_hosts_fixes(&f->arena, &f->lint, &f->edits, NULL));
	apply(f, text, len);
}

static void clear(struct fixed *f)
{
	diag_buf_clear(&f->text);
	diag_arena_clear(&f->arena);
}

static void what_is_certain_is_corrected(void **unused)
{
	static const struct {
		const char *text, *want;
	} t[] = {
		{ "", "" },
		{ "10.0.0.1 a.test\n", "10.0.0.1 a.test\n" },
		{ "10.0.0.4a.test\tb.test. # c\r\n",
		  "10.0.0.4 a.test\tb.test # c\r\n" },
		{ "10.150.0.400 a.test.\n", "10.150.0.400 a.test.\n" },
		{ "a.test. 10.0.0.1\n", "10.0.0.1 a.test\n" },
		{ "10.0.0.1 *.a k.vaultcore.azure.net x%y\n",
		  "10.0.0.1 *.a k.vault.azure.net x%y\n" },
		{ BOM "# c\r\n10.0.0.1 a\r\n10.0.0.2 b\n10.0.0.3 c",
		  "# c\r\n10.0.0.1 a\r\n10.0.0.2 b\r\n10.0.0.3 c\r\n" },
		{ "10.0.0.1 a\r\n10.0.0.2 b.test.\r",
		  "10.0.0.1 a\r\n10.0.0.2 b.test\r\n" },
		{ "10.0.0.1 a\n10.0.0.2 a\n", "10.0.0.1 a\n10.0.0.2 a\n" },
		{ "10.0.0.1 a # \xfc\n", "10.0.0.1 a # \xfc\n" },
		{ "10.0.0.1 ml-w-eastus-" WS ".notebooks.azure.net ; old\n",
		  "10.0.0.1 ml-w-eastus-" WS ".notebooks.azure.net ; old\n" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct fixed f;

		fix(&f, t[i].text, strlen(t[i].text), DIAG_HOSTS_LINUX);
		assert_string_equal(t[i].want, diag_buf_str(&f.text));
		clear(&f);
	}
}

static void a_long_line_is_parted_for_windows(void **unused)
{
	static const char text[] =
	    "# c\r\n10.0.0.1 1 2 3 4 5 6 7 8 x.test,y.test. 10 11 # c\r\n";
	struct fixed f;

	(void)unused;
	fix(&f, text, sizeof(text) - 1, DIAG_HOSTS_WINDOWS);
	assert_string_equal("# c\r\n10.0.0.1 1 2 3 4 5 6 7 8\r\n"
			    "10.0.0.1 x.test y.test 10 11 # c\r\n",
			    diag_buf_str(&f.text));
	clear(&f);
}

/* Where as many lines end one way as the other, the system's own way wins. */
static void line_ends_become_those_of_most_lines(void **unused)
{
	static const char even[] = "10.0.0.1 a\r\n10.0.0.2 b\n";
	static const char most[] = "10.0.0.1 a\r\n10.0.0.2 b\n\n";
	static const struct {
		const char *text;
		enum diag_hosts_rules rules;
		const char *want;
	} t[] = {
		{ even, DIAG_HOSTS_LINUX, "10.0.0.1 a\n10.0.0.2 b\n" },
		{ even, DIAG_HOSTS_WINDOWS, "10.0.0.1 a\r\n10.0.0.2 b\r\n" },
		{ most, DIAG_HOSTS_WINDOWS, "10.0.0.1 a\n10.0.0.2 b\n\n" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct fixed f;

		fix(&f, t[i].text, strlen(t[i].text), t[i].rules);
		assert_string_equal(t[i].want, diag_buf_str(&f.text));
		clear(&f);
	}
}

/* A finding of another kind may stand between two that share their edits, and
 * no edit is done twice. */
static void shared_edits_are_done_once(void **unused)
{
	static const char text[] = "10.1.0.5 a\n10.2.0.5 x.test. a y.test.\n"
				   "z.test. 10.0.0.1\n";
	static const struct diag_hosts_edit first[] = { { 0, 0, "+", 1 },
							{ 2, 4, "", 0 },
							{ 9, 1, "-", 1 } };
	static const struct diag_hosts_edit other[] = { { 4, 4, "x", 1 } };
	static const struct diag_hosts_fault items[] = {
		{ .edits = first, .n_edits = 3 },
		{ .kind = DIAG_HOSTS_CONFLICT },
		{ .edits = first, .n_edits = 3 },
		{ .edits = other, .n_edits = 1 },
		{ .edits = first, .n_edits = 3 },
	};
	const struct diag_hosts_lint lint = { .items = items, .n = 5 };
	struct fixed f;

	(void)unused;
	fix(&f, text, sizeof(text) - 1, DIAG_HOSTS_LINUX);
	assert_int_equal(5, f.edits.n);
	assert_string_equal("10.1.0.5 a\n10.2.0.5 x.test a y.test\n"
			    "10.0.0.1 z.test\n",
			    diag_buf_str(&f.text));
	/* two that touch the same bytes: the first is kept */
	assert_true(diag_hosts_fixes(&f.arena, &lint, &f.edits, NULL));
	assert_int_equal(3, f.edits.n);
	assert_int_equal(0, f.edits.items[0].at);
	assert_int_equal(2, f.edits.items[1].at);
	assert_int_equal(9, f.edits.items[2].at);
	clear(&f);
}

static void the_guides_sample_is_corrected(void **unused)
{
	struct diag_buf text;
	struct fixed f;

	(void)unused;
	assert_true(diag_file_read(TEST_DATA "/hosts/guide-faults.txt", 65536,
				   &text, NULL));
	fix(&f, text.data, text.len, DIAG_HOSTS_LINUX);
	assert_int_equal(3, f.edits.n);
	assert_non_null(strstr(f.text.data, "\n10.150.0.11 contosomlkv.vault."
					    "azure.net\n10.150.0.13 "
					    "contosomlacr.eastus.data.azurecr."
					    "io\n10.150.0.14 contosomlacr."
					    "azurecr.io\n"));
	clear(&f);
	diag_buf_clear(&text);
}

/* --- any text --------------------------------------------------------------
 */

static unsigned long seed;

static unsigned pick(unsigned n)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(seed >> 33) % n;
}

static const char *const words[] = {
	"10.0.0.1",
	"10.0.0.2 ",
	"10.150.0.13",
	"010.0.0.1",
	"10.0.0.1/24",
	"10.0.0.400",
	"fd00::1",
	"[fd00::1]:443",
	"fe80::1%lo0",
	"127.0.0.1",
	"ws1103acr.azurecr.io",
	"a.test",
	"B.test.",
	"c",
	"k1.vaultcore.azure.net",
	"k1.vault.azure.net",
	"s.privatelink.blob.core.windows.net",
	"ml-w-eastus-" WS ".notebooks.azure.net",
	"ml-w-eastus-" WS ".eastus.privatelink.notebooks.azure.net",
	WS ".workspace.eastus.api.azureml.ms",
	"https://a.test/x",
	"a.test:443",
	"d.test,e.test.",
	"\"f.test\"",
	"*.test",
	"{{fqdn}}",
	"g.test\xe2\x80\x8b",
	"\xc2\xa0",
	"\xe3\x80\x80",
	BOM,
	";",
	"//",
	"=",
	"|",
	"#",
	" # c",
	"\n",
	"\n",
	"\n",
	"\r\n",
	"\r\n",
	"\r",
	"\t",
	"\v",
	"1 2 3 4 5 6 7 8 9 10 11",
	"\xff\xfe",
	"caf\xe9",
};

static void random_text(struct diag_buf *text)
{
	unsigned n = pick(40), garbage = pick(3) == 0 ? 4 : 30;
	unsigned blanks = pick(4) == 0 ? 8 : 2;

	diag_buf_reset(text);
	for (unsigned i = 0; i < n; i++) {
		if (pick(garbage) == 0)
			diag_buf_putc(text, (char)pick(256));
		else
			diag_buf_puts(
			    text,
			    words[pick(sizeof(words) / sizeof(words[0]))]);
		if (pick(blanks) == 0)
			diag_buf_putc(text, ' ');
	}
}

static void show(const char *what, const char *text, size_t len)
{
	print_error("%s: ", what);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= 0x20 && c < 0x7f && c != '\\')
			print_error("%c", c);
		else
			print_error("\\%03o", c);
	}
	print_error("\n");
}

static void nothing_is_left_to_fix(const struct diag_buf *text,
				   const struct fixed *f,
				   enum diag_hosts_rules rules)
{
	struct fixed again;

	fix(&again, diag_buf_str(&f->text), f->text.len, rules);
	if (again.edits.n != 0 || again.lint.n_fixable != 0) {
		show("text", diag_buf_str(text), text->len);
		show("fixed", diag_buf_str(&f->text), f->text.len);
		show("again", diag_buf_str(&again.text), again.text.len);
		fail();
	}
	clear(&again);
}

/* Between the edits every byte stays, so it is enough that no edit touches a
 * line that no fixable finding names (the finding of mixed line ends names
 * only the first). */
static void only_told_lines_are_touched(const char *text, const struct fixed *f)
{
	unsigned line = 1;
	size_t at = 0, k = 0;

	for (size_t i = 0; i < f->edits.n; i++) {
		const struct diag_edit *e = &f->edits.items[i];
		bool told = false;

		for (; at < e->at; at++)
			line += text[at] == '\n';
		for (k = 0; k < f->lint.n; k++)
			told |=
			    f->lint.items[k].n_edits > 0 &&
			    (f->lint.items[k].line == line ||
			     f->lint.items[k].kind == DIAG_HOSTS_MIXED_ENDINGS);
		assert_true(told);
	}
}

/* Every name that answered still does, with the same address; unless it was
 * the name itself that was at fault. */
static void entries_stay(const struct fixed *f, const char *text, size_t len)
{
	struct diag_hosts before, after;
	struct diag_arena arena;

	diag_arena_init(&arena, 0);
	assert_true(diag_hosts_parse(&arena, text, len, &before, NULL));
	assert_true(diag_hosts_parse(&arena, diag_buf_str(&f->text),
				     f->text.len, &after, NULL));
	for (size_t i = 0; i < before.n_edges; i++) {
		const struct diag_hosts_edge *e = &before.edges[i];
		char normal[DIAG_FQDN_MAX];
		bool found = false;

		if (!diag_fqdn_normal(e->name, strlen(e->name), normal, NULL) ||
		    strcmp(normal, e->name) != 0 ||
		    strstr(e->name, "vaultcore") != NULL ||
		    strstr(e->name, "privatelink") != NULL)
			continue;
		for (size_t k = 0; k < after.n_edges && !found; k++)
			found = strcmp(after.edges[k].name, e->name) == 0 &&
				diag_addr_eq(after.edges[k].addr, e->addr);
		if (!found)
			show("lost an entry", text, len);
		assert_true(found);
	}
	diag_arena_clear(&arena);
}

static void any_text_is_fixed_at_once(void **unused)
{
	struct diag_buf text;
	size_t changed = 0;

	(void)unused;
	diag_buf_init(&text, 65536);
	for (unsigned i = 1; i <= 6000; i++) {
		enum diag_hosts_rules rules =
		    (enum diag_hosts_rules)(i % DIAG_HOSTS_N_RULES);
		struct fixed f;

		seed = i * 2654435761UL;
		random_text(&text);
		fix(&f, diag_buf_str(&text), text.len, rules);
		nothing_is_left_to_fix(&text, &f, rules);
		only_told_lines_are_touched(diag_buf_str(&text), &f);
		entries_stay(&f, diag_buf_str(&text), text.len);
		changed += f.edits.n > 0;
		clear(&f);
	}
	assert_true(changed > 3000);
	diag_buf_clear(&text);
}

static void bytes_without_sense_are_fixed_too(void **unused)
{
	struct diag_buf text;

	(void)unused;
	diag_buf_init(&text, 65536);
	for (unsigned i = 1; i <= 3000; i++) {
		struct fixed f;
		unsigned n;

		seed = i * 40503UL;
		n = pick(200);
		diag_buf_reset(&text);
		while (n-- > 0)
			diag_buf_putc(
			    &text, pick(4) == 0 ? (char)pick(256)
						: "0123.: ab\n\r#*,"[pick(15)]);
		fix(&f, diag_buf_str(&text), text.len, DIAG_HOSTS_LINUX);
		nothing_is_left_to_fix(&text, &f, DIAG_HOSTS_LINUX);
		entries_stay(&f, diag_buf_str(&text), text.len);
		clear(&f);
	}
	diag_buf_clear(&text);
}

static void a_flood_is_fixed_in_rounds(void **unused)
{
	const unsigned n = DIAG_HOSTS_FAULTS + 5;
	struct diag_buf text;
	struct fixed f;

	(void)unused;
	diag_buf_init(&text, (size_t)8 << 20);
	for (unsigned i = 0; i < n; i++)
		diag_buf_puts(&text, "10.0.0.4a.test\n");
	fix(&f, text.data, text.len, DIAG_HOSTS_LINUX);
	assert_true(f.lint.cut);
	assert_int_equal(DIAG_HOSTS_FAULTS, f.edits.n);
	diag_buf_reset(&text);
	diag_buf_put(&text, f.text.data, f.text.len);
	clear(&f);
	fix(&f, text.data, text.len, DIAG_HOSTS_LINUX);
	assert_int_equal(5, f.edits.n);
	clear(&f);
	diag_buf_clear(&text);
}

static bool fix_once(void *arg)
{
	const char *text = arg;
	struct diag_hosts_table table;
	struct diag_hosts_lint lint;
	struct diag_edits edits;
	struct diag_arena arena;
	struct diag_err err = { 0 };
	bool ok;

	diag_arena_init(&arena, 0);
	ok = diag_hosts_table_make(&arena, text, strlen(text), &table, &err) &&
	     diag_hosts_lint(&arena, &table, DIAG_HOSTS_WINDOWS, &lint, &err) &&
	     diag_hosts_fixes(&arena, &lint, &edits, &err);
	assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
	diag_arena_clear(&arena);
	return ok;
}

/* Long enough that the arena needs more than one block. */
static void without_memory_the_error_says_so(void **unused)
{
	struct diag_buf text;

	(void)unused;
	assert_true(
	    diag_cat_load(NULL)); /* its own failures are tested there */
	diag_buf_init(&text, 65536);
	for (unsigned i = 0; i < 12; i++) {
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
			diag_buf_printf(&text, "10.0.%u.%zu %s\r\n", i, k,
					words[k]);
		diag_buf_puts(&text, "10.0.0.4d.test,e.test. https://f.test\n");
	}
	assert_true(torture(fix_once, text.data) > 10);
	diag_buf_clear(&text);
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
		cmocka_unit_test(what_is_certain_is_corrected),
		cmocka_unit_test(a_long_line_is_parted_for_windows),
		cmocka_unit_test(line_ends_become_those_of_most_lines),
		cmocka_unit_test(shared_edits_are_done_once),
		cmocka_unit_test(the_guides_sample_is_corrected),
		cmocka_unit_test(any_text_is_fixed_at_once),
		cmocka_unit_test(bytes_without_sense_are_fixed_too),
		cmocka_unit_test(a_flood_is_fixed_in_rounds),
		cmocka_unit_test(without_memory_the_error_says_so),
	};

	return cmocka_run_group_tests_name("hosts fix", tests, NULL, end);
}
