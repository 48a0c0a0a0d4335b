/* SPDX-License-Identifier: MIT */
/* seen.h - a capture file of tests/data/captures as lines of text. */
#ifndef TESTS_CAPTURE_SEEN_H
#define TESTS_CAPTURE_SEEN_H

#include "capture/file.h"

struct seen {
	char text[65536]; /* a line for each fact */
	size_t len;
	struct diag_capture_counts counts;
	size_t n_servers, n_proxies;
	bool broken, node_heard, elsewhere;
};

/* Read the file (an absolute path is one) with these options (the sink is set
 * here; NULL: all names, and 10.150.0.4 to .10 and 2001:db8::4 have names of
 * their own). false: it is no capture that we read, err says why. */
bool seen_file(const char *name, const struct diag_capture_options *o,
	       struct seen *out, struct diag_err *err);
/* The same, with chains judged against no roots at all. */
bool seen_judged(const char *name, struct seen *out, struct diag_err *err);
/* As recorded on 10.150.0.node; its ports 44224, 29876, 5831/udp, 5832/udp. */
bool seen_node(const char *name, uint8_t node, struct seen *out,
	       struct diag_err *err);
/* The facts are exactly these lines. */
void seen_is(const char *name, const char *expected);

#endif
