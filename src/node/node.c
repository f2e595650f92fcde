/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "node/machine.h"

int node_init_client(struct node *n, const char *label, const struct dhcp_client_options *opt,
		     const struct node_ops *ops, void *ctx)
{
	struct node new = { .kind = NODE_CLIENT, .ops = ops, .ctx = ctx };
	int r;

	r = dhcp_client_init(&new.client, opt);
	if (r < 0)
		return r;

	new.label = label;
	memcpy(new.mac, opt->mac, sizeof(new.mac));
	*n = new;
	return 0;
}

int node_init_server(struct node *n, const char *label, const uint8_t mac[static 6],
		     const struct dhcp_server_options *opt, const struct node_ops *ops, void *ctx)
{
	struct node new = { .kind = NODE_SERVER, .ops = ops, .ctx = ctx };
	size_t size = dhcp_server_size(opt);
	cleanup_free void *mem = NULL;
	int r;

	if (!size)
		return -EINVAL;
	mem = malloc(size);
	if (!mem)
		return -ENOMEM;
	r = dhcp_server_init(mem, opt, &new.server);
	if (r < 0)
		return r;

	new.label = label;
	memcpy(new.mac, mac, sizeof(new.mac));
	*n = new;
	mem = NULL;	/* n->server owns it now */
	return 0;
}

int node_remember(struct node *n, uint32_t address)
{
	struct dhcp_client_options opt = n->client.opt;

	opt.reboot_address = address;
	return dhcp_client_init(&n->client, &opt);
}

int node_init_relay(struct node *n, const struct node_port *ports, uint8_t port,
		    const struct dhcp_relay_options *opt, const struct node_ops *ops, void *ctx)
{
	struct node new = { .kind = NODE_RELAY, .port = port, .ops = ops, .ctx = ctx };
	cleanup_free struct node_relay *relay = calloc(1, sizeof(*relay));
	int r;

	if (!relay)
		return -ENOMEM;
	r = dhcp_relay_init(&relay->machine, opt);
	if (r < 0)
		return r;

	memcpy(relay->port, ports, opt->n_ports * sizeof(*ports));
	new.label = relay->port[port].label;
	memcpy(new.mac, ports[port].mac, sizeof(new.mac));
	new.relay = TAKE_PTR(relay);
	*n = new;
	return 0;
}

int node_copy(const struct node *n, struct node *ret)
{
	const void *owned = n->kind == NODE_SERVER ? (const void *)n->server : n->relay;
	size_t size = n->kind == NODE_SERVER ? dhcp_server_bytes(n->server) : sizeof(*n->relay);
	struct node copy = *n;
	void *mem;

	if (n->kind == NODE_CLIENT) {
		*ret = copy;
		return 0;
	}
	mem = malloc(size);
	if (!mem)
		return -ENOMEM;
	memcpy(mem, owned, size);
	if (n->kind == NODE_SERVER) {
		copy.server = mem;
	} else {
		copy.relay = mem;
		copy.label = copy.relay->port[n->port].label;	/* not the original's, who may go */
	}
	*ret = copy;
	return 0;
}

void node_done(struct node *n)
{
	if (n->kind == NODE_RELAY) {
		free(n->relay);
		n->relay = NULL;
	}
	if (n->kind == NODE_SERVER) {
		free(n->server);
		n->server = NULL;
	}
}

uint64_t node_next_deadline(const struct node *n)
{
	if (n->off)
		return DHCP_NEVER;
	switch (n->kind) {
	case NODE_CLIENT:
		return min_u64(n->client.deadline, link_local_next_deadline(n));
	case NODE_SERVER:
		return dhcp_server_deadline(n->server);
	case NODE_RELAY:
		break;
	}
	return DHCP_NEVER;
}

void machine_fit(struct node *n)
{
	size_t size = dhcp_server_wants(n->server);
	void *mem = size ? malloc(size) : NULL;
	struct dhcp_server *old = n->server;

	if (!mem)
		return;
	n->server = dhcp_server_move(mem, old);
	free(old);
}

static int step(struct node *n, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	if (n->kind == NODE_CLIENT)
		return dhcp_client_step(&n->client, ev, out);
	if (n->kind == NODE_RELAY)
		return dhcp_relay_step(&n->relay->machine, ev, out);

	machine_fit(n);
	return dhcp_server_step(n->server, ev, out);
}

/* Somebody waits for it: to be told, if nothing is done. */
static bool is_wish(const struct node *n, const struct dhcp_event *ev)
{
	switch (ev->type) {
	case DHCP_EVENT_START:
	case DHCP_EVENT_STOP:
		return n->kind == NODE_CLIENT;
	case DHCP_EVENT_COMMAND:
		return ev->command != DHCP_COMMAND_LINK_UP;
	case DHCP_EVENT_RX:
	case DHCP_EVENT_DEADLINE:
	case DHCP_EVENT_CONFLICT:
		break;
	}
	return false;
}

int machine_step(struct node *n, const struct dhcp_event *ev)
{
	struct dhcp_actions out;
	int r;

	r = step(n, ev, &out);
	if (r >= 0 && n->kind == NODE_CLIENT)
		link_local_give_way(n, ev, &out);
	if (r < 0)
		machine_tell_failure(n, "go on", r);
	else if (r > 0)
		machine_act(n, ev->now, &out);
	else if (ev->type == DHCP_EVENT_RX)
		machine_tell_drop(n, ev->now, ev->rx.msg->type, &out.reason, &out.facts);
	else if (is_wish(n, ev))
		machine_tell_refusal(n, &out.reason);
	else if (ev->type == DHCP_EVENT_CONFLICT && n->kind == NODE_CLIENT)
		machine_tell(n, out.reason.why, out.reason.rfc);
	if (r > 0 && n->kind == NODE_CLIENT)
		link_local_follow(n, ev);

	return r;
}

int node_start(struct node *n, uint64_t now)
{
	if (n->off)
		return machine_start_again(n, now);
	return machine_step(n, &(struct dhcp_event){ .type = DHCP_EVENT_START, .now = now });
}

int node_stop(struct node *n, uint64_t now)
{
	if (n->off)
		return 0;
	if (n->kind == NODE_SERVER)
		return machine_stop_server(n);
	return machine_step(n, &(struct dhcp_event){ .type = DHCP_EVENT_STOP, .now = now });
}

int node_deadline(struct node *n, uint64_t now)
{
	bool for_client = n->kind != NODE_CLIENT || n->client.deadline <= now;
	int r = 0;

	if (n->off)
		return 0;
	if (n->kind == NODE_CLIENT)
		r = link_local_deadline(n, now);
	if (r > 0 && !for_client)
		return r;
	return machine_step(n, &(struct dhcp_event){ .type = DHCP_EVENT_DEADLINE, .now = now });
}

int node_command(struct node *n, uint64_t now, enum dhcp_command command)
{
	static const struct dhcp_reason off = { "it has crashed, and has to be started", NULL };
	struct dhcp_event ev = { .type = DHCP_EVENT_COMMAND, .now = now, .command = command };

	if (n->off) {
		machine_tell_refusal(n, &off);
		return 0;
	}
	return machine_step(n, &ev);
}

/* Every client that holds a lease of this server's, and can be told. */
static int force_renew(struct node *n, uint64_t now)
{
	static const struct dhcp_reason client = {
		"only a server sends a FORCERENEW", "RFC 3203 section 2"
	};
	static const struct dhcp_reason off = { "the server does not run", NULL };
	static const struct dhcp_reason nobody = { "nobody has a lease", NULL };
	const struct dhcp_binding *b;
	bool leased = false, taken = false;

	if (n->kind != NODE_SERVER || n->off) {
		machine_tell_refusal(n, n->off ? &off : &client);
		return 0;
	}
	for (size_t i = 0; (b = dhcp_server_binding(n->server, i)); i++) {
		struct dhcp_event ev = {
			.type = DHCP_EVENT_COMMAND, .now = now,
			.command = DHCP_COMMAND_FORCERENEW, .address = b->address,
		};

		if (b->state != DHCP_BINDING_ACTIVE)
			continue;
		leased = true;
		taken |= machine_step(n, &ev) > 0;	/* it changes no binding */
	}
	if (!leased)
		machine_tell_refusal(n, &nobody);
	return taken;
}

int node_action(struct node *n, uint64_t now, enum scn_action action)
{
	switch (action) {
	case SCN_RENEW:
		return node_command(n, now, DHCP_COMMAND_RENEW);
	case SCN_REBIND:
		return node_command(n, now, DHCP_COMMAND_REBIND);
	case SCN_RELEASE:
		return node_command(n, now, DHCP_COMMAND_RELEASE);
	case SCN_DECLINE:
		return node_command(n, now, DHCP_COMMAND_DECLINE);
	case SCN_INFORM:
		return node_command(n, now, DHCP_COMMAND_INFORM);
	case SCN_REBOOT:
		return node_command(n, now, DHCP_COMMAND_RESTART);
	case SCN_STOP:
		return node_stop(n, now);
	case SCN_START:
		return node_start(n, now);
	case SCN_CRASH:
		return node_crash(n, now);
	case SCN_FORCERENEW:
		return force_renew(n, now);
	case SCN_LINK_DOWN:
	case SCN_LINK_UP:
	case SCN_MOVE:
		break;
	}
	return -EINVAL;
}

const char *node_state(const struct node *n)
{
	return n->kind == NODE_CLIENT ? dhcp_client_state_name(n->client.state) : "";
}

const char *machine_name(const struct node *n)
{
	switch (n->kind) {
	case NODE_CLIENT:
		return "client";
	case NODE_SERVER:
		return "server";
	case NODE_RELAY:
		break;
	}
	return "relay";
}
