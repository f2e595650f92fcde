/* SPDX-License-Identifier: MIT */
/* server_force.c - FORCERENEW: a client shall renew before its time (RFC 3203, RFC 6704) */
#include <string.h>

#include "dhcp/auth.h"
#include "dhcp/server_internal.h"

/*
 * RFC 3203 section 2: to the client alone. Its replay detection value is the time:
 * more each time, and more than that of the nonce (RFC 6704 section 3.1.3).
 */
static int write_force_renew(const struct dhcp_server *s, const struct server_query *q,
			     const struct dhcp_binding_more *more, struct dhcp_send *ret)
{
	const struct dhcp_binding *b = &q->slot->b;
	struct dhcp_message header = {
		.op = DHCP_OP_REPLY, .type = DHCP_FORCERENEW, .htype = b->htype, .hlen = b->hlen,
		.xid = (uint32_t)q->now, .ciaddr = b->address,
	};
	struct auth auth = { .type = AUTH_DIGEST, .replay = q->now };
	uint8_t value[AUTH_LEN];
	struct dhcp_builder builder;
	int r;

	memcpy(header.chaddr, b->chaddr, sizeof(header.chaddr));
	auth_write(&auth, value);
	r = dhcp_build_begin(&builder, ret->data, sizeof(ret->data), &header);
	if (r == 0)
		r = dhcp_build_put_u32(&builder, DHCP_OPT_SERVER_ID, s->opt.address);
	if (r == 0)
		r = dhcp_build_put(&builder, DHCP_OPT_AUTHENTICATION, value, sizeof(value));
	if (r < 0)
		return r;

	ret->len = (uint16_t)dhcp_build_end(&builder);
	return auth_sign(ret->data, ret->len, more->nonce);
}

static int run_force_renew(struct dhcp_server *s, const struct server_query *q,
			   const struct server_row *row, struct dhcp_actions *out)
{
	struct dhcp_action *a = &out->action[out->n];
	int r;

	*a = (struct dhcp_action){
		.type = DHCP_ACTION_SEND,
		.send = {
			.src_ip = s->opt.address, .src_port = DHCP_SERVER_PORT,
			.dst_ip = q->own, .dst_port = DHCP_CLIENT_PORT,
			.type = DHCP_FORCERENEW,
		},
	};
	r = write_force_renew(s, q, server_more(s, q), &a->send);
	if (r < 0)
		return r;

	out->n++;
	return 1;
}

const struct server_act server_act_force_renew = { "FORCERENEW", run_force_renew };
