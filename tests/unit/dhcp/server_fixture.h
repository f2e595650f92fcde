/* SPDX-License-Identifier: MIT */
/* server_fixture.h - a server in memory, and clients that write to it. */
#ifndef TEST_SERVER_FIXTURE_H
#define TEST_SERVER_FIXTURE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <netlab/dhcp_server.h>

#include "base/addr.h"
#include "base/util.h"

#define NET 0x0a000000u
#define SERVER (NET + 1)
#define OTHER_SERVER (NET + 0x63)	/* not in the pool of most tests */

/* A message that a client sends; what is 0 is not in it. */
struct ask {
	uint8_t type;
	uint16_t client;	/* the last two bytes of its MAC address */
	uint32_t ciaddr, giaddr, src_ip, dst_ip;
	uint32_t server_id, requested;
	uint32_t lease_sec;
	uint16_t flags, max_size, secs;
	uint32_t xid;
	const char *id;		/* option 61 */
	const char *name;	/* option 12 */
	const char *relay;	/* option 82 */
	size_t n_relay;		/* its length; 0: up to its NUL */
	uint32_t subnet;	/* option 118 */
	bool rapid;		/* option 80 */
	bool auto_configure;	/* option 116 */
	const char *fqdn;	/* option 81, of flags that are not 0 */
	size_t n_fqdn;		/* its length */
	const uint8_t *list;	/* option 55 */
	size_t n_list;
	uint8_t code;		/* one more option, whichever; 0: none */
	const void *value;
	size_t n_value;
	uint8_t op, hops, hlen, htype;
	bool no_hardware;	/* htype, hlen and chaddr are 0 */
	bool can_force;		/* option 145 */
};

#define RECORDS_MAX 64

/*
 * @out: of the last step, without its COMMITs, which are in @record: the last
 *	@n_records % RECORDS_MAX of them (with what is kept beside them in @more), @n_committed in the last step
 */
struct lab {
	struct dhcp_server_options opt;
	void *mem;
	struct dhcp_server *s;
	uint64_t now;
	bool can_force;		/* all clients send option 145 */
	bool is_compared;	/* its memory, with what it leaves untouched */
	struct dhcp_actions out;
	struct dhcp_message reply;	/* of the last step, if it sent one */
	size_t n_records, n_committed;
	struct dhcp_binding record[RECORDS_MAX];
	struct dhcp_binding_more more[RECORDS_MAX];
};

static inline struct dhcp_server_options usual_options(void)
{
	return (struct dhcp_server_options){
		.address = SERVER,
		.prefix_len = 24,
		.first = NET + 2,
		.last = NET + 254,
		.default_lease_sec = 3600,
		.min_lease_sec = 60,
		.max_lease_sec = 86400,
		.offer_sec = 60,
		.decline_sec = 600,
		.max_bindings = 256,
		.seed = 7,
	};
}

static inline void lab_start(struct lab *lab, const struct dhcp_server_options *opt)
{
	*lab = (struct lab){ .opt = *opt, .now = 1000 * DHCP_SECOND };
	lab->mem = malloc(dhcp_server_size(opt));
	assert_non_null(lab->mem);
	assert_int_equal(dhcp_server_init(lab->mem, opt, &lab->s), 0);
}

static inline void lab_end(struct lab *lab)
{
	free(lab->mem);
}

static inline void put_u32_unless_0(struct dhcp_builder *b, uint8_t code, uint32_t v)
{
	if (v)
		assert_int_equal(dhcp_build_put_u32(b, code, v), 0);
}

static inline void put_text(struct dhcp_builder *b, uint8_t code, const char *text)
{
	if (text)
		assert_int_equal(dhcp_build_put(b, code, text, strlen(text)), 0);
}

static inline void put_ask_options(struct dhcp_builder *b, const struct ask *a)
{
	put_u32_unless_0(b, DHCP_OPT_SERVER_ID, a->server_id);
	put_u32_unless_0(b, DHCP_OPT_REQUESTED_ADDRESS, a->requested);
	put_u32_unless_0(b, DHCP_OPT_LEASE_TIME, a->lease_sec);
	if (a->max_size)
		assert_int_equal(dhcp_build_put_u16(b, DHCP_OPT_MAX_SIZE, a->max_size), 0);
	put_text(b, DHCP_OPT_CLIENT_ID, a->id);
	put_text(b, DHCP_OPT_HOST_NAME, a->name);
	if (a->list)
		assert_int_equal(dhcp_build_put(b, DHCP_OPT_PARAMETER_LIST, a->list, a->n_list), 0);
	if (a->rapid)
		assert_int_equal(dhcp_build_put(b, DHCP_OPT_RAPID_COMMIT, NULL, 0), 0);
	if (a->auto_configure)
		assert_int_equal(dhcp_build_put_u8(b, DHCP_OPT_AUTO_CONFIGURE, 1), 0);
	if (a->fqdn)
		assert_int_equal(dhcp_build_put(b, DHCP_OPT_FQDN, a->fqdn, a->n_fqdn), 0);
	if (a->code)
		assert_int_equal(dhcp_build_put(b, a->code, a->value, a->n_value), 0);
	if (a->can_force)
		assert_int_equal(dhcp_build_put_u8(b, DHCP_OPT_FORCERENEW_NONCE, 1), 0);
	put_u32_unless_0(b, DHCP_OPT_SUBNET_SELECTION, a->subnet);
	if (a->relay)
		assert_int_equal(dhcp_build_put(b, DHCP_OPT_RELAY_INFO, a->relay,
						a->n_relay ? a->n_relay : strlen(a->relay)), 0);
}

static inline void build_ask(const struct ask *a, struct dhcp_message *ret)
{
	struct dhcp_message m = {
		.op = a->op ? a->op : DHCP_OP_REQUEST,
		.htype = a->htype ? a->htype : 1,
		.hlen = a->hlen ? a->hlen : 6,
		.hops = a->hops,
		.type = a->type,
		.xid = a->xid ? a->xid : 0x1234,
		.secs = a->secs,
		.flags = a->flags,
		.ciaddr = a->ciaddr,
		.giaddr = a->giaddr,
		.chaddr = { 0x02, 0x4e, 0x4c, 0, (uint8_t)(a->client >> 8), (uint8_t)a->client },
	};
	uint8_t bytes[DHCP_MESSAGE_MAX];
	struct dhcp_builder b;

	if (a->no_hardware) {
		m.htype = m.hlen = 0;
		memset(m.chaddr, 0, sizeof(m.chaddr));
	}
	assert_int_equal(dhcp_build_begin(&b, bytes, sizeof(bytes), &m), 0);
	put_ask_options(&b, a);
	assert_int_equal(
		dhcp_message_decode(bytes, (size_t)dhcp_build_end(&b), ret, NULL, NULL), 0);
}

/* As the owner of a server does it before each step. */
static inline void lab_fit(struct lab *lab)
{
	size_t size = dhcp_server_wants(lab->s);
	void *old = lab->mem;

	if (!size)
		return;
	lab->mem = lab->is_compared ? calloc(1, size) : malloc(size);
	assert_non_null(lab->mem);
	lab->s = dhcp_server_move(lab->mem, old);
	free(old);
}

/* A crash, and the life after it: with what is on record if @persist. */
static inline void lab_restart(struct lab *lab, bool persist)
{
	dhcp_server_forget(lab->s);
	assert_true(lab->n_records <= RECORDS_MAX);
	for (size_t i = 0; persist && i < lab->n_records; i++) {
		lab_fit(lab);
		assert_int_equal(dhcp_server_restore(lab->s, &lab->record[i], &lab->more[i],
						     lab->now), 0);
	}
}

static inline int lab_fit_and_step(struct lab *lab, const struct dhcp_event *ev)
{
	lab_fit(lab);
	return dhcp_server_step(lab->s, ev, &lab->out);
}

/* RFC 2131 section 3.1: an ACK of an address comes behind the record of its lease. */
static inline void lab_check_ack(const struct lab *lab, const struct dhcp_send *send)
{
	const struct dhcp_binding *b = &lab->record[(lab->n_records - 1) % RECORDS_MAX];
	struct dhcp_message m;

	assert_int_equal(dhcp_message_decode(send->data, send->len, &m, NULL, NULL), 0);
	if ((m.type != DHCP_ACK && m.type != DHCP_NO_TYPE) || !m.yiaddr)
		return;
	assert_int_equal(lab->n_committed, 1);
	assert_int_equal(b->address, m.yiaddr);
	assert_int_equal(b->state, DHCP_BINDING_ACTIVE);
}

/* Takes the COMMITs of the last step out of its actions. */
static inline void lab_take_records(struct lab *lab)
{
	unsigned int n = 0;

	lab->n_committed = 0;
	for (unsigned int i = 0; i < lab->out.n; i++) {
		const struct dhcp_action *a = &lab->out.action[i];

		if (a->type == DHCP_ACTION_COMMIT) {
			lab->record[lab->n_records % RECORDS_MAX] = a->commit;
			lab->more[lab->n_records++ % RECORDS_MAX] = a->more;
			lab->n_committed++;
			continue;
		}
		if (a->type == DHCP_ACTION_SEND)
			lab_check_ack(lab, &a->send);
		lab->out.action[n++] = *a;
	}
	lab->out.n = n;
}

static inline int lab_step(struct lab *lab, const struct dhcp_event *ev)
{
	int r = lab_fit_and_step(lab, ev);
	const struct dhcp_send *send = &lab->out.action[0].send;

	lab_take_records(lab);

	if (r == 1 && lab->out.n && lab->out.action[0].type == DHCP_ACTION_SEND)
		assert_false(dhcp_message_decode(send->data, send->len, &lab->reply, NULL, NULL));
	else
		memset(&lab->reply, 0, sizeof(lab->reply));
	return r;
}

/* One message in; the type of the reply, 0 for none. */
static inline int lab_ask(struct lab *lab, const struct ask *ask)
{
	struct ask copy = *ask, *a = &copy;
	struct dhcp_message m;
	struct dhcp_event ev = {
		.type = DHCP_EVENT_RX,
		.now = lab->now,
		.rx = {
			.msg = &m,
			.src_ip = a->src_ip ? a->src_ip : a->ciaddr,
			.dst_ip = a->dst_ip ? a->dst_ip : IP4_BROADCAST,
			.src_port = DHCP_CLIENT_PORT,
			.dst_port = DHCP_SERVER_PORT,
		},
	};

	a->can_force |= lab->can_force;
	build_ask(a, &m);
	assert_true(lab_step(lab, &ev) >= 0);
	return lab->reply.type;
}

static inline int lab_deadline(struct lab *lab, uint64_t seconds)
{
	struct dhcp_event ev = { .type = DHCP_EVENT_DEADLINE };

	lab->now += seconds * DHCP_SECOND;
	ev.now = lab->now;
	return lab_step(lab, &ev);
}

static inline int lab_force_renew(struct lab *lab, uint32_t address)
{
	struct dhcp_event ev = {
		.type = DHCP_EVENT_COMMAND, .now = lab->now,
		.command = DHCP_COMMAND_FORCERENEW, .address = address,
	};

	return lab_step(lab, &ev);
}

static inline int lab_conflict(struct lab *lab, uint32_t address)
{
	struct dhcp_event ev = {
		.type = DHCP_EVENT_CONFLICT, .now = lab->now, .conflict = address,
	};

	return lab_step(lab, &ev);
}

static inline const struct dhcp_send *lab_sent(const struct lab *lab)
{
	assert_int_equal(lab->out.n, 1);
	assert_int_equal(lab->out.action[0].type, DHCP_ACTION_SEND);
	return &lab->out.action[0].send;
}

static inline uint32_t reply_u32(const struct lab *lab, uint8_t code)
{
	uint32_t v = 0;

	assert_int_equal(dhcp_message_get_u32(&lab->reply, code, &v), 0);
	return v;
}

/* A DISCOVER, and if the server probes the time that this takes; the type of the reply. */
static inline int lab_discover(struct lab *lab, const struct ask *discover)
{
	int type = lab_ask(lab, discover);

	if (type || !lab->out.n || lab->out.action[0].type != DHCP_ACTION_PROBE)
		return type;
	lab->now += lab->opt.probe_ms * (DHCP_SECOND / 1000);
	assert_int_equal(lab_deadline(lab, 0), 1);
	return lab->reply.type;
}

/* DISCOVER and OFFER; the address. */
static inline uint32_t lab_offer(struct lab *lab, uint16_t client)
{
	struct ask discover = { .type = DHCP_DISCOVER, .client = client };

	assert_int_equal(lab_discover(lab, &discover), DHCP_OFFER);
	return lab->reply.yiaddr;
}

static inline int lab_select(struct lab *lab, uint16_t client, uint32_t address)
{
	struct ask request = {
		.type = DHCP_REQUEST, .client = client, .server_id = SERVER, .requested = address,
	};

	return lab_ask(lab, &request);
}

/* The four messages; the address. */
static inline uint32_t lab_bind(struct lab *lab, uint16_t client)
{
	uint32_t address = lab_offer(lab, client);

	assert_int_equal(lab_select(lab, client, address), DHCP_ACK);
	return address;
}

static inline int lab_release(struct lab *lab, uint16_t client, uint32_t address)
{
	struct ask release = {
		.type = DHCP_RELEASE, .client = client, .ciaddr = address, .server_id = SERVER,
		.dst_ip = SERVER,
	};

	(void)lab_ask(lab, &release);
	return lab->out.n;
}

static inline int lab_decline(struct lab *lab, uint16_t client, uint32_t address)
{
	struct ask decline = {
		.type = DHCP_DECLINE, .client = client, .requested = address, .server_id = SERVER,
	};

	(void)lab_ask(lab, &decline);
	return lab->out.n;
}

static inline void add_value(struct dhcp_server_options *opt, uint8_t code, bool forced,
			     const void *value, uint16_t len)
{
	uint16_t off = 0;

	for (size_t i = 0; i < opt->n_values; i++)
		off = (uint16_t)(off + opt->value[i].len);
	memcpy(opt->values + off, value, len);
	opt->value[opt->n_values++] = (struct dhcp_server_value){
		.code = code, .forced = forced, .off = off, .len = len,
	};
}

/* The binding of @address; NULL if there is none. */
static inline const struct dhcp_binding *lab_binding(const struct lab *lab, uint32_t address)
{
	const struct dhcp_binding *b;

	for (size_t i = 0; (b = dhcp_server_binding(lab->s, i)); i++)
		if (b->address == address)
			return b;

	return NULL;
}

#endif
