/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frame/frame.h"
#include "node/snoop.h"

#include <netlab/dhcp_machine.h>
#include <netlab/dhcp_option.h>

#define PENDING_US (60 * DHCP_SECOND)	/* an entry without an ACK: as long as an offer holds */

void snoop_init(struct snoop *sn, const struct scenario *s)
{
	*sn = (struct snoop){ .scenario = s };
}

void snoop_done(struct snoop *sn)
{
	free(sn->entry);
	*sn = (struct snoop){ 0 };
}

int snoop_copy(const struct snoop *sn, struct snoop *ret)
{
	struct snoop copy = *sn;

	if (sn->entry) {
		copy.entry = calloc(SNOOP_ENTRIES_MAX, sizeof(*copy.entry));
		if (!copy.entry)
			return -ENOMEM;
		memcpy(copy.entry, sn->entry, sn->n * sizeof(*copy.entry));
	}
	*ret = copy;
	return 0;
}

static size_t switch_of(const struct snoop *sn, size_t port)
{
	return sn->scenario->ifaces[port].node;
}

/* Of the switch that @port belongs to. */
static struct snoop_entry *find(struct snoop *sn, size_t port, const uint8_t mac[static 6])
{
	for (size_t i = 0; i < sn->n; i++)
		if (switch_of(sn, sn->entry[i].port) == switch_of(sn, port) &&
		    memcmp(sn->entry[i].mac, mac, 6) == 0)
			return &sn->entry[i];
	return NULL;
}

static size_t count_at(const struct snoop *sn, size_t port)
{
	size_t n = 0;

	for (size_t i = 0; i < sn->n; i++)
		n += sn->entry[i].port == port;
	return n;
}

static void expire(struct snoop *sn, uint64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < sn->n; i++)
		if (sn->entry[i].expires > now)
			sn->entry[kept++] = sn->entry[i];
	sn->n = kept;
}

static void forget(struct snoop *sn, struct snoop_entry *e)
{
	*e = sn->entry[--sn->n];
}

static const char *add(struct snoop *sn, uint64_t now, size_t port, const uint8_t mac[static 6])
{
	if (sn->n == SNOOP_ENTRIES_MAX)
		return "the switch's table of bindings is full";
	if (!sn->entry)
		sn->entry = calloc(SNOOP_ENTRIES_MAX, sizeof(*sn->entry));
	if (!sn->entry)
		return "the switch is out of memory";
	sn->entry[sn->n] = (struct snoop_entry){ .port = port, .expires = now + PENDING_US };
	memcpy(sn->entry[sn->n++].mac, mac, 6);
	return NULL;
}

/* DISCOVER and REQUEST. Whoever moves to another port takes its lease along. */
static const char *on_ask(struct snoop *sn, uint64_t now, size_t port, const uint8_t mac[static 6])
{
	uint32_t limit = sn->scenario->nodes[switch_of(sn, port)].leases_per_port;
	struct snoop_entry *e = find(sn, port, mac);

	if (e && e->port == port) {
		if (!e->address)
			e->expires = now + PENDING_US;
		return NULL;
	}
	if (limit && count_at(sn, port) >= limit)
		return "LeasesPerPort=: as many clients as this port may have";
	if (!e)
		return add(sn, now, port, mac);
	e->port = port;
	return NULL;
}

/* RELEASE and DECLINE: who says it must be who has it. */
static const char *on_give_back(struct snoop *sn, size_t port, const uint8_t mac[static 6])
{
	struct snoop_entry *e = find(sn, port, mac);

	if (!e || e->port != port)
		return "the binding of this client is not behind this port";
	forget(sn, e);
	return NULL;
}

static const char *judge_client(struct snoop *sn, uint64_t now, size_t port, const struct frame *f,
				const struct dhcp_message *m)
{
	if (m->giaddr)
		return "a relay (giaddr) behind a port that is not trusted";
	if (memcmp(m->chaddr, f->src_mac, 6) != 0)
		return "chaddr is not the frame's source MAC address";
	if (m->type == DHCP_DISCOVER || m->type == DHCP_REQUEST)
		return on_ask(sn, now, port, m->chaddr);
	if (m->type == DHCP_RELEASE || m->type == DHCP_DECLINE)
		return on_give_back(sn, port, m->chaddr);
	return NULL;
}

/* The lease is known by what the server says, not by what was asked for. */
static void learn(struct snoop *sn, uint64_t now, size_t port, const struct dhcp_message *m)
{
	struct snoop_entry *e = find(sn, port, m->chaddr);
	uint32_t seconds = UINT32_MAX;

	if (!e || m->type != DHCP_ACK || !m->yiaddr)
		return;
	dhcp_message_get_u32(m, DHCP_OPT_LEASE_TIME, &seconds);
	e->address = m->yiaddr;
	e->expires = seconds == UINT32_MAX ? DHCP_NEVER : now + seconds * DHCP_SECOND;
}

static const char *judge(struct snoop *sn, uint64_t now, size_t port, const struct frame *f,
			 const struct dhcp_message *m)
{
	bool trusted = sn->scenario->ifaces[port].trusted;
	bool is_reply = m->op == DHCP_OP_REPLY || f->src_port == DHCP_SERVER_PORT;

	expire(sn, now);
	if (trusted) {
		learn(sn, now, port, m);
		return NULL;
	}
	if (is_reply && !m->giaddr)
		return "a server's message from a port that is not trusted";
	return judge_client(sn, now, port, f, m);
}

const char *snoop_judge(struct snoop *sn, uint64_t now, size_t port, const void *data, size_t len,
			uint8_t *ret_type)
{
	struct dhcp_message m;
	struct frame f;
	const char *why;

	if (!sn->scenario->nodes[switch_of(sn, port)].snooping ||
	    frame_decode(data, len, true, &f) < 0 || f.kind != FRAME_UDP ||
	    (f.dst_port != DHCP_SERVER_PORT && f.dst_port != DHCP_CLIENT_PORT) ||
	    dhcp_message_decode(f.payload, f.payload_len, &m, NULL, NULL) < 0)
		return NULL;
	why = judge(sn, now, port, &f, &m);
	if (why)
		*ret_type = m.type;
	return why;
}
