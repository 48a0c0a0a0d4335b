/* SPDX-License-Identifier: MIT */
/* Which addresses lie in which subnet, by the documents that tell it. */
#include "tests/import/make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BLOB	  "sa.blob.core.windows.net"
#define NET_ID	  VNET("n")
#define SUBNET(s) NET_ID "/subnets/" s
#define NETWORK(lists)                              \
	"{\"id\":\"" NET_ID "\",\"addressSpace\":{" \
	"\"addressPrefixes\":[\"10.1.0.0/16\"]},"   \
	"\"subnets\":[" lists "]}"
#define ENDPOINTS(policies)                                   \
	"{\"id\":\"" SUBNET(                                  \
	    "Endpoints") "\","                                \
			 "\"addressPrefix\":\"10.1.0.0/26\"," \
			 "\"privateEndpointNetworkPolicies\":" policies "}"
#define TRAINING                                                  \
	"{\"id\":\"" SUBNET("training") "\",\"addressPrefixes\":" \
					"[\"10.1.2.0/24\",\"10.1.1.0/24\"]}"

static const struct endpoint_doc pe = { .id = PE("pe"),
					.group = "blob",
					.target =
					    SUB("rg") "Microsoft.Storage/"
						      "storageAccounts/sa",
					.network = SUBNET("endpoints"),
					.fqdn = BLOB,
					.addr = "10.1.0.4" };

static const struct diag_subnet *at(const struct imported *x, const char *text)
{
	struct diag_addr a;

	assert_true(diag_addr_parse(text, &a));
	return diag_inventory_subnet(x->inv, &a);
}

static void lies_in(const struct imported *x, const char *text, const char *end)
{
	const struct diag_subnet *s = at(x, text);

	assert_non_null(s);
	assert_string_equal(end, strrchr(s->id, '/') + 1);
}

static void a_virtual_network_tells_its_subnets(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_text(&x, "vnet.json",
		 NETWORK(ENDPOINTS("\"Disabled\"") "," TRAINING));
	finish(&x);
	no_problems(&x);
	lies_in(&x, "10.1.0.4", "endpoints");
	lies_in(&x, "10.1.1.9", "training");
	lies_in(&x, "10.1.2.9", "training");
	assert_null(at(&x, "10.1.3.9"));
	assert_int_equal(2, x.inv->n_subnets);
	assert_string_equal("vnet.json: $.subnets[0]",
			    sources_of(&x, "subnets", x.inv->subnets[0].id));
	end(&x);
}

static void whether_groups_hold_endpoints_is_told(void **state)
{
	static const struct {
		const char *text;
		enum diag_policies want;
	} words[] = {
		{ NETWORK(ENDPOINTS("\"Disabled\"")), DIAG_POLICIES_OFF },
		{ NETWORK(ENDPOINTS("\"disabled\"")), DIAG_POLICIES_OFF },
		{ NETWORK(ENDPOINTS("\"RouteTableEnabled\"")),
		  DIAG_POLICIES_OFF },
		{ NETWORK(ENDPOINTS("\"Enabled\"")), DIAG_POLICIES_ON },
		{ NETWORK(ENDPOINTS("\"NetworkSecurityGroupEnabled\"")),
		  DIAG_POLICIES_ON },
		{ NETWORK(ENDPOINTS("\"Tomorrow\"")), DIAG_POLICIES_UNKNOWN },
		{ NETWORK(ENDPOINTS("null")), DIAG_POLICIES_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct imported x;

		import_text_file(&x, words[i].text);
		no_problems(&x);
		assert_int_equal(words[i].want, x.inv->subnets[0].policies);
		end(&x);
	}
}

static void documents_that_contradict_say_nothing_of_it(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_text(&x, "a.json", NETWORK(ENDPOINTS("\"Disabled\"")));
	add_text(&x, "b.json", NETWORK(ENDPOINTS("\"Enabled\"")));
	finish(&x);
	assert_int_equal(1, x.inv->n_subnets);
	assert_int_equal(1, x.inv->subnets[0].n_prefixes);
	assert_int_equal(DIAG_POLICIES_UNKNOWN, x.inv->subnets[0].policies);
	end(&x);
}

/* Without its network, the endpoint's own address is what is known. */
static void an_endpoint_tells_where_it_lies(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_endpoint(&x, "pe.json", &pe);
	finish(&x);
	no_problems(&x);
	lies_in(&x, "10.1.0.4", "endpoints");
	assert_null(at(&x, "10.1.0.5"));
	assert_string_equal("pe.json: $",
			    sources_of(&x, "subnets", x.inv->subnets[0].id));
	end(&x);
}

static void its_address_is_not_told_beside_the_prefix(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_endpoint(&x, "pe.json", &pe);
	add_text(&x, "vnet.json", NETWORK(ENDPOINTS("null")));
	finish(&x);
	assert_int_equal(1, x.inv->n_subnets);
	assert_int_equal(1, x.inv->subnets[0].n_prefixes);
	assert_int_equal(26, x.inv->subnets[0].prefixes[0].len);
	end(&x);
}

/* Another network has the same addresses: the endpoint knows its own. */
static void an_endpoint_is_believed_before_a_prefix(void **state)
{
	struct endpoint_doc other = pe;
	struct imported x;

	(void)state;
	other.network = VNET("m") "/subnets/mine";
	begin(&x);
	add_endpoint(&x, "pe.json", &other);
	add_text(&x, "vnet.json", NETWORK(ENDPOINTS("null")));
	finish(&x);
	lies_in(&x, "10.1.0.4", "mine");
	lies_in(&x, "10.1.0.5", "endpoints");
	end(&x);
}

static void an_inventory_keeps_them(void **state)
{
	struct imported x;
	struct imported y;
	struct diag_buf first;
	struct diag_buf second;

	(void)state;
	begin(&x);
	add_endpoint(&x, "pe.json", &pe);
	add_text(&x, "vnet.json",
		 NETWORK(ENDPOINTS("\"Enabled\"") "," TRAINING));
	finish(&x);
	print_json(x.inv, &first);
	begin(&y);
	add_bytes(&y, "again.json", first.data, first.len);
	finish(&y);
	no_problems(&y);
	print_json(y.inv, &second);
	assert_string_equal(diag_buf_str(&first), diag_buf_str(&second));
	assert_int_equal(2, y.inv->n_subnets);
	diag_buf_clear(&first);
	diag_buf_clear(&second);
	end(&x);
	end(&y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_virtual_network_tells_its_subnets),
		cmocka_unit_test(whether_groups_hold_endpoints_is_told),
		cmocka_unit_test(documents_that_contradict_say_nothing_of_it),
		cmocka_unit_test(an_endpoint_tells_where_it_lies),
		cmocka_unit_test(its_address_is_not_told_beside_the_prefix),
		cmocka_unit_test(an_endpoint_is_believed_before_a_prefix),
		cmocka_unit_test(an_inventory_keeps_them),
	};

	return cmocka_run_group_tests_name("import subnets", tests, NULL, NULL);
}
