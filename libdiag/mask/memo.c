/* SPDX-License-Identifier: MIT */
/* memo.c - runs that were met before.
 *
 * A log says the same words over and over, and most maskers decide by the run
 * alone.  Such a run is shown to them once; what it became is kept in a small
 * table, one place for each hash, where the next one with that hash drops it.
 *
 * It must make no difference but time.  So a run is kept only when nothing
 * beside it can matter: no sign behind it that a masker goes on from, no name
 * of a setting or of a part of a distinguished name and no word that a secret
 * can follow (what follows is its value), nothing before or behind a long one
 * that base64 or a token goes on with, nothing with a dash behind a colon (the
 * rest of a MAC), no option behind a slash.  Addresses are not kept, because
 * networks are learned while a text is read; and all is forgotten when a name
 * was learned.
 *
 * Maskers that nobody has looked at with this in mind are taken to look beyond
 * the run: see alone in scan.c.
 */
#include <string.h>

#include "base/mem.h"
#include "mask/internal.h"

#define PLACES_LOG2 12
#define KEY_WORDS   6		/* of 8 bytes: runs up to 48 */
#define FEW	    ((size_t)2) /* words that hold most runs */
#define BY_MAX	    64

/* What a masker reads on from. */
#define BEYOND \
	(unsigned)(MASK_AT_COLON | MASK_AT_AT | MASK_AT_ESCAPE | MASK_AT_BASE64)

struct mask_met {
	uint64_t key[KEY_WORDS];
	uint32_t epoch; /* 0: free */
	uint8_t words, len, level, kind;
	uint8_t end, from, to, by_len; /* from where the run begins */
	bool put;
	char by[BY_MAX];
};

/* --- which ---------------------------------------------------------------- */

/* Nothing that a long run or one with dashes would be read together with. */
static bool is_apart(const struct mask_scan *s, const struct mask_run *r)
{
	char before = r->at > 0 ? s->text[r->at - 1] : '\0';

	return before != ':' && before != '+' && before != '/' &&
	       s->text[r->at] != '-' && mask_byte(s, r->end) != '~';
}

static bool is_alone(const struct mask_scan *s, const struct mask_run *r)
{
	size_t len = r->end - r->at;

	/* "IP4.DOMAIN[1]" is no name of a host: mask_host() */
	if ((r->has & MASK_HAS_DOT) != 0 && mask_byte(s, r->end) == '[')
		return false;
	if ((r->has & MASK_BY_SLASH) != 0 && len <= MASK_SLASHED)
		return false; /* an option: mask_option() */
	return (r->has & (BEYOND | s->m->wide)) == 0 &&
	       (r->has & (MASK_HAS_LOWER | MASK_HAS_UPPER)) != 0 &&
	       len <= sizeof(((struct mask_met *)0)->key) && s->depth == 0 &&
	       ((r->has & (MASK_IS_LONG | MASK_HAS_DASH)) == 0 ||
		is_apart(s, r));
}

/* Eight bytes; compilers make one load of it. */
static uint64_t word_at(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	       (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	       (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
	       (uint64_t)p[7] << 56;
}

/* The run in words, zeros behind it.  How many: all that there are or, for
 * most, two.  0: too near to the end of the text. */
static size_t spell(const struct mask_scan *s, const struct mask_run *r,
		    uint64_t key[KEY_WORDS])
{
	static const uint64_t masks[] = {
		0,
		UINT64_C(0xff),
		UINT64_C(0xffff),
		UINT64_C(0xffffff),
		UINT64_C(0xffffffff),
		UINT64_C(0xffffffffff),
		UINT64_C(0xffffffffffff),
		UINT64_C(0xffffffffffffff),
		UINT64_C(0xffffffffffffffff),
	};
	size_t len = r->end - r->at, n = len <= FEW * 8 ? FEW : KEY_WORDS;
	const char *text = s->text + r->at;

	if (s->len - r->at < n * 8)
		return 0;
	for (size_t i = 0; i < n; i++) {
		size_t here = len < i * 8 ? 0 : len - i * 8;

		key[i] = word_at(text + i * 8) & masks[here < 8 ? here : 8];
	}
	return n;
}

static struct mask_met *place_of(const struct diag_mask *m,
				 const uint64_t key[KEY_WORDS], size_t n)
{
	static const uint64_t by = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = (key[0] * by) ^ (key[1] + by) * by;

	for (size_t i = FEW; i < n; i++)
		h = (h ^ h >> 29 ^ key[i]) * by;
	return &m->met[h >> (64 - PLACES_LOG2)];
}

static bool is_it(const struct mask_met *met, const struct mask_scan *s,
		  const uint64_t key[KEY_WORDS], size_t n)
{
	uint64_t other = (met->key[0] ^ key[0]) | (met->key[1] ^ key[1]) |
			 (met->epoch ^ s->m->epoch) |
			 (uint64_t)(met->level ^ s->level);

	if (other != 0 || met->words != n)
		return false;
	for (size_t i = FEW; i < n; i++)
		other |= met->key[i] ^ key[i];
	return other == 0;
}

/* --- what it became ------------------------------------------------------- */

bool mask_memo_new(struct diag_mask *m)
{
	m->met = diag_alloc_array((size_t)1 << PLACES_LOG2, sizeof(*m->met));
	m->epoch = 1;
	return m->met != NULL;
}

void mask_memo_renew(struct diag_mask *m)
{
	size_t known = m->words.n + m->keep.n;

	if (known != m->known)
		m->epoch++;
	m->known = known;
}

static void put_again(struct mask_scan *s, struct mask_run *r,
		      const struct mask_met *met)
{
	if (met->put)
		mask_putn(s, r->at + met->from, r->at + met->to,
			  (enum mask_kind)met->kind,
			  (struct diag_slice){ met->by, met->by_len });
	r->end = r->at + met->end;
}

bool mask_memo_show(struct mask_scan *s, struct mask_run *r,
		    struct mask_seen *seen)
{
	uint64_t key[KEY_WORDS];
	size_t n = is_alone(s, r) ? spell(s, r, key) : 0;
	struct mask_met *met;

	seen->met = NULL;
	if (n == 0)
		return false;
	met = place_of(s->m, key, n);
	if (is_it(met, s, key, n)) {
		put_again(s, r, met);
		return true;
	}
	memcpy(met->key, key, n * sizeof(*key));
	met->epoch = 0;
	met->words = (uint8_t)n;
	met->len = (uint8_t)(r->end - r->at);
	*seen = (struct mask_seen){ .met = met,
				    .at = r->at,
				    .done = s->done,
				    .out = s->out->len,
				    .replaced = s->replaced };
	return false;
}

/* What was put, when it was one thing and no address. */
static bool note_put(const struct mask_scan *s, const struct mask_seen *seen,
		     struct mask_met *met)
{
	size_t before = seen->out + (s->put_from - seen->done);
	size_t by_len = s->out->len - before;

	if (s->replaced != seen->replaced + 1 || s->out->code != DIAG_OK ||
	    s->put_kind == MASK_ADDRESS || s->done - seen->at > met->len ||
	    by_len > BY_MAX)
		return false;
	met->put = true;
	met->kind = (uint8_t)s->put_kind;
	met->from = (uint8_t)(s->put_from - seen->at);
	met->to = (uint8_t)(s->done - seen->at);
	met->by_len = (uint8_t)by_len;
	memcpy(met->by, s->out->data + before, by_len);
	return true;
}

void mask_memo_keep(struct mask_scan *s, const struct mask_run *r,
		    const struct mask_seen *seen)
{
	struct mask_met *met = seen->met;
	const char *text = s->text + seen->at;
	enum mask_kind kind;

	if (met == NULL || s->m->failed != DIAG_OK ||
	    r->end - seen->at > met->len || r->end == seen->at ||
	    mask_key_of(text, met->len, &kind) != MASK_KEY_NONE ||
	    mask_is_line_word(text, met->len) ||
	    mask_is_program(text, met->len) || mask_is_tag(text, met->len) ||
	    mask_is_call(text, met->len) || mask_is_member(text, met->len) ||
	    mask_is_data(text, met->len) || mask_ends_phrase(text, met->len) ||
	    mask_dn_is_kind(text, met->len))
		return;
	met->put = false;
	if (s->replaced != seen->replaced && !note_put(s, seen, met))
		return;
	met->level = (uint8_t)s->level;
	met->end = (uint8_t)(r->end - seen->at);
	met->epoch = s->m->epoch;
}
