/* SPDX-License-Identifier: MIT */
/* hosts_scan.c - one pass over a hosts file: where our block is, which lines
 * of others speak of our names, which we had put out.
 *
 * The rules are glibc's (see hosts/hosts.h): LF ends a line, '#' and NUL end
 * what counts, an address has no zone, a first line with a byte-order mark is
 * no entry, a name with a dot at its end answers to that spelling only and so
 * contradicts nobody.  Only lines that hold one of our names cost more than a
 * look at each word.
 */
#include "fix/hosts_internal.h"

#include <string.h>

#define LINES_MAX ((unsigned)16 << 20)
#define BYTES_MAX ((size_t)512 << 20)

struct scanner {
	struct diag_arena *arena;
	struct diag_slice text;
	const char *block;
	const struct hosts_pins *pins;
	struct hosts_scan *out;
	struct diag_err *err;
	struct hosts_block open; /* line 0: no block is open */
	struct diag_slice last;	 /* address text met before, and its value */
	struct diag_addr last_addr;
	bool after_off; /* the line before was put out by us */
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool hosts_word(const char **at, const char *end, struct diag_slice *word)
{
	const char *p = *at;

	while (p < end && is_blank(*p))
		p++;
	word->p = p;
	while (p < end && !is_blank(*p) && *p != '#' && *p != '\0')
		p++;
	word->len = (size_t)(p - word->p);
	*at = p;
	return word->len > 0;
}

static bool fail_at(const struct scanner *s, unsigned line, const char *what)
{
	return diag_fail(s->err, DIAG_EPARSE, "hosts", "line %u: %s", line,
			 what);
}

/* --- marks ---------------------------------------------------------------- */

static bool take(struct diag_slice *s, const char *head)
{
	size_t n = strlen(head);

	if (s->len < n || memcmp(s->p, head, n) != 0)
		return false;
	s->p += n;
	s->len -= n;
	return true;
}

/* The block's name: up to a blank, a colon or the end. */
static struct diag_slice name_of(struct diag_slice s)
{
	size_t n = 0;

	while (n < s.len && !is_blank(s.p[n]) && s.p[n] != ':')
		n++;
	s.len = n;
	return s;
}

static bool begin_block(struct scanner *s, const struct hosts_line *line,
			struct diag_slice name)
{
	if (s->open.line != 0)
		return fail_at(s, line->number,
			       "a block begins inside of another");
	if (diag_slice_eq(name, s->block) && s->out->has_block)
		return fail_at(s, line->number,
			       "this block begins a second time; take one of "
			       "the two out");
	s->open = (struct hosts_block){ .name = name.p,
					.name_len = name.len,
					.begin = line->at,
					.ending = line->ending,
					.line = line->number };
	return true;
}

static bool end_block(struct scanner *s, const struct hosts_line *line,
		      struct diag_slice name)
{
	if (s->open.line == 0 || s->open.name_len != name.len ||
	    memcmp(s->open.name, name.p, name.len) != 0)
		return fail_at(s, line->number,
			       "the end of a block that did not begin");
	s->open.end = line->at + line->len + line->ending;
	if (diag_slice_eq(name, s->block)) {
		s->out->block = s->open;
		s->out->has_block = true;
	}
	s->open.line = 0;
	return true;
}

/* --- entries -------------------------------------------------------------- */

static bool address_of(struct scanner *s, struct diag_slice word)
{
	if (s->last.p != NULL && word.len == s->last.len &&
	    memcmp(word.p, s->last.p, word.len) == 0)
		return true;
	if (!diag_addr_parse_n(word.p, word.len, &s->last_addr) ||
	    s->last_addr.zone[0] != '\0')
		return false;
	s->last = word;
	return true;
}

static bool in_our_block(const struct scanner *s)
{
	struct diag_slice name = { s->open.name, s->open.name_len };

	return s->open.line != 0 && diag_slice_eq(name, s->block);
}

/* Another inventory's block is not ours to change. */
static bool told_conflict(struct scanner *s, const struct hosts_line *line,
			  struct diag_slice word)
{
	return diag_fail(s->err, DIAG_EUSAGE, "hosts",
			 "line %u: block %.*s gives %.*s another address",
			 line->number, (int)s->open.name_len, s->open.name,
			 (int)word.len, word.p);
}

static void contradict(struct scanner *s, uint32_t first)
{
	for (uint32_t i = first; i != 0; i = s->pins->next[i - 1])
		s->out->contradicted[i - 1] = true;
}

static bool add_entry(struct scanner *s, const struct hosts_line *line,
		      const char *body, const char *end, bool was_off)
{
	struct hosts_entry *e = diag_arena_push(s->arena, &s->out->entries,
						&s->out->n_entries, sizeof(*e));

	if (e == NULL)
		return diag_fail_nomem(s->err, "hosts");
	e->line = *line;
	e->body = (size_t)(body - s->text.p);
	e->body_len = (size_t)(end - body);
	e->was_off = was_off;
	return true;
}

/* One of our names on an entry line. */
static bool our_name(struct scanner *s, const struct hosts_line *line,
		     struct diag_slice word, bool was_off, bool *wrong)
{
	uint32_t first = hosts_pins_find(s->pins, word);
	size_t which;

	if (first == 0)
		return true;

	if (hosts_pins_has(s->pins, first, &s->last_addr, &which)) {
		if (in_our_block(s))
			s->out->in_block[which] = true;
		else
			s->out->elsewhere[which] = true;
		return true;
	}
	if (in_our_block(s))
		return true; /* the block is written anew */
	if (s->open.line != 0)
		return told_conflict(s, line, word);
	if (!was_off)
		contradict(s, first);
	*wrong = true;
	return true;
}

/* body is a line as its owner wrote it.  One that we had put out is always
 * remembered: it may come back.  What is no entry was never put out by us. */
static bool read_entry(struct scanner *s, const struct hosts_line *line,
		       const char *body, const char *end, bool was_off)
{
	bool wrong = false;
	const char *at = body;
	struct diag_slice word;

	if (!hosts_word(&at, end, &word) || !address_of(s, word))
		return true;
	s->out->foreign += s->open.line == 0;
	while (hosts_word(&at, end, &word))
		if (!our_name(s, line, word, was_off, &wrong))
			return false;
	return (!wrong && !was_off) || add_entry(s, line, body, end, was_off);
}

/* --- lines ---------------------------------------------------------------- */

/* "# pldiag: …" at the start of a line. */
static bool read_mark(struct scanner *s, const struct hosts_line *line,
		      struct diag_slice rest)
{
	struct diag_slice name;
	size_t before;

	if (take(&rest, HOSTS_BEGIN))
		return begin_block(s, line, name_of(rest));
	if (take(&rest, HOSTS_END))
		return end_block(s, line, name_of(rest));
	if (s->open.line != 0 || !take(&rest, HOSTS_OFF))
		return true;
	name = name_of(rest);
	rest.p += name.len;
	rest.len -= name.len;
	if (!diag_slice_eq(name, s->block) || !take(&rest, ": "))
		return true;
	before = s->out->n_entries;
	if (!read_entry(s, line, rest.p, rest.p + rest.len, true))
		return false;
	s->after_off = s->out->n_entries > before;
	return true;
}

/* The line that we left in place of one that we put out. */
static bool is_on_line(const struct scanner *s, struct diag_slice line)
{
	const char *hash = memchr(line.p, '#', line.len);
	struct diag_slice rest;

	if (hash == NULL)
		return false;
	rest.p = hash;
	rest.len = line.len - (size_t)(hash - line.p);
	return take(&rest, HOSTS_MARK) && take(&rest, HOSTS_ON) &&
	       diag_slice_eq(rest, s->block);
}

static bool read_line(struct scanner *s, const struct hosts_line *line)
{
	struct diag_slice l = { s->text.p + line->at, line->len };
	bool after_off = s->after_off;

	s->after_off = false;
	if (take(&l, HOSTS_MARK))
		return read_mark(s, line, l);
	if (after_off && is_on_line(s, l)) {
		struct hosts_entry *e = &s->out->entries[s->out->n_entries - 1];

		e->has_on = true;
		e->on = *line;
		return true;
	}
	return read_entry(s, line, l.p, l.p + l.len, false);
}

static bool read_lines(struct scanner *s)
{
	struct hosts_line line = { .number = 0 };
	const char *p = s->text.p;

	for (size_t at = 0; at < s->text.len; at += line.len + line.ending) {
		const char *lf = memchr(p + at, '\n', s->text.len - at);
		size_t end = lf != NULL ? (size_t)(lf - p) : s->text.len;

		line.at = at;
		line.number++;
		line.ending = lf != NULL;
		if (lf != NULL && end > at && p[end - 1] == '\r') {
			end--;
			line.ending = 2;
		}
		line.len = end - at;
		s->out->lf += line.ending == 1;
		s->out->crlf += line.ending == 2;
		if (line.number > LINES_MAX)
			return diag_fail(s->err, DIAG_ELIMIT, "hosts",
					 "more than %u lines", LINES_MAX);
		if (!read_line(s, &line))
			return false;
	}
	return s->open.line == 0 ||
	       fail_at(s, s->open.line, "a block begins here and has no end");
}

/* Notepad's "Unicode" writes UTF-16, which no system reads as a hosts file. */
static bool is_utf16(struct diag_slice t)
{
	return t.len >= 2 && (memcmp(t.p, "\xff\xfe", 2) == 0 ||
			      memcmp(t.p, "\xfe\xff", 2) == 0);
}

static bool make_flags(struct scanner *s)
{
	size_t n = s->pins->n + 1;

	s->out->in_block = diag_arena_array(s->arena, n, sizeof(bool));
	s->out->elsewhere = diag_arena_array(s->arena, n, sizeof(bool));
	s->out->contradicted = diag_arena_array(s->arena, n, sizeof(bool));
	return (s->out->in_block != NULL && s->out->elsewhere != NULL &&
		s->out->contradicted != NULL) ||
	       diag_fail_nomem(s->err, "hosts");
}

bool hosts_scan(struct diag_arena *arena, struct diag_slice text,
		const char *block, const struct hosts_pins *pins,
		struct hosts_scan *out, struct diag_err *err)
{
	struct scanner s = { .arena = arena,
			     .text = text,
			     .block = block,
			     .pins = pins,
			     .out = out,
			     .err = err };

	memset(out, 0, sizeof(*out));
	if (text.len > BYTES_MAX)
		return diag_fail(err, DIAG_ELIMIT, "hosts",
				 "more than %zu bytes", BYTES_MAX);
	if (is_utf16(text))
		return diag_fail(err, DIAG_EPARSE, "hosts",
				 "line 1: the file is in UTF-16, which no "
				 "system reads; save it as UTF-8 first");
	return make_flags(&s) && read_lines(&s);
}
