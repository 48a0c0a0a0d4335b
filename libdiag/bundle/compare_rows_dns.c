/* SPDX-License-Identifier: MIT */
/* compare_rows_dns.c - hosts lines, who was asked, and what was said.
 *
 * The rows of an answer exclude each other: an old answer, no answer, another
 * server, another family, another answer of the same server.
 */
#include "bundle/compare_internal.h"

#include <string.h>

#define LINES_MAX 4

/* --- what is expected ----------------------------------------------------- */

static const char *expected_text(struct cmp *x, const struct cmp_side *s,
				 const struct diag_target *t)
{
	const char *all = cmp_addrs(x, s, t, t->addresses, t->n_addresses);

	if (t->n_addresses == 0)
		return "no address is given for it";
	return all != NULL ? cmp_text(x, "expects %s", all) : NULL;
}

/* The same answer, and another measure for it. */
void cmp_row_expected(struct cmp *x, const struct cmp_pair *p)
{
	const struct diag_target *g = p->good->target;
	const struct diag_target *b = p->bad->target;
	struct cmp_said said = { .key = "" };

	if (!x->addresses || b->n_addresses == 0 ||
	    cmp_same_set(g->addresses, g->n_addresses, b->addresses,
			 b->n_addresses))
		return;
	said.good = p->ga.asked;
	said.bad = p->ba.asked;
	said.there = expected_text(x, &x->good, g);
	said.here = expected_text(x, &x->bad, b);
	said.harmless = !cmp_same_set(p->ga.addrs, p->ga.n_addrs, p->ba.addrs,
				      p->ba.n_addrs);
	cmp_differ(x, p, &said);
}

/* --- hosts lines ---------------------------------------------------------- */

static size_t lines_of(const struct diag_machine *m, const char *name,
		       struct diag_addr out[LINES_MAX])
{
	size_t n = 0;
	const struct diag_hosts_edge *e;

	while (n < LINES_MAX &&
	       (e = diag_hosts_lookup(&m->hosts, name, DIAG_NOFAM, n)) != NULL)
		out[n++] = *e->addr;
	return n;
}

static const struct diag_hosts_fault *fault_of(const struct diag_machine *m,
					       const char *name)
{
	for (size_t i = 0; i < m->hosts.n_faults; i++) {
		const struct diag_hosts_fault *f = &m->hosts.faults[i];

		if (f->meant != NULL && strcmp(f->meant, name) == 0)
			return f;
	}
	return NULL;
}

static const char *lines_text(struct cmp *x, const struct cmp_side *s,
			      const struct diag_target *t,
			      const struct diag_addr *lines, size_t n)
{
	const struct diag_hosts_fault *f =
	    t->fqdn != NULL ? fault_of(s->m, t->fqdn) : NULL;
	const char *addrs;

	if (n > 0) {
		addrs = cmp_addrs(x, s, t, lines, n);
		return addrs != NULL
			   ? cmp_text(x, "its hosts file says %s", addrs)
			   : NULL;
	}
	if (f != NULL)
		return cmp_text(x, "line %u of its hosts file cannot work (%s)",
				f->line, diag_hosts_fault_key(f->kind));
	return "its hosts file has no line for it";
}

/* Lines matter where they decide, or would if they could be read. */
void cmp_row_hosts(struct cmp *x, const struct cmp_pair *p)
{
	struct diag_addr good[LINES_MAX];
	struct diag_addr bad[LINES_MAX];
	size_t n_good = lines_of(x->good.m, p->good_name, good);
	size_t n_bad = lines_of(x->bad.m, p->name, bad);
	bool broken = cmp_only_bad(p, "hosts.malformed");
	struct cmp_said said = { .good = p->ga.system, .bad = p->ba.system };

	if ((n_good > 0) == (n_bad > 0) && !broken &&
	    (!x->addresses || cmp_same_set(good, n_good, bad, n_bad)))
		return;
	said.there = lines_text(x, &x->good, p->good->target, good, n_good);
	said.here = lines_text(x, &x->bad, p->bad->target, bad, n_bad);
	said.harmless = !broken && (p->same_answer ||
				    (!p->ba.from_hosts && !p->ga.from_hosts));
	said.key = n_good > 0 ? "there" : "here";
	cmp_differ(x, p, &said);
}

static const char *order_text(struct cmp *x, const struct diag_machine *m)
{
	const char *all = "nsswitch.conf, hosts:";

	for (size_t i = 0; i < m->n_nss_hosts && all != NULL; i++)
		all = cmp_text(x, "%s %s", all, m->nss_hosts[i]);
	return all;
}

/* Both have lines; only one lets them decide. */
void cmp_row_hosts_order(struct cmp *x, const struct cmp_pair *p)
{
	struct diag_addr lines[LINES_MAX];
	struct cmp_said said = { .good = p->ga.system, .bad = p->ba.system };

	if (lines_of(x->good.m, p->good_name, lines) == 0 ||
	    lines_of(x->bad.m, p->name, lines) == 0 ||
	    p->ga.from_hosts == p->ba.from_hosts || p->same_answer)
		return;
	said.there = order_text(x, x->good.m);
	said.here = order_text(x, x->bad.m);
	cmp_differ(x, p, &said);
}

/* --- answers -------------------------------------------------------------- */

/* Which row an answer is for. */
enum kind {
	KIND_SAME,
	KIND_HOSTS, /* the hosts rows have it */
	KIND_STALE,
	KIND_NO_REPLY,
	KIND_SERVER,
	KIND_FAMILY,
	KIND_ANSWER,
};

static bool has_reply(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_DNS && f->dns.rcode >= 0;
}

static size_t of_family(const struct cmp_answer *a, enum diag_family family)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n_addrs; i++)
		n += a->addrs[i].family == family;
	return n;
}

static bool shares_one(const struct cmp_answer *a, const struct cmp_answer *b)
{
	for (size_t i = 0; i < a->n_addrs; i++)
		for (size_t k = 0; k < b->n_addrs; k++)
			if (diag_addr_eq(&a->addrs[i], &b->addrs[k]))
				return true;
	return false;
}

/* One has a family that the other has not, beside what both say. */
static bool is_other_family(const struct cmp_pair *p)
{
	const struct cmp_answer *a = &p->ga;
	const struct cmp_answer *b = &p->ba;

	return shares_one(a, b) &&
	       (of_family(a, DIAG_IPV6) > 0) != (of_family(b, DIAG_IPV6) > 0);
}

static enum kind kind_of(const struct cmp *x, const struct cmp_pair *p)
{
	const struct cmp_answer *a = &p->ga;
	const struct cmp_answer *b = &p->ba;
	enum cmp_same same = cmp_same_server(x, a, b);

	if (p->same_answer)
		return KIND_SAME;
	if (b->from_hosts)
		return KIND_HOSTS;
	if (cmp_only_bad(p, "dns.stale-cache"))
		return KIND_STALE;
	if (is_other_family(p))
		return KIND_FAMILY;
	if (same == CMP_OTHER && !cmp_depends_on_asker(x, p))
		return KIND_SERVER;
	if (same != CMP_OTHER && a->asked != NULL && b->asked != NULL &&
	    has_reply(a->asked) && !has_reply(b->asked))
		return KIND_NO_REPLY;
	return KIND_ANSWER;
}

static const struct diag_fact *fact_of(const struct cmp_answer *a)
{
	return a->asked != NULL && !a->from_hosts ? a->asked : a->system;
}

/* "asks 168.63.129.16: 10.150.0.4 (its private endpoint)" */
static const char *asks(struct cmp *x, const struct cmp_side *s,
			const struct diag_target *t, const struct cmp_answer *a)
{
	const char *said = cmp_answer_text(x, s, t, a);
	const char *server = cmp_server_text(x, a);

	if (said == NULL || server == NULL)
		return NULL;
	if (a->from_hosts)
		return cmp_text(x, "its hosts file says %s", said);
	if (a->asked == NULL)
		return cmp_text(x, "its system says %s", said);
	return cmp_text(x, "asks %s: %s", server, said);
}

static void say(struct cmp *x, const struct cmp_pair *p, const char *more)
{
	struct cmp_said said = { .good = fact_of(&p->ga),
				 .bad = fact_of(&p->ba) };

	said.there = asks(x, &x->good, p->good->target, &p->ga);
	said.here = asks(x, &x->bad, p->bad->target, &p->ba);
	if (said.here != NULL && more[0] != '\0')
		said.here = cmp_text(x, "%s; %s", said.here, more);
	said.key = cmp_text(x, "%s %s %d %d", cmp_server_text(x, &p->ga),
			    cmp_server_text(x, &p->ba), p->ga.cls, p->ba.cls);
	if (said.there != NULL && said.here != NULL && said.key != NULL)
		cmp_differ(x, p, &said);
}

void cmp_row_stale(struct cmp *x, const struct cmp_pair *p)
{
	const char *now;

	if (kind_of(x, p) != KIND_STALE)
		return;
	now = p->ba.asked != NULL
		  ? cmp_fact_text(x, &x->bad, p->bad->target, p->ba.asked)
		  : "something else";
	if (now != NULL)
		now = cmp_text(x, "who is asked now says %s", now);
	say(x, p, now != NULL ? now : "");
}

void cmp_row_no_reply(struct cmp *x, const struct cmp_pair *p)
{
	if (kind_of(x, p) == KIND_NO_REPLY)
		say(x, p, "");
}

void cmp_row_other_server(struct cmp *x, const struct cmp_pair *p)
{
	if (kind_of(x, p) == KIND_SERVER)
		say(x, p, "");
}

void cmp_row_family(struct cmp *x, const struct cmp_pair *p)
{
	if (kind_of(x, p) == KIND_FAMILY)
		say(x, p, "");
}

/* A private address is not the same machine everywhere. */
static const char *doubt(const struct cmp *x, const struct cmp_answer *b)
{
	if (cmp_same_server(x, b, b) != CMP_SAME ||
	    !diag_scope_is_private(diag_scope_of(&b->at.addr)) ||
	    (x->bad.s->c->inventory != NULL &&
	     diag_inventory_has_net(x->bad.s->c->inventory, &b->at.addr)))
		return "";
	return "in another network this address may be another server";
}

void cmp_row_other_answer(struct cmp *x, const struct cmp_pair *p)
{
	if (kind_of(x, p) != KIND_ANSWER)
		return;
	say(x, p,
	    cmp_same_server(x, &p->ga, &p->ba) == CMP_SAME ? doubt(x, &p->ba)
							   : "");
}
