/* SPDX-License-Identifier: MIT */
/* talk.h - what is said on standard error before a file changes, the
 * one question, and documents. */
#ifndef DIAG_TOOLS_CHANGE_TALK_H
#define DIAG_TOOLS_CHANGE_TALK_H

#include "tools/change/change.h"

/* Links and mounts that matter. */
void talk_file(const struct tool_call *call, const char *path,
	       const struct diag_file_state *state);
/* What a crash left, and what became of it. */
void talk_recovery(const struct tool_call *call, const char *path,
		   enum diag_recovery recovered);
/* A person without rights is told how to get them. */
void hint_rights(const struct tool_call *call, const char *path,
		 const struct diag_err *err);
/* A result: how to take back what was written.  option ("--hosts") names the
 * file; NULL: it need not be named. */
void talk_undo(struct tool_call *call, const struct change_subject *subject,
	       const char *option);

/* A difference as it is, made safe for a terminal. */
void talk_diff(const char *diff, size_t len);
void diff_safe(struct diag_buf *out, const char *diff, size_t len);
/* A result: the bytes as they are for patch(1); safe ones for a person. */
void put_diff(struct tool_call *call, const char *diff, size_t len);

enum answer {
	ANSWER_YES,
	ANSWER_NO,
	ANSWER_NOBODY, /* there is no terminal */
};
/* "QUESTION [y/N] "; yes (of --yes) answers it.  A signal is a no. */
enum answer talk_ask(const struct tool_call *call, bool yes,
		     const char *question);

/* A path as text for people: made safe, in the call's arena. */
const char *talk_path(struct tool_call *call, const char *path);

/* From here on SIGINT, SIGTERM and SIGHUP only make a note of themselves. */
void signals_hold(void);
/* And from here on they end the program again: what comes may wait long and
 * writes nothing.  One that was seen before stays seen. */
void signals_release(void);
int signals_seen(void); /* 0: none */

/* --- documents ------------------------------------------------------------ */

/* A document on its way: schema, command and file are in it. */
struct change_doc {
	struct diag_buf text;
	struct diag_jw w;
};
void change_doc_begin(struct change_doc *d, const struct tool_call *call,
		      const struct change_subject *subject);
/* Go on behind what change_doc_begin() and others wrote elsewhere. */
void change_doc_resume(struct change_doc *d, const char *text, size_t len);
/* Close and print it.  DIAG_ENOMEM, DIAG_ELIMIT. */
DIAG_MUST_USE
bool change_doc_end(struct change_doc *d, struct tool_call *call,
		    struct diag_err *err);
/* "error": the one line, or what err says; nothing if all is well. */
void change_doc_why(struct diag_jw *w, const char *why,
		    const struct diag_err *err);
/* "flushed", once something was tried. */
void change_doc_flushed(struct diag_jw *w, const struct caches_flushed *f);
bool doc_is_json(const struct tool_call *call);

#endif
