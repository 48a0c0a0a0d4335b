/* SPDX-License-Identifier: MIT */
/* service_tags.c - which addresses a tag holds, from the file that Azure
 * publishes every week (or `az network list-service-tags`). */
#include "nsg/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

struct tag_row {
	const char *tag, *region;
	struct nsg_set set;
};

struct diag_service_tags {
	struct diag_arena arena;
	struct tag_row *rows; /* sorted */
	size_t n;
};

static int by_name(const void *a, const void *b)
{
	const struct tag_row *x = a;
	const struct tag_row *y = b;
	int order = nsg_compare_nocase(x->tag, y->tag);

	return order != 0 ? order : strcmp(x->region, y->region);
}

const struct nsg_set *nsg_service_tag(const struct diag_service_tags *t,
				      const struct diag_nsg_peer *peer)
{
	struct tag_row key = { .tag = peer->tag, .region = peer->region };
	const struct tag_row *row;

	if (t == NULL || t->n == 0)
		return NULL;
	row = bsearch(&key, t->rows, t->n, sizeof(key), by_name);
	return row != NULL ? &row->set : NULL;
}

/* --- reading ---------------------------------------------------------------
 */

static void read_prefixes(struct nsg_reader *r, const struct diag_json_at *up,
			  const cJSON *properties, struct nsg_set *out)
{
	struct diag_json_at at = nsg_at_key(up, "addressPrefixes");
	const cJSON *list = nsg_field(properties, "addressPrefixes");
	struct nsg_span *spans = diag_arena_array(
	    r->arena, (size_t)cJSON_GetArraySize(list) + 1, sizeof(*spans));
	const cJSON *item;
	size_t n = 0;

	r->nomem = r->nomem || spans == NULL;
	if (!cJSON_IsArray(list))
		diag_json_wrong(&at, list, "expected a list of prefixes");
	if (!cJSON_IsArray(list) || spans == NULL)
		return;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = nsg_at_index(&at, (unsigned)n);
		const char *text = cJSON_GetStringValue(item);
		struct diag_cidr c = { .len = 0 };

		if (text == NULL || !diag_cidr_parse(text, true, &c))
			diag_json_wrong(&here, item,
					"expected a prefix such as "
					"\"10.0.0.0/8\"");
		spans[n++] = nsg_span_of(&c);
	}
	*out = nsg_set_of(spans, n);
}

static void read_row(struct nsg_reader *r, const struct diag_json_at *at,
		     const cJSON *item, struct tag_row *row)
{
	struct diag_json_at inner_at = nsg_at_key(at, "properties");
	struct diag_json_at name_at = nsg_at_key(at, "name");
	const char *name = nsg_text_field(at, item, "name");
	struct nsg_peers peers = { .n = 0 };
	enum nsg_text rc;

	row->tag = row->region = "";
	if (name[0] == '\0')
		name = nsg_text_field(at, item, "id");
	rc = nsg_peers_parse(r->arena, name, &peers);
	r->nomem = r->nomem || rc == NSG_TEXT_NOMEM;
	if (rc == NSG_TEXT_OK && peers.n == 1 &&
	    peers.items[0].kind == DIAG_PEER_TAG) {
		row->tag = peers.items[0].tag;
		row->region = peers.items[0].region;
	} else if (rc != NSG_TEXT_NOMEM) {
		diag_json_wrong(&name_at, nsg_field(item, "name"),
				"expected the name of a service tag");
	}
	read_prefixes(r, &inner_at, nsg_field(item, "properties"), &row->set);
}

static void read_rows(struct nsg_reader *r, const struct diag_json_at *up,
		      const cJSON *obj, struct diag_service_tags *t)
{
	struct diag_json_at at = nsg_at_key(up, "values");
	const cJSON *list = nsg_field(obj, "values");
	const cJSON *item;

	if (!cJSON_IsArray(list)) {
		diag_json_wrong(&at, list,
				"expected the list of service tags that Azure "
				"publishes");
		return;
	}
	t->rows = diag_arena_array(
	    r->arena, (size_t)cJSON_GetArraySize(list) + 1, sizeof(*t->rows));
	if (t->rows == NULL) {
		r->nomem = true;
		return;
	}
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = nsg_at_index(&at, (unsigned)t->n);

		read_row(r, &here, item, &t->rows[t->n++]);
	}
	qsort(t->rows, t->n, sizeof(*t->rows), by_name);
}

bool diag_service_tags_read(const struct diag_json_at *at, const cJSON *obj,
			    struct diag_service_tags **out,
			    struct diag_err *err)
{
	struct diag_service_tags *t = diag_alloc(sizeof(*t));
	unsigned before = at->problems->n;
	struct nsg_reader r = { .nomem = t == NULL };

	if (t != NULL) {
		diag_arena_init(&t->arena, 0);
		r.arena = &t->arena;
		read_rows(&r, at, obj, t);
	}
	if (!r.nomem && at->problems->n == before) {
		*out = t;
		return true;
	}
	diag_service_tags_free(t);
	if (r.nomem)
		return diag_fail_nomem(err, "service tags");
	return diag_fail(err, DIAG_EPARSE, "service tags", "%s: not readable",
			 at->file);
}

void diag_service_tags_free(struct diag_service_tags *t)
{
	if (t == NULL)
		return;
	diag_arena_clear(&t->arena);
	diag_free(t);
}
