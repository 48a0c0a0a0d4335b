/* SPDX-License-Identifier: MIT */
/* kinds.c - the words of facts: kinds, statuses and which go together
 * (design.md, 5.2), record types, roots. */
#include "fact/fields.h"

#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "base/text.h"

_Static_assert(DIAG_N_STATUSES <= 32, "a kind's statuses are 32 bits");

static const char *const status_keys[DIAG_N_STATUSES] = {
	[DIAG_ST_NOT_RUN] = "not-run",
	[DIAG_ST_ANSWER] = "answer",
	[DIAG_ST_NODATA] = "nodata",
	[DIAG_ST_NXDOMAIN] = "nxdomain",
	[DIAG_ST_SERVFAIL] = "servfail",
	[DIAG_ST_REFUSED] = "refused",
	[DIAG_ST_RCODE_OTHER] = "rcode-other",
	[DIAG_ST_TRUNCATED] = "truncated",
	[DIAG_ST_TIMEOUT] = "timeout",
	[DIAG_ST_PORT_CLOSED] = "port-closed",
	[DIAG_ST_UNREACHABLE] = "unreachable",
	[DIAG_ST_MALFORMED] = "malformed",
	[DIAG_ST_NONE] = "none",
	[DIAG_ST_FAILED] = "failed",
	[DIAG_ST_OK] = "ok",
	[DIAG_ST_OPEN] = "open",
	[DIAG_ST_RESET] = "reset",
	[DIAG_ST_UNTRUSTED] = "untrusted",
	[DIAG_ST_NAME_MISMATCH] = "name-mismatch",
	[DIAG_ST_EXPIRED] = "expired",
	[DIAG_ST_NOT_YET_VALID] = "not-yet-valid",
	[DIAG_ST_CUT] = "cut",
	[DIAG_ST_CLIENT_CERT_WANTED] = "client-cert-wanted",
	[DIAG_ST_REPLY] = "reply",
	[DIAG_ST_CLOSED] = "closed",
	[DIAG_ST_SILENT] = "silent",
	[DIAG_ST_ACCEPTED] = "accepted",
	[DIAG_ST_SEEN] = "seen",
	[DIAG_ST_LISTENED] = "listened",
	[DIAG_ST_SMALLER] = "smaller",
	[DIAG_ST_BLACK_HOLE] = "black-hole",
};

#define S(name) (UINT32_C(1) << DIAG_ST_##name)

const struct diag_kind diag_fact_kinds[DIAG_N_FACT_KINDS] = {
	[DIAG_FACT_DNS] = { "dns",
			    S(NOT_RUN) | S(ANSWER) | S(NODATA) | S(NXDOMAIN) |
				S(SERVFAIL) | S(REFUSED) | S(RCODE_OTHER) |
				S(TRUNCATED) | S(TIMEOUT) | S(PORT_CLOSED) |
				S(UNREACHABLE) | S(MALFORMED),
			    diag_fact_dns },
	[DIAG_FACT_SYSTEM_DNS] = { "system-dns",
				   S(NOT_RUN) | S(ANSWER) | S(NONE) |
				       S(TIMEOUT) | S(FAILED),
				   diag_fact_system_dns },
	[DIAG_FACT_ROUTE] = { "route", S(NOT_RUN) | S(OK) | S(NONE),
			      diag_fact_route },
	[DIAG_FACT_TCP] = { "tcp",
			    S(NOT_RUN) | S(OPEN) | S(REFUSED) | S(TIMEOUT) |
				S(UNREACHABLE) | S(RESET) | S(FAILED),
			    diag_fact_tcp },
	[DIAG_FACT_TLS] = { "tls",
			    S(NOT_RUN) | S(OK) | S(UNTRUSTED) |
				S(NAME_MISMATCH) | S(EXPIRED) |
				S(NOT_YET_VALID) | S(CUT) | S(TIMEOUT) |
				S(FAILED),
			    diag_fact_tls },
	[DIAG_FACT_HTTP] = { "http",
			     S(NOT_RUN) | S(ANSWER) | S(CLIENT_CERT_WANTED) |
				 S(TIMEOUT) | S(CUT) | S(FAILED),
			     diag_fact_http },
	[DIAG_FACT_UDP] = { "udp",
			    S(NOT_RUN) | S(REPLY) | S(CLOSED) | S(SILENT) |
				S(UNREACHABLE) | S(FAILED),
			    diag_fact_udp },
	[DIAG_FACT_ARRIVAL] = { "arrival",
				S(NOT_RUN) | S(ACCEPTED) | S(SEEN) |
				    S(LISTENED),
				diag_fact_arrival },
	[DIAG_FACT_MTU] = { "mtu",
			    S(NOT_RUN) | S(OK) | S(SMALLER) | S(BLACK_HOLE) |
				S(SILENT),
			    diag_fact_mtu },
};

const char *diag_fact_kind_key(enum diag_fact_kind k)
{
	return (unsigned)k < DIAG_N_FACT_KINDS ? diag_fact_kinds[k].key : "?";
}

bool diag_fact_kind_parse(const char *key, enum diag_fact_kind *out)
{
	for (unsigned k = 0; k < DIAG_N_FACT_KINDS; k++) {
		if (strcmp(key, diag_fact_kinds[k].key) == 0) {
			*out = (enum diag_fact_kind)k;
			return true;
		}
	}
	return false;
}

const char *diag_status_key(enum diag_status s)
{
	return (unsigned)s < DIAG_N_STATUSES ? status_keys[s] : "?";
}

bool diag_status_parse(enum diag_fact_kind k, const char *key,
		       enum diag_status *out)
{
	for (unsigned s = 0; s < DIAG_N_STATUSES; s++) {
		bool known = (diag_fact_kinds[k].statuses >> s & 1) != 0;

		if (known && strcmp(key, status_keys[s]) == 0) {
			*out = (enum diag_status)s;
			return true;
		}
	}
	return false;
}

static const struct {
	enum diag_rrtype type;
	const char *key;
} rrtypes[] = {
	{ DIAG_RR_A, "A" },	{ DIAG_RR_AAAA, "AAAA" },
	{ DIAG_RR_SOA, "SOA" }, { DIAG_RR_CNAME, "CNAME" },
	{ DIAG_RR_TXT, "TXT" },
};
#define N_RRTYPES (sizeof(rrtypes) / sizeof(rrtypes[0]))

const char *diag_rrtype_key(enum diag_rrtype t)
{
	/* RFC 3597, 5.  Overwritten by the thread's next unknown type. */
	static _Thread_local char unknown[16];

	for (size_t i = 0; i < N_RRTYPES; i++)
		if (rrtypes[i].type == t)
			return rrtypes[i].key;
	(void)snprintf(unknown, sizeof(unknown), "TYPE%u",
		       (unsigned)t & 0xffff);
	return unknown;
}

bool diag_rrtype_parse(const char *key, enum diag_rrtype *out)
{
	uint64_t number;

	for (size_t i = 0; i < N_RRTYPES; i++) {
		if (diag_text_eq_nocase(rrtypes[i].key, key)) {
			*out = rrtypes[i].type;
			return true;
		}
	}
	if (!diag_text_starts(key, "TYPE") ||
	    !diag_slice_number(diag_slice_of(key + 4), 0, 65535, &number))
		return false;
	*out = (enum diag_rrtype)number;
	return true;
}

static const char *const root_keys[] = {
	[DIAG_ROOT_UNKNOWN] = "unknown",
	[DIAG_ROOT_PUBLIC] = "public",
	[DIAG_ROOT_SERVICE] = "service",
	[DIAG_ROOT_LOCAL] = "local",
};
#define N_ROOTS (sizeof(root_keys) / sizeof(root_keys[0]))

const char *diag_root_key(enum diag_root r)
{
	return (unsigned)r < N_ROOTS ? root_keys[r] : "?";
}

bool diag_root_parse(const char *key, enum diag_root *out)
{
	for (unsigned r = 0; r < N_ROOTS; r++) {
		if (strcmp(key, root_keys[r]) == 0) {
			*out = (enum diag_root)r;
			return true;
		}
	}
	return false;
}
