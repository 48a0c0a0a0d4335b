/* SPDX-License-Identifier: MIT */
/* doubt.c - what is not known, in one sentence. */
#include "nsg/evaluate.h"

static const char *peer_text(const struct diag_nsg_peer *p, const char *ours)
{
	return p->kind == DIAG_PEER_ANY ? ours : p->text;
}

/* The end of the flow that the rule's entry was held against. */
static const char *end_text(const struct nsg_reason *why,
			    const struct diag_flow *flow)
{
	return why->self ? peer_text(&flow->self, "our own address")
			 : peer_text(&flow->peer, "every address");
}

/* What follows "rule NAME (PRIORITY) is about THIS", before and after the end
 * of the flow. */
static const struct {
	const char *before, *after;
} tails[] = {
	[DIAG_DOUBT_ADDRESSES] = { ", and without the list of service tags "
				   "nobody can tell whether that is ",
				   "" },
	[DIAG_DOUBT_TAGS] = { ", and without the list of service tags nobody "
			      "can tell how much of ",
			      " that is" },
	[DIAG_DOUBT_REGION] = { ", and the region of ", " is not known" },
	[DIAG_DOUBT_ASG] = { ", whose members are not known: it may be about ",
			     "" },
	[DIAG_DOUBT_VNET] = { ", and nobody said which networks, peerings and "
			      "VPN clients VirtualNetwork has: it may be "
			      "about ",
			      "" },
	[DIAG_DOUBT_SELF] = { ", which may be ", "" },
};

static const char *rule_doubt(const struct nsg_reason *why,
			      const struct diag_flow *flow,
			      struct diag_arena *arena)
{
	return diag_arena_printf(arena, "rule %s (%u) is about %s%s%s%s",
				 why->rule->name, why->rule->priority,
				 why->entry->text, tails[why->doubt].before,
				 end_text(why, flow), tails[why->doubt].after);
}

const char *nsg_doubt_text(const struct nsg_reason *why,
			   const struct diag_flow *flow,
			   struct diag_arena *arena)
{
	switch (why->doubt) {
	case DIAG_DOUBT_PLATFORM:
		return diag_arena_printf(
		    arena,
		    "%s is the host's own: rules pass it by unless they name "
		    "AzurePlatformDNS or AzurePlatformIMDS",
		    flow->peer.text);
	case DIAG_DOUBT_PLACE:
		return diag_arena_printf(
		    arena, "groups on different subnets or network interfaces "
			   "do not agree, and nobody said which of them is in "
			   "the way");
	case DIAG_DOUBT_LIMIT:
		return diag_arena_printf(
		    arena, "flow and rules break into too many pieces");
	case DIAG_DOUBT_NONE:
		return diag_arena_printf(arena,
					 "parts of it may hold no address");
	default:
		return rule_doubt(why, flow, arena);
	}
}
