/* SPDX-License-Identifier: MIT */
/* advice_words.c - the words that advice templates are filled with. */
#include "verdict/advice.h"

#include "base/text.h"

#include <string.h>

#define LIST_MAX     4	   /* names told before "and N more" */
#define TEXT_MAX     65536 /* bytes of one filled template */
#define NO_PROXY_MAX 24	   /* names told one by one */

static const struct diag_target *target(const struct advice *a, size_t i)
{
	return &a->j->c->inventory->targets[a->d->targets[i]];
}

static const struct diag_cat_row *row_of(const struct advice *a, size_t i)
{
	return diag_cat_row(a->j->c->inventory->cloud, target(a, i)->service);
}

/* --- the server at fault -------------------------------------------------- */

static const struct ev_target *evidence_of(const struct advice *a,
					   const struct ev_origin *o)
{
	if (a->d->n_targets == 0)
		return NULL;
	return &o->targets[a->d->targets[0]];
}

static const struct ev_view *server_of(const struct advice *a,
				       const struct ev_origin *o)
{
	const struct ev_view *v = ev_view_of(o, a->d->subject);
	const struct ev_target *t = evidence_of(a, o);

	if (v && !v->system)
		return v;
	if (t && t->explained_by && !t->explained_by->view->system)
		return t->explained_by->view;
	if (t && t->deciding && !t->deciding->view->system)
		return t->deciding->view;
	return NULL;
}

void advice_init(struct advice *a, struct judge *j, const struct draft *d)
{
	*a = (struct advice){ .j = j, .d = d };
	a->origin = &j->ev->origins[0];
	for (size_t i = 0; i < j->ev->n_origins && !a->server; i++) {
		a->server = server_of(a, &j->ev->origins[i]);
		if (a->server)
			a->origin = &j->ev->origins[i];
	}
}

/* --- lists ---------------------------------------------------------------- */

struct list {
	const char *items[64];
	size_t n, more;
};

static void add(struct list *l, const char *item)
{
	if (!item)
		return;
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->items[i], item) == 0)
			return;
	if (l->n < sizeof(l->items) / sizeof(l->items[0]))
		l->items[l->n++] = item;
	else
		l->more++;
}

static const char *or_else(const char *text, const char *otherwise)
{
	return text[0] ? text : otherwise;
}

static const char *join(struct advice *a, const struct list *l, size_t max,
			const char *sep)
{
	size_t shown = l->n < max ? l->n : max;
	size_t more = l->more + l->n - shown;
	struct diag_buf b;
	const char *out;

	diag_buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < shown; i++) {
		diag_buf_puts(&b, i ? sep : "");
		diag_buf_puts(&b, l->items[i]);
	}
	if (more)
		diag_buf_printf(&b, " and %zu more", more);
	out = judge_text(a->j, "%s", diag_buf_str(&b));
	diag_buf_clear(&b);
	return out;
}

static const char *word_server(struct advice *a)
{
	if (!a->server)
		return "the name server";
	if (a->server->at.port == 53)
		return judge_addr(a->j, &a->server->at.addr);
	return a->server->text;
}

static const char *word_subject(struct advice *a)
{
	return a->d->subject[0] ? a->d->subject : "it";
}

/* Instances live under one of several suffixes; a forwarder carries all. */
static void add_instance_parents(struct advice *a, struct list *l)
{
	const char *const *parents;
	size_t n = diag_cat_parents(a->j->c->inventory->cloud, &parents);

	for (size_t i = 0; i < n; i++)
		if (diag_text_starts(parents[i], "instances."))
			add(l, parents[i]);
}

static void add_parents(struct advice *a, struct list *l, const struct draft *d)
{
	const struct diag_inventory *inv = a->j->c->inventory;

	for (size_t i = 0; i < d->n_targets; i++) {
		const struct diag_target *t = &inv->targets[d->targets[i]];
		const struct diag_cat_row *row =
		    t->fqdn ? diag_cat_row_of(inv->cloud, t->service, t->fqdn)
			    : NULL;

		add(l, row ? row->parent : NULL);
		if (t->service == DIAG_SVC_COMPUTE_INSTANCE)
			add_instance_parents(a, l);
	}
}

/* Of the cause's names, and of those whose wrong answers it explains: the
 * same forwarder must carry compute instances too. */
static struct list parents(struct advice *a)
{
	struct list l = { .n = 0 };

	add_parents(a, &l, a->d);
	for (size_t i = 0; a->cause && i < a->cause->n_explains; i++) {
		const struct diag_finding *f = a->cause->explains[i];

		/* drafts stand in the order of their findings */
		if (diag_text_starts(f->info->code, "dns."))
			add_parents(a, &l, a->j->drafts[f->id - 1]);
	}
	return l;
}

static const char *word_parents(struct advice *a)
{
	struct list l = parents(a);

	return or_else(join(a, &l, sizeof(l.items) / sizeof(l.items[0]), ", "),
		       "their parent domains");
}

/* --- a policy of Windows -------------------------------------------------- */

static bool is_policy(const struct diag_nameserver *s)
{
	return s->source && strcmp(s->source, "NRPT") == 0;
}

const struct diag_addr *advice_policy(const struct advice *a)
{
	const struct diag_machine *m = a->origin->machine;
	const struct diag_addr *found = NULL;

	for (size_t i = 0; m && i < m->n_servers; i++) {
		const struct diag_nameserver *s = &m->servers[i];

		if (!is_policy(s))
			continue;
		if (a->server && diag_addr_eq(&s->at.addr, &a->server->at.addr))
			return NULL;
		if (!found)
			found = &s->at.addr;
	}
	return found;
}

static bool has_rule(const struct diag_machine *m, const char *domain)
{
	for (size_t i = 0; m && i < m->n_servers; i++)
		for (size_t k = 0; k < m->servers[i].n_domains; k++)
			if (is_policy(&m->servers[i]) &&
			    strcmp(m->servers[i].domains[k], domain) == 0)
				return true;
	return false;
}

/* The parents that no rule is about yet. */
static struct list lacking(struct advice *a)
{
	struct list all = parents(a), l = { .n = 0 };

	for (size_t i = 0; i < all.n; i++)
		if (!has_rule(a->origin->machine, all.items[i]))
			add(&l, all.items[i]);
	return l.n ? l : all;
}

static const char *word_lacking(struct advice *a)
{
	struct list l = lacking(a);

	return or_else(join(a, &l, sizeof(l.items) / sizeof(l.items[0]), ", "),
		       "their parent domains");
}

/* For PowerShell, which takes a list of them. */
static const char *word_suffixes(struct advice *a)
{
	struct list l = lacking(a);

	for (size_t i = 0; i < l.n; i++)
		l.items[i] = judge_text(a->j, "'.%s'", l.items[i]);
	return or_else(join(a, &l, sizeof(l.items) / sizeof(l.items[0]), ","),
		       "SUFFIXES");
}

static const char *word_policy_server(struct advice *a)
{
	const struct diag_addr *at = advice_policy(a);

	return at ? judge_addr(a->j, at) : "SERVER";
}

static struct list zones(struct advice *a)
{
	struct list l = { .n = 0 };
	const struct diag_cat_row *row;

	if (diag_text_starts(a->d->subject, "privatelink.")) {
		add(&l, a->d->subject);
		return l;
	}
	for (size_t i = 0; i < a->d->n_targets; i++) {
		row = row_of(a, i);
		add(&l, row ? row->zone : NULL);
	}
	return l;
}

static const char *word_zones(struct advice *a)
{
	struct list l = zones(a);

	return l.n ? join(a, &l, sizeof(l.items) / sizeof(l.items[0]), ", ")
		   : "the private DNS zone";
}

static const char *word_zone(struct advice *a)
{
	struct list l = zones(a);

	return l.n ? l.items[0] : "ZONE";
}

static const char *word_names(struct advice *a)
{
	struct list l = { .n = 0 };

	for (size_t i = 0; i < a->d->n_targets; i++)
		add(&l, target(a, i)->fqdn);
	return or_else(join(a, &l, LIST_MAX, ", "), "these names");
}

static const char *word_first(struct advice *a)
{
	const char *fqdn = a->d->n_targets ? target(a, 0)->fqdn : NULL;

	return fqdn ? fqdn : "the name";
}

/* Where nothing is expected, as with public names: what was answered. */
static void add_met(struct advice *a, struct list *l)
{
	for (size_t i = 0; i < a->d->n_targets; i++) {
		const struct diag_target_verdict *t =
		    &a->j->v->targets[a->d->targets[i]];

		for (size_t k = 0; k < t->n_addresses; k++)
			add(l, judge_addr(a->j, &t->addresses[k]));
	}
}

static const char *word_addresses(struct advice *a)
{
	struct list l = { .n = 0 };

	for (size_t i = 0; i < a->d->n_targets; i++)
		for (size_t k = 0; k < target(a, i)->n_addresses; k++)
			add(&l, judge_addr(a->j, &target(a, i)->addresses[k]));
	if (l.n == 0)
		add_met(a, &l);
	return l.n ? join(a, &l, LIST_MAX, ", ") : "their addresses";
}

/* The first name's, but not the one that is at fault. */
static const char *word_address(struct advice *a)
{
	for (size_t i = 0; a->d->n_targets && i < target(a, 0)->n_addresses;
	     i++) {
		const char *text =
		    judge_addr(a->j, &target(a, 0)->addresses[i]);

		if (strcmp(text, a->d->subject) != 0)
			return text;
	}
	return "ADDRESS";
}

/* The first name's record in its private zone. */
static const char *word_record(struct advice *a)
{
	const char *fqdn = a->d->n_targets ? target(a, 0)->fqdn : NULL;
	struct diag_cat_match m;
	struct diag_cat_fill with;
	char record[DIAG_FQDN_MAX];

	if (!fqdn || !diag_cat_match(fqdn, &m) || !m.row->record)
		return "RECORD";
	with = (struct diag_cat_fill){
		.id = m.id[0] ? m.id : a->j->c->inventory->workspace_id,
		.region = m.region,
		.workspace = m.name,
		.name = m.name,
	};
	if (!diag_cat_fill(m.row->record, &with, record, sizeof(record)))
		return "RECORD";
	return judge_text(a->j, "%s", record);
}

static const char *word_repair(struct advice *a)
{
	return a->d->repair ? a->d->repair : "";
}

static const char *word_networks(struct advice *a)
{
	const struct diag_inventory *inv = a->j->c->inventory;
	struct list l = { .n = 0 };
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < inv->n_networks; i++)
		add(&l, judge_text(a->j, "%s",
				   diag_cidr_text(&inv->networks[i], text)));
	return l.n ? join(a, &l, LIST_MAX, ", ") : "the VNet's address space";
}

/* NO_PROXY takes names and suffixes: every private name, or the parents where
 * that would be a novel; compute instances by their suffix, since new ones
 * come and go. */
static const char *word_noproxy(struct advice *a)
{
	const struct diag_inventory *inv = a->j->c->inventory;
	const char *const *parents;
	size_t n = diag_cat_parents(inv->cloud, &parents);
	struct list names = { .n = 0 }, suffixes = { .n = 0 };

	for (size_t i = 0; i < inv->n_targets; i++)
		if (inv->targets[i].expect == DIAG_EXPECT_PRIVATE)
			add(&names, inv->targets[i].fqdn);
	for (size_t i = 0; i < n; i++) {
		bool instance = diag_text_starts(parents[i], "instances.");

		add(instance && names.n <= NO_PROXY_MAX ? &names : &suffixes,
		    judge_text(a->j, ".%s", parents[i]));
	}
	return join(a, names.n <= NO_PROXY_MAX ? &names : &suffixes,
		    sizeof(names.items) / sizeof(names.items[0]), ",");
}

static const char *word_hosts(struct advice *a)
{
	const struct diag_machine *m = a->origin->machine;

	if (!m || !m->hosts_path)
		return "/etc/hosts";
	/* what a machine is made with, and Windows does not have */
	if (m->platform && strcmp(m->platform, "windows") == 0 &&
	    strcmp(m->hosts_path, "/etc/hosts") == 0)
		return "C:\\Windows\\System32\\drivers\\etc\\hosts";
	return m->hosts_path;
}

/* The machine that is meant, where it is not the one that judges. */
static const char *word_host(struct advice *a)
{
	const char *host = a->origin->o->host;

	return host && host[0] ? host : "the machine that was looked at";
}

const char *advice_word_inv(struct advice *a)
{
	const char *arg = a->j->inventory_arg;

	/* no option */
	return judge_word(a->j,
			  arg[0] == '-' ? judge_text(a->j, "./%s", arg) : arg);
}

/* What pl-hosts has to be told where the file is not the system's. */
static const char *word_hosts_option(struct advice *a)
{
	const struct diag_machine *m = a->origin->machine;

	if (!m || !m->hosts_path || strcmp(m->hosts_path, "/etc/hosts") == 0)
		return "";
	return judge_text(a->j, " --hosts %s", judge_word(a->j, m->hosts_path));
}

static const char *word_workspace(struct advice *a)
{
	const char *name = a->j->c->inventory->workspace_name;

	return name && name[0] ? name : "WORKSPACE";
}

static const struct {
	const char *name;
	const char *(*text)(struct advice *a);
} words[] = {
	{ "inv", advice_word_inv },
	{ "server", word_server },
	{ "subject", word_subject },
	{ "parents", word_parents },
	{ "lacking", word_lacking },
	{ "suffixes", word_suffixes },
	{ "policyserver", word_policy_server },
	{ "zones", word_zones },
	{ "zone", word_zone },
	{ "names", word_names },
	{ "first", word_first },
	{ "addresses", word_addresses },
	{ "address", word_address },
	{ "record", word_record },
	{ "repair", word_repair },
	{ "networks", word_networks },
	{ "noproxy", word_noproxy },
	{ "hosts", word_hosts },
	{ "host", word_host },
	{ "hostsoption", word_hosts_option },
	{ "workspace", word_workspace },
	{ "plzone", advice_word_zone },
	{ "choices", advice_word_zone_choices },
	{ "plzonefile", advice_word_zone_file },
	{ "filechoices", advice_word_zone_file_choices },
};

static const char *fill(struct advice *a, const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].name) == len &&
		    memcmp(words[i].name, name, len) == 0)
			return words[i].text(a);
	return NULL;
}

const char *advice_text(struct advice *a, const char *template)
{
	struct diag_buf b;
	const char *p = template, *out;

	if (!template)
		return NULL;
	diag_buf_init(&b, TEXT_MAX);
	while (*p) {
		const char *end = *p == '{' ? strchr(p, '}') : NULL;
		const char *word =
		    end ? fill(a, p + 1, (size_t)(end - p - 1)) : NULL;

		if (word) {
			diag_buf_puts(&b, word);
			p = end + 1;
		} else {
			diag_buf_putc(&b, *p++);
		}
	}
	out = judge_text(a->j, "%s", diag_buf_str(&b));
	diag_buf_clear(&b);
	return out;
}
