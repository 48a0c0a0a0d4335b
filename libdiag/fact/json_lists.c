/* SPDX-License-Identifier: MIT */
/* json_lists.c - the lists of a fact: each has a limit (fields.c), and every
 * item that is not what it should be is told. */
#include "fact/json_parse.h"

#include <string.h>

static void *list_new(struct diag_fact_reader *r, size_t n, size_t size)
{
	void *p = diag_arena_array(r->arena, n, size);

	if (p == NULL)
		r->no_memory = true;
	return p;
}

static void list_set(const struct diag_field *f, void *base, const void *items,
		     size_t n)
{
	memcpy((char *)base + f->offset, &items, sizeof(items));
	memcpy((char *)base + f->n, &n, sizeof(n));
}

/* The list of a row; NULL if there is nothing to read. */
static const cJSON *list_of(struct diag_fact_reader *r,
			    const struct diag_field *f, const cJSON *obj,
			    size_t *n)
{
	const cJSON *list = diag_json_array(&r->at, obj, f->key);
	const cJSON *item;

	*n = 0;
	cJSON_ArrayForEach(item, list)
	{
		(*n)++;
	}
	if (*n > f->max) {
		diag_fact_wrong(r, f->key, list, "expected fewer items");
		return NULL;
	}
	return *n > 0 ? list : NULL;
}

/* Where item i of the list that list_at is about stands. */
static struct diag_json_at item_at(const struct diag_json_at *list_at,
				   unsigned i)
{
	return (struct diag_json_at){ .file = list_at->file,
				      .up = list_at,
				      .index = i,
				      .problems = list_at->problems };
}

static bool item_str(struct diag_fact_reader *r, const struct diag_field *f,
		     const cJSON *item, void *out)
{
	(void)r;
	(void)f;
	*(const char **)out = cJSON_IsString(item) ? item->valuestring : "";
	return cJSON_IsString(item);
}

static bool item_addr(struct diag_fact_reader *r, const struct diag_field *f,
		      const cJSON *item, void *out)
{
	(void)r;
	(void)f;
	return cJSON_IsString(item) && diag_addr_parse(item->valuestring, out);
}

static bool item_status(struct diag_fact_reader *r, const struct diag_field *f,
			const cJSON *item, void *out)
{
	(void)r;
	(void)f;
	return cJSON_IsString(item) &&
	       diag_status_parse(DIAG_FACT_TLS, item->valuestring, out);
}

static bool item_struct(struct diag_fact_reader *r, const struct diag_field *f,
			const cJSON *item, void *out)
{
	if (!cJSON_IsObject(item))
		return false;
	diag_fact_read_rows(r, f->of, item, out);
	return true;
}

static const struct item_type {
	size_t size; /* 0: the row says it */
	const char *want;
	bool (*read)(struct diag_fact_reader *r, const struct diag_field *f,
		     const cJSON *item, void *out);
} item_types[DIAG_N_FIELD_TYPES] = {
	[DIAG_FIELD_STRS] = { sizeof(char *), "expected text", item_str },
	[DIAG_FIELD_ADDRS] = { sizeof(struct diag_addr),
			       "expected an IP address", item_addr },
	[DIAG_FIELD_STATUSES] = { sizeof(enum diag_status),
				  "expected a status of the tls probe",
				  item_status },
	[DIAG_FIELD_LIST] = { 0, "expected an object", item_struct },
};

static void read_list(struct diag_fact_reader *r, const struct diag_field *f,
		      const cJSON *obj, void *base)
{
	const struct item_type *type = &item_types[f->type];
	size_t size = type->size > 0 ? type->size : f->size;
	struct diag_json_at list_at = { .file = r->at.file,
					.up = &r->at,
					.key = f->key,
					.problems = r->at.problems };
	struct diag_fact_reader below = *r;
	const cJSON *item;
	unsigned i = 0;
	size_t n;
	const cJSON *list = list_of(r, f, obj, &n);
	char *items = list != NULL ? list_new(r, n, size) : NULL;

	if (items == NULL)
		return;
	cJSON_ArrayForEach(item, list)
	{
		below.at = item_at(&list_at, i);
		if (!type->read(&below, f, item, items + i * size))
			diag_json_wrong(&below.at, item, "%s", type->want);
		i++;
	}
	r->no_memory |= below.no_memory;
	list_set(f, base, items, n);
}

/* --- headers -------------------------------------------------------------- */

/* The list of a name that came several times, or NULL. */
static const cJSON *several(const cJSON *child)
{
	return cJSON_IsArray(child) ? child : NULL;
}

static size_t count_headers(const cJSON *obj)
{
	const cJSON *child;
	const cJSON *value;
	size_t n = 0;

	cJSON_ArrayForEach(child, obj)
	{
		n += !cJSON_IsArray(child);
		cJSON_ArrayForEach(value, several(child))
		{
			n++;
		}
	}
	return n;
}

static void add_header(struct diag_fact_reader *r, const cJSON *value,
		       const char *name, struct diag_header *out)
{
	*out = (struct diag_header){ .name = name, .value = "" };
	if (!diag_field_is_token(name))
		diag_fact_wrong(r, name, value,
				"expected the name of a header");
	if (cJSON_IsString(value))
		out->value = value->valuestring;
	else
		diag_fact_wrong(r, name, value, "expected text");
}

static void read_headers(struct diag_fact_reader *r, const struct diag_field *f,
			 const cJSON *obj, void *base)
{
	const cJSON *headers = diag_json_object(&r->at, obj, f->key);
	size_t n = count_headers(headers);
	struct diag_header *items;
	const cJSON *child;
	const cJSON *value;
	size_t i = 0;

	if (n > f->max)
		diag_fact_wrong(r, f->key, headers, "expected fewer headers");
	if (n == 0 || n > f->max)
		return;
	items = list_new(r, n, sizeof(*items));
	if (items == NULL)
		return;
	cJSON_ArrayForEach(child, headers)
	{
		if (!cJSON_IsArray(child))
			add_header(r, child, child->string, &items[i++]);
		cJSON_ArrayForEach(value, several(child))
		{
			add_header(r, value, child->string, &items[i++]);
		}
	}
	list_set(f, base, items, n);
}

bool diag_fact_read_list(struct diag_fact_reader *r, const struct diag_field *f,
			 const cJSON *obj, void *base)
{
	if (f->type == DIAG_FIELD_HEADERS)
		read_headers(r, f, obj, base);
	else if (item_types[f->type].read != NULL)
		read_list(r, f, obj, base);
	else
		return false;
	return true;
}
