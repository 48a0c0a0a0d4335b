/* SPDX-License-Identifier: MIT */
/* map.c - the map that stays with whoever masked, and the report that goes
 * along. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "mask/internal.h"

#define MAP_BYTES ((size_t)32 << 20)
#define MAP_DEPTH 8
#define KEY_TEXT  ((size_t)DIAG_MASK_KEY * 2)

static const char digits[] = "0123456789abcdef";

static int pair_cmp(const void *a, const void *b)
{
	const struct mask_entry *const *x = a, *const *y = b;

	if ((*x)->kind != (*y)->kind)
		return (*x)->kind < (*y)->kind ? -1 : 1;
	return strcmp((*x)->key, (*y)->key);
}

static void print_pairs(const struct mask_entry **list, size_t n,
			struct diag_jw *w)
{
	diag_jw_kopen(w, "pairs", '[');
	for (size_t i = 0; i < n; i++) {
		diag_jw_open(w, '{');
		diag_jw_kstr(w, "kind",
			     mask_kind_key((enum mask_kind)list[i]->kind));
		diag_jw_kstr(w, "real", list[i]->key);
		diag_jw_kstr(w, "masked", list[i]->value);
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
}

void diag_mask_map_print(const struct diag_mask *m, struct diag_buf *out)
{
	const struct mask_entry **list =
	    diag_alloc_array(m->pairs.n + 1, sizeof(struct mask_entry *));
	char key[KEY_TEXT + 1], id[17];
	struct diag_jw w;
	size_t n = 0;

	if (list == NULL) {
		out->code = DIAG_ENOMEM;
		return;
	}
	for (size_t i = 0; i < m->pairs.cap; i++)
		if (m->pairs.at[i].key != NULL &&
		    m->pairs.at[i].value != NULL &&
		    strcmp(m->pairs.at[i].key, m->pairs.at[i].value) != 0)
			list[n++] = &m->pairs.at[i];
	if (n > 1)
		qsort(list, n, sizeof(*list), pair_cmp);
	for (size_t i = 0; i < DIAG_MASK_KEY; i++) {
		key[2 * i] = digits[m->key[i] >> 4];
		key[2 * i + 1] = digits[m->key[i] & 15];
	}
	key[KEY_TEXT] = '\0';
	diag_mask_key_id(m, id);
	diag_jw_init(&w, out, 2);
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "schema", DIAG_MASK_SCHEMA);
	diag_jw_kstr(&w, "level", diag_mask_level_key(m->level));
	diag_jw_kstr(&w, "key_id", id);
	diag_jw_kstr(&w, "key", key);
	print_pairs(list, n, &w);
	diag_jw_close(&w, '}');
	diag_buf_putc(out, '\n');
	diag_free(list);
}

static bool read_key(const char *text, unsigned char key[DIAG_MASK_KEY])
{
	if (strlen(text) != KEY_TEXT || strspn(text, digits) != KEY_TEXT)
		return false;
	for (size_t i = 0; i < DIAG_MASK_KEY; i++)
		key[i] =
		    (unsigned char)((strchr(digits, text[2 * i]) - digits)
					<< 4 |
				    (strchr(digits, text[2 * i + 1]) - digits));
	return true;
}

bool diag_mask_map_read(const char *name, const char *text, size_t len,
			unsigned char key[DIAG_MASK_KEY], struct diag_err *err)
{
	static const struct diag_json_limits limits = { MAP_BYTES, MAP_DEPTH };
	struct diag_problems problems;
	struct diag_json_at at = { .file = name, .problems = &problems };
	const char *schema = "", *found = "";
	cJSON *doc = NULL;
	bool ok;

	if (!diag_json_parse(name, text, len, &limits, &doc, err))
		return false;
	diag_problems_init(&problems);
	(void)diag_json_str(&at, doc, "schema", &schema);
	(void)diag_json_str(&at, doc, "key", &found);
	ok = strcmp(schema, DIAG_MASK_SCHEMA) == 0
		 ? read_key(found, key) ||
		       diag_fail(err, DIAG_EPARSE, MASK_OP,
				 "%.100s: $.key: expected 64 hex digits", name)
		 : diag_fail(err, DIAG_EPARSE, MASK_OP,
			     "%.100s: $.schema: expected \"%s\"", name,
			     DIAG_MASK_SCHEMA);
	diag_problems_clear(&problems);
	cJSON_Delete(doc);
	return ok;
}

/* Nobody can tell by a key alone which of two addresses had the place that
 * both would like to have. */
static void recall(struct diag_mask *m, const cJSON *pair)
{
	const cJSON *kind = cJSON_GetObjectItemCaseSensitive(pair, "kind");
	const cJSON *real = cJSON_GetObjectItemCaseSensitive(pair, "real");
	const cJSON *to = cJSON_GetObjectItemCaseSensitive(pair, "masked");
	struct diag_addr a, b;

	if (!cJSON_IsString(kind) || !cJSON_IsString(real) ||
	    !cJSON_IsString(to) ||
	    strcmp(kind->valuestring, mask_kind_key(MASK_ADDRESS)) != 0 ||
	    !diag_addr_parse(real->valuestring, &a) ||
	    !diag_addr_parse(to->valuestring, &b) ||
	    mask_table_find(&m->pairs, real->valuestring,
			    strlen(real->valuestring)) != NULL)
		return;
	(void)mask_pair(m, MASK_ADDRESS, diag_slice_of(real->valuestring),
			to->valuestring);
}

bool diag_mask_map_recall(struct diag_mask *m, const char *name,
			  const char *text, size_t len, struct diag_err *err)
{
	static const struct diag_json_limits limits = { MAP_BYTES, MAP_DEPTH };
	struct diag_buf none;
	cJSON *doc = NULL;
	const cJSON *pair;

	if (!diag_json_parse(name, text, len, &limits, &doc, err))
		return false;
	cJSON_ArrayForEach(pair, cJSON_GetObjectItemCaseSensitive(doc, "pairs"))
	    recall(m, pair);
	cJSON_Delete(doc);
	diag_buf_init(&none, 1);
	return mask_told(m, &none, err);
}

/* --- what was masked where ------------------------------------------------ */

void diag_mask_report_print(const struct diag_mask *m, struct diag_buf *out)
{
	char id[17];
	struct diag_jw w;

	diag_mask_key_id(m, id);
	diag_jw_init(&w, out, 2);
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "schema", "pldiag.masked/1");
	diag_jw_kstr(&w, "level", diag_mask_level_key(m->level));
	/* No name was changed, so no key tells what it became. */
	if (m->level > DIAG_MASK_NONE)
		diag_jw_kstr(&w, "key_id", id);
	diag_jw_kopen(&w, "items", '[');
	for (size_t i = 0; i < m->n_items; i++) {
		diag_jw_open(&w, '{');
		diag_jw_kstr(&w, "path", m->items[i].where);
		diag_jw_kopen(&w, "kinds", '{');
		for (int k = 0; k < MASK_N_KINDS; k++)
			if (m->items[i].n[k] > 0)
				diag_jw_kuint(&w,
					      mask_kind_key((enum mask_kind)k),
					      m->items[i].n[k]);
		diag_jw_close(&w, '}');
		diag_jw_close(&w, '}');
	}
	diag_jw_close(&w, ']');
	diag_jw_close(&w, '}');
	diag_buf_putc(out, '\n');
}
