/* SPDX-License-Identifier: MIT */
/* note_records.c - who says another address than the one that is right.
 *
 * One note per name and wrong address, however many repeat it.  A public
 * answer somebody was given contradicts nothing: it is what the user came
 * with, and a live run judges it.
 */
#include "import/merge.h"

#include <string.h>

#include "net/scope.h"

#define CODE	 "inventory.stale-record"
#define TOLD_MAX 16 /* wrong addresses of one name */
#define WHO_MAX	 4  /* sources named in one note */

/* "the hosts file and the A record in zone Z", each once. */
static const char *all_who(struct import_merge *m, const struct import_name *n,
			   const struct diag_addr *addr)
{
	const char *text = "";
	const char *last = "";
	size_t told = 0;

	for (size_t i = 0; i < n->n_records && told < WHO_MAX; i++) {
		const struct import_record *r = &n->records[i];

		if (!diag_addr_eq(&r->addr, addr) || strcmp(r->who, last) == 0)
			continue;
		text = told++ == 0
			   ? r->who
			   : import_text(m->im, "%s and %s", text, r->who);
		last = r->who;
	}
	return text;
}

static const char *list_right(struct import_merge *m,
			      const struct import_name *n)
{
	const char *text = "";
	char one[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < n->n_addrs; i++)
		text = import_text(m->im, "%s%s%s", text, i > 0 ? " or " : "",
				   diag_addr_text(&n->addrs[i], one));
	return text;
}

/* Who is right: the best of its own records, or of the name it shares with. */
static const char *right_who(struct import_merge *m,
			     const struct import_name *n)
{
	const struct import_name *sibling = import_sibling(m, n);

	for (size_t i = 0; i < n->n_records; i++) {
		if (n->records[i].rank == n->rank &&
		    import_has_addr(n, &n->records[i].addr))
			return n->records[i].who;
	}
	if (sibling == NULL || sibling == n)
		return "the documents";
	return import_text(m->im, "%s, whose address it shares with %s",
			   right_who(m, sibling), sibling->key);
}

static const char *orphan_words(struct import_merge *m,
				const struct import_record *r)
{
	if (!import_is_orphan(m, r))
		return "";
	return import_text(m->im,
			   " That record was made by the private endpoint %s, "
			   "which is not among these documents.",
			   r->creator);
}

static void note_wrong(struct import_merge *m, const struct import_name *n,
		       const struct import_record *r)
{
	struct diag_names names = { NULL, 0 };
	char wrong[DIAG_ADDR_TEXT];
	const char *detail;

	import_add_name(m->im, &names, n->key);
	detail = import_text(m->im,
			     "%s is %s according to %s, but %s according to "
			     "%s.%s",
			     n->key, list_right(m, n), right_who(m, n),
			     diag_addr_text(&r->addr, wrong),
			     all_who(m, n, &r->addr), orphan_words(m, r));
	import_add_note(m, CODE, detail, r->from, &names);
}

/* Nobody says what is right, but this is not it. */
static void note_lost(struct import_merge *m, const struct import_name *n,
		      const struct import_record *r)
{
	struct diag_names names = { NULL, 0 };
	char wrong[DIAG_ADDR_TEXT];
	const char *detail;

	import_add_name(m->im, &names, n->key);
	if (import_is_orphan(m, r))
		detail = import_text(
		    m->im,
		    "%s is %s according to %s.%s Another private endpoint "
		    "leads there now.",
		    n->key, diag_addr_text(&r->addr, wrong), r->who,
		    orphan_words(m, r));
	else
		detail = import_text(
		    m->im,
		    "%s is %s according to %s, which is an address that no "
		    "private endpoint can have.",
		    n->key, diag_addr_text(&r->addr, wrong), r->who);
	import_add_note(m, CODE, detail, r->from, &names);
}

struct told {
	struct diag_addr addrs[TOLD_MAX];
	size_t n;
};

/* Each wrong address once. */
static bool is_new(struct told *told, const struct diag_addr *addr)
{
	for (size_t i = 0; i < told->n; i++) {
		if (diag_addr_eq(&told->addrs[i], addr))
			return false;
	}
	if (told->n == TOLD_MAX)
		return false;
	told->addrs[told->n++] = *addr;
	return true;
}

static bool is_public(const struct import_merge *m, const struct diag_addr *a)
{
	return diag_scope_of(a) == DIAG_SCOPE_PUBLIC &&
	       !import_in_networks(m->im, a);
}

static void note_name(struct import_merge *m, const struct import_name *n)
{
	struct told told = { .n = 0 };

	for (size_t i = 0; i < n->n_records; i++) {
		const struct import_record *r = &n->records[i];

		if (r->observed && is_public(m, &r->addr))
			m->im->met[IMPORT_MET_PUBLIC]++;
		else if (import_has_addr(n, &r->addr) ||
			 (n->n_addrs == 0 && r->rank != IMPORT_ZONE) ||
			 !is_new(&told, &r->addr))
			continue;
		else if (n->n_addrs > 0)
			note_wrong(m, n, r);
		else
			note_lost(m, n, r);
	}
}

/* --- several words, and no judge ------------------------------------------ */

static const char *place_of(const struct import_record *r)
{
	return r->rank == IMPORT_ZONE ? r->zone : r->who;
}

/* Two documents of one endpoint: its addresses do not change while it lives
 * (azure.md 4), so it was made anew between them and one is old. */
static bool is_made_anew(const struct import_merge *m,
			 const struct import_record *a,
			 const struct import_record *b)
{
	const char *first = import_endpoint_key(m->im, a->endpoint);

	return first[0] != '\0' && a->addr.family == b->addr.family &&
	       strcmp(first, import_endpoint_key(m->im, b->endpoint)) == 0;
}

static bool is_same_document(const struct import_record *a,
			     const struct import_record *b)
{
	size_t n = strcspn(a->from, "$");

	return strncmp(a->from, b->from, n + 1) == 0;
}

/* Below a zone group nothing is certain: two zones of one name, or two lines
 * of a hosts file, may differ. */
static bool disputes(const struct import_merge *m,
		     const struct import_record *first,
		     const struct import_record *r)
{
	if (r->rank > IMPORT_INVENTORY)
		return !is_same_document(r, first) && is_made_anew(m, r, first);
	if (r->rank == IMPORT_INVENTORY)
		return !is_same_document(r, first);
	return r->rank != IMPORT_ZONE ||
	       strcmp(place_of(r), place_of(first)) != 0;
}

static const char *dispute_words(struct import_merge *m,
				 const struct import_name *n,
				 const struct import_record *first,
				 const struct import_record *r)
{
	char a[DIAG_ADDR_TEXT];
	char b[DIAG_ADDR_TEXT];

	if (r->rank > IMPORT_INVENTORY)
		return import_text(
		    m->im,
		    "%s is %s according to %s, but %s in another document of "
		    "the same private endpoint: one of them is older; gather "
		    "them again.",
		    n->key, diag_addr_text(&first->addr, a), first->who,
		    diag_addr_text(&r->addr, b));
	return import_text(m->im,
			   "%s is %s according to %s, but %s according to "
			   "%s. No document of the private endpoint says "
			   "which is right.",
			   n->key, diag_addr_text(&first->addr, a), first->who,
			   diag_addr_text(&r->addr, b), r->who);
}

static void note_dispute(struct import_merge *m, const struct import_name *n)
{
	const struct import_record *first = &n->records[0];
	struct diag_names names = { NULL, 0 };

	if (n->n_addrs < 2)
		return;
	while (first < n->records + n->n_records &&
	       (first->rank != n->rank || !import_has_addr(n, &first->addr)))
		first++;
	for (const struct import_record *r = first;
	     r < n->records + n->n_records; r++) {
		if (r->rank != n->rank || !import_has_addr(n, &r->addr) ||
		    diag_addr_eq(&r->addr, &first->addr) ||
		    !disputes(m, first, r))
			continue;
		import_add_name(m->im, &names, n->key);
		import_add_note(m, CODE, dispute_words(m, n, first, r), r->from,
				&names);
		return;
	}
}

void import_note_records(struct import_merge *m)
{
	m->im->met[IMPORT_MET_PUBLIC] = 0;
	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *n = &m->names[i];

		if (!n->kept || n->n_records == 0)
			continue;
		note_name(m, n);
		note_dispute(m, n);
	}
}
