/* SPDX-License-Identifier: MIT */
/* record.c - packets into a file, until somebody says stop.
 *
 * In this order: the capture is opened, which needs the right to; the files
 * are made; every right is given up for good; only then a packet is looked at.
 */
#include "tools/pl-capture/capture.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/path.h"
#include "base/rights.h"
#include "capture/keep.h"
#include "record/ring.h"
#include "run/watch.h"

#define MB	  ((uint64_t)1000000) /* as tcpdump -C counts */
#define RING_MB	  64		      /* of each file, when not said */
#define LINGER_MS (5 * DIAG_LIVE_DELAY_MS)

struct recording {
	struct tool_call *call;
	const struct pl_capture *o;
	struct diag_filter_want want;
	struct diag_buf filter;
	enum diag_filter_grain grain;
	struct diag_live *live;
	struct diag_ring *ring;
	struct diag_keep *keep; /* NULL: packets are kept as they come */
	unsigned snap;
	bool headers;
	uint64_t taken;
	struct diag_err why; /* writing failed */
};

/* --- options -------------------------------------------------------------- */

static bool read_snap(struct recording *r, struct diag_err *err)
{
	const char *text = r->o->snap;
	uint64_t n = DIAG_LIVE_SNAP_MAX;

	r->headers = text == NULL || strcmp(text, "headers") == 0;
	if (!r->headers && strcmp(text, "full") != 0 &&
	    !diag_slice_number(diag_slice_of(text), 1, DIAG_LIVE_SNAP_MAX, &n))
		return diag_fail(err, DIAG_EUSAGE, "--snap",
				 "expected headers, full or 1-%u bytes, got "
				 "\"%.40s\"",
				 DIAG_LIVE_SNAP_MAX, text);
	r->snap = (unsigned)n;
	return true;
}

/* Files of a ring have other names, in the same folder. */
static bool may_write(const char *path, struct diag_err *err)
{
	return strcmp(path, "-") == 0 || diag_path_takes(path) ||
	       diag_fail_sys(err, "-w", "%s", path);
}

static bool may_record(const struct recording *r, struct diag_err *err)
{
	const struct pl_capture *o = r->o;
	bool to_stdout = o->write && strcmp(o->write, "-") == 0;

	if (tool_out_is_file(r->call))
		return diag_fail(err, DIAG_EUSAGE, "--output",
				 "packets go to -w FILE");
	if (o->print_filter)
		return true;
	if (!o->write || o->write[0] == '\0')
		return diag_fail(err, DIAG_EUSAGE, "record",
				 "expected -w FILE: where the packets go");
	if (to_stdout && (o->files > 1 || o->leashed))
		return diag_fail(err, DIAG_EUSAGE, "-w",
				 "a ring needs files; standard output is one "
				 "stream");
	if (to_stdout && isatty(STDOUT_FILENO))
		return diag_fail(err, DIAG_EUSAGE, "-w",
				 "standard output is a terminal, and packets "
				 "are no text");
	return may_write(o->write, err);
}

/* --- opening -------------------------------------------------------------- */

static void tell_right(const struct recording *r)
{
	char self[DIAG_PATH_LEN] = "";

	if (!diag_path_self(self))
		self[0] = '\0';
	tool_error(r->call,
		   "to see packets takes the right to capture (CAP_NET_RAW), "
		   "which this process has not; run it with sudo, or give the "
		   "right to the program once:  sudo setcap cap_net_raw+ep %s",
		   self[0] != '\0' ? self : "pl-capture");
}

/* What a failure to open means. */
static enum tool_status cannot_open(const struct recording *r,
				    struct diag_err *err)
{
	if (err->sys == ENODEV)
		return TOOL_USAGE;
	if (err->sys != EPERM)
		return TOOL_UNDECIDED;
	tell_right(r);
	*err = (struct diag_err){ .code = DIAG_OK };
	return TOOL_UNDECIDED;
}

static void tell_grain(const struct recording *r)
{
	if (r->grain == DIAG_FILTER_NETWORKS)
		tool_note(r->call,
			  "%zu addresses are too many for a filter; their "
			  "networks stand for them",
			  r->want.n_addresses);
	else if (r->grain == DIAG_FILTER_PORTS)
		tool_note(r->call,
			  "%zu addresses are too many for a filter, and the "
			  "inventory has no networks; packets are chosen by "
			  "port alone",
			  r->want.n_addresses);
}

static bool make_filter(struct recording *r, bool ethernet,
			struct diag_err *err)
{
	r->want.ethernet = ethernet;
	diag_buf_reset(&r->filter);
	r->grain = diag_filter_text(&r->want, &r->filter);
	return diag_buf_ok(&r->filter, err, "filter");
}

static bool set_filter(struct recording *r, struct diag_err *err)
{
	if (!make_filter(r, diag_live_is_ethernet(r->live), err) ||
	    !diag_live_filter(r->live, diag_buf_str(&r->filter), err))
		return false;
	tell_grain(r);
	tool_detail(r->call, "link %s, filter: %s",
		    diag_live_link_name(r->live), diag_buf_str(&r->filter));
	if (!r->headers)
		return true;
	if (diag_keep_new(diag_live_link(r->live), &r->keep, NULL))
		return true;
	tool_note(r->call,
		  "packets of link type %s cannot be cut to headers; "
		  "they are kept whole",
		  diag_live_link_name(r->live));
	return true;
}

static bool number_in(const char *name, uint64_t *out)
{
	const char *text = getenv(name);

	return text &&
	       diag_slice_number(diag_slice_of(text), 0, UINT32_MAX - 1, out);
}

/* sudo(8) says who called it: the files are for them. */
static bool open_ring(struct recording *r, struct diag_err *err)
{
	const struct pl_capture *o = r->o;
	struct diag_ring_options ring = { .path = o->write,
					  .files = o->files ? o->files : 1,
					  .force = o->force };
	uint64_t uid, gid;

	ring.max_bytes = o->size_mb * MB;
	if (ring.files > 1 && o->size_mb == 0)
		ring.max_bytes = RING_MB * MB;
	if (geteuid() == 0 && number_in("SUDO_UID", &uid) &&
	    number_in("SUDO_GID", &gid)) {
		ring.give = true;
		ring.uid = (uid_t)uid;
		ring.gid = (gid_t)gid;
	}
	return diag_ring_open(&ring, &r->ring, err);
}

static enum tool_status cannot_make(const struct recording *r,
				    const struct diag_err *err)
{
	if (err->code != DIAG_EUSAGE)
		return TOOL_TROUBLE;
	if (!r->o->leashed && !r->o->force)
		tool_note(r->call, "--force replaces files that are there");
	return TOOL_USAGE;
}

/* --- recording ------------------------------------------------------------ */

static bool enough(const struct recording *r)
{
	return (r->o->count > 0 && r->taken >= r->o->count) ||
	       diag_ring_is_full(r->ring);
}

static bool on_packet(void *ctx, const struct diag_live_packet *p)
{
	struct recording *r = ctx;
	struct diag_capture_packet packet = { .bytes = p->bytes,
					      .len = p->len,
					      .wire_len = p->wire_len };
	size_t keep = r->keep ? diag_keep_bytes(r->keep, &packet) : p->len;

	if (enough(r))
		return false;
	r->taken++;
	return diag_ring_put(r->ring, p, keep, &r->why) && !enough(r);
}

static bool on_ready(void *ctx, struct diag_err *err)
{
	struct recording *r = ctx;

	if (!diag_live_take(r->live, on_packet, r, err))
		return false;
	return r->why.code == DIAG_OK && diag_ring_flush(r->ring, &r->why) &&
	       !enough(r);
}

static bool on_begun(void *ctx, struct diag_err *err)
{
	struct recording *r = ctx;

	if (diag_rights_any() && !diag_rights_drop())
		return diag_fail_sys(err, "record", "rights cannot be dropped");
	if (r->o->leashed) {
		tool_print(r->call, PL_CAPTURE_BEGUN);
		tool_flush(r->call);
		return true;
	}
	tool_note(r->call, "recording on %s%s",
		  r->o->interface ? r->o->interface : "all interfaces",
		  r->o->for_ms || r->o->count ? "" : "; end with ^C");
	return true;
}

/* --- the end -------------------------------------------------------------- */

static void tell_lost(const struct recording *r,
		      const struct diag_live_counts *n)
{
	if (n->lost > 0)
		tool_error(r->call,
			   "%" PRIu64 " packets are not in the file: they came "
			   "faster than they were taken from the kernel",
			   n->lost);
	if (n->lost_earlier > 0)
		tool_error(r->call,
			   "%" PRIu64 " packets are not in the file: the "
			   "interface dropped them",
			   n->lost_earlier);
}

static void tell_end(const struct recording *r,
		     const struct diag_watch_end *end)
{
	uint64_t written = diag_ring_packets(r->ring);
	struct diag_live_counts n;

	diag_live_counts(r->live, &n);
	tool_note(r->call,
		  "%s: %" PRIu64 " packets seen, %" PRIu64 " written%s",
		  r->o->write, r->taken + n.lost + n.lost_earlier, written,
		  n.lost + n.lost_earlier == 0 ? ", none lost" : "");
	tell_lost(r, &n);
	if (diag_ring_rounds(r->ring) > 0)
		tool_note(r->call,
			  "the ring went round %" PRIu64 " times; the "
			  "oldest packets are overwritten",
			  diag_ring_rounds(r->ring));
	if (diag_ring_is_full(r->ring) && !end->signal)
		tool_note(r->call, "stopped: the file has its %u MB",
			  r->o->size_mb);
}

/* A reader that goes away (wireshark, closed) is how a pipe ends. */
static enum tool_status outcome(struct recording *r, bool ok,
				const struct diag_watch_end *end,
				struct diag_err *err)
{
	bool whole = r->why.code == DIAG_OK && diag_ring_end(r->ring, &r->why);

	if (!whole && r->why.sys == EPIPE) {
		r->call->signal = SIGPIPE;
		return TOOL_GOOD;
	}
	tell_end(r, end);
	r->call->signal = end->signal;
	if (whole && ok)
		return TOOL_GOOD;
	if (ok || err->code == DIAG_OK)
		*err = r->why;
	return TOOL_TROUBLE;
}

static enum tool_status cannot_begin(struct recording *r, struct diag_err *err)
{
	if (r->why.sys == EPIPE) {
		r->call->signal = SIGPIPE;
		return TOOL_GOOD;
	}
	*err = r->why;
	return TOOL_TROUBLE;
}

static enum tool_status record(struct recording *r, struct diag_err *err)
{
	const struct diag_watch watch = {
		.fd = diag_live_fd(r->live),
		.leash = r->o->leashed ? STDIN_FILENO : -1,
		.for_ms = r->o->for_ms,
		.linger_ms = LINGER_MS,
		.begun = on_begun,
		.ready = on_ready,
		.ctx = r,
	};
	struct diag_watch_end end;
	bool ok;

	if (!diag_ring_begin(r->ring, r->live, &r->why))
		return cannot_begin(r, err);
	ok = diag_watch(&watch, &end, err);
	/* A machine under load may not have come to look for so long. */
	if (ok && r->why.code == DIAG_OK && !enough(r))
		ok = on_ready(r, err) || err->code == DIAG_OK;
	return outcome(r, ok, &end, err);
}

static enum tool_status open_and_record(struct recording *r,
					struct diag_err *err)
{
	const char *interface =
	    r->o->interface ? r->o->interface : DIAG_LIVE_ALL;

	if (!diag_live_open(interface, r->snap, &r->live, err))
		return cannot_open(r, err);
	if (!set_filter(r, err))
		return TOOL_TROUBLE;
	if (!open_ring(r, err))
		return cannot_make(r, err);
	return record(r, err);
}

static enum tool_status print_filter(struct recording *r, struct diag_err *err)
{
	if (!make_filter(r, false, err))
		return TOOL_TROUBLE;
	tell_grain(r);
	tool_print(r->call, "%s\n", diag_buf_str(&r->filter));
	return TOOL_GOOD;
}

enum tool_status pl_capture_record(struct tool_call *call, struct diag_err *err)
{
	struct recording r = { .call = call, .o = call->options };
	enum tool_status status;

	diag_buf_init(&r.filter, DIAG_FILTER_TEXT_MAX);
	if (!read_snap(&r, err) || !may_record(&r, err) ||
	    !pl_capture_want(call, &r.want, err))
		status = tool_bad_input(err);
	else if (r.o->print_filter)
		status = print_filter(&r, err);
	else
		status = open_and_record(&r, err);
	diag_ring_free(r.ring);
	diag_keep_free(r.keep);
	diag_live_close(r.live);
	diag_buf_clear(&r.filter);
	return status;
}
