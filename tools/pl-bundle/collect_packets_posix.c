/* SPDX-License-Identifier: MIT */
/* collect_packets_posix.c - packets beside it all, and what is in
 * them.
 *
 * The file loses its name as soon as it is open, so that nothing can be left
 * of it, whatever becomes of us; pl-capture then finds it below /proc.
 * Packets themselves go through no mask (mask.h), so with one they stay behind;
 * the facts that pl-capture reads from them go.
 */
#include "tools/pl-bundle/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "run/exec.h"
#include "tools/temp.h"

#define FACTS_PATH  "capture.jsonl"
#define PACKETS_MAX ((size_t)64 << 20)
#define FACTS_MAX   ((size_t)64 << 20)
#define FD_NAME	    64 /* bytes of "/proc/PID/fd/N" */

static void fail(struct collecting *s, enum diag_item_state state,
		 const char *why)
{
	s->no_packets = why;
	s->no_packets_state = state;
}

/* What records opens the file by its name, and then nobody needs it. */
static void begin(struct collecting *s, const struct diag_case *c,
		  const char *folder)
{
	struct diag_err err = { .code = DIAG_OK };
	bool quiet = s->call->quiet;
	char path[TOOL_TEMP_LEN + 16];
	enum tool_status status;

	(void)snprintf(path, sizeof(path), "%s/packets", folder);
	s->call->quiet = true; /* what this file is called is nobody's */
	status = doctor_capture_begin(s->call, c, path, &s->capture, &err);
	s->call->quiet = quiet;
	if (status != TOOL_GOOD)
		fail(s, DIAG_ITEM_FAILED,
		     err.sys == ENOENT ? "there is no pl-capture beside us"
				       : "pl-capture could not record");
	else if (s->capture.pid == 0)
		fail(s, DIAG_ITEM_FAILED, "no right to capture");
	else
		s->packets = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	(void)unlink(path);
	if (s->packets < 0 && s->no_packets == NULL)
		fail(s, DIAG_ITEM_FAILED, "pl-capture could not record");
}

void collect_packets_begin(struct collecting *s, const struct diag_case *c)
{
	char folder[TOOL_TEMP_LEN];

	if (s->o->collect.no_capture) {
		fail(s, DIAG_ITEM_WITHHELD, "--no-capture");
		return;
	}
	if (!tool_temp_folder(folder, NULL)) {
		fail(s, DIAG_ITEM_FAILED, "no folder for it");
		return;
	}
	begin(s, c, folder);
	(void)rmdir(folder);
	if (s->no_packets != NULL)
		collect_say(s, "no packets are recorded: %s", s->no_packets);
	else
		collect_say(s, "packets are recorded");
}

void collect_packets_end(struct collecting *s)
{
	if (s->capture.pid != 0 && !doctor_capture_end(s->call, &s->capture))
		fail(s, DIAG_ITEM_FAILED, "pl-capture did not end well");
}

/* --- items ------------------------------------------------------------------
 */

static bool add_none(struct collecting *s, const char *path,
		     enum diag_item_state state, const char *why,
		     struct diag_err *err)
{
	const struct diag_item item = { .path = path,
					.origin = "pl-capture record",
					.reason = why,
					.state = state,
					.sort = DIAG_ITEM_PACKETS };

	return collect_add(s, &item, err);
}

static bool add_packets(struct collecting *s, struct diag_err *err)
{
	struct diag_item item = { .path = DIAG_BUNDLE_CAPTURE,
				  .origin = "pl-capture record",
				  .sort = DIAG_ITEM_PACKETS };
	struct diag_buf bytes;
	bool ok;

	diag_buf_init(&bytes, PACKETS_MAX);
	ok = diag_fd_read(s->packets, &bytes) ||
	     diag_fail_sys(err, "collect", "packets");
	item.bytes = diag_buf_str(&bytes);
	item.len = bytes.len;
	if (bytes.code == DIAG_ELIMIT) {
		item.state = DIAG_ITEM_CUT;
		item.reason = "there were more packets";
	}
	ok = ok && collect_add(s, &item, err);
	diag_buf_clear(&bytes);
	return ok;
}

/* The inventory, in a file without a name. */
static FILE *write_inventory(const struct diag_case *c)
{
	FILE *file = tmpfile();
	struct diag_buf text;
	struct diag_jw w;

	if (file == NULL)
		return NULL;
	diag_buf_init(&text, DIAG_INVENTORY_BYTES);
	diag_jw_init(&w, &text, 0);
	diag_inventory_print(c->inventory, &w);
	if (text.code != DIAG_OK ||
	    !diag_fd_write(fileno(file), text.data, text.len)) {
		(void)fclose(file);
		file = NULL;
	}
	diag_buf_clear(&text);
	return file;
}

static const char *fd_name(int fd, char out[FD_NAME])
{
	(void)snprintf(out, FD_NAME, "/proc/%ld/fd/%d", (long)getpid(), fd);
	return out;
}

static bool analyze(struct collecting *s, int inventory,
		    struct diag_exec_result *done)
{
	char program[DIAG_PATH_LEN], packets[FD_NAME], inv[FD_NAME];
	const char *argv[] = { program,	      "analyze",
			       "-q",	      fd_name(s->packets, packets),
			       "-o",	      "/dev/null",
			       "--save",      "/dev/stdout",
			       "--inventory", fd_name(inventory, inv),
			       NULL };
	const struct diag_exec what = { .argv = argv,
					.timeout_ms = DIAG_COLLECT_MS,
					.max_out = FACTS_MAX,
					.end_when_full = true };

	return diag_path_beside("pl-capture", program) &&
	       diag_exec(&what, done, NULL);
}

static bool add_facts(struct collecting *s, struct diag_err *err)
{
	struct diag_item item = { .path = FACTS_PATH,
				  .origin = "pl-capture analyze",
				  .sort = DIAG_ITEM_JSON };
	struct diag_exec_result done = { .status = TOOL_TROUBLE };
	FILE *inventory = write_inventory(s->c);
	bool ok;

	if (inventory != NULL && analyze(s, fileno(inventory), &done) &&
	    !done.timed_out && !done.cut && done.signal == 0 &&
	    (done.status == TOOL_GOOD || done.status == TOOL_WRONG ||
	     done.status == TOOL_UNDECIDED)) {
		item.bytes = diag_buf_str(&done.out);
		item.len = done.out.len;
	} else {
		item.state = DIAG_ITEM_FAILED;
		item.reason = "pl-capture could not read the packets";
	}
	ok = collect_add(s, &item, err);
	diag_buf_clear(&done.out);
	if (inventory != NULL)
		(void)fclose(inventory);
	return ok;
}

bool collect_packets_add(struct collecting *s, struct diag_err *err)
{
	bool ok;

	if (s->no_packets != NULL)
		ok = add_none(s, DIAG_BUNDLE_CAPTURE, s->no_packets_state,
			      s->no_packets, err);
	else
		ok = add_packets(s, err) && (s->c == NULL || add_facts(s, err));
	if (s->packets >= 0)
		(void)close(s->packets);
	s->packets = -1;
	return ok;
}
