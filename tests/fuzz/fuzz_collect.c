/* SPDX-License-Identifier: MIT */
/* What collectors take of any bytes: the first byte chooses the source.  Of
 * what was taken no more is taken again, and a text with a private key in it is
 * known. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "bundle/collect.h"
#include "bundle/never.h"

#define OUT_MAX ((size_t)64 << 20)

static const struct diag_source *nth_source(unsigned n)
{
	const struct diag_collector *const *rows;
	size_t n_rows = diag_collectors(&rows);

	for (;;)
		for (size_t i = 0; i < n_rows; i++)
			for (size_t k = 0; rows[i]->sources[k].item; k++)
				if (n-- == 0)
					return &rows[i]->sources[k];
}

static bool pick(const struct diag_source *s, const char *text, size_t len,
		 struct diag_buf *out, const char **why)
{
	diag_buf_init(out, OUT_MAX);
	return diag_source_pick(s, (struct diag_slice){ text, len }, out, why,
				NULL);
}

/* Not so what is made of contents: fields of certificates and elements. */
static bool keeps_its_form(const struct diag_source *s)
{
	return s->pick != diag_pick_certs && s->pick != diag_pick_tags;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct diag_source *s = nth_source(size > 0 ? data[0] : 0);
	const char *text = (const char *)data + (size > 0);
	struct diag_buf once, twice;
	const char *why, *again;

	size -= size > 0;
	diag_buf_init(&twice, OUT_MAX);
	if (pick(s, text, size, &once, &why)) {
		size_t cut = diag_source_cut(once.data, once.len, 100);

		if (cut > once.len || (cut > 0 && once.data[cut - 1] != '\n'))
			abort();
		if (why == NULL && diag_never_text(once.data, once.len) != NULL)
			abort();
		if (once.len > 0 && keeps_its_form(s) &&
		    (!pick(s, once.data, once.len, &twice, &again) ||
		     twice.len > once.len))
			abort();
	}
	diag_buf_clear(&once);
	diag_buf_clear(&twice);
	return 0;
}
