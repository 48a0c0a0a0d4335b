/* SPDX-License-Identifier: MIT */
/* os_linux.c - host name, distribution, and whether the clock is kept right. */
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "machine/internal.h"

#define HOST_MAX 256 /* HOST_NAME_MAX is 64, other systems allow 255 */

/* The value of KEY=value in os-release(5), quotes taken off. */
static bool env_value(struct diag_slice line, const char *key,
		      struct diag_slice *value)
{
	size_t len = strlen(key);
	struct diag_slice v;

	line = diag_slice_trim(line);
	if (line.len <= len || memcmp(line.p, key, len) != 0 ||
	    line.p[len] != '=')
		return false;
	v = (struct diag_slice){ line.p + len + 1, line.len - len - 1 };
	if (v.len >= 2 && (v.p[0] == '"' || v.p[0] == '\'') &&
	    v.p[v.len - 1] == v.p[0]) {
		v.p++;
		v.len -= 2;
	}
	*value = v;
	return true;
}

static bool read_os_release(struct machine_reader *r, const char *path,
			    bool *found)
{
	struct diag_machine *m = r->m;
	struct diag_slice line, value;
	struct diag_buf text;
	struct diag_cursor c;
	bool ok = machine_read_file(r, path, &text, found);

	c = diag_cursor_of(diag_buf_str(&text), text.len);
	while (ok && diag_cursor_line(&c, &line)) {
		if (!env_value(line, "PRETTY_NAME", &value))
			continue;
		m->os = diag_arena_strn(&m->arena, value.p, value.len);
		ok = m->os != NULL || diag_fail_nomem(r->err, "machine");
	}
	diag_buf_clear(&text);
	return ok;
}

bool machine_read_os(struct machine_reader *r)
{
	char host[HOST_MAX] = "";
	bool found;

	if (gethostname(host, sizeof(host) - 1) != 0)
		machine_note(r, "the host has no name");
	r->m->host = diag_arena_strdup(&r->m->arena, host);
	if (r->m->host == NULL)
		return diag_fail_nomem(r->err, "machine");
	return read_os_release(r, "/etc/os-release", &found) &&
	       (found || read_os_release(r, "/usr/lib/os-release", &found));
}

/* The kernel's own word (ntp_adjtime(3)); where a container may not ask, the
 * mark of systemd-timesyncd. */
void machine_read_clock(struct machine_reader *r)
{
	struct timex t = { .modes = 0 };

	if (ntp_adjtime(&t) >= 0) {
		r->m->clock_sync_known = true;
		r->m->clock_synchronised = (t.status & STA_UNSYNC) == 0;
	}
	if (machine_exists(r, "/run/systemd/timesync/synchronized"))
		r->m->clock_sync_known = r->m->clock_synchronised = true;
}
