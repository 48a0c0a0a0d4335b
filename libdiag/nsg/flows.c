/* SPDX-License-Identifier: MIT */
/* flows.c - what has to get through: by role and era from the catalogue, or
 * in a person's words. */
#include "nsg/internal.h"

#include <string.h>

#include "base/text.h"

/* --- a person's words ------------------------------------------------------
 */

static bool bad_flow(struct diag_err *err, const char *text, const char *what)
{
	return diag_fail(err, DIAG_EUSAGE, "flow",
			 "\"%.60s\": expected %s in \"in|out tcp|udp SOURCE "
			 "DESTINATION PORTS\"",
			 text, what);
}

static bool one_peer(struct diag_arena *arena, struct diag_slice word,
		     struct diag_nsg_peer *out, struct diag_err *err)
{
	const char *text = diag_arena_strn(arena, word.p, word.len);
	struct nsg_peers peers = { .n = 0 };
	enum nsg_text rc = NSG_TEXT_NOMEM;

	if (text != NULL)
		rc = nsg_peers_parse(arena, text, &peers);
	if (rc == NSG_TEXT_NOMEM)
		return diag_fail_nomem(err, "flow");
	if (rc != NSG_TEXT_OK || peers.n != 1)
		return bad_flow(err, text,
				"one address, prefix, service tag or *");
	*out = peers.items[0];
	return true;
}

static bool one_range(struct diag_arena *arena, struct diag_slice word,
		      struct diag_flow *out, struct diag_err *err)
{
	const char *text = diag_arena_strn(arena, word.p, word.len);
	struct nsg_ports ports = { .n = 0 };
	enum nsg_text rc = NSG_TEXT_NOMEM;

	if (text != NULL)
		rc = nsg_ports_parse(arena, text, &ports);
	if (rc == NSG_TEXT_NOMEM)
		return diag_fail_nomem(err, "flow");
	if (rc != NSG_TEXT_OK || ports.n != 1)
		return bad_flow(err, text, "one port, one range or *");
	out->port = ports.items[0].first;
	out->port_last = ports.items[0].last;
	return true;
}

bool diag_flow_parse(const char *text, struct diag_arena *arena,
		     struct diag_flow *out, struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(text, strlen(text));
	struct diag_slice words[6];
	struct diag_flow flow = { .why = NULL };
	size_t n = 0;
	bool in;

	while (n < 6 && diag_cursor_word(&c, &words[n]))
		n++;
	if (n != 5)
		return bad_flow(err, text, "five words");
	in = diag_slice_eq_nocase(words[0], "in");
	if (!in && !diag_slice_eq_nocase(words[0], "out"))
		return bad_flow(err, text, "in or out first");
	flow.dir = in ? DIAG_IN : DIAG_OUT;
	if (diag_slice_eq_nocase(words[1], "udp"))
		flow.proto = DIAG_UDP;
	else if (!diag_slice_eq_nocase(words[1], "tcp"))
		return bad_flow(err, text, "tcp or udp second");
	if (!one_peer(arena, words[2], in ? &flow.peer : &flow.self, err) ||
	    !one_peer(arena, words[3], in ? &flow.self : &flow.peer, err) ||
	    !one_range(arena, words[4], &flow, err))
		return false;
	*out = flow;
	return true;
}

/* --- the catalogue ---------------------------------------------------------
 */

struct list {
	struct diag_arena *arena;
	enum diag_role role;
	const char *region;
	struct diag_flow *items;
	size_t n;
	bool nomem;
};

/* "Storage.{R}" with the region; without one it is of a region that is not
 * known, which is not the same as of all. */
static bool fill_peer(struct list *l, const char *tag,
		      struct diag_nsg_peer *out)
{
	const char *hole = strstr(tag, ".{R}");
	int len = hole != NULL ? (int)(hole - tag) : (int)strlen(tag);
	bool known = l->region[0] != '\0';
	struct nsg_peers peers = { .n = 0 };
	const char *text = diag_arena_printf(
	    l->arena, "%.*s%s%s", len, tag, hole != NULL && known ? "." : "",
	    hole != NULL && known ? l->region : "");

	if (text == NULL ||
	    nsg_peers_parse(l->arena, text, &peers) != NSG_TEXT_OK ||
	    peers.n != 1)
		return false;
	*out = peers.items[0];
	if (hole != NULL && !known)
		out->region = NSG_REGION_UNKNOWN;
	if (hole != NULL) /* as Azure spells it */
		out->text =
		    diag_arena_printf(l->arena, "%s.%s", out->tag, out->region);
	return out->text != NULL;
}

static bool same_flow(const struct diag_flow *a, const struct diag_flow *b)
{
	return a->dir == b->dir && a->proto == b->proto && a->port == b->port &&
	       a->port_last == b->port_last &&
	       strcmp(a->peer.text, b->peer.text) == 0;
}

static void add(struct list *l, const struct diag_flow *flow)
{
	struct diag_flow *place;

	for (size_t i = 0; i < l->n; i++) {
		if (same_flow(&l->items[i], flow))
			return; /* required ones are added first */
	}
	place = diag_arena_push(l->arena, &l->items, &l->n, sizeof(*place));
	if (place == NULL)
		l->nomem = true;
	else
		*place = *flow;
}

/* Names that must stay public are asked for by some roles only. */
static bool asks_for(enum diag_role role, enum diag_service s)
{
	const struct diag_cat_public *rows;
	size_t n = diag_cat_public(DIAG_CLOUD_PUBLIC, &rows);
	bool listed = false;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].service != s)
			continue;
		if ((rows[i].roles & 1U << role) != 0)
			return true;
		listed = true;
	}
	return !listed;
}

static const char *why_of(struct list *l, const struct diag_port *p,
			  enum diag_service s)
{
	const char *why = p->why;

	if (why == NULL && p->peer == NULL)
		why = strcmp(p->tag, "VirtualNetwork") == 0
			  ? "the private endpoints"
			  : diag_service_key(s);
	if (why == NULL)
		return NULL;
	why = diag_arena_strdup(l->arena, why);
	l->nomem = l->nomem || why == NULL;
	return why;
}

static void add_port(struct list *l, const struct diag_port *p,
		     enum diag_service s, bool optional)
{
	static const struct diag_nsg_peer any = { .kind = DIAG_PEER_ANY,
						  .region = "",
						  .text = "*" };
	const char *tag = p->peer != NULL ? p->peer : p->tag;
	struct diag_flow flow = { .dir = p->dir,
				  .proto = p->proto,
				  .self = any,
				  .port = p->port,
				  .port_last = p->port_last,
				  .optional = optional };

	if (tag == NULL)
		return;
	flow.why = why_of(l, p, s);
	if (l->nomem || !fill_peer(l, tag, &flow.peer)) {
		l->nomem = true;
		return;
	}
	add(l, &flow);
}

static void add_services(struct list *l, enum diag_era era, enum diag_dir dir,
			 bool optional)
{
	for (int s = 0; s < DIAG_N_SERVICES; s++) {
		struct diag_ports ports = diag_cat_ports(
		    (enum diag_service)s, l->role, era, optional);

		if (!asks_for(l->role, (enum diag_service)s))
			continue;
		for (size_t i = 0; i < ports.n && !l->nomem; i++) {
			if (ports.items[i].dir == dir)
				add_port(l, &ports.items[i],
					 (enum diag_service)s, optional);
		}
	}
}

/* A client outside has no group of its own: then the group is that of the
 * endpoints' subnet, and the same flows come in there. */
static void add_turned(struct list *l)
{
	size_t n = l->n;

	for (size_t i = 0; i < n && !l->nomem; i++) {
		struct diag_flow flow = l->items[i];

		if (flow.optional ||
		    strcmp(flow.peer.text, "VirtualNetwork") != 0)
			continue;
		flow.dir = DIAG_IN;
		flow.optional = true;
		flow.why = "where the group guards the private endpoints";
		add(l, &flow);
	}
}

bool diag_flows_needed(enum diag_role role, enum diag_era era,
		       const char *region, struct diag_arena *arena,
		       struct diag_flow_list *out, struct diag_err *err)
{
	struct list l = { .arena = arena, .role = role, .region = region };

	if (!diag_cat_load(err))
		return false;
	add_services(&l, era, DIAG_IN, false);
	add_services(&l, era, DIAG_OUT, false);
	add_services(&l, era, DIAG_IN, true);
	add_services(&l, era, DIAG_OUT, true);
	if (role == DIAG_ROLE_CLIENT)
		add_turned(&l);
	if (l.nomem)
		return diag_fail_nomem(err, "flows");
	*out = (struct diag_flow_list){ .items = l.items, .n = l.n };
	return true;
}
