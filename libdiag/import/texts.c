/* SPDX-License-Identifier: MIT */
/* texts.c - which readers know this text.
 *
 * A log may hold the output of several tools, so each that finds its own in
 * it reads it; a hosts file is what is left when nobody does.
 */
#include "import/internal.h"

#define ROW(name, words)                                                     \
	{                                                                    \
#name, words, import_text_is_##name, import_text_read_##name \
	}

const struct import_text_reader import_text_readers[] = {
	ROW(dig, "answer of dig"),
	ROW(host, "answer of host"),
	ROW(nslookup, "answer of nslookup"),
	ROW(hosts, "hosts file"),
};
const size_t import_n_text_readers =
    sizeof(import_text_readers) / sizeof(import_text_readers[0]);

const char *import_line(struct diag_import *im, unsigned line)
{
	return import_text(im, "%s:%u", im->file, line);
}

bool import_any_text(struct diag_import *im, struct diag_slice text)
{
	size_t n = import_n_text_readers;
	size_t known = 0;

	for (size_t i = 0; i < n; i++) {
		const struct import_text_reader *r = &import_text_readers[i];

		if ((i + 1 == n && known > 0) || !r->recognise(text))
			continue;
		known++;
		im->met[import_n_readers + i]++;
		r->read(im, text);
	}
	im->documents += known > 0;
	return known > 0;
}
