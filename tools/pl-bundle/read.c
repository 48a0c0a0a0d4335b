/* SPDX-License-Identifier: MIT */
/* See read.h. */
#include "tools/pl-bundle/read.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "tools/pl-bundle/open.h"

#define LINE 1024

/* JSON text, which no archive of ours begins as. */
static bool is_case(const struct diag_buf *file)
{
	const char *text = diag_buf_str(file);

	return text[strspn(text, " \t\r\n")] == '{';
}

static bool wrap_case(const char *path, const struct diag_buf *file,
		      struct diag_bundle **out, struct diag_err *err)
{
	const struct diag_item item = { .path = DIAG_BUNDLE_CASE,
					.origin = pl_bundle_name(path),
					.state = DIAG_ITEM_TAKEN,
					.sort = DIAG_ITEM_JSON,
					.bytes = file->data,
					.len = file->len };
	struct diag_bundle *b = NULL;

	if (!diag_bundle_new(&b, err))
		return false;
	if (!diag_bundle_add(b, &item, err)) {
		diag_bundle_free(b);
		return false;
	}
	*out = b;
	return true;
}

static const char *flaw_line(const struct diag_flaw *f, char line[LINE])
{
	struct diag_buf text;

	diag_buf_init(&text, LINE - 1);
	diag_flaw_print(f, &text);
	(void)snprintf(line, LINE, "%s", diag_buf_str(&text));
	diag_buf_clear(&text);
	return line;
}

/* Those after which it cannot be relied on.  err is the first; a second and
 * all others are told here. */
static bool tell_bad(struct tool_call *call, const char *name,
		     const struct diag_verified *v, struct diag_err *err)
{
	char line[LINE];
	size_t bad = 0;

	for (size_t i = 0; i < v->n_flaws && i < DIAG_FLAWS; i++) {
		const struct diag_flaw *f = &v->flaws[i];

		if (diag_flaw_is_change(f) || diag_flaw_is_seal(f))
			continue;
		(void)flaw_line(f, line);
		if (bad++ == 0)
			(void)diag_fail(err, DIAG_EPARSE, "bundle", "%s: %s",
					name, line);
		else
			tool_error(call, "%s: %s", name, line);
	}
	return bad == 0;
}

static void tell_changed(struct tool_call *call, const char *name,
			 const struct diag_verified *v)
{
	char line[LINE];

	if (v->n_flaws > 0)
		tool_note(call,
			  "%s is not as it was packed (see pl-bundle verify): "
			  "%s",
			  name, flaw_line(&v->flaws[0], line));
}

static bool take(struct tool_call *call, const char *name,
		 struct diag_verified *v, struct diag_bundle **out,
		 struct diag_err *err)
{
	if (!tell_bad(call, name, v, err))
		return false;
	if (v->bundle == NULL)
		return diag_fail(err, DIAG_EPARSE, "bundle",
				 "%s: expected a manifest, got none", name);
	tell_changed(call, name, v);
	*out = v->bundle;
	v->bundle = NULL;
	return true;
}

static bool unpack(struct tool_call *call, const char *name,
		   const struct diag_buf *file, struct diag_bundle **out,
		   struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };
	struct diag_verified *v = NULL;
	bool ok;

	if (!pl_bundle_open(file, NULL, &v, &why))
		return diag_fail(err, why.code, "bundle", "%s: %s", name,
				 why.what);
	ok = take(call, name, v, out, err);
	diag_verified_free(v);
	return ok;
}

bool pl_bundle_read_sum(struct tool_call *call, const char *path,
			struct diag_bundle **out, char sha256[DIAG_SHA256_TEXT],
			struct diag_err *err)
{
	struct diag_buf file;
	bool ok = diag_file_read(path, PL_BUNDLE_FILE, &file, err) &&
		  (diag_sha256_of(diag_buf_str(&file), file.len, sha256) ||
		   diag_fail_nomem(err, "bundle"));

	if (ok)
		ok = is_case(&file)
			 ? wrap_case(path, &file, out, err)
			 : unpack(call, pl_bundle_name(path), &file, out, err);
	diag_buf_clear(&file);
	return ok;
}

bool pl_bundle_read(struct tool_call *call, const char *path,
		    struct diag_bundle **out, struct diag_err *err)
{
	char sha256[DIAG_SHA256_TEXT];

	return pl_bundle_read_sum(call, path, out, sha256, err);
}
