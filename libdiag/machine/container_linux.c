/* SPDX-License-Identifier: MIT */
/* container_linux.c - is this a container or WSL, where the browser of the
 * same person asks another resolver?
 *
 * No mark is official; these are what the makers leave.  The inner one wins:
 * a pod is a container, and a container may run on WSL's kernel.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "machine/internal.h"

struct mark {
	const char *path;
	const char *holds; /* text in the file; NULL: the file is enough */
	const char *kind;
};

static const struct mark marks[] = {
	{ "/var/run/secrets/kubernetes.io", NULL, "kubernetes" },
	{ "/proc/1/cgroup", "kubepods", "kubernetes" },
	{ "/run/.containerenv", NULL, "podman" },
	{ "/.dockerenv", NULL, "docker" },
	{ "/proc/1/cgroup", "/docker", "docker" },
	{ "/proc/1/cgroup", "libpod", "podman" },
	{ "/proc/1/cgroup", "/lxc", "lxc" },
	{ "/run/systemd/container", "docker", "docker" },
	{ "/run/systemd/container", "podman", "podman" },
	{ "/run/systemd/container", "lxc", "lxc" },
	{ "/run/systemd/container", "systemd-nspawn", "systemd-nspawn" },
	{ "/proc/sys/kernel/osrelease", "microsoft", "wsl" },
};

static bool holds(struct machine_reader *r, const struct mark *mark, bool *yes)
{
	struct diag_buf text;
	bool found;
	bool ok = machine_read_file(r, mark->path, &text, &found);

	*yes = ok && found &&
	       diag_text_find_nocase(diag_buf_str(&text), text.len,
				     mark->holds) != NULL;
	diag_buf_clear(&text);
	return ok;
}

bool machine_read_container(struct machine_reader *r)
{
	bool yes = getenv("KUBERNETES_SERVICE_HOST") != NULL;

	if (yes)
		r->m->container = "kubernetes";
	for (size_t i = 0; !yes && i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (marks[i].holds == NULL)
			yes = machine_exists(r, marks[i].path);
		else if (!holds(r, &marks[i], &yes))
			return false;
		if (yes)
			r->m->container = marks[i].kind;
	}
	return true;
}
