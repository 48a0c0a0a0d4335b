/* SPDX-License-Identifier: MIT */
/* See dns_question.h. */
#include "wire/dns_question.h"

#include <string.h>

#include "base/cursor.h"

#define FLAG_QR	    0x8000u
#define OPCODE_MASK 0x7800u
#define LABEL_MAX   63

/* A question's name is the first of its message: nothing to point back to. */
static bool read_name(struct diag_cursor *c, char out[DIAG_FQDN_MAX])
{
	char text[DIAG_FQDN_MAX];
	size_t n = 0;
	uint8_t len;

	while (diag_cursor_u8(c, &len) && len > 0) {
		if (len > LABEL_MAX || n + len + 2 > sizeof(text))
			return false;
		if (n > 0)
			text[n++] = '.';
		if (memchr(c->at, '.',
			   len < diag_cursor_left(c) ? len
						     : diag_cursor_left(c)) ||
		    !diag_cursor_bytes(c, text + n, len))
			return false;
		n += len;
	}
	return diag_fqdn_normal(text, n, out, NULL);
}

bool diag_dns_question_read(const uint8_t *wire, size_t len,
			    struct diag_dns_question *out)
{
	struct diag_cursor c = diag_cursor_of(wire, len);
	uint16_t flags, count;

	if (!diag_cursor_u16(&c, &out->id) || !diag_cursor_u16(&c, &flags) ||
	    !diag_cursor_u16(&c, &count) || !diag_cursor_skip(&c, 6) ||
	    (flags & OPCODE_MASK) != 0)
		return false;
	out->reply = flags & FLAG_QR;
	out->asks = count == 1 && read_name(&c, out->name) &&
		    diag_cursor_u16(&c, &out->type) &&
		    diag_cursor_u16(&c, &out->class);
	return true;
}
