/* SPDX-License-Identifier: MIT */
/* here.h - whose machine this is, and what he says while we wait. */
#ifndef DIAG_TOOLS_PL_BUNDLE_HERE_H
#define DIAG_TOOLS_PL_BUNDLE_HERE_H

#include "base/path.h"
#include "tools/tool.h"

/* Home of the person who sits here, also behind sudo(8); "": nobody knows. */
void here_home(char out[DIAG_PATH_LEN]);
/* As collectors name it: "linux". */
const char *here_platform(void);
/* What this machine is called. */
void here_host(char *out, size_t size);

/* From now on the first SIGINT or SIGTERM is noted and the next one ends us,
 * as without this. */
void here_catch(void);
int here_caught(void); /* 0: none */
/* Until the time is over or a signal came; a person who watches sees how long
 * it will be. */
void here_wait(const struct tool_call *call, unsigned ms);

#endif
