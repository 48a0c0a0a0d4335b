/* SPDX-License-Identifier: MIT */
/* ring_posix.c - see ring.h.
 *
 * libpcap writes through a stdio stream and does not say how far it came, so
 * we count.  `good` is where the last flush ended.  When a write fails the
 * stream is given up, and from `good` on the records that stand in the file
 * are stepped over (their lengths are in their headers) to find where the last
 * whole one ends; the file is cut there.
 */
#include "record/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/text.h"
#include "record/internal.h"

#define OP	    "record"
#define FILE_HEADER 24u /* bytes; pcap-savefile(5) */
#define RECORD	    16u
#define CAPLEN_AT   8 /* in the header of a record, in our own byte order */

struct diag_ring {
	struct diag_ring_options o;
	int *fds; /* one for each file */
	pcap_t *pcap;
	pcap_dumper_t *dumper; /* of the file that is being written */
	unsigned now;
	uint64_t bytes, good; /* of that file: put, and surely in it */
	uint64_t packets, put_since, rounds;
	bool full;
};

/* --- names ---------------------------------------------------------------- */

static int digits_of(unsigned n)
{
	int digits = 1;

	for (; n >= 10; n /= 10)
		digits++;
	return digits;
}

bool diag_ring_path(const struct diag_ring_options *o, unsigned i,
		    char out[DIAG_RING_PATH])
{
	const char *slash = strrchr(o->path, '/');
	const char *name = slash ? slash + 1 : o->path;
	const char *dot = strrchr(name, '.');
	int n;

	if (dot == NULL || dot == name)
		dot = name + strlen(name);
	if (o->files <= 1)
		n = snprintf(out, DIAG_RING_PATH, "%s", o->path);
	else
		n = snprintf(out, DIAG_RING_PATH, "%.*s-%0*u%s",
			     (int)(dot - o->path), o->path, digits_of(o->files),
			     i + 1, dot);
	return n >= 0 && n < DIAG_RING_PATH;
}

/* --- making --------------------------------------------------------------- */

static bool make_way(const struct diag_ring_options *o, const char *path,
		     struct diag_err *err)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return true;
	if (!S_ISREG(st.st_mode))
		return diag_fail(err, DIAG_EUSAGE, OP,
				 "%s: expected a regular file or none", path);
	if (!o->force)
		return diag_fail(err, DIAG_EUSAGE, OP, "%s: is there already",
				 path);
	/* Made anew and not emptied: the old one may be somebody else's. */
	return unlink(path) == 0 || diag_fail_sys(err, OP, "%s", path);
}

static bool make_file(struct diag_ring *r, unsigned i, struct diag_err *err)
{
	char path[DIAG_RING_PATH];

	if (!diag_ring_path(&r->o, i, path)) {
		errno = ENAMETOOLONG;
		return diag_fail_sys(err, OP, "%.80s", r->o.path);
	}
	if (!make_way(&r->o, path, err))
		return false;
	r->fds[i] = open(
	    path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (r->fds[i] < 0)
		return diag_fail_sys(err, OP, "%s", path);
	return !r->o.give || fchown(r->fds[i], r->o.uid, r->o.gid) == 0 ||
	       diag_fail_sys(err, OP, "%s: owner", path);
}

/* What was begun is not left behind. */
static void take_back(struct diag_ring *r)
{
	char path[DIAG_RING_PATH];

	for (unsigned i = 0; i < r->o.files; i++)
		if (r->fds[i] >= 0 && diag_ring_path(&r->o, i, path))
			(void)unlink(path);
}

static bool is_stdout(const struct diag_ring *r)
{
	return strcmp(r->o.path, "-") == 0;
}

static bool make_files(struct diag_ring *r, struct diag_err *err)
{
	if (is_stdout(r)) {
		r->fds[0] = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		return r->fds[0] >= 0 || diag_fail_sys(err, OP,
						       "standard "
						       "output");
	}
	for (unsigned i = 0; i < r->o.files; i++)
		if (!make_file(r, i, err)) {
			take_back(r);
			return false;
		}
	return true;
}

bool diag_ring_open(const struct diag_ring_options *o, struct diag_ring **out,
		    struct diag_err *err)
{
	struct diag_ring *r = diag_alloc(sizeof(*r));

	if (r == NULL)
		return diag_fail_nomem(err, OP);
	r->o = *o;
	r->fds = diag_alloc_array(o->files, sizeof(*r->fds));
	if (r->fds == NULL) {
		diag_free(r);
		return diag_fail_nomem(err, OP);
	}
	for (unsigned i = 0; i < o->files; i++)
		r->fds[i] = -1;
	if (!make_files(r, err)) {
		diag_ring_free(r);
		return false;
	}
	*out = r;
	return true;
}

void diag_ring_free(struct diag_ring *r)
{
	if (r == NULL)
		return;
	if (r->dumper != NULL)
		pcap_dump_close(r->dumper);
	for (unsigned i = 0; i < r->o.files; i++)
		if (r->fds[i] >= 0)
			(void)close(r->fds[i]);
	diag_free(r->fds);
	diag_free(r);
}

/* --- writing -------------------------------------------------------------- */

static bool fail_at(const struct diag_ring *r, struct diag_err *err)
{
	char path[DIAG_RING_PATH] = "";
	int sys = errno;

	(void)diag_ring_path(&r->o, r->now, path);
	errno = sys != 0 ? sys : EIO;
	return diag_fail_sys(err, OP, "%s",
			     is_stdout(r) ? "standard output" : path);
}

/* Where the last whole record of the file ends. */
static uint64_t whole_end(const struct diag_ring *r, uint64_t size)
{
	uint64_t at = r->good > FILE_HEADER ? r->good : FILE_HEADER;
	unsigned char head[RECORD];
	uint32_t len;
	size_t got;

	while (at + RECORD <= size &&
	       diag_fd_read_at(r->fds[r->now], head, sizeof(head), at, &got) &&
	       got == sizeof(head)) {
		memcpy(&len, head + CAPLEN_AT, sizeof(len));
		if (at + RECORD + len > size)
			break;
		at += RECORD + len;
	}
	return at < size ? at : size;
}

static bool give_up(struct diag_ring *r, struct diag_err *err)
{
	int fd = r->fds[r->now];
	struct stat st;
	bool told = fail_at(r, err);

	pcap_dump_close(r->dumper); /* may write a bit more, or not */
	r->dumper = NULL;
	r->packets -= r->put_since; /* at least these are in */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		(void)!ftruncate(fd, (off_t)whole_end(r, (uint64_t)st.st_size));
	return told;
}

static bool flush(struct diag_ring *r, struct diag_err *err)
{
	errno = 0;
	if (pcap_dump_flush(r->dumper) != 0)
		return give_up(r, err);
	r->good = r->bytes;
	r->put_since = 0;
	return true;
}

/* An empty capture in the place of what the file held. */
static bool begin_file(struct diag_ring *r, unsigned i, struct diag_err *err)
{
	int fd = r->fds[i], copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	FILE *stream = copy >= 0 ? fdopen(copy, "wb") : NULL;

	r->now = i;
	if (stream == NULL) {
		/* closed when we were started, and held since by the shell */
		if (is_stdout(r) && errno == EINVAL)
			errno = EBADF;
		if (copy >= 0)
			(void)close(copy);
		return fail_at(r, err);
	}
	if (!is_stdout(r) &&
	    (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0)) {
		(void)fclose(stream);
		return fail_at(r, err);
	}
	r->dumper = pcap_dump_fopen(r->pcap, stream);
	if (r->dumper == NULL) {
		(void)fclose(stream);
		return fail_at(r, err);
	}
	r->bytes = FILE_HEADER;
	r->good = 0;
	return flush(r, err);
}

static bool end_file(struct diag_ring *r, struct diag_err *err)
{
	if (r->dumper == NULL)
		return true;
	if (!flush(r, err))
		return false;
	pcap_dump_close(r->dumper);
	r->dumper = NULL;
	return true;
}

bool diag_ring_begin(struct diag_ring *r, const struct diag_live *live,
		     struct diag_err *err)
{
	r->pcap = live->pcap;
	for (unsigned i = r->o.files - 1; i > 0; i--)
		if (!begin_file(r, i, err) || !end_file(r, err))
			return false;
	return begin_file(r, 0, err);
}

static bool next_file(struct diag_ring *r, struct diag_err *err)
{
	unsigned next = (r->now + 1) % r->o.files;

	r->rounds += next == 0;
	return end_file(r, err) && begin_file(r, next, err);
}

bool diag_ring_put(struct diag_ring *r, const struct diag_live_packet *p,
		   size_t keep, struct diag_err *err)
{
	bool nano =
	    pcap_get_tstamp_precision(r->pcap) == PCAP_TSTAMP_PRECISION_NANO;
	struct pcap_pkthdr h = { .len = (bpf_u_int32)p->wire_len,
				 .caplen = (bpf_u_int32)keep };
	uint64_t size = RECORD + keep;

	h.ts.tv_sec = (time_t)p->s;
	h.ts.tv_usec = (suseconds_t)(nano ? p->ns : p->ns / 1000);
	if (r->dumper == NULL || r->full)
		return r->full || fail_at(r, err);
	if (r->o.max_bytes > 0 && r->bytes > FILE_HEADER &&
	    r->bytes + size > r->o.max_bytes) {
		r->full = r->o.files == 1;
		if (r->full)
			return true;
		if (!next_file(r, err))
			return false;
	}
	errno = 0;
	pcap_dump((u_char *)r->dumper, &h, p->bytes);
	r->bytes += size;
	r->packets++;
	r->put_since++;
	return !ferror(pcap_dump_file(r->dumper)) || give_up(r, err);
}

bool diag_ring_flush(struct diag_ring *r, struct diag_err *err)
{
	return r->dumper == NULL || r->put_since == 0 || flush(r, err);
}

bool diag_ring_end(struct diag_ring *r, struct diag_err *err)
{
	if (!end_file(r, err))
		return false;
	for (unsigned i = 0; i < r->o.files && !is_stdout(r); i++)
		if (!diag_fd_sync(r->fds[i]))
			return fail_at(r, err);
	return true;
}

uint64_t diag_ring_packets(const struct diag_ring *r)
{
	return r->packets;
}

bool diag_ring_is_full(const struct diag_ring *r)
{
	return r->full;
}

uint64_t diag_ring_rounds(const struct diag_ring *r)
{
	return r->rounds;
}
