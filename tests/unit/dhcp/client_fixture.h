/* SPDX-License-Identifier: MIT */
/*
 * client_fixture.h - a client under test, and a server that says what the test
 * wants.
 *
 * Replies are put together here field by field, not by the codec: so they can
 * hold values that no decoder would let through.
 */
#ifndef CLIENT_FIXTURE_H
#define CLIENT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <netlab/dhcp_client.h>

#include "base/bytes.h"
#include "base/util.h"
#include "dhcp/auth.h"

#define IP(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define SERVER IP(10, 0, 0, 1)
#define OTHER_SERVER IP(10, 0, 0, 2)
#define OURS IP(10, 0, 0, 105)
#define NETMASK IP(255, 255, 255, 0)
#define HOUR 3600u
#define BEGIN (1000 * DHCP_SECOND)	/* of time: not 0, so that forgotten additions show */

struct fixture {
	struct dhcp_client c;
	struct dhcp_actions out;
	struct dhcp_event ev;
	struct dhcp_message msg;	/* the last that was received */
	uint64_t replay;		/* of the last FORCERENEW */
	uint64_t now;
};

static inline struct dhcp_client_options usual_options(void)
{
	return (struct dhcp_client_options){
		.mac = { 0x02, 0x4e, 0x4c, 0, 0, 2 },
		.host_name = "host",
		.seed = 7,
	};
}

static inline void begin_with(struct fixture *f, const struct dhcp_client_options *opt)
{
	memset(f, 0, sizeof(*f));
	f->now = BEGIN;
	assert_int_equal(dhcp_client_init(&f->c, opt), 0);
}

static inline void begin(struct fixture *f)
{
	struct dhcp_client_options opt = usual_options();

	begin_with(f, &opt);
}

static inline int step(struct fixture *f)
{
	f->ev.now = f->now;
	return dhcp_client_step(&f->c, &f->ev, &f->out);
}

static inline int happen(struct fixture *f, enum dhcp_event_type type)
{
	f->ev = (struct dhcp_event){ .type = type };
	return step(f);
}

static inline int command(struct fixture *f, enum dhcp_command command)
{
	f->ev = (struct dhcp_event){ .type = DHCP_EVENT_COMMAND, .command = command };
	return step(f);
}

static inline int conflict(struct fixture *f, uint32_t address)
{
	f->ev = (struct dhcp_event){ .type = DHCP_EVENT_CONFLICT, .conflict = address };
	return step(f);
}

/* The deadline comes at @when, or at its time if that is 0. */
static inline int deadline_at(struct fixture *f, uint64_t when)
{
	f->now = when ? when : f->c.deadline;
	assert_true(f->now != DHCP_NEVER);
	return happen(f, DHCP_EVENT_DEADLINE);
}

static inline void put(struct dhcp_message *m, uint8_t code, const void *value, size_t len)
{
	struct dhcp_field *field = &m->fields[m->n_fields++];

	m->slot[code] = (uint8_t)m->n_fields;
	*field = (struct dhcp_field){ .code = code, .off = m->data_len, .len = len };
	memcpy(m->data + m->data_len, value, len);
	m->data_len += len;
}

static inline void put32(struct dhcp_message *m, uint8_t code, uint32_t v)
{
	uint8_t bytes[4];

	store_be32(bytes, v);
	put(m, code, bytes, sizeof(bytes));
}

static inline void drop(struct dhcp_message *m, uint8_t code)
{
	uint16_t n = 0;

	m->slot[code] = 0;
	for (uint16_t i = 0; i < m->n_fields; i++) {
		if (m->fields[i].code == code)
			continue;
		m->fields[n++] = m->fields[i];
		m->slot[m->fields[n - 1].code] = (uint8_t)n;
	}
	m->n_fields = n;
}

static inline void change32(struct dhcp_message *m, uint8_t code, uint32_t v)
{
	drop(m, code);
	put32(m, code, v);
}

/* What a server answers to the client's last message; @type ACK and address 0: to an INFORM. */
static inline struct dhcp_message reply(const struct fixture *f, uint8_t type, uint32_t yiaddr)
{
	struct dhcp_message m = {
		.op = DHCP_OP_REPLY,
		.htype = 1,
		.hlen = 6,
		.type = type,
		.xid = type == DHCP_ACK && !yiaddr ? f->c.inform_xid : f->c.xid,
		.yiaddr = yiaddr,
	};

	memcpy(m.chaddr, f->c.opt.mac, 6);
	put(&m, DHCP_OPT_MESSAGE_TYPE, &type, 1);
	put32(&m, DHCP_OPT_SERVER_ID, SERVER);
	if (type == DHCP_NAK)
		return m;
	put32(&m, DHCP_OPT_SUBNET_MASK, NETMASK);
	put32(&m, DHCP_OPT_ROUTER, SERVER);
	if (yiaddr)
		put32(&m, DHCP_OPT_LEASE_TIME, HOUR);
	return m;
}

static inline int receive(struct fixture *f, const struct dhcp_message *m)
{
	f->msg = *m;
	f->ev = (struct dhcp_event){
		.type = DHCP_EVENT_RX,
		.rx = {
			.msg = &f->msg,
			.src_ip = SERVER,
			.dst_ip = m->yiaddr,
			.src_port = DHCP_SERVER_PORT,
			.dst_port = DHCP_CLIENT_PORT,
		},
	};
	return step(f);
}

static inline int answer(struct fixture *f, uint8_t type, uint32_t yiaddr)
{
	struct dhcp_message m = reply(f, type, yiaddr);

	return receive(f, &m);
}

/* The @i-th action, which must be a SEND, decoded. */
static inline struct dhcp_message sent(const struct fixture *f, unsigned int i)
{
	const struct dhcp_send *send = &f->out.action[i].send;
	struct dhcp_message m;

	assert_true(i < f->out.n);
	assert_int_equal(f->out.action[i].type, DHCP_ACTION_SEND);
	assert_int_equal(dhcp_message_decode(send->data, send->len, &m, NULL, NULL), 0);
	assert_int_equal(m.type, send->type);
	return m;
}

static inline uint32_t option32(const struct dhcp_message *m, uint8_t code)
{
	uint32_t v;

	assert_int_equal(dhcp_message_get_u32(m, code, &v), 0);
	return v;
}

static inline int answer_with(struct fixture *f, uint8_t type, uint8_t code, const void *value,
			      size_t len)
{
	struct dhcp_message m = reply(f, type, OURS);

	put(&m, code, value, len);
	return receive(f, &m);
}

/* An OFFER of no address: no lease time, and yiaddr 0 (RFC 2563, RFC 8925). */
static inline int offer_nothing(struct fixture *f, uint8_t code, const void *value, size_t len)
{
	struct dhcp_message m = reply(f, DHCP_OFFER, 0);

	put(&m, code, value, len);
	return receive(f, &m);
}

static const uint8_t usual_nonce[AUTH_VALUE_LEN] = "sixteen bytes ..";

/* An ACK with a nonce (RFC 6704 section 3.1.2). */
static inline int answer_with_nonce(struct fixture *f)
{
	struct auth a = { .type = AUTH_NONCE, .replay = 1 };
	uint8_t value[AUTH_LEN];

	f->replay = 1;
	memcpy(a.value, usual_nonce, sizeof(a.value));
	auth_write(&a, value);
	return answer_with(f, DHCP_ACK, DHCP_OPT_AUTHENTICATION, value, sizeof(value));
}

/* A FORCERENEW as bytes, signed; @dst: whom the datagram was sent to. */
static inline int force_renew(struct fixture *f, uint64_t replay, const uint8_t *nonce,
			      uint32_t dst)
{
	struct dhcp_message m = reply(f, DHCP_FORCERENEW, 0);
	struct auth a = { .type = AUTH_DIGEST, .replay = replay };
	uint8_t value[AUTH_LEN], bytes[DHCP_MESSAGE_MAX];
	struct dhcp_builder b;
	int len;

	auth_write(&a, value);
	m.xid = 0x12345678;
	assert_int_equal(dhcp_build_begin(&b, bytes, sizeof(bytes), &m), 0);
	assert_int_equal(dhcp_build_put_u32(&b, DHCP_OPT_SERVER_ID, SERVER), 0);
	assert_int_equal(dhcp_build_put(&b, DHCP_OPT_AUTHENTICATION, value, sizeof(value)), 0);
	len = dhcp_build_end(&b);
	assert_true(len > 0);
	assert_int_equal(auth_sign(bytes, (size_t)len, nonce), 0);
	assert_int_equal(dhcp_message_decode(bytes, (size_t)len, &f->msg, NULL, NULL), 0);
	f->ev = (struct dhcp_event){
		.type = DHCP_EVENT_RX,
		.rx = {
			.msg = &f->msg, .payload = bytes, .src_ip = SERVER, .dst_ip = dst,
			.src_port = DHCP_SERVER_PORT, .dst_port = DHCP_CLIENT_PORT,
		},
	};
	return step(f);
}

/*
 * Plays a script, one letter an event:
 *	s START   d DEADLINE   t STOP   c CONFLICT over the lease's address
 *	o OFFER   a ACK   n NAK   I the answer to an INFORM
 *	r RELEASE   w RENEW   b REBIND   x RESTART   k DECLINE   i INFORM
 *	l the link is back
 *	A ACK with rapid commit   O OFFER, X ACK with the IPv6-only option
 *	Z OFFER of no address, and none is to be made up
 *	N OFFER that promises a nonce   K ACK with one   F FORCERENEW
 *	2 DEADLINE at T2   e DEADLINE at the lease's end
 * Return: what the last step returned.
 */
static inline int play_letter(struct fixture *f, char letter)
{
	switch (letter) {
	case 's':
		return happen(f, DHCP_EVENT_START);
	case 'd':
		return deadline_at(f, 0);
	case 't':
		return happen(f, DHCP_EVENT_STOP);
	case 'c':
		return conflict(f, f->c.lease.address);
	case 'o':
		return answer(f, DHCP_OFFER, OURS);
	case 'a':
		return answer(f, DHCP_ACK, OURS);
	case 'n':
		return answer(f, DHCP_NAK, 0);
	case 'A':
		return answer_with(f, DHCP_ACK, DHCP_OPT_RAPID_COMMIT, "", 0);
	case 'O':
		return answer_with(f, DHCP_OFFER, DHCP_OPT_IPV6_ONLY, "\0\0\7\10", 4);
	case 'X':
		return answer_with(f, DHCP_ACK, DHCP_OPT_IPV6_ONLY, "\0\0\0\1", 4);
	case 'Z':
		return offer_nothing(f, DHCP_OPT_AUTO_CONFIGURE, "\0", 1);
	case 'N':
		return answer_with(f, DHCP_OFFER, DHCP_OPT_FORCERENEW_NONCE, "\1", 1);
	case 'K':
		return answer_with_nonce(f);
	case 'F':
		return force_renew(f, ++f->replay, usual_nonce, OURS);
	case 'I':
		return answer(f, DHCP_ACK, 0);
	case 'r':
		return command(f, DHCP_COMMAND_RELEASE);
	case 'w':
		return command(f, DHCP_COMMAND_RENEW);
	case 'b':
		return command(f, DHCP_COMMAND_REBIND);
	case 'x':
		return command(f, DHCP_COMMAND_RESTART);
	case 'k':
		return command(f, DHCP_COMMAND_DECLINE);
	case 'i':
		return command(f, DHCP_COMMAND_INFORM);
	case 'l':
		return command(f, DHCP_COMMAND_LINK_UP);
	case '2':
		return deadline_at(f, f->c.t2);
	case 'e':
		return deadline_at(f, f->c.expires);
	}
	fail_msg("no such letter: %c", letter);
	return -1;
}

static inline int play(struct fixture *f, const char *script)
{
	int r = 0;

	for (const char *p = script; *p; p++)
		r = play_letter(f, *p);
	return r;
}

#endif
