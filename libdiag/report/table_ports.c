/* SPDX-License-Identifier: MIT */
/* table_ports.c - ports that did not open, found by target. */
#include <stdlib.h>
#include <string.h>

#include "report/common.h"
#include "report/table.h"

#define PORTS_SHOWN 3

static bool is_closed(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_TCP && f->target != NULL &&
	       f->status != DIAG_ST_OPEN;
}

static int by_target(const void *a, const void *b)
{
	const struct diag_fact *x = *(const struct diag_fact *const *)a;
	const struct diag_fact *y = *(const struct diag_fact *const *)b;
	int order = strcmp(x->target, y->target);

	if (order == 0)
		order = (int)x->tcp.port - (int)y->tcp.port;
	if (order == 0)
		order = (x->id > y->id) - (x->id < y->id);
	return order;
}

bool table_ports_find(struct page *p, struct table_ports *ports)
{
	const struct diag_store *s = &p->in->c->facts;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += is_closed(s->facts[i]);
	ports->n = 0;
	ports->facts = diag_arena_array(&p->arena, n, sizeof(*ports->facts));
	if (ports->facts == NULL)
		return false;
	for (size_t i = 0; i < s->n; i++)
		if (is_closed(s->facts[i]))
			ports->facts[ports->n++] = s->facts[i];
	if (n > 0)
		qsort(ports->facts, n, sizeof(*ports->facts), by_target);
	return true;
}

/* First fact that is not before this target. */
static size_t lower_bound(const struct table_ports *ports, const char *target)
{
	size_t from = 0;
	size_t to = ports->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(ports->facts[middle]->target, target) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The row tells of one address and one port of it; this fact is about
 * another port of the same address, and it fared otherwise: where nothing
 * opens at all, that nothing else does either is no news. */
static bool is_other_port(const struct diag_fact *f,
			  const struct diag_fact *main)
{
	if (main == NULL || main->kind != DIAG_FACT_TCP)
		return false;
	return f->tcp.port != main->tcp.port && f->status != main->status &&
	       diag_addr_eq(&f->tcp.address, &main->tcp.address);
}

const char *table_ports_text(struct page *p, const struct table_ports *ports,
			     const char *target, const struct diag_fact *main)
{
	const char *text = "";
	unsigned before = 0;
	size_t shown = 0;

	for (size_t i = lower_bound(ports, target); i < ports->n; i++) {
		const struct diag_fact *f = ports->facts[i];

		if (strcmp(f->target, target) != 0 || shown > PORTS_SHOWN)
			break;
		if (!is_other_port(f, main) || f->tcp.port == before)
			continue;
		before = f->tcp.port;
		shown++;
		text = shown > PORTS_SHOWN
			   ? page_text(p, "%s ...", text)
			   : page_text(p, "%s%s %u %s", text,
				       shown > 1 ? "," : "port", before,
				       diag_report_tcp_word(f->status));
	}
	return text;
}
