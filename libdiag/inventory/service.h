/* SPDX-License-Identifier: MIT */
/* service.h - the service keys and the small enums of the inventory. */
#ifndef DIAG_INVENTORY_SERVICE_H
#define DIAG_INVENTORY_SERVICE_H

#include <stdbool.h>

enum diag_cloud { DIAG_CLOUD_PUBLIC, DIAG_CLOUD_USGOV, DIAG_CLOUD_CHINA };
#define DIAG_N_CLOUDS 3

enum diag_service {
	DIAG_SVC_WORKSPACE_API,
	DIAG_SVC_WORKSPACE_CERT,
	DIAG_SVC_NOTEBOOK,
	DIAG_SVC_COMPUTE_INSTANCE,
	DIAG_SVC_COMPUTE_INSTANCE_SSH,
	DIAG_SVC_ONLINE_ENDPOINT,
	DIAG_SVC_STORAGE_BLOB,
	DIAG_SVC_STORAGE_FILE,
	DIAG_SVC_STORAGE_QUEUE,
	DIAG_SVC_STORAGE_TABLE,
	DIAG_SVC_STORAGE_DFS,
	DIAG_SVC_STORAGE_WEB,
	DIAG_SVC_KEY_VAULT,
	DIAG_SVC_REGISTRY,
	DIAG_SVC_REGISTRY_DATA,
	DIAG_SVC_COMPUTE_NODE,
	DIAG_SVC_AKS_API,
	DIAG_SVC_AKS_SCORING,
	DIAG_SVC_COSMOS_DB,
	DIAG_SVC_SEARCH,
	DIAG_SVC_MONITOR,
	DIAG_SVC_SQL,
	DIAG_SVC_STUDIO,
	DIAG_SVC_SIGN_IN,
	DIAG_SVC_RESOURCE_MANAGER,
	DIAG_SVC_REGIONAL_API,
	DIAG_SVC_NOTEBOOK_CONTENT,
	DIAG_SVC_IMAGES,
	DIAG_SVC_OTHER,
};
#define DIAG_N_SERVICES (DIAG_SVC_OTHER + 1)

enum diag_role {
	DIAG_ROLE_CLIENT,
	DIAG_ROLE_JUMPBOX,
	DIAG_ROLE_COMPUTE,
	DIAG_ROLE_AKS
};
#define DIAG_N_ROLES 4
enum diag_era { DIAG_ERA_CURRENT, DIAG_ERA_2020 };
enum diag_expect { DIAG_EXPECT_PRIVATE, DIAG_EXPECT_PUBLIC, DIAG_EXPECT_ANY };
enum diag_public_access {
	DIAG_ACCESS_UNKNOWN,
	DIAG_ACCESS_ENABLED,
	DIAG_ACCESS_DISABLED,
	DIAG_ACCESS_SELECTED
};

/* Keys as documents spell them; parse: false when it is no such key. */
const char *diag_service_key(enum diag_service s);
bool diag_service_parse(const char *key, enum diag_service *out);
const char *diag_cloud_key(enum diag_cloud c);
bool diag_cloud_parse(const char *key, enum diag_cloud *out);
const char *diag_role_key(enum diag_role r);
bool diag_role_parse(const char *key, enum diag_role *out);
const char *diag_era_key(enum diag_era e);
bool diag_era_parse(const char *key, enum diag_era *out);
const char *diag_expect_key(enum diag_expect e);
bool diag_expect_parse(const char *key, enum diag_expect *out);
const char *diag_public_access_key(enum diag_public_access a);
bool diag_public_access_parse(const char *key, enum diag_public_access *out);

#endif
