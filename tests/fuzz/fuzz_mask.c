/* SPDX-License-Identifier: MIT */
/* fuzz_mask.c - any text through the mask at every level, as text and as JSON:
 * the same in gives the same out, a secret behind it is never left, and a
 * document stays one. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "mask/mask.h"

#define OUT_BYTES ((size_t)64 << 20)
#define LEVELS	  (DIAG_MASK_ADDRESSES + 1)

static const char planted[] = "\n\npassword=Planted4711\n";
static const char core[] = "Planted4711";

static bool holds(const struct diag_buf *out)
{
	const char *text = diag_buf_str(out);

	for (size_t i = 0; i + sizeof(core) - 1 <= out->len; i++)
		if (memcmp(text + i, core, sizeof(core) - 1) == 0)
			return true;
	return false;
}

static bool is_json(const struct diag_buf *text)
{
	static const struct diag_json_limits limits = { OUT_BYTES, 64 };
	cJSON *doc = NULL;
	bool ok = diag_json_parse("x", diag_buf_str(text), text->len, &limits,
				  &doc, NULL);

	cJSON_Delete(doc);
	return ok;
}

static struct diag_mask *new_mask(enum diag_mask_level level)
{
	static const unsigned char key[DIAG_MASK_KEY] = { 4, 2 };
	struct diag_mask *m = NULL;

	if (!diag_mask_new(level, key, &m, NULL))
		abort();
	if (!diag_mask_learn_name(m, "ws1103sa", NULL) ||
	    !diag_mask_learn_name(m, "vpn-laptop", NULL) ||
	    !diag_mask_learn_name(m, "Contoso VPN", NULL))
		abort();
	return m;
}

static void as_text(enum diag_mask_level level, const struct diag_buf *text)
{
	struct diag_buf out[2];
	size_t n[2];

	for (size_t i = 0; i < 2; i++) {
		struct diag_mask *m = new_mask(level);

		diag_buf_init(&out[i], OUT_BYTES);
		if (!diag_mask_text(
			m, "t",
			(struct diag_slice){ diag_buf_str(text), text->len },
			&out[i], &n[i], NULL))
			diag_buf_reset(&out[i]);
		if (holds(&out[i]))
			abort();
		diag_mask_free(m);
	}
	if (strcmp(diag_buf_str(&out[0]), diag_buf_str(&out[1])) != 0)
		abort();
	diag_buf_clear(&out[0]);
	diag_buf_clear(&out[1]);
}

static void as_json(enum diag_mask_level level, const struct diag_buf *text,
		    bool document)
{
	struct diag_mask *m = new_mask(level);
	struct diag_buf out;
	size_t n;

	diag_buf_init(&out, OUT_BYTES);
	if (diag_mask_json(m, "j",
			   (struct diag_slice){ diag_buf_str(text), text->len },
			   &out, &n, NULL) &&
	    document && !is_json(&out))
		abort();
	diag_buf_clear(&out);
	diag_mask_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_buf text;
	bool document;

	if (size > 65536)
		return 0;
	diag_buf_init(&text, OUT_BYTES);
	diag_buf_put(&text, data, size);
	if (holds(&text)) { /* the fuzzer has seen what we look for */
		diag_buf_clear(&text);
		return 0;
	}
	document = is_json(&text);
	for (int l = 0; l < LEVELS; l++)
		as_json((enum diag_mask_level)l, &text, document);
	diag_buf_puts(&text, planted);
	for (int l = 0; l < LEVELS; l++)
		as_text((enum diag_mask_level)l, &text);
	diag_buf_clear(&text);
	return 0;
}
