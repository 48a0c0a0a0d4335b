/* SPDX-License-Identifier: MIT */
/* input.c - see input.h.  The parent opens and reads bytes,
 * with its rights; input_child.c makes sense of them. */
#include "tools/pl-hosts/input.h"

#include <string.h>

#include "base/child.h"
#include "base/file.h"
#include "tools/pl-hosts/doc.h"
#include "tools/pl-hosts/input_child.h"
#include "tools/pl-hosts/talk.h"

#define DNS_PORT   53
#define WANTED_MAX ((size_t)256 << 20) /* bytes a child may hand back */

/* --- is it a question? --------------------------------------------------- */

static bool may_ask(const struct tool_call *call, struct diag_err *err)
{
	const struct pl_hosts *o = call->options;

	if (o->from_resolver && o->from.n > 0)
		return diag_fail(err, DIAG_EUSAGE, "--from",
				 "addresses come from a name server or from "
				 "cases, not both");
	return true;
}

static bool is_given(const struct tool_call *call)
{
	const struct pl_hosts *o = call->options;

	return call->argc > 0 || o->from.n > 0 ||
	       tool_inventory_given(&o->workspace);
}

/* --- bytes --------------------------------------------------------------- */

static bool read_server(const struct pl_hosts *o, struct hosts_files *in,
			struct diag_err *err)
{
	if (!o->from_resolver)
		return true;
	in->server.port = DNS_PORT;
	if (strcmp(o->from_resolver, "azure") == 0)
		in->server.addr = diag_addr_v4(168, 63, 129, 16);
	else if (!diag_endpoint_parse(o->from_resolver, DNS_PORT, &in->server))
		return diag_fail(err, DIAG_EUSAGE, "--from-resolver",
				 "expected a name server's address, such as "
				 "10.0.0.4 or 10.0.0.4:53, got \"%s\"",
				 o->from_resolver);
	return true;
}

static bool read_cases(const struct pl_hosts *o, struct hosts_files *in,
		       struct diag_err *err)
{
	for (size_t i = 0; i < o->from.n && i < DIAG_CASES_MAX; i++) {
		in->case_paths[i] = o->from.at[i];
		in->n_cases = i + 1;
		if (!diag_file_read(o->from.at[i], DIAG_CASE_BYTES,
				    &in->cases[i], err))
			return false;
	}
	return o->from.n <= DIAG_CASES_MAX ||
	       diag_fail(err, DIAG_ELIMIT, "--from", "more than %d cases",
			 DIAG_CASES_MAX);
}

static bool read_files(struct tool_call *call, struct hosts_files *in,
		       struct diag_err *err)
{
	const struct pl_hosts *o = call->options;

	in->options = o;
	in->word = call->argc > 0 ? call->argv[0] : NULL;
	in->is_document = in->word && tool_is_inventory(in->word);
	return read_server(o, in, err) &&
	       (!in->is_document ||
		diag_file_read(in->word, DIAG_INVENTORY_BYTES, &in->document,
			       err)) &&
	       read_cases(o, in, err);
}

static void clear_files(struct hosts_files *in)
{
	diag_buf_clear(&in->document);
	for (size_t i = 0; i < in->n_cases; i++)
		diag_buf_clear(&in->cases[i]);
}

/* --- the answer ---------------------------------------------------------- */

static void tell_problems(const struct tool_call *call,
			  const struct hosts_heard *heard)
{
	tool_error_lines(call, heard->problems);
	if (heard->more > 0)
		tool_error(call, "and %u more", heard->more);
}

static bool nothing_usable(const struct tool_call *call,
			   const struct hosts_wanted *wanted)
{
	for (size_t i = 0; i < wanted->n_left; i++)
		tool_error(call, "%s: left out: %s", wanted->left[i].name,
			   wanted->left[i].why);
	tool_error(call, wanted->n_left > 0
			     ? "no name has an address that could be written"
			     : "no name of this workspace must be private");
	return false;
}

static bool take(struct tool_call *call, const struct diag_buf *bytes,
		 struct hosts_wanted *out, enum tool_status *status,
		 struct diag_err *err)
{
	struct hosts_heard heard;

	*status = TOOL_TROUBLE;
	if (!hosts_heard(&call->arena, bytes, &heard, err))
		return false;
	tell_problems(call, &heard);
	*status = TOOL_USAGE;
	if (heard.failed) {
		if (heard.problems[0] == '\0' || heard.err.code == DIAG_ENOMEM)
			*err = heard.err;
		*status = tool_bad_input(&heard.err);
		return false;
	}
	call->signal = heard.signal;
	*out = heard.wanted;
	if (heard.signal != 0)
		return false;
	return out->n_names > 0 || nothing_usable(call, out);
}

static bool ask_child(struct tool_call *call, struct hosts_files *in,
		      struct hosts_wanted *out, enum tool_status *status,
		      struct diag_err *err)
{
	struct diag_buf bytes;
	bool ok;

	*status = TOOL_TROUBLE;
	ok = (in->server.addr.family != DIAG_NOFAM
		  ? diag_child_ask(hosts_input_child, in, WANTED_MAX, &bytes,
				   err)
		  : diag_child_run(hosts_input_child, in, WANTED_MAX, &bytes,
				   err)) &&
	     take(call, &bytes, out, status, err);
	diag_buf_clear(&bytes);
	return ok;
}

static bool ask(struct tool_call *call, struct hosts_wanted *out,
		enum tool_status *status, struct diag_err *err)
{
	struct hosts_files *in = diag_arena_alloc(&call->arena, sizeof(*in));
	bool ok = false;

	if (in == NULL) {
		*status = TOOL_TROUBLE;
		return diag_fail_nomem(err, "pl-hosts");
	}
	/* A pipe may be waited for as long as somebody likes: signals are held
	 * only behind it. */
	if (read_files(call, in, err)) {
		signals_hold();
		ok = ask_child(call, in, out, status, err);
	} else {
		*status = tool_bad_input(err);
	}
	clear_files(in);
	return ok;
}

/* A document says so too, when a signal ended it. */
static void tell_signal(struct tool_call *call, enum tool_status *status,
			struct diag_err *err)
{
	struct change_doc d;

	if (!doc_is_json(call))
		return;
	doc_begin(&d, call);
	diag_jw_kstr(&d.w, "error", "interrupted");
	if (!change_doc_end(&d, call, err))
		*status = TOOL_TROUBLE;
}

bool hosts_input(struct tool_call *call, struct hosts_wanted *out,
		 enum tool_status *status, struct diag_err *err)
{
	bool ok;

	*status = TOOL_USAGE;
	if (!is_given(call))
		*status = tool_examples(call);
	if (!is_given(call) || !may_ask(call, err))
		return false;
	ok = ask(call, out, status, err);
	if (call->signal == 0)
		call->signal = signals_seen();
	if (call->signal == 0)
		return ok;
	/* What the child said of its end is no news. */
	*err = (struct diag_err){ .code = DIAG_OK };
	tell_signal(call, status, err);
	return false;
}
