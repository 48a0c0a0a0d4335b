/* SPDX-License-Identifier: MIT */
/* file.c - see file.h. */
#include "capture/file.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define MICRO 1000000
/* stdio's own 4 KiB are more calls than packets. */
#define CHUNK ((size_t)256 << 10)

static bool open_file(const char *path, FILE **out, struct diag_err *err)
{
	*out = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
	return *out != NULL || diag_fail_sys(err, "capture", "%s", path);
}

static bool set_link(struct diag_capture *c, pcap_t *pcap, const char *path,
		     struct diag_err *err)
{
	int dlt = pcap_datalink(pcap);
	struct diag_err why = { .code = DIAG_OK };

	if (diag_capture_link(c, dlt, pcap_datalink_val_to_name(dlt), &why))
		return true;
	return diag_fail(err, why.code, "capture", "%s: %s", path, why.what);
}

static int64_t time_of(const struct pcap_pkthdr *h)
{
	return (int64_t)h->ts.tv_sec * MICRO + h->ts.tv_usec;
}

static bool feed_all(struct diag_capture *c, pcap_t *pcap,
		     struct diag_capture_file_end *end, struct diag_err *err)
{
	struct pcap_pkthdr *h;
	const u_char *bytes;
	int rc;

	while ((rc = pcap_next_ex(pcap, &h, &bytes)) == 1) {
		struct diag_capture_packet p = {
			.at_us = time_of(h),
			.bytes = bytes,
			.len = h->caplen,
			.wire_len = h->len > h->caplen ? h->len : h->caplen,
		};

		end->packets++;
		if (!diag_capture_feed(c, &p, err))
			return false;
	}
	end->broken = rc == PCAP_ERROR;
	if (end->broken)
		(void)snprintf(end->why, sizeof(end->why), "%s",
			       pcap_geterr(pcap));
	return true;
}

bool diag_capture_file(struct diag_capture *c, const char *path,
		       struct diag_capture_file_end *end, struct diag_err *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = NULL;
	FILE *file = NULL;
	char *chunk;
	bool ok = false;

	*end = (struct diag_capture_file_end){ .packets = 0 };
	if (!open_file(path, &file, err))
		return false;
	chunk = file != stdin ? diag_alloc(CHUNK) : NULL;
	if (chunk != NULL)
		(void)setvbuf(file, chunk, _IOFBF, CHUNK);
	pcap = pcap_fopen_offline(file, why);
	if (pcap == NULL) {
		(void)diag_fail(err, DIAG_EPARSE, "capture",
				"%s: expected a pcap or pcapng file: %s", path,
				why);
		goto out;
	}
	ok = set_link(c, pcap, path, err) && feed_all(c, pcap, end, err);
out:
	if (pcap != NULL)
		pcap_close(pcap); /* and the file; not standard input */
	else if (file != stdin)
		(void)fclose(file);
	diag_free(chunk);
	return ok;
}

bool diag_capture_file_first(const char *path, int64_t *at_us)
{
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const u_char *bytes;
	pcap_t *pcap;
	bool any;

	if (strcmp(path, "-") == 0)
		return false;
	pcap = pcap_open_offline(path, why);
	if (pcap == NULL)
		return false;
	any = pcap_next_ex(pcap, &h, &bytes) == 1;
	if (any)
		*at_us = time_of(h);
	pcap_close(pcap);
	return any;
}
