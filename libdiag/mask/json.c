/* SPDX-License-Identifier: MIT */
/* json.c - documents by their values: what a member is called says how it
 * is read, and what is a word of ours is not taken for somebody's name. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "mask/internal.h"

#define JSON_BYTES ((size_t)256 << 20) /* of one document */
#define JSON_DEPTH 64

struct walk {
	struct diag_mask *m;
	struct mask_counts *counts;
	struct diag_jw w;
	struct diag_buf text; /* of one value */
	size_t replaced;
};

/* What is known of a value by the members it lies in. */
struct inside {
	enum mask_member member;
	enum mask_key key;
	enum mask_kind kind;
};

static void count(struct walk *k, enum mask_kind kind)
{
	k->replaced++;
	if (k->counts != NULL)
		k->counts->n[kind]++;
}

static void as_text(struct walk *k, enum diag_mask_level level, const char *s)
{
	struct diag_slice text = diag_slice_of(s);

	if (level > k->m->level)
		level = k->m->level;
	k->replaced += mask_one(k->m, k->counts, level, text, &k->text);
}

/* ".corp.example" and "*.corp.example" are what stands behind the dot. */
static bool as_name(struct walk *k, const char *s)
{
	size_t len = strlen(s);
	bool done;

	if (k->m->level < DIAG_MASK_IDENTIFIERS || len == 0)
		return false;
	if (s[0] == '.') {
		diag_buf_putc(&k->text, '.');
		s++;
		len--;
	}
	done = len > 0 && mask_name(k->m, s, len, &k->text);
	if (done)
		count(k, MASK_NAME);
	else
		diag_buf_reset(&k->text);
	return done;
}

static void as_pseudonym(struct walk *k, enum mask_kind kind, const char *s)
{
	char text[MASK_NAME_MAX + 1];
	size_t n = strnlen(s, MASK_NAME_MAX);

	(void)mask_lower(s, n, text, sizeof(text));
	diag_buf_puts(&k->text, mask_pseudonym(k->m, kind, text, n));
	count(k, kind);
}

static bool is_mask(const char *s)
{
	return strncmp(s, "[masked:", 8) == 0;
}

static void as_secret(struct walk *k, enum mask_kind kind, const char *s)
{
	if (s[0] == '\0' || is_mask(s)) {
		diag_buf_puts(&k->text, s);
		return;
	}
	diag_buf_printf(&k->text, "[masked:%s]", mask_kind_key(kind));
	count(k, kind);
}

static bool is_name(const struct inside *in, const char *s)
{
	return in->member == MASK_MEMBER_NAME || in->key == MASK_KEY_HOST ||
	       (in->member == MASK_MEMBER_DOTTED && strchr(s, '.') != NULL);
}

static void string(struct walk *k, const struct inside *in, const char *s)
{
	bool names = k->m->level >= DIAG_MASK_IDENTIFIERS;

	diag_buf_reset(&k->text);
	if (in->key == MASK_KEY_SECRET || in->key == MASK_KEY_HEADER ||
	    in->key == MASK_KEY_USER ||
	    (in->key == MASK_KEY_SESSION && mask_is_session(s, strlen(s))))
		as_secret(k, in->kind, s);
	else if (in->key == MASK_KEY_SSID && names && s[0] != '\0')
		as_pseudonym(k, in->kind, s);
	else if (in->member == MASK_MEMBER_PLAIN)
		as_text(k, DIAG_MASK_NONE, s);
	else if (!is_name(in, s) || !as_name(k, s))
		as_text(k, DIAG_MASK_ADDRESSES, s);
	diag_jw_strn(&k->w, diag_buf_str(&k->text), k->text.len);
}

static void number(struct walk *k, const struct inside *in, const cJSON *at)
{
	if (in->key != MASK_KEY_SECRET) {
		diag_jw_tree(&k->w, at);
		return;
	}
	diag_buf_reset(&k->text);
	as_secret(k, in->kind, "0");
	diag_jw_str(&k->w, diag_buf_str(&k->text));
}

/* A name may be a key; two of them must not become the same. */
static void put_key(struct walk *k, const cJSON *at, unsigned index)
{
	const char *key = at->string != NULL ? at->string : "";

	if (mask_key_is_ours(key)) {
		diag_jw_key(&k->w, key);
		return;
	}
	diag_buf_reset(&k->text);
	as_text(k, DIAG_MASK_ADDRESSES, key);
	if (strstr(diag_buf_str(&k->text), "[masked:") != NULL)
		diag_buf_printf(&k->text, " %u", index);
	diag_jw_key(&k->w, diag_buf_str(&k->text));
}

static struct inside enter(const struct inside *in, const cJSON *at)
{
	struct inside here = *in;
	const char *key = at->string;

	if (key == NULL || in->key == MASK_KEY_SECRET ||
	    in->key == MASK_KEY_HEADER)
		return here;
	here.member = mask_member_of(key);
	here.key = mask_key_of(key, strlen(key), &here.kind);
	return here;
}

static bool is_among(const char *const *list, const char *key)
{
	for (; *list != NULL; list++)
		if (key != NULL && mask_is(key, strlen(key), *list))
			return true;
	return false;
}

/* {"name": "DB_PASSWORD", "value": …}: what the name says goes for the value.
 */
static void pair(const cJSON *at, const cJSON *v, struct inside *here)
{
	static const char *const names[] = { "name", "key", NULL };
	static const char *const values[] = { "value", "secret", NULL };
	enum mask_kind kind;

	if (!is_among(values, v->string))
		return;
	for (const cJSON *n = at->child; n != NULL; n = n->next)
		if (is_among(names, n->string) && cJSON_IsString(n)) {
			enum mask_key key = mask_key_of(
			    n->valuestring, strlen(n->valuestring), &kind);

			if (key == MASK_KEY_SECRET || key == MASK_KEY_HEADER)
				*here =
				    (struct inside){ here->member, key, kind };
		}
}

/* Members that are secrets by what stands beside them: as in beside.c and
 * members.c, where documents are texts.  text: what the other holds. */
static void beside(const cJSON *at, const cJSON *v, struct inside *here)
{
	static const struct {
		const char *member, *other, *text;
	} rows[] = {
		{ "value", "id", "/secrets/" }, /* of Key Vault */
		{ "value", "keyName", "" },	/* of a storage account */
		{ "key", "username", "" },	/* kaggle.json */
		{ "data", "kind", "Secret" },	/* of Kubernetes */
		{ "stringData", "kind", "Secret" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const cJSON *other =
		    v->string != NULL && strcmp(v->string, rows[i].member) == 0
			? cJSON_GetObjectItemCaseSensitive(at, rows[i].other)
			: NULL;

		if (other != NULL && cJSON_IsString(other) &&
		    strstr(other->valuestring, rows[i].text) != NULL) {
			here->key = MASK_KEY_SECRET;
			here->kind = MASK_KEY;
		}
	}
}

static void value(struct walk *k, const struct inside *in, const cJSON *at)
{
	bool object = cJSON_IsObject(at);
	unsigned index = 0;

	if (cJSON_IsString(at)) {
		string(k, in, at->valuestring);
		return;
	}
	if (cJSON_IsNumber(at)) {
		number(k, in, at);
		return;
	}
	if (!object && !cJSON_IsArray(at)) {
		diag_jw_tree(&k->w, at);
		return;
	}
	diag_jw_open(&k->w, object ? '{' : '[');
	for (const cJSON *v = at->child; v != NULL; v = v->next) {
		struct inside here = enter(in, v);

		if (object) {
			pair(at, v, &here);
			beside(at, v, &here);
			put_key(k, v, ++index);
		}
		value(k, &here, v);
	}
	diag_jw_close(&k->w, object ? '}' : ']');
}

/* A document that is written over several lines is so again. */
static unsigned indent_of(const char *text, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++)
		if (text[i] == '\n')
			return text[i + 1] == ' ' || text[i + 1] == '\t' ? 2
									 : 0;
	return 0;
}

static bool documents(struct walk *k, const char *where, const char *text,
		      size_t len, struct diag_buf *out)
{
	static const struct diag_json_limits limits = { JSON_BYTES,
							JSON_DEPTH };
	struct diag_json_stream stream = {
		.name = where, .text = text, .len = len, .line = 1
	};
	unsigned indent = indent_of(text, len);

	while (stream.at < len) {
		static const char blanks[] = " \t\r\n";
		const struct inside top = { .member = MASK_MEMBER_TEXT };
		cJSON *doc = NULL;

		if (strchr(blanks, text[stream.at]) != NULL) {
			stream.at++;
			continue;
		}
		if (!diag_json_next(&stream, &limits, &doc, NULL))
			return false;
		diag_jw_init(&k->w, out, indent);
		value(k, &top, doc);
		diag_buf_putc(out, '\n');
		cJSON_Delete(doc);
	}
	return true;
}

bool diag_mask_json(struct diag_mask *m, const char *where,
		    struct diag_slice text, struct diag_buf *out,
		    size_t *replaced, struct diag_err *err)
{
	struct walk k = { .m = m, .counts = mask_counts_of(m, where) };
	size_t before = out->len;
	bool ok;

	diag_buf_init(&k.text, JSON_BYTES);
	ok = documents(&k, where, text.p, text.len, out);
	if (k.text.code != DIAG_OK)
		m->failed = DIAG_ENOMEM;
	diag_buf_clear(&k.text);
	*replaced = k.replaced;
	if (ok)
		return mask_told(m, out, err);
	/* No JSON: forget what was put. */
	if (out->data != NULL) {
		out->len = before;
		out->data[before] = '\0';
	}
	return diag_mask_text(m, where, text, out, replaced, err);
}
