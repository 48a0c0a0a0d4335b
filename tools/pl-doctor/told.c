/* SPDX-License-Identifier: MIT */
/* told.c - --error: check just what the user's error text names. */
#include "tools/pl-doctor/doctor.h"

#include <string.h>

#include "base/file.h"

#define HTTPS 443

static const char how_to_copy[] =
    "The text names no host.  To find it: press F12 in the browser, open the\n"
    "Network tab, load the page again, right-click a request shown in red and\n"
    "choose \"Copy link address\".  Then:  pl-doctor URL\n"
    "Or give the workspace:  pl-doctor --error TEXT ws1103.json\n";

static bool read_text(const char *arg, struct doctor_error *out,
		      struct diag_err *err)
{
	struct diag_buf text;
	bool ok = true;

	if (strcmp(arg, "-") == 0)
		ok = diag_file_read("-", DOCTOR_ERROR_BYTES, &text, err);
	else
		diag_buf_init(&text, 0);
	if (ok && strcmp(arg, "-") == 0)
		doctor_error_read(diag_buf_str(&text), text.len, out);
	else if (ok)
		doctor_error_read(arg, strlen(arg), out);
	diag_buf_clear(&text);
	return ok;
}

static void say(const struct tool_call *call, const struct doctor_error *e)
{
	if (e->word)
		tool_note(call, "\"%s\": %s", e->word, e->meaning);
	else
		tool_note(call, "the error text: %s", e->meaning);
}

bool doctor_told_read(struct tool_call *call, struct doctor_error *out,
		      enum tool_status *status, struct diag_err *err)
{
	const struct doctor *o = call->options;
	bool workspace = call->argc > 0 || tool_inventory_given(&o->inventory);

	if (!diag_cat_load(err) || !read_text(o->error_text, out, err)) {
		*status = tool_bad_input(err);
		return false;
	}
	say(call, out);
	*status = TOOL_USAGE;
	if (out->kind == ERROR_NOT_NETWORK && !workspace)
		return false;
	if (out->host[0] || out->addr.family != DIAG_NOFAM || workspace)
		return true;
	tool_error_lines(call, how_to_copy);
	return false;
}

/* --- the inventory, narrowed ---------------------------------------------- */

static bool has_port(const struct diag_ports *ports, uint16_t port)
{
	for (size_t i = 0; i < ports->n; i++)
		if (ports->items[i].port <= port &&
		    port <= ports->items[i].port_last &&
		    ports->items[i].proto == DIAG_TCP &&
		    ports->items[i].dir == DIAG_OUT)
			return true;
	return false;
}

static bool add_port(struct diag_arena *arena, struct diag_target *t,
		     uint16_t port, struct diag_err *err)
{
	struct diag_port *ports;

	if (port == 0 || has_port(&t->ports, port) ||
	    has_port(&t->optional_ports, port))
		return true;
	ports = diag_arena_array(arena, t->ports.n + 1, sizeof(*ports));
	if (ports == NULL)
		return diag_fail_nomem(err, "--error");
	if (t->ports.n > 0)
		memcpy(ports, t->ports.items, t->ports.n * sizeof(*ports));
	ports[t->ports.n] =
	    (struct diag_port){ .port = port, .port_last = port };
	t->ports.items = ports;
	t->ports.n++;
	return true;
}

/* The target that the text is about, or a new one for what it names. */
static bool fill_target(struct diag_inventory *inv,
			const struct doctor_error *e, struct diag_target *t,
			struct diag_err *err)
{
	const struct diag_target *known =
	    e->host[0] ? diag_inventory_target(inv, e->host) : NULL;
	struct diag_addr *addr;

	*t = (struct diag_target){ .service = DIAG_SVC_OTHER,
				   .expect = DIAG_EXPECT_ANY };
	if (known) {
		*t = *known;
		return true;
	}
	if (e->host[0]) {
		t->fqdn = diag_arena_strdup(&inv->arena, e->host);
		return t->fqdn != NULL || diag_fail_nomem(err, "--error");
	}
	t->service = DIAG_SVC_COMPUTE_NODE;
	addr = diag_arena_array(&inv->arena, 1, sizeof(*addr));
	if (addr == NULL)
		return diag_fail_nomem(err, "--error");
	*addr = e->addr;
	t->addresses = addr;
	t->n_addresses = 1;
	return true;
}

bool doctor_told_narrow(struct diag_inventory *inv,
			const struct doctor_error *e, struct diag_err *err)
{
	uint16_t port = e->port;
	struct diag_target *t;

	if (e->host[0] == '\0' && e->addr.family == DIAG_NOFAM)
		return true; /* nothing named: everything is checked */
	t = diag_arena_array(&inv->arena, 1, sizeof(*t));
	if (t == NULL)
		return diag_fail_nomem(err, "--error");
	if (!fill_target(inv, e, t, err))
		return false;
	if (port == 0 && t->ports.n == 0)
		port = HTTPS;
	if (!add_port(&inv->arena, t, port, err))
		return false;
	inv->targets = t;
	inv->n_targets = 1;
	return diag_inventory_seal(inv, err);
}
