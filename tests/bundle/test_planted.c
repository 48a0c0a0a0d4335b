/* SPDX-License-Identifier: MIT */
/* A hundred secrets and more, planted in every sort of item and written in
 * every way: none of them is left, in any encoding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bundle/masked.h"
#include "tests/mask/masked.h"
#include "tests/mask/written.h"

#define VARIANTS   5
#define CORE_BYTES 24
#define TEXT_MAX   ((size_t)1 << 20)

/* %s is the secret. */
static const char *const shapes[] = {
	"https://acct.blob.core.windows.net/c?sv=1&sig=%s",
	"DefaultEndpointsProtocol=https;AccountName=a;AccountKey=%s==;X=y",
	"SharedAccessKey=%s=",
	"AZURE_CLIENT_SECRET=%s",
	"Authorization: Bearer %s",
	"Proxy-Authorization: Basic %s",
	"Cookie: session=%s; theme=dark",
	"Set-Cookie: sid=%s; HttpOnly",
	"password=%s",
	"db.passwd: %s",
	"pwd:%s",
	"client_secret=%s",
	"x-api-key: %s",
	"refresh_token=%s",
	"https://alice:%s@proxy.corp.example:3128/",
	"http_proxy=http://%s@proxy:8080",
	"PrivateKey = %s=",
	"PresharedKey = %s=",
	"key \"k\" { algorithm hmac-sha256; secret \"%s==\"; };",
	"wifi-sec.psk=%s",
	"passphrase: %s",
	"ghp_%sAbCdEfGhIjKl",
	"npm_%s0123456789ab",
	"xoxb-123456789012-%s",
	"eyJhbGciOiJIUzI1NiJ9.%s.c2lnbmF0dXJl",
	"mail %s@corp.example now",
	"/home/%s/.config/x",
	"C:\\Users\\%s\\AppData",
	"file:///Users/%s/x",
	"USER=%s",
	"machine h login u password %s",
	"curl -u bob:%s https://x",
	"-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----",
	"primary_key=%s",
};
#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

/* Letters and digits that nothing else has. */
static void core(size_t shape, size_t variant, char out[CORE_BYTES + 1])
{
	static const char shape_of[] = "qSvPLANTvXsWkQ8vT5rLvab9";

	memcpy(out, shape_of, CORE_BYTES + 1);
	out[1] = (char)('0' + shape % 10);
	out[10] = (char)('0' + shape / 10);
	out[2] = out[8] = out[20] = (char)('0' + variant);
}

static void secret(size_t shape, size_t variant, struct diag_buf *out)
{
	char text[CORE_BYTES + 1];
	const char *at = strstr(shapes[shape], "%s");

	core(shape, variant, text);
	diag_buf_put(out, shapes[shape], (size_t)(at - shapes[shape]));
	diag_buf_puts(out, text);
	diag_buf_puts(out, at + 2);
}

static written_way *const ways[] = { written_raw,	   written_percent,
				     written_percent_some, written_escapes,
				     written_base64,	   written_wide_base64,
				     written_twice };
#define N_WAYS (sizeof(ways) / sizeof(ways[0]))

/* --- looking for them ----------------------------------------------------- */

static void none_is_there(const struct diag_buf *in, const char *what)
{
	for (size_t s = 0; s < N_SHAPES; s++)
		for (size_t v = 0; v < VARIANTS; v++) {
			char text[CORE_BYTES + 1];

			core(s, v, text);
			if (written_is_in(in, text))
				fail_msg("%s: %s of \"%s\" is left", what, text,
					 shapes[s]);
		}
}

/* --- where they are planted ----------------------------------------------- */

static void planted_text(written_way *w, struct diag_buf *out)
{
	for (size_t s = 0; s < N_SHAPES; s++)
		for (size_t v = 0; v < VARIANTS; v++) {
			struct diag_buf one;

			diag_buf_init(&one, TEXT_MAX);
			secret(s, v, &one);
			w(one.data, one.len, out);
			diag_buf_puts(out, v % 2 == 0 ? "\n" : "\r\n");
			diag_buf_clear(&one);
		}
}

static void planted_json(written_way *w, bool keys, struct diag_buf *out)
{
	struct diag_jw j;

	diag_jw_init(&j, out, 0);
	diag_jw_open(&j, '{');
	for (size_t s = 0; s < N_SHAPES; s++)
		for (size_t v = 0; v < VARIANTS; v++) {
			char key[32];
			struct diag_buf plain, one;

			(void)snprintf(key, sizeof(key), "m%zu_%zu", s, v);
			diag_buf_init(&plain, TEXT_MAX);
			diag_buf_init(&one, TEXT_MAX);
			secret(s, v, &plain);
			w(plain.data, plain.len, &one);
			diag_buf_clear(&plain);
			diag_jw_key(&j, keys ? diag_buf_str(&one) : key);
			diag_jw_strn(&j, keys ? "x" : one.data,
				     keys ? 1 : one.len);
			diag_buf_clear(&one);
		}
	diag_jw_close(&j, '}');
	diag_buf_putc(out, '\n');
}

static void add(struct diag_bundle *b, const char *path,
		enum diag_item_sort sort, const struct diag_buf *text)
{
	const struct diag_item item = { .path = path,
					.origin = "/home/"
						  "q9PLANT/x",
					.reason = "password=q9PLANT",
					.state = DIAG_ITEM_TAKEN,
					.sort = sort,
					.bytes = text->data,
					.len = text->len };

	assert_true(diag_bundle_add(b, &item, NULL));
}

static struct diag_bundle *planted_bundle(void)
{
	struct diag_bundle *b = NULL;
	char path[60];

	assert_true(diag_bundle_new(&b, NULL));
	b->note = "call me at q9PLANT@corp.example, password: q9PLANT";
	for (size_t w = 0; w < N_WAYS; w++)
		for (int sort = 0; sort < 3; sort++) {
			struct diag_buf text;

			diag_buf_init(&text, TEXT_MAX * 8);
			(void)snprintf(path, sizeof(path), "machine/%zu.%d", w,
				       sort);
			if (sort == 0)
				planted_text(ways[w], &text);
			else
				planted_json(ways[w], sort == 2, &text);
			add(b, path,
			    sort == 0 ? DIAG_ITEM_TEXT : DIAG_ITEM_JSON, &text);
			diag_buf_clear(&text);
		}
	return b;
}

static void look_through(const struct diag_bundle *b)
{
	assert_null(strstr(b->note, "q9PLANT"));
	for (size_t i = 0; i < b->n_items; i++) {
		const struct diag_item *item = &b->items[i];
		struct diag_buf text;

		assert_true(item->reason == NULL ||
			    strstr(item->reason, "PLANT") == NULL);
		assert_null(strstr(item->origin, "PLANT"));
		if (item->bytes == NULL)
			continue;
		diag_buf_init(&text, TEXT_MAX * 64);
		diag_buf_put(&text, item->bytes, item->len);
		none_is_there(&text, item->path);
		diag_buf_clear(&text);
	}
}

static void no_planted_secret_is_left(void **unused)
{
	struct diag_bundle *plain = planted_bundle();

	(void)unused;
	assert_true(N_SHAPES * VARIANTS > 100);
	for (int l = DIAG_MASK_NONE; l <= DIAG_MASK_ADDRESSES; l++) {
		struct diag_mask *m = masked_new((enum diag_mask_level)l);
		struct diag_bundle *masked = NULL;

		assert_true(diag_masked_bundle(m, plain, &masked, NULL));
		assert_int_equal(plain->n_items + 1, masked->n_items);
		for (size_t i = 0; i < plain->n_items; i++) {
			assert_int_equal(DIAG_ITEM_MASKED,
					 masked->items[i].state);
			assert_true(masked->items[i].replaced > 100);
		}
		look_through(masked);
		diag_bundle_free(masked);
		diag_mask_free(m);
	}
	diag_bundle_free(plain);
}

/* The test itself must be able to see one. */
static void a_planted_secret_would_be_seen(void **unused)
{
	(void)unused;
	for (size_t w = 0; w < N_WAYS - 1; w++) {
		struct diag_buf text;
		char one[CORE_BYTES + 1];

		diag_buf_init(&text, TEXT_MAX);
		core(3, 2, one);
		ways[w](one, strlen(one), &text);
		if (ways[w] != written_wide_base64)
			assert_true(written_is_in(&text, one));
		diag_buf_clear(&text);
	}
}

static void a_wide_text_is_masked_too(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_ADDRESSES);
	struct diag_buf plain, wide, out;
	size_t n;

	(void)unused;
	diag_buf_init(&plain, TEXT_MAX);
	diag_buf_init(&wide, TEXT_MAX);
	diag_buf_init(&out, TEXT_MAX);
	planted_text(written_raw, &plain);
	diag_buf_puts(&wide, "\xff\xfe");
	written_utf16(plain.data, plain.len, &wide);
	assert_true(diag_mask_text(m, "w",
				   (struct diag_slice){ wide.data, wide.len },
				   &out, &n, NULL));
	none_is_there(&out, "wide");
	diag_buf_clear(&plain);
	diag_buf_clear(&wide);
	diag_buf_clear(&out);
	diag_mask_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_planted_secret_is_left),
		cmocka_unit_test(a_planted_secret_would_be_seen),
		cmocka_unit_test(a_wide_text_is_masked_too),
	};

	return cmocka_run_group_tests_name("bundle/planted", tests, NULL, NULL);
}
