/* SPDX-License-Identifier: MIT */
/* What the answer to an update says, and which answers are not believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fix/recorded.h"
#include "tests/support/torture.h"

#define REPLY_MAX  512
#define SKEW_S	   1000
#define RCODE_AT   3
#define ARCOUNT_AT 11

struct heard {
	struct diag_tsig_key key;
	struct diag_update_wire sent;
	unsigned char reply[REPLY_MAX];
	size_t len;
	int64_t now_s;
	struct diag_update_reply said;
	struct diag_err err;
};

static void prepare(struct heard *h, const struct recorded *r)
{
	*h = (struct heard){ .now_s = r->now_s };
	recorded_key(r, &h->key);
	recorded_request(r, &h->key, &h->sent);
	h->len = recorded_reply(r, h->reply, sizeof(h->reply));
}

static bool hear(struct heard *h)
{
	bool ok = diag_update_read(h->reply, h->len, &h->sent, h->now_s,
				   &h->said, &h->err);

	diag_buf_clear(&h->sent.bytes);
	return ok;
}

static const struct recorded *find(const char *what)
{
	for (size_t i = 0; i < n_recorded; i++)
		if (strcmp(recorded[i].what, what) == 0)
			return &recorded[i];
	fail_msg("nothing is recorded as %s", what);
	return NULL;
}

/* It proves both ways: the server took our signature, and we take its own. */
static void what_real_servers_answered_is_understood(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < n_recorded; i++) {
		struct heard h;

		prepare(&h, &recorded[i]);
		if (!hear(&h))
			fail_msg("%s: %s", recorded[i].what, h.err.what);
		assert_int_equal(recorded[i].rcode, h.said.rcode);
		assert_int_equal(recorded[i].tsig_error, h.said.tsig_error);
	}
	assert_true(n_recorded >= 14);
}

static void each_answer_has_one_sentence_of_its_own(void **unused)
{
	static const char *const parts[][2] = {
		{ "BIND 9.18, done", "has made the change" },
		{ "BIND 9.18, there already", "YXRRSET" },
		{ "BIND 9.18, not as it was", "NXRRSET" },
		{ "BIND 9.18, time", "BADTIME" },
		{ "BIND 9.18, badkey", "BADKEY" },
		{ "BIND 9.18, badalg", "BADKEY" },
		{ "BIND 9.18, badsig", "BADSIG" },
		{ "BIND 9.18, notauth", "NOTAUTH" },
		{ "Knot 3.2, notauth", "NOTAUTH" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct heard h;

		prepare(&h, find(parts[i][0]));
		assert_true(hear(&h));
		if (strstr(h.said.words, parts[i][1]) == NULL)
			fail_msg("%s: %s", parts[i][0], h.said.words);
	}
}

static void a_wrong_clock_is_told_with_the_servers_time(void **unused)
{
	const struct recorded *r = find("BIND 9.18, time");
	struct heard h;

	(void)unused;
	prepare(&h, r);
	assert_true(hear(&h));
	assert_int_equal(r->now_s - SKEW_S, h.said.server_s);
	prepare(&h, find("BIND 9.18, done"));
	assert_true(hear(&h));
	assert_int_equal(0, h.said.server_s);
}

/* --- answers that are not believed -----------------------------------------
 */

static void not_believed(struct heard *h, const char *part)
{
	assert_false(hear(h));
	assert_int_equal(DIAG_EPARSE, h->err.code);
	if (strstr(h->err.what, part) == NULL)
		fail_msg("\"%s\" has no \"%s\"", h->err.what, part);
}

static void every_byte_of_a_signed_answer_counts(void **unused)
{
	const struct recorded *r = find("BIND 9.18, done");
	struct heard h;
	size_t len;

	(void)unused;
	prepare(&h, r);
	len = h.len;
	assert_true(hear(&h));
	for (size_t at = 0; at < len; at++) {
		bool ok;

		prepare(&h, r);
		h.reply[at] ^= 0x01;
		ok = hear(&h);
		/* An answer that says "no" may come without a signature that
		 * counts; one that says "done" may not. */
		if (ok && h.said.rcode == 0)
			fail_msg("byte %zu may be anything", at);
	}
}

static void an_answer_that_is_cut_is_none(void **unused)
{
	struct heard h;
	size_t len;

	(void)unused;
	prepare(&h, find("BIND 9.18, done"));
	len = h.len;
	assert_true(hear(&h));
	for (size_t n = 0; n < len; n++) {
		prepare(&h, find("BIND 9.18, done"));
		h.len = n;
		not_believed(&h, "");
	}
}

/* The TSIG record is the last; without it, and with one record less. */
static void take_signature_off(struct heard *h)
{
	struct heard none;

	prepare(&none, find("Knot 3.2, notauth"));
	diag_buf_clear(&none.sent.bytes);
	/* Header and zone are of the same shape. */
	assert_memory_equal(h->reply, none.reply, 2);
	h->reply[ARCOUNT_AT] = 0;
	h->len = 12 + 17 + 4; /* vault.azure.net, type, class */
}

static void done_without_a_signature_is_not_believed(void **unused)
{
	struct heard h;

	(void)unused;
	prepare(&h, find("BIND 9.18, done"));
	take_signature_off(&h);
	not_believed(&h, "not signed");
}

static void refused_without_a_signature_is_believed(void **unused)
{
	static const unsigned char rcodes[] = { 1, 2, 4, 5, 9 };
	static const unsigned char others[] = { 0, 3, 6, 7, 8, 10 };
	struct heard h;

	(void)unused;
	for (size_t i = 0; i < sizeof(rcodes); i++) {
		prepare(&h, find("BIND 9.18, done"));
		take_signature_off(&h);
		h.reply[RCODE_AT] |= rcodes[i];
		assert_true(hear(&h));
		assert_int_equal(rcodes[i], h.said.rcode);
	}
	for (size_t i = 0; i < sizeof(others); i++) {
		prepare(&h, find("BIND 9.18, done"));
		take_signature_off(&h);
		h.reply[RCODE_AT] |= others[i];
		not_believed(&h, "not signed");
	}
}

static void an_answer_to_another_message_is_not_believed(void **unused)
{
	struct heard h;

	(void)unused;
	/* Signed by the same key, over another request's MAC. */
	prepare(&h, find("BIND 9.18, done"));
	h.len = recorded_reply(find("BIND 9.18, there already"), h.reply,
			       sizeof(h.reply));
	h.sent.mac.bytes[0] ^= 1;
	not_believed(&h, "signature is wrong");
	prepare(&h, find("BIND 9.18, done"));
	h.sent.id++;
	not_believed(&h, "another id");
	prepare(&h, find("BIND 9.18, done"));
	h.reply[2] = 0x28; /* an update, no answer */
	not_believed(&h, "not an answer");
	prepare(&h, find("BIND 9.18, done"));
	h.reply[2] = 0x80; /* an answer to a question */
	not_believed(&h, "not an answer");
}

static void another_key_is_not_believed(void **unused)
{
	struct heard h;

	(void)unused;
	prepare(&h, find("BIND 9.18, done"));
	memcpy(h.key.name, "q", 1);
	not_believed(&h, "another key");
	prepare(&h, find("BIND 9.18, done"));
	h.key.alg = DIAG_HMAC_SHA384;
	not_believed(&h, "another key");
	prepare(&h, find("BIND 9.18, done"));
	h.key.secret[0] ^= 1;
	not_believed(&h, "signature is wrong");
}

static void an_old_answer_is_not_believed(void **unused)
{
	static const int64_t apart[] = { DIAG_TSIG_FUDGE_S + 1,
					 -DIAG_TSIG_FUDGE_S - 1 };
	struct heard h;

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		prepare(&h, find("BIND 9.18, done"));
		h.now_s += apart[i];
		not_believed(&h, "another time");
	}
	prepare(&h, find("BIND 9.18, done"));
	h.now_s += DIAG_TSIG_FUDGE_S;
	assert_true(hear(&h));
}

static void records_and_bytes_behind_the_signature_are_not_believed(void **x)
{
	struct heard h;

	(void)x;
	prepare(&h, find("BIND 9.18, done"));
	h.len++;
	not_believed(&h, "bytes behind");
	prepare(&h, find("BIND 9.18, done"));
	h.reply[ARCOUNT_AT] = 2;
	memset(h.reply + h.len, 0, 11); /* ". 0 TYPE0 CLASS0" */
	h.len += 11;
	not_believed(&h, "behind the TSIG");
}

static void an_unsigned_update_takes_an_unsigned_answer(void **unused)
{
	struct heard h;

	(void)unused;
	prepare(&h, find("BIND 9.18, done"));
	take_signature_off(&h);
	h.sent.key = NULL;
	assert_true(hear(&h));
	assert_int_equal(0, h.said.rcode);
	prepare(&h, find("BIND 9.18, done"));
	take_signature_off(&h);
	h.sent.key = NULL;
	h.reply[RCODE_AT] = 11;
	assert_true(hear(&h));
	assert_non_null(strstr(h.said.words, "updates do not have"));
}

static bool heard_once(void *arg)
{
	struct heard h;

	prepare(&h, arg);
	return hear(&h);
}

static bool heard_quietly(void *arg)
{
	struct heard *h = arg;
	struct diag_err err = { .code = DIAG_OK };

	return diag_update_read(h->reply, h->len, &h->sent, h->now_s, &h->said,
				&err);
}

static void missing_memory_is_survived(void **unused)
{
	struct recorded r = *find("BIND 9.18, done");
	struct heard h;

	(void)unused;
	assert_true(heard_once(&r));
	prepare(&h, &r);
	assert_true(torture(heard_quietly, &h) > 2);
	diag_buf_clear(&h.sent.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_real_servers_answered_is_understood),
		cmocka_unit_test(each_answer_has_one_sentence_of_its_own),
		cmocka_unit_test(a_wrong_clock_is_told_with_the_servers_time),
		cmocka_unit_test(every_byte_of_a_signed_answer_counts),
		cmocka_unit_test(an_answer_that_is_cut_is_none),
		cmocka_unit_test(done_without_a_signature_is_not_believed),
		cmocka_unit_test(refused_without_a_signature_is_believed),
		cmocka_unit_test(an_answer_to_another_message_is_not_believed),
		cmocka_unit_test(another_key_is_not_believed),
		cmocka_unit_test(an_old_answer_is_not_believed),
		cmocka_unit_test(
		    records_and_bytes_behind_the_signature_are_not_believed),
		cmocka_unit_test(an_unsigned_update_takes_an_unsigned_answer),
		cmocka_unit_test(missing_memory_is_survived),
	};

	return cmocka_run_group_tests_name("update_read", tests, NULL, NULL);
}
