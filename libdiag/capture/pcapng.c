/* SPDX-License-Identifier: MIT */
/* pcapng.c - see pcapng.h.
 *
 * libpcap reads such files, but none whose interfaces have different link
 * types: and that is what Wireshark writes when a VPN's adapter (raw IP) and
 * Wi-Fi (Ethernet) are recorded together, as capture.md asks for.
 *
 * A file is a row of blocks: type, length, body, length again; all in the byte
 * order of the section that it stands in.  Read are sections, interfaces, the
 * three kinds of packets, and of statistics how much was lost; what else there
 * is is skipped.
 *
 * Source: draft-ietf-opsawg-pcapng, 3.1 (blocks), 4.1 to 4.4, 4.6, A (the
 * obsolete packet block).
 */
#include "capture/pcapng.h"

#include <errno.h>

#include "base/cursor.h"
#include "base/mem.h"
#include "capture/internal.h"

enum {
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2,
	BLOCK_SIMPLE = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6
};
#define BLOCK_SECTION 0x0a0d0d0au
#define ORDER_MAGIC   0x1a2b3c4du

enum { OPTION_END = 0, OPTION_TSRESOL = 9, OPTION_TSOFFSET = 14 };
enum { STATISTICS_IFDROP = 5, STATISTICS_OSDROP = 7 };

#define AROUND	       12u		  /* type, length and length */
#define BLOCK_MAX      ((size_t)16 << 20) /* libpcap's limit, too */
#define INTERFACES_MAX 1024u

#define MICRO UINT64_C(1000000)
#define FINEST                                                        \
	UINT64_C(1000000000000) /* picoseconds: still fits with MICRO \
				 */
#define LATEST_S ((int64_t)1 << 40)

struct interface {
	int dlt;
	uint32_t snap; /* 0: no limit */
	uint64_t per_second;
	int64_t offset_s;
	uint64_t lost_before, lost_in; /* the interface, the system */
};

struct cap_ng {
	struct cap_source *from;
	bool began, swapped; /* swapped: little-endian, unlike the cursor */
	struct interface *interfaces;
	size_t n_interfaces;
	uint64_t lost; /* in sections before this one */
	int64_t last_us;
	const char *why;
};

void cap_ng_open(struct cap_source *from, struct cap_ng **out)
{
	*out = diag_alloc(sizeof(**out));
	if (*out != NULL)
		(*out)->from = from;
}

void cap_ng_free(struct cap_ng *ng)
{
	if (ng == NULL)
		return;
	diag_free(ng->interfaces);
	diag_free(ng);
}

bool cap_ng_began(const struct cap_ng *ng)
{
	return ng->began;
}

const char *cap_ng_why(const struct cap_ng *ng)
{
	return ng->why;
}

static bool broken(struct cap_ng *ng, const char *why)
{
	ng->why = why;
	return false;
}

/* --- numbers -------------------------------------------------------------- */

static bool take32(const struct cap_ng *ng, struct diag_cursor *at,
		   uint32_t *out)
{
	if (!diag_cursor_u32(at, out))
		return false;
	*out = ng->swapped ? cap_turned(*out) : *out;
	return true;
}

static bool take16(const struct cap_ng *ng, struct diag_cursor *at,
		   uint16_t *out)
{
	if (!diag_cursor_u16(at, out))
		return false;
	*out = ng->swapped ? (uint16_t)(cap_turned(*out) >> 16) : *out;
	return true;
}

/* --- blocks --------------------------------------------------------------- */

static bool ends_within(struct cap_ng *ng)
{
	if (ng->from->sys == ENOMEM)
		return broken(ng, "no memory for a block");
	return broken(ng, ng->from->sys != 0 ? "it cannot be read"
					     : "it ends within a block");
}

/* A section says its byte order behind the length that is written in it. */
static bool learn_order(struct cap_ng *ng, const uint8_t *magic)
{
	struct diag_cursor at = diag_cursor_of(magic, 4);
	uint32_t n = 0;

	(void)diag_cursor_u32(&at, &n);
	if (n != ORDER_MAGIC && n != cap_turned(ORDER_MAGIC))
		return broken(ng, "unknown byte order");
	ng->swapped = n != ORDER_MAGIC;
	ng->began = true;
	ng->lost = cap_ng_lost(ng);
	ng->n_interfaces = 0;
	return true;
}

/* The two numbers at its front, and the section's third; it is not taken yet.
 */
static bool read_head(struct cap_ng *ng, uint32_t *type, uint32_t *len)
{
	struct diag_cursor at = diag_cursor_of(ng->from->at, AROUND);

	(void)take32(ng, &at, type);
	if (*type == 0)
		return broken(ng, "a block has no type");
	if (*type == BLOCK_SECTION && !learn_order(ng, ng->from->at + 8))
		return false;
	if (!ng->began)
		return broken(ng, "unknown file format");
	(void)take32(ng, &at, len);
	return (*len >= AROUND && *len % 4 == 0 && *len <= BLOCK_MAX) ||
	       broken(ng, "a block has no length that can be");
}

/* false: broken.  At the end of the file *type stays 0, which no block has. */
static bool read_block(struct cap_ng *ng, uint32_t *type,
		       struct diag_cursor *body)
{
	uint32_t len = 0, again = 0;
	const uint8_t *block;
	struct diag_cursor at;

	*type = 0;
	if (!cap_source_has(ng->from, AROUND)) { /* as the smallest one has */
		if (ng->began && ng->from->sys == 0 &&
		    cap_source_left(ng->from) == 0)
			return true;
		return broken(ng, ng->began ? "it ends within a block"
					    : "unknown file format");
	}
	if (!read_head(ng, type, &len))
		return false;
	block = cap_source_take(ng->from, len);
	if (block == NULL)
		return ends_within(ng);
	*body = diag_cursor_of(block + 8, len - AROUND);
	at = diag_cursor_of(block + len - 4, 4);
	return (take32(ng, &at, &again) && again == len) ||
	       broken(ng, "a block's two lengths differ");
}

/* --- interfaces ----------------------------------------------------------- */

static uint64_t units_of(uint8_t resolution)
{
	unsigned n = resolution & 0x7f;
	uint64_t units = 1;

	if (resolution & 0x80)
		return n < 64 ? UINT64_C(1) << n : 0;
	for (unsigned i = 0; i < n && units != 0; i++)
		units = units > UINT64_MAX / 10 ? 0 : units * 10;
	return units;
}

typedef bool read_option(struct cap_ng *ng, struct interface *f, uint16_t code,
			 struct diag_cursor value);

static uint64_t number64(const struct cap_ng *ng, struct diag_cursor value)
{
	uint32_t high = 0, low = 0;

	(void)take32(ng, &value, ng->swapped ? &low : &high);
	(void)take32(ng, &value, ng->swapped ? &high : &low);
	return (uint64_t)high << 32 | low;
}

static bool of_interface(struct cap_ng *ng, struct interface *f, uint16_t code,
			 struct diag_cursor value)
{
	uint8_t resolution;

	if (code == OPTION_TSRESOL && diag_cursor_u8(&value, &resolution))
		f->per_second = units_of(resolution);
	if (code == OPTION_TSOFFSET && diag_cursor_left(&value) == 8)
		f->offset_s = (int64_t)number64(ng, value);
	return f->per_second != 0 ||
	       broken(ng, "an interface's clock is too fine");
}

/* All ones: the recorder does not know. */
static bool of_statistics(struct cap_ng *ng, struct interface *f, uint16_t code,
			  struct diag_cursor value)
{
	uint64_t n = 0;

	if (diag_cursor_left(&value) == 8)
		n = number64(ng, value);
	if (n > UINT32_MAX)
		n = n == UINT64_MAX ? 0 : UINT32_MAX;
	if (code == STATISTICS_IFDROP)
		f->lost_before = n;
	if (code == STATISTICS_OSDROP)
		f->lost_in = n;
	return true;
}

static bool read_options(struct cap_ng *ng, struct interface *f,
			 struct diag_cursor at, read_option *read)
{
	uint16_t code, len;

	while (take16(ng, &at, &code) && take16(ng, &at, &len) &&
	       code != OPTION_END) {
		struct diag_cursor value = at;

		if (!diag_cursor_skip(&at, len))
			break;
		value.end = at.at;
		if (!read(ng, f, code, value))
			return false;
		(void)diag_cursor_skip(&at, (4u - len % 4u) % 4u);
	}
	return true;
}

static bool add_interface(struct cap_ng *ng, struct diag_cursor at)
{
	struct interface f = { .per_second = MICRO };
	uint16_t link, unused;
	struct interface *all;

	if (!take16(ng, &at, &link) || !take16(ng, &at, &unused) ||
	    !take32(ng, &at, &f.snap))
		return broken(ng, "an interface's block is too short");
	if (ng->n_interfaces == INTERFACES_MAX)
		return broken(ng, "it has too many interfaces");
	f.dlt = cap_dlt_of(link);
	if (!read_options(ng, &f, at, of_interface))
		return false;
	all =
	    diag_realloc(ng->interfaces, (ng->n_interfaces + 1) * sizeof(*all));
	if (all == NULL)
		return broken(ng, "no memory for an interface");
	ng->interfaces = all;
	all[ng->n_interfaces++] = f;
	return true;
}

/* Which interface, when; the last one counts all that was before. */
static bool read_statistics(struct cap_ng *ng, struct diag_cursor at)
{
	uint32_t which;

	return !take32(ng, &at, &which) || !diag_cursor_skip(&at, 8) ||
	       which >= ng->n_interfaces ||
	       read_options(ng, &ng->interfaces[which], at, of_statistics);
}

uint64_t cap_ng_lost(const struct cap_ng *ng)
{
	uint64_t n = ng->lost;

	for (size_t i = 0; i < ng->n_interfaces; i++)
		n += ng->interfaces[i].lost_before + ng->interfaces[i].lost_in;
	return n;
}

/* --- packets -------------------------------------------------------------- */

static int64_t time_of(const struct interface *f, uint64_t stamp)
{
	uint64_t part = stamp % f->per_second, per_second = f->per_second;
	uint64_t s = stamp / per_second;
	int64_t at_s;

	while (per_second > FINEST) {
		per_second /= 2;
		part /= 2;
	}
	if (s > (uint64_t)LATEST_S || f->offset_s > LATEST_S ||
	    f->offset_s < -LATEST_S)
		return 0;
	at_s = (int64_t)s + f->offset_s;
	return at_s < 0 ? 0
			: at_s * (int64_t)MICRO +
			      (int64_t)(part * MICRO / per_second);
}

static bool take_bytes(struct cap_ng *ng, struct diag_cursor at, uint32_t len,
		       uint32_t wire_len, struct diag_capture_packet *p)
{
	if (len > diag_cursor_left(&at))
		return broken(ng, "a packet is longer than its block");
	p->at_us = ng->last_us;
	p->bytes = at.at;
	p->len = len;
	p->wire_len = wire_len > len ? wire_len : len;
	return true;
}

static bool read_stamped(struct cap_ng *ng, struct diag_cursor at, bool old,
			 struct diag_capture_packet *p, int *dlt)
{
	uint32_t which = 0, high, low, len, wire_len;
	uint16_t few = 0, drops;
	const struct interface *f;

	if (!(old ? take16(ng, &at, &few) && take16(ng, &at, &drops)
		  : take32(ng, &at, &which)) ||
	    !take32(ng, &at, &high) || !take32(ng, &at, &low) ||
	    !take32(ng, &at, &len) || !take32(ng, &at, &wire_len))
		return broken(ng, "a packet's block is too short");
	which = old ? few : which;
	if (which >= ng->n_interfaces)
		return broken(ng, "a packet is of no interface");
	f = &ng->interfaces[which];
	ng->last_us = time_of(f, (uint64_t)high << 32 | low);
	*dlt = f->dlt;
	return take_bytes(ng, at, len, wire_len, p);
}

/* Of the first interface, and without a time. */
static bool read_simple(struct cap_ng *ng, struct diag_cursor at,
			struct diag_capture_packet *p, int *dlt)
{
	uint32_t wire_len, len;

	if (!take32(ng, &at, &wire_len))
		return broken(ng, "a packet's block is too short");
	if (ng->n_interfaces == 0)
		return broken(ng, "a packet is of no interface");
	len = wire_len;
	if (ng->interfaces->snap > 0 && len > ng->interfaces->snap)
		len = ng->interfaces->snap;
	*dlt = ng->interfaces->dlt;
	return take_bytes(ng, at, len, wire_len, p);
}

enum cap_read cap_ng_next(struct cap_ng *ng, struct diag_capture_packet *p,
			  int *dlt)
{
	struct diag_cursor body = diag_cursor_of("", 0);
	bool ok = true;
	uint32_t type;

	while (ok && read_block(ng, &type, &body)) {
		if (type == 0)
			return CAP_END;
		if (type == BLOCK_INTERFACE) {
			ok = add_interface(ng, body);
			continue;
		}
		if (type == BLOCK_STATISTICS) {
			ok = read_statistics(ng, body);
			continue;
		}
		if (type == BLOCK_SIMPLE)
			ok = read_simple(ng, body, p, dlt);
		else if (type == BLOCK_PACKET || type == BLOCK_OLD_PACKET)
			ok = read_stamped(ng, body, type == BLOCK_OLD_PACKET, p,
					  dlt);
		else
			continue;
		if (ok)
			return CAP_PACKET;
	}
	return CAP_BROKEN;
}
