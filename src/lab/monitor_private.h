/* SPDX-License-Identifier: MIT */
/* monitor_private.h - the monitor's own struct, shared by its files. */
#ifndef LAB_MONITOR_PRIVATE_H
#define LAB_MONITOR_PRIVATE_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "lab/build.h"
#include "lab/monitor.h"
#include "lab/proto.h"
#include "node/held_config.h"

/* A command that is connected to the control socket. */
struct control {
	struct monitor *monitor;
	struct control *next;
	int fd;
	int memfd;		/* of a status that it waits for; -1: none */
	bool being_written;	/* the agent is at it */
	bool wants_down;
	struct agent_message wish;	/* of a user, while @has_wish */
	bool has_wish;
	bool is_done_now;		/* the agent is at the wish */
	struct event rx;
};

/* What the kernel tells of one node. */
struct watch {
	struct monitor *monitor;
	size_t node;
	int fd;
	struct event rx;
};

/* A route that came with a lease, or went with it (@gone). */
struct route_change {
	struct netconf_route route;
	bool gone;
};

/* An address in place of another: the routes of both, and a rest. */
#define ROUTE_CHANGES_MAX (3 * LEASE_ROUTES_MAX)

/**
 * struct monitor
 * @configured: per interface: what the agent had put on it; @config: the last of them
 * @node_mnt: @node_uts: @node_etc: per node, made when first needed; -1 before
 * @link: per interface, as the agent was last told; @watches: one a node; NULL: not yet
 * @changes: @n_changes of the wish that is being carried out
 * @releases: per interface: a wish that waits for a RELEASE; NULL before the first
 * @agent_pid: 0 once it has ended
 * @next_event: of the scenario: those before it are over
 * @kept: `up` has returned and left the lab behind
 * @finished: all is undone; only the agent's end is waited for
 * @status_asked: the agent is writing one; others wait for their turn
 * @wish_asked: likewise for the wishes of its users
 */
struct monitor {
	const struct monitor_setup *setup;
	const struct scenario *scenario;
	struct build build;
	struct profile profile;
	struct event_base *base;
	int agent;
	pid_t agent_pid;
	int listener, log, capture;
	uint32_t clients, bound, next_event;
	uint64_t build_us;
	bool kept, going_down, finished, status_asked, wish_asked;
	struct held_config *configured;
	struct shared_config *config;
	int *node_mnt, *node_uts, *node_etc;
	enum lab_link *link;
	struct watch *watches;
	struct release **releases;
	size_t n_changes;
	struct route_change changes[ROUTE_CHANGES_MAX];
	struct control *controls;
	struct lab_down_report report;
	struct event rx_up, rx_agent, rx_listener, on_term, on_child, stop_timer;
};

/* monitor.c */
/* Begins the end: the agent releases, then everything is undone. */
void monitor_go_down(struct monitor *m);
int monitor_tell_agent(struct monitor *m, const struct agent_message *msg, const char *text,
		       size_t len, const int *fds, size_t n_fds);

/* The agent has released: @names are lines "node:if ADDRESS". */
void monitor_agent_stopped(struct monitor *m, const char *names, size_t len);

/* monitor_agent.c: what the agent asks for, checked against the plan. */
void monitor_on_agent(evutil_socket_t fd, short what, void *ctx);
/* What was checked: it is done, and answered. */
void monitor_carry_out(struct monitor *m, const struct agent_message *msg);

/* monitor_release.c: is @wish one that has to wait for a RELEASE? It is carried out then. */
bool release_waits(struct monitor *m, const struct agent_message *wish);
/* What waits for @iface waits no longer: something else comes. */
void release_finish(struct monitor *m, uint32_t iface);
/* The same for all: the lab ends. */
void release_finish_all(struct monitor *m);

/*
 * monitor_event.c: event number @index happens to the network. @ret_ifindex: where
 * the cable was moved, of its port now. 0 or -errno.
 */
int monitor_event(struct monitor *m, uint32_t index, int *ret_ifindex, struct error *err);

/*
 * monitor_watch.c: from now on the agent hears of its clients' links, and of the addresses
 * and routes of every node. 0 or -errno.
 */
int watch_nodes(struct monitor *m);
void watch_end(struct monitor *m);
/* What the kernel has told of a node by now, before what comes next. */
void watch_read(struct monitor *m, size_t node);
/* A client's interface was set up, or down: the agent hears of it before the answer. */
void watch_link_set(struct monitor *m, size_t iface, bool up);
/* The cable of a client's interface was out of its switch, and is in another. */
void watch_replugged(struct monitor *m, size_t iface);

/* monitor_news.c: an address or a route of a node, to the agent. */
void news_tell(struct monitor *m, size_t node, const struct net_news *news);
/* Routes that a lease of @iface brought or took: @changes. */
void news_tell_changes(struct monitor *m, uint32_t iface);

/* resolver.c: the node's /etc/resolv.conf, if it has its own files by now. 0 or -errno. */
int resolver_write(struct monitor *m, size_t node, struct error *err);

/* monitor_control.c */
int control_init(struct monitor *m);
/* To who asks for the status of a lab without its agent. */
extern const struct error agent_is_dead;
/* To who asks for something of a lab that is undone by now. */
extern const struct error lab_goes_down;
/* The agent has written the status: on to who asked. */
void control_status_done(struct monitor *m, const struct error *err);
/* The agent has done, or not done, what was wanted: @msg on to who asked. */
void control_wish_done(struct monitor *m, const struct agent_message *msg);
/* The lab is down: tell those who wanted it. */
void control_down_done(struct monitor *m, const struct lab_down_report *report);

#endif
