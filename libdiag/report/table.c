/* SPDX-License-Identifier: MIT */
/* table.c - what each row says, and which rows are shown. */
#include "report/table.h"

#include <string.h>

#include "net/scope.h"
#include "report/common.h"

#define ROWS_SHOWN 40 /* more are shown with -v only */

static bool is_expected(const struct diag_target *t, const struct diag_addr *a)
{
	for (size_t i = 0; i < t->n_addresses; i++)
		if (diag_addr_eq(&t->addresses[i], a))
			return true;
	return false;
}

const char *table_scope_word(const struct diag_report_in *in,
			     const struct diag_target *t,
			     const struct diag_addr *a)
{
	enum diag_scope scope = diag_scope_of(a);
	const struct diag_inventory *inv = in->c->inventory;

	if (is_expected(t, a) ||
	    (inv != NULL && diag_inventory_has_net(inv, a)))
		return "";
	if (scope == DIAG_SCOPE_PUBLIC && t->expect != DIAG_EXPECT_PRIVATE)
		return "";
	return diag_scope_is_private(scope) && t->expect != DIAG_EXPECT_PUBLIC
		   ? ""
		   : diag_scope_name(scope);
}

/* "+2": how many more there are, or "". */
static const char *more_text(struct page *p, size_t n)
{
	return n > 1 ? page_text(p, " +%zu", n - 1) : "";
}

static const char *first_text(struct page *p, const struct diag_addr *a)
{
	char text[DIAG_ADDR_TEXT];

	return page_clean(p, diag_addr_text(a, text));
}

static const char *answer_text(struct page *p,
			       const struct diag_target_verdict *v)
{
	const char *word;

	if (diag_report_is_unused(v))
		return "not used";
	if (v->n_addresses == 0)
		return v->target->fqdn != NULL ? "no address" : "";
	word = table_scope_word(p->in, v->target, &v->addresses[0]);
	return page_text(p, "%s%s%s%s%s", first_text(p, &v->addresses[0]),
			 word[0] != '\0' ? " " : "", word,
			 v->from_hosts ? " (hosts)" : "",
			 more_text(p, v->n_addresses));
}

static const char *expected_text(struct page *p, const struct diag_target *t)
{
	if (t->n_addresses > 0)
		return page_text(p, "%s%s", first_text(p, &t->addresses[0]),
				 more_text(p, t->n_addresses));
	return diag_expect_key(t->expect);
}

bool table_expects(const struct diag_report_in *in, const struct diag_target *t,
		   const struct diag_addr *a)
{
	return t->n_addresses > 0 ? is_expected(t, a)
				  : table_scope_word(in, t, a)[0] == '\0';
}

static bool as_expected(const struct diag_report_in *in,
			const struct diag_target_verdict *v)
{
	if (v->n_addresses == 0)
		return v->target->fqdn == NULL;
	for (size_t i = 0; i < v->n_addresses; i++)
		if (!table_expects(in, v->target, &v->addresses[i]))
			return false;
	return true;
}

/* --- the port ------------------------------------------------------------- */

/* The port a row is about: the one that was tried, else the first needed. */
static unsigned port_of(const struct diag_target_verdict *v,
			const struct diag_fact *tcp)
{
	if (tcp != NULL && tcp->kind == DIAG_FACT_TCP)
		return tcp->tcp.port;
	for (size_t i = 0; i < v->target->ports.n; i++)
		if (v->target->ports.items[i].dir == DIAG_OUT)
			return v->target->ports.items[i].port;
	return 443;
}

/* The last datagram to that port of one of the target's own addresses; NULL:
 * none was sent. */
static const struct diag_fact *
datagram_of(const struct page *p, const struct diag_target *t, unsigned port)
{
	const struct diag_store *s = &p->in->c->facts;

	for (size_t i = s->n; i-- > 0;) {
		const struct diag_fact *f = s->facts[i];

		if (f->kind == DIAG_FACT_UDP && f->udp.port == port &&
		    f->status != DIAG_ST_NOT_RUN &&
		    is_expected(t, &f->udp.address))
			return f;
	}
	return NULL;
}

static bool is_for_datagrams(const struct diag_target *t)
{
	return t->fqdn == NULL && t->ports.n > 0 &&
	       t->ports.items[0].proto == DIAG_UDP;
}

static const char *port_text(struct page *p,
			     const struct diag_target_verdict *v, bool *good)
{
	const struct diag_fact *tcp = diag_store_get(&p->in->c->facts, v->tcp);
	const struct diag_fact *udp = NULL;
	const char *word = diag_report_stage(p->in, v, good);

	if (tcp == NULL && is_for_datagrams(v->target))
		udp = datagram_of(p, v->target, port_of(v, tcp));
	if (udp != NULL) {
		*good = udp->status == DIAG_ST_REPLY;
		return page_text(p, "UDP %s", diag_status_key(udp->status));
	}
	if (*good && tcp != NULL)
		return page_text(p, "%s %s", word, page_ms(p, tcp->took_ms));
	return word;
}

/* --- rows ----------------------------------------------------------------- */

static void fill_row(struct page *p, const struct diag_target_verdict *v,
		     const struct table_ports *ports, struct table_row *r)
{
	const struct diag_fact *tcp = diag_store_get(&p->in->c->facts, v->tcp);
	char text[DIAG_ADDR_TEXT];

	r->status = v->status;
	r->name = page_clean(p, diag_report_target(v->target, text));
	r->service = diag_service_key(v->target->service);
	r->answer = answer_text(p, v);
	r->as_expected = as_expected(p->in, v);
	r->expected = expected_text(p, v->target);
	r->origin = diag_report_origin(p->in, v);
	r->port = port_text(p, v, &r->port_good);
	r->others = table_ports_text(p, ports,
				     diag_report_target(v->target, text), tcp);
}

/* When some row is about another port, every row says which. */
static void name_ports(struct page *p, struct table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct diag_target_verdict *v = &p->in->v->targets[i];
		const struct diag_fact *tcp =
		    diag_store_get(&p->in->c->facts, v->tcp);

		if (t->rows[i].shown)
			t->rows[i].port = page_text(p, "%u %s", port_of(v, tcp),
						    t->rows[i].port);
	}
}

static bool is_shown(const struct page *p, struct table *t,
		     const struct diag_target_verdict *v, size_t usual)
{
	if (p->in->verbose > 0)
		return true;
	if (diag_report_is_unused(v)) {
		t->unused_left_out++;
		return false;
	}
	if (v->status == DIAG_TARGET_OK && v->target->extra) {
		t->public_left_out++;
		return false;
	}
	if (v->status == DIAG_TARGET_OK && usual > ROWS_SHOWN) {
		t->ok_left_out++;
		return false;
	}
	if (t->n_shown >= ROWS_SHOWN) {
		t->bad_left_out++;
		return false;
	}
	return true;
}

/* Names of the inventory itself; the public ones come on top. */
static size_t count_usual(const struct diag_verdict *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_targets; i++)
		n += !v->targets[i].target->extra;
	return n;
}

bool table_make(struct page *p, struct table *t)
{
	const struct diag_verdict *v = p->in->v;
	size_t usual = count_usual(v);
	struct table_ports ports;

	*t = (struct table){ .n = v->n_targets, .only_443 = true };
	t->rows = diag_arena_array(&p->arena, t->n, sizeof(*t->rows));
	if (t->rows == NULL || !table_ports_find(p, &ports)) {
		p->no_memory = true;
		return false;
	}
	for (size_t i = 0; i < t->n; i++) {
		const struct diag_target_verdict *target = &v->targets[i];

		t->rows[i].shown = is_shown(p, t, target, usual);
		if (!t->rows[i].shown)
			continue;
		t->n_shown++;
		fill_row(p, target, &ports, &t->rows[i]);
		if (port_of(target, diag_store_get(&p->in->c->facts,
						   target->tcp)) != 443)
			t->only_443 = false;
	}
	if (!t->only_443)
		name_ports(p, t);
	return true;
}
