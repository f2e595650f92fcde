/* SPDX-License-Identifier: MIT */
/* client_take.c - an ACK becomes the client's lease: times, parameters, nonce. */
#include <string.h>

#include "base/prng.h"
#include "dhcp/auth.h"
#include "dhcp/client.h"
#include "dhcp/client_lease.h"
#include "dhcp/domain.h"

void client_note(const struct dhcp_client *c, struct dhcp_actions *out, const char *why,
		 const char *rfc)
{
	client_action(out, DHCP_ACTION_NOTE)->note = (struct dhcp_note){
		.reason = { why, rfc },
		.address = c->lease.address,
	};
}

uint32_t client_server_of(const struct dhcp_event *ev)
{
	uint32_t id;

	return dhcp_message_get_u32(ev->rx.msg, DHCP_OPT_SERVER_ID, &id) < 0 ? 0 : id;
}

/*
 * RFC 2131 section 4.4.5: T1 and T2 get some random fuzz, so that clients that
 * came up together do not renew together; under 1 %, and not where the server chose.
 */
static void fuzz(struct dhcp_client *c, struct lease_times *t)
{
	uint64_t span = t->lease / 256;

	if (!t->is_default || t->lease == DHCP_NEVER)
		return;
	t->t1 = t->t1 - span + prng_below(&c->prng, 2 * span + 1);
	t->t2 = t->t2 - span + prng_below(&c->prng, 2 * span + 1);
}

static uint32_t to_seconds(uint64_t us)
{
	return us == DHCP_NEVER ? DHCP_INFINITY : us / DHCP_SECOND;
}

static uint64_t from_request(const struct dhcp_client *c, uint64_t us)
{
	return us == DHCP_NEVER ? DHCP_NEVER : c->request_sent + us;
}

static void take_times(struct dhcp_client *c, const struct dhcp_message *m,
		       struct dhcp_actions *out)
{
	struct lease_times t;
	bool bad;

	lease_times_read(m, &t, &bad);
	fuzz(c, &t);
	c->t1 = from_request(c, t.t1);
	c->t2 = from_request(c, t.t2);
	c->expires = from_request(c, t.lease);
	c->lease.lease_sec = to_seconds(t.lease);
	c->lease.t1_sec = to_seconds(t.t1);
	c->lease.t2_sec = to_seconds(t.t2);
	c->lease.expires = c->expires;

	if (bad)
		client_note(c, out,
		     "the server's T1 and T2 do not fit the lease: the usual fractions hold",
		     RFC2131("4.4.5"));
}

/* RFC 6704 section 3.1.4: recorded from any ACK; a renewal may leave it out, and it stays. */
void client_take_nonce(struct dhcp_client *c, const struct dhcp_message *m)
{
	struct auth a;

	if (!c->opt.force_renew || !client_read_auth(m, &a) || a.type != AUTH_NONCE)
		return;
	memcpy(c->nonce, a.value, sizeof(c->nonce));
	c->replay = a.replay;
	c->has_nonce = true;
}

/* RFC 4702 section 4: who tells the DNS is the server's word. */
static const char *fqdn_answer(const struct dhcp_message *m)
{
	size_t len;
	const uint8_t *value = dhcp_message_get(m, DHCP_OPT_FQDN, &len);

	if (!value)
		return "the server has no answer to our full name: who tells the DNS is open";
	if (value[0] & FQDN_S)
		return value[0] & FQDN_O ? "the server tells the DNS of our name, unasked"
					 : "the server tells the DNS of our name, as asked";
	if (value[0] & FQDN_N)
		return "the server tells the DNS nothing of our name";
	return value[0] & FQDN_O ? "the server leaves it to us to tell the DNS of our name"
				 : "we may tell the DNS of our name, as asked";
}

_Static_assert(DHCP_ROUTES_MAX == 16, "the words below say how many");

void client_take_parameters(struct dhcp_client *c, const struct dhcp_message *m,
			    struct dhcp_actions *out)
{
	if (!lease_parameters(m, &c->lease) && !c->configured)
		client_note(c, out,
			    "the server sent more routes than have room: the first 16 count",
			    "RFC 3442 page 5");
}

void client_take_lease(struct dhcp_client *c, const struct dhcp_event *ev,
		       struct dhcp_actions *out)
{
	c->lease = (struct dhcp_config){
		.address = ev->rx.msg->yiaddr,
		.server_id = client_server_of(ev),
	};
	client_take_parameters(c, ev->rx.msg, out);
	take_times(c, ev->rx.msg, out);
	client_take_nonce(c, ev->rx.msg);
	if (c->opt.fqdn != DHCP_FQDN_NO && !c->configured)
		client_note(c, out, fqdn_answer(ev->rx.msg), "RFC 4702 section 4");
}
