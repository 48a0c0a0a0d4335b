/* SPDX-License-Identifier: MIT */
/* update_tsig.c - see update_tsig.h. */
#include "fix/update_tsig.h"

#include <ldns/ldns.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define ARCOUNT_AT 10 /* bytes into the header; RFC 1035, 4.1.1 */
#define NAME_BYTES 255
#define SIGNED_MAX (DIAG_UPDATE_MAX + 1024) /* with all that is not sent */

static const struct algorithm {
	const char *key;
	const EVP_MD *(*md)(void);
} algorithms[] = {
	[DIAG_HMAC_SHA256] = { "hmac-sha256", EVP_sha256 },
	[DIAG_HMAC_SHA384] = { "hmac-sha384", EVP_sha384 },
	[DIAG_HMAC_SHA512] = { "hmac-sha512", EVP_sha512 },
};

const char *diag_tsig_alg_key(enum diag_tsig_alg alg)
{
	return algorithms[alg].key;
}

void diag_tsig_key_clear(struct diag_tsig_key *key)
{
	OPENSSL_cleanse(key, sizeof(*key));
}

/* --- bytes -----------------------------------------------------------------
 */

static void put_u16(struct diag_buf *out, unsigned n)
{
	diag_buf_putc(out, (char)(n >> 8));
	diag_buf_putc(out, (char)n);
}

static void put_u48(struct diag_buf *out, uint64_t n)
{
	for (int shift = 40; shift >= 0; shift -= 8)
		diag_buf_putc(out, (char)(n >> shift));
}

/* Names of keys and algorithms are normalised, which is canonical form. */
static bool put_name(struct diag_buf *out, const char *name,
		     struct diag_err *err)
{
	ldns_rdf *rdf = ldns_dname_new_frm_str(name);

	if (rdf == NULL)
		return diag_fail(err, DIAG_EPARSE, TSIG_OP, "%s: no name",
				 name);
	diag_buf_put(out, ldns_rdf_data(rdf), ldns_rdf_size(rdf));
	ldns_rdf_deep_free(rdf);
	return true;
}

static bool is_name(const char *name, const unsigned char *wire, size_t len)
{
	struct diag_buf ours;
	bool same;

	diag_buf_init(&ours, NAME_BYTES);
	same = put_name(&ours, name, NULL) && ours.len == len;
	for (size_t i = 0; same && i < len; i++) {
		unsigned char c = wire[i];

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + 'a' - 'A');
		same = c == (unsigned char)ours.data[i];
	}
	diag_buf_clear(&ours);
	return same;
}

bool tsig_key_is(const struct diag_tsig_key *key, const unsigned char *name,
		 size_t name_len, const unsigned char *alg, size_t alg_len)
{
	return is_name(key->name, name, name_len) &&
	       is_name(diag_tsig_alg_key(key->alg), alg, alg_len);
}

/* --- the MAC ---------------------------------------------------------------
 */

/* RFC 8945, 4.3.3: the parts of the record that are signed. */
static bool put_variables(struct diag_buf *out, const struct diag_tsig_key *key,
			  const struct tsig *t, struct diag_err *err)
{
	if (!put_name(out, key->name, err))
		return false;
	put_u16(out, LDNS_RR_CLASS_ANY);
	put_u16(out, 0); /* TTL, two halves */
	put_u16(out, 0);
	if (!put_name(out, diag_tsig_alg_key(key->alg), err))
		return false;
	put_u48(out, t->time_s);
	put_u16(out, t->fudge_s);
	put_u16(out, t->error);
	put_u16(out, (unsigned)t->other_len);
	diag_buf_put(out, t->other, t->other_len);
	return true;
}

bool tsig_mac(const struct diag_tsig_key *key,
	      const struct diag_tsig_mac *request, const struct diag_buf *msg,
	      const struct tsig *t, struct diag_tsig_mac *out,
	      struct diag_err *err)
{
	struct diag_buf all;
	unsigned len = 0;
	bool ok;

	diag_buf_init(&all, SIGNED_MAX);
	if (request != NULL) {
		put_u16(&all, (unsigned)request->len);
		diag_buf_put(&all, request->bytes, request->len);
	}
	diag_buf_put(&all, msg->data, msg->len);
	ok = put_variables(&all, key, t, err) &&
	     diag_buf_ok(&all, err, TSIG_OP) &&
	     (HMAC(algorithms[key->alg].md(), key->secret, (int)key->secret_len,
		   (const unsigned char *)all.data, all.len, out->bytes,
		   &len) != NULL ||
	      diag_fail_nomem(err, TSIG_OP));
	diag_buf_clear(&all);
	out->len = len;
	return ok;
}

/* --- signing ---------------------------------------------------------------
 */

static bool put_record(struct diag_buf *out, const struct diag_tsig_key *key,
		       const struct tsig *t, struct diag_err *err)
{
	struct diag_buf alg;
	bool ok;

	diag_buf_init(&alg, NAME_BYTES);
	ok = put_name(&alg, diag_tsig_alg_key(key->alg), err) &&
	     put_name(out, key->name, err);
	put_u16(out, TSIG_TYPE);
	put_u16(out, LDNS_RR_CLASS_ANY);
	put_u16(out, 0);
	put_u16(out, 0);
	/* time, fudge, MAC's length, id, error, other's length: 16 bytes */
	put_u16(out, (unsigned)(alg.len + 16 + t->mac_len + t->other_len));
	diag_buf_put(out, alg.data, alg.len);
	put_u48(out, t->time_s);
	put_u16(out, t->fudge_s);
	put_u16(out, (unsigned)t->mac_len);
	diag_buf_put(out, t->mac, t->mac_len);
	put_u16(out, t->id);
	put_u16(out, t->error);
	put_u16(out, (unsigned)t->other_len);
	diag_buf_put(out, t->other, t->other_len);
	ok = ok && diag_buf_ok(&alg, err, TSIG_OP);
	diag_buf_clear(&alg);
	return ok;
}

bool tsig_sign(struct diag_update_wire *wire, int64_t now_s,
	       struct diag_err *err)
{
	struct tsig t = { .time_s = (uint64_t)now_s,
			  .fudge_s = DIAG_TSIG_FUDGE_S,
			  .id = wire->id };

	if (!tsig_mac(wire->key, NULL, &wire->bytes, &t, &wire->mac, err))
		return false;
	t.mac = wire->mac.bytes;
	t.mac_len = wire->mac.len;
	if (!put_record(&wire->bytes, wire->key, &t, err))
		return false;
	/* An update of ours has nothing else in that section. */
	if (wire->bytes.code == DIAG_OK)
		wire->bytes.data[ARCOUNT_AT + 1] = 1;
	return true;
}
