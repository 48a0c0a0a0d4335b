/* SPDX-License-Identifier: MIT */
/* cat_rows.c - the rows of one service in one cloud. */
#include "inventory/cat_data.h"

#include <string.h>

#include "inventory/reader.h"

static const char *text_of(const struct cat_place *p, const char *key)
{
	const char *text = NULL;

	if (!diag_json_str(&p->row_at, p->row, key, &text))
		(void)diag_json_str(&p->svc_at, p->svc, key, &text);
	return text;
}

static bool flag_of(const struct cat_place *p, const char *key, bool preset)
{
	bool flag = preset;

	if (!diag_json_bool(&p->row_at, p->row, key, &flag))
		(void)diag_json_bool(&p->svc_at, p->svc, key, &flag);
	return flag;
}

static const cJSON *list_of(const struct cat_place *p, const char *key)
{
	const cJSON *list = diag_json_array(&p->row_at, p->row, key);

	return list != NULL ? list : diag_json_array(&p->svc_at, p->svc, key);
}

static struct diag_names names_of(struct diag_reader *r,
				  const struct cat_place *p, const char *key)
{
	const cJSON *list = list_of(p, key);
	struct diag_names names = { 0 };
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		if (cJSON_IsString(item))
			diag_read_add(r, &names, item->valuestring);
		else
			diag_json_wrong(&p->row_at, item, "expected text");
	}
	return names;
}

/* --- the HTTP question ----------------------------------------------------
 */

static const struct diag_http_marker *markers_of(struct diag_reader *r,
						 const struct diag_json_at *at,
						 const cJSON *http,
						 const char *key, size_t *n)
{
	const cJSON *list = diag_json_array(at, http, key);
	size_t count = (size_t)cJSON_GetArraySize(list);
	struct diag_http_marker *items =
	    diag_read_array(r, count, sizeof(*items));
	const cJSON *item;

	*n = 0;
	if (items == NULL)
		return NULL;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_http_marker *m = &items[(*n)++];
		uint64_t code = 0;

		m->confirmed = true;
		(void)diag_json_str(at, item, "header", &m->header);
		(void)diag_json_str(at, item, "value", &m->value);
		(void)diag_json_uint(at, item, "code", 100, 599, &code);
		(void)diag_json_bool(at, item, "confirmed", &m->confirmed);
		m->code = (int)code;
	}
	return items;
}

static void read_http(struct diag_reader *r, const struct cat_place *p,
		      struct diag_http_question *q)
{
	struct diag_json_at at = diag_at_key(&p->svc_at, "http");
	const cJSON *http = diag_json_object(&p->svc_at, p->svc, "http");

	if (http == NULL)
		return;
	q->confirmed = true;
	(void)diag_json_str(&at, http, "method", &q->method);
	(void)diag_json_str(&at, http, "path", &q->path);
	(void)diag_json_bool(&at, http, "confirmed", &q->confirmed);
	q->service = markers_of(r, &at, http, "service", &q->n_service);
	q->denial = markers_of(r, &at, http, "denial", &q->n_denial);
}

/* --- rows ------------------------------------------------------------------
 */

static enum diag_alias alias_of(const struct cat_place *p)
{
	static const char *const words[] = {
		[DIAG_ALIAS_UNKNOWN] = "unknown",
		[DIAG_ALIAS_ALWAYS] = "always",
		[DIAG_ALIAS_NEVER] = "never",
	};
	const char *text = text_of(p, "alias");

	for (int i = 0; text != NULL && i < 3; i++) {
		if (strcmp(text, words[i]) == 0)
			return (enum diag_alias)i;
	}
	diag_json_wrong(&p->svc_at, NULL, "expected always, never or unknown");
	return DIAG_ALIAS_UNKNOWN;
}

static void read_row(struct diag_reader *r, const struct cat_place *p,
		     struct cat_row *out)
{
	struct diag_names others = names_of(r, p, "others");
	const char *expect = text_of(p, "expect");
	struct diag_cat_row *row = &out->row;

	row->pattern = text_of(p, "pattern");
	row->others = others.items;
	row->n_others = others.n;
	row->zone = text_of(p, "zone");
	row->record = text_of(p, "record");
	row->group_id = text_of(p, "group_id");
	row->parent = text_of(p, "parent");
	row->alias = alias_of(p);
	if (expect == NULL || !diag_expect_parse(expect, &row->expect))
		diag_json_wrong(&p->svc_at, NULL, "expected an expectation");
	row->tls = flag_of(p, "tls", true);
	row->confirmed = flag_of(p, "confirmed", true);
	read_http(r, p, &row->http);
	out->also = names_of(r, p, "also");
	out->mistaken = names_of(r, p, "mistaken");
	out->legacy = names_of(r, p, "legacy");
	out->more_parents = names_of(r, p, "more_parents");
	out->required = flag_of(p, "required", false);
	out->roles = diag_cat_roles(&p->row_at, list_of(p, "roles"));
}

/* A cloud's entry is one row or a list of them. */
void diag_cat_read_rows(struct diag_reader *r, const struct cat_place *p,
			struct cat_service *svc, enum diag_service s,
			enum diag_cloud c)
{
	bool many = cJSON_IsArray(p->row);
	size_t n = many ? (size_t)cJSON_GetArraySize(p->row) : 1;
	struct cat_row *rows = diag_read_array(r, n, sizeof(*rows));
	const cJSON *item = many ? p->row->child : p->row;

	for (size_t i = 0; rows != NULL && i < n; i++, item = item->next) {
		struct cat_place one = *p;

		one.row = item;
		rows[i].row.service = s;
		rows[i].row.cloud = c;
		read_row(r, &one, &rows[i]);
	}
	svc->rows[c] = rows;
	svc->n_rows[c] = rows != NULL ? n : 0;
}
