/* SPDX-License-Identifier: MIT */
/* Lines that cannot work, each with the line as it should be; and files as
 * they are in the world, in which nothing may be found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "hosts/hosts.h"
#include "inventory/catalogue.h"

#define WS  "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"
#define API WS ".workspace.eastus.api.azureml.ms"

static struct diag_hosts parse(struct diag_arena *arena, const char *text,
			       size_t len)
{
	struct diag_err err = { 0 };
	struct diag_hosts h;

	diag_arena_init(arena, 0);
	assert_true(diag_hosts_parse(arena, text, len, &h, &err));
	return h;
}

static void each_fault_comes_with_the_right_line(void **unused)
{
	static const struct {
		const char *text, *kind;
		unsigned column;
		const char *meant, *corrected;
	} t[] = {
		/* glued */
		{ "10.150.0.13ws1103acr.azurecr.io", "glued", 12,
		  "ws1103acr.azurecr.io", "10.150.0.13 ws1103acr.azurecr.io" },
		{ "10.150.0.4" API "  # x\r", "glued", 11, API,
		  "10.150.0.4 " API "  # x" },
		/* the catalogue knows where a workspace id begins */
		{ "10.150.0.40f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b.workspace."
		  "eastus.api.azureml.ms",
		  "glued", 11,
		  "0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b.workspace.eastus.api."
		  "azureml.ms",
		  "10.150.0.4 0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b.workspace."
		  "eastus.api.azureml.ms" },
		{ "fd00::5ws1103acr.azurecr.io", "glued", 8,
		  "ws1103acr.azurecr.io", "fd00::5 ws1103acr.azurecr.io" },
		{ "fd00::5" API, "glued", 8, API, "fd00::5 " API },
		{ "10.150.0.13\xc2\xa0ws.azurecr.io", "glued", 14,
		  "ws.azurecr.io", "10.150.0.13 ws.azurecr.io" },
		{ "10.150.0.13,ws.azurecr.io", "glued", 13, "ws.azurecr.io",
		  "10.150.0.13 ws.azurecr.io" },
		{ "10.150.0.13ws.azurecr.io.", "glued", 12, "ws.azurecr.io",
		  "10.150.0.13 ws.azurecr.io" },
		{ "10.150.0.11k1.vaultcore.azure.net", "glued", 12,
		  "k1.vault.azure.net", "10.150.0.11 k1.vault.azure.net" },
		/* trailing-dot */
		{ "10.150.0.14 ws1103acr.azurecr.io.", "trailing-dot", 13,
		  "ws1103acr.azurecr.io", "10.150.0.14 ws1103acr.azurecr.io" },
		{ "10.0.0.1\tA.test.  b.test", "trailing-dot", 10, "a.test",
		  "10.0.0.1\ta.test  b.test" },
		/* wrong-suffix */
		{ "10.150.0.11 k1.vaultcore.azure.net", "wrong-suffix", 13,
		  "k1.vault.azure.net", "10.150.0.11 k1.vault.azure.net" },
		{ "10.150.0.11 K1.VaultCore.Azure.net.", "wrong-suffix", 13,
		  "k1.vault.azure.net", "10.150.0.11 k1.vault.azure.net" },
		{ "10.150.0.11 k1.privatelink.vaultcore.azure.net",
		  "wrong-suffix", 13, "k1.vault.azure.net",
		  "10.150.0.11 k1.vault.azure.net" },
		{ "10.150.0.11 k1.vaultcore.azure.cn", "wrong-suffix", 13,
		  "k1.vault.azure.cn", "10.150.0.11 k1.vault.azure.cn" },
		{ "10.0.0.6 acct.privatelink.blob.core.windows.net",
		  "wrong-suffix", 10, "acct.blob.core.windows.net",
		  "10.0.0.6 acct.blob.core.windows.net" },
		{ "10.0.0.4 " WS ".workspace.eastus.privatelink.api.azureml.ms",
		  "wrong-suffix", 10, API, "10.0.0.4 " API },
		{ "10.0.0.4 " WS
		  ".workspace.eastus.cert.privatelink.api.azureml.ms",
		  "wrong-suffix", 10,
		  WS ".workspace.eastus.cert.api.azureml.ms",
		  "10.0.0.4 " WS ".workspace.eastus.cert.api.azureml.ms" },
		{ "10.0.0.5 ml-w-1-eastus-" WS
		  ".eastus.privatelink.notebooks.azure.net",
		  "wrong-suffix", 10,
		  "ml-w-1-eastus-" WS ".eastus.notebooks.azure.net",
		  "10.0.0.5 ml-w-1-eastus-" WS ".eastus.notebooks.azure.net" },
		{ "10.0.0.8 e1." WS ".inference.eastus.privatelink.api."
		  "azureml.ms",
		  "wrong-suffix", 10, "e1.eastus.inference.ml.azure.com",
		  "10.0.0.8 e1.eastus.inference.ml.azure.com" },
		{ "10.0.0.9 a1.eastus.data.privatelink.azurecr.io",
		  "wrong-suffix", 10, "a1.eastus.data.azurecr.io",
		  "10.0.0.9 a1.eastus.data.azurecr.io" },
		/* bad-address */
		{ "10.150.0.400 a.test", "bad-address", 14, "a.test",
		  "ADDRESS a.test" },
		{ "010.150.000.004 a.test", "bad-address", 17, "a.test",
		  "10.150.0.4 a.test" },
		{ "10.150.0.4/32 a.test", "bad-address", 15, "a.test",
		  "10.150.0.4 a.test" },
		{ "10.150.0.4:443 a.test", "bad-address", 16, "a.test",
		  "10.150.0.4 a.test" },
		{ "[fd00::5]:443 a.test", "bad-address", 15, "a.test",
		  "fd00::5 a.test" },
		{ "10.150.0.4\xc2\xa0 a.test", "bad-address", 14, "a.test",
		  "10.150.0.4 a.test" },
		{ "10.150.0.4, a.test", "bad-address", 13, "a.test",
		  "10.150.0.4 a.test" },
		{ "10.150.0 a.test", "bad-address", 10, "a.test",
		  "ADDRESS a.test" },
		{ "fd00:::5 a.test", "bad-address", 10, "a.test",
		  "ADDRESS a.test" },
		{ "a.test 10.150.0.4 # c", "bad-address", 1, "a.test",
		  "10.150.0.4 a.test # c" },
		{ "a.test.\t10.150.0.4", "bad-address", 1, "a.test",
		  "10.150.0.4 a.test" },
		{ "\xef\xbb\xbf"
		  "10.150.0.4 a.test",
		  "bom", 15, "a.test", "10.150.0.4 a.test" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct diag_arena arena;
		struct diag_hosts h =
		    parse(&arena, t[i].text, strlen(t[i].text));

		assert_int_equal(1, h.n_faults);
		assert_string_equal(t[i].kind,
				    diag_hosts_fault_key(h.faults[0].kind));
		assert_string_equal(t[i].meant, h.faults[0].meant);
		assert_string_equal(t[i].corrected, h.faults[0].corrected);
		assert_int_equal(1, h.faults[0].line);
		assert_int_equal(t[i].column, h.faults[0].column);
		assert_true(strlen(h.faults[0].text) > 20);
		diag_arena_clear(&arena);
	}
}

/* Nothing here is wrong, or it harms nobody. */
static void fine_lines_are_left_alone(void **unused)
{
	static const char *const t[] = {
		"10.0.0.1 a.test. a.test",
		"10.0.0.1 a.test\n10.0.0.1 a.test.",
		"10.0.0.1 k1.vault.azure.net k1.vaultcore.azure.net "
		"k1.privatelink.vaultcore.azure.net",
		"10.0.0.1 acct.privatelink.blob.core.windows.net\n"
		"10.0.0.1 acct.blob.core.windows.net",
		"10.0.0.1 c1.privatelink.eastus.azmk8s.io",
		"10.0.0.1 x.privatelink.example.com",
		"10.0.0.1 vaultcore.azure.net",
		"10.0.0.1 privatelink.vaultcore.azure.net",
		"10.0.0.1 " WS ".registry.eastus.privatelink.api.azureml.ms",
		"10.0.0.1 acct.blob.core.windows.net",
		"fe80::1%lo0 localhost",
		"1.2.3.4.nip.example",
		"10.150.0.400",
		"10.150.0.400 # nothing follows",
		"not a hosts line at all 10.0.0.1",
		"localhost 127.0.0.1",
		"1-2-3.example",
		"www.example.com",
		"::: :::",
		"10.0.0.1",
		"abc: def.example",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct diag_arena arena;
		struct diag_hosts h = parse(&arena, t[i], strlen(t[i]));

		assert_int_equal(0, h.n_faults);
		diag_arena_clear(&arena);
	}
}

static void every_name_of_a_lost_line_is_told(void **unused)
{
	static const char text[] =
	    "\n10.150.0.11k1.vaultcore.azure.net b.test. c.test # d.test\n";
	struct diag_arena arena;
	struct diag_hosts h = parse(&arena, text, sizeof(text) - 1);

	(void)unused;
	assert_int_equal(3, h.n_faults);
	assert_string_equal("k1.vault.azure.net", h.faults[0].meant);
	assert_string_equal("b.test", h.faults[1].meant);
	assert_string_equal("c.test", h.faults[2].meant);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(DIAG_HOSTS_GLUED, h.faults[i].kind);
		assert_int_equal(2, h.faults[i].line);
		assert_string_equal(
		    "10.150.0.11 k1.vault.azure.net b.test c.test # d.test",
		    h.faults[i].corrected);
	}
	assert_int_equal(0, h.n_edges);
	diag_arena_clear(&arena);
}

/* pl-doctor asks for each name by itself which line was meant for it. */
static void each_name_of_a_word_is_told(void **unused)
{
	static const char text[] = "10.0.0.4 a.test,b.test, k.test:443\n";
	struct diag_arena arena;
	struct diag_hosts h = parse(&arena, text, sizeof(text) - 1);

	(void)unused;
	assert_int_equal(3, h.n_faults);
	assert_string_equal("a.test", h.faults[0].meant);
	assert_string_equal("b.test", h.faults[1].meant);
	assert_string_equal("k.test", h.faults[2].meant);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(DIAG_HOSTS_BAD_NAME, h.faults[i].kind);
		assert_int_equal(DIAG_HOSTS_ERROR, h.faults[i].severity);
		assert_string_equal("10.0.0.4 a.test b.test k.test",
				    h.faults[i].corrected);
	}
	diag_arena_clear(&arena);
}

/* Of what lint tells only lost names are faults here: no hint, nothing about
 * the whole file, no word that nobody can read. */
static void only_lost_names_are_faults(void **unused)
{
	static const char text[] =
	    "10.0.0.1 a%b.test *.wild.test\r\n10.0.0.1 a.test\n"
	    "10.0.0.2 a.test # \xfc\n10.0.0.5 ml-w-eastus-" WS
	    ".notebooks.azure.net\n10.0.0.6 x ; y";
	struct diag_arena arena;
	struct diag_hosts h = parse(&arena, text, sizeof(text) - 1);

	(void)unused;
	assert_int_equal(1, h.n_faults);
	assert_int_equal(DIAG_HOSTS_WILDCARD, h.faults[0].kind);
	assert_string_equal("*.wild.test", h.faults[0].meant);
	assert_null(h.faults[0].corrected);
	diag_arena_clear(&arena);
}

static struct diag_buf read_sample(const char *name)
{
	char path[400];
	struct diag_err err = { 0 };
	struct diag_buf text;

	(void)snprintf(path, sizeof(path), "%s/hosts/%s", TEST_DATA, name);
	assert_true(diag_file_read(path, DIAG_HOSTS_BYTES, &text, &err));
	return text;
}

static void files_of_the_world_raise_no_alarm(void **unused)
{
	static const struct {
		const char *file;
		size_t n_edges;
	} t[] = {
		{ "debian.txt", 8 },	 { "ubuntu.txt", 8 },
		{ "docker.txt", 10 },	 { "kubernetes.txt", 11 },
		{ "macos.txt", 4 },	 { "windows.txt", 1 },
		{ "blocklist.txt", 12 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct diag_buf text = read_sample(t[i].file);
		struct diag_arena arena;
		struct diag_hosts h = parse(&arena, text.data, text.len);

		assert_int_equal(0, h.n_faults);
		assert_int_equal(t[i].n_edges, h.n_edges);
		diag_arena_clear(&arena);
		diag_buf_clear(&text);
	}
}

/* The sample of a published guide: 8 lines, 3 of them dead (the fourth
 * oddity, the notebook's old form, works and is a matter of its own). */
static void the_guides_sample_has_three_dead_lines(void **unused)
{
	struct diag_buf text = read_sample("guide-faults.txt");
	struct diag_arena arena;
	struct diag_hosts h = parse(&arena, text.data, text.len);

	(void)unused;
	assert_int_equal(3, h.n_faults);
	assert_int_equal(DIAG_HOSTS_WRONG_SUFFIX, h.faults[0].kind);
	assert_int_equal(6, h.faults[0].line);
	assert_string_equal("10.150.0.11 contosomlkv.vault.azure.net",
			    h.faults[0].corrected);
	assert_int_equal(DIAG_HOSTS_GLUED, h.faults[1].kind);
	assert_int_equal(7, h.faults[1].line);
	assert_string_equal("10.150.0.13 contosomlacr.eastus.data.azurecr.io",
			    h.faults[1].corrected);
	assert_int_equal(DIAG_HOSTS_TRAILING_DOT, h.faults[2].kind);
	assert_int_equal(8, h.faults[2].line);
	assert_string_equal("10.150.0.14 contosomlacr.azurecr.io",
			    h.faults[2].corrected);
	diag_arena_clear(&arena);
	diag_buf_clear(&text);
}

static void a_flood_of_faults_is_cut(void **unused)
{
	struct diag_buf text;
	struct diag_arena arena;
	struct diag_hosts h;

	(void)unused;
	diag_buf_init(&text, (size_t)8 << 20);
	for (unsigned i = 0; i < DIAG_HOSTS_FAULTS + 10; i++)
		diag_buf_puts(&text, "10.0.0.999 a b\n");
	h = parse(&arena, text.data, text.len);
	assert_int_equal(DIAG_HOSTS_FAULTS, h.n_faults);
	assert_non_null(h.faults[h.n_faults - 1].corrected);
	diag_arena_clear(&arena);
	diag_buf_clear(&text);
}

static void keys_of_faults_read_back(void **unused)
{
	static const enum diag_hosts_fault_kind all[] = {
		DIAG_HOSTS_GLUED, DIAG_HOSTS_TRAILING_DOT,
		DIAG_HOSTS_WRONG_SUFFIX, DIAG_HOSTS_BAD_ADDRESS
	};
	enum diag_hosts_fault_kind back;

	(void)unused;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_true(diag_hosts_fault_parse(diag_hosts_fault_key(all[i]),
						   &back));
		assert_int_equal(all[i], back);
	}
	assert_false(diag_hosts_fault_parse("no-such-fault", &back));
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
		cmocka_unit_test(each_fault_comes_with_the_right_line),
		cmocka_unit_test(fine_lines_are_left_alone),
		cmocka_unit_test(every_name_of_a_lost_line_is_told),
		cmocka_unit_test(each_name_of_a_word_is_told),
		cmocka_unit_test(only_lost_names_are_faults),
		cmocka_unit_test(files_of_the_world_raise_no_alarm),
		cmocka_unit_test(the_guides_sample_has_three_dead_lines),
		cmocka_unit_test(a_flood_of_faults_is_cut),
		cmocka_unit_test(keys_of_faults_read_back),
	};

	return cmocka_run_group_tests_name("hosts faults", tests, NULL, end);
}
