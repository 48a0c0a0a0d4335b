/* SPDX-License-Identifier: MIT */
/* repair.c - the rule that lets a flow through.
 *
 * It has to come before every rule that denies any of the flow, or may.  Which
 * ones these are is asked of the evaluator itself, with a group that has only
 * that rule and then lets everything through.  The new rule is tried in the
 * same way before it is offered.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "nsg/command.h"

#define FIRST_PRIORITY 100
#define LAST_PRIORITY  4096
#define STEP	       10
#define NAME_MAX_LEN   80

struct repairer {
	const struct diag_nsg_world *world;
	struct diag_arena *arena;
	struct diag_nsg_repair_list list;
};

static const struct diag_nsg_peer anybody = { .kind = DIAG_PEER_ANY,
					      .region = "",
					      .text = "*" };
static const struct diag_port_range every_port = { 0, NSG_PORT_LAST };

static struct diag_nsg_rule all_of(enum diag_dir dir, bool allow)
{
	return (struct diag_nsg_rule){
		.name = "",
		.priority = NSG_PORT_LAST,
		.dir = dir,
		.allow = allow,
		.tcp = true,
		.udp = true,
		.icmp = true,
		.protocol = "*",
		.from = &anybody,
		.to = &anybody,
		.n_from = 1,
		.n_to = 1,
		.from_ports = &every_port,
		.to_ports = &every_port,
		.n_from_ports = 1,
		.n_to_ports = 1,
	};
}

/* What one group by itself says. */
static bool ask(struct repairer *r, const struct diag_nsg *g,
		const struct diag_flow *flow, enum diag_flow_result *out,
		struct diag_err *err)
{
	struct diag_nsg one = *g;
	struct diag_nsg_list list = { &one, 1 };
	struct diag_nsg_world world = *r->world;
	struct diag_flow_verdict v;

	world.groups = &list;
	if (!diag_nsg_evaluate(&world, flow, r->arena, &v, err))
		return false;
	*out = v.result;
	return true;
}

/* Does the rule take any of the flow, for all that is known? */
static bool touches(struct repairer *r, const struct diag_nsg_rule *rule,
		    const struct diag_flow *flow, bool *out,
		    struct diag_err *err)
{
	struct diag_nsg_rule rules[2] = { *rule,
					  all_of(flow->dir, !rule->allow) };
	struct diag_nsg g = { .name = "", .rules = rules, .n_rules = 2 };
	enum diag_flow_result result;

	if (!ask(r, &g, flow, &result, err))
		return false;
	*out = result != (rule->allow ? DIAG_FLOW_DENIED : DIAG_FLOW_ALLOWED);
	return true;
}

/* Most rules are about other ports, which is quickly seen. */
static bool meets_ports(const struct diag_nsg_rule *rule,
			const struct diag_flow *flow)
{
	for (size_t i = 0; i < rule->n_to_ports; i++) {
		if (rule->to_ports[i].first <= flow->port_last &&
		    rule->to_ports[i].last >= flow->port)
			return true;
	}
	return false;
}

/* The first rule that must not come before the new one, or NULL. */
static bool first_denial(struct repairer *r, const struct diag_nsg *g,
			 const struct diag_flow *flow,
			 const struct diag_nsg_rule **out, struct diag_err *err)
{
	*out = NULL;
	for (size_t i = 0; i < g->n_rules && *out == NULL; i++) {
		const struct diag_nsg_rule *rule = &g->rules[i];
		bool hit = false;

		if (rule->dir != flow->dir || rule->allow ||
		    !meets_ports(rule, flow))
			continue;
		if (!touches(r, rule, flow, &hit, err))
			return false;
		if (hit)
			*out = rule;
	}
	return true;
}

/* --- priority and name -----------------------------------------------------
 */

/* Which priorities are in use; both directions of repairs count, which does no
 * harm. */
static void find_used(const struct repairer *r, const struct diag_nsg *g,
		      enum diag_dir dir, bool used[LAST_PRIORITY + 1])
{
	for (size_t i = 0; i < g->n_rules; i++) {
		const struct diag_nsg_rule *rule = &g->rules[i];

		if (rule->dir == dir && rule->priority <= LAST_PRIORITY)
			used[rule->priority] = true;
	}
	for (size_t i = 0; i < r->list.n; i++) {
		if (r->list.items[i].group == g &&
		    r->list.items[i].command != NULL)
			used[r->list.items[i].priority] = true;
	}
}

/* After the last rule before the denial, in tens if there is room; 0: there is
 * none. */
static unsigned free_priority(const struct repairer *r,
			      const struct diag_nsg *g, enum diag_dir dir,
			      unsigned limit)
{
	bool used[LAST_PRIORITY + 1] = { false };
	unsigned top = FIRST_PRIORITY - STEP;
	unsigned p;

	find_used(r, g, dir, used);
	if (limit > LAST_PRIORITY + 1)
		limit = LAST_PRIORITY + 1;
	for (p = FIRST_PRIORITY; p < limit; p++) {
		if (used[p])
			top = p;
	}
	p = (top / STEP + 1) * STEP;
	if (p < limit && !used[p])
		return p;
	for (p = limit - 1; p >= FIRST_PRIORITY; p--) {
		if (!used[p])
			return p;
	}
	return 0;
}

static bool name_used(const struct repairer *r, const struct diag_nsg *g,
		      const char *name)
{
	for (size_t i = 0; i < g->n_rules; i++) {
		if (diag_text_eq_nocase(g->rules[i].name, name))
			return true;
	}
	for (size_t i = 0; i < r->list.n; i++) {
		if (r->list.items[i].group == g &&
		    r->list.items[i].rule != NULL &&
		    strcmp(r->list.items[i].rule, name) == 0)
			return true;
	}
	return false;
}

/* Letters, digits and . _ - are what Azure takes. */
static void tidy(char *name)
{
	for (; *name != '\0'; name++) {
		bool ok = (*name >= 'a' && *name <= 'z') ||
			  (*name >= 'A' && *name <= 'Z') ||
			  (*name >= '0' && *name <= '9') || *name == '.' ||
			  *name == '_' || *name == '-';

		if (!ok)
			*name = '-';
	}
}

static const char *short_peer(const struct diag_nsg_peer *p)
{
	const char *slash =
	    p->kind == DIAG_PEER_ASG ? strrchr(p->text, '/') : NULL;

	if (p->kind == DIAG_PEER_ANY)
		return "any";
	return slash != NULL ? slash + 1 : p->text;
}

static const char *ports_of(const struct diag_flow *f, char out[NSG_PORTS_TEXT])
{
	const struct diag_port_range range = { f->port, f->port_last };

	return nsg_ports_text(&range, out);
}

static const char *new_name(const struct repairer *r, const struct diag_nsg *g,
			    const struct diag_flow *f)
{
	char ports[NSG_PORTS_TEXT];
	char name[NAME_MAX_LEN + 1];
	bool all = f->port == 0 && f->port_last == NSG_PORT_LAST;

	for (unsigned i = 1; i < DIAG_NSG_RULES * 2; i++) {
		int n = snprintf(name, sizeof(name), "allow-%.40s-%s-%s-%s",
				 short_peer(&f->peer),
				 f->proto == DIAG_TCP ? "tcp" : "udp",
				 all ? "all" : ports_of(f, ports),
				 f->dir == DIAG_IN ? "in" : "out");

		if (i > 1 && n > 0)
			(void)snprintf(name + n, sizeof(name) - (size_t)n,
				       "-%u", i);
		tidy(name);
		if (!name_used(r, g, name))
			return diag_arena_strdup(r->arena, name);
	}
	return NULL;
}

/* --- the line --------------------------------------------------------------
 */

static const char *command_of(struct repairer *r,
			      const struct diag_nsg_repair *it,
			      const struct diag_flow *f)
{
	char ports[NSG_PORTS_TEXT];
	struct diag_buf out;
	const char *text;
	bool in = f->dir == DIAG_IN;

	diag_buf_init(&out, NSG_COMMAND_MAX);
	diag_buf_puts(&out, "az network nsg rule create");
	nsg_put_group(&out, it->group);
	nsg_put_option(&out, "-n", it->rule);
	diag_buf_printf(&out,
			" --priority %u --direction %s --access Allow "
			"--protocol %s",
			it->priority, in ? "Inbound" : "Outbound",
			f->proto == DIAG_TCP ? "Tcp" : "Udp");
	nsg_put_peer(&out, true, in ? &f->peer : &f->self);
	diag_buf_puts(&out, " --source-port-ranges '*'");
	nsg_put_peer(&out, false, in ? &f->self : &f->peer);
	nsg_put_option(&out, "--destination-port-ranges", ports_of(f, ports));
	text = out.code == DIAG_OK
		   ? diag_arena_strdup(r->arena, diag_buf_str(&out))
		   : NULL;
	diag_buf_clear(&out);
	return text;
}

static const char *obstacle(struct repairer *r, const struct diag_nsg *g,
			    const struct diag_flow *f,
			    const struct diag_nsg_rule *denial,
			    unsigned priority)
{
	if (strcmp(f->peer.region, NSG_REGION_UNKNOWN) == 0)
		return "the region has to be known first";
	if (!nsg_word_ok(g->name) || !nsg_word_ok(g->resource_group) ||
	    !nsg_word_ok(f->peer.text) || !nsg_word_ok(f->self.text))
		return "a name has characters that no name in Azure has";
	if (priority == 0)
		return diag_arena_printf(
		    r->arena,
		    "no priority is free before rule %s (%u): give that rule a "
		    "higher number first",
		    denial != NULL ? denial->name : "",
		    denial != NULL ? denial->priority : 0);
	return NULL;
}

static bool add_repair(struct repairer *r, size_t flow,
		       const struct diag_flow *f, const struct diag_nsg *g,
		       struct diag_err *err)
{
	struct diag_nsg_repair it = { .flow = flow, .group = g };
	const struct diag_nsg_rule *denial = NULL;
	struct diag_nsg_repair *place;

	if (!first_denial(r, g, f, &denial, err))
		return false;
	it.priority = free_priority(
	    r, g, f->dir, denial != NULL ? denial->priority : LAST_PRIORITY);
	it.rule = new_name(r, g, f);
	it.problem = obstacle(r, g, f, denial, it.priority);
	if (it.problem == NULL && it.rule != NULL)
		it.command = command_of(r, &it, f);
	place = diag_arena_push(r->arena, &r->list.items, &r->list.n,
				sizeof(*place));
	if (place == NULL || (it.problem == NULL && it.command == NULL))
		return diag_fail_nomem(err, "repair");
	*place = it;
	return true;
}

bool diag_nsg_repairs(const struct diag_nsg_world *world,
		      const struct diag_flow_list *flows,
		      const struct diag_flow_verdict *verdicts,
		      struct diag_arena *arena,
		      struct diag_nsg_repair_list *out, struct diag_err *err)
{
	struct repairer r = { .world = world, .arena = arena };

	for (size_t i = 0; i < flows->n; i++) {
		const struct diag_flow *f = &flows->items[i];

		if (verdicts[i].result != DIAG_FLOW_DENIED &&
		    verdicts[i].result != DIAG_FLOW_PARTLY)
			continue;
		for (size_t k = 0; k < world->groups->n; k++) {
			const struct diag_nsg *g = &world->groups->items[k];
			enum diag_flow_result result = verdicts[i].result;

			if (world->groups->n > 1 &&
			    !ask(&r, g, f, &result, err))
				return false;
			if (result != DIAG_FLOW_ALLOWED &&
			    !add_repair(&r, i, f, g, err))
				return false;
		}
	}
	*out = r.list;
	return true;
}
