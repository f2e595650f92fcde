/* SPDX-License-Identifier: MIT */
/*
 * node.h - one machine on one interface: frames are decoded and given to it,
 * its actions are carried out through node_ops. The lab and the simulator are
 * the two that stand behind node_ops.
 */
#ifndef NODE_NODE_H
#define NODE_NODE_H

#include "dhcp/linklocal.h"
#include "frame/frame.h"
#include "scenario/scenario.h"
#include "trace/event.h"

#include <netlab/dhcp_client.h>
#include <netlab/dhcp_relay.h>
#include <netlab/dhcp_server.h>

struct node;

/* May it give a lease away, so that it needs a record? An ACK does, and a BOOTP reply. */
static inline bool node_is_promise(const struct dhcp_send *s)
{
	return s->type == DHCP_ACK || s->type == DHCP_NO_TYPE;
}

/**
 * struct node_ops - what a machine can make happen
 *
 * All return 0 or -errno. A failure is told as a lab event; the machine goes
 * on, its timers mend what can be mended. None of them may call back into the
 * node. The events of one step come in this order: the transition, if there
 * was one, then what its actions did. A note of a machine's is a state event
 * whose @from and @to are the same; so is what a client does without leaving its
 * state, as a retransmission. A client's link-local address speaks as "link-local".
 *
 * @send: a DHCP message; as a frame if @s->to_mac, else by the neighbour table
 * @send_frame: a whole frame (ARP: a probe, an announcement)
 * @configure: put the lease on the interface, or change what is there
 * @deconfigure: take it off; @c is what was there
 * @link_local: put the link-local address on the interface, or take it off (!@on);
 *	needed only if the scenario wants one. Never there together with a lease
 * @event: for the log; @e is borrowed; n and t are filled in by the receiver. NULL
 *	when nobody listens: no time goes into making them then
 * @commit: add a line to the server's journal (dhcp/journal.h), before an ACK that
 *	follows it in the same step leaves. On failure the ACK stays unsent; who
 *	can tell only later leaves it unsent then
 *	NULL for who makes a snapshot of the server before it ends: nothing else
 *	can take its memory away from there
 * @no_checksums: nobody will ever look at the UDP checksums of what is sent: they are left out
 * @recall: add all that was committed to @ret. Neither is called without @persist
 */
struct node_ops {
	int (*send)(void *ctx, struct node *n, const struct dhcp_send *s);
	int (*send_frame)(void *ctx, struct node *n, const void *frame, size_t len);
	int (*configure)(void *ctx, struct node *n, const struct dhcp_config *c);
	int (*deconfigure)(void *ctx, struct node *n, const struct dhcp_config *c);
	int (*link_local)(void *ctx, struct node *n, const struct dhcp_config *c, bool on);
	void (*event)(void *ctx, struct node *n, const struct trace_event *e);
	int (*commit)(void *ctx, struct node *n, const char *line, size_t len);
	int (*recall)(void *ctx, struct node *n, struct text *ret);
	bool no_checksums;
};

enum node_kind {
	NODE_CLIENT,
	NODE_SERVER,
	NODE_RELAY,
};

/* One link of a relay agent. */
struct node_port {
	char label[TRACE_PLACE_MAX];
	uint8_t mac[6];
};

/*
 * A relay agent remembers nothing: each of its links has the whole of it, and
 * sends out by all of them.
 */
struct node_relay {
	struct dhcp_relay machine;
	struct node_port port[DHCP_RELAY_PORTS_MAX];
};

/* What of a lease is not put on the interface: UseGateway=no and its sisters. */
enum node_ignore {
	NODE_IGNORE_GATEWAY = 0x01,
	NODE_IGNORE_DNS = 0x02,
	NODE_IGNORE_ROUTES = 0x04,
	NODE_IGNORE_MTU = 0x08,
};

/**
 * struct node - one running machine
 * @label: "node:if"; borrowed
 * @user: for the owner's use (an index, a context)
 * @ignore: flags of enum node_ignore; 0 after init
 * @link_local_mode: LinkLocalAddressing= of a client; no after init, set it with
 *	node_set_link_local(). @link_local is made by that
 * @persist: a server's bindings outlive it (RFC 2131 section 2.1); false after init
 * @scenario: @host: of a client whose host has more interfaces than one; else NULL.
 *	Borrowed from who made the node with node_init()
 * @off: it was stopped (a server) or has crashed: it hears nothing and waits for nothing
 * @ip_id: identification of the next IP datagram that node_frame() makes
 * @port: of a relay agent: number of the link that this one listens on
 */
struct node {
	enum node_kind kind;
	const char *label;
	uint8_t mac[6];
	const struct node_ops *ops;
	void *ctx;
	size_t user;
	uint8_t ignore;
	enum scn_link_local link_local_mode;
	const struct scenario *scenario;
	const struct scn_node *host;
	bool persist, off;
	uint8_t port;
	uint16_t ip_id;
	struct linklocal link_local;
	union {
		struct dhcp_client client;
		struct dhcp_server *server;	/* owned */
		struct node_relay *relay;	/* owned */
	};
};

/*
 * All borrow @label, @ops and @ctx, which must outlive the node. 0, or -EINVAL for
 * options that make no sense, or (server) -ENOMEM; @n is untouched then.
 */
int node_init_client(struct node *n, const char *label, const struct dhcp_client_options *opt,
		     const struct node_ops *ops, void *ctx);
int node_init_server(struct node *n, const char *label, const uint8_t mac[static 6],
		     const struct dhcp_server_options *opt, const struct node_ops *ops, void *ctx);
/* A client that has not started is told of an old lease, for INIT-REBOOT. 0 or -EINVAL. */
int node_remember(struct node *n, uint32_t address);
/* @ports: as many as @opt has; @port is this one's. As the others, and -ENOMEM. */
int node_init_relay(struct node *n, const struct node_port *ports, uint8_t port,
		    const struct dhcp_relay_options *opt, const struct node_ops *ops, void *ctx);
/* Before it starts: what the client does without a lease. */
void node_set_link_local(struct node *n, enum scn_link_local mode);
/* A machine is a plain value: its copy is a snapshot. @ret is overwritten. 0 or -ENOMEM. */
int node_copy(const struct node *n, struct node *ret);
/* Frees what @n owns; says nothing to anybody. */
void node_done(struct node *n);

/* When node_deadline() wants to be called; DHCP_NEVER: not at all. */
uint64_t node_next_deadline(const struct node *n);

/*
 * Each gives the machine one event at time @now and carries out its actions.
 * Return: 1 taken, 0 ignored (and logged as a drop, if it was a message), -errno.
 * A server that was stopped starts with what it finds on record, or anew.
 */
int node_start(struct node *n, uint64_t now);
int node_stop(struct node *n, uint64_t now);
int node_deadline(struct node *n, uint64_t now);
int node_command(struct node *n, uint64_t now, enum dhcp_command command);
/* What a user, or an event of the scenario, wants of a client. -EINVAL: it is for its cable. */
int node_action(struct node *n, uint64_t now, enum scn_action action);
/**
 * node_crash() - the machine is gone, without a word to anybody
 *
 * What a client had on its interface goes, and it will remember nothing. Of a
 * server there is left what it had committed. Nothing happens until node_start().
 *
 * Return: 1, or 0: it was off already
 */
int node_crash(struct node *n, uint64_t now);
/*
 * A journal that says in as few lines as can be what a server's has come to say, added
 * to @out, which is empty. @generation: how often it was written anew; 0: no head
 */
void node_snapshot(const struct node *n, uint64_t generation, struct text *out);
/* Which of two files of a journal holds, 0 or 1 (dhcp/journal.h); @ret_generation is its. */
int node_newest_journal(const char *const bytes[static 2], const size_t len[static 2],
			uint64_t *ret_generation);
/**
 * node_rx_frame() - a frame came in on the node's link
 * @csum_partial: as for frame_decode()
 *
 * DHCP goes to the machine, ARP to its probes. Ignored without a word is what
 * was not meant for this machine: frames of its own or to another MAC address,
 * other protocols and ports, and for a client replies whose chaddr is another
 * client's (on a switch every client hears every broadcast: to log each would
 * grow with the square of their number). Every other message that is ignored,
 * whether broken or out of place, is logged as a drop. A relay agent takes group
 * frames only: unicasts come to it through its host's own stack.
 */
int node_rx_frame(struct node *n, uint64_t now, const void *data, size_t len, bool csum_partial);
/* The payload of a UDP datagram that came through the kernel's own stack, to @dst. */
int node_rx_udp(struct node *n, uint64_t now, uint32_t src, uint16_t src_port, uint32_t dst,
		const void *data, size_t len);

/*
 * The Ethernet frame of a message, from the MAC address of this node (of its link
 * @s->port) to @dst_mac. Bytes or -EMSGSIZE.
 */
int node_frame(struct node *n, const struct dhcp_send *s, const uint8_t dst_mac[static 6],
	       void *out, size_t size);

/* The link-local address of a client's interface; 0: it has none. */
uint32_t node_link_local(const struct node *n);

/* The machine's state in RFC 2131's words: "BOUND"; "" for a server. */
const char *node_state(const struct node *n);

#endif
