/* SPDX-License-Identifier: MIT */
/* service.c - how documents spell the small enums: one table each. */
#include "inventory/service.h"

#include <stddef.h>
#include <string.h>

static const char *const services[DIAG_N_SERVICES] = {
	[DIAG_SVC_WORKSPACE_API] = "workspace-api",
	[DIAG_SVC_WORKSPACE_CERT] = "workspace-cert",
	[DIAG_SVC_NOTEBOOK] = "notebook",
	[DIAG_SVC_COMPUTE_INSTANCE] = "compute-instance",
	[DIAG_SVC_COMPUTE_INSTANCE_SSH] = "compute-instance-ssh",
	[DIAG_SVC_ONLINE_ENDPOINT] = "online-endpoint",
	[DIAG_SVC_STORAGE_BLOB] = "storage-blob",
	[DIAG_SVC_STORAGE_FILE] = "storage-file",
	[DIAG_SVC_STORAGE_QUEUE] = "storage-queue",
	[DIAG_SVC_STORAGE_TABLE] = "storage-table",
	[DIAG_SVC_STORAGE_DFS] = "storage-dfs",
	[DIAG_SVC_STORAGE_WEB] = "storage-web",
	[DIAG_SVC_KEY_VAULT] = "key-vault",
	[DIAG_SVC_REGISTRY] = "registry",
	[DIAG_SVC_REGISTRY_DATA] = "registry-data",
	[DIAG_SVC_COMPUTE_NODE] = "compute-node",
	[DIAG_SVC_AKS_API] = "aks-api",
	[DIAG_SVC_AKS_SCORING] = "aks-scoring",
	[DIAG_SVC_COSMOS_DB] = "cosmos-db",
	[DIAG_SVC_SEARCH] = "search",
	[DIAG_SVC_MONITOR] = "monitor",
	[DIAG_SVC_SQL] = "sql",
	[DIAG_SVC_STUDIO] = "studio",
	[DIAG_SVC_SIGN_IN] = "sign-in",
	[DIAG_SVC_RESOURCE_MANAGER] = "resource-manager",
	[DIAG_SVC_REGIONAL_API] = "regional-api",
	[DIAG_SVC_NOTEBOOK_CONTENT] = "notebook-content",
	[DIAG_SVC_IMAGES] = "images",
	[DIAG_SVC_OTHER] = "other",
};

static const char *const clouds[DIAG_N_CLOUDS] = {
	[DIAG_CLOUD_PUBLIC] = "public",
	[DIAG_CLOUD_USGOV] = "usgov",
	[DIAG_CLOUD_CHINA] = "china",
};

static const char *const roles[DIAG_N_ROLES] = {
	[DIAG_ROLE_CLIENT] = "client",
	[DIAG_ROLE_JUMPBOX] = "jumpbox",
	[DIAG_ROLE_COMPUTE] = "compute",
	[DIAG_ROLE_AKS] = "aks",
};

static const char *const eras[] = {
	[DIAG_ERA_CURRENT] = "current",
	[DIAG_ERA_2020] = "2020",
};

static const char *const expects[] = {
	[DIAG_EXPECT_PRIVATE] = "private",
	[DIAG_EXPECT_PUBLIC] = "public",
	[DIAG_EXPECT_ANY] = "any",
};

static const char *const accesses[] = {
	[DIAG_ACCESS_UNKNOWN] = "unknown",
	[DIAG_ACCESS_ENABLED] = "enabled",
	[DIAG_ACCESS_DISABLED] = "disabled",
	[DIAG_ACCESS_SELECTED] = "selected",
};

#define LEN(table) (sizeof(table) / sizeof((table)[0]))

static bool find(const char *const *table, size_t n, const char *key,
		 size_t *out)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(table[i], key) != 0)
			continue;
		*out = i;
		return true;
	}
	return false;
}

const char *diag_service_key(enum diag_service s)
{
	return services[s];
}

bool diag_service_parse(const char *key, enum diag_service *out)
{
	size_t i;

	if (!find(services, LEN(services), key, &i))
		return false;
	*out = (enum diag_service)i;
	return true;
}

const char *diag_cloud_key(enum diag_cloud c)
{
	return clouds[c];
}

bool diag_cloud_parse(const char *key, enum diag_cloud *out)
{
	size_t i;

	if (!find(clouds, LEN(clouds), key, &i))
		return false;
	*out = (enum diag_cloud)i;
	return true;
}

const char *diag_role_key(enum diag_role r)
{
	return roles[r];
}

bool diag_role_parse(const char *key, enum diag_role *out)
{
	size_t i;

	if (!find(roles, LEN(roles), key, &i))
		return false;
	*out = (enum diag_role)i;
	return true;
}

const char *diag_era_key(enum diag_era e)
{
	return eras[e];
}

bool diag_era_parse(const char *key, enum diag_era *out)
{
	size_t i;

	if (!find(eras, LEN(eras), key, &i))
		return false;
	*out = (enum diag_era)i;
	return true;
}

const char *diag_expect_key(enum diag_expect e)
{
	return expects[e];
}

bool diag_expect_parse(const char *key, enum diag_expect *out)
{
	size_t i;

	if (!find(expects, LEN(expects), key, &i))
		return false;
	*out = (enum diag_expect)i;
	return true;
}

const char *diag_public_access_key(enum diag_public_access a)
{
	return accesses[a];
}

bool diag_public_access_parse(const char *key, enum diag_public_access *out)
{
	size_t i;

	if (!find(accesses, LEN(accesses), key, &i))
		return false;
	*out = (enum diag_public_access)i;
	return true;
}
