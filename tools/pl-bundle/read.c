/* SPDX-License-Identifier: MIT */
/* See read.h. */
#include "tools/pl-bundle/read.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "case/case.h"
#include "tools/pl-bundle/open.h"

#define LINE 1024

/* Where JSON text begins, which no archive of ours begins as; NULL: none.
 * Editors put U+FEFF before it. */
static const char *json_of(const struct diag_buf *file)
{
	const char *text = diag_buf_str(file);

	text += diag_text_starts(text, "\xef\xbb\xbf") ? 3 : 0;
	text += strspn(text, " \t\r\n");
	return *text == '{' ? text : NULL;
}

/* Its first line is the header of a case.  The rest is for who needs it: a case
 * with a fault further down can be looked at all the same. */
static bool is_case(struct tool_call *call, const char *name,
		    const struct diag_buf *file, struct diag_err *err)
{
	const char *json = json_of(file);
	size_t before = (size_t)(json - file->data);
	const char *end = memchr(json, '\n', file->len - before);
	size_t len = end != NULL ? (size_t)(end - file->data) : file->len;
	struct diag_problems problems;
	struct diag_case *c = NULL;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_case_new(&c, err) &&
	     diag_case_add(c, name, file->data, len, &problems, err);
	if (!ok && problems.n > 0) {
		tool_error_lines(call, diag_buf_str(&problems.text));
		*err = (struct diag_err){ .code = DIAG_OK };
	}
	diag_problems_clear(&problems);
	diag_case_free(c);
	return ok;
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
 * all others are told here, unless the archive itself broke off: all that lacks
 * lacks because of that. */
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
		if (diag_flaw_is_archive(f))
			break;
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

/* What verify says of it knows no cases. */
static bool is_neither(const char *name, const struct diag_buf *file,
		       struct diag_err *err)
{
	return diag_fail(err, DIAG_EPARSE, "bundle",
			 "%s: expected a bundle (.tar.zst or .zip) or a case "
			 "(of pl-doctor --save), got %s",
			 name,
			 file->len > 0 ? "something else" : "an empty file");
}

static bool unpack(struct tool_call *call, const char *name,
		   const struct diag_buf *file, struct diag_bundle **out,
		   struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };
	struct diag_verified *v = NULL;
	bool ok;

	if (!pl_bundle_open(file, NULL, &v, &why))
		return why.code == DIAG_EPARSE
			   ? is_neither(name, file, err)
			   : diag_fail(err, why.code, "bundle", "%s: %s", name,
				       why.what);
	ok = take(call, name, v, out, err);
	diag_verified_free(v);
	return ok;
}

bool pl_bundle_read_sum(struct tool_call *call, const char *path,
			struct diag_bundle **out, char sha256[DIAG_SHA256_TEXT],
			struct diag_err *err)
{
	const char *name = pl_bundle_name(path);
	struct diag_buf file;
	bool ok = diag_file_read(path, PL_BUNDLE_FILE, &file, err) &&
		  (diag_sha256_of(diag_buf_str(&file), file.len, sha256) ||
		   diag_fail_nomem(err, "bundle"));

	if (ok && json_of(&file) != NULL)
		ok = is_case(call, name, &file, err) &&
		     wrap_case(path, &file, out, err);
	else if (ok)
		ok = unpack(call, name, &file, out, err);
	diag_buf_clear(&file);
	return ok;
}

bool pl_bundle_read(struct tool_call *call, const char *path,
		    struct diag_bundle **out, struct diag_err *err)
{
	char sha256[DIAG_SHA256_TEXT];

	return pl_bundle_read_sum(call, path, out, sha256, err);
}
