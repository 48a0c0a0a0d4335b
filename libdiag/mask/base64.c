/* SPDX-License-Identifier: MIT */
/* base64.c - base64 (RFC 4648) that holds a text with a secret in it, or
 * is as long as a key: it goes as a whole. */
#include <openssl/evp.h>
#include <string.h>

#include "base/mem.h"
#include "mask/internal.h"

#define ENCODED_MAX ((size_t)1 << 20)
#define BASE64_FROM 16
#define TRIES_MAX   4
#define PRINTABLE   90 /* of 100 bytes: a text */

static bool is_base64(char c)
{
	return mask_is_word(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

static bool is_text(const unsigned char *p, size_t len)
{
	size_t ok = 0;

	for (size_t i = 0; i < len; i++)
		ok += (p[i] >= ' ' && p[i] < 0x7f) || p[i] == '\n' ||
		      p[i] == '\r' || p[i] == '\t';
	return ok * 100 >= len * PRINTABLE;
}

/* UTF-16 of ASCII, as PowerShell's -EncodedCommand has it. */
static size_t squeeze(unsigned char *p, size_t len)
{
	size_t zeros = 0, n = 0;

	for (size_t i = 1; i < len; i += 2)
		zeros += p[i] == 0;
	if (len < 8 || zeros * 200 < len * PRINTABLE)
		return len;
	for (size_t i = 0; i < len; i += 2)
		p[n++] = p[i];
	return n;
}

/* Both alphabets (RFC 4648, 4 and 5), with line ends between. */
static size_t in_one_alphabet(const char *text, size_t len, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (is_base64(text[i]))
			out[n++] = (char)(text[i] == '-'   ? '+'
					  : text[i] == '_' ? '/'
							   : text[i]);
	n -= n % 4 == 1 ? 1 : 0;
	while (n % 4 != 0)
		out[n++] = '=';
	return n;
}

/* false: no memory.  What is no base64 has no bytes. */
static bool decode(const char *text, size_t len, unsigned char *out, size_t *n)
{
	EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
	char *copy = diag_alloc(len + 4);
	bool ok = ctx != NULL && copy != NULL;
	int got = 0, last = 0;
	size_t used;

	*n = 0;
	if (ok) {
		used = in_one_alphabet(text, len, copy);
		EVP_DecodeInit(ctx);
		if (EVP_DecodeUpdate(ctx, out, &got, (unsigned char *)copy,
				     (int)used) >= 0 &&
		    EVP_DecodeFinal(ctx, out + got, &last) >= 0)
			*n = (size_t)got + (size_t)last;
	}
	EVP_ENCODE_CTX_free(ctx);
	diag_free(copy);
	return ok;
}

static bool holds_secret(struct mask_scan *s, const char *text, size_t len)
{
	unsigned char *out = diag_alloc(len + 4);
	struct diag_buf masked;
	bool found = false;
	size_t n;

	if (out == NULL || !decode(text, len, out, &n)) {
		s->m->failed = DIAG_ENOMEM;
		diag_free(out);
		return false;
	}
	n = squeeze(out, n);
	if (n >= 6 && is_text(out, n)) {
		diag_buf_init(&masked, ENCODED_MAX * 8);
		found = mask_inner(s, (char *)out, n, &masked) > 0;
		diag_buf_clear(&masked);
	}
	diag_free(out);
	return found;
}

/* 32 and 64 bytes, padded: keys of WireGuard and of storage accounts. */
static bool is_key(const char *p, size_t len)
{
	bool upper = false, lower = false, digit = false;

	if ((len != 44 || p[43] != '=' || p[42] == '=') &&
	    (len != 88 || p[87] != '=' || p[86] != '='))
		return false;
	for (size_t i = 0; i < len; i++) {
		upper |= p[i] >= 'A' && p[i] <= 'Z';
		lower |= p[i] >= 'a' && p[i] <= 'z';
		digit |= p[i] >= '0' && p[i] <= '9';
	}
	return upper && lower && digit;
}

static bool ends_line(const struct mask_scan *s, size_t at)
{
	return mask_byte(s, at) == '\n' || mask_byte(s, at) == '\r';
}

/* Over the lines that it is folded into. */
static size_t base64_end(const struct mask_scan *s, size_t at)
{
	size_t line = at;

	for (;;) {
		size_t end = at;

		while (is_base64(mask_byte(s, end)))
			end++;
		while (mask_byte(s, end) == '=')
			end++;
		if (end == at)
			return at;
		at = end;
		if (end - line < 60 || !ends_line(s, end) ||
		    s->text[end - 1] == '=' || end - line > ENCODED_MAX)
			return at;
		while (ends_line(s, end) || mask_byte(s, end) == ' ')
			end++;
		line = end;
		if (!is_base64(mask_byte(s, end)))
			return at;
		at = end;
	}
}

/* The first six bits of every third byte of a text are of few kinds: letters of
 * ordinary words are soon told apart. */
static bool may_be_text(const char *p, size_t len)
{
	for (size_t i = 0; i < len && i < 16; i += 4)
		if (!((p[i] >= 'I' && p[i] <= 'Z') ||
		      (p[i] >= 'a' && p[i] <= 'f') || p[i] == 'A' ||
		      p[i] == 'C'))
			return false;
	return true;
}

/* The end of the run, and of what goes on in the next lines if this was not
 * looked at too often before: each line could begin another one. */
static size_t end_of(struct mask_scan *s, const struct mask_run *r)
{
	size_t to = r->end;

	if (r->at >= s->no_base64)
		s->base64_tries = 0;
	if (s->base64_tries++ < TRIES_MAX)
		return base64_end(s, r->at);
	while (is_base64(mask_byte(s, to)) || mask_byte(s, to) == '=')
		to++;
	return to;
}

bool mask_base64(struct mask_scan *s, struct mask_run *r)
{
	size_t from = r->at, to;

	if (r->at < s->no_base64 && (r->has & MASK_IS_LONG) == 0)
		return false; /* a part of what was looked at */

	while (from > s->done &&
	       (s->text[from - 1] == '+' || s->text[from - 1] == '/'))
		from--;
	to = end_of(s, r);
	if (to > s->no_base64)
		s->no_base64 = to;
	if (to - from < BASE64_FROM || s->depth >= MASK_DEPTH)
		return false;
	if (!is_key(s->text + from, to - from) &&
	    !is_key(s->text + r->at, to - r->at) &&
	    !(may_be_text(s->text + r->at, to - r->at) &&
	      holds_secret(s, s->text + r->at, to - r->at)))
		return false;
	mask_put_secret(s, from, to,
			to - from < 60 || to - from == 88 ? MASK_KEY
							  : MASK_ENCODED);
	r->end = to;
	return true;
}
