/* SPDX-License-Identifier: MIT */
/* What pasted error texts tell, and what they do not. */
#include "tools/pl-doctor/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "inventory/catalogue.h"

#define API \
	"bf4ab0bd-2c9f-4480-abaf-f799f0832c80.workspace.eastus.api.azureml.ms"

struct expected {
	const char *text, *host;
	uint16_t port;
	enum error_kind kind;
};

static void check(const struct expected *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct doctor_error e;

		doctor_error_read(rows[i].text, strlen(rows[i].text), &e);
		assert_string_equal(rows[i].host, e.host);
		assert_int_equal(rows[i].port, e.port);
		assert_int_equal(rows[i].kind, e.kind);
		assert_non_null(e.meaning);
	}
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof((rows)[0]))

static void node_texts_give_host_port_and_reason(void **unused)
{
	static const struct expected rows[] = {
		{ "RestError: getaddrinfo ENOTFOUND eastus.api.azureml.ms\n "
		  "code: 'REQUEST_SEND_ERROR'",
		  "eastus.api.azureml.ms", 0, ERROR_NAME },
		{ "connect ETIMEDOUT ci1.eastus.nodes.azureml.ms:8889",
		  "ci1.eastus.nodes.azureml.ms", 8889, ERROR_SILENT },
		{ "request to https://" API "/rp/workspaces failed, reason: "
		  "unable to get local issuer certificate",
		  API, 0, ERROR_TLS },
		{ "read ECONNRESET", "", 0, ERROR_CUT },
	};

	(void)unused;
	CHECK(rows);
}

static void python_texts_are_full_of_things_that_are_no_hosts(void **unused)
{
	static const struct expected rows[] = {
		{ "requests.exceptions.ConnectionError: HTTPSConnectionPool("
		  "host='ws1103sa.blob.core.windows.net', port=443): Max "
		  "retries exceeded with url: /x.y (Caused by "
		  "NewConnectionError('<urllib3.connection.HTTPSConnection "
		  "object at 0x7f>: Failed to establish a new connection: "
		  "[Errno 111] Connection refused'))",
		  "ws1103sa.blob.core.windows.net", 443, ERROR_REFUSED },
		{ "azure.core.exceptions.ServiceRequestError: [Errno -2] Name "
		  "or service not known",
		  "", 0, ERROR_NAME },
		{ "urllib3.exceptions.NameResolutionError: Failed to resolve "
		  "'ws1103kv.vault.azure.net' ([Errno 11001] getaddrinfo "
		  "failed)",
		  "ws1103kv.vault.azure.net", 0, ERROR_NAME },
	};

	(void)unused;
	CHECK(rows);
}

static void browser_texts_are_read(void **unused)
{
	static const struct expected rows[] = {
		{ "GET https://ml-ws1103-eastus-bf4ab0bd.eastus.notebooks."
		  "azure.net/api/x?a=b.c net::ERR_NAME_NOT_RESOLVED",
		  "ml-ws1103-eastus-bf4ab0bd.eastus.notebooks.azure.net", 0,
		  ERROR_NAME },
		{ "REQUEST_SEND_ERROR: Your request for data wasn\u2019t "
		  "sent.",
		  "", 0, ERROR_VAGUE },
		{ "POST https://" API ":443/x net::ERR_CONNECTION_TIMED_OUT",
		  API, 443, ERROR_SILENT },
		{ "DNS_PROBE_FINISHED_NXDOMAIN", "", 0, ERROR_NAME },
	};

	(void)unused;
	CHECK(rows);
}

static void a_denial_is_told_from_silence(void **unused)
{
	static const struct expected rows[] = {
		{ "UserError: Access to workspace was denied based on workspace"
		  " private link configuration. (REQUEST_SEND_ERROR)",
		  "", 0, ERROR_DENIED },
	};

	(void)unused;
	CHECK(rows);
}

static void what_is_not_the_network_is_said_to_be_so(void **unused)
{
	static const struct expected rows[] = {
		{ "AADSTS50076: Due to a configuration change made by your "
		  "administrator, see https://aka.ms/aadsts",
		  "", 0, ERROR_NOT_NETWORK },
		{ "(AuthorizationFailed) The client 'x@contoso.com' does not "
		  "have authorization",
		  "", 0, ERROR_NOT_NETWORK },
	};

	(void)unused;
	CHECK(rows);
}

static void a_name_in_the_catalogue_wins_over_an_earlier_link(void **unused)
{
	static const struct expected rows[] = {
		{ "See https://portal.azure.com/help. Failed to fetch "
		  "https://" API,
		  API, 0, ERROR_VAGUE },
	};

	(void)unused;
	CHECK(rows);
}

static void an_address_and_its_port_are_enough(void **unused)
{
	static const char text[] = "connect ECONNREFUSED 10.150.0.4:443";
	struct diag_addr want = diag_addr_v4(10, 150, 0, 4);
	struct doctor_error e;

	(void)unused;
	doctor_error_read(text, strlen(text), &e);
	assert_true(diag_addr_eq(&want, &e.addr));
	assert_int_equal(443, e.port);
	assert_string_equal("", e.host);
	assert_string_equal("ECONNREFUSED", e.word);
}

static void a_masked_or_empty_text_names_nothing(void **unused)
{
	static const struct expected rows[] = {
		{ "", "", 0, ERROR_UNKNOWN },
		{ "REQUEST_SEND_ERROR redacted:url", "", 0, ERROR_VAGUE },
		{ "index.js:12 v1.2.3 a..b -.- :99999", "", 0, ERROR_UNKNOWN },
	};

	(void)unused;
	CHECK(rows);
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
		cmocka_unit_test(node_texts_give_host_port_and_reason),
		cmocka_unit_test(
		    python_texts_are_full_of_things_that_are_no_hosts),
		cmocka_unit_test(browser_texts_are_read),
		cmocka_unit_test(a_denial_is_told_from_silence),
		cmocka_unit_test(what_is_not_the_network_is_said_to_be_so),
		cmocka_unit_test(
		    a_name_in_the_catalogue_wins_over_an_earlier_link),
		cmocka_unit_test(an_address_and_its_port_are_enough),
		cmocka_unit_test(a_masked_or_empty_text_names_nothing),
	};

	return cmocka_run_group_tests_name("tools/doctor_error", tests, load,
					   unload);
}
