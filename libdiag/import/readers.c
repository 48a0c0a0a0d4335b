/* SPDX-License-Identifier: MIT */
/* readers.c - which reader knows this document: by its shape, not its name.
 *
 * A document is an object, a list, a list in `value` (REST), or either in an
 * object with one member (`az network nsg create` wraps in NewNSG).  To add a
 * kind: one file, one row.  The first row that knows an object reads it, so
 * the order matters where one shape is part of another.
 */
#include "import/internal.h"

#include <stdio.h>
#include <string.h>

#define NEST_MAX   8 /* lists in lists */
#define LOOKS_MAX  160
#define KEYS_SHOWN 4

#define ROW(name, words)                                           \
	{                                                          \
#name, words, import_is_##name, import_read_##name \
	}

const struct import_reader import_readers[] = {
	ROW(inventory, "inventory"),
	ROW(diagnosis, "workspace diagnosis"),
	ROW(service_tags, "list of service tags (not kept)"),
	ROW(nsg, "network security group"),
	ROW(endpoint, "private endpoint"),
	ROW(connection, "private endpoint connection"),
	ROW(zone_group, "private DNS zone group"),
	ROW(nic, "network interface"),
	ROW(ip_config, "address of a network interface"),
	ROW(query, "address of a network interface"),
	ROW(record_set, "private DNS record set"),
	ROW(custom_dns, "name of a private endpoint"),
	ROW(link, "link of a private DNS zone"),
	ROW(zone, "private DNS zone"),
	ROW(network, "virtual network"),
	ROW(peering, "network peering"),
	ROW(workspace, "workspace"),
	ROW(compute, "compute"),
	ROW(online, "online endpoint"),
	ROW(link_resource, "private link resource"),
	ROW(outbound, "outbound dependency (not kept)"),
	ROW(answer, "answer of Resolve-DnsName"),
};
const size_t import_n_readers =
    sizeof(import_readers) / sizeof(import_readers[0]);
_Static_assert(sizeof(import_readers) / sizeof(import_readers[0]) +
		       IMPORT_OTHERS <=
		   IMPORT_READERS,
	       "room for the counts");

struct walk {
	struct diag_import *im;
	unsigned depth;
	size_t known, unknown;
	const char *where; /* of the first unknown */
	char looks[LOOKS_MAX];
};

/* --- what nobody knows ---------------------------------------------------- */

static void list_keys(const cJSON *obj, char *out, size_t size)
{
	const cJSON *m = obj->child;
	size_t len = (size_t)snprintf(out, size, "an object with");

	if (m == NULL)
		(void)snprintf(out, size, "an empty object");
	for (int i = 0; m != NULL && i < KEYS_SHOWN && len < size; i++) {
		len += (size_t)snprintf(out + len, size - len, "%s \"%.24s\"",
					i > 0 ? "," : "", m->string);
		m = m->next;
	}
}

/* { "error": { "code": …, "message": … } }, which REST answers. */
static bool is_error(const struct import_obj *o, char *out, size_t size)
{
	struct diag_json_at at;
	struct import_obj inside;

	if (!import_is_object(o, "error") ||
	    !import_object(o, "error", &inside, &at) ||
	    !import_is_str(&inside, "code"))
		return false;
	(void)snprintf(out, size, "an error of Azure, %.40s",
		       import_str(&inside, "code"));
	return true;
}

static void look(const struct diag_json_at *at, const cJSON *value, char *out,
		 size_t size)
{
	struct import_obj o;
	const cJSON *m;

	if (!cJSON_IsObject(value)) {
		(void)snprintf(out, size, "%s",
			       cJSON_IsString(value) ? "a text"
						     : "a lone value");
		return;
	}
	import_obj_init(&o, at, value);
	m = import_member(&o, "type", NULL);
	if (!cJSON_IsString(m))
		m = import_member(&o, "schema", NULL);
	if (is_error(&o, out, size))
		return;
	if (cJSON_IsString(m))
		(void)snprintf(out, size, "\"%.80s\"", m->valuestring);
	else
		list_keys(value, out, size);
}

static void unknown(struct walk *w, const struct diag_json_at *at,
		    const cJSON *value)
{
	if (w->unknown++ > 0)
		return;
	w->where = import_from(w->im, at);
	look(at, value, w->looks, sizeof(w->looks));
}

/* --- the walk ------------------------------------------------------------- */

static void any(struct walk *w, const struct diag_json_at *at,
		const cJSON *value);

static void list(struct walk *w, const struct diag_json_at *at,
		 const cJSON *items)
{
	unsigned i = 0;
	const cJSON *item;

	if (items->child == NULL) {
		w->known++;
		w->im->met[IMPORT_MET_EMPTY]++;
	}
	cJSON_ArrayForEach(item, items)
	{
		struct diag_json_at here = import_at_index(at, i++);

		if (w->im->nomem || w->im->over != NULL)
			return;
		any(w, &here, item);
	}
}

static bool by_reader(struct walk *w, const struct import_obj *o)
{
	for (size_t i = 0; i < import_n_readers; i++) {
		if (!import_readers[i].recognise(o))
			continue;
		w->im->met[i]++;
		w->known++;
		import_readers[i].read(w->im, o);
		return true;
	}
	return false;
}

/* `value` of REST, or the only member, if that is what holds something. */
static const cJSON *wrapped(const cJSON *obj, const char **key)
{
	const cJSON *m = cJSON_GetObjectItem(obj, "value");

	if (!cJSON_IsArray(m) && !cJSON_IsObject(m) && obj->child != NULL &&
	    obj->child->next == NULL)
		m = obj->child;
	if (!cJSON_IsArray(m) && !cJSON_IsObject(m))
		return NULL;
	*key = m->string;
	return m;
}

static void check_whole(const struct import_obj *o)
{
	struct diag_json_at at;

	if (import_is_str(o, "nextLink") &&
	    import_member(o, "nextLink", &at)->valuestring[0] != '\0')
		import_wrong(&at,
			     "the list goes on in another page, which is not "
			     "here",
			     import_str(o, "nextLink"));
}

static void object(struct walk *w, const struct diag_json_at *at,
		   const cJSON *obj)
{
	struct import_obj o;
	const char *key;
	const cJSON *inside;

	import_obj_init(&o, at, obj);
	if (by_reader(w, &o))
		return;
	inside = import_is_object(&o, "error") ? NULL : wrapped(obj, &key);
	if (inside == NULL || w->depth >= NEST_MAX) {
		unknown(w, at, obj);
		return;
	}
	struct diag_json_at here = import_at_key(at, key);

	check_whole(&o);
	any(w, &here, inside);
}

static void any(struct walk *w, const struct diag_json_at *at,
		const cJSON *value)
{
	w->depth++;
	if (cJSON_IsArray(value) && w->depth <= NEST_MAX)
		list(w, at, value);
	else if (cJSON_IsObject(value))
		object(w, at, value);
	else
		unknown(w, at, value);
	w->depth--;
}

void import_document(struct diag_import *im, const cJSON *doc)
{
	const struct diag_json_at root = { .file = im->file,
					   .problems = im->problems };
	struct walk w = { .im = im };

	any(&w, &root, doc);
	im->documents++;
	im->skipped += w.known == 0;
	if (w.unknown == 0)
		return;
	if (w.unknown == 1)
		diag_problem(im->problems, "%s: import does not read this: %s",
			     w.where, w.looks);
	else
		diag_problem(im->problems,
			     "%s: import does not read this and %zu more: %s",
			     w.where, w.unknown - 1, w.looks);
}
