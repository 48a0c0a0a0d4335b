/* SPDX-License-Identifier: MIT */
/* resolv_conf.c - resolv.conf(5) as glibc's res_init.c reads it.
 *
 * A keyword stands in the first column and a blank follows it.  The last
 * `search` or `domain` wins.  Servers beyond the third are never asked, but
 * they are kept, because whoever wrote them believes that they are.  Without
 * a server the one on this machine is asked.  A carriage return is part of
 * the word it ends, so a file with Windows line ends has no servers.
 *
 * Two comments carry facts: WSL says that it made the file, so its server is
 * a stub for the resolver of Windows; Docker's embedded server at 127.0.0.11
 * has its own servers listed under ExtServers.
 */
#include <string.h>

#include "base/text.h"
#include "machine/internal.h"

#define DNS_PORT     53
#define NDOTS_MAX    15 /* caps of resolv.conf(5) */
#define TIMEOUT_MAX  30
#define ATTEMPTS_MAX 5

struct reader {
	struct diag_machine *m;
	const char *source;
	struct machine_names search;
	unsigned n_lines; /* nameserver lines that count */
	bool wsl, no_memory;
};

/* If the line starts with the keyword and a blank, the rest of it. */
static bool keyword(struct diag_slice line, const char *word,
		    struct diag_slice *rest)
{
	size_t len = strlen(word);

	if (line.len <= len || memcmp(line.p, word, len) != 0 ||
	    (line.p[len] != ' ' && line.p[len] != '\t'))
		return false;
	rest->p = line.p + len;
	rest->len = line.len - len;
	return true;
}

static void add_server(struct reader *r, const struct diag_addr *addr)
{
	struct diag_endpoint at = { .addr = *addr, .port = DNS_PORT };
	unsigned order = r->n_lines++;
	struct diag_nameserver *s;

	s = machine_server(r->m, &at, NULL);
	if (s != NULL && !s->behind_stub)
		return; /* twice: the first place counts */
	s = machine_add_server(r->m, &at, r->source);
	if (s == NULL) {
		r->no_memory = true;
		return;
	}
	s->order = order;
	s->stub |= r->wsl;
}

static void read_server(struct reader *r, struct diag_slice rest)
{
	struct diag_cursor c = diag_cursor_of(rest.p, rest.len);
	struct diag_slice word;
	struct diag_addr addr;

	if (!diag_cursor_word(&c, &word))
		return;
	for (size_t i = 0; i < word.len; i++)
		if (word.p[i] == ';' || word.p[i] == '#')
			word.len = i;
	if (diag_addr_parse_n(word.p, word.len, &addr))
		add_server(r, &addr);
}

static void read_search(struct reader *r, struct diag_slice rest, size_t max)
{
	struct diag_cursor c = diag_cursor_of(rest.p, rest.len);
	struct machine_names list = { 0 };
	struct diag_slice word;

	while (list.n < max && diag_cursor_word(&c, &word)) {
		if (word.len > 0 && word.p[word.len - 1] == '\r')
			word.len--;
		if (!machine_names_add_domain(r->m, &list, word))
			r->no_memory = true;
	}
	if (list.n > 0)
		r->search = list;
}

/* "ndots:3": a number over the cap is the cap. */
static void number_option(struct diag_slice word, const char *name,
			  unsigned max, unsigned *out)
{
	struct diag_cursor c = diag_cursor_of(word.p, word.len);
	uint64_t n;

	if (!diag_cursor_take(&c, name))
		return;
	word = (struct diag_slice){ (const char *)c.at, diag_cursor_left(&c) };
	if (diag_slice_number(word, 0, UINT32_MAX, &n))
		*out = n > max ? max : (unsigned)n;
}

static void flag_option(struct diag_slice word, struct diag_resolv *o)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{ "rotate", &o->rotate },
		{ "use-vc", &o->use_vc },
		{ "edns0", &o->edns0 },
		{ "trust-ad", &o->trust_ad },
		{ "single-request", &o->single_request },
		{ "single-request-reopen", &o->single_request },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (diag_slice_eq(word, flags[i].name))
			*flags[i].flag = true;
}

static void read_options(struct reader *r, struct diag_slice rest)
{
	struct diag_cursor c = diag_cursor_of(rest.p, rest.len);
	struct diag_resolv *o = &r->m->resolv;
	struct diag_slice word;

	while (diag_cursor_word(&c, &word)) {
		if (word.len > 0 && word.p[word.len - 1] == '\r')
			word.len--;
		number_option(word, "ndots:", NDOTS_MAX, &o->ndots);
		number_option(word, "timeout:", TIMEOUT_MAX, &o->timeout_s);
		number_option(word, "attempts:", ATTEMPTS_MAX, &o->attempts);
		flag_option(word, o);
	}
}

/* "# ExtServers: [10.0.0.2 host(192.168.1.1)]" */
static void read_ext_servers(struct reader *r, struct diag_cursor c)
{
	unsigned order = 0;
	struct diag_slice word;

	while (machine_list_word(&c, &word)) {
		struct diag_cursor in = diag_cursor_of(word.p, word.len);
		struct diag_endpoint at = { .port = DNS_PORT };
		struct diag_nameserver *s;
		size_t n = 0;

		(void)diag_cursor_take(&in, "[");
		(void)diag_cursor_take(&in, "host(");
		while (n < diag_cursor_left(&in) &&
		       strchr(")]", in.at[n]) == NULL)
			n++;
		if (!diag_addr_parse_n((const char *)in.at, n, &at.addr) ||
		    machine_server(r->m, &at, NULL) != NULL)
			continue;
		s = machine_add_server(r->m, &at, "docker");
		if (s == NULL) {
			r->no_memory = true;
			return;
		}
		s->order = order++;
		s->stub = false;
		s->behind_stub = s->default_route = true;
	}
}

static void read_comment(struct reader *r, struct diag_slice line)
{
	static const char mark[] = "ExtServers:";
	const char *at = diag_text_find_nocase(line.p, line.len, mark);

	if (diag_text_find_nocase(line.p, line.len, "generated by WSL") != NULL)
		r->wsl = true;
	if (at == NULL)
		return;
	at += sizeof(mark) - 1;
	read_ext_servers(r,
			 diag_cursor_of(at, (size_t)(line.p + line.len - at)));
}

static void read_line(struct reader *r, struct diag_slice line)
{
	struct diag_slice rest;

	if (line.len > 0 && (line.p[0] == '#' || line.p[0] == ';'))
		read_comment(r, line);
	else if (keyword(line, "nameserver", &rest))
		read_server(r, rest);
	else if (keyword(line, "search", &rest))
		read_search(r, rest, SIZE_MAX);
	else if (keyword(line, "domain", &rest))
		read_search(r, rest, 1);
	else if (keyword(line, "options", &rest))
		read_options(r, rest);
}

static void read_lines(struct reader *r, const char *text, size_t len)
{
	struct diag_cursor c = diag_cursor_of(text, len);
	struct diag_slice line;

	/* Not diag_cursor_line: it would take the carriage return away. */
	while (diag_cursor_until(&c, '\n', &line))
		read_line(r, line);
	line = (struct diag_slice){ (const char *)c.at, diag_cursor_left(&c) };
	if (line.len > 0)
		read_line(r, line);
}

bool diag_resolv_parse(struct diag_machine *m, const char *source,
		       const char *text, size_t len, struct diag_err *err)
{
	const struct diag_addr here = diag_addr_v4(127, 0, 0, 1);
	struct reader r = { .m = m, .source = source };

	read_lines(&r, text, len);
	if (r.n_lines == 0 && !r.no_memory)
		add_server(&r, &here);
	if (r.no_memory)
		return diag_fail_nomem(err, "resolv.conf");
	m->resolv.search = r.search.items;
	m->resolv.n_search = r.search.n;
	return true;
}
