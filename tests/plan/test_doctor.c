/* SPDX-License-Identifier: MIT */
/* Which questions pl-doctor asks, and which it does not. */
#include "plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/torture.h"

#define ID    "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"
#define API   ID ".workspace.eastus.api.azureml.ms"
#define FILES "ws1103sa.file.core.windows.net"

static const struct diag_port https = { .port = 443, .port_last = 443 };
static const struct diag_port smb = { .port = 445, .port_last = 445 };
static const struct diag_view_spec views[] = {
	{ .text = "system" },
	{ .text = "10.0.0.53:53",
	  .at = { { .family = DIAG_IPV4, .bytes = { 10, 0, 0, 53 } }, 53 } },
	{ .text = "168.63.129.16:53",
	  .at = { { .family = DIAG_IPV4, .bytes = { 168, 63, 129, 16 } },
		  53 } },
};

/* --- a world, and what was asked of it
 * ------------------------------------------ */

#define STEPS_MAX 512

struct world {
	struct diag_addr addresses[40];
	struct diag_target targets[3];
	struct diag_inventory inventory;
	struct diag_machine machine;
	struct diag_doctor_options o;
	struct diag_plan plan;
	struct diag_step steps[STEPS_MAX];
	size_t n;
};

static struct diag_addr v4(uint8_t last)
{
	return diag_addr_v4(10, 150, 0, last);
}

static void set_up(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->addresses[0] = v4(4);
	w->addresses[1] = v4(7);
	w->targets[0] = (struct diag_target){
		.fqdn = API,
		.service = DIAG_SVC_WORKSPACE_API,
		.addresses = &w->addresses[0],
		.n_addresses = 1,
		.ports = { &https, 1 },
	};
	w->targets[1] = (struct diag_target){
		.fqdn = FILES,
		.service = DIAG_SVC_STORAGE_FILE,
		.addresses = &w->addresses[1],
		.n_addresses = 1,
		.ports = { &https, 1 },
		.optional_ports = { &smb, 1 },
	};
	w->inventory.region = "eastus";
	w->inventory.targets = w->targets;
	w->inventory.n_targets = 1;
	w->o = (struct diag_doctor_options){
		.inventory = &w->inventory,
		.machine = &w->machine,
		.views = views,
		.n_views = 2,
		.ask_a = true,
		.ask_aaaa = true,
	};
}

static void pull(struct world *w)
{
	w->n = 0;
	while (w->plan.next(w->plan.ctx, &w->steps[w->n]))
		assert_true(++w->n < STEPS_MAX);
}

static void begin(struct world *w)
{
	assert_true(diag_plan_doctor(&w->o, &w->plan, NULL));
	pull(w);
}

static void end(struct world *w)
{
	struct diag_err err = { 0 };

	assert_false(w->plan.failed(w->plan.ctx, &err));
	w->plan.free(w->plan.ctx);
}

static const struct diag_step *find(const struct world *w,
				    enum diag_probe_kind probe, size_t i)
{
	for (size_t k = 0; k < w->n; k++)
		if (w->steps[k].probe == probe && i-- == 0)
			return &w->steps[k];
	return NULL;
}

static size_t count(const struct world *w, enum diag_probe_kind probe)
{
	size_t n = 0;

	while (find(w, probe, n))
		n++;
	return n;
}

/* Answer a step with one address, and see what it teaches. */
static void answer(struct world *w, const struct diag_step *to,
		   struct diag_addr addr)
{
	struct diag_step step = *to;
	struct diag_fact f = { .kind = DIAG_FACT_DNS,
			       .status = DIAG_ST_ANSWER };

	f.dns.type = step.type;
	f.dns.addresses = &addr;
	f.dns.n_addresses = 1;
	if (step.probe == DIAG_PROBE_SYSTEM_DNS) {
		f.kind = DIAG_FACT_SYSTEM_DNS;
		f.system_dns.addresses = &addr;
		f.system_dns.n_addresses = 1;
	}
	assert_true(w->plan.learn(w->plan.ctx, &step, &f, NULL));
	pull(w);
}

/* --- at once
 * -------------------------------------------------------------------- */

static void everything_known_is_asked_at_once(void **unused)
{
	struct world w;
	const struct diag_step *s;

	(void)unused;
	set_up(&w);
	begin(&w);
	assert_int_equal(1, count(&w, DIAG_PROBE_CONNECT));
	assert_int_equal(1, count(&w, DIAG_PROBE_ROUTE));
	assert_int_equal(1, count(&w, DIAG_PROBE_SYSTEM_DNS));
	assert_int_equal(3, count(&w, DIAG_PROBE_DNS)); /* A, AAAA, SOA */
	/* The longest comes first. */
	s = &w.steps[0];
	assert_int_equal(DIAG_PROBE_CONNECT, s->probe);
	assert_int_equal(DIAG_STAGE_HTTP, s->stage);
	assert_int_equal(443, s->port);
	assert_int_equal(4000, s->timeout_ms);
	assert_string_equal(API, s->target);
	assert_string_equal(API, s->name);
	assert_non_null(s->http);
	s = find(&w, DIAG_PROBE_DNS, 0);
	assert_string_equal("10.0.0.53:53", s->view);
	assert_int_equal(3000, s->timeout_ms);
	s = find(&w, DIAG_PROBE_DNS, 2);
	assert_int_equal(DIAG_RR_SOA, s->type);
	assert_string_equal("privatelink.api.azureml.ms", s->name);
	assert_null(s->target);
	end(&w);
}

static void only_https_goes_on_to_tls_and_http(void **unused)
{
	struct world w;

	(void)unused;
	set_up(&w);
	w.inventory.targets = &w.targets[1];
	begin(&w);
	assert_int_equal(2, count(&w, DIAG_PROBE_CONNECT));
	assert_int_equal(DIAG_STAGE_HTTP,
			 find(&w, DIAG_PROBE_CONNECT, 0)->stage);
	assert_int_equal(445, find(&w, DIAG_PROBE_CONNECT, 1)->port);
	assert_int_equal(DIAG_STAGE_TCP,
			 find(&w, DIAG_PROBE_CONNECT, 1)->stage);
	end(&w);
}

static void a_node_without_a_name_is_only_connected_to(void **unused)
{
	static const struct diag_port ports[] = {
		{ .port = 29876, .port_last = 29877 },
		{ .port = 44224, .port_last = 44224, .dir = DIAG_IN },
		{ .port = 5831, .port_last = 5831, .proto = DIAG_UDP },
	};
	struct world w;

	(void)unused;
	set_up(&w);
	w.targets[0].fqdn = NULL;
	w.targets[0].service = DIAG_SVC_COMPUTE_NODE;
	w.targets[0].ports = (struct diag_ports){ ports, 3 };
	begin(&w);
	assert_int_equal(2, count(&w, DIAG_PROBE_CONNECT));
	assert_int_equal(1, count(&w, DIAG_PROBE_ROUTE));
	assert_int_equal(3, w.n);
	for (size_t i = 0; i < 2; i++) {
		const struct diag_step *s = find(&w, DIAG_PROBE_CONNECT, i);

		assert_int_equal(29876 + i, s->port);
		assert_int_equal(DIAG_STAGE_TCP, s->stage);
		assert_null(s->target);
		assert_null(s->name);
	}
	end(&w);
}

static void one_address_of_many_targets_is_routed_once(void **unused)
{
	struct world w;

	(void)unused;
	set_up(&w);
	w.inventory.n_targets = 2;
	w.addresses[1] = w.addresses[0];
	begin(&w);
	assert_int_equal(1, count(&w, DIAG_PROBE_ROUTE));
	assert_int_equal(3, count(&w, DIAG_PROBE_CONNECT));
	end(&w);
}

static void a_zone_is_asked_of_each_server_once(void **unused)
{
	struct world w;
	size_t soas = 0;

	(void)unused;
	set_up(&w);
	w.o.n_views = 3;
	w.inventory.n_targets = 2;
	w.targets[1] = w.targets[0];
	w.targets[1].fqdn = "x.workspace.eastus.api.azureml.ms";
	begin(&w);
	for (size_t i = 0; i < w.n; i++)
		soas += w.steps[i].type == DIAG_RR_SOA;
	assert_int_equal(2, soas);
	end(&w);
}

static void no_connect_leaves_names_only(void **unused)
{
	struct world w;

	(void)unused;
	set_up(&w);
	w.o.no_connect = true;
	w.o.no_soa = true;
	w.o.ask_aaaa = false;
	begin(&w);
	assert_int_equal(2, w.n);
	answer(&w, find(&w, DIAG_PROBE_DNS, 0), diag_addr_v4(20, 1, 2, 3));
	assert_int_equal(0, w.n);
	end(&w);
}

static void a_name_that_a_proxy_carries_is_tried_through_it(void **unused)
{
	struct diag_proxy proxy = { .scheme = "https",
				    .url = "http://proxy.corp:3128" };
	struct world w;

	(void)unused;
	set_up(&w);
	w.machine.proxies = &proxy;
	w.machine.n_proxies = 1;
	begin(&w);
	assert_int_equal(1, count(&w, DIAG_PROBE_HTTP_PROXY));
	assert_ptr_equal(&proxy, find(&w, DIAG_PROBE_HTTP_PROXY, 0)->proxy);
	assert_int_equal(1, count(&w, DIAG_PROBE_CONNECT));
	end(&w);
}

/* --- what answers teach
 * ------------------------------------------------------------ */

static void an_address_nobody_expected_is_tried_once(void **unused)
{
	struct world w;
	struct diag_step dns, system;

	(void)unused;
	set_up(&w);
	begin(&w);
	dns = *find(&w, DIAG_PROBE_DNS, 0);
	system = *find(&w, DIAG_PROBE_SYSTEM_DNS, 0);
	answer(&w, &dns, diag_addr_v4(20, 62, 10, 4));
	assert_int_equal(2, w.n);
	assert_int_equal(1, count(&w, DIAG_PROBE_ROUTE));
	assert_int_equal(DIAG_STAGE_HTTP,
			 find(&w, DIAG_PROBE_CONNECT, 0)->stage);
	answer(&w, &system, diag_addr_v4(20, 62, 10, 4));
	assert_int_equal(0, w.n);
	end(&w);
}

static void the_expected_address_is_not_tried_again(void **unused)
{
	struct world w;

	(void)unused;
	set_up(&w);
	begin(&w);
	answer(&w, find(&w, DIAG_PROBE_DNS, 0), v4(4));
	assert_int_equal(0, w.n);
	end(&w);
}

static void at_most_sixteen_connections_are_made_per_target(void **unused)
{
	struct world w;
	struct diag_step dns;
	size_t connects = 0;

	(void)unused;
	set_up(&w);
	begin(&w);
	dns = *find(&w, DIAG_PROBE_DNS, 0);
	for (uint8_t i = 1; i <= 40; i++) {
		answer(&w, &dns, diag_addr_v4(20, 0, 0, i));
		connects += count(&w, DIAG_PROBE_CONNECT);
	}
	assert_int_equal(15, connects); /* and the expected one */
	end(&w);
}

static void an_unusable_address_is_never_contacted(void **unused)
{
	struct world w;
	struct diag_step dns;

	(void)unused;
	set_up(&w);
	begin(&w);
	dns = *find(&w, DIAG_PROBE_DNS, 0);
	answer(&w, &dns, diag_addr_v4(127, 0, 0, 1));
	assert_int_equal(0, w.n);
	answer(&w, &dns, diag_addr_v4(0, 0, 0, 0));
	assert_int_equal(0, w.n);
	answer(&w, &dns, diag_addr_v4(168, 63, 129, 16));
	assert_int_equal(0, w.n);
	end(&w);
}

static void ipv6_is_tried_only_where_there_is_a_way(void **unused)
{
	struct diag_route route = { .interface = "eth0" };
	struct diag_addr six, other;
	struct world w;
	struct diag_step dns;

	(void)unused;
	assert_true(diag_addr_parse("2603:1030::4", &six));
	assert_true(diag_addr_parse("2603:1030::5", &other));
	assert_true(diag_cidr_parse("::/0", false, &route.to));
	set_up(&w);
	begin(&w);
	dns = *find(&w, DIAG_PROBE_DNS, 1);
	answer(&w, &dns, six);
	assert_int_equal(0, count(&w, DIAG_PROBE_CONNECT));
	w.machine.routes = &route;
	w.machine.n_routes = 1;
	answer(&w, &dns, other);
	assert_int_equal(1, count(&w, DIAG_PROBE_CONNECT));
	end(&w);
}

static void an_ipv6_answer_asks_once_how_the_network_translates(void **unused)
{
	struct diag_step a, aaaa;
	struct diag_addr six;
	struct world w;

	(void)unused;
	assert_true(diag_addr_parse("2001:db8:64::a96:4", &six));
	set_up(&w);
	begin(&w);
	a = *find(&w, DIAG_PROBE_DNS, 0);
	aaaa = *find(&w, DIAG_PROBE_DNS, 1);
	answer(&w, &a, v4(4));
	assert_int_equal(0, count(&w, DIAG_PROBE_DNS));
	answer(&w, &aaaa, six);
	assert_true(count(&w, DIAG_PROBE_DNS) > 0);
	assert_string_equal("ipv4only.arpa", find(&w, DIAG_PROBE_DNS, 0)->name);
	assert_int_equal(DIAG_RR_AAAA, find(&w, DIAG_PROBE_DNS, 0)->type);
	assert_null(find(&w, DIAG_PROBE_DNS, 0)->target);
	answer(&w, &aaaa, six);
	assert_int_equal(0, count(&w, DIAG_PROBE_DNS));
	end(&w);
}

static void each_server_is_asked_once_what_it_is(void **unused)
{
	struct world w;
	size_t with, n = 0;

	(void)unused;
	set_up(&w);
	begin(&w);
	with = w.n;
	for (size_t i = 0; i < w.n; i++)
		assert_int_not_equal(DIAG_RR_TXT, w.steps[i].type);
	end(&w);

	set_up(&w);
	w.o.fingerprint = true;
	begin(&w);
	for (size_t i = 0; i < w.n; i++) {
		const struct diag_step *s = &w.steps[i];

		if (s->probe != DIAG_PROBE_DNS || s->type != DIAG_RR_TXT)
			continue;
		n++;
		assert_string_equal("version.bind", s->name);
		assert_null(s->target);
		assert_int_not_equal(DIAG_NOFAM, s->server.addr.family);
	}
	assert_true(n > 0);
	assert_int_equal(with + n, w.n);
	pull(&w);
	assert_int_equal(0, w.n);
	end(&w);
}

static void a_truncated_answer_is_asked_again_over_tcp_once(void **unused)
{
	struct diag_fact f = { .kind = DIAG_FACT_DNS,
			       .status = DIAG_ST_TRUNCATED };
	struct world w;
	struct diag_step dns;

	(void)unused;
	set_up(&w);
	begin(&w);
	dns = *find(&w, DIAG_PROBE_DNS, 1);
	assert_true(w.plan.learn(w.plan.ctx, &dns, &f, NULL));
	pull(&w);
	assert_int_equal(1, w.n);
	assert_true(w.steps[0].tcp);
	assert_int_equal(DIAG_RR_AAAA, w.steps[0].type);
	dns = w.steps[0];
	assert_true(w.plan.learn(w.plan.ctx, &dns, &f, NULL));
	pull(&w);
	assert_int_equal(0, w.n);
	end(&w);
}

static void a_zone_that_a_chain_names_is_asked_too(void **unused)
{
	struct diag_rr chain = { .name = "x.privatelink.example.net",
				 .type = DIAG_RR_CNAME,
				 .value = "y.example.net" };
	struct diag_fact f = { .kind = DIAG_FACT_DNS,
			       .status = DIAG_ST_NODATA };
	struct world w;
	struct diag_step dns;

	(void)unused;
	set_up(&w);
	begin(&w);
	dns = *find(&w, DIAG_PROBE_DNS, 0);
	f.dns.chain = &chain;
	f.dns.n_chain = 1;
	assert_true(w.plan.learn(w.plan.ctx, &dns, &f, NULL));
	pull(&w);
	assert_int_equal(1, w.n);
	assert_string_equal("privatelink.example.net", w.steps[0].name);
	assert_true(w.plan.learn(w.plan.ctx, &dns, &f, NULL));
	pull(&w);
	assert_int_equal(0, w.n);
	end(&w);
}

static void a_server_that_invents_zones_cannot_keep_us_busy(void **unused)
{
	char name[64];
	struct diag_rr chain = { .name = name, .type = DIAG_RR_CNAME };
	struct diag_fact f = { .kind = DIAG_FACT_DNS,
			       .status = DIAG_ST_NODATA };
	struct world w;
	struct diag_step dns;
	size_t asked = 0;

	(void)unused;
	set_up(&w);
	begin(&w);
	dns = *find(&w, DIAG_PROBE_DNS, 0);
	f.dns.chain = &chain;
	f.dns.n_chain = 1;
	for (unsigned i = 0; i < 1000; i++) {
		(void)snprintf(name, sizeof(name), "privatelink.z%u.net", i);
		assert_true(w.plan.learn(w.plan.ctx, &dns, &f, NULL));
		pull(&w);
		asked += w.n;
	}
	assert_int_equal(63, asked); /* and that of the target */
	end(&w);
}

static void a_round_begins_when_the_one_before_is_done(void **unused)
{
	struct world w;
	struct diag_step first[8];
	size_t n = 0;

	(void)unused;
	set_up(&w);
	w.o.repeat = 2;
	w.o.no_connect = true;
	w.o.no_soa = true;
	begin(&w);
	assert_int_equal(3, w.n);
	memcpy(first, w.steps, sizeof(first));
	for (n = 0; n < 3; n++) {
		pull(&w);
		assert_int_equal(0, w.n);
		w.plan.done(w.plan.ctx, &first[n]);
	}
	pull(&w);
	assert_int_equal(3, w.n);
	memcpy(first, w.steps, sizeof(first));
	for (n = 0; n < 3; n++)
		w.plan.done(w.plan.ctx, &first[n]);
	pull(&w);
	assert_int_equal(0, w.n);
	end(&w);
}

static bool whole_plan(void *arg)
{
	struct world *w = arg;
	struct diag_addr addr = diag_addr_v4(20, 1, 2, 3);
	struct diag_fact f = { .kind = DIAG_FACT_DNS,
			       .status = DIAG_ST_ANSWER };
	struct diag_step step = { 0 };
	struct diag_err err = { 0 };
	bool ok;

	if (!diag_plan_doctor(&w->o, &w->plan, &err)) {
		assert_int_equal(DIAG_ENOMEM, err.code);
		return false;
	}
	f.dns.addresses = &addr;
	f.dns.n_addresses = 1;
	ok = true;
	while (ok && w->plan.next(w->plan.ctx, &step)) {
		if (step.probe == DIAG_PROBE_DNS)
			ok = w->plan.learn(w->plan.ctx, &step, &f, &err);
	}
	ok = !w->plan.failed(w->plan.ctx, &err) && ok;
	w->plan.free(w->plan.ctx);
	return ok;
}

static void any_allocation_may_fail(void **unused)
{
	struct world w;

	(void)unused;
	set_up(&w);
	w.inventory.n_targets = 2;
	w.o.n_views = 3;
	assert_true(torture(whole_plan, &w) >= 4);
}

static int load(void **unused)
{
	(void)unused;
	return diag_cat_load(NULL) ? 0 : -1;
}

static int unload(void **unused)
{
	(void)unused;
	diag_cat_unload();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_known_is_asked_at_once),
		cmocka_unit_test(only_https_goes_on_to_tls_and_http),
		cmocka_unit_test(a_node_without_a_name_is_only_connected_to),
		cmocka_unit_test(one_address_of_many_targets_is_routed_once),
		cmocka_unit_test(a_zone_is_asked_of_each_server_once),
		cmocka_unit_test(no_connect_leaves_names_only),
		cmocka_unit_test(
		    a_name_that_a_proxy_carries_is_tried_through_it),
		cmocka_unit_test(an_address_nobody_expected_is_tried_once),
		cmocka_unit_test(the_expected_address_is_not_tried_again),
		cmocka_unit_test(
		    at_most_sixteen_connections_are_made_per_target),
		cmocka_unit_test(an_unusable_address_is_never_contacted),
		cmocka_unit_test(ipv6_is_tried_only_where_there_is_a_way),
		cmocka_unit_test(
		    an_ipv6_answer_asks_once_how_the_network_translates),
		cmocka_unit_test(each_server_is_asked_once_what_it_is),
		cmocka_unit_test(
		    a_truncated_answer_is_asked_again_over_tcp_once),
		cmocka_unit_test(a_zone_that_a_chain_names_is_asked_too),
		cmocka_unit_test(
		    a_server_that_invents_zones_cannot_keep_us_busy),
		cmocka_unit_test(a_round_begins_when_the_one_before_is_done),
		cmocka_unit_test(any_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("plan/doctor", tests, load, unload);
}
