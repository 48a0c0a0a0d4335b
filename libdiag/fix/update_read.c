/* SPDX-License-Identifier: MIT */
/* update_read.c - what the answer to an update says.
 *
 * An answer to a signed message counts when it is signed by the same key over
 * the request's MAC.  A server that could not check our signature cannot sign
 * its answer (RFC 8945, 5.2): such an answer is believed when it says that
 * nothing was done and why, never when it says that something was.
 */
#include <ldns/ldns.h>
#include <openssl/crypto.h>
#include <string.h>

#include "base/cursor.h"
#include "fix/update_tsig.h"

#define OP	    "answer"
#define HEADER_LEN  12
#define QR_BIT	    0x8000u
#define OPCODE_BITS 0x7800u
#define OPCODE	    0x2800u /* UPDATE, 5; RFC 2136, 1.3 */
#define RCODE_BITS  0x000fu
#define N_SECTIONS  4
#define ID_AT	    0
#define ARCOUNT_AT  10
#define TIME_BYTES  6

struct reading {
	const unsigned char *wire;
	size_t len;
	uint16_t id, flags, counts[N_SECTIONS];
	ldns_rr *tsig;	/* the last record, or NULL */
	size_t tsig_at; /* where it begins */
};

/* --- words -----------------------------------------------------------------
 */

struct row {
	unsigned rcode, tsig_error;
	const char *words;
};

static const struct row rows[] = {
	{ LDNS_RCODE_NOERROR, 0, "the server has made the change" },
	{ LDNS_RCODE_FORMERR, 0,
	  "the server does not understand the message (FORMERR): ask its "
	  "admin whether it takes updates (RFC 2136)" },
	{ LDNS_RCODE_SERVFAIL, 0,
	  "the server failed at it (SERVFAIL): look in its log; often it may "
	  "not write the zone's file or journal" },
	{ LDNS_RCODE_NXDOMAIN, 0,
	  "a name is gone that was there when we asked (NXDOMAIN): somebody "
	  "changed the zone meanwhile; run it again" },
	{ LDNS_RCODE_NOTIMPL, 0,
	  "the server takes no updates (NOTIMP): change its zone file "
	  "instead" },
	{ LDNS_RCODE_REFUSED, 0,
	  "the server refuses updates of this zone from this address or with "
	  "this key (REFUSED): allow the key there (BIND: update-policy or "
	  "allow-update; Knot: an acl with action update)" },
	{ LDNS_RCODE_YXDOMAIN, 0,
	  "a name is there that was not there when we asked (YXDOMAIN): "
	  "somebody changed the zone meanwhile; run it again" },
	{ LDNS_RCODE_YXRRSET, 0,
	  "a record is there that was not there when we asked (YXRRSET): "
	  "somebody changed the zone meanwhile; run it again" },
	{ LDNS_RCODE_NXRRSET, 0,
	  "a record is not what it was when we asked (NXRRSET): somebody "
	  "changed the zone meanwhile; run it again" },
	{ LDNS_RCODE_NOTAUTH, 0,
	  "the server is not the primary of this zone, or does not allow it to "
	  "us (NOTAUTH): send the update to the server that the zone's SOA "
	  "record names, or allow it there (Knot: an acl with action "
	  "update)" },
	{ LDNS_RCODE_NOTZONE, 0,
	  "a name does not lie in this zone there (NOTZONE): say with --zone "
	  "which zone of that server it lies in" },
	{ LDNS_RCODE_NOTAUTH, TSIG_BADSIG,
	  "the server knows a key of this name with another secret (BADSIG): "
	  "copy the key file from the server again" },
	{ LDNS_RCODE_NOTAUTH, TSIG_BADKEY,
	  "the server knows no key of this name and algorithm (BADKEY): "
	  "compare both with its configuration" },
	{ LDNS_RCODE_NOTAUTH, TSIG_BADTIME,
	  "the clocks of this machine and of the server differ by more than "
	  "five minutes (BADTIME): set the one that is wrong" },
};

static const char *words_of(unsigned rcode, unsigned tsig_error)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].rcode == rcode && rows[i].tsig_error == tsig_error)
			return rows[i].words;
	return tsig_error != 0
		   ? "the server does not accept the signature: compare the "
		     "key with its configuration"
		   : "the server answers with an error that updates do not "
		     "have: look in its log";
}

/* --- the message -----------------------------------------------------------
 */

static bool broken(struct diag_err *err, const char *what)
{
	return diag_fail(err, DIAG_EPARSE, OP, "%s", what);
}

static bool read_header(struct reading *r, uint16_t id, struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(r->wire, r->len);
	bool ok = diag_cursor_u16(&c, &r->id) && diag_cursor_u16(&c, &r->flags);

	for (size_t i = 0; i < N_SECTIONS; i++)
		ok = ok && diag_cursor_u16(&c, &r->counts[i]);
	if (!ok)
		return broken(err, "not a DNS message");
	if (r->id != id)
		return broken(err, "not to our message: another id");
	if ((r->flags & QR_BIT) == 0 || (r->flags & OPCODE_BITS) != OPCODE)
		return broken(err, "not an answer to an update");
	return true;
}

/* One record; false: it cannot be read.  A TSIG stays in r->tsig. */
static bool take_record(struct reading *r, size_t section, size_t *at,
			struct diag_err *err)
{
	ldns_rr *rr = NULL;

	r->tsig_at = *at;
	if (r->tsig != NULL)
		return broken(err, "records behind the TSIG");
	if (ldns_wire2rr(&rr, r->wire, r->len, at, (ldns_pkt_section)section) !=
	    LDNS_STATUS_OK)
		return broken(err, "not a DNS message");
	if (section == LDNS_SECTION_ADDITIONAL &&
	    ldns_rr_get_type(rr) == LDNS_RR_TYPE_TSIG)
		r->tsig = rr;
	else
		ldns_rr_free(rr);
	return true;
}

/* TSIG is the last record of all (RFC 8945, 5.1). */
static bool walk(struct reading *r, struct diag_err *err)
{
	size_t at = HEADER_LEN;

	for (size_t s = 0; s < N_SECTIONS; s++)
		for (unsigned i = 0; i < r->counts[s]; i++)
			if (!take_record(r, s, &at, err))
				return false;
	return at == r->len || broken(err, "bytes behind the message");
}

/* --- the signature ---------------------------------------------------------
 */

/* The i-th field, at least min bytes of it. */
static bool field(const struct reading *r, size_t i, size_t min,
		  struct diag_cursor *out)
{
	const ldns_rdf *rdf =
	    i < ldns_rr_rd_count(r->tsig) ? ldns_rr_rdf(r->tsig, i) : NULL;

	if (rdf == NULL || ldns_rdf_size(rdf) < min)
		return false;
	*out = diag_cursor_of(ldns_rdf_data(rdf), ldns_rdf_size(rdf));
	return true;
}

static uint64_t take_u48(struct diag_cursor *c)
{
	uint16_t high = 0;
	uint32_t low = 0;

	if (!diag_cursor_u16(c, &high) || !diag_cursor_u32(c, &low))
		return 0;
	return (uint64_t)high << 32 | low;
}

/* Two bytes of length, then what ldns has checked to be so long. */
static void take_data(struct diag_cursor c, const unsigned char **p,
		      size_t *len)
{
	*p = NULL;
	*len = 0;
	if (diag_cursor_skip(&c, 2)) {
		*p = c.at;
		*len = diag_cursor_left(&c);
	}
}

/* RFC 8945, 4.2: name, time, fudge, MAC, id, error, other. */
static bool read_tsig(const struct reading *r, struct tsig *t,
		      struct diag_cursor *alg)
{
	struct diag_cursor time, fudge, mac, id, error, other;

	if (ldns_rr_get_class(r->tsig) != LDNS_RR_CLASS_ANY ||
	    ldns_rr_ttl(r->tsig) != 0 || !field(r, 0, 1, alg) ||
	    !field(r, 1, TIME_BYTES, &time) || !field(r, 2, 2, &fudge) ||
	    !field(r, 3, 2, &mac) || !field(r, 4, 2, &id) ||
	    !field(r, 5, 2, &error) || !field(r, 6, 2, &other))
		return false;
	t->time_s = take_u48(&time);
	take_data(mac, &t->mac, &t->mac_len);
	take_data(other, &t->other, &t->other_len);
	return diag_cursor_u16(&fudge, &t->fudge_s) &&
	       diag_cursor_u16(&id, &t->id) &&
	       diag_cursor_u16(&error, &t->error);
}

/* The message as it was when it was signed (RFC 8945, 4.3.2). */
static void put_unsigned(const struct reading *r, const struct tsig *t,
			 struct diag_buf *out)
{
	unsigned additional = r->counts[N_SECTIONS - 1] - 1u;

	diag_buf_put(out, r->wire, r->tsig_at);
	if (out->code != DIAG_OK)
		return;
	out->data[ID_AT] = (char)(t->id >> 8);
	out->data[ID_AT + 1] = (char)t->id;
	out->data[ARCOUNT_AT] = (char)(additional >> 8);
	out->data[ARCOUNT_AT + 1] = (char)additional;
}

static bool mac_is_right(const struct reading *r,
			 const struct diag_update_wire *sent,
			 const struct tsig *t, struct diag_err *err)
{
	struct diag_tsig_mac mac;
	struct diag_buf msg;
	bool ok;

	diag_buf_init(&msg, DIAG_UPDATE_MAX);
	put_unsigned(r, t, &msg);
	ok = diag_buf_ok(&msg, err, OP) &&
	     tsig_mac(sent->key, &sent->mac, &msg, t, &mac, err);
	diag_buf_clear(&msg);
	if (!ok)
		return false;
	return (mac.len == t->mac_len &&
		CRYPTO_memcmp(mac.bytes, t->mac, mac.len) == 0) ||
	       broken(err, "its signature is wrong: it may be forged");
}

static bool is_near(const struct tsig *t, int64_t now_s)
{
	int64_t apart = (int64_t)t->time_s - now_s;

	return apart <= t->fudge_s && -apart <= t->fudge_s;
}

/* With BADTIME our own clock may be the wrong one: then the server's is all
 * there is to go by. */
static bool check_signed(const struct reading *r,
			 const struct diag_update_wire *sent, int64_t now_s,
			 const struct tsig *t, struct diag_err *err)
{
	if (!mac_is_right(r, sent, t, err))
		return false;
	return t->error == TSIG_BADTIME || is_near(t, now_s) ||
	       broken(err, "it was signed at another time: it may be an old "
			   "one sent again");
}

static bool check_tsig(const struct reading *r,
		       const struct diag_update_wire *sent, int64_t now_s,
		       struct diag_update_reply *out, struct diag_err *err)
{
	const ldns_rdf *name = ldns_rr_owner(r->tsig);
	struct diag_cursor alg, other;
	struct tsig t;

	if (!read_tsig(r, &t, &alg))
		return broken(err, "its TSIG cannot be read");
	if (!tsig_key_is(sent->key, ldns_rdf_data(name), ldns_rdf_size(name),
			 alg.at, diag_cursor_left(&alg)))
		return broken(err, "it is signed with another key");
	out->tsig_error = t.error;
	/* Nobody can sign for one whose key he does not have. */
	if (out->rcode == LDNS_RCODE_NOTAUTH &&
	    (t.error == TSIG_BADKEY || t.error == TSIG_BADSIG))
		return true;
	if (!check_signed(r, sent, now_s, &t, err))
		return false;
	other = diag_cursor_of(t.other, t.other_len);
	if (t.error == TSIG_BADTIME && t.other_len == TIME_BYTES)
		out->server_s = (int64_t)take_u48(&other);
	return true;
}

/* What a server may say that does not look at signatures. */
static bool may_be_unsigned(unsigned rcode)
{
	return rcode == LDNS_RCODE_FORMERR || rcode == LDNS_RCODE_SERVFAIL ||
	       rcode == LDNS_RCODE_NOTIMPL || rcode == LDNS_RCODE_REFUSED ||
	       rcode == LDNS_RCODE_NOTAUTH;
}

bool diag_update_read(const unsigned char *wire, size_t len,
		      const struct diag_update_wire *sent, int64_t now_s,
		      struct diag_update_reply *out, struct diag_err *err)
{
	struct reading r = { .wire = wire, .len = len };
	bool ok;

	*out = (struct diag_update_reply){ .rcode = 0 };
	ok = len <= DIAG_UPDATE_MAX || broken(err, "not a DNS message");
	ok = ok && read_header(&r, sent->id, err) && walk(&r, err);
	out->rcode = r.flags & RCODE_BITS;
	if (ok && sent->key != NULL && r.tsig != NULL)
		ok = check_tsig(&r, sent, now_s, out, err);
	else if (ok && sent->key != NULL && !may_be_unsigned(out->rcode))
		ok = broken(err, "it is not signed: it may be forged");
	ldns_rr_free(r.tsig);
	out->words = words_of(out->rcode, out->tsig_error);
	return ok;
}
