/* SPDX-License-Identifier: MIT */
/* json_write.h - inside of the writer; private to this room. */
#ifndef DIAG_BASE_JSON_WRITE_H
#define DIAG_BASE_JSON_WRITE_H

#include "base/json.h"

/* A value that is JSON already: no quotes, no escapes. */
void diag_jw_raw(struct diag_jw *w, const char *text, size_t len);

/* json_quote.c */
void diag_json_quote(struct diag_buf *out, const char *s, size_t len);

#endif
