/* SPDX-License-Identifier: MIT */
#include "lab/web.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/connect.h"
#include "lab/errand.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "trace/story.h"

#define POLL_US 50000
#define BODY_MAX 4096
#define HOST_MAX 80
#define STREAMS_MAX 32
#define JOBS_MAX 16		/* at once */
#define TURN_MAX 500		/* events at once; a browser draws in between */

struct server;

/* One browser that hears of the events after number @from. */
struct stream {
	struct server *server;
	struct stream *next;
	struct evhttp_request *req;
	struct lab_log log;
	uint64_t from;
	struct event *poll;
};

/*
 * What a browser waits for, and what may take its time: a child process does it, and the
 * other browsers are served meanwhile. @what: the wish; NULL: the lab is judged. @errand:
 * NULL while a wish waits for those before it.
 */
struct job {
	struct server *server;
	struct job *next;
	struct evhttp_request *req;
	struct errand *errand;
	json_t *what;
};

/**
 * struct server
 * @host: as the browser must call us: "127.0.0.1:8080"
 * @token: what it must know
 * @jobs: as they came
 */
struct server {
	const struct web *web;
	struct event_base *base;
	struct evhttp *http;
	char host[HOST_MAX];
	char token[WEB_TOKEN_LEN];
	struct stream *streams;
	size_t n_streams;
	struct job *jobs;
	size_t n_jobs;
};

static void refuse(struct evhttp_request *req, int code, const char *why)
{
	evhttp_send_error(req, code, why);
}

/* Equal, in a time that does not tell where they differ. */
static bool is_token(const struct server *s, const char *word)
{
	unsigned char differs = 0;

	if (strlen(word) != strlen(s->token))
		return false;
	for (size_t i = 0; s->token[i]; i++)
		differs |= (unsigned char)(word[i] ^ s->token[i]);
	return differs == 0;
}

/* A word of the query, up to @size bytes with its NUL; "" if there is none. */
static void get_arg(struct evhttp_request *req, const char *name, char *ret, size_t size)
{
	const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(req));
	struct evkeyvalq args;
	const char *word;

	ret[0] = '\0';
	if (evhttp_parse_query_str(query ? query : "", &args) < 0)
		return;
	word = evhttp_find_header(&args, name);
	if (word)
		str_copy(ret, size, word);
	evhttp_clear_headers(&args);
}

static bool has_token(const struct server *s, struct evhttp_request *req)
{
	char word[WEB_TOKEN_LEN + 1];

	get_arg(req, "token", word, sizeof(word));
	return is_token(s, word);
}

/* DNS rebinding: a name that was made to point at us stands in Host; a page of others in Origin. */
static bool is_own_page(const struct server *s, struct evhttp_request *req)
{
	const struct evkeyvalq *headers = evhttp_request_get_input_headers(req);
	const char *host = evhttp_find_header(headers, "Host");
	const char *origin = evhttp_find_header(headers, "Origin");

	if (!host || strcmp(host, s->host))
		return false;
	return !origin || (!strncmp(origin, "http://", 7) && !strcmp(origin + 7, s->host));
}

static void add_headers(struct evhttp_request *req, const char *type)
{
	static const char *const all[][2] = {
		{ "Cache-Control", "no-store" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "X-Frame-Options", "DENY" },
		{ "Referrer-Policy", "no-referrer" },
	};
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req);

	evhttp_add_header(headers, "Content-Type", type);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		evhttp_add_header(headers, all[i][0], all[i][1]);
}

static void reply(struct evhttp_request *req, int code, const char *type, const struct text *t)
{
	struct evbuffer *buf = evbuffer_new();

	if (!buf || evbuffer_add(buf, t->str ? t->str : "", t->len) < 0) {
		refuse(req, HTTP_INTERNAL, "out of memory");
	} else {
		add_headers(req, type);
		evhttp_send_reply(req, code, code == HTTP_OK ? "OK" : "Not done", buf);
	}
	if (buf)
		evbuffer_free(buf);
}

static void send_page(struct server *s, struct evhttp_request *req)
{
	cleanup_text struct text out = { 0 };

	if (s->web->page(s->web->ctx, s->token, &out) < 0)
		refuse(req, HTTP_INTERNAL, "the page cannot be made");
	else
		reply(req, HTTP_OK, "text/html; charset=utf-8", &out);
}

/* Of all that a monitor can be asked for: what is done to machines, not to files or processes. */
static bool is_wish(const json_t *what)
{
	static const char *const ops[] = { "client", "time", "fault", "step" };
	const char *op = json_string_value(json_object_get(what, "op"));

	for (size_t i = 0; op && i < ARRAY_SIZE(ops); i++)
		if (!strcmp(op, ops[i]))
			return true;
	return false;
}

/* After a step, what is held: lab_status() has it. */
static void add_held(struct lab *l, const json_t *what, json_t *answer)
{
	const char *op = json_string_value(json_object_get(what, "op"));
	json_t *status;

	if (strcmp(op, "step") != 0 || lab_status(l, &status, NULL) < 0)
		return;
	json_object_set(answer, "step", json_object_get(status, "step"));
	json_decref(status);
}

static json_t *carry_out(const struct lab_info *info, json_t *what)
{
	cleanup_lab struct lab *l = NULL;
	struct lab_wish_report r = { 0 };
	struct error err = { 0 };
	json_t *answer;

	if (!is_wish(what))
		error_set(&err, -EINVAL, "that is no wish");
	else if (lab_connect(info, &l, &err) == 0)
		lab_wish(l, json_incref(what), &r, &err);
	if (err.code < 0)
		return json_pack("{s:s}", "error", err.text);
	answer = json_pack("{s:b, s:I}", "taken", r.taken, "to", (json_int_t)r.to);
	add_held(l, what, answer);
	return answer;
}

/* In the child process. */
static int do_job(void *ctx, struct text *out)
{
	const struct job *j = ctx;
	const struct web *w = j->server->web;
	cleanup_free char *line = NULL;
	json_t *answer;

	if (!j->what)
		return w->check(w->ctx, out);
	answer = carry_out(w->info, j->what);
	line = answer ? json_dumps(answer, JSON_COMPACT) : NULL;
	text_add(out, "%s\n", line ? line : "{}");
	json_decref(answer);
	return out->failed ? -ENOMEM : 0;
}

static void job_free(struct job *j)
{
	struct job **at = &j->server->jobs;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	j->server->n_jobs--;
	json_decref(j->what);
	free(j);
}

static bool is_refusal(const struct text *answer)
{
	json_t *j = json_loadb(answer->str, answer->len, 0, NULL);
	bool is = json_object_get(j, "error");

	json_decref(j);
	return is;
}

/* The browser may have gone: then the answer just frees the request. */
static void job_answer(struct job *j, const struct text *out)
{
	if (out)
		reply(j->req, j->what && is_refusal(out) ? 409 : HTTP_OK, "application/json", out);
	else
		refuse(j->req, HTTP_INTERNAL,
		       j->what ? "that can not be done" : "the lab can not be judged");
	job_free(j);
}

static void on_done(void *arg, const struct text *out);

static void job_start(struct job *j)
{
	const struct errand_plan plan = { .work = do_job, .ctx = j, .done = on_done, .arg = j };

	if (errand_begin(j->server->base, &plan, &j->errand) < 0)
		on_done(j, NULL);
}

/* One after the other, in the order of the clicks. */
static void start_next_wish(struct server *s)
{
	struct job *j = s->jobs;

	while (j && !j->what)
		j = j->next;
	if (j && !j->errand)
		job_start(j);
}

static void on_done(void *arg, const struct text *out)
{
	struct job *j = arg;
	struct server *s = j->server;

	job_answer(j, out);
	start_next_wish(s);
}

/* Whoever waits still hears that there will be nothing. */
static void job_end(struct job *j)
{
	errand_drop(j->errand);
	job_answer(j, NULL);
}

static void job_begin(struct server *s, struct evhttp_request *req, json_t *what)
{
	struct job *j = s->n_jobs < JOBS_MAX ? calloc(1, sizeof(*j)) : NULL;
	struct job **at = &s->jobs;

	if (!j) {
		json_decref(what);
		refuse(req, HTTP_SERVUNAVAIL, "too many are waiting already");
		return;
	}
	*j = (struct job){ .server = s, .req = req, .what = what };
	while (*at)
		at = &(*at)->next;
	*at = j;
	s->n_jobs++;
	if (what)
		start_next_wish(s);
	else
		job_start(j);
}

static void take_wish(struct server *s, struct evhttp_request *req)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(req);
	size_t len = evbuffer_get_length(body);
	json_t *what = json_loadb((const char *)evbuffer_pullup(body, -1), len, 0, NULL);

	job_begin(s, req, what ? what : json_null());
}

static void stream_free(struct stream *st)
{
	struct stream **at = &st->server->streams;

	while (*at != st)
		at = &(*at)->next;
	*at = st->next;
	st->server->n_streams--;
	event_free(st->poll);
	lab_log_done(&st->log);
	free(st);
}

static void on_close(struct evhttp_connection *conn, void *ctx)
{
	struct stream *st = ctx;

	/* Taken from its connection before: then it is ours to free. */
	if (!evhttp_request_get_connection(st->req))
		evhttp_send_reply_end(st->req);
	stream_free(st);
}

static void stream_end(struct stream *st)
{
	evhttp_connection_set_closecb(evhttp_request_get_connection(st->req), NULL, NULL);
	evhttp_send_reply_end(st->req);
	stream_free(st);
}

static void send_chunk(struct stream *st, const char *data, size_t len)
{
	struct evbuffer *buf = evbuffer_new();

	if (buf && evbuffer_add(buf, data, len) == 0)
		evhttp_send_reply_chunk(st->req, buf);
	if (buf)
		evbuffer_free(buf);
}

/* What has happened since the last time. */
static void on_poll(evutil_socket_t fd, short what, void *ctx)
{
	cleanup_text struct text out = { 0 };
	struct stream *st = ctx;
	struct error err = { 0 };

	for (int i = 0; i < TURN_MAX; i++) {
		cleanup_event struct trace_event e = { 0 };
		const struct pcapng_packet *frame = &st->log.reader.frame;

		if (lab_log_next(&st->log, &e, &err) <= 0)
			break;
		if (e.n <= st->from)
			continue;
		text_add(&out, "data: ");
		story_event_json(&e, frame->data, e.kind == TRACE_MESSAGE ? frame->len : 0, &out);
		text_add(&out, "\n");
	}
	if (out.len > 0 && !out.failed)
		send_chunk(st, out.str, out.len);
}

static int stream_begin(struct server *s, struct stream *st, struct error *err)
{
	struct timeval often = { .tv_usec = POLL_US };

	st->poll = event_new(s->base, -1, EV_PERSIST, on_poll, st);
	if (!st->poll)
		return error_set(err, -ENOMEM, "out of memory");
	if (lab_log_open(s->web->info, &st->log, err) < 0)
		return err->code;
	return event_add(st->poll, &often) < 0 ? -ENOMEM : 0;
}

static void send_events(struct server *s, struct evhttp_request *req)
{
	struct stream *st = s->n_streams < STREAMS_MAX ? calloc(1, sizeof(*st)) : NULL;
	struct error err = { 0 };
	char from[24];

	if (!st) {
		refuse(req, HTTP_SERVUNAVAIL, "too many pages are open");
		return;
	}
	*st = (struct stream){ .server = s, .next = s->streams, .req = req, .log = LAB_LOG_CLOSED };
	get_arg(req, "from", from, sizeof(from));
	st->from = strtoull(from, NULL, 10);
	s->streams = st;
	s->n_streams++;
	if (stream_begin(s, st, &err) < 0) {
		if (st->poll)
			stream_free(st);
		refuse(req, HTTP_INTERNAL, err.text);
		return;
	}
	add_headers(req, "text/event-stream");
	evhttp_connection_set_closecb(evhttp_request_get_connection(req), on_close, st);
	evhttp_send_reply_start(req, HTTP_OK, "OK");
	on_poll(-1, 0, st);
}

static void on_request(struct evhttp_request *req, void *ctx)
{
	const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(req));
	bool post = evhttp_request_get_command(req) == EVHTTP_REQ_POST;
	struct server *s = ctx;

	path = path ? path : "";
	if (!is_own_page(s, req))
		refuse(req, 403, "not asked for by its own name");
	else if (!has_token(s, req))
		refuse(req, 403, "the address has a token: take all of it");
	else if (!post && !strcmp(path, "/"))
		send_page(s, req);
	else if (!post && !strcmp(path, "/check"))
		job_begin(s, req, NULL);
	else if (!post && !strcmp(path, "/events"))
		send_events(s, req);
	else if (post && !strcmp(path, "/do"))
		take_wish(s, req);
	else
		refuse(req, HTTP_NOTFOUND, "there is nothing here");
}

static void on_look(evutil_socket_t fd, short what, void *ctx)
{
	struct server *s = ctx;
	char lock[LAB_PATH_MAX];

	lab_path(s->web->info, "lock", lock);
	if (s->web->enough(s->web->ctx) || !file_is_locked(lock))
		event_base_loopexit(s->base, NULL);
}

static int listen_at(struct server *s, struct error *err)
{
	const struct web *w = s->web;
	struct evhttp_bound_socket *bound;
	struct sockaddr_storage addr;
	socklen_t len = sizeof(addr);
	unsigned int port;

	bound = evhttp_bind_socket_with_handle(s->http, w->address, w->port);
	if (!bound)
		return error_set(err, -EADDRINUSE, "cannot listen on %s, port %u: %s", w->address,
				 w->port, strerror(errno));
	if (getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&addr, &len) < 0)
		return error_set(err, -errno, "%s", strerror(errno));
	/* The port stands at the same place for IPv4 and IPv6. */
	port = ntohs(((struct sockaddr_in *)&addr)->sin_port);
	snprintf(s->host, sizeof(s->host), strchr(w->address, ':') ? "[%s]:%u" : "%s:%u",
		 w->address, port);
	return 0;
}

static int run(struct server *s, struct error *err)
{
	struct timeval often = { .tv_usec = POLL_US };
	char url[HOST_MAX + WEB_TOKEN_LEN + 32];
	struct event *look;
	int r = listen_at(s, err);

	if (r < 0)
		return r;
	look = event_new(s->base, -1, EV_PERSIST, on_look, s);
	if (!look || event_add(look, &often) < 0)
		return error_set(err, -ENOMEM, "out of memory");
	evhttp_set_allowed_methods(s->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
	evhttp_set_max_body_size(s->http, BODY_MAX);
	evhttp_set_gencb(s->http, on_request, s);
	snprintf(url, sizeof(url), "http://%s/?token=%s", s->host, s->token);
	s->web->started(s->web->ctx, url);
	event_base_dispatch(s->base);
	event_free(look);
	return 0;
}

int web_serve(const struct web *w, struct error *err)
{
	struct server s = { .web = w };
	int r;

	snprintf(s.token, sizeof(s.token), "%016llx%016llx",
		 (unsigned long long)clock_random_seed(), (unsigned long long)clock_random_seed());
	s.base = event_base_new();
	s.http = s.base ? evhttp_new(s.base) : NULL;
	r = s.http ? run(&s, err) : error_set(err, -ENOMEM, "out of memory");
	while (s.streams)
		stream_end(s.streams);
	while (s.jobs)
		job_end(s.jobs);
	if (s.http)
		evhttp_free(s.http);
	if (s.base)
		event_base_free(s.base);
	return r;
}
