/* SPDX-License-Identifier: MIT */
/*
 * node_act.c - actions out, through node_ops, and what the log says of them.
 */
#include <stdio.h>
#include <string.h>

#include "node/machine.h"

#define SENTENCE 240

/* The receiver borrows the event, so it borrows the words too. */
static void tell(struct node *n, struct trace_event *e, const char *text, const char *rfc)
{
	if (!e->at[0])
		str_copy(e->at, sizeof(e->at), n->label);
	e->text = (char *)text;
	e->rfc = (char *)rfc;
	if (n->ops->event)
		n->ops->event(n->ctx, n, e);
}

/* By what makes a client one of the class: its user's word, its vendor's, or its enterprise. */
static void set_class(const struct node *n, uint8_t number, struct trace_facts *f)
{
	const struct dhcp_server_class *c;

	if (!number)
		return;
	c = &dhcp_server_options(n->server)->class[number - 1];
	if (c->user_len)
		snprintf(f->class, sizeof(f->class), "%.*s", c->user_len, (const char *)c->user);
	else if (c->vendor_len)
		snprintf(f->class, sizeof(f->class), "%.*s%s", c->vendor_len,
			 (const char *)c->vendor, c->vendor_is_prefix ? "*" : "");
	else
		snprintf(f->class, sizeof(f->class), "enterprise %u", c->enterprise);
}

static void set_facts(const struct node *n, struct trace_event *e, uint64_t now,
		      const struct dhcp_facts *f)
{
	bool is_known = f->pool_next != DHCP_NEVER && f->pool_next > now;

	e->facts = (struct trace_facts){
		.has_client = f->has_client,
		.address = f->address,
		.pool_first = f->pool_first,
		.pool_last = f->pool_last,
		.pool_size = f->pool_size,
		.pool_held = f->pool_held,
		.pool_resting = f->pool_resting,
		.pool_next_sec = is_known ? (f->pool_next - now + DHCP_SECOND - 1) / DHCP_SECOND
					  : 0,
	};
	memcpy(e->facts.client, f->chaddr, sizeof(e->facts.client));
	set_class(n, f->class, &e->facts);
}

/* One step that was taken, while it is told. */
struct telling {
	struct node *n;
	uint64_t now;
	const struct dhcp_actions *out;
	bool is_link_local;	/* of the machine beside the client */
};

static const char *state_name(const struct telling *t, uint8_t state)
{
	if (t->is_link_local)
		return linklocal_state_name(state);
	switch (t->n->kind) {
	case NODE_CLIENT:
		return dhcp_client_state_name(state);
	case NODE_SERVER:
		return dhcp_binding_state_name(state);
	case NODE_RELAY:
		break;
	}
	return dhcp_relay_state_name(state);
}

static void tell_state(const struct telling *t, uint8_t from, uint8_t to, const char *why,
		       const char *rfc, const struct dhcp_facts *facts)
{
	struct node *n = t->n;
	struct trace_event e;

	if (!n->ops->event)
		return;
	e = (struct trace_event){ .kind = TRACE_STATE };
	set_facts(n, &e, t->now, facts);
	/* A relay agent speaks of the client's link, whichever the message came by. */
	if (n->kind == NODE_RELAY && t->out->n > 0)
		str_copy(e.at, sizeof(e.at), n->relay->port[t->out->action[0].send.port].label);
	str_copy(e.machine, sizeof(e.machine),
		 t->is_link_local ? "link-local" : machine_name(n));
	str_copy(e.from, sizeof(e.from), state_name(t, from));
	str_copy(e.to, sizeof(e.to), state_name(t, to));
	tell(n, &e, why, rfc);
}

static void tell_note(const struct telling *t, uint8_t from, const struct dhcp_note *note)
{
	/* The end of one lease; the facts are of the last, where one step ends many. */
	const struct dhcp_facts only_address = { .address = note->address };
	const struct dhcp_facts *of_step = &t->out->facts;
	char text[SENTENCE + IP4_LEN], ip[IP4_LEN];

	if (!t->n->ops->event)
		return;
	if (note->address)
		snprintf(text, sizeof(text), "%s: %s", ip4_format(note->address, ip),
			 note->reason.why);
	else
		str_copy(text, sizeof(text), note->reason.why);
	tell_state(t, from, t->out->to, text, note->reason.rfc,
		   of_step->address == note->address ? of_step : &only_address);
}

void machine_tell(struct node *n, const char *text, const char *rfc)
{
	struct trace_event e = { .kind = TRACE_LAB };

	tell(n, &e, text, rfc);
}

void machine_tell_drop(struct node *n, uint64_t now, uint8_t type,
		       const struct dhcp_reason *reason, const struct dhcp_facts *facts)
{
	struct trace_event e = { .kind = TRACE_DROP, .message = type };

	if (facts)
		set_facts(n, &e, now, facts);
	str_copy(e.machine, sizeof(e.machine), machine_name(n));
	tell(n, &e, reason->why, reason->rfc);
}

void machine_tell_refusal(struct node *n, const struct dhcp_reason *reason)
{
	char text[SENTENCE];

	snprintf(text, sizeof(text), "the %s is asked in vain: %s", machine_name(n), reason->why);
	machine_tell(n, text, reason->rfc);
}

void machine_tell_failure(struct node *n, const char *what, int err)
{
	char text[SENTENCE];

	snprintf(text, sizeof(text), "%s: the %s can not %s: %s", n->label, machine_name(n), what,
		 strerror(-err));
	machine_tell(n, text, NULL);
}

int node_frame(struct node *n, const struct dhcp_send *s, const uint8_t dst_mac[static 6],
	       void *out, size_t size)
{
	struct frame f = {
		.src_ip = s->src_ip,
		.dst_ip = s->dst_ip,
		.src_port = s->src_port,
		.dst_port = s->dst_port,
		.payload = s->data,
		.payload_len = s->len,
		.no_checksum = n->ops->no_checksums,
	};

	memcpy(f.src_mac, n->kind == NODE_RELAY ? n->relay->port[s->port].mac : n->mac,
	       sizeof(f.src_mac));
	memcpy(f.dst_mac, dst_mac, sizeof(f.dst_mac));
	return frame_encode_udp(&f, n->ip_id++, out, size);
}

static int ask_by_arp(struct node *n, uint32_t sender, uint32_t target)
{
	struct frame f = { .arp_op = ARP_REQUEST, .src_ip = sender, .dst_ip = target };
	uint8_t frame[FRAME_ARP_LEN];
	int len;

	memcpy(f.src_mac, n->mac, sizeof(f.src_mac));
	memset(f.dst_mac, 0xff, sizeof(f.dst_mac));
	memcpy(f.arp_sender_mac, n->mac, sizeof(f.arp_sender_mac));
	len = frame_encode_arp(&f, frame, sizeof(frame));
	if (len < 0)
		return len;

	return n->ops->send_frame(n->ctx, n, frame, (size_t)len);
}

/* RFC 5227 section 2.1.1: a request for @address whose sender has none. */
static int probe(struct node *n, uint32_t address)
{
	return ask_by_arp(n, 0, address);
}

/* RFC 5227 section 2.3: the same, but sender and target have the address. */
static int announce(struct node *n, uint32_t address)
{
	return ask_by_arp(n, address, address);
}

static int configure(const struct telling *t, const struct dhcp_config *config)
{
	struct dhcp_config c = *config;
	struct node *n = t->n;

	if (t->is_link_local)
		return n->ops->link_local(n->ctx, n, config, true);

	if (n->ignore & NODE_IGNORE_GATEWAY)
		c.n_routers = 0;
	if (n->ignore & NODE_IGNORE_DNS)
		c.n_dns = 0;
	if (n->ignore & NODE_IGNORE_ROUTES)
		c.n_routes = 0;
	if (n->ignore & NODE_IGNORE_MTU)
		c.mtu = 0;
	return n->ops->configure(n->ctx, n, &c);
}

static int deconfigure(const struct telling *t, const struct dhcp_config *c)
{
	struct node *n = t->n;

	if (t->is_link_local)
		return n->ops->link_local(n->ctx, n, c, false);
	return n->ops->deconfigure(n->ctx, n, c);
}

static const char *const action_names[] = {
	[DHCP_ACTION_SEND] = "send a message",
	[DHCP_ACTION_CONFIGURE] = "put its address on the interface",
	[DHCP_ACTION_DECONFIGURE] = "take its address off the interface",
	[DHCP_ACTION_PROBE] = "probe for its address",
	[DHCP_ACTION_ANNOUNCE] = "announce its address",
	[DHCP_ACTION_NOTE] = "note",
	[DHCP_ACTION_COMMIT] = "put the binding on record: no ACK is sent",
};

static int act(const struct telling *t, const struct dhcp_action *a)
{
	struct node *n = t->n;

	switch (a->type) {
	case DHCP_ACTION_SEND:
		return n->ops->send(n->ctx, n, &a->send);
	case DHCP_ACTION_CONFIGURE:
		return configure(t, &a->config);
	case DHCP_ACTION_DECONFIGURE:
		return deconfigure(t, &a->config);
	case DHCP_ACTION_PROBE:
		return probe(n, a->probe);
	case DHCP_ACTION_ANNOUNCE:
		return announce(n, a->announce);
	case DHCP_ACTION_NOTE:
		tell_note(t, t->out->to, &a->note);
		return 0;
	case DHCP_ACTION_COMMIT:
		return n->persist ? machine_commit(n, &a->commit, &a->more) : 0;
	}

	return 0;
}

/* A note with the transition's own reason adds only the address: one line for both. */
static bool notes_the_change(const struct dhcp_actions *out)
{
	return out->n > 0 && out->action[0].type == DHCP_ACTION_NOTE &&
	       out->from != out->to && out->action[0].note.reason.why == out->reason.why;
}

/*
 * A server that answers and goes on as it was has made a decision too: NAK, or one
 * more ACK. So has a relay agent that passes a message on.
 */
static bool is_answer(const struct node *n, const struct dhcp_actions *out)
{
	for (unsigned int i = 0; n->kind != NODE_CLIENT && i < out->n; i++)
		if (out->action[i].type == DHCP_ACTION_SEND)
			return true;

	return false;
}

static bool has_note(const struct dhcp_actions *out)
{
	for (unsigned int i = 0; i < out->n; i++)
		if (out->action[i].type == DHCP_ACTION_NOTE)
			return true;

	return false;
}

/* A client's timer, or its user, may bring more of the same: that has its reason too. */
static bool is_worth_telling(const struct telling *t)
{
	const struct dhcp_actions *out = t->out;

	return out->from != out->to || is_answer(t->n, out) ||
	       (t->n->kind == NODE_CLIENT && !has_note(out));
}

static void carry_out(const struct telling *t)
{
	const struct dhcp_actions *out = t->out;
	bool noted = notes_the_change(out), unrecorded = false;
	struct node *n = t->n;

	if (noted)
		tell_note(t, out->from, &out->action[0].note);
	else if (is_worth_telling(t))
		tell_state(t, out->from, out->to, out->reason.why, out->reason.rfc, &out->facts);

	for (unsigned int i = noted; i < out->n; i++) {
		const struct dhcp_action *a = &out->action[i];
		int r;

		/* RFC 2131 section 3.1: first the commit to persistent storage, then the ACK. */
		if (unrecorded && a->type == DHCP_ACTION_SEND && node_is_promise(&a->send))
			continue;
		r = act(t, a);
		if (r < 0)
			machine_tell_failure(n, action_names[a->type], r);
		unrecorded |= r < 0 && a->type == DHCP_ACTION_COMMIT;
	}
}

void machine_act(struct node *n, uint64_t now, const struct dhcp_actions *out)
{
	carry_out(&(struct telling){ .n = n, .now = now, .out = out });
}

void machine_act_link_local(struct node *n, uint64_t now, const struct dhcp_actions *out)
{
	carry_out(&(struct telling){ .n = n, .now = now, .out = out, .is_link_local = true });
}
