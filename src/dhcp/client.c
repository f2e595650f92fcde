/* SPDX-License-Identifier: MIT */
#include "dhcp/client.h"

#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "base/prng.h"

static bool is_mac_usable(const uint8_t mac[static 6])
{
	static const uint8_t none[6];

	return !(mac[0] & 1) && memcmp(mac, none, sizeof(none)) != 0;
}

static bool is_request_list_usable(const struct dhcp_client_options *opt)
{
	if (opt->n_request > DHCP_CLIENT_REQUEST_MAX)
		return false;
	for (size_t i = 0; i < opt->n_request; i++) {
		if (opt->request[i] == DHCP_OPT_PAD || opt->request[i] == DHCP_OPT_END ||
		    opt->request[i] == DHCP_OPT_RAPID_COMMIT)	/* RFC 4039 section 3 */
			return false;
	}
	return true;
}

/*
 * What the client writes itself, or nobody may send. Option 82 is for relay agents:
 * a client that sends it lies, which a user may want to see caught (RFC 3046 section 2.1).
 */
static bool is_own_option(uint8_t code)
{
	static const uint8_t own[] = {
		DHCP_OPT_PAD, DHCP_OPT_HOST_NAME, DHCP_OPT_REQUESTED_ADDRESS, DHCP_OPT_OVERLOAD,
		DHCP_OPT_MESSAGE_TYPE, DHCP_OPT_SERVER_ID, DHCP_OPT_PARAMETER_LIST,
		DHCP_OPT_MESSAGE, DHCP_OPT_MAX_SIZE, DHCP_OPT_CLIENT_ID, DHCP_OPT_RAPID_COMMIT,
		DHCP_OPT_FQDN, DHCP_OPT_AUTHENTICATION, DHCP_OPT_AUTO_CONFIGURE,
		DHCP_OPT_FORCERENEW_NONCE, DHCP_OPT_END,
	};

	return memchr(own, code, sizeof(own));
}

static bool are_sent_options_usable(const struct dhcp_client_options *opt)
{
	size_t pos = 0;

	if (opt->n_send > sizeof(opt->send))
		return false;
	while (pos + 2 <= opt->n_send && !is_own_option(opt->send[pos]))
		pos += 2u + opt->send[pos + 1];
	return pos == opt->n_send;
}

static bool are_servers_usable(const struct dhcp_client_options *opt)
{
	if (opt->n_servers > DHCP_CLIENT_SERVERS_MAX)
		return false;
	for (size_t i = 0; i < opt->n_servers; i++) {
		if (opt->servers[i].len > 32)
			return false;
	}
	return true;
}

static bool is_usable(const struct dhcp_client_options *opt)
{
	/* RFC 2132 section 9.14: two bytes at least */
	if (opt->client_id_len == 1 || opt->client_id_len > DHCP_CLIENT_ID_MAX)
		return false;
	if (!memchr(opt->host_name, '\0', sizeof(opt->host_name)))
		return false;
	if (opt->reboot_address && !ip4_is_host(opt->reboot_address))
		return false;
	if (opt->init_delay > UINT32_MAX * DHCP_SECOND)
		return false;
	if (opt->conflict_wait > UINT32_MAX * DHCP_SECOND)
		return false;
	if (opt->collect > UINT32_MAX * DHCP_SECOND)
		return false;
	if (!are_sent_options_usable(opt) || !are_servers_usable(opt))
		return false;
	return is_mac_usable(opt->mac) && is_request_list_usable(opt);
}

int dhcp_client_init(struct dhcp_client *c, const struct dhcp_client_options *opt)
{
	char mac[MAC_LEN];

	if (!is_usable(opt))
		return -EINVAL;

	memset(c, 0, sizeof(*c));
	c->opt = *opt;
	c->prng = prng_derive(opt->seed, mac_format(opt->mac, mac));
	c->state = DHCP_CLIENT_INIT;
	c->deadline = c->t1 = c->t2 = c->expires = DHCP_NEVER;
	if (opt->reboot_address) {
		c->state = DHCP_CLIENT_INIT_REBOOT;
		c->last_address = opt->reboot_address;
		c->reboot_until = DHCP_NEVER;
	}
	return 0;
}

static int command_trigger(enum dhcp_command command)
{
	switch (command) {
	case DHCP_COMMAND_RELEASE:
		return DHCP_CLIENT_ON_RELEASE;
	case DHCP_COMMAND_RENEW:
		return DHCP_CLIENT_ON_RENEW;
	case DHCP_COMMAND_REBIND:
		return DHCP_CLIENT_ON_REBIND;
	case DHCP_COMMAND_RESTART:
		return DHCP_CLIENT_ON_RESTART;
	case DHCP_COMMAND_DECLINE:
		return DHCP_CLIENT_ON_DECLINE;
	case DHCP_COMMAND_INFORM:
		return DHCP_CLIENT_ON_INFORM;
	case DHCP_COMMAND_LINK_UP:
		return DHCP_CLIENT_ON_LINK_UP;
	case DHCP_COMMAND_FORCERENEW:
		break;		/* for servers */
	}
	return -EINVAL;
}

/* The filter has let through nothing but these four. */
static int message_trigger(const struct dhcp_message *m)
{
	if (m->type == DHCP_OFFER)
		return DHCP_CLIENT_ON_OFFER;
	if (m->type == DHCP_FORCERENEW)
		return DHCP_CLIENT_ON_FORCERENEW;
	return m->type == DHCP_ACK ? DHCP_CLIENT_ON_ACK : DHCP_CLIENT_ON_NAK;
}

/* The column of the table that @ev stands for, or -EINVAL. */
static int trigger_of(const struct dhcp_event *ev)
{
	switch (ev->type) {
	case DHCP_EVENT_START:
		return DHCP_CLIENT_ON_START;
	case DHCP_EVENT_RX:
		return ev->rx.msg ? message_trigger(ev->rx.msg) : -EINVAL;
	case DHCP_EVENT_DEADLINE:
		return DHCP_CLIENT_ON_DEADLINE;
	case DHCP_EVENT_CONFLICT:
		return DHCP_CLIENT_ON_CONFLICT;
	case DHCP_EVENT_STOP:
		return DHCP_CLIENT_ON_STOP;
	case DHCP_EVENT_COMMAND:
		return command_trigger(ev->command);
	}
	return -EINVAL;
}

/* Does @ev reach the table? If not, @ret says why. */
static bool is_heard(const struct dhcp_client *c, const struct dhcp_event *ev,
		     struct dhcp_reason *ret)
{
	if (ev->type == DHCP_EVENT_RX)
		return client_filter(c, ev, ret);

	if (ev->type == DHCP_EVENT_DEADLINE && ev->now < c->deadline) {
		*ret = (struct dhcp_reason){ "the deadline has not come yet", RFC2131("4.4.5") };
		return false;
	}
	return true;
}

static int take_row(struct dhcp_client *c, const struct client_row *row,
		    const struct dhcp_event *ev, struct dhcp_actions *out)
{
	const struct dhcp_client before = *c;	/* no pointers inside: a copy is a snapshot */
	int r;

	c->state = row->to;
	r = row->act->run(c, ev, out);
	if (r < 0) {
		*c = before;
		out->n = 0;
		return r;
	}

	out->to = row->to;
	out->reason = row->reason;
	return 1;
}

int dhcp_client_step(struct dhcp_client *c, const struct dhcp_event *ev, struct dhcp_actions *out)
{
	const struct client_row *row;
	int on;

	out->n = 0;
	out->reason = (struct dhcp_reason){ "", "" };
	out->facts = (struct dhcp_facts){ 0 };
	out->from = out->to = c->state;

	on = trigger_of(ev);
	if (on < 0)
		return on;
	if (!is_heard(c, ev, &out->reason))
		return 0;

	row = client_row_find(c, on, ev);
	if (!row) {
		out->reason = client_ignore_reason(c, on, ev);
		return 0;
	}
	return take_row(c, row, ev, out);
}

const char *dhcp_client_state_name(enum dhcp_client_state s)
{
	switch (s) {
	case DHCP_CLIENT_STOPPED:
		return "STOPPED";
	case DHCP_CLIENT_INIT:
		return "INIT";
	case DHCP_CLIENT_SELECTING:
		return "SELECTING";
	case DHCP_CLIENT_REQUESTING:
		return "REQUESTING";
	case DHCP_CLIENT_BOUND:
		return "BOUND";
	case DHCP_CLIENT_RENEWING:
		return "RENEWING";
	case DHCP_CLIENT_REBINDING:
		return "REBINDING";
	case DHCP_CLIENT_INIT_REBOOT:
		return "INIT-REBOOT";
	case DHCP_CLIENT_REBOOTING:
		return "REBOOTING";
	}
	return "?";
}

const char *dhcp_client_trigger_name(enum dhcp_client_trigger t)
{
	switch (t) {
	case DHCP_CLIENT_ON_START:
		return "start";
	case DHCP_CLIENT_ON_OFFER:
		return "OFFER";
	case DHCP_CLIENT_ON_ACK:
		return "ACK";
	case DHCP_CLIENT_ON_NAK:
		return "NAK";
	case DHCP_CLIENT_ON_DEADLINE:
		return "deadline";
	case DHCP_CLIENT_ON_CONFLICT:
		return "conflict";
	case DHCP_CLIENT_ON_STOP:
		return "stop";
	case DHCP_CLIENT_ON_RELEASE:
		return "release";
	case DHCP_CLIENT_ON_RENEW:
		return "renew";
	case DHCP_CLIENT_ON_REBIND:
		return "rebind";
	case DHCP_CLIENT_ON_RESTART:
		return "restart";
	case DHCP_CLIENT_ON_DECLINE:
		return "decline";
	case DHCP_CLIENT_ON_INFORM:
		return "inform";
	case DHCP_CLIENT_ON_LINK_UP:
		return "link up";
	case DHCP_CLIENT_ON_FORCERENEW:
		return "FORCERENEW";
	}
	return "?";
}
