/* SPDX-License-Identifier: MIT */
/* json_tools.c - members that more than one part of a machine has. */
#include <string.h>

#include "machine/internal.h"

#define ITEMS_MAX 100000 /* of one list */

void machine_json_each(struct machine_json *j, const struct diag_json_at *at,
		       const cJSON *obj, const char *key,
		       void (*item)(struct machine_json *j,
				    const struct diag_json_at *at,
				    const cJSON *value))
{
	const cJSON *list = diag_json_array(at, obj, key);
	struct diag_json_at here = {
		.file = at->file, .up = at, .key = key, .problems = at->problems
	};
	struct diag_json_at each = { .file = at->file,
				     .up = &here,
				     .problems = at->problems };

	for (const cJSON *v = list != NULL ? list->child : NULL;
	     v != NULL && !j->no_memory; v = v->next) {
		if (each.index >= ITEMS_MAX) {
			diag_json_wrong(&here, list,
					"expected at most %d elements",
					ITEMS_MAX);
			return;
		}
		item(j, &each, v);
		each.index++;
	}
}

const char *machine_json_text(struct machine_json *j,
			      const struct diag_json_at *at, const cJSON *obj,
			      const char *key)
{
	const char *s = NULL;
	const char *copy;

	if (!diag_json_str(at, obj, key, &s))
		return NULL;
	copy = diag_arena_strdup(&j->m->arena, s);
	j->no_memory |= copy == NULL;
	return copy;
}

void machine_json_names(struct machine_json *j, const struct diag_json_at *at,
			const cJSON *obj, const char *key,
			struct machine_names *out)
{
	const cJSON *list = diag_json_array(at, obj, key);
	struct diag_json_at here = {
		.file = at->file, .up = at, .key = key, .problems = at->problems
	};

	for (const cJSON *v = list != NULL ? list->child : NULL;
	     v != NULL && !j->no_memory; v = v->next) {
		if (!cJSON_IsString(v) || out->n >= ITEMS_MAX) {
			diag_json_wrong(&here, v, "expected a list of texts");
			return;
		}
		j->no_memory |= !machine_names_add(j->m, out, v->valuestring,
						   strlen(v->valuestring));
	}
}

static struct diag_json_at below(const struct diag_json_at *at, const char *key)
{
	return (struct diag_json_at){
		.file = at->file, .up = at, .key = key, .problems = at->problems
	};
}

bool machine_json_addr(const struct diag_json_at *at, const cJSON *obj,
		       const char *key, bool needed, struct diag_addr *out)
{
	struct diag_json_at here = below(at, key);
	const char *s = NULL;

	if (!diag_json_str(at, obj, key, &s)) {
		if (needed && !cJSON_HasObjectItem(obj, key))
			diag_json_wrong(&here, NULL, "expected an address");
		return false;
	}
	if (diag_addr_parse(s, out))
		return true;
	diag_json_wrong(&here, cJSON_GetObjectItemCaseSensitive(obj, key),
			"expected an IP address");
	return false;
}

bool machine_json_cidr(const struct diag_json_at *at, const cJSON *obj,
		       const char *key, struct diag_cidr *out)
{
	struct diag_json_at here = below(at, key);
	const char *s = NULL;

	if (diag_json_str(at, obj, key, &s) && diag_cidr_parse(s, true, out))
		return true;
	if (s != NULL || !cJSON_HasObjectItem(obj, key))
		diag_json_wrong(&here,
				cJSON_GetObjectItemCaseSensitive(obj, key),
				"expected a prefix like 10.0.0.0/8");
	return false;
}
