/* SPDX-License-Identifier: MIT */
/* cat_read.c - catalogue.json to tables.
 *
 * The document is compiled in and its shape is tested, so a fault here is
 * ours; it still ends in an error and not in a half-filled table.
 */
#include "inventory/cat_data.h"

#include <string.h>

#include "inventory/pattern.h"
#include "inventory/reader.h"

/* Bits of the words in a list; no list means all of them. */
static unsigned mask_of(const struct diag_json_at *at, const cJSON *list,
			bool (*bit)(const char *word, unsigned *mask))
{
	const cJSON *item;
	unsigned mask = 0;

	if (list == NULL)
		return ~0U;
	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsString(item) || !bit(item->valuestring, &mask))
			diag_json_wrong(at, item, "expected a known word");
	}
	return mask;
}

static bool role_bit(const char *word, unsigned *mask)
{
	enum diag_role role;

	if (!diag_role_parse(word, &role))
		return false;
	*mask |= 1U << role;
	return true;
}

static bool era_bit(const char *word, unsigned *mask)
{
	enum diag_era era;

	if (!diag_era_parse(word, &era))
		return false;
	*mask |= 1U << era;
	return true;
}

unsigned diag_cat_roles(const struct diag_json_at *at, const cJSON *list)
{
	return mask_of(at, list, role_bit);
}

/* --- ports -----------------------------------------------------------------
 */

static struct cat_port *read_ports(struct diag_reader *r,
				   const struct diag_json_at *up,
				   const cJSON *svc, size_t *n)
{
	struct diag_json_at at = diag_at_key(up, "ports");
	const cJSON *list = diag_json_array(up, svc, "ports");
	struct cat_port *ports = diag_read_array(
	    r, (size_t)cJSON_GetArraySize(list), sizeof(*ports));
	const cJSON *item;

	*n = 0;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = diag_at_index(&at, (unsigned)*n);
		struct cat_port *p;

		if (ports == NULL)
			break;
		p = &ports[(*n)++];
		(void)diag_read_port(r, &here, item, &p->port);
		(void)diag_json_bool(&here, item, "optional", &p->optional);
		(void)diag_json_str(up, svc, "tag", &p->port.tag);
		(void)diag_json_str(&here, item, "tag", &p->port.tag);
		(void)diag_json_str(&here, item, "why", &p->port.why);
		p->roles = mask_of(&here, diag_json_array(&here, item, "roles"),
				   role_bit);
		p->eras = mask_of(&here, diag_json_array(&here, item, "eras"),
				  era_bit);
	}
	return ports;
}

static struct diag_ports pick(struct diag_reader *r,
			      const struct cat_port *ports, size_t n,
			      unsigned role_era[2], bool optional)
{
	struct diag_port *items = diag_read_array(r, n, sizeof(*items));
	struct diag_ports out = { items, 0 };

	for (size_t i = 0; items != NULL && i < n; i++) {
		if (ports[i].optional == optional &&
		    (ports[i].roles & role_era[0]) != 0 &&
		    (ports[i].eras & role_era[1]) != 0)
			items[out.n++] = ports[i].port;
	}
	return out;
}

static void spread_ports(struct diag_reader *r, const struct cat_port *ports,
			 size_t n, struct cat_service *svc)
{
	for (unsigned i = 0; i < DIAG_N_ROLES * DIAG_N_ERAS * 2; i++) {
		unsigned role = i / (DIAG_N_ERAS * 2);
		unsigned era = i / 2 % DIAG_N_ERAS;
		unsigned bits[2] = { 1U << role, 1U << era };

		svc->ports[role][era][i % 2] =
		    pick(r, ports, n, bits, i % 2 == 1);
	}
}

/* --- what is worked out from all rows --------------------------------------
 */

static void add_public(struct diag_reader *r, struct cat *cat,
		       const struct cat_row *row)
{
	enum diag_cloud c = row->row.cloud;
	struct diag_cat_public *p;

	if (row->row.expect != DIAG_EXPECT_PUBLIC || row->row.pattern == NULL)
		return;
	p = diag_arena_push(r->arena, &cat->publics[c], &cat->n_publics[c],
			    sizeof(*p));
	if (p == NULL) {
		r->nomem = true;
		return;
	}
	p->pattern = row->row.pattern;
	p->service = row->row.service;
	p->required = row->required;
	p->roles = row->roles;
}

static void add_form(struct diag_reader *r, struct cat *cat,
		     const struct cat_row *row, const char *pattern)
{
	struct cat_form *f;

	if (pattern == NULL)
		return;
	f = diag_arena_push(r->arena, &cat->forms, &cat->n_forms, sizeof(*f));
	if (f == NULL) {
		r->nomem = true;
		return;
	}
	f->pattern = pattern;
	f->tail = diag_pattern_tail(pattern);
	f->tail_len = strlen(f->tail);
	f->weight = diag_pattern_weight(pattern);
	f->row = &row->row;
}

static void add_forms(struct diag_reader *r, struct cat *cat,
		      const struct cat_row *row)
{
	add_form(r, cat, row, row->row.pattern);
	for (size_t i = 0; i < row->row.n_others; i++)
		add_form(r, cat, row, row->row.others[i]);
	for (size_t i = 0; i < row->also.n; i++)
		add_form(r, cat, row, row->also.items[i]);
	for (size_t i = 0; i < row->legacy.n; i++)
		add_form(r, cat, row, row->legacy.items[i]);
}

static void add_parent(struct diag_reader *r, struct diag_names *parents,
		       const char *parent)
{
	for (size_t i = 0; i < parents->n; i++) {
		if (strcmp(parents->items[i], parent) == 0)
			return;
	}
	diag_read_add(r, parents, parent);
}

static void add_parents(struct diag_reader *r, struct cat *cat,
			const struct cat_row *row)
{
	struct diag_names *parents = &cat->parents[row->row.cloud];

	if (row->row.parent != NULL)
		add_parent(r, parents, row->row.parent);
	for (size_t i = 0; i < row->more_parents.n; i++)
		add_parent(r, parents, row->more_parents.items[i]);
}

/* --- the document ----------------------------------------------------------
 */

static void read_service(struct diag_reader *r, const struct diag_json_at *at,
			 const cJSON *svc, struct cat *cat, unsigned number)
{
	const char *key = "";
	struct cat_place p = { .svc_at = *at, .svc = svc };
	struct cat_service *out = &cat->services[number];
	const cJSON *clouds = diag_json_object(at, svc, "clouds");
	struct cat_port *ports;
	size_t n;

	(void)diag_json_str(at, svc, "key", &key);
	if (strcmp(key, diag_service_key((enum diag_service)number)) != 0)
		diag_json_wrong(at, svc, "expected the service \"%s\"",
				diag_service_key((enum diag_service)number));
	ports = read_ports(r, at, svc, &n);
	spread_ports(r, ports, n, out);
	for (int c = 0; c < DIAG_N_CLOUDS; c++) {
		const char *word = diag_cloud_key((enum diag_cloud)c);

		p.row_at = diag_at_key(at, word);
		p.row = cJSON_GetObjectItemCaseSensitive(clouds, word);
		if (p.row != NULL)
			diag_cat_read_rows(r, &p, out,
					   (enum diag_service)number,
					   (enum diag_cloud)c);
		for (size_t i = 0; i < out->n_rows[c]; i++) {
			add_public(r, cat, &out->rows[c][i]);
			add_parents(r, cat, &out->rows[c][i]);
			add_forms(r, cat, &out->rows[c][i]);
		}
	}
}

static void read_services(struct diag_reader *r, const struct diag_json_at *at,
			  struct cat *cat)
{
	struct diag_json_at list_at = diag_at_key(at, "services");
	const cJSON *list = diag_json_array(at, cat->tree, "services");
	unsigned number = 0;
	const cJSON *svc;

	if (cJSON_GetArraySize(list) != DIAG_N_SERVICES) {
		diag_json_wrong(&list_at, list, "expected %u services",
				(unsigned)DIAG_N_SERVICES);
		return;
	}
	cJSON_ArrayForEach(svc, list)
	{
		struct diag_json_at here = diag_at_index(&list_at, number);

		read_service(r, &here, svc, cat, number++);
	}
}

bool diag_cat_read(struct cat *cat, const char *text, size_t len,
		   struct diag_err *err)
{
	static const struct diag_json_limits limits = { (size_t)1 << 20, 16 };
	struct diag_problems problems;
	struct diag_reader r = { &cat->arena, &problems, false };
	struct diag_json_at root = { .file = "catalogue",
				     .problems = &problems };
	bool ok = false;

	diag_problems_init(&problems);
	if (!diag_json_parse("catalogue", text, len, &limits, &cat->tree, err))
		goto out;
	read_services(&r, &root, cat);
	if (r.nomem)
		ok = diag_fail_nomem(err, "catalogue");
	else if (problems.n > 0)
		ok = diag_fail(err, DIAG_EPARSE, "catalogue", "%s",
			       diag_buf_str(&problems.text));
	else
		ok = true;
out:
	diag_problems_clear(&problems);
	return ok;
}
