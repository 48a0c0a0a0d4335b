/* SPDX-License-Identifier: MIT */
/* here_posix.c - see here.h. */
#include "tools/pl-bundle/here.h"

#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"

#define LOOK_MS 200 /* how often the time that is left is told */

/* --- who --------------------------------------------------------------------
 */

static const char *home_of(const struct passwd *entry)
{
	return entry != NULL && entry->pw_dir != NULL ? entry->pw_dir : "";
}

void here_home(char out[DIAG_PATH_LEN])
{
	const char *user = getenv("SUDO_USER");
	const char *home = getenv("HOME");

	if (geteuid() == 0 && user != NULL && user[0] != '\0')
		home = home_of(getpwnam(user));
	else if (home == NULL || home[0] != '/')
		home = home_of(getpwuid(getuid()));
	out[0] = '\0';
	if (home[0] == '/' && strlen(home) < DIAG_PATH_LEN)
		(void)snprintf(out, DIAG_PATH_LEN, "%s", home);
}

const char *here_platform(void)
{
	static struct utsname name;

	if (uname(&name) != 0)
		return "";
	diag_text_lower(name.sysname);
	return name.sysname;
}

void here_host(char *out, size_t size)
{
	if (gethostname(out, size) != 0)
		out[0] = '\0';
	out[size - 1] = '\0';
}

/* --- signals -----------------------------------------------------------------
 */

static volatile sig_atomic_t caught;

static void note(int signum)
{
	caught = signum;
}

void here_catch(void)
{
	struct sigaction sa = { .sa_handler = note,
				.sa_flags = (int)SA_RESETHAND };

	caught = 0;
	(void)sigemptyset(&sa.sa_mask);
	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
}

int here_caught(void)
{
	return caught;
}

static void tell_left(uint64_t left_us)
{
	unsigned s = (unsigned)((left_us + 999999) / 1000000);
	char line[80];

	(void)snprintf(line, sizeof(line),
		       "%u:%02u left; ^C when it has happened", s / 60, s % 60);
	tool_progress_line(line);
}

void here_wait(const struct tool_call *call, unsigned ms)
{
	uint64_t end = diag_time_mono_us() + (uint64_t)ms * 1000;

	for (;;) {
		uint64_t now = diag_time_mono_us();
		int look = LOOK_MS;

		if (caught != 0 || now >= end)
			break;
		if (call->progress)
			tell_left(end - now);
		if (end - now < (uint64_t)LOOK_MS * 1000)
			look = (int)((end - now) / 1000) + 1;
		(void)poll(NULL, 0, look);
	}
	tool_progress_end(call);
}
