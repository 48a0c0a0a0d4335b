/* SPDX-License-Identifier: MIT */
/* send.c - an update on its way, and what came of it.
 *
 * Over TCP, and once: the prerequisites of an update refuse its own second
 * copy, and then nobody would know what the first did.
 *
 * More than one message holds is sent in parts, each whole by itself; when one
 * is refused, those before it are taken back.
 */
#include <openssl/rand.h>
#include <string.h>

#include "base/time.h"
#include "probes/exchange.h"
#include "tools/pl-zone/ask.h"
#include "tools/pl-zone/update.h"

#define OP "pl-zone"

/* --- one message -----------------------------------------------------------
 */

static const struct diag_tsig_key *key_of(const struct zone_change *c)
{
	return c->has_key ? &c->key : NULL;
}

static bool make(const struct zone_change *c, const struct diag_update *u,
		 struct diag_update_wire *wire, struct diag_err *err)
{
	uint16_t id = 0;

	if (RAND_bytes((unsigned char *)&id, (int)sizeof(id)) != 1)
		return diag_fail(err, DIAG_EIO, OP, "no random number");
	return diag_update_make(u, key_of(c), id, diag_time_now_s(), wire, err);
}

static void note_time(struct zone_change *c)
{
	char theirs[DIAG_TIME_TEXT], ours[DIAG_TIME_TEXT];

	if (c->reply.server_s == 0)
		return;
	c->why = diag_arena_printf(
	    &c->call->arena, "%s; there it is %s, here %s", c->reply.words,
	    diag_time_text(c->reply.server_s, theirs),
	    diag_time_text(diag_time_now_s(), ours));
}

static enum zone_sent read_reply(struct zone_change *c,
				 const struct diag_update_wire *wire,
				 const struct exchange_answer *a)
{
	struct diag_err err = { .code = DIAG_OK };
	const unsigned char *bytes = (const unsigned char *)a->bytes.data;

	if (!diag_update_read(bytes, a->bytes.len, wire, diag_time_now_s(),
			      &c->reply, &err)) {
		c->why = diag_arena_printf(&c->call->arena,
					   "the answer cannot be believed: %s",
					   err.what);
		return ZONE_SENT_UNKNOWN;
	}
	c->answered = true;
	c->why = c->reply.words;
	note_time(c);
	return c->reply.rcode == 0 ? ZONE_SENT_DONE : ZONE_SENT_REFUSED;
}

static enum zone_sent send_wire(struct zone_change *c,
				const struct diag_update_wire *wire)
{
	const struct exchange x = { .server = c->server,
				    .wire = wire->bytes.data,
				    .len = wire->bytes.len,
				    .tcp = true,
				    .timeout_ms = c->o->timeout_ms,
				    .handle_signals = true };
	struct exchange_answer a;
	enum zone_sent sent = ZONE_SENT_NOT;

	if (exchange_run(&x, &a, c->err)) {
		if (a.status == DIAG_ST_REPLY)
			sent = read_reply(c, wire, &a);
		else
			c->why = zone_ask_words(a.status);
		if (a.status != DIAG_ST_REPLY && a.sent)
			sent = ZONE_SENT_UNKNOWN;
	}
	if (a.signal != 0)
		c->call->signal = a.signal;
	diag_buf_clear(&a.bytes);
	signals_hold(); /* the loop has let go of them */
	return sent;
}

/* --- parts -----------------------------------------------------------------
 */

/* The next part from set `from` on that fits a message; *n of its sets. */
static bool make_part(struct zone_change *c, const struct diag_update *u,
		      size_t from, size_t *n, struct diag_update_wire *wire)
{
	struct diag_err err = { .code = DIAG_OK };

	for (*n = u->n - from;; *n = (*n + 1) / 2) {
		const struct diag_update part = { .zone = u->zone,
						  .sets = u->sets + from,
						  .n = *n };

		err.code = DIAG_OK;
		if (make(c, &part, wire, &err))
			return true;
		diag_buf_clear(&wire->bytes);
		if (err.code != DIAG_ELIMIT || *n <= 1)
			break;
	}
	*c->err = err;
	return false;
}

static enum zone_sent send_part(struct zone_change *c,
				const struct diag_update *u, size_t from,
				size_t *n)
{
	struct diag_update_wire wire;
	enum zone_sent sent;

	if (!make_part(c, u, from, n, &wire))
		return ZONE_SENT_NOT;
	if (from == 0 && *n < u->n)
		tool_note(c->call,
			  "%zu names are too many for one message: they go in "
			  "parts, each whole by itself",
			  u->n);
	sent = send_wire(c, &wire);
	diag_buf_clear(&wire.bytes);
	return sent;
}

/* The parts that were made before one was refused. */
static bool take_parts_back(struct zone_change *c, const struct diag_update *u,
			    size_t n)
{
	const struct diag_update made = { .zone = u->zone,
					  .sets = u->sets,
					  .n = n };
	struct diag_update_reply reply = c->reply;
	struct diag_update back;
	const char *why = c->why;
	enum zone_sent sent = ZONE_SENT_UNKNOWN;

	if (n == 0)
		return true;
	if (diag_update_inverse(&made, &c->call->arena, &back, c->err))
		sent = zone_send(c, &back);
	c->why = why;
	c->reply = reply;
	tool_note(c->call, sent == ZONE_SENT_DONE
			       ? "the parts before it were taken back"
			       : "the parts before it could not be taken back");
	return sent == ZONE_SENT_DONE;
}

enum zone_sent zone_send(struct zone_change *c, const struct diag_update *u)
{
	size_t from = 0, n = 0;

	for (; from < u->n; from += n) {
		enum zone_sent sent = send_part(c, u, from, &n);

		if (sent == ZONE_SENT_DONE)
			continue;
		if (sent == ZONE_SENT_UNKNOWN || take_parts_back(c, u, from))
			return sent;
		return ZONE_SENT_UNKNOWN;
	}
	return ZONE_SENT_DONE;
}
