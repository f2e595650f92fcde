/* SPDX-License-Identifier: MIT */
/* agent_monitor.c - the agent's half of its talk with the monitor. */
#include <errno.h>
#include <string.h>

#include "lab/agent_address.h"
#include "lab/agent_private.h"
#include "sys/fd.h"
#include "sys/file.h"

#define WAIT_US 1000000		/* then it is looked again */

static void stop_all(struct agent *a)
{
	cleanup_text struct text names = { 0 };
	struct agent_message msg = { .type = AGENT_STOPPED };

	a->stopping = true;
	for (size_t i = 0; i < a->n_machines; i++) {
		struct machine *m = &a->machines[i];
		uint32_t address = m->has_lease ? m->node.client.lease.address : 0;
		char ip[IP4_LEN];

		if (m->node.kind == NODE_CLIENT && m->node.client.state != DHCP_CLIENT_STOPPED)
			machine_stop(m);
		if (address == 0)
			continue;
		msg.count++;
		text_add(&names, "%s %s\n", m->node.label, ip4_format(address, ip));
	}
	recorder_settle(&a->recorder);
	monitor_send(a, &msg, names.str, names.len);
}

static void send_status(struct agent *a, int memfd)
{
	cleanup_text struct text out = { 0 };
	struct agent_message msg = { .type = AGENT_STATUS_DONE };
	int r = agent_status(a, &out);

	if (r == 0)
		r = file_write(memfd, out.str, out.len);
	if (r < 0)
		error_set(&msg.error, r, "the agent could not tell its state: %s", strerror(-r));
	monitor_send(a, &msg, NULL, 0);
}

static void follow_links(struct agent *a)
{
	a->links_changed = false;
	for (size_t i = 0; i < a->n_machines; i++)
		machine_link(&a->machines[i]);
}

static int do_client(struct agent *a, const struct agent_message *wish, struct error *err)
{
	struct machine *m = wish->iface < a->scenario->n_ifaces ? a->machine_of[wish->iface]
								 : NULL;
	int r = -ENOENT;

	if (m && m->node.kind == NODE_SERVER && !scn_action_is_for_servers(wish->action))
		r = -EINVAL;
	else if (m)
		r = machine_action(m, wish->action);
	if (r < 0)
		error_set(err, r, "%s can not do that: %s", m ? m->node.label : "nobody there",
			  strerror(-r));
	return r;
}

void monitor_wish_done(struct agent *a, int taken, const struct error *err)
{
	struct agent_message msg = {
		.type = AGENT_WISH_DONE,
		.taken = taken > 0,
		.first = a->wish.first,
		/* The answer comes after the lines of the log that it speaks of. */
		.last = recorder_settle(&a->recorder),
		.to = a->time.jump_to,
		.error = *err,
	};

	monitor_ask(a, &msg);
}

static void do_wish(struct agent *a)
{
	struct error err = { 0 };
	int r;

	a->wish_asked = false;
	a->wish.first = recorder_settle(&a->recorder) + 1;
	if (a->wish.type == AGENT_CLIENT)
		r = do_client(a, &a->wish, &err);
	else if (a->wish.type == AGENT_FAULT)
		r = agent_fault(a, &a->wish, &err);
	else if (a->wish.type == AGENT_STEP)
		r = agent_step(a, &a->wish.step, &err);
	else
		r = agent_time(a, &a->wish, &err);
	if (r != -EINPROGRESS)
		monitor_wish_done(a, r, &err);
}

void agent_serve(struct agent *a)
{
	cleanup_fd int memfd = TAKE_FD(a->status_fd);

	if (memfd >= 0)
		send_status(a, memfd);
	if (a->links_changed)
		follow_links(a);
	if (a->wish_asked)
		do_wish(a);
	agent_time_step(a);
	step_turn(a);
	if (a->stop_asked && !a->stopping)
		stop_all(a);
}

static void on_answer(struct agent *a, const struct agent_message *msg)
{
	a->unanswered -= a->unanswered > 0;
	if (msg->asked == AGENT_EVENT && msg->count < a->scenario->n_events)
		event_answered(a, msg);
	if (msg->iface < a->scenario->n_ifaces && a->machine_of[msg->iface])
		address_answered(a->machine_of[msg->iface], msg);
}

static void on_link(struct agent *a, const struct agent_message *msg)
{
	struct machine *m = msg->iface < a->scenario->n_ifaces ? a->machine_of[msg->iface] : NULL;

	if (!m)
		return;
	m->link_news = msg->link;
	m->link_was_down |= msg->link == LAB_LINK_DOWN;
	a->links_changed = true;
}

/*
 * What would step a machine is only written down: this may run in the middle
 * of a step, which waits for an answer. agent_serve() does it between steps.
 */
static void take_message(struct agent *a, const struct agent_message *msg, const char *text,
			 int *fd)
{
	switch (msg->type) {
	case AGENT_ANSWER:
		on_answer(a, msg);
		break;
	case AGENT_STOP:
		a->stop_asked = true;
		break;
	case AGENT_STATUS:
		fd_close(a->status_fd);
		a->status_fd = TAKE_FD(*fd);
		break;
	case AGENT_CLIENT:
	case AGENT_TIME:
	case AGENT_FAULT:
	case AGENT_STEP:
		a->wish = *msg;
		a->wish_asked = true;
		break;
	case AGENT_LINK:
		on_link(a, msg);
		break;
	case AGENT_NOTE:
		agent_note(a, "%.*s", (int)msg->text_len, text);
		break;
	case AGENT_NEWS:
		news_take(a, msg, text);
		break;
	case AGENT_QUIT:
		a->quit = true;
		break;
	case AGENT_CONFIGURE:
	case AGENT_DECONFIGURE:
	case AGENT_OPEN_PACKET:
	case AGENT_EVENT:
	case AGENT_PROGRESS:
	case AGENT_STOPPED:
	case AGENT_STATUS_DONE:
	case AGENT_WISH_DONE:
		break;		/* ours to send */
	}
}

/* One message; -EAGAIN when there is none. The monitor's end is the lab's end. */
static int receive(struct agent *a, struct agent_message *msg, char *text, int *ret_fd)
{
	struct {
		struct agent_message msg;
		char text[AGENT_TEXT_MAX];
	} in;
	int fds[FD_PASS_MAX];
	size_t n_fds = 0;
	int n;

	n = fd_recv(a->setup->monitor, &in, sizeof(in), fds, &n_fds);
	if (n == -EAGAIN)
		return n;
	if (n < (int)sizeof(in.msg) || in.msg.text_len > (size_t)n - sizeof(in.msg)) {
		a->quit = true;
		return -EPIPE;
	}
	*msg = in.msg;
	memcpy(text, in.text, in.msg.text_len);
	*ret_fd = n_fds > 0 ? fds[0] : -1;
	return 0;
}

/* Everything that has come by now. 0 or -errno; the monitor's end is the lab's end. */
static int take_messages(struct agent *a)
{
	char text[AGENT_TEXT_MAX];
	struct agent_message msg;

	for (;;) {
		cleanup_fd int passed = -1;
		int r = receive(a, &msg, text, &passed);

		if (r < 0)
			return r == -EAGAIN ? 0 : r;
		take_message(a, &msg, text, &passed);
	}
}

static void on_monitor(evutil_socket_t fd, short what, void *ctx)
{
	take_messages(ctx);
}

int monitor_link_init(struct agent *a)
{
	int r = fd_set_nonblocking(a->setup->monitor);

	if (r < 0)
		return r;
	event_assign(&a->rx_monitor, a->base, a->setup->monitor, EV_READ | EV_PERSIST, on_monitor,
		     a);
	return event_add(&a->rx_monitor, NULL) < 0 ? -ENOMEM : 0;
}

/*
 * Where the monitor does not come after us, it may be waiting for us to take
 * its answers: with both queues full, neither would ever go on. So they are
 * taken while we wait.
 */
static int send_all(struct agent *a, const void *data, size_t len)
{
	for (;;) {
		int r = fd_send(a->setup->monitor, data, len, NULL, 0);

		if (r != -EAGAIN)
			return r;
		fd_wait_ready(a->setup->monitor, WAIT_US);
		r = take_messages(a);
		if (r < 0)
			return r;
	}
}

int monitor_send(struct agent *a, const struct agent_message *msg, const char *text, size_t len)
{
	struct {
		struct agent_message msg;
		char text[AGENT_TEXT_MAX];
	} out;

	out.msg = *msg;
	out.msg.text_len = (uint32_t)min_u64(len, AGENT_TEXT_MAX);
	memcpy(out.text, text ? text : "", out.msg.text_len);
	return send_all(a, &out, sizeof(out.msg) + out.msg.text_len);
}

int monitor_ask(struct agent *a, struct agent_message *msg)
{
	return monitor_send(a, msg, NULL, 0);
}

int monitor_ask_and_wait(struct agent *a, struct agent_message *msg, int *ret_fd)
{
	enum agent_message_type asked = msg->type;
	uint32_t iface = msg->iface;
	char text[AGENT_TEXT_MAX];
	int r = monitor_ask(a, msg);

	/* Other answers may stand before it in the queue: they are taken in their order. */
	while (r == 0) {
		cleanup_fd int passed = -1;

		r = receive(a, msg, text, &passed);
		if (r == -EAGAIN) {
			fd_wait_readable(a->setup->monitor, WAIT_US);
			r = 0;
			continue;
		}
		if (r < 0)
			return r;
		if (msg->type == AGENT_ANSWER && msg->asked == asked && msg->iface == iface) {
			if (msg->error.code < 0)
				return msg->error.code;
			*ret_fd = TAKE_FD(passed);
			return *ret_fd < 0 ? -EBADMSG : 0;
		}
		take_message(a, msg, text, &passed);
	}
	return r;
}
