/* SPDX-License-Identifier: MIT */
/* What people copy out of a terminal: hosts files and answers of look-ups. */
#include "tests/import/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define VAULT "kv.vault.azure.net"
#define BLOB  "sa.blob.core.windows.net"

static void import_txt(struct imported *x, const char *text)
{
	begin(x);
	add_text(x, "x.txt", text);
	finish(x);
	no_problems(x);
}

/* --- nslookup ------------------------------------------------------------- */

static void nslookup_prints_the_asked_name_last_or_first(void **state)
{
	struct imported x;

	(void)state;
	/* Windows: the end of the chain first, who was asked among aliases */
	import_txt(&x, "C:\\> nslookup " BLOB "\n"
		       "Server:  UnKnown\nAddress:  10.0.0.4\n\n"
		       "Non-authoritative answer:\n"
		       "Name:    sa.privatelink.blob.core.windows.net\n"
		       "Address:  10.1.0.5\nAliases:  " BLOB "\n");
	must_have(&x, BLOB, "10.1.0.5");
	assert_int_equal(1, x.inv->n_targets);
	assert_string_equal("x.txt:7", sources_of(&x, "targets", BLOB));
	end(&x);
	/* BIND */
	import_txt(&x,
		   "Server:\t\t127.0.0.53\nAddress:\t127.0.0.53#53\n\n"
		   "Non-authoritative answer:\n" VAULT
		   "\tcanonical name = kv.privatelink.vaultcore.azure.net.\n"
		   "Name:\tkv.privatelink.vaultcore.azure.net\n"
		   "Address: 10.1.0.6\n");
	must_have(&x, VAULT, "10.1.0.6");
	end(&x);
}

static void nslookup_speaks_the_language_of_the_machine(void **state)
{
	static const char *const texts[] = {
		"Serveur :   UnKnown\r\nAddress:  10.0.0.4\r\n\r\n"
		"R\x82ponse ne faisant pas autorit\x82 :\r\n"
		"Nom :    " BLOB "\r\nAddress:  10.1.0.5\r\n",
		"Servidor:  UnKnown\nAddress:  10.0.0.4\n\nNombre:  " BLOB
		"\nAddress:  10.1.0.5\n",
		"Server:  UnKnown\nAddress:  10.0.0.4\n\nNome:    " BLOB
		"\nAddress:  10.1.0.5\n",
		"Server:  UnKnown\nAddress:  10.0.0.4\n\nNaam:    " BLOB
		"\nAddress:  10.1.0.5\n",
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct imported x;

		import_txt(&x, texts[i]);
		must_have(&x, BLOB, "10.1.0.5");
		end(&x);
	}
}

static void several_addresses_stand_below_each_other(void **state)
{
	struct imported x;
	const struct diag_target *t;

	(void)state;
	import_txt(&x, "Server:  dc\nAddress:  10.0.0.4\n\n"
		       "Name:    " BLOB "\n"
		       "Addresses:  fd00::5\n\t  10.1.0.5\n          10.1.0.6\n"
		       "\n"
		       "Server:  dc\nAddress:  10.0.0.4\n\n"
		       "Name:    " VAULT "\nAddress:  10.1.0.7\n"
		       "*** dc can't find x.y: Non-existent domain\n");
	t = diag_inventory_target(x.inv, BLOB);
	assert_non_null(t);
	assert_int_equal(3, t->n_addresses);
	must_have(&x, VAULT, "10.1.0.7");
	assert_int_equal(2, x.inv->n_targets);
	end(&x);
}

/* --- host, dig ------------------------------------------------------------ */

static void dig_and_host_and_nslookup_in_one_log(void **state)
{
	struct imported x;

	(void)state;
	import_txt(&x,
		   "$ dig " BLOB "\n\n; <<>> DiG 9.18 <<>> " BLOB "\n"
		   ";; QUESTION SECTION:\n;" BLOB ".\tIN\tA\n\n"
		   ";; ANSWER SECTION:\n" BLOB
		   ".\t60 IN\tCNAME sa.privatelink.blob.core.windows.net.\n"
		   "sa.privatelink.blob.core.windows.net. 10 IN A 10.1.0.5\n\n"
		   ";; SERVER: 10.0.0.4#53(10.0.0.4)\n"
		   "$ host " VAULT "\n" VAULT
		   " is an alias for kv.privatelink.vaultcore.azure.net.\n"
		   "kv.privatelink.vaultcore.azure.net has address 10.1.0.6\n"
		   "$ nslookup acr.azurecr.io\n"
		   "Server:\t\t10.0.0.4\nAddress:\t10.0.0.4#53\n\n"
		   "Name:\tacr.azurecr.io\nAddress: 10.1.0.7\n"
		   "10.0.0.9 not.a.hosts.line.azurecr.io\n");
	must_have(&x, BLOB, "10.1.0.5");
	must_have(&x, VAULT, "10.1.0.6");
	must_have(&x, "acr.azurecr.io", "10.1.0.7");
	assert_int_equal(3, x.inv->n_targets);
	assert_int_equal(1, seen(&x, "answer of dig"));
	assert_int_equal(1, seen(&x, "answer of host"));
	assert_int_equal(1, seen(&x, "answer of nslookup"));
	assert_int_equal(0, seen(&x, "hosts file"));
	end(&x);
}

static void a_question_without_an_answer_is_known_too(void **state)
{
	struct imported x;

	(void)state;
	import_txt(&x, "; <<>> DiG 9.18 <<>> " BLOB "\n;; status: NXDOMAIN\n");
	assert_int_equal(1, seen(&x, "answer of dig"));
	assert_int_equal(0, x.summary.skipped);
	end(&x);
	import_txt(&x, BLOB " is an alias for x.y.\n");
	assert_int_equal(1, seen(&x, "answer of host"));
	end(&x);
	import_txt(&x, "Server:  x\nAddress:  10.0.0.4\n\n*** no answer\n");
	assert_int_equal(1, seen(&x, "answer of nslookup"));
	end(&x);
}

/* JSON and text in one log keep their lines. */
static void text_between_documents_is_read(void **state)
{
	struct imported x;

	(void)state;
	import_txt(&x, "$ az network nic show --ids x --query y\n"
		       "[\n {\"FQDNs\": [\"" BLOB "\"],\n"
		       "  \"IPAddress\": \"10.1.0.5\"}\n]\n"
		       "$ host " VAULT "\n" VAULT " has address 10.1.0.6\n");
	must_have(&x, BLOB, "10.1.0.5");
	must_have(&x, VAULT, "10.1.0.6");
	assert_string_equal("x.txt:7", sources_of(&x, "targets", VAULT));
	end(&x);
}

/* --- Resolve-DnsName ------------------------------------------------------ */

static void resolve_dnsname_is_read_with_numbers_and_words(void **state)
{
	struct imported x;

	(void)state;
	import_txt(&x, "[{\"Name\":\"" BLOB "\",\"Type\":5,\"CharacterSet\":1,"
		       "\"Section\":1,\"DataLength\":8,\"TTL\":60,"
		       "\"NameHost\":\"sa.privatelink.blob.core.windows.net\"},"
		       "{\"Name\":\"sa.privatelink.blob.core.windows.net\","
		       "\"Type\":1,\"QueryType\":1,\"Section\":1,\"TTL\":10,"
		       "\"Address\":\"10.1.0.5\",\"IPAddress\":\"10.1.0.5\","
		       "\"IP4Address\":\"10.1.0.5\"}]\n"
		       "{\"IP4Address\":\"10.1.0.6\",\"Name\":\"" VAULT "\","
		       "\"Type\":\"A\",\"Section\":\"Answer\",\"TTL\":10}\n"
		       "{\"Name\":\"x.y\",\"Type\":6,\"TTL\":10,\"Section\":2,"
		       "\"PrimaryServer\":\"a.b\"}");
	must_have(&x, BLOB, "10.1.0.5");
	must_have(&x, VAULT, "10.1.0.6");
	assert_int_equal(4, seen(&x, "answer of Resolve-DnsName"));
	end(&x);
}

static void a_public_answer_is_not_kept(void **state)
{
	struct imported x;

	(void)state;
	import_txt(&x, "{\"Name\":\"" VAULT "\",\"Type\":1,\"TTL\":10,"
		       "\"IPAddress\":\"20.62.10.4\"}");
	assert_int_equal(0, x.inv->n_targets);
	assert_int_equal(0, x.inv->n_notes);
	assert_int_equal(1, x.inv->key_vault.n);
	assert_int_equal(1,
			 seen(&x, "answer with a public address (not kept)"));
	end(&x);
}

/* --- hosts ---------------------------------------------------------------- */

static void only_names_of_azure_are_taken_from_a_hosts_file(void **state)
{
	struct imported x;

	(void)state;
	import_txt(&x, "\xef\xbb\xbf# Windows\r\n127.0.0.1 localhost\r\n"
		       "10.9.9.9 printer.home router\r\n"
		       "0.0.0.0 ads.example.com\r\n"
		       "10.1.0.5\tSA.blob.core.windows.net # blob\r\n"
		       "20.1.2.3 kv.vault.azure.net\r\n"
		       "1.2.3.4 login.microsoftonline.com\r\n");
	must_have(&x, BLOB, "10.1.0.5");
	assert_int_equal(1, x.inv->n_targets);
	assert_string_equal("x.txt:5", sources_of(&x, "targets", BLOB));
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
}

/* A public address is no proof against the owner's own network. */
static void an_owners_public_range_is_private_enough(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_text(&x, "hosts", "20.1.2.3 kv.vault.azure.net\n");
	add_text(&x, "vnet.json",
		 "{\"addressSpace\":{\"addressPrefixes\":[\"20.1.0.0/16\"]},"
		 "\"name\":\"hub\"}");
	finish(&x);
	must_have(&x, VAULT, "20.1.2.3");
	end(&x);
}

static void instances_go_to_the_short_form(void **state)
{
	struct imported x;

	(void)state;
	import_txt(&x, "10.1.0.4 " API "\n"
		       "10.1.0.4 ci1.eastus.instances.azureml.ms\n"
		       "10.1.0.4 ci1-22.eastus.instances.ml.azure.ms\n");
	assert_int_equal(1, x.inv->n_targets);
	assert_int_equal(1, x.inv->compute_instances.n);
	assert_string_equal("ci1", x.inv->compute_instances.items[0]);
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
}

static void lines_that_disagree_are_a_note(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_text(&x, "hosts", "10.1.0.5 " BLOB "\n10.1.0.6 " BLOB "\n");
	finish(&x);
	assert_string_equal(
	    BLOB " is 10.1.0.5 according to the hosts file, but 10.1.0.6 "
		 "according to the hosts file. No document of the private "
		 "endpoint says which is right.",
	    note_of(&x, "inventory.stale-record")->detail);
	end(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nslookup_prints_the_asked_name_last_or_first),
		cmocka_unit_test(nslookup_speaks_the_language_of_the_machine),
		cmocka_unit_test(several_addresses_stand_below_each_other),
		cmocka_unit_test(dig_and_host_and_nslookup_in_one_log),
		cmocka_unit_test(a_question_without_an_answer_is_known_too),
		cmocka_unit_test(text_between_documents_is_read),
		cmocka_unit_test(
		    resolve_dnsname_is_read_with_numbers_and_words),
		cmocka_unit_test(a_public_answer_is_not_kept),
		cmocka_unit_test(
		    only_names_of_azure_are_taken_from_a_hosts_file),
		cmocka_unit_test(an_owners_public_range_is_private_enough),
		cmocka_unit_test(instances_go_to_the_short_form),
		cmocka_unit_test(lines_that_disagree_are_a_note),
	};

	return cmocka_run_group_tests_name("import texts", tests, NULL, NULL);
}
