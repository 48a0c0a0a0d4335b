/* SPDX-License-Identifier: MIT */
/* Machines as they are in the world, from folders that stand for their root;
 * and the machine that the test runs on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "inventory/catalogue.h"
#include "tests/machine/machine_test.h"

#define API "g.workspace.eastus.api.azureml.ms"

static struct diag_machine *read_root(const char *name)
{
	char root[400];
	struct diag_machine_paths paths = { .root = root };
	struct diag_machine *m = NULL;
	struct diag_err err = { 0 };

	(void)snprintf(root, sizeof(root), "%s/machine/%s", TEST_DATA, name);
	assert_true(diag_machine_read(&paths, NULL, &m, &err));
	assert_string_equal("linux", m->platform);
	assert_true(m->clock_s > 0);
	assert_false(m->emulated);
	return m;
}

static void debian_asks_resolv_conf_in_order(void **unused)
{
	struct diag_machine *m = read_root("debian");

	(void)unused;
	assert_string_equal("Debian GNU/Linux 12 (bookworm)", m->os);
	assert_string_equal("", m->container);
	assert_int_equal(4, m->n_servers);
	assert_int_equal(3, m->n_nss_hosts);
	assert_int_equal(2, m->resolv.n_search);
	assert_string_equal("corp.example.com", m->resolv.search[1]);
	assert_int_equal(5, m->resolv.attempts);
	assert_string_equal("yes", machine_asks(m, "192.168.1.2", API));
	assert_string_equal("no", machine_asks(m, "149.112.112.112", API));
	assert_string_equal("/etc/hosts", m->hosts_path);
	assert_non_null(diag_hosts_lookup(&m->hosts, "laptop", DIAG_IPV4, 0));
	assert_null(m->roots_path);
	diag_machine_free(m);
}

/* NetworkManager told systemd-resolved about a VPN with split DNS. */
static void ubuntu_sends_the_vpns_names_to_the_vpn(void **unused)
{
	static const struct {
		const char *server, *name, *want;
	} t[] = {
		{ "127.0.0.53", API, "yes" },
		{ "10.150.0.53", API, "yes" },
		{ "10.150.0.54:5353", API, "yes" },
		{ "192.168.1.1", API, "no" },
		{ "10.150.0.53", "a.azurecr.io", "yes" },
		{ "10.150.0.53", "ml.azure.com", "no" },
		{ "192.168.1.1", "ml.azure.com", "yes" },
	};
	struct diag_machine *m = read_root("ubuntu");

	(void)unused;
	assert_int_equal(4, m->n_servers);
	assert_true(m->servers[0].stub);
	assert_true(m->servers[1].behind_stub);
	assert_string_equal("if70002", m->servers[1].interface);
	assert_string_equal("systemd-resolved", m->servers[1].source);
	assert_true(m->servers[1].default_route);
	assert_false(m->servers[2].default_route);
	assert_int_equal(1, m->servers[3].order);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_string_equal(t[i].want,
				    machine_asks(m, t[i].server, t[i].name));
	diag_machine_free(m);
}

static void networkd_with_global_servers_and_a_root_domain(void **unused)
{
	static const struct {
		const char *server, *name, *want;
	} t[] = {
		{ "10.150.0.53", API, "yes" },
		{ "192.168.1.1", API, "no" },
		{ "10.1.0.10", API, "no" },
		{ "10.1.0.11", "x.corp.example", "yes" },
		{ "10.150.0.53", "x.corp.example", "no" },
		{ "172.30.0.1", API, "no" }, /* its link has no carrier */
		{ "10.9.9.9", API, "no" },
		{ "127.0.0.53", API, "yes" },
	};
	struct diag_machine *m = read_root("networkd");
	struct diag_endpoint link_local;

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_string_equal(t[i].want,
				    machine_asks(m, t[i].server, t[i].name));
	assert_true(
	    diag_endpoint_parse("[fe80::1%if70002]:53", 53, &link_local));
	assert_true(diag_endpoint_eq(&link_local, &m->servers[2].at));
	/* once each: stub, 3 of links, 2 global, 1 of nobody */
	assert_int_equal(7, m->n_servers);
	assert_true(diag_machine_files_first(m));
	diag_machine_free(m);
}

static void wsl_has_a_stub_and_a_mark(void **unused)
{
	struct diag_machine *m = read_root("wsl");

	(void)unused;
	assert_string_equal("wsl", m->container);
	assert_int_equal(1, m->n_servers);
	assert_true(m->servers[0].stub);
	assert_int_equal(0, m->hosts.n_faults);
	diag_machine_free(m);
}

static void docker_has_its_own_server_and_those_behind(void **unused)
{
	struct diag_machine *m = read_root("docker");

	(void)unused;
	assert_string_equal("docker", m->container);
	assert_int_equal(3, m->n_servers);
	assert_true(m->servers[0].stub && m->servers[1].behind_stub);
	assert_int_equal(0, m->resolv.ndots);
	assert_string_equal("yes", machine_asks(m, "127.0.0.11", API));
	assert_string_equal("yes", machine_asks(m, "192.168.1.1", API));
	assert_string_equal("fallback", machine_asks(m, "127.0.0.53", API));
	diag_machine_free(m);
}

static void kubernetes_is_a_pod_with_ndots_five(void **unused)
{
	struct diag_machine *m = read_root("kubernetes");

	(void)unused;
	assert_string_equal("kubernetes", m->container);
	assert_int_equal(5, m->resolv.ndots);
	assert_int_equal(3, m->resolv.n_search);
	diag_machine_free(m);
}

static void roots_of_the_owner_are_known_by_their_hash(void **unused)
{
	struct diag_machine *m = read_root("roots");

	(void)unused;
	assert_true(strstr(m->roots_path,
			   "/etc/ssl/certs/ca-certificates.crt") != NULL);
	assert_int_equal(2, m->n_local_roots);
	assert_string_equal(
	    "9bccfc77e7735f681aab36e54dc74803836aa7ec3559174ac91c23094b8cdd55",
	    m->local_roots[0]);
	assert_string_equal(
	    "e60e885e2a1035639d9d5379e7a3eab5cf79a47ef178ffa9892c774cc15a8134",
	    m->local_roots[1]);
	/* Nothing else is there: the C library's own defaults. */
	assert_int_equal(1, m->n_servers);
	assert_true(m->servers[0].stub);
	assert_int_equal(2, m->n_nss_hosts);
	diag_machine_free(m);
}

static void roots_are_not_read_when_nobody_wants_them(void **unused)
{
	const struct diag_machine_paths paths = { .root = TEST_DATA
						  "/machine/roots",
						  .no_roots = true };
	struct diag_machine *m = NULL;

	(void)unused;
	assert_true(diag_machine_read(&paths, NULL, &m, NULL));
	assert_null(m->roots_path);
	assert_int_equal(0, m->n_local_roots);
	diag_machine_free(m);
}

static void given_files_make_an_emulated_machine(void **unused)
{
	const struct diag_machine_paths paths = {
		.root = "/nonexistent",
		.hosts = TEST_DATA "/hosts/guide-faults.txt",
		.resolv_conf = TEST_DATA "/machine/ubuntu/etc/resolv.conf",
		.nsswitch = TEST_DATA "/machine/networkd/etc/nsswitch.conf",
	};
	struct diag_machine *m = NULL;
	struct diag_err err = { 0 };

	(void)unused;
	assert_true(diag_machine_read(&paths, NULL, &m, &err));
	assert_true(m->emulated);
	assert_int_equal(3, m->hosts.n_faults);
	assert_string_equal(paths.hosts, m->hosts_path);
	assert_int_equal(1, m->n_servers);
	assert_string_equal(paths.resolv_conf, m->servers[0].source);
	assert_int_equal(5, m->n_nss_hosts);
	diag_machine_free(m);
}

static void a_given_file_that_is_not_there_is_an_error(void **unused)
{
	static const struct diag_machine_paths paths[] = {
		{ .hosts = "/nonexistent/hosts" },
		{ .resolv_conf = "/nonexistent/resolv.conf" },
		{ .nsswitch = "/nonexistent/nsswitch.conf" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct diag_machine *m = NULL;
		struct diag_err err = { 0 };

		assert_false(diag_machine_read(&paths[i], NULL, &m, &err));
		assert_int_equal(DIAG_EIO, err.code);
		assert_null(m);
	}
}

static void proxies_come_from_the_environment_lower_case_first(void **unused)
{
	struct diag_machine *m;

	(void)unused;
	(void)setenv("https_proxy", "http://me:secret@low:1", 1);
	(void)setenv("HTTPS_PROXY", "http://high:2", 1);
	(void)setenv("http_proxy", "", 1);
	(void)setenv("HTTP_PROXY", "http://plain:3", 1);
	(void)setenv("NO_PROXY", "localhost,.Example.com", 1);
	m = read_root("debian");
	assert_int_equal(2, m->n_proxies);
	assert_string_equal("http://low:1", m->proxies[0].url);
	assert_true(m->proxies[0].has_credentials);
	assert_string_equal("https_proxy", m->proxies[0].source);
	assert_string_equal("HTTP_PROXY", m->proxies[1].source);
	assert_string_equal(".example.com", m->no_proxy[1]);
	diag_machine_free(m);
}

/* Whatever machine this is: it has a loopback, its prefixes hold its
 * addresses, it prints as JSON that reads back, and it asks somebody. */
static void this_machine_makes_sense(void **unused)
{
	struct diag_machine *m = NULL, *back;
	struct diag_problems notes;
	struct diag_err err = { 0 };
	struct diag_buf first, second;

	(void)unused;
	diag_problems_init(&notes);
	assert_true(diag_machine_read(NULL, &notes, &m, &err));
	assert_true(m->host[0] != '\0');
	assert_true(m->n_servers > 0);
	assert_true(m->n_nss_hosts > 0);
	for (size_t i = 0; i < m->n_interfaces; i++) {
		const struct diag_interface *f = &m->interfaces[i];

		assert_true(!f->tunnel || !f->container);
		assert_ptr_equal(f, diag_machine_interface(m, f->name));
		for (size_t k = 0; f->loopback && k < f->n_addresses; k++)
			assert_true(
			    diag_cidr_has(&f->prefixes[k], &f->addresses[k]));
	}
	for (size_t i = 0; i < m->n_routes; i++)
		assert_non_null(
		    diag_machine_interface(m, m->routes[i].interface));
	first = machine_text(m);
	back = machine_of(first.data);
	second = machine_text(back);
	assert_string_equal(first.data, second.data);
	diag_buf_clear(&first);
	diag_buf_clear(&second);
	diag_machine_free(back);
	diag_machine_free(m);
	diag_problems_clear(&notes);
}

/* Whoever made them such: nobody waits for what never comes. */
static void pipes_and_devices_are_not_read(void **unused)
{
	char root[] = "/tmp/pldiag-machine-XXXXXX", path[100];
	static const char *const names[] = { "hosts", "resolv.conf",
					     "nsswitch.conf" };
	struct diag_machine_paths paths = { .root = root };
	struct diag_machine *m = NULL;
	struct diag_problems notes;

	(void)unused;
	diag_problems_init(&notes);
	assert_non_null(mkdtemp(root));
	(void)snprintf(path, sizeof(path), "%s/etc", root);
	assert_int_equal(0, mkdir(path, 0700));
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "%s/etc/%s", root, names[i]);
		assert_int_equal(0, mkfifo(path, 0600));
	}
	assert_true(diag_machine_read(&paths, &notes, &m, NULL));
	for (size_t i = 0; i < 3; i++) {
		assert_non_null(strstr(diag_buf_str(&notes.text), names[i]));
		(void)snprintf(path, sizeof(path), "%s/etc/%s", root, names[i]);
		assert_int_equal(0, unlink(path));
	}
	(void)snprintf(path, sizeof(path), "%s/etc", root);
	assert_int_equal(0, rmdir(path));
	assert_int_equal(0, rmdir(root));
	diag_machine_free(m);
	diag_problems_clear(&notes);
}

static void without_memory_the_error_says_so(void **unused)
{
	static const char *const roots[] = { "ubuntu", "networkd", "roots",
					     "docker" };

	(void)unused;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		char root[400];
		struct diag_machine_paths paths = { .root = root };
		bool ok = false;

		(void)snprintf(root, sizeof(root), "%s/machine/%s", TEST_DATA,
			       roots[i]);
		for (unsigned n = 1; !ok && n < 5000; n++) {
			struct diag_machine *m = NULL;
			struct diag_err err = { 0 };

			diag_mem_fail_nth(n);
			ok = diag_machine_read(&paths, NULL, &m, &err);
			diag_mem_fail_nth(0);
			assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
			diag_machine_free(m);
		}
		assert_true(ok);
	}
}

/* The tests say themselves what the environment holds. */
static int clean_environment(void **unused)
{
	static const char *const names[] = {
		"https_proxy", "HTTPS_PROXY",
		"http_proxy",  "HTTP_PROXY",
		"all_proxy",   "ALL_PROXY",
		"no_proxy",    "NO_PROXY",
		"SUDO_USER",   "KUBERNETES_SERVICE_HOST",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
	return 0;
}

static int end(void **unused)
{
	(void)unused;
	diag_cat_unload();
	return 0;
}

#define TEST(f) cmocka_unit_test_setup(f, clean_environment)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(debian_asks_resolv_conf_in_order),
		TEST(ubuntu_sends_the_vpns_names_to_the_vpn),
		TEST(networkd_with_global_servers_and_a_root_domain),
		TEST(wsl_has_a_stub_and_a_mark),
		TEST(docker_has_its_own_server_and_those_behind),
		TEST(kubernetes_is_a_pod_with_ndots_five),
		TEST(roots_of_the_owner_are_known_by_their_hash),
		TEST(roots_are_not_read_when_nobody_wants_them),
		TEST(given_files_make_an_emulated_machine),
		TEST(a_given_file_that_is_not_there_is_an_error),
		TEST(proxies_come_from_the_environment_lower_case_first),
		TEST(this_machine_makes_sense),
		TEST(pipes_and_devices_are_not_read),
		TEST(without_memory_the_error_says_so),
	};

	return cmocka_run_group_tests_name("machine reader", tests, NULL, end);
}
