/* SPDX-License-Identifier: MIT */
/* verdict.c - diag_judge(): evidence, rules, findings, states, causes. */
#include "verdict/verdict.h"

#include "base/mem.h"
#include "verdict/judge.h"

#include <string.h>

#define PLACEHOLDER "INVENTORY.json"

static void run_rules(struct judge *j)
{
	const struct diag_rule *r;
	size_t i;

	for (i = 0; i < judge_n_families; i++)
		for (r = judge_families[i]; r->code != NULL && !j->failed;
		     r++) {
			j->rule++;
			r->run(j);
		}
}

static bool judge(struct judge *j)
{
	j->ev = ev_new(&j->v->arena, j->c);
	if (j->ev == NULL)
		return false;
	run_rules(j);
	if (j->failed || !judge_freeze(j) || !judge_targets(j))
		return false;
	judge_outcome(j);
	return judge_causes(j) && !j->failed;
}

bool diag_judge(const struct diag_case *c, const char *inventory_arg,
		struct diag_verdict **out, struct diag_err *err)
{
	struct judge j = { .c = c };

	if (c->inventory == NULL || c->n_origins == 0)
		return diag_fail(err, DIAG_EUSAGE, "judge",
				 "the case has no inventory");
	/* what came through a pipe cannot be named again */
	j.inventory_known =
	    inventory_arg != NULL && strcmp(inventory_arg, "-") != 0;
	j.inventory_arg = j.inventory_known ? inventory_arg : PLACEHOLDER;
	j.v = diag_alloc(sizeof(*j.v));
	if (j.v == NULL)
		return diag_fail_nomem(err, "judge");
	diag_arena_init(&j.v->arena, 0);
	if (!judge(&j)) {
		diag_verdict_free(j.v);
		return diag_fail_nomem(err, "judge");
	}
	*out = j.v;
	return true;
}

void diag_verdict_free(struct diag_verdict *v)
{
	if (v == NULL)
		return;
	diag_arena_clear(&v->arena);
	diag_free(v);
}

int diag_verdict_exit(const struct diag_verdict *v, bool strict)
{
	switch (v->outcome) {
	case DIAG_HEALTHY:
		return 0;
	case DIAG_DEGRADED:
		return strict ? 1 : 0;
	case DIAG_FAILED:
		return 1;
	case DIAG_UNKNOWN:
		break;
	}
	return 3;
}

const char *diag_severity_key(enum diag_severity s)
{
	static const char *const keys[] = {
		[DIAG_INFO] = "info",
		[DIAG_WARNING] = "warning",
		[DIAG_ERROR] = "error",
	};

	return keys[s];
}

const char *diag_outcome_key(enum diag_outcome o)
{
	static const char *const keys[] = {
		[DIAG_HEALTHY] = "healthy",
		[DIAG_DEGRADED] = "degraded",
		[DIAG_FAILED] = "failed",
		[DIAG_UNKNOWN] = "unknown",
	};

	return keys[o];
}

const char *diag_target_status_key(enum diag_target_status s)
{
	static const char *const keys[] = {
		[DIAG_TARGET_OK] = "ok",
		[DIAG_TARGET_WARN] = "warn",
		[DIAG_TARGET_FAIL] = "fail",
		[DIAG_TARGET_UNKNOWN] = "unknown",
	};

	return keys[s];
}

const char *diag_who_key(enum diag_who w)
{
	static const char *const keys[] = {
		[DIAG_WHO_USER] = "user",
		[DIAG_WHO_VPN_ADMIN] = "vpn-admin",
		[DIAG_WHO_DNS_ADMIN] = "dns-admin",
		[DIAG_WHO_AZURE_ADMIN] = "azure-admin",
		[DIAG_WHO_PROXY_ADMIN] = "proxy-admin",
		[DIAG_WHO_NETWORK_ADMIN] = "network-admin",
	};

	return keys[w];
}
