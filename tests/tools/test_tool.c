/* SPDX-License-Identifier: MIT */
/* What the shell makes of a command line, and what comes out of it.
 *
 * Each test runs tool_main() in a child with its own standard streams, as a
 * user would: what counts is what was printed where, and the exit status.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/version.h"
#include "tools/tool.h"

#define TEXT_BYTES 16384

/* --- a tool with everything -------------------------------------------------
 */

struct greet {
	struct tool_list names;
	const char *from, *log;
	unsigned timeout_ms;
	unsigned repeat;
	int role;
	bool loud;
};

static const char *const roles[] = { "client", "jumpbox", NULL };
static const char *const formats[] = { "text", "json", "jsonl", NULL };

static const struct tool_option rows[] = {
	{ TOOL_LIST(struct greet, names), .name = "name", .letter = 'n',
	  .arg = "NAME", .help = "Whom to greet; may be given more than once" },
	{ TOOL_TEXT(struct greet, from), .name = "from", .arg = "FILE",
	  .help = "Read names from FILE, don't ask" },
	{ TOOL_TEXT(struct greet, log), .name = "log", .arg = "FILE",
	  .file = TOOL_FILE_NEW, .hidden = true, .help = "Keep it there" },
	{ TOOL_SECONDS(struct greet, timeout_ms, 1, 60000), .name = "timeout",
	  .arg = "S", .preset = "4", .help = "Give up after S seconds" },
	{ TOOL_NUMBER(struct greet, repeat, 1, 100), .name = "repeat",
	  .letter = 'r', .arg = "N", .help = "Say it N times" },
	{ TOOL_CHOICE(struct greet, role, roles), .name = "role", .arg = "ROLE",
	  .help = "Where this machine stands" },
	{ TOOL_FLAG(struct greet, loud), .name = "loud", .letter = 'l',
	  .help = "Raise the voice [or not]: loudly" },
	{ .name = NULL },
};

static const struct tool_group groups[] = {
	{ "Greeting", rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct greet presets = { .timeout_ms = 4000, .repeat = 1 };

static enum tool_status run_greet(struct tool_call *call, struct diag_err *err)
{
	const struct greet *greet = call->options;

	if (call->argc == 1 && strcmp(call->argv[0], "fail") == 0) {
		(void)diag_fail(err, DIAG_EPARSE, "greeting", "line %d", 7);
		return TOOL_USAGE;
	}
	if (call->argc == 1 && strcmp(call->argv[0], "signal") == 0)
		call->signal = SIGINT;
	tool_note(call, "a note");
	tool_detail(call, "a detail");
	if (call->verbose == 2)
		tool_note(call, "a second detail");
	tool_print(call, "names");
	for (const char **name = greet->names.at; name && *name; name++)
		tool_print(call, " %s", *name);
	tool_print(call, "; from %s; timeout %u; repeat %u; role %d; loud %d;",
		   greet->from ? greet->from : "-", greet->timeout_ms,
		   greet->repeat, greet->role, greet->loud);
	tool_print(call, " format %s; color %d; args", call->format,
		   call->color);
	for (int i = 0; i < call->argc; i++)
		tool_print(call, " %s", call->argv[i]);
	tool_print(call, "\n");
	return call->strict ? TOOL_WRONG : TOOL_GOOD;
}

static const struct tool greet = {
	.name = "pl-greet",
	.about = "greet people by name",
	.args = "[FILE...]",
	.argc_max = 3,
	.groups = groups,
	.presets = &presets,
	.options_size = sizeof(presets),
	.formats = formats,
	.examples = "  pl-greet --name Ada\n",
	.run = run_greet,
};

/* --- a tool with commands ----------------------------------------------------
 */

struct keep {
	bool force;
	bool deep;
};

static const struct tool_option keep_rows[] = {
	{ TOOL_FLAG(struct keep, force), .name = "force", .help = "Do it" },
	{ .name = NULL },
};
static const struct tool_group keep_groups[] = {
	{ "Keeping", keep_rows, 0 },
	{ NULL, NULL, 0 },
};
static const struct tool_option check_rows[] = {
	{ TOOL_FLAG(struct keep, deep), .name = "deep", .help = "Look twice" },
	{ .name = NULL },
};
static const struct tool_group check_groups[] = {
	{ "Checking", check_rows, 0 },
	{ NULL, NULL, 0 },
};

static enum tool_status run_keep(struct tool_call *call, struct diag_err *err)
{
	const struct keep *keep = call->options;

	(void)err;
	tool_print(call, "%s; force %d; deep %d; format %s; args",
		   call->cmd->name, keep->force, keep->deep, call->format);
	for (int i = 0; i < call->argc; i++)
		tool_print(call, " %s", call->argv[i]);
	tool_print(call, "\n");
	return TOOL_GOOD;
}

static const struct tool_cmd cmds[] = {
	{ .name = "expand",
	  .args = "INVENTORY",
	  .help = "Show what is made of it",
	  .argc_min = 1,
	  .argc_max = 1,
	  .formats = formats,
	  .run = run_keep },
	{ .name = "check",
	  .args = "INVENTORY...",
	  .help = "Say all that is wrong with a file",
	  .argc_min = 1,
	  .argc_max = TOOL_ANY,
	  .groups = check_groups,
	  .run = run_keep },
	{ .name = NULL },
};

static const struct tool keep = {
	.name = "pl-keep",
	.about = "keep things",
	.groups = keep_groups,
	.options_size = sizeof(struct keep),
	.cmds = cmds,
};

/* --- running one
 * -------------------------------------------------------------- */

struct ran {
	char out[TEXT_BYTES];
	char err[TEXT_BYTES];
	int status;
};

static void read_back(FILE *file, char *text)
{
	size_t n;

	rewind(file);
	n = fread(text, 1, TEXT_BYTES - 1, file);
	text[n] = '\0';
	(void)fclose(file);
}

#define CAUGHT -1 /* standard output ends up in ran->out */
#define CLOSED -2

static void redirect(int out, int caught, int err)
{
	if (out == CLOSED)
		(void)close(STDOUT_FILENO);
	else
		(void)dup2(out == CAUGHT ? caught : out, STDOUT_FILENO);
	(void)dup2(err, STDERR_FILENO);
}

static void run_to(const struct tool *tool, int to, struct ran *ran,
		   const char *const *words)
{
	FILE *out = tmpfile();
	FILE *err = tmpfile();
	char *argv[16] = { (char *)(uintptr_t)tool->name };
	int argc = 1;
	int status;
	pid_t pid;

	for (; *words; words++)
		argv[argc++] = strdup(*words);
	(void)fflush(NULL);
	pid = fork();
	assert_true(out && err && pid >= 0);
	if (pid == 0) {
		redirect(to, fileno(out), fileno(err));
		status = tool_main(tool, argc, argv);
		(void)fflush(NULL);
		_exit(status);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFEXITED(status));
	ran->status = WEXITSTATUS(status);
	read_back(out, ran->out);
	read_back(err, ran->err);
	while (argc > 1)
		free(argv[--argc]);
}

#define RUN(tool, ran, ...) \
	run_to(tool, CAUGHT, ran, (const char *const[]){ __VA_ARGS__, NULL })

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

/* --- options
 * ------------------------------------------------------------------- */

static void every_kind_of_value_lands_in_its_member(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--name", "Ada", "x", "--timeout=2.5", "-r7",
	    "--role", "jumpbox", "-ln", "Bob", "--from", "f", "y");
	assert_string_equal("names Ada Bob; from f; timeout 2500; repeat 7; "
			    "role 1; loud 1; format text; color 0; args x y\n",
			    ran.out);
	assert_int_equal(0, ran.status);
}

static void lists_keep_their_order_and_end_with_null(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "-na", "-nb", "-nc", "-nd", "-ne");
	has(ran.out, "names a b c d e; from");
}

static void presets_stand_when_nothing_is_given(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "x");
	has(ran.out, "timeout 4000; repeat 1; role 0; loud 0; format text");
}

static void two_dashes_end_the_options(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "-l", "--", "--loud", "-");
	has(ran.out, "args --loud -\n");
}

static void unknown_option_is_one_line_and_exit_2(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--foo");
	assert_string_equal(
	    "pl-greet: unknown option --foo; see pl-greet --help\n", ran.err);
	assert_string_equal("", ran.out);
	assert_int_equal(TOOL_USAGE, ran.status);
	RUN(&greet, &ran, "-lX");
	has(ran.err, "unknown option -X; see");
}

static void a_slip_of_the_finger_is_named(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--tiemout=3");
	has(ran.err, "unknown option --tiemout (did you mean --timeout?)");
	RUN(&keep, &ran, "chekc");
	has(ran.err, "unknown command chekc (did you mean check?)");
}

static void terminal_escapes_never_come_back_raw(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--\033[31m");
	assert_null(strchr(ran.err, '\033'));
	RUN(&greet, &ran, "--role", "\033[31m");
	assert_null(strchr(ran.err, '\033'));
	RUN(&greet, &ran, "a", "b", "c", "\033[31m");
	assert_null(strchr(ran.err, '\033'));
	has(ran.err, "one argument too many");
}

static void seconds_may_have_a_unit(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--timeout=1m");
	has(ran.out, "timeout 60000;");
	RUN(&greet, &ran, "--timeout", "45s");
	has(ran.out, "timeout 45000;");
}

static void bad_values_say_what_was_expected(void **unused)
{
	static const char *const bad[][2] = {
		{ "--repeat=0",
		  "--repeat: expected a number 1-100, got \"0\"" },
		{ "--repeat=1x", "a number 1-100, got \"1x\"" },
		{ "--repeat=", "a number 1-100, got \"\"" },
		{ "--repeat=99999999999999999999", "a number 1-100" },
		{ "--timeout=0",
		  "expected seconds from 0.001 to 60, got \"0\"" },
		{ "--timeout=1.2345", "expected seconds" },
		{ "--timeout=-1", "expected seconds" },
		{ "--timeout=.5", "expected seconds" },
		{ "--timeout=1e3", "expected seconds" },
		{ "--timeout=2m", "expected seconds from 0.001 to 60" },
		{ "--timeout=m", "expected seconds" },
		{ "--timeout=1.5m", "expected seconds" },
		{ "--timeout=1d", "expected seconds" },
		{ "--timeout=4294967295h", "expected seconds" },
		{ "--role=king", "expected one of client, jumpbox" },
		{ "--format=xml", "expected one of text, json, jsonl" },
		{ "--loud=yes", "--loud takes no value" },
		{ "--name", "--name needs a value: NAME" },
		{ "-n", "--name needs a value: NAME" },
	};
	struct ran ran;

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		RUN(&greet, &ran, bad[i][0]);
		has(ran.err, bad[i][1]);
		assert_int_equal(TOOL_USAGE, ran.status);
	}
}

static void json_is_short_for_a_format(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--json");
	has(ran.out, "format json");
	RUN(&greet, &ran, "--format", "jsonl");
	has(ran.out, "format jsonl");
	RUN(&keep, &ran, "check", "x", "--json");
	has(ran.err, "unknown option --json");
}

static void strict_and_talk_reach_the_tool(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--strict");
	assert_int_equal(TOOL_WRONG, ran.status);
	assert_string_equal("pl-greet: a note\n", ran.err);
	RUN(&greet, &ran, "-v");
	assert_string_equal("pl-greet: a note\npl-greet: a detail\n", ran.err);
	RUN(&greet, &ran, "-vv");
	has(ran.err, "pl-greet: a second detail\n");
	RUN(&greet, &ran, "-q", "-v");
	assert_string_equal("", ran.err);
}

/* --- commands
 * ------------------------------------------------------------------ */

static void a_command_has_its_own_options_and_the_tools(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&keep, &ran, "--force", "check", "a", "--deep", "b");
	assert_string_equal("check; force 1; deep 1; format text; args a b\n",
			    ran.out);
	RUN(&keep, &ran, "expand", "a", "--deep");
	has(ran.err, "unknown option --deep");
	RUN(&keep, &ran, "expand", "a", "--json");
	has(ran.out, "format json");
}

static void missing_words_are_told_with_exit_2(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&keep, &ran, "expand");
	has(ran.err, "pl-keep: expand needs INVENTORY; see pl-keep --help");
	assert_int_equal(TOOL_USAGE, ran.status);
	RUN(&keep, &ran, "expand", "a", "b");
	has(ran.err, "one argument too many: \"b\"");
	RUN(&keep, &ran, "-q");
	has(ran.err, "pl-keep --help");
	assert_int_equal(TOOL_USAGE, ran.status);
}

/* --- texts from the tables
 * -------------------------------------------------------- */

static void help_lists_every_row_within_80_columns(void **unused)
{
	struct ran ran;
	const char *line;

	(void)unused;
	RUN(&greet, &ran, "--help");
	assert_int_equal(0, ran.status);
	has(ran.out, "Usage: pl-greet [OPTION]... [FILE...]\n");
	has(ran.out, "  -n, --name NAME ");
	has(ran.out, "Give up after S seconds (default 4)");
	has(ran.out, "Where this machine stands: client, jumpbox\n");
	has(ran.out, "How results are written: text, json, jsonl (default");
	has(ran.out, "  pl-greet --name Ada\n");
	assert_null(strstr(ran.out, "--completion"));
	for (line = ran.out; *line; line += strcspn(line, "\n") + 1)
		assert_in_range(strcspn(line, "\n"), 0, 80);
}

static void help_of_a_command_is_its_own(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&keep, &ran, "-h");
	has(ran.out, "Usage: pl-keep [OPTION]... COMMAND ...\n");
	has(ran.out, "  expand INVENTORY");
	assert_null(strstr(ran.out, "--deep"));
	RUN(&keep, &ran, "check", "--help");
	has(ran.out, "Usage: pl-keep check [OPTION]... INVENTORY...\n");
	has(ran.out, "--deep");
	has(ran.out, "--force");
}

static void version_is_that_of_the_build(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "-V");
	assert_string_equal("pl-greet (pldiag) " DIAG_VERSION "\n", ran.out);
}

static void explain_of_an_unknown_code_is_exit_2(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--explain", "no.such\033code");
	has(ran.err, "there is no finding code");
	assert_null(strchr(ran.err, '\033'));
	assert_int_equal(TOOL_USAGE, ran.status);
}

static void explain_prints_the_section_or_what_is_near(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--explain", "dns.zone-not-visible");
	has(ran.out, "dns.zone-not-visible");
	assert_int_equal(0, ran.status);
	RUN(&greet, &ran, "--explain", "dns.zone-not-visibel");
	has(ran.err, "  dns.zone-not-visible\n");
	RUN(&greet, &ran, "--explain", "tls");
	has(ran.err, "  tls.untrusted\n");
}

static void completions_know_rows_and_commands(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--completion", "bash");
	has(ran.out, "complete -o filenames -F _pl_greet pl-greet");
	has(ran.out, "--role) COMPREPLY=($(compgen -W 'client jumpbox'");
	RUN(&greet, &ran, "--completion", "zsh");
	has(ran.out, "'*--name=[Whom");
	has(ran.out, "[Raise the voice \\[or not\\]\\: loudly]'");
	has(ran.out, "don'\\''t ask");
	RUN(&greet, &ran, "--completion", "fish");
	has(ran.out, "complete -c pl-greet -l loud -s l -d");
	has(ran.out, "don\\'t ask");
	RUN(&keep, &ran, "--completion", "bash");
	has(ran.out, "compgen -W 'expand check'");
	has(ran.out, "--deep");
	assert_null(strstr(ran.out, "--man-options"));
}

static void the_manual_lists_commands_and_options(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&keep, &ran, "--man-options");
	has(ran.out, "# COMMANDS\n");
	has(ran.out, "*pl-keep check* [options] INVENTORY\\.\\.\\.\n");
	has(ran.out, "*--deep*\n\tLook twice\n");
	has(ran.out, "*-o*, *--output* _FILE_\n\t");
}

/* --- output and exit status
 * ------------------------------------------------------- */

static void a_full_disk_is_one_line_and_exit_4(void **unused)
{
	const char *const words[] = { "-q", NULL };
	const char *const help[] = { "--help", NULL };
	int full = open("/dev/full", O_WRONLY);
	struct ran ran;

	(void)unused;
	assert_true(full >= 0);
	run_to(&greet, full, &ran, words);
	assert_int_equal(TOOL_TROUBLE, ran.status);
	assert_string_equal("pl-greet: write: standard output: "
			    "No space left on device\n",
			    ran.err);
	run_to(&greet, full, &ran, help);
	assert_int_equal(TOOL_TROUBLE, ran.status);
	(void)close(full);
	RUN(&greet, &ran, "-q", "-o", "/dev/full");
	assert_int_equal(TOOL_TROUBLE, ran.status);
	has(ran.err, "/dev/full");
}

static void closed_standard_output_is_trouble(void **unused)
{
	const char *const words[] = { "-q", NULL };
	struct ran ran;

	(void)unused;
	run_to(&greet, CLOSED, &ran, words);
	assert_int_equal(TOOL_TROUBLE, ran.status);
	has(ran.err, "standard output: Bad file descriptor\n");
}

static void a_reader_that_left_ends_in_141_without_a_word(void **unused)
{
	const char *const words[] = { "-q", NULL };
	struct ran ran;
	int ends[2];

	(void)unused;
	assert_int_equal(0, pipe(ends));
	(void)close(ends[0]);
	run_to(&greet, ends[1], &ran, words);
	(void)close(ends[1]);
	assert_int_equal(128 + SIGPIPE, ran.status);
	assert_string_equal("", ran.err);
}

static void make_folder(char *folder)
{
	(void)snprintf(folder, 64, "/tmp/test_tool.XXXXXX");
	assert_non_null(mkdtemp(folder));
}

static void output_file_is_replaced_whole(void **unused)
{
	char folder[64];
	char path[96];
	char text[256] = "";
	struct ran ran;
	FILE *file;

	(void)unused;
	make_folder(folder);
	(void)snprintf(path, sizeof(path), "%s/out", folder);
	RUN(&greet, &ran, "-q", "-o", path, "x");
	assert_int_equal(0, ran.status);
	assert_string_equal("", ran.out);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	(void)fclose(file);
	has(text, "args x\n");
	/* A call that fails leaves the old file alone. */
	RUN(&greet, &ran, "-q", "-o", path, "fail");
	assert_int_equal(TOOL_USAGE, ran.status);
	file = fopen(path, "r");
	assert_int_equal(strlen(text), fread(text, 1, sizeof(text), file));
	(void)fclose(file);
	assert_int_equal(0, unlink(path));
	/* Nothing is left beside it. */
	assert_int_equal(0, rmdir(folder));
}

static void an_output_folder_that_is_missing_is_told_before(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "-o", "/nonexistent/x");
	assert_int_equal(TOOL_USAGE, ran.status);
	has(ran.err, "/nonexistent/x");
	assert_null(strstr(ran.err, "a note"));
	RUN(&greet, &ran, "--help", "--log", "/nonexistent/x");
	assert_int_equal(TOOL_GOOD, ran.status);
}

static void an_error_is_printed_with_its_place(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "fail");
	has(ran.err, "pl-greet: greeting: line 7");
	assert_int_equal(TOOL_USAGE, ran.status);
}

static void a_signal_shows_in_the_exit_status(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "signal");
	assert_int_equal(128 + SIGINT, ran.status);
}

static void colour_needs_a_terminal_or_an_order(void **unused)
{
	struct ran ran;

	(void)unused;
	RUN(&greet, &ran, "--color=auto");
	has(ran.out, "color 0");
	RUN(&greet, &ran, "--color=always");
	has(ran.out, "color 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_value_lands_in_its_member),
		cmocka_unit_test(lists_keep_their_order_and_end_with_null),
		cmocka_unit_test(presets_stand_when_nothing_is_given),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(unknown_option_is_one_line_and_exit_2),
		cmocka_unit_test(a_slip_of_the_finger_is_named),
		cmocka_unit_test(terminal_escapes_never_come_back_raw),
		cmocka_unit_test(seconds_may_have_a_unit),
		cmocka_unit_test(bad_values_say_what_was_expected),
		cmocka_unit_test(json_is_short_for_a_format),
		cmocka_unit_test(strict_and_talk_reach_the_tool),
		cmocka_unit_test(a_command_has_its_own_options_and_the_tools),
		cmocka_unit_test(missing_words_are_told_with_exit_2),
		cmocka_unit_test(help_lists_every_row_within_80_columns),
		cmocka_unit_test(help_of_a_command_is_its_own),
		cmocka_unit_test(version_is_that_of_the_build),
		cmocka_unit_test(explain_of_an_unknown_code_is_exit_2),
		cmocka_unit_test(explain_prints_the_section_or_what_is_near),
		cmocka_unit_test(completions_know_rows_and_commands),
		cmocka_unit_test(the_manual_lists_commands_and_options),
		cmocka_unit_test(a_full_disk_is_one_line_and_exit_4),
		cmocka_unit_test(closed_standard_output_is_trouble),
		cmocka_unit_test(a_reader_that_left_ends_in_141_without_a_word),
		cmocka_unit_test(output_file_is_replaced_whole),
		cmocka_unit_test(
		    an_output_folder_that_is_missing_is_told_before),
		cmocka_unit_test(an_error_is_printed_with_its_place),
		cmocka_unit_test(a_signal_shows_in_the_exit_status),
		cmocka_unit_test(colour_needs_a_terminal_or_an_order),
	};

	return cmocka_run_group_tests_name("tool", tests, NULL, NULL);
}
