/* SPDX-License-Identifier: MIT */
/* mend.c - words that are no name, and the names they were meant to be.
 *
 * Names come out of portals, guides, chats and address bars.  What they bring
 * along: a scheme, a path, a port; commas; quotes; characters that nobody
 * sees.  A hosts file takes every byte up to the next blank for a part of the
 * name.
 */
#include <string.h>

#include "base/buf.h"
#include "hosts/internal.h"

#define QUOTES_OPEN  "\"'`<(["
#define QUOTES_CLOSE "\"'`>)]"

/* What a word becomes. */
struct mending {
	struct hosts_judge *j;
	struct diag_buf put;
	const char *why;
	const char *first; /* name */
	unsigned n;
	bool sure, held; /* all have a line already */
};

static bool one_of(char c, const char *list)
{
	return c != '\0' && strchr(list, c) != NULL;
}

static void say(struct mending *m, const char *why)
{
	if (m->why == NULL)
		m->why = why;
}

/* The host in a URL. */
static struct diag_slice host_of(struct mending *m, struct diag_slice s)
{
	size_t i = 0;

	while (i + 2 < s.len && memcmp(s.p + i, "://", 3) != 0)
		i++;
	if (i + 2 < s.len) {
		s.p += i + 3;
		s.len -= i + 3;
		say(m, "a URL stands where only its host name belongs");
	}
	for (i = 0; i < s.len && !one_of(s.p[i], "/?\\"); i++)
		;
	if (i < s.len) {
		s.len = i;
		say(m, "a path stands behind the name, which makes it one that "
		       "nobody asks");
	}
	return s;
}

static struct diag_slice without_port(struct mending *m, struct diag_slice s)
{
	size_t i = s.len;

	while (i > 0 && s.p[i - 1] >= '0' && s.p[i - 1] <= '9')
		i--;
	if (i < 1 || s.p[i - 1] != ':')
		return s;
	s.len = i - 1;
	say(m, "a port stands behind the name, which makes it one that nobody "
	       "asks");
	return s;
}

static struct diag_slice without_quotes(struct diag_slice s)
{
	while (s.len > 0 && one_of(s.p[0], QUOTES_OPEN)) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && one_of(s.p[s.len - 1], QUOTES_CLOSE))
		s.len--;
	return s;
}

/* One name out of the word; nothing is fine too. */
static bool mend_piece(struct mending *m, const char *text, size_t len)
{
	char normal[DIAG_FQDN_MAX], client[DIAG_FQDN_MAX];
	struct diag_slice s = { text, len };
	const char *name = normal;

	s = without_quotes(without_port(m, host_of(m, without_quotes(s))));
	if (len == 0)
		return true;
	if (memchr(s.p, '*', s.len) != NULL ||
	    !diag_fqdn_normal(s.p, s.len, normal, NULL))
		return false;
	if (hosts_client_name(normal, client))
		name = client;
	m->held &= m->j->held(m->j->names, name);
	m->sure &= strchr(name, '.') != NULL;
	if (m->put.len > 0)
		diag_buf_putc(&m->put, ' ');
	diag_buf_puts(&m->put, name);
	m->n++;
	if (m->first == NULL)
		m->first = diag_arena_strdup(m->j->arena, name);
	return true;
}

/* The next piece of the word, without what nobody sees. */
static bool next_piece(struct mending *m, struct diag_slice *rest,
		       struct diag_buf *piece)
{
	size_t n;

	diag_buf_reset(piece);
	while (rest->len > 0) {
		n = hosts_separator(rest->p, rest->len);
		if (n > 0 && rest->p[0] != '=')
			break;
		n = hosts_invisible(rest->p, rest->len);
		if (n > 0)
			say(m, "an invisible character stands in the name");
		else
			diag_buf_putc(piece, rest->p[0]);
		n += n == 0;
		rest->p += n;
		rest->len -= n;
	}
	if (rest->len == 0)
		return false;
	n = hosts_separator(rest->p, rest->len);
	say(m, n > 1 ? "a blank that only looks like one stands between names, "
		       "so they are read as one"
		     : "only blanks part names, so this is read as one name");
	rest->p += n;
	rest->len -= n;
	return true;
}

/* false: nobody can know what was meant. */
static bool mend_pieces(struct mending *m, struct diag_slice word)
{
	struct diag_buf piece;
	bool more = true, ok = true;

	diag_buf_init(&piece, DIAG_HOSTS_BYTES);
	while (ok && more) {
		more = next_piece(m, &word, &piece);
		ok = mend_piece(m, diag_buf_str(&piece), piece.len);
	}
	if (piece.code != DIAG_OK)
		m->put.code = piece.code;
	diag_buf_clear(&piece);
	return ok && m->n > 0;
}

static bool mended(struct mending *m, bool lost, struct hosts_name_fault *out)
{
	if (!lost && m->held)
		return true;
	out->wrong = true;
	out->severity = m->sure ? DIAG_HOSTS_ERROR : DIAG_HOSTS_WARNING;
	out->text =
	    m->why != NULL ? m->why : "a character that no host name can have";
	out->meant = m->first;
	out->n_put = m->n;
	out->sure = m->sure;
	out->put =
	    diag_arena_strn(m->j->arena, diag_buf_str(&m->put), m->put.len);
	return out->meant != NULL && out->put != NULL;
}

bool hosts_mend_name(struct hosts_judge *j, struct diag_slice word, bool lost,
		     const char *why, struct hosts_name_fault *out)
{
	struct mending m = { .j = j, .sure = true, .held = true };
	bool ok = true, known;

	diag_buf_init(&m.put, DIAG_HOSTS_BYTES);
	known = mend_pieces(&m, word);
	if (m.put.code != DIAG_OK)
		ok = false;
	else if (known)
		ok = mended(&m, lost, out);
	else
		*out =
		    (struct hosts_name_fault){ .wrong = true,
					       .severity = DIAG_HOSTS_WARNING,
					       .text = why };
	out->kind = DIAG_HOSTS_BAD_NAME;
	diag_buf_clear(&m.put);
	return ok;
}
