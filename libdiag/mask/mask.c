/* SPDX-License-Identifier: MIT */
/* mask.c - the mask itself: its key, its pseudonyms, its words. */
#include "mask/mask.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mask/internal.h"

#define ARENA_BYTES ((size_t)256 << 20)
#define TRIES	    64

static const char *const level_keys[] = { "none", "identifiers", "addresses" };
#define N_LEVELS (sizeof(level_keys) / sizeof(level_keys[0]))

static const char *const kind_keys[MASK_N_KINDS] = {
	[MASK_SAS] = "sas",
	[MASK_KEY] = "key",
	[MASK_TOKEN] = "token",
	[MASK_HEADER] = "header",
	[MASK_PASSWORD] = "password",
	[MASK_USERINFO] = "userinfo",
	[MASK_PRIVATE_KEY] = "private-key",
	[MASK_EMAIL] = "email",
	[MASK_USER] = "user",
	[MASK_ENCODED] = "encoded",
	[MASK_RULE] = "rule",
	[MASK_GUID] = "guid",
	[MASK_NAME] = "name",
	[MASK_SSID] = "ssid",
	[MASK_MAC] = "mac",
	[MASK_DIGEST] = "digest",
	[MASK_CERTIFICATE] = "certificate",
	[MASK_OWNER] = "owner",
	[MASK_ADDRESS] = "address",
};

const char *mask_kind_key(enum mask_kind k)
{
	return kind_keys[k];
}

const char *diag_mask_level_key(enum diag_mask_level l)
{
	return level_keys[l];
}

bool diag_mask_level_parse(const char *key, enum diag_mask_level *out)
{
	for (unsigned i = 0; i < N_LEVELS; i++)
		if (strcmp(key, level_keys[i]) == 0) {
			*out = (enum diag_mask_level)i;
			return true;
		}
	return false;
}

enum diag_mask_level diag_mask_level_of(const struct diag_mask *m)
{
	return m->level;
}

static bool new_mac(struct diag_mask *m, struct diag_err *err);

bool diag_mask_new(enum diag_mask_level level,
		   const unsigned char key[DIAG_MASK_KEY],
		   struct diag_mask **out, struct diag_err *err)
{
	struct diag_mask *m = diag_alloc(sizeof(*m));

	if (m == NULL)
		return diag_fail_nomem(err, MASK_OP);
	m->level = level;
	memcpy(m->key, key, DIAG_MASK_KEY);
	diag_arena_init(&m->arena, ARENA_BYTES);
	m->nodes = diag_alloc_array(MASK_NODES, sizeof(*m->nodes));
	m->wide = mask_wide();
	mask_make_wants(m->wants);
	if (m->nodes == NULL || !mask_memo_new(m)) {
		diag_mask_free(m);
		return diag_fail_nomem(err, MASK_OP);
	}
	if (!new_mac(m, err) || !mask_suffixes_load(m, err)) {
		diag_mask_free(m);
		return false;
	}
	*out = m;
	return true;
}

void diag_mask_free(struct diag_mask *m)
{
	if (m == NULL)
		return;
	mask_rules_free(m);
	diag_free(m->pairs.at);
	diag_free(m->taken.at);
	diag_free(m->words.at);
	diag_free(m->suffixes.at);
	diag_free(m->keep.at);
	diag_free(m->hosts.at);
	diag_free(m->quads.at);
	diag_free(m->nodes);
	diag_free(m->met);
	EVP_MAC_CTX_free(m->mac);
	diag_arena_clear(&m->arena);
	OPENSSL_cleanse(m, sizeof(*m));
	diag_free(m);
}

/* --- pseudonyms ----------------------------------------------------------- */

/* Made once: a lookup of the algorithm for each hash is felt. */
static bool new_mac(struct diag_mask *m, struct diag_err *err)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(
					  "digest", digest, 0),
				      OSSL_PARAM_construct_end() };
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = hmac != NULL ? EVP_MAC_CTX_new(hmac) : NULL;

	EVP_MAC_free(hmac);
	m->mac = ctx;
	return (ctx != NULL &&
		EVP_MAC_init(ctx, m->key, DIAG_MASK_KEY, params) == 1) ||
	       diag_fail_nomem(err, MASK_OP);
}

static bool mac(const struct diag_mask *m, const char *what, const void *p,
		size_t len, unsigned char out[MASK_HASH])
{
	size_t got = 0;

	memset(out, 0, MASK_HASH);
	return EVP_MAC_init(m->mac, NULL, 0, NULL) == 1 &&
	       EVP_MAC_update(m->mac, (const unsigned char *)what,
			      strlen(what) + 1) == 1 &&
	       EVP_MAC_update(m->mac, p, len) == 1 &&
	       EVP_MAC_final(m->mac, out, &got, MASK_HASH) == 1;
}

void mask_hash(struct diag_mask *m, const char *what, const void *p, size_t len,
	       unsigned char out[MASK_HASH])
{
	if (!mac(m, what, p, len, out))
		m->failed = DIAG_ENOMEM;
}

void diag_mask_key_id(const struct diag_mask *m, char out[17])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[MASK_HASH];

	(void)mac(m, "key id", "", 0, sum);
	for (size_t i = 0; i < 8; i++) {
		out[2 * i] = digits[sum[i] >> 4];
		out[2 * i + 1] = digits[sum[i] & 15];
	}
	out[16] = '\0';
}

bool mask_pair(struct diag_mask *m, enum mask_kind kind, struct diag_slice from,
	       const char *to)
{
	size_t len = strlen(to);
	struct mask_entry *real, *taken;

	if (mask_table_find(&m->taken, to, len) != NULL)
		return false;
	if (m->pairs.n >= DIAG_MASK_PAIRS) {
		m->failed = DIAG_ELIMIT;
		return true;
	}
	taken = mask_table_put(&m->taken, &m->arena, to, len);
	real = taken != NULL
		   ? mask_table_put(&m->pairs, &m->arena, from.p, from.len)
		   : NULL;
	if (real == NULL) {
		m->failed = DIAG_ENOMEM;
		return true;
	}
	taken->value = real->key;
	real->value = taken->key;
	real->kind = (int)kind;
	return true;
}

/* A letter, then letters and digits: a name of every kind that Azure has. */
static void spell(const unsigned char sum[MASK_HASH], char *out, size_t chars)
{
	static const char signs[] = "0123456789bcdfghjklmnpqrstvwxyza";

	out[0] = 'n';
	for (size_t i = 1; i < chars; i++)
		out[i] = signs[sum[i % MASK_HASH] & 31];
	out[chars] = '\0';
}

const char *mask_pseudonym_of(struct diag_mask *m, enum mask_kind kind,
			      struct diag_slice text, size_t chars)
{
	const struct mask_entry *e =
	    mask_table_find(&m->pairs, text.p, text.len);
	unsigned char sum[MASK_HASH];
	char what[8] = "name";
	char to[64];

	if (e != NULL)
		return e->value;
	if (chars < 2)
		chars = 2;
	if (chars >= sizeof(to))
		chars = sizeof(to) - 1;
	for (unsigned i = 0; i < TRIES; i++) {
		what[4] = (char)(i == 0 ? '\0' : '0' + i);
		mask_hash(m, what, text.p, text.len, sum);
		spell(sum, to, chars);
		if (mask_table_find(&m->words, to, chars) == NULL &&
		    mask_pair(m, kind, text, to))
			break;
	}
	e = mask_table_find(&m->pairs, text.p, text.len);
	if (e != NULL)
		return e->value;
	if (m->failed == DIAG_OK)
		m->failed = DIAG_ELIMIT;
	return "";
}

const char *mask_pseudonym(struct diag_mask *m, enum mask_kind kind,
			   const char *text, size_t len)
{
	struct diag_slice s = { text, len };

	return mask_pseudonym_of(m, kind, s, MASK_PSEUDONYM);
}

bool mask_is_kept(const struct diag_mask *m, const char *text, size_t len)
{
	return mask_table_find(&m->keep, text, len) != NULL;
}

/* --- texts ---------------------------------------------------------------- */

struct mask_counts *mask_counts_of(struct diag_mask *m, const char *where)
{
	struct mask_counts *c;

	for (size_t i = 0; i < m->n_items; i++)
		if (strcmp(m->items[i].where, where) == 0)
			return &m->items[i];
	c = diag_arena_push(&m->arena, &m->items, &m->n_items, sizeof(*c));
	if (c != NULL)
		c->where = diag_arena_strdup(&m->arena, where);
	if (c == NULL || c->where == NULL) {
		m->failed = DIAG_ENOMEM;
		return NULL;
	}
	return c;
}

bool mask_told(struct diag_mask *m, const struct diag_buf *out,
	       struct diag_err *err)
{
	if (m->failed == DIAG_ENOMEM)
		return diag_fail_nomem(err, MASK_OP);
	if (m->failed == DIAG_ELIMIT) {
		m->failed = DIAG_OK;
		return diag_fail(err, DIAG_ELIMIT, MASK_OP,
				 "more than %d names to hide", DIAG_MASK_PAIRS);
	}
	return diag_buf_ok(out, err, MASK_OP);
}

bool diag_mask_line(struct diag_mask *m, struct diag_slice line,
		    struct diag_buf *out, struct diag_err *err)
{
	(void)mask_one(m, NULL, m->level, line, out);
	return mask_told(m, out, err);
}
