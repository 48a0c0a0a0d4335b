/* SPDX-License-Identifier: MIT */
/* Names become names of their kind, the same everywhere; what is everybody's
 * stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "inventory/catalogue.h"
#include "net/fqdn.h"
#include "tests/mask/masked.h"

#define N    "n?????????"
#define X4   "[!-][!-][!-][!-]"
#define X3   "[!-][!-][!-]"
#define G    X4 X4 "-" X4 "-4" X3 "-8" X3 "-" X4 X4 X4
#define GUID "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"

static const struct masked_row rows[] = {
	/* An interface and an address that are made of a MAC. */
	{ "2: enxa8bbccddeeff: <UP>", "2: enx[0-9a-f]*: <UP>" },
	{ "Name=wlxa8bbccddeeff", "Name=wlx[!a]*" },
	{ "dev enxa8bbccddeeff.100 up", "dev enx[!a]*.100 up" },
	{ "enxhausted enp0s31f6 wlp3s0", NULL },
	{ "fe80::aabb:ccff:fedd:eeff/64", "fe80::*:*ff:fe*:*/64" },
	{ "fe80::1234:5678:9abc:def0/64", NULL },
	/* One word that is a host, because of where it stands. */
	{ "pac=http://kobold/wpad.dat", "pac=http://" N "/wpad.dat" },
	{ "http://kobold:3128", "http://" N ":3128" },
	{ "http://localhost:3128", NULL },
	{ "IP4.DOMAIN[1]:10.0.0.4", NULL },
	{ "45.90.28.0#ab12.dns.nextdns.io", "45.90.28.0#" N ".dns.nextdns.io" },
	/* Azure's suffixes stay, what customers call theirs does not. */
	{ "ws1103sa.blob.core.windows.net", N ".blob.core.windows.net" },
	{ "ws1103sa.privatelink.blob.core.windows.net.",
	  N ".privatelink.blob.core.windows.net." },
	{ "other.file.core.windows.net", N ".file.core.windows.net" },
	{ "ws1103kv.vault.azure.net", N ".vault.azure.net" },
	{ "ws1103kv.privatelink.vaultcore.azure.net",
	  N ".privatelink.vaultcore.azure.net" },
	{ "ws1103acr.azurecr.io", N ".azurecr.io" },
	{ "ws1103acr.eastus.data.azurecr.io", N ".eastus.data.azurecr.io" },
	{ "ws1103ci1.eastus.instances.azureml.ms",
	  N ".eastus.instances.azureml.ms" },
	{ "ws1103ci1-22.eastus.instances.azureml.ms",
	  N "-22.eastus.instances.azureml.ms" },
	{ GUID ".workspace.eastus.api.azureml.ms",
	  G ".workspace.eastus.api.azureml.ms" },
	{ "ml-ws1103-eastus-" GUID ".eastus.notebooks.azure.net",
	  "ml-" N "-eastus-" G ".eastus.notebooks.azure.net" },
	{ "cert-" GUID ".workspace.eastus.api.azureml.ms",
	  "cert-" G ".workspace.eastus.api.azureml.ms" },
	{ "myapp.westeurope.cloudapp.azure.com",
	  N ".westeurope.cloudapp.azure.com" },
	{ "x.z13.web.core.windows.net", N ".z13.web.core.windows.net" },
	{ "contoso.onmicrosoft.com", N ".onmicrosoft.com" },
	{ "db.usgovcloudapi.net", N ".usgovcloudapi.net" },
	/* Public names stay. */
	{ "ml.azure.com", NULL },
	{ "login.microsoftonline.com", NULL },
	{ "management.azure.com", NULL },
	{ "eastus.api.azureml.ms", NULL },
	{ "mcr.microsoft.com", NULL },
	{ "www.msftconnecttest.com", NULL },
	{ "azureprivatedns.net", NULL },
	{ "ipv4only.arpa", NULL },
	{ "privatelink.blob.core.windows.net", NULL },
	{ "dns.google and cloudflare-dns.com", NULL },
	/* Other people's. */
	{ "dc01.corp.example", N "." N ".example" },
	{ "search corp.example lab.corp.example",
	  "search " N ".example " N "." N ".example" },
	{ "www.contoso.co.uk", N "." N ".co.uk" },
	{ "host.contosonet", "host." N },
	{ "_ldap._tcp.corp.example", "_ldap._tcp." N ".example" },
	{ "*.corp.example", "*." N ".example" },
	{ ".corp.example", "." N ".example" },
	{ "https://git.contoso.com/x", "https://" N "." N ".com/x" },
	{ "ws1103sa.blob.core.windows.net.corp.example",
	  N ".blob.core.windows.net." N ".example" },
	/* Known names, wherever they stand. */
	{ "ws1103", N },
	{ "(WS1103SA)", "(" N ")" },
	{ "vpn-laptop dhclient: bound", N " dhclient: bound" },
	{ "pe-ws1103kv-nic", "pe-" N "-nic" },
	{ "ws1103logs", N "logs" },
	{ "ws1103saws1103kv and", N N " and" },
	{ "up on \"Contoso VPN\"", "up on \"" N "\"" },
	/* A product is nobody's, what somebody adds to it is. */
	{ "up on \"PANGP Virtual Ethernet Adapter #2\"", NULL },
	{ "up on \"Fortinet Quendel\"", "up on \"" N "\"" },
	{ "hostname=build7", "hostname=" N },
	{ "ssid=Contoso Guest", "ssid=" N },
	/* GUIDs and resource ids */
	{ "tenant " GUID " ok", "tenant " G " ok" },
	{ "{" GUID "}", "{" G "}" },
	{ "00000000-0000-0000-0000-000000000000", NULL },
	{ "/subscriptions/" GUID "/resourceGroups/rg-prod/providers/"
	  "Microsoft.Network/virtualNetworks/hub/subnets/default/x",
	  "/subscriptions/" G "/resourceGroups/" N
	  "/providers/Microsoft.Network/virtualNetworks/" N
	  "/subnets/default/x" },
	/* Hardware and fingerprints */
	{ "link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff",
	  "link/ether ?[26ae]:??:??:??:??:?? brd ff:ff:ff:ff:ff:ff" },
	{ "Physical Address: 52-54-00-AB-CD-EF",
	  "Physical Address: [!-][26AE]-[!C]*" },
	{ "sha256 "
	  "f2a9e0037b792c2dd923436931a7234dc4eaa37d69ff2e4a35f30518534d9160",
	  "sha256 f[!2]*" },
	/* Certificates */
	{ "subject=CN=proxy,O=Contoso Ltd,C=DE",
	  "subject=CN=" N ",O=" N ",C=DE" },
	{ "issuer=CN=DigiCert Global G2,O=DigiCert Inc,C=US", NULL },
	{ "issuer=CN=Zscaler Root CA,O=Zscaler Inc.,C=US", NULL },
	{ "O=Microsoft Corporation,CN=Microsoft Azure RSA TLS CA 03", NULL },
	{ "CN = Contoso Root CA 2, OU = IT", "CN = " N ", OU = " N },
	{ "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
	  "\\[masked:certificate]" },
	/* No names */
	{ "NetworkManager.conf main.py libssl.so.3 1.2.3.4", NULL },
	{ "org.freedesktop.resolve1", NULL },
	{ "10.0.0.4:53 and fe80::1", NULL },
	{ "inet 10.150.0.4/16 scope global dynamic eth0", NULL },
	{ "nameserver 168.63.129.16", NULL },
	{ "v=1.2.3-beta.4", NULL },
	{ "12:34:56.789", NULL },
};

static void names_become_names_of_their_kind(void **unused)
{
	(void)unused;
	masked_rows(DIAG_MASK_IDENTIFIERS, rows,
		    sizeof(rows) / sizeof(rows[0]));
}

static void without_identifiers_names_stay(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_NONE);

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *out = masked_text(m, rows[i].in, NULL);

		assert_string_equal(rows[i].in, out);
		free(out);
	}
	diag_mask_free(m);
}

/* What stands before a text in a masked text. */
static char *up_to(char *text, const char *end)
{
	char *at = strstr(text, end);

	assert_non_null(at);
	*at = '\0';
	return text;
}

static void a_name_is_called_the_same_everywhere(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);
	char *bare = masked_text(m, "ws1103sa", NULL);
	char *host = masked_text(m, "ws1103sa.blob.core.windows.net", NULL);
	char *json = masked_json(m, "{\"storage\":[\"ws1103sa\"]}");
	char *loud = masked_text(m, "WS1103SA", NULL);
	char *in_json = strstr(json, "[\"") + 2;

	(void)unused;
	assert_string_equal(bare, up_to(host, "."));
	assert_string_equal(bare, up_to(in_json, "\""));
	assert_string_equal(bare, loud);
	free(bare);
	free(host);
	free(json);
	free(loud);
	diag_mask_free(m);
}

static void children_stay_under_their_parents(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);
	char *parent = masked_text(m, "corp.example", NULL);
	char *child = masked_text(m, "a.b.corp.example", NULL);

	(void)unused;
	assert_true(diag_fqdn_under(child, parent));
	free(parent);
	free(child);
	diag_mask_free(m);
}

static void another_key_gives_other_names(void **unused)
{
	unsigned char key[DIAG_MASK_KEY] = { 9 };
	struct diag_mask *one = masked_new(DIAG_MASK_IDENTIFIERS), *two = NULL;
	char one_id[17], two_id[17];
	char *a, *b;

	(void)unused;
	assert_true(diag_mask_new(DIAG_MASK_IDENTIFIERS, key, &two, NULL));
	a = masked_text(one, "dc01.corp.example", NULL);
	b = masked_text(two, "dc01.corp.example", NULL);
	assert_string_not_equal(a, b);
	diag_mask_key_id(one, one_id);
	diag_mask_key_id(two, two_id);
	assert_int_equal(16, strlen(one_id));
	assert_string_not_equal(one_id, two_id);
	free(a);
	free(b);
	diag_mask_free(one);
	diag_mask_free(two);
}

/* What Azure takes as a name, after the mask as well; no two become one. */
static void pseudonyms_are_names_and_differ(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);
	enum { MANY = 5000 };
	char **all = calloc(MANY, sizeof(*all));

	(void)unused;
	assert_non_null(all);
	for (size_t i = 0; i < MANY; i++) {
		char in[60];
		struct diag_cat_match match;

		(void)snprintf(in, sizeof(in), "acct%zu.blob.core.windows.net",
			       i);
		all[i] = masked_text(m, in, NULL);
		assert_true(diag_cat_match(all[i], &match));
		assert_int_equal(DIAG_SVC_STORAGE_BLOB, match.row->service);
		assert_in_range(strlen(match.name), 3, 24);
		assert_true(match.name[0] >= 'a' && match.name[0] <= 'z');
		(void)up_to(all[i], ".");
	}
	for (size_t i = 0; i < MANY; i += 37)
		for (size_t k = i + 1; k < MANY; k++)
			assert_string_not_equal(all[i], all[k]);
	for (size_t i = 0; i < MANY; i++)
		free(all[i]);
	free(all);
	diag_mask_free(m);
}

/* The notebook label has 63 characters at most; a name that Azure cut is cut
 * in the same way afterwards. */
static void a_long_workspace_fits_its_notebook(void **unused)
{
	static const char region[] = "germanywestcentral";
	static const unsigned char key[DIAG_MASK_KEY] = { 1 };
	struct diag_mask *m = NULL;
	struct diag_cat_match match;
	char *out;

	(void)unused;
	assert_true(diag_cat_load(NULL));
	assert_true(diag_mask_new(DIAG_MASK_IDENTIFIERS, key, &m, NULL));
	out = masked_text(m,
			  "ml-myws-germanywestcentral-" GUID
			  ".germanywestcentral.notebooks.azure.net",
			  NULL);
	assert_true(strcspn(out, ".") <= 63);
	assert_true(diag_cat_match(out, &match));
	assert_string_equal(region, match.region);
	free(out);
	diag_mask_free(m);
}

static void own_rules_add_and_keep(void **unused)
{
	static const char text[] = "# ours\n"
				   "secret TKT-[0-9]{4}\n"
				   "name Project Falcon\n"
				   "name falcon9\n"
				   "keep public.example\n";
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);
	char *out;

	(void)unused;
	assert_true(diag_mask_rules(m, "rules", text, strlen(text), NULL));
	out = masked_text(m,
			  "see TKT-1234 and TKT-99\nproject falcon on falcon9 "
			  "at www.public.example, not a.corp.example",
			  NULL);
	assert_non_null(strstr(out, "see [masked:rule] and TKT-99\n"));
	assert_null(diag_text_find_nocase(out, strlen(out), "falcon"));
	assert_non_null(strstr(out, "www.public.example"));
	assert_null(strstr(out, "corp"));
	free(out);
	diag_mask_free(m);
}

static void bad_rules_are_told_by_their_place(void **unused)
{
	static const char *const bad[][2] = {
		{ "secret (\n", "rules:1:8: expected an extended" },
		{ "\nhide x\n", "rules:2:1: expected secret, name or keep" },
		{ "secret\n", "rules:1:" },
		{ "secret (a)\\1\n", "rules:1:8: expected an expression "
				     "without" },
		{ "secret a*\n", "rules:1:8: expected an expression that" },
		{ "secret a{9}{9}{9}\n", "rules:1:8: expected an expression "
					 "with two" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct diag_mask *m = masked_new(DIAG_MASK_NONE);
		struct diag_err err = { 0 };

		assert_false(diag_mask_rules(m, "rules", bad[i][0],
					     strlen(bad[i][0]), &err));
		assert_int_equal(DIAG_EPARSE, err.code);
		if (!diag_text_starts(err.what, bad[i][1]))
			fail_msg("%s", err.what);
		diag_mask_free(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_names_of_their_kind),
		cmocka_unit_test(without_identifiers_names_stay),
		cmocka_unit_test(a_name_is_called_the_same_everywhere),
		cmocka_unit_test(children_stay_under_their_parents),
		cmocka_unit_test(another_key_gives_other_names),
		cmocka_unit_test(pseudonyms_are_names_and_differ),
		cmocka_unit_test(a_long_workspace_fits_its_notebook),
		cmocka_unit_test(own_rules_add_and_keep),
		cmocka_unit_test(bad_rules_are_told_by_their_place),
	};

	return cmocka_run_group_tests_name("mask/names", tests, NULL, NULL);
}
