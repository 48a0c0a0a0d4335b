/* SPDX-License-Identifier: MIT */
/* read_header.c - the members of a document that are one value. */
#include "inventory/reader.h"

#include <string.h>

struct diag_small {
	const char *key;
	bool (*read)(const char *text, char out[64]);
	const char *what;
};

static const struct diag_small region = { "region", diag_read_region,
					  "a region such as \"eastus\"" };
static const struct diag_small ws_id = {
	"id", diag_read_guid,
	"a workspace id: 32 hexadecimal digits, 8-4-4-4-12"
};
static const struct diag_small ws_name = {
	"name", diag_read_workspace,
	"a workspace name: letters, digits, \"-\" and \"_\""
};

/* A text that must be of some kind; empty is as good as absent. */
static void read_small(struct diag_reader *r, const struct diag_json_at *at,
		       const cJSON *obj, const struct diag_small *small,
		       const char **out)
{
	struct diag_json_at here = diag_at_key(at, small->key);
	const char *text = NULL;
	char found[64];

	if (!diag_json_str(at, obj, small->key, &text) || text[0] == '\0')
		return;
	if (small->read(text, found))
		*out = diag_read_dup(r, found);
	else
		diag_json_wrong(
		    &here, cJSON_GetObjectItemCaseSensitive(obj, small->key),
		    "expected %s", small->what);
}

static void read_words(const struct diag_json_at *at,
		       struct diag_inventory *inv)
{
	struct diag_json_at cloud_at = diag_at_key(at, "cloud");
	struct diag_json_at access_at = diag_at_key(at, "public_access");
	const cJSON *doc = inv->tree;
	const char *word = NULL;

	if (diag_json_str(at, doc, "cloud", &word) &&
	    !diag_cloud_parse(word, &inv->cloud))
		diag_json_wrong(&cloud_at,
				cJSON_GetObjectItemCaseSensitive(doc, "cloud"),
				"expected public, usgov or china");
	if (diag_json_str(at, doc, "public_access", &word) &&
	    !diag_public_access_parse(word, &inv->public_access))
		diag_json_wrong(
		    &access_at,
		    cJSON_GetObjectItemCaseSensitive(doc, "public_access"),
		    "expected enabled, disabled, selected or unknown");
	(void)diag_json_bool(at, doc, "managed_network", &inv->managed_network);
}

static void read_schema(const struct diag_json_at *at, const cJSON *doc)
{
	struct diag_json_at here = diag_at_key(at, "schema");
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(doc, "schema");
	const char *schema = cJSON_GetStringValue(item);

	if (schema == NULL || strcmp(schema, DIAG_INVENTORY_SCHEMA) != 0)
		diag_json_wrong(&here, item,
				"expected \"" DIAG_INVENTORY_SCHEMA "\"");
}

/* Bits behind the prefix are most often an address that was meant as a
 * network: say which one it would be. */
static void wrong_network(const struct diag_json_at *at, const cJSON *item)
{
	const char *text = cJSON_GetStringValue(item);
	struct diag_cidr masked;
	char meant[DIAG_ADDR_TEXT];

	if (text != NULL && diag_cidr_parse(text, true, &masked))
		diag_json_wrong(at, item,
				"expected a network without bits behind its "
				"prefix, \"%s\"",
				diag_cidr_text(&masked, meant));
	else
		diag_json_wrong(at, item,
				"expected a network such as "
				"\"10.150.0.0/16\"");
}

const struct diag_cidr *diag_read_prefixes(struct diag_reader *r,
					   const struct diag_json_at *at,
					   const cJSON *obj, const char *key,
					   size_t *n)
{
	struct diag_json_at list_at = diag_at_key(at, key);
	const cJSON *list = diag_read_list(at, obj, key);
	struct diag_cidr *nets =
	    diag_read_array(r, (size_t)cJSON_GetArraySize(list), sizeof(*nets));
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = diag_at_index(&list_at, i++);
		const char *text = cJSON_GetStringValue(item);

		if (nets == NULL)
			break;
		if (text != NULL && diag_cidr_parse(text, false, &nets[*n]))
			(*n)++;
		else
			wrong_network(&here, item);
	}
	return nets;
}

void diag_read_header(struct diag_reader *r, const struct diag_json_at *at,
		      struct diag_inventory *inv)
{
	struct diag_json_at ws_at = diag_at_key(at, "workspace");
	const cJSON *ws;
	const char *text = NULL;

	read_schema(at, inv->tree);
	if (diag_json_str(at, inv->tree, "name", &text))
		inv->name = diag_read_dup(r, text);
	read_words(at, inv);
	read_small(r, at, inv->tree, &region, &inv->region);
	inv->networks =
	    diag_read_prefixes(r, at, inv->tree, "networks", &inv->n_networks);
	ws = diag_json_object(at, inv->tree, "workspace");
	read_small(r, &ws_at, ws, &ws_id, &inv->workspace_id);
	read_small(r, &ws_at, ws, &ws_name, &inv->workspace_name);
	inv->nsgs = diag_json_array(at, inv->tree, "nsgs");
	inv->sources = diag_json_object(at, inv->tree, "sources");
}
