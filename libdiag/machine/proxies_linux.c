/* SPDX-License-Identifier: MIT */
/* proxies_linux.c - proxy variables of the environment.
 *
 * Lower case wins, as in curl; curl itself does not take HTTP_PROXY (a CGI
 * header could set it), but Python and Go do, so it counts when there is no
 * http_proxy.  sudo takes these variables away from us and not from the
 * person's programs: then /etc/environment (pam_env(8)) is asked too.
 */
#include <stdlib.h>
#include <string.h>

#include "machine/internal.h"

#define ENVIRONMENT "/etc/environment"

struct variable {
	const char *scheme; /* NULL: no_proxy */
	const char *names[2];
};

static const struct variable variables[] = {
	{ "https", { "https_proxy", "HTTPS_PROXY" } },
	{ "http", { "http_proxy", "HTTP_PROXY" } },
	{ "all", { "all_proxy", "ALL_PROXY" } },
	{ NULL, { "no_proxy", "NO_PROXY" } },
};

static bool take(struct machine_reader *r, const struct variable *v,
		 const char *value, const char *source)
{
	if (v->scheme == NULL)
		return machine_set_no_proxy(r->m, value, r->err);
	return machine_add_proxy(r->m, v->scheme, value, source, r->notes,
				 r->err);
}

/* NAME=value, the value perhaps in quotes, "export" perhaps before it. */
static bool file_value(struct diag_slice line, const char *name,
		       struct diag_slice *value)
{
	struct diag_cursor c;
	struct diag_slice key, v;

	line = diag_slice_trim(line);
	c = diag_cursor_of(line.p, line.len);
	(void)diag_cursor_take(&c, "export ");
	if (!diag_cursor_until(&c, '=', &key) ||
	    !diag_slice_eq(diag_slice_trim(key), name))
		return false;
	v = diag_slice_trim(
	    (struct diag_slice){ (const char *)c.at, diag_cursor_left(&c) });
	if (v.len >= 2 && (v.p[0] == '"' || v.p[0] == '\'') &&
	    v.p[v.len - 1] == v.p[0]) {
		v.p++;
		v.len -= 2;
	}
	*value = v;
	return v.len > 0;
}

static bool take_from_file(struct machine_reader *r, const struct variable *v,
			   const struct diag_buf *text)
{
	for (size_t i = 0; i < 2; i++) {
		struct diag_cursor c =
		    diag_cursor_of(diag_buf_str(text), text->len);
		struct diag_slice line, value;

		while (diag_cursor_line(&c, &line)) {
			const char *copy;

			if (!file_value(line, v->names[i], &value))
				continue;
			copy =
			    diag_arena_strn(&r->m->arena, value.p, value.len);
			if (copy == NULL)
				return diag_fail_nomem(r->err, "machine");
			return take(r, v, copy, ENVIRONMENT);
		}
	}
	return true;
}

static bool read_variable(struct machine_reader *r, const struct variable *v,
			  const struct diag_buf *text)
{
	for (size_t i = 0; i < 2; i++) {
		const char *value = getenv(v->names[i]);

		if (value != NULL && value[0] != '\0')
			return take(r, v, value, v->names[i]);
	}
	return take_from_file(r, v, text);
}

bool machine_read_proxies(struct machine_reader *r)
{
	struct diag_buf text;
	bool found, ok = true;

	diag_buf_init(&text, 0);
	if (getenv("SUDO_USER") != NULL)
		ok = machine_read_file(r, ENVIRONMENT, &text, &found);
	for (size_t i = 0; ok && i < sizeof(variables) / sizeof(variables[0]);
	     i++)
		ok = read_variable(r, &variables[i], &text);
	diag_buf_clear(&text);
	return ok;
}
