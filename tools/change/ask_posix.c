/* SPDX-License-Identifier: MIT */
/* ask_posix.c - the one question, and signals that wait for a good
 * moment. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/select.h>
#include <unistd.h>

#include "base/text.h"
#include "tools/change/talk.h"

#define REPLY_MAX 64

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
static volatile sig_atomic_t seen;

static void note_signal(int number)
{
	seen = number;
}

void signals_hold(void)
{
	struct sigaction note = { .sa_handler = note_signal };
	struct sigaction now;

	(void)sigemptyset(&note.sa_mask);
	note.sa_flags = SA_RESTART;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (sigaction(numbers[i], NULL, &now) == 0 &&
		    now.sa_handler != SIG_IGN)
			(void)sigaction(numbers[i], &note, NULL);
}

void signals_release(void)
{
	struct sigaction now;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (sigaction(numbers[i], NULL, &now) == 0 &&
		    now.sa_handler == note_signal)
			(void)signal(numbers[i], SIG_DFL);
}

int signals_seen(void)
{
	return seen;
}

/* Wait until there is something to read; false: a signal came, now or before.
 * Signals are let in only while we wait, so that none is missed between the
 * look and the wait (select(2), "The self-pipe trick"). */
static bool wait_for_input(void)
{
	sigset_t ours, before;
	fd_set in;
	int n = -1;

	(void)sigemptyset(&ours);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		(void)sigaddset(&ours, numbers[i]);
	(void)sigprocmask(SIG_BLOCK, &ours, &before);
	while (n < 0 && !seen) {
		FD_ZERO(&in);
		FD_SET(STDIN_FILENO, &in);
		n = pselect(STDIN_FILENO + 1, &in, NULL, NULL, NULL, &before);
		if (n < 0 && errno != EINTR)
			break; /* read() will say what is wrong */
	}
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return !seen;
}

/* One line; what does not fit is read and dropped.  false: a signal. */
static bool read_reply(char out[REPLY_MAX])
{
	size_t len = 0;
	char c = '\0';

	while (c != '\n') {
		if (!wait_for_input())
			return false;
		if (read(STDIN_FILENO, &c, 1) != 1)
			break;
		if (c != '\n' && len + 1 < REPLY_MAX)
			out[len++] = c;
	}
	out[len] = '\0';
	return c == '\n';
}

static bool is_yes(const char *reply)
{
	return diag_text_eq_nocase(reply, "y") ||
	       diag_text_eq_nocase(reply, "yes");
}

enum answer talk_ask(const struct tool_call *call, bool yes,
		     const char *question)
{
	char reply[REPLY_MAX];

	if (yes)
		return seen ? ANSWER_NO : ANSWER_YES;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return ANSWER_NOBODY;
	(void)fprintf(stderr, "%s: %s [y/N] ", call->tool->name, question);
	(void)fflush(stderr);
	if (read_reply(reply))
		return is_yes(reply) ? ANSWER_YES : ANSWER_NO;
	(void)fputc('\n', stderr);
	return ANSWER_NO;
}
