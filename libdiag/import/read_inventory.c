/* SPDX-License-Identifier: MIT */
/* read_inventory.c - inventories made before, by import or by hand.
 *
 * The document is printed and parsed by its own room, so that it means here
 * what it means everywhere, with all its own error messages.
 */
#include "import/internal.h"

#include <string.h>

bool import_is_inventory(const struct import_obj *o)
{
	const cJSON *schema = cJSON_GetObjectItem(o->self, "schema");

	return cJSON_IsString(schema) &&
	       strcmp(schema->valuestring, DIAG_INVENTORY_SCHEMA) == 0;
}

static void keep_nsgs(struct diag_import *im, const struct import_obj *o,
		      const cJSON *list)
{
	struct diag_json_at at = import_at_key(&o->at, "nsgs");
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&at, i++);
		const cJSON *id = cJSON_GetObjectItem(item, "id");
		const cJSON *name = cJSON_GetObjectItem(item, "name");
		struct diag_buf json;
		struct diag_jw w;

		if (!cJSON_IsString(id) || id->valuestring[0] == '\0')
			id = name;
		diag_buf_init(&json, DIAG_INVENTORY_BYTES);
		diag_jw_init(&w, &json, 0);
		diag_jw_tree(&w, item);
		import_keep_nsg(
		    im,
		    cJSON_IsString(id) ? import_lower(im, id->valuestring) : "",
		    import_from(im, &here), &json, true);
		diag_buf_clear(&json);
	}
}

static struct diag_inventory *parse(struct diag_import *im, const cJSON *doc,
				    struct diag_err *err)
{
	struct diag_inventory *inv = NULL;
	struct diag_buf text;
	struct diag_jw w;

	diag_buf_init(&text, DIAG_INVENTORY_BYTES);
	diag_jw_init(&w, &text, 0);
	diag_jw_tree(&w, doc);
	if (!diag_buf_ok(&text, err, "import") ||
	    !diag_inventory_parse(im->file, diag_buf_str(&text), text.len,
				  im->problems, &inv, err))
		inv = NULL;
	diag_buf_clear(&text);
	return inv;
}

void import_read_inventory(struct diag_import *im, const struct import_obj *o)
{
	struct diag_err err = { .code = DIAG_OK };
	unsigned before = im->problems->n;
	struct diag_inventory *inv = parse(im, o->self, &err);
	struct import_inventory *place;

	im->nomem = im->nomem || err.code == DIAG_ENOMEM;
	if (inv == NULL) {
		if (im->problems->n == before)
			diag_problem(im->problems, "%s: %s", im->file,
				     err.what);
		return;
	}
	place = IMPORT_PUSH(im, inventories);
	if (place == NULL) {
		diag_inventory_free(inv);
		return;
	}
	place->key = im->file;
	place->from = import_from(im, &o->at);
	place->inv = inv;
	keep_nsgs(im, o, inv->nsgs);
}
