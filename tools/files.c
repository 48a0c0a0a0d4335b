/* SPDX-License-Identifier: MIT */
/* files.c - whether what will be written can be, told before the work and not
 * after it.  What the name does not tell (a full disk) is told at the end. */
#include "tools/shell.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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

static const char *path_of(const struct tool_slot *slot,
			   const struct tool_common *common)
{
	const char *path = NULL;

	if (slot->row->file == TOOL_FILE_NONE ||
	    (tool_has_answer(common) && slot->group != tool_common_groups))
		return NULL;
	memcpy(&path, slot->value, sizeof(path));
	return path;
}

/* Devices take what both write. */
static bool is_one_file(const char *a, const char *b)
{
	struct stat st;

	return strcmp(a, b) == 0 && (stat(a, &st) != 0 || S_ISREG(st.st_mode));
}

/* Of two files of one name only the last one would be left. */
static bool is_own(const struct tool_slots *slots, size_t which,
		   const struct tool_common *common, struct diag_err *err)
{
	const char *path = path_of(&slots->at[which], common);

	for (size_t i = 0; i < which; i++) {
		const char *other = path_of(&slots->at[i], common);

		if (other != NULL && is_one_file(path, other))
			return diag_fail(err, DIAG_EUSAGE,
					 slots->at[which].row->name,
					 "%s: --%s is to write there, too",
					 path, slots->at[i].row->name);
	}
	return true;
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
		const char *path = path_of(&slots.at[i], &common);

		if (path != NULL && (!can_be(slots.at[i].row, path, err) ||
				     !is_own(&slots, i, &common, err)))
			return false;
	}
	return true;
}
