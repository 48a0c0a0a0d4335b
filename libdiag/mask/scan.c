/* SPDX-License-Identifier: MIT */
/* scan.c - the walk through a text: what is a run, and which maskers see it. */
#include "mask/internal.h"

#define LONG_FROM 20

enum {
	C_DIGIT = MASK_HAS_DIGIT,
	C_UPPER = MASK_HAS_UPPER,
	C_LOWER = MASK_HAS_LOWER,
	C_DOT = MASK_HAS_DOT,
	C_DASH = MASK_HAS_DASH,
	C_UNDER = MASK_HAS_UNDER,
	C_RUN = MASK_RUN,
	C_SIGN = MASK_SIGN,
};

#define LETTER(a) [a] = C_LOWER, [(a) - 'a' + 'A'] = C_UPPER

const unsigned char mask_classes[256] = {
	['0'] = C_DIGIT, ['1'] = C_DIGIT, ['2'] = C_DIGIT, ['3'] = C_DIGIT,
	['4'] = C_DIGIT, ['5'] = C_DIGIT, ['6'] = C_DIGIT, ['7'] = C_DIGIT,
	['8'] = C_DIGIT, ['9'] = C_DIGIT, LETTER('a'),	   LETTER('b'),
	LETTER('c'),	 LETTER('d'),	  LETTER('e'),	   LETTER('f'),
	LETTER('g'),	 LETTER('h'),	  LETTER('i'),	   LETTER('j'),
	LETTER('k'),	 LETTER('l'),	  LETTER('m'),	   LETTER('n'),
	LETTER('o'),	 LETTER('p'),	  LETTER('q'),	   LETTER('r'),
	LETTER('s'),	 LETTER('t'),	  LETTER('u'),	   LETTER('v'),
	LETTER('w'),	 LETTER('x'),	  LETTER('y'),	   LETTER('z'),
	['.'] = C_DOT,	 ['-'] = C_DASH,  ['_'] = C_UNDER, [':'] = C_SIGN,
	['%'] = C_SIGN,	 ['\\'] = C_SIGN, ['?'] = C_SIGN,  ['&'] = C_SIGN,
	['$'] = C_SIGN,	 ['|'] = C_SIGN,
};

bool mask_lower(const char *text, size_t len, char *out, size_t size)
{
	if (len >= size)
		return false;
	for (size_t i = 0; i < len; i++)
		out[i] = mask_small(text[i]);
	out[len] = '\0';
	return true;
}

/* --- the table ------------------------------------------------------------ */

/* Which runs a masker wants to see: any of these bits.  In this order: what
 * is undone first, then secrets, then identifiers, then addresses, then the
 * names in what is left. */
static const struct masker {
	mask_find *find;
	unsigned any;
	enum diag_mask_level from;
} maskers[] = {
	{ mask_pem, MASK_HAS_DASH, DIAG_MASK_NONE },
	{ mask_percent, MASK_AT_ESCAPE, DIAG_MASK_NONE },
	{ mask_escape, MASK_AT_ESCAPE, DIAG_MASK_NONE },
	{ mask_entity, MASK_AT_ESCAPE, DIAG_MASK_NONE },
	{ mask_string, MASK_AT_ESCAPE, DIAG_MASK_NONE },
	{ mask_crypt, MASK_AT_ESCAPE, DIAG_MASK_NONE },
	{ mask_pipe, MASK_AT_ESCAPE, DIAG_MASK_NONE },
	{ mask_option, MASK_HAS_DASH | MASK_BY_SLASH, DIAG_MASK_NONE },
	{ mask_position, MASK_AT_VALUE, DIAG_MASK_NONE },
	{ mask_line, MASK_AT_VALUE, DIAG_MASK_NONE },
	{ mask_block, MASK_AT_VALUE | MASK_AT_COLON, DIAG_MASK_NONE },
	{ mask_members, MASK_AT_VALUE | MASK_AT_COLON, DIAG_MASK_NONE },
	{ mask_url, MASK_AT_COLON, DIAG_MASK_NONE },
	{ mask_setting, MASK_AT_VALUE | MASK_AT_COLON, DIAG_MASK_NONE },
	{ mask_email, MASK_AT_AT, DIAG_MASK_NONE },
	{ mask_base64, MASK_IS_LONG | MASK_AT_BASE64, DIAG_MASK_NONE },
	{ mask_token, MASK_IS_LONG, DIAG_MASK_NONE },
	{ mask_user_path, MASK_BY_SLASH, DIAG_MASK_NONE },
	{ mask_arm_id, MASK_BY_SLASH, DIAG_MASK_IDENTIFIERS },
	{ mask_dn, MASK_AT_VALUE, DIAG_MASK_IDENTIFIERS },
	{ mask_hex, MASK_AT_COLON | MASK_HAS_DASH | MASK_IS_LONG,
	  DIAG_MASK_IDENTIFIERS },
	{ mask_eui64, MASK_AT_COLON, DIAG_MASK_IDENTIFIERS },
	{ mask_reverse, MASK_HAS_DOT, DIAG_MASK_ADDRESSES },
	{ mask_ipv6, MASK_AT_COLON, DIAG_MASK_ADDRESSES },
	{ mask_ipv4, MASK_HAS_DOT, DIAG_MASK_ADDRESSES },
	{ mask_host, MASK_HAS_DOT, DIAG_MASK_IDENTIFIERS },
	{ mask_dashed, MASK_HAS_DASH, DIAG_MASK_ADDRESSES },
	{ mask_pieces, MASK_IS_ANY, DIAG_MASK_IDENTIFIERS },
};
#define N_MASKERS (sizeof(maskers) / sizeof(maskers[0]))

/* Which of them decide by the run alone, but for what memo.c says. */
static mask_find *const alone[] = {
	mask_option, mask_position, mask_line,	 mask_block,   mask_members,
	mask_pem,    mask_setting,  mask_base64, mask_token,   mask_user_path,
	mask_arm_id, mask_dn,	    mask_hex,	 mask_reverse, mask_ipv4,
	mask_host,   mask_dashed,   mask_pieces,
};

static bool is_alone(mask_find *find)
{
	for (size_t i = 0; i < sizeof(alone) / sizeof(*alone); i++)
		if (alone[i] == find)
			return true;
	return false;
}

unsigned mask_wide(void)
{
	unsigned wide = 0;

	for (size_t i = 0; i < N_MASKERS; i++)
		if (!is_alone(maskers[i].find))
			wide |= maskers[i].any;
	return wide;
}

/* --- the walk ------------------------------------------------------------- */

/* What the byte behind a run lets it be. */
static const uint16_t behind[256] = {
	[':'] = MASK_AT_COLON,
	['='] = MASK_AT_VALUE | MASK_AT_BASE64,
	['"'] = MASK_AT_VALUE,
	['\''] = MASK_AT_VALUE,
	[' '] = MASK_AT_VALUE,
	['\t'] = MASK_AT_VALUE,
	['\n'] = MASK_AT_VALUE, /* "name: PASSWORD", "value: …" */
	['\r'] = MASK_AT_VALUE,
	['('] = MASK_AT_VALUE,			/* "…Credential(…" */
	[']'] = MASK_AT_VALUE,			/* "…Credential]::new(…" */
	['<'] = MASK_AT_VALUE,			/* "<key>password</key>" */
	['>'] = MASK_AT_VALUE,			/* "<password>…" */
	['&'] = MASK_AT_ESCAPE | MASK_AT_VALUE, /* "password&quot;:…" */
	['}'] = MASK_AT_ESCAPE,			/* "{SSHA}…" */
	['~'] = MASK_IS_LONG, /* no sign of a run, but of Entra's secrets */
	['@'] = MASK_AT_AT,
	['%'] = MASK_AT_ESCAPE | MASK_AT_AT,
	['\\'] = MASK_AT_ESCAPE | MASK_AT_VALUE,
	['+'] = MASK_AT_BASE64 | MASK_AT_AT,
	['/'] = MASK_AT_BASE64,
};

static unsigned beside(const struct mask_scan *s, const struct mask_run *r)
{
	char before = r->at > 0 ? s->text[r->at - 1] : '\0';
	unsigned has = before == '/' || before == '\\' ? MASK_BY_SLASH : 0;

	if (r->end - r->at >= LONG_FROM)
		has |= MASK_IS_LONG;
	return has | MASK_IS_ANY | behind[(unsigned char)mask_byte(s, r->end)];
}

/* What was taken begins with what an earlier mask has put: go on behind that.
 */
static void go_on(struct mask_scan *s, struct mask_run *r)
{
	size_t to = s->was_put;

	s->was_put = 0;
	if (to > r->at && to >= s->done && to < r->end)
		r->end = to;
}

/* Most runs are words with a blank behind them: only settings, owners and names
 * want to see these. */
static void show_word(struct mask_scan *s, struct mask_run *r)
{
	bool names = (r->has & MASK_AT_VALUE) != 0 &&
		     (r->has & (MASK_HAS_LOWER | MASK_HAS_UPPER)) != 0;

	if (names &&
	    (mask_position(s, r) || mask_line(s, r) || mask_block(s, r) ||
	     mask_members(s, r) || mask_setting(s, r))) {
		go_on(s, r);
		return;
	}
	if (s->level < DIAG_MASK_IDENTIFIERS || (names && mask_dn(s, r)))
		return;
	mask_put_word(s, r->at, r->end);
}

/* For every value of a half of what a run has: who wants to see it, as bits. */
void mask_make_wants(uint32_t wants[2][256])
{
	_Static_assert(N_MASKERS <= 32, "a bit for each");

	for (unsigned half = 0; half < 2; half++)
		for (unsigned has = 0; has < 256; has++) {
			uint32_t bits = 0;

			for (size_t i = 0; i < N_MASKERS; i++)
				if ((maskers[i].any >> half * 8 & has) != 0)
					bits |= UINT32_C(1) << i;
			wants[half][has] = bits;
		}
}

static void show_anew(struct mask_scan *s, struct mask_run *r)
{
	uint32_t bits;

	if ((r->has & ~(unsigned)(MASK_WORD | MASK_IS_ANY | MASK_AT_VALUE)) ==
	    0) {
		show_word(s, r);
		return;
	}
	bits = s->m->wants[0][r->has & 255] | s->m->wants[1][r->has >> 8 & 255];
	for (; bits != 0; bits &= bits - 1) {
		const struct masker *k = &maskers[__builtin_ctz(bits)];

		if (k->from <= s->level && k->find(s, r)) {
			go_on(s, r);
			return;
		}
	}
}

static void show(struct mask_scan *s, struct mask_run *r)
{
	struct mask_seen seen;

	if (mask_memo_show(s, r, &seen))
		return;
	show_anew(s, r);
	if (seen.met != NULL)
		mask_memo_keep(s, r, &seen);
}

/* Past the run at at, or past what a masker took. */
static size_t one_run(struct mask_scan *s, size_t at)
{
	const unsigned char *text = (const unsigned char *)s->text;
	size_t end = at, len = s->len;
	unsigned c = mask_classes[text[at]], all = 0;
	struct mask_run r;

	while ((c & C_RUN) != 0) {
		all |= c;
		if (++end == len)
			break;
		c = mask_classes[text[end]];
	}
	r = (struct mask_run){ .at = at, .end = end };
	r.has = (all & C_RUN) | beside(s, &r);
	show(s, &r);
	return r.end;
}

/* A sign that begins something without a run before it. */
static size_t one_sign(struct mask_scan *s, size_t at)
{
	struct mask_run r = { .at = at, .end = at };
	char c = s->text[at];

	if (c == ':' && mask_byte(s, at + 1) == ':')
		r.has = MASK_AT_COLON;
	else if (c != ':' && c != '?')
		r.has = MASK_AT_ESCAPE;
	else if (c == '?')
		r.has = MASK_AT_COLON; /* a query: mask_url */
	if (r.has != 0)
		show_anew(s, &r);
	return r.end > at ? r.end : at + 1;
}

void mask_walk(struct mask_scan *s, size_t at)
{
	const unsigned char *text = (const unsigned char *)s->text;
	size_t len = s->len;

	while (at < len && s->m->failed == DIAG_OK) {
		unsigned c = 0;

		while (at < len && (c = mask_classes[text[at]]) == 0)
			at++;
		if ((c & C_RUN) != 0)
			at = one_run(s, at);
		else if (c != 0)
			at = one_sign(s, at);
	}
	diag_buf_put(s->out, s->text + s->done, s->len - s->done);
}
