/* SPDX-License-Identifier: MIT */
/* update_doc.c - the document of update_log.h, pure. */
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "fix/update_log.h"
#include "net/addr_json.h"

#define OP	  "updates"
#define SCHEMA	  "pldiag.update/1"
#define DEPTH_MAX 8
#define SETS_MAX  100000
#define ADDRS_MAX 1000
#define TTL_MAX	  0x7fffffffU

static const char *const stages[] = {
	[DIAG_UPDATE_SENT] = "sent",	     [DIAG_UPDATE_DONE] = "done",
	[DIAG_UPDATE_NOT_DONE] = "not-done", [DIAG_UPDATE_UNDONE] = "undone",
	[DIAG_UPDATE_LOST] = "lost",
};
#define N_STAGES (sizeof(stages) / sizeof(stages[0]))

/* --- out -------------------------------------------------------------------
 */

static void put_set(struct diag_jw *w, const struct diag_update_set *s)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", s->owner);
	diag_jw_kstr(w, "type", s->family == DIAG_IPV6 ? "AAAA" : "A");
	diag_addrs_json(w, "was", s->was, s->n_was);
	if (s->n_was > 0)
		diag_jw_kuint(w, "was_ttl", s->was_ttl_s);
	diag_addrs_json(w, "will", s->will, s->n_will);
	if (s->n_will > 0)
		diag_jw_kuint(w, "will_ttl", s->ttl_s);
	diag_jw_close(w, '}');
}

void diag_update_sets_print(const struct diag_update *u, struct diag_jw *w)
{
	diag_jw_kopen(w, "sets", '[');
	for (size_t i = 0; i < u->n; i++)
		put_set(w, &u->sets[i]);
	diag_jw_close(w, ']');
}

static void put_entry(struct diag_jw *w, const struct diag_update_entry *e)
{
	char at[DIAG_TIME_TEXT];

	diag_jw_open(w, '{');
	diag_jw_kuint(w, "id", e->id);
	diag_jw_kstr(w, "at", diag_time_text(e->at_s, at));
	diag_jw_kstr(w, "about", e->about);
	diag_jw_kstr(w, "stage", stages[e->stage]);
	if (e->undoes > 0)
		diag_jw_kuint(w, "undoes", e->undoes);
	diag_update_sets_print(&e->update, w);
	diag_jw_close(w, '}');
}

void diag_update_list_print(const struct diag_update_list *list,
			    const char *server, const char *zone,
			    struct diag_buf *out)
{
	struct diag_jw w;

	diag_jw_init(&w, out, 1);
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "schema", SCHEMA);
	diag_jw_kstr(&w, "server", server);
	diag_jw_kstr(&w, "zone", zone);
	diag_jw_kopen(&w, "updates", '[');
	for (size_t i = 0; i < list->n; i++)
		put_entry(&w, &list->items[i]);
	diag_jw_close(&w, ']');
	diag_jw_close(&w, '}');
	diag_buf_putc(out, '\n');
}

/* --- in --------------------------------------------------------------------
 */

struct reader {
	struct diag_arena *arena;
	bool failed; /* no memory */
};

static const char *keep(struct reader *r, const char *text)
{
	const char *kept = diag_arena_strdup(r->arena, text);

	r->failed |= kept == NULL;
	return kept;
}

static void read_name(struct reader *r, const struct diag_json_at *at,
		      const cJSON *obj, const char **out)
{
	char normal[DIAG_FQDN_MAX];
	const char *text = NULL;

	if (diag_json_str(at, obj, "name", &text) &&
	    diag_fqdn_normal(text, strlen(text), normal, NULL))
		*out = keep(r, normal);
	else
		diag_json_wrong(at, NULL, "expected a name");
}

struct addresses {
	struct diag_addr *at;
	size_t n;
};

static struct addresses read_addresses(struct reader *r,
				       const struct diag_json_at *at,
				       const cJSON *obj, const char *key,
				       enum diag_family family)
{
	const cJSON *list = diag_json_array(at, obj, key), *item;
	struct addresses all = { .n = 0 };

	all.at = diag_arena_array(
	    r->arena, (size_t)cJSON_GetArraySize(list) + 1, sizeof(*all.at));
	r->failed |= all.at == NULL;
	cJSON_ArrayForEach(item, list)
	{
		if (all.at == NULL || all.n == ADDRS_MAX)
			break;
		if (cJSON_IsString(item) &&
		    diag_addr_parse(item->valuestring, &all.at[all.n]) &&
		    all.at[all.n].family == family)
			all.n++;
		else
			diag_json_wrong(at, item, "expected an address");
	}
	return all;
}

static unsigned read_ttl(const struct diag_json_at *at, const cJSON *obj,
			 const char *key)
{
	uint64_t ttl = 0;

	(void)diag_json_uint(at, obj, key, 0, TTL_MAX, &ttl);
	return (unsigned)ttl;
}

static void read_set(struct reader *r, const struct diag_json_at *at,
		     const cJSON *obj, struct diag_update_set *s)
{
	struct addresses was, will;
	const char *type = "";

	read_name(r, at, obj, &s->owner);
	(void)diag_json_str(at, obj, "type", &type);
	s->family = strcmp(type, "A") == 0	? DIAG_IPV4
		    : strcmp(type, "AAAA") == 0 ? DIAG_IPV6
						: DIAG_NOFAM;
	if (s->family == DIAG_NOFAM)
		diag_json_wrong(at, NULL, "expected type A or AAAA");
	was = read_addresses(r, at, obj, "was", s->family);
	will = read_addresses(r, at, obj, "will", s->family);
	s->was = was.at;
	s->n_was = was.n;
	s->will = will.at;
	s->n_will = will.n;
	s->was_ttl_s = read_ttl(at, obj, "was_ttl");
	s->ttl_s = read_ttl(at, obj, "will_ttl");
}

static void read_sets(struct reader *r, const struct diag_json_at *up,
		      const cJSON *obj, struct diag_update *u)
{
	const cJSON *list = diag_json_array(up, obj, "sets"), *item;
	const struct diag_json_at key = { .file = up->file,
					  .up = up,
					  .key = "sets",
					  .problems = up->problems };
	struct diag_json_at at = { .file = up->file,
				   .up = &key,
				   .problems = up->problems };
	struct diag_update_set *sets = diag_arena_array(
	    r->arena, (size_t)cJSON_GetArraySize(list) + 1, sizeof(*sets));

	r->failed |= sets == NULL;
	u->sets = sets;
	cJSON_ArrayForEach(item, list)
	{
		if (sets == NULL || u->n == SETS_MAX)
			return;
		at.index = (unsigned)u->n;
		read_set(r, &at, item, &sets[u->n++]);
	}
}

static void read_stage(const struct diag_json_at *at, const cJSON *obj,
		       enum diag_update_stage *out)
{
	const char *word = "";

	(void)diag_json_str(at, obj, "stage", &word);
	for (size_t i = 0; i < N_STAGES; i++) {
		if (strcmp(stages[i], word) != 0)
			continue;
		*out = (enum diag_update_stage)i;
		return;
	}
	diag_json_wrong(at, NULL, "expected a stage that we know");
}

static void read_entry(struct reader *r, const struct diag_json_at *at,
		       const cJSON *obj, const char *zone,
		       struct diag_update_entry *e)
{
	const char *when = "", *about = "";

	if (!diag_json_uint(at, obj, "id", 1, UINT32_MAX, &e->id))
		diag_json_wrong(at, NULL, "expected an id");
	(void)diag_json_uint(at, obj, "undoes", 0, UINT32_MAX, &e->undoes);
	if (!diag_json_str(at, obj, "at", &when) ||
	    !diag_time_parse(when, &e->at_s))
		diag_json_wrong(at, NULL, "expected a time");
	(void)diag_json_str(at, obj, "about", &about);
	e->about = keep(r, about);
	e->update.zone = zone;
	read_stage(at, obj, &e->stage);
	read_sets(r, at, obj, &e->update);
}

static const char *read_head(struct reader *r, const struct diag_json_at *root,
			     const cJSON *tree)
{
	char normal[DIAG_FQDN_MAX];
	const char *schema = "", *zone = "";

	(void)diag_json_str(root, tree, "schema", &schema);
	if (strcmp(schema, SCHEMA) != 0)
		diag_json_wrong(root, NULL, "expected schema " SCHEMA);
	if (!diag_json_str(root, tree, "zone", &zone) ||
	    !diag_fqdn_normal(zone, strlen(zone), normal, NULL)) {
		diag_json_wrong(root, NULL, "expected a zone");
		return "";
	}
	return keep(r, normal);
}

static void read_document(struct reader *r, const struct diag_json_at *root,
			  const cJSON *tree, struct diag_update_list *out)
{
	const char *zone = read_head(r, root, tree);
	const cJSON *list = diag_json_array(root, tree, "updates"), *item;
	const struct diag_json_at key = { .file = root->file,
					  .up = root,
					  .key = "updates",
					  .problems = root->problems };
	struct diag_json_at at = { .file = root->file,
				   .up = &key,
				   .problems = root->problems };
	struct diag_update_entry *entries = diag_arena_array(
	    r->arena, (size_t)cJSON_GetArraySize(list) + 1, sizeof(*entries));

	r->failed |= entries == NULL;
	out->items = entries;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_update_entry *e;

		if (entries == NULL)
			return;
		e = &entries[out->n];
		at.index = (unsigned)out->n++;
		read_entry(r, &at, item, zone, e);
		if (out->n > 1 && e->id <= e[-1].id)
			diag_json_wrong(&at, NULL, "expected a greater id");
	}
}

/* We wrote it: one fault is as good as ten. */
static bool first_problem(const struct diag_problems *problems,
			  struct diag_err *err)
{
	const char *text = diag_buf_str(&problems->text);

	return diag_fail(err, DIAG_EPARSE, OP, "%.*s", (int)strcspn(text, "\n"),
			 text);
}

bool diag_update_list_parse(struct diag_arena *arena, const char *name,
			    const char *text, size_t len,
			    struct diag_update_list *out, struct diag_err *err)
{
	static const struct diag_json_limits limits = { DIAG_UPDATE_LOG_BYTES,
							DEPTH_MAX };
	struct reader r = { .arena = arena };
	struct diag_problems problems;
	const struct diag_json_at root = { .file = name,
					   .problems = &problems };
	cJSON *tree = NULL;
	bool ok;

	*out = (struct diag_update_list){ .n = 0 };
	if (!diag_json_parse(name, text, len, &limits, &tree, err))
		return false;
	diag_problems_init(&problems);
	read_document(&r, &root, tree, out);
	ok = problems.n == 0 || first_problem(&problems, err);
	diag_problems_clear(&problems);
	cJSON_Delete(tree);
	return ok && (!r.failed || diag_fail_nomem(err, OP));
}
