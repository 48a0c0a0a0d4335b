/* SPDX-License-Identifier: MIT */
/* read_rule.c - one rule of a group, in any of the forms Azure prints.
 *
 * Each end has a singular and a plural field, either may be null, empty or
 * missing, and both count when both are set.  PowerShell has lists in the
 * singular ones.  The normal form has one list for each.
 */
#include "nsg/internal.h"

#include <string.h>

#include "base/text.h"

/* The fields that together make one list. */
struct fields {
	const char *single, *plural, *normal;
	const char *groups; /* application security groups; NULL: ports */
	const char *example;
};

static const struct fields from_fields = {
	"sourceAddressPrefix",
	"sourceAddressPrefixes",
	"from",
	"sourceApplicationSecurityGroups",
	"\"*\", an address, a prefix or a service tag",
};
static const struct fields to_fields = {
	"destinationAddressPrefix",
	"destinationAddressPrefixes",
	"to",
	"destinationApplicationSecurityGroups",
	"\"*\", an address, a prefix or a service tag",
};
static const struct fields from_port_fields = {
	"sourcePortRange",
	"sourcePortRanges",
	"from_ports",
	NULL,
	"\"*\", a port 0-65535 or a range such as \"1000-2000\"",
};
static const struct fields to_port_fields = {
	"destinationPortRange",
	"destinationPortRanges",
	"to_ports",
	NULL,
	"\"*\", a port 0-65535 or a range such as \"1000-2000\"",
};

/* One end that is being read. */
struct filling {
	struct nsg_reader *r;
	const struct fields *fields;
	struct nsg_peers peers;
	struct nsg_ports ports;
};

static bool is_ports(const struct filling *f)
{
	return f->fields->groups == NULL;
}

static size_t count(const struct filling *f)
{
	return is_ports(f) ? f->ports.n : f->peers.n;
}

static void told(struct filling *f, const struct diag_json_at *at,
		 const cJSON *item, enum nsg_text rc)
{
	if (rc == NSG_TEXT_NOMEM)
		f->r->nomem = true;
	else if (rc == NSG_TEXT_MANY)
		diag_json_wrong(at, item, "expected at most %d entries",
				DIAG_NSG_PEERS);
	else if (rc == NSG_TEXT_BAD)
		diag_json_wrong(at, item, "expected %s", f->fields->example);
}

static void take_text(struct filling *f, const struct diag_json_at *at,
		      const cJSON *item, const char *text)
{
	if (is_ports(f))
		told(f, at, item,
		     nsg_ports_parse(f->r->arena, text, &f->ports));
	else
		told(f, at, item,
		     nsg_peers_parse(f->r->arena, text, &f->peers));
}

/* A port may be a number; text is the rule. */
static void take_item(struct filling *f, const struct diag_json_at *at,
		      const cJSON *item)
{
	double n = cJSON_IsNumber(item) ? item->valuedouble : -1;
	const char *text = cJSON_GetStringValue(item);

	if (text == NULL && is_ports(f) && n >= 0 && n <= NSG_PORT_LAST &&
	    n == (double)(uint16_t)n)
		text = diag_arena_printf(f->r->arena, "%u", (unsigned)n);
	else if (text == NULL) {
		diag_json_wrong(at, item, "expected %s", f->fields->example);
		return;
	}
	if (text == NULL)
		f->r->nomem = true;
	else
		take_text(f, at, item, text);
}

static void take_field(struct filling *f, const struct diag_json_at *up,
		       const cJSON *rule, const char *key)
{
	struct diag_json_at at = nsg_at_key(up, key);
	const cJSON *field = nsg_field(rule, key);
	const cJSON *item;
	unsigned i = 0;

	if (field == NULL)
		return;
	if (!cJSON_IsArray(field)) {
		take_item(f, &at, field);
		return;
	}
	cJSON_ArrayForEach(item, field)
	{
		struct diag_json_at here = nsg_at_index(&at, i++);

		take_item(f, &here, item);
	}
}

/* [{ "id": "/subscriptions/…" }] */
static void take_groups(struct filling *f, const struct diag_json_at *up,
			const cJSON *rule)
{
	struct diag_json_at at = nsg_at_key(up, f->fields->groups);
	const cJSON *list = nsg_field(rule, f->fields->groups);
	const cJSON *item;
	unsigned i = 0;

	if (list != NULL && !cJSON_IsArray(list))
		diag_json_wrong(&at, list, "expected a list");
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = nsg_at_index(&at, i++);
		const char *id = cJSON_IsObject(item)
				     ? nsg_text_field(&here, item, "id")
				     : "";

		if (id[0] == '\0')
			diag_json_wrong(&here, item,
					"expected the id of a group");
		else
			told(f, &here, item,
			     nsg_peers_asg(f->r->arena, id, &f->peers));
	}
}

static void fill(struct filling *f, const struct diag_json_at *at,
		 const cJSON *rule)
{
	unsigned before = at->problems->n;

	take_field(f, at, rule, f->fields->single);
	take_field(f, at, rule, f->fields->plural);
	take_field(f, at, rule, f->fields->normal);
	if (!is_ports(f))
		take_groups(f, at, rule);
	if (count(f) == 0 && at->problems->n == before && !f->r->nomem)
		diag_json_wrong(at, rule, "expected %s or %s",
				f->fields->single, f->fields->plural);
}

static void fill_peers(struct nsg_reader *r, const struct diag_json_at *at,
		       const cJSON *rule, const struct fields *fields,
		       struct nsg_peers *out)
{
	struct filling f = { .r = r, .fields = fields };

	fill(&f, at, rule);
	*out = f.peers;
}

static void fill_ports(struct nsg_reader *r, const struct diag_json_at *at,
		       const cJSON *rule, const struct fields *fields,
		       struct nsg_ports *out)
{
	struct filling f = { .r = r, .fields = fields };

	fill(&f, at, rule);
	*out = f.ports;
}

static void read_ends(struct nsg_reader *r, const struct diag_json_at *at,
		      const cJSON *rule, struct diag_nsg_rule *out)
{
	struct nsg_peers from;
	struct nsg_peers to;
	struct nsg_ports from_ports;
	struct nsg_ports to_ports;

	fill_peers(r, at, rule, &from_fields, &from);
	fill_peers(r, at, rule, &to_fields, &to);
	fill_ports(r, at, rule, &from_port_fields, &from_ports);
	fill_ports(r, at, rule, &to_port_fields, &to_ports);
	out->from = from.items;
	out->n_from = from.n;
	out->to = to.items;
	out->n_to = to.n;
	out->from_ports = from_ports.items;
	out->n_from_ports = from_ports.n;
	out->to_ports = to_ports.items;
	out->n_to_ports = to_ports.n;
}

/* --- words -----------------------------------------------------------------
 */

struct word {
	const char *text;
	int value;
};

static bool word_of(const struct diag_json_at *up, const cJSON *rule,
		    const char *key, const struct word *words, int *out)
{
	struct diag_json_at at = nsg_at_key(up, key);
	const cJSON *item = nsg_field(rule, key);
	const char *text = cJSON_GetStringValue(item);

	for (const struct word *w = words; text != NULL && w->text != NULL;
	     w++) {
		if (!diag_text_eq_nocase(text, w->text))
			continue;
		*out = w->value;
		return true;
	}
	diag_json_wrong(&at, item, "expected \"%s\" or \"%s\"", words[0].text,
			words[1].text);
	return false;
}

static const struct word directions[] = { { "Inbound", DIAG_IN },
					  { "Outbound", DIAG_OUT },
					  { "in", DIAG_IN },
					  { "out", DIAG_OUT },
					  { NULL, 0 } };
static const struct word accesses[] = { { "Allow", 1 },
					{ "Deny", 0 },
					{ NULL, 0 } };

static const struct protocol {
	const char *name;
	bool tcp, udp, icmp;
} protocols[] = {
	{ "*", true, true, true },	  { "tcp", true, false, false },
	{ "udp", false, true, false },	  { "icmp", false, false, true },
	{ "esp", false, false, false },	  { "ah", false, false, false },
	{ "icmpv6", false, false, true }, { NULL, false, false, false },
};

static void read_protocol(const struct diag_json_at *up, const cJSON *rule,
			  struct diag_nsg_rule *out)
{
	struct diag_json_at at = nsg_at_key(up, "protocol");
	const cJSON *item = nsg_field(rule, "protocol");
	const char *text = cJSON_GetStringValue(item);

	if (text != NULL && (diag_text_eq_nocase(text, "any") ||
			     diag_text_eq_nocase(text, "all")))
		text = "*";
	for (const struct protocol *p = protocols;
	     text != NULL && p->name != NULL; p++) {
		if (!diag_text_eq_nocase(text, p->name))
			continue;
		out->tcp = p->tcp;
		out->udp = p->udp;
		out->icmp = p->icmp;
		out->protocol = p->name;
		return;
	}
	diag_json_wrong(&at, item, "expected *, Tcp, Udp, Icmp, Esp or Ah");
}

static void read_priority(const struct diag_json_at *up, const cJSON *rule,
			  struct diag_nsg_rule *out)
{
	struct diag_json_at at = nsg_at_key(up, "priority");
	const cJSON *item = nsg_field(rule, "priority");
	double n = cJSON_IsNumber(item) ? item->valuedouble : 0;

	if (n >= 1 && n <= 65535 && n == (double)(uint16_t)n)
		out->priority = (unsigned)n;
	else
		diag_json_wrong(&at, item, "expected a priority 1-65535");
}

/* "securityRules/NAME", as rules in force are called. */
static const char *without_list(const char *name)
{
	static const char list[] = "securityRules/";

	return diag_text_starts(name, list) ? name + strlen(list) : name;
}

void nsg_read_rule(struct nsg_reader *r, const struct diag_json_at *up,
		   const cJSON *rule, struct diag_nsg_rule *out)
{
	const cJSON *inner = nsg_field(rule, "properties");
	struct diag_json_at inner_at = nsg_at_key(up, "properties");
	const struct diag_json_at *at = cJSON_IsObject(inner) ? &inner_at : up;
	int word;

	if (!cJSON_IsObject(rule)) {
		diag_json_wrong(up, rule, "expected a rule");
		return;
	}
	out->name = nsg_keep(r, without_list(nsg_text_field(up, rule, "name")));
	rule = cJSON_IsObject(inner) ? inner : rule;
	if (word_of(at, rule, "direction", directions, &word))
		out->dir = (enum diag_dir)word;
	if (word_of(at, rule, "access", accesses, &word))
		out->allow = word != 0;
	read_priority(at, rule, out);
	read_protocol(at, rule, out);
	read_ends(r, at, rule, out);
}
