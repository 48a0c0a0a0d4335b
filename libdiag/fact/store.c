/* SPDX-License-Identifier: MIT */
/* store.c - facts kept: a deep copy is a walk over the rows of fields.h. */
#include "fact/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fact/fields.h"
#include "fact/words.h"

/* The number of facts is what is limited, and the size of what they were read
 * from; the arena must not come first. */
#define STORE_BYTES (SIZE_MAX / 4)
#define FIRST_CAP   ((size_t)64)

void diag_store_init(struct diag_store *s)
{
	*s = (struct diag_store){ .next_id = 1 };
	diag_arena_init(&s->arena, STORE_BYTES);
}

void diag_store_clear(struct diag_store *s)
{
	diag_arena_clear(&s->arena);
	diag_free(s->facts);
	diag_words_free(s->words);
	diag_store_init(s);
}

/* --- the deep copy -------------------------------------------------------- */

/* Each of these makes what a shallow copy shares the store's own. */
static bool own_rows(struct diag_store *s, const struct diag_field *rows,
		     void *base);

static bool own_str(struct diag_store *s, const char **at)
{
	if (*at == NULL)
		return true;
	*at = diag_words_keep(s->words, &s->arena, *at);
	return *at != NULL;
}

static size_t item_size(const struct diag_field *f)
{
	switch (f->type) {
	case DIAG_FIELD_STRS:
		return sizeof(char *);
	case DIAG_FIELD_ADDRS:
		return sizeof(struct diag_addr);
	case DIAG_FIELD_STATUSES:
		return sizeof(enum diag_status);
	case DIAG_FIELD_HEADERS:
		return sizeof(struct diag_header);
	case DIAG_FIELD_LIST:
		return f->size;
	default:
		return 0; /* not a list */
	}
}

static bool own_item(struct diag_store *s, const struct diag_field *f,
		     void *item)
{
	struct diag_header *h = item;

	switch (f->type) {
	case DIAG_FIELD_STRS:
		return own_str(s, item);
	case DIAG_FIELD_HEADERS:
		return own_str(s, &h->name) && own_str(s, &h->value);
	case DIAG_FIELD_LIST:
		return own_rows(s, f->of, item);
	default:
		return true;
	}
}

static bool own_list(struct diag_store *s, const struct diag_field *f,
		     void *base, size_t size)
{
	char *at = (char *)base + f->offset;
	const void *from;
	char *items = NULL;
	size_t n;
	bool ok = true;

	memcpy(&from, at, sizeof(from));
	memcpy(&n, (char *)base + f->n, sizeof(n));
	if (n > 0) {
		if (n > SIZE_MAX / size)
			return false;
		items = diag_arena_memdup(&s->arena, from, n * size);
		if (items == NULL)
			return false;
	}
	memcpy(at, &items, sizeof(items));
	for (size_t i = 0; ok && i < n; i++)
		ok = own_item(s, f, items + i * size);
	return ok;
}

static bool own_object(struct diag_store *s, const struct diag_field *f,
		       void *object)
{
	return !diag_field_object_there(f, object) ||
	       own_rows(s, f->of, object);
}

static bool own_row(struct diag_store *s, const struct diag_field *f,
		    void *base)
{
	void *at = (char *)base + f->offset;
	size_t size = item_size(f);
	const char **text = at;

	if (size > 0)
		return own_list(s, f, base, size);
	if (f->type == DIAG_FIELD_OBJECT)
		return own_object(s, f, at);
	if (f->type != DIAG_FIELD_STR)
		return true;
	if (*text == NULL && (f->flags & DIAG_FIELD_MUST) != 0)
		*text = "";
	return own_str(s, text);
}

static bool own_rows(struct diag_store *s, const struct diag_field *rows,
		     void *base)
{
	for (const struct diag_field *f = rows; f->key != NULL; f++)
		if (!own_row(s, f, base))
			return false;
	return true;
}

/* --- the store ------------------------------------------------------------ */

static bool make_room(struct diag_store *s)
{
	size_t cap = s->cap > 0 ? s->cap * 2 : FIRST_CAP;
	struct diag_fact **more;

	if (s->words == NULL)
		s->words = diag_words_new();
	if (s->words == NULL)
		return false;
	if (s->n < s->cap)
		return true;
	more = diag_realloc(s->facts, cap * sizeof(struct diag_fact *));
	if (more == NULL)
		return false;
	s->facts = more;
	s->cap = cap;
	return true;
}

bool diag_store_add(struct diag_store *s, const struct diag_fact *f,
		    const struct diag_fact **kept, struct diag_err *err)
{
	struct diag_fact *copy = NULL;

	if (s->n >= DIAG_FACTS_MAX)
		return diag_fail(err, DIAG_ELIMIT, "facts", "more than %u",
				 DIAG_FACTS_MAX);
	if (make_room(s))
		copy = (void *)diag_arena_memdup(&s->arena, f, sizeof(*f));
	if (copy == NULL || !own_rows(s, diag_fact_common, copy) ||
	    !own_rows(s, diag_fact_kinds[f->kind].fields, copy))
		return diag_fail_nomem(err, "facts");
	if (copy->id == 0)
		copy->id = s->next_id;
	if (copy->id < s->next_id)
		s->out_of_order = true;
	else
		s->next_id = copy->id + 1;
	s->facts[s->n++] = copy;
	if (kept != NULL)
		*kept = copy;
	return true;
}

static bool sink_fact(void *ctx, const struct diag_fact *f,
		      struct diag_err *err)
{
	return diag_store_add(ctx, f, NULL, err);
}

struct diag_sink diag_store_sink(struct diag_store *s)
{
	return (struct diag_sink){ .fact = sink_fact, .ctx = s };
}

static int by_id(const void *key, const void *item)
{
	uint32_t id = *(const uint32_t *)key;
	uint32_t other = (*(struct diag_fact *const *)item)->id;

	return id < other ? -1 : id > other;
}

const struct diag_fact *diag_store_get(const struct diag_store *s, uint32_t id)
{
	struct diag_fact **found;

	/* Nearly always the facts are numbered 1, 2, 3 ... */
	if (id > 0 && id <= s->n && s->facts[id - 1]->id == id)
		return s->facts[id - 1];
	if (s->n == 0)
		return NULL;
	if (!s->out_of_order) {
		found =
		    bsearch(&id, s->facts, s->n, sizeof(s->facts[0]), by_id);
		return found != NULL ? *found : NULL;
	}
	for (size_t i = 0; i < s->n; i++)
		if (s->facts[i]->id == id)
			return s->facts[i];
	return NULL;
}
