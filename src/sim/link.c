/* SPDX-License-Identifier: MIT */
/*
 * link.c - cables and switches. A cable delays; a switch learns behind which
 * port a MAC address lives and floods what it does not know (IEEE 802.1D). What
 * was learned does not age, but is forgotten with its port: who moves speaks
 * first, and is learned anew before anybody answers. Rings
 * of switches, in which a broadcast would go round for ever, are not scenarios.
 */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "sim/world.h"

_Static_assert(TRACE_CABLE_MAX >= CABLE_NAME_MAX && TRACE_PLACE_MAX >= PLACE_NAME_MAX,
	       "a scenario's names fit into events");

#define GROUP_BIT 0x01	/* of a MAC address's first byte */

uint64_t mac_key(const uint8_t mac[static 6])
{
	return (uint64_t)load_be16(mac) << 32 | load_be32(mac + 2);
}

static uint64_t port_key(uint16_t switch_no, const uint8_t mac[static 6])
{
	return (uint64_t)switch_no << 48 | mac_key(mac);
}

#define ETHERTYPE_OFFSET 12
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_IP4 0x0800
#define PROTOCOL_OFFSET (ETH_HEADER_LEN + 9)
#define DST_PORT_OFFSET (ETH_HEADER_LEN + 20 + 2)	/* our own have no IP options */

static enum sim_frame_kind classify(const uint8_t *data, size_t len)
{
	uint16_t type = load_be16(data + ETHERTYPE_OFFSET), port;

	if (type == ETHERTYPE_ARP)
		return SIM_FRAME_ARP;
	if (type != ETHERTYPE_IP4 || len < FRAME_UDP_OVERHEAD || data[PROTOCOL_OFFSET] != 17)
		return SIM_FRAME_OTHER;
	port = load_be16(data + DST_PORT_OFFSET);
	if (port == DHCP_SERVER_PORT)
		return SIM_FRAME_TO_SERVER;
	return port == DHCP_CLIENT_PORT ? SIM_FRAME_TO_CLIENT : SIM_FRAME_OTHER;
}

static void send_on(struct sim *sim, enum sim_event_type type, size_t iface, struct sim_frame *f,
		    uint64_t after)
{
	f->refs++;
	sim_schedule(sim, type, sim->now + after, iface, f);
}

/* Another has the frame as it was: the broken one is a copy. NULL: no memory. */
static struct sim_frame *break_frame(const struct sim_frame *f, size_t bit)
{
	uint8_t buf[FRAME_MAX], bytes[FRAME_MAX];
	struct sim_frame *broken;

	memcpy(bytes, frame_bytes(f, buf), f->len);
	bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	broken = frame_new(bytes, f->len, f->kind);
	if (broken)
		broken->broken = true;
	return broken;
}

static void tell_strikes(struct sim *sim, size_t from, const struct sim_frame *f,
			 const struct fault_verdict *v)
{
	uint8_t buf[FRAME_MAX];
	unsigned int class = v->n_strikes > 0 ? fault_class(frame_bytes(f, buf), f->len) : 0;

	for (size_t i = 0; i < v->n_strikes; i++) {
		struct trace_event e = { .kind = TRACE_FAULT };
		char text[FAULT_TEXT_MAX];

		fault_describe(v->strikes[i], class, text);
		e.text = text;
		str_copy(e.at, sizeof(e.at), sim->scenario->ifaces[from].label);
		sim_tell(sim, &e);
	}
}

/* @f enters the cable of @from, and comes to its other end after @us, if nothing befalls it. */
static void cross(struct sim *sim, size_t from, struct sim_frame *f, uint64_t us)
{
	size_t to = sim->ifaces[from].peer;
	struct fault_verdict v;
	struct sim_frame *sent = f;
	uint8_t buf[FRAME_MAX];

	if (!sim->ifaces[from].struck) {
		send_on(sim, SIM_ARRIVE, to, f, us);
		return;
	}
	faults_judge(&sim->faults, sim->now, from, frame_bytes(f, buf), f->len, &v);
	tell_strikes(sim, from, f, &v);
	if (v.corrupt)
		sent = break_frame(f, v.bit);
	if (!sent) {
		sim_fail(sim, -ENOMEM);
		return;
	}
	for (unsigned int i = 0; i < v.copies; i++)
		send_on(sim, SIM_ARRIVE, to, sent, us + v.late);
	if (sent != f)
		frame_put(sent);
}

static void name_receiver(const struct sim *sim, const struct frame *f, char *ret, size_t size)
{
	uint32_t owner;
	char mac[MAC_LEN];

	if (f->dst_mac[0] & GROUP_BIT) {
		str_copy(ret, size, "everyone");
		return;
	}
	owner = map_find(&sim->macs, mac_key(f->dst_mac), MAP_NONE);
	str_copy(ret, size, owner == MAP_NONE ? mac_format(f->dst_mac, mac)
					      : sim->scenario->ifaces[owner].label);
}

/* What can not be read as DHCP is no message: who receives it says why it was dropped. */
static void tell_message(struct sim *sim, size_t iface, const void *data, size_t len,
			 uint64_t number)
{
	const struct scn_iface *from = &sim->scenario->ifaces[iface];
	struct dhcp_message m;
	struct frame f;
	cleanup_event struct trace_event e = { 0 };

	if (frame_decode(data, len, true, &f) < 0 ||	/* its checksum is our own */
	    dhcp_message_decode(f.payload, f.payload_len, &m, NULL, NULL) < 0)
		return;
	if (trace_event_message(&f, &m, &e) < 0) {
		sim_fail(sim, -ENOMEM);
		return;
	}

	scenario_cable_name(sim->scenario, from->cable, e.msg.cable);
	str_copy(e.msg.from, sizeof(e.msg.from), from->label);
	name_receiver(sim, &f, e.msg.to, sizeof(e.msg.to));
	e.msg.frame = number;
	sim_tell(sim, &e);
}

int link_transmit(struct sim *sim, size_t iface, const void *data, size_t len)
{
	const struct scn_iface *from = &sim->scenario->ifaces[iface];
	struct sim_frame *frame;
	uint64_t number = 0;

	if (sim->ifaces[iface].down)
		return -ENETDOWN;
	frame = frame_new(data, len, classify(data, len));
	if (!frame)
		return -ENOMEM;

	if (sim->opt.on_frame)
		number = sim->opt.on_frame(sim->opt.ctx, from->cable, sim->now, data, len);
	if (frame->kind == SIM_FRAME_TO_SERVER || frame->kind == SIM_FRAME_TO_CLIENT) {
		sim->n_messages++;
		if (sim->opt.on_event)
			tell_message(sim, iface, data, len, number);
	}

	cross(sim, iface, frame, SIM_CABLE_US);
	frame_put(frame);
	return 0;
}

static void learn(struct sim *sim, size_t port, const uint8_t mac[static 6])
{
	uint64_t key = port_key(sim->ifaces[port].switch_no, mac);
	uint32_t *seen = map_at(&sim->ports, key);

	if (seen)
		*seen = (uint32_t)port;
	else if (map_add(&sim->ports, key, (uint32_t)port) < 0)
		sim_fail(sim, -ENOMEM);
}

static void tell_refusal(struct sim *sim, size_t port, const char *why, uint8_t message)
{
	struct trace_event e = { .kind = TRACE_DROP, .machine = "switch", .message = message };

	e.text = (char *)why;	/* which nobody changes: the event is const to whom it is told */
	str_copy(e.at, sizeof(e.at), sim->scenario->ifaces[port].label);
	sim_tell(sim, &e);
}

/* Does the switch let it through? */
static bool snoop(struct sim *sim, size_t port, const struct sim_frame *f)
{
	uint8_t buf[FRAME_MAX], message;
	const char *why;

	if (!sim->scenario->nodes[sim->switches[sim->ifaces[port].switch_no].node].snooping)
		return true;
	why = snoop_judge(&sim->snoop, sim->now, port, frame_bytes(f, buf), f->len, &message);
	if (why)
		tell_refusal(sim, port, why, message);
	return !why;
}

static void switch_receive(struct sim *sim, size_t port, struct sim_frame *f)
{
	const uint8_t *dst = f->data, *src = f->data + 6;
	uint32_t out = MAP_NONE;

	if (!snoop(sim, port, f))
		return;
	if (!(src[0] & GROUP_BIT))
		learn(sim, port, src);
	if (!(dst[0] & GROUP_BIT))
		out = map_find(&sim->ports, port_key(sim->ifaces[port].switch_no, dst), MAP_NONE);

	/* Where it was learned may be another switch's port by now. */
	if (out == MAP_NONE || sim->ifaces[out].switch_no != sim->ifaces[port].switch_no)
		send_on(sim, SIM_FLOOD, port, f, SIM_CABLE_US);
	else if (out != port)
		cross(sim, out, f, SIM_CABLE_US);
}

void link_arrive(struct sim *sim, size_t iface, struct sim_frame *f)
{
	if (host_is_switch(sim, iface))
		switch_receive(sim, iface, f);
	else if (!sim->ifaces[iface].down)
		host_receive(sim, iface, f);
}

/* Those of @ports that are of @in_port's switch now. */
static void flood_ports(struct sim *sim, const size_t *ports, size_t n, size_t in_port,
			struct sim_frame *f)
{
	uint16_t switch_no = sim->ifaces[in_port].switch_no;

	for (size_t i = 0; i < n; i++) {
		const struct sim_iface *port = &sim->ifaces[ports[i]];

		if (ports[i] == in_port || port->switch_no != switch_no)
			continue;
		if (!port->struck)
			link_arrive(sim, port->peer, f);
		else
			cross(sim, ports[i], f, 0);
	}
}

/*
 * One event for all ports: they hear a broadcast at the same time, in the order
 * of the file. Each client's DISCOVER goes to all ports: with ten thousand of
 * them only those are looked at that could hear it, or that have a fault: what it
 * does is told, and counted, whoever hears.
 */
void link_flood(struct sim *sim, size_t in_port, struct sim_frame *f)
{
	const struct sim_switch *home = &sim->switches[sim->ifaces[in_port].switch_no];
	const struct scn_node *node = &sim->scenario->nodes[home->node];

	if (f->kind == SIM_FRAME_TO_SERVER)
		flood_ports(sim, home->serving, home->n_serving, in_port, f);
	else
		flood_ports(sim, node->ifaces, node->n_ifaces, in_port, f);
	flood_ports(sim, sim->moved, sim->n_moved, in_port, f);
}

/* The domain of switch @switch_no as its ports have it; a number of its own if it has none. */
static uint32_t segment_of(const struct sim *sim, uint16_t switch_no)
{
	for (size_t i = 0; i < sim->scenario->n_ifaces; i++) {
		if (sim->ifaces[i].switch_no == switch_no)
			return sim->ifaces[i].segment;
	}
	return (uint32_t)sim->scenario->n_ifaces + switch_no;
}

/* A port at home is found through its switch; one that is not, through the list. */
static int list_moved(struct sim *sim, size_t port, bool is_home)
{
	size_t *list, i = 0;

	while (i < sim->n_moved && sim->moved[i] != port)
		i++;
	if (is_home) {
		if (i < sim->n_moved)
			sim->moved[i] = sim->moved[--sim->n_moved];
		return 0;
	}
	if (i < sim->n_moved)
		return 0;
	list = realloc(sim->moved, (sim->n_moved + 1) * sizeof(*list));
	if (!list)
		return -ENOMEM;
	sim->moved = list;
	sim->moved[sim->n_moved++] = port;
	return 0;
}

int link_plug(struct sim *sim, size_t port, size_t node)
{
	struct sim_iface *p = &sim->ifaces[port];
	uint16_t switch_no = 0;
	int r;

	while (sim->switches[switch_no].node != node)
		switch_no++;
	r = list_moved(sim, port, sim->scenario->ifaces[port].node == node);
	if (r < 0)
		return r;
	p->switch_no = NO_SWITCH;
	p->segment = segment_of(sim, switch_no);
	p->switch_no = switch_no;
	return host_change_segment(sim, p->peer, p->segment);
}

/* The root of @i's set, with the path to it halved on the way. */
static uint32_t root(struct sim *sim, uint32_t i)
{
	while (sim->ifaces[i].segment != i) {
		sim->ifaces[i].segment = sim->ifaces[sim->ifaces[i].segment].segment;
		i = sim->ifaces[i].segment;
	}
	return i;
}

static void join(struct sim *sim, size_t a, size_t b)
{
	sim->ifaces[root(sim, (uint32_t)b)].segment = root(sim, (uint32_t)a);
}

static int map_switch(struct sim *sim, size_t n)
{
	const struct scenario *s = sim->scenario;
	const struct scn_node *node = &s->nodes[n];
	struct sim_switch *w = &sim->switches[sim->n_switches];

	w->node = n;
	w->serving = calloc(node->n_ifaces + 1, sizeof(*w->serving));
	if (!w->serving)
		return -ENOMEM;
	for (size_t j = 0; j < node->n_ifaces; j++) {
		size_t port = node->ifaces[j];

		sim->ifaces[port].switch_no = sim->n_switches;
		join(sim, node->ifaces[0], port);
		if (!s->ifaces[s->ifaces[port].peer].client || sim->ifaces[port].struck ||
		    sim->ifaces[s->ifaces[port].peer].intruded)
			w->serving[w->n_serving++] = port;
	}
	sim->n_switches++;
	return 0;
}

static int map_switches(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	int r = 0;

	sim->switches = calloc(s->n_nodes + 1, sizeof(*sim->switches));
	if (!sim->switches)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < s->n_nodes; i++) {
		if (s->nodes[i].kind != SCN_SWITCH)
			continue;
		r = sim->n_switches == NO_SWITCH ? -EINVAL : map_switch(sim, i);
	}

	return r;
}

int link_map(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	int r;

	if (s->n_ifaces >= MAP_NONE)
		return -EINVAL;
	for (size_t i = 0; i < s->n_ifaces; i++) {
		sim->ifaces[i].segment = (uint32_t)i;
		sim->ifaces[i].peer = (uint32_t)s->ifaces[i].peer;
		sim->ifaces[i].switch_no = NO_SWITCH;
		sim->ifaces[i].struck = faults_cover(&sim->faults, i);
	}
	for (size_t i = 0; i < s->n_faults; i++)
		if (scn_fault_sends(s->faults[i].kind))
			sim->ifaces[s->faults[i].iface].intruded = true;

	r = map_switches(sim);
	if (r < 0)
		return r;

	for (size_t i = 0; i < s->n_cables; i++)
		join(sim, s->cables[i].a, s->cables[i].b);
	for (size_t i = 0; i < s->n_ifaces; i++)
		sim->ifaces[i].segment = root(sim, (uint32_t)i);

	return 0;
}
