/* SPDX-License-Identifier: MIT */
/* relay.c - the lab's VPN: two TUN devices and a cable between them.
 *
 * usage: relay NETNS DEVICE NETNS DEVICE DELAY_US LOSS_PERMILLE LARGEST
 *
 * Where the kernel has no netem, this gives delay and loss.  Every packet that
 * comes out of one device goes into the other DELAY_US later.  The delay is the
 * same for all, so each direction is a queue in order of arrival; its head says
 * when to wake up.  Loss is counted, not drawn: of each 1000 packets of a
 * direction the first LOSS_PERMILLE are lost, spread evenly, so that a run can
 * be repeated.  Packets of more than LARGEST bytes are lost too; 0: none.
 *
 * Prints "ready" when both devices are there, ends when it is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define SLOTS                                                                  \
	16384 /* per direction; beyond it packets are lost, as in a real queue \
	       */
#define PACKET 2048 /* bytes; more than the MTU */
#define NEVER  INT64_MAX

struct slot {
	int64_t due_us;
	size_t len;
	unsigned char bytes[PACKET];
};

struct direction {
	int from, to;
	unsigned head, tail; /* head == tail: empty; they only grow */
	unsigned seen;
	struct slot *slots;
};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int die(const char *what)
{
	fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
	return -1;
}

/* Digits only; the arguments come from our own script. */
static unsigned number(const char *text)
{
	unsigned n = 0;

	while (*text >= '0' && *text <= '9')
		n = n * 10 + (unsigned)(*text++ - '0');
	return n;
}

static int tun_open(const char *netns, const char *device)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int ns = open(netns, O_RDONLY | O_CLOEXEC);
	int fd;

	if (ns < 0 || setns(ns, CLONE_NEWNET) != 0)
		return die(netns);
	close(ns);
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return die("/dev/net/tun");
	snprintf(ifr.ifr_name, sizeof ifr.ifr_name, "%s", device);
	if (ioctl(fd, TUNSETIFF, &ifr) != 0)
		return die(device);
	return fd;
}

struct losses {
	unsigned permille;
	size_t largest;
};

static void take_in(struct direction *d, int64_t delay_us,
		    const struct losses *l)
{
	for (;;) {
		struct slot *s = &d->slots[d->tail % SLOTS];
		ssize_t n = read(d->from, s->bytes, sizeof s->bytes);

		if (n <= 0)
			return;
		d->seen++;
		if (d->seen * l->permille / 1000 !=
		    (d->seen - 1) * l->permille / 1000)
			continue;
		if (l->largest > 0 && (size_t)n > l->largest)
			continue;
		if (d->tail - d->head >= SLOTS - 1)
			continue;
		s->len = (size_t)n;
		s->due_us = now_us() + delay_us;
		d->tail++;
	}
}

/* Send what is due; gives the time of the next one. */
static int64_t let_out(struct direction *d)
{
	int64_t now = now_us();

	while (d->head != d->tail) {
		const struct slot *s = &d->slots[d->head % SLOTS];

		if (s->due_us > now)
			return s->due_us;
		if (write(d->to, s->bytes, s->len) < 0 && errno == EAGAIN)
			return now + 100;
		d->head++;
	}
	return NEVER;
}

static void wait_for(const struct direction d[2], int64_t due_us)
{
	struct pollfd fds[2] = { { .fd = d[0].from, .events = POLLIN },
				 { .fd = d[1].from, .events = POLLIN } };
	int64_t left = due_us == NEVER ? 0 : due_us - now_us();
	struct timespec t = { .tv_sec = left > 0 ? left / 1000000 : 0,
			      .tv_nsec = left > 0 ? left % 1000000 * 1000 : 0 };

	ppoll(fds, 2, due_us == NEVER ? NULL : &t, NULL);
}

static void relay(struct direction d[2], int64_t delay_us,
		  const struct losses *l)
{
	for (;;) {
		int64_t due, other;

		take_in(&d[0], delay_us, l);
		take_in(&d[1], delay_us, l);
		due = let_out(&d[0]);
		other = let_out(&d[1]);
		wait_for(d, due < other ? due : other);
	}
}

int main(int argc, char **argv)
{
	struct direction d[2] = { { 0 } };
	struct losses losses;

	if (argc != 8) {
		fputs("usage: relay NETNS DEVICE NETNS DEVICE DELAY_US "
		      "LOSS_PERMILLE LARGEST\n",
		      stderr);
		return 2;
	}
	d[0].from = d[1].to = tun_open(argv[1], argv[2]);
	d[0].to = d[1].from = tun_open(argv[3], argv[4]);
	d[0].slots = calloc(SLOTS, sizeof *d[0].slots);
	d[1].slots = calloc(SLOTS, sizeof *d[1].slots);
	if (d[0].from < 0 || d[0].to < 0 || !d[0].slots || !d[1].slots)
		return 1;
	puts("ready");
	fflush(stdout);
	losses = (struct losses){ number(argv[6]), number(argv[7]) };
	relay(d, number(argv[5]), &losses);
	return 0;
}
