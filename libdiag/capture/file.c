/* SPDX-License-Identifier: MIT */
/* file.c - see file.h. */
#include "capture/file.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#if __has_include(<stdio_ext.h>)
#include <stdio_ext.h>
#endif

#include "base/mem.h"
#include "capture/pcapng.h"

#define MICRO 1000000
/* stdio's own 4 KiB are more calls than packets. */
#define CHUNK ((size_t)256 << 10)

/* One thread reads: locks around the two reads of each packet would be a sixth
 * of the whole time. */
static void unlocked(FILE *file)
{
#if __has_include(<stdio_ext.h>)
	(void)__fsetlocking(file, FSETLOCKING_BYCALLER);
#else
	(void)file;
#endif
}

static bool open_file(const char *path, FILE **out, struct diag_err *err)
{
	*out = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
	return *out != NULL || diag_fail_sys(err, "capture", "%s", path);
}

static bool set_link(struct diag_capture *c, int dlt, const char *path,
		     struct diag_err *err)
{
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

static bool feed_pcap(struct diag_capture *c, FILE *file, const char *path,
		      struct diag_capture_file_end *end, struct diag_err *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_fopen_offline(file, why);
	bool ok;

	if (pcap == NULL) {
		if (file != stdin)
			(void)fclose(file);
		return diag_fail(err, DIAG_EPARSE, "capture",
				 "%s: expected a pcap or pcapng file: %s", path,
				 why);
	}
	ok = set_link(c, pcap_datalink(pcap), path, err) &&
	     feed_all(c, pcap, end, err);
	pcap_close(pcap); /* and the file; not standard input */
	return ok;
}

/* --- pcapng --------------------------------------------------------------- */

/* Of several interfaces some may be of a kind that we do not read (USB). */
static bool feed_one(struct diag_capture *c,
		     const struct diag_capture_packet *p, int dlt,
		     struct diag_capture_file_end *end, struct diag_err *err)
{
	const char *name = pcap_datalink_val_to_name(dlt);

	if (diag_capture_link(c, dlt, name, NULL)) {
		end->packets++;
		return diag_capture_feed(c, p, err);
	}
	end->unread++;
	(void)snprintf(end->unread_link, sizeof(end->unread_link), "%d (%s)",
		       dlt, name ? name : "unknown");
	return true;
}

static bool feed_blocks(struct diag_capture *c, struct cap_ng *ng,
			const char *path, struct diag_capture_file_end *end,
			struct diag_err *err)
{
	struct diag_capture_packet p;
	enum cap_ng_read read;
	int dlt = 0;

	while ((read = cap_ng_next(ng, &p, &dlt)) == CAP_NG_PACKET)
		if (!feed_one(c, &p, dlt, end, err))
			return false;
	if (!cap_ng_began(ng))
		return diag_fail(err, DIAG_EPARSE, "capture",
				 "%s: expected a pcap or pcapng file: %s", path,
				 cap_ng_why(ng));
	diag_capture_lost(c, cap_ng_lost(ng));
	end->broken = read == CAP_NG_BROKEN;
	if (end->broken)
		(void)snprintf(end->why, sizeof(end->why), "%s",
			       cap_ng_why(ng));
	return end->unread == 0 || end->packets > 0 ||
	       set_link(c, dlt, path, err);
}

static bool feed_pcapng(struct diag_capture *c, FILE *file, const char *path,
			struct diag_capture_file_end *end, struct diag_err *err)
{
	struct cap_ng *ng;
	bool ok;

	cap_ng_open(file, &ng);
	ok = ng != NULL ? feed_blocks(c, ng, path, end, err)
			: diag_fail_nomem(err, "capture");
	cap_ng_free(ng);
	if (file != stdin)
		(void)fclose(file);
	return ok;
}

/* --- either --------------------------------------------------------------- */

static bool is_pcapng(FILE *file)
{
	int first = getc(file);

	return ungetc(first, file) == CAP_NG_FIRST;
}

bool diag_capture_file(struct diag_capture *c, const char *path,
		       struct diag_capture_file_end *end, struct diag_err *err)
{
	FILE *file = NULL;
	char *chunk;
	bool ok;

	*end = (struct diag_capture_file_end){ .packets = 0 };
	if (!open_file(path, &file, err))
		return false;
	unlocked(file);
	diag_capture_pause(c);
	chunk = file != stdin ? diag_alloc(CHUNK) : NULL;
	if (chunk != NULL)
		(void)setvbuf(file, chunk, _IOFBF, CHUNK);
	ok = (is_pcapng(file) ? feed_pcapng : feed_pcap)(c, file, path, end,
							 err);
	diag_free(chunk); /* either closed the file */
	return ok;
}

static bool first_of_pcap(const char *path, int64_t *at_us)
{
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const u_char *bytes;
	pcap_t *pcap;
	bool any;

	pcap = pcap_open_offline(path, why);
	if (pcap == NULL)
		return false;
	any = pcap_next_ex(pcap, &h, &bytes) == 1;
	if (any)
		*at_us = time_of(h);
	pcap_close(pcap);
	return any;
}

static bool first_of_pcapng(FILE *file, int64_t *at_us)
{
	struct diag_capture_packet p;
	struct cap_ng *ng;
	bool any;
	int dlt;

	cap_ng_open(file, &ng);
	any = ng != NULL && cap_ng_next(ng, &p, &dlt) == CAP_NG_PACKET;
	if (any)
		*at_us = p.at_us;
	cap_ng_free(ng);
	return any;
}

bool diag_capture_file_first(const char *path, int64_t *at_us)
{
	struct stat st;
	FILE *file;
	bool any;

	/* What a pipe has is read but once, too. */
	if (strcmp(path, "-") == 0 || stat(path, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return false;
	file = fopen(path, "rbe");
	if (file == NULL)
		return false;
	any = is_pcapng(file) ? first_of_pcapng(file, at_us)
			      : first_of_pcap(path, at_us);
	(void)fclose(file);
	return any;
}
