/* SPDX-License-Identifier: MIT */
/*
 * lab.h - labs on the real kernel, seen from the commands: started, found,
 * asked, taken down.
 *
 * A lab lives in its run directory:
 *
 *	lock		held by the monitor as long as it lives
 *	state		what was made, written ahead, a JSON line an operation
 *	ctl		the monitor's control socket
 *	scenario.ini	the text that it was made from
 *	events.jsonl	the event log
 *	leases.NODE:IF	what a server has on record (dhcp/journal.h); or in leases.NODE:IF:2
 *	capture.pcapng	every frame of every cable; both are read together (trace/log.h)
 *	answers		what was answered to its tasks
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <jansson.h>

#include "base/error.h"
#include "scenario/plan.h"
#include "sys/proc.h"
#include "trace/log.h"

#define LAB_PATH_MAX 256
#define LAB_DIR_MAX (LAB_PATH_MAX - 104)	/* room for the longest of its files */

/**
 * struct lab_info - one lab, from its run directory alone
 * @alive: its monitor holds the lock
 * @stale: it was started before the machine was: only its files can be left
 * @scenario: path that `up` was given
 * @set: --set words, @n_set of them; owned
 * @started_wall_ns: since 1970
 * @monitor: pid, for people; never for signals
 */
struct lab_info {
	char name[NODE_NAME_MAX];
	char dir[LAB_DIR_MAX];
	bool alive, stale, rootless;
	char scenario[LAB_PATH_MAX];
	uint64_t seed;
	double speed;
	uint64_t started_wall_ns;
	int monitor;
	size_t n_set;
	char **set;
};

void lab_info_done(struct lab_info *i);
#define cleanup_lab_info CLEANUP(lab_info_done)

/* All labs of this user, by name; with privilege those of root. Count or -errno. */
int lab_list(struct lab_info **ret, struct error *err);
void lab_list_free(struct lab_info *list, size_t n);

/**
 * lab_find() - the lab of this name, or the only one
 * @name: NULL: there must be exactly one
 *
 * Return: 0; -ENOENT: no such lab (@err names the nearest) or none at all;
 * -ENOTUNIQ: several are up (@err lists them)
 */
int lab_find(const char *name, struct lab_info *ret, struct error *err);

/* The scenario that it was made from, with its seed and --set words. */
int lab_scenario(const struct lab_info *i, struct scenario **ret, struct error *err);

/* A lab's log, open for reading: it lives on when the lab is gone. Not to be copied. */
struct lab_log {
	int fd[TRACE_FILES];
	struct trace_reader reader;
};
#define LAB_LOG_CLOSED { .fd = { -1, -1 } }

/* 0 or -errno; lab_log_done() also after a failure. */
int lab_log_open(const struct lab_info *i, struct lab_log *ret, struct error *err);
/* trace_reader_next(), with words: 1 an event, 0 no more for now, -errno. */
int lab_log_next(struct lab_log *l, struct trace_event *ret, struct error *err);
void lab_log_done(struct lab_log *l);
#define cleanup_lab_log CLEANUP(lab_log_done)

/**
 * struct lab_log_rest - what is behind those events of a log that were read
 * @messages: how many; @last: number of the last event of all, 0 for none
 */
struct lab_log_rest {
	size_t messages;
	uint64_t last;
};

/* Its events so far, up to message number @messages. 0 or -errno. */
int lab_events_first(const struct lab_info *i, size_t messages, struct trace_log *ret,
		     struct lab_log_rest *ret_rest, struct error *err);
/* All of them. 0 or -errno. */
int lab_events(const struct lab_info *i, struct trace_log *ret, struct error *err);

/* Path of one of its files: "events.jsonl". */
void lab_path(const struct lab_info *i, const char *file, char ret[static LAB_PATH_MAX]);

/**
 * struct lab_up - what `up` wants
 * @plan: of a checked scenario; who carries it out, in a process of its own, drops it then
 * @path: of the scenario file; @text: its bytes, @len of them, for the lab's copy
 * @rootless: in a user namespace of its own
 * @speed: lab seconds a second
 * @timeout_us: real time to wait for the clients' leases
 * @step: every message is held from the start (lab_step()), and nothing is waited for
 * @profile: measure where the time goes
 * @cancelled: asked now and then; true: roll back. NULL allowed
 * @built: called when everything stands, before the first message; NULL allowed
 */
struct lab_up {
	struct plan *plan;
	const char *path, *text;
	size_t len;
	const char *const *set;
	size_t n_set;
	bool rootless, profile, step;
	double speed;
	uint64_t timeout_us;
	void *ctx;
	bool (*cancelled)(void *ctx);
	void (*built)(void *ctx);
};

/**
 * struct lab_up_report
 * @clients: @bound: how many there are, and have what they wanted
 * @build_us: @total_us: until everything stood; until the last client was BOUND
 * @profile: text, owned by the caller, NULL unless asked for
 */
struct lab_up_report {
	size_t clients, bound;
	uint64_t build_us, total_us;
	char *profile;
};

/**
 * lab_start() - make the lab and wait until its clients have what they want
 *
 * Return: 0 (also when clients are still waiting at the timeout: see @ret);
 * -EALREADY: it is up; -EEXIST: a name is taken; -EADDRINUSE: the host uses
 * the subnet; -EPERM, -EOPNOTSUPP, -ENOSPC: this machine cannot; -ECANCELED.
 * On failure nothing is left.
 */
int lab_start(const struct lab_up *up, struct lab_up_report *ret, struct error *err);

/**
 * struct lab_down_report - what was taken away
 * @released: "node:if ADDRESS" of clients that released; owned strings
 * @kept: sentences about what could not be removed; owned strings
 */
struct lab_down_report {
	size_t servers, clients, namespaces, cables;
	size_t n_released, n_kept;
	char **released;
	char **kept;
};
void lab_down_report_done(struct lab_down_report *r);
#define cleanup_down_report CLEANUP(lab_down_report_done)

/* Takes it down, with its monitor's help or from the state file alone. 0 or -errno. */
int lab_stop(const struct lab_info *i, bool wait, struct lab_down_report *ret, struct error *err);

/*
 * Ends the lab's processes without asking them: for a monitor that lives, but
 * does not answer. lab_stop() then removes what is left. 0 or -errno.
 */
int lab_kill(const struct lab_info *i, struct error *err);

/* A connection to a lab's monitor. */
struct lab;
/* 0; -ECONNREFUSED: the monitor is dead (`netlab down` cleans up). */
int lab_connect(const struct lab_info *i, struct lab **ret, struct error *err);
struct lab *lab_close(struct lab *l);
static inline void cleanup_labp(struct lab **l)
{
	lab_close(*l);
}
#define cleanup_lab CLEANUP(cleanup_labp)

/**
 * lab_status() - the machines as they are now
 * @ret: {"seconds": lab time, "speed": 60, "paused": false,
 *	"clients": {"node:if": {status --json's client}},
 *	"servers": {"node:if": {status --json's server}}, "leases": [...],
 *	"step": null or {"back": steps that can be undone, "next_in": seconds or null,
 *		"held": [{"at": "node:if", "message", "to": place, "frame": hex}]},
 *	"faults": [{"name","type","node","direction","message","count","rate","struck"}]}
 */
int lab_status(struct lab *l, json_t **ret, struct error *err);

/**
 * struct lab_wish_report - what became of a user's wish
 * @taken: it was done; else the client had a reason, which is in the log
 * @first: @last: numbers of the events that it brought at once; what follows from
 *	it, as a server's answer, comes after @last
 * @to: lab time that a jump goes to
 */
struct lab_wish_report {
	bool taken;
	uint64_t first, last, to;
};

/* @iface: the scenario's index, of an interface with a client. 0 or -errno. */
int lab_client(struct lab *l, size_t iface, enum scn_action action,
	       struct lab_wish_report *ret, struct error *err);

/* What a user may want of the lab's clock. */
enum lab_time_op {
	LAB_TIME_PAUSE,
	LAB_TIME_RESUME,
	LAB_TIME_SPEED,
	LAB_TIME_FORWARD,
	LAB_TIME_UNTIL,
	LAB_TIME_TO,
};
#define LAB_TIME_OPS (LAB_TIME_TO + 1)

/* A moment in the life of a lease. */
enum lab_moment {
	LAB_MOMENT_T1,
	LAB_MOMENT_T2,
	LAB_MOMENT_EXPIRY,
};
#define LAB_MOMENTS (LAB_MOMENT_EXPIRY + 1)

#define LAB_ANY UINT32_MAX
#define LAB_FORWARD_MAX_US (UINT64_C(100) * 366 * 86400 * 1000000)	/* a hundred years */

/**
 * struct lab_time_wish
 * @speed: lab seconds a second, for LAB_TIME_SPEED
 * @us: for LAB_TIME_FORWARD by how much, up to LAB_FORWARD_MAX_US; for LAB_TIME_TO
 *	lab time
 * @moment: @iface: for LAB_TIME_UNTIL: when a client's lease comes there; LAB_ANY: the
 *	first of all
 */
struct lab_time_wish {
	enum lab_time_op op;
	double speed;
	uint64_t us;
	enum lab_moment moment;
	uint32_t iface;
};

/* Lab time may run up to so many times as fast. */
#define LAB_SPEED_MAX 100000

/* "T1"; an enum lab_moment, or -EINVAL for a word that is none. */
const char *lab_moment_name(enum lab_moment m);
int lab_moment(const char *name);

/**
 * lab_time() - has the clock do it
 *
 * A jump runs every timer on the way. What takes long comes back before it has
 * arrived, with @ret->taken false: it goes on with LAB_TIME_TO @ret->to.
 * Return: 0; -ENOENT: no lease comes to that moment; -errno.
 */
int lab_time(struct lab *l, const struct lab_time_wish *wish, struct lab_wish_report *ret,
	     struct error *err);

/**
 * struct lab_fault_wish - what a user may want of the faults of a lab
 * @clear: all go that the scenario or a user has brought; else @fault comes
 * @fault: its @after counts from now on
 */
struct lab_fault_wish {
	bool clear;
	struct scn_fault fault;
};

/* 0; -EEXIST: the name is taken; -EBUSY: nothing on that cable can be struck; -errno. */
int lab_fault(struct lab *l, const struct lab_fault_wish *wish, struct lab_wish_report *ret,
	      struct error *err);

/**
 * lab_step() - have a lab go message by message, or do something with what is held
 * @command: as step_parse() reads it; "hold" begins, and changes nothing twice
 *
 * Answered when all that follows at once has happened. @ret->taken false: time has
 * gone on for long and nothing is held yet: the same again goes on.
 * Return: 0; -EINVAL: not such a command; -EBUSY: nothing is held here; -ENOENT:
 * there is no such message, no step further back, or nothing more will happen
 */
int lab_step(struct lab *l, const char *command, struct lab_wish_report *ret, struct error *err);

enum lab_socket {
	LAB_SOCKET_ROUTE,	/* for netstate_read() */
	LAB_SOCKET_PING,	/* for ping_once() */
};
/* A socket that was opened inside a node. @node: the scenario's index. Descriptor or -errno. */
int lab_socket(struct lab *l, size_t node, enum lab_socket kind, struct error *err);

/* The namespaces of a node, to run a command in; the descriptors are now the caller's. */
int lab_enter(struct lab *l, size_t node, struct proc_ns *ret, struct error *err);

#endif
