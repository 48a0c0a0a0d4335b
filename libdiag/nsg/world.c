/* SPDX-License-Identifier: MIT */
/* world.c - which addresses go by which name, as far as one can know. */
#include "nsg/world.h"

#include <string.h>

#include "base/text.h"

#define V4(a, b, c, d, n)                                           \
	{                                                           \
		{ .family = DIAG_IPV4, .bytes = { a, b, c, d } }, n \
	}
#define V6(a, b, n)                                           \
	{                                                     \
		{ .family = DIAG_IPV6, .bytes = { a, b } }, n \
	}

/* What "reachable by the public Internet" leaves out (RFC 6890, and the
 * host's own address). */
static const struct diag_cidr not_public[] = {
	V4(0, 0, 0, 0, 8),     V4(10, 0, 0, 0, 8),     V4(100, 64, 0, 0, 10),
	V4(127, 0, 0, 0, 8),   V4(169, 254, 0, 0, 16), V4(168, 63, 129, 16, 32),
	V4(172, 16, 0, 0, 12), V4(192, 168, 0, 0, 16), V4(224, 0, 0, 0, 3),
	V6(0, 0, 127),	       V6(0xfc, 0, 7),	       V6(0xfe, 0x80, 10),
	V6(0xff, 0, 8),
};
#define N_NOT_PUBLIC (sizeof(not_public) / sizeof(*not_public))

static const struct nsg_span host_dns = {
	{ .family = DIAG_IPV4, .bytes = { 168, 63, 129, 16 } },
	{ .family = DIAG_IPV4, .bytes = { 168, 63, 129, 16 } },
};
static const struct nsg_span host_metadata = {
	{ .family = DIAG_IPV4, .bytes = { 169, 254, 169, 254 } },
	{ .family = DIAG_IPV4, .bytes = { 169, 254, 169, 254 } },
};

bool nsg_world_open(struct nsg_world *w, const struct diag_nsg_world *given,
		    enum diag_family family, struct diag_arena *arena)
{
	size_t n = given->n_vnet;
	struct nsg_span *vnet = diag_arena_array(arena, n + 1, sizeof(*vnet));
	struct nsg_span *inside =
	    diag_arena_array(arena, n + N_NOT_PUBLIC, sizeof(*inside));

	if (vnet == NULL || inside == NULL)
		return false;
	for (size_t i = 0; i < N_NOT_PUBLIC; i++)
		inside[i] = nsg_span_of(&not_public[i]);
	for (size_t i = 0; i < n; i++) {
		vnet[i] = nsg_span_of(&given->vnet[i]);
		inside[N_NOT_PUBLIC + i] = vnet[i];
	}
	*w = (struct nsg_world){
		.given = given,
		.arena = arena,
		.family = family,
		.vnet = nsg_set_of(vnet, n),
		.inside = nsg_set_of(inside, N_NOT_PUBLIC + n),
	};
	return true;
}

/* The addresses of a tag, or NULL; *one is room for a set of one. */
static const struct nsg_set *set_of(const struct nsg_world *w,
				    const struct diag_nsg_peer *tag,
				    struct nsg_set *one)
{
	enum nsg_tag_kind kind = nsg_tag_kind(tag);

	*one = (struct nsg_set){ &host_dns, 1 };
	if (kind == NSG_TAG_PLATFORM && strstr(tag->tag, "IMDS") != NULL)
		one->spans = &host_metadata;
	if (kind == NSG_TAG_BALANCER || kind == NSG_TAG_PLATFORM)
		return one;
	if (kind == NSG_TAG_VNET || kind == NSG_TAG_INTERNET)
		return NULL;
	return nsg_service_tag(w->given->tags, tag);
}

static bool has_vnet(const struct nsg_world *w)
{
	for (size_t i = 0; i < w->vnet.n; i++) {
		if (w->vnet.spans[i].first.family == w->family)
			return true;
	}
	return false;
}

/* --- answers ---------------------------------------------------------------
 */

static struct nsg_answer plain(enum nsg_rel rel)
{
	return (struct nsg_answer){ .rel = rel };
}

static struct nsg_answer maybe(enum diag_flow_doubt doubt)
{
	return (struct nsg_answer){ .rel = NSG_MAYBE, .doubt = doubt };
}

static struct nsg_answer in_set(const struct nsg_span *s,
				const struct nsg_set *set)
{
	struct nsg_answer a = plain(NSG_NONE);

	a.rel = nsg_span_in_set(s, set, &a.cut);
	return a;
}

/* Names stand for addresses of both families; a flow is of one. */
static bool everything(const struct diag_cidr *c)
{
	return c->len == 0;
}

/* --- a span against an entry -----------------------------------------------
 */

/* Where it is public it may be in the tag, elsewhere it is not. */
static struct nsg_answer span_in_public(const struct nsg_world *w,
					const struct nsg_span *s)
{
	struct nsg_answer a = in_set(s, &w->inside);

	if (a.rel == NSG_FULL)
		return plain(NSG_NONE);
	return a.rel == NSG_NONE ? maybe(DIAG_DOUBT_ADDRESSES) : a;
}

static struct nsg_answer span_in_internet(const struct nsg_world *w,
					  const struct nsg_span *s)
{
	struct nsg_answer a = in_set(s, &w->inside);

	if (a.rel == NSG_SPLIT)
		return a;
	return plain(a.rel == NSG_FULL ? NSG_NONE : NSG_FULL);
}

/* The given networks are in it, the Internet is not, the rest may be. */
static struct nsg_answer span_in_vnet(const struct nsg_world *w,
				      const struct nsg_span *s)
{
	struct nsg_answer a = in_set(s, &w->vnet);

	if (a.rel != NSG_NONE)
		return a;
	a = in_set(s, &w->inside);
	return a.rel == NSG_FULL ? maybe(DIAG_DOUBT_VNET) : a;
}

/* Members of a security group are machines of the network. */
static struct nsg_answer span_in_asg(const struct nsg_world *w,
				     const struct nsg_span *s)
{
	const struct nsg_set *set = has_vnet(w) ? &w->vnet : &w->inside;
	struct nsg_answer a = in_set(s, set);

	return a.rel == NSG_FULL ? maybe(DIAG_DOUBT_ASG) : a;
}

static struct nsg_answer span_in_tag(const struct nsg_world *w,
				     const struct nsg_end *end,
				     const struct diag_nsg_peer *entry)
{
	bool named = end->as != NULL && end->as->kind == DIAG_PEER_TAG;
	enum nsg_rel by_name = named ? nsg_tag_rel(end->as, entry) : NSG_MAYBE;
	const struct nsg_set *set;
	struct nsg_set one;

	if (named && by_name == NSG_FULL &&
	    diag_text_eq_nocase(end->as->tag, entry->tag))
		return plain(NSG_FULL);
	set = set_of(w, entry, &one);
	if (set != NULL)
		return in_set(&end->span, set);
	if (by_name == NSG_FULL || by_name == NSG_NONE)
		return plain(by_name);
	if (nsg_tag_kind(entry) == NSG_TAG_INTERNET)
		return span_in_internet(w, &end->span);
	if (nsg_tag_kind(entry) == NSG_TAG_VNET)
		return span_in_vnet(w, &end->span);
	return span_in_public(w, &end->span);
}

static struct nsg_answer span_rel(const struct nsg_world *w,
				  const struct nsg_end *end,
				  const struct diag_nsg_peer *entry)
{
	struct nsg_answer a = plain(NSG_NONE);

	if (entry->kind == DIAG_PEER_TAG)
		return span_in_tag(w, end, entry);
	if (entry->kind == DIAG_PEER_ASG)
		return span_in_asg(w, &end->span);
	a.rel = nsg_span_in_cidr(&end->span, &entry->cidr, &a.cut);
	return a;
}

/* --- a name against an entry -----------------------------------------------
 */

static struct nsg_answer tag_in_cidr(const struct nsg_world *w,
				     const struct diag_nsg_peer *tag,
				     const struct diag_cidr *c)
{
	struct nsg_span s = nsg_span_of(c);
	struct diag_addr cut;
	enum nsg_rel inside = nsg_span_in_set(&s, &w->inside, &cut);

	if (everything(c))
		return plain(NSG_FULL);
	if (nsg_tag_kind(tag) == NSG_TAG_VNET)
		return inside == NSG_NONE ? plain(NSG_NONE)
					  : maybe(DIAG_DOUBT_VNET);
	return inside == NSG_FULL ? plain(NSG_NONE)
				  : maybe(DIAG_DOUBT_ADDRESSES);
}

static struct nsg_answer tag_in_tag(const struct diag_nsg_peer *tag,
				    const struct diag_nsg_peer *entry)
{
	struct nsg_answer a = plain(nsg_tag_rel(tag, entry));
	bool open = strcmp(tag->region, NSG_REGION_UNKNOWN) == 0;

	if (a.rel == NSG_MAYBE)
		a.doubt = open ? DIAG_DOUBT_REGION : DIAG_DOUBT_TAGS;
	return a;
}

/* An address of our network, ours or a member's of a security group. */
static struct nsg_answer own_in_cidr(const struct nsg_world *w,
				     const struct diag_cidr *c,
				     enum diag_flow_doubt doubt)
{
	struct nsg_span s = nsg_span_of(c);
	const struct nsg_set *own = has_vnet(w) ? &w->vnet : &w->inside;
	struct diag_addr cut;
	bool all = true;

	if (everything(c))
		return plain(NSG_FULL);
	if (nsg_span_in_set(&s, own, &cut) == NSG_NONE)
		return plain(NSG_NONE);
	for (size_t i = 0; i < own->n; i++) {
		if (own->spans[i].first.family == w->family)
			all = all && nsg_span_in_cidr(&own->spans[i], c,
						      &cut) == NSG_FULL;
	}
	return all ? plain(NSG_FULL) : maybe(doubt);
}

static struct nsg_answer own_rel(const struct nsg_world *w,
				 const struct diag_nsg_peer *as,
				 const struct diag_nsg_peer *entry)
{
	bool asg = as->kind == DIAG_PEER_ASG;

	if (entry->kind == DIAG_PEER_CIDR)
		return own_in_cidr(w, &entry->cidr,
				   asg ? DIAG_DOUBT_ASG : DIAG_DOUBT_SELF);
	if (entry->kind == DIAG_PEER_TAG)
		return plain(nsg_tag_kind(entry) == NSG_TAG_VNET ? NSG_FULL
								 : NSG_NONE);
	return asg && strcmp(as->tag, entry->tag) == 0 ? plain(NSG_FULL)
						       : maybe(DIAG_DOUBT_ASG);
}

static struct nsg_answer name_rel(const struct nsg_world *w,
				  const struct diag_nsg_peer *as,
				  const struct diag_nsg_peer *entry)
{
	if (entry->kind == DIAG_PEER_CIDR &&
	    entry->cidr.addr.family != w->family)
		return plain(NSG_NONE);
	if (as->kind != DIAG_PEER_TAG)
		return own_rel(w, as, entry);
	if (entry->kind == DIAG_PEER_CIDR)
		return tag_in_cidr(w, as, &entry->cidr);
	if (entry->kind == DIAG_PEER_TAG)
		return tag_in_tag(as, entry);
	return nsg_tag_kind(as) == NSG_TAG_VNET ? maybe(DIAG_DOUBT_ASG)
						: plain(NSG_NONE);
}

/* --- an end against a rule -------------------------------------------------
 */

bool nsg_peer_within(const struct diag_nsg_peer *inner,
		     const struct diag_nsg_peer *outer)
{
	struct diag_addr cut;
	struct nsg_span s;

	if (outer->kind == DIAG_PEER_ANY)
		return true;
	if (inner->kind != outer->kind)
		return false;
	if (inner->kind == DIAG_PEER_TAG)
		return nsg_tag_rel(inner, outer) == NSG_FULL;
	if (inner->kind == DIAG_PEER_ASG)
		return strcmp(inner->tag, outer->tag) == 0;
	s = nsg_span_of(&inner->cidr);
	return nsg_span_in_cidr(&s, &outer->cidr, &cut) == NSG_FULL;
}

static bool gone(const struct nsg_piece *pieces,
		 const struct diag_nsg_peer *entry)
{
	for (; pieces != NULL; pieces = pieces->next) {
		if (nsg_peer_within(entry, pieces->peer))
			return true;
	}
	return false;
}

static struct nsg_answer entry_rel(const struct nsg_world *w,
				   const struct nsg_end *end,
				   const struct diag_nsg_peer *entry)
{
	if (entry->kind == DIAG_PEER_ANY)
		return plain(NSG_FULL);
	if (gone(end->removed, entry) || gone(end->taken, entry))
		return plain(NSG_NONE);
	return end->by_span ? span_rel(w, end, entry)
			    : name_rel(w, end->as, entry);
}

/* What has to be settled first comes first. */
static int weight(enum nsg_rel rel)
{
	static const int weights[] = { [NSG_NONE] = 0,
				       [NSG_MAYBE] = 1,
				       [NSG_PART] = 2,
				       [NSG_SPLIT] = 3,
				       [NSG_FULL] = 4 };

	return weights[rel];
}

struct nsg_answer nsg_end_rel(const struct nsg_world *w,
			      const struct nsg_end *end,
			      const struct diag_nsg_peer *entries, size_t n)
{
	struct nsg_answer best = plain(NSG_NONE);

	for (size_t i = 0; i < n; i++) {
		struct nsg_answer a = entry_rel(w, end, &entries[i]);

		if (weight(a.rel) > weight(best.rel)) {
			best = a;
			best.entry = &entries[i];
		}
		if (best.rel == NSG_FULL)
			break;
	}
	return best;
}

/* --- what a flow names -----------------------------------------------------
 */

static bool add_end(const struct nsg_world *w, const struct nsg_end *end,
		    struct nsg_ends *out)
{
	struct nsg_end *place =
	    diag_arena_push(w->arena, &out->items, &out->n, sizeof(*place));

	if (place == NULL)
		return false;
	*place = *end;
	return true;
}

static bool add_set(const struct nsg_world *w, const struct nsg_set *set,
		    const struct diag_nsg_peer *as, struct nsg_ends *out)
{
	for (size_t i = 0; i < set->n; i++) {
		struct nsg_end end = { .as = as,
				       .by_span = true,
				       .span = set->spans[i] };

		if (end.span.first.family == w->family &&
		    !add_end(w, &end, out))
			return false;
	}
	return true;
}

static bool add_tag(const struct nsg_world *w, const struct diag_nsg_peer *tag,
		    struct nsg_ends *out)
{
	enum nsg_tag_kind kind = nsg_tag_kind(tag);
	const struct nsg_set *set;
	struct nsg_set room;

	if (kind == NSG_TAG_VNET)
		return add_set(w, &w->vnet, tag, out);
	if (kind == NSG_TAG_INTERNET)
		return nsg_set_rest(&w->inside, w->family, w->arena, &room) &&
		       add_set(w, &room, tag, out);
	set = set_of(w, tag, &room);
	return set == NULL || add_set(w, set, tag, out);
}

bool nsg_ends_of(const struct nsg_world *w, const struct diag_nsg_peer *peer,
		 bool ours, bool by_name, struct nsg_ends *out)
{
	struct diag_cidr all = { .addr = { .family = w->family } };
	struct nsg_end end = { .as = peer };

	*out = (struct nsg_ends){ .n = 0 };
	if (peer->kind == DIAG_PEER_CIDR ||
	    (peer->kind == DIAG_PEER_ANY && !ours)) {
		end.as = NULL;
		end.by_span = true;
		end.span = nsg_span_of(
		    peer->kind == DIAG_PEER_CIDR ? &peer->cidr : &all);
		return add_end(w, &end, out);
	}
	if (peer->kind == DIAG_PEER_TAG && !by_name && !add_tag(w, peer, out))
		return false;
	/* Nobody knows its addresses: its name has to do. */
	return out->n > 0 || add_end(w, &end, out);
}
