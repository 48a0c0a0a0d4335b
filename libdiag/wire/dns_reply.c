/* SPDX-License-Identifier: MIT */
/* dns_reply.c - see dns_reply.h.
 *
 * Names are compared as wire bytes and turned into text only when they are
 * kept (dns_name.h).
 */
#include "wire/dns_reply.h"

#include <string.h>

#include "base/text.h"
#include "wire/dns_frame.h"

#define TTL_MAX	 0x7fffffffu
#define TEXT_MAX ((size_t)2048) /* of 255 bytes, each an escape of four */

struct reading {
	struct diag_arena *arena;
	struct diag_fact *f;
	const struct dns_frame *frame;
	struct wname name; /* of the question */
	struct wname at;   /* the end of the chain so far */
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
	const char *text;

	if (r->name.len > 1 && wname_eq(w, r->name))
		return r->f->dns.name; /* most are the name asked for */
	text = wname_text(r->arena, w);
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
	const ldns_rr *rr = r->frame->answers[i];

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
	for (size_t i = 0; i < r->frame->n_answers; i++) {
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
	size_t n = 0, count = r->frame->n_answers;

	for (size_t i = 0; i < count && !r->no_memory; i++) {
		const ldns_rr *rr =
		    answer_at(r, i, (ldns_rr_type)r->f->dns.type);

		if (rr)
			keep_address(r, rr, &addresses, &n);
	}
	r->f->dns.addresses = addresses;
	r->f->dns.n_addresses = n;
}

/* The first string of a text, made harmless. */
static const char *text_value(struct reading *r, const ldns_rdf *rdf)
{
	size_t len = ldns_rdf_size(rdf);
	const char *value;
	struct diag_buf safe;

	diag_buf_init(&safe, TEXT_MAX);
	if (len > 0) /* a byte of length comes first; RFC 1035, 3.3 */
		diag_text_safe(&safe, (const char *)ldns_rdf_data(rdf) + 1,
			       len - 1);
	value = diag_arena_strdup(r->arena, diag_buf_str(&safe));
	r->no_memory |= value == NULL || safe.code != DIAG_OK;
	diag_buf_clear(&safe);
	return value;
}

/* true: there is one. */
static bool keep_texts(struct reading *r)
{
	bool found = false;

	for (size_t i = 0; i < r->frame->n_answers && !r->no_memory; i++) {
		const ldns_rr *rr = answer_at(r, i, LDNS_RR_TYPE_TXT);
		struct diag_rr *kept = rr ? keep(r, rr) : NULL;

		if (kept == NULL)
			continue;
		kept->value = text_value(r, rdata(rr, 0));
		found = true;
	}
	return found;
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
static bool find_soa(struct reading *r)
{
	if (r->f->dns.type == DIAG_RR_SOA)
		for (size_t i = 0; i < r->frame->n_answers; i++) {
			const ldns_rr *rr = answer_at(r, i, LDNS_RR_TYPE_SOA);

			if (rr) {
				keep_soa(r, rr);
				return r->f->dns.soa.owner != NULL;
			}
		}
	if (r->frame->soa)
		keep_soa(r, r->frame->soa);
	return false;
}

/* --- the message as a whole
 * --------------------------------------------------- */

static const char *question_fault(const struct dns_frame *frame,
				  const struct diag_dns_fact *dns,
				  struct wname asked)
{
	if (!(frame->flags & DNS_FLAG_QR))
		return "a question came back, not a reply";
	/* Servers that refuse to look at a question may leave it out. */
	if (frame->questions == 0 && (frame->flags & DNS_RCODE_MASK) != 0)
		return NULL;
	if (frame->questions != 1)
		return "the reply does not repeat the question";
	if (frame->qtype != dns->type || !wname_eq(frame->qname, asked))
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

static void read_flags(struct diag_dns_fact *dns, const struct dns_frame *frame)
{
	dns->edns = frame->edns;
	dns->rcode =
	    (int)((frame->flags & DNS_RCODE_MASK) | frame->extended_rcode << 4);
	dns->ede = frame->ede;
	dns->aa = frame->flags & DNS_FLAG_AA;
	dns->ad = frame->flags & DNS_FLAG_AD;
}

static void read_frame(struct reading *r)
{
	struct diag_dns_fact *dns = &r->f->dns;
	uint8_t room[WNAME_MAX];
	const char *fault;
	bool found;

	r->at = r->name = wname_make(dns->name, room);
	fault = question_fault(r->frame, dns, r->name);
	read_flags(dns, r->frame);
	if (!fault && !follow(r))
		fault = "the aliases go round in a circle";
	if (fault) {
		malformed(r->f, fault);
		return;
	}
	if (dns->type == DIAG_RR_A || dns->type == DIAG_RR_AAAA)
		keep_addresses(r);
	found = dns->type == DIAG_RR_TXT && keep_texts(r);
	found = find_soa(r) || dns->n_addresses > 0 || found;
	dns->chain = r->chain;
	dns->n_chain = r->n_chain;
	r->f->status = status_of(dns, found);
	if ((r->frame->flags & DNS_FLAG_TC) && !dns->tcp)
		r->f->status = DIAG_ST_TRUNCATED;
}

/* A message cut in the middle of a record is still a truncated answer, if the
 * header says so. */
static void read_broken(const struct dns_frame *frame, struct diag_fact *f)
{
	const unsigned cut = DNS_FLAG_QR | DNS_FLAG_TC;

	if ((frame->flags & cut) != cut || f->dns.tcp) {
		malformed(f, "not a DNS message");
		return;
	}
	f->status = DIAG_ST_TRUNCATED;
	f->dns.rcode = (int)(frame->flags & DNS_RCODE_MASK);
}

bool diag_dns_reply_read(const uint8_t *wire, size_t len,
			 struct diag_arena *arena, struct diag_fact *f,
			 struct diag_err *err)
{
	struct dns_frame frame;
	struct reading r = { .arena = arena, .f = f, .frame = &frame };
	enum dns_frame_end end;

	f->dns.rcode = -1;
	f->dns.ede = -1;
	end = dns_frame_read(wire, len, f->dns.type, arena, &frame);
	if (end == DNS_FRAME_WHOLE)
		read_frame(&r);
	else if (end == DNS_FRAME_BROKEN)
		read_broken(&frame, f);
	dns_frame_clear(&frame);
	return (end != DNS_FRAME_NO_MEMORY && !r.no_memory) ||
	       diag_fail_nomem(err, "dns reply");
}
