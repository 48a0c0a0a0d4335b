/* SPDX-License-Identifier: MIT */
/* pick_ports.c - who listens, of what ss -H -l prints:
 *
 *	udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",…
 */
#include "bundle/collect/pick.h"

#define LOCAL_WORD 5 /* which word the local address is */

static bool local_port(struct diag_slice line, struct diag_slice *port)
{
	struct diag_cursor c = diag_cursor_of(line.p, line.len);
	struct diag_slice word = { "", 0 };

	for (int i = 0; i < LOCAL_WORD; i++)
		if (!diag_cursor_word(&c, &word))
			return false;
	for (size_t i = word.len; i-- > 0;)
		if (word.p[i] == ':') {
			*port = (struct diag_slice){ word.p + i + 1,
						     word.len - i - 1 };
			return true;
		}
	return false;
}

bool diag_pick_ports(const struct diag_source *s, struct diag_slice text,
		     struct diag_buf *out, struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct diag_slice line, port;

	(void)err;
	while (diag_cursor_line(&c, &line))
		if (local_port(line, &port) && pick_has(s->keys, port))
			pick_put(out, line);
	return true;
}
