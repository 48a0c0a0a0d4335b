/* SPDX-License-Identifier: MIT */
/* conflict.c - one name, different addresses of one family.
 *
 * glibc and macOS answer with all of them, Windows with the first, so a stale
 * line beside the right one works now and then, or on some machines.  But many
 * files give a name several addresses and mean it:
 *
 *	silent	 all are sinks (127.0.0.1, 0.0.0.0, ::1 …: merged block lists)
 *		 or no host at all (multicast, fe00::0)
 *	warning	 a private endpoint's name, which has one address; or one
 *		 address is a sink and another is not; on Windows, where the
 *		 other lines do nothing
 *	info	 the rest: a server with two interfaces, shared load; and what
 *		 an inventory said, in one block of pl-hosts
 */
#include <stdio.h>

#include "hosts/internal.h"
#include "inventory/catalogue.h"
#include "net/scope.h"

#define SHOWN 253 /* bytes of a name */

struct rivals {
	const struct diag_hosts_table *t;
	uint32_t first; /* row that wins on Windows */
	uint32_t other; /* first one with another address */
	uint32_t last;	/* and the last such one */
	struct diag_addr first_addr, other_addr;
	size_t n_more; /* further rows that differ from the first */
	bool sink, no_sink;
	enum diag_hosts_severity severity;
};

/* Nobody is reached by it. */
static bool is_sink(const struct diag_addr *a)
{
	switch (diag_scope_of(a)) {
	case DIAG_SCOPE_LOOPBACK:
	case DIAG_SCOPE_UNSPECIFIED:
	case DIAG_SCOPE_MULTICAST:
		return true;
	default: /* fe00::0 stands for "the local network" in many files */
		return a->family == DIAG_IPV6 && a->bytes[0] == 0xfe &&
		       a->bytes[1] == 0;
	}
}

static void look(struct rivals *r, uint32_t row, enum diag_family family)
{
	struct diag_addr addr = diag_hosts_row_addr(r->t, row);

	if (addr.family != family)
		return;
	*(is_sink(&addr) ? &r->sink : &r->no_sink) = true;
	if (r->first == DIAG_HOSTS_NO_ROW) {
		r->first = row;
		r->first_addr = addr;
	} else if (diag_addr_eq(&addr, &r->first_addr)) {
		return;
	} else if (r->other == DIAG_HOSTS_NO_ROW) {
		r->other = row;
		r->other_addr = addr;
	} else {
		r->n_more++;
	}
	r->last = row;
}

static bool is_private_endpoint(struct diag_slice name)
{
	char normal[DIAG_FQDN_MAX];
	struct diag_cat_match match;

	return diag_fqdn_normal(name.p, name.len, normal, NULL) &&
	       diag_cat_match(normal, &match) &&
	       match.row->expect == DIAG_EXPECT_PRIVATE;
}

/* What makes it more than a hint. */
static const char *worse(const struct rivals *r, struct diag_slice name)
{
	if (r->sink)
		return "; one of them is no other machine";
	return is_private_endpoint(name) ? "; a private endpoint has only one"
					 : NULL;
}

static const char *tell(struct hosts_judge *j, const struct rivals *r,
			struct diag_slice name, const char *tail)
{
	char first[DIAG_ADDR_TEXT], other[DIAG_ADDR_TEXT], more[40] = "";

	if (r->n_more > 0)
		(void)snprintf(more, sizeof(more), " and in %zu more line%s",
			       r->n_more, r->n_more == 1 ? "" : "s");
	return diag_arena_printf(
	    j->arena,
	    "%.*s is %s in line %u and another, %s, here%s: Linux and macOS "
	    "answer with all, Windows with the first%s",
	    (int)(name.len < SHOWN ? name.len : SHOWN), name.p,
	    diag_addr_text(&r->first_addr, first), r->t->rows[r->first].line,
	    diag_addr_text(&r->other_addr, other), more,
	    tail != NULL ? tail : "");
}

/* Names that share their lines share the finding. */
static bool told_already(const struct rivals *r, const struct rivals *last)
{
	return last->t != NULL && r->severity <= last->severity &&
	       r->t->rows[r->first].line == r->t->rows[last->first].line &&
	       r->t->rows[r->other].line == r->t->rows[last->other].line &&
	       r->n_more == last->n_more;
}

static bool judge_family(struct hosts_judge *j, uint32_t head,
			 enum diag_family family, struct rivals *last)
{
	struct rivals r = { .t = j->names,
			    .first = DIAG_HOSTS_NO_ROW,
			    .other = DIAG_HOSTS_NO_ROW };
	struct diag_slice name = diag_hosts_row_name(r.t, head);
	struct diag_hosts_fault f = { .kind = DIAG_HOSTS_CONFLICT };
	const char *tail;

	for (uint32_t i = head; i != DIAG_HOSTS_NO_ROW;
	     i = diag_hosts_table_next(r.t, i))
		look(&r, i, family);
	if (r.other == DIAG_HOSTS_NO_ROW || !r.no_sink)
		return true;
	tail = worse(&r, name);
	r.severity = tail != NULL || j->rules == DIAG_HOSTS_WINDOWS
			 ? DIAG_HOSTS_WARNING
			 : DIAG_HOSTS_INFO;
	if (r.severity == DIAG_HOSTS_WARNING && !r.sink &&
	    hosts_in_one_block(r.t, r.first, r.last)) {
		r.severity = DIAG_HOSTS_INFO;
		tail = "; the inventory of that block says so";
	}
	if (told_already(&r, last))
		return true;
	*last = r;
	f.severity = r.severity;
	f.line = r.t->rows[r.other].line;
	f.column = diag_hosts_row_column(r.t, r.other);
	f.text = tell(j, &r, name, tail);
	return f.text != NULL && hosts_add_fault(j, &f);
}

bool hosts_judge_conflicts(struct hosts_judge *j, struct diag_err *err)
{
	const struct diag_hosts_table *t = j->names;
	struct rivals v4 = { .t = NULL }, v6 = { .t = NULL };

	if (t->n_mixed == 0)
		return true;
	if (!diag_cat_load(err))
		return false;
	for (uint32_t i = 0; i < t->n_rows && !j->cut; i++) {
		if (!t->rows[i].head || !t->rows[i].mixed)
			continue;
		if (!judge_family(j, i, DIAG_IPV4, &v4) ||
		    !judge_family(j, i, DIAG_IPV6, &v6))
			return diag_fail_nomem(err, "hosts");
	}
	return true;
}
