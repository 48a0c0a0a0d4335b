/* SPDX-License-Identifier: MIT */
/* words.c - HOST[:PORTS] as people type it.
 *
 *	ws1103kv.vault.azure.net	the ports of the catalogue, else 443
 *	10.150.0.20:29876-29877,44224,5831/udp
 *	[fd00::4]:443			or fd00::4, then without ports
 *	https://ws1103kv.vault.azure.net/secrets	as browsers show it
 *
 * The words become an inventory document and are read as one, so that what is
 * tried by hand and what an inventory names are judged by the same rules.
 */
#include "tools/pl-probe/probe.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "net/fqdn.h"

#define SHOWN 60 /* bytes of a word in a message */

struct word {
	struct diag_slice host, ports; /* ports.len 0: none */
	struct diag_addr addr;	       /* DIAG_NOFAM: a name */
	char name[DIAG_FQDN_MAX];
};

static bool wrong(const char *what, struct diag_slice got, const char *why,
		  struct diag_err *err)
{
	char safe[SHOWN + 16], text[SHOWN + 1];
	size_t n = got.len < SHOWN ? got.len : SHOWN;

	memcpy(text, got.p, n);
	text[n] = '\0';
	return diag_fail(err, DIAG_EUSAGE, what, "\"%s%s\": %s",
			 diag_text_safe_z(text, safe, sizeof(safe)),
			 n < got.len ? "..." : "", why);
}

/* --- ports ---------------------------------------------------------------- */

/* "44224", "44224/tcp", "5831/udp" */
static bool read_proto(struct diag_slice *s, enum diag_proto *out)
{
	struct diag_cursor c = diag_cursor_of(s->p, s->len);
	struct diag_slice ports, word;

	*out = DIAG_TCP;
	if (!diag_cursor_until(&c, '/', &ports))
		return true;
	word = (struct diag_slice){ (const char *)c.at, diag_cursor_left(&c) };
	*s = ports;
	if (diag_slice_eq(word, "udp"))
		*out = DIAG_UDP;
	return *out == DIAG_UDP || diag_slice_eq(word, "tcp");
}

static bool read_range(struct diag_slice s, struct diag_probe_ports *out)
{
	struct diag_cursor c;
	struct diag_slice first, last;
	enum diag_proto proto;
	uint64_t a, b;

	if (!read_proto(&s, &proto))
		return false;
	c = diag_cursor_of(s.p, s.len);
	first = s;
	if (!diag_cursor_until(&c, '-', &first)) {
		last = first;
	} else {
		last.p = (const char *)c.at;
		last.len = diag_cursor_left(&c);
	}
	if (!diag_slice_number(first, 1, UINT16_MAX, &a) ||
	    !diag_slice_number(last, a, UINT16_MAX, &b))
		return false;
	*out = (struct diag_probe_ports){ .port = (uint16_t)a,
					  .last = (uint16_t)b,
					  .proto = proto };
	return true;
}

bool probe_ports(struct tool_call *call, const char *what,
		 struct diag_slice text, struct diag_probe_ports **out,
		 size_t *n, struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(text.p, text.len);
	struct diag_probe_ports *at;
	struct diag_slice one;
	bool more = true;

	while (more) {
		more = diag_cursor_until(&c, ',', &one);
		if (!more)
			one = (struct diag_slice){ (const char *)c.at,
						   diag_cursor_left(&c) };
		if (*n == PROBE_PORTS_MAX)
			return diag_fail(err, DIAG_ELIMIT, what,
					 "more than %d ports and ranges",
					 PROBE_PORTS_MAX);
		at = diag_arena_push(&call->arena, out, n, sizeof(*at));
		if (at == NULL)
			return diag_fail_nomem(err, what);
		if (!read_range(one, at))
			return wrong(what, one,
				     "expected a port 1-65535 or a range like "
				     "29876-29877, and /udp where it is UDP",
				     err);
	}
	return true;
}

/* --- hosts ---------------------------------------------------------------- */

/* Where the host ends and the ports begin. */
static bool split(const char *text, struct word *w, struct diag_err *err)
{
	struct diag_slice all = diag_slice_of(text);
	struct diag_cursor c = diag_cursor_of(text, all.len);
	const char *colon = strchr(text, ':');
	struct diag_slice rest;

	w->host = all;
	if (text[0] == '[') {
		(void)diag_cursor_skip(&c, 1);
		if (!diag_cursor_until(&c, ']', &w->host))
			return wrong("host", all, "expected [ADDRESS]:PORTS",
				     err);
		rest.p = (const char *)c.at;
		rest.len = diag_cursor_left(&c);
		if (rest.len == 0)
			return true;
		if (rest.p[0] != ':' || rest.len == 1)
			return wrong("host", all, "expected [ADDRESS]:PORTS",
				     err);
		w->ports = (struct diag_slice){ rest.p + 1, rest.len - 1 };
		return true;
	}
	if (colon == NULL || strchr(colon + 1, ':') != NULL)
		return true; /* a name, or IPv6 as it is */
	(void)diag_cursor_until(&c, ':', &w->host);
	w->ports.p = (const char *)c.at;
	w->ports.len = diag_cursor_left(&c);
	return w->ports.len > 0 ||
	       wrong("host", all, "expected ports behind the colon", err);
}

/* Of a URL its host, and its port if it has one; NULL: no memory. */
static const char *host_of(struct tool_call *call, const char *text)
{
	const char *scheme = strstr(text, "://");
	const char *user;
	size_t len;

	if (scheme == NULL)
		return text;
	text = scheme + 3;
	len = strcspn(text, "/?#");
	user = memchr(text, '@', len);
	if (user != NULL) {
		len -= (size_t)(user + 1 - text);
		text = user + 1;
	}
	return diag_arena_strn(&call->arena, text, len);
}

static bool read_word(struct tool_call *call, const char *word, struct word *w,
		      struct diag_err *err)
{
	const char *text = host_of(call, word);
	const char *why = NULL;

	*w = (struct word){ .ports = { NULL, 0 } };
	if (text == NULL)
		return diag_fail_nomem(err, "probe");
	if (!split(text, w, err))
		return false;
	if (diag_addr_parse_n(w->host.p, w->host.len, &w->addr))
		return true;
	if (!diag_fqdn_normal(w->host.p, w->host.len, w->name, &why))
		return wrong("host", w->host, why, err);
	return true;
}

/* --- the document --------------------------------------------------------- */

static void put_ports(struct diag_jw *w, const struct diag_probe_ports *ports,
		      size_t n, bool udp)
{
	diag_jw_kopen(w, "ports", '[');
	for (size_t i = 0; i < n; i++) {
		diag_jw_open(w, '{');
		diag_jw_kuint(w, "port", ports[i].port);
		diag_jw_kuint(w, "last", ports[i].last);
		if (udp || ports[i].proto == DIAG_UDP)
			diag_jw_kstr(w, "protocol", "udp");
		diag_jw_close(w, '}');
	}
	diag_jw_close(w, ']');
}

static void put_addresses(struct diag_jw *w, const struct word *word,
			  const struct tool_list *given)
{
	char text[DIAG_ADDR_TEXT];

	diag_jw_kopen(w, "addresses", '[');
	if (word->addr.family != DIAG_NOFAM)
		diag_jw_str(w, diag_addr_text(&word->addr, text));
	for (size_t i = 0; i < given->n && word->name[0]; i++)
		diag_jw_str(w, given->at[i]);
	diag_jw_close(w, ']');
}

static void put_service(struct diag_jw *w, const char *name)
{
	struct diag_cat_match match = { .row = NULL };
	enum diag_service service = DIAG_SVC_OTHER;
	enum diag_expect expect = DIAG_EXPECT_ANY;
	enum diag_cloud cloud;

	if (name[0] && diag_cat_match(name, &match)) {
		service = match.row->service;
		expect = match.row->expect;
	} else if (name[0] && diag_cat_is_public(name, &cloud, &service)) {
		expect = DIAG_EXPECT_PUBLIC;
	}
	diag_jw_kstr(w, "service", diag_service_key(service));
	diag_jw_kstr(w, "expect", diag_expect_key(expect));
}

static int by_host(const void *a, const void *b)
{
	const struct word *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : diag_addr_cmp(&x->addr, &y->addr);
}

/* One target of n words for the same host. */
static bool put_host(struct tool_call *call, struct diag_jw *w,
		     const struct word *words, size_t n, struct diag_err *err)
{
	const struct probe *o = call->options;
	struct diag_probe_ports *ports = NULL;
	size_t n_ports = 0;

	for (size_t i = 0; i < n; i++)
		if (words[i].ports.len > 0 &&
		    !probe_ports(call, "ports", words[i].ports, &ports,
				 &n_ports, err))
			return false;
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "fqdn", words->name[0] ? words->name : NULL);
	put_service(w, words->name);
	put_addresses(w, words, &o->address);
	if (n_ports > 0)
		put_ports(w, ports, n_ports, o->udp);
	diag_jw_close(w, '}');
	return true;
}

static bool put_hosts(struct tool_call *call, struct diag_jw *w,
		      struct word *words, size_t n, struct diag_err *err)
{
	size_t end;

	qsort(words, n, sizeof(*words), by_host);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n; end++)
			if (by_host(&words[i], &words[end]) != 0)
				break;
		if (!put_host(call, w, &words[i], end - i, err))
			return false;
	}
	return true;
}

/* The first name that tells it. */
static const char *cloud_of(const struct word *words, size_t n)
{
	struct diag_cat_match match;
	enum diag_service service;
	enum diag_cloud cloud;

	for (size_t i = 0; i < n; i++) {
		if (words[i].name[0] == '\0')
			continue;
		if (diag_cat_match(words[i].name, &match))
			return diag_cloud_key(match.row->cloud);
		if (diag_cat_is_public(words[i].name, &cloud, &service))
			return diag_cloud_key(cloud);
	}
	return NULL;
}

static bool put_document(struct tool_call *call, struct word *words, size_t n,
			 struct diag_buf *out, struct diag_err *err)
{
	const struct probe *o = call->options;
	struct diag_jw w;

	diag_jw_init(&w, out, 0);
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "schema", DIAG_INVENTORY_SCHEMA);
	diag_jw_kstr(&w, "cloud", cloud_of(words, n));
	diag_jw_kopen(&w, "networks", '[');
	for (size_t i = 0; i < o->inventory.network.n; i++)
		diag_jw_str(&w, o->inventory.network.at[i]);
	diag_jw_close(&w, ']');
	diag_jw_kopen(&w, "targets", '[');
	if (!put_hosts(call, &w, words, n, err))
		return false;
	diag_jw_close(&w, ']');
	diag_jw_close(&w, '}');
	return diag_buf_ok(out, err, "probe");
}

static bool check_addresses(const struct tool_list *given, struct diag_err *err)
{
	struct diag_addr a;

	for (size_t i = 0; i < given->n; i++)
		if (!diag_addr_parse(given->at[i], &a))
			return wrong("--address", diag_slice_of(given->at[i]),
				     "expected an IP address", err);
	return true;
}

static bool parse(struct tool_call *call, const struct diag_buf *text,
		  struct diag_inventory **out, struct diag_err *err)
{
	struct diag_problems problems;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_inventory_parse("command line", diag_buf_str(text), text->len,
				  &problems, out, err);
	if (!ok && problems.n > 0) {
		tool_error_lines(call, diag_buf_str(&problems.text));
		if (err->code != DIAG_ENOMEM)
			*err = (struct diag_err){ .code = DIAG_OK };
	}
	diag_problems_clear(&problems);
	return ok;
}

static bool read_words(struct tool_call *call, struct word *words, size_t n,
		       struct diag_err *err)
{
	const struct probe *o = call->options;
	bool ok = diag_cat_load(err) && check_addresses(&o->address, err);

	for (size_t i = 0; ok && i < n; i++)
		ok = read_word(call, call->argv[i], &words[i], err);
	return ok;
}

bool probe_words(struct tool_call *call, struct diag_inventory **out,
		 struct diag_err *err)
{
	size_t n = (size_t)call->argc;
	struct word *words = diag_arena_array(&call->arena, n, sizeof(*words));
	struct diag_buf text;
	bool ok;

	if (words == NULL)
		return diag_fail_nomem(err, "probe");
	diag_buf_init(&text, DIAG_INVENTORY_BYTES);
	ok = read_words(call, words, n, err) &&
	     put_document(call, words, n, &text, err) &&
	     parse(call, &text, out, err);
	diag_buf_clear(&text);
	return ok;
}
