/* SPDX-License-Identifier: MIT */
/* run.c - one run of pl-listen.
 *
 * What needs rights is done when the plan says that all is bound: a port below
 * 1024, the capture, and the file that the case goes to.  Then the rights are
 * given up for good, before the first byte of a stranger is read.
 */
#include "tools/pl-listen/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/rights.h"
#include "base/time.h"
#include "base/version.h"
#include "case/case.h"
#include "fact/json.h"
#include "probes/probes.h"
#include "run/runner.h"
#include "tools/arrivals.h"
#include "tools/options_machine.h"
#include "tools/pl-probe/probe.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)
#define PORTS_MAX      1024
#define ADDRESSES_MAX  16

struct port {
	uint16_t port;
	bool udp;
	size_t deaf; /* addresses at which it could not be bound */
	uint64_t came, dropped;
};

struct session {
	struct tool_call *call;
	const struct listen *o;
	struct diag_case *c;
	struct diag_probe_ports *ranges;
	size_t n_ranges;
	struct port ports[PORTS_MAX];
	size_t n_ports;
	struct diag_addr addresses[ADDRESSES_MAX];
	size_t n_addresses;
	struct diag_buf line;
	int save_fd;
	size_t facts, deaf; /* deaf: sockets that could not be bound */
	struct listen_deaf why;
	bool blind;    /* the capture could not be opened */
	uint64_t lost; /* packets that the capture did not see */
	struct diag_arrival_fact kernel; /* what the kernel counted */
	bool bound;
	struct diag_run_result result;
};

static bool is_json(const struct session *s)
{
	return strcmp(s->call->format, "json") == 0;
}

/* --- what comes ----------------------------------------------------------- */

static struct port *port_of(struct session *s, uint16_t port, bool udp)
{
	for (size_t i = 0; i < s->n_ports; i++)
		if (s->ports[i].port == port && s->ports[i].udp == udp)
			return &s->ports[i];
	return NULL;
}

static void put_json(struct session *s, const struct diag_fact *f)
{
	struct diag_jw w;

	if (is_json(s))
		diag_buf_puts(&s->line, s->facts == 1 ? "[\n" : ",\n");
	diag_jw_init(&w, &s->line, 0);
	diag_fact_print(f, &w);
	if (!is_json(s))
		diag_buf_putc(&s->line, '\n');
}

static void note(struct session *s, const struct diag_fact *f)
{
	struct port *p =
	    port_of(s, f->arrival.port, tool_arrival_is_udp(&f->arrival));
	bool capture = strcmp(f->arrival.seen_by, "capture") == 0;

	if (f->status == DIAG_ST_NOT_RUN && capture) {
		s->blind = true;
		(s->o->capture == LISTEN_ALWAYS ? tool_error : tool_note)(
		    s->call,
		    "what this machine's firewall drops is not seen (%s); with "
		    "sudo, or after setcap cap_net_raw+ep, it is",
		    f->error);
	} else if (f->status == DIAG_ST_NOT_RUN) {
		s->deaf++;
		listen_deaf_note(&s->why, f);
		tool_error(s->call, "%s", f->error);
		if (p)
			p->deaf++;
	} else if (p && f->status == DIAG_ST_LISTENED) {
		p->came += f->arrival.came;
		if (!capture)
			p->dropped += f->arrival.dropped;
		else if (f->arrival.dropped > s->lost)
			s->lost = f->arrival.dropped;
		if (capture)
			s->kernel = f->arrival;
	}
}

static bool on_fact(void *ctx, const struct diag_fact *f, struct diag_err *err)
{
	struct session *s = ctx;

	s->facts++;
	note(s, f);
	diag_buf_reset(&s->line);
	if (strcmp(s->call->format, "text") == 0)
		tool_arrival_text(f, &s->line);
	else
		put_json(s, f);
	if (!diag_buf_ok(&s->line, err, "output"))
		return false;
	tool_write_buf(s->call, &s->line);
	tool_flush(s->call);
	if (tool_out_failed(s->call))
		return false; /* the shell tells why */
	return !s->o->save || diag_store_add(&s->c->facts, f, NULL, err);
}

/* --- rights --------------------------------------------------------------- */

/* Who gives up root may write this file no more; it is opened before.  A link
 * that somebody put in its place is not followed, and a pipe that nobody reads
 * not waited for. */
static bool open_save(struct session *s, struct diag_err *err)
{
	struct stat st;

	if (!s->o->save)
		return true;
	s->save_fd = open(
	    s->o->save,
	    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (s->save_fd < 0 && errno != ELOOP && errno != ENXIO)
		return diag_fail_sys(err, "save", "%s", s->o->save);
	if (s->save_fd < 0 || fstat(s->save_fd, &st) != 0 ||
	    !(S_ISREG(st.st_mode) || S_ISCHR(st.st_mode)))
		return diag_fail(err, DIAG_EUSAGE, "save",
				 "%s: expected a regular file or none, and no "
				 "link",
				 s->o->save);
	return !S_ISREG(st.st_mode) || ftruncate(s->save_fd, 0) == 0 ||
	       diag_fail_sys(err, "save", "%s", s->o->save);
}

static bool is_watched(const struct session *s)
{
	return s->o->capture != LISTEN_NEVER && !s->blind;
}

/* Where a program of its own has the port, watching alone tells who comes. */
static bool may_watch(const struct session *s)
{
	return is_watched(s) && s->why.taken.port > 0;
}

static bool is_deaf(const struct session *s, const struct port *p)
{
	return p->deaf == s->n_addresses;
}

static void tell_begun(const struct session *s)
{
	const char *end = s->o->for_ms ? "" : "; end with ^C";
	size_t n = s->n_ports;

	for (size_t i = 0; i < s->n_ports; i++)
		n -= is_deaf(s, &s->ports[i]) ? 1 : 0;
	if (n < s->n_ports)
		tool_note(s->call, "listening on %zu of %zu ports%s", n,
			  s->n_ports, end);
	else
		tool_note(s->call, "listening on %zu %s%s", n,
			  n == 1 ? "port" : "ports", end);
}

static bool on_bound(void *ctx, struct diag_err *err)
{
	struct session *s = ctx;

	s->bound = true;
	listen_deaf_tell(s->call, &s->why, is_watched(s));
	if (s->deaf == s->n_ports * s->n_addresses && !may_watch(s))
		return diag_fail(err, DIAG_EUSAGE, "listen",
				 "no port could be listened on");
	if (!open_save(s, err))
		return false;
	if (diag_rights_any() && !diag_rights_drop())
		return diag_fail_sys(err, "listen", "rights cannot be dropped");
	tell_begun(s);
	return true;
}

/* --- what to listen on ---------------------------------------------------- */

static bool read_ports(struct session *s, struct diag_err *err)
{
	if (!probe_ports(s->call, "--ports", diag_slice_of(s->o->ports),
			 &s->ranges, &s->n_ranges, err))
		return false;
	for (size_t i = 0; i < s->n_ranges; i++)
		for (unsigned p = s->ranges[i].port; p <= s->ranges[i].last;
		     p++) {
			bool udp = s->ranges[i].proto == DIAG_UDP;

			if (port_of(s, (uint16_t)p, udp))
				return diag_fail(err, DIAG_EUSAGE, "--ports",
						 "%u stands there twice", p);
			if (s->n_ports == PORTS_MAX)
				return diag_fail(err, DIAG_ELIMIT, "--ports",
						 "more than %d ports",
						 PORTS_MAX);
			s->ports[s->n_ports++] =
			    (struct port){ .port = (uint16_t)p, .udp = udp };
		}
	return true;
}

static bool has_ipv6(const struct diag_machine *m)
{
	for (size_t i = 0; i < m->n_interfaces; i++)
		for (size_t k = 0; k < m->interfaces[i].n_addresses; k++)
			if (m->interfaces[i].addresses[k].family == DIAG_IPV6)
				return true;
	return false;
}

static bool read_addresses(struct session *s, struct diag_err *err)
{
	const struct tool_list *given = &s->o->address;

	if (given->n > ADDRESSES_MAX)
		return diag_fail(err, DIAG_ELIMIT, "--address",
				 "more than %d addresses", ADDRESSES_MAX);
	for (size_t i = 0; i < given->n; i++)
		if (!diag_addr_parse(given->at[i],
				     &s->addresses[s->n_addresses++]))
			return diag_fail(err, DIAG_EUSAGE, "--address",
					 "\"%.60s\": expected an IP address",
					 given->at[i]);
	if (given->n > 0)
		return true;
	s->addresses[s->n_addresses++].family = DIAG_IPV4;
	if (has_ipv6(s->c->origins[0].machine))
		s->addresses[s->n_addresses++].family = DIAG_IPV6;
	return true;
}

/* Root is nobody by then. */
static bool may_output(const struct session *s, struct diag_err *err)
{
	return geteuid() != 0 || !tool_out_is_file(s->call) ||
	       diag_fail(err, DIAG_EUSAGE, "--output",
			 "root gives up its rights before the file could be "
			 "replaced: redirect standard output");
}

static bool make_case(struct session *s, struct diag_err *err)
{
	static const struct tool_machine here = { .machine = NULL };
	struct diag_origin *o;

	if (!diag_case_new(&s->c, err))
		return false;
	o = &s->c->origins[0];
	o->name = "";
	o->tool = s->call->tool->name;
	o->version = DIAG_VERSION;
	tool_began(o);
	if (!tool_machine_load(s->call, &here, &o->machine, err))
		return false;
	o->host = o->machine->host ? o->machine->host : "";
	s->c->role = DIAG_ROLE_COMPUTE;
	return read_ports(s, err) && read_addresses(s, err);
}

/* --- the run -------------------------------------------------------------- */

static bool listen_all(struct session *s, struct diag_err *err)
{
	static const struct diag_probe_ops *const probes[] = {
		&probe_arrival, &probe_arrival_udp, &probe_sniff, NULL
	};
	struct diag_origin *origin = &s->c->origins[0];
	const struct diag_listen_options what = {
		.addresses = s->addresses,
		.n_addresses = s->n_addresses,
		.ports = s->ranges,
		.n_ports = s->n_ranges,
		.for_ms = s->o->for_ms,
		.capture = s->o->capture != LISTEN_NEVER,
		.bound = on_bound,
		.ctx = s,
	};
	const struct diag_run_options options = {
		.probes = probes,
		.sink = { on_fact, s },
		.machine = origin->machine,
		.user_agent = "pldiag/" DIAG_VERSION,
		.clock_s = origin->started_s,
		.max_in_flight = PORTS_MAX * ADDRESSES_MAX,
		.handle_signals = true,
	};
	struct diag_plan plan;
	bool ok = diag_plan_listen(&what, &plan, err) &&
		  diag_run(&plan, &options, &s->result, err);

	/* ^C is how it ends; each fact says how long its port was heard. */
	origin->complete =
	    ok && s->bound && (s->result.complete || s->result.signal != 0);
	origin->took_ms = s->result.took_ms;
	return ok;
}

static bool save(struct session *s, struct diag_err *err)
{
	struct diag_buf out;
	bool ok;

	if (s->save_fd < 0)
		return true;
	diag_buf_init(&out, DIAG_CASE_BYTES);
	diag_case_print_header(s->c, 0, &out);
	diag_case_print_facts(s->c, &out);
	ok = diag_buf_ok(&out, err, "save") &&
	     ((diag_fd_write(s->save_fd, diag_buf_str(&out), out.len) &&
	       diag_fd_sync(s->save_fd)) ||
	      diag_fail_sys(err, "save", "%s", s->o->save));
	diag_buf_clear(&out);
	return ok;
}

static enum tool_status outcome(const struct session *s)
{
	if (s->deaf > 0 || (s->blind && s->o->capture == LISTEN_ALWAYS))
		return TOOL_UNDECIDED;
	for (size_t i = 0; i < s->n_ports; i++)
		if (s->ports[i].came == 0)
			return TOOL_WRONG;
	return TOOL_GOOD;
}

static void put_counted(struct session *s, uint64_t n, const char *what)
{
	if (n > 0)
		tool_note(s->call,
			  "meanwhile this machine's kernel dropped %" PRIu64
			  " %s; whose, is not known",
			  n, what);
}

static void put_lost(struct session *s)
{
	if (s->lost > 0)
		tool_note(s->call,
			  "%" PRIu64 " packets came too fast to be seen: what "
			  "is said not to be answered may have been, and "
			  "nobody is blamed by that",
			  s->lost);
	put_counted(s, s->kernel.queue_full,
		    "connections, as the queue of a program was full: it "
		    "hangs, or is too slow (ss -ltn)");
	put_counted(s, s->kernel.no_way_back,
		    "packets that it had no route for (ip route get)");
	put_counted(s, s->kernel.reverse_path,
		    "packets, as the way back leads through another interface "
		    "(rp_filter)");
	for (size_t i = 0; i < s->n_ports; i++)
		if (s->ports[i].dropped > 0)
			tool_note(s->call,
				  "port %u%s: %" PRIu64 " turned away, too "
				  "many at once",
				  s->ports[i].port,
				  s->ports[i].udp ? "/udp" : "",
				  s->ports[i].dropped);
}

static void put_end(struct session *s)
{
	if (is_json(s))
		tool_print(s->call, "%s", s->facts > 0 ? "\n]\n" : "[]\n");
}

static void put_sum(struct session *s)
{
	put_end(s);
	put_lost(s);
	if (strcmp(s->call->format, "text") != 0)
		return;
	diag_buf_reset(&s->line);
	for (size_t i = 0; i < s->n_ports; i++) {
		const struct port *p = &s->ports[i];
		bool unseen = is_deaf(s, p) && !is_watched(s);

		tool_arrival_sum(p->port, p->udp,
				 p->came > 0 ? "somebody came"
				 : unseen    ? "could not be listened on"
					     : "nobody came",
				 &s->line);
	}
	tool_write_buf(s->call, &s->line);
}

static void clear(struct session *s)
{
	diag_buf_clear(&s->line);
	if (s->save_fd >= 0)
		(void)close(s->save_fd);
	diag_case_free(s->c);
}

enum tool_status listen_run(struct tool_call *call, struct diag_err *err)
{
	struct session *s = diag_arena_alloc(&call->arena, sizeof(*s));
	enum tool_status status = TOOL_TROUBLE;

	if (s == NULL) {
		(void)diag_fail_nomem(err, "listen");
		return TOOL_TROUBLE;
	}
	s->call = call;
	s->o = call->options;
	s->save_fd = -1;
	diag_buf_init(&s->line, LINE_MAX_BYTES);
	if (!may_output(s, err) || !make_case(s, err)) {
		status = tool_bad_input(err);
		goto out;
	}
	if (listen_all(s, err) || tool_out_failed(call)) {
		put_sum(s);
		status = save(s, err) ? outcome(s) : TOOL_TROUBLE;
	} else {
		put_end(s);
		status = tool_bad_input(err);
	}
	call->signal = s->result.signal;
out:
	clear(s);
	return status;
}
