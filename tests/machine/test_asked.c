/* SPDX-License-Identifier: MIT */
/* Which server the system would ask for which name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/machine/machine_test.h"

#define API "g.workspace.eastus.api.azureml.ms"

struct question {
	const char *server, *name, *want;
};

static void ask_all(const char *json, const struct question *q, size_t n)
{
	struct diag_machine *m = machine_of(json);

	for (size_t i = 0; i < n; i++)
		assert_string_equal(q[i].want,
				    machine_asks(m, q[i].server, q[i].name));
	diag_machine_free(m);
}
#define ASK(json, q) ask_all(json, q, sizeof(q) / sizeof((q)[0]))

static void resolv_conf_asks_in_its_order(void **unused)
{
	static const struct question q[] = {
		{ "10.0.0.1", API, "yes" },
		{ "10.0.0.2", API, "fallback" },
		{ "10.0.0.3", API, "fallback" },
		{ "10.0.0.4", API, "no" },
		{ "10.0.0.9", API, "no" },
		{ "10.0.0.1:54", API, "no" },
	};

	(void)unused;
	ASK("{'servers':[{'at':'10.0.0.1','order':0},"
	    "{'at':'10.0.0.2','order':1},{'at':'10.0.0.3','order':2},"
	    "{'at':'10.0.0.4','order':3}]}",
	    q);
}

static void rotate_asks_all_of_them(void **unused)
{
	static const struct question q[] = {
		{ "10.0.0.1", API, "yes" },
		{ "10.0.0.2", API, "yes" },
		{ "10.0.0.4", API, "no" },
	};

	(void)unused;
	ASK("{'resolv':{'rotate':true},'servers':[{'at':'10.0.0.1'},"
	    "{'at':'10.0.0.2','order':1},{'at':'10.0.0.4','order':3}]}",
	    q);
}

static void without_dns_in_nsswitch_nobody_is_asked(void **unused)
{
	static const struct question q[] = { { "10.0.0.1", API, "no" } };

	(void)unused;
	ASK("{'nss_hosts':['files'],'servers':[{'at':'10.0.0.1'}]}", q);
}

#define STUB "{'at':'127.0.0.53','stub':true}"
#define HOME                                                          \
	"{'at':'192.168.1.1','behind_stub':true,'interface':'wlan0'," \
	"'domains':['home.example'],'default_route':true}"
#define VPN(domains, default_route)                                  \
	"{'at':'10.150.0.53','behind_stub':true,'interface':'tun0'," \
	"'domains':[" domains "],'default_route':" default_route "}"

static void the_longest_routing_domain_wins(void **unused)
{
	static const struct question q[] = {
		{ "127.0.0.53", API, "yes" },
		{ "10.150.0.53", API, "yes" },
		{ "192.168.1.1", API, "no" },
		{ "10.150.0.53", "api.azureml.ms", "yes" },
		{ "10.150.0.53", "xapi.azureml.ms", "no" },
		{ "192.168.1.1", "xapi.azureml.ms", "yes" },
		{ "192.168.1.1", "x.file.core.windows.net", "yes" },
		{ "10.150.0.53", "x.file.core.windows.net", "no" },
		{ "192.168.1.1", "nas.home.example", "yes" },
	};

	(void)unused;
	ASK("{'servers':[" STUB "," HOME
	    "," VPN("'api.azureml.ms','azurecr.io'", "false") "]}",
	    q);
}

/* The order in which a link lists its domains means nothing. */
static void a_links_best_domain_counts(void **unused)
{
	static const struct question q[] = {
		{ "10.150.0.53", API, "yes" },
		{ "192.168.1.1", API, "no" },
	};

	(void)unused;
	ASK("{'servers':[" STUB ","
	    "{'at':'192.168.1.1','behind_stub':true,'interface':'wlan0',"
	    "'domains':['azureml.ms']}," VPN("'api.azureml.ms','ms','.'",
					     "false") "]}",
	    q);
}

static void a_root_domain_takes_what_no_other_domain_has(void **unused)
{
	static const struct question q[] = {
		{ "10.150.0.53", API, "yes" },
		{ "192.168.1.1", API, "no" },
		{ "10.150.0.53", "nas.home.example", "no" },
		{ "192.168.1.1", "nas.home.example", "yes" },
	};

	(void)unused;
	ASK("{'servers':[" STUB "," HOME "," VPN("'.'", "false") "]}", q);
}

static void two_default_routes_are_both_asked(void **unused)
{
	static const struct question q[] = {
		{ "10.150.0.53", API, "yes" },
		{ "192.168.1.1", API, "yes" },
	};

	(void)unused;
	ASK("{'servers':[" STUB "," HOME "," VPN("", "true") "]}", q);
}

/* Global servers have no link and are asked in their order. */
static void global_servers_are_asked_by_order(void **unused)
{
	static const struct question q[] = {
		{ "10.1.0.10", API, "yes" },
		{ "10.1.0.11", API, "fallback" },
	};

	(void)unused;
	ASK("{'servers':[" STUB ","
	    "{'at':'10.1.0.10','behind_stub':true,'default_route':true},"
	    "{'at':'10.1.0.11','behind_stub':true,'default_route':true,"
	    "'order':1}]}",
	    q);
}

/* The links were hidden from us: nobody may be blamed, unless it is alone. */
static void servers_of_unknown_links_are_fallbacks(void **unused)
{
	static const struct question two[] = {
		{ "10.1.0.10", API, "fallback" },
		{ "10.1.0.11", API, "fallback" },
	};
	static const struct question one[] = { { "10.1.0.10", API, "yes" } };

	(void)unused;
	ASK("{'servers':[" STUB ",{'at':'10.1.0.10','behind_stub':true},"
	    "{'at':'10.1.0.11','behind_stub':true,'order':1}]}",
	    two);
	ASK("{'servers':[" STUB ",{'at':'10.1.0.10','behind_stub':true}]}",
	    one);
}

/* What is behind a stub is never asked more than the stub. */
static void a_stub_in_second_place_is_a_fallback(void **unused)
{
	static const struct question q[] = {
		{ "10.0.0.1", API, "yes" },
		{ "127.0.0.53", API, "fallback" },
		{ "10.150.0.53", API, "fallback" },
	};

	(void)unused;
	ASK("{'servers':[{'at':'10.0.0.1'},"
	    "{'at':'127.0.0.53','stub':true,'order':1}," VPN("'.'",
							     "false") "]}",
	    q);
}

static void nss_resolve_goes_past_resolv_conf(void **unused)
{
	static const struct question q[] = {
		{ "10.150.0.53", API, "yes" },
		{ "192.168.1.1", API, "no" },
		{ "10.0.0.1", API, "fallback" },
	};
	static const char with_resolve[] =
	    "{'nss_hosts':['files','resolve','dns'],"
	    "'servers':[{'at':'10.0.0.1'}," HOME
	    "," VPN("'api.azureml.ms'", "false") "]}";
	static const struct question other[] = {
		{ "10.150.0.53", API, "no" },
		{ "10.0.0.1", API, "yes" },
	};

	(void)unused;
	ASK(with_resolve, q);
	ASK("{'nss_hosts':['files','dns','resolve'],"
	    "'servers':[{'at':'10.0.0.1'}," HOME
	    "," VPN("'api.azureml.ms'", "false") "]}",
	    other);
}

/* resolv.conf names the link's server itself: glibc's order decides. */
static void a_known_link_does_not_change_glibcs_order(void **unused)
{
	static const struct question q[] = {
		{ "10.0.0.1", API, "yes" },
		{ "10.0.0.2", API, "fallback" },
	};

	(void)unused;
	ASK("{'servers':[{'at':'10.0.0.1','interface':'eth0'},"
	    "{'at':'10.0.0.2','interface':'tun0','order':1,"
	    "'domains':['api.azureml.ms']}]}",
	    q);
}

static void files_come_first_as_nsswitch_says(void **unused)
{
	static const struct {
		const char *json;
		bool want;
	} t[] = {
		{ "{}", true },
		{ "{'nss_hosts':['files','dns']}", true },
		{ "{'nss_hosts':['dns','files']}", false },
		{ "{'nss_hosts':['dns']}", false },
		{ "{'nss_hosts':['resolve','files','dns']}", true },
		{ "{'nss_hosts':['files']}", true },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct diag_machine *m = machine_of(t[i].json);

		assert_int_equal(t[i].want, diag_machine_files_first(m));
		diag_machine_free(m);
	}
}

#define ADAPTER(at, link, order)                                   \
	"{'at':'" at "','interface':'" link "','order':" order "," \
	"'source':'Get-DnsClientServerAddress','default_route':true}"

static void windows_asks_adapters_in_the_order_of_their_metric(void **unused)
{
	static const struct question q[] = {
		{ "10.150.0.53", API, "yes" },
		{ "10.150.0.54", API, "fallback" },
		{ "192.168.1.1", API, "fallback" },
		{ "192.168.1.9", API, "no" },
	};

	(void)unused;
	ASK("{'platform':'windows','servers':[" ADAPTER(
		"10.150.0.53", "Contoso VPN",
		"0") "," ADAPTER("10.150.0.54", "Contoso VPN",
				 "1") "," ADAPTER("192.168.1.1", "Wi-Fi",
						  "4") "]}",
	    q);
}

static void
a_name_resolution_policy_takes_its_names_from_all_adapters(void **unused)
{
	static const struct question q[] = {
		{ "10.150.0.53", API, "yes" },
		{ "10.150.0.54", API, "fallback" },
		{ "192.168.1.1", API, "no" },
		{ "10.9.0.1", API, "no" },
		{ "192.168.1.1", "nas.home.example", "yes" },
		{ "10.150.0.53", "nas.home.example", "no" },
		{ "10.9.0.1", "www.ms", "yes" },
	};

	(void)unused;
	ASK("{'platform':'windows','servers':["
	    "{'at':'10.150.0.53','source':'NRPT','domains':['api.azureml.ms',"
	    "'notebooks.azure.net']},"
	    "{'at':'10.150.0.54','source':'NRPT','order':1,"
	    "'domains':['api.azureml.ms']},"
	    "{'at':'10.9.0.1','source':'NRPT','domains':['ms']}," ADAPTER(
		"192.168.1.1", "Wi-Fi", "0") "]}",
	    q);
}

static void a_policy_for_everything_leaves_nothing_to_adapters(void **unused)
{
	static const struct question q[] = {
		{ "10.150.0.53", API, "yes" },
		{ "192.168.1.1", API, "no" },
	};

	(void)unused;
	ASK("{'platform':'windows','servers':["
	    "{'at':'10.150.0.53','domains':['.']}," ADAPTER("192.168.1.1",
							    "Wi-Fi", "0") "]}",
	    q);
}

static void macos_asks_the_resolver_of_the_longest_domain(void **unused)
{
	static const struct question q[] = {
		{ "10.150.0.53", API, "yes" },
		{ "192.168.1.1", API, "no" },
		{ "192.168.1.1", "nas.home.example", "yes" },
		{ "192.168.1.2", "nas.home.example", "fallback" },
	};

	(void)unused;
	ASK("{'platform':'darwin','servers':["
	    "{'at':'192.168.1.1','interface':'en0','default_route':true},"
	    "{'at':'192.168.1.2','interface':'en0','order':1,"
	    "'default_route':true},"
	    "{'at':'10.150.0.53','interface':'utun4',"
	    "'domains':['api.azureml.ms']}]}",
	    q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolv_conf_asks_in_its_order),
		cmocka_unit_test(rotate_asks_all_of_them),
		cmocka_unit_test(without_dns_in_nsswitch_nobody_is_asked),
		cmocka_unit_test(the_longest_routing_domain_wins),
		cmocka_unit_test(a_links_best_domain_counts),
		cmocka_unit_test(a_root_domain_takes_what_no_other_domain_has),
		cmocka_unit_test(two_default_routes_are_both_asked),
		cmocka_unit_test(global_servers_are_asked_by_order),
		cmocka_unit_test(servers_of_unknown_links_are_fallbacks),
		cmocka_unit_test(a_stub_in_second_place_is_a_fallback),
		cmocka_unit_test(nss_resolve_goes_past_resolv_conf),
		cmocka_unit_test(a_known_link_does_not_change_glibcs_order),
		cmocka_unit_test(files_come_first_as_nsswitch_says),
		cmocka_unit_test(
		    windows_asks_adapters_in_the_order_of_their_metric),
		cmocka_unit_test(
		    a_name_resolution_policy_takes_its_names_from_all_adapters),
		cmocka_unit_test(
		    a_policy_for_everything_leaves_nothing_to_adapters),
		cmocka_unit_test(macos_asks_the_resolver_of_the_longest_domain),
	};

	return cmocka_run_group_tests_name("asked", tests, NULL, NULL);
}
