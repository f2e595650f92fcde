/* SPDX-License-Identifier: MIT */
/*
 * world.h - what the parts of the simulator share.
 *
 *	sim.c		the world is made, the clock runs, machines get their events
 *	machine.c	machines are made, are awake for an event, and sleep
 *	frames.c	frames that are on their way
 *	link.c		cables and switches: how they travel
 *	event.c		what the scenario has happen to clients and their cables
 *	host.c		the kernel of a simulated host: addresses, neighbours, ARP
 *	reach.c		could a ping get there and back?
 *	queue.c, map.c	the two containers
 *	pack.c		values that are mostly alike
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "node/fault.h"
#include "node/held_config.h"
#include "node/intruder.h"
#include "node/node.h"
#include "node/snoop.h"
#include "sim/map.h"
#include "sim/pack.h"
#include "sim/queue.h"
#include "sim/sim.h"

/* What a frame carries, as far as its receivers' kernels care. */
enum sim_frame_kind {
	SIM_FRAME_ARP,
	SIM_FRAME_TO_SERVER,	/* UDP port 67 */
	SIM_FRAME_TO_CLIENT,	/* UDP port 68 */
	SIM_FRAME_OTHER,
};

/**
 * struct sim_home - a server or a relay agent, of which there are few
 * @journal: what a server had committed when it ended
 */
struct sim_home {
	struct node node;
	struct text journal;
};

/**
 * struct sim_machine - the machine of an interface
 * @iface: index
 * @waiting: it was neither started nor stopped yet
 * @is_awaited: a client that is to have a lease; @bound: it was BOUND when it was
 *	last looked at
 * @room: words at @asleep
 * @home: NULL for a client
 * @asleep: a client between two events, packed; NULL: it is as node_init() makes it
 * @armed: the soonest SIM_DEADLINE in the queue that is not stale; DHCP_NEVER: none
 * @config: what is on the interface
 *
 * There may be a million clients: a struct node is as big as what it may ever
 * hold, and all but a few words are the same in all of them.
 */
struct sim_machine {
	uint32_t iface;
	uint8_t kind;		/* enum node_kind */
	bool waiting, is_awaited, bound;
	uint32_t room;
	struct sim_home *home;
	uint64_t *asleep;
	uint64_t armed;
	struct held_config config;
};

#define NO_SWITCH UINT16_MAX

/**
 * struct sim_iface - what the simulator knows of an interface beyond the scenario
 * @machine: NULL if it runs none
 * @segment: number of the broadcast domain
 * @peer: the interface at the other end of the cable
 * @switch_no: of the switch that it is a port of, or NO_SWITCH
 * @down: nothing enters its cable here, nothing leaves it
 * @struck: what enters its cable here is judged by the faults
 * @intruded: somebody is at it who hears what comes to it (intruder.c)
 * @hears: what its machine listens to: a bit for each enum sim_frame_kind; 0
 *	when it is not running. It stands here, and not in the machine, since
 *	each broadcast on a switch asks it of every port
 */
struct sim_iface {
	struct sim_machine *machine;
	uint32_t segment;
	uint32_t peer;
	uint16_t switch_no;
	uint8_t hears;
	bool down, struck, intruded;
};

/**
 * struct sim_switch
 * @node: of the scenario
 * @serving: those of its ports that do not lead straight to a client, or that have a
 *	fault, in the order of the file: what is sent to servers can skip all the
 *	others, which would not hear it
 */
struct sim_switch {
	size_t node;
	size_t *serving;
	size_t n_serving;
};

/**
 * struct sim - the world
 * @ops: host_ops, without events when nobody listens
 * @ifaces: as many as the scenario's, same indexes
 * @addresses: (segment, IPv4 address) to the interfaces that have it
 * @macs: MAC address to the interface that has it, for those who listen
 * @ports: (switch, MAC address) to the port behind which it was seen
 * @switches: by number, @n_switches
 * @n_awaited: @n_without: clients that are to get a lease, and that are not
 * @model: a client like all others, which they are packed by
 * @awake: the client @who has an event; @shown: who was last asked for by others
 * @beds: where those that are asleep lie
 * @n_messages: DHCP messages that were sent so far
 * @moved: ports that were plugged into another switch than the scenario's, @n_moved
 * @n_to_come: of the scenario's events
 * @config: the last that was put on an interface, which the next may share
 * @error: -errno of what failed where nobody could be told
 */
struct sim {
	const struct scenario *scenario;
	struct sim_options opt;
	struct node_ops ops;
	uint64_t now, n_events;
	struct queue queue;
	struct sim_iface *ifaces;
	struct sim_machine *machines;
	struct sim_machine *who;
	struct node model, awake;
	struct node *shown;
	struct arena beds;
	size_t n_machines, n_awaited, n_without, n_bound;
	struct map addresses, macs, ports;
	struct faults faults;
	struct snoop snoop;
	struct sim_switch *switches;
	uint16_t n_switches;
	size_t *moved;
	struct intruder *intruders;	/* as many as the scenario's faults, same indexes */
	uint64_t *awaited;		/* of each: the SIM_INTRUDER that is in the queue */
	size_t n_moved, n_to_come;
	uint64_t n_messages;
	struct shared_config *config;
	int error;
};

/* Remembers the first failure, for sim_run() to return. */
void sim_fail(struct sim *sim, int err);
void sim_schedule(struct sim *sim, enum sim_event_type type, uint64_t t, size_t iface,
		  struct sim_frame *frame);

/* frames.c */

/**
 * struct sim_frame - one frame on its way; those that wait for it share it
 * @len: of the frame; @kept: bytes of it that are in @data, the MAC addresses first
 * @broken: a fault has changed a bit of it: its checksums may be wrong
 */
struct sim_frame {
	uint32_t refs;
	uint16_t len, kept;
	uint8_t kind;
	bool broken;
	uint8_t data[];
};

/* NULL: no memory. */
struct sim_frame *frame_new(const void *data, size_t len, enum sim_frame_kind kind);
void frame_put(struct sim_frame *f);
/* The whole of it, @f's own or in @buf. */
const uint8_t *frame_bytes(const struct sim_frame *f, uint8_t buf[static FRAME_MAX]);

/* link.c */

uint64_t mac_key(const uint8_t mac[static 6]);
/* A frame leaves host interface @iface: it is captured, told, and on its way. 0 or -errno. */
int link_transmit(struct sim *sim, size_t iface, const void *data, size_t len);
/* @f has come to the end of a cable. */
void link_arrive(struct sim *sim, size_t iface, struct sim_frame *f);
void link_flood(struct sim *sim, size_t in_port, struct sim_frame *f);
/* A port is plugged into switch @node. 0 or -ENOMEM. */
int link_plug(struct sim *sim, size_t port, size_t node);
/* Numbers broadcast domains and switches, ties the cables. 0; -EINVAL: too many; -ENOMEM. */
int link_map(struct sim *sim);

/* host.c */

extern const struct node_ops host_ops;
/* The static addresses and the MAC addresses of all hosts. 0 or -ENOMEM. */
int host_map(struct sim *sim);
/* A host's interface is in another broadcast domain now. 0 or -ENOMEM. */
int host_change_segment(struct sim *sim, size_t iface, uint32_t segment);
/* @f has come to a host's interface. */
void host_receive(struct sim *sim, size_t iface, const struct sim_frame *f);
/* The interface of a segment that has @address, other than @except; MAP_NONE if none has. */
uint32_t host_neighbour(const struct sim *sim, uint32_t segment, uint32_t address, size_t except);
/* @iface answers for @address, too. 0 or -ENOMEM. */
int host_add_address(struct sim *sim, size_t iface, uint32_t address);
bool host_has_address(const struct sim *sim, size_t iface, uint32_t address);
bool host_is_switch(const struct sim *sim, size_t iface);

/* news.c: what is on an interface now, for who listens. */

struct sim_routes {
	size_t n;
	struct dhcp_route route[LEASE_ROUTES_MAX];
};

/* @op: "add" or "remove". */
void sim_news_address(struct sim *sim, const struct node *n, const char *op, uint32_t address,
		  uint8_t prefix_len);
/* The routes of a client's lease, as far as a kernel would take them. None if nobody listens. */
void sim_routes_of(const struct sim *sim, const struct node *n, struct sim_routes *ret);
/* What has changed since then: first what is gone. */
void sim_routes_since(struct sim *sim, const struct node *n, const struct sim_routes *had);

/* intruder.c */
int sim_intruders_start(struct sim *sim);
void sim_intruders_done(struct sim *sim);
void sim_intruder_wakes(struct sim *sim, size_t fault);
/* @f has come to @iface, which is intruded. */
void sim_intruders_hear(struct sim *sim, size_t iface, const struct sim_frame *f);

/* reach.c */

/**
 * struct way - the route that a node takes to a destination
 * @len: of the route's prefix: the longest wins, among equals the lowest @metric
 * @via: the next host on @iface's segment
 */
struct way {
	bool found;
	uint8_t len;
	uint32_t metric;
	size_t iface;
	uint32_t via;
};

struct way reach_find_way(const struct sim *sim, size_t node, uint32_t dst);
/* By the routes of one interface. */
struct way reach_find_way_over(const struct sim *sim, size_t iface, uint32_t dst);
/* Is @address one of @node's? */
bool reach_is_own(const struct sim *sim, size_t node, uint32_t address);

/* event.c: the scenario's event number @index happens. */
void event_happen(struct sim *sim, size_t index);

/* sim.c: what is wanted of a client, which may be STOPPED. 1, 0, -errno */
int sim_action(struct sim *sim, struct sim_machine *m, enum scn_action action);

/* machine.c */

/* All of the scenario's. 0 or -errno of node_init(). */
int machines_make(struct sim *sim);
void machines_done(struct sim *sim);
/* For one event, until machine_settle(): only one client is awake at a time. */
struct node *machine_wake(struct sim *sim, struct sim_machine *m);
/* After each event of a machine's: what it waits for now, and whether it is BOUND. */
void machine_settle(struct sim *sim, struct sim_machine *m);
/* Does it hear and wait? */
bool machine_is_running(const struct sim *sim, const struct sim_machine *m);

#endif
