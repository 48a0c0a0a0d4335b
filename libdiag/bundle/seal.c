/* SPDX-License-Identifier: MIT */
/* seal.c - the last bytes of an archive tell the SHA-256 of all before them.
 *
 * They stand where other programs do not look: in a skippable frame behind the
 * compressed one (RFC 8878, 3.1.2), or in the comment of a zip file (APPNOTE
 * 4.3.16).  Both end in the same words and 64 hex digits, and these digits are
 * the only bytes that are not under the hash: the frame's own header and the
 * comment's length are.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "bundle/internal.h"

#define WORDS	  "pldiag.seal/1 sha256 "
#define WORDS_LEN (sizeof(WORDS) - 1)
#define HEX_LEN	  (DIAG_SHA256_TEXT - 1)
#define SEAL_LEN  (WORDS_LEN + HEX_LEN)

/* A zip file's end of central directory, without comment. */
#define ZIP_END_LEN 22

static bool put_seal(struct diag_buf *out, struct diag_err *err)
{
	char hex[DIAG_SHA256_TEXT];

	diag_buf_puts(out, WORDS);
	if (!diag_buf_ok(out, err, "bundle"))
		return false;
	if (!diag_sha256_of(out->data, out->len, hex))
		return diag_fail_nomem(err, "bundle");
	diag_buf_puts(out, hex);
	return diag_buf_ok(out, err, "bundle");
}

/* Numbers of both formats are little-endian. */
bool seal_frame(struct diag_buf *out, struct diag_err *err)
{
	static const unsigned char head[] = { 0x5d,	0x2a, 0x4d, 0x18,
					      SEAL_LEN, 0,    0,    0 };

	diag_buf_put(out, head, sizeof(head));
	return put_seal(out, err);
}

bool seal_zip(struct diag_buf *out, struct diag_err *err)
{
	char *end = out->data + out->len - ZIP_END_LEN;

	if (out->len < ZIP_END_LEN || memcmp(end, "PK\5\6", 4) != 0)
		return diag_fail(err, DIAG_EUSAGE, "bundle",
				 "zip file without an end");
	end[ZIP_END_LEN - 2] = SEAL_LEN;
	end[ZIP_END_LEN - 1] = 0;
	return put_seal(out, err);
}

/* Where the last seal begins; NULL: nowhere. */
static const char *find_seal(const char *bytes, size_t len)
{
	for (size_t at = len; at >= SEAL_LEN; at--)
		if (memcmp(bytes + at - SEAL_LEN, WORDS, WORDS_LEN) == 0)
			return bytes + at - SEAL_LEN;
	return NULL;
}

bool seal_check(const void *bytes, size_t len, struct diag_verified *v,
		struct diag_err *err)
{
	const char *seal = find_seal(bytes, len);
	char said[DIAG_SHA256_TEXT] = "";
	char is[DIAG_SHA256_TEXT];
	char behind[64];
	size_t end, before;

	if (seal == NULL) {
		flaw(v, "seal", NULL, "a seal at its end",
		     "none: cut, or packed by another program");
		return true;
	}
	before = (size_t)(seal - (const char *)bytes) + WORDS_LEN;
	end = before + HEX_LEN;
	memcpy(said, seal + WORDS_LEN, HEX_LEN);
	if (!diag_sha256_of(bytes, before, is))
		return diag_fail_nomem(err, "bundle");
	if (strcmp(said, is) != 0)
		flaw(v, "seal", NULL, said, is);
	if (end < len) {
		(void)snprintf(behind, sizeof(behind), "%zu bytes", len - end);
		flaw(v, "seal", NULL, "nothing behind the seal", behind);
	}
	v->sealed = end == len;
	return true;
}
