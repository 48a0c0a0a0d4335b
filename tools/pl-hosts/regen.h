/* SPDX-License-Identifier: MIT */
/* regen.h - who writes this hosts file anew, and takes our lines out.
 *
 * Pure.  Makers are known by what they leave in the file, by where it is, and
 * by what the machine says of itself.
 */
#ifndef DIAG_TOOLS_PL_HOSTS_REGEN_H
#define DIAG_TOOLS_PL_HOSTS_REGEN_H

#include <stddef.h>

#include "base/buf.h"

struct hosts_regen_in {
	const char *text; /* the hosts file; its first 16 KiB are looked at */
	size_t len;
	const char *real_path; /* behind all links; may be NULL */
	bool system;	       /* it is the system's file: the rest counts */
	const char *container; /* struct diag_machine */
	const char *wsl_conf;  /* text of /etc/wsl.conf, "" none */
};

struct hosts_regen {
	const char *by;	  /* "WSL" */
	const char *when; /* "each time it starts" */
	const char *stop; /* what to do about it */
};

#define HOSTS_REGEN_MAX 8

/* Every maker that rewrites the file; gives how many. */
size_t hosts_regen(const struct hosts_regen_in *in,
		   const struct hosts_regen *out[HOSTS_REGEN_MAX]);

/* Is a key of an ini section true?  As WSL reads wsl.conf: names without case,
 * '#' begins a comment.  preset: what holds when it is not there. */
bool hosts_ini_bool(const char *text, const char *section, const char *key,
		    bool preset);

#endif
