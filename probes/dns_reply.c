/* SPDX-License-Identifier: MIT */
/* dns_reply.c - see dns_reply.h.
 *
 * Names are compared as wire bytes and turned into text only when they are
 * kept (dns_name.h).
 */
#include "probes/dns_reply.h"

#include <ldns/ldns.h>
#include <string.h>

#include "base/cursor.h"
#include "probes/dns_name.h"

#define HEADER_LEN 12
#define EDE_OPTION 15 /* RFC 8914, 2 */
#define TTL_MAX	   0x7fffffffu

struct reading {
	struct diag_arena *arena;
	struct diag_fact *f;
	ldns_rr_list *answers;
	struct wname at; /* the end of the chain so far */
	struct diag_rr *chain;
	size_t n_chain;
	bool no_memory;
};

static struct wname wname_of(const ldns_rdf *rdf)
{
	if (rdf == NULL)
		return (struct wname){ NULL, 0 };
	return (struct wname){ ldns_rdf_data(rdf), ldns_rdf_size(rdf) };
}

static const char *text_of(struct reading *r, struct wname w)
{
	const char *text = wname_text(r->arena, w);

	r->no_memory |= text == NULL;
	return text;
}

/* --- records ----------------------------------------------------------------
 */

static struct wname owner_of(const ldns_rr *rr)
{
	return wname_of(ldns_rr_owner(rr));
}

static uint32_t ttl_of(const ldns_rr *rr)
{
	uint32_t ttl = ldns_rr_ttl(rr);

	return ttl <= TTL_MAX ? ttl : 0; /* RFC 2181, 8 */
}

static const ldns_rdf *rdata(const ldns_rr *rr, size_t i)
{
	return i < ldns_rr_rd_count(rr) ? ldns_rr_rdf(rr, i) : NULL;
}

/* The i-th answer if it is of this type and owned by the chain's end. */
static const ldns_rr *answer_at(const struct reading *r, size_t i,
				ldns_rr_type type)
{
	const ldns_rr *rr = ldns_rr_list_rr(r->answers, i);

	return ldns_rr_get_type(rr) == type && rdata(rr, 0) != NULL &&
		       wname_eq(owner_of(rr), r->at)
		   ? rr
		   : NULL;
}

static struct diag_rr *keep(struct reading *r, const ldns_rr *rr)
{
	struct diag_rr *kept =
	    diag_arena_push(r->arena, &r->chain, &r->n_chain, sizeof(*kept));

	if (kept == NULL) {
		r->no_memory = true;
		return NULL;
	}
	kept->name = text_of(r, owner_of(rr));
	kept->type = (enum diag_rrtype)ldns_rr_get_type(rr);
	kept->ttl_s = ttl_of(rr);
	return kept;
}

static const ldns_rr *cname_at_end(const struct reading *r)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(r->answers); i++) {
		const ldns_rr *rr = answer_at(r, i, LDNS_RR_TYPE_CNAME);

		if (rr)
			return rr;
	}
	return NULL;
}

/* false: the chain is longer than anybody's, most likely a circle. */
static bool follow(struct reading *r)
{
	const ldns_rr *rr;

	while (!r->no_memory && (rr = cname_at_end(r)) != NULL) {
		struct diag_rr *kept;

		if (r->n_chain == DNS_CHAIN_MAX)
			return false;
		kept = keep(r, rr);
		r->at = wname_of(rdata(rr, 0));
		if (kept)
			kept->value = text_of(r, r->at);
	}
	return true;
}

static bool addr_of(const ldns_rdf *rdf, enum diag_rrtype type,
		    struct diag_addr *out)
{
	size_t len = type == DIAG_RR_A ? 4 : 16;

	if (ldns_rdf_size(rdf) != len)
		return false;
	*out = (struct diag_addr){
		.family = type == DIAG_RR_A ? DIAG_IPV4 : DIAG_IPV6,
	};
	memcpy(out->bytes, ldns_rdf_data(rdf), len);
	return true;
}

static void keep_address(struct reading *r, const ldns_rr *rr,
			 struct diag_addr **addresses, size_t *n)
{
	char text[DIAG_ADDR_TEXT];
	struct diag_addr addr, *a;
	struct diag_rr *kept;

	if (!addr_of(rdata(rr, 0), r->f->dns.type, &addr))
		return;
	kept = keep(r, rr);
	a = diag_arena_push(r->arena, addresses, n, sizeof(*a));
	if (kept == NULL || a == NULL) {
		r->no_memory = true;
		return;
	}
	*a = addr;
	kept->value = diag_arena_strdup(r->arena, diag_addr_text(&addr, text));
	r->no_memory |= kept->value == NULL;
}

static void keep_addresses(struct reading *r)
{
	struct diag_addr *addresses = NULL;
	size_t n = 0, count = ldns_rr_list_rr_count(r->answers);

	for (size_t i = 0; i < count && !r->no_memory; i++) {
		const ldns_rr *rr =
		    answer_at(r, i, (ldns_rr_type)r->f->dns.type);

		if (rr)
			keep_address(r, rr, &addresses, &n);
	}
	r->f->dns.addresses = addresses;
	r->f->dns.n_addresses = n;
}

static void keep_soa(struct reading *r, const ldns_rr *rr)
{
	struct diag_soa *soa = &r->f->dns.soa;
	const ldns_rdf *minimum = rdata(rr, 6);

	if (minimum == NULL || ldns_rdf_size(minimum) != 4)
		return;
	soa->owner = text_of(r, owner_of(rr));
	soa->mname = text_of(r, wname_of(rdata(rr, 0)));
	soa->rname = text_of(r, wname_of(rdata(rr, 1)));
	soa->minimum_s = ldns_rdf2native_int32(minimum);
	soa->ttl_s = ttl_of(rr);
}

/* The SOA asked for, or that of a negative answer (RFC 2308, 2). */
static bool find_soa(struct reading *r, const ldns_pkt *pkt)
{
	ldns_rr_list *authority = ldns_pkt_authority(pkt);

	if (r->f->dns.type == DIAG_RR_SOA)
		for (size_t i = 0; i < ldns_rr_list_rr_count(r->answers); i++) {
			const ldns_rr *rr = answer_at(r, i, LDNS_RR_TYPE_SOA);

			if (rr) {
				keep_soa(r, rr);
				return r->f->dns.soa.owner != NULL;
			}
		}
	for (size_t i = 0; i < ldns_rr_list_rr_count(authority); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(authority, i);

		if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA) {
			keep_soa(r, rr);
			break;
		}
	}
	return false;
}

/* --- the message as a whole
 * --------------------------------------------------- */

/* The info code of an Extended DNS Error, or -1. */
static int ede_of(const ldns_pkt *pkt)
{
	const ldns_rdf *data = ldns_pkt_edns_data(pkt);
	struct diag_cursor c, option;
	uint16_t code, len, info;

	if (data == NULL)
		return -1;
	c = diag_cursor_of(ldns_rdf_data(data), ldns_rdf_size(data));
	while (diag_cursor_u16(&c, &code) && diag_cursor_u16(&c, &len)) {
		option = diag_cursor_of(c.at, diag_cursor_left(&c));
		if (!diag_cursor_skip(&c, len))
			break;
		if (code == EDE_OPTION && len >= 2 &&
		    diag_cursor_u16(&option, &info))
			return info;
	}
	return -1;
}

static const char *question_fault(const ldns_pkt *pkt,
				  const struct diag_dns_fact *dns)
{
	uint8_t room[WNAME_MAX];
	ldns_rr_list *asked = ldns_pkt_question(pkt);
	const ldns_rr *q;

	if (!ldns_pkt_qr(pkt))
		return "a question came back, not a reply";
	/* Servers that refuse to look at a question may leave it out. */
	if (ldns_rr_list_rr_count(asked) == 0 &&
	    ldns_pkt_get_rcode(pkt) != LDNS_RCODE_NOERROR)
		return NULL;
	if (ldns_rr_list_rr_count(asked) != 1)
		return "the reply does not repeat the question";
	q = ldns_rr_list_rr(asked, 0);
	if ((unsigned)ldns_rr_get_type(q) != (unsigned)dns->type ||
	    !wname_eq(owner_of(q), wname_make(dns->name, room)))
		return "the reply is to another question";
	return NULL;
}

static enum diag_status status_of(const struct diag_dns_fact *dns, bool found)
{
	switch (dns->rcode) {
	case LDNS_RCODE_NOERROR:
		return found ? DIAG_ST_ANSWER : DIAG_ST_NODATA;
	case LDNS_RCODE_SERVFAIL:
		return DIAG_ST_SERVFAIL;
	case LDNS_RCODE_REFUSED:
		return DIAG_ST_REFUSED;
	case LDNS_RCODE_NXDOMAIN:
		return DIAG_ST_NXDOMAIN;
	default:
		return DIAG_ST_RCODE_OTHER;
	}
}

static void malformed(struct diag_fact *f, const char *why)
{
	f->status = DIAG_ST_MALFORMED;
	f->error = why;
}

static void read_flags(struct diag_dns_fact *dns, const ldns_pkt *pkt)
{
	dns->edns = ldns_pkt_edns(pkt);
	dns->rcode = (int)ldns_pkt_get_rcode(pkt);
	if (dns->edns)
		dns->rcode += ldns_pkt_edns_extended_rcode(pkt) << 4;
	dns->ede = ede_of(pkt);
	dns->aa = ldns_pkt_aa(pkt);
	dns->ad = ldns_pkt_ad(pkt);
}

static bool read_packet(struct reading *r, const ldns_pkt *pkt)
{
	struct diag_dns_fact *dns = &r->f->dns;
	uint8_t room[WNAME_MAX];
	const char *fault = question_fault(pkt, dns);
	bool found;

	read_flags(dns, pkt);
	if (fault) {
		malformed(r->f, fault);
		return true;
	}
	r->answers = ldns_pkt_answer(pkt);
	r->at = wname_make(dns->name, room);
	if (!follow(r)) {
		malformed(r->f, "the aliases go round in a circle");
		return true;
	}
	if (dns->type == DIAG_RR_A || dns->type == DIAG_RR_AAAA)
		keep_addresses(r);
	found = find_soa(r, pkt) || dns->n_addresses > 0;
	dns->chain = r->chain;
	dns->n_chain = r->n_chain;
	r->f->status = status_of(dns, found);
	if (ldns_pkt_tc(pkt) && !dns->tcp)
		r->f->status = DIAG_ST_TRUNCATED;
	return !r->no_memory;
}

/* A message cut in the middle of a record is still a truncated answer, if the
 * header says so (RFC 1035, 4.1.1: TC is bit 9, RCODE the last four). */
static void read_broken(const uint8_t *wire, size_t len, struct diag_fact *f)
{
	struct diag_cursor c = diag_cursor_of(wire, len);
	uint16_t flags;

	malformed(f, "not a DNS message");
	if (len < HEADER_LEN || !diag_cursor_skip(&c, 2) ||
	    !diag_cursor_u16(&c, &flags))
		return;
	if ((flags & 0x8200) == 0x8200 && !f->dns.tcp) {
		f->status = DIAG_ST_TRUNCATED;
		f->error = NULL;
		f->dns.rcode = flags & 0xf;
	}
}

bool dns_reply_read(const uint8_t *wire, size_t len, struct diag_arena *arena,
		    struct diag_fact *f, struct diag_err *err)
{
	struct reading r = { .arena = arena, .f = f };
	ldns_pkt *pkt = NULL;
	ldns_status rc = ldns_wire2pkt(&pkt, wire, len);
	bool ok = true;

	f->dns.rcode = -1;
	f->dns.ede = -1;
	if (rc == LDNS_STATUS_MEM_ERR)
		ok = diag_fail_nomem(err, "dns reply");
	else if (rc != LDNS_STATUS_OK)
		read_broken(wire, len, f);
	else if (!read_packet(&r, pkt))
		ok = diag_fail_nomem(err, "dns reply");
	ldns_pkt_free(pkt);
	return ok;
}
