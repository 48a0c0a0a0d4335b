/* SPDX-License-Identifier: MIT */
/* http_answer.h - what an HTTP/1.1 answer says, and whose answer it is.
 *
 * Pure: bytes in, words out.  Source: RFC 9112 (message syntax), RFC 9110
 * (field names, 1xx).
 */
#ifndef PROBES_HTTP_ANSWER_H
#define PROBES_HTTP_ANSWER_H

#include "base/arena.h"
#include "base/cursor.h"
#include "fact/fact.h"
#include "plan/plan.h"

#define HTTP_HEAD_MAX  65536u /* bytes of one head; more is not HTTP to us */
#define HTTP_BODY_MAX  4096u  /* bytes of body we read to find a marker */
#define HTTP_KEEP_MAX  32u    /* header fields kept in a fact */
#define HTTP_BODY_KEEP 256u   /* bytes of an unrecognised body kept */

enum http_parse { HTTP_MORE, HTTP_HEAD, HTTP_NOT_HTTP };

/* Where the head of the final answer is, interim 1xx answers skipped. */
struct http_head {
	int code;
	size_t end;	  /* offset of the first body byte */
	int64_t body_len; /* Content-Length, -1: not told */
	bool chunked;
	struct diag_cursor fields; /* the header lines; borrows the bytes */
};

/* HTTP_MORE: the head is not whole yet.  HTTP_NOT_HTTP: these bytes are no
 * HTTP/1 answer, or the head is over HTTP_HEAD_MAX. */
enum http_parse http_parse(const char *bytes, size_t len,
			   struct http_head *out);

/* May the rest of the body still hold something we look for? */
bool http_wants_body(const struct http_head *head,
		     const struct diag_http_question *q, const char *body,
		     size_t len);

/* Fill code, server, date, headers, is_service, denial and body of *f from a
 * parsed head and the body bytes at hand.  Copies into arena.  Kept fields:
 * the question's markers, www-authenticate, x-ms-*, access-control-*,
 * location, via.  false: no memory. */
DIAG_MUST_USE
bool http_fill(const struct http_head *head, const char *body, size_t body_len,
	       const struct diag_http_question *q, struct diag_arena *arena,
	       struct diag_http_fact *f);

#endif
