/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/prng.h"
#include "node/intruder.h"

#define SPARE_BINDINGS 64
#define OFFER_SEC 60
#define DECLINE_REST_SEC 600

/* "(2 of 3)", or nothing. */
static void describe(const struct intruder *in, const char *what, const char *done, char *ret)
{
	char count[32] = "";

	if (in->fault.kind == SCN_FAULT_ROGUE && in->fault.count)
		snprintf(count, sizeof(count), " (%u of %u)", in->fired, in->fault.count);
	snprintf(ret, FAULT_TEXT_MAX, "%s %s BY FAULT %s%s", what, done, in->fault.name, count);
}

/* What a rogue is about to say, and whom he has heard. */
struct saying {
	struct intruder_frame *out;
	uint8_t asker[6];
};

/* His server machine says something. Who is not to be reached by MAC address has just asked. */
static int rogue_send(void *ctx, struct node *n, const struct dhcp_send *s)
{
	struct saying *to = ctx;
	struct intruder_frame *out = to->out;
	char ip[IP4_LEN];
	int len;

	len = node_frame(n, s, s->to_mac ? s->dst_mac : to->asker, out->data, sizeof(out->data));
	if (len < 0)
		return len;
	out->len = (size_t)len;
	snprintf(out->text, sizeof(out->text), "%s OF SERVER %s", dhcp_type_name(s->type),
		 ip4_format(dhcp_server_options(n->server)->address, ip));
	return 0;
}

static const struct node_ops rogue_ops = { .send = rogue_send };

static void put_option(struct dhcp_server_options *opt, uint8_t code, uint32_t address)
{
	size_t off = 4 * (size_t)opt->n_values;

	store_be32(opt->values + off, address);
	opt->value[opt->n_values++] = (struct dhcp_server_value){
		.code = code, .off = (uint16_t)off, .len = 4,
	};
}

static int init_rogue(struct intruder *in)
{
	const struct scn_iface *iface = &in->scenario->ifaces[in->iface];
	const struct scn_fault *f = &in->fault;
	struct dhcp_server_options opt = {
		.address = f->address,
		.prefix_len = f->prefix_len,
		.first = f->first,
		.last = f->last,
		.default_lease_sec = f->lease_sec,
		.min_lease_sec = f->lease_sec,
		.max_lease_sec = f->lease_sec,
		.offer_sec = OFFER_SEC,
		.decline_sec = DECLINE_REST_SEC,
		.max_bindings = f->last - f->first + 1 + SPARE_BINDINGS,
		.seed = prng_derive(in->scenario->seed, f->name),
	};

	put_option(&opt, DHCP_OPT_ROUTER, f->router);
	put_option(&opt, DHCP_OPT_DNS, f->dns);
	return node_init_server(&in->rogue, iface->label, iface->mac, &opt, &rogue_ops, NULL);
}

static void init_squat(struct intruder *in)
{
	if (in->fault.address)
		in->squat.address[in->squat.n++] = in->fault.address;
	else
		in->squat.left = in->fault.count;
}

int intruder_init(struct intruder *in, const struct scenario *s, const struct scn_fault *f)
{
	*in = (struct intruder){ .scenario = s, .fault = *f, .iface = f->iface };
	starve_init(&in->starve, s, &in->fault);
	if (f->kind == SCN_FAULT_CONFLICT)
		init_squat(in);
	if (f->kind != SCN_FAULT_ROGUE)
		return 0;
	if (init_rogue(in) == 0)
		return 0;
	*in = (struct intruder){ 0 };
	return -ENOMEM;
}

void intruder_done(struct intruder *in)
{
	if (in->rogue.kind == NODE_SERVER)
		node_done(&in->rogue);
	*in = (struct intruder){ 0 };
}

int intruder_copy(const struct intruder *in, struct intruder *ret)
{
	struct intruder copy = *in;
	int r = in->rogue.kind == NODE_SERVER ? node_copy(&in->rogue, &copy.rogue) : 0;

	if (r == 0)
		*ret = copy;
	return r;
}

uint64_t intruder_next(const struct intruder *in)
{
	if (!in->scenario)
		return UINT64_MAX;
	switch (in->fault.kind) {
	case SCN_FAULT_STARVE:
		return in->starve.due;
	case SCN_FAULT_ROGUE:
		return in->begun ? node_next_deadline(&in->rogue) : in->fault.after;
	case SCN_FAULT_CONFLICT:
		return in->begun ? UINT64_MAX : in->fault.after;
	case SCN_FAULT_DROP:
	case SCN_FAULT_DELAY:
	case SCN_FAULT_DUPLICATE:
	case SCN_FAULT_CORRUPT:
	case SCN_FAULT_REORDER:
	case SCN_FAULT_CRASH:
		break;
	}
	return UINT64_MAX;
}

/* He says that he has @address: @op, to @dst (NULL: everyone). */
static void say_arp(const struct intruder *in, uint16_t op, uint32_t address,
		    const struct frame *to, struct intruder_frame *ret)
{
	const uint8_t *mac = in->scenario->ifaces[in->iface].mac;
	struct frame f = { .arp_op = op, .src_ip = address, .dst_ip = to ? to->src_ip : address };

	memcpy(f.src_mac, mac, 6);
	memcpy(f.arp_sender_mac, mac, 6);
	memset(f.dst_mac, 0xff, 6);
	if (to) {
		memcpy(f.dst_mac, to->arp_sender_mac, 6);
		memcpy(f.arp_target_mac, to->arp_sender_mac, 6);
	}
	ret->len = (size_t)frame_encode_arp(&f, ret->data, sizeof(ret->data));
}

/* RFC 5227 section 2.3. */
static void announce(struct intruder *in, uint32_t address, struct intruder_frame *ret)
{
	char what[64], ip[IP4_LEN];

	say_arp(in, ARP_REQUEST, address, NULL, ret);
	snprintf(what, sizeof(what), "%s", ip4_format(address, ip));
	describe(in, what, "TAKEN", ret->text);
}

/* The rogue starts in silence; who has taken a certain address says so. */
static void begin(struct intruder *in, uint64_t now, struct intruder_frame *ret)
{
	in->begun = true;
	if (in->fault.kind == SCN_FAULT_ROGUE) {
		node_start(&in->rogue, now);	/* he has nothing to say yet */
	} else if (in->squat.n > 0) {
		announce(in, in->squat.address[0], ret);
	}
}

void intruder_due(struct intruder *in, uint64_t now, struct intruder_frame *ret)
{
	ret->len = 0;
	ret->text[0] = '\0';
	if (in->fault.kind == SCN_FAULT_STARVE) {
		ret->len = starve_ask(&in->starve, ret->data);
		in->fired++;
	} else if (!in->begun) {
		begin(in, now, ret);
	} else {
		node_deadline(&in->rogue, now);		/* leases end without a word */
	}
}

static bool is_used(const struct squat *q, uint32_t address)
{
	for (uint32_t i = 0; i < q->n; i++)
		if (q->address[i] == address)
			return true;
	return false;
}

/* A client's REQUEST goes to everyone: the address that it was offered stands in option 50. */
static uint32_t requested(const struct frame *f)
{
	struct dhcp_message m;
	uint32_t address;

	if (f->kind != FRAME_UDP || f->dst_port != DHCP_SERVER_PORT ||
	    dhcp_message_decode(f->payload, f->payload_len, &m, NULL, NULL) < 0 ||
	    m.type != DHCP_REQUEST ||
	    dhcp_message_get_u32(&m, DHCP_OPT_REQUESTED_ADDRESS, &address) < 0)
		return 0;
	return address;
}

/* RFC 5227 section 2.1.1: a probe's sender has no address yet. */
static uint32_t probed(const struct frame *f)
{
	return f->kind == FRAME_ARP && f->arp_op == ARP_REQUEST && f->src_ip == 0 ? f->dst_ip : 0;
}

static void squat_hear(struct intruder *in, const struct frame *f, struct intruder_frame *ret)
{
	uint32_t wanted = f->kind == FRAME_ARP ? probed(f) : requested(f);
	struct squat *q = &in->squat;
	char what[64], ip[IP4_LEN];

	if (wanted && q->left > 0 && !is_used(q, wanted)) {
		q->address[q->n++] = wanted;
		q->left--;
		if (f->kind != FRAME_ARP) {
			announce(in, wanted, ret);
			return;
		}
	}
	if (f->kind != FRAME_ARP || f->arp_op != ARP_REQUEST || !is_used(q, f->dst_ip))
		return;
	in->fired++;
	say_arp(in, ARP_REPLY, f->dst_ip, f, ret);
	snprintf(what, sizeof(what), "ARP FOR %s", ip4_format(f->dst_ip, ip));
	describe(in, what, "ANSWERED", ret->text);
}

static void rogue_hear(struct intruder *in, uint64_t now, const struct frame *f, const void *data,
		       size_t len, struct intruder_frame *ret)
{
	struct saying saying = { .out = ret };
	char what[FAULT_TEXT_MAX / 2];

	if (f->kind == FRAME_ARP) {
		if (f->arp_op == ARP_REQUEST && f->dst_ip == in->fault.address)
			say_arp(in, ARP_REPLY, f->dst_ip, f, ret);
		return;
	}
	if (in->fault.count && in->fired >= in->fault.count)
		return;
	if (!in->begun)		/* a frame of the very moment came before his timer */
		begin(in, now, ret);
	memcpy(saying.asker, f->src_mac, sizeof(saying.asker));
	in->rogue.ctx = &saying;
	node_rx_frame(&in->rogue, now, data, len, true);
	in->rogue.ctx = NULL;
	if (ret->len == 0)
		return;
	in->fired++;
	str_copy(what, sizeof(what), ret->text);
	describe(in, what, "SENT", ret->text);
}

void intruder_hear(struct intruder *in, uint64_t now, const void *data, size_t len,
		   struct intruder_frame *ret)
{
	struct frame f;

	ret->len = 0;
	ret->text[0] = '\0';
	if (!in->scenario)
		return;
	if (in->fault.kind == SCN_FAULT_STARVE) {
		ret->len = starve_answer(&in->starve, data, len, ret->data);
		return;
	}
	if (now < in->fault.after || frame_decode(data, len, true, &f) < 0 ||
	    memcmp(f.src_mac, in->scenario->ifaces[in->iface].mac, 6) == 0)
		return;
	if (in->fault.kind == SCN_FAULT_CONFLICT)
		squat_hear(in, &f, ret);
	else
		rogue_hear(in, now, &f, data, len, ret);
}

uint32_t intruder_address(const struct intruder *in)
{
	return in->scenario && in->fault.kind == SCN_FAULT_ROGUE ? in->fault.address : 0;
}
