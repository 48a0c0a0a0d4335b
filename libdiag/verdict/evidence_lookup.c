/* SPDX-License-Identifier: MIT */
/* evidence_lookup.c - the questions rules ask of evidence. */
#include "verdict/evidence.h"

#include <stdlib.h>
#include <string.h>

bool ev_class_is_private(enum ev_class c)
{
	return c == EV_EXPECTED || c == EV_OURS || c == EV_PRIVATE;
}

const char *ev_class_word(enum ev_class c)
{
	static const char *const words[] = {
		[EV_EXPECTED] = "expected", [EV_OURS] = "in your networks",
		[EV_UNUSABLE] = "unusable", [EV_SYNTHETIC] = "synthetic",
		[EV_PRIVATE] = "private",   [EV_PUBLIC] = "public",
	};

	return words[c];
}

bool ev_kind_is_good(enum ev_kind k)
{
	return k >= EV_RIGHT && k <= EV_SYNTHETIC_WORKS;
}

bool ev_kind_is_server(enum ev_kind k)
{
	return k >= EV_SILENT;
}

static int key_cmp(const void *key, const void *row)
{
	return diag_addr_cmp(key, &((const struct ev_addr *)row)->addr);
}

struct ev_addr *ev_addr_of(const struct ev_target *t, const struct diag_addr *a)
{
	if (t->n_addrs == 0)
		return NULL;
	return bsearch(a, t->addrs, t->n_addrs, sizeof(*t->addrs), key_cmp);
}

const struct ev_conn *ev_conn_of(const struct ev_addr *a, uint16_t port)
{
	size_t i;

	for (i = 0; a != NULL && i < a->n_conns; i++)
		if (a->conns[i].port == port)
			return &a->conns[i];
	return NULL;
}

const struct ev_view *ev_view_of(const struct ev_origin *o, const char *text)
{
	size_t i;

	for (i = 0; text != NULL && i < o->n_views; i++)
		if (strcmp(o->views[i].text, text) == 0)
			return &o->views[i];
	return NULL;
}

const struct ev_answer *ev_answer_of(const struct ev_target *t,
				     const struct ev_view *v)
{
	return v != NULL && t->n_answers > 0 ? &t->answers[v - t->origin->views]
					     : NULL;
}

const struct diag_interface *ev_interface_to(const struct ev_origin *o,
					     const struct ev_addr *a)
{
	const struct diag_route *r;
	const char *name = NULL;

	if (o->machine == NULL)
		return NULL;
	if (a->route != NULL && a->route->status == DIAG_ST_OK)
		name = a->route->route.interface;
	if (name == NULL && a->route == NULL) {
		r = diag_machine_route(o->machine, &a->addr);
		name = r != NULL ? r->interface : NULL;
	}
	return name != NULL ? diag_machine_interface(o->machine, name) : NULL;
}

bool ev_through_tunnel(const struct ev_origin *o, const struct ev_addr *a)
{
	const struct diag_interface *f;

	if (a->route != NULL && a->route->status == DIAG_ST_OK &&
	    a->route->route.is_tunnel)
		return true;
	f = ev_interface_to(o, a);
	return f != NULL && f->tunnel;
}

bool ev_tls_fault(const struct diag_fact *f, enum diag_status fault)
{
	size_t i;

	if (f == NULL || f->kind != DIAG_FACT_TLS)
		return false;
	for (i = 0; i < f->tls.n_faults; i++)
		if (f->tls.faults[i] == fault)
			return true;
	return f->status == fault;
}

bool ev_tls_named(const struct diag_fact *f)
{
	if (f == NULL || f->kind != DIAG_FACT_TLS)
		return false;
	switch (f->status) {
	case DIAG_ST_OK:
	case DIAG_ST_UNTRUSTED:
	case DIAG_ST_EXPIRED:
	case DIAG_ST_NOT_YET_VALID:
		return !ev_tls_fault(f, DIAG_ST_NAME_MISMATCH);
	default:
		return false; /* no handshake, or another's certificate */
	}
}

bool ev_wants_private(const struct diag_target *t)
{
	return t->expect == DIAG_EXPECT_PRIVATE ||
	       (t->expect == DIAG_EXPECT_ANY && t->n_addresses > 0);
}

bool ev_wants_public(const struct diag_target *t)
{
	return t->expect == DIAG_EXPECT_PUBLIC;
}

bool ev_public_works(const struct ev_target *t, const struct ev_answer *a)
{
	enum diag_public_access access = t->origin->inv->public_access;
	size_t i;

	if (access != DIAG_ACCESS_ENABLED && access != DIAG_ACCESS_SELECTED)
		return false;
	for (i = 0; i < a->n_addrs; i++)
		if (a->addrs[i]->cls != EV_PUBLIC ||
		    a->addrs[i]->service != EV_SERVICE_YES)
			return false;
	return a->n_addrs > 0;
}
