/* SPDX-License-Identifier: MIT */
/* See peer.h. */
#include "wire/peer.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"

#define NONCE_BYTES ((DIAG_PEER_NONCE_TEXT - 1) / 2)
#define HELLO_HEAD  6 /* bytes that tell a ClientHello */
#define RECORD_MAX  (1u << 14)

static const char *const words[] = {
	[DIAG_PEER_PROBE] = "pldiag-probe/1",
	[DIAG_PEER_LISTEN] = "pldiag-listen/1",
};

bool diag_peer_nonce(char out[DIAG_PEER_NONCE_TEXT])
{
	unsigned char bytes[NONCE_BYTES];

	if (RAND_bytes(bytes, (int)sizeof(bytes)) != 1)
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

size_t diag_peer_put(enum diag_peer_word word, const char *nonce,
		     char out[DIAG_PEER_LINE_MAX])
{
	int n =
	    snprintf(out, DIAG_PEER_LINE_MAX, "%s %s\n", words[word], nonce);

	return n > 0 && n < DIAG_PEER_LINE_MAX ? (size_t)n : 0;
}

size_t diag_peer_put_datagram(const char *nonce, char out[DIAG_PEER_LINE_MAX])
{
	memset(out, '\n', DIAG_PEER_LINE_MAX);
	out[diag_peer_put(DIAG_PEER_PROBE, nonce, out)] = '\n';
	return DIAG_PEER_ANSWER_LEN;
}

static bool is_nonce(struct diag_slice s)
{
	if (s.len != DIAG_PEER_NONCE_TEXT - 1)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
		      (s.p[i] >= 'a' && s.p[i] <= 'f')))
			return false;
	return true;
}

/* Could these bytes still become a line of ours? */
static bool may_be(enum diag_peer_word word, const char *bytes, size_t len)
{
	size_t n = strlen(words[word]);

	return len < DIAG_PEER_LINE_MAX &&
	       memcmp(bytes, words[word], len < n ? len : n) == 0;
}

enum diag_peer_parse diag_peer_read(enum diag_peer_word word, const char *bytes,
				    size_t len,
				    char nonce[DIAG_PEER_NONCE_TEXT])
{
	struct diag_cursor c = diag_cursor_of(bytes, len);
	struct diag_slice line, first, second, more;

	if (!diag_cursor_until(&c, '\n', &line))
		return len == 0 || may_be(word, bytes, len) ? DIAG_PEER_MORE
							    : DIAG_PEER_OTHER;
	c = diag_cursor_of(line.p, line.len);
	if (!diag_cursor_word(&c, &first) ||
	    !diag_slice_eq(first, words[word]) ||
	    !diag_cursor_word(&c, &second) || !is_nonce(second) ||
	    diag_cursor_word(&c, &more))
		return DIAG_PEER_OTHER;
	memcpy(nonce, second.p, second.len);
	nonce[second.len] = '\0';
	return DIAG_PEER_LINE;
}

bool diag_peer_is_asked(const char *bytes, size_t len,
			char nonce[DIAG_PEER_NONCE_TEXT])
{
	return len >= DIAG_PEER_ANSWER_LEN &&
	       diag_peer_read(DIAG_PEER_PROBE, bytes, len, nonce) ==
		   DIAG_PEER_LINE;
}

enum diag_peer_parse diag_peer_hello(const char *bytes, size_t len,
				     size_t *whole)
{
	struct diag_cursor c = diag_cursor_of(bytes, len);
	uint8_t type = 0, major = 0, minor, kind = 0;
	uint16_t record = 0;
	bool all = diag_cursor_u8(&c, &type) && diag_cursor_u8(&c, &major) &&
		   diag_cursor_u8(&c, &minor) && diag_cursor_u16(&c, &record) &&
		   diag_cursor_u8(&c, &kind);

	/* handshake (22), version 3.x, client_hello (1) */
	if ((len > 0 && type != 22) || (len > 1 && major != 3))
		return DIAG_PEER_OTHER;
	if (!all)
		return len < HELLO_HEAD ? DIAG_PEER_MORE : DIAG_PEER_OTHER;
	if (kind != 1 || record < 4 || record > RECORD_MAX)
		return DIAG_PEER_OTHER;
	*whole = (size_t)record + 5;
	return DIAG_PEER_LINE;
}

/* RFC 8446, 6: fatal, handshake_failure. */
size_t diag_peer_put_alert(char out[DIAG_PEER_LINE_MAX])
{
	static const char alert[] = { 21, 3, 3, 0, 2, 2, 40 };

	memcpy(out, alert, sizeof(alert));
	return sizeof(alert);
}
