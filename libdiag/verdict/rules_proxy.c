/* SPDX-License-Identifier: MIT */
/* rules_proxy - names that the machine's settings send to a proxy.
 *
 * The plan asked each such name twice: directly, and by CONNECT through the
 * proxy.  For public names the proxy's result decides (path.h excuses the
 * direct one).  A private name that reaches its endpoint directly is broken
 * all the same for every program that obeys the settings, so the findings
 * here do not look at the direct path.
 *
 * The codes of a proxy's answer to CONNECT: RFC 9110, 15.5.8 (407), 15.5.4
 * (403), 15.6.3 to 15.6.5 (502 to 504).  No answer to CONNECT has two readings:
 * the proxy is not there, or it waits for a private address that it cannot
 * reach.  If it answered for any other name, it is there.
 */
#include "verdict/path.h"

#include <string.h>

static void in_path(struct judge *j, const struct ev_target *t)
{
	struct draft *d =
	    judge_find(j, "proxy.in-path", DIAG_INFO, t->proxy->url);

	draft_target(j, d, t);
	draft_fact(j, d, t->through_proxy);
	draft_detail(j, d,
		     "The settings of this machine (%s) send these names "
		     "to the proxy %s.",
		     t->proxy->source ? t->proxy->source : "proxy settings",
		     t->proxy->url);
}

static void run_in_path(struct judge *j)
{
	for (struct ev_target *t = judge_first(j); t; t = judge_next(j, t))
		if (t->proxy)
			in_path(j, t);
}

enum refusal { FINE, AUTH, DENIED, CANNOT_RESOLVE, UNREACHABLE };

static bool answered(const struct diag_fact *f)
{
	return ev_ran(f) &&
	       (f->http.connect_code != 0 || f->status == DIAG_ST_ANSWER);
}

/* The same proxy answered this machine for some name. */
static bool is_there(const struct ev_target *me)
{
	const struct ev_origin *o = me->origin;

	for (size_t i = 0; i < o->n_targets; i++) {
		const struct ev_target *t = &o->targets[i];

		if (t->proxy && strcmp(t->proxy->url, me->proxy->url) == 0 &&
		    answered(t->through_proxy))
			return true;
	}
	return false;
}

static enum refusal refusal_of(const struct ev_target *t)
{
	const struct diag_fact *f = t->through_proxy;
	int code = f->http.connect_code;

	if (f->status == DIAG_ST_ANSWER || (code >= 200 && code < 300))
		return FINE;
	if (code == 407)
		return AUTH;
	if (code >= 502 && code <= 504)
		return CANNOT_RESOLVE;
	if (code != 0)
		return DENIED;
	return f->status == DIAG_ST_TIMEOUT && is_there(t) ? CANNOT_RESOLVE
							   : UNREACHABLE;
}

static const struct {
	const char *code, *detail;
} refusals[] = {
	[AUTH] = { "proxy.auth-required",
		   "The proxy wants a user name and password (407); programs "
		   "that have none get no answer." },
	[DENIED] = { "proxy.denied",
		     "The proxy refuses to connect to these names." },
	[CANNOT_RESOLVE] = { "proxy.cannot-resolve",
			     "The proxy cannot reach these names: it asks its "
			     "own name server, or has no route to the private "
			     "addresses." },
	[UNREACHABLE] = { "proxy.unreachable",
			  "The proxy itself does not answer." },
};

static void refused(struct judge *j, const struct ev_target *t,
		    enum refusal why)
{
	const struct diag_fact *f = t->through_proxy;
	struct draft *d = judge_find(j, refusals[why].code,
				     judge_cap(t, DIAG_ERROR), t->proxy->url);

	draft_target(j, d, t);
	draft_detail(j, d, "%s", refusals[why].detail);
	if (f->http.connect_code)
		draft_proof(j, d, f, "CONNECT %s through %s: %d", path_name(t),
			    t->proxy->url, f->http.connect_code);
	else
		draft_proof(j, d, f, "%s: %s", t->proxy->url,
			    f->error ? f->error : "no connection");
}

static void run_refusals(struct judge *j)
{
	for (struct ev_target *t = judge_first(j); t; t = judge_next(j, t)) {
		enum refusal why;

		if (!t->proxy || !ev_ran(t->through_proxy))
			continue;
		why = refusal_of(t);
		if (why != FINE)
			refused(j, t, why);
	}
}

/* The proxy connects, and the service turns it away: the proxy resolved the
 * name to the public front end. */
static void denied_by_service(struct judge *j, const struct ev_target *t)
{
	const struct diag_fact *f = t->through_proxy;
	enum diag_severity s = path_denial_is_confirmed(t, f->http.denial)
				   ? DIAG_ERROR
				   : DIAG_WARNING;
	struct draft *d = judge_find(j, "proxy.cannot-resolve", judge_cap(t, s),
				     t->proxy->url);

	draft_target(j, d, t);
	draft_detail(j, d,
		     "The proxy reaches the public front end of these names, "
		     "which denies access: it does not see the private DNS "
		     "zones.");
	draft_proof(j, d, f, "%s through %s: HTTP %d, %s", path_name(t),
		    t->proxy->url, f->http.code, f->http.denial);
}

/* The proxy says that it connected, and then nothing comes. */
static void silent_behind(struct judge *j, const struct ev_target *t)
{
	const struct diag_fact *f = t->through_proxy;
	struct draft *d = judge_find(j, "http.no-answer",
				     judge_cap(t, DIAG_ERROR), t->proxy->url);

	draft_target(j, d, t);
	draft_detail(j, d,
		     "The proxy %s says that it is connected, but no HTTP "
		     "answer comes through it.",
		     t->proxy->url);
	draft_proof(j, d, f, "CONNECT %s through %s: %d, then %s", path_name(t),
		    t->proxy->url, f->http.connect_code,
		    f->error ? f->error : diag_status_key(f->status));
}

static void run_behind(struct judge *j)
{
	for (struct ev_target *t = judge_first(j); t; t = judge_next(j, t)) {
		const struct diag_fact *f = t->through_proxy;

		if (!t->proxy || !ev_ran(f) || refusal_of(t) != FINE)
			continue;
		if (f->status != DIAG_ST_ANSWER &&
		    f->status != DIAG_ST_CLIENT_CERT_WANTED)
			silent_behind(j, t);
		else if (f->http.denial && ev_wants_private(t->t))
			denied_by_service(j, t);
	}
}

const struct diag_rule rules_proxy[] = {
	{ .code = "proxy.in-path", .run = run_in_path },
	{ .code = "proxy.auth-required", .run = run_refusals },
	{ .code = "proxy.cannot-resolve", .run = run_behind },
	{ .code = NULL },
};
