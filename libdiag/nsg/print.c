/* SPDX-License-Identifier: MIT */
/* print.c - the normal form that inventories keep.
 *
 * Default rules that say what every group says are left out: reading brings
 * them back.
 */
#include "nsg/internal.h"

#include <stdio.h>

static void print_texts(struct diag_jw *w, const char *key,
			const char *const *items, size_t n)
{
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++)
		diag_jw_str(w, items[i]);
	diag_jw_close(w, ']');
}

/* The prefixes of a range have one text, which is said once. */
static void print_peers(struct diag_jw *w, const char *key,
			const struct diag_nsg_peer *peers, size_t n)
{
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || peers[i].text != peers[i - 1].text)
			diag_jw_str(w, peers[i].text);
	}
	diag_jw_close(w, ']');
}

static void print_ports(struct diag_jw *w, const char *key,
			const struct diag_port_range *ports, size_t n)
{
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++) {
		char text[NSG_PORTS_TEXT];

		diag_jw_str(w, nsg_ports_text(&ports[i], text));
	}
	diag_jw_close(w, ']');
}

const char *nsg_ports_text(const struct diag_port_range *p,
			   char out[NSG_PORTS_TEXT])
{
	if (p->first == 0 && p->last == NSG_PORT_LAST)
		(void)snprintf(out, NSG_PORTS_TEXT, "*");
	else if (p->first == p->last)
		(void)snprintf(out, NSG_PORTS_TEXT, "%u", p->first);
	else
		(void)snprintf(out, NSG_PORTS_TEXT, "%u-%u", p->first, p->last);
	return out;
}

static void print_rule(const struct diag_nsg_rule *rule, struct diag_jw *w)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", rule->name);
	diag_jw_kuint(w, "priority", rule->priority);
	diag_jw_kstr(w, "direction", rule->dir == DIAG_IN ? "in" : "out");
	diag_jw_kstr(w, "access", rule->allow ? "allow" : "deny");
	diag_jw_kstr(w, "protocol", rule->protocol);
	print_peers(w, "from", rule->from, rule->n_from);
	print_ports(w, "from_ports", rule->from_ports, rule->n_from_ports);
	print_peers(w, "to", rule->to, rule->n_to);
	print_ports(w, "to_ports", rule->to_ports, rule->n_to_ports);
	if (rule->is_default)
		diag_jw_kbool(w, "default", true);
	diag_jw_close(w, '}');
}

void diag_nsg_print(const struct diag_nsg *g, struct diag_jw *w)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", g->name);
	diag_jw_kstr(w, "id", g->id);
	diag_jw_kstr(w, "resource_group", g->resource_group);
	diag_jw_kstr(w, "location", g->location);
	diag_jw_kstr(w, "from", g->from);
	print_texts(w, "subnets", g->subnets, g->n_subnets);
	print_texts(w, "nics", g->nics, g->n_nics);
	diag_jw_kopen(w, "rules", '[');
	for (size_t i = 0; i < g->n_rules; i++) {
		if (!nsg_is_plain_default(&g->rules[i]))
			print_rule(&g->rules[i], w);
	}
	diag_jw_close(w, ']');
	diag_jw_close(w, '}');
}
