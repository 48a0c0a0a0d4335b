/* SPDX-License-Identifier: MIT */
/* The catalogue, row by row: what is written down must be found again. */
#include "inventory/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "inventory/inventory.h"
#include "net/fqdn.h"

#define G "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"

static const struct diag_cat_fill facts = {
	.id = G, .region = "eastus", .workspace = "ws1103", .name = "name1"
};

static int load(void **state)
{
	struct diag_err err = { .code = DIAG_OK };

	(void)state;
	return diag_cat_load(&err) ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	diag_cat_unload();
	return 0;
}

/* --- every pattern of every cloud ----------------------------------------- */

struct row_case {
	enum diag_cloud cloud;
	enum diag_service service;
	const char *name; /* NULL: no name can be made */
	const char *zone, *record, *group, *parent;
};

#define P  DIAG_CLOUD_PUBLIC
#define U  DIAG_CLOUD_USGOV
#define C  DIAG_CLOUD_CHINA
#define NB "ml-ws1103-eastus-" G ".eastus"

static const struct row_case rows[] = {
	{ P, DIAG_SVC_WORKSPACE_API, G ".workspace.eastus.api.azureml.ms",
	  "privatelink.api.azureml.ms", G ".workspace.eastus", "amlworkspace",
	  "api.azureml.ms" },
	{ U, DIAG_SVC_WORKSPACE_API, G ".workspace.eastus.api.ml.azure.us",
	  "privatelink.api.ml.azure.us", G ".workspace.eastus", "amlworkspace",
	  "api.ml.azure.us" },
	{ C, DIAG_SVC_WORKSPACE_API, G ".workspace.eastus.api.ml.azure.cn",
	  "privatelink.api.ml.azure.cn", G ".workspace.eastus", "amlworkspace",
	  "api.ml.azure.cn" },
	{ P, DIAG_SVC_WORKSPACE_CERT, G ".workspace.eastus.cert.api.azureml.ms",
	  "privatelink.api.azureml.ms", G ".workspace.eastus.cert",
	  "amlworkspace", "api.azureml.ms" },
	{ U, DIAG_SVC_WORKSPACE_CERT,
	  G ".workspace.eastus.cert.api.ml.azure.us",
	  "privatelink.api.ml.azure.us", G ".workspace.eastus.cert",
	  "amlworkspace", "api.ml.azure.us" },
	{ C, DIAG_SVC_WORKSPACE_CERT,
	  G ".workspace.eastus.cert.api.ml.azure.cn",
	  "privatelink.api.ml.azure.cn", G ".workspace.eastus.cert",
	  "amlworkspace", "api.ml.azure.cn" },
	{ P, DIAG_SVC_NOTEBOOK, NB ".notebooks.azure.net",
	  "privatelink.notebooks.azure.net", NB, "amlworkspace",
	  "notebooks.azure.net" },
	{ U, DIAG_SVC_NOTEBOOK, NB ".notebooks.usgovcloudapi.net",
	  "privatelink.notebooks.usgovcloudapi.net", NB, "amlworkspace",
	  "notebooks.usgovcloudapi.net" },
	{ C, DIAG_SVC_NOTEBOOK, NB ".notebooks.chinacloudapi.cn",
	  "privatelink.notebooks.chinacloudapi.cn", NB, "amlworkspace",
	  "notebooks.chinacloudapi.cn" },
	{ P, DIAG_SVC_COMPUTE_INSTANCE, "name1.eastus.instances.azureml.ms",
	  NULL, NULL, NULL, "instances.azureml.ms" },
	{ U, DIAG_SVC_COMPUTE_INSTANCE, "name1.eastus.instances.azureml.us",
	  NULL, NULL, NULL, "instances.azureml.us" },
	{ C, DIAG_SVC_COMPUTE_INSTANCE, "name1.eastus.instances.azureml.cn",
	  NULL, NULL, NULL, "instances.azureml.cn" },
	{ P, DIAG_SVC_COMPUTE_INSTANCE_SSH,
	  "name1-22.eastus.instances.azureml.ms", NULL, NULL, NULL,
	  "instances.azureml.ms" },
	{ U, DIAG_SVC_COMPUTE_INSTANCE_SSH,
	  "name1-22.eastus.instances.azureml.us", NULL, NULL, NULL,
	  "instances.azureml.us" },
	{ C, DIAG_SVC_COMPUTE_INSTANCE_SSH,
	  "name1-22.eastus.instances.azureml.cn", NULL, NULL, NULL,
	  "instances.azureml.cn" },
	{ P, DIAG_SVC_ONLINE_ENDPOINT, "name1.eastus.inference.ml.azure.com",
	  "privatelink.api.azureml.ms", "*." G ".inference.eastus",
	  "amlworkspace", "inference.ml.azure.com" },
	{ U, DIAG_SVC_ONLINE_ENDPOINT, "name1.eastus.inference.ml.azure.us",
	  "privatelink.api.ml.azure.us", "*." G ".inference.eastus",
	  "amlworkspace", "inference.ml.azure.us" },
	{ C, DIAG_SVC_ONLINE_ENDPOINT, "name1.eastus.inference.ml.azure.cn",
	  "privatelink.api.ml.azure.cn", "*." G ".inference.eastus",
	  "amlworkspace", "inference.ml.azure.cn" },
	{ P, DIAG_SVC_STORAGE_BLOB, "name1.blob.core.windows.net",
	  "privatelink.blob.core.windows.net", "name1", "blob",
	  "blob.core.windows.net" },
	{ U, DIAG_SVC_STORAGE_BLOB, "name1.blob.core.usgovcloudapi.net",
	  "privatelink.blob.core.usgovcloudapi.net", "name1", "blob",
	  "blob.core.usgovcloudapi.net" },
	{ C, DIAG_SVC_STORAGE_BLOB, "name1.blob.core.chinacloudapi.cn",
	  "privatelink.blob.core.chinacloudapi.cn", "name1", "blob",
	  "blob.core.chinacloudapi.cn" },
	{ P, DIAG_SVC_STORAGE_FILE, "name1.file.core.windows.net",
	  "privatelink.file.core.windows.net", "name1", "file",
	  "file.core.windows.net" },
	{ U, DIAG_SVC_STORAGE_QUEUE, "name1.queue.core.usgovcloudapi.net",
	  "privatelink.queue.core.usgovcloudapi.net", "name1", "queue",
	  "queue.core.usgovcloudapi.net" },
	{ C, DIAG_SVC_STORAGE_TABLE, "name1.table.core.chinacloudapi.cn",
	  "privatelink.table.core.chinacloudapi.cn", "name1", "table",
	  "table.core.chinacloudapi.cn" },
	{ P, DIAG_SVC_STORAGE_DFS, "name1.dfs.core.windows.net",
	  "privatelink.dfs.core.windows.net", "name1", "dfs",
	  "dfs.core.windows.net" },
	{ P, DIAG_SVC_STORAGE_WEB, "name1.web.core.windows.net",
	  "privatelink.web.core.windows.net", "name1", "web",
	  "web.core.windows.net" },
	{ P, DIAG_SVC_KEY_VAULT, "name1.vault.azure.net",
	  "privatelink.vaultcore.azure.net", "name1", "vault",
	  "vault.azure.net" },
	{ U, DIAG_SVC_KEY_VAULT, "name1.vault.usgovcloudapi.net",
	  "privatelink.vaultcore.usgovcloudapi.net", "name1", "vault",
	  "vault.usgovcloudapi.net" },
	{ C, DIAG_SVC_KEY_VAULT, "name1.vault.azure.cn",
	  "privatelink.vaultcore.azure.cn", "name1", "vault",
	  "vault.azure.cn" },
	{ P, DIAG_SVC_REGISTRY, "name1.azurecr.io", "privatelink.azurecr.io",
	  "name1", "registry", "azurecr.io" },
	{ U, DIAG_SVC_REGISTRY, "name1.azurecr.us", "privatelink.azurecr.us",
	  "name1", "registry", "azurecr.us" },
	{ C, DIAG_SVC_REGISTRY, "name1.azurecr.cn", NULL, NULL, "registry",
	  "azurecr.cn" },
	{ P, DIAG_SVC_REGISTRY_DATA, "name1.eastus.data.azurecr.io",
	  "privatelink.azurecr.io", "name1.eastus.data", "registry",
	  "azurecr.io" },
	{ P, DIAG_SVC_COMPUTE_NODE, NULL, NULL, NULL, NULL, NULL },
	{ P, DIAG_SVC_AKS_API, "name1.privatelink.eastus.azmk8s.io", NULL, NULL,
	  "management", NULL },
	{ P, DIAG_SVC_AKS_SCORING, NULL, NULL, NULL, NULL, NULL },
	{ P, DIAG_SVC_COSMOS_DB, "name1.documents.azure.com",
	  "privatelink.documents.azure.com", "name1", "Sql",
	  "documents.azure.com" },
	{ U, DIAG_SVC_SEARCH, "name1.search.windows.us",
	  "privatelink.search.windows.us", "name1", "searchService",
	  "search.windows.us" },
	{ P, DIAG_SVC_SQL, "name1.database.windows.net",
	  "privatelink.database.windows.net", "name1", "sqlServer",
	  "database.windows.net" },
	{ P, DIAG_SVC_STUDIO, "ml.azure.com", NULL, NULL, NULL, NULL },
	{ U, DIAG_SVC_STUDIO, "ml.azure.us", NULL, NULL, NULL, NULL },
	{ C, DIAG_SVC_STUDIO, "studio.ml.azure.cn", NULL, NULL, NULL, NULL },
	{ P, DIAG_SVC_SIGN_IN, "login.microsoftonline.com", NULL, NULL, NULL,
	  NULL },
	{ U, DIAG_SVC_SIGN_IN, "login.microsoftonline.us", NULL, NULL, NULL,
	  NULL },
	{ C, DIAG_SVC_SIGN_IN, "login.chinacloudapi.cn", NULL, NULL, NULL,
	  NULL },
	{ P, DIAG_SVC_RESOURCE_MANAGER, "management.azure.com", NULL, NULL,
	  NULL, NULL },
	{ U, DIAG_SVC_RESOURCE_MANAGER, "management.usgovcloudapi.net", NULL,
	  NULL, NULL, NULL },
	{ C, DIAG_SVC_RESOURCE_MANAGER, "management.chinacloudapi.cn", NULL,
	  NULL, NULL, NULL },
	{ P, DIAG_SVC_REGIONAL_API, "eastus.api.azureml.ms", NULL, NULL, NULL,
	  "api.azureml.ms" },
	{ P, DIAG_SVC_IMAGES, "mcr.microsoft.com", NULL, NULL, NULL, NULL },
	{ P, DIAG_SVC_OTHER, NULL, NULL, NULL, NULL, NULL },
};

static void assert_text(const char *want, const char *got)
{
	if (want == NULL)
		assert_null(got);
	else
		assert_string_equal(want, got);
}

static void rows_say_what_the_sources_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row_case *want = &rows[i];
		const struct diag_cat_row *row =
		    diag_cat_row(want->cloud, want->service);
		char record[DIAG_FQDN_MAX];

		assert_non_null(row);
		assert_int_equal(want->service, row->service);
		assert_int_equal(want->cloud, row->cloud);
		assert_text(want->zone, row->zone);
		assert_text(want->group, row->group_id);
		assert_text(want->parent, row->parent);
		if (want->record == NULL) {
			assert_null(row->record);
			continue;
		}
		assert_true(
		    diag_cat_fill(row->record, &facts, record, sizeof(record)));
		assert_string_equal(want->record, record);
	}
}

static void filled_patterns_are_recognised_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row_case *want = &rows[i];
		const struct diag_cat_row *row =
		    diag_cat_row(want->cloud, want->service);
		struct diag_cat_match match;
		char name[DIAG_FQDN_MAX];

		if (want->name == NULL)
			continue;
		assert_true(
		    diag_cat_fill(row->pattern, &facts, name, sizeof(name)));
		assert_string_equal(want->name, name);
		assert_true(diag_cat_match(name, &match));
		assert_int_equal(want->service, match.row->service);
		assert_int_equal(want->cloud, match.row->cloud);
	}
}

/* Not only the rows listed above: everything that can be filled. */
static void every_form_of_every_row_is_recognised(void **state)
{
	unsigned forms = 0;

	(void)state;
	for (int i = 0; i < DIAG_N_CLOUDS * DIAG_N_SERVICES; i++) {
		const struct diag_cat_row *row =
		    diag_cat_row((enum diag_cloud)(i / DIAG_N_SERVICES),
				 (enum diag_service)(i % DIAG_N_SERVICES));
		size_t n = row != NULL ? row->n_others + 1 : 0;

		for (size_t k = 0; k < n; k++) {
			const char *pattern =
			    k == 0 ? row->pattern : row->others[k - 1];
			struct diag_cat_match match;
			char name[DIAG_FQDN_MAX];

			if (pattern == NULL ||
			    !diag_cat_fill(pattern, &facts, name, sizeof(name)))
				continue;
			forms++;
			assert_true(diag_cat_match(name, &match));
			assert_int_equal(row->service, match.row->service);
		}
	}
	assert_in_range(forms, 70, 200);
}

static void pieces_come_out_of_a_match(void **state)
{
	struct diag_cat_match match;

	(void)state;
	assert_true(diag_cat_match(
	    "ml-my-long-eastus-" G ".eastus.notebooks.azure.net", &match));
	assert_string_equal(G, match.id);
	assert_string_equal("eastus", match.region);
	assert_string_equal("my-long", match.name);
	assert_true(
	    diag_cat_match("ws1103acr.westus2.data.azurecr.io", &match));
	assert_string_equal("", match.id);
	assert_string_equal("westus2", match.region);
	assert_string_equal("ws1103acr", match.name);
}

/* --- which of several ----------------------------------------------------- */

struct match_case {
	const char *name;
	enum diag_service service;
	enum diag_cloud cloud;
	const char *piece;
};

static const struct match_case matches[] = {
	{ "ci1-22.eastus.instances.azureml.ms", DIAG_SVC_COMPUTE_INSTANCE_SSH,
	  P, "ci1" },
	{ "ci1-8888.eastus.instances.azureml.ms", DIAG_SVC_COMPUTE_INSTANCE, P,
	  "ci1-8888" },
	{ "ci1.chinaeast2.instances.ml.azure.ms", DIAG_SVC_COMPUTE_INSTANCE, C,
	  "ci1" },
	{ "ci1.westeurope.instances.ml.azure.ms", DIAG_SVC_COMPUTE_INSTANCE, P,
	  "ci1" },
	{ "ci1.usgovvirginia.instances.ml.azure.us", DIAG_SVC_COMPUTE_INSTANCE,
	  U, "ci1" },
	{ "ml-ws1103-eastus-" G ".notebooks.azure.net", DIAG_SVC_NOTEBOOK, P,
	  "ws1103" },
	{ "eastus.api.azureml.ms", DIAG_SVC_REGIONAL_API, P, "" },
	{ "cert-" G ".workspace.eastus.api.azureml.ms", DIAG_SVC_WORKSPACE_CERT,
	  P, "" },
	{ G ".workspace.eastus.aether.ms", DIAG_SVC_WORKSPACE_API, P, "" },
	{ "acct.z13.web.core.windows.net", DIAG_SVC_STORAGE_WEB, P, "acct" },
	{ "api.monitor.azure.com", DIAG_SVC_MONITOR, P, "" },
	{ "global.in.ai.monitor.azure.com", DIAG_SVC_MONITOR, P, "" },
	{ "id.oms.opinsights.azure.us", DIAG_SVC_MONITOR, U, "" },
	{ "eastus.data.mcr.microsoft.com", DIAG_SVC_IMAGES, P, "" },
	{ "x.y.aznbcontent.net", DIAG_SVC_NOTEBOOK_CONTENT, P, "" },
	{ "graph.chinacloudapi.cn", DIAG_SVC_OTHER, C, "" },
	{ "aks1-abc." G ".privatelink.eastus.azmk8s.io", DIAG_SVC_AKS_API, P,
	  "" },
};

static void the_pattern_that_says_most_wins(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
		struct diag_cat_match match;

		assert_true(diag_cat_match(matches[i].name, &match));
		assert_int_equal(matches[i].service, match.row->service);
		assert_int_equal(matches[i].cloud, match.row->cloud);
		assert_string_equal(matches[i].piece, match.name);
	}
}

static void names_of_others_fit_nothing(void **state)
{
	static const char *const names[] = {
		"example.org",
		"api.azureml.ms",
		"workspace.eastus.api.azureml.ms",
		"not-a-guid.workspace.eastus.api.azureml.ms",
		G ".workspace.east-us.api.azureml.ms",
		G ".workspace.eastus.api.azureml.ms.evil.org",
		"evil" G ".workspace.eastus.api.azureml.ms",
		"ml-ws-eastus-" G ".westus.notebooks.azure.net",
		"a.b.blob.core.windows.net",
		"blob.core.windows.net",
		"aznbcontent.net",
		"x.vaultcore.azure.net",
		"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct diag_cat_match match;

		assert_false(diag_cat_match(names[i], &match));
	}
}

static void a_row_can_be_chosen_by_name(void **state)
{
	const struct diag_cat_row *row;

	(void)state;
	row =
	    diag_cat_row_of(P, DIAG_SVC_MONITOR, "id.ods.opinsights.azure.com");
	assert_string_equal("privatelink.ods.opinsights.azure.com", row->zone);
	row = diag_cat_row_of(P, DIAG_SVC_OTHER, "graph.microsoft.com");
	assert_int_equal(DIAG_EXPECT_PUBLIC, row->expect);
	row = diag_cat_row_of(P, DIAG_SVC_OTHER, "example.org");
	assert_int_equal(DIAG_EXPECT_ANY, row->expect);
	assert_null(
	    diag_cat_row_of(C, DIAG_SVC_SEARCH, "a.search.windows.net"));
}

/* --- names that must stay public ------------------------------------------ */

static void public_names_are_told_apart(void **state)
{
	enum diag_cloud cloud;
	enum diag_service service;

	(void)state;
	assert_true(diag_cat_is_public("studio.ml.azure.cn", &cloud, &service));
	assert_int_equal(C, cloud);
	assert_int_equal(DIAG_SVC_STUDIO, service);
	assert_true(diag_cat_is_public("eastus.api.azureml.ms", NULL, NULL));
	assert_false(diag_cat_is_public(G ".workspace.eastus.api.azureml.ms",
					&cloud, &service));
	assert_false(diag_cat_is_public("example.org", &cloud, &service));
}

static void each_cloud_has_its_required_public_names(void **state)
{
	(void)state;
	for (int c = 0; c < DIAG_N_CLOUDS; c++) {
		const struct diag_cat_public *list;
		size_t n = diag_cat_public((enum diag_cloud)c, &list);
		unsigned seen = 0;

		for (size_t i = 0; i < n; i++) {
			if (list[i].required)
				seen |= 1U << list[i].service;
			assert_int_not_equal(0, list[i].roles);
		}
		assert_int_equal(
		    1U << DIAG_SVC_STUDIO | 1U << DIAG_SVC_SIGN_IN |
			1U << DIAG_SVC_RESOURCE_MANAGER |
			1U << DIAG_SVC_REGIONAL_API | 1U << DIAG_SVC_IMAGES,
		    seen);
	}
}

/* --- parents to forward --------------------------------------------------- */

static bool among(const char *const *items, size_t n, const char *text)
{
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(items[i], text) != 0)
			continue;
		assert_false(found); /* no duplicates */
		found = true;
	}
	return found;
}

static void parents_are_public_zones_without_duplicates(void **state)
{
	static const char *const want[] = {
		"api.azureml.ms",	  "notebooks.azure.net",
		"instances.azureml.ms",	  "instances.ml.azure.ms",
		"inference.ml.azure.com", "aznbcontent.net",
		"blob.core.windows.net",  "file.core.windows.net",
		"vault.azure.net",	  "azurecr.io",
	};
	const char *const *parents;
	size_t n = diag_cat_parents(P, &parents);

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		assert_true(among(parents, n, want[i]));
	for (size_t i = 0; i < n; i++)
		assert_false(diag_fqdn_is_privatelink(parents[i]));
	n = diag_cat_parents(C, &parents);
	assert_true(among(parents, n, "instances.azureml.cn"));
	assert_true(among(parents, n, "notebooks.chinacloudapi.cn"));
}

/* --- ports ---------------------------------------------------------------- */

static const struct diag_port *port_of(struct diag_ports ports, unsigned port,
				       const char *peer)
{
	for (size_t i = 0; i < ports.n; i++) {
		const struct diag_port *p = &ports.items[i];

		if (p->port == port &&
		    (peer == NULL
			 ? p->peer == NULL
			 : p->peer != NULL && strcmp(p->peer, peer) == 0))
			return p;
	}
	return NULL;
}

static void clients_need_443_everywhere_and_445_for_files(void **state)
{
	(void)state;
	for (int s = 0; s < DIAG_N_SERVICES; s++) {
		struct diag_ports ports = diag_cat_ports(
		    (enum diag_service)s, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT,
		    s == DIAG_SVC_COMPUTE_INSTANCE_SSH);

		if (s == DIAG_SVC_COMPUTE_NODE || s == DIAG_SVC_SQL)
			continue;
		assert_non_null(port_of(ports, 443, NULL));
		assert_int_equal(s == DIAG_SVC_STORAGE_FILE,
				 port_of(ports, 445, NULL) != NULL);
	}
}

static void instance_ports_are_optional_and_may_be_a_range(void **state)
{
	struct diag_ports ports =
	    diag_cat_ports(DIAG_SVC_COMPUTE_INSTANCE, DIAG_ROLE_JUMPBOX,
			   DIAG_ERA_CURRENT, true);
	const struct diag_port *range = port_of(ports, 8704, NULL);

	(void)state;
	assert_non_null(port_of(ports, 8787, NULL));
	assert_non_null(port_of(ports, 18881, NULL));
	assert_non_null(range);
	assert_int_equal(8710, range->port_last);
	ports = diag_cat_ports(DIAG_SVC_COMPUTE_INSTANCE, DIAG_ROLE_COMPUTE,
			       DIAG_ERA_CURRENT, true);
	assert_int_equal(0, ports.n);
}

static void eras_differ_in_what_comes_in(void **state)
{
	struct diag_ports old = diag_cat_ports(
	    DIAG_SVC_COMPUTE_NODE, DIAG_ROLE_COMPUTE, DIAG_ERA_2020, false);
	struct diag_ports now = diag_cat_ports(
	    DIAG_SVC_COMPUTE_NODE, DIAG_ROLE_COMPUTE, DIAG_ERA_CURRENT, false);
	struct diag_ports maybe = diag_cat_ports(
	    DIAG_SVC_COMPUTE_NODE, DIAG_ROLE_COMPUTE, DIAG_ERA_CURRENT, true);
	const struct diag_port *batch =
	    port_of(old, 29876, "BatchNodeManagement");
	const struct diag_port *udp =
	    port_of(now, 5831, "AzureMachineLearning");

	(void)state;
	assert_non_null(batch);
	assert_int_equal(29877, batch->port_last);
	assert_int_equal(DIAG_IN, batch->dir);
	assert_non_null(port_of(old, 44224, "AzureMachineLearning"));
	assert_null(port_of(now, 29876, "BatchNodeManagement"));
	assert_null(port_of(now, 44224, "AzureMachineLearning"));
	assert_non_null(port_of(maybe, 44224, "AzureMachineLearning"));
	assert_non_null(udp);
	assert_int_equal(DIAG_UDP, udp->proto);
	assert_int_equal(DIAG_OUT, udp->dir);
}

/* --- what may be believed ------------------------------------------------- */

static void unconfirmed_rows_are_marked(void **state)
{
	(void)state;
	assert_true(diag_cat_row(P, DIAG_SVC_KEY_VAULT)->http.confirmed);
	assert_true(diag_cat_row(P, DIAG_SVC_REGISTRY)->http.confirmed);
	assert_false(diag_cat_row(P, DIAG_SVC_NOTEBOOK)->http.confirmed);
	assert_false(diag_cat_row(P, DIAG_SVC_REGISTRY_DATA)->http.confirmed);
	assert_false(diag_cat_row(C, DIAG_SVC_REGISTRY)->confirmed);
	assert_false(diag_cat_row(P, DIAG_SVC_COMPUTE_INSTANCE_SSH)->confirmed);
	assert_int_equal(DIAG_ALIAS_UNKNOWN,
			 diag_cat_row(P, DIAG_SVC_WORKSPACE_CERT)->alias);
	assert_int_equal(DIAG_ALIAS_NEVER,
			 diag_cat_row(P, DIAG_SVC_COMPUTE_INSTANCE)->alias);
	assert_int_equal(DIAG_ALIAS_ALWAYS,
			 diag_cat_row(P, DIAG_SVC_STORAGE_BLOB)->alias);
}

static void questions_carry_their_markers(void **state)
{
	const struct diag_http_question *q =
	    &diag_cat_row(P, DIAG_SVC_REGISTRY)->http;

	(void)state;
	assert_string_equal("/v2/", q->path);
	assert_int_equal(2, q->n_service);
	assert_string_equal("docker-distribution-api-version",
			    q->service[0].header);
	assert_int_equal(2, q->n_denial);
	assert_int_equal(403, q->denial[0].code);
	assert_null(q->denial[0].header);
	q = &diag_cat_row(P, DIAG_SVC_WORKSPACE_API)->http;
	assert_int_equal(0, q->n_service);
	assert_int_equal(1, q->n_denial);
	assert_null(diag_cat_row(P, DIAG_SVC_SQL)->http.method);
	assert_false(diag_cat_row(P, DIAG_SVC_SQL)->tls);
}

static void marker_headers_are_lower_case(void **state)
{
	(void)state;
	for (int s = 0; s < DIAG_N_SERVICES; s++) {
		const struct diag_cat_row *row =
		    diag_cat_row(P, (enum diag_service)s);

		for (size_t i = 0; i < row->http.n_service; i++) {
			const char *h = row->http.service[i].header;

			for (; h != NULL && *h != '\0'; h++)
				assert_false(*h >= 'A' && *h <= 'Z');
		}
	}
}

/* --- names that were meant ------------------------------------------------ */

static const char *const meant[][2] = {
	{ G ".workspace.eastus.privatelink.api.azureml.ms",
	  G ".workspace.eastus.api.azureml.ms" },
	{ G ".workspace.eastus.cert.privatelink.api.azureml.ms",
	  G ".workspace.eastus.cert.api.azureml.ms" },
	{ "ep1." G ".inference.eastus.privatelink.api.azureml.ms",
	  "ep1.eastus.inference.ml.azure.com" },
	{ "ml-ws-eastus-" G ".eastus.privatelink.notebooks.azure.net",
	  "ml-ws-eastus-" G ".eastus.notebooks.azure.net" },
	{ "ml-ws-eastus-" G ".privatelink.notebooks.azure.net",
	  "ml-ws-eastus-" G ".notebooks.azure.net" },
	{ "sa.privatelink.blob.core.windows.net", "sa.blob.core.windows.net" },
	{ "kv.privatelink.vaultcore.azure.net", "kv.vault.azure.net" },
	{ "kv.vaultcore.azure.net", "kv.vault.azure.net" },
	{ "kv.vaultcore.azure.cn", "kv.vault.azure.cn" },
	{ "acr.eastus.data.privatelink.azurecr.io",
	  "acr.eastus.data.azurecr.io" },
	{ "acr.privatelink.azurecr.us", "acr.azurecr.us" },
};

static void names_of_zones_lead_to_the_name_clients_ask(void **state)
{
	char out[DIAG_FQDN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(meant) / sizeof(meant[0]); i++) {
		assert_true(diag_cat_meant(meant[i][0], out, sizeof(out)));
		assert_string_equal(meant[i][1], out);
	}
	assert_false(
	    diag_cat_meant("sa.blob.core.windows.net", out, sizeof(out)));
	assert_false(
	    diag_cat_meant("x.privatelink.example.org", out, sizeof(out)));
	assert_false(
	    diag_cat_meant("sa.privatelink.blob.core.windows.net", out, 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_say_what_the_sources_say),
		cmocka_unit_test(filled_patterns_are_recognised_again),
		cmocka_unit_test(every_form_of_every_row_is_recognised),
		cmocka_unit_test(pieces_come_out_of_a_match),
		cmocka_unit_test(the_pattern_that_says_most_wins),
		cmocka_unit_test(names_of_others_fit_nothing),
		cmocka_unit_test(a_row_can_be_chosen_by_name),
		cmocka_unit_test(public_names_are_told_apart),
		cmocka_unit_test(each_cloud_has_its_required_public_names),
		cmocka_unit_test(parents_are_public_zones_without_duplicates),
		cmocka_unit_test(clients_need_443_everywhere_and_445_for_files),
		cmocka_unit_test(
		    instance_ports_are_optional_and_may_be_a_range),
		cmocka_unit_test(eras_differ_in_what_comes_in),
		cmocka_unit_test(unconfirmed_rows_are_marked),
		cmocka_unit_test(questions_carry_their_markers),
		cmocka_unit_test(marker_headers_are_lower_case),
		cmocka_unit_test(names_of_zones_lead_to_the_name_clients_ask),
	};

	return cmocka_run_group_tests_name("catalogue", tests, load, unload);
}
