/* SPDX-License-Identifier: MIT */
#include "tests/fix/zone_make.h"

#include <string.h>

const char zone_whole[] =
    "{\"schema\":\"pldiag.inventory/1\","
    "\"region\":\"eastus\",\"workspace\":{\"name\":\"ws1103\",\"id\":\"" ZONE_ID
    "\"},\"key_vault\":[\"ws1103kv\"],\"online_endpoints\":[\"ep1\"],"
    "\"compute_instances\":[\"ci1\"],\"storage\":[\"ws1103sa\"],"
    "\"registry\":[{\"name\":\"ws1103acr\",\"regions\":[\"eastus\"]}],"
    "\"targets\":["
    "{\"fqdn\":\"" ZONE_ID ".workspace.eastus.api.azureml.ms\","
    "\"addresses\":[\"10.150.0.4\"]},"
    "{\"fqdn\":\"ml-ws1103-eastus-" ZONE_ID ".eastus.notebooks.azure.net\","
    "\"addresses\":[\"10.150.0.5\"]},"
    "{\"fqdn\":\"*.eastus.inference.ml.azure.com\","
    "\"addresses\":[\"10.150.0.6\"]},"
    "{\"fqdn\":\"ws1103sa.file.core.windows.net\","
    "\"addresses\":[\"10.150.0.7\",\"10.150.0.17\"]},"
    "{\"fqdn\":\"ws1103sa.blob.core.windows.net\","
    "\"addresses\":[\"10.150.0.8\"]},"
    "{\"fqdn\":\"ws1103acr.azurecr.io\",\"addresses\":[\"10.150.0.10\"]},"
    "{\"fqdn\":\"ws1103acr.eastus.data.azurecr.io\","
    "\"addresses\":[\"10.150.0.11\"]},"
    "{\"fqdn\":\"ws1103kv.vault.azure.net\","
    "\"addresses\":[\"10.150.0.9\"]}]}";

bool zone_make(struct zone_made *m, const char *text)
{
	struct diag_inventory *read = NULL;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_problems problems;
	bool ok;

	memset(m, 0, sizeof(*m));
	diag_arena_init(&m->arena, 0);
	diag_problems_init(&problems);
	ok = diag_cat_load(&err) &&
	     diag_inventory_parse("t.json", text, strlen(text), &problems,
				  &read, &err) &&
	     diag_inventory_expand(read, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT,
				   false, &m->inv, &err) &&
	     diag_zone_names_of(m->inv, &m->arena, &m->names, &err);
	diag_inventory_free(read);
	diag_problems_clear(&problems);
	return ok;
}

void zone_end(struct zone_made *m)
{
	diag_arena_clear(&m->arena);
	diag_inventory_free(m->inv);
}
