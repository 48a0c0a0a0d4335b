/* SPDX-License-Identifier: MIT */
/* token.c - secrets that are known by their looks: by how they begin, or
 * because nothing but chance makes such a text. */
#include <string.h>

#include "mask/internal.h"

#define CHANCE_FROM 32 /* bytes */
#define CHANCE_EACH 3  /* digits, capitals and small letters */
#define CHANCE_TURN 8  /* changes between these */
#define BASE32_FROM 40
#define BASE32_TURN 10
#define ENTRA_FROM  30 /* bytes behind the tilde */
#define LINE_FROM   40 /* bytes of a token that goes on in the next line */
#define LINES_MAX   64
#define MIXED_FROM  8

/* How they begin, and how many bytes they have at least. */
static const struct beginning {
	const char *head;
	size_t least;
} beginnings[] = {
	{ "AKIA", 20 },	    { "ASIA", 20 },	   { "ghp_", 36 },
	{ "gho_", 36 },	    { "ghu_", 36 },	   { "ghs_", 36 },
	{ "ghr_", 36 },	    { "github_pat_", 40 }, { "glpat-", 20 },
	{ "xoxb-", 20 },    { "xoxp-", 20 },	   { "xoxa-", 20 },
	{ "xoxr-", 20 },    { "xoxs-", 20 },	   { "xapp-", 20 },
	{ "npm_", 36 },	    { "pypi-", 40 },	   { "AIza", 35 },
	{ "ya29.", 30 },    { "sk_live_", 24 },	   { "sk_test_", 24 },
	{ "rk_live_", 24 }, { "shpat_", 36 },	   { "GOCSPX-", 32 },
	{ "sk-", 32 },	    { "hf_", 30 },	   { "dckr_pat_", 24 },
	{ "dop_v1_", 40 },  { "tskey-", 20 },	   { "SG.", 40 },
	{ "hvs.", 24 },	    { "dapi", 32 },	   { "AGE-SECRET-KEY-", 40 },
	{ "eyJ", 20 },	    { "glrt-", 20 },	   { "gldt-", 20 },
	{ "glcbt-", 20 },   { "xoxe.", 20 },	   { "xoxe-", 20 },
	{ "xoxc-", 20 },    { "xoxd-", 20 },	   { "whsec_", 24 },
	{ "rk_test_", 24 }, { "pk_live_", 24 },	   { "lin_api_", 32 },
	{ "ntn_", 32 },	    { "gsk_", 32 },	   { "r8_", 32 },
	{ "pat_", 32 },	    { "ATATT3", 32 },	   { "ATCTT3", 32 },
	{ "PMAK-", 32 },    { "NRAK-", 24 },	   { "dsapi", 32 },
};

static bool begins(const char *p, size_t len)
{
	static const char firsts[] = "AGPNadeghlnprstwxyS";

	if (memchr(firsts, p[0], sizeof(firsts) - 1) == NULL)
		return false;
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
		const struct beginning *b = &beginnings[i];

		if (p[0] == b->head[0] && p[1] == b->head[1] &&
		    len >= b->least && memcmp(p, b->head, strlen(b->head)) == 0)
			return true;
	}
	return false;
}

static int class_of(char c)
{
	if (c >= '0' && c <= '9')
		return 0;
	if (c >= 'A' && c <= 'Z')
		return 1;
	return c >= 'a' && c <= 'z' ? 2 : 3;
}

static bool is_all_hex(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (class_of(p[i]) != 0 &&
		    !(mask_small(p[i]) >= 'a' && mask_small(p[i]) <= 'f'))
			return false;
	return true;
}

/* Letters of one size between digits, and nothing else: what encodes in base 32
 * (tokens of Azure DevOps). A digest has less letters, a name has dashes. */
static bool is_base32(const char *p, size_t len, const size_t n[4],
		      size_t turns)
{
	return len >= BASE32_FROM && n[3] == 0 && n[0] >= CHANCE_EACH &&
	       turns >= BASE32_TURN && !is_all_hex(p, len);
}

/* Nothing but chance mixes digits, capitals and small letters so often.  Signs
 * between words are none of it, nor is a GUID in a name. */
static bool is_chance(const char *p, size_t len)
{
	size_t n[4] = { 0 }, turns = 0;
	int last = 3;

	if (len < CHANCE_FROM)
		return false;
	for (size_t i = 0; i < len; i++) {
		int here = class_of(p[i]);

		if (last == 3 && mask_guid_at(p + i, len - i)) {
			i += MASK_GUID_LEN - 1;
			continue;
		}
		n[here]++;
		turns += here != last && here != 3 && last != 3;
		last = here;
	}
	return is_base32(p, len, n, turns) ||
	       (n[0] >= CHANCE_EACH && n[1] >= CHANCE_EACH &&
		n[2] >= CHANCE_EACH && turns >= CHANCE_TURN);
}

static bool is_token(char c)
{
	return mask_is_run(c) || c == '~';
}

static unsigned dots(const struct mask_scan *s, size_t from, size_t to)
{
	unsigned n = 0;

	for (; from < to; from++)
		n += s->text[from] == '.';
	return n;
}

/* Digits, capitals and small letters. */
bool mask_is_mixed(const char *p, size_t len)
{
	bool has[4] = { false };

	for (size_t i = 0; i < len; i++)
		has[class_of(p[i])] = true;
	return len >= MIXED_FROM && has[0] && has[1] && has[2];
}

/* The part of a run that begins behind a sign, too: "key_AKIA…" */
static size_t token_in(const struct mask_scan *s, const struct mask_run *r)
{
	for (size_t at = r->at; at < r->end; at++)
		if ((at == r->at || !mask_is_word(s->text[at - 1])) &&
		    begins(s->text + at, r->end - at))
			return at;
	return r->end;
}

/* Entra's client secrets: three of anything, "8Q~" with some digit, and more
 * than thirty, signs among them. */
static bool entra(struct mask_scan *s, struct mask_run *r)
{
	size_t from = r->end - 2, to = r->end;

	if (r->end - r->at < 2 || mask_byte(s, to) != '~' ||
	    s->text[to - 1] != 'Q' || class_of(s->text[from]) != 0)
		return false;
	while (is_token(mask_byte(s, to)))
		to++;
	if (to - r->end <= ENTRA_FROM)
		return false;
	for (size_t i = 0; i < 3 && from > s->done; i++)
		if (is_token(s->text[from - 1]))
			from--;
	mask_put_secret(s, from, to, MASK_TOKEN);
	r->end = to;
	return true;
}

/* A token that goes on in the next lines: it fills its line, and the next one
 * holds nothing but signs of tokens, either because the three parts of a JWT
 * (RFC 7519) are not complete, or because it looks like chance. */
static size_t over_lines(const struct mask_scan *s, size_t from, size_t to)
{
	for (unsigned i = 0; i < LINES_MAX; i++) {
		size_t next = mask_spaces(s, to), end = next;

		if (!mask_is_end(mask_byte(s, to)) || to - from < LINE_FROM)
			break;
		while (is_token(mask_byte(s, end)))
			end++;
		if (end == next || !mask_is_end(mask_byte(s, end)) ||
		    (dots(s, from, to) >= 2 &&
		     !mask_is_mixed(s->text + next, end - next)))
			break;
		to = end;
	}
	return to;
}

bool mask_token(struct mask_scan *s, struct mask_run *r)
{
	size_t from = token_in(s, r), to = r->end;

	if (entra(s, r))
		return true;
	while (is_token(mask_byte(s, to)))
		to++;
	if (from < r->end) {
		if (s->text[from] == 'e')
			to = over_lines(s, from, to);
		mask_put_pieces(s, r->at, from);
		mask_put_secret(s, from, to, MASK_TOKEN);
		r->end = to;
		return true;
	}
	if (mask_guid_at(s->text + r->at, r->end - r->at) ||
	    memchr(s->text + r->at, '.', r->end - r->at) != NULL ||
	    !is_chance(s->text + r->at, to - r->at))
		return false;
	mask_put_secret(s, r->at, to, MASK_TOKEN);
	r->end = to;
	return true;
}
