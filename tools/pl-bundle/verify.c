/* SPDX-License-Identifier: MIT */
/* verify.c - is this what was packed, to the last byte?
 *
 * Exit status: 1 when anything differs, 2 when the file cannot be read or is
 * no archive of ours at all.
 */
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "tools/pl-bundle/bundle.h"
#include "tools/pl-bundle/open.h"

static const struct tool_option rows[] = {
	{ TOOL_TEXT(struct pl_bundle, sha256), .name = "sha256", .arg = "HEX",
	  .help = "The SHA-256 that was printed when the bundle was made" },
	{ .name = NULL },
};
const struct tool_group pl_bundle_verify_groups[] = {
	{ "Verifying", rows, 0 },
	{ NULL, NULL, 0 },
};

/* --- text ------------------------------------------------------------------
 */

static void put_flaw(struct tool_call *call, const struct diag_flaw *f)
{
	struct diag_buf line, safe;

	diag_buf_init(&line, PL_BUNDLE_DOC_MAX);
	diag_buf_init(&safe, PL_BUNDLE_DOC_MAX);
	diag_flaw_print(f, &line);
	diag_text_safe(&safe, diag_buf_str(&line), line.len);
	tool_print(call, "  %s\n", diag_buf_str(&safe));
	diag_buf_clear(&safe);
	diag_buf_clear(&line);
}

static void put_good(struct tool_call *call, const char *name,
		     const struct diag_bundle *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_items; i++)
		n += diag_item_is_in(b->items[i].state);
	tool_print(call, "%s: every byte is as it was packed (%zu items)\n",
		   name, n);
}

static size_t kept(const struct diag_verified *v)
{
	return v->n_flaws < DIAG_FLAWS ? v->n_flaws : DIAG_FLAWS;
}

/* What another program packed again: all else was looked at and is right. */
static bool only_unsealed(const struct diag_verified *v)
{
	return v->n_flaws == 1 && diag_flaw_is_seal(&v->flaws[0]) && !v->sealed;
}

static void put_text(struct tool_call *call, const char *path,
		     const struct diag_verified *v)
{
	char name[400];

	(void)diag_text_safe_z(pl_bundle_name(path), name, sizeof(name));
	if (v->n_flaws == 0) {
		put_good(call, name, v->bundle);
	} else {
		tool_print(call, "%s: not as it was packed\n", name);
		for (size_t i = 0; i < kept(v); i++)
			put_flaw(call, &v->flaws[i]);
	}
	if (v->n_flaws > kept(v))
		tool_print(call, "  and %zu more\n", v->n_flaws - kept(v));
	if (only_unsealed(v))
		tool_print(call,
			   "  but every item is what the manifest says\n");
	tool_print(call, "SHA-256 %s\n", v->sha256);
}

/* --- JSON ------------------------------------------------------------------
 */

static bool put_json(struct tool_call *call, const char *path,
		     const struct diag_verified *v, struct diag_err *err)
{
	struct diag_buf out;
	struct diag_jw w;

	pl_bundle_doc(&w, &out, "verify", pl_bundle_name(path));
	diag_jw_kstr(&w, "sha256", v->sha256);
	diag_jw_kbool(&w, "sealed", v->sealed);
	diag_jw_kbool(&w, "intact", v->n_flaws == 0);
	if (v->bundle != NULL)
		diag_jw_kuint(&w, "items", v->bundle->n_items);
	diag_jw_kopen(&w, "flaws", '[');
	for (size_t i = 0; i < kept(v); i++) {
		diag_jw_open(&w, '{');
		diag_jw_kstr(&w, "what", v->flaws[i].what);
		diag_jw_kstr(&w, "item", v->flaws[i].item);
		diag_jw_kstr(&w, "expected", v->flaws[i].expected);
		diag_jw_kstr(&w, "got", v->flaws[i].got);
		diag_jw_close(&w, '}');
	}
	diag_jw_close(&w, ']');
	if (v->n_flaws > kept(v))
		diag_jw_kuint(&w, "more", v->n_flaws - kept(v));
	return pl_bundle_doc_end(call, &w, err);
}

/* --- the command -----------------------------------------------------------
 */

static bool open_file(const char *path, const char *sha256,
		      struct diag_verified **v, struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };
	struct diag_buf file;
	bool ok = diag_file_read(path, PL_BUNDLE_FILE, &file, err);

	if (ok && !pl_bundle_open(&file, sha256, v, &why))
		ok = diag_fail(err, why.code, "bundle", "%s: %s",
			       pl_bundle_name(path), why.what);
	diag_buf_clear(&file);
	return ok;
}

static enum tool_status tell(struct tool_call *call,
			     const struct diag_verified *v,
			     struct diag_err *err)
{
	/* No manifest is a flaw of its own. */
	if (strcmp(call->format, "json") != 0)
		put_text(call, call->argv[0], v);
	else if (!put_json(call, call->argv[0], v, err))
		return TOOL_TROUBLE;
	return v->n_flaws == 0 ? TOOL_GOOD : TOOL_WRONG;
}

enum tool_status pl_bundle_verify(struct tool_call *call, struct diag_err *err)
{
	const struct pl_bundle *o = call->options;
	char *sha256 = diag_arena_strdup(&call->arena, o->sha256);
	struct diag_verified *v = NULL;
	enum tool_status status;

	if (sha256 != NULL) {
		diag_text_lower(sha256);
		if (!diag_sha256_is(sha256)) {
			(void)diag_fail(err, DIAG_EUSAGE, "--sha256",
					"expected 64 hex digits, got \"%.80s\"",
					o->sha256);
			return TOOL_USAGE;
		}
	}
	if (!open_file(call->argv[0], sha256, &v, err))
		return tool_bad_input(err);
	status = tell(call, v, err);
	diag_verified_free(v);
	return status;
}
