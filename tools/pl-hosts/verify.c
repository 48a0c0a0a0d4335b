/* SPDX-License-Identifier: MIT */
/* verify.c - see verify.h. */
#include "tools/pl-hosts/verify.h"

#include <string.h>
#include <uv.h>

#include "base/child.h"
#include "base/file.h"
#include "base/time.h"
#include "machine/machine.h"
#include "probes/probes.h"
#include "run/runner.h"
#include "tools/pl-hosts/talk.h"
#include "tools/pl-hosts/wire.h"

/* Every look-up reads the whole hosts file, and a block list is long. */
#define DEADLINE_MS	 8000
#define DEADLINE_EACH_MS 50
#define GRACE_MS	 500 /* a look-up is given up before the run is */
#define SEEN_MAX	 ((size_t)64 << 20)
/* systemd-resolved looks at /etc/hosts again only after two seconds
 * (resolved-etc-hosts.c, ETC_HOSTS_RECHECK_USEC). */
#define PATIENCE_US UINT64_C(3000000)
#define PAUSE_MS    400

bool hosts_same_addresses(const struct diag_addr *a, size_t n_a,
			  const struct diag_addr *b, size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++) {
		bool found = false;

		for (size_t k = 0; k < n_b && !found; k++)
			found = diag_addr_eq(&a[i], &b[k]);
		if (!found)
			return false;
	}
	return true;
}

/* --- in the child -------------------------------------------------------- */

struct asking {
	const struct hosts_wanted *wanted;
	const struct diag_buf *text; /* NULL: the system reads its own file */
	size_t next;
};

static enum diag_names_got next_name(void *ctx, char buf[DIAG_FQDN_MAX])
{
	struct asking *a = ctx;
	const char *name;

	if (a->next == a->wanted->n_names)
		return DIAG_NAMES_END;
	name = a->wanted->names[a->next++].name;
	memcpy(buf, name, strlen(name) + 1);
	return DIAG_NAMES_GOT;
}

static bool ask_all(struct asking *a, const struct diag_machine *m,
		    struct diag_store *facts, struct diag_err *err)
{
	static const struct diag_probe_ops *const probes[] = {
		&probe_system_dns, NULL
	};
	static const struct diag_view_spec view = { .text = "system" };
	unsigned deadline_ms =
	    DEADLINE_MS + DEADLINE_EACH_MS * (unsigned)a->wanted->n_names;
	const struct diag_names_options names = {
		.name = next_name,
		.ctx = a,
		.views = &view,
		.n_views = 1,
		.ask_a = true,
		.system_timeout_ms = deadline_ms,
	};
	const struct diag_run_options r = {
		.probes = probes,
		.sink = diag_store_sink(facts),
		.machine = m,
		.deadline_ms = deadline_ms + GRACE_MS,
		.handle_signals = true,
	};
	struct diag_run_result result;
	struct diag_plan plan;

	diag_run_prepare(a->wanted->n_names);
	return diag_plan_names(&names, &plan, err) &&
	       diag_run(&plan, &r, &result, err);
}

static const struct diag_fact *fact_of(const struct diag_store *facts,
				       const char *name, size_t *hint)
{
	for (size_t i = 0; i < facts->n; i++) {
		const struct diag_fact *f =
		    facts->facts[(*hint + i) % facts->n];

		if (strcmp(f->system_dns.name, name) != 0)
			continue;
		*hint = (*hint + i + 1) % facts->n;
		return f;
	}
	return NULL;
}

static void put_seen(const struct hosts_wanted *wanted,
		     const struct diag_store *facts, struct diag_buf *out)
{
	size_t hint = 0;

	for (size_t i = 0; i < wanted->n_names; i++) {
		const struct diag_fact *f =
		    fact_of(facts, wanted->names[i].name, &hint);
		enum diag_status status = f ? f->status : DIAG_ST_NOT_RUN;

		wire_put_text(out, diag_status_key(status));
		wire_put_addrs(out, f ? f->system_dns.addresses : NULL,
			       f ? f->system_dns.n_addresses : 0);
	}
}

static bool without_files(const struct diag_machine *m)
{
	for (size_t i = 0; i < m->n_nss_hosts; i++)
		if (strcmp(m->nss_hosts[i], "files") == 0)
			return false;
	return m->n_nss_hosts > 0;
}

/* This machine with another hosts file, or as it is. */
static bool read_machine(const struct asking *a, struct diag_machine **out,
			 struct diag_err *err)
{
	const struct diag_machine_paths paths = { .hosts = "/dev/null",
						  .no_roots = true };
	struct diag_machine *m;

	if (!diag_machine_read(&paths, NULL, out, err))
		return false;
	m = *out;
	m->emulated = a->text != NULL;
	return a->text == NULL ||
	       diag_hosts_parse(&m->arena, diag_buf_str(a->text), a->text->len,
				&m->hosts, err);
}

static bool look(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	struct asking *a = ctx;
	struct diag_machine *m = NULL;
	struct diag_store facts;
	bool ok;

	diag_store_init(&facts);
	ok = read_machine(a, &m, err) && ask_all(a, m, &facts, err);
	if (ok) {
		wire_put_u32(out, without_files(m));
		put_seen(a->wanted, &facts, out);
		ok = diag_buf_ok(out, err, "verify");
	}
	diag_store_clear(&facts);
	diag_machine_free(m);
	return ok;
}

/* --- hearing and comparing ----------------------------------------------- */

static void compare(const struct hosts_wanted *wanted, struct hosts_seen *seen,
		    struct hosts_proof *out)
{
	out->good = true;
	for (size_t i = 0; i < wanted->n_names; i++) {
		const struct hosts_name *name = &wanted->names[i];

		seen[i].as_planned = hosts_same_addresses(
		    name->addresses, name->n, seen[i].addresses, seen[i].n);
		out->good &= seen[i].as_planned;
	}
}

static bool hear(struct tool_call *call, const struct hosts_wanted *wanted,
		 const struct diag_buf *bytes, struct hosts_proof *out,
		 struct diag_err *err)
{
	struct wire w = wire_of(&call->arena, diag_buf_str(bytes), bytes->len);
	struct hosts_seen *seen =
	    diag_arena_array(&call->arena, wanted->n_names + 1, sizeof(*seen));

	if (seen == NULL)
		return diag_fail_nomem(err, "verify");
	out->no_files = wire_u32(&w) != 0;
	for (size_t i = 0; i < wanted->n_names; i++) {
		seen[i].status = wire_text(&w);
		seen[i].addresses = wire_addrs(&w, &seen[i].n);
		w.bad |= seen[i].status == NULL;
	}
	out->seen = seen;
	if (!wire_ok(&w, err))
		return false;
	compare(wanted, seen, out);
	return true;
}

static bool ask_once(struct tool_call *call, const struct hosts_wanted *wanted,
		     const struct diag_buf *text, struct hosts_proof *out,
		     struct diag_err *err)
{
	struct asking a = { .wanted = wanted, .text = text };
	struct diag_buf bytes;
	bool ok;

	ok = diag_child_ask(look, &a, SEEN_MAX, &bytes, err) &&
	     hear(call, wanted, &bytes, out, err);
	diag_buf_clear(&bytes);
	return ok;
}

static void tell(const struct tool_call *call,
		 const struct hosts_wanted *wanted,
		 const struct hosts_proof *proof)
{
	struct diag_arena arena;

	diag_arena_init(&arena, 0);
	for (size_t i = 0; i < wanted->n_names; i++) {
		const struct hosts_name *name = &wanted->names[i];
		const struct hosts_seen *seen = &proof->seen[i];

		if (!seen->as_planned)
			tool_error(
			    call, "%s: resolves to %s, not to %s as planned",
			    name->name,
			    seen->n > 0 ? hosts_addresses_text(
					      &arena, seen->addresses, seen->n)
					: "nothing",
			    hosts_addresses_text(&arena, name->addresses,
						 name->n));
	}
	if (proof->no_files)
		tool_error(call, "/etc/nsswitch.conf leaves the hosts file "
				 "out: its line hosts: has no \"files\"");
	diag_arena_clear(&arena);
}

/* May it be that the answer is only late? */
static bool may_wait(const struct hosts_proof *proof, uint64_t begun_us)
{
	return !proof->good && !proof->no_files && !signals_seen() &&
	       diag_time_mono_us() - begun_us < PATIENCE_US;
}

static bool verify_system(struct tool_call *call,
			  const struct hosts_wanted *wanted,
			  struct hosts_proof *out, struct diag_err *err)
{
	uint64_t begun_us = diag_time_mono_us();
	bool ok;

	for (;;) {
		ok = ask_once(call, wanted, NULL, out, err);
		if (!ok || !may_wait(out, begun_us))
			return ok;
		uv_sleep(PAUSE_MS);
	}
}

static bool verify_file(struct tool_call *call,
			const struct hosts_wanted *wanted,
			struct hosts_proof *out, struct diag_err *err)
{
	struct diag_buf text;
	bool ok;

	ok =
	    diag_file_read(pl_hosts_path(call), DIAG_HOSTS_BYTES, &text, err) &&
	    ask_once(call, wanted, &text, out, err);
	diag_buf_clear(&text);
	return ok;
}

bool hosts_verify(struct tool_call *call, const struct hosts_wanted *wanted,
		  struct hosts_proof *out, struct diag_err *err)
{
	bool ok;

	*out = (struct hosts_proof){ .good = false };
	ok = pl_hosts_is_system(call) ? verify_system(call, wanted, out, err)
				      : verify_file(call, wanted, out, err);
	if (ok)
		tell(call, wanted, out);
	return ok;
}
