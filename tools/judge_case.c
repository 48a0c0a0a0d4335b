/* SPDX-License-Identifier: MIT */
/* See judge_case.h. */
#include "tools/judge_case.h"

#include "base/file.h"
#include "base/text.h"
#include "base/version.h"
#include "report/report.h"

const char *const tool_roles[] = { "auto",    "client", "jumpbox",
				   "compute", "aks",	NULL };
#define N_ROLES (int)(sizeof(tool_roles) / sizeof(*tool_roles) - 1)
const char *const tool_eras[] = { "current", "2020", NULL };

enum diag_role tool_role_of(int index, bool inside)
{
	enum diag_role role = DIAG_ROLE_CLIENT;

	if (index > 0 && index < N_ROLES &&
	    diag_role_parse(tool_roles[index], &role))
		return role;
	return inside ? DIAG_ROLE_JUMPBOX : DIAG_ROLE_CLIENT;
}

enum diag_era tool_era_of(int index)
{
	enum diag_era era = DIAG_ERA_CURRENT;

	(void)diag_era_parse(tool_eras[index], &era);
	return era;
}

/* Wi-Fi and the bridges of containers and virtual machines: where these have
 * an address of the VNet, a network at home or on this machine overlaps it.
 * Prefixes: udev(7) names wireless "wl", the others are their programs'. */
static bool is_of_vnet(const struct diag_interface *f)
{
	static const char *const never[] = { "wl",    "docker", "br-",
					     "virbr", "vmnet",	"vboxnet" };

	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		if (diag_text_starts(f->name, never[i]))
			return false;
	return f->up && !f->loopback && !f->tunnel;
}

bool tool_stands_inside(const struct diag_machine *m,
			const struct diag_inventory *inv)
{
	for (size_t i = 0; i < m->n_interfaces; i++) {
		const struct diag_interface *f = &m->interfaces[i];

		for (size_t k = 0; k < f->n_addresses; k++)
			if (is_of_vnet(f) &&
			    diag_inventory_has_net(inv, &f->addresses[k]))
				return true;
	}
	return false;
}

static bool render(struct tool_call *call, const struct diag_case *c,
		   const struct diag_verdict *v,
		   const struct diag_before *before, struct diag_err *err)
{
	const struct diag_renderer *r = diag_renderer_find(call->format);
	struct diag_report_in in = {
		.c = c,
		.v = v,
		.tool = call->tool->name,
		.version = DIAG_VERSION,
		.width = call->width,
		.color = call->color,
		.ascii = !call->utf8,
		.verbose = call->quiet ? -1 : (int)call->verbose,
		.before = before,
	};
	struct diag_buf out;
	bool ok;

	diag_buf_init(&out, DIAG_CASE_BYTES);
	ok = r->render(&in, &out, err);
	if (ok)
		tool_write_buf(call, &out);
	diag_buf_clear(&out);
	return ok;
}

enum tool_status tool_tell_verdict(struct tool_call *call,
				   const struct diag_case *c,
				   const struct diag_verdict *v,
				   const struct diag_before *before,
				   struct diag_err *err)
{
	if (!render(call, c, v, before, err))
		return TOOL_TROUBLE;
	return (enum tool_status)diag_verdict_exit(v, call->strict);
}

enum tool_status tool_judge_case(struct tool_call *call,
				 const struct diag_case *c,
				 const char *inventory_arg,
				 struct diag_err *err)
{
	struct diag_verdict *v = NULL;
	enum tool_status status = TOOL_TROUBLE;

	if (diag_judge(c, inventory_arg, &v, err))
		status = tool_tell_verdict(call, c, v, NULL, err);
	diag_verdict_free(v);
	return status;
}

bool tool_save_case(const char *path, const struct diag_case *c,
		    struct diag_err *err)
{
	struct diag_buf out;
	bool ok;

	if (!path)
		return true;
	diag_buf_init(&out, DIAG_CASE_BYTES);
	diag_case_print_header(c, 0, &out);
	diag_case_print_facts(c, &out);
	ok = diag_buf_ok(&out, err, "save") &&
	     diag_file_write(path, diag_buf_str(&out), out.len, 0600, err);
	diag_buf_clear(&out);
	return ok;
}
