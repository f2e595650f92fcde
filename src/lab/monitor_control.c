/* SPDX-License-Identifier: MIT */
/* monitor_control.c - the control socket: JSON requests of the user's own commands. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "lab/control_request.h"
#include "lab/monitor_private.h"
#include "sys/fd.h"
#include "sys/file.h"
#include "sys/netstate.h"
#include "sys/packet.h"

const struct error agent_is_dead = {
	-EPIPE, "the lab's agent has died: " PROGRAM_NAME " down, and up again"
};
const struct error lab_goes_down = { -ESTALE, "the lab is going down" };

static void control_free(struct control *c)
{
	struct control **at = &c->monitor->controls;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	event_del(&c->rx);
	fd_close(c->fd);
	fd_close(c->memfd);
	free(c);
}

static void reply(struct control *c, json_t *what, const int *fds, size_t n_fds)
{
	char *line = what ? json_dumps(what, JSON_COMPACT) : NULL;

	if (line)
		fd_send(c->fd, line, strlen(line), fds, n_fds);
	free(line);
	json_decref(what);
}

static void reply_error(struct control *c, const struct error *err)
{
	reply(c, json_pack("{s:i, s:s}", "error", -err->code, "text", err->text), NULL, 0);
}

static void reply_fd(struct control *c, int fd, const struct error *err)
{
	if (fd < 0)
		reply_error(c, err);
	else
		reply(c, json_pack("{s:b}", "ok", 1), &fd, 1);
}

/* The agent writes one status at a time; who waits next is served when it is done. */
static void ask_status(struct monitor *m)
{
	struct agent_message msg = { .type = AGENT_STATUS };

	for (struct control *c = m->controls; c && !m->status_asked; c = c->next) {
		if (c->memfd < 0)
			continue;
		c->being_written = m->status_asked =
			monitor_tell_agent(m, &msg, NULL, 0, &c->memfd, 1) == 0;
		if (c->being_written)
			continue;
		c->memfd = fd_close(c->memfd);
		reply_error(c, &agent_is_dead);
	}
}

void control_status_done(struct monitor *m, const struct error *err)
{
	m->status_asked = false;
	for (struct control *c = m->controls; c; c = c->next) {
		cleanup_fd int memfd = -1;

		if (!c->being_written)
			continue;
		c->being_written = false;
		memfd = TAKE_FD(c->memfd);
		reply_fd(c, err->code < 0 ? err->code : memfd, err);
		break;
	}
	ask_status(m);
}

static void on_status(struct control *c)
{
	struct error err = { 0 };

	if (c->memfd >= 0)
		return;
	c->memfd = file_memfd("", 0);
	if (c->memfd < 0) {
		error_set(&err, c->memfd, "no memory for the status");
		reply_error(c, &err);
		return;
	}
	ask_status(c->monitor);
}

/* One wish at a time, as for the status. */
static void ask_wish(struct monitor *m)
{
	for (struct control *c = m->controls; c && !m->wish_asked; c = c->next) {
		if (!c->has_wish)
			continue;
		c->is_done_now = m->wish_asked =
			monitor_tell_agent(m, &c->wish, NULL, 0, NULL, 0) == 0;
		if (c->is_done_now)
			continue;
		c->has_wish = false;
		reply_error(c, &agent_is_dead);
	}
}

void control_wish_done(struct monitor *m, const struct agent_message *msg)
{
	m->wish_asked = false;
	for (struct control *c = m->controls; c; c = c->next) {
		if (!c->is_done_now)
			continue;
		c->is_done_now = c->has_wish = false;
		if (msg->error.code < 0)
			reply_error(c, &msg->error);
		else
			reply(c, json_pack("{s:b, s:I, s:I, s:I}", "taken", msg->taken, "first",
					   (json_int_t)msg->first, "last", (json_int_t)msg->last,
					   "to", (json_int_t)msg->to),
			      NULL, 0);
		break;
	}
	ask_wish(m);
}

/* It waits for its turn. */
static void take_wish(struct control *c, const struct agent_message *wish)
{
	c->wish = *wish;
	c->has_wish = true;
	ask_wish(c->monitor);
}

static void on_wish(struct control *c, const struct agent_message *wish)
{
	/* A wish of the user's to the agent: one a connection. */
	if (c->has_wish)
		return;
	if (c->monitor->going_down)
		reply_error(c, &lab_goes_down);
	else
		take_wish(c, wish);
}

static void on_socket(struct control *c, size_t node, enum lab_socket kind)
{
	struct build *b = &c->monitor->build;
	struct error err = { 0 };
	cleanup_fd int fd = -1;

	if (kind == LAB_SOCKET_PING)
		fd = ping_open(b->home, b->ns[node], &err);
	else
		fd = netstate_socket(b->home, b->ns[node]);
	if (fd < 0 && err.code == 0)
		error_set(&err, fd, "cannot open a netlink socket in %s: %s",
			  c->monitor->scenario->nodes[node].name, strerror(-fd));
	reply_fd(c, fd, &err);
}

/* The node's own mount and UTS namespace, when it is first entered. The caller keeps its own. */
static int make_node_ns(struct monitor *m, size_t node, struct error *err)
{
	const struct scn_node *n = &m->scenario->nodes[node];
	int r;

	if (n->is_caller || m->node_mnt[node] >= 0)
		return 0;
	r = proc_make_node_ns(m->build.ns[node], n->name, &m->node_mnt[node], &m->node_uts[node],
			      &m->node_etc[node], err);
	return r < 0 ? r : resolver_write(m, node, err);
}

static void on_enter(struct control *c, size_t node)
{
	struct monitor *m = c->monitor;
	cleanup_fd int pid_ns = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	cleanup_fd int user_ns = -1;
	struct error err = { 0 };
	int fds[FD_PASS_MAX];
	size_t n = 0;
	json_t *names = json_array();

	if (m->setup->info->rootless)
		user_ns = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
	if (pid_ns < 0 || (m->setup->info->rootless && user_ns < 0))
		error_set(&err, -errno, "cannot open the lab's namespaces: %s", strerror(errno));
	else
		make_node_ns(m, node, &err);
	if (err.code < 0) {
		json_decref(names);
		reply_error(c, &err);
		return;
	}

	const struct {
		const char *name;
		int fd;
	} all[] = { { "user", user_ns },
		    { "pid", pid_ns },
		    { "net", m->build.ns[node] },
		    { "mnt", m->node_mnt[node] },
		    { "uts", m->node_uts[node] } };

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (all[i].fd >= 0) {
			json_array_append_new(names, json_string(all[i].name));
			fds[n++] = all[i].fd;
		}
	reply(c, json_pack("{s:b, s:o}", "ok", 1, "fds", names), fds, n);
}

static void on_down(struct control *c)
{
	c->wants_down = true;
	monitor_go_down(c->monitor);
}

static json_t *json_strings(char *const *strings, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(strings[i]));
	return list;
}

void control_down_done(struct monitor *m, const struct lab_down_report *r)
{
	for (struct control *c = m->controls; c; c = c->next)
		if (c->wants_down)
			reply(c,
			      json_pack("{s:b, s:I, s:I, s:I, s:I, s:o, s:o}", "ok", 1, "servers",
					(json_int_t)r->servers, "clients", (json_int_t)r->clients,
					"namespaces", (json_int_t)r->namespaces, "cables",
					(json_int_t)r->cables, "released",
					json_strings(r->released, r->n_released), "kept",
					json_strings(r->kept, r->n_kept)),
			      NULL, 0);
}

static void serve(struct control *c, const struct control_request *request)
{
	switch (request->op) {
	case CONTROL_DOWN:
		on_down(c);
		break;
	case CONTROL_STATUS:
		on_status(c);
		break;
	case CONTROL_WISH:
		on_wish(c, &request->wish);
		break;
	case CONTROL_SOCKET:
		on_socket(c, request->node, request->kind);
		break;
	case CONTROL_ENTER:
		on_enter(c, request->node);
		break;
	}
}

static void on_request(evutil_socket_t fd, short what, void *ctx)
{
	struct control *c = ctx;
	struct control_request request;
	struct error err = { 0 };
	char line[CONTROL_REQUEST_MAX];
	int n;

	n = fd_recv(c->fd, line, sizeof(line), NULL, NULL);
	if (n <= 0) {
		control_free(c);
		return;
	}
	if (control_request_parse(c->monitor->scenario, line, (size_t)n, &request, &err) < 0)
		reply_error(c, &err);
	else if (c->monitor->finished && request.op != CONTROL_DOWN)
		reply_error(c, &lab_goes_down);
	else
		serve(c, &request);
}

static void on_connect(evutil_socket_t fd, short what, void *ctx)
{
	struct monitor *m = ctx;
	struct control *c;
	unsigned int uid;
	int conn;

	conn = file_accept(m->listener, &uid);
	if (conn < 0)
		return;
	c = uid == geteuid() || uid == 0 ? calloc(1, sizeof(*c)) : NULL;
	if (!c) {
		fd_close(conn);
		return;
	}
	*c = (struct control){ .monitor = m, .next = m->controls, .fd = conn, .memfd = -1 };
	m->controls = c;
	event_assign(&c->rx, m->base, conn, EV_READ | EV_PERSIST, on_request, c);
	event_add(&c->rx, NULL);
}

int control_init(struct monitor *m)
{
	event_assign(&m->rx_listener, m->base, m->listener, EV_READ | EV_PERSIST, on_connect, m);
	return event_add(&m->rx_listener, NULL) < 0 ? -ENOMEM : 0;
}
