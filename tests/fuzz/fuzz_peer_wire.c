/* SPDX-License-Identifier: MIT */
/* What a stranger says to pl-listen, and to pl-probe: any bytes, in pieces of
 * any size, end in one of three words; a nonce is 32 digits and comes only of
 * a line that peer_put() would write (up to blanks). */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "probes/peer_wire.h"

static void check(enum peer_word word, const char *bytes, size_t size)
{
	char nonce[PEER_NONCE_TEXT] = "";
	char line[PEER_LINE_MAX];
	enum peer_parse got = peer_read(word, bytes, size, nonce);
	char again[PEER_NONCE_TEXT];
	size_t n;

	if (got == PEER_MORE && size >= PEER_LINE_MAX)
		abort(); /* it would be waited for without end */
	if (got != PEER_LINE)
		return;
	if (strspn(nonce, "0123456789abcdef") != PEER_NONCE_TEXT - 1)
		abort();
	n = peer_put(word, nonce, line);
	if (n == 0 || peer_read(word, line, n, again) != PEER_LINE ||
	    strcmp(nonce, again) != 0)
		abort();
}

/* What is answered is no shorter than the answer; and a hello that is one has
 * an end. */
static void check_datagram(const char *bytes, size_t size)
{
	char nonce[PEER_NONCE_TEXT] = "", answer[PEER_LINE_MAX];
	size_t whole = 0;

	if (peer_is_asked(bytes, size, nonce) &&
	    peer_put(PEER_LISTEN, nonce, answer) > size)
		abort();
	if (peer_hello(bytes, size, &whole) == PEER_LINE &&
	    (whole < 9 || whole > 16389))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;

	for (size_t n = 0; n <= size && n <= 2 * (size_t)PEER_LINE_MAX; n++) {
		check(PEER_PROBE, bytes, n);
		check(PEER_LISTEN, bytes, n);
		check_datagram(bytes, n);
	}
	return 0;
}
