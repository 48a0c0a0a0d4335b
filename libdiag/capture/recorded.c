/* SPDX-License-Identifier: MIT */
/* recorded.c - what can be believed of a capture that was made on a node.
 *
 *   nothing came       some packet must have come to that very address: else
 *                      another interface has it.  Packets that passed must be
 *                      here: a connection that lacks some shows that they are
 *                      not.  Between two files nobody may have recorded; and
 *                      where two were recorded at once, each may have a part
 *   it came and was    the node's answers must be here: some packet is one, as
 *   not answered       it left the node.  All interfaces were recorded, or an
 *                      answer went to that client through this one.  And the
 *                      recording goes on for a while
 *
 * A recording of the client, or of a router between, has the same packets.  Its
 * link may say that it sent what goes to the node, or got what comes from it;
 * and where it says nothing, an answer that passed a router has fewer hops left
 * than any system begins with (RFC 1700: 64; others 32, 128 and 255).
 */
#include "capture/internal.h"

#include <stdlib.h>

#include "base/mem.h"

#define SPANS_MAX 256u
/* Files of one recorder follow each other; stamps of two processors differ. */
#define APART_US 1000000

struct cap_recorded {
	bool spoke;   /* some packet is the node's answer */
	bool between; /* the packet that comes next follows a gap */
	struct cap_span spans[SPANS_MAX];
	size_t n_spans;
};

bool cap_recorded_init(struct diag_capture *c)
{
	c->recorded = diag_alloc(sizeof(*c->recorded));
	c->seen.nodes_heard =
	    diag_alloc_array(c->o.n_nodes, sizeof(*c->seen.nodes_heard));
	if (c->recorded == NULL || c->seen.nodes_heard == NULL)
		return false;
	c->recorded->between = true;
	return true;
}

void cap_recorded_free(struct diag_capture *c)
{
	diag_free(c->seen.nodes_heard);
	diag_free(c->recorded);
}

/* --- where ---------------------------------------------------------------- */

static bool *heard_at(struct diag_capture *c, const struct diag_addr *a)
{
	for (size_t i = 0; i < c->o.n_nodes; i++)
		if (diag_addr_eq(&c->o.nodes[i], a))
			return &c->seen.nodes_heard[i];
	return NULL;
}

bool cap_is_node(const struct diag_capture *c, const struct diag_addr *a)
{
	for (size_t i = 0; i < c->o.n_nodes; i++)
		if (diag_addr_eq(&c->o.nodes[i], a))
			return true;
	return false;
}

/* What a node begins is no answer: a filter may pass SYNs alone. */
static bool is_answer(const struct cap_packet *p)
{
	bool fresh =
	    p->hops == 32 || p->hops == 64 || p->hops == 128 || p->hops == 255;

	if (!p->sent && !fresh)
		return false;
	return p->proto != PROTO_TCP || diag_cursor_left(&p->at) < 14 ||
	       (p->at.at[13] & (CAP_SYN | CAP_ACK)) != CAP_SYN;
}

/* What a node says to itself passes no interface that matters. */
void cap_node_packet(struct diag_capture *c, const struct cap_packet *p)
{
	bool *to;

	if (c->recorded == NULL)
		return;
	to = heard_at(c, &p->to);
	if (heard_at(c, &p->from) != NULL) {
		c->seen.elsewhere |= to == NULL && p->got;
		if (to == NULL && is_answer(p)) {
			c->recorded->spoke = true;
			cap_who(c, &p->to)->by_node = true;
		}
	} else if (to != NULL) {
		*to = true;
		c->seen.elsewhere |= p->sent;
	}
	c->nobody.by_node = false;
}

bool cap_node_spoke(const struct diag_capture *c)
{
	return c->recorded->spoke;
}

/* --- all of it? ----------------------------------------------------------- */

void cap_node_torn(struct diag_capture *c, struct cap_flow *f)
{
	if (c->recorded == NULL || f->torn ||
	    cap_is_node(c, &f->client) == cap_is_node(c, &f->server))
		return;
	f->torn = true;
	c->seen.counts.torn++;
}

bool cap_has_answers(struct diag_capture *c, const struct diag_addr *client,
		     int64_t at_us, int64_t for_us)
{
	const struct cap_recorded *r = c->recorded;

	if (!r->spoke || !(c->all_interfaces || cap_who(c, client)->by_node))
		return false;
	for (size_t i = 0; i < r->n_spans; i++)
		if (r->spans[i].from_us <= at_us &&
		    r->spans[i].to_us - at_us >= for_us)
			return true;
	return false;
}

/* --- when ----------------------------------------------------------------- */

void diag_capture_pause(struct diag_capture *c)
{
	if (c->recorded != NULL)
		c->recorded->between = true;
}

/* Too many: the rest was watched by nobody. */
void cap_node_time(struct diag_capture *c, int64_t at_us)
{
	struct cap_recorded *r = c->recorded;
	struct cap_span *last;

	if (r == NULL)
		return;
	if (r->between && r->n_spans == SPANS_MAX)
		return;
	if (r->between)
		r->spans[r->n_spans++] = (struct cap_span){ at_us, at_us };
	r->between = false;
	last = &r->spans[r->n_spans - 1];
	if (at_us > last->to_us)
		last->to_us = at_us;
}

static int by_begin(const void *a, const void *b)
{
	const struct cap_span *x = a, *y = b;

	return (x->from_us > y->from_us) - (x->from_us < y->from_us);
}

static bool any_heard(const struct diag_capture *c)
{
	for (size_t i = 0; i < c->o.n_nodes; i++)
		if (c->seen.nodes_heard[i])
			return true;
	return false;
}

/* Of what was recorded at once, the time in which all were. */
static size_t join(struct cap_span *spans, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct cap_span *last = kept > 0 ? &spans[kept - 1] : NULL;

		if (last == NULL || last->to_us - spans[i].from_us < APART_US) {
			spans[kept++] = spans[i];
			continue;
		}
		last->from_us = spans[i].from_us;
		if (spans[i].to_us < last->to_us)
			last->to_us = spans[i].to_us;
	}
	return kept;
}

size_t cap_spans(struct diag_capture *c, const struct cap_span **out)
{
	struct cap_recorded *r = c->recorded;

	*out = r->spans;
	if (c->seen.elsewhere || !any_heard(c))
		return 0;
	qsort(r->spans, r->n_spans, sizeof(*r->spans), by_begin);
	return join(r->spans, r->n_spans);
}
