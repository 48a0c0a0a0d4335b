/* SPDX-License-Identifier: MIT */
/* scan.c - hosts text to lines and names, each byte touched once.
 *
 * Block lists make hosts files of a million lines, so whatever looks odd (a
 * first word that is no address, a strange character in a name, a dot at its
 * end, a label of a private zone) is only marked here; judge.c looks again at
 * those few lines.
 *
 * The rules are those of glibc's nss_files: LF ends a line, blanks are those
 * of isspace(3), '#' and NUL end what counts, an address is what inet_pton(3)
 * takes.  An address with a zone is not, so such a line is no entry.
 */
#include <string.h>

#include "hosts/internal.h"

#define LABEL_MAX 63 /* RFC 1035, 2.3.4 */

/* All but letters, digits, '-', '.' and '_' is strange. */
const uint8_t hosts_class[256] = {
	[0] = HOSTS_END,
	[1 ... 8] = HOSTS_STRANGE,
	['\t' ... '\r'] = HOSTS_BLANK,
	[14 ... 31] = HOSTS_STRANGE,
	[' '] = HOSTS_BLANK,
	['!' ... '"'] = HOSTS_STRANGE,
	['#'] = HOSTS_END,
	['$' ... ','] = HOSTS_STRANGE,
	['/'] = HOSTS_STRANGE,
	[':' ... '@'] = HOSTS_STRANGE,
	['[' ... '^'] = HOSTS_STRANGE,
	['`'] = HOSTS_STRANGE,
	['{' ... 255] = HOSTS_STRANGE,
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
	while (p < end && !(class_of(*p) & HOSTS_STOP))
		p++;
	word->len = (size_t)(p - word->p);
	*at = p;
	return word->len > 0;
}

/* Labels that make a name worth a look in the catalogue. */
static bool is_zone_label(const char *p, size_t len)
{
	switch (p[0] | 0x20) {
	case 'p':
		return diag_slice_eq_nocase((struct diag_slice){ p, len },
					    "privatelink");
	case 'v':
		return diag_slice_eq_nocase((struct diag_slice){ p, len },
					    "vaultcore");
	case 'n':
		return diag_slice_eq_nocase((struct diag_slice){ p, len },
					    "notebooks");
	default:
		return false;
	}
}

/* Empty and long labels, a dot at either end, labels of a private zone. */
static bool odd_labels(const char *p, const char *end)
{
	const char *start = p;

	for (;;) {
		const char *dot = memchr(p, '.', (size_t)(end - p));
		size_t len = (size_t)((dot != NULL ? dot : end) - p);

		if (len == 0 || len > LABEL_MAX)
			return true;
		if (dot == NULL)
			return false;
		if (p > start && is_zone_label(p, len))
			return true;
		p = dot + 1;
	}
}

bool hosts_has_zone_label(const char *name)
{
	const char *dot = strchr(name, '.');

	for (; dot != NULL; dot = strchr(dot + 1, '.'))
		if (is_zone_label(dot + 1, strcspn(dot + 1, ".")))
			return true;
	return false;
}

bool hosts_scan_name(const char *text, size_t end, size_t *at,
		     struct hosts_name *out)
{
	size_t i = *at;
	unsigned seen = 0, k;

	while (i < end && class_of(text[i]) == HOSTS_BLANK)
		i++;
	out->at = i;
	for (; i < end && !((k = class_of(text[i])) & HOSTS_STOP); i++)
		seen |= k;
	out->len = i - out->at;
	*at = i;
	if (out->len == 0)
		return false;
	out->odd = seen != 0 || (i < end && text[i] == '#') ||
		   odd_labels(text + out->at, text + i);
	return true;
}

/* Block lists repeat one address on every line. */
static bool read_address(struct hosts_scan *s, struct diag_slice word)
{
	if (s->last.p != NULL && word.len == s->last.len &&
	    memcmp(word.p, s->last.p, word.len) == 0)
		return true;
	if (!diag_addr_parse_n(word.p, word.len, &s->addr))
		return false;
	s->last = word;
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

bool hosts_scan_line(struct hosts_scan *s, struct hosts_line *line)
{
	const char *at, *lf, *end;
	struct diag_slice word;

	if (s->at >= s->len)
		return false;
	at = s->text + s->at;
	lf = memchr(at, '\n', s->len - s->at);
	end = lf != NULL ? lf : s->text + s->len;
	*line = (struct hosts_line){ .at = s->at, .number = ++s->number };
	line->end = (size_t)(end - s->text);
	s->at = line->end + 1;
	if (!hosts_next_word(&at, end, &word))
		return true;
	line->names = (size_t)(at - s->text);
	if (!read_address(s, word))
		line->odd = odd_start(word, at, end);
	else
		line->entry = s->addr.zone[0] == '\0';
	return true;
}

size_t hosts_count_lines(const char *text, size_t len)
{
	const char *end = text + len;
	size_t n = 1;

	for (const char *p = text;
	     p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		n++;
	return n;
}

#define SAMPLE 512 /* lines */

size_t hosts_guess_names(const char *text, size_t len, size_t n_lines)
{
	struct hosts_scan s = { .text = text, .len = len };
	struct hosts_line line;
	struct hosts_name name;
	size_t n = 0, per_100 = 100;

	while (s.number < SAMPLE && hosts_scan_line(&s, &line))
		while (line.entry &&
		       hosts_scan_name(text, line.end, &line.names, &name))
			n++;
	if (s.number > 0 && n > s.number)
		per_100 = n * 105 / s.number;
	return n_lines * per_100 / 100 + 1;
}
