/* SPDX-License-Identifier: MIT */
/* See addr_json.h. */
#include "net/addr_json.h"

void diag_addrs_json(struct diag_jw *w, const char *key,
		     const struct diag_addr *a, size_t n)
{
	char text[DIAG_ADDR_TEXT];

	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++)
		diag_jw_str(w, diag_addr_text(&a[i], text));
	diag_jw_close(w, ']');
}
