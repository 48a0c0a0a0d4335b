/* SPDX-License-Identifier: MIT */
/* Hosts files as they are in the world: written from what the named system
 * documents or ships.  A lint that cries wolf over one of them is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "inventory/catalogue.h"
#include "tests/hosts/lint_test.h"

#define FILE_OF(name) TEST_DATA "/hosts/" name ".txt"

static const char *const files[] = {
	FILE_OF("alpine"),
	FILE_OF("arch"),
	FILE_OF("aws-eks"),
	FILE_OF("azure-vm"),
	FILE_OF("blocklist"),
	FILE_OF("chinese"),
	FILE_OF("cloud-init"),
	FILE_OF("cloud-init-template"),
	FILE_OF("debian"),
	FILE_OF("docker"),
	FILE_OF("fedora"),
	FILE_OF("freebsd"),
	FILE_OF("hadoop"),
	FILE_OF("home-network"),
	FILE_OF("kubernetes"),
	FILE_OF("macos"),
	FILE_OF("merged-blocklists"),
	FILE_OF("minikube"),
	FILE_OF("networkmanager"),
	FILE_OF("openbsd"),
	FILE_OF("opensuse"),
	FILE_OF("openwrt"),
	FILE_OF("pihole"),
	FILE_OF("podman"),
	FILE_OF("private-link"),
	FILE_OF("proxmox"),
	FILE_OF("rancher-desktop"),
	FILE_OF("rhel-cluster"),
	FILE_OF("solaris"),
	FILE_OF("stevenblack"),
	FILE_OF("ubuntu"),
	FILE_OF("vagrant"),
	FILE_OF("windows"),
	FILE_OF("windows-default"),
	FILE_OF("windows-docker"),
	FILE_OF("wsl"),
};
#define N_FILES (sizeof(files) / sizeof(files[0]))

static void check(const char *path, enum diag_hosts_rules rules,
		  const char *want)
{
	struct diag_buf text = lint_sample(path);
	struct linted l;

	lint_of(&l, text.data, text.len, rules);
	if (strcmp(want, diag_buf_str(&l.found)) != 0)
		print_error("in: %s\n", path);
	assert_string_equal(want, diag_buf_str(&l.found));
	lint_clear(&l);
	diag_buf_clear(&text);
}

static void files_of_the_world_are_silent(void **unused)
{
	(void)unused;
	assert_true(N_FILES > 30);
	for (size_t i = 0; i < N_FILES; i++) {
		check(files[i], DIAG_HOSTS_LINUX, "");
		check(files[i], DIAG_HOSTS_MACOS, "");
	}
}

/* One of them has more names in a line than Windows reads. */
static void and_they_are_on_windows(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < N_FILES; i++)
		check(files[i], DIAG_HOSTS_WINDOWS,
		      strstr(files[i], "hadoop") != NULL
			  ? "2:109 error too-many-names"
			  : "");
}

static void a_server_with_many_addresses_is_a_hint(void **unused)
{
	(void)unused;
	check(FILE_OF("multi-homed"), DIAG_HOSTS_LINUX,
	      "6:10 info conflict, 8:11 info conflict, 11:11 info conflict");
}

/* What WSL, cloud-init and Docker write with a line that somebody added by
 * hand: the hand's fault is found, and nothing else. */
static void one_bad_line_in_a_good_file_is_found(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < N_FILES; i++) {
		struct diag_buf text = lint_sample(files[i]);
		bool crlf = strstr(diag_buf_str(&text), "\r\n") != NULL;
		struct linted l;

		diag_buf_puts(&text, "10.150.0.4bad.azurecr.io");
		diag_buf_puts(&text, crlf ? "\r\n" : "\n");
		lint_of(&l, text.data, text.len, DIAG_HOSTS_LINUX);
		assert_int_equal(1, l.lint.n);
		assert_int_equal(DIAG_HOSTS_GLUED, l.lint.items[0].kind);
		assert_string_equal("10.150.0.4 bad.azurecr.io",
				    l.lint.items[0].corrected);
		lint_clear(&l);
		diag_buf_clear(&text);
	}
}

static void a_block_list_of_100000_lines_is_silent(void **unused)
{
	struct diag_buf text;
	unsigned long x = 1;

	(void)unused;
	diag_buf_init(&text, (size_t)16 << 20);
	diag_buf_puts(&text, "# Title: a block list\n127.0.0.1 localhost\n"
			     "::1 localhost\n0.0.0.0 0.0.0.0\n");
	for (unsigned i = 0; i < 100000; i++) {
		x = (x * 1103515245 + 12345) & 0x7fffffff;
		if (i % 1000 == 0)
			diag_buf_printf(&text, "\n# Start part_%u\n", i);
		diag_buf_printf(&text, "%s %s%lx-%u.%s%s\n",
				i % 50 == 0 ? "127.0.0.1" : "0.0.0.0",
				i % 7 == 0 ? "www." : "", x, i % 90000,
				i % 3 == 0 ? "1.ads_x.example"
					   : "tracker.example",
				i % 11 == 0 ? " # [why]" : "");
	}
	lint_finds(text.data, text.len, DIAG_HOSTS_LINUX, "");
	lint_finds(text.data, text.len, DIAG_HOSTS_WINDOWS, "");
	diag_buf_clear(&text);
}

/* The sample of a published guide: 8 lines, 3 of them dead; the fourth has the
 * form without the region label. */
static void the_guides_sample_has_four_faults(void **unused)
{
	static const struct {
		unsigned line;
		const char *corrected;
		bool sure;
	} want[] = {
		{ 4,
		  "10.150.0.5 ml-contoso-ml-eastus-0f1e2d3c-4b5a-4687-9a8b-"
		  "7c6d5e4f3a2b.notebooks.azure.net "
		  "ml-contoso-ml-eastus-0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b."
		  "eastus.notebooks.azure.net",
		  false },
		{ 6, "10.150.0.11 contosomlkv.vault.azure.net", true },
		{ 7, "10.150.0.13 contosomlacr.eastus.data.azurecr.io", true },
		{ 8, "10.150.0.14 contosomlacr.azurecr.io", true },
	};
	struct diag_buf text = lint_sample(FILE_OF("guide-faults"));
	struct linted l;

	(void)unused;
	lint_of(&l, text.data, text.len, DIAG_HOSTS_LINUX);
	assert_string_equal("4:12 info old-form, 6:13 error wrong-suffix, "
			    "7:12 error glued, 8:13 error trailing-dot",
			    diag_buf_str(&l.found));
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(want[i].line, l.lint.items[i].line);
		assert_string_equal(want[i].corrected,
				    l.lint.items[i].corrected);
		assert_int_equal(want[i].sure, l.lint.items[i].n_edits > 0);
	}
	lint_clear(&l);
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
		cmocka_unit_test(files_of_the_world_are_silent),
		cmocka_unit_test(and_they_are_on_windows),
		cmocka_unit_test(a_server_with_many_addresses_is_a_hint),
		cmocka_unit_test(one_bad_line_in_a_good_file_is_found),
		cmocka_unit_test(a_block_list_of_100000_lines_is_silent),
		cmocka_unit_test(the_guides_sample_has_four_faults),
	};

	return cmocka_run_group_tests_name("hosts lint files", tests, NULL,
					   end);
}
