/* SPDX-License-Identifier: MIT */
/* e2e_mask_speed LEVEL FILE - how fast is a text masked?  Prints MB/s of each
 * of several passes; for tests/bench/run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "mask/mask.h"

#define PASSES 5
#define BYTES  ((size_t)256 << 20)

/* Of the processor: other work on the machine does not count. */
static double now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool pass(enum diag_mask_level level, const struct diag_buf *text)
{
	static const unsigned char key[DIAG_MASK_KEY] = { 1 };
	static const char *const names[] = { "ws1103", "ws1103sa", "ws1103kv",
					     "vpn-laptop" };
	struct diag_mask *m = NULL;
	struct diag_err err = { 0 };
	struct diag_buf out;
	size_t n = 0;
	double start;
	bool ok = diag_mask_new(level, key, &m, &err);

	for (size_t i = 0; ok && i < sizeof(names) / sizeof(*names); i++)
		ok = diag_mask_learn_name(m, names[i], &err);
	diag_buf_init(&out, BYTES * 2);
	start = now_s();
	ok = ok &&
	     diag_mask_text(
		 m, "t", (struct diag_slice){ diag_buf_str(text), text->len },
		 &out, &n, &err);
	if (ok)
		printf("%.0f\n", (double)text->len / 1e6 / (now_s() - start));
	else
		fprintf(stderr, "%s: %s\n", err.op, err.what);
	diag_buf_clear(&out);
	diag_mask_free(m);
	return ok;
}

int main(int argc, char **argv)
{
	enum diag_mask_level level;
	struct diag_buf text;
	bool ok;

	if (argc != 3 || !diag_mask_level_parse(argv[1], &level))
		return 2;
	ok = diag_file_read(argv[2], BYTES, &text, NULL);
	for (int i = 0; i < PASSES && ok; i++)
		ok = pass(level, &text);
	diag_buf_clear(&text);
	return ok ? 0 : 1;
}
