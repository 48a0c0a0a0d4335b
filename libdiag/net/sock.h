/* SPDX-License-Identifier: MIT */
/* sock.h - what differs between socket layers; one sock_<platform>.c each. */
#ifndef DIAG_NET_SOCK_H
#define DIAG_NET_SOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "net/addr.h"

struct sockaddr;
struct sockaddr_storage;

/* Address and port (host order) to a sockaddr; returns its length in bytes.
 * A zone that is no interface here gives scope id 0. */
unsigned diag_sock_of(const struct diag_addr *a, uint16_t port,
		      struct sockaddr_storage *out);
bool diag_sock_to(const struct sockaddr *sa, struct diag_addr *a,
		  uint16_t *port);

/* What the error queue of a socket tells (Linux ip(7), IP_RECVERR). */
struct diag_icmp {
	bool seen;
	int type; /* of the message's own family */
	int code;
	struct diag_addr from; /* DIAG_NOFAM if not told */
	uint16_t to_port;      /* of our packet that met it */
	unsigned mtu;	       /* of the next link, when that is the error */
};
/* Ask for the queue right after socket(2). */
void diag_sock_want_icmp(int fd, enum diag_family family);
/* Take one entry; false when the queue is empty.  Never blocks. */
bool diag_sock_take_icmp(int fd, struct diag_icmp *out);
/* Send and receive only through this interface.  false: errno says why. */
bool diag_sock_use_interface(int fd, const char *name);
/* A datagram and both its ends.  Who listens on all addresses answers from the
 * one that was asked, or the other end would not know the answer for one. */
struct diag_datagram {
	struct diag_addr from, to; /* to: DIAG_NOFAM if not told */
	uint16_t from_port;
	size_t len;  /* bytes there were; more than size, if it was cut */
	bool direct; /* to this machine alone: no broadcast, no multicast */
};
/* Ask for the other end right after socket(2).  false: errno says why. */
DIAG_MUST_USE
bool diag_sock_want_to(int fd, enum diag_family family);
/* Never blocks.  false: errno says why. */
DIAG_MUST_USE
bool diag_sock_take(int fd, void *bytes, size_t size,
		    struct diag_datagram *out);
/* To where it came from, from where it went to. */
DIAG_MUST_USE
bool diag_sock_answer(int fd, const struct diag_datagram *d, const void *bytes,
		      size_t len);

/* The error that a socket has met and not told yet; 0: none. */
int diag_sock_take_error(int fd);
/* The round trip that the kernel measured on a TCP connection; false: it does
 * not say. */
bool diag_sock_rtt_ms(int fd, double *ms);
/* RLIMIT_NOFILE soft limit raised to fit n descriptors; gives what we have. */
unsigned diag_sock_raise_limit(unsigned n);

/* --- sizes of packets (sock_size_<platform>.c); bytes of whole IP packets ---
 */

/* Neither side of the connection sends a larger packet; before connect(2).
 * false: errno says why. */
bool diag_sock_limit_packets(int fd, enum diag_family family, unsigned max);
/* Never in fragments, and as large as the interface takes, whatever was told
 * of the path before (ip(7), IP_PMTUDISC_PROBE). */
bool diag_sock_want_whole(int fd, enum diag_family family);
/* The interface that has this address, and its MTU. */
#define DIAG_SOCK_NAME 16
bool diag_sock_interface_of(const struct diag_addr *local,
			    char name[DIAG_SOCK_NAME], unsigned *mtu);

/* What became of what was sent on a TCP connection. */
struct diag_sock_sent {
	bool open;	   /* the other end has answered our SYN */
	unsigned mss;	   /* bytes that go into one packet now */
	unsigned overhead; /* of IP and TCP around them */
	unsigned path_mtu; /* as the kernel believes it */
	uint64_t acked;	   /* bytes that were acknowledged, from 1 when open */
	unsigned resends;  /* packets sent again, since the beginning */
	bool gap;	   /* later bytes arrived, earlier ones did not */
};
bool diag_sock_sent(int fd, enum diag_family family,
		    struct diag_sock_sent *out);
/* Send these bytes in a packet of their own.  false: errno says why. */
bool diag_sock_send_whole(int fd, const void *data, size_t n);

#endif
