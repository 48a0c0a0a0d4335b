/* SPDX-License-Identifier: MIT */
/* sniff_filter_linux.c - a program for the kernel's packet filter (bpf(4) of
 * BSD, Linux socket(7), SO_ATTACH_FILTER).
 *
 * Its jumps go forward only, and a conditional one at most 255 instructions;
 * so each test is followed by plain jumps, and those to the two ends are
 * written when the ends are known.
 */
#include "probes/sniff_filter.h"

#include <netinet/in.h>

#define RANGES_MAX	   64
#define JUMPS_MAX	   (2 * RANGES_MAX + 16)
#define RST_SYN		   0x06
#define FRAGMENT	   0x1fff
#define ICMP_UNREACHABLE   3
#define ICMPV6_UNREACHABLE 1

struct program {
	struct sock_filter *code;
	size_t n;
	size_t to_accept[JUMPS_MAX], to_drop[JUMPS_MAX];
	size_t n_accept, n_drop;
};

static void put(struct program *p, struct sock_filter f)
{
	p->code[p->n++] = f;
}

static void stmt(struct program *p, uint16_t code, uint32_t k)
{
	put(p, (struct sock_filter)BPF_STMT(code, k));
}

static void accept_it(struct program *p)
{
	p->to_accept[p->n_accept++] = p->n;
	stmt(p, BPF_JMP | BPF_JA, 0);
}

static void drop_it(struct program *p)
{
	p->to_drop[p->n_drop++] = p->n;
	stmt(p, BPF_JMP | BPF_JA, 0);
}

/* If A is k, the next `yes` instructions are done, else skipped. */
static void where(struct program *p, uint16_t test, uint32_t k, uint8_t yes)
{
	put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | test | BPF_K, k, 0, yes));
}

/* A: the protocol above IP; X: where that begins. */
static void find_protocol(struct program *p)
{
	stmt(p, BPF_LD | BPF_B | BPF_ABS, 0);
	stmt(p, BPF_ALU | BPF_AND | BPF_K, 0xf0);
	where(p, BPF_JEQ, 0x40, 6);
	stmt(p, BPF_LD | BPF_H | BPF_ABS, 6);
	where(p, BPF_JSET, FRAGMENT, 1);
	drop_it(p);
	stmt(p, BPF_LDX | BPF_B | BPF_MSH, 0);
	stmt(p, BPF_LD | BPF_B | BPF_ABS, 9);
	stmt(p, BPF_JMP | BPF_JA, 5);
	where(p, BPF_JEQ, 0x60, 3);
	stmt(p, BPF_LDX | BPF_IMM, 40);
	stmt(p, BPF_LD | BPF_B | BPF_ABS, 6);
	stmt(p, BPF_JMP | BPF_JA, 1);
	drop_it(p);
}

static void byte_says(struct program *p, uint32_t at, uint16_t test, uint32_t k)
{
	stmt(p, BPF_LD | BPF_B | BPF_IND, at);
	where(p, test, k, 1);
	accept_it(p);
	drop_it(p);
}

static void port_says(struct program *p, uint32_t at,
		      const struct diag_probe_ports *ports, size_t n)
{
	stmt(p, BPF_LD | BPF_H | BPF_IND, at);
	for (size_t i = 0; i < n; i++) {
		if (ports[i].proto != DIAG_UDP)
			continue;
		where(p, BPF_JGE, ports[i].port, 2);
		put(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K,
						    ports[i].last, 1, 0));
		accept_it(p);
	}
}

static size_t count_udp(const struct diag_probe_ports *ports, size_t n)
{
	size_t udp = 0;

	for (size_t i = 0; i < n; i++)
		udp += ports[i].proto == DIAG_UDP ? 1 : 0;
	return udp;
}

static void end(struct program *p)
{
	size_t accept = p->n, drop = p->n + 1;

	stmt(p, BPF_RET | BPF_K, SNIFF_PACKET_READ);
	stmt(p, BPF_RET | BPF_K, 0);
	for (size_t i = 0; i < p->n_accept; i++)
		p->code[p->to_accept[i]].k =
		    (uint32_t)(accept - p->to_accept[i] - 1);
	for (size_t i = 0; i < p->n_drop; i++)
		p->code[p->to_drop[i]].k = (uint32_t)(drop - p->to_drop[i] - 1);
}

size_t sniff_filter(const struct diag_probe_ports *ports, size_t n,
		    struct sock_filter out[SNIFF_FILTER_MAX])
{
	struct program p = { .code = out };
	size_t udp = count_udp(ports, n);

	find_protocol(&p);
	where(&p, BPF_JEQ, IPPROTO_TCP, 4);
	byte_says(&p, 13, BPF_JSET, RST_SYN);
	where(&p, BPF_JEQ, IPPROTO_ICMP, 4);
	byte_says(&p, 0, BPF_JEQ, ICMP_UNREACHABLE);
	where(&p, BPF_JEQ, IPPROTO_ICMPV6, 4);
	byte_says(&p, 0, BPF_JEQ, ICMPV6_UNREACHABLE);
	where(&p, BPF_JEQ, IPPROTO_UDP, 1);
	if (udp > RANGES_MAX) {
		accept_it(&p);
	} else if (udp > 0) {
		stmt(&p, BPF_JMP | BPF_JA, 1);
		drop_it(&p);
		port_says(&p, 2, ports, n);
		port_says(&p, 0, ports, n);
	} else {
		drop_it(&p);
	}
	drop_it(&p);
	end(&p);
	return p.n;
}
