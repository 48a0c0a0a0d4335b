/* SPDX-License-Identifier: MIT */
/* update.c - updates in wire form and in nsupdate's words.
 *
 * For each set: what it is now as a prerequisite, all of it deleted, what it
 * shall be added (RFC 2136, 2.4 and 2.5).  The server makes all of a message
 * or nothing of it (3.7), so a set is never seen empty in between.
 *
 * An address beside an alias would be passed over in silence (3.4.2.2), so a
 * set that does not exist must not be an alias either.
 */
#include "fix/update.h"

#include <ldns/ldns.h>
#include <string.h>

#include "fix/update_tsig.h"

#define OP "update"

static ldns_rr_type type_of(enum diag_family family)
{
	return family == DIAG_IPV6 ? LDNS_RR_TYPE_AAAA : LDNS_RR_TYPE_A;
}

static const char *type_word(enum diag_family family)
{
	return family == DIAG_IPV6 ? "AAAA" : "A";
}

/* --- records ---------------------------------------------------------------
 */

/* A record to be filled; owned by the packet once it is pushed. */
struct record {
	const char *owner;
	ldns_rr_type type;
	ldns_rr_class class;
	uint32_t ttl_s;
	const struct diag_addr *addr; /* NULL: no data */
	ldns_pkt_section section;
};

static bool fill(ldns_rr *rr, const struct record *r, struct diag_err *err)
{
	ldns_rdf *owner = ldns_dname_new_frm_str(r->owner);
	ldns_rdf *data;

	if (owner == NULL)
		return diag_fail(err, DIAG_EPARSE, OP, "%s: no name", r->owner);
	ldns_rr_set_owner(rr, owner);
	ldns_rr_set_type(rr, r->type);
	ldns_rr_set_class(rr, r->class);
	ldns_rr_set_ttl(rr, r->ttl_s);
	ldns_rr_set_question(rr, r->section == LDNS_SECTION_QUESTION);
	if (r->addr == NULL)
		return true;
	data = ldns_rdf_new_frm_data(
	    r->addr->family == DIAG_IPV6 ? LDNS_RDF_TYPE_AAAA : LDNS_RDF_TYPE_A,
	    diag_addr_len(r->addr), r->addr->bytes);
	if (data == NULL || !ldns_rr_push_rdf(rr, data)) {
		ldns_rdf_deep_free(data);
		return diag_fail_nomem(err, OP);
	}
	return true;
}

static bool push(ldns_pkt *pkt, const struct record *r, struct diag_err *err)
{
	ldns_rr *rr = ldns_rr_new();

	if (rr == NULL)
		return diag_fail_nomem(err, OP);
	if (fill(rr, r, err) && ldns_pkt_push_rr(pkt, r->section, rr))
		return true;
	ldns_rr_free(rr);
	return diag_fail_nomem(err, OP);
}

static bool push_all(ldns_pkt *pkt, struct record r,
		     const struct diag_addr *addrs, size_t n,
		     struct diag_err *err)
{
	for (size_t i = 0; i < n; i++) {
		r.addr = &addrs[i];
		if (!push(pkt, &r, err))
			return false;
	}
	return true;
}

/* RFC 2136, 2.4.2 and 2.4.3 */
static bool push_prerequisite(ldns_pkt *pkt, const struct diag_update_set *s,
			      struct diag_err *err)
{
	struct record r = { .owner = s->owner,
			    .type = type_of(s->family),
			    .class = LDNS_RR_CLASS_IN,
			    .section = LDNS_SECTION_ANSWER };

	if (s->n_was > 0)
		return push_all(pkt, r, s->was, s->n_was, err);
	r.class = LDNS_RR_CLASS_NONE;
	if (!push(pkt, &r, err))
		return false;
	r.type = LDNS_RR_TYPE_CNAME;
	return push(pkt, &r, err);
}

/* RFC 2136, 2.5.2 and 2.5.1 */
static bool push_change(ldns_pkt *pkt, const struct diag_update_set *s,
			struct diag_err *err)
{
	struct record r = { .owner = s->owner,
			    .type = type_of(s->family),
			    .class = LDNS_RR_CLASS_ANY,
			    .section = LDNS_SECTION_AUTHORITY };

	if (s->n_was > 0 && !push(pkt, &r, err))
		return false;
	r.class = LDNS_RR_CLASS_IN;
	r.ttl_s = s->ttl_s;
	return push_all(pkt, r, s->will, s->n_will, err);
}

/* --- the message -----------------------------------------------------------
 */

static bool fill_packet(ldns_pkt *pkt, const struct diag_update *u,
			struct diag_err *err)
{
	const struct record zone = { .owner = u->zone,
				     .type = LDNS_RR_TYPE_SOA,
				     .class = LDNS_RR_CLASS_IN,
				     .section = LDNS_SECTION_QUESTION };

	ldns_pkt_set_opcode(pkt, LDNS_PACKET_UPDATE);
	if (!push(pkt, &zone, err))
		return false;
	for (size_t i = 0; i < u->n; i++)
		if (!push_prerequisite(pkt, &u->sets[i], err))
			return false;
	for (size_t i = 0; i < u->n; i++)
		if (!push_change(pkt, &u->sets[i], err))
			return false;
	return true;
}

static bool to_wire(const ldns_pkt *pkt, struct diag_buf *out,
		    struct diag_err *err)
{
	uint8_t *wire = NULL;
	size_t len = 0;

	if (ldns_pkt2wire(&wire, pkt, &len) != LDNS_STATUS_OK)
		return diag_fail(err, DIAG_ELIMIT, OP,
				 "more than %zu bytes in one message",
				 DIAG_UPDATE_MAX);
	diag_buf_put(out, wire, len);
	LDNS_FREE(wire);
	return true;
}

bool diag_update_make(const struct diag_update *u,
		      const struct diag_tsig_key *key, uint16_t id,
		      int64_t now_s, struct diag_update_wire *out,
		      struct diag_err *err)
{
	ldns_pkt *pkt = ldns_pkt_new();
	bool ok;

	*out = (struct diag_update_wire){ .id = id, .key = key };
	diag_buf_init(&out->bytes, DIAG_UPDATE_MAX);
	if (pkt == NULL)
		return diag_fail_nomem(err, OP);
	ldns_pkt_set_id(pkt, id);
	ok = fill_packet(pkt, u, err) && to_wire(pkt, &out->bytes, err) &&
	     diag_buf_ok(&out->bytes, err, OP) &&
	     (key == NULL || tsig_sign(out, now_s, err)) &&
	     diag_buf_ok(&out->bytes, err, OP);
	ldns_pkt_free(pkt);
	return ok;
}

/* --- nsupdate's language ---------------------------------------------------
 */

static void print_set(const struct diag_update_set *s, struct diag_buf *out)
{
	const char *type = type_word(s->family);
	char text[DIAG_ADDR_TEXT];

	if (s->n_was > 0)
		diag_buf_printf(out, "update delete %s. %s\n", s->owner, type);
	for (size_t i = 0; i < s->n_will; i++)
		diag_buf_printf(out, "update add %s. %u %s %s\n", s->owner,
				s->ttl_s, type,
				diag_addr_text(&s->will[i], text));
}

static void print_prerequisite(const struct diag_update_set *s,
			       struct diag_buf *out)
{
	const char *type = type_word(s->family);
	char text[DIAG_ADDR_TEXT];

	if (s->n_was == 0)
		diag_buf_printf(out,
				"prereq nxrrset %s. %s\n"
				"prereq nxrrset %s. CNAME\n",
				s->owner, type, s->owner);
	for (size_t i = 0; i < s->n_was; i++)
		diag_buf_printf(out, "prereq yxrrset %s. %s %s\n", s->owner,
				type, diag_addr_text(&s->was[i], text));
}

void diag_update_print(const struct diag_update *u, const char *server,
		       uint16_t port, struct diag_buf *out)
{
	diag_buf_printf(out, "server %s %u\nzone %s.\n", server, port, u->zone);
	for (size_t i = 0; i < u->n; i++)
		print_prerequisite(&u->sets[i], out);
	for (size_t i = 0; i < u->n; i++)
		print_set(&u->sets[i], out);
	diag_buf_puts(out, "send\n");
}

/* --- back again ------------------------------------------------------------
 */

bool diag_update_inverse(const struct diag_update *u, struct diag_arena *arena,
			 struct diag_update *out, struct diag_err *err)
{
	struct diag_update_set *sets =
	    diag_arena_array(arena, u->n + 1, sizeof(*sets));

	if (sets == NULL)
		return diag_fail_nomem(err, OP);
	for (size_t i = 0; i < u->n; i++) {
		const struct diag_update_set *s = &u->sets[i];

		sets[i] = (struct diag_update_set){
			.owner = s->owner,
			.family = s->family,
			.was = s->will,
			.n_was = s->n_will,
			.will = s->was,
			.n_will = s->n_was,
			.ttl_s = s->was_ttl_s,
			.was_ttl_s = s->ttl_s,
		};
	}
	*out = (struct diag_update){ .zone = u->zone, .sets = sets, .n = u->n };
	return true;
}
