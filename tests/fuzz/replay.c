/* SPDX-License-Identifier: MIT */
/* replay.c - feed a harness each file of its corpus, so that every build
 * without libFuzzer still meets every input that once broke something.
 *
 * Each argument is a file or a folder of files.  An empty input and a folder
 * that does not exist are errors of the caller: a replay of nothing must not
 * pass as a replay.
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static unsigned replayed;

static bool replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t size = 0;
	struct stat st;
	bool ok = false;

	if (!file || fstat(fileno(file), &st) != 0)
		goto out;
	size = (size_t)st.st_size;
	/* Exactly as many bytes as the file has, so that the sanitizer sees a
	 * read past the end. */
	data = malloc(size ? size : 1);
	if (!data || fread(data, 1, size, file) != size)
		goto out;
	(void)LLVMFuzzerTestOneInput(data, size);
	replayed++;
	ok = true;
out:
	if (!ok)
		perror(path);
	free(data);
	if (file)
		(void)fclose(file);
	return ok;
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool replay_folder(const char *path)
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, is_input, alphasort);
	bool ok = n > 0;

	if (!ok)
		(void)fprintf(stderr, "%s: no corpus here\n", path);
	for (int i = 0; i < n; i++) {
		char name[4096];

		(void)snprintf(name, sizeof(name), "%s/%s", path,
			       entries[i]->d_name);
		ok = replay_file(name) && ok;
		free(entries[i]);
	}
	free(entries);
	return ok;
}

int main(int argc, char **argv)
{
	bool ok = argc > 1;

	for (int i = 1; i < argc; i++) {
		struct stat st;
		bool folder = stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode);

		ok = (folder ? replay_folder(argv[i]) : replay_file(argv[i])) &&
		     ok;
	}
	(void)printf("%u inputs replayed\n", replayed);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
