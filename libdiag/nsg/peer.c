/* SPDX-License-Identifier: MIT */
/* peer.c - the ends of rules and flows: "*", addresses, tags, groups.
 *
 * A tag begins with a letter and has letters, digits, points and blanks only,
 * so nothing that was meant as an address is taken for one: "10.150.0.400" is
 * wrong and no tag.
 */
#include "nsg/internal.h"

#include <string.h>

#include "base/text.h"

#define ASG_WORD "asg:"

static enum nsg_text add(struct diag_arena *arena,
			 const struct diag_nsg_peer *peer,
			 struct nsg_peers *out)
{
	struct diag_nsg_peer *place;

	if (out->n >= DIAG_NSG_PEERS)
		return NSG_TEXT_MANY;
	place = diag_arena_push(arena, &out->items, &out->n, sizeof(*place));
	if (place == NULL)
		return NSG_TEXT_NOMEM;
	*place = *peer;
	return NSG_TEXT_OK;
}

/* --- addresses -------------------------------------------------------------
 */

static unsigned bit_of(const struct diag_addr *a, unsigned bit)
{
	return (unsigned)a->bytes[bit / 8] >> (7 - bit % 8) & 1U;
}

static unsigned bits_of(const struct diag_addr *a)
{
	return (unsigned)diag_addr_len(a) * 8;
}

/* How many bits from the end are all `ones` (1 or 0). */
static unsigned run_at_end(const struct diag_addr *a, unsigned ones)
{
	unsigned n = 0;

	while (n < bits_of(a) && bit_of(a, bits_of(a) - 1 - n) == ones)
		n++;
	return n;
}

/* The largest prefix that begins with first and does not pass last. */
static struct diag_cidr largest(const struct diag_addr *first,
				const struct diag_addr *last)
{
	struct diag_cidr c = { *first, 0 };

	c.len = (uint8_t)(bits_of(first) - run_at_end(first, 0));
	for (; c.len < bits_of(first); c.len++) {
		struct nsg_span s = nsg_span_of(&c);

		if (diag_addr_cmp(&s.last, last) <= 0)
			break;
	}
	return c;
}

static enum nsg_text add_range(struct diag_arena *arena,
			       const struct diag_addr ends[2], const char *text,
			       struct nsg_peers *out)
{
	struct diag_nsg_peer peer = { .kind = DIAG_PEER_CIDR,
				      .region = "",
				      .text = text };
	struct diag_addr at = ends[0];
	bool more = true;

	while (more && diag_addr_cmp(&at, &ends[1]) <= 0) {
		enum nsg_text rc;

		peer.cidr = largest(&at, &ends[1]);
		rc = add(arena, &peer, out);
		if (rc != NSG_TEXT_OK)
			return rc;
		at = nsg_span_of(&peer.cidr).last;
		more = nsg_addr_after(&at);
	}
	return NSG_TEXT_OK;
}

/* "10.0.0.4-10.0.0.9" */
static bool range_of(const char *text, struct diag_addr ends[2])
{
	struct diag_cursor c = diag_cursor_of(text, strlen(text));
	struct diag_slice first;
	struct diag_slice last;

	if (!diag_cursor_until(&c, '-', &first))
		return false;
	last = (struct diag_slice){ (const char *)c.at, diag_cursor_left(&c) };
	first = diag_slice_trim(first);
	last = diag_slice_trim(last);
	return diag_addr_parse_n(first.p, first.len, &ends[0]) &&
	       diag_addr_parse_n(last.p, last.len, &ends[1]) &&
	       ends[0].family == ends[1].family && ends[0].zone[0] == '\0' &&
	       ends[1].zone[0] == '\0' &&
	       diag_addr_cmp(&ends[0], &ends[1]) <= 0;
}

/* --- tags ------------------------------------------------------------------
 */

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool tag_like(struct diag_slice s)
{
	if (s.len == 0 || s.len > 128 || !letter(s.p[0]))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!letter(s.p[i]) && !(s.p[i] >= '0' && s.p[i] <= '9') &&
		    strchr("._- ", s.p[i]) == NULL)
			return false;
	}
	return s.p[s.len - 1] != '.';
}

/* Without blanks; NULL without memory. */
static char *squeezed(struct diag_arena *arena, struct diag_slice s)
{
	char *out = diag_arena_alloc(arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; out != NULL && i < s.len; i++) {
		if (s.p[i] != ' ')
			out[n++] = s.p[i];
	}
	return out;
}

const char *nsg_region(struct diag_arena *arena, struct diag_slice text)
{
	char *region = squeezed(arena, text);

	if (region == NULL)
		return NULL;
	diag_text_lower(region);
	return nsg_region_canonical(region);
}

static enum nsg_text add_tag(struct diag_arena *arena, struct diag_slice s,
			     const char *text, struct nsg_peers *out)
{
	struct diag_nsg_peer peer = { .kind = DIAG_PEER_TAG,
				      .region = "",
				      .text = text };
	struct diag_cursor c = diag_cursor_of(s.p, s.len);
	struct diag_slice name = s;
	const char *own;

	if (diag_cursor_until(&c, '.', &name)) {
		struct diag_slice region = { (const char *)c.at,
					     diag_cursor_left(&c) };

		peer.region = nsg_region(arena, region);
	}
	own = squeezed(arena, name);
	if (own != NULL)
		peer.tag = nsg_tag_canonical(own);
	if (peer.tag == NULL)
		peer.tag = own;
	if (peer.tag == NULL || peer.region == NULL)
		return NSG_TEXT_NOMEM;
	peer.tag_kind = (int)nsg_tag_kind(&peer);
	return peer.tag[0] != '\0' ? add(arena, &peer, out) : NSG_TEXT_BAD;
}

/* What an id may hold so that it can stand in a list of ends. */
static bool id_like(const char *id)
{
	struct diag_slice all = diag_slice_of(id);

	return all.len > 0 && diag_slice_trim(all).len == all.len &&
	       strchr(id, ',') == NULL;
}

enum nsg_text nsg_peers_asg(struct diag_arena *arena, const char *id,
			    struct nsg_peers *out)
{
	struct diag_nsg_peer peer = { .kind = DIAG_PEER_ASG, .region = "" };
	char *lower;

	if (!id_like(id))
		return NSG_TEXT_BAD;
	lower = diag_arena_strdup(arena, id);
	peer.text = diag_arena_printf(arena, ASG_WORD "%s", id);
	if (lower == NULL || peer.text == NULL)
		return NSG_TEXT_NOMEM;
	diag_text_lower(lower);
	peer.tag = lower;
	return add(arena, &peer, out);
}

static enum nsg_text parse_one(struct diag_arena *arena, struct diag_slice s,
			       struct nsg_peers *out)
{
	struct diag_nsg_peer peer = { .kind = DIAG_PEER_ANY, .region = "" };
	const char *text = diag_arena_strn(arena, s.p, s.len);
	struct diag_addr ends[2];

	if (text == NULL)
		return NSG_TEXT_NOMEM;
	peer.text = text;
	if (strcmp(text, "*") == 0 || diag_text_eq_nocase(text, "any"))
		return add(arena, &peer, out);
	if (diag_cidr_parse(text, true, &peer.cidr)) {
		peer.kind = DIAG_PEER_CIDR;
		return add(arena, &peer, out);
	}
	if (range_of(text, ends))
		return add_range(arena, ends, text, out);
	if (diag_text_find_nocase(text, strlen(text), ASG_WORD) == text)
		return nsg_peers_asg(arena, text + strlen(ASG_WORD), out);
	return tag_like(s) ? add_tag(arena, s, text, out) : NSG_TEXT_BAD;
}

enum nsg_text nsg_peers_parse(struct diag_arena *arena, const char *text,
			      struct nsg_peers *out)
{
	struct diag_cursor c = diag_cursor_of(text, strlen(text));
	struct diag_slice item;

	while (nsg_next_of_list(&c, &item)) {
		enum nsg_text rc = parse_one(arena, item, out);

		if (rc != NSG_TEXT_OK)
			return rc;
	}
	return NSG_TEXT_OK;
}
