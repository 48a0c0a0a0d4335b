/* SPDX-License-Identifier: MIT */
/* words.c - names that are known, wherever they stand.
 *
 * A name begins where something that is no letter or digit stands before it
 * and ends likewise; one that is long and has a digit ("ws1103") is unlikely to
 * be an ordinary word, and is found as the beginning of longer ones, too
 * ("ws1103-nic", "ws1103logs").
 */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define OPEN_FROM   6 /* bytes of a name that may go on */
#define NUMBER_MOST 5 /* digits of a number that may be a port */

static const char *const too_common[] = {
	"localhost", "dev",	    "link",	 "via",	    "src",
	"scope",     "localdomain", "default",	 "local",   "system",
	"client",    "jumpbox",	    "compute",	 "aks",	    "public",
	"host",	     "name",	    "test",	 "root",    "admin",
	"user",	     "none",	    "other",	 "subnet",  "vnet",
	"dns",	     "http",	    "https",	 "tcp",	    "udp",
	"tls",	     "azure",	    "cloud",	 "eth0",    "workspace",
	"proxy",     "gateway",	    "router",	 "server",  "nameserver",
	"search",    "options",	    "domain",	 "vpn",	    "wifi",
	"docker",    "network",	    "office",	 "private", "resolver",
	"internal",  "intranet",    "firewall",	 "wired",   "wireless",
	"interface", "company",	    "corporate", "windows", "linux",
	"debian",    "ubuntu",	    "home",	 "corp",    "example",
};

/* A machine may be called "10"; its name is then in every address, and tells
 * nobody anything. */
static bool is_small_number(const char *word, size_t len)
{
	return len <= NUMBER_MOST && strspn(word, "0123456789") >= len;
}

static bool is_common(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(too_common) / sizeof(*too_common); i++)
		if (strlen(too_common[i]) == len &&
		    memcmp(too_common[i], word, len) == 0)
			return true;
	return len < 2 || is_small_number(word, len);
}

/* Three bytes of a lower-case text as a place in the bits. */
static unsigned first_of(const char *p, size_t len)
{
	unsigned a = (unsigned char)p[0], b = len > 1 ? (unsigned char)p[1] : 0;
	unsigned c = len > 2 ? (unsigned char)p[2] : 0;

	return (a * 2654435U ^ b * 40503U ^ c * 9973U) & 0xffff;
}

static void note_first(struct diag_mask *m, const char *word, size_t len)
{
	unsigned bit;

	/* A word of two bytes may be followed by anything. */
	for (unsigned c = 0; c < 256; c++) {
		char head[3] = { word[0], word[1],
				 len > 2 ? word[2] : (char)c };

		bit = first_of(head, 3);
		m->first[bit / 8] |= (unsigned char)(1U << bit % 8);
		if (len > 2)
			return;
	}
}

void mask_learn_word(struct diag_mask *m, const char *text, size_t len)
{
	char word[MASK_WORD_MAX];
	struct mask_entry *e;

	if (!mask_lower(text, len, word, sizeof(word)) ||
	    is_common(word, len) || mask_is_kept(m, word, len) ||
	    !mask_is_word(word[0]))
		return;
	e = mask_table_put(&m->words, &m->arena, word, len);
	if (e == NULL) {
		m->failed = DIAG_ENOMEM;
		return;
	}
	e->kind = len >= OPEN_FROM && strpbrk(word, "0123456789") != NULL;
	if (m->word_min == 0 || len < m->word_min)
		m->word_min = len;
	if (len > m->word_max)
		m->word_max = len;
	note_first(m, word, len);
}

/* The longest known name that text begins with; 0: none. */
static size_t word_here(const struct diag_mask *m, const char *text, size_t len)
{
	char word[MASK_WORD_MAX];
	size_t most = len < m->word_max ? len : m->word_max;

	if (!mask_lower(text, most, word, sizeof(word)))
		return 0;
	for (size_t n = most; n >= m->word_min && n > 0; n--) {
		bool ends = n == len || !mask_is_word(text[n]);
		const struct mask_entry *e =
		    mask_table_find(&m->words, word, n);

		if (e != NULL && (ends || e->kind))
			return n;
	}
	return 0;
}

static bool may_begin(const struct diag_mask *m, const char *text, size_t len)
{
	char head[3];
	unsigned bit;

	if (len < 2)
		return false;
	head[0] = mask_small(text[0]);
	head[1] = mask_small(text[1]);
	head[2] = len > 2 ? mask_small(text[2]) : '\0';
	bit = first_of(head, 3);
	return (m->first[bit / 8] >> bit % 8 & 1) != 0;
}

/* Put what begins at at, if anything; gives where it ends. */
static size_t put_piece(struct mask_scan *s, size_t at, size_t to)
{
	const char *text = s->text + at;
	char word[MASK_WORD_MAX];
	char guid[MASK_GUID_LEN + 1];
	size_t n;

	n = mask_mac_name(s, at, to);
	if (n > 0)
		return at + n;
	if (to - at >= MASK_GUID_LEN && mask_guid_at(text, to - at)) {
		mask_guid(s->m, text, guid);
		if (memcmp(guid, text, MASK_GUID_LEN) != 0)
			mask_put(s, at, at + MASK_GUID_LEN, MASK_GUID, guid);
		return at + MASK_GUID_LEN;
	}
	if (!may_begin(s->m, text, to - at))
		return at;
	n = word_here(s->m, text, to - at);
	if (n == 0 || !mask_lower(text, n, word, sizeof(word)))
		return at;
	mask_put(s, at, at + n, MASK_NAME,
		 mask_pseudonym(s->m, MASK_NAME, word, n));
	return at + n;
}

void mask_put_word(struct mask_scan *s, size_t from, size_t to)
{
	if (to - from == MASK_MAC_NAME ||
	    may_begin(s->m, s->text + from, to - from))
		mask_put_pieces(s, from, to);
}

void mask_put_pieces(struct mask_scan *s, size_t from, size_t to)
{
	if (s->level < DIAG_MASK_IDENTIFIERS)
		return;
	for (size_t at = from; at < to;) {
		size_t end;

		if (!mask_is_word(s->text[at])) {
			at++;
			continue;
		}
		end = put_piece(s, at, to);
		if (end > at) {
			at = end;
			continue;
		}
		while (at < to && mask_is_word(s->text[at]))
			at++;
	}
}

bool mask_pieces(struct mask_scan *s, struct mask_run *r)
{
	mask_put_pieces(s, r->at, r->end);
	return true;
}

#define LOOK_BYTES ((size_t)8 << 20)

/* Where a masker would have found it: not in the middle of another word. */
static bool stands_in(const char *text, size_t len, const char *word)
{
	const char *at = text;

	for (;;) {
		at = diag_text_find_nocase(at, len - (size_t)(at - text), word);
		if (at == NULL)
			return false;
		if (at == text || !mask_is_word(at[-1]))
			return true;
		at++;
	}
}

const char *diag_mask_leak(const struct diag_mask *m, const void *text,
			   size_t len)
{
	if (m->level < DIAG_MASK_IDENTIFIERS)
		return NULL;
	if (len > LOOK_BYTES)
		len = LOOK_BYTES;
	for (size_t i = 0; i < m->words.cap; i++) {
		const struct mask_entry *e = &m->words.at[i];

		if (e->key != NULL && e->kind != 0 &&
		    stands_in(text, len, e->key))
			return e->key;
	}
	return NULL;
}
