/* SPDX-License-Identifier: MIT */
/* verdict.h - case in, findings, causes and fixes out.  Pure. */
#ifndef DIAG_VERDICT_VERDICT_H
#define DIAG_VERDICT_VERDICT_H

#include "base/arena.h"
#include "case/case.h"

enum diag_severity { DIAG_INFO, DIAG_WARNING, DIAG_ERROR };
enum diag_outcome { DIAG_HEALTHY, DIAG_DEGRADED, DIAG_FAILED, DIAG_UNKNOWN };
enum diag_target_status {
	DIAG_TARGET_OK,
	DIAG_TARGET_WARN,
	DIAG_TARGET_FAIL,
	DIAG_TARGET_UNKNOWN
};
enum diag_who {
	DIAG_WHO_USER,
	DIAG_WHO_VPN_ADMIN,
	DIAG_WHO_DNS_ADMIN,
	DIAG_WHO_AZURE_ADMIN,
	DIAG_WHO_PROXY_ADMIN,
	DIAG_WHO_NETWORK_ADMIN,
};

/* A code and what never changes about it; the table is codes.c. */
struct diag_code_info {
	const char *code;    /* "dns.zone-not-visible" */
	const char *title;   /* one line for people */
	const char *explain; /* compiled in from docs/findings.md */
};
const struct diag_code_info *diag_code_find(const char *code);
size_t diag_code_all(const struct diag_code_info **rows);

/* One line of proof with the fact it stands on. */
struct diag_proof {
	const char *text;
	uint32_t fact; /* id, 0: none */
};

struct diag_finding {
	unsigned id; /* "f1" in documents */
	const struct diag_code_info *info;
	enum diag_severity severity;
	const char *detail;  /* one or two sentences with names and addresses */
	const char *subject; /* what findings of one cause share: a server, a
				zone, an interface …; NULL */
	const char *const *targets; /* FQDNs, in inventory order */
	size_t n_targets;
	const uint32_t *evidence; /* fact ids, ascending, no duplicates */
	size_t n_evidence;
	const struct diag_proof *proof; /* short, the best first */
	size_t n_proof;
};

struct diag_fix {
	const char *kind; /* "hosts" "link-zone" "forwarder" "vpn" "text" … */
	enum diag_who who;
	bool lasting;
	const char *command; /* exact, or NULL */
	const char *undo;    /* exact, or NULL */
	const char *text;
	/* kind "hosts": the lines themselves. */
	const char *const *lines;
	size_t n_lines;
};

struct diag_cause {
	const struct diag_finding *finding;
	const struct diag_finding *const *explains;
	size_t n_explains;
	const struct diag_fix *fixes;
	size_t n_fixes;
};

struct diag_target_verdict {
	const struct diag_target *target;
	enum diag_target_status status;
	const struct diag_addr *addresses; /* the deciding view's */
	size_t n_addresses;
	bool from_hosts;
	const struct diag_finding *const *findings;
	size_t n_findings;
	/* best fact of the deciding address and port 443 (or first port):
	 * last stage reached; 0 none */
	uint32_t tcp, tls, http;
};

struct diag_verdict {
	struct diag_arena arena;
	enum diag_outcome outcome;
	const struct diag_target_verdict *targets;
	size_t n_targets;
	const struct diag_finding *findings; /* errors, warnings, infos */
	size_t n_findings;
	const struct diag_cause *causes; /* likeliest first */
	size_t n_causes;
	/* What only a browser can still block; for a healthy client. */
	const char *const *hints;
	size_t n_hints;
};

/* inventory_arg: how the user named the inventory ("ws1103.json"), used in
 * the commands of fixes; NULL: a placeholder.  Gives *out. */
DIAG_MUST_USE
bool diag_judge(const struct diag_case *c, const char *inventory_arg,
		struct diag_verdict **out, struct diag_err *err);
void diag_verdict_free(struct diag_verdict *v);

/* Keep the findings and causes of these families ("tcp.", "tls."; ends with
 * NULL); targets and outcome stay as they were judged. */
DIAG_MUST_USE
bool diag_verdict_only(struct diag_verdict *v, const char *const *families,
		       struct diag_err *err);

const char *diag_severity_key(enum diag_severity s);
const char *diag_outcome_key(enum diag_outcome o);
const char *diag_target_status_key(enum diag_target_status s);
const char *diag_who_key(enum diag_who w);

/* Exit status of design.md section 8 for this verdict: 0, 1 or 3. */
int diag_verdict_exit(const struct diag_verdict *v, bool strict);

#endif
