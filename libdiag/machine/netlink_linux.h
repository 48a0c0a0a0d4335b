/* SPDX-License-Identifier: MIT */
/* netlink_linux.h - dumps of the kernel's tables over rtnetlink(7). */
#ifndef DIAG_MACHINE_NETLINK_LINUX_H
#define DIAG_MACHINE_NETLINK_LINUX_H

#include "base/cursor.h"
#include "net/addr.h"

/* One message of a dump, without its nlmsghdr. */
struct nl_message {
	uint16_t type;
	struct diag_cursor body;
};

/* Read a structure at the front and step over its padding. */
bool nl_take(struct diag_cursor *c, void *out, size_t size);
/* Next attribute; false at the end. */
bool nl_attribute(struct diag_cursor *c, uint16_t *type,
		  struct diag_slice *value);
/* The value as a number in the host's order; 0 if it is too short. */
uint32_t nl_u32(struct diag_slice value);

/* An address of AF_INET or AF_INET6; false leaves *out alone. */
bool nl_address(unsigned family, struct diag_slice bytes,
		struct diag_addr *out);

/* Ask for a whole table (RTM_GETLINK …) of one family and hand each message
 * to `each` until it returns false.  false: the kernel did not answer; *sys
 * says why.  Never waits for anybody but the kernel. */
bool nl_dump(uint16_t type, unsigned char family,
	     bool (*each)(void *ctx, const struct nl_message *msg), void *ctx,
	     int *sys);

#endif
