/* SPDX-License-Identifier: MIT */
/* machine_linux.c - read the running machine, once, before a run.
 *
 * Everything comes from files, the environment and rtnetlink: nothing asks a
 * daemon, resolves a name or needs rights.  What cannot be read is left empty
 * and told in the notes.
 */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "machine/internal.h"

#define PATH_LEN   4096
#define FOLDER_MAX 4096 /* names of one folder */

void machine_note(struct machine_reader *r, const char *fmt, ...)
{
	char line[400];
	va_list args;

	if (r->notes == NULL)
		return;
	va_start(args, fmt);
	if (vsnprintf(line, sizeof(line), fmt, args) < 0)
		line[0] = '\0';
	va_end(args);
	diag_problem(r->notes, "%s", line);
}

bool machine_path(const struct machine_reader *r, const char *path, char *out,
		  size_t size)
{
	const char *root = r->paths->root != NULL ? r->paths->root : "";
	int n = snprintf(out, size, "%s%s", root, path);

	return n >= 0 && (size_t)n < size;
}

bool machine_exists(const struct machine_reader *r, const char *path)
{
	char full[PATH_LEN];

	return machine_path(r, path, full, sizeof(full)) &&
	       access(full, F_OK) == 0;
}

/* A pipe would be waited for without end, a device may have none. */
static bool is_no_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* A whole file; given says that path is not below the root. */
static bool read_whole(struct machine_reader *r, const char *path, size_t max,
		       bool given, struct diag_buf *out, bool *found)
{
	char full[PATH_LEN], why[300];
	struct diag_err err = { 0 };

	*found = false;
	diag_buf_init(out, max);
	if (given ? strlen(path) >= sizeof(full)
		  : !machine_path(r, path, full, sizeof(full)))
		return true;
	if (!given && is_no_file(full)) {
		machine_note(r, "read: %s: not a regular file", full);
		return true;
	}
	*found = diag_file_read(given ? path : full, max, out, &err);
	if (*found)
		return true;
	if (err.code == DIAG_ENOMEM || given) {
		/* A file that somebody named must be there. */
		if (r->err != NULL && r->err->code == DIAG_OK)
			*r->err = err;
		return false;
	}
	if (err.sys != ENOENT && err.sys != ENOTDIR)
		machine_note(r, "%s", diag_err_text(&err, why, sizeof(why)));
	return true;
}

bool machine_read_file(struct machine_reader *r, const char *path,
		       struct diag_buf *out, bool *found)
{
	return read_whole(r, path, MACHINE_FILE, false, out, found);
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

bool machine_list_folder(struct machine_reader *r, const char *path,
			 struct machine_names *out, int *sys)
{
	char full[PATH_LEN];
	const struct dirent *entry;
	DIR *dir = NULL;
	bool ok = true;

	*sys = 0;
	if (machine_path(r, path, full, sizeof(full)))
		dir = opendir(full);
	if (dir == NULL) {
		*sys = errno;
		return true;
	}
	while (ok && out->n < FOLDER_MAX && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			ok = machine_names_add(r->m, out, entry->d_name,
					       strlen(entry->d_name));
	(void)closedir(dir);
	if (out->n > 0)
		qsort(out->items, out->n, sizeof(*out->items), by_name);
	return ok || diag_fail_nomem(r->err, "machine");
}

static bool read_hosts(struct machine_reader *r)
{
	const char *given = r->paths->hosts;
	struct diag_machine *m = r->m;
	struct diag_buf text;
	bool found, ok;

	if (given != NULL)
		m->hosts_path = diag_arena_strdup(&m->arena, given);
	if (m->hosts_path == NULL)
		return diag_fail_nomem(r->err, "machine");
	ok = read_whole(r, m->hosts_path, DIAG_HOSTS_BYTES, given != NULL,
			&text, &found);
	if (ok && found) {
		m->hosts_text =
		    diag_arena_strn(&m->arena, diag_buf_str(&text), text.len);
		m->hosts_len = text.len;
		ok = m->hosts_text != NULL
			 ? diag_hosts_parse(&m->arena, m->hosts_text,
					    m->hosts_len, &m->hosts, r->err)
			 : diag_fail_nomem(r->err, "machine");
	}
	diag_buf_clear(&text);
	return ok;
}

static bool read_resolv_conf(struct machine_reader *r)
{
	const char *given = r->paths->resolv_conf;
	const char *path = given != NULL ? given : "/etc/resolv.conf";
	struct diag_buf text;
	bool found;
	bool ok =
	    read_whole(r, path, MACHINE_FILE, given != NULL, &text, &found);

	/* Without the file the one on this machine is asked: no text. */
	ok = ok && diag_resolv_parse(r->m, path, diag_buf_str(&text), text.len,
				     r->err);
	diag_buf_clear(&text);
	return ok;
}

static bool read_nsswitch(struct machine_reader *r)
{
	const char *given = r->paths->nsswitch;
	struct diag_buf text;
	bool found;
	bool ok = read_whole(r, given != NULL ? given : "/etc/nsswitch.conf",
			     MACHINE_FILE, given != NULL, &text, &found);

	ok = ok &&
	     diag_nsswitch_parse(r->m, diag_buf_str(&text), text.len, r->err);
	diag_buf_clear(&text);
	return ok;
}

/* Without `search`, the part of the host's name after its first dot
 * (resolv.conf(5)). */
static bool default_search(struct machine_reader *r)
{
	struct diag_machine *m = r->m;
	const char *dot = strchr(m->host, '.');
	struct machine_names list = { 0 };

	if (m->resolv.n_search > 0 || dot == NULL || dot[1] == '\0')
		return true;
	if (!machine_names_add_domain(m, &list, diag_slice_of(dot + 1)))
		return diag_fail_nomem(r->err, "machine");
	m->resolv.search = list.items;
	m->resolv.n_search = list.n;
	return true;
}

/* With --resolv-conf the servers are those of that file and no others. */
static bool read_servers(struct machine_reader *r)
{
	return read_resolv_conf(r) &&
	       (r->paths->resolv_conf != NULL ||
		(default_search(r) && machine_read_resolved(r)));
}

bool diag_machine_read(const struct diag_machine_paths *paths,
		       struct diag_problems *notes, struct diag_machine **out,
		       struct diag_err *err)
{
	static const struct diag_machine_paths own = { 0 };
	struct machine_reader r = { .paths = paths != NULL ? paths : &own,
				    .notes = notes,
				    .err = err };
	bool ok;

	r.m = machine_new(err);
	if (r.m == NULL)
		return false;
	r.m->platform = "linux";
	r.m->emulated = r.paths->hosts != NULL || r.paths->resolv_conf != NULL;
	r.m->clock_s = diag_time_now_s();
	machine_read_clock(&r);
	ok = machine_read_os(&r) && machine_read_container(&r) &&
	     read_hosts(&r) && read_nsswitch(&r) &&
	     machine_read_interfaces(&r) && machine_read_routes(&r) &&
	     read_servers(&r) && machine_read_proxies(&r) &&
	     (r.paths->no_roots || machine_read_roots(&r));
	if (ok)
		*out = r.m;
	else
		diag_machine_free(r.m);
	return ok;
}
