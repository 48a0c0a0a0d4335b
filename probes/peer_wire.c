/* SPDX-License-Identifier: MIT */
/* See peer_wire.h. */
#include "probes/peer_wire.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"

#define NONCE_BYTES ((PEER_NONCE_TEXT - 1) / 2)

static const char *const words[] = {
	[PEER_PROBE] = "pldiag-probe/1",
	[PEER_LISTEN] = "pldiag-listen/1",
};

bool peer_nonce(char out[PEER_NONCE_TEXT])
{
	unsigned char bytes[NONCE_BYTES];

	if (RAND_bytes(bytes, (int)sizeof(bytes)) != 1)
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

size_t peer_put(enum peer_word word, const char *nonce, char out[PEER_LINE_MAX])
{
	int n = snprintf(out, PEER_LINE_MAX, "%s %s\n", words[word], nonce);

	return n > 0 && n < PEER_LINE_MAX ? (size_t)n : 0;
}

static bool is_nonce(struct diag_slice s)
{
	if (s.len != PEER_NONCE_TEXT - 1)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
		      (s.p[i] >= 'a' && s.p[i] <= 'f')))
			return false;
	return true;
}

/* Could these bytes still become a line of ours? */
static bool may_be(enum peer_word word, const char *bytes, size_t len)
{
	size_t n = strlen(words[word]);

	return len < PEER_LINE_MAX &&
	       memcmp(bytes, words[word], len < n ? len : n) == 0;
}

enum peer_parse peer_read(enum peer_word word, const char *bytes, size_t len,
			  char nonce[PEER_NONCE_TEXT])
{
	struct diag_cursor c = diag_cursor_of(bytes, len);
	struct diag_slice line, first, second, more;

	if (!diag_cursor_until(&c, '\n', &line))
		return len == 0 || may_be(word, bytes, len) ? PEER_MORE
							    : PEER_OTHER;
	c = diag_cursor_of(line.p, line.len);
	if (!diag_cursor_word(&c, &first) ||
	    !diag_slice_eq(first, words[word]) ||
	    !diag_cursor_word(&c, &second) || !is_nonce(second) ||
	    diag_cursor_word(&c, &more))
		return PEER_OTHER;
	memcpy(nonce, second.p, second.len);
	nonce[second.len] = '\0';
	return PEER_LINE;
}
