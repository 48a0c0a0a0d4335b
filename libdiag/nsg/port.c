/* SPDX-License-Identifier: MIT */
/* port.c - ports as rules and people write them. */
#include "nsg/internal.h"

#include <string.h>

bool nsg_next_of_list(struct diag_cursor *c, struct diag_slice *out)
{
	if (diag_cursor_left(c) == 0)
		return false;
	if (!diag_cursor_until(c, ',', out)) {
		*out = (struct diag_slice){ (const char *)c->at,
					    diag_cursor_left(c) };
		c->at = c->end;
	}
	*out = diag_slice_trim(*out);
	return true;
}

static bool number(struct diag_slice s, uint16_t *out)
{
	uint64_t n;

	if (!diag_slice_number(diag_slice_trim(s), 0, NSG_PORT_LAST, &n))
		return false;
	*out = (uint16_t)n;
	return true;
}

static bool range(struct diag_slice s, struct diag_port_range *out)
{
	struct diag_cursor c = diag_cursor_of(s.p, s.len);
	struct diag_slice first;
	struct diag_slice last;

	if (diag_slice_eq(s, "*") || diag_slice_eq_nocase(s, "any")) {
		*out = (struct diag_port_range){ 0, NSG_PORT_LAST };
		return true;
	}
	if (!diag_cursor_until(&c, '-', &first)) {
		if (!number(s, &out->first))
			return false;
		out->last = out->first;
		return true;
	}
	last = (struct diag_slice){ (const char *)c.at, diag_cursor_left(&c) };
	return number(first, &out->first) && number(last, &out->last) &&
	       out->first <= out->last;
}

enum nsg_text nsg_ports_parse(struct diag_arena *arena, const char *text,
			      struct nsg_ports *out)
{
	struct diag_cursor c = diag_cursor_of(text, strlen(text));
	struct diag_slice item;

	while (nsg_next_of_list(&c, &item)) {
		struct diag_port_range ports;
		struct diag_port_range *place;

		if (!range(item, &ports))
			return NSG_TEXT_BAD;
		if (out->n >= DIAG_NSG_PEERS)
			return NSG_TEXT_MANY;
		place = diag_arena_push(arena, &out->items, &out->n,
					sizeof(*place));
		if (place == NULL)
			return NSG_TEXT_NOMEM;
		*place = ports;
	}
	return NSG_TEXT_OK;
}
