/* SPDX-License-Identifier: MIT */
/* hosts.c - hosts text to edges, in one pass.
 *
 * Block lists make hosts files of a million lines, so the pass touches each
 * byte once: a name is copied in lower case while its end is looked for, into
 * one zeroed piece of memory as long as the text, where the bytes that are
 * not copied become the terminators.  Whatever looks odd (a first word that is
 * no address, a name with a dot at its end, a label of a private zone) is only
 * remembered here; faults.c looks again at those few lines.
 *
 * The rules are those of glibc's nss_files: LF ends a line, blanks are those
 * of isspace(3), '#' and NUL end what counts, an address is what inet_pton(3)
 * takes.  An address with a zone is not, so such a line is no entry.
 */
#include "hosts/hosts.h"

#include <string.h>

#include "hosts/internal.h"

struct reader {
	struct diag_arena *arena;
	const char *text;
	size_t len;
	char *low; /* as long as text, and one NUL more */
	struct diag_hosts_edge *edges;
	size_t n_edges, cap_edges;
	struct hosts_suspect *suspects;
	size_t n_suspects;
	struct diag_slice last; /* address text met before, and its value */
	struct diag_addr last_addr;
	size_t line_at;
	unsigned line;
	bool odd; /* the present line goes to faults.c */
};

const uint8_t hosts_class[256] = {
	['\0'] = HOSTS_END,   ['#'] = HOSTS_END,    [' '] = HOSTS_BLANK,
	['\t'] = HOSTS_BLANK, ['\n'] = HOSTS_BLANK, ['\v'] = HOSTS_BLANK,
	['\f'] = HOSTS_BLANK, ['\r'] = HOSTS_BLANK,
};

static unsigned class_of(char c)
{
	return hosts_class[(unsigned char)c];
}

bool hosts_next_word(const char **at, const char *end, struct diag_slice *word)
{
	const char *p = *at;

	while (p < end && class_of(*p) == HOSTS_BLANK)
		p++;
	word->p = p;
	while (p < end && class_of(*p) == HOSTS_WORD)
		p++;
	word->len = (size_t)(p - word->p);
	*at = p;
	return word->len > 0;
}

static bool label_is(const char *p, const char *end, const char *label)
{
	size_t len = strlen(label);

	return (size_t)(end - p) >= len && memcmp(p, label, len) == 0;
}

bool hosts_name_suspicious(const char *name, size_t len)
{
	const char *end = name + len;

	for (const char *p = name;
	     (p = memchr(p, '.', (size_t)(end - p))) != NULL;) {
		p++;
		if (p == end)
			return true; /* a dot at the end */
		if (*p == 'p' && label_is(p, end, "privatelink."))
			return true;
		if (*p == 'v' && label_is(p, end, "vaultcore."))
			return true;
	}
	return false;
}

/* Lines usually hold one name, so the number of lines is a good first guess;
 * a vector that doubled from nothing would hold twice the memory. */
static struct diag_hosts_edge *new_edge(struct reader *r)
{
	struct diag_hosts_edge *more;
	size_t cap = r->cap_edges * 2;

	if (r->n_edges < r->cap_edges)
		return &r->edges[r->n_edges++];
	more = diag_arena_array(r->arena, cap, sizeof(*more));
	if (more == NULL)
		return NULL;
	if (r->n_edges > 0)
		memcpy(more, r->edges, r->n_edges * sizeof(*more));
	r->edges = more;
	r->cap_edges = cap;
	return &r->edges[r->n_edges++];
}

/* The copy of the word at text[at], lower case, already terminated. */
static size_t copy_word(struct reader *r, size_t at, size_t end)
{
	size_t i = at;

	while (i < end && class_of(r->text[i]) == HOSTS_WORD) {
		char c = r->text[i];

		r->low[i++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return i;
}

static bool read_names(struct reader *r, size_t at, size_t end)
{
	bool first = true;

	for (;;) {
		struct diag_hosts_edge *e;
		size_t from;

		while (at < end && class_of(r->text[at]) == HOSTS_BLANK)
			at++;
		from = at;
		at = copy_word(r, from, end);
		if (at == from)
			return true;
		e = new_edge(r);
		if (e == NULL)
			return false;
		e->name = r->low + from;
		e->addr = r->last_addr;
		e->line = r->line;
		e->column = (unsigned)(from - r->line_at) + 1;
		e->canonical = first;
		first = false;
		r->odd |= hosts_name_suspicious(e->name, at - from);
	}
}

/* Block lists repeat one address on every line. */
static bool read_address(struct reader *r, struct diag_slice word)
{
	if (r->last.p != NULL && word.len == r->last.len &&
	    memcmp(word.p, r->last.p, word.len) == 0)
		return true;
	if (!diag_addr_parse_n(word.p, word.len, &r->last_addr))
		return false;
	r->last = word;
	return true;
}

/* Could this first word, which is no address, be one that went wrong?  Lists
 * of bare names must not cost a second look each. */
static bool odd_start(struct diag_slice word, const char *at, const char *end)
{
	struct diag_slice second;
	unsigned char c = (unsigned char)word.p[0];

	if ((c >= '0' && c <= '9') || c == '[' || c >= 0x80 ||
	    memchr(word.p, ':', word.len) != NULL)
		return true;
	return hosts_next_word(&at, end, &second) && hosts_address_like(second);
}

static bool read_line(struct reader *r, size_t end)
{
	const char *at = r->text + r->line_at;
	struct diag_slice word;

	r->odd = false;
	if (!hosts_next_word(&at, r->text + end, &word))
		return true;
	if (!read_address(r, word))
		r->odd = odd_start(word, at, r->text + end);
	else if (r->last_addr.zone[0] == '\0' &&
		 !read_names(r, (size_t)(at - r->text), end))
		return false;
	if (r->odd) {
		struct hosts_suspect *s = diag_arena_push(
		    r->arena, &r->suspects, &r->n_suspects, sizeof(*s));

		if (s == NULL)
			return false;
		s->at = r->line_at;
		s->line = r->line;
	}
	return true;
}

static size_t line_end(const struct reader *r)
{
	const char *lf =
	    memchr(r->text + r->line_at, '\n', r->len - r->line_at);

	return lf != NULL ? (size_t)(lf - r->text) : r->len;
}

static bool read_lines(struct reader *r)
{
	for (r->line = 1; r->line_at < r->len; r->line++) {
		size_t end = line_end(r);

		if (!read_line(r, end))
			return false;
		r->line_at = end + 1;
	}
	return true;
}

static size_t count_lines(const char *text, size_t len)
{
	const char *end = text + len;
	size_t n = 1;

	for (const char *p = text;
	     p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		n++;
	return n;
}

bool diag_hosts_parse(struct diag_arena *arena, const char *text, size_t len,
		      struct diag_hosts *out, struct diag_err *err)
{
	struct reader r = { .arena = arena, .text = text, .len = len };
	struct diag_hosts h = { 0 };

	if (len > DIAG_HOSTS_BYTES)
		return diag_fail(err, DIAG_ELIMIT, "hosts",
				 "more than %zu bytes", DIAG_HOSTS_BYTES);
	r.cap_edges = len > 0 ? count_lines(text, len) : 0;
	if (r.cap_edges > DIAG_HOSTS_LINES)
		return diag_fail(err, DIAG_ELIMIT, "hosts",
				 "more than %zu lines", DIAG_HOSTS_LINES);
	r.low = diag_arena_alloc(arena, len + 1);
	r.edges = diag_arena_array(arena, r.cap_edges, sizeof(*r.edges));
	if (r.low == NULL || r.edges == NULL || !read_lines(&r))
		return diag_fail_nomem(err, "hosts");
	h.edges = r.edges;
	h.n_edges = r.n_edges;
	if (!diag_hosts_make_index(arena, &h, err) ||
	    !hosts_find_faults(arena, (struct diag_slice){ text, len },
			       r.suspects, r.n_suspects, &h, err))
		return false;
	*out = h;
	return true;
}
