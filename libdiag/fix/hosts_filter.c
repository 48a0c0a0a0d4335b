/* SPDX-License-Identifier: MIT */
/* hosts_filter.c - can a name of ours stand in this line?  Told without a look
 * at every byte.
 *
 * A search for many words at once by their ends, in steps (Wu and Manber, "A
 * fast algorithm for multi-pattern searching", 1994): the last three bytes of a
 * window tell how far it can go on without missing one.  Names of a few zones
 * have few ends, however many names they are, and long ones, so most lines take
 * a step or two.
 *
 * Of each byte five bits count: letters fall together with their capitals, and
 * with some others; what is found is looked at again, by words.
 */
#include "fix/hosts_internal.h"

#define BLOCK 3 /* bytes that tell a step */

static unsigned fold(char c)
{
	return (unsigned char)c & 31;
}

static unsigned block_of(const char *end)
{
	return fold(end[-2]) << 10 | fold(end[-1]) << 5 | fold(end[0]);
}

/* The bytes up to end. */
static uint64_t key_of(const char *end)
{
	uint64_t key;

	memcpy(&key, end - (HOSTS_FILTER_KEY - 1), sizeof(key));
	return key & 0x1f1f1f1f1f1f1f1fU;
}

static bool has_key(const struct hosts_filter *f, uint64_t key)
{
	for (size_t i = 0; i < f->n_keys; i++)
		if (f->keys[i] == key)
			return true;
	return false;
}

static void add_name(struct hosts_filter *f, struct diag_slice name)
{
	const char *end = name.p + name.len - 1;
	uint64_t key = key_of(end);

	for (size_t left = 0; left + BLOCK <= f->window; left++) {
		uint8_t *step = &f->steps[block_of(end - left)];

		if (*step > left)
			*step = (uint8_t)left;
	}
	if (has_key(f, key))
		return;
	if (f->n_keys == HOSTS_FILTER_KEYS)
		f->window = 0;
	else
		f->keys[f->n_keys++] = key;
}

bool hosts_filter_make(struct hosts_filter *f, const struct hosts_names *names)
{
	f->window = names->n > HOSTS_FILTER_MANY ? HOSTS_FILTER_WINDOW / 2
						 : HOSTS_FILTER_WINDOW;
	f->n_keys = 0;
	for (size_t i = 0; i < names->n; i++)
		if (names->claims[i].name.len < f->window)
			f->window = names->claims[i].name.len;
	if (names->n == 0 || f->window < HOSTS_FILTER_KEY)
		f->window = 0;
	else
		memset(f->steps, (int)(f->window - BLOCK + 1),
		       sizeof(f->steps));
	for (size_t i = 0; i < names->n && f->window > 0; i++)
		add_name(f, names->claims[i].name);
	return f->window > 0;
}

bool hosts_filter_may(const struct hosts_filter *f, struct diag_slice text)
{
	size_t at = f->window - 1;

	while (at < text.len) {
		size_t step = f->steps[block_of(text.p + at)];

		if (step == 0 && has_key(f, key_of(text.p + at)))
			return true;
		at += step > 0 ? step : 1;
	}
	return false;
}
