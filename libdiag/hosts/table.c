/* SPDX-License-Identifier: MIT */
/* table.c - the names of a hosts text, found by hash.
 *
 * Rows of one name hang together in a ring in file order, and the open table
 * of slots knows the last row of each ring: the one behind it is the first,
 * and a new one goes behind the last, so that a name on a million lines costs
 * no more than a million names.  A slot keeps the whole hash, so names are
 * compared only when they are the same, and growing asks no name again.
 */
#include "hosts/table.h"

#include <string.h>

#include "hosts/internal.h"

#define NTH_MAX 15
#define FOLD	UINT64_C(0x2020202020202020)

struct diag_hosts_slot {
	uint32_t hash;
	uint32_t last; /* row of the ring, plus one; 0: free */
};

/* A table of a million names is larger than the processor's caches, so each
 * slot is asked for a while before it is needed. */
#define WAITING 16

struct maker {
	struct diag_arena *arena;
	struct diag_hosts_table t;
	size_t cap_rows;
	uint32_t hashes[WAITING]; /* of the last rows, by row % WAITING */
	size_t n_hung;		  /* rows that hang in their ring */
};

/* Eight bytes at a time; only ever compared within this process.  Setting the
 * bit that tells upper from lower case also makes some other bytes alike,
 * which costs nothing but a comparison. */
static uint32_t hash_of(struct diag_slice name)
{
	uint64_t h = name.len, w = 0;

	for (; name.len >= sizeof(w); name.p += 8, name.len -= 8) {
		memcpy(&w, name.p, sizeof(w));
		h = (h ^ (w | FOLD)) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	w = 0;
	if (name.len > 0)
		memcpy(&w, name.p, name.len);
	h = (h ^ (w | FOLD)) * UINT64_C(0x9e3779b97f4a7c15);
	h ^= h >> 32;
	return (uint32_t)(h * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_nocase(const char *p, struct diag_slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (lower(p[i]) != lower(name.p[i]))
			return false;
	return true;
}

static bool same_name(const struct diag_hosts_table *t, uint32_t row,
		      struct diag_slice name)
{
	const char *p = t->text + t->rows[row].at;
	size_t left = t->len - t->rows[row].at;

	if (left < name.len ||
	    (left > name.len &&
	     !(hosts_class[(unsigned char)p[name.len]] & HOSTS_STOP)))
		return false;
	return memcmp(p, name.p, name.len) == 0 || same_nocase(p, name);
}

static struct diag_hosts_slot *slot_of(const struct diag_hosts_table *t,
				       uint32_t hash, struct diag_slice name)
{
	uint32_t i = hash & t->mask;

	while (t->slots[i].last != 0 &&
	       (t->slots[i].hash != hash ||
		!same_name(t, t->slots[i].last - 1, name)))
		i = (i + 1) & t->mask;
	return &t->slots[i];
}

/* --- making ----------------------------------------------------------------
 */

static bool grow_slots(struct maker *m, size_t size)
{
	struct diag_hosts_slot *old = m->t.slots;
	size_t n = old != NULL ? (size_t)m->t.mask + 1 : 0;

	m->t.slots = diag_arena_array(m->arena, size, sizeof(*old));
	if (m->t.slots == NULL)
		return false;
	m->t.mask = (uint32_t)(size - 1);
	for (size_t i = 0; i < n; i++) {
		uint32_t k = old[i].hash & m->t.mask;

		if (old[i].last == 0)
			continue;
		while (m->t.slots[k].last != 0)
			k = (k + 1) & m->t.mask;
		m->t.slots[k] = old[i];
	}
	return true;
}

static struct diag_hosts_row *new_row(struct maker *m)
{
	struct diag_hosts_table *t = &m->t;
	size_t cap = m->cap_rows * 2;
	struct diag_hosts_row *more;

	if (t->n_rows < m->cap_rows)
		return &t->rows[t->n_rows++];
	more = diag_arena_array(m->arena, cap, sizeof(*more));
	if (more == NULL)
		return NULL;
	memcpy(more, t->rows, t->n_rows * sizeof(*more));
	t->rows = more;
	m->cap_rows = cap;
	return &t->rows[t->n_rows++];
}

static struct diag_slice address_of(const struct diag_hosts_table *t,
				    const struct diag_hosts_row *row)
{
	const char *at = t->text + row->line_at;
	struct diag_slice word;

	(void)hosts_next_word(&at, t->text + row->at, &word);
	return word;
}

static bool addressed_alike(const struct diag_hosts_table *t,
			    const struct diag_hosts_row *a,
			    const struct diag_hosts_row *b)
{
	struct diag_slice x = address_of(t, a), y = address_of(t, b);

	return x.len == y.len && memcmp(x.p, y.p, x.len) == 0;
}

/* The next row becomes the last of its ring. */
static bool hang_in(struct maker *m)
{
	struct diag_hosts_table *t = &m->t;
	uint32_t row = (uint32_t)m->n_hung++;
	uint32_t hash = m->hashes[row % WAITING];
	struct diag_hosts_slot *slot =
	    slot_of(t, hash, diag_hosts_row_name(t, row));
	struct diag_hosts_row *last, *head;

	if (slot->last == 0) {
		*slot = (struct diag_hosts_slot){ hash, row + 1 };
		t->rows[row].next = row;
		t->rows[row].head = 1;
		t->n_names++;
		return t->n_names <= ((size_t)t->mask + 1) / 4 * 3 ||
		       grow_slots(m, ((size_t)t->mask + 1) * 2);
	}
	last = &t->rows[slot->last - 1];
	head = &t->rows[last->next];
	if (!head->mixed && !addressed_alike(t, head, &t->rows[row])) {
		head->mixed = 1;
		t->n_mixed++;
	}
	t->rows[row].next = last->next;
	last->next = row;
	slot->last = row + 1;
	return true;
}

/* The newest row waits until its slot has come. */
static bool wait_in_line(struct maker *m, struct diag_slice name)
{
	size_t row = m->t.n_rows - 1;
	uint32_t hash = hash_of(name);

	if (row - m->n_hung == WAITING && !hang_in(m))
		return false;
	m->hashes[row % WAITING] = hash;
	__builtin_prefetch(&m->t.slots[hash & m->t.mask], 1);
	return true;
}

static bool read_names(struct maker *m, struct hosts_line *line)
{
	struct hosts_name name;
	size_t at = line->names;
	unsigned nth = 0;

	while (hosts_scan_name(m->t.text, line->end, &at, &name)) {
		struct diag_hosts_row *row = new_row(m);
		struct diag_slice word = { m->t.text + name.at, name.len };

		if (row == NULL)
			return false;
		row->at = (uint32_t)name.at;
		row->line_at = (uint32_t)line->at;
		row->line = line->number & 0xffffffU;
		row->nth = nth & NTH_MAX;
		nth += nth < NTH_MAX;
		line->odd |= name.odd || nth > HOSTS_WINDOWS_NAMES;
		if (!wait_in_line(m, word))
			return false;
	}
	return true;
}

static bool read_lines(struct maker *m)
{
	struct hosts_scan scan = { .text = m->t.text, .len = m->t.len };
	struct hosts_line line;

	while (hosts_scan_line(&scan, &line)) {
		struct diag_hosts_suspect *s;

		if (line.entry && !read_names(m, &line))
			return false;
		if (!line.odd)
			continue;
		s = diag_arena_push(m->arena, &m->t.suspects, &m->t.n_suspects,
				    sizeof(*s));
		if (s == NULL)
			return false;
		s->at = line.at;
		s->line = line.number;
	}
	while (m->n_hung < m->t.n_rows)
		if (!hang_in(m))
			return false;
	return true;
}

bool diag_hosts_table_make(struct diag_arena *arena, const char *text,
			   size_t len, struct diag_hosts_table *out,
			   struct diag_err *err)
{
	struct maker m = { .arena = arena, .t = { .text = text, .len = len } };
	size_t size = 16, n_lines;

	if (len > DIAG_HOSTS_BYTES)
		return diag_fail(err, DIAG_ELIMIT, "hosts",
				 "more than %zu bytes", DIAG_HOSTS_BYTES);
	n_lines = hosts_count_lines(text, len);
	if (n_lines > DIAG_HOSTS_LINES)
		return diag_fail(err, DIAG_ELIMIT, "hosts",
				 "more than %zu lines", DIAG_HOSTS_LINES);
	m.cap_rows = hosts_guess_names(text, len, n_lines);
	while (size / 4 * 3 < m.cap_rows)
		size *= 2;
	m.t.rows = diag_arena_array(arena, m.cap_rows, sizeof(*m.t.rows));
	if (m.t.rows == NULL || !grow_slots(&m, size) || !read_lines(&m))
		return diag_fail_nomem(err, "hosts");
	*out = m.t;
	return true;
}

/* --- asking ----------------------------------------------------------------
 */

uint32_t diag_hosts_table_find(const struct diag_hosts_table *t,
			       struct diag_slice name)
{
	const struct diag_hosts_slot *slot = slot_of(t, hash_of(name), name);

	return slot->last != 0 ? t->rows[slot->last - 1].next
			       : DIAG_HOSTS_NO_ROW;
}

uint32_t diag_hosts_table_next(const struct diag_hosts_table *t, uint32_t row)
{
	uint32_t next = t->rows[row].next;

	return t->rows[next].head ? DIAG_HOSTS_NO_ROW : next;
}

struct diag_slice diag_hosts_row_name(const struct diag_hosts_table *t,
				      uint32_t row)
{
	const char *at = t->text + t->rows[row].at;
	struct diag_slice word;

	(void)hosts_next_word(&at, t->text + t->len, &word);
	return word;
}

struct diag_addr diag_hosts_row_addr(const struct diag_hosts_table *t,
				     uint32_t row)
{
	struct diag_slice word = address_of(t, &t->rows[row]);
	struct diag_addr addr = { .family = DIAG_NOFAM };

	(void)diag_addr_parse_n(word.p, word.len, &addr);
	return addr;
}

unsigned diag_hosts_row_column(const struct diag_hosts_table *t, uint32_t row)
{
	return t->rows[row].at - t->rows[row].line_at + 1;
}
