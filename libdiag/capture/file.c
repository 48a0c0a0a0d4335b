/* SPDX-License-Identifier: MIT */
/* file.c - see file.h. */
#include "capture/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/pcap.h"
#include "capture/pcapng.h"

#define MICRO 1000000

static bool set_link(struct diag_capture *c, int dlt, const char *path,
		     struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };

	if (diag_capture_link(c, dlt, pcap_datalink_val_to_name(dlt), &why))
		return true;
	return diag_fail(err, why.code, "capture", "%s: %s", path, why.what);
}

static bool breaks_off(struct diag_capture_file_end *end, const char *why)
{
	end->broken = true;
	(void)snprintf(end->why, sizeof(end->why), "%s", why);
	return true;
}

/* --- pcap ----------------------------------------------------------------- */

static bool feed_pcap(struct diag_capture *c, struct cap_pcap *f,
		      const char *path, struct diag_capture_file_end *end,
		      struct diag_err *err)
{
	struct diag_capture_packet p;
	enum cap_read read;

	if (!set_link(c, f->dlt, path, err))
		return false;
	while ((read = cap_pcap_next(f, &p)) == CAP_PACKET) {
		end->packets++;
		if (!diag_capture_feed(c, &p, err))
			return false;
	}
	return read == CAP_END || breaks_off(end, f->why);
}

/* --- what libpcap alone knows --------------------------------------------- */

static ssize_t read_for_pcap(void *ctx, char *out, size_t n)
{
	struct cap_source *from = ctx;
	size_t left;

	(void)cap_source_has(from, 1);
	left = cap_source_left(from);
	if (left == 0 && from->sys != 0) {
		errno = from->sys;
		return -1;
	}
	n = n < left ? n : left;
	memcpy(out, cap_source_take(from, n), n);
	return (ssize_t)n;
}

static bool open_other(struct cap_source *from, pcap_t **out,
		       char why[PCAP_ERRBUF_SIZE])
{
	FILE *file = fopencookie(
	    from, "rb", (cookie_io_functions_t){ .read = read_for_pcap });

	(void)snprintf(why, PCAP_ERRBUF_SIZE, "no memory");
	*out = file != NULL ? pcap_fopen_offline(file, why) : NULL;
	if (*out == NULL && file != NULL)
		(void)fclose(file);
	return *out != NULL; /* and pcap_close() closes the file */
}

static int next_of_other(pcap_t *pcap, struct diag_capture_packet *p)
{
	struct pcap_pkthdr *h;
	int rc = pcap_next_ex(pcap, &h, &p->bytes);

	if (rc != 1)
		return rc;
	p->at_us = (int64_t)h->ts.tv_sec * MICRO + h->ts.tv_usec;
	p->len = h->caplen;
	p->wire_len = h->len > h->caplen ? h->len : h->caplen;
	return rc;
}

static bool feed_other(struct diag_capture *c, pcap_t *pcap, const char *path,
		       struct diag_capture_file_end *end, struct diag_err *err)
{
	struct diag_capture_packet p;
	int rc;

	if (!set_link(c, pcap_datalink(pcap), path, err))
		return false;
	while ((rc = next_of_other(pcap, &p)) == 1) {
		end->packets++;
		if (!diag_capture_feed(c, &p, err))
			return false;
	}
	return rc != PCAP_ERROR || breaks_off(end, pcap_geterr(pcap));
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
	enum cap_read read;
	int dlt = 0;

	while ((read = cap_ng_next(ng, &p, &dlt)) == CAP_PACKET)
		if (!feed_one(c, &p, dlt, end, err))
			return false;
	if (!cap_ng_began(ng))
		return diag_fail(err, DIAG_EPARSE, "capture",
				 "%s: expected a pcap or pcapng file: %s", path,
				 cap_ng_why(ng));
	diag_capture_lost(c, cap_ng_lost(ng));
	if (read == CAP_BROKEN)
		(void)breaks_off(end, cap_ng_why(ng));
	return end->unread == 0 || end->packets > 0 ||
	       set_link(c, dlt, path, err);
}

static bool feed_pcapng(struct diag_capture *c, struct cap_source *from,
			const char *path, struct diag_capture_file_end *end,
			struct diag_err *err)
{
	struct cap_ng *ng;
	bool ok;

	cap_ng_open(from, &ng);
	ok = ng != NULL ? feed_blocks(c, ng, path, end, err)
			: diag_fail_nomem(err, "capture");
	cap_ng_free(ng);
	return ok;
}

/* --- any ------------------------------------------------------------------ */

static bool is_pcapng(struct cap_source *from)
{
	return cap_source_has(from, 1) && *from->at == CAP_NG_FIRST;
}

static bool feed_any(struct diag_capture *c, struct cap_source *from,
		     const char *path, struct diag_capture_file_end *end,
		     struct diag_err *err)
{
	char why[PCAP_ERRBUF_SIZE];
	struct cap_pcap file;
	pcap_t *other;
	bool ok;

	if (is_pcapng(from))
		return feed_pcapng(c, from, path, end, err);
	if (cap_pcap_begin(&file, from))
		return feed_pcap(c, &file, path, end, err);
	if (!open_other(from, &other, why))
		return diag_fail(err, DIAG_EPARSE, "capture",
				 "%s: expected a pcap or pcapng file: %s", path,
				 why);
	ok = feed_other(c, other, path, end, err);
	pcap_close(other);
	return ok;
}

bool diag_capture_file(struct diag_capture *c, const char *path,
		       struct diag_capture_file_end *end, struct diag_err *err)
{
	bool given = strcmp(path, "-") == 0, ok;
	int fd = given ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct cap_source from;

	*end = (struct diag_capture_file_end){ .packets = 0 };
	if (fd < 0)
		return diag_fail_sys(err, "capture", "%s", path);
	diag_capture_pause(c);
	ok = cap_source_init(&from, fd, CAP_SOURCE_BUFFER)
		 ? feed_any(c, &from, path, end, err)
		 : diag_fail_nomem(err, "capture");
	cap_source_clear(&from);
	if (!given)
		(void)close(fd);
	return ok;
}

/* --- the first packet alone ----------------------------------------------- */

static bool first_of_other(struct cap_source *from,
			   struct diag_capture_packet *p)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *pcap;
	bool any;

	if (!open_other(from, &pcap, why))
		return false;
	any = next_of_other(pcap, p) == 1;
	pcap_close(pcap);
	return any;
}

static bool first_of_pcapng(struct cap_source *from,
			    struct diag_capture_packet *p)
{
	struct cap_ng *ng;
	bool any;
	int dlt;

	cap_ng_open(from, &ng);
	any = ng != NULL && cap_ng_next(ng, p, &dlt) == CAP_PACKET;
	cap_ng_free(ng);
	return any;
}

static bool first_of_any(struct cap_source *from, int64_t *at_us)
{
	struct diag_capture_packet p;
	struct cap_pcap file;
	bool any;

	if (is_pcapng(from))
		any = first_of_pcapng(from, &p);
	else if (cap_pcap_begin(&file, from))
		any = cap_pcap_next(&file, &p) == CAP_PACKET;
	else
		any = first_of_other(from, &p);
	if (any)
		*at_us = p.at_us;
	return any;
}

bool diag_capture_file_first(const char *path, int64_t *at_us)
{
	struct cap_source from;
	struct stat st;
	bool any;
	int fd;

	/* What a pipe has is read but once, too. */
	if (strcmp(path, "-") == 0 || stat(path, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	any = cap_source_init(&from, fd, CAP_SOURCE_BUFFER) &&
	      first_of_any(&from, at_us);
	cap_source_clear(&from);
	(void)close(fd);
	return any;
}
