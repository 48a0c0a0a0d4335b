/* SPDX-License-Identifier: MIT */
/* config_dnsmasq.c - dnsmasq.conf and the files of its conf-dir.
 *
 * What dnsmasq does when two speak of one name (dnsmasq(8); tried with 2.90):
 *
 * - host-record is looked up first, as a line of a hosts file is; all its
 *   addresses are given, so one of somebody else for a name of ours goes out.
 * - of address=, server= and local= the longest domain decides; address= for
 *   the same domain beats local=, and two server= for it are asked by turns.
 *   An address= for a parent gives an address to all names below it, but our
 *   local= and host-record are longer: it stays.
 * - server=/x/, local=/x/ and address=/x/ without more are the same: known here
 *   and nowhere else.
 * - several names may stand on a line.  Only ours are taken from it; the others
 *   go on in a line that carries our mark.
 */
#include "fix/zone/conf_scan.h"
#include "fix/zone/config_internal.h"

#include <string.h>

/* What a line says of one name. */
enum verdict {
	FINE,	/* it may stay */
	SAID,	/* it says what we would say */
	AGAINST /* it goes */
};

struct option {
	struct diag_slice key, value;
	size_t begin, end;
};

/* Something of ours that a line of somebody else says. */
struct said {
	struct diag_slice key; /* as we would write it */
	char name[256];
	struct diag_addr addr; /* of host-record and server */
};

struct dnsmasq_conf {
	struct conf *c;
	struct said *said;
	size_t n_said;
	const struct option *option;
	struct diag_slice tail; /* behind the last '/' */
	bool against;		/* some name of the line */
	struct diag_buf rest;	/* the others */
};

/* --- options -------------------------------------------------------------- */

/* "key = value" of a line without its comment; false: none. */
static bool split(struct diag_slice line, struct option *o)
{
	const char *eq = line.len > 0 ? memchr(line.p, '=', line.len) : NULL;

	if (eq == NULL)
		return false;
	o->key = diag_slice_trim(
	    (struct diag_slice){ line.p, (size_t)(eq - line.p) });
	o->value.p = eq + 1;
	o->value.len = line.len - (size_t)(eq + 1 - line.p);
	o->value = diag_slice_trim(o->value);
	while (o->value.len > 0 && conf_is_blank(o->value.p[o->value.len - 1]))
		o->value.len--;
	while (o->value.len > 0 && o->value.p[0] == '"' &&
	       memchr(o->value.p + 1, '"', o->value.len - 1) ==
		   o->value.p + o->value.len - 1) {
		o->value.p++;
		o->value.len -= 2;
	}
	return true;
}

static bool is(const struct option *o, const char *key)
{
	return diag_slice_eq(o->key, key);
}

/* The next piece in front of the separator, or the last. */
static bool next(struct diag_slice *left, char separator,
		 struct diag_slice *piece)
{
	const char *at;

	if (left->p == NULL)
		return false;
	at = left->len > 0 ? memchr(left->p, separator, left->len) : NULL;
	*piece = *left;
	if (at == NULL) {
		left->p = NULL;
		return true;
	}
	piece->len = (size_t)(at - left->p);
	left->len -= piece->len + 1;
	left->p = at + 1;
	return true;
}

/* A leading dot says nothing (dnsmasq(8)). */
static struct diag_slice domain(struct diag_slice s)
{
	s = diag_slice_trim(s);
	while (s.len > 1 && s.p[0] == '.') {
		s.p++;
		s.len--;
	}
	return s;
}

static void say(struct dnsmasq_conf *d, const char *key, const char *name,
		const struct diag_addr *addr)
{
	struct said *s =
	    diag_arena_push(d->c->arena, &d->said, &d->n_said, sizeof(*s));

	if (s == NULL || !conf_normal(diag_slice_of(name), s->name)) {
		d->c->failed = true;
		return;
	}
	s->key = diag_slice_of(key);
	if (addr != NULL)
		s->addr = *addr;
}

/* --- /domains/what -------------------------------------------------------- */

/* An address=, server= or local= for one of our names. */
static enum verdict for_name(struct dnsmasq_conf *d,
			     const struct diag_zone_name *name)
{
	struct diag_addr addr;
	size_t i;

	if (is(d->option, "address") && d->tail.len > 0)
		return diag_addr_parse_n(d->tail.p, d->tail.len, &addr) &&
			       conf_addr_wanted(name, &addr)
			   ? FINE
			   : AGAINST;
	if (d->c->job->forwarders)
		return conf_is_to(d->c, d->tail, &i) ? FINE : AGAINST;
	if (d->tail.len > 0)
		return AGAINST;
	say(d, "local", name->fqdn, NULL);
	return SAID;
}

static enum verdict for_parent(struct dnsmasq_conf *d, const char *parent)
{
	struct diag_addr addr;
	size_t i;

	if (!d->c->job->forwarders)
		return FINE;
	if (is(d->option, "address") || !conf_is_to(d->c, d->tail, &i) ||
	    !diag_addr_parse_n(d->tail.p, d->tail.len, &addr))
		return AGAINST;
	say(d, "server", parent, &addr);
	return SAID;
}

static enum verdict judge(struct dnsmasq_conf *d, struct diag_slice name)
{
	const struct diag_zone_name *ours = conf_name(d->c, domain(name));
	const char *parent = conf_parent(d->c, domain(name));
	enum verdict v = ours != NULL ? for_name(d, ours) : FINE;

	if (v != AGAINST && parent != NULL)
		v = for_parent(d, parent);
	return v;
}

static void keep(struct dnsmasq_conf *d, const char *before,
		 struct diag_slice piece)
{
	diag_buf_puts(&d->rest, before);
	diag_buf_put(&d->rest, piece.p, piece.len);
}

static struct diag_slice behind_last(struct diag_slice value)
{
	size_t n = value.len;

	while (n > 0 && value.p[n - 1] != '/')
		n--;
	return (struct diag_slice){ value.p + n, value.len - n };
}

static void domains(struct dnsmasq_conf *d)
{
	struct diag_slice left = d->option->value, piece;

	if (left.len < 2 || left.p[0] != '/')
		return;
	d->tail = behind_last(left);
	left.p++;
	left.len = (size_t)(d->tail.p - left.p);
	if (left.len == 0)
		return;
	left.len--; /* the last slash */
	while (next(&left, '/', &piece)) {
		if (judge(d, piece) == AGAINST)
			d->against = true;
		else
			keep(d, "/", piece);
	}
	if (d->rest.len == 0)
		return;
	diag_buf_putc(&d->rest, '/');
	keep(d, "", d->tail);
}

/* --- names, addresses, a time --------------------------------------------- */

static bool is_number(struct diag_slice s)
{
	uint64_t n;

	return diag_slice_number(s, 0, UINT32_MAX, &n);
}

/* All addresses of a host-record are right ones of this name. */
static bool all_right(struct dnsmasq_conf *d, const struct diag_zone_name *name)
{
	struct diag_slice left = d->option->value, piece;
	struct diag_addr addr;

	while (next(&left, ',', &piece)) {
		piece = diag_slice_trim(piece);
		if (diag_addr_parse_n(piece.p, piece.len, &addr) &&
		    !conf_addr_wanted(name, &addr))
			return false;
	}
	left = d->option->value;
	while (next(&left, ',', &piece)) {
		piece = diag_slice_trim(piece);
		if (diag_addr_parse_n(piece.p, piece.len, &addr))
			say(d, "host-record", name->fqdn, &addr);
	}
	return true;
}

static void host_record(struct dnsmasq_conf *d)
{
	struct diag_slice left = d->option->value, piece;
	bool name_kept = false;

	while (next(&left, ',', &piece)) {
		struct diag_slice word = diag_slice_trim(piece);
		const struct diag_zone_name *name = conf_name(d->c, word);
		struct diag_addr addr;

		if (name != NULL && !all_right(d, name)) {
			d->against = true;
			continue;
		}
		name_kept |= !is_number(word) &&
			     !diag_addr_parse_n(word.p, word.len, &addr);
		keep(d, d->rest.len > 0 ? "," : "", piece);
	}
	if (!name_kept)
		diag_buf_reset(&d->rest);
}

static bool cname(struct dnsmasq_conf *d)
{
	struct diag_slice left = d->option->value, piece;

	while (next(&left, ',', &piece)) {
		const struct diag_zone_name *name =
		    conf_name(d->c, diag_slice_trim(piece));
		struct diag_slice behind = left, target = { NULL, 0 };

		/* the last name is what the others lead to */
		if (name == NULL || !next(&behind, ',', &target) ||
		    is_number(diag_slice_trim(target)))
			continue;
		return conf_conflict(d->c, d->option->begin,
				     "an alias (cname) stands here for %s, and "
				     "no address may stand beside it: take it "
				     "out first",
				     name->fqdn);
	}
	return true;
}

static void rebind_ok(struct dnsmasq_conf *d)
{
	struct diag_slice left = d->option->value, piece;

	while (next(&left, '/', &piece)) {
		const char *parent = conf_parent(d->c, domain(piece));

		if (parent != NULL)
			say(d, "rebind-domain-ok", parent, NULL);
	}
}

/* --- lines ---------------------------------------------------------------- */

static bool is_include(const struct option *o)
{
	return is(o, "conf-file") || is(o, "conf-dir") || is(o, "servers-file");
}

static void put_out(struct dnsmasq_conf *d)
{
	const struct option *o = d->option;
	const char *rest = NULL;

	if (d->rest.len > 0) {
		rest =
		    diag_arena_printf(d->c->arena, "%.*s=%s", (int)o->key.len,
				      o->key.p, diag_buf_str(&d->rest));
		d->c->failed |= rest == NULL;
	}
	d->c->failed |= d->rest.code != DIAG_OK;
	conf_out(d->c, o->begin, o->end, rest);
}

static bool option(struct dnsmasq_conf *d, const struct option *o, bool quoted)
{
	d->option = o;
	d->against = false;
	diag_buf_reset(&d->rest);
	if (is_include(o)) {
		struct diag_slice left = o->value, path = o->value;

		if (is(o, "conf-dir")) /* then file name endings */
			(void)next(&left, ',', &path);
		return conf_include(d->c, path, o->begin);
	}
	if (is(o, "address") || is(o, "server") || is(o, "local"))
		domains(d);
	else if (is(o, "host-record"))
		host_record(d);
	else if (is(o, "cname"))
		return cname(d);
	else if (is(o, "rebind-domain-ok"))
		rebind_ok(d);
	if (!d->against)
		return true;
	if (quoted && d->rest.len > 0)
		return conf_conflict(d->c, o->begin,
				     "names of others stand on this line with "
				     "ours, in quotes: split it by hand");
	put_out(d);
	return true;
}

static bool read_all(struct dnsmasq_conf *d)
{
	struct dnsmasq_line line;
	struct diag_slice text;
	struct option o;
	struct conf_scan s;

	conf_scan_init(&s, d->c->base, 0, d->c->base.len);
	while (s.at < s.end) {
		if (!dnsmasq_next(&s, &line))
			return conf_expected(d->c, s.at, s.expected);
		text.p = d->c->base.p + line.begin;
		text.len = line.comment - line.begin;
		text = diag_slice_trim(text);
		while (text.len > 0 && conf_is_blank(text.p[text.len - 1]))
			text.len--;
		d->c->out->foreign += text.len > 0;
		if (!split(text, &o))
			continue;
		o.begin = line.begin;
		o.end = line.end;
		if (!option(d, &o, line.quoted))
			return false;
	}
	return true;
}

/* --- what is left for us to say ------------------------------------------- */

/* One of our own lines: "key=/name/addr", "key=name,addr,ttl". */
static bool is_said(const struct dnsmasq_conf *d, const struct option *o)
{
	char separator = is(o, "host-record") ? ',' : '/';
	struct diag_slice left = o->value, name, what = { "", 0 };
	struct diag_addr addr = { .family = DIAG_NOFAM };
	char normal[256];

	if (separator == '/')
		(void)next(&left, '/', &name); /* before the first slash */
	if (!next(&left, separator, &name) || !conf_normal(name, normal))
		return false;
	(void)next(&left, separator, &what);
	(void)diag_addr_parse_n(what.p, what.len, &addr);
	for (size_t i = 0; i < d->n_said; i++)
		if (d->said[i].key.len == o->key.len &&
		    memcmp(d->said[i].key.p, o->key.p, o->key.len) == 0 &&
		    strcmp(d->said[i].name, normal) == 0 &&
		    diag_addr_eq(&d->said[i].addr, &addr))
			return true;
	return false;
}

static bool put_ours(struct dnsmasq_conf *d)
{
	size_t at = conf_place(d->c, "", 0, d->c->base.len);
	struct diag_slice ours, line;
	struct diag_cursor cur;
	struct diag_buf text;
	struct option o;

	if (!conf_ours(d->c, 0, &ours))
		return false;
	diag_buf_init(&text, CONF_PART_MAX);
	cur = diag_cursor_of(ours.p, ours.len);
	while (diag_cursor_line(&cur, &line)) {
		if (!split(line, &o) || is_said(d, &o))
			continue;
		diag_buf_put(&text, line.p, line.len);
		diag_buf_putc(&text, '\n');
	}
	conf_part(d->c, "", at != CONF_NOWHERE ? at : d->c->base.len, &text);
	diag_buf_clear(&text);
	return true;
}

static bool read(struct conf *c)
{
	struct dnsmasq_conf d = { .c = c };
	bool ok;

	diag_buf_init(&d.rest, CONF_PART_MAX);
	ok = read_all(&d);
	diag_buf_clear(&d.rest);
	return ok && put_ours(&d);
}

static bool plan(struct diag_arena *arena, struct diag_slice text,
		 const struct diag_zone_config_job *job,
		 struct diag_zone_config_plan *out, struct diag_err *err)
{
	struct conf c = { .arena = arena, .job = job, .out = out, .err = err };

	return conf_plan(&c, text, read);
}

const struct zone_editor zone_edit_dnsmasq = { .plan = plan };
