/* SPDX-License-Identifier: MIT */
/* kept_prune_posix.c - letting go of bytes that nobody will ask for.
 *
 * Kept in any case: the bytes from before each apply that is not undone (only
 * they can bring them back), and from before the last 50 changes of any kind.
 * Of the rest the oldest go, but only what is over 64 MiB in all.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fix/writer_internal.h"

#define LAST_MAX  50
#define BYTES_MAX ((uint64_t)64 << 20)

/* A file in the state folder that may go. */
struct spare {
	char name[DIAG_SHA256_TEXT];
	uint64_t len;
	uint64_t rank; /* the last change that it is from before; 0: none */
};

struct prune {
	struct diag_writer *w;
	struct diag_arena arena;
	const struct diag_change *changes;
	size_t n_changes;
	struct spare *spares;
	size_t n;
	uint64_t total; /* bytes of all that is kept */
};

static bool needed(const struct prune *p, const char *name, uint64_t *rank)
{
	*rank = 0;
	for (size_t i = 0; i < p->n_changes; i++) {
		const struct diag_change *c = &p->changes[i];

		if (strcmp(c->old_sha256, name) != 0)
			continue;
		*rank = c->id;
		if ((c->kind == DIAG_CHANGE_APPLY && !c->undone) ||
		    i + LAST_MAX >= p->n_changes)
			return true;
	}
	return false;
}

static bool consider(struct prune *p, const char *name)
{
	struct stat st;
	struct spare *s;
	uint64_t rank;

	if (!diag_sha256_is(name) ||
	    fstatat(p->w->state, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return true;
	p->total += (uint64_t)st.st_size;
	if (needed(p, name, &rank))
		return true;
	s = diag_arena_push(&p->arena, &p->spares, &p->n, sizeof(*s));
	if (s == NULL)
		return false;
	memcpy(s->name, name, sizeof(s->name));
	s->len = (uint64_t)st.st_size;
	s->rank = rank;
	return true;
}

static bool list(struct prune *p)
{
	int fd = openat(p->w->state, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	bool ok = dir != NULL;

	if (dir == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	while (ok && (entry = readdir(dir)) != NULL)
		ok = consider(p, entry->d_name);
	(void)closedir(dir);
	return ok;
}

static int older_first(const void *a, const void *b)
{
	const struct spare *x = a, *y = b;

	return (x->rank > y->rank) - (x->rank < y->rank);
}

void writer_kept_prune(struct diag_writer *w)
{
	struct prune p = { .w = w };

	diag_arena_init(&p.arena, 0);
	if (!w->owed &&
	    diag_journal_changes(&w->journal, &p.arena, &p.changes,
				 &p.n_changes, NULL) &&
	    list(&p) && p.n > 0) {
		qsort(p.spares, p.n, sizeof(*p.spares), older_first);
		for (size_t i = 0; i < p.n && p.total > BYTES_MAX; i++) {
			(void)unlinkat(w->state, p.spares[i].name, 0);
			p.total -= p.spares[i].len;
		}
	}
	diag_arena_clear(&p.arena);
}
