/* SPDX-License-Identifier: MIT */
/* line.c - secrets behind a word in a line, with no sign between them, as
 * routers, VPNs and PowerShell have them: "snmp-server community C", "key 7 K",
 * "enable secret 5 S". */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define BEFORE_MAX  ((size_t)256) /* bytes of a line before the word */
#define TELLING	    4		  /* bytes of what is no ordinary word */
#define FILLERS_MAX 4
#define HASH_FROM   6

/* What the value has to be. */
enum like {
	ANY,
	NO_WORD, /* more than small letters: a sentence has these */
	QUOTED,	 /* in quotes */
	CODED,	 /* behind a number that says how it is written */
};

/* The word; what stands in the line before it (NULL: anything); the value. */
static const struct row {
	const char *word, *before;
	enum like like;
	enum mask_kind kind;
} rows[] = {
	{ "aes", "createuser ", ANY, MASK_PASSWORD },
	{ "authentication-key", NULL, NO_WORD, MASK_KEY },
	{ "community", "snmp-server ", ANY, MASK_PASSWORD },
	{ "community", "set snmp ", ANY, MASK_PASSWORD },
	{ "community", "snmp ", NO_WORD, MASK_PASSWORD },
	{ "convertto-securestring", NULL, ANY, MASK_PASSWORD },
	{ "des", "createuser ", ANY, MASK_PASSWORD },
	{ "eap", ": ", QUOTED, MASK_PASSWORD },
	{ "encrypted-password", NULL, ANY, MASK_PASSWORD },
	{ "key", "iwconfig ", ANY, MASK_KEY },
	{ "key", "radius-server ", ANY, MASK_KEY },
	{ "key", "tacacs-server ", ANY, MASK_KEY },
	{ "key", "crypto isakmp ", ANY, MASK_KEY },
	{ "key", NULL, CODED, MASK_KEY },
	{ "key-string", NULL, ANY, MASK_KEY },
	{ "md5", "message-digest-key ", ANY, MASK_KEY },
	{ "md5", "createuser ", ANY, MASK_PASSWORD },
	{ "ntlm", ": ", QUOTED, MASK_PASSWORD },
	{ "passwd", "set ", NO_WORD, MASK_PASSWORD },
	{ "password", "xauth ", ANY, MASK_PASSWORD },
	{ "password", "nmcli ", ANY, MASK_PASSWORD },
	{ "password", "dvc ", ANY, MASK_PASSWORD },
	{ "password", "enable ", NO_WORD, MASK_PASSWORD },
	{ "password", "username ", NO_WORD, MASK_PASSWORD },
	{ "password", "neighbor ", NO_WORD, MASK_PASSWORD },
	{ "password", "set ", NO_WORD, MASK_PASSWORD },
	{ "password", NULL, CODED, MASK_PASSWORD },
	{ "pre-shared-key", "-authentication ", ANY, MASK_PASSWORD },
	{ "pre-shared-key", "ikev1 ", ANY, MASK_PASSWORD },
	{ "pre-shared-key", NULL, NO_WORD, MASK_PASSWORD },
	{ "psksecret", NULL, ANY, MASK_PASSWORD },
	{ "rocommunity", NULL, ANY, MASK_PASSWORD },
	{ "rocommunity6", NULL, ANY, MASK_PASSWORD },
	{ "rwcommunity", NULL, ANY, MASK_PASSWORD },
	{ "rwcommunity6", NULL, ANY, MASK_PASSWORD },
	{ "secret", "ipsec ", ANY, MASK_KEY },
	{ "secret", "enable ", NO_WORD, MASK_KEY },
	{ "secret", "username ", NO_WORD, MASK_KEY },
	{ "secret", NULL, CODED, MASK_KEY },
	{ "sha", "createuser ", ANY, MASK_PASSWORD },
	{ "trapcommunity", NULL, ANY, MASK_PASSWORD },
	{ "wifi-sec.psk", "nmcli ", ANY, MASK_PASSWORD },
	{ "xauth", ": ", QUOTED, MASK_PASSWORD },
};
#define N_ROWS (sizeof(rows) / sizeof(*rows))

/* What may stand between the word and the value. */
static const char *const fillers[] = {
	"enc", "hexadecimal", "ascii-text", "-string", "-asplaintext", "-force",
};

static size_t word_end(const struct mask_scan *s, size_t at)
{
	while (!mask_is_end(mask_byte(s, at)) && !mask_is_blank(s->text[at]))
		at++;
	return at;
}

static bool is_one_digit(const struct mask_scan *s, size_t at, size_t end)
{
	return end == at + 1 && s->text[at] >= '0' && s->text[at] <= '9';
}

static bool is_filler(const struct mask_scan *s, size_t at, size_t end)
{
	for (size_t i = 0; i < sizeof(fillers) / sizeof(*fillers); i++)
		if (mask_is(s->text + at, end - at, fillers[i]))
			return true;
	return false;
}

/* Past "7", "ENC", "-String", …; *coded: there was a number. */
static size_t past_fillers(const struct mask_scan *s, size_t at, bool *coded)
{
	*coded = false;
	for (unsigned i = 0; i < FILLERS_MAX; i++) {
		size_t end = word_end(s, at);
		bool digit = is_one_digit(s, at, end);

		if (end == at || !mask_is_blank(mask_byte(s, end)) ||
		    (!digit && !is_filler(s, at, end)))
			return at;
		*coded |= digit;
		at = mask_blanks(s, end);
	}
	return at;
}

static bool stands_before(const struct mask_scan *s, size_t at,
			  const char *text)
{
	size_t from = at;

	while (from > 0 && at - from < BEFORE_MAX &&
	       !mask_is_end(s->text[from - 1]))
		from--;
	if (text[0] == '\0') /* the line's first word */
		return mask_blanks(s, from) == at;
	return diag_text_find_nocase(s->text + from, at - from, text) != NULL;
}

static bool has_digit(const struct mask_scan *s, const struct mask_value *v)
{
	for (size_t i = v->from; i < v->to; i++)
		if (s->text[i] >= '0' && s->text[i] <= '9')
			return true;
	return false;
}

static bool is_like(const struct mask_scan *s, const struct mask_value *v,
		    enum like like, bool coded)
{
	char c = mask_byte(s, v->from);

	if (v->to == v->from || mask_says_nothing(s, v) ||
	    (!v->quoted && (c == '-' || c == '(' || c == '$') && !coded))
		return false;
	if (like == CODED)
		return coded && v->to - v->from >= HASH_FROM && has_digit(s, v);
	if (like == QUOTED)
		return v->quoted;
	return like == ANY || v->quoted || coded ||
	       mask_is_telling(s, v, TELLING);
}

static bool is_word(const struct row *row, const char *word, size_t len)
{
	return mask_is(word, len, row->word);
}

/* Nearly all words are told apart by their first letter. */
static bool may_be_word(const char *word, size_t len)
{
	static const uint32_t firsts =
	    MASK_LETTER('n') | MASK_LETTER('w') | MASK_LETTER('x') |
	    MASK_LETTER('a') | MASK_LETTER('c') | MASK_LETTER('d') |
	    MASK_LETTER('e') | MASK_LETTER('k') | MASK_LETTER('m') |
	    MASK_LETTER('p') | MASK_LETTER('r') | MASK_LETTER('s') |
	    MASK_LETTER('t');

	return len >= 3 && mask_begins_in(firsts, *word);
}

bool mask_is_line_word(const char *word, size_t len)
{
	for (size_t i = 0; i < N_ROWS && may_be_word(word, len); i++)
		if (is_word(&rows[i], word, len))
			return true;
	return false;
}

bool mask_line(struct mask_scan *s, struct mask_run *r)
{
	const char *word = s->text + r->at;
	size_t len = r->end - r->at;
	struct mask_value v = { .sign = '-' };
	bool coded;

	if (!may_be_word(word, len) || !mask_is_blank(mask_byte(s, r->end)) ||
	    !mask_is_line_word(word, len))
		return false;
	v.from = past_fillers(s, mask_blanks(s, r->end), &coded);
	mask_value_at(s, &v, false);
	for (size_t i = 0; i < N_ROWS; i++)
		if (is_word(&rows[i], word, len) &&
		    is_like(s, &v, rows[i].like, coded) &&
		    (rows[i].before == NULL ||
		     stands_before(s, r->at, rows[i].before))) {
			mask_put_secret(s, v.from, v.to, rows[i].kind);
			r->end = v.to;
			return true;
		}
	return false;
}
