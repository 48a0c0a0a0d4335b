/* SPDX-License-Identifier: MIT */
/* defaults.c - the six rules that every group has (azure.md 3.3), and the
 * order in which rules are tried. */
#include "nsg/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct diag_nsg_peer any = { .kind = DIAG_PEER_ANY,
					  .region = "",
					  .text = "*" };
static const struct diag_nsg_peer vnet = { .kind = DIAG_PEER_TAG,
					   .tag = "VirtualNetwork",
					   .region = "",
					   .text = "VirtualNetwork" };
static const struct diag_nsg_peer internet = { .kind = DIAG_PEER_TAG,
					       .tag = "Internet",
					       .region = "",
					       .text = "Internet" };
static const struct diag_nsg_peer balancer = { .kind = DIAG_PEER_TAG,
					       .tag = "AzureLoadBalancer",
					       .region = "",
					       .text = "AzureLoadBalancer" };
static const struct diag_port_range all_ports = { 0, NSG_PORT_LAST };

static const struct {
	const char *name;
	unsigned priority;
	enum diag_dir dir;
	bool allow;
	const struct diag_nsg_peer *from, *to;
} rows[] = {
	{ "AllowVnetInBound", 65000, DIAG_IN, true, &vnet, &vnet },
	{ "AllowAzureLoadBalancerInBound", 65001, DIAG_IN, true, &balancer,
	  &any },
	{ "DenyAllInBound", 65500, DIAG_IN, false, &any, &any },
	{ "AllowVnetOutBound", 65000, DIAG_OUT, true, &vnet, &vnet },
	{ "AllowInternetOutBound", 65001, DIAG_OUT, true, &any, &internet },
	{ "DenyAllOutBound", 65500, DIAG_OUT, false, &any, &any },
};
#define N_ROWS (sizeof(rows) / sizeof(*rows))

static struct diag_nsg_rule rule_of(size_t row)
{
	return (struct diag_nsg_rule){
		.name = rows[row].name,
		.priority = rows[row].priority,
		.dir = rows[row].dir,
		.allow = rows[row].allow,
		.is_default = true,
		.tcp = true,
		.udp = true,
		.icmp = true,
		.protocol = "*",
		.from = rows[row].from,
		.to = rows[row].to,
		.n_from = 1,
		.n_to = 1,
		.from_ports = &all_ports,
		.to_ports = &all_ports,
		.n_from_ports = 1,
		.n_to_ports = 1,
	};
}

/* --- sameness --------------------------------------------------------------
 */

static bool same_peer(const struct diag_nsg_peer *a, size_t n,
		      const struct diag_nsg_peer *b)
{
	if (n != 1 || a->kind != b->kind)
		return false;
	return a->kind != DIAG_PEER_TAG ||
	       (diag_text_eq_nocase(a->tag, b->tag) && a->region[0] == '\0');
}

static bool all_of(const struct diag_port_range *ports, size_t n)
{
	return n == 1 && ports->first == 0 && ports->last == NSG_PORT_LAST;
}

bool nsg_is_plain_default(const struct diag_nsg_rule *rule)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rule->is_default && rule->dir == rows[i].dir &&
		    rule->priority == rows[i].priority &&
		    strcmp(rule->name, rows[i].name) == 0)
			return rule->allow == rows[i].allow && rule->tcp &&
			       rule->udp && rule->icmp &&
			       same_peer(rule->from, rule->n_from,
					 rows[i].from) &&
			       same_peer(rule->to, rule->n_to, rows[i].to) &&
			       all_of(rule->from_ports, rule->n_from_ports) &&
			       all_of(rule->to_ports, rule->n_to_ports);
	}
	return false;
}

/* Those that are as they should be go, and all six come: so each is there
 * once, whatever the document shows. */
void nsg_add_defaults(struct nsg_reader *r, struct diag_nsg_rule **rules,
		      size_t *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		if (!nsg_is_plain_default(&(*rules)[i]))
			(*rules)[kept++] = (*rules)[i];
	}
	*n = kept;
	for (size_t i = 0; i < N_ROWS; i++) {
		struct diag_nsg_rule *place;

		place = diag_arena_push(r->arena, rules, n, sizeof(*place));
		if (place == NULL) {
			r->nomem = true;
			return;
		}
		*place = rule_of(i);
	}
}

/* --- order ------------------------------------------------------------------
 */

struct ranked {
	struct diag_nsg_rule rule;
	size_t place;
};

static int by_turn(const void *a, const void *b)
{
	const struct ranked *x = a;
	const struct ranked *y = b;

	if (x->rule.dir != y->rule.dir)
		return x->rule.dir < y->rule.dir ? -1 : 1;
	if (x->rule.priority != y->rule.priority)
		return x->rule.priority < y->rule.priority ? -1 : 1;
	if (x->rule.allow != y->rule.allow)
		return x->rule.allow ? 1 : -1;
	return x->place < y->place ? -1 : 1;
}

bool nsg_sort_rules(struct diag_arena *arena, struct diag_nsg_rule *rules,
		    size_t n)
{
	struct ranked *turn = diag_arena_array(arena, n, sizeof(*turn));

	if (turn == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		turn[i] = (struct ranked){ rules[i], i };
	qsort(turn, n, sizeof(*turn), by_turn);
	for (size_t i = 0; i < n; i++)
		rules[i] = turn[i].rule;
	return true;
}
