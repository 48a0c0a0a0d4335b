/* SPDX-License-Identifier: MIT */
/* See note.h. */
#include "verdict/note.h"

#include "base/cursor.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define WORD_MAX 256

/* --- its names ------------------------------------------------------------ */

struct names {
	struct judge *j;
	size_t *items;
	size_t n;
};

static void add(struct names *l, size_t index)
{
	size_t *slot =
	    diag_arena_push(&l->j->v->arena, &l->items, &l->n, sizeof(*slot));

	if (slot == NULL)
		l->j->failed = true;
	else
		*slot = index;
}

/* A private endpoint lists "*.eastus.inference.ml.azure.com". */
static void add_pattern(struct names *l, const char *pattern)
{
	const struct diag_inventory *inv = l->j->c->inventory;

	for (size_t i = 0; i < inv->n_targets; i++)
		if (inv->targets[i].fqdn &&
		    diag_fqdn_matches(pattern, inv->targets[i].fqdn))
			add(l, i);
}

static bool add_exact(struct names *l, const char *name)
{
	const struct diag_inventory *inv = l->j->c->inventory;
	const struct diag_target *t = diag_inventory_target(inv, name);

	if (t)
		add(l, (size_t)(t - inv->targets));
	return t != NULL;
}

/* As clients ask it, or as it stands in its zone. */
static void add_name(struct names *l, const char *text)
{
	char name[DIAG_FQDN_MAX], meant[DIAG_FQDN_MAX];

	if (!diag_fqdn_normal(text, strlen(text), name, NULL))
		return;
	if (diag_text_starts(name, "*."))
		add_pattern(l, name);
	else if (!add_exact(l, name) &&
		 diag_cat_meant(name, meant, sizeof(meant)))
		(void)add_exact(l, meant);
}

static int index_cmp(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void keep_names(struct names *l, struct note *out)
{
	size_t n = 0;

	if (l->n > 1)
		qsort(l->items, l->n, sizeof(*l->items), index_cmp);
	for (size_t i = 0; i < l->n; i++)
		if (n == 0 || l->items[n - 1] != l->items[i])
			l->items[n++] = l->items[i];
	out->targets = l->items;
	out->n_targets = n;
}

static void read_names(struct judge *j, struct note *out)
{
	struct names l = { .j = j };

	for (size_t i = 0; i < out->n->n_targets; i++)
		if (out->n->targets[i])
			add_name(&l, out->n->targets[i]);
	keep_names(&l, out);
}

static bool share_address(const struct diag_target *a,
			  const struct diag_target *b)
{
	for (size_t i = 0; i < a->n_addresses; i++)
		for (size_t k = 0; k < b->n_addresses; k++)
			if (diag_addr_eq(&a->addresses[i], &b->addresses[k]))
				return true;
	return false;
}

static bool shares_with(const struct diag_inventory *inv, const struct note *n,
			size_t index)
{
	for (size_t i = 0; i < n->n_targets; i++)
		if (n->targets[i] == index ||
		    share_address(&inv->targets[n->targets[i]],
				  &inv->targets[index]))
			return true;
	return false;
}

void note_add_sharing(struct judge *j, struct note *n)
{
	const struct diag_inventory *inv = j->c->inventory;
	struct names l = { .j = j };

	for (size_t i = 0; i < inv->n_targets; i++)
		if (shares_with(inv, n, i))
			add(&l, i);
	keep_names(&l, n);
}

/* --- its words ------------------------------------------------------------ */

struct words {
	struct judge *j;
	struct note *out;
	const char *zone; /* the first that is named */
	bool zones;	  /* several are */
};

static void learn_zone(struct words *w, const char *zone)
{
	if (!w->zone)
		w->zone = judge_text(w->j, "%s", zone);
	else if (strcmp(w->zone, zone) != 0)
		w->zones = true;
}

/* "3600" or "3600s". */
static bool learn_number(struct note *out, const char *word, size_t len)
{
	struct diag_slice s = diag_slice_of(word);
	uint64_t number;

	s.len -= len > 1 && word[len - 1] == 's' ? 1 : 0;
	if (!diag_slice_number(s, 0, UINT32_MAX, &number))
		return false;
	if (out->n_numbers < NOTE_WORDS_MAX)
		out->numbers[out->n_numbers++] = number;
	return true;
}

static void learn(struct words *w, const char *text, size_t len)
{
	struct note *out = w->out;
	char word[WORD_MAX], name[DIAG_FQDN_MAX];
	struct diag_addr a;

	while (len > 0 && (text[len - 1] == '.' || text[len - 1] == ':'))
		len--;
	if (len == 0 || len >= sizeof(word))
		return;
	memcpy(word, text, len);
	word[len] = '\0';
	if (diag_addr_parse(word, &a)) {
		if (out->n_addrs < NOTE_WORDS_MAX)
			out->addrs[out->n_addrs++] = a;
	} else if (!learn_number(out, word, len) &&
		   diag_fqdn_normal(word, len, name, NULL) &&
		   diag_text_starts(name, "privatelink.")) {
		learn_zone(w, name);
	}
}

static void read_words(struct words *w)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.:_-";
	const char *p = w->out->says;

	while (*p) {
		size_t n = strspn(p, letters);

		learn(w, p, n);
		p += n;
		p += strcspn(p, letters);
	}
}

/* --- its zone ------------------------------------------------------------- */

/* The names say it, if they all lie in one zone; else the words, if they name
 * one only. */
static const char *zone_of(const struct words *w)
{
	const struct diag_inventory *inv = w->j->c->inventory;
	const char *zone = NULL;

	for (size_t i = 0; i < w->out->n_targets; i++) {
		const struct diag_target *t = &inv->targets[w->out->targets[i]];
		const struct diag_cat_row *row =
		    t->fqdn ? diag_cat_row_of(inv->cloud, t->service, t->fqdn)
			    : NULL;

		if (!row || !row->zone)
			continue;
		if (zone && strcmp(zone, row->zone) != 0)
			return w->zones ? NULL : w->zone;
		zone = row->zone;
	}
	if (zone)
		return zone;
	return w->zones ? NULL : w->zone;
}

static const char *without_stop(struct judge *j, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	while (n > 0 && (text[n - 1] == '.' || text[n - 1] == ' '))
		n--;
	return judge_text(j, "%.*s", (int)n, text ? text : "");
}

void note_read(struct judge *j, const struct diag_note *n, struct note *out)
{
	struct words w = { .j = j, .out = out };

	*out = (struct note){ .n = n };
	out->says = without_stop(j, n->detail);
	out->from = n->from && n->from[0] ? n->from : "the inventory's notes";
	read_names(j, out);
	read_words(&w);
	out->zone = zone_of(&w);
}

bool note_has_addr(const struct note *n, const struct diag_addr *a)
{
	for (size_t i = 0; i < n->n_addrs; i++)
		if (diag_addr_eq(&n->addrs[i], a))
			return true;
	return false;
}

bool note_has_target(const struct note *n, size_t index)
{
	for (size_t i = 0; i < n->n_targets; i++)
		if (n->targets[i] == index)
			return true;
	return false;
}
