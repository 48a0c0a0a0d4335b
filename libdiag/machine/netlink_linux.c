/* SPDX-License-Identifier: MIT */
/* netlink_linux.c - dumps over rtnetlink(7), read through the cursor.
 *
 * The macros of netlink.h walk on trust; here each message and attribute is
 * cut out of what is left.  All numbers are in the host's byte order.
 */
#include "machine/netlink_linux.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/mem.h"

#define REPLY	  ((size_t)64 << 10) /* the kernel sends at most 32 KiB at once */
#define TYPE_MASK 0x3fffU	     /* the rest are flags, netlink.h */
#define WAIT_S	  2		     /* the kernel answers at once, or never */

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

bool nl_take(struct diag_cursor *c, void *out, size_t size)
{
	size_t rest;

	if (!diag_cursor_bytes(c, out, size))
		return false;
	rest = padded(size) - size;
	if (!diag_cursor_skip(c, rest))
		c->at = c->end;
	return true;
}

bool nl_attribute(struct diag_cursor *c, uint16_t *type,
		  struct diag_slice *value)
{
	struct rtattr a;
	size_t len;

	if (!nl_take(c, &a, sizeof(a)) || a.rta_len < sizeof(a))
		return false;
	len = a.rta_len - sizeof(a);
	value->p = (const char *)c->at;
	value->len = len;
	*type = a.rta_type & TYPE_MASK;
	if (!diag_cursor_skip(c, len))
		return false;
	if (!diag_cursor_skip(c, padded(len) - len))
		c->at = c->end;
	return true;
}

uint32_t nl_u32(struct diag_slice value)
{
	uint32_t n = 0;

	if (value.len >= sizeof(n))
		memcpy(&n, value.p, sizeof(n));
	return n;
}

bool nl_address(unsigned family, struct diag_slice bytes, struct diag_addr *out)
{
	struct diag_addr a = { .family =
				   family == AF_INET ? DIAG_IPV4 : DIAG_IPV6 };

	if (bytes.len != diag_addr_len(&a))
		return false;
	memcpy(a.bytes, bytes.p, bytes.len);
	*out = a;
	return true;
}

/* All dump requests begin with the family; the kernel takes the longest of
 * their headers for each of them. */
static bool ask(int fd, uint16_t type, unsigned char family)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg body;
	} q = { .head = { .nlmsg_len = sizeof(q),
			  .nlmsg_type = type,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			  .nlmsg_seq = 1 },
		.body = { .ifi_family = family } };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t n = sendto(fd, &q, sizeof(q), 0,
			   (const struct sockaddr *)&kernel, sizeof(kernel));

	return n == (ssize_t)sizeof(q);
}

enum step { STEP_MORE, STEP_END, STEP_FAILED };

static int error_of(struct diag_cursor body)
{
	int32_t code = 0;

	(void)diag_cursor_bytes(&body, &code, sizeof(code));
	return code < 0 ? -code : EIO;
}

static enum step one_reply(struct diag_cursor c,
			   bool (*each)(void *ctx,
					const struct nl_message *msg),
			   void *ctx, int *sys)
{
	struct nlmsghdr head;

	while (nl_take(&c, &head, sizeof(head))) {
		size_t len = head.nlmsg_len - sizeof(head);
		struct nl_message msg = { .type = head.nlmsg_type };

		if (head.nlmsg_len < sizeof(head) || len > diag_cursor_left(&c))
			break;
		msg.body = diag_cursor_of(c.at, len);
		if (!diag_cursor_skip(&c, padded(len)))
			c.at = c.end;
		if (msg.type == NLMSG_DONE)
			return STEP_END;
		if (msg.type == NLMSG_ERROR) {
			*sys = error_of(msg.body);
			return STEP_FAILED;
		}
		if (!each(ctx, &msg))
			return STEP_END;
	}
	return STEP_MORE;
}

static bool read_replies(int fd, void *reply,
			 bool (*each)(void *ctx, const struct nl_message *msg),
			 void *ctx, int *sys)
{
	enum step step = STEP_MORE;

	while (step == STEP_MORE) {
		ssize_t n = recv(fd, reply, REPLY, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			*sys = n < 0 ? errno : EIO;
			return false;
		}
		step =
		    one_reply(diag_cursor_of(reply, (size_t)n), each, ctx, sys);
	}
	return step == STEP_END;
}

bool nl_dump(uint16_t type, unsigned char family,
	     bool (*each)(void *ctx, const struct nl_message *msg), void *ctx,
	     int *sys)
{
	struct timeval wait = { .tv_sec = WAIT_S };
	void *reply = diag_alloc(REPLY);
	bool ok = false;
	int fd = -1;

	*sys = ENOMEM;
	if (reply == NULL)
		goto out;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) != 0 ||
	    !ask(fd, type, family)) {
		*sys = errno;
		goto out;
	}
	ok = read_replies(fd, reply, each, ctx, sys);
out:
	if (fd >= 0)
		(void)close(fd);
	diag_free(reply);
	return ok;
}
