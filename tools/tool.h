/* SPDX-License-Identifier: MIT */
/* tool.h - the shell all tools share: options, help, output, exit status.
 *
 * A tool is a const table and a function.  The shell reads the command line
 * into the tool's own struct, answers --help, --version, --explain and the
 * other common options, opens the output, calls the function, and turns what
 * came back into an exit status.  Help text, the option list of the manual
 * page and the completions are made from the same rows.
 *
 * A whole tool:
 *
 *	struct greet {
 *		struct tool_list names;	// --name A --name B
 *		unsigned timeout_ms;	// --timeout 2.5
 *		unsigned repeat;	// --repeat 3
 *		int role;		// --role jumpbox: index in roles
 *		bool loud;
 *	};
 *	static const char *const roles[] = { "client", "jumpbox", NULL };
 *	static const char *const formats[] = { "text", "json", NULL };
 *
 *	static const struct tool_option rows[] = {
 *		{ TOOL_LIST(struct greet, names), .name = "name",
 *		  .letter = 'n', .arg = "NAME",
 *		  .help = "Whom to greet; may be given more than once" },
 *		{ TOOL_SECONDS(struct greet, timeout_ms, 1, 60000),
 *		  .name = "timeout", .arg = "S", .preset = "4",
 *		  .help = "Give up after S seconds" },
 *		{ TOOL_NUMBER(struct greet, repeat, 1, 100), .name = "repeat",
 *		  .arg = "N", .help = "Say it N times" },
 *		{ TOOL_CHOICE(struct greet, role, roles), .name = "role",
 *		  .arg = "ROLE", .help = "Where this machine stands" },
 *		{ TOOL_FLAG(struct greet, loud), .name = "loud",
 *		  .help = "Raise the voice" },
 *		{ .name = NULL },
 *	};
 *	static const struct tool_group groups[] = {
 *		{ "Greeting", rows, 0 },
 *		{ NULL, NULL, 0 },
 *	};
 *	static const struct greet presets = { .timeout_ms = 4000,
 *					      .repeat = 1 };
 *
 *	static enum tool_status run(struct tool_call *call,
 *				    struct diag_err *err)
 *	{
 *		const struct greet *greet = call->options;
 *
 *		for (size_t i = 0; i < greet->names.n; i++)
 *			tool_print(call, "hello %s\n", greet->names.at[i]);
 *		if (call->argc == 0)
 *			return tool_examples(call);
 *		...
 *		if (!diag_something(..., err))
 *			return TOOL_USAGE; // the shell prints err
 *		return TOOL_GOOD;
 *	}
 *
 *	int main(int argc, char **argv)
 *	{
 *		static const struct tool greet = {
 *			.name = "pl-greet",
 *			.about = "greet people by name",
 *			.args = "[FILE]",
 *			.argc_max = 1,
 *			.groups = groups,
 *			.presets = &presets,
 *			.options_size = sizeof(presets),
 *			.formats = formats,
 *			.examples = "  pl-greet --name Ada\n",
 *			.run = run,
 *		};
 *
 *		return tool_main(&greet, argc, argv);
 *	}
 *
 * A set of options that several tools share is a struct of its own inside
 * each tool's struct: one table of rows with offsets into the small struct,
 * and in each tool a group whose offset is that of the member.
 */
#ifndef DIAG_TOOLS_TOOL_H
#define DIAG_TOOLS_TOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* The same in all tools (a signal's 128 + n is struct tool_call's signal). */
enum tool_status {
	TOOL_GOOD = 0,
	TOOL_WRONG = 1,	    /* something is wrong; what the tool is there for */
	TOOL_USAGE = 2,	    /* bad option, bad or unreadable input */
	TOOL_UNDECIDED = 3, /* nothing failed, but some checks could not run */
	TOOL_TROUBLE = 4,   /* we could not do our work */
};

/* --- options ------------------------------------------------------------- */

enum tool_kind {
	TOOL_KIND_FLAG,	   /* bool */
	TOOL_KIND_COUNT,   /* unsigned: how often it was given (-vv) */
	TOOL_KIND_TEXT,	   /* const char *, NULL when not given */
	TOOL_KIND_LIST,	   /* struct tool_list */
	TOOL_KIND_NUMBER,  /* unsigned */
	TOOL_KIND_SECONDS, /* unsigned milliseconds, given as seconds: 2.5 */
	TOOL_KIND_CHOICE,  /* int, the index in choices */
};

/* What a text names that will be written.  It is looked at before the work
 * begins: nobody shall wait for results that have no place to go to. */
enum tool_file {
	TOOL_FILE_NONE, /* it names no such file */
	TOOL_FILE_KEPT, /* a file that replaces an old one */
	TOOL_FILE_NEW,	/* a file that is not there yet */
};

struct tool_list {
	const char **at; /* ends with NULL; NULL itself when none was given */
	size_t n;	 /* the texts are argv's, the array is the call's */
};

struct tool_option {
	const char *name;   /* long form without dashes; NULL ends the table */
	const char *arg;    /* what its value is called in help: FILE */
	const char *help;   /* plain words, no full stop at the end */
	const char *preset; /* what applies when not given; may be NULL */
	const char *const *choices; /* ends with NULL */
	size_t offset;		    /* of the member that takes the value */
	unsigned min;		    /* of numbers; seconds in ms */
	unsigned max;
	enum tool_kind kind;
	enum tool_file file; /* of texts */
	char letter;	     /* short form or 0 */
	bool hidden;	     /* not in help, manual or completion */
};

/* First words of a row: kind and member, checked against each other. */
#define TOOL_MEMBER(kind_, type, member, ctype) \
	.kind = (kind_),                        \
	.offset = offsetof(type, member) +      \
		  0 * sizeof(&((type *)NULL)->member == (ctype *)NULL)
#define TOOL_FLAG(type, member) TOOL_MEMBER(TOOL_KIND_FLAG, type, member, bool)
#define TOOL_COUNT(type, member) \
	TOOL_MEMBER(TOOL_KIND_COUNT, type, member, unsigned)
#define TOOL_TEXT(type, member) \
	TOOL_MEMBER(TOOL_KIND_TEXT, type, member, const char *)
#define TOOL_LIST(type, member) \
	TOOL_MEMBER(TOOL_KIND_LIST, type, member, struct tool_list)
#define TOOL_NUMBER(type, member, min_, max_)                                 \
	TOOL_MEMBER(TOOL_KIND_NUMBER, type, member, unsigned), .min = (min_), \
							       .max = (max_)
#define TOOL_SECONDS(type, member, min_ms_, max_ms_)            \
	TOOL_MEMBER(TOOL_KIND_SECONDS, type, member, unsigned), \
	    .min = (min_ms_), .max = (max_ms_)
#define TOOL_CHOICE(type, member, choices_) \
	TOOL_MEMBER(TOOL_KIND_CHOICE, type, member, int), .choices = (choices_)

struct tool_group {
	const char *title;		   /* heading in help and manual */
	const struct tool_option *options; /* NULL ends the list of groups */
	size_t offset;			   /* added to each row's offset */
};

/* --- tools and calls ------------------------------------------------------ */

struct tool_call;

#define TOOL_ANY 0xffffffffU

struct tool_cmd {
	const char *name; /* NULL ends the table */
	const char *args; /* "INVENTORY" or "" */
	const char *help;
	unsigned argc_min;
	unsigned argc_max; /* TOOL_ANY: no end */
	const struct tool_group *groups;
	const char *const *formats; /* NULL: those of the tool */
	bool folders; /* -o names a folder: then call->folder is set */
	bool makes;   /* -o names a file that it makes itself: call->made */
	enum tool_status (*run)(struct tool_call *call, struct diag_err *err);
};

struct tool {
	const char *name;
	const char *about; /* "judge name resolution ..." */
	const char *args;  /* positionals in help; "" or NULL for none */
	unsigned argc_min;
	unsigned argc_max;
	const struct tool_group *groups; /* NULL: only the common options */
	const void *presets;	     /* initial content of the options struct */
	size_t options_size;	     /* bytes of it */
	const char *const *formats;  /* first is the default; ends with NULL */
	const char *examples;	     /* lines, indented by two blanks */
	const struct tool_cmd *cmds; /* NULL: no sub-commands, run is used */
	enum tool_status (*run)(struct tool_call *call, struct diag_err *err);
};

struct tool_out;

/* What a tool's function is given. */
struct tool_call {
	const struct tool *tool;
	const struct tool_cmd *cmd; /* NULL without sub-commands */
	const void *options;	    /* the tool's own struct, filled */
	int argc;		    /* positionals, without the command */
	char **argv;
	const char *format; /* one of the tool's formats */
	const char *folder; /* where files of their own go, or NULL */
	const char *made;   /* -o of a command that makes its file, or NULL */
	bool quiet;
	unsigned verbose; /* how often -v was given */
	bool strict;
	bool color;	/* results may carry colour */
	bool utf8;	/* results may carry signs beyond ASCII */
	bool terminal;	/* results go to one: nothing of others goes raw */
	bool progress;	/* a person watches standard error */
	unsigned width; /* columns for text results, 80 if not a terminal */
	struct diag_arena arena; /* for anything; cleared after the call */
	struct tool_out *out;
	int signal; /* set it when a signal cut the run: exit 128 + signal */
	bool abandoned; /* set it when threads are stuck: leave at once */
};

/* All of main(). */
int tool_main(const struct tool *tool, int argc, char **argv);

/* --- results (standard output or -o FILE) --------------------------------
 * A failed write is remembered and ends in exit status 4 with one line; a
 * reader that went away (a closed pipe) ends in 141 without one.  A tool that
 * streams may look at tool_out_failed() to stop early.  With -o FILE nothing
 * appears in FILE until all is written. */
void tool_print(struct tool_call *call, const char *fmt, ...) DIAG_PRINTF(2, 3);
void tool_write(struct tool_call *call, const void *data, size_t len);
void tool_write_buf(struct tool_call *call, const struct diag_buf *buf);
void tool_flush(struct tool_call *call); /* lets a reader see it now */
bool tool_out_failed(const struct tool_call *call);
/* Results go to a file that is replaced at the end. */
bool tool_out_is_file(const struct tool_call *call);

/* --- talk (standard error), one line each, made safe for a terminal ------- */
void tool_error(const struct tool_call *call, const char *fmt, ...)
    DIAG_PRINTF(2, 3); /* always */
void tool_note(const struct tool_call *call, const char *fmt, ...)
    DIAG_PRINTF(2, 3); /* not with -q */
void tool_detail(const struct tool_call *call, const char *fmt, ...)
    DIAG_PRINTF(2, 3); /* only with -v */
/* All lines of a text (struct diag_problems) as they are, without our name. */
void tool_error_lines(const struct tool_call *call, const char *text);

/* One line that is written over itself, for a person who watches (call->
 * progress); the shape is the runner's. */
void tool_progress(void *ctx, size_t done, size_t in_flight);
void tool_progress_line(const char *line);
void tool_progress_end(const struct tool_call *call);

/* Show the tool's examples on standard error; returns TOOL_USAGE. */
enum tool_status tool_examples(const struct tool_call *call);

/* What a failure to read input means: TOOL_USAGE, or TOOL_TROUBLE when only
 * memory was missing. */
enum tool_status tool_bad_input(const struct diag_err *err);

#endif
