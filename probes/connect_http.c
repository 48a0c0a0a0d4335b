/* SPDX-License-Identifier: MIT */
/* connect, third stage: one HTTP/1.1 question on the same connection.
 *
 * The question is the catalogue's for this service; no credentials, ever.
 * Source: RFC 9112 (message format, connection close), RFC 8446, 6.2 alert
 * 116 certificate_required: in TLS 1.3 a server that wants a client
 * certificate completes the handshake and says so at the first read.
 */
#include "probes/connect_internal.h"

#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

#define ALERT_CERTIFICATE_REQUIRED 116
#define ALERT_HANDSHAKE_FAILURE	   40
#define REQUEST_MAX		   2048
/* Fetch standard, "CORS-preflight request": what the page is about to do. */
#define PREFLIGHT_ASKS "\r\nAccess-Control-Request-Method: GET\r\n"

static const char *host_of(struct connect *c, char text[DIAG_ADDR_TEXT + 2])
{
	const struct diag_step *step = c->probe->step;
	char addr[DIAG_ADDR_TEXT];

	if (step->name)
		return step->name;
	(void)diag_addr_text(&step->addr, addr);
	if (step->addr.family != DIAG_IPV6)
		(void)snprintf(text, DIAG_ADDR_TEXT + 2, "%s", addr);
	else
		(void)snprintf(text, DIAG_ADDR_TEXT + 2, "[%s]", addr);
	return text;
}

static const char *question_path(const struct connect *c)
{
	const struct diag_http_question *q = c->probe->step->http;

	return q && q->path ? q->path : "/";
}

static const char *question_method(const struct connect *c)
{
	const struct diag_http_question *q = c->probe->step->http;

	return q && q->method ? q->method : "GET";
}

static struct diag_fact http_fact(struct connect *c)
{
	struct diag_fact f = connect_fact(c, DIAG_FACT_HTTP);
	char host[DIAG_ADDR_TEXT + 2];

	if (strcmp(question_method(c), "GET") != 0)
		f.http.method = question_method(c);
	f.http.url = diag_arena_printf(&c->arena, "https://%s%s",
				       host_of(c, host), question_path(c));
	return f;
}

struct diag_fact connect_http_instead(struct connect *c,
				      const struct diag_fact *f)
{
	struct diag_fact h = http_fact(c);

	switch (f->status) {
	case DIAG_ST_NOT_RUN:
	case DIAG_ST_TIMEOUT:
	case DIAG_ST_CUT:
		h.status = f->status;
		break;
	case DIAG_ST_RESET:
		h.status = DIAG_ST_CUT;
		break;
	default:
		h.status = DIAG_ST_FAILED;
		break;
	}
	h.sys_errno = f->sys_errno;
	h.error = f->error ? f->error : "there was no connection";
	return h;
}

static void answered(struct connect *c, const struct http_head *head)
{
	struct diag_fact f = http_fact(c);

	f.status = DIAG_ST_ANSWER;
	if (!http_fill(head, c->answer.data + head->end,
		       c->answer.len - head->end, c->probe->step->http,
		       &c->arena, &f.http)) {
		f.status = DIAG_ST_FAILED;
		f.error = "no memory for the answer";
	}
	connect_finish(c, &f);
}

static void failed(struct connect *c, enum diag_status status,
		   const char *error, int sys_errno)
{
	struct diag_fact f = http_fact(c);

	f.status = status;
	f.error = error;
	f.sys_errno = sys_errno;
	connect_finish(c, &f);
}

static bool wants_client_cert(const struct connect *c)
{
	return c->seen.alert == ALERT_CERTIFICATE_REQUIRED ||
	       (c->seen.cert_request &&
		c->seen.alert == ALERT_HANDSHAKE_FAILURE);
}

/* Drain OpenSSL into the answer; gives SSL_get_error()'s word at the end. */
static int drain(struct connect *c)
{
	char clear[4096];
	int n;

	ERR_clear_error();
	while ((n = SSL_read(c->ssl, clear, sizeof(clear))) > 0)
		if (c->answer.len + (size_t)n <= CONNECT_ANSWER_MAX)
			diag_buf_put(&c->answer, clear, (size_t)n);
	return SSL_get_error(c->ssl, n);
}

/* Judge what is there; at_end: no more will come. true: the fact is out. */
static bool judge(struct connect *c, bool at_end)
{
	struct http_head head;

	switch (http_parse(diag_buf_str(&c->answer), c->answer.len, &head)) {
	case HTTP_NOT_HTTP:
		failed(c, DIAG_ST_FAILED, "the answer is not HTTP/1", 0);
		return true;
	case HTTP_MORE:
		return false;
	case HTTP_HEAD:
		break;
	}
	if (!at_end && http_wants_body(&head, c->probe->step->http,
				       c->answer.data + head.end,
				       c->answer.len - head.end))
		return false;
	answered(c, &head);
	return true;
}

void connect_http_read(struct connect *c)
{
	int why = drain(c);

	connect_flush(c);
	if (judge(c, false))
		return;
	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
		return;
	connect_http_end(c, why == SSL_ERROR_ZERO_RETURN ? UV_EOF : UV_EPROTO);
}

void connect_http_end(struct connect *c, int status)
{
	if (judge(c, true))
		return;
	if (c->probe->cancelled)
		failed(c, DIAG_ST_TIMEOUT, "cancelled", 0);
	else if (status == UV_ETIMEDOUT)
		failed(c, DIAG_ST_TIMEOUT, NULL, 0);
	else if (wants_client_cert(c))
		failed(c, DIAG_ST_CLIENT_CERT_WANTED,
		       "the server asks for a client certificate", 0);
	else if (status == UV_EOF)
		failed(c, DIAG_ST_CUT, "closed by the peer", 0);
	else if (status == UV_EPROTO)
		failed(c, DIAG_ST_FAILED, "TLS failed after the handshake", 0);
	else
		failed(c, DIAG_ST_CUT, uv_strerror(status), -status);
}

void connect_http_start(struct connect *c)
{
	char request[REQUEST_MAX], host[DIAG_ADDR_TEXT + 2];
	const struct diag_http_question *q = c->probe->step->http;
	const char *origin = q ? q->origin : NULL;
	int n;

	connect_enter(c, CONNECT_HTTP);
	n = snprintf(request, sizeof(request),
		     "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n"
		     "Accept: */*\r\n%s%s%sConnection: close\r\n\r\n",
		     question_method(c), question_path(c), host_of(c, host),
		     diag_run_user_agent(c->probe->run),
		     origin ? "Origin: " : "", origin ? origin : "",
		     origin ? PREFLIGHT_ASKS : "");
	if (n < 0 || (size_t)n >= sizeof(request) ||
	    SSL_write(c->ssl, request, n) != n) {
		failed(c, DIAG_ST_NOT_RUN, "the question could not be sent", 0);
		return;
	}
	connect_flush(c);
	connect_http_read(c); /* the answer may be in the BIO already */
}
