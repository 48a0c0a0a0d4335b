/* SPDX-License-Identifier: MIT */
/* bundle.c - the list of items. */
#include "bundle/bundle.h"

#include <string.h>

#include "base/mem.h"
#include "bundle/internal.h"

/* Items, and texts about them. */
#define ARENA_BYTES (DIAG_BUNDLE_BYTES + ((size_t)64 << 20))

static const char *const state_keys[DIAG_N_ITEM_STATES] = {
	"taken", "cut", "masked", "withheld", "missing", "failed",
};

static const char *const sort_keys[] = { "text", "json", "made", "packets" };
#define N_SORTS (sizeof(sort_keys) / sizeof(sort_keys[0]))

const char *diag_item_state_key(enum diag_item_state s)
{
	return state_keys[s];
}

bool diag_item_state_parse(const char *key, enum diag_item_state *out)
{
	for (unsigned i = 0; i < DIAG_N_ITEM_STATES; i++)
		if (strcmp(key, state_keys[i]) == 0) {
			*out = (enum diag_item_state)i;
			return true;
		}
	return false;
}

bool diag_item_is_in(enum diag_item_state s)
{
	return s == DIAG_ITEM_TAKEN || s == DIAG_ITEM_CUT ||
	       s == DIAG_ITEM_MASKED;
}

const char *diag_item_sort_key(enum diag_item_sort s)
{
	return sort_keys[s];
}

bool diag_item_sort_parse(const char *key, enum diag_item_sort *out)
{
	for (unsigned i = 0; i < N_SORTS; i++)
		if (strcmp(key, sort_keys[i]) == 0) {
			*out = (enum diag_item_sort)i;
			return true;
		}
	return false;
}

bool diag_bundle_new(struct diag_bundle **out, struct diag_err *err)
{
	struct diag_bundle *b = diag_alloc(sizeof(*b));

	if (b == NULL)
		return diag_fail_nomem(err, "bundle");
	diag_arena_init(&b->arena, ARENA_BYTES);
	b->tool = b->version = "";
	b->mask = "none";
	*out = b;
	return true;
}

void diag_bundle_free(struct diag_bundle *b)
{
	if (b == NULL)
		return;
	diag_arena_clear(&b->arena);
	diag_free(b);
}

static bool name_ok(const char *name, size_t len)
{
	if (len == 0 || (len == 1 && name[0] == '.') ||
	    (len == 2 && name[0] == '.' && name[1] == '.'))
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = name[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || strchr("._+-", c) != NULL))
			return false;
	}
	return true;
}

bool diag_bundle_path_ok(const char *path)
{
	if (strlen(path) > DIAG_BUNDLE_PATH)
		return false;
	for (;;) {
		size_t len = strcspn(path, "/");

		if (!name_ok(path, len))
			return false;
		if (path[len] == '\0')
			return true;
		path += len + 1;
	}
}

const struct diag_item *diag_bundle_find(const struct diag_bundle *b,
					 const char *path)
{
	for (size_t i = 0; i < b->n_items; i++)
		if (strcmp(b->items[i].path, path) == 0)
			return &b->items[i];
	return NULL;
}

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* What unpacking would put into one place: folders and files have one name, and
 * not everywhere does it matter whether a letter is small. */
static bool clashes(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] != '\0' && ascii_lower(a[i]) == ascii_lower(b[i]))
		i++;
	return (a[i] == '\0' || a[i] == '/') && (b[i] == '\0' || b[i] == '/') &&
	       (a[i] == '\0' || b[i] == '\0');
}

static bool may_put(const struct diag_bundle *b, const char *path,
		    struct diag_err *err)
{
	if (!diag_bundle_path_ok(path) || clashes(path, DIAG_BUNDLE_MANIFEST))
		return diag_fail(err, DIAG_EUSAGE, "bundle",
				 "%.100s: not a path for an item", path);
	for (size_t i = 0; i < b->n_items; i++)
		if (clashes(path, b->items[i].path))
			return diag_fail(err, DIAG_EUSAGE, "bundle",
					 "%.80s: is there already, as %.80s",
					 path, b->items[i].path);
	return b->n_items < DIAG_BUNDLE_ITEMS ||
	       diag_fail(err, DIAG_ELIMIT, "bundle", "more than %d items",
			 DIAG_BUNDLE_ITEMS);
}

static bool copy_text(struct diag_arena *arena, const char **text)
{
	if (*text == NULL)
		return true;
	*text = diag_arena_strdup(arena, *text);
	return *text != NULL;
}

struct diag_item *bundle_put(struct diag_bundle *b,
			     const struct diag_item *item, struct diag_err *err)
{
	struct diag_item copied = *item;
	struct diag_item *at;

	if (!may_put(b, item->path, err))
		return NULL;
	if (copied.origin == NULL)
		copied.origin = "";
	at = copy_text(&b->arena, &copied.path) &&
		     copy_text(&b->arena, &copied.origin) &&
		     copy_text(&b->arena, &copied.reason)
		 ? diag_arena_push(&b->arena, &b->items, &b->n_items,
				   sizeof(*at))
		 : NULL;
	if (at == NULL)
		(void)diag_fail_nomem(err, "bundle");
	else
		*at = copied;
	return at;
}

bool bundle_give(struct diag_bundle *b, struct diag_item *item,
		 const void *bytes, size_t len, struct diag_err *err)
{
	item->bytes = diag_arena_strn(&b->arena, bytes, len);
	item->len = len;
	return (item->bytes != NULL &&
		diag_sha256_of(item->bytes, len, item->sha256)) ||
	       diag_fail_nomem(err, "bundle");
}

static bool fits(const struct diag_bundle *b, const struct diag_item *item,
		 struct diag_err *err)
{
	size_t all = item->len;

	for (size_t i = 0; i < b->n_items; i++)
		all += b->items[i].len;
	return (item->len <= DIAG_BUNDLE_ITEM_BYTES &&
		all <= DIAG_BUNDLE_BYTES) ||
	       diag_fail(err, DIAG_ELIMIT, "bundle",
			 "%.100s: too large for a bundle", item->path);
}

bool diag_bundle_add(struct diag_bundle *b, const struct diag_item *item,
		     struct diag_err *err)
{
	struct diag_item bare = *item;
	struct diag_item *at;
	bool in = diag_item_is_in(item->state);

	bare.bytes = NULL;
	bare.len = 0;
	bare.sha256[0] = '\0';
	if (in && item->bytes != NULL && !fits(b, item, err))
		return false;
	at = bundle_put(b, &bare, err);
	if (at == NULL)
		return false;
	if (!in || bundle_give(b, at, item->bytes != NULL ? item->bytes : "",
			       item->bytes != NULL ? item->len : 0, err))
		return true;
	b->n_items--;
	return false;
}
