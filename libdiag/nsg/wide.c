/* SPDX-License-Identifier: MIT */
/* wide.c - rules that let in more than is needed (nsg.too-wide).
 *
 * A service reaches in from the addresses of its tag.  Whether the whole
 * Internet, or all of Azure (where everybody may rent a machine), could come
 * in the same way is asked of the evaluator: a rule that never gets its turn is
 * no harm.
 */
#include <string.h>

#include "base/text.h"
#include "nsg/command.h"

static const struct diag_nsg_peer wider[] = {
	{ .kind = DIAG_PEER_TAG,
	  .tag = "Internet",
	  .region = "",
	  .text = "Internet",
	  .tag_kind = NSG_TAG_INTERNET },
	{ .kind = DIAG_PEER_TAG,
	  .tag = "AzureCloud",
	  .region = "",
	  .text = "AzureCloud",
	  .tag_kind = NSG_TAG_CLOUD },
};

struct finder {
	const struct diag_nsg_world *world;
	struct diag_arena *arena;
	struct diag_nsg_wide_list list;
};

static bool known(const struct finder *f, const struct diag_nsg_rule *rule)
{
	for (size_t i = 0; i < f->list.n; i++) {
		if (f->list.items[i].rule == rule)
			return true;
	}
	return false;
}

/* Would the rule with another source still be of use for nothing else? */
static bool only_for(const struct diag_nsg_rule *rule,
		     const struct diag_flow *need)
{
	for (size_t i = 0; i < rule->n_to_ports; i++) {
		if (rule->to_ports[i].first < need->port ||
		    rule->to_ports[i].last > need->port_last)
			return false;
	}
	return rule->tcp != rule->udp;
}

static const char *command_of(struct finder *f, const struct diag_nsg *g,
			      const struct diag_nsg_rule *rule,
			      const struct diag_flow *need)
{
	struct diag_buf out;
	const char *text;

	diag_buf_init(&out, NSG_COMMAND_MAX);
	diag_buf_puts(&out, "az network nsg rule update");
	nsg_put_group(&out, g);
	nsg_put_option(&out, "-n", rule->name);
	nsg_put_peer(&out, true, &need->peer);
	text = out.code == DIAG_OK
		   ? diag_arena_strdup(f->arena, diag_buf_str(&out))
		   : NULL;
	diag_buf_clear(&out);
	return text;
}

static bool add(struct finder *f, const struct diag_flow_verdict *v,
		const struct diag_flow *need, const struct diag_nsg_peer *from,
		struct diag_err *err)
{
	struct diag_nsg_wide it = { .group = v->group,
				    .rule = v->rule,
				    .lets_in = from->text,
				    .need = need };
	struct diag_nsg_wide *place;

	if (only_for(v->rule, need) && nsg_word_ok(v->group->name) &&
	    nsg_word_ok(v->group->resource_group) &&
	    nsg_word_ok(v->rule->name) &&
	    strcmp(need->peer.region, NSG_REGION_UNKNOWN) != 0) {
		it.command = command_of(f, v->group, v->rule, need);
		if (it.command == NULL)
			return diag_fail_nomem(err, "nsg.too-wide");
	}
	place = diag_arena_push(f->arena, &f->list.items, &f->list.n,
				sizeof(*place));
	if (place == NULL)
		return diag_fail_nomem(err, "nsg.too-wide");
	*place = it;
	return true;
}

static bool look(struct finder *f, const struct diag_flow *need,
		 struct diag_err *err)
{
	for (size_t i = 0; i < sizeof(wider) / sizeof(*wider); i++) {
		struct diag_flow flow = *need;
		struct diag_flow_verdict v;

		flow.peer = wider[i];
		if (!diag_nsg_evaluate(f->world, &flow, f->arena, &v, err))
			return false;
		if (v.result != DIAG_FLOW_ALLOWED || v.rule == NULL ||
		    v.rule->is_default)
			continue;
		return known(f, v.rule) || add(f, &v, need, &wider[i], err);
	}
	return true;
}

static bool is_service(const struct diag_nsg_peer *p)
{
	enum nsg_tag_kind kind =
	    p->kind == DIAG_PEER_TAG ? nsg_tag_kind(p) : NSG_TAG_VNET;

	return kind == NSG_TAG_SERVICE || kind == NSG_TAG_FRESH;
}

bool diag_nsg_too_wide(const struct diag_nsg_world *world,
		       const struct diag_flow_list *flows,
		       struct diag_arena *arena, struct diag_nsg_wide_list *out,
		       struct diag_err *err)
{
	struct finder f = { .world = world, .arena = arena };

	for (size_t i = 0; i < flows->n; i++) {
		const struct diag_flow *flow = &flows->items[i];

		if (flow->dir == DIAG_IN && is_service(&flow->peer) &&
		    !look(&f, flow, err))
			return false;
	}
	*out = f.list;
	return true;
}
