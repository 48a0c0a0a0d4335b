/* SPDX-License-Identifier: MIT */
/* What Azure's documents say of zones and records, against the facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/notes.h"

#define VNET_DNS "10.150.0.54:53"
#define M_SRV_VNET                                                  \
	"{\"at\":\"" VNET_DNS "\",\"source\":\"/etc/resolv.conf\"," \
	"\"order\":0,\"default_route\":true}"

static void views(struct build *b, const char *server, const char *list)
{
	b->servers = server;
	b->views = list;
}

#define V_SYSTEM "{\"view\":\"system\"}"
#define V_AZURE	 ",{\"view\":\"" AZURE "\"}"
#define V_ADDED	 ",{\"view\":\"" AZURE "\",\"added\":true}"
#define V_VNET	 ",{\"view\":\"" VNET_DNS "\"}"
#define V_CORP	 ",{\"view\":\"" CORP "\"}"

/* A jumpbox that asks Azure's own server. */
static void at_azure(struct build *b)
{
	path_in_vnet(b);
}

/* ... or one of the customer's, inside the VNet. */
static void at_vnet_server(struct build *b)
{
	path_in_vnet(b);
	views(b, M_SRV_VNET, V_SYSTEM V_VNET);
}

static void right(struct build *b, const char *view, const char *name,
		  const char *at, const char *zone)
{
	build_system(b, name, at);
	build_private(b, view, name);
	build_soa(b, view, zone, PRIVATE_MNAME);
}

/* Public by this server, which has no such private zone. */
static void public_by(struct build *b, const char *view, const char *name,
		      const char *at, const char *zone)
{
	build_system(b, name, at);
	build_public(b, view, name);
	build_soa(b, view, zone, PUBLIC_MNAME);
}

static void notebook_is_public(struct build *b, const char *view)
{
	right(b, view, API, AT_API, API_ZONE);
	right(b, view, BLOB, AT_BLOB, BLOB_ZONE);
	public_by(b, view, NOTEBOOK, "20.62.10.5", NB_ZONE);
	build_paths_open(b);
}

/* --- zone.not-linked ------------------------------------------------------ */

static void a_zone_that_is_not_linked_explains_public_answers(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	notebook_is_public(b, AZURE);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible error zone.not-linked");
	note_explains(b, "zone.not-linked", "dns.zone-not-visible");
	path_blames(b, "zone.not-linked", NOTEBOOK);
}

static void a_server_that_forwards_to_azure_suffers_from_it(void **state)
{
	struct build *b = *state;

	at_vnet_server(b);
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	notebook_is_public(b, VNET_DNS);
	build_judge(b);
	note_explains(b, "zone.not-linked", "dns.zone-not-visible");
}

/* 168.63.129.16 was handed to this machine: it is Azure's without any proof,
 * and a note about one zone says nothing of the other. */
static void azures_own_server_needs_no_proof(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->targets = T_API "," T_NOTEBOOK;
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	build_system(b, API, "20.62.10.4");
	build_public(b, AZURE, API);
	build_system(b, NOTEBOOK, "20.62.10.5");
	build_public(b, AZURE, NOTEBOOK);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_judge(b);
	path_causes(b, "zone.not-linked dns.zone-not-visible");
	path_blames(b, "zone.not-linked", NOTEBOOK);
}

/* What a server says that is asked only if need be is its own affair. */
static void a_fallback_server_is_not_explained_by_it(void **state)
{
	struct build *b = *state;

	at_azure(b);
	views(b,
	      M_SRV_AZURE ",{\"at\":\"" ISP
			  "\",\"source\":\"/etc/resolv.conf\",\"order\":1,"
			  "\"default_route\":true}",
	      V_SYSTEM V_AZURE ",{\"view\":\"" ISP "\"}");
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	notebook_is_public(b, AZURE);
	build_public(b, ISP, NOTEBOOK);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible error zone.not-linked "
			"warning dns.zone-not-visible");
	note_explains(b, "zone.not-linked", "dns.zone-not-visible");
}

/* The words may name another zone than the one that is missing. */
static void the_names_say_which_zone_is_meant(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(NOTE(
	    "endpoint.zone-missing",
	    "The zone group of pe-1 has only " API_ZONE ".", NAME(NOTEBOOK)));
	notebook_is_public(b, AZURE);
	build_judge(b);
	note_explains(b, "endpoint.zone-missing", "dns.zone-not-visible");
}

/* No private zone is seen, and every one has such a note. */
static void a_server_without_any_zone_does_if_all_are_noted(void **state)
{
	struct build *b = *state;

	at_vnet_server(b);
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)) "," N_UNLINKED(
	    API_ZONE, NAME(API)) "," N_UNLINKED(BLOB_ZONE, NAME(BLOB)));
	public_by(b, VNET_DNS, API, "20.62.10.4", API_ZONE);
	public_by(b, VNET_DNS, NOTEBOOK, "20.62.10.5", NB_ZONE);
	public_by(b, VNET_DNS, BLOB, "20.62.10.8", BLOB_ZONE);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible error zone.not-linked");
	path_causes(b, "zone.not-linked");
	path_blames(b, "zone.not-linked", API " " NOTEBOOK " " BLOB);
}

/* Look-alike: it forwards nothing at all. */
static void a_server_that_is_blind_for_more_is_to_blame_itself(void **state)
{
	struct build *b = *state;

	at_vnet_server(b);
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	public_by(b, VNET_DNS, API, "20.62.10.4", API_ZONE);
	public_by(b, VNET_DNS, NOTEBOOK, "20.62.10.5", NB_ZONE);
	public_by(b, VNET_DNS, BLOB, "20.62.10.8", BLOB_ZONE);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible warning zone.not-linked");
	path_causes(b, "dns.zone-not-visible");
}

/* Look-alike: a resolver of the internet never sees private zones. */
static void a_resolver_of_the_internet_is_to_blame_itself(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)) "," N_UNLINKED(
	    API_ZONE, NAME(API)) "," N_UNLINKED(BLOB_ZONE, NAME(BLOB)));
	public_by(b, ISP, API, "20.62.10.4", API_ZONE);
	public_by(b, ISP, NOTEBOOK, "20.62.10.5", NB_ZONE);
	public_by(b, ISP, BLOB, "20.62.10.8", BLOB_ZONE);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible warning zone.not-linked "
			"warning zone.not-linked warning zone.not-linked");
	path_causes(b, "dns.zone-not-visible");
}

/* Look-alike: a company's server that hosts a copy of one zone itself and
 * forwards nothing would not see the link either. */
static void a_server_that_hosts_zones_itself_is_not_azures(void **state)
{
	struct build *b = *state;

	views(b, M_SRV_CORP, V_SYSTEM V_CORP);
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	b->targets = T_API "," T_NOTEBOOK;
	build_system(b, API, AT_API);
	build_private(b, CORP, API);
	build_soa(b, CORP, API_ZONE, "dc1.corp.example");
	public_by(b, CORP, NOTEBOOK, "20.62.10.5", NB_ZONE);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible warning zone.not-linked");
	path_causes(b, "dns.zone-not-visible");
}

/* Look-alike: a company's server forwards to Azure, and does suffer. */
static void a_company_server_that_shows_azures_soa_is(void **state)
{
	struct build *b = *state;

	views(b, M_SRV_CORP, V_SYSTEM V_CORP);
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	notebook_is_public(b, CORP);
	build_judge(b);
	path_causes(b, "zone.not-linked");
}

/* Contradiction: 168.63.129.16 sees the zone, the document is old. */
static void azures_own_server_refutes_it(void **state)
{
	struct build *b = *state;

	at_vnet_server(b);
	views(b, M_SRV_VNET, V_SYSTEM V_VNET V_ADDED);
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	notebook_is_public(b, VNET_DNS);
	build_private(b, AZURE, API);
	build_private(b, AZURE, NOTEBOOK);
	build_private(b, AZURE, BLOB);
	build_soa(b, AZURE, NB_ZONE, PRIVATE_MNAME);
	build_judge(b);
	path_causes(b, "dns.zone-not-visible");
	note_is(b, "zone.not-linked", DIAG_INFO);
	path_says(b, "zone.not-linked", "the zone is seen from here now");
}

static void a_name_that_is_right_makes_it_an_old_one(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, BLOB, AT_BLOB, BLOB_ZONE);
	right(b, AZURE, NOTEBOOK, AT_NOTEBOOK, NB_ZONE);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "info zone.not-linked");
	note_outcome(b, DIAG_HEALTHY);
}

/* The record is missing: the zone is seen, so a link there is. */
static void a_missing_record_is_not_a_missing_link(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, BLOB, AT_BLOB, BLOB_ZONE);
	build_system(b, NOTEBOOK, "");
	build_dns_soa(b, AZURE, NOTEBOOK, "nxdomain", NB_ALIAS, NB_ZONE,
		      PRIVATE_MNAME);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.record-missing info zone.not-linked");
	path_causes(b, "dns.record-missing");
	path_says(b, "zone.not-linked", "another copy of the zone");
}

#define HOSTS_NOTEBOOK                                         \
	"\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{"      \
	"\"name\":\"" NOTEBOOK "\",\"address\":\"" AT_NOTEBOOK \
	"\",\"line\":3}]},"

/* A hosts line makes up for it: this machine works, others do not. */
static void a_hosts_line_makes_it_a_warning(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->machine = M_ROOTS HOSTS_NOTEBOOK;
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, BLOB, AT_BLOB, BLOB_ZONE);
	build_system(b, NOTEBOOK, AT_NOTEBOOK);
	build_public(b, AZURE, NOTEBOOK);
	build_soa(b, AZURE, NB_ZONE, PUBLIC_MNAME);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "warning zone.not-linked info dns.zone-not-visible");
	note_outcome(b, DIAG_DEGRADED);
	build_status(b, NOTEBOOK, DIAG_TARGET_WARN);
}

/* A laptop, too, where nobody in the VNet was asked. */
static void and_does_not_prove_a_link(void **state)
{
	struct build *b = *state;

	b->machine = M_ROOTS HOSTS_NOTEBOOK;
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	build_healthy(b, ISP);
	build_public(b, ISP, NOTEBOOK);
	build_judge(b);
	note_is(b, "zone.not-linked", DIAG_WARNING);
	path_says(b, "zone.not-linked", "by a hosts line");
}

/* A company's server has a record of its own, Azure's does not see the zone:
 * the document is right, and nobody here suffers. */
static void a_record_elsewhere_does_not_prove_a_link(void **state)
{
	struct build *b = *state;

	views(b, M_SRV_CORP, V_SYSTEM V_CORP V_ADDED);
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	build_healthy(b, CORP);
	build_private(b, AZURE, API);
	build_soa(b, AZURE, API_ZONE, PRIVATE_MNAME);
	build_public(b, AZURE, NOTEBOOK);
	build_soa(b, AZURE, NB_ZONE, PUBLIC_MNAME);
	build_judge(b);
	note_is(b, "zone.not-linked", DIAG_WARNING);
}

/* Look-alike: the hosts line is wrong. */
static void a_wrong_hosts_line_is_to_blame_itself(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->machine = M_ROOTS
	    "\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{\"name\":"
	    "\"" NOTEBOOK "\",\"address\":\"20.62.10.5\",\"line\":3}]},";
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, BLOB, AT_BLOB, BLOB_ZONE);
	public_by(b, AZURE, NOTEBOOK, "20.62.10.5", NB_ZONE);
	build_paths_open(b);
	build_judge(b);
	path_causes(b, "hosts.overrides-dns");
	note_is(b, "zone.not-linked", DIAG_WARNING);
}

/* A note that names more than its zone's names blames only those. */
static void names_of_other_zones_are_left_alone(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(
	    N_UNLINKED(NB_ZONE, NAME(API) "," NAME(NOTEBOOK) "," NAME(BLOB)));
	right(b, AZURE, API, AT_API, API_ZONE);
	public_by(b, AZURE, BLOB, "20.62.10.8", BLOB_ZONE);
	public_by(b, AZURE, NOTEBOOK, "20.62.10.5", NB_ZONE);
	build_paths_open(b);
	build_judge(b);
	path_blames(b, "zone.not-linked", NOTEBOOK);
	path_causes(b, "zone.not-linked dns.zone-not-visible");
}

/* Without a name server that was asked nobody can say why. */
static void the_system_alone_does_not_say_why(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->views = V_SYSTEM;
	b->targets = T_NOTEBOOK;
	b->inventory = NOTES(N_UNLINKED(NB_ZONE, NAME(NOTEBOOK)));
	build_system(b, NOTEBOOK, "20.62.10.5");
	build_judge(b);
	path_causes(b, "dns.zone-not-visible");
	note_is(b, "zone.not-linked", DIAG_WARNING);
}

/* --- endpoint.zone-missing ------------------------------------------------ */

static void a_zone_group_without_the_zone_explains_public_answers(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_MISSING(NB_ZONE, NAME(NOTEBOOK)));
	notebook_is_public(b, AZURE);
	build_judge(b);
	note_explains(b, "endpoint.zone-missing", "dns.zone-not-visible");
}

static void and_a_missing_record(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_MISSING(NB_ZONE, NAME(NOTEBOOK)));
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, BLOB, AT_BLOB, BLOB_ZONE);
	build_system(b, NOTEBOOK, "");
	build_dns_soa(b, AZURE, NOTEBOOK, "nxdomain", NB_ALIAS, NB_ZONE,
		      PRIVATE_MNAME);
	build_paths_open(b);
	build_judge(b);
	note_explains(b, "endpoint.zone-missing", "dns.record-missing");
}

/* Whoever forwards it: the answer says whose zone has no such record. */
static void azures_own_no_needs_no_proof(void **state)
{
	struct build *b = *state;

	views(b, M_SRV_CORP, V_SYSTEM V_CORP);
	b->targets = T_NOTEBOOK;
	b->inventory = NOTES(N_MISSING(NB_ZONE, NAME(NOTEBOOK)));
	build_system(b, NOTEBOOK, "");
	build_dns_soa(b, CORP, NOTEBOOK, "nxdomain", NB_ALIAS, NB_ZONE,
		      PRIVATE_MNAME);
	build_judge(b);
	note_explains(b, "endpoint.zone-missing", "dns.record-missing");
}

/* Look-alike: the company hosts a zone of that name itself. */
static void a_companys_own_zone_is_not_azures(void **state)
{
	struct build *b = *state;

	views(b, M_SRV_CORP, V_SYSTEM V_CORP);
	b->targets = T_NOTEBOOK;
	b->inventory = NOTES(N_MISSING(NB_ZONE, NAME(NOTEBOOK)));
	build_system(b, NOTEBOOK, "");
	build_dns_soa(b, CORP, NOTEBOOK, "nxdomain", NB_ALIAS, NB_ZONE,
		      "dc1.corp.example");
	build_judge(b);
	path_causes(b, "dns.record-missing");
	note_is(b, "endpoint.zone-missing", DIAG_WARNING);
}

static void a_record_by_hand_makes_it_an_information(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_MISSING(NB_ZONE, NAME(NOTEBOOK)));
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, BLOB, AT_BLOB, BLOB_ZONE);
	right(b, AZURE, NOTEBOOK, AT_NOTEBOOK, NB_ZONE);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "info endpoint.zone-missing");
	note_outcome(b, DIAG_HEALTHY);
}

/* Look-alike: a company's server lacks the forwarder for this zone, and
 * Azure's own server has the record. */
static void azures_own_answer_refutes_it(void **state)
{
	struct build *b = *state;

	views(b, M_SRV_CORP, V_SYSTEM V_CORP V_ADDED);
	b->inventory = NOTES(N_MISSING(NB_ZONE, NAME(NOTEBOOK)));
	notebook_is_public(b, CORP);
	build_private(b, AZURE, NOTEBOOK);
	build_soa(b, AZURE, NB_ZONE, PRIVATE_MNAME);
	build_judge(b);
	path_causes(b, "dns.zone-not-visible");
	note_is(b, "endpoint.zone-missing", DIAG_INFO);
}

/* Look-alike: the server is silent; nothing was learnt of the zone. */
static void a_silent_server_is_another_fault(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->targets = T_NOTEBOOK;
	b->inventory = NOTES(N_MISSING(NB_ZONE, NAME(NOTEBOOK)));
	build_system_status(b, NOTEBOOK, "timeout", "", "");
	build_dns(b, AZURE, NOTEBOOK, "A", "timeout", "");
	build_judge(b);
	path_causes(b, "dns.server-silent");
	note_is(b, "endpoint.zone-missing", DIAG_WARNING);
}

/* --- inventory.stale-record ----------------------------------------------- */

static void the_others_are_right(struct build *b, const char *view)
{
	right(b, view, API, AT_API, API_ZONE);
	right(b, view, NOTEBOOK, AT_NOTEBOOK, NB_ZONE);
	build_paths_open(b);
}

static void blob_is_at(struct build *b, const char *view, const char *at)
{
	char words[256];

	(void)snprintf(words, sizeof(words), BLOB_ALIAS " %s", at);
	build_system(b, BLOB, at);
	build_dns(b, view, BLOB, "A", "answer", words);
	build_soa(b, view, BLOB_ZONE, PRIVATE_MNAME);
}

static void an_old_record_explains_the_wrong_address(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_STALE(BLOB, AT_BLOB, "10.150.0.99"));
	the_others_are_right(b, AZURE);
	blob_is_at(b, AZURE, "10.150.0.99");
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	build_judge(b);
	build_expect(b, "error dns.wrong-address error inventory.stale-record");
	note_explains(b, "inventory.stale-record", "dns.wrong-address");
}

/* Left by an endpoint that is gone; nothing else is known of the name. */
static void a_record_of_a_dead_endpoint_explains_its_silence(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(NOTE("inventory.stale-record",
				  "The A record 10.150.0.8 was made by pe-9, "
				  "which is gone.",
				  NAME(BLOB)));
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, NOTEBOOK, AT_NOTEBOOK, NB_ZONE);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	blob_is_at(b, AZURE, AT_BLOB);
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	note_explains(b, "inventory.stale-record",
		      "endpoint.silent tcp.filtered");
}

#define LOST                                                                  \
	NOTES(NOTE("inventory.stale-record",                                  \
		   BLOB " has the address 10.150.0.99 by the A record in "    \
			"its zone. That record was made by the private "      \
			"endpoint pe-9, which is not among these documents.", \
		   NAME(BLOB)))
#define T_BLOB_UNKNOWN                                         \
	"{\"fqdn\":\"" BLOB "\",\"service\":\"storage-blob\"," \
	"\"expect\":\"private\",\"ports\":[443]}"

/* Nobody knows a right address; what the record gives is in the network. */
static void lost_record(struct build *b)
{
	at_azure(b);
	b->targets = T_API "," T_NOTEBOOK "," T_BLOB_UNKNOWN;
	b->inventory = LOST;
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, NOTEBOOK, AT_NOTEBOOK, NB_ZONE);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	blob_is_at(b, AZURE, "10.150.0.99");
}

static void a_record_that_nobody_answers_for_is_the_cause(void **state)
{
	struct build *b = *state;

	lost_record(b);
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	build_judge(b);
	note_explains(b, "inventory.stale-record",
		      "endpoint.silent tcp.filtered");
	assert_non_null(
	    strstr(b->v->causes[0].fixes[0].command, "--ipv4-address ADDRESS"));
}

static void nor_is_a_record_that_leads_to_a_stranger_right(void **state)
{
	struct build *b = *state;

	lost_record(b);
	build_stranger(b, BLOB, "10.150.0.99");
	build_judge(b);
	note_explains(b, "inventory.stale-record", "tls.name-mismatch");
}

/* Look-alike: whoever made the record, the service answers there. */
static void a_record_that_leads_to_the_service_is_a_warning(void **state)
{
	struct build *b = *state;

	lost_record(b);
	build_open(b, BLOB, "10.150.0.99");
	build_judge(b);
	build_expect(b, "warning inventory.stale-record");
	note_outcome(b, DIAG_DEGRADED);
}

/* Two documents differ and nobody decides: the one that is asked is dead. */
static void of_two_addresses_the_silent_one_is_old(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->targets = T_API "," T_NOTEBOOK ",{\"fqdn\":\"" BLOB
			   "\",\"service\":\"storage-blob\",\"expect\":"
			   "\"private\",\"addresses\":[\"10.150.0.99\","
			   "\"" AT_BLOB "\"],\"ports\":[443]}";
	b->inventory = NOTES(N_STALE(BLOB, AT_BLOB, "10.150.0.99"));
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, NOTEBOOK, AT_NOTEBOOK, NB_ZONE);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	blob_is_at(b, AZURE, "10.150.0.99");
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	build_judge(b);
	note_explains(b, "inventory.stale-record",
		      "endpoint.silent tcp.filtered");
	/* ... and is not what the record should become */
	assert_non_null(
	    strstr(b->v->causes[0].fixes[0].command,
		   "--record-set-name ws1103sa --ipv4-address " AT_BLOB));
}

/* Look-alike: the right address is silent, which the old one does not
 * explain. */
static void silence_at_the_right_address_is_another_fault(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_STALE(BLOB, AT_BLOB, "10.150.0.99"));
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, NOTEBOOK, AT_NOTEBOOK, NB_ZONE);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	blob_is_at(b, AZURE, AT_BLOB);
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	path_causes(b, "endpoint.silent");
	note_is(b, "inventory.stale-record", DIAG_INFO);
}

static void both_at_once_are_two_causes(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_STALE(BLOB, AT_BLOB, "10.150.0.99"));
	right(b, AZURE, API, AT_API, API_ZONE);
	right(b, AZURE, NOTEBOOK, AT_NOTEBOOK, NB_ZONE);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	blob_is_at(b, AZURE, "10.150.0.99");
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	path_causes(b, "endpoint.silent inventory.stale-record");
}

/* Look-alike: the record was corrected since. */
static void a_right_answer_makes_it_an_old_one(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_STALE(BLOB, AT_BLOB, "10.150.0.99"));
	the_others_are_right(b, AZURE);
	blob_is_at(b, AZURE, AT_BLOB);
	build_judge(b);
	build_expect(b, "info inventory.stale-record");
	note_outcome(b, DIAG_HEALTHY);
}

/* Look-alike: the answer is wrong in another way than the note says. */
static void another_wrong_address_is_another_fault(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_STALE(BLOB, AT_BLOB, "10.150.0.99"));
	the_others_are_right(b, AZURE);
	blob_is_at(b, AZURE, "10.150.0.77");
	build_tcp(b, BLOB, "10.150.0.77", 443, "timeout");
	build_judge(b);
	path_causes(b, "dns.wrong-address");
	note_is(b, "inventory.stale-record", DIAG_WARNING);
}

/* Look-alike: the service answers there too; the other document is old. */
static void a_service_at_the_old_address_makes_it_a_warning(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_STALE(BLOB, AT_BLOB, "10.150.0.99"));
	the_others_are_right(b, AZURE);
	blob_is_at(b, AZURE, "10.150.0.99");
	build_open(b, BLOB, "10.150.0.99");
	build_judge(b);
	build_expect(b, "warning dns.other-endpoint "
			"warning inventory.stale-record");
	note_outcome(b, DIAG_DEGRADED);
}

/* Look-alike: the old address comes from a hosts line. */
static void an_old_hosts_line_is_to_blame_itself(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->machine =
	    M_ROOTS "\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{\"name\":"
		    "\"" BLOB "\",\"address\":\"10.150.0.99\",\"line\":3}]},";
	b->inventory = NOTES(N_STALE(BLOB, AT_BLOB, "10.150.0.99"));
	the_others_are_right(b, AZURE);
	blob_is_at(b, AZURE, "10.150.0.99");
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	build_judge(b);
	path_causes(b, "hosts.overrides-dns");
	note_is(b, "inventory.stale-record", DIAG_WARNING);
}

/* Look-alike: the servers say the right one by now, a cache does not. */
static void an_old_cache_is_to_blame_itself(void **state)
{
	struct build *b = *state;

	at_azure(b);
	b->inventory = NOTES(N_STALE(BLOB, AT_BLOB, "10.150.0.99"));
	the_others_are_right(b, AZURE);
	build_system(b, BLOB, "10.150.0.99");
	build_private(b, AZURE, BLOB);
	build_soa(b, AZURE, BLOB_ZONE, PRIVATE_MNAME);
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	build_judge(b);
	path_causes(b, "dns.stale-cache");
	note_is(b, "inventory.stale-record", DIAG_WARNING);
}

/* --- zone.ttl ------------------------------------------------------------- */

static void blob_is_cached(struct build *b)
{
	at_azure(b);
	the_others_are_right(b, AZURE);
	build_system(b, BLOB, "10.150.0.99");
	build_private(b, AZURE, BLOB);
	build_soa(b, AZURE, BLOB_ZONE, PRIVATE_MNAME);
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	build_judge(b);
}

static void a_long_life_explains_an_old_answer(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_TTL("3600", NAME(BLOB)));
	blob_is_cached(b);
	note_explains(b, "zone.ttl", "dns.wrong-address dns.stale-cache");
	assert_string_equal("flush", b->v->causes[0].fixes[0].kind);
}

static void whichever_way_it_is_written(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(NOTE("zone.ttl", "Its TTL is 3600s.", NAME(BLOB)));
	blob_is_cached(b);
	path_causes(b, "zone.ttl");
}

/* Look-alike: a short life keeps nothing. */
static void a_short_life_does_not(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_TTL("5", NAME(BLOB)));
	blob_is_cached(b);
	path_causes(b, "dns.stale-cache");
}

static void a_long_life_of_another_name_does_not(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_TTL("3600", NAME(API)));
	blob_is_cached(b);
	path_causes(b, "dns.stale-cache");
	note_is(b, "zone.ttl", DIAG_WARNING);
}

static void a_long_life_alone_is_a_warning(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(N_TTL("3600", NAME(BLOB)));
	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, "warning zone.ttl");
	note_outcome(b, DIAG_DEGRADED);
}

/* --- what is only told ---------------------------------------------------- */

static void informations_never_degrade(void **state)
{
	struct build *b = *state;

	b->inventory = NOTES(NOTE(
	    "zone.nxdomain-redirect", "The link falls back.",
	    NAME(BLOB)) "," NOTE("vnet.custom-dns", "vnet-1 asks 10.150.0.54.",
				 "") "," NOTE("azure.diagnose",
					      "StorageX (Information): no "
					      "error, no warning.",
					      ""));
	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, "info azure.diagnose info vnet.custom-dns "
			"info zone.nxdomain-redirect");
	note_outcome(b, DIAG_HEALTHY);
	build_status(b, BLOB, DIAG_TARGET_OK);
}

static void azures_own_alarm_is_a_warning_and_never_more(void **state)
{
	struct build *b = *state;

	b->inventory =
	    NOTES(NOTE("azure.diagnose", "StorageX (Error): no access.", ""));
	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, "warning azure.diagnose");
	note_outcome(b, DIAG_DEGRADED);
}

static void a_note_of_an_unknown_code_is_left_alone(void **state)
{
	struct build *b = *state;

	b->inventory = "\"notes\":[{\"code\":\"zone.future\"},{\"code\":null},"
		       "{\"code\":\"zone.ttl\"}],";
	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, "warning zone.ttl");
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_zone_that_is_not_linked_explains_public_answers),
		WITH_CASE(a_server_that_forwards_to_azure_suffers_from_it),
		WITH_CASE(azures_own_server_needs_no_proof),
		WITH_CASE(a_fallback_server_is_not_explained_by_it),
		WITH_CASE(the_names_say_which_zone_is_meant),
		WITH_CASE(a_server_without_any_zone_does_if_all_are_noted),
		WITH_CASE(a_server_that_is_blind_for_more_is_to_blame_itself),
		WITH_CASE(a_resolver_of_the_internet_is_to_blame_itself),
		WITH_CASE(a_server_that_hosts_zones_itself_is_not_azures),
		WITH_CASE(a_company_server_that_shows_azures_soa_is),
		WITH_CASE(azures_own_server_refutes_it),
		WITH_CASE(a_name_that_is_right_makes_it_an_old_one),
		WITH_CASE(a_missing_record_is_not_a_missing_link),
		WITH_CASE(a_hosts_line_makes_it_a_warning),
		WITH_CASE(and_does_not_prove_a_link),
		WITH_CASE(a_record_elsewhere_does_not_prove_a_link),
		WITH_CASE(a_wrong_hosts_line_is_to_blame_itself),
		WITH_CASE(names_of_other_zones_are_left_alone),
		WITH_CASE(the_system_alone_does_not_say_why),
		WITH_CASE(
		    a_zone_group_without_the_zone_explains_public_answers),
		WITH_CASE(and_a_missing_record),
		WITH_CASE(azures_own_no_needs_no_proof),
		WITH_CASE(a_companys_own_zone_is_not_azures),
		WITH_CASE(a_record_by_hand_makes_it_an_information),
		WITH_CASE(azures_own_answer_refutes_it),
		WITH_CASE(a_silent_server_is_another_fault),
		WITH_CASE(an_old_record_explains_the_wrong_address),
		WITH_CASE(a_record_of_a_dead_endpoint_explains_its_silence),
		WITH_CASE(a_record_that_nobody_answers_for_is_the_cause),
		WITH_CASE(nor_is_a_record_that_leads_to_a_stranger_right),
		WITH_CASE(a_record_that_leads_to_the_service_is_a_warning),
		WITH_CASE(of_two_addresses_the_silent_one_is_old),
		WITH_CASE(silence_at_the_right_address_is_another_fault),
		WITH_CASE(both_at_once_are_two_causes),
		WITH_CASE(a_right_answer_makes_it_an_old_one),
		WITH_CASE(another_wrong_address_is_another_fault),
		WITH_CASE(a_service_at_the_old_address_makes_it_a_warning),
		WITH_CASE(an_old_hosts_line_is_to_blame_itself),
		WITH_CASE(an_old_cache_is_to_blame_itself),
		WITH_CASE(a_long_life_explains_an_old_answer),
		WITH_CASE(whichever_way_it_is_written),
		WITH_CASE(a_short_life_does_not),
		WITH_CASE(a_long_life_of_another_name_does_not),
		WITH_CASE(a_long_life_alone_is_a_warning),
		WITH_CASE(informations_never_degrade),
		WITH_CASE(azures_own_alarm_is_a_warning_and_never_more),
		WITH_CASE(a_note_of_an_unknown_code_is_left_alone),
	};

	return cmocka_run_group_tests_name("azure names", tests, NULL, NULL);
}
