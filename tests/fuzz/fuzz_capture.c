/* SPDX-License-Identifier: MIT */
/* Any bytes as packets: the first byte chooses the link, then each packet is
 * two bytes of length, one of time (tenths of a second), and its bytes.  A pcap
 * file is taken as one, so that captures may be corpus.  All of it once as any
 * machine's, and once as recorded on a node. */
#include <stddef.h>
#include <string.h>

#include <pcap/dlt.h>

#include "base/cursor.h"
#include "capture/capture.h"
#include "capture/keep.h"
#include "tests/fuzz/fuzz.h"

static bool count(void *ctx, const struct diag_fact *f, struct diag_err *err)
{
	size_t *n = ctx;

	(void)err;
	if (f->started_ms < 0)
		__builtin_trap();
	++*n;
	return true;
}

static struct diag_keep *keep;

static bool feed(struct diag_capture *c, int64_t at_us, const uint8_t *p,
		 size_t len)
{
	struct diag_capture_packet packet = {
		.at_us = at_us, .bytes = p, .len = len, .wire_len = len
	};
	struct diag_err err = { 0 };

	if (diag_keep_bytes(keep, &packet) > len)
		__builtin_trap();
	return diag_capture_feed(c, &packet, &err);
}

static void feed_pcap(struct diag_capture *c, const uint8_t *data, size_t size)
{
	uint32_t head[4];

	for (size_t at = 24; at + sizeof(head) <= size;) {
		memcpy(head, data + at, sizeof(head));
		at += sizeof(head);
		if (head[2] > size - at ||
		    !feed(c, (int64_t)head[0] * 1000000 + head[1], data + at,
			  head[2]))
			return;
		at += head[2];
	}
}

static void feed_pieces(struct diag_capture *c, struct diag_cursor at)
{
	uint16_t len;
	uint8_t tenths;
	int64_t now = 0;

	while (diag_cursor_u16(&at, &len) && diag_cursor_u8(&at, &tenths)) {
		size_t left = diag_cursor_left(&at);
		size_t n = len < left ? len : left;

		now += (int64_t)tenths * 100000;
		if (!feed(c, now, at.at, n))
			return;
		at.at += n;
	}
}

static void run(const uint8_t *data, size_t size, struct diag_capture_options o)
{
	static const int kinds[] = { DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2,
				     DLT_RAW,	 DLT_NULL,	DLT_LOOP,
				     DLT_PPP };
	static const uint8_t magic[] = { 0xd4, 0xc3, 0xb2, 0xa1 };
	size_t facts = 0;
	struct diag_capture *c = NULL;
	struct diag_err err = { 0 };
	int dlt;
	bool pcap = size >= 24 && memcmp(data, magic, sizeof(magic)) == 0;

	o.sink = (struct diag_sink){ count, &facts };
	if (!diag_capture_new(&o, &c, &err))
		return;
	dlt = pcap ? DLT_EN10MB : kinds[data[0] % 7];
	if (diag_capture_link(c, dlt, NULL, &err) &&
	    diag_keep_new(dlt, &keep, &err)) {
		if (pcap)
			feed_pcap(c, data, size);
		else
			feed_pieces(c, diag_cursor_of(data + 1, size - 1));
	}
	if (diag_capture_end(c, &err) &&
	    facts != diag_capture_seen(c)->counts.facts)
		__builtin_trap();
	diag_capture_free(c);
	diag_keep_free(keep);
	keep = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct diag_addr node = { .family = DIAG_IPV4,
					       .bytes = { 10, 150, 0, 20 } };
	static const struct diag_capture_port ports[] = { { 44224, false },
							  { 5831, true } };

	if (size < 1)
		return 0;
	run(data, size, (struct diag_capture_options){ .n_nodes = 0 });
	run(data, size,
	    (struct diag_capture_options){
		.nodes = &node, .n_nodes = 1, .ports = ports, .n_ports = 2 });
	return 0;
}
