/* SPDX-License-Identifier: MIT */
/* nsswitch.c - the `hosts:` line of nsswitch.conf(5), without its actions.
 *
 * The last such line wins, as in glibc's nss_database.c.  Without one, glibc
 * (2.35 and later) uses "files dns".
 */
#include "machine/internal.h"

/* The rest of a "hosts:" line; false: another line. */
static bool hosts_line(struct diag_slice line, struct diag_cursor *rest)
{
	struct diag_slice word = diag_slice_trim(line);

	*rest = diag_cursor_of(word.p, word.len);
	if (!diag_cursor_take(rest, "hosts"))
		return false;
	while (diag_cursor_left(rest) > 0 &&
	       (*rest->at == ' ' || *rest->at == '\t'))
		rest->at++;
	return diag_cursor_take(rest, ":");
}

/* "[NOTFOUND=return]", also with blanks inside. */
static bool skip_action(struct diag_cursor *c)
{
	struct diag_slice skipped;

	if (diag_cursor_left(c) == 0 || *c->at != '[')
		return false;
	if (!diag_cursor_until(c, ']', &skipped))
		c->at = c->end;
	return true;
}

static bool next_service(struct diag_cursor *c, struct diag_slice *service)
{
	const unsigned char *p;

	do {
		while (diag_cursor_left(c) > 0 &&
		       (*c->at == ' ' || *c->at == '\t' || *c->at == '\r'))
			c->at++;
	} while (skip_action(c));
	for (p = c->at; p<c->end && * p> ' ' && *p != '[' && *p != '#'; p++)
		;
	service->p = (const char *)c->at;
	service->len = (size_t)(p - c->at);
	c->at = p;
	return service->len > 0;
}

bool diag_nsswitch_parse(struct diag_machine *m, const char *text, size_t len,
			 struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(text, len);
	struct machine_names list = { 0 };
	struct diag_slice line, service;
	struct diag_cursor rest;
	bool ok = true, seen = false;

	while (ok && diag_cursor_line(&c, &line)) {
		if (!hosts_line(line, &rest))
			continue;
		seen = true;
		list = (struct machine_names){ 0 };
		while (ok && next_service(&rest, &service))
			ok = machine_names_add_domain(m, &list, service);
	}
	if (!seen)
		ok = machine_names_add(m, &list, "files", 5) &&
		     machine_names_add(m, &list, "dns", 3);
	if (!ok)
		return diag_fail_nomem(err, "nsswitch.conf");
	m->nss_hosts = list.items;
	m->n_nss_hosts = list.n;
	return true;
}
