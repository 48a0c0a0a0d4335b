/* SPDX-License-Identifier: MIT */
/* What Azure's documents say of endpoints and networks, against the facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/notes.h"

static void silent(struct build *b, const char *name, const char *at)
{
	path_right(b, ISP, name, at);
	path_route(b, at, "tun0", "tunnel");
	build_tcp(b, name, at, 443, "timeout");
}

static void open_at(struct build *b, const char *name, const char *at)
{
	path_right(b, ISP, name, at);
	path_route(b, at, "tun0", "tunnel");
	build_open(b, name, at);
}

/* --- endpoint.not-approved ------------------------------------------------ */

static void a_silent_endpoint_that_waits_for_approval_is_that(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(NAME(BLOB)));
	open_at(b, API, AT_API);
	open_at(b, NOTEBOOK, AT_NOTEBOOK);
	silent(b, BLOB, AT_BLOB);
	build_judge(b);
	build_expect(b, "error endpoint.not-approved error endpoint.silent "
			"error tcp.filtered");
	note_explains(b, "endpoint.not-approved",
		      "endpoint.silent tcp.filtered");
	path_blames(b, "endpoint.not-approved", BLOB);
	path_says(b, "endpoint.not-approved", "is Pending");
	path_says(b, "endpoint.not-approved", "azure.json: $");
	build_status(b, BLOB, DIAG_TARGET_FAIL);
}

static void a_name_without_alias_fits_too(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(NAME(BLOB)));
	open_at(b, API, AT_API);
	open_at(b, NOTEBOOK, AT_NOTEBOOK);
	build_system(b, BLOB, "20.62.10.8");
	build_dns(b, ISP, BLOB, "A", "answer", FRONT " 20.62.10.8");
	build_judge(b);
	build_expect(b, "error dns.no-private-endpoint "
			"error endpoint.not-approved");
	note_explains(b, "endpoint.not-approved", "dns.no-private-endpoint");
}

static void so_does_a_denial_over_the_private_address(void **state)
{
	static const struct path_cert fine = { .status = "ok" };
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(NAME(BLOB)));
	open_at(b, API, AT_API);
	open_at(b, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	path_tls(b, BLOB, AT_BLOB, &fine);
	path_http(b, BLOB, AT_BLOB,
		  "\"answer\",\"code\":403,\"denial\":\"x-ms-error-code: "
		  "AuthorizationFailure\"");
	build_judge(b);
	note_explains(b, "endpoint.not-approved", "http.wrong-endpoint");
}

/* An instance has the API's address and stands in no list of the endpoint. */
static void names_at_the_same_address_are_concerned_too(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_INSTANCE "," T_BLOB;
	b->inventory = NOTES(N_PENDING(NAME(API)));
	silent(b, API, AT_API);
	silent(b, INSTANCE, AT_API);
	open_at(b, BLOB, AT_BLOB);
	build_judge(b);
	path_causes(b, "endpoint.not-approved");
	path_blames(b, "endpoint.not-approved", API " " INSTANCE);
}

/* Look-alike: the document is old. */
static void an_endpoint_that_works_makes_the_note_an_old_one(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(NAME(BLOB)));
	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, "info endpoint.not-approved");
	path_says(b, "endpoint.not-approved", "documents are old");
	note_outcome(b, DIAG_HEALTHY);
	build_status(b, BLOB, DIAG_TARGET_OK);
}

/* Look-alike: one endpoint has several names, and one of them works. */
static void one_name_that_works_speaks_for_the_endpoint(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(NAME(API) "," NAME(NOTEBOOK)));
	open_at(b, API, AT_API);
	silent(b, NOTEBOOK, AT_NOTEBOOK);
	open_at(b, BLOB, AT_BLOB);
	build_judge(b);
	note_is(b, "endpoint.not-approved", DIAG_INFO);
	path_causes(b, "endpoint.silent");
}

static void whichever_of_them_works(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(NAME(API) "," NAME(NOTEBOOK)));
	silent(b, API, AT_API);
	open_at(b, NOTEBOOK, AT_NOTEBOOK);
	open_at(b, BLOB, AT_BLOB);
	build_judge(b);
	note_is(b, "endpoint.not-approved", DIAG_INFO);
}

/* Look-alike: the address opened for another of its names. */
static void an_address_that_opens_is_not_a_silent_one(void **state)
{
	static const struct path_cert cut = { .status = "cut" };
	struct build *b = *state;

	b->targets = T_API "," T_CERT "," T_BLOB;
	b->inventory = NOTES(N_PENDING(NAME(CERT)));
	path_right(b, ISP, API, AT_API);
	path_tls(b, API, AT_API, &cut);
	silent(b, CERT, AT_API);
	open_at(b, BLOB, AT_BLOB);
	build_judge(b);
	note_is(b, "endpoint.not-approved", DIAG_WARNING);
}

/* No source says whether the certificate's name has an alias; the documents
 * say why it has none. */
static void a_public_answer_without_a_chain_fits(void **state)
{
	struct build *b = *state;

	b->targets = T_CERT "," T_BLOB;
	b->inventory = NOTES(N_PENDING(NAME(CERT)));
	build_system(b, CERT, "20.62.10.4");
	build_dns(b, ISP, CERT, "A", "answer", FRONT " 20.62.10.4");
	open_at(b, BLOB, AT_BLOB);
	build_judge(b);
	note_explains(b, "endpoint.not-approved", "dns.wrong-address");
}

/* Look-alike: the whole way is closed, and most endpoints are approved. */
static void a_silent_subnet_is_not_one_endpoints_doing(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(NAME(BLOB)));
	silent(b, API, AT_API);
	silent(b, NOTEBOOK, AT_NOTEBOOK);
	silent(b, BLOB, AT_BLOB);
	build_judge(b);
	build_expect(b, "error tcp.filtered warning endpoint.not-approved");
	path_causes(b, "tcp.filtered");
	path_says(b, "endpoint.not-approved", "look at the other findings");
}

static void it_is_where_every_silent_endpoint_has_such_a_note(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(
	    N_PENDING(NAME(API) "," NAME(NOTEBOOK)) "," N_PENDING(NAME(BLOB)));
	silent(b, API, AT_API);
	silent(b, NOTEBOOK, AT_NOTEBOOK);
	silent(b, BLOB, AT_BLOB);
	build_judge(b);
	path_causes(b, "endpoint.not-approved");
	path_blames(b, "endpoint.not-approved", API " " NOTEBOOK " " BLOB);
}

/* Look-alike: no VPN, so that everything is lost. */
static void without_a_vpn_nothing_is_put_down_to_it(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	b->inventory =
	    NOTES(N_PENDING(NAME(API) "," NAME(NOTEBOOK) "," NAME(BLOB)));
	path_all_three(b, ISP, "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error vpn.down warning endpoint.not-approved");
	path_causes(b, "vpn.down");
}

/* Look-alike: the name is led elsewhere, and the endpoint was not the one
 * that was missed. */
static void a_wrong_address_is_another_fault(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(NAME(BLOB)));
	open_at(b, API, AT_API);
	open_at(b, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, "10.150.0.99");
	build_stranger(b, BLOB, "10.150.0.99");
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	path_causes(b, "endpoint.silent dns.wrong-address");
	note_is(b, "endpoint.not-approved", DIAG_WARNING);
}

/* Look-alike: a refusal comes from somebody who is there. */
static void a_refusal_is_no_silence(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(NAME(BLOB)));
	open_at(b, API, AT_API);
	open_at(b, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	build_tcp(b, BLOB, AT_BLOB, 443, "refused");
	build_judge(b);
	build_expect(b, "error tcp.refused warning endpoint.not-approved");
	path_causes(b, "tcp.refused");
}

/* Look-alike: a port beside the service's own. */
static void a_closed_side_port_is_not_the_connection(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_FILES;
	b->inventory = NOTES(N_PENDING(NAME(FILES)));
	open_at(b, API, AT_API);
	open_at(b, FILES, AT_FILES);
	build_tcp(b, FILES, AT_FILES, 445, "timeout");
	build_judge(b);
	path_causes(b, "tcp.filtered");
	note_is(b, "endpoint.not-approved", DIAG_INFO);
}

/* The public path is on; the private one was not needed. */
static void public_access_makes_it_a_warning(void **state)
{
	struct build *b = *state;

	b->targets =
	    T_API ",{\"fqdn\":\"" BLOB "\",\"service\":\"storage-blob\","
		  "\"expect\":\"private\",\"ports\":[443]}";
	b->inventory =
	    "\"public_access\":\"enabled\"," NOTES(N_PENDING(NAME(BLOB)));
	open_at(b, API, AT_API);
	build_system(b, BLOB, "20.62.10.8");
	build_dns(b, ISP, BLOB, "A", "answer", FRONT " 20.62.10.8");
	build_open(b, BLOB, "20.62.10.8");
	build_judge(b);
	note_is(b, "endpoint.not-approved", DIAG_WARNING);
	path_says(b, "endpoint.not-approved", "over its public address");
	note_outcome(b, DIAG_DEGRADED);
}

static void names_that_were_not_looked_at_make_it_an_information(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(NAME("other.blob.core.windows.net")));
	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, "info endpoint.not-approved");
	note_outcome(b, DIAG_HEALTHY);
}

static void a_note_about_no_name_is_a_warning(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_PENDING(""));
	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, "warning endpoint.not-approved");
	path_blames(b, "endpoint.not-approved", "");
	note_outcome(b, DIAG_DEGRADED);
	build_status(b, BLOB, DIAG_TARGET_OK);
}

/* Names only: whether the endpoint carries anything was not looked at. */
static void names_alone_say_nothing_about_a_connection(void **state)
{
	struct build *b = *state;

	b->tool = "pl-resolve";
	b->inventory = NOTES(N_PENDING(NAME(BLOB)));
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	build_judge(b);
	build_expect(b, "info endpoint.not-approved");
	path_says(b, "endpoint.not-approved", "did not look");
}

/* --- vnet.docker-range ---------------------------------------------------- */

#define D_API	"172.17.0.4"
#define T_D_API T_PRIVATE(API, "workspace-api", D_API, "443")
#define M_DOCKER                                                \
	"{\"name\":\"docker0\",\"up\":true,\"container\":true," \
	"\"addresses\":[{\"address\":\"172.17.0.1\","           \
	"\"prefix\":\"172.17.0.0/16\"}]}"
#define M_DOCKER_LAN "{\"to\":\"172.17.0.0/16\",\"interface\":\"docker0\"}"

static void docker_world(struct build *b, const char *interfaces,
			 const char *routes)
{
	b->networks = "\"172.17.0.0/16\"";
	b->targets = T_D_API;
	b->interfaces = interfaces;
	b->routes = routes;
	path_right(b, ISP, API, D_API);
}

static void an_overlap_with_docker_is_the_networks_fault(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_DOCKER(""));
	docker_world(b, M_WLAN "," M_DOCKER,
		     M_DEFAULT "," M_LAN "," M_DOCKER_LAN);
	path_route(b, D_API, "docker0", "on-link");
	path_errno(b, API, D_API, "unreachable", "EHOSTUNREACH");
	build_judge(b);
	build_expect(b, "error net.local-overlap error vnet.docker-range");
	note_explains(b, "vnet.docker-range", "net.local-overlap");
	path_blames(b, "vnet.docker-range", API);
}

/* Look-alike: the home network has that range, and no container does. */
static void an_overlap_with_a_home_network_is_not(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_DOCKER(""));
	docker_world(b,
		     "{\"name\":\"wlan0\",\"up\":true,\"addresses\":[{"
		     "\"address\":\"172.17.0.20\",\"prefix\":"
		     "\"172.17.0.0/24\"}]}",
		     "{\"to\":\"172.17.0.0/24\",\"interface\":\"wlan0\"}");
	path_route(b, D_API, "wlan0", "on-link");
	path_errno(b, API, D_API, "unreachable", "EHOSTUNREACH");
	build_judge(b);
	path_causes(b, "net.local-overlap");
	note_is(b, "vnet.docker-range", DIAG_WARNING);
}

static void from_where_it_works_it_is_a_warning(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_DOCKER(""));
	docker_world(b, M_WLAN "," M_TUN,
		     M_DEFAULT "," M_LAN
			       ",{\"to\":\"172.17.0.0/16\",\"interface\":"
			       "\"tun0\"}");
	path_route(b, D_API, "tun0", "tunnel");
	build_open(b, API, D_API);
	build_judge(b);
	build_expect(b, "warning vnet.docker-range");
	path_says(b, "vnet.docker-range", "containers on compute");
	note_outcome(b, DIAG_DEGRADED);
	build_status(b, API, DIAG_TARGET_OK);
}

/* What is only beside explains nothing, however mild the other finding. */
static void a_warning_explains_no_warning(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_DOCKER(NAME(API)));
	docker_world(b, M_WLAN "," M_TUN, M_DEFAULT "," M_LAN);
	b->targets =
	    "{\"fqdn\":\"" API "\",\"service\":\"workspace-api\",\"addresses\":"
	    "[\"" D_API "\",\"172.17.0.5\"],\"expect\":"
	    "\"private\",\"ports\":[443]}";
	path_right(b, ISP, API, D_API " 172.17.0.5");
	build_open(b, API, D_API);
	build_tcp(b, API, "172.17.0.5", 443, "timeout");
	build_judge(b);
	build_expect(b, "warning vnet.docker-range warning endpoint.silent "
			"warning tcp.filtered");
	path_causes(b, "vnet.docker-range endpoint.silent");
}

#define T_NODE                                          \
	"{\"service\":\"compute-node\",\"addresses\":[" \
	"\"172.17.0.20\"],\"expect\":\"private\",\"ports\":[22]}"

static void node_is_silent_from(struct build *b, const char *source)
{
	b->inventory = NOTES(N_DOCKER(""));
	docker_world(b, M_WLAN "," M_TUN, M_DEFAULT);
	b->targets = T_D_API "," T_NODE;
	build_open(b, API, D_API);
	build_fact(b,
		   "\"probe\":\"tcp\",\"status\":\"timeout\","
		   "\"address\":\"172.17.0.20\",\"port\":22,"
		   "\"local_address\":\"%s\"",
		   source);
	build_judge(b);
}

/* Its replies to this range never leave it. */
static void a_node_that_answers_into_its_own_bridge_fits(void **state)
{
	struct build *b = *state;

	node_is_silent_from(b, "172.17.0.30");
	path_causes(b, "vnet.docker-range");
	path_blames(b, "vnet.docker-range", "172.17.0.20");
}

/* Look-alike: replies to any other range leave it; something else drops. */
static void a_node_that_is_silent_to_others_does_not(void **state)
{
	struct build *b = *state;

	node_is_silent_from(b, "10.200.0.5");
	path_causes(b, "tcp.filtered");
	note_is(b, "vnet.docker-range", DIAG_WARNING);
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_silent_endpoint_that_waits_for_approval_is_that),
		WITH_CASE(a_name_without_alias_fits_too),
		WITH_CASE(so_does_a_denial_over_the_private_address),
		WITH_CASE(names_at_the_same_address_are_concerned_too),
		WITH_CASE(an_endpoint_that_works_makes_the_note_an_old_one),
		WITH_CASE(one_name_that_works_speaks_for_the_endpoint),
		WITH_CASE(whichever_of_them_works),
		WITH_CASE(an_address_that_opens_is_not_a_silent_one),
		WITH_CASE(a_public_answer_without_a_chain_fits),
		WITH_CASE(a_silent_subnet_is_not_one_endpoints_doing),
		WITH_CASE(it_is_where_every_silent_endpoint_has_such_a_note),
		WITH_CASE(without_a_vpn_nothing_is_put_down_to_it),
		WITH_CASE(a_wrong_address_is_another_fault),
		WITH_CASE(a_refusal_is_no_silence),
		WITH_CASE(a_closed_side_port_is_not_the_connection),
		WITH_CASE(public_access_makes_it_a_warning),
		WITH_CASE(names_that_were_not_looked_at_make_it_an_information),
		WITH_CASE(a_note_about_no_name_is_a_warning),
		WITH_CASE(names_alone_say_nothing_about_a_connection),
		WITH_CASE(an_overlap_with_docker_is_the_networks_fault),
		WITH_CASE(an_overlap_with_a_home_network_is_not),
		WITH_CASE(from_where_it_works_it_is_a_warning),
		WITH_CASE(a_warning_explains_no_warning),
		WITH_CASE(a_node_that_answers_into_its_own_bridge_fits),
		WITH_CASE(a_node_that_is_silent_to_others_does_not),
	};

	return cmocka_run_group_tests_name("azure endpoints", tests, NULL,
					   NULL);
}
