/* SPDX-License-Identifier: MIT */
/* agent_private.h - the agent's own struct, shared by its files. */
#ifndef LAB_AGENT_PRIVATE_H
#define LAB_AGENT_PRIVATE_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <jansson.h>

#include "lab/agent.h"
#include "lab/closer.h"
#include "lab/lab.h"
#include "lab/lab_time.h"
#include "lab/proto.h"
#include "lab/recorder.h"
#include "node/fault.h"
#include "node/held_config.h"
#include "node/intruder.h"
#include "node/node.h"
#include "node/snoop.h"
#include "node/step.h"
#include "sys/packet.h"

struct journal;
struct known_address;
struct step_past;

/**
 * struct machine - one client or server, with its sockets
 * @journal: of a server; NULL
 * @packet: -1 while the machine speaks UDP (BOUND and after)
 * @udp: a sink while the machine reads from @packet
 * @rx: of @packet, or of @udp while the machine speaks UDP; @rx_unicast: of a relay
 *	agent, which hears both
 * @pending: a CONFIGURE that the monitor has not answered yet
 * @records: what @packet takes is not in its cable's capture: it is to be written down here
 * @records_sent: nor is what it sends
 * @has_stored: LeaseFile= has a lease that was not used yet
 * @has_lease: the address is on the interface; @has_link_local: likewise; @released: what was
 *	sent last was a RELEASE
 * @link: as far as is known; @link_news: what it has become, and if it was down in between
 * @start_at: lab time of a start that is put off (StartDelaySec=), else 0
 */
struct machine {
	struct agent *agent;
	struct journal *journal;
	struct node node;
	size_t iface;
	int packet, udp;
	bool use_udp, records, records_sent;
	bool has_stored, has_lease, has_link_local, released;
	enum lab_link link, link_news;
	bool link_was_down;
	uint64_t start_at;
	struct held_config pending;
	struct event rx;
	struct event *rx_unicast;
	struct lab_timer timer;
};

struct capture {
	struct agent *agent;
	struct capture_socket socket;
	struct event rx, queues;
};

/**
 * struct held - what is late
 * @due: lab time at which @arrive is called
 * @iface: where it goes on from, or arrives
 * @offload: @csum_partial: of a frame; @src: @dst: @port: of a datagram
 */
struct held {
	struct held *next;
	uint64_t due;
	void (*arrive)(struct agent *a, const struct held *h);
	size_t iface;
	struct packet_offload offload;
	bool csum_partial;
	uint32_t src, dst;
	uint16_t port;
	size_t len;
	uint8_t data[];
};

/**
 * struct wire - all wires of the lab
 * @fd: 0: there are none
 * @iface_of: by index of the inner end, @n_ends of them; NONE
 */
struct wire {
	int fd;
	size_t n_ends;
	size_t *iface_of;
	struct event rx;
};

#define LIVE_INTRUDERS_MAX 16

/* Room for somebody who sends what he should not, at his end of a wire. */
struct seat {
	struct agent *agent;
	struct intruder who;
	struct lab_timer timer;
};

/**
 * struct late - everything that is late
 * @first: the soonest; @bytes of them all
 * @timer: of the first
 */
struct late {
	struct held *first;
	size_t bytes;
	struct lab_timer timer;
};

/**
 * struct stepping - the lab goes message by message
 * @on: what machines send is held in @queue, and the clock stands
 * @waiting: a wish is answered when nothing has come for a moment; @seeking: and
 *	something is held, which time goes on for; @slice_end: clock_us(), not later
 * @timer: of delayed messages
 * @guests: programs of others may send on wires
 * @past: the lab before each of the last steps, @n_past of them, @past_bytes together
 */
struct stepping {
	bool on, waiting, seeking, guests;
	uint64_t slice_end;
	struct step_queue queue;
	struct lab_timer timer;
	struct step_past **past;
	size_t n_past, past_bytes;
};

/**
 * struct agent
 * @config: the last that a machine had @pending, which the next may share
 * @unanswered: wishes of ours that the monitor is still carrying out
 * @last_t: of the last event: the log's times never go back; @batch_t: of all events
 *	that a batch of frames brings about, while it is taken; else 0
 * @received: @captured: @sent: frames on their way, in batches
 * @stop_asked: @status_fd: @wish: what the monitor asked for, to be done between
 *	two steps
 * @is_quiet: while time jumps: nothing came for a moment; @was_busy: but something did
 *	since the clock last moved; @slice_end: clock_us() when it rests
 * @asked: by clients, while time jumps, and not answered by a guest; @guest_patience: how
 *	often a guest will be waited for; 0: none has ever answered, or not for long
 * @reported: clients BOUND, as the monitor was last told; @reported_at: when
 */
struct agent {
	const struct agent_setup *setup;
	const struct scenario *scenario;
	struct event_base *base;
	struct lab_time time;
	struct shared_config *config;
	unsigned int unanswered;
	uint64_t last_t, batch_t;
	struct packet_batch *received, *captured, *sent;
	struct recorder recorder;
	size_t n_machines, n_captures;
	struct machine *machines;	/* one a machine */
	struct machine **machine_of;	/* per interface; NULL */
	struct known_address **known;	/* per node: addresses that are there, as the log says */
	size_t *at;			/* per interface: the node that it is at now */
	int *ifindex;			/* per interface: there */
	size_t n_happened;		/* of the scenario's events */
	struct capture *captures;
	struct wire wire;
	struct late late;
	struct faults faults;
	struct snoop snoop;
	struct stepping step;
	struct seat *seats;		/* room for the scenario's and some of the user's */
	size_t n_seats;
	uint32_t clients, bound, reported;
	uint64_t reported_at;
	bool stop_asked, stopping, quit, trimmed;
	int status_fd;
	struct agent_message wish;
	bool wish_asked, links_changed;
	struct event rx_monitor, report_timer, quiet_timer, trim_timer;
	struct lab_timer event_timer;
	bool is_quiet, was_busy;
	unsigned int asked, guest_patience;
	uint64_t slice_end;
	struct closer closer;
};

/* Lab time now, microseconds. */
uint64_t agent_now(const struct agent *a);
/* The time of what goes into the log now: it never goes back. */
uint64_t agent_log_time(struct agent *a);
/* Puts an event into the log. */
void agent_event(struct agent *a, const struct trace_event *e);
/* A lab event in a few words. */
void agent_note(struct agent *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* A turn's end: the log is written, and the monitor told how many clients are BOUND. */
void agent_flush(struct agent *a);

/* agent_machine.c */
int machine_init(struct agent *a, struct machine *m, size_t iface);
void machine_start(struct machine *m);
/* One message out, as node_ops.send; in, as node_rx_frame() and node_rx_udp(). */
int machine_send(struct machine *m, const struct dhcp_send *s);
/*
 * As machine_post(), with the next batch if it can. 1: seen to, 0: it has to go alone, -errno.
 * When all are sent the capture is to be read.
 */
int machine_send_later(struct machine *m, const struct dhcp_send *s);
/* 0 or, as packet_batch_send(), -errno. */
int machine_send_batch(struct machine *m, size_t *ret_failed);
void machine_take_frame(struct machine *m, const void *frame, size_t len, bool csum_partial);
void machine_take_udp(struct machine *m, uint32_t src, uint16_t port, uint32_t dst,
		      const void *data, size_t len);
void machine_stop(struct machine *m);
/* Its link has changed: to be called between two steps. */
void machine_link(struct machine *m);
/* What the user wants of a client. 1 done, 0 ignored (the log says why), -errno. */
int machine_action(struct machine *m, enum scn_action action);
/* From now on the kernel's stack delivers: the address is there, and so is the neighbour table. */
void machine_use_udp(struct machine *m);
/* Back to frames: the address is gone, or about to go. 0 or -errno. */
int machine_use_packet(struct machine *m);

/* agent_news.c: the addresses that the scenario gives are there. 0 or -ENOMEM. */
int news_init(struct agent *a);
/* Has a node this address, as far as the log says? */
bool news_knows(const struct agent *a, size_t node, uint32_t address);
/* The monitor has seen one come or go, or a route, at @place. */
void news_take(struct agent *a, const struct agent_message *msg, const char *place);
/* Of a machine's own: into the log, unless it stands there already. */
void news_address(struct machine *m, bool add, const struct dhcp_config *c);

/* agent_relay.c: the send of its node_ops, and the unicasts that come to it */
int relay_send(void *ctx, struct node *n, const struct dhcp_send *s);
/* The same, of a message that was held. */
int relay_let_go(struct machine *m, const struct dhcp_send *s);
int relay_listen(struct machine *m);

/* agent_event.c: the scenario's events, from now on. */
void events_start(struct agent *a);
/* The monitor's answer to one. */
void event_answered(struct agent *a, const struct agent_message *msg);

/* The same, but for what a fault does to it. */
int machine_let_go(struct machine *m, const struct dhcp_send *s);
/* The same, unless it is held. */
int machine_post(struct machine *m, const struct dhcp_send *s);

/* agent_journal.c: of a server; the last two do nothing for a client. */
int journal_init(struct machine *m);
int journal_commit(struct machine *m, const char *line, size_t len);
int journal_recall(struct machine *m, struct text *ret);
/* A reply that is sent by the next flush, unless what it rests on can not be written. */
void journal_queue(struct machine *m, const struct dhcp_send *s);
void journal_step_done(struct machine *m);
void journal_flush(struct machine *m);
/* On record is what was: a step back. */
void journal_replace(struct machine *m, const struct text *was);

/* agent_capture.c */
int capture_init(struct agent *a, struct capture *c, const struct capture_socket *socket);
/* Reads what the capture of an interface's cable has: before and after each step. */
void capture_drain_iface(struct agent *a, size_t iface);
/* Reads all captures, but for the wires': before somebody answers what is on a cable. */
void capture_drain_all(struct agent *a);
/* A frame that interface @sender has put on its cable, into the capture and the log. */
void capture_take(struct agent *a, size_t sender, const struct packet_meta *meta, const void *data,
		  size_t len);
/* The first @n of a batch, but for those that could not be sent. */
void capture_take_batch(struct agent *a, size_t sender, const struct packet_batch *b, int n);

/* agent_wire.c */
int wire_init(struct agent *a);
/* Carries on what is on the wires. */
void wire_drain(struct agent *a);

/* agent_intruder.c */
int intruders_init(struct agent *a);
/* What has come to @iface, whose cable is a wire, is heard by who is there. */
void intruders_hear(struct agent *a, size_t iface, const void *data, size_t len);
/* One more. 0; -ENOSPC, -ENOMEM. */
int intruder_add(struct agent *a, const struct scn_fault *f);
/* All go. Count of them. */
size_t intruders_clear(struct agent *a);
/* The one of that name; NULL. */
const struct intruder *intruder_find(const struct agent *a, const char *name);
/* As they are now, agent.n_seats of them, and back to that, with @was freed. 0 or -ENOMEM. */
int intruders_save(const struct agent *a, struct intruder **ret);
void intruders_restore(struct agent *a, struct intruder *was);
void intruders_free(struct intruder *saved, size_t n);

/* agent_wire.c: a frame that no interface sends enters the wire as if it had. */
void wire_inject(struct agent *a, size_t from, const uint8_t *frame, size_t len);

/* agent_fault.c */
int fault_init(struct agent *a);
/* What struck a frame of @from, into the log. */
void fault_tell(struct agent *a, size_t from, unsigned int class, const struct fault_verdict *v);
/* @like with @len bytes of @data, until @like->due. What is too much is lost, as in a queue. */
void fault_hold(struct agent *a, const struct held *like, const void *data, size_t len);
/* All that is late from @first on, and the end of such a copy. 0 or -ENOMEM. */
int late_copy(const struct held *first, struct held **ret);
void late_free(struct held *first);
/* A wish of the user's. 1 done, -errno. */
int agent_fault(struct agent *a, const struct agent_message *wish, struct error *err);

/*
 * What a machine sends and receives on a cable that is no wire is judged at its
 * own sockets. True: the message is struck, and all that is to become of it is
 * seen to.
 */
bool fault_strikes_send(struct machine *m, const struct dhcp_send *s);
bool fault_strikes_frame(struct machine *m, const void *frame, size_t len, bool csum_partial);
bool fault_strikes_udp(struct machine *m, uint32_t src, uint16_t port, uint32_t dst,
		       const void *data, size_t len);

/* agent_monitor.c */
int monitor_link_init(struct agent *a);
/* @msg with up to AGENT_TEXT_MAX bytes of text behind it. 0 or -errno. */
int monitor_send(struct agent *a, const struct agent_message *msg, const char *text, size_t len);
/* Does what the monitor asked for in the meantime. */
void agent_serve(struct agent *a);
/* 0 or -errno; not answered yet. */
int monitor_ask(struct agent *a, struct agent_message *msg);
/* Waits for the answer, which may bring a descriptor (-1: none). 0 or the answer's -errno. */
int monitor_ask_and_wait(struct agent *a, struct agent_message *msg, int *ret_fd);

/* The wish is carried out, or not: @taken as machine_action() returns it. */
void monitor_wish_done(struct agent *a, int taken, const struct error *err);

/*
 * agent_time.c: pause, speed, jump. 1 done; -EINPROGRESS: a jump has begun, and
 * each agent_time_step() between two turns of the loop takes it further.
 */
int agent_time(struct agent *a, const struct agent_message *wish, struct error *err);
void agent_time_step(struct agent *a);
/* The clock goes another way: so do the kernel's lifetimes. */
void retime_all(struct agent *a);

/* agent_step.c: message by message. */
void step_init(struct agent *a);
/* True: the message is held; it is not to be sent. */
bool step_holds(struct machine *m, const struct dhcp_send *s);
void step_release_all(struct agent *a);
/* As agent_time(); step_turn() between two turns of the loop sees to its answer. */
int agent_step(struct agent *a, const struct step_command *c, struct error *err);
void step_turn(struct agent *a);

/* agent_guest.c: is there a wire on which a program of others may send? */
bool guest_is_possible(const struct agent *a);
/* True: a frame that it sends is a DHCP message, and held. */
bool guest_holds(struct agent *a, size_t from, const void *frame, size_t len);
/* @from sent a frame: the answer of a guest's server, perhaps. */
void guest_hear(struct agent *a, size_t from, const void *frame, size_t len);
/* A client of the lab's own has sent such a message. */
void guest_ask(struct agent *a, enum dhcp_message_type type);
/* Does a jump wait for a guest's answer? It does so no longer after guest_give_up(). */
bool guest_is_awaited(const struct agent *a);
void guest_give_up(struct agent *a);
/* The frame of one that is held. Its length, or -EMSGSIZE. */
int guest_frame(const struct agent *a, const struct step_held *h, uint8_t ret[static FRAME_MAX]);
int guest_let_go(struct agent *a, const struct step_held *h);

/* agent_step_status.c: lab_status()'s "step". */
json_t *step_status(const struct agent *a);

/* agent_back.c: the lab as it is now, for step_go_back() later. 0 or -errno. */
int step_remember(struct agent *a);
/* To what was remembered last: there is something. 0 */
int step_go_back(struct agent *a);
/* There is no way back any more. */
void step_forget(struct agent *a);

/* agent_status.c: the JSON of lab_status(), as text. 0 or -ENOMEM. */
int agent_status(struct agent *a, struct text *out);

#endif
