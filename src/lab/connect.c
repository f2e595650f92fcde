/* SPDX-License-Identifier: MIT */
/* connect.c - a command's connection to a lab's monitor, and what it asks. */
#include <errno.h>
#include <string.h>

#include "config.h"
#include "lab/connect.h"
#include "sys/fd.h"
#include "sys/file.h"
#include "trace/safe_text.h"

#define REPLY_MAX (256u << 10)
#define STATUS_MAX (256u << 20)

#define PATIENCE_US 20000000ull

struct lab {
	int sock;
	int monitor;	/* its process */
};

/* A monitor that was stopped, or a machine that swaps: nobody shall wait for ever. */
static int does_not_answer(int monitor, struct error *err)
{
	return error_set(err, -EBUSY,
			 "the lab's monitor (process %d) lives, but has not answered for %llu s; "
			 "if it is not just busy: kill -9 %d, then " PROGRAM_NAME " down", monitor,
			 PATIENCE_US / 1000000, monitor);
}

int lab_connect(const struct lab_info *i, struct lab **ret, struct error *err)
{
	char path[LAB_PATH_MAX];
	cleanup_fd int sock = -1;
	struct lab *l;

	lab_path(i, "ctl", path);
	sock = file_connect(path, PATIENCE_US);
	if (sock == -ENOENT || sock == -ECONNREFUSED)
		return error_set(err, -ECONNREFUSED,
				 "%s is not running: its monitor has died; " PROGRAM_NAME
				 " down %s cleans up",
				 i->name, i->name);
	if (sock == -EAGAIN)
		return does_not_answer(i->monitor, err);
	if (sock < 0)
		return error_set(err, sock, "cannot reach %s at %s: %s", i->name, path,
				 strerror(-sock));
	l = malloc(sizeof(*l));
	if (!l)
		return error_set(err, -ENOMEM, "out of memory");
	l->sock = TAKE_FD(sock);
	l->monitor = i->monitor;
	*ret = l;
	return 0;
}

struct lab *lab_close(struct lab *l)
{
	if (l)
		fd_close(l->sock);
	free(l);
	return NULL;
}

static int send_request(struct lab *l, json_t *what)
{
	cleanup_free char *line = what ? json_dumps(what, JSON_COMPACT) : NULL;

	json_decref(what);
	return line ? fd_send(l->sock, line, strlen(line), NULL, 0) : -ENOMEM;
}

static int take_reply(struct lab *l, json_t **ret, int *fds, size_t *ret_n, struct error *err)
{
	cleanup_free char *line = malloc(REPLY_MAX);
	json_t *j;
	int n;

	if (!line)
		return error_set(err, -ENOMEM, "out of memory");
	n = fd_recv(l->sock, line, REPLY_MAX, fds, ret_n);
	if (n == -EAGAIN)
		return does_not_answer(l->monitor, err);
	/* What came with it had no place: this process may have no more descriptors. */
	if (n == -EMSGSIZE)
		return error_set(err, -EMFILE, "cannot take the monitor's answer: %s",
				 strerror(EMFILE));
	if (n <= 0)
		return error_set(err, -EPIPE, "the lab's monitor has died");
	j = json_loadb(line, (size_t)n, 0, NULL);
	if (!j)
		return error_set(err, -EBADMSG, "the lab's monitor answers in riddles");
	*ret = j;
	return 0;
}

int lab_request(struct lab *l, json_t *what, json_t **ret, int *fds, size_t *ret_n,
		struct error *err)
{
	const char *text;
	json_t *j;
	int r;

	r = send_request(l, what);
	if (r == -EAGAIN)
		return does_not_answer(l->monitor, err);
	if (r < 0)
		return error_set(err, r, "the lab's monitor does not listen: %s", strerror(-r));
	r = take_reply(l, &j, fds, ret_n, err);
	if (r < 0)
		return r;
	text = json_string_value(json_object_get(j, "text"));
	r = -(int)json_integer_value(json_object_get(j, "error"));
	if (r < 0)
		error_set(err, r, "%s", text ? text : strerror(-r));
	if (r < 0 || !ret)
		json_decref(j);
	else
		*ret = j;
	return r;
}

/* A request whose answer is one descriptor. */
static int request_fd(struct lab *l, json_t *what, struct error *err)
{
	int fds[FD_PASS_MAX], r;
	size_t n = 0;

	r = lab_request(l, what, NULL, fds, &n, err);
	if (r < 0)
		return r;
	return n == 1 ? fds[0] : error_set(err, -EBADMSG, "the lab's monitor sent no descriptor");
}

int lab_wish(struct lab *l, json_t *what, struct lab_wish_report *ret, struct error *err)
{
	json_t *j;
	int r;

	r = lab_request(l, what, &j, NULL, NULL, err);
	if (r < 0)
		return r;
	*ret = (struct lab_wish_report){
		.taken = json_is_true(json_object_get(j, "taken")),
		.first = (uint64_t)json_integer_value(json_object_get(j, "first")),
		.last = (uint64_t)json_integer_value(json_object_get(j, "last")),
		.to = (uint64_t)json_integer_value(json_object_get(j, "to")),
	};
	json_decref(j);
	return 0;
}

static void make_safe(json_t *j);

static void make_string_safe(json_t *j)
{
	cleanup_text struct text safe = { 0 };

	safe_text_add(&safe, json_string_value(j), json_string_length(j));
	if (safe.str && !safe.failed)
		json_string_setn(j, safe.str, safe.len);
}

static void make_members_safe(json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
		make_safe(value);
}

/* The agent wrote it, who reads packets of strangers; and it is printed. */
static void make_safe(json_t *j)
{
	if (json_is_string(j))
		make_string_safe(j);
	else if (json_is_object(j))
		make_members_safe(j);
	for (size_t i = 0; i < json_array_size(j); i++)
		make_safe(json_array_get(j, i));
}

int lab_status(struct lab *l, json_t **ret, struct error *err)
{
	cleanup_free char *text = NULL;
	cleanup_fd int fd = -1;
	json_t *j;
	size_t len;
	int r;

	fd = request_fd(l, json_pack("{s:s}", "op", "status"), err);
	if (fd < 0)
		return fd;
	r = file_read_fd(fd, STATUS_MAX, &text, &len);
	if (r < 0)
		return error_set(err, r, "cannot read the lab's status: %s", strerror(-r));
	j = json_loadb(text, len, 0, NULL);
	if (!j)
		return error_set(err, -EBADMSG, "the lab's status is no JSON");
	make_safe(j);
	*ret = j;
	return 0;
}

int lab_socket(struct lab *l, size_t node, enum lab_socket kind, struct error *err)
{
	return request_fd(l,
			  json_pack("{s:s, s:I, s:s}", "op", "socket", "node", (json_int_t)node,
				    "kind", kind == LAB_SOCKET_PING ? "ping" : "route"),
			  err);
}

static int *place_of(struct proc_ns *ns, const char *name)
{
	if (!name)
		return NULL;
	if (!strcmp(name, "user"))
		return &ns->user;
	if (!strcmp(name, "pid"))
		return &ns->pid;
	if (!strcmp(name, "net"))
		return &ns->net;
	if (!strcmp(name, "mnt"))
		return &ns->mnt;
	return strcmp(name, "uts") ? NULL : &ns->uts;
}

int lab_enter(struct lab *l, size_t node, struct proc_ns *ret, struct error *err)
{
	struct proc_ns ns = { -1, -1, -1, -1, -1 };
	int fds[FD_PASS_MAX], r;
	json_t *reply, *names;
	size_t n = 0;

	r = lab_request(l, json_pack("{s:s, s:I}", "op", "enter", "node", (json_int_t)node), &reply,
			fds, &n, err);
	if (r < 0)
		return r;
	names = json_object_get(reply, "fds");
	for (size_t i = 0; i < n; i++) {
		int *place = place_of(&ns, json_string_value(json_array_get(names, i)));

		if (place && *place < 0)
			*place = fds[i];
		else
			fd_close(fds[i]);
	}
	json_decref(reply);
	*ret = ns;
	return 0;
}
