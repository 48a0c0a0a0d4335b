/* SPDX-License-Identifier: MIT */
/* reader.c - places, memory and the small texts of a document. */
#include "inventory/reader.h"

#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "inventory/pattern.h"

struct diag_json_at diag_at_key(const struct diag_json_at *up, const char *key)
{
	return (struct diag_json_at){
		.file = up->file, .up = up, .key = key, .problems = up->problems
	};
}

struct diag_json_at diag_at_index(const struct diag_json_at *up, unsigned index)
{
	return (struct diag_json_at){ .file = up->file,
				      .up = up,
				      .index = index,
				      .problems = up->problems };
}

void *diag_read_array(struct diag_reader *r, size_t n, size_t size)
{
	void *p = diag_arena_array(r->arena, n > 0 ? n : 1, size);

	r->nomem = r->nomem || p == NULL;
	return p;
}

const char *diag_read_dup(struct diag_reader *r, const char *text)
{
	const char *copy = diag_arena_strdup(r->arena, text);

	r->nomem = r->nomem || copy == NULL;
	return copy;
}

void diag_read_add(struct diag_reader *r, struct diag_names *names,
		   const char *text)
{
	const char *copy = diag_read_dup(r, text);
	const char **place;

	if (copy == NULL)
		return;
	place =
	    diag_arena_push(r->arena, &names->items, &names->n, sizeof(*place));
	if (place != NULL)
		*place = copy;
	else
		r->nomem = true;
}

const cJSON *diag_read_list(const struct diag_json_at *at, const cJSON *obj,
			    const char *key)
{
	const cJSON *list = diag_json_array(at, obj, key);
	struct diag_json_at here = diag_at_key(at, key);

	if (cJSON_GetArraySize(list) <= DIAG_LIST_MAX)
		return list;
	diag_json_wrong(&here, list, "expected at most %d entries",
			DIAG_LIST_MAX);
	return NULL;
}

static bool label_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '_';
}

bool diag_read_label(const char *text, char out[64])
{
	size_t len = strlen(text);

	if (len == 0 || len >= 64)
		return false;
	memcpy(out, text, len + 1);
	diag_text_lower(out);
	if (out[0] == '-' || out[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!label_char(out[i]))
			return false;
	}
	return true;
}

bool diag_read_region(const char *text, char out[64])
{
	size_t len = 0;

	for (; *text != '\0'; text++) {
		if (*text == ' ')
			continue;
		if (len + 1 >= 64)
			return false;
		out[len++] = *text;
	}
	out[len] = '\0';
	diag_text_lower(out);
	for (size_t i = 0; i < len; i++) {
		if (!label_char(out[i]) || out[i] == '-' || out[i] == '_')
			return false;
	}
	return len > 0;
}

bool diag_read_workspace(const char *text, char out[64])
{
	size_t len = strlen(text);

	if (len == 0 || len >= 64 || text[0] == '-')
		return false;
	memcpy(out, text, len + 1);
	diag_text_lower(out);
	for (size_t i = 0; i < len; i++) {
		if (!label_char(out[i]))
			return false;
	}
	memcpy(out, text, len + 1);
	return true;
}

bool diag_read_guid(const char *text, char out[64])
{
	size_t len = strlen(text);

	if (len >= 64)
		return false;
	memcpy(out, text, len + 1);
	diag_text_lower(out);
	return diag_guid_ok(out);
}

bool diag_read_storage_service(const char *word, size_t len, unsigned *mask)
{
	const struct diag_slice given = { word, len };

	for (int s = DIAG_SVC_STORAGE_BLOB; s <= DIAG_SVC_STORAGE_WEB; s++) {
		const char *key = diag_service_key((enum diag_service)s);

		if (!diag_slice_eq_nocase(given, key + strlen("storage-")) &&
		    !diag_slice_eq_nocase(given, key))
			continue;
		*mask |= diag_storage_bit((enum diag_service)s);
		return true;
	}
	return false;
}
