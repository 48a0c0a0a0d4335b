/* SPDX-License-Identifier: MIT */
/* files.c - whether what will be written can be, told before the work and not
 * after it.  What the name does not tell (a full disk) is told at the end. */
#include "tools/shell.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"

static bool is_free(const char *path, struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };

	if (diag_file_can_create(path, false, &why))
		return true;
	if (why.sys == EEXIST)
		return diag_fail(err, DIAG_EUSAGE, "create",
				 "%s: is there already", path);
	*err = why;
	return false;
}

static bool can_be(const struct tool_option *row, const char *path,
		   struct diag_err *err)
{
	if (path[0] == '\0')
		return diag_fail(err, DIAG_EUSAGE, row->name,
				 "expected the name of a file, got \"\"");
	return row->file == TOOL_FILE_NEW ? is_free(path, err)
					  : diag_file_can_write(path, err);
}

bool tool_files_check(const struct tool_call *call,
		      const struct tool_line *line, struct diag_err *err)
{
	struct tool_common common = line->common;
	struct tool_slots slots;

	/* A command that makes its files itself also looks itself. */
	if (call->folder != NULL || call->made != NULL)
		common.output = NULL;
	tool_slots_of(&slots, line->tool, line->cmd, line->options, &common);
	for (size_t i = 0; i < slots.n; i++) {
		const struct tool_slot *slot = &slots.at[i];
		bool idle = tool_has_answer(&common) &&
			    slot->group != tool_common_groups;
		const char *path = NULL;

		if (slot->row->file != TOOL_FILE_NONE && !idle)
			memcpy(&path, slot->value, sizeof(path));
		if (path != NULL && !can_be(slot->row, path, err))
			return false;
	}
	return true;
}
