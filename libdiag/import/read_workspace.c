/* SPDX-License-Identifier: MIT */
/* read_workspace.c - the workspace itself and what belongs to it.
 *
 * az ml workspace show of both extensions (camelCase with `workspaceid`, and
 * snake_case without any id), the ARM body with `properties`; computes and
 * online endpoints of CLI and ARM.
 */
#include "import/internal.h"

#include <string.h>

#include "base/text.h"

#define PROVIDER "Microsoft.MachineLearningServices"

static const char *id_of(const struct import_obj *o)
{
	const cJSON *id = import_member(o, "id", NULL);

	return cJSON_IsString(id) ? id->valuestring : "";
}

static bool has_type(const struct import_obj *o, const char *want)
{
	const cJSON *type = cJSON_GetObjectItem(o->self, "type");

	return cJSON_IsString(type) &&
	       diag_text_eq_nocase(type->valuestring, want);
}

/* The first of the keys that there is: one name per tool. */
static const cJSON *member_of(const struct import_obj *o,
			      const char *const *keys, struct diag_json_at *at)
{
	const cJSON *m = NULL;

	for (; m == NULL && *keys != NULL; keys++)
		m = import_member(o, *keys, at);
	return m;
}

static const char *first_of(const struct import_obj *o, const char *const *keys,
			    struct diag_json_at *at)
{
	const cJSON *m = member_of(o, keys, at);

	return m != NULL ? import_str(o, m->string) : "";
}

bool import_is_workspace(const struct import_obj *o)
{
	if (import_is_kind(id_of(o), PROVIDER, "workspaces") ||
	    has_type(o, PROVIDER "/workspaces"))
		return true;
	return (import_is_str(o, "storageAccount") &&
		import_is_str(o, "keyVault")) ||
	       (import_is_str(o, "storage_account") &&
		import_is_str(o, "key_vault"));
}

/* --- single values -------------------------------------------------------- */

static void read_guid(struct diag_import *im, const struct import_obj *o,
		      struct import_workspace *w)
{
	static const char *const keys[] = { "workspaceId", "workspace_id",
					    NULL };
	static const char *const urls[] = { "discovery_url", "discoveryUrl",
					    "mlflow_tracking_uri", NULL };
	struct diag_json_at at;
	const char *text = first_of(o, keys, &at);
	char guid[64];

	if (text[0] != '\0' && !import_guid(text, guid)) {
		import_wrong(&at, "not a workspace id", text);
		return;
	}
	if (text[0] == '\0') {
		/* https://GUID.workspace.eastus.api… of projects */
		text = first_of(o, urls, &at);
		text = diag_text_find_nocase(text, strlen(text), "://");
		if (text == NULL || strlen(text) < 40)
			return;
		text = import_text(im, "%.36s", text + 3);
		if (!import_guid(text, guid))
			return;
	}
	w->id = import_keep(im, guid);
	w->id_from = import_from(im, &at);
}

static void read_names(struct diag_import *im, const struct import_obj *o,
		       struct import_workspace *w)
{
	struct diag_json_at at;
	const cJSON *m;
	const char *name = import_str(o, "name");
	char region[64];

	(void)import_member(o, "name", &at);
	if (name[0] != '\0' && !import_workspace_name(name)) {
		import_wrong(&at, "not a workspace name", name);
	} else if (name[0] != '\0') {
		w->name = import_keep(im, name);
		w->name_from = import_from(im, &at);
	} else if (w->arm[0] != '\0' &&
		   import_workspace_name(import_last(w->arm))) {
		w->name = import_last(w->arm);
		w->name_from = w->from;
	}
	m = import_member(o, "location", &at);
	if (m == NULL || !cJSON_IsString(m))
		return;
	if (import_region(m->valuestring, region)) {
		w->region = import_keep(im, region);
		w->region_from = import_from(im, &at);
	} else {
		import_wrong(&at, "not a region", m->valuestring);
	}
}

static void read_notebook(struct diag_import *im, const struct import_obj *o,
			  struct import_workspace *w)
{
	struct diag_json_at at;
	struct diag_json_at name_at;
	struct import_obj info;
	const cJSON *name;
	char fqdn[DIAG_FQDN_MAX];

	if (!import_object(o, "notebookInfo", &info, &at))
		return;
	name = import_member(&info, "fqdn", &name_at);
	if (name == NULL || !import_fqdn(&name_at, name, fqdn))
		return;
	w->notebook = import_keep(im, fqdn);
	w->notebook_from = import_from(im, &name_at);
}

/* "Enabled" with a list of addresses is for those addresses. */
static void read_access(struct diag_import *im, const struct import_obj *o,
			struct import_workspace *w)
{
	static const char *const keys[] = { "publicNetworkAccess",
					    "public_network_access", NULL };
	struct diag_json_at at;
	struct diag_json_at list_at;
	const char *text = first_of(o, keys, &at);
	const cJSON *list = import_list(o, "ipAllowlist", &list_at);

	if (list == NULL)
		list = import_list(o, "ip_allowlist", &list_at);
	if (diag_text_eq_nocase(text, "Enabled"))
		w->access = list != NULL && list->child != NULL
				? DIAG_ACCESS_SELECTED
				: DIAG_ACCESS_ENABLED;
	else if (diag_text_eq_nocase(text, "Disabled"))
		w->access = DIAG_ACCESS_DISABLED;
	else
		return;
	w->access_from = import_from(im, &at);
}

static void read_managed(struct diag_import *im, const struct import_obj *o,
			 struct import_workspace *w)
{
	static const char *const keys[] = { "isolationMode", "isolation_mode",
					    NULL };
	struct diag_json_at at;
	struct import_obj net;
	const char *mode;

	if (!import_object(o, "managedNetwork", &net, &at) &&
	    !import_object(o, "managed_network", &net, &at))
		return;
	mode = first_of(&net, keys, &at);
	if (mode[0] == '\0')
		return;
	w->managed = !diag_text_eq_nocase(mode, "disabled");
	w->managed_from = import_from(im, &at);
}

/* --- what it stands on ---------------------------------------------------- */

static void read_resource(struct diag_import *im, const struct import_obj *o,
			  const struct import_workspace *w,
			  const char *const *keys, const char *section)
{
	struct diag_json_at at;
	const char *text = first_of(o, keys, &at);
	struct import_resource *r;
	char label[64];

	if (text[0] == '\0')
		return;
	if (!import_label(import_last(text), label)) {
		import_wrong(&at, "not a resource id", text);
		return;
	}
	r = IMPORT_PUSH(im, resources);
	if (r == NULL)
		return;
	r->key = w->key;
	r->from = import_from(im, &at);
	r->section = section;
	r->name = import_keep(im, label);
	r->id = text[0] == '/' ? import_keep(im, text) : "";
}

static void read_resources(struct diag_import *im, const struct import_obj *o,
			   const struct import_workspace *w)
{
	static const char *const storage[] = { "storageAccount",
					       "storage_account", NULL };
	static const char *const vault[] = { "keyVault", "key_vault", NULL };
	static const char *const registry[] = { "containerRegistry",
						"container_registry", NULL };

	read_resource(im, o, w, storage, "storage");
	read_resource(im, o, w, vault, "key_vault");
	read_resource(im, o, w, registry, "registry");
}

static void read_connections(struct diag_import *im, const struct import_obj *o)
{
	struct diag_json_at at;
	const cJSON *list = import_list(o, "privateEndpointConnections", &at);
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&at, i++);
		struct import_obj connection;

		import_obj_init(&connection, &here, item);
		if (import_is_connection(&connection))
			import_read_connection(im, &connection);
	}
}

void import_read_workspace(struct diag_import *im, const struct import_obj *o)
{
	struct import_workspace w = {
		.from = import_from(im, &o->at),
		.arm = import_id(im, o, "id"),
		.name = "",
		.id = "",
		.region = "",
		.notebook = "",
	};
	struct import_workspace *place = IMPORT_PUSH(im, workspaces);

	if (place == NULL)
		return;
	w.key = import_lower(im, w.arm);
	read_names(im, o, &w);
	read_guid(im, o, &w);
	read_notebook(im, o, &w);
	read_access(im, o, &w);
	read_managed(im, o, &w);
	if (w.key[0] == '\0')
		w.key = w.id[0] != '\0' ? w.id : import_lower(im, w.name);
	*place = w;
	read_resources(im, o, &w);
	read_connections(im, o);
}

/* --- computes and online endpoints ---------------------------------------- */

bool import_is_compute(const struct import_obj *o)
{
	return import_is_kind(id_of(o), PROVIDER, "computes") ||
	       import_is_str(o, "computeType");
}

static bool is_instance(const struct import_obj *o)
{
	const cJSON *kind = import_member(o, "computeType", NULL);

	if (!cJSON_IsString(kind))
		kind = import_member(o, "type", NULL);
	return cJSON_IsString(kind) &&
	       diag_text_eq_nocase(kind->valuestring, "ComputeInstance");
}

/* Its own address; the name has that of the workspace's API (azure.md 1.1).
 * ARM: properties.properties.connectivityEndpoints.privateIpAddress; the CLI:
 * network_settings.private_ip_address. */
static void read_own_address(struct diag_import *im, const struct import_obj *o,
			     struct import_compute *c)
{
	static const char *const keys[] = { "privateIpAddress",
					    "private_ip_address", NULL };
	struct diag_json_at inner_at;
	struct diag_json_at ends_at;
	struct diag_json_at at;
	struct import_obj inner;
	struct import_obj ends;
	const cJSON *m = NULL;

	if (import_object(o, "network_settings", &ends, &ends_at) ||
	    (import_object(o, "properties", &inner, &inner_at) &&
	     import_object(&inner, "connectivityEndpoints", &ends, &ends_at)))
		m = member_of(&ends, keys, &at);
	if (m != NULL && import_addr(&at, m, &c->addr))
		c->addr_from = import_from(im, &at);
}

void import_read_compute(struct diag_import *im, const struct import_obj *o)
{
	struct diag_json_at at;
	const char *id = import_id(im, o, "id");
	const char *name = import_str(o, "name");
	struct import_compute c = {
		.key = import_lower(im, import_upto(im, id, "workspaces")),
		.from = import_from(im, &o->at),
		.name = "",
	};
	struct import_compute *place;
	char label[64];

	if (is_instance(o) && import_member(o, "name", &at) != NULL) {
		/* The CLI's lists print WORKSPACE/NAME for some versions. */
		if (import_label(import_last(name), label)) {
			c.name = import_keep(im, label);
			c.from = import_from(im, &at);
			read_own_address(im, o, &c);
		} else {
			import_wrong(&at, "not the name of an instance", name);
		}
	}
	place = IMPORT_PUSH(im, computes);
	if (place != NULL)
		*place = c;
}

bool import_is_online(const struct import_obj *o)
{
	return import_is_kind(id_of(o), PROVIDER, "onlineEndpoints") ||
	       has_type(o, PROVIDER "/workspaces/onlineEndpoints");
}

void import_read_online(struct diag_import *im, const struct import_obj *o)
{
	struct diag_json_at at;
	const cJSON *m = import_member(o, "name", &at);
	const char *id = import_id(im, o, "id");
	const char *name = m != NULL ? import_str(o, "name") : import_last(id);
	struct import_online *online;
	char label[64];

	if (m == NULL)
		at = o->at;
	if (!import_label(import_last(name), label)) {
		import_wrong(&at, "not the name of an online endpoint", name);
		return;
	}
	online = IMPORT_PUSH(im, onlines);
	if (online == NULL)
		return;
	online->key = import_lower(im, import_upto(im, id, "workspaces"));
	online->from = import_from(im, &at);
	online->name = import_keep(im, label);
}
