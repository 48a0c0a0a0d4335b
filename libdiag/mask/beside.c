/* SPDX-License-Identifier: MIT */
/* beside.c - members whose own name says nothing, and what stands beside them
 * all: the "value" of a secret as Key Vault shows it, of an account's key, of a
 * setting called "DB_PASSWORD", in whatever order. */
#include <string.h>

#include "base/text.h"
#include "mask/internal.h"

#define NEAR	 ((size_t)512) /* bytes in which an object lies, each way */
#define LINES	 8	       /* of a block without braces, each way */
#define NAME_MAX ((size_t)128)

/* What may stand beside a member. */
enum {
	VAULT = 1 << 0,
	SECRETS = 1 << 1,
	KEY_NAME = 1 << 2,
	SECURE = 1 << 3,
	USERNAME = 1 << 4,
	WANDB = 1 << 5,
	HOSTED = 1 << 6,
};
#define TEXT(text) text, sizeof(text) - 1
static const struct text {
	const char *text;
	size_t len;
	unsigned bit;
} texts[] = {
	{ TEXT(".vault."), VAULT },
	{ TEXT("/secrets/"), SECRETS },
	{ TEXT("keyname"), KEY_NAME },
	{ TEXT("(convertto-securestring): name=\"string\""), SECURE },
	{ TEXT("\"username\":"), USERNAME }, /* kaggle.json */
	{ TEXT("wandb.login("), WANDB },
	{ TEXT("set hostednetwork "), HOSTED },
};

/* The member, and all that has to be there. */
static const struct row {
	const char *member;
	unsigned bits;
} rows[] = {
	{ "value", VAULT | SECRETS },
	{ "value", KEY_NAME },
	{ "value", SECURE },
	{ "key", USERNAME },
	{ "key", WANDB },
	{ "key", HOSTED },
};

bool mask_is_member(const char *word, size_t len)
{
	return mask_is(word, len, "value") || mask_is(word, len, "key");
}

/* Where the brace is that is open at a place; at: there is none near. */
static size_t opened(const struct mask_scan *s, size_t at)
{
	unsigned depth = 0;

	for (size_t i = at; i > 0 && at - i < NEAR; i--) {
		char c = s->text[i - 1];

		if (c == '{' && depth == 0)
			return i - 1;
		if (c == '}')
			depth++;
		else if (c == '{')
			depth--;
	}
	return at;
}

static size_t closed(const struct mask_scan *s, size_t at)
{
	unsigned depth = 0;
	size_t i = at;

	for (; i < s->len && i - at < NEAR; i++) {
		if (s->text[i] == '}' && depth == 0)
			break;
		if (s->text[i] == '{')
			depth++;
		else if (s->text[i] == '}')
			depth--;
	}
	return i;
}

/* Lines without an empty one between them. */
static size_t first_line(const struct mask_scan *s, size_t at)
{
	size_t begin = mask_line_begin(s, at);

	for (unsigned i = 0; i < LINES && begin > 0; i++) {
		size_t before = mask_line_begin(s, begin - 1);

		if (before >= begin - 1 || at - before > NEAR ||
		    mask_is_here(s, before, "---"))
			break;
		begin = before;
	}
	return begin;
}

static size_t last_line(const struct mask_scan *s, size_t at)
{
	size_t most = s->len - at > NEAR ? at + NEAR : s->len, end = at;

	for (unsigned i = 0; i < LINES && end < most; i++) {
		size_t begin = end;

		while (end < most && s->text[end] != '\n')
			end++;
		if (end <= begin + 1 && i > 0)
			break; /* an empty one */
		end += end < most;
		if (mask_is_here(s, end, "---"))
			break;
	}
	return end;
}

/* What stands here, in one pass: few signs and letters begin one of them. */
static unsigned near(const struct mask_scan *s, size_t from, size_t to)
{
	static const bool first[256] = {
		['.'] = true, ['/'] = true, ['k'] = true, ['K'] = true,
		['('] = true, ['"'] = true, ['w'] = true, ['s'] = true,
	};
	unsigned bits = 0;

	for (size_t at = from; at < to; at++) {
		const char *p = s->text + at;

		if (!first[(unsigned char)*p])
			continue;
		for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
			if (mask_small(*p) == texts[i].text[0] &&
			    texts[i].len <= to - at &&
			    mask_same(p, texts[i].text, texts[i].len))
				bits |= texts[i].bit;
	}
	return bits;
}

/* Is a text here that is called like a secret, in quotes? */
static bool is_secrets(const struct mask_scan *s, size_t at)
{
	size_t quote = mask_sign_here(s, at, '"'), end = at + quote;
	enum mask_kind kind;
	enum mask_key key;

	if (quote == 0)
		return false;
	while (end - at < NAME_MAX && !mask_is_end(mask_byte(s, end)) &&
	       mask_sign_here(s, end, '"') == 0)
		end++;
	key = mask_key_of(s->text + at + quote, end - at - quote, &kind);
	return key == MASK_KEY_SECRET || key == MASK_KEY_HEADER;
}

/* {"value": "…", "type": "x", "key": "api_key"} */
static bool has_name(const struct mask_scan *s, size_t from, size_t to)
{
	static const char *const members[] = { "name", "key" };

	for (size_t i = 0; i < 2; i++)
		for (size_t at = from; at < to;) {
			const char *p = diag_text_find_nocase(
			    s->text + at, to - at, members[i]);
			size_t end;

			if (p == NULL)
				break;
			at = (size_t)(p - s->text) + strlen(members[i]);
			end = mask_text_here(s, at, "\" : ");
			if (end > 0 && is_secrets(s, end))
				return true;
		}
	return false;
}

bool mask_beside(const struct mask_scan *s, const struct mask_run *r)
{
	size_t len = r->end - r->at, from, to;
	unsigned bits;
	bool object;

	if (!mask_is_member(s->text + r->at, len))
		return false;
	from = opened(s, r->at);
	object = from < r->at;
	if (!object)
		from = first_line(s, r->at);
	to = object ? closed(s, r->end) : last_line(s, r->end);
	bits = near(s, from, to);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if ((bits & rows[i].bits) == rows[i].bits &&
		    mask_is(s->text + r->at, len, rows[i].member))
			return true;
	return object && len == sizeof("value") - 1 && has_name(s, from, to);
}
