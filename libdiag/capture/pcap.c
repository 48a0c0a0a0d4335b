/* SPDX-License-Identifier: MIT */
/* pcap.c - see pcap.h.
 *
 * A header of 24 bytes, and before each packet one of 16: seconds, a fraction
 * of one, bytes that are there, bytes that there were.  All in the byte order
 * of the machine that wrote it, which the first four bytes show, as they show
 * whether the fraction is of micro- or nanoseconds.
 *
 * libpcap copies each packet once more, through two reads of stdio; here it
 * stays where it was read (decisions/0016).  What is left to libpcap is all
 * that is rare: versions before 2.4, patched headers (magic 0xa1b2cd34), and to
 * say why something is no capture, or of no link that we read.  Limits and
 * words are its own.
 *
 * Source: draft-ietf-opsawg-pcap, 4 (file header; the upper bits of the link
 * type's word are of the frame check sequence) and 5 (packet records).
 */
#include "capture/pcap.h"

#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>

#include "capture/internal.h"

#define HEADER 24u
#define RECORD 16u

#define MAGIC_MICRO 0xa1b2c3d4u
#define MAGIC_NANO  0xa1b23c4du

#define LINK_MASK     0xffffu
#define LINK_RESERVED 0x03ff0000u

#define LINKTYPE_RAW 101 /* the one whose DLT is another number */
#define PACKET_MAX   262144u
#define MICRO	     1000000

int cap_dlt_of(unsigned linktype)
{
	return linktype == LINKTYPE_RAW ? DLT_RAW : (int)linktype;
}

/* n numbers of 32 bits, in this machine's byte order. */
static void words(const struct cap_pcap *f, const uint8_t *p, uint32_t *out,
		  size_t n)
{
	memcpy(out, p, n * sizeof(*out));
	for (size_t i = 0; f->swapped && i < n; i++)
		out[i] = cap_turned(out[i]);
}

/* --- the file's header ---------------------------------------------------- */

static bool learn_magic(struct cap_pcap *f, uint32_t magic)
{
	f->swapped = magic != MAGIC_MICRO && magic != MAGIC_NANO;
	magic = f->swapped ? cap_turned(magic) : magic;
	f->per_us = magic == MAGIC_NANO ? 1000 : 1;
	return magic == MAGIC_MICRO || magic == MAGIC_NANO;
}

static bool is_version(const struct cap_pcap *f, const uint8_t *p)
{
	uint16_t number[2];

	memcpy(number, p, sizeof(number));
	if (f->swapped)
		return number[0] == 2u << 8 && number[1] == 4u << 8;
	return number[0] == 2 && number[1] == 4;
}

bool cap_pcap_begin(struct cap_pcap *f, struct cap_source *from)
{
	uint32_t word[HEADER / 4];

	*f = (struct cap_pcap){ .from = from };
	if (!cap_source_has(from, HEADER))
		return false;
	words(f, from->at, word, 1);
	if (!learn_magic(f, word[0]) || !is_version(f, from->at + 4))
		return false;
	/* Between are zone and accuracy, which nobody writes. */
	words(f, from->at, word, HEADER / 4);
	f->snap = word[4];
	if (f->snap == 0 || f->snap > INT32_MAX)
		f->snap = PACKET_MAX;
	f->dlt = cap_dlt_of(word[5] & LINK_MASK);
	if ((word[5] & LINK_RESERVED) != 0 || cap_link_of(f->dlt) == NULL)
		return false;
	from->at += HEADER;
	return true;
}

/* --- packets -------------------------------------------------------------- */

/* what: the bytes that were wanted, in words. */
static enum cap_read ends(struct cap_pcap *f, uint32_t wanted, const char *what)
{
	if (f->from->sys != 0)
		(void)snprintf(f->why, sizeof(f->why),
			       "error reading dump file: %s",
			       strerror(f->from->sys));
	else
		(void)snprintf(f->why, sizeof(f->why),
			       "truncated dump file; tried to read %u %s "
			       "bytes, only got %zu",
			       wanted, what, cap_source_left(f->from));
	return CAP_BROKEN;
}

/* What is behind the snap length is read apart. */
static enum cap_read ends_in_packet(struct cap_pcap *f, uint32_t len)
{
	bool before = len > f->snap && cap_source_left(f->from) < f->snap;

	return ends(f, before ? f->snap : len, "captured");
}

static enum cap_read too_large(struct cap_pcap *f, uint32_t len)
{
	bool beyond = len > f->snap;

	(void)snprintf(f->why, sizeof(f->why),
		       "invalid packet capture length %u, bigger than %s of %u",
		       len, beyond ? "snaplen" : "maximum",
		       beyond ? f->snap : PACKET_MAX);
	return CAP_BROKEN;
}

enum cap_read cap_pcap_next(struct cap_pcap *f, struct diag_capture_packet *p)
{
	const uint8_t *head = cap_source_take(f->from, RECORD);
	uint32_t word[RECORD / 4], len;

	if (head == NULL && f->from->sys == 0 && cap_source_left(f->from) == 0)
		return CAP_END;
	if (head == NULL)
		return ends(f, RECORD, "header");
	words(f, head, word, RECORD / 4);
	len = word[2];
	if (len > PACKET_MAX)
		return too_large(f, len);
	p->bytes = cap_source_take(f->from, len);
	if (p->bytes == NULL)
		return ends_in_packet(f, len);
	p->at_us = (int64_t)word[0] * MICRO + word[1] / f->per_us;
	p->len = len < f->snap ? len : f->snap;
	p->wire_len = word[3] > p->len ? word[3] : p->len;
	return CAP_PACKET;
}
