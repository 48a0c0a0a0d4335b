/* SPDX-License-Identifier: MIT */
/* collector.c - a script for a machine that does not have pldiag.
 *
 * Somebody else runs it, with the commands every such machine has, and sends
 * back one file: a case, as --save would have written it, for --from.  The
 * machine it will run on is not this one, so the role is the one given (or
 * client), and nothing of this machine gets into the script.
 */
#include "tools/pl-doctor/doctor.h"

#include <string.h>

#include "base/file.h"
#include "base/version.h"
#include "script_collector_ps1.h"
#include "script_collector_sh.h"
#include "tools/pl-doctor/collector.h"
#include "tools/script.h"

#define SCRIPT_BYTES ((size_t)128 << 20)
#define ROOTS_BYTES  ((size_t)4 << 20)
#define ZONES_MAX    256

const char *const doctor_collectors[] = { "none", "sh", "powershell", NULL };

/* --- what to ask ---------------------------------------------------------- */

/* The zones whose SOA the plan asks for. */
static bool learn_zones(struct tool_call *call, struct collector *c,
			struct diag_err *err)
{
	static const struct diag_view_spec view = { .text = "0.0.0.1:53" };
	struct diag_view_spec views[] = { view };
	struct diag_doctor_options o = { .inventory = c->inv,
					 .views = views,
					 .n_views = 1,
					 .no_connect = true,
					 .ask_a = true };
	const char **zones =
	    diag_arena_array(&call->arena, ZONES_MAX, sizeof(*zones));
	struct diag_plan plan;
	struct diag_step step;

	views[0].at.addr = diag_addr_v4(0, 0, 0, 1);
	if (zones == NULL || !diag_plan_doctor(&o, &plan, err))
		return zones != NULL || diag_fail_nomem(err, "collector");
	while (plan.next(plan.ctx, &step) && c->n_zones < ZONES_MAX)
		if (step.type == DIAG_RR_SOA)
			zones[c->n_zones++] =
			    diag_arena_strdup(&call->arena, step.name);
	plan.free(plan.ctx);
	c->zones = zones;
	for (size_t i = 0; i < c->n_zones; i++)
		if (zones[i] == NULL)
			return diag_fail_nomem(err, "collector");
	return true;
}

/* --resolver; --view would name a machine's views, and there is none. */
static bool learn_resolvers(struct tool_call *call, struct collector *c,
			    struct diag_err *err)
{
	const struct doctor *o = call->options;
	const struct tool_machine flags = { .view = o->machine.resolver };
	struct tool_views views;
	const char **texts;

	if (o->machine.resolver.n == 0)
		return true;
	if (!tool_views_make(call, &flags, NULL, true, &views, err))
		return false;
	texts = diag_arena_array(&call->arena, views.n, sizeof(*texts));
	if (texts == NULL)
		return diag_fail_nomem(err, "collector");
	for (size_t i = 0; i < views.n; i++)
		texts[i] = views.views[i].text;
	c->resolvers = texts;
	c->n_resolvers = views.n;
	return true;
}

static bool learn_roots(struct tool_call *call, struct collector *c,
			struct diag_err *err)
{
	const struct doctor *o = call->options;
	struct diag_buf text;
	bool ok = true;

	c->roots = "";
	if (o->ca_file == NULL)
		return true;
	if (diag_file_read(o->ca_file, ROOTS_BYTES, &text, err)) {
		c->roots = diag_arena_strdup(&call->arena, diag_buf_str(&text));
		ok = c->roots != NULL || diag_fail_nomem(err, "collector");
	} else {
		ok = false;
	}
	diag_buf_clear(&text);
	return ok;
}

/* --- the script ----------------------------------------------------------- */

/* Only what a PEM file needs: the rest of it is nobody's business, and could
 * end the text in which the script holds it. */
static void put_roots(struct diag_buf *out, const char *pem)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
				    "qrstuvwxyz0123456789+/=- ";
	bool inside = false;

	while (*pem != '\0') {
		size_t len = strcspn(pem, "\r\n");

		inside |= strncmp(pem, "-----BEGIN CERTIFICATE", 22) == 0;
		if (inside && len > 0 && strspn(pem, plain) >= len) {
			diag_buf_put(out, pem, len);
			diag_buf_putc(out, '\n');
		}
		inside &= strncmp(pem, "-----END", 8) != 0;
		pem += len;
		pem += strspn(pem, "\r\n");
	}
}

enum { DATA, INVENTORY, ROOTS, N_TEXTS };

static void put_texts(struct diag_buf texts[N_TEXTS], const struct collector *c,
		      enum script_language language)
{
	for (int i = 0; i < N_TEXTS; i++)
		diag_buf_init(&texts[i], SCRIPT_BYTES);
	if (language == SCRIPT_SH)
		collector_rows(&texts[DATA], c);
	else
		collector_json(&texts[DATA], c);
	collector_inventory(&texts[INVENTORY], c->inv);
	put_roots(&texts[ROOTS], c->roots);
}

static void put_script(struct diag_buf *out, const struct collector *c,
		       enum script_language language)
{
	const char *role = diag_role_key(c->role);
	const char *era = diag_era_key(c->era);
	const char *no_public = c->no_public ? "true" : "false";
	unsigned s = (c->timeout_ms + 999) / 1000;
	struct diag_buf texts[N_TEXTS];
	char seconds[16];

	(void)snprintf(seconds, sizeof(seconds), "%u", s);
	put_texts(texts, c, language);
	const struct script_value values[] = {
		{ "@VERSION@", DIAG_VERSION, strlen(DIAG_VERSION) },
		{ "@ROLE@", role, strlen(role) },
		{ "@ERA@", era, strlen(era) },
		{ "@NO_PUBLIC@", no_public, strlen(no_public) },
		{ "@TIMEOUT@", seconds, strlen(seconds) },
		{ "@DATA@", texts[DATA].data, texts[DATA].len },
		{ "@INVENTORY@", texts[INVENTORY].data, texts[INVENTORY].len },
		{ "@ROOTS@", texts[ROOTS].data, texts[ROOTS].len },
		{ NULL, NULL, 0 },
	};

	if (language == SCRIPT_SH)
		script_put(out, script_collector_sh_bytes,
			   script_collector_sh_len, values);
	else
		script_put(out, script_collector_ps1_bytes,
			   script_collector_ps1_len, values);
	for (int i = 0; i < N_TEXTS; i++) {
		if (texts[i].code != DIAG_OK)
			out->code = texts[i].code;
		diag_buf_clear(&texts[i]);
	}
}

/* What is about this machine, or about a run of ours, has no place beside a
 * script for another one. */
static bool may_print(const struct tool_call *call, struct diag_err *err)
{
	const struct doctor *o = call->options;
	const char *other = NULL;

	if (o->from.n > 0)
		other = "--from";
	else if (o->save)
		other = "--save";
	else if (o->error_text)
		other = "--error";
	else if (o->machine.view.n > 0)
		other = "--view";
	else if (o->machine.hosts || o->machine.resolv_conf ||
		 o->machine.machine)
		other = "a machine's files";
	else if (o->clock || o->repeat > 1)
		other = "--clock or --repeat";
	return other == NULL ||
	       diag_fail(err, DIAG_EUSAGE, "--print-collector",
			 "prints a script for another machine; %s cannot "
			 "stand beside it",
			 other);
}

static bool expand(struct tool_call *call, struct collector *c,
		   struct diag_inventory **out, struct diag_err *err)
{
	const struct doctor *o = call->options;
	const char *word = call->argc > 0 ? call->argv[0] : NULL;
	struct diag_inventory *given = NULL;
	bool ok;

	c->timeout_ms = o->timeout_ms;
	c->no_public = o->no_public;
	if (o->role > 0)
		(void)diag_role_parse(tool_roles[o->role], &c->role);
	(void)diag_era_parse(tool_eras[o->era], &c->era);
	if (!tool_inventory_load(call, &o->inventory, word, &given, err))
		return false;
	ok = diag_inventory_expand(given, c->role, c->era, c->no_public, out,
				   err);
	diag_inventory_free(given);
	c->inv = *out;
	return ok;
}

static bool print(struct tool_call *call, const struct collector *c,
		  struct diag_err *err)
{
	const struct doctor *o = call->options;
	struct diag_buf out;
	bool ok;

	diag_buf_init(&out, SCRIPT_BYTES);
	put_script(&out, c, o->collector == 1 ? SCRIPT_SH : SCRIPT_POWERSHELL);
	ok = diag_buf_ok(&out, err, "collector");
	if (ok)
		tool_write_buf(call, &out);
	diag_buf_clear(&out);
	return ok;
}

enum tool_status doctor_collector(struct tool_call *call, struct diag_err *err)
{
	struct collector c = { .role = DIAG_ROLE_CLIENT };
	struct diag_inventory *inv = NULL;
	enum tool_status status = TOOL_GOOD;

	if (!may_print(call, err))
		return TOOL_USAGE;
	if (!expand(call, &c, &inv, err) || !learn_zones(call, &c, err) ||
	    !learn_resolvers(call, &c, err) || !learn_roots(call, &c, err) ||
	    !print(call, &c, err))
		status = tool_bad_input(err);
	diag_inventory_free(inv);
	return status;
}
