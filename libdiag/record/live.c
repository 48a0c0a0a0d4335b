/* SPDX-License-Identifier: MIT */
/* live.c - see live.h. */
#include "record/internal.h"

#include <errno.h>
#include <limits.h>

#include "base/mem.h"

#define BUFFER (16 << 20) /* bytes in the kernel; libpcap's own are 2 MiB */
#define OP     "record"

static bool tell(pcap_t *pcap, int rc, const char *interface,
		 struct diag_err *err)
{
	errno = 0;
	if (rc == PCAP_ERROR_PERM_DENIED ||
	    rc == PCAP_ERROR_PROMISC_PERM_DENIED)
		errno = EPERM;
	else if (rc == PCAP_ERROR_NO_SUCH_DEVICE)
		errno = ENODEV;
	if (errno != 0)
		return diag_fail_sys(err, OP, "%s", interface);
	if (rc == PCAP_ERROR_IFACE_NOT_UP)
		return diag_fail(err, DIAG_EIO, OP, "%s: is down", interface);
	return diag_fail(err, DIAG_EIO, OP, "%s: %s", interface,
			 rc == PCAP_ERROR ? pcap_geterr(pcap)
					  : pcap_statustostr(rc));
}

/* Version 2 of the cooked header tells the interface too; libpcap before 1.10
 * has only the first, and other links have none. */
static void choose_link(pcap_t *pcap)
{
	if (pcap_datalink(pcap) == DLT_LINUX_SLL)
		(void)pcap_set_datalink(pcap, DLT_LINUX_SLL2);
}

static bool activate(pcap_t *pcap, const char *interface, unsigned snap,
		     struct diag_err *err)
{
	int rc;

	(void)pcap_set_snaplen(pcap, (int)snap);
	(void)pcap_set_promisc(pcap, 0);
	(void)pcap_set_timeout(pcap, DIAG_LIVE_DELAY_MS);
	(void)pcap_set_buffer_size(pcap, BUFFER);
	(void)pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	rc = pcap_activate(pcap);
	if (rc < 0)
		return tell(pcap, rc, interface, err);
	choose_link(pcap);
	return true;
}

bool diag_live_open(const char *interface, unsigned snap,
		    struct diag_live **out, struct diag_err *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct diag_live *live = diag_alloc(sizeof(*live));

	if (live == NULL)
		return diag_fail_nomem(err, OP);
	live->pcap = pcap_create(interface, why);
	if (live->pcap == NULL) {
		(void)diag_fail(err, DIAG_EIO, OP, "%s: %s", interface, why);
		goto failed;
	}
	if (!activate(live->pcap, interface, snap, err))
		goto failed;
	live->fd = pcap_get_selectable_fd(live->pcap);
	if (live->fd < 0 || pcap_setnonblock(live->pcap, 1, why) != 0) {
		(void)diag_fail(err, DIAG_EIO, OP, "%s: cannot be waited for",
				interface);
		goto failed;
	}
	*out = live;
	return true;
failed:
	diag_live_close(live);
	return false;
}

void diag_live_close(struct diag_live *live)
{
	if (live == NULL)
		return;
	if (live->pcap != NULL)
		pcap_close(live->pcap);
	diag_free(live);
}

bool diag_live_is_ethernet(const struct diag_live *live)
{
	return pcap_datalink(live->pcap) == DLT_EN10MB;
}

int diag_live_link(const struct diag_live *live)
{
	return pcap_datalink(live->pcap);
}

const char *diag_live_link_name(const struct diag_live *live)
{
	return pcap_datalink_val_to_name(pcap_datalink(live->pcap));
}

bool diag_live_filter(struct diag_live *live, const char *text,
		      struct diag_err *err)
{
	struct bpf_program program;
	bool ok;

	if (pcap_compile(live->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) !=
	    0)
		return diag_fail(err, DIAG_EIO, OP, "filter: %s",
				 pcap_geterr(live->pcap));
	ok =
	    pcap_setfilter(live->pcap, &program) == 0 ||
	    diag_fail(err, DIAG_EIO, OP, "filter: %s", pcap_geterr(live->pcap));
	pcap_freecode(&program);
	return ok;
}

int diag_live_fd(const struct diag_live *live)
{
	return live->fd;
}

static void on_packet(u_char *user, const struct pcap_pkthdr *h,
		      const u_char *bytes)
{
	struct diag_live *live = (struct diag_live *)(void *)user;
	bool nano =
	    pcap_get_tstamp_precision(live->pcap) == PCAP_TSTAMP_PRECISION_NANO;
	const struct diag_live_packet p = {
		.s = h->ts.tv_sec,
		.ns = (uint32_t)h->ts.tv_usec * (nano ? 1u : 1000u),
		.bytes = bytes,
		.len = h->caplen,
		.wire_len = h->len,
	};

	if (!live->fn(live->ctx, &p))
		pcap_breakloop(live->pcap);
}

bool diag_live_take(struct diag_live *live, diag_live_fn *fn, void *ctx,
		    struct diag_err *err)
{
	int rc;

	live->fn = fn;
	live->ctx = ctx;
	rc = pcap_dispatch(live->pcap, -1, on_packet, (u_char *)live);
	return rc >= 0 || rc == PCAP_ERROR_BREAK ||
	       diag_fail(err, DIAG_EIO, OP, "%s", pcap_geterr(live->pcap));
}

void diag_live_counts(const struct diag_live *live,
		      struct diag_live_counts *out)
{
	struct pcap_stat s = { 0 };

	(void)pcap_stats(live->pcap, &s);
	/* ps_recv counts loopback twice, and is of no use. */
	out->lost = s.ps_drop;
	out->lost_earlier = s.ps_ifdrop;
}
