/* SPDX-License-Identifier: MIT */
/* hosts_scan.c - one pass over a hosts file: where the blocks are, which lines
 * of others contradict our pins, which were put out before.
 *
 * The rules are glibc's (see hosts/hosts.h): LF ends a line, '#' and NUL end
 * what counts, an address has no zone, a first line with a byte-order mark is
 * no entry.  A name with a dot at its end is taken for the name: glibc answers
 * it to that spelling only, others do not tell them apart.
 *
 * Most lines of a large file speak of nobody we know, and the filter says so
 * in a step or two; they cost a look at the address, which block lists repeat
 * on every line.
 */
#include <string.h>

#include "fix/hosts_internal.h"

#define LINES_MAX ((unsigned)16 << 20)
#define BYTES_MAX ((size_t)512 << 20)
#define BOM	  "\xef\xbb\xbf"

struct scanner {
	struct diag_arena *arena;
	struct diag_slice text, block;
	const struct hosts_names *pins;
	const struct hosts_filter *filter; /* NULL: each line may be it */
	struct hosts_scan *out;
	struct diag_err *err;
	struct hosts_block open; /* first.number 0: no block is open */
	bool in_ours;
	struct diag_slice last; /* address text met before, and its value */
	struct diag_addr addr;
	bool after_off; /* the line before was put out */
	bool strange;	/* our block says what no pin says */
};

static bool fail_at(const struct scanner *s, unsigned line, const char *what)
{
	return diag_fail(s->err, DIAG_EPARSE, "hosts", "line %u: %s", line,
			 what);
}

static bool no_memory(const struct scanner *s)
{
	return diag_fail_nomem(s->err, "hosts");
}

/* --- blocks --------------------------------------------------------------- */

static bool begin_block(struct scanner *s, const struct hosts_line *line,
			const struct diag_hosts_mark *mark)
{
	struct hosts_block *ours = &s->out->block;
	bool is_ours = hosts_same(mark->block, s->block);

	if (s->open.first.number != 0)
		return diag_fail(s->err, DIAG_EPARSE, "hosts",
				 "line %u: a block begins inside of that of "
				 "line %u, which has no end",
				 line->number, s->open.first.number);
	if (is_ours && s->out->has_block)
		return diag_fail(s->err, DIAG_EPARSE, "hosts",
				 "line %u: block %.*s begins a second time "
				 "(first: line %u); take one of them out",
				 line->number, (int)mark->block.len,
				 mark->block.p, ours->first.number);
	if (s->out->has_block && !is_ours && !diag_hosts_mark_bare(mark) &&
	    line->at == ours->last.at + ours->last.len + ours->last.ending)
		ours->next_mark_end = line->at + line->len;
	s->open = (struct hosts_block){ .name = mark->block,
					.first = *line,
					.bare = diag_hosts_mark_bare(mark) };
	s->in_ours = is_ours;
	return true;
}

static bool end_block(struct scanner *s, const struct hosts_line *line,
		      struct diag_slice name)
{
	if (s->open.first.number == 0 || !hosts_same(s->open.name, name))
		return diag_fail(s->err, DIAG_EPARSE, "hosts",
				 "line %u: block %.*s ends and did not begin",
				 line->number, (int)name.len, name.p);
	s->open.last = *line;
	if (line->at + line->len + line->ending == s->text.len)
		s->out->ends_block = line->ending;
	if (s->in_ours) {
		s->out->block = s->open;
		s->out->has_block = true;
	}
	s->open.first.number = 0;
	s->in_ours = false;
	return true;
}

/* --- entries -------------------------------------------------------------- */

static bool read_address(struct scanner *s, struct diag_slice word)
{
	struct diag_addr addr;

	if (s->last.p != NULL && hosts_same(word, s->last))
		return true;
	if (!diag_addr_parse_n(word.p, word.len, &addr) || addr.zone[0] != '\0')
		return false;
	s->addr = addr;
	s->last = word;
	return true;
}

/* One of our names with the address at hand: right (which pin) or wrong. */
static bool is_right(struct scanner *s, struct diag_slice word, uint32_t first,
		     unsigned how)
{
	uint32_t right = hosts_names_with(s->pins, first, &s->addr);
	uint8_t *seen = s->out->seen;

	for (uint32_t i = first; right == 0 && i != 0;
	     i = s->pins->claims[i - 1].next)
		seen[i - 1] |= HOSTS_CONTRADICTED;
	/* The dotted spelling harms nobody here, but answers nobody either. */
	if (right != 0 && word.p[word.len - 1] != '.')
		seen[right - 1] |= (uint8_t)how;
	return right != 0;
}

static bool add_claim(struct scanner *s, const struct hosts_line *line,
		      struct diag_slice word)
{
	struct hosts_scan *o = s->out;
	struct hosts_claim *c =
	    s->in_ours
		? diag_arena_push(s->arena, &o->old, &o->n_old, sizeof(*c))
		: diag_arena_push(s->arena, &o->others, &o->n_others,
				  sizeof(*c));

	if (c == NULL)
		return no_memory(s);
	c->name = word;
	c->addr = s->addr;
	c->line = line->number;
	c->block = s->open.name;
	return true;
}

static bool read_in_block(struct scanner *s, const struct hosts_line *line,
			  const char *at, const char *end)
{
	struct diag_slice word;

	while (hosts_word(&at, end, &word)) {
		uint32_t first = hosts_names_find(s->pins, word);

		if (!add_claim(s, line, word))
			return false;
		if (first == 0 ||
		    !is_right(s, word, first,
			      s->in_ours ? HOSTS_SEEN | HOSTS_IN_BLOCK
					 : HOSTS_SEEN))
			s->strange |= s->in_ours;
	}
	return true;
}

static struct hosts_spot *add_spot(struct scanner *s,
				   const struct hosts_line *line,
				   struct diag_slice body)
{
	struct hosts_scan *o = s->out;
	struct hosts_spot *spot =
	    diag_arena_push(s->arena, &o->spots, &o->n_spots, sizeof(*spot));

	if (spot == NULL) {
		(void)no_memory(s);
		return NULL;
	}
	spot->line = *line;
	spot->body = body;
	return spot;
}

/* An entry line outside of blocks. */
static bool read_names(struct scanner *s, const struct hosts_line *line,
		       const char *at, const char *end)
{
	struct diag_slice word, whole = { s->text.p + line->at, line->len };
	bool wrong = false, any = false;

	while (hosts_word(&at, end, &word)) {
		uint32_t first = hosts_names_find(s->pins, word);

		any = true;
		if (first != 0 &&
		    !is_right(s, word, first, HOSTS_SEEN | HOSTS_SEEN_OUTSIDE))
			wrong = true;
	}
	s->out->foreign += any;
	return !wrong || add_spot(s, line, whole) != NULL;
}

/* --- lines that were put out ---------------------------------------------- */

static bool is_entry(struct diag_slice body)
{
	const char *at = body.p, *end = body.p + body.len;
	struct diag_slice word;
	struct diag_addr addr;

	return hosts_word(&at, end, &word) &&
	       diag_addr_parse_n(word.p, word.len, &addr) &&
	       addr.zone[0] == '\0' && hosts_word(&at, end, &word);
}

/* What is no entry was never put out by us. */
static bool read_off(struct scanner *s, const struct hosts_line *line,
		     const struct diag_hosts_mark *mark)
{
	struct hosts_spot *spot;

	if (!is_entry(mark->rest))
		return true;
	spot = add_spot(s, line, mark->rest);
	if (spot == NULL)
		return false;
	spot->off = true;
	spot->owner = mark->block;
	s->after_off = true;
	return true;
}

/* Does line say nothing that body does not say?  Then it is the rest that we
 * left, and may go; if somebody wrote another name on it, it is theirs. */
static bool says_less(struct diag_slice line, struct diag_slice body)
{
	const char *a = line.p, *b = body.p;
	struct diag_slice x, y;

	if (!hosts_word(&a, line.p + line.len, &x) ||
	    !hosts_word(&b, body.p + body.len, &y) || !hosts_same(x, y))
		return false;
	while (hosts_word(&a, line.p + line.len, &x)) {
		do
			if (!hosts_word(&b, body.p + body.len, &y))
				return false;
		while (!hosts_same(x, y));
	}
	return true;
}

/* The rest of the line before?  What it says counts as said. */
static bool read_rest(struct scanner *s, const struct hosts_line *line)
{
	struct hosts_spot *spot = &s->out->spots[s->out->n_spots - 1];
	struct diag_slice l = { s->text.p + line->at, line->len }, word;
	const char *at = l.p;

	if (!diag_hosts_mark_rest(l, spot->owner) ||
	    !says_less(l, spot->body) || !hosts_word(&at, l.p + l.len, &word) ||
	    !read_address(s, word))
		return false;
	spot->rest = *line;
	while (hosts_word(&at, l.p + l.len, &word)) {
		uint32_t first = hosts_names_find(s->pins, word);

		if (first != 0)
			(void)is_right(s, word, first, HOSTS_SEEN);
	}
	return true;
}

/* --- lines ---------------------------------------------------------------- */

static void count_ending(struct scanner *s, const struct hosts_line *line)
{
	s->out->lf += line->ending == 1;
	s->out->crlf += line->ending == 2;
}

static bool read_comment(struct scanner *s, const struct hosts_line *line,
			 struct diag_slice text)
{
	struct diag_hosts_mark mark;

	diag_hosts_mark_read(text, &mark);
	if (mark.kind == DIAG_HOSTS_MARK_BEGIN)
		return begin_block(s, line, &mark);
	if (mark.kind == DIAG_HOSTS_MARK_END)
		return end_block(s, line, mark.block);
	if (s->open.first.number != 0)
		return true;
	count_ending(s, line);
	return mark.kind != DIAG_HOSTS_MARK_OFF || read_off(s, line, &mark);
}

static bool read_entry(struct scanner *s, const struct hosts_line *line)
{
	const char *at = s->text.p + line->at, *end = at + line->len;
	bool in_block = s->open.first.number != 0;
	struct diag_slice word;

	if (!in_block)
		count_ending(s, line);
	if (!hosts_word(&at, end, &word) || !read_address(s, word))
		return true;
	return in_block ? read_in_block(s, line, at, end)
			: read_names(s, line, at, end);
}

static bool read_line(struct scanner *s, const struct hosts_line *line)
{
	struct diag_slice text = { s->text.p + line->at, line->len };
	bool after_off = s->after_off;
	size_t i = 0;

	s->after_off = false;
	while (i < text.len && diag_hosts_blank(text.p[i]))
		i++;
	if (i < text.len && text.p[i] == '#')
		return read_comment(s, line, text);
	return (after_off && read_rest(s, line)) || read_entry(s, line);
}

/* --- lines that speak of nobody we know ------------------------------------
 */

/* The address again that was met before; *names is what follows. */
static bool is_like_before(const struct scanner *s, struct diag_slice line,
			   struct diag_slice *names)
{
	size_t at = s->last.len;

	if (s->last.p == NULL || line.len <= at ||
	    memcmp(line.p, s->last.p, at) != 0 || !diag_hosts_blank(line.p[at]))
		return false;
	while (at < line.len && diag_hosts_blank(line.p[at]))
		at++;
	*names = (struct diag_slice){ line.p + at, line.len - at };
	return true;
}

/* false: it has to be read. */
static bool skip_line(struct scanner *s, const struct hosts_line *line)
{
	const struct diag_slice text = { s->text.p + line->at, line->len };
	struct diag_slice names;

	if (s->filter == NULL || s->open.first.number != 0 || s->after_off ||
	    !is_like_before(s, text, &names) ||
	    hosts_filter_may(s->filter, names))
		return false;
	count_ending(s, line);
	s->out->foreign += names.len > 0 && *names.p != '#' && *names.p != '\0';
	return true;
}

static void next_line(const struct scanner *s, struct hosts_line *line)
{
	const char *p = s->text.p + line->at;
	const char *lf = memchr(p, '\n', s->text.len - line->at);

	line->number++;
	line->ending = lf != NULL;
	line->len = lf != NULL ? (size_t)(lf - p) : s->text.len - line->at;
	if (lf != NULL && line->len > 0 && p[line->len - 1] == '\r') {
		line->len--;
		line->ending = 2;
	}
}

/* A first line with a byte-order mark is no entry, but may be a mark of ours:
 * an editor put it there. */
static bool read_bom_line(struct scanner *s, struct hosts_line line)
{
	struct diag_slice text;

	line.at += strlen(BOM);
	line.len -= strlen(BOM);
	text.p = s->text.p + line.at;
	text.len = line.len;
	return read_comment(s, &line, text);
}

static bool has_bom(struct diag_slice text, const struct hosts_line *line)
{
	return line->number == 1 && line->len >= strlen(BOM) &&
	       memcmp(text.p, BOM, strlen(BOM)) == 0;
}

static bool read_lines(struct scanner *s)
{
	struct hosts_line line = { .number = 0 };

	for (; line.at < s->text.len; line.at += line.len + line.ending) {
		next_line(s, &line);
		if (line.number > LINES_MAX)
			return diag_fail(s->err, DIAG_ELIMIT, "hosts",
					 "more than %u lines", LINES_MAX);
		if (skip_line(s, &line))
			continue;
		if (!(has_bom(s->text, &line) ? read_bom_line(s, line)
					      : read_line(s, &line)))
			return false;
	}
	s->out->ends_bare = line.number > 0 && line.ending == 0;
	return s->open.first.number == 0 ||
	       fail_at(s, s->open.first.number,
		       "a block begins here and has no end");
}

/* Notepad's "Unicode" writes UTF-16, which no system reads as a hosts file. */
static bool is_utf16(struct diag_slice t)
{
	return t.len >= 2 && (memcmp(t.p, "\xff\xfe", 2) == 0 ||
			      memcmp(t.p, "\xfe\xff", 2) == 0);
}

static bool all_in_block(const struct scanner *s)
{
	for (size_t i = 0; i < s->pins->n; i++)
		if ((s->out->seen[i] & HOSTS_IN_BLOCK) == 0)
			return false;
	return !s->strange && s->out->n_old == s->pins->n;
}

bool hosts_scan(struct diag_arena *arena, struct diag_slice text,
		const char *block, const struct hosts_names *pins,
		struct hosts_scan *out, struct diag_err *err)
{
	struct scanner s = { .arena = arena,
			     .text = text,
			     .block = diag_slice_of(block),
			     .pins = pins,
			     .out = out,
			     .err = err };
	struct hosts_filter *filter;

	*out = (struct hosts_scan){ 0 };
	if (text.len > BYTES_MAX)
		return diag_fail(err, DIAG_ELIMIT, "hosts",
				 "more than %zu bytes", BYTES_MAX);
	if (is_utf16(text))
		return fail_at(&s, 1,
			       "the file is in UTF-16, which no system reads "
			       "as a hosts file; save it as UTF-8");
	out->seen = diag_arena_alloc(arena, pins->n);
	filter = diag_arena_alloc(arena, sizeof(*filter));
	if (out->seen == NULL || filter == NULL)
		return no_memory(&s);
	if (hosts_filter_make(filter, pins))
		s.filter = filter;
	if (!read_lines(&s))
		return false;
	out->block_same = out->has_block && all_in_block(&s);
	return true;
}
