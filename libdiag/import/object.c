/* SPDX-License-Identifier: MIT */
/* object.c - members of objects, whatever tool printed them.
 *
 * The CLI flattens `properties`, REST does not; PowerShell writes capitals;
 * privateIPAddress was privateIpAddress until 2023; old versions print what
 * is not set as null.  So members are found in the object or its properties,
 * in any case, and null is absent.
 */
#include "import/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define PLACE_MAX 4096 /* bytes of a place */
#define SHOWN	  60   /* columns of a text that is wrong */
#define ID_MAX	  2048

struct diag_json_at import_at_key(const struct diag_json_at *up,
				  const char *key)
{
	return (struct diag_json_at){
		.file = up->file, .up = up, .key = key, .problems = up->problems
	};
}

struct diag_json_at import_at_index(const struct diag_json_at *up,
				    unsigned index)
{
	return (struct diag_json_at){ .file = up->file,
				      .up = up,
				      .index = index,
				      .problems = up->problems };
}

static const cJSON *find(const cJSON *obj, const char *key)
{
	const cJSON *m =
	    cJSON_IsObject(obj) ? cJSON_GetObjectItem(obj, key) : NULL;

	return m != NULL && !cJSON_IsNull(m) ? m : NULL;
}

void import_obj_init(struct import_obj *o, const struct diag_json_at *at,
		     const cJSON *value)
{
	o->at = *at;
	o->self = value;
	o->inner = find(value, "properties");
	o->inner_at = import_at_key(&o->at, o->inner != NULL ? o->inner->string
							     : "properties");
	if (!cJSON_IsObject(o->inner))
		o->inner = NULL;
}

const cJSON *import_member(const struct import_obj *o, const char *key,
			   struct diag_json_at *at)
{
	const struct diag_json_at *up = &o->at;
	const cJSON *m = find(o->self, key);

	if (m == NULL) {
		m = find(o->inner, key);
		up = &o->inner_at;
	}
	if (m != NULL && at != NULL)
		*at = import_at_key(up, m->string);
	return m;
}

bool import_is_list(const struct import_obj *o, const char *key)
{
	return cJSON_IsArray(import_member(o, key, NULL));
}

bool import_is_object(const struct import_obj *o, const char *key)
{
	return cJSON_IsObject(import_member(o, key, NULL));
}

bool import_is_str(const struct import_obj *o, const char *key)
{
	return cJSON_IsString(import_member(o, key, NULL));
}

const char *import_str(const struct import_obj *o, const char *key)
{
	struct diag_json_at at;
	const cJSON *m = import_member(o, key, &at);

	if (m == NULL)
		return "";
	if (cJSON_IsString(m))
		return m->valuestring;
	diag_json_wrong(&at, m, "expected text");
	return "";
}

const cJSON *import_list(const struct import_obj *o, const char *key,
			 struct diag_json_at *at)
{
	const cJSON *m = import_member(o, key, at);

	if (m == NULL || cJSON_IsArray(m))
		return m;
	diag_json_wrong(at, m, "expected a list");
	return NULL;
}

bool import_object(const struct import_obj *o, const char *key,
		   struct import_obj *out, struct diag_json_at *at)
{
	const cJSON *m = import_member(o, key, at);

	if (m == NULL)
		return false;
	if (!cJSON_IsObject(m)) {
		diag_json_wrong(at, m, "expected an object");
		return false;
	}
	import_obj_init(out, at, m);
	return true;
}

const char *import_from(struct diag_import *im, const struct diag_json_at *at)
{
	struct diag_buf text;
	const char *out;

	diag_buf_init(&text, PLACE_MAX);
	diag_json_place(&text, at);
	out = import_keep(im, diag_buf_str(&text));
	im->nomem = im->nomem || text.code == DIAG_ENOMEM;
	diag_buf_clear(&text);
	return out;
}

void import_wrong(const struct diag_json_at *at, const char *what,
		  const char *text)
{
	char cut[SHOWN * 4 + 4];
	struct diag_buf place;

	diag_buf_init(&place, PLACE_MAX);
	diag_json_place(&place, at);
	diag_problem(at->problems, "%s: %s: \"%s\"", diag_buf_str(&place), what,
		     diag_text_middle(text, SHOWN, true, cut, sizeof(cut)));
	diag_buf_clear(&place);
}

bool import_addr(const struct diag_json_at *at, const cJSON *value,
		 struct diag_addr *out)
{
	const char *text = cJSON_GetStringValue(value);

	if (text == NULL)
		diag_json_wrong(at, value, "expected an address");
	else if (!diag_addr_parse(text, out))
		import_wrong(at, "not an address", text);
	else
		return true;
	return false;
}

bool import_fqdn(const struct diag_json_at *at, const cJSON *value,
		 char out[DIAG_FQDN_MAX])
{
	const char *text = cJSON_GetStringValue(value);
	const char *why = "";
	char what[120];

	if (text == NULL) {
		diag_json_wrong(at, value, "expected a name");
		return false;
	}
	if (diag_fqdn_normal(text, strlen(text), out, &why))
		return true;
	(void)snprintf(what, sizeof(what), "not a name (%s)", why);
	import_wrong(at, what, text);
	return false;
}

/* Ids are shown in commands to copy: what no id can have does not get in. */
static bool is_id(const char *text)
{
	size_t len = strlen(text);

	if (text[0] != '/' || len >= ID_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < ' ' || text[i] > '~' ||
		    strchr("\"'\\`$;&|<>", text[i]) != NULL)
			return false;
	}
	return true;
}

const char *import_id(struct diag_import *im, const struct import_obj *o,
		      const char *key)
{
	struct diag_json_at at;
	const cJSON *m = import_member(o, key, &at);
	const char *text = import_str(o, key);

	if (m == NULL || text[0] == '\0')
		return "";
	if (is_id(text))
		return import_keep(im, text);
	import_wrong(&at, "not a resource id", text);
	return "";
}

const char *import_id_in(struct diag_import *im, const struct import_obj *o,
			 const char *key)
{
	struct diag_json_at at;
	struct import_obj inside;

	if (!import_object(o, key, &inside, &at))
		return "";
	return import_id(im, &inside, "id");
}
