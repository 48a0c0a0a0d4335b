/* SPDX-License-Identifier: MIT */
/* update_key.c - BIND's key files, as tsig-keygen(8) writes them.
 *
 *	key "NAME" {
 *		algorithm hmac-sha256;
 *		secret "BASE64";
 *	};
 *
 * Words may stand in quotes or not; comments are those of named.conf(5).  No
 * message shows a word of the text, because any of them may be the secret.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/cursor.h"
#include "fix/update_tsig.h"

#define OP	   "key file"
#define BASE64_MAX ((size_t)344) /* of DIAG_TSIG_SECRET_MAX bytes */
#define N_ALGS	   (DIAG_HMAC_SHA512 + 1)

struct reader {
	const char *file;
	const char *at, *end;
	unsigned line, column; /* of at */
	struct diag_slice word;
	unsigned word_line, word_column;
	struct diag_tsig_key *out;
	bool has_alg, has_secret;
	struct diag_err *err;
};

/* At the word that was read last. */
static bool expected(const struct reader *r, const char *what)
{
	return diag_fail(r->err, DIAG_EPARSE, OP, "%s:%u:%u: expected %s",
			 r->file, r->word_line, r->word_column, what);
}

/* --- words -----------------------------------------------------------------
 */

static void step(struct reader *r, size_t n)
{
	for (; n > 0; n--, r->at++) {
		r->column++;
		if (*r->at == '\n') {
			r->line++;
			r->column = 1;
		}
	}
}

static bool starts(const struct reader *r, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(r->end - r->at) >= len && memcmp(r->at, text, len) == 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_line(struct reader *r)
{
	while (r->at < r->end && *r->at != '\n')
		step(r, 1);
}

/* Behind the next "*" "/", or to the end. */
static void skip_long_comment(struct reader *r)
{
	step(r, 2);
	while (r->at < r->end && !starts(r, "*/"))
		step(r, 1);
	if (r->at < r->end)
		step(r, 2);
}

static void skip_blanks(struct reader *r)
{
	while (r->at < r->end) {
		if (is_blank(*r->at))
			step(r, 1);
		else if (*r->at == '#' || starts(r, "//"))
			skip_line(r);
		else if (starts(r, "/*"))
			skip_long_comment(r);
		else
			return;
	}
}

static bool ends_word(char c)
{
	return is_blank(c) || c == '{' || c == '}' || c == ';' || c == '"';
}

static bool quoted(struct reader *r)
{
	const char *begin;

	step(r, 1);
	begin = r->at;
	while (r->at < r->end && *r->at != '"' && *r->at != '\n')
		step(r, 1);
	r->word = (struct diag_slice){ begin, (size_t)(r->at - begin) };
	if (r->at == r->end || *r->at != '"')
		return expected(r, "a closing quote on the same line");
	step(r, 1);
	return true;
}

/* The next word; an empty one is the end of the file. */
static bool next(struct reader *r)
{
	const char *begin;

	skip_blanks(r);
	r->word_line = r->line;
	r->word_column = r->column;
	if (r->at < r->end && *r->at == '"')
		return quoted(r);
	begin = r->at;
	if (r->at < r->end && ends_word(*r->at))
		step(r, 1);
	else
		while (r->at < r->end && !ends_word(*r->at))
			step(r, 1);
	r->word = (struct diag_slice){ begin, (size_t)(r->at - begin) };
	return true;
}

static bool want(struct reader *r, const char *text, const char *what)
{
	return next(r) &&
	       (diag_slice_eq_nocase(r->word, text) || expected(r, what));
}

/* --- values ----------------------------------------------------------------
 */

static bool take_alg(struct reader *r)
{
	if (!next(r))
		return false;
	for (int i = 0; i < N_ALGS; i++) {
		if (!diag_slice_eq_nocase(
			r->word, diag_tsig_alg_key((enum diag_tsig_alg)i)))
			continue;
		r->out->alg = (enum diag_tsig_alg)i;
		r->has_alg = true;
		return true;
	}
	return expected(r, "hmac-sha256, hmac-sha384 or hmac-sha512");
}

/* Digits in fours, the last of them filled up with "="; RFC 4648, 4. */
static bool is_base64(struct diag_slice s, size_t *pads)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	*pads = 0;
	while (*pads < 2 && s.len > 0 && s.p[s.len - 1] == '=') {
		s.len--;
		(*pads)++;
	}
	if (s.len == 0 || (s.len + *pads) % 4 != 0)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (memchr(digits, s.p[i], sizeof(digits) - 1) == NULL)
			return false;
	return true;
}

static bool take_secret(struct reader *r)
{
	unsigned char bytes[BASE64_MAX];
	size_t pads = 0;
	int n;

	if (!next(r))
		return false;
	if (!is_base64(r->word, &pads))
		return expected(r, "a secret in base64");
	if (r->word.len > BASE64_MAX)
		return expected(r, "a secret of at most 256 bytes");
	n = EVP_DecodeBlock(bytes, (const unsigned char *)r->word.p,
			    (int)r->word.len);
	if (n > 0 && (size_t)n - pads <= DIAG_TSIG_SECRET_MAX) {
		r->out->secret_len = (size_t)n - pads;
		memcpy(r->out->secret, bytes, r->out->secret_len);
		r->has_secret = true;
	}
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return r->has_secret || expected(r, "a secret of at most 256 bytes");
}

static bool take_name(struct reader *r)
{
	return next(r) &&
	       (diag_fqdn_normal(r->word.p, r->word.len, r->out->name, NULL) ||
		expected(r, "the name of the key"));
}

/* --- the file --------------------------------------------------------------
 */

static bool take_statement(struct reader *r)
{
	if (!r->has_alg && diag_slice_eq_nocase(r->word, "algorithm"))
		return take_alg(r) && want(r, ";", "\";\"");
	if (!r->has_secret && diag_slice_eq_nocase(r->word, "secret"))
		return take_secret(r) && want(r, ";", "\";\"");
	if (r->has_alg && r->has_secret)
		return expected(r, "\"}\"");
	return expected(r, r->has_alg	   ? "\"secret\""
			   : r->has_secret ? "\"algorithm\""
					   : "\"algorithm\" or \"secret\"");
}

static bool take_key(struct reader *r)
{
	if (!want(r, "key", "\"key\"") || !take_name(r) ||
	    !want(r, "{", "\"{\"") || !next(r))
		return false;
	while (!r->has_alg || !r->has_secret ||
	       !diag_slice_eq_nocase(r->word, "}"))
		if (!take_statement(r) || !next(r))
			return false;
	return want(r, ";", "\";\"") && next(r) &&
	       (r->word.len == 0 ||
		expected(r, "the end of the file: one key and nothing else"));
}

bool diag_tsig_key_read(const char *file, const char *text, size_t len,
			struct diag_tsig_key *out, struct diag_err *err)
{
	struct reader r = { .file = file,
			    .at = text,
			    .end = text + len,
			    .line = 1,
			    .column = 1,
			    .out = out,
			    .err = err };

	*out = (struct diag_tsig_key){ .alg = DIAG_HMAC_SHA256 };
	if (len > DIAG_TSIG_KEY_BYTES)
		return diag_fail(err, DIAG_ELIMIT, OP,
				 "%s: more than %zu bytes", file,
				 DIAG_TSIG_KEY_BYTES);
	if (take_key(&r))
		return true;
	diag_tsig_key_clear(out);
	return false;
}
