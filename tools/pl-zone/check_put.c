/* SPDX-License-Identifier: MIT */
/* check_put.c - what a check found, for people and for programs.  What
 * a server answered are addresses and its own name, which was made harmless
 * when it came in. */
#include <string.h>

#include "base/text.h"
#include "net/addr_json.h"
#include "tools/pl-zone/check.h"

#define OUT_MAX ((size_t)64 << 20)

static const char *const words[] = {
	[ZONE_RIGHT] = "right",		  [ZONE_WRONG] = "wrong",
	[ZONE_MISSING] = "missing",	  [ZONE_HIDDEN] = "hidden",
	[ZONE_NO_ANSWER] = "no answer",	  [ZONE_NOT_NEEDED] = "not needed",
	[ZONE_NOT_SERVED] = "not served",
};

static bool is_public(const struct zone_checked *name)
{
	return name->target->expect == DIAG_EXPECT_PUBLIC;
}

static const char *sign(const struct tool_call *call, enum zone_state s)
{
	switch (s) {
	case ZONE_WRONG:
	case ZONE_MISSING:
	case ZONE_HIDDEN:
		return call->utf8 ? "\u2717" : "x";
	case ZONE_NO_ANSWER:
		return "?";
	case ZONE_RIGHT:
		return call->utf8 ? "\u2713" : "+";
	case ZONE_NOT_NEEDED:
	case ZONE_NOT_SERVED:
		break;
	}
	return "-";
}

/* --- one name --------------------------------------------------------------
 */

static void put_list(struct diag_buf *out, const struct diag_addr *a, size_t n)
{
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < n; i++)
		diag_buf_printf(out, "%s%s", i > 0 ? ", " : "",
				diag_addr_text(&a[i], text));
}

static void put_expected(const struct zone_checked *name, struct diag_buf *out)
{
	const struct diag_target *t = name->target;

	if (t->n_addresses > 0) {
		diag_buf_puts(out, "; expected ");
		put_list(out, t->addresses, t->n_addresses);
	} else if (t->expect == DIAG_EXPECT_PRIVATE) {
		diag_buf_puts(out, "; expected a private address");
	} else if (t->expect == DIAG_EXPECT_PUBLIC) {
		diag_buf_puts(out, "; expected a public address");
	}
}

static void put_answer(const struct zone_checked *name, struct diag_buf *out)
{
	if (name->n_got > 0)
		put_list(out, name->got, name->n_got);
	else
		diag_buf_puts(out, name->why);
	if (name->state == ZONE_WRONG || name->state == ZONE_MISSING ||
	    name->state == ZONE_HIDDEN)
		put_expected(name, out);
}

/* --- the table -------------------------------------------------------------
 */

static bool is_shown(const struct tool_call *call,
		     const struct zone_checked *name)
{
	if (call->verbose > 0)
		return true;
	if (name->state == ZONE_NOT_NEEDED || name->state == ZONE_NOT_SERVED)
		return false;
	return name->state != ZONE_RIGHT || !is_public(name);
}

static size_t width_of(const struct tool_call *call, const struct zone_check *c)
{
	size_t width = 0;

	for (size_t i = 0; i < c->n; i++) {
		size_t len = strlen(c->names[i].target->fqdn);

		if (is_shown(call, &c->names[i]) && len > width)
			width = len;
	}
	return width;
}

static void put_row(const struct tool_call *call,
		    const struct zone_checked *name, size_t width,
		    struct diag_buf *out)
{
	const char *fqdn = name->target->fqdn;

	diag_buf_printf(out, "%s %s", sign(call, name->state), fqdn);
	diag_buf_pad(out, ' ', width - strlen(fqdn));
	diag_buf_printf(out, "  %-10s  ", words[name->state]);
	put_answer(name, out);
	diag_buf_putc(out, '\n');
}

static void put_counts(const struct zone_check *c, struct diag_buf *out)
{
	size_t told = 0;

	for (size_t s = 0; s < N_ZONE_STATES; s++)
		if (c->counts[s] > 0)
			diag_buf_printf(out, "%s%zu %s", told++ ? ", " : "",
					c->counts[s], words[s]);
	if (told == 0)
		diag_buf_puts(out, "nothing to ask for");
}

static void put_head(const struct zone_check *c, struct diag_buf *out)
{
	diag_buf_puts(out, c->server);
	if (c->software != NULL)
		diag_buf_printf(out, " (\"%s\"", c->software);
	if (c->dialect != NULL)
		diag_buf_printf(out, ": --for %s", c->dialect);
	if (c->software != NULL)
		diag_buf_puts(out, ")");
	diag_buf_puts(out, ": ");
	if (c->replied)
		put_counts(c, out);
	else
		diag_buf_puts(out, "the server does not answer");
	diag_buf_putc(out, '\n');
}

static void put_public(const struct tool_call *call, const struct zone_check *c,
		       struct diag_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += is_public(&c->names[i]) && !is_shown(call, &c->names[i]);
	if (n > 0)
		diag_buf_printf(out,
				"%s %zu public name%s not hidden (-v shows "
				"%s)\n",
				sign(call, ZONE_RIGHT), n,
				n == 1 ? " is" : "s are",
				n == 1 ? "it" : "them");
}

bool zone_check_print(struct tool_call *call, const struct zone_check *c,
		      struct diag_err *err)
{
	size_t width = width_of(call, c);
	struct diag_buf out;
	bool ok;

	diag_buf_init(&out, OUT_MAX);
	put_head(c, &out);
	for (size_t i = 0; i < c->n && c->replied; i++)
		if (is_shown(call, &c->names[i]))
			put_row(call, &c->names[i], width, &out);
	put_public(call, c, &out);
	ok = diag_buf_ok(&out, err, "pl-zone");
	if (ok)
		tool_write_buf(call, &out);
	diag_buf_clear(&out);
	return ok;
}

void zone_check_tell(const struct tool_call *call, const struct zone_check *c)
{
	struct diag_buf out;

	if (!c->replied)
		tool_error(call, "%s: the server does not answer: %s",
			   c->server,
			   c->n > 0 ? c->names[0].why : "nothing was asked");
	diag_buf_init(&out, OUT_MAX);
	for (size_t i = 0; i < c->n && c->replied; i++) {
		const struct zone_checked *name = &c->names[i];

		if (name->state == ZONE_RIGHT ||
		    name->state == ZONE_NOT_NEEDED ||
		    name->state == ZONE_NOT_SERVED)
			continue;
		diag_buf_reset(&out);
		put_answer(name, &out);
		tool_error(call, "%s: %s at %s: %s", name->target->fqdn,
			   words[name->state], c->server, diag_buf_str(&out));
	}
	diag_buf_clear(&out);
}

/* --- JSON ------------------------------------------------------------------
 */

static void json_name(struct diag_jw *w, const struct zone_checked *name)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", name->target->fqdn);
	diag_jw_kstr(w, "state", zone_state_key(name->state));
	diag_jw_kbool(w, "public", is_public(name));
	diag_addrs_json(w, "expected", name->target->addresses,
			name->target->n_addresses);
	diag_addrs_json(w, "answered", name->got, name->n_got);
	diag_jw_kstr(w, "why", name->why);
	diag_jw_close(w, '}');
}

void zone_check_json(const struct zone_check *c, struct diag_jw *w)
{
	diag_jw_kstr(w, "outcome",
		     !c->replied ? "no-answer"
		     : c->good	 ? "right"
				 : "wrong");
	diag_jw_kstr(w, "software", c->software);
	diag_jw_kstr(w, "dialect", c->dialect);
	diag_jw_kopen(w, "names", '[');
	for (size_t i = 0; i < c->n; i++)
		json_name(w, &c->names[i]);
	diag_jw_close(w, ']');
}
