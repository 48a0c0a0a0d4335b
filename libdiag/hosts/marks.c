/* SPDX-License-Identifier: MIT */
/* marks.c - see marks.h. */
#include "hosts/marks.h"

#include <string.h>

static bool take(struct diag_slice *s, const char *word)
{
	size_t n = strlen(word);

	if (s->len < n || memcmp(s->p, word, n) != 0)
		return false;
	s->p += n;
	s->len -= n;
	return true;
}

static size_t skip_blanks(struct diag_slice *s)
{
	size_t n = 0;

	while (n < s->len && diag_hosts_blank(s->p[n]))
		n++;
	s->p += n;
	s->len -= n;
	return n;
}

/* Words of a pattern, each behind at least as many blanks as stand there; the
 * pattern's own blanks are single. */
static bool take_words(struct diag_slice *s, const char *words)
{
	while (*words != '\0') {
		char word[32];
		size_t n = strcspn(words, " ");

		memcpy(word, words, n);
		word[n] = '\0';
		if (!take(s, word))
			return false;
		words += n;
		if (*words == ' ' && skip_blanks(s) == 0)
			return false;
		words += *words == ' ';
	}
	return true;
}

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool diag_hosts_block_name(struct diag_slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!name_char(name.p[i]))
			return false;
	return name.len > 0 && name.len <= DIAG_HOSTS_BLOCK_MAX;
}

static bool take_name(struct diag_slice *s, struct diag_slice *name)
{
	size_t n = 0;

	while (n < s->len && name_char(s->p[n]))
		n++;
	*name = (struct diag_slice){ s->p, n };
	s->p += n;
	s->len -= n;
	return diag_hosts_block_name(*name);
}

/* "#", and "pldiag:" behind any blanks. */
static bool take_head(struct diag_slice *s)
{
	(void)skip_blanks(s);
	if (!take(s, "#"))
		return false;
	(void)skip_blanks(s);
	return take(s, "pldiag:") && skip_blanks(s) > 0;
}

static enum diag_hosts_mark_kind take_kind(struct diag_slice *s)
{
	static const struct {
		const char *words;
		enum diag_hosts_mark_kind kind;
	} kinds[] = {
		{ DIAG_HOSTS_BEGIN, DIAG_HOSTS_MARK_BEGIN },
		{ DIAG_HOSTS_END, DIAG_HOSTS_MARK_END },
		{ DIAG_HOSTS_OFF, DIAG_HOSTS_MARK_OFF },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (take_words(s, kinds[i].words))
			return kinds[i].kind;
	return DIAG_HOSTS_MARK_NONE;
}

void diag_hosts_mark_read(struct diag_slice line, struct diag_hosts_mark *out)
{
	struct diag_slice s = line;
	enum diag_hosts_mark_kind kind;

	out->kind = DIAG_HOSTS_MARK_NONE;
	if (!take_head(&s))
		return;
	kind = take_kind(&s);
	if (kind == DIAG_HOSTS_MARK_NONE || !take_name(&s, &out->block))
		return;
	if (kind == DIAG_HOSTS_MARK_OFF
		? !take(&s, ":")
		: s.len > 0 && !diag_hosts_blank(s.p[0]))
		return;
	if (kind == DIAG_HOSTS_MARK_OFF)
		(void)take(&s, " "); /* any more is the owner's */
	out->kind = kind;
	out->rest = s;
}

bool diag_hosts_mark_bare(const struct diag_hosts_mark *begin)
{
	size_t n = strlen(DIAG_HOSTS_BARE);

	for (size_t i = 0; i + n <= begin->rest.len; i++)
		if (memcmp(begin->rest.p + i, DIAG_HOSTS_BARE, n) == 0)
			return true;
	return false;
}

bool diag_hosts_mark_rest(struct diag_slice line, struct diag_slice block)
{
	const char *hash = line.len > 0 ? memchr(line.p, '#', line.len) : NULL;
	struct diag_slice s, name;

	if (hash == NULL)
		return false;
	s.p = hash;
	s.len = line.len - (size_t)(hash - line.p);
	if (!take_head(&s) || !take_words(&s, DIAG_HOSTS_REST) ||
	    !take_name(&s, &name) || name.len != block.len ||
	    memcmp(name.p, block.p, name.len) != 0)
		return false;
	(void)skip_blanks(&s);
	return s.len == 0;
}
