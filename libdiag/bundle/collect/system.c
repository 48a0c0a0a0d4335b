/* SPDX-License-Identifier: MIT */
/* system.c - which system this is. */
#include "bundle/collect/rows.h"

static const char *const release[] = { "/etc/os-release", NULL };
static const char *const kernel[] = { "uname", "-srvm", NULL };
static const char *const glibc[] = { "getconf", "GNU_LIBC_VERSION", NULL };
static const char *const virt[] = { "systemd-detect-virt", NULL };
static const char *const hints[] = { "/.dockerenv",
				     "/run/.containerenv",
				     "/proc/1/cgroup",
				     "/etc/wsl.conf",
				     "/proc/sys/fs/binfmt_misc/WSLInterop",
				     NULL };

static const struct diag_source sources[] = {
	{ .item = "os-release", .kind = DIAG_SOURCE_FILE, .paths = release },
	{ .item = "kernel", .kind = DIAG_SOURCE_PROGRAM, .argv = kernel },
	{ .item = "glibc", .kind = DIAG_SOURCE_PROGRAM, .argv = glibc },
	/* "none" is an answer, and exit status 1. */
	{ .item = "virtual",
	  .kind = DIAG_SOURCE_PROGRAM,
	  .argv = virt,
	  .any_exit = true },
	{ .item = "container", .kind = DIAG_SOURCE_FILES, .paths = hints },
	{ .item = NULL },
};

const struct diag_collector collect_system = {
	.key = "system",
	.title = "system, kernel, C library, container or virtual machine",
	.platform = "linux",
	.sources = sources,
};
