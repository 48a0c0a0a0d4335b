/* SPDX-License-Identifier: MIT */
/* http-proxy - the catalogue's question again, through the machine's proxy.
 *
 * libcurl's multi interface on the run's loop: it knows CONNECT, 407 and the
 * rest.  Only the fact is ours.  What the handle must be told, each line a
 * trap measured once: no environment (the step says which proxy), nothing
 * cached or reused, HTTP/1.1, the CONNECT answer kept apart from the
 * service's, chain faults collected and never fatal, no redirect followed.
 *
 * Source: CURLMOPT_SOCKETFUNCTION(3), CURLOPT_SUPPRESS_CONNECT_HEADERS(3),
 * CURLOPT_SSL_CTX_FUNCTION(3); RFC 9110, 9.3.6 (CONNECT).
 */
#include "probes/http_answer.h"
#include "probes/probes.h"
#include "probes/trust.h"

#include "base/mem.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

struct shared {
	CURLM *multi;
	struct trust *trust;
	uv_loop_t *loop;
	uv_timer_t *timer; /* heap: outlives us until its close callback */
};

struct proxied {
	struct diag_probe *probe;
	CURL *easy;
	struct diag_buf answer; /* head and body, as received */
	struct diag_arena arena;
	char error[CURL_ERROR_SIZE];
	char *url;
	bool added, over;
};

/* One per socket curl wants watched; freed by its close callback. */
struct watch {
	uv_poll_t poll;
	curl_socket_t fd;
	struct shared *shared;
};

/* --- facts ---------------------------------------------------------------- */

static bool fill_answer(struct proxied *x, struct diag_fact *f)
{
	struct http_head head;

	if (http_parse(diag_buf_str(&x->answer), x->answer.len, &head) !=
	    HTTP_HEAD)
		return false;
	return http_fill(&head, x->answer.data + head.end,
			 x->answer.len - head.end, x->probe->step->http,
			 &x->arena, &f->http);
}

static void fill_peer(struct proxied *x, struct diag_fact *f)
{
	char *ip = NULL;
	long port = 0, connect_code = 0, os = 0;

	(void)curl_easy_getinfo(x->easy, CURLINFO_PRIMARY_IP, &ip);
	(void)curl_easy_getinfo(x->easy, CURLINFO_PRIMARY_PORT, &port);
	(void)curl_easy_getinfo(x->easy, CURLINFO_HTTP_CONNECTCODE,
				&connect_code);
	(void)curl_easy_getinfo(x->easy, CURLINFO_OS_ERRNO, &os);
	if (ip)
		(void)diag_addr_parse(ip, &f->http.address);
	f->http.port = (uint16_t)port;
	f->http.connect_code = (int)connect_code;
	f->sys_errno = (int)os;
}

static enum diag_status status_of(CURLcode rc)
{
	switch (rc) {
	case CURLE_OPERATION_TIMEDOUT:
		return DIAG_ST_TIMEOUT;
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return DIAG_ST_CUT;
	default:
		return DIAG_ST_FAILED;
	}
}

static struct diag_fact base_fact(const struct proxied *x)
{
	struct diag_fact f = { .kind = DIAG_FACT_HTTP };

	f.http.url = x->url;
	f.http.proxy = x->probe->step->proxy->url;
	return f;
}

static void finish(struct proxied *x, CURLcode rc)
{
	struct diag_fact f = base_fact(x);

	if (x->over)
		return;
	x->over = true;
	fill_peer(x, &f);
	if (fill_answer(x, &f)) {
		f.status = DIAG_ST_ANSWER;
		f.sys_errno = 0;
	} else {
		/* a proxy that refuses the CONNECT ends as a receive error:
		 * its code says more than curl's */
		f.status =
		    f.http.connect_code >= 300 ? DIAG_ST_FAILED : status_of(rc);
		f.error = x->error[0] ? x->error : curl_easy_strerror(rc);
	}
	diag_probe_emit(x->probe, &f);
	diag_probe_done(x->probe);
}

/* --- curl on the loop ----------------------------------------------------- */

static void collect(struct shared *s)
{
	struct proxied *x = NULL;
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(s->multi, &left)) != NULL) {
		CURLcode rc = msg->data.result;

		if (msg->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE,
					(char **)&x);
		if (x)
			finish(x, rc);
	}
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *w = poll->data;
	struct shared *s = w->shared;
	int flags = 0, running;

	if (status < 0)
		flags = CURL_CSELECT_ERR; /* the handle has stopped itself */
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	(void)curl_multi_socket_action(s->multi, w->fd, flags, &running);
	collect(s);
}

static void on_watch_closed(uv_handle_t *handle)
{
	diag_free(handle->data);
}

static struct watch *watch_new(struct shared *s, curl_socket_t fd)
{
	struct watch *w = diag_alloc(sizeof(*w));

	if (!w)
		return NULL;
	w->fd = fd;
	w->shared = s;
	if (uv_poll_init_socket(s->loop, &w->poll, fd) != 0) {
		diag_free(w);
		return NULL;
	}
	w->poll.data = w;
	(void)curl_multi_assign(s->multi, fd, w);
	return w;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx,
		     void *per_socket)
{
	struct shared *s = ctx;
	struct watch *w = per_socket;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w)
			uv_close((uv_handle_t *)&w->poll, on_watch_closed);
		(void)curl_multi_assign(s->multi, fd, NULL);
		return 0;
	}
	if (!w)
		w = watch_new(s, fd);
	if (!w)
		return -1;
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	return uv_poll_start(&w->poll, events, on_poll) == 0 ? 0 : -1;
}

static void on_timer(uv_timer_t *timer)
{
	struct shared *s = timer->data;
	int running;

	(void)curl_multi_socket_action(s->multi, CURL_SOCKET_TIMEOUT, 0,
				       &running);
	collect(s);
}

static int want_timer(CURLM *multi, long timeout_ms, void *ctx)
{
	struct shared *s = ctx;

	(void)multi;
	if (timeout_ms < 0)
		return uv_timer_stop(s->timer);
	return uv_timer_start(s->timer, on_timer, (uint64_t)timeout_ms, 0);
}

/* --- one transfer --------------------------------------------------------- */

static size_t on_bytes(char *p, size_t size, size_t n, void *ctx)
{
	struct proxied *x = ctx;

	(void)size;
	if (x->answer.len + n > HTTP_HEAD_MAX + HTTP_BODY_MAX)
		return 0; /* enough seen; ends the transfer */
	diag_buf_put(&x->answer, p, n);
	return n;
}

static CURLcode on_ssl_ctx(CURL *easy, void *ssl_ctx, void *ctx)
{
	struct shared *s = ctx;

	(void)easy;
	trust_adopt(s->trust, ssl_ctx);
	return CURLE_OK;
}

static void set_target(struct proxied *x, const struct diag_step *step)
{
	const struct diag_http_question *q = step->http;
	CURL *e = x->easy;

	curl_easy_setopt(e, CURLOPT_URL, x->url);
	if (q && q->method && strcmp(q->method, "GET") != 0)
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, q->method);
	curl_easy_setopt(e, CURLOPT_USERAGENT,
			 diag_run_user_agent(x->probe->run));
	curl_easy_setopt(e, CURLOPT_PROXY, step->proxy->url);
	curl_easy_setopt(e, CURLOPT_NOPROXY, "");
	curl_easy_setopt(e, CURLOPT_HTTPPROXYTUNNEL, 1L);
	curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)step->timeout_ms);
}

static void set_manners(struct proxied *x, struct shared *s)
{
	CURL *e = x->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, x);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, x->error);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(e, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, on_ssl_ctx);
	curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, s);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_bytes);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, x);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, x);
}

static bool proxy_start(struct diag_probe *p, struct diag_err *err)
{
	struct proxied *x = p->state;
	struct shared *s = p->shared;
	const struct diag_http_question *q = p->step->http;

	x->probe = p;
	diag_arena_init(&x->arena, (size_t)1 << 20);
	diag_buf_init(&x->answer, HTTP_HEAD_MAX + HTTP_BODY_MAX);
	x->url = diag_arena_printf(&x->arena, "https://%s%s", p->step->name,
				   q && q->path ? q->path : "/");
	x->easy = curl_easy_init();
	if (!x->url || !x->easy)
		return diag_fail_nomem(err, "proxy");
	set_target(x, p->step);
	set_manners(x, s);
	x->added = curl_multi_add_handle(s->multi, x->easy) == CURLM_OK;
	return x->added || diag_fail(err, DIAG_EIO, "proxy", "%s", x->url);
}

static void proxy_expire(struct diag_probe *p)
{
	struct proxied *x = p->state;

	finish(x, CURLE_OPERATION_TIMEDOUT);
}

static void proxy_stop(struct diag_probe *p)
{
	struct proxied *x = p->state;
	struct shared *s = p->shared;

	x->over = true;
	if (x->added)
		(void)curl_multi_remove_handle(s->multi, x->easy);
	curl_easy_cleanup(x->easy);
	diag_buf_clear(&x->answer);
	diag_arena_clear(&x->arena);
	diag_probe_released(p);
}

/* --- shared by the run ---------------------------------------------------- */

static void on_timer_closed(uv_handle_t *handle)
{
	diag_free(handle);
}

static void proxy_close(void *shared)
{
	struct shared *s = shared;

	if (!s)
		return;
	(void)curl_multi_cleanup(s->multi);
	if (s->timer)
		uv_close((uv_handle_t *)s->timer, on_timer_closed);
	curl_global_cleanup();
	diag_free(s);
}

static bool proxy_open(struct diag_run *run, void **shared,
		       struct diag_err *err)
{
	struct shared *s = diag_alloc(sizeof(*s));

	if (!s || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
		diag_free(s);
		return diag_fail_nomem(err, "proxy");
	}
	s->loop = diag_run_loop(run);
	s->multi = curl_multi_init();
	s->timer = diag_alloc(sizeof(*s->timer));
	if (!s->multi || !s->timer || !trust_of_run(run, &s->trust, err)) {
		diag_free(s->timer);
		s->timer = NULL;
		proxy_close(s);
		return diag_fail_nomem(err, "proxy");
	}
	(void)uv_timer_init(s->loop, s->timer);
	s->timer->data = s;
	curl_multi_setopt(s->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(s->multi, CURLMOPT_SOCKETDATA, s);
	curl_multi_setopt(s->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(s->multi, CURLMOPT_TIMERDATA, s);
	*shared = s;
	return true;
}

static const enum diag_fact_kind gives[] = { DIAG_FACT_HTTP };

const struct diag_probe_ops probe_http_proxy = {
	.kind = DIAG_PROBE_HTTP_PROXY,
	.name = "http-proxy",
	.summary = "ask the same question through the machine's proxy",
	.gives = gives,
	.n_gives = 1,
	.state_size = sizeof(struct proxied),
	.open = proxy_open,
	.close = proxy_close,
	.start = proxy_start,
	.expire = proxy_expire,
	.stop = proxy_stop,
};
