/* SPDX-License-Identifier: MIT */
/*
 * sockets.h - every socket of a lab's machines and captures, opened inside the
 * namespaces by the monitor, used from outside by the agent.
 */
#ifndef LAB_SOCKETS_H
#define LAB_SOCKETS_H

#include "lab/build.h"

/**
 * struct capture_socket - one socket that sees one cable, or all ports of a switch
 * @node: the switch, or NONE
 * @cable: the cable, or NONE for a switch
 * @iface: the end that it listens at, for a cable
 * @but_server: it leaves out what a server's own socket at that end takes and sends:
 *	that is written down by who reads and sends it there
 * @queues: of such a one: packet_watch_queues(); else -1
 */
struct capture_socket {
	int fd, queues;
	size_t node, cable, iface;
	bool but_server;
};

/**
 * struct lab_sockets
 * @packet: @udp: per interface of the scenario; -1 where no machine runs, and @udp
 *	at all links of a relay agent but its first
 * @journal: per interface: a server's lease file, and the one that it is written anew
 *	into; -1: none
 * @capture_of: per cable: index into @captures; of a wire it means nothing
 * @wire: sees what enters all wires, and sends into them; 0: there are none
 */
struct lab_sockets {
	size_t n_ifaces, n_captures;
	int *packet, *udp, (*journal)[2];
	struct capture_socket *captures;
	size_t *capture_of;
	int wire;
};

int sockets_open(struct build *b, struct lab_sockets *ret, struct error *err);
/* The packet socket of a machine, opened anew. Descriptor or -errno. */
int sockets_open_packet(struct build *b, size_t iface, struct error *err);
/* Closes this process's copies and frees the arrays. */
void sockets_done(struct lab_sockets *s);

#endif
