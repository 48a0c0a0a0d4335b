/* SPDX-License-Identifier: MIT */
/* reality.h - groups, flows and the addresses behind the names, modelled a
 * second time in the plainest way there is: a list of points, and for each
 * the first rule that fits.
 *
 * Nothing of the library is used.  A reality says of every address of a small
 * universe which names it goes by; many realities agree with what may be known
 * of the world, and an answer about the world has to hold in all of them.
 */
#ifndef DIAG_TESTS_NSG_REALITY_H
#define DIAG_TESTS_NSG_REALITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define M_ADDRESSES 512
#define M_RULES	    8
#define M_GROUPS    3
#define M_ENTRIES   3
#define M_NETS	    16

enum m_kind { M_ANY, M_CIDR, M_TAG, M_ASG, M_IPV6 };

/* Tags.  Fresh is one that no list has. */
enum m_tag {
	M_VNET,
	M_INTERNET,
	M_BALANCER,
	M_CLOUD,
	M_STORAGE,
	M_LEARNING,
	M_DIRECTORY,
	M_FRESH,
	M_TAGS
};

/* Places; 0 is all of them, the last is never named. */
enum { M_EVERYWHERE, M_EASTUS, M_WESTUS, M_EUROPE, M_UNNAMED, M_PLACES };

struct m_peer {
	enum m_kind kind;
	uint32_t base;
	unsigned len;
	enum m_tag tag;
	int place;
	int asg;
};

struct m_ports {
	unsigned first, last;
};

enum m_proto { M_TCP, M_UDP, M_BOTH, M_ICMP };

struct m_rule {
	unsigned priority;
	bool in, allow;
	enum m_proto proto;
	struct m_peer from[M_ENTRIES], to[M_ENTRIES];
	struct m_ports from_ports[M_ENTRIES], to_ports[M_ENTRIES];
	int n_from, n_to, n_from_ports, n_to_ports;
};

struct m_group {
	struct m_rule rules[M_RULES];
	int n;
	bool on_subnet, on_nic;
};

struct m_flow {
	bool in, udp;
	struct m_peer peer, self;
	unsigned port, port_last;
};

struct m_case {
	uint64_t seed;
	struct m_group groups[M_GROUPS];
	int n_groups;
	struct m_flow flow;
	struct m_peer nets[M_NETS]; /* what is known of VirtualNetwork */
	int n_nets;
	/* The universe. */
	uint32_t addresses[M_ADDRESSES];
	int n;
};

struct m_reality {
	bool azure[M_ADDRESSES]; /* in AzureCloud */
	int place[M_ADDRESSES];
	bool in[M_TAGS][M_ADDRESSES];
	bool asg[2][M_ADDRESSES];
	int self;	 /* our own address */
	int subnet, nic; /* the groups that are in the way; -1: none */
};

enum m_result { M_ALLOWED, M_DENIED, M_PARTLY, M_NOBODY };

/* Where everything can be known: no security groups, our address is given,
 * and all of what is not public is our network. */
void m_make(struct m_case *c, uint64_t seed, bool exact);
void m_realise(const struct m_case *c, uint64_t seed, struct m_reality *r);
/* M_NOBODY: the flow is from nobody in this reality. */
enum m_result m_judge(const struct m_case *c, const struct m_reality *r);

/* As the library wants it. */
void m_print_group(const struct m_case *c, int group, struct diag_buf *out);
void m_print_flow(const struct m_flow *f, char *out, size_t size);
void m_print_peer(const struct m_peer *p, char *out, size_t size);
void m_print_tags(const struct m_case *c, const struct m_reality *r,
		  struct diag_buf *out);

#endif
