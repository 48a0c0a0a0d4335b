/* SPDX-License-Identifier: MIT */
/* dns_peer.c - see dns_peer.h. */
#include "tests/probes/dns_peer.h"

#include <arpa/inet.h>
#include <ldns/ldns.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SOA_TEXT                                                 \
	"privatelink.example. 3600 IN SOA azureprivatedns.net. " \
	"azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10"

/* --- what it says -----------------------------------------------------------
 */

static void add(ldns_pkt *pkt, ldns_pkt_section section, const char *text)
{
	ldns_rr *rr = NULL;

	if (ldns_rr_new_frm_str(&rr, text, 0, NULL, NULL) != LDNS_STATUS_OK)
		abort();
	(void)ldns_pkt_push_rr(pkt, section, rr);
}

static void add_of(ldns_pkt *pkt, const char *owner, const char *rest)
{
	char text[600];

	(void)snprintf(text, sizeof(text), "%s %s", owner, rest);
	add(pkt, LDNS_SECTION_ANSWER, text);
}

static void by_name(ldns_pkt *pkt, const char *name)
{
	if (strcmp(name, "a.example.") == 0)
		add_of(pkt, name, "60 IN A 10.0.0.1");
	else if (strcmp(name, "a.search.test.") == 0)
		add_of(pkt, name, "60 IN A 10.0.0.2");
	else if (strncmp(name, "bad.", 4) == 0)
		ldns_pkt_set_rcode(pkt, LDNS_RCODE_SERVFAIL);
	else
		ldns_pkt_set_rcode(pkt, LDNS_RCODE_NXDOMAIN);
}

static void fill(ldns_pkt *pkt, const char *name, bool a,
		 enum dns_manner manner, bool tcp)
{
	static const uint8_t rcodes[] = {
		[PEER_NXDOMAIN] = LDNS_RCODE_NXDOMAIN,
		[PEER_SERVFAIL] = LDNS_RCODE_SERVFAIL,
		[PEER_REFUSED] = LDNS_RCODE_REFUSED,
		[PEER_NOTIMP] = LDNS_RCODE_NOTIMPL,
		[PEER_BY_NAME] = LDNS_RCODE_NOERROR,
	};

	ldns_pkt_set_rcode(pkt, rcodes[manner]);
	if (manner == PEER_TRUNCATED && !tcp)
		ldns_pkt_set_tc(pkt, true);
	else if (manner == PEER_NODATA || manner == PEER_NXDOMAIN || !a)
		add(pkt, LDNS_SECTION_AUTHORITY, SOA_TEXT);
	else if (manner == PEER_BY_NAME)
		by_name(pkt, name);
	else if (rcodes[manner] == LDNS_RCODE_NOERROR) {
		/* Out of order on purpose. */
		add(pkt, LDNS_SECTION_ANSWER,
		    "www.privatelink.example. 10 IN A 10.150.0.4");
		add_of(pkt, name, "300 IN CNAME WWW.PrivateLink.example.");
	}
}

/* The reply to a query; gives *out (free). */
static bool reply_to(const uint8_t *query, size_t len, enum dns_manner manner,
		     bool tcp, uint8_t **out, size_t *out_len)
{
	ldns_pkt *q = NULL, *r = ldns_pkt_new();
	ldns_rr *question;
	char *name;
	bool ok = ldns_wire2pkt(&q, query, len) == LDNS_STATUS_OK;

	if (!ok)
		goto out;
	question = ldns_rr_list_rr(ldns_pkt_question(q), 0);
	name = ldns_rdf2str(ldns_rr_owner(question));
	ldns_pkt_set_id(
	    r, (uint16_t)(ldns_pkt_id(q) + (manner == PEER_WRONG_ID ? 1 : 0)));
	ldns_pkt_set_qr(r, true);
	ldns_pkt_set_ra(r, true);
	if (manner == PEER_WRONG_NAME) {
		ldns_rr *other = NULL;

		(void)ldns_rr_new_question_frm_str(&other, "other.example. A",
						   NULL, NULL);
		(void)ldns_pkt_push_rr(r, LDNS_SECTION_QUESTION, other);
	} else {
		(void)ldns_pkt_push_rr(r, LDNS_SECTION_QUESTION,
				       ldns_rr_clone(question));
	}
	fill(r, name, ldns_rr_get_type(question) == LDNS_RR_TYPE_A, manner,
	     tcp);
	ok = ldns_pkt2wire(out, r, out_len) == LDNS_STATUS_OK;
	free(name);
out:
	ldns_pkt_free(q);
	ldns_pkt_free(r);
	return ok;
}

/* --- how it says it
 * ------------------------------------------------------------ */

struct asked {
	uint8_t query[512];
	size_t len;
	struct sockaddr_in from;
};

static void answer_udp(int fd, enum dns_manner manner, const struct asked *a)
{
	static const uint8_t garbage[] = { 0xde, 0xad, 0xbe };
	static unsigned seen;
	const struct sockaddr *from = (const struct sockaddr *)&a->from;
	uint8_t *reply = NULL;
	size_t len = 0;

	if (manner == PEER_SILENT || (manner == PEER_SECOND && seen++ == 0))
		return;
	if (manner == PEER_GARBAGE) {
		(void)sendto(fd, garbage, sizeof(garbage), 0, from,
			     sizeof(a->from));
		return;
	}
	if (reply_to(a->query, a->len, manner, false, &reply, &len))
		(void)sendto(fd, reply, len, 0, from, sizeof(a->from));
	free(reply);
}

/* An answer costs far more than a question.  All questions are taken before
 * each answer, so that a burst waits here and not in a socket buffer, which
 * is small and throws away what does not fit. */
static void serve_udp(int fd, enum dns_manner manner)
{
	static struct asked queue[8192];
	size_t head = 0, n = 0;

	do {
		struct asked *a = &queue[(head + n) % 8192];
		socklen_t from_len = sizeof(a->from);
		ssize_t got =
		    n == 8192
			? -1
			: recvfrom(fd, a->query, sizeof(a->query), MSG_DONTWAIT,
				   (struct sockaddr *)&a->from, &from_len);

		if (got > 0) {
			a->len = (size_t)got;
			n++;
		} else if (n > 0) {
			answer_udp(fd, manner, &queue[head]);
			head = (head + 1) % 8192;
			n--;
		}
	} while (n > 0);
}

static bool read_all(int fd, uint8_t *p, size_t n)
{
	return recv(fd, p, n, MSG_WAITALL) == (ssize_t)n;
}

/* What shall be said to a query of len bytes; false: nothing. */
static bool reply_tcp(const uint8_t *query, size_t len, enum dns_manner manner,
		      uint8_t **reply, size_t *reply_len)
{
	if (manner == PEER_GARBAGE) {
		*reply = calloc(1, 3);
		*reply_len = 3;
		return *reply != NULL;
	}
	return manner != PEER_SILENT &&
	       reply_to(query, len, manner, true, reply, reply_len);
}

static void serve_tcp(int listener, enum dns_manner manner)
{
	uint8_t query[2048], head[2], *reply = NULL;
	size_t len = 0;
	int fd = accept(listener, NULL, NULL);

	if (manner != PEER_HANGS_UP && read_all(fd, head, 2)) {
		len = (size_t)head[0] << 8 | head[1];
		if (len <= sizeof(query) && read_all(fd, query, len) &&
		    reply_tcp(query, len, manner, &reply, &len)) {
			head[0] = (uint8_t)(len >> 8);
			head[1] = (uint8_t)len;
			(void)send(fd, head, 2, MSG_NOSIGNAL | MSG_MORE);
			(void)send(fd, reply, len, MSG_NOSIGNAL);
		}
		/* Who is silent waits for the other to go. */
		if (manner == PEER_SILENT)
			(void)recv(fd, head, 1, 0);
	}
	free(reply);
	(void)close(fd);
}

static int bound(int type, uint16_t port, uint16_t *got)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_port = htons(port) };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), one = 1;
	const int big = 4 << 20; /* bytes; less for ordinary users */

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	if (type == SOCK_STREAM)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one,
				 sizeof(one));
	else if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &big,
			    sizeof(big)) != 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &big, sizeof(big));
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) != 0) {
		(void)close(fd);
		return -1;
	}
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&sin, &len));
	*got = ntohs(sin.sin_port);
	return fd;
}

static void serve(int udp, int tcp, enum dns_manner manner)
{
	struct pollfd fds[] = { { .fd = udp, .events = POLLIN },
				{ .fd = tcp, .events = POLLIN } };

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents)
			serve_udp(udp, manner);
		if (fds[1].revents)
			serve_tcp(tcp, manner);
	}
	_exit(0);
}

void dns_peer_start(struct dns_peer *peer, enum dns_manner manner)
{
	uint16_t port = 0;
	int tcp = -1, udp = -1;

	/* The same port for both; somebody may have one of them. */
	for (unsigned tries = 0; tries < 50 && tcp < 0; tries++) {
		if (udp >= 0)
			(void)close(udp);
		udp = bound(SOCK_DGRAM, 0, &port);
		tcp = bound(SOCK_STREAM, port, &port);
	}
	assert_true(tcp >= 0);
	if (manner != PEER_ONLY_UDP)
		assert_int_equal(0, listen(tcp, 8));
	peer->at = (struct diag_endpoint){
		.addr = diag_addr_v4(127, 0, 0, 1),
		.port = port,
	};
	(void)diag_endpoint_text(&peer->at, peer->view);
	peer->pid = fork();
	assert_true(peer->pid >= 0);
	if (peer->pid == 0)
		serve(udp, manner == PEER_ONLY_UDP ? -1 : tcp, manner);
	(void)close(udp);
	(void)close(tcp);
}

void dns_peer_stop(struct dns_peer *peer)
{
	(void)kill(peer->pid, SIGKILL);
	(void)waitpid(peer->pid, NULL, 0);
}

struct diag_endpoint dns_peer_closed_port(void)
{
	struct diag_endpoint e = { .addr = diag_addr_v4(127, 0, 0, 1) };
	int fd = bound(SOCK_DGRAM, 0, &e.port);

	(void)close(fd);
	return e;
}
