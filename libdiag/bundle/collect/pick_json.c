/* SPDX-License-Identifier: MIT */
/* pick_json.c - named members of a document, and nothing else of it. */
#include "bundle/collect/pick.h"

#include <string.h>

#define DEPTH_MAX      64
#define NAME_MAX_BYTES 256 /* of "a.b.c" */

struct walk {
	const struct diag_source *s;
	struct diag_jw w;
	char name[NAME_MAX_BYTES];
};

static bool has(const struct walk *k, size_t len)
{
	return pick_has(k->s->keys, (struct diag_slice){ k->name, len });
}

/* Does a key lie below this name? */
static bool has_below(const struct walk *k, size_t len)
{
	for (size_t i = 0; k->s->keys[i] != NULL; i++)
		if (strlen(k->s->keys[i]) > len + 1 &&
		    k->s->keys[i][len] == '.' &&
		    diag_slice_eq_nocase(
			(struct diag_slice){ k->s->keys[i], len }, k->name))
			return true;
	return false;
}

/* Keys are a few levels deep at most, and so is this. */
static void put_members(struct walk *k, const cJSON *obj, size_t at)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, obj)
	{
		size_t len = strlen(item->string);

		if (at + len + 2 > sizeof(k->name))
			continue;
		memcpy(k->name + at, item->string, len + 1);
		if (has(k, at + len)) {
			diag_jw_key(&k->w, item->string);
			diag_jw_tree(&k->w, item);
		} else if (cJSON_IsObject(item) && has_below(k, at + len)) {
			diag_jw_kopen(&k->w, item->string, '{');
			k->name[at + len] = '.';
			put_members(k, item, at + len + 1);
			diag_jw_close(&k->w, '}');
		}
	}
}

/* Strings of URLs are put as they are by the writer; whoever stands before an
 * '@' goes with the line. */
static void put_lines(const struct diag_buf *text, struct diag_buf *out)
{
	struct diag_cursor c = diag_cursor_of(diag_buf_str(text), text->len);
	struct diag_slice line;

	while (diag_cursor_line(&c, &line))
		pick_put(out, line);
}

bool diag_pick_json(const struct diag_source *s, struct diag_slice text,
		    struct diag_buf *out, struct diag_err *err)
{
	static const struct diag_json_limits limits = { DIAG_COLLECT_READ,
							DEPTH_MAX };
	struct walk k = { .s = s };
	struct diag_buf document;
	cJSON *tree = NULL;
	bool ok;

	if (!diag_json_parse(s->item, text.p, text.len, &limits, &tree, err))
		return false;
	diag_buf_init(&document, DIAG_COLLECT_READ);
	diag_jw_init(&k.w, &document, 2);
	diag_jw_open(&k.w, '{');
	if (cJSON_IsObject(tree))
		put_members(&k, tree, 0);
	diag_jw_close(&k.w, '}');
	cJSON_Delete(tree);
	ok = diag_buf_ok(&document, err, "collect");
	if (ok && strchr(diag_buf_str(&document), ':') != NULL)
		put_lines(&document, out);
	diag_buf_clear(&document);
	return ok;
}
