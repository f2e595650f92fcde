/* SPDX-License-Identifier: MIT */
/* setup.h - from an interface of a scenario to the machine that runs on it. */
#ifndef NODE_SETUP_H
#define NODE_SETUP_H

#include "node/node.h"
#include "scenario/scenario.h"

/**
 * node_client_options() - what the client of an interface is told
 * @iface: an index whose client is on
 * @seed: of the lab; each machine gets one of its own from it and its label
 *
 * UseGateway=no and its sisters take the options off the request list;
 * scn_client.start_delay is the owner's to wait for.
 */
void node_client_options(const struct scenario *s, size_t iface, uint64_t seed,
			 struct dhcp_client_options *ret);
/* The same for an interface whose server is on. */
void node_server_options(const struct scenario *s, size_t iface, uint64_t seed,
			 struct dhcp_server_options *ret);

/*
 * The same for an interface whose relay agent is on: of its whole node, whose
 * links are @ports. Returns the number of the interface's own.
 */
uint8_t node_relay_options(const struct scenario *s, size_t iface, struct dhcp_relay_options *ret,
			   struct node_port ports[static DHCP_RELAY_PORTS_MAX]);

/**
 * node_init() - the machine of an interface, ready for node_start()
 * @iface: an index whose client, server or relay agent is on
 *
 * Return: as node_init_client() and node_init_server()
 */
int node_init(struct node *n, const struct scenario *s, size_t iface, uint64_t seed,
	      const struct node_ops *ops, void *ctx);

#endif
