/* SPDX-License-Identifier: MIT */
/* read_targets.c - explicit targets and notes. */
#include "inventory/reader.h"

#include <string.h>

#include "base/text.h"
#include "net/fqdn.h"

#define ADDRESSES_MAX 256
#define PORTS_MAX     1024

struct target_read {
	struct diag_reader *r;
	struct diag_json_at at;
	const cJSON *item;
	const struct diag_inventory *inv;
	struct diag_target *t;
};

static const cJSON *member(const struct target_read *x, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(x->item, key);
}

static void wrong(const struct target_read *x, const char *key,
		  const char *want)
{
	struct diag_json_at here = diag_at_key(&x->at, key);

	diag_json_wrong(&here, member(x, key), "expected %s", want);
}

static void read_fqdn(struct target_read *x)
{
	struct diag_json_at here = diag_at_key(&x->at, "fqdn");
	const char *text = NULL;
	const char *why = "";
	char name[DIAG_FQDN_MAX];

	if (!diag_json_str(&x->at, x->item, "fqdn", &text))
		return;
	if (diag_fqdn_normal(text, strlen(text), name, &why))
		x->t->fqdn = diag_read_dup(x->r, name);
	else
		diag_json_wrong(&here, member(x, "fqdn"),
				"expected a full name (%s)", why);
}

/* A word that is nearly a key was meant to be it. */
static void wrong_service(const struct target_read *x, const char *word)
{
	struct diag_json_at here = diag_at_key(&x->at, "service");
	const char *best = "workspace-api";
	unsigned least = 4;

	for (int s = 0; s < DIAG_N_SERVICES; s++) {
		const char *key = diag_service_key((enum diag_service)s);
		unsigned distance = diag_text_distance(key, word);

		if (distance < least) {
			least = distance;
			best = key;
		}
	}
	diag_json_wrong(&here, member(x, "service"),
			"expected a service such as \"%s\"", best);
}

static void read_service(struct target_read *x)
{
	const char *key = NULL;
	struct diag_cat_match match;

	x->t->service = DIAG_SVC_OTHER;
	if (diag_json_str(&x->at, x->item, "service", &key)) {
		if (!diag_service_parse(key, &x->t->service))
			wrong_service(x, key);
	} else if (x->t->fqdn == NULL) {
		x->t->service = DIAG_SVC_COMPUTE_NODE;
	} else if (diag_cat_match(x->t->fqdn, &match)) {
		x->t->service = match.row->service;
	}
}

static void read_addresses(struct target_read *x)
{
	struct diag_json_at list_at = diag_at_key(&x->at, "addresses");
	const cJSON *list = diag_json_array(&x->at, x->item, "addresses");
	size_t n = (size_t)cJSON_GetArraySize(list);
	struct diag_addr *out;
	unsigned i = 0;
	const cJSON *item;

	if (n > ADDRESSES_MAX)
		wrong(x, "addresses", "at most 256 addresses");
	if (n == 0 || n > ADDRESSES_MAX)
		return;
	out = diag_read_array(x->r, n, sizeof(*out));
	x->t->addresses = out;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = diag_at_index(&list_at, i++);
		const char *text = cJSON_GetStringValue(item);

		if (out == NULL)
			return;
		if (text != NULL &&
		    diag_addr_parse(text, &out[x->t->n_addresses]))
			x->t->n_addresses++;
		else
			diag_json_wrong(&here, item, "expected an address");
	}
}

/* A list that is there, even an empty one, is the target's own: items is not
 * NULL then. */
static void read_ports(struct target_read *x, const char *key,
		       struct diag_ports *ports)
{
	struct diag_json_at list_at = diag_at_key(&x->at, key);
	const cJSON *list = diag_json_array(&x->at, x->item, key);
	size_t n = (size_t)cJSON_GetArraySize(list);
	struct diag_port *out;
	unsigned i = 0;
	const cJSON *item;

	if (n > PORTS_MAX)
		wrong(x, key, "at most 1024 entries");
	if (list == NULL || n > PORTS_MAX)
		return;
	out = diag_read_array(x->r, n, sizeof(*out));
	ports->items = out;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = diag_at_index(&list_at, i++);

		if (out == NULL)
			return;
		if (diag_read_port(x->r, &here, item, &out[ports->n]))
			ports->n++;
	}
}

/* What nobody says follows from the service; addresses without a word are a
 * private endpoint's. */
static void read_expect(struct target_read *x)
{
	const struct diag_cat_row *row =
	    diag_cat_row_of(x->inv->cloud, x->t->service, x->t->fqdn);
	const char *word = NULL;

	x->t->expect = row != NULL ? row->expect : DIAG_EXPECT_ANY;
	if (x->t->expect == DIAG_EXPECT_ANY && x->t->n_addresses > 0)
		x->t->expect = DIAG_EXPECT_PRIVATE;
	if (diag_json_str(&x->at, x->item, "expect", &word) &&
	    !diag_expect_parse(word, &x->t->expect))
		wrong(x, "expect", "private, public or any");
}

static void read_origin(struct target_read *x)
{
	const char *word = NULL;

	if (diag_json_str(&x->at, x->item, "source", &word)) {
		x->t->computed = strcmp(word, "computed") == 0;
		if (!x->t->computed && strcmp(word, "read") != 0)
			wrong(x, "source", "read or computed");
	}
	(void)diag_json_bool(&x->at, x->item, "uncertain", &x->t->uncertain);
	(void)diag_json_bool(&x->at, x->item, "extra", &x->t->extra);
	if (diag_json_str(&x->at, x->item, "any_of", &word) && word[0] != '\0')
		x->t->any_of = diag_read_dup(x->r, word);
}

static void read_target(struct target_read *x)
{
	unsigned problems = x->r->problems->n;

	if (!cJSON_IsObject(x->item)) {
		diag_json_wrong(&x->at, x->item, "expected an object");
		return;
	}
	read_fqdn(x);
	read_addresses(x);
	if (x->t->fqdn == NULL && x->t->n_addresses == 0 &&
	    x->r->problems->n == problems)
		diag_json_wrong(&x->at, x->item,
				"expected a fqdn or addresses in it");
	read_service(x);
	read_ports(x, "ports", &x->t->ports);
	read_ports(x, "optional_ports", &x->t->optional_ports);
	read_expect(x);
	read_origin(x);
}

static void read_note(struct diag_reader *r, const struct diag_json_at *at,
		      const cJSON *item, struct diag_note *note)
{
	struct diag_json_at names_at = diag_at_key(at, "targets");
	struct diag_names names = { 0 };
	const cJSON *name;

	if (!cJSON_IsObject(item))
		diag_json_wrong(at, item, "expected an object");
	(void)diag_json_str(at, item, "code", &note->code);
	(void)diag_json_str(at, item, "detail", &note->detail);
	(void)diag_json_str(at, item, "from", &note->from);
	cJSON_ArrayForEach(name, diag_read_list(at, item, "targets"))
	{
		if (cJSON_IsString(name))
			diag_read_add(r, &names, name->valuestring);
		else
			diag_json_wrong(&names_at, name, "expected names");
	}
	note->targets = names.items;
	note->n_targets = names.n;
}

static void read_notes(struct diag_reader *r, const struct diag_json_at *at,
		       struct diag_inventory *inv)
{
	struct diag_json_at list_at = diag_at_key(at, "notes");
	const cJSON *list = diag_read_list(at, inv->tree, "notes");
	struct diag_note *notes = diag_read_array(
	    r, (size_t)cJSON_GetArraySize(list), sizeof(*notes));
	const cJSON *item;

	inv->notes = notes;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here =
		    diag_at_index(&list_at, (unsigned)inv->n_notes);

		if (notes == NULL)
			return;
		read_note(r, &here, item, &notes[inv->n_notes++]);
	}
}

void diag_read_targets(struct diag_reader *r, const struct diag_json_at *at,
		       struct diag_inventory *inv)
{
	struct diag_json_at list_at = diag_at_key(at, "targets");
	const cJSON *list = diag_read_list(at, inv->tree, "targets");
	struct diag_target *targets = diag_read_array(
	    r, (size_t)cJSON_GetArraySize(list), sizeof(*targets));
	const cJSON *item;

	inv->targets = targets;
	cJSON_ArrayForEach(item, list)
	{
		struct target_read x = { .r = r, .item = item, .inv = inv };

		if (targets == NULL)
			return;
		x.at = diag_at_index(&list_at, (unsigned)inv->n_targets);
		x.t = &targets[inv->n_targets++];
		read_target(&x);
	}
	read_notes(r, at, inv);
}
