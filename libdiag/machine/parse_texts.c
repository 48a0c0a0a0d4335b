/* SPDX-License-Identifier: MIT */
/* parse_texts.c - a machine from JSON: files that were sent as they are.
 *
 * A collector is a script (pl-doctor --print-collector).  It sends the lines
 * of hosts, resolv.conf and nsswitch.conf that matter, and what they mean is
 * worked out here, by the same readers as on the machine itself.
 */
#include <string.h>

#include "machine/internal.h"

struct texts {
	struct machine_json *j;
	const struct diag_json_at *at;
	const cJSON *obj;
};

/* A text and its length; false: there is none. */
static bool text_of(const struct texts *t, const char *key, const char **text,
		    size_t *len)
{
	if (!diag_json_str(t->at, t->obj, key, text))
		return false;
	*len = strlen(*text);
	return true;
}

static void too_much(const struct texts *t, const char *key)
{
	struct diag_json_at here = { .file = t->at->file,
				     .up = t->at,
				     .key = key,
				     .problems = t->at->problems };

	diag_json_wrong(&here, NULL, "expected less text");
}

static void read_hosts(const struct texts *t)
{
	struct diag_machine *m = t->j->m;
	struct diag_err err = { 0 };
	const char *text;
	size_t len;

	if (!text_of(t, "hosts", &text, &len) ||
	    diag_hosts_parse(&m->arena, text, len, &m->hosts, &err))
		return;
	t->j->no_memory |= err.code == DIAG_ENOMEM;
	if (err.code != DIAG_ENOMEM)
		too_much(t, "hosts");
}

static void read_with(const struct texts *t, const char *key,
		      bool (*read)(struct diag_machine *m, const char *text,
				   size_t len, struct diag_err *err))
{
	struct diag_err err = { 0 };
	const char *text;
	size_t len;

	if (!text_of(t, key, &text, &len) || read(t->j->m, text, len, &err))
		return;
	t->j->no_memory |= err.code == DIAG_ENOMEM;
	if (err.code != DIAG_ENOMEM)
		too_much(t, key);
}

static bool read_resolv(struct diag_machine *m, const char *text, size_t len,
			struct diag_err *err)
{
	return diag_resolv_parse(m, "/etc/resolv.conf", text, len, err);
}

void machine_parse_texts(struct machine_json *j, const struct diag_json_at *at,
			 const cJSON *obj)
{
	struct diag_json_at here = { .file = at->file,
				     .up = at,
				     .key = "texts",
				     .problems = at->problems };
	struct texts t = { .j = j,
			   .at = &here,
			   .obj = diag_json_object(at, obj, "texts") };

	if (t.obj == NULL)
		return;
	read_hosts(&t);
	read_with(&t, "resolv_conf", read_resolv);
	read_with(&t, "nsswitch", diag_nsswitch_parse);
}
