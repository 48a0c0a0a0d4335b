/* SPDX-License-Identifier: MIT */
/* dns_frame.c - see dns_frame.h. */
#include "wire/dns_frame.h"

#include <string.h>

#include "base/cursor.h"

#define POINTER	   0xc0u /* both bits: a compression pointer */
#define TYPE_CNAME 5
#define TYPE_SOA   6
#define TYPE_OPT   41 /* RFC 6891, 6.1 */
#define EDE_OPTION 15 /* RFC 8914, 2 */

struct walk {
	const uint8_t *wire;
	size_t len;
	struct diag_cursor c;
	unsigned wanted;
	struct diag_arena *arena;
	struct dns_frame *out;
};

/* What every record has (RFC 1035, 4.1.3); the cursor is behind it. */
struct record {
	size_t at; /* where it begins in the message */
	uint16_t type;
	uint32_t ttl;
	struct diag_cursor rdata;
};

static bool skip_name(struct diag_cursor *c)
{
	uint8_t n;

	while (diag_cursor_u8(c, &n)) {
		if (n == 0)
			return true;
		if ((n & POINTER) == POINTER)
			return diag_cursor_skip(c, 1);
		if ((n & POINTER) != 0 || !diag_cursor_skip(c, n))
			return false;
	}
	return false;
}

static bool take_record(struct walk *w, struct record *r)
{
	uint16_t class, len;

	r->at = (size_t)(w->c.at - w->wire);
	if (!skip_name(&w->c) || !diag_cursor_u16(&w->c, &r->type) ||
	    !diag_cursor_u16(&w->c, &class) ||
	    !diag_cursor_u32(&w->c, &r->ttl) || !diag_cursor_u16(&w->c, &len))
		return false;
	r->rdata = diag_cursor_of(w->c.at, len);
	return diag_cursor_skip(&w->c, len);
}

static enum dns_frame_end read_rr(const struct walk *w, const struct record *r,
				  ldns_pkt_section section, ldns_rr **out)
{
	size_t at = r->at;
	ldns_status rc = ldns_wire2rr(out, w->wire, w->len, &at, section);

	if (rc == LDNS_STATUS_MEM_ERR)
		return DNS_FRAME_NO_MEMORY;
	return rc == LDNS_STATUS_OK ? DNS_FRAME_WHOLE : DNS_FRAME_BROKEN;
}

/* --- sections ---------------------------------------------------------------
 */

static enum dns_frame_end read_question(struct walk *w)
{
	struct dns_frame *out = w->out;
	const uint8_t *begin = w->c.at;
	uint16_t class;

	if (!skip_name(&w->c))
		return DNS_FRAME_BROKEN;
	out->qname = (struct wname){ begin, (size_t)(w->c.at - begin) };
	if (!diag_cursor_u16(&w->c, &out->qtype) ||
	    !diag_cursor_u16(&w->c, &class))
		return DNS_FRAME_BROKEN;
	return DNS_FRAME_WHOLE;
}

static enum dns_frame_end read_answer(struct walk *w)
{
	struct record r;
	ldns_rr **at;

	if (!take_record(w, &r))
		return DNS_FRAME_BROKEN;
	if (r.type != TYPE_CNAME && r.type != w->wanted)
		return DNS_FRAME_WHOLE;
	at = diag_arena_push(w->arena, &w->out->answers, &w->out->n_answers,
			     sizeof(*at));
	return at ? read_rr(w, &r, LDNS_SECTION_ANSWER, at)
		  : DNS_FRAME_NO_MEMORY;
}

static enum dns_frame_end read_authority(struct walk *w)
{
	struct record r;

	if (!take_record(w, &r))
		return DNS_FRAME_BROKEN;
	if (r.type != TYPE_SOA || w->out->soa)
		return DNS_FRAME_WHOLE;
	return read_rr(w, &r, LDNS_SECTION_AUTHORITY, &w->out->soa);
}

static int ede_of(struct diag_cursor c)
{
	uint16_t code, len, info;

	while (diag_cursor_u16(&c, &code) && diag_cursor_u16(&c, &len)) {
		struct diag_cursor option = c;

		if (!diag_cursor_skip(&c, len))
			break;
		if (code == EDE_OPTION && len >= 2 &&
		    diag_cursor_u16(&option, &info))
			return info;
	}
	return -1;
}

static enum dns_frame_end read_additional(struct walk *w)
{
	struct record r;

	if (!take_record(w, &r))
		return DNS_FRAME_BROKEN;
	if (r.type == TYPE_OPT && !w->out->edns) {
		w->out->edns = true;
		w->out->extended_rcode = r.ttl >> 24;
		w->out->ede = ede_of(r.rdata);
	}
	return DNS_FRAME_WHOLE;
}

static enum dns_frame_end read_section(struct walk *w, unsigned n,
				       enum dns_frame_end (*one)(struct walk *))
{
	enum dns_frame_end end = DNS_FRAME_WHOLE;

	while (n-- > 0 && end == DNS_FRAME_WHOLE)
		end = one(w);
	return end;
}

enum dns_frame_end dns_frame_read(const uint8_t *wire, size_t len,
				  unsigned wanted, struct diag_arena *arena,
				  struct dns_frame *out)
{
	static enum dns_frame_end (*const sections[])(struct walk *) = {
		read_question, read_answer, read_authority, read_additional
	};
	struct walk w = {
		.wire = wire,
		.len = len,
		.c = diag_cursor_of(wire, len),
		.wanted = wanted,
		.arena = arena,
		.out = out,
	};
	enum dns_frame_end end = DNS_FRAME_WHOLE;
	uint16_t id, flags, counts[4];

	*out = (struct dns_frame){ .ede = -1 };
	if (!diag_cursor_u16(&w.c, &id) || !diag_cursor_u16(&w.c, &flags))
		return DNS_FRAME_BROKEN;
	out->flags = flags;
	for (size_t i = 0; i < 4; i++)
		if (!diag_cursor_u16(&w.c, &counts[i]))
			return DNS_FRAME_BROKEN;
	out->questions = counts[0];
	for (size_t i = 0; i < 4 && end == DNS_FRAME_WHOLE; i++)
		end = read_section(&w, counts[i], sections[i]);
	return end;
}

void dns_frame_clear(struct dns_frame *frame)
{
	for (size_t i = 0; i < frame->n_answers; i++)
		ldns_rr_free(frame->answers[i]);
	ldns_rr_free(frame->soa);
	frame->n_answers = 0;
	frame->soa = NULL;
}
