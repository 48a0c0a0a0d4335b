/* SPDX-License-Identifier: MIT */
/* put.c - the text of a dialect, printed or as files of a folder. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "fix/zone/dialect.h"
#include "tools/pl-zone/zone.h"

#define DOCUMENT_MAX ((size_t)64 << 20)
#define FILE_MODE    0644 /* a name server of another user reads it */
#define FOLDER_MODE  0755

static void print(struct tool_call *call, const struct diag_dialect *dialect,
		  const struct diag_zone_text *text)
{
	for (size_t i = 0; i < text->n; i++) {
		const struct diag_zone_part *part = &text->parts[i];

		/* A zone file has comments of its own language. */
		if (text->n > 1)
			tool_print(call, "%s%s --- %s\n", i > 0 ? "\n" : "",
				   part->include ? dialect->comment : ";",
				   part->file);
		tool_write(call, part->text, part->len);
	}
}

static bool write_part(struct tool_call *call,
		       const struct diag_zone_part *part, bool told,
		       struct diag_err *err)
{
	bool slash = diag_text_ends(call->folder, "/");
	const char *path = diag_arena_printf(
	    &call->arena, "%s%s%s", call->folder, slash ? "" : "/", part->file);

	if (path == NULL)
		return diag_fail_nomem(err, "pl-zone");
	if (!diag_file_write(path, part->text, part->len, FILE_MODE, err))
		return false;
	if (told)
		tool_print(call, "%s\n", path);
	return true;
}

/* JSON instead: of files in a folder only their names. */
static bool put_document(struct tool_call *call,
			 const struct diag_dialect *dialect,
			 const struct diag_zone_text *text,
			 struct diag_err *err)
{
	struct diag_buf out;
	struct diag_jw w;
	bool ok;

	diag_buf_init(&out, DOCUMENT_MAX);
	diag_jw_init(&w, &out, 2);
	diag_jw_open(&w, '{');
	diag_jw_kstr(&w, "schema", PL_ZONE_SCHEMA);
	diag_jw_kstr(&w, "command", call->cmd->name);
	diag_jw_kstr(&w, "server", dialect->key);
	if (call->folder != NULL)
		diag_jw_kstr(&w, "folder", call->folder);
	diag_jw_kopen(&w, "files", '[');
	for (size_t i = 0; i < text->n; i++) {
		diag_jw_open(&w, '{');
		diag_jw_kstr(&w, "file", text->parts[i].file);
		diag_jw_kbool(&w, "include", text->parts[i].include);
		if (call->folder == NULL)
			diag_jw_kstr(&w, "text", text->parts[i].text);
		diag_jw_close(&w, '}');
	}
	diag_jw_close(&w, ']');
	diag_jw_close(&w, '}');
	diag_buf_putc(&out, '\n');
	ok = diag_buf_ok(&out, err, "pl-zone");
	if (ok)
		tool_write_buf(call, &out);
	diag_buf_clear(&out);
	return ok;
}

static bool write_parts(struct tool_call *call,
			const struct diag_zone_text *text, bool told,
			struct diag_err *err)
{
	if (mkdir(call->folder, FOLDER_MODE) != 0 && errno != EEXIST)
		return diag_fail_sys(err, "folder", "%s", call->folder);
	for (size_t i = 0; i < text->n; i++)
		if (!write_part(call, &text->parts[i], told, err))
			return false;
	return true;
}

bool pl_zone_put(struct tool_call *call, const struct diag_dialect *dialect,
		 const struct diag_zone_text *text, struct diag_err *err)
{
	bool json = strcmp(call->format, "json") == 0;

	if (call->folder != NULL && !write_parts(call, text, !json, err))
		return false;
	if (json)
		return put_document(call, dialect, text, err);
	if (call->folder == NULL)
		print(call, dialect, text);
	return true;
}
