/* SPDX-License-Identifier: MIT */
/* compare_words.c - what the rows say, in the same words on both sides. */
#include "bundle/compare_internal.h"

#define ADDRS_MAX 3 /* more are counted */

static const char *class_word(enum cmp_class c, enum diag_scope scope)
{
	switch (c) {
	case CMP_RIGHT:
		return "its private endpoint";
	case CMP_PRIVATE:
		return "private";
	case CMP_PUBLIC:
		return "public";
	default:
		return diag_scope_name(scope);
	}
}

const char *cmp_addrs(struct cmp *x, const struct cmp_side *s,
		      const struct diag_target *t,
		      const struct diag_addr *addrs, size_t n)
{
	const char *all = "";
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < n && i < ADDRS_MAX && all != NULL; i++)
		all = cmp_text(x, "%s%s%s (%s)", all, i > 0 ? ", " : "",
			       diag_addr_text(&addrs[i], text),
			       class_word(cmp_class_of(s, t, &addrs[i], 1),
					  diag_scope_of(&addrs[i])));
	if (n > ADDRS_MAX && all != NULL)
		all = cmp_text(x, "%s and %zu more", all, n - ADDRS_MAX);
	return all;
}

/* Why there is no address. */
static const char *failure(struct cmp *x, const struct diag_fact *f)
{
	switch (f->status) {
	case DIAG_ST_NXDOMAIN:
		return "there is no such name";
	case DIAG_ST_NODATA:
		return "the name has no address";
	case DIAG_ST_NONE:
		return "no address";
	case DIAG_ST_TIMEOUT:
		return "no answer";
	case DIAG_ST_REFUSED:
		return "the answer is refused (REFUSED)";
	case DIAG_ST_SERVFAIL:
		return "the server fails (SERVFAIL)";
	case DIAG_ST_PORT_CLOSED:
		return "nobody listens at its port";
	case DIAG_ST_UNREACHABLE:
		return "it cannot be reached";
	case DIAG_ST_TRUNCATED:
		return "the answer is cut";
	case DIAG_ST_MALFORMED:
		return "the answer cannot be read";
	default:
		return cmp_text(x, "%s", diag_status_key(f->status));
	}
}

const char *cmp_fact_text(struct cmp *x, const struct cmp_side *s,
			  const struct diag_target *t,
			  const struct diag_fact *f)
{
	if (f->kind == DIAG_FACT_DNS && f->dns.n_addresses > 0)
		return cmp_addrs(x, s, t, f->dns.addresses, f->dns.n_addresses);
	if (f->kind == DIAG_FACT_SYSTEM_DNS && f->system_dns.n_addresses > 0)
		return cmp_addrs(x, s, t, f->system_dns.addresses,
				 f->system_dns.n_addresses);
	return failure(x, f);
}

const char *cmp_answer_text(struct cmp *x, const struct cmp_side *s,
			    const struct diag_target *t,
			    const struct cmp_answer *a)
{
	if (a->n_addrs > 0)
		return cmp_addrs(x, s, t, a->addrs, a->n_addrs);
	if (a->asked != NULL && a->asked->dns.n_addresses == 0)
		return failure(x, a->asked);
	if (a->system != NULL)
		return failure(x, a->system);
	return "no address";
}

const char *cmp_server_text(struct cmp *x, const struct cmp_answer *a)
{
	char text[DIAG_ENDPOINT_TEXT];

	if (a->asked == NULL)
		return "the system";
	if (a->at.port == 53)
		(void)diag_addr_text(&a->at.addr, text);
	else
		(void)diag_endpoint_text(&a->at, text);
	return cmp_text(x, "%s%s", a->stub ? "its own stub " : "", text);
}
