/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include <netlab/dhcp_message.h>

#include "lab/sockets.h"
#include "sys/fd.h"
#include "sys/packet.h"

static bool is_switch_port(const struct scenario *s, size_t iface)
{
	return s->nodes[s->ifaces[iface].node].kind == SCN_SWITCH;
}

/*
 * A server at the other end of nobody of ours writes down what it takes and sends. Where
 * both ends are ours, what one has sent is in the log before the other reads it.
 */
static bool writes_itself(const struct scenario *s, size_t iface)
{
	const struct scn_iface *i = &s->ifaces[iface];

	return i->server && i->peer != NONE && !scn_has_machine(&s->ifaces[i->peer]) &&
	       !is_switch_port(s, i->peer) && !s->cables[i->cable].wire &&
	       !s->nodes[i->node].is_caller;
}

static enum packet_filter filter_of_machine(const struct scenario *s, size_t iface)
{
	if (s->ifaces[iface].client)
		return PACKET_DHCP_CLIENT;
	return writes_itself(s, iface) ? PACKET_DHCP_SERVER_MARKED : PACKET_DHCP_SERVER;
}

int sockets_open_packet(struct build *b, size_t iface, struct error *err)
{
	const struct scn_iface *i = &b->scenario->ifaces[iface];
	int fd = packet_open(b->home, b->ns[i->node], b->ifindex[iface],
			     filter_of_machine(b->scenario, iface), err);

	return fd < 0 ? error_prefix(err, "packet socket of %s", i->label) : fd;
}

/*
 * The kernel's own half of a machine: it answers ARP-resolved unicasts that
 * the machine wants sent, and keeps the kernel from answering "port
 * unreachable" for a port that is read elsewhere.
 */
static int open_udp(struct build *b, size_t iface, struct error *err)
{
	const struct scn_iface *i = &b->scenario->ifaces[iface];
	uint16_t port = i->client ? DHCP_CLIENT_PORT : DHCP_SERVER_PORT;
	int fd, r;

	fd = udp_open(b->home, b->ns[i->node], i->name, 0, port, err);
	if (fd < 0)
		return error_prefix(err, "UDP socket of %s", i->label);
	r = udp_set_sink(fd, true);
	if (r < 0) {
		fd_close(fd);
		return error_set(err, r, "cannot filter the UDP socket of %s", i->label);
	}
	return fd;
}

/* A relay agent is written to at any of its host's addresses: one socket for all links. */
static int open_relay_udp(struct build *b, size_t iface, struct error *err)
{
	const struct scenario *s = b->scenario;
	size_t node = s->ifaces[iface].node;
	int fd;

	for (size_t k = 0; s->nodes[node].ifaces[k] != iface; k++)
		if (s->ifaces[s->nodes[node].ifaces[k]].relay)
			return -1;

	fd = udp_open(b->home, b->ns[node], NULL, 0, DHCP_SERVER_PORT, err);
	return fd < 0 ? error_prefix(err, "UDP socket of %s", s->nodes[node].name) : fd;
}

static int open_machines(struct build *b, struct lab_sockets *s, struct error *err)
{
	for (size_t i = 0; i < s->n_ifaces; i++) {
		const struct scn_iface *iface = &b->scenario->ifaces[i];

		if (!scn_has_machine(iface))
			continue;
		s->packet[i] = sockets_open_packet(b, i, err);
		if (s->packet[i] < 0)
			return s->packet[i];
		s->udp[i] = iface->relay ? open_relay_udp(b, i, err) : open_udp(b, i, err);
		if (s->udp[i] < 0 && err->code < 0)
			return s->udp[i];
	}
	return 0;
}

static enum packet_filter filter_of(const struct capture_socket *c)
{
	if (c->node != NONE)
		return PACKET_ALL_INGRESS;
	return c->but_server ? PACKET_ALL_BUT_SERVER : PACKET_ALL;
}

static int open_queues(struct build *b, struct capture_socket *c, struct error *err)
{
	if (c->but_server)
		c->queues = packet_watch_queues(b->home, b->ns[b->scenario->ifaces[c->iface].node],
						err);
	return c->but_server ? c->queues : 0;
}

static int add_capture(struct build *b, struct lab_sockets *s, struct capture_socket c,
		       struct error *err)
{
	size_t node = c.node != NONE ? c.node : b->scenario->ifaces[c.iface].node;
	int ifindex = c.node != NONE ? 0 : b->ifindex[c.iface], r;

	c.fd = packet_open(b->home, b->ns[node], ifindex, filter_of(&c), err);
	r = c.fd < 0 ? c.fd : open_queues(b, &c, err);
	if (r < 0) {
		fd_close(c.fd);
		return error_prefix(err, "capture in %s", b->scenario->nodes[node].name);
	}
	s->captures[s->n_captures++] = c;
	return 0;
}

/*
 * Never at the caller's end, whose traffic is not all the lab's; else where one of ours
 * is alone: what it sends is seen there at once, at the other end a moment later.
 */
static struct capture_socket of_cable(const struct scenario *s, size_t cable)
{
	size_t a = s->cables[cable].a, z = s->cables[cable].b;
	const struct scn_iface *i = s->ifaces;
	bool alone = scn_has_machine(&i[z]) && !scn_has_machine(&i[a]);
	bool at_z = s->nodes[i[a].node].is_caller || (alone && !s->nodes[i[z].node].is_caller);

	return (struct capture_socket){
		.node = NONE, .cable = cable, .iface = at_z ? z : a, .queues = -1,
		.but_server = writes_itself(s, at_z ? z : a),
	};
}

/* One socket a switch, which sees what enters each of its ports; one a cable between hosts. */
static int open_captures(struct build *b, struct lab_sockets *s, struct error *err)
{
	const struct scenario *scn = b->scenario;
	cleanup_free size_t *of_switch = calloc(scn->n_nodes + 1, sizeof(*of_switch));
	int r;

	if (!of_switch)
		return error_set(err, -ENOMEM, "out of memory");
	for (size_t n = 0; n < scn->n_nodes; n++) {
		if (scn->nodes[n].kind != SCN_SWITCH)
			continue;
		of_switch[n] = s->n_captures;
		r = add_capture(b, s,
				(struct capture_socket){ .node = n, .cable = NONE, .iface = NONE,
							 .queues = -1 },
				err);
		if (r < 0)
			return r;
	}
	for (size_t c = 0; c < scn->n_cables; c++) {
		size_t a = scn->cables[c].a, z = scn->cables[c].b;

		if (scn->cables[c].wire)
			continue;
		if (is_switch_port(scn, a) || is_switch_port(scn, z)) {
			s->capture_of[c] =
				of_switch[scn->ifaces[is_switch_port(scn, a) ? a : z].node];
			continue;
		}
		s->capture_of[c] = s->n_captures;
		r = add_capture(b, s, of_cable(scn, c), err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Who carries the frames of a wire sees them all: it needs no capture beside. */
static int open_wire(struct build *b, struct lab_sockets *s, struct error *err)
{
	int fd;

	if (b->wires < 0)
		return 0;
	fd = packet_open(b->home, b->wires, 0, PACKET_WIRE, err);
	if (fd < 0)
		return error_prefix(err, "wires");
	s->wire = fd;
	return 0;
}

int sockets_open(struct build *b, struct lab_sockets *ret, struct error *err)
{
	PROFILE_SCOPE(b->profile, PROFILE_SOCKETS);
	const struct scenario *scn = b->scenario;
	struct lab_sockets s = { .n_ifaces = scn->n_ifaces };
	int r;

	s.packet = calloc(scn->n_ifaces + 1, sizeof(*s.packet));
	s.udp = calloc(scn->n_ifaces + 1, sizeof(*s.udp));
	s.captures = calloc(scn->n_nodes + scn->n_cables + 1, sizeof(*s.captures));
	s.capture_of = calloc(scn->n_cables + 1, sizeof(*s.capture_of));
	s.journal = calloc(scn->n_ifaces + 1, sizeof(*s.journal));
	if (!s.packet || !s.udp || !s.journal || !s.captures || !s.capture_of) {
		s.n_ifaces = 0;
		r = error_set(err, -ENOMEM, "out of memory");
	} else {
		for (size_t i = 0; i < s.n_ifaces; i++)
			s.packet[i] = s.udp[i] = s.journal[i][0] = s.journal[i][1] = -1;
		r = open_machines(b, &s, err);
		if (r == 0)
			r = open_captures(b, &s, err);
		if (r == 0)
			r = open_wire(b, &s, err);
	}
	if (r < 0) {
		sockets_done(&s);
		return r;
	}
	*ret = s;
	return 0;
}

void sockets_done(struct lab_sockets *s)
{
	for (size_t i = 0; i < s->n_ifaces; i++) {
		fd_close(s->packet[i]);
		fd_close(s->udp[i]);
		fd_close(s->journal[i][0]);
		fd_close(s->journal[i][1]);
	}
	for (size_t i = 0; i < s->n_captures; i++) {
		fd_close(s->captures[i].fd);
		fd_close(s->captures[i].queues);
	}
	if (s->wire)
		fd_close(s->wire);
	free(s->packet);
	free(s->udp);
	free(s->journal);
	free(s->captures);
	free(s->capture_of);
	*s = (struct lab_sockets){ 0 };
}
