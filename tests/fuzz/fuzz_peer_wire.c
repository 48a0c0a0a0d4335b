/* SPDX-License-Identifier: MIT */
/* What a stranger says to pl-listen, and to pl-probe: any bytes, in pieces of
 * any size, end in one of three words; a nonce is 32 digits and comes only of
 * a line that diag_peer_put() would write (up to blanks). */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "wire/peer.h"

static void check(enum diag_peer_word word, const char *bytes, size_t size)
{
	char nonce[DIAG_PEER_NONCE_TEXT] = "";
	char line[DIAG_PEER_LINE_MAX];
	enum diag_peer_parse got = diag_peer_read(word, bytes, size, nonce);
	char again[DIAG_PEER_NONCE_TEXT];
	size_t n;

	if (got == DIAG_PEER_MORE && size >= DIAG_PEER_LINE_MAX)
		abort(); /* it would be waited for without end */
	if (got != DIAG_PEER_LINE)
		return;
	if (strspn(nonce, "0123456789abcdef") != DIAG_PEER_NONCE_TEXT - 1)
		abort();
	n = diag_peer_put(word, nonce, line);
	if (n == 0 || diag_peer_read(word, line, n, again) != DIAG_PEER_LINE ||
	    strcmp(nonce, again) != 0)
		abort();
}

/* What is answered is no shorter than the answer; and a hello that is one has
 * an end. */
static void check_datagram(const char *bytes, size_t size)
{
	char nonce[DIAG_PEER_NONCE_TEXT] = "", answer[DIAG_PEER_LINE_MAX];
	size_t whole = 0;

	if (diag_peer_is_asked(bytes, size, nonce) &&
	    diag_peer_put(DIAG_PEER_LISTEN, nonce, answer) > size)
		abort();
	if (diag_peer_hello(bytes, size, &whole) == DIAG_PEER_LINE &&
	    (whole < 9 || whole > 16389))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;

	for (size_t n = 0; n <= size && n <= 2 * (size_t)DIAG_PEER_LINE_MAX;
	     n++) {
		check(DIAG_PEER_PROBE, bytes, n);
		check(DIAG_PEER_LISTEN, bytes, n);
		check_datagram(bytes, n);
	}
	return 0;
}
