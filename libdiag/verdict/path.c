/* SPDX-License-Identifier: MIT */
/* See path.h. */
#include "verdict/path.h"

bool path_excused(const struct ev_target *t)
{
	return t->proxy_works && ev_wants_public(t->t);
}

static bool next_conn(struct path *p)
{
	while (p->i_addr < p->t->n_addrs) {
		p->a = &p->t->addrs[p->i_addr];
		if (p->a->path && p->i_conn < p->a->n_conns) {
			p->c = &p->a->conns[p->i_conn++];
			return true;
		}
		p->i_addr++;
		p->i_conn = 0;
	}
	return false;
}

bool path_next(const struct judge *j, struct path *p)
{
	while (!p->t || path_excused(p->t) || !next_conn(p)) {
		p->t = p->t ? judge_next(j, p->t) : judge_first(j);
		p->i_addr = 0;
		p->i_conn = 0;
		if (!p->t)
			return false;
	}
	return true;
}

bool path_is_tls(const struct ev_target *t, uint16_t port)
{
	if (port != 443)
		return false;
	return !t->row || t->row->tls;
}

enum diag_severity path_severity(const struct ev_target *t)
{
	return judge_cap(t, t->path_open ? DIAG_WARNING : DIAG_ERROR);
}

const char *path_text(struct judge *j, const struct path *p)
{
	const char *addr = judge_addr(j, &p->a->addr);

	if (p->a->addr.family == DIAG_IPV6)
		return judge_text(j, "[%s]:%u", addr, (unsigned)p->c->port);
	return judge_text(j, "%s:%u", addr, (unsigned)p->c->port);
}

struct draft *path_draft(struct judge *j, const char *code, const char *subject,
			 const struct path *p, const struct diag_fact *f)
{
	struct draft *d = judge_find(j, code, path_severity(p->t), subject);

	draft_target(j, d, p->t);
	draft_fact(j, d, f);
	return d;
}
