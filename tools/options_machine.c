/* SPDX-License-Identifier: MIT */
/* options_machine.c - see options_machine.h. */
#include "tools/options_machine.h"

#include <string.h>

#include "base/file.h"
#include "base/time.h"

#define MACHINE_BYTES ((size_t)64 << 20)
#define MACHINE_DEPTH 32
#define DNS_PORT      53

const struct tool_option tool_view_rows[] = {
	{ TOOL_LIST(struct tool_machine, view), .name = "view", .arg = "VIEW",
	  .preset = "system and configured",
	  .help = "Ask only system, configured (all configured servers), azure "
		  "or ADDR[:PORT]; may be repeated" },
	{ TOOL_LIST(struct tool_machine, resolver), .name = "resolver",
	  .arg = "ADDR[:PORT]",
	  .help = "Ask this name server too (azure is 168.63.129.16); may be "
		  "repeated" },
	{ .name = NULL },
};

const struct tool_option tool_machine_rows[] = {
	{ TOOL_TEXT(struct tool_machine, hosts), .name = "hosts", .arg = "FILE",
	  .help = "Use FILE as the hosts file; the system view is then "
		  "computed" },
	{ TOOL_TEXT(struct tool_machine, resolv_conf), .name = "resolv-conf",
	  .arg = "FILE", .help = "The same for /etc/resolv.conf" },
	{ TOOL_TEXT(struct tool_machine, machine), .name = "machine",
	  .arg = "FILE",
	  .help = "Take all that a machine says of itself from FILE" },
	{ .name = NULL },
};

/* --- the machine ---------------------------------------------------------- */

static bool of_text(const char *path, const struct diag_buf *text,
		    struct diag_problems *problems, struct diag_machine **out,
		    struct diag_err *err)
{
	static const struct diag_json_limits limits = { MACHINE_BYTES,
							MACHINE_DEPTH };
	struct diag_json_at at = { .file = path, .problems = problems };
	cJSON *tree = NULL;
	bool ok;

	ok = diag_json_parse(path, diag_buf_str(text), text->len, &limits,
			     &tree, err) &&
	     diag_machine_parse(tree, &at, out, err);
	cJSON_Delete(tree);
	return ok;
}

/* Somebody else's machine: its system view can only be computed. */
static bool of_file(const struct tool_call *call, const char *path,
		    struct diag_machine **out, struct diag_err *err)
{
	struct diag_problems problems;
	struct diag_buf text;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_file_read(path, MACHINE_BYTES, &text, err) &&
	     of_text(path, &text, &problems, out, err);
	if (ok)
		(*out)->emulated = true;
	if (!ok && problems.n > 0) {
		tool_error_lines(call, diag_buf_str(&problems.text));
		*err = (struct diag_err){ .code = DIAG_OK };
	}
	diag_problems_clear(&problems);
	diag_buf_clear(&text);
	return ok;
}

static bool of_platform(const struct tool_call *call,
			const struct tool_machine *flags,
			struct diag_machine **out, struct diag_err *err)
{
	const struct diag_machine_paths paths = {
		.hosts = flags->hosts,
		.resolv_conf = flags->resolv_conf,
	};
	struct diag_problems notes;
	bool ok;

	diag_problems_init(&notes);
	ok = diag_machine_read(&paths, &notes, out, err);
	if (ok && notes.n > 0 && call->verbose)
		tool_error_lines(call, diag_buf_str(&notes.text));
	diag_problems_clear(&notes);
	return ok;
}

bool tool_machine_load(struct tool_call *call, const struct tool_machine *flags,
		       struct diag_machine **out, struct diag_err *err)
{
	if (flags->machine && (flags->hosts || flags->resolv_conf))
		return diag_fail(err, DIAG_EUSAGE, "--machine",
				 "it brings hosts and resolv.conf with it");
	return flags->machine ? of_file(call, flags->machine, out, err)
			      : of_platform(call, flags, out, err);
}

/* --- views ---------------------------------------------------------------- */

struct making {
	struct tool_call *call;
	const struct diag_machine *machine;
	struct diag_view *views;
	size_t n;
	struct diag_err *err;
};

static bool is_there(const struct making *mk, const struct diag_endpoint *at)
{
	for (size_t i = 0; i < mk->n; i++)
		if (at ? diag_endpoint_eq(&mk->views[i].at, at)
		       : mk->views[i].at.addr.family == DIAG_NOFAM)
			return true;
	return false;
}

static bool is_configured(const struct diag_machine *m,
			  const struct diag_endpoint *at)
{
	for (size_t i = 0; m && i < m->n_servers; i++)
		if (diag_endpoint_eq(&m->servers[i].at, at))
			return true;
	return false;
}

/* at NULL: the system view. */
static bool add(struct making *mk, const struct diag_endpoint *at)
{
	char text[DIAG_ENDPOINT_TEXT] = "system";
	struct diag_view *view;

	if (is_there(mk, at))
		return true;
	view = diag_arena_push(&mk->call->arena, &mk->views, &mk->n,
			       sizeof(*view));
	if (view == NULL)
		return diag_fail_nomem(mk->err, "views");
	if (at) {
		view->at = *at;
		view->added = !is_configured(mk->machine, at);
		(void)diag_endpoint_text(at, text);
	}
	view->text = diag_arena_strdup(&mk->call->arena, text);
	return view->text != NULL || diag_fail_nomem(mk->err, "views");
}

static bool add_configured(struct making *mk)
{
	for (size_t i = 0; mk->machine && i < mk->machine->n_servers; i++)
		if (!add(mk, &mk->machine->servers[i].at))
			return false;
	return true;
}

static bool add_server(struct making *mk, const char *option, const char *word)
{
	struct diag_endpoint at = { .addr = diag_addr_v4(168, 63, 129, 16),
				    .port = DNS_PORT };

	if (strcmp(word, "azure") != 0 &&
	    !diag_endpoint_parse(word, DNS_PORT, &at))
		return diag_fail(mk->err, DIAG_EUSAGE, option,
				 "expected a name server's address, such as "
				 "10.0.0.4 or 10.0.0.4:53, got \"%s\"",
				 word);
	return add(mk, &at);
}

static bool add_word(struct making *mk, const char *word)
{
	if (strcmp(word, "system") == 0)
		return add(mk, NULL);
	if (strcmp(word, "configured") == 0)
		return add_configured(mk);
	return add_server(mk, "--view", word);
}

static bool add_all(struct making *mk, const struct tool_machine *flags,
		    bool servers_only)
{
	bool ok = true;

	for (size_t i = 0; ok && i < flags->view.n; i++)
		ok = add_word(mk, flags->view.at[i]);
	if (flags->view.n == 0)
		ok = (servers_only || add(mk, NULL)) && add_configured(mk);
	for (size_t i = 0; ok && i < flags->resolver.n; i++)
		ok = add_server(mk, "--resolver", flags->resolver.at[i]);
	if (ok && mk->n == 0)
		return diag_fail(mk->err, DIAG_EUSAGE, "views",
				 "no name server is configured here; name one "
				 "with --view ADDR");
	return ok;
}

bool tool_views_are_given(const struct tool_machine *flags)
{
	for (size_t i = 0; i < flags->view.n; i++)
		if (strcmp(flags->view.at[i], "system") == 0 ||
		    strcmp(flags->view.at[i], "configured") == 0)
			return false;
	return flags->view.n > 0;
}

bool tool_views_make(struct tool_call *call, const struct tool_machine *flags,
		     const struct diag_machine *machine, bool servers_only,
		     struct tool_views *out, struct diag_err *err)
{
	struct making mk = { .call = call, .machine = machine, .err = err };
	struct diag_view_spec *specs;

	if (!add_all(&mk, flags, servers_only))
		return false;
	specs = diag_arena_array(&call->arena, mk.n, sizeof(*specs));
	if (specs == NULL)
		return diag_fail_nomem(err, "views");
	*out =
	    (struct tool_views){ .views = mk.views, .specs = specs, .n = mk.n };
	for (size_t i = 0; i < mk.n; i++) {
		specs[i].text = mk.views[i].text;
		specs[i].at = mk.views[i].at;
		out->system |= specs[i].at.addr.family == DIAG_NOFAM;
	}
	return true;
}

void tool_began(struct diag_origin *origin)
{
	int64_t now_ms = diag_time_now_ms();

	origin->started_s = now_ms / 1000;
	origin->started_part_ms = (double)(now_ms % 1000);
}
