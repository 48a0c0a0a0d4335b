/* SPDX-License-Identifier: MIT */
/* Any bytes as a capture file, read in large buffers and in small ones: the
 * packets are the same, wherever a buffer ends and whoever reads it. */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "capture/file.h"
#include "capture/pcap.h"
#include "capture/pcapng.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/memory_file.h"

struct sum {
	uint64_t packets, bytes;
	enum cap_read end;
	bool pcap;
};

static void add(struct sum *s, const struct diag_capture_packet *p, int dlt)
{
	if (p->at_us < 0 || p->wire_len < p->len)
		__builtin_trap();
	s->packets++;
	s->bytes = s->bytes * 31 + (uint64_t)p->at_us + (uint64_t)dlt;
	for (size_t i = 0; i < p->len; i++)
		s->bytes = s->bytes * 31 + p->bytes[i];
}

static void read_pcapng(struct cap_source *from, struct sum *s)
{
	struct diag_capture_packet p = { .len = 0 };
	struct cap_ng *ng = NULL;
	int dlt = 0;

	cap_ng_open(from, &ng);
	if (ng == NULL)
		return;
	while ((s->end = cap_ng_next(ng, &p, &dlt)) == CAP_PACKET)
		add(s, &p, dlt);
	if ((s->end == CAP_BROKEN) != (cap_ng_why(ng) != NULL))
		__builtin_trap();
	cap_ng_free(ng);
}

static void read_pcap(struct cap_pcap *f, struct sum *s)
{
	struct diag_capture_packet p = { .len = 0 };

	while ((s->end = cap_pcap_next(f, &p)) == CAP_PACKET)
		add(s, &p, f->dlt);
	if ((s->end == CAP_BROKEN) != (f->why[0] != '\0'))
		__builtin_trap();
}

static struct sum read_in(const uint8_t *data, size_t size, size_t buffer)
{
	struct sum s = { .packets = 0 };
	int fd = memory_file(data, size);
	struct cap_source from;
	struct cap_pcap f;

	if (fd < 0)
		return s;
	if (!cap_source_init(&from, fd, buffer))
		goto out;
	s.pcap = cap_pcap_begin(&f, &from);
	if (s.pcap)
		read_pcap(&f, &s);
	else
		read_pcapng(&from, &s);
out:
	cap_source_clear(&from);
	(void)close(fd);
	return s;
}

static bool count(void *ctx, const struct diag_fact *f, struct diag_err *err)
{
	(void)f;
	(void)err;
	++*(size_t *)ctx;
	return true;
}

/* As a tool does, which asks libpcap as well. */
static void judge(const char *path)
{
	size_t facts = 0;
	struct diag_capture_options o = { .sink = { count, &facts } };
	struct diag_capture_file_end end = { .packets = 0 };
	struct diag_capture *c = NULL;
	struct diag_err err = { 0 };
	int64_t first_us = 0;

	if (!diag_capture_new(&o, &c, &err))
		return;
	if (diag_capture_file(c, path, &end, &err)) {
		if (diag_capture_file_first(path, &first_us) !=
		    (end.packets + end.unread > 0))
			__builtin_trap();
		if (!diag_capture_end(c, &err))
			__builtin_trap();
	}
	diag_capture_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sum small = read_in(data, size, 64);
	struct sum large = read_in(data, size, CAP_SOURCE_BUFFER);
	int fd = memory_file(data, size);
	char path[64];

	if (small.packets != large.packets || small.bytes != large.bytes ||
	    small.end != large.end || small.pcap != large.pcap)
		__builtin_trap();
	if (fd < 0)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	judge(path);
	(void)close(fd);
	return 0;
}
