/* SPDX-License-Identifier: MIT */
/* evaluate.c - one flow through rules, when not all that rules say is known.
 *
 * A flow is a set of points (peer, our end, source port, port).  It is kept as
 * cells, each a product of one piece of every side, and each cell is walked
 * down the rules by itself:
 *
 *	no side fits		the rule passes it by
 *	all sides fit wholly	the rule decides it
 *	a side fits in part	the cell is cut there, and both halves are
 *				walked on from the same rule
 *	nobody knows		the rule may take some of it: that is noted
 *				with the rule's action, and the walk goes on
 *
 * A cell that a rule decides is definite if every rule that may have taken some
 * of it before has the same action; whatever the tags hold, each point of it
 * then meets that action.  Otherwise it is unknown.  What a rule may have taken
 * by name is remembered (`taken`), so that a later rule on the same tag or on
 * less of it takes nothing.
 *
 * Ports and addresses are cut at the edges of rules.  A name is cut by a name
 * that lies within it (Storage by Storage.eastus): one half is that, the other
 * is the rest, which might be empty and then is not `sure`: it can make an
 * answer unknown but does not count as a witness of "partly".
 *
 * Groups in series are walked one behind the other: a cell that one denies for
 * certain is done, every other goes on to the next.
 */
#include "nsg/evaluate.h"

#include <string.h>

#include "base/text.h"
#include "nsg/world.h"

#define CELLS_MAX    20000 /* of one flow; then it is too intricate for us */
#define WORK_MAX     20000000U /* entries looked at, of one flow */
#define EPHEMERAL    1024      /* the first port that a sender's system gives */
#define REGIONS_SURE 3	       /* the smallest cloud has five */

/* A rule that may have taken some. */
struct may {
	struct nsg_reason why;
	bool seen;
};

struct cell {
	struct nsg_end peer, self;
	struct diag_port_range ports, from_ports;
	bool sure;
	size_t group, rule;   /* where the walk goes on */
	struct may may[2];    /* in this group, by action */
	struct may doubt;     /* the first group that nobody can tell of */
	struct nsg_reason by; /* the last rule that let it through */
};

struct walk {
	const struct nsg_world *w;
	const struct nsg_way *way;
	const struct diag_flow *flow;
	struct nsg_tally *tally;
	struct cell *stack;
	size_t depth, room;
	size_t cells, work;
	bool nomem;
};

/* --- the stack -------------------------------------------------------------
 */

static void push(struct walk *k, const struct cell *c)
{
	size_t room = k->room > 0 ? k->room * 2 : 2;
	struct cell *more;

	if (++k->cells > CELLS_MAX) {
		k->tally->too_many = true;
		return;
	}
	if (k->depth == k->room) {
		more = diag_arena_array(k->w->arena, room, sizeof(*more));
		if (more == NULL) {
			k->nomem = true;
			return;
		}
		if (k->depth > 0)
			memcpy(more, k->stack, k->depth * sizeof(*more));
		k->stack = more;
		k->room = room;
	}
	k->stack[k->depth++] = *c;
}

/* --- one rule --------------------------------------------------------------
 */

struct match {
	struct nsg_answer ports, from_ports, peer, self;
	uint16_t cut, from_cut;
};

static enum nsg_rel ports_rel(const struct diag_port_range *p,
			      const struct diag_port_range *rule, size_t n,
			      uint16_t *cut)
{
	enum nsg_rel best = NSG_NONE;

	for (size_t i = 0; i < n; i++) {
		if (rule[i].first > p->last || rule[i].last < p->first)
			continue;
		if (rule[i].first <= p->first && rule[i].last >= p->last)
			return NSG_FULL;
		best = NSG_SPLIT;
		*cut = rule[i].first > p->first ? rule[i].first
						: (uint16_t)(rule[i].last + 1);
	}
	return best;
}

/* false: the rule passes it by. */
static bool fits(struct walk *k, const struct cell *c,
		 const struct diag_nsg_rule *r, struct match *m)
{
	bool in = k->flow->dir == DIAG_IN;

	if (!(k->flow->proto == DIAG_TCP ? r->tcp : r->udp))
		return false;
	m->ports.rel =
	    ports_rel(&c->ports, r->to_ports, r->n_to_ports, &m->cut);
	if (m->ports.rel == NSG_NONE)
		return false;
	m->from_ports.rel = ports_rel(&c->from_ports, r->from_ports,
				      r->n_from_ports, &m->from_cut);
	if (m->from_ports.rel == NSG_NONE)
		return false;
	k->work += r->n_from + r->n_to;
	if (k->work > WORK_MAX)
		k->tally->too_many = true;
	m->peer = nsg_end_rel(k->w, &c->peer, in ? r->from : r->to,
			      in ? r->n_from : r->n_to);
	if (m->peer.rel == NSG_NONE)
		return false;
	m->self = nsg_end_rel(k->w, &c->self, in ? r->to : r->from,
			      in ? r->n_to : r->n_from);
	return m->self.rel != NSG_NONE;
}

/* --- cutting ---------------------------------------------------------------
 */

static const struct nsg_piece *piece(struct walk *k,
				     const struct nsg_piece *next,
				     const struct diag_nsg_peer *peer)
{
	struct nsg_piece *p = diag_arena_alloc(k->w->arena, sizeof(*p));

	if (p == NULL) {
		k->nomem = true;
		return next;
	}
	*p = (struct nsg_piece){ next, peer };
	return p;
}

/* Is there something left of the end without the piece, for certain?  The
 * Internet is more than Azure, and a service that has regions has more than a
 * few of them. */
static bool leaves_some(const struct nsg_end *end,
			const struct diag_nsg_peer *cut)
{
	const struct nsg_piece *p = end->removed;
	int regions = 1;

	if (nsg_tag_kind(end->as) == NSG_TAG_INTERNET)
		return true;
	for (; p != NULL; p = p->next)
		regions++;
	return diag_text_eq_nocase(end->as->tag, cut->tag) &&
	       nsg_listed_region(cut->region) && regions <= REGIONS_SURE;
}

/* Is there something in the piece for certain, with others removed before? */
static bool has_some(const struct nsg_end *end, const struct diag_nsg_peer *cut)
{
	const struct nsg_piece *p = end->removed;

	for (; p != NULL; p = p->next) {
		if (nsg_tag_rel(p->peer, cut) != NSG_NONE)
			return false;
	}
	return true;
}

/* Cut an end of the cell: *c becomes one half, the other is pushed. */
static void cut_end(struct walk *k, struct cell *c, struct nsg_end *end,
		    const struct nsg_answer *a)
{
	struct cell rest = *c;
	struct nsg_end *other = end == &c->peer ? &rest.peer : &rest.self;

	if (a->rel == NSG_SPLIT) {
		other->span.first = a->cut;
		push(k, &rest);
		end->span.last = nsg_addr_before(&a->cut);
		return;
	}
	rest.sure = rest.sure && leaves_some(end, a->entry);
	other->removed = piece(k, other->removed, a->entry);
	push(k, &rest);
	c->sure = c->sure && has_some(end, a->entry);
	end->as = a->entry;
}

static void cut_ports(struct walk *k, struct cell *c,
		      struct diag_port_range *range, uint16_t at)
{
	struct cell rest = *c;
	struct diag_port_range *other =
	    range == &c->ports ? &rest.ports : &rest.from_ports;

	other->first = at;
	push(k, &rest);
	range->last = (uint16_t)(at - 1);
}

/* false: nothing had to be cut. */
static bool cut(struct walk *k, struct cell *c, const struct match *m)
{
	if (m->ports.rel == NSG_SPLIT)
		cut_ports(k, c, &c->ports, m->cut);
	else if (m->from_ports.rel == NSG_SPLIT)
		cut_ports(k, c, &c->from_ports, m->from_cut);
	else if (m->peer.rel == NSG_SPLIT || m->peer.rel == NSG_PART)
		cut_end(k, c, &c->peer, &m->peer);
	else if (m->self.rel == NSG_SPLIT || m->self.rel == NSG_PART)
		cut_end(k, c, &c->self, &m->self);
	else
		return false;
	return true;
}

/* --- what a rule does -------------------------------------------------------
 */

/* What the rule has of this end is gone for later rules, if it took it. */
static void take(struct walk *k, struct nsg_end *end,
		 const struct diag_nsg_peer *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct nsg_answer a = nsg_end_rel(k->w, end, &entries[i], 1);

		if (a.rel == NSG_MAYBE)
			end->taken = piece(k, end->taken, &entries[i]);
	}
}

static void may_take(struct walk *k, struct cell *c,
		     const struct diag_nsg_rule *r, const struct match *m)
{
	const struct nsg_answer *open =
	    m->peer.rel == NSG_MAYBE ? &m->peer : &m->self;
	struct may *may = &c->may[r->allow];
	bool in = k->flow->dir == DIAG_IN;

	if (!may->seen)
		*may = (struct may){ { k->way->groups[c->group], r, open->entry,
				       open->doubt, open == &m->self },
				     true };
	if (m->self.rel == NSG_FULL)
		take(k, &c->peer, in ? r->from : r->to,
		     in ? r->n_from : r->n_to);
	else if (m->peer.rel == NSG_FULL)
		take(k, &c->self, in ? r->to : r->from,
		     in ? r->n_to : r->n_from);
}

/* On to the next group. */
static void pass_on(struct cell *c)
{
	c->group++;
	c->rule = 0;
	c->may[0] = c->may[1] = (struct may){ .seen = false };
	c->peer.taken = c->self.taken = NULL;
}

/* true: the cell is denied for certain. */
static bool decide(struct walk *k, struct cell *c,
		   const struct diag_nsg_rule *r, bool allow)
{
	const struct may *other = &c->may[!allow];
	struct nsg_reason by = { .group = k->way->groups[c->group], .rule = r };

	if (!other->seen && !allow) {
		nsg_tally_add(k->tally, NSG_CELL_DENIED, c->sure, &by);
		return true;
	}
	if (other->seen && !c->doubt.seen)
		c->doubt = *other;
	c->by = by;
	pass_on(c);
	return false;
}

/* Rules are sorted by direction. */
static size_t first_rule(const struct diag_nsg *g, enum diag_dir dir)
{
	size_t low = 0;
	size_t high = g->n_rules;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (g->rules[mid].dir < dir)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Down one group; true: the cell is done. */
static bool walk_group(struct walk *k, struct cell *c)
{
	const struct diag_nsg *g = k->way->groups[c->group];

	if (c->rule == 0)
		c->rule = first_rule(g, k->flow->dir);
	while (c->rule < g->n_rules && g->rules[c->rule].dir == k->flow->dir &&
	       !k->nomem && !k->tally->too_many) {
		const struct diag_nsg_rule *r = &g->rules[c->rule];
		struct match m;

		if (!fits(k, c, r, &m)) {
			c->rule++;
			continue;
		}
		if (cut(k, c, &m))
			continue;
		if (m.peer.rel == NSG_FULL && m.self.rel == NSG_FULL)
			return decide(k, c, r, r->allow);
		may_take(k, c, r, &m);
		c->rule++;
	}
	/* Every group ends with a rule for all; without one nothing passes. */
	return decide(k, c, NULL, false);
}

static void walk_cell(struct walk *k, struct cell *c)
{
	while (c->group < k->way->n) {
		if (walk_group(k, c) || k->nomem || k->tally->too_many)
			return;
	}
	if (c->doubt.seen)
		nsg_tally_add(k->tally, NSG_CELL_UNKNOWN, c->sure,
			      &c->doubt.why);
	else
		nsg_tally_add(k->tally, NSG_CELL_ALLOWED, c->sure, &c->by);
}

/* --- the whole flow --------------------------------------------------------
 */

static void start(struct walk *k, const struct nsg_ends *peers,
		  const struct nsg_ends *selves)
{
	struct cell c = { .sure = true };

	c.ports = (struct diag_port_range){ k->flow->port, k->flow->port_last };
	c.from_ports = (struct diag_port_range){ EPHEMERAL, NSG_PORT_LAST };
	for (size_t i = peers->n; i-- > 0;) {
		for (size_t j = selves->n; j-- > 0;) {
			c.peer = peers->items[i];
			c.self = selves->items[j];
			push(k, &c);
		}
	}
}

bool nsg_walk(const struct nsg_world *w, const struct nsg_way *way,
	      const struct diag_flow *flow, bool by_name,
	      struct nsg_tally *tally)
{
	struct walk k = { .w = w, .way = way, .flow = flow, .tally = tally };
	struct nsg_ends peers;
	struct nsg_ends selves;

	*tally = (struct nsg_tally){ .too_many = false };
	if (!nsg_ends_of(w, &flow->peer, false, by_name, &peers) ||
	    !nsg_ends_of(w, &flow->self, true, by_name, &selves))
		return false;
	start(&k, &peers, &selves);
	while (k.depth > 0 && !k.nomem && !tally->too_many) {
		struct cell c = k.stack[--k.depth];

		walk_cell(&k, &c);
	}
	return !k.nomem;
}

/* --- what the cells say together --------------------------------------------
 */

void nsg_tally_add(struct nsg_tally *t, enum nsg_cell_end end, bool sure,
		   const struct nsg_reason *why)
{
	if (!t->seen[end])
		t->why[end] = *why;
	t->seen[end] = true;
	t->sure[end] = t->sure[end] || sure;
}

enum diag_flow_result nsg_tally_result(const struct nsg_tally *t)
{
	bool allowed = t->seen[NSG_CELL_ALLOWED];
	bool denied = t->seen[NSG_CELL_DENIED];

	if (t->too_many)
		return DIAG_FLOW_UNKNOWN;
	if (t->sure[NSG_CELL_ALLOWED] && t->sure[NSG_CELL_DENIED])
		return DIAG_FLOW_PARTLY;
	if (t->seen[NSG_CELL_UNKNOWN] || (allowed && denied))
		return DIAG_FLOW_UNKNOWN;
	return denied ? DIAG_FLOW_DENIED : DIAG_FLOW_ALLOWED;
}
