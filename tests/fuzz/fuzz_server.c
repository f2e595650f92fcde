/* SPDX-License-Identifier: MIT */
/*
 * fuzz_server.c - a run of events for one small server.
 *
 * The input is records of: seconds that pass (1 byte), what happens (1 byte: 0
 * a broadcast, 1 a unicast, 2 the deadline, 3 a conflict, 4 a FORCERENEW), length
 * (2 bytes, network order), and as many bytes of payload (of a conflict and a
 * FORCERENEW, the address).
 */
#include <string.h>

#include <netlab/dhcp_server.h>

#include "base/bytes.h"
#include "base/util.h"
#include "dhcp/journal.h"

#define NET 0x0a000000u
#define SERVER (NET + 1)
#define BEHIND (NET + 0x100)	/* a subnet behind a relay agent */
#define CROWD (NET + 0x200)	/* a subnet of clients that are there from the start */
#define CROWD_SIZE 63
#define IP_UDP_LEN 28

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum happening { BROADCAST, UNICAST, DEADLINE, CONFLICT, FORCE_RENEW };
#define HAPPENINGS (FORCE_RENEW + 1)

#define RECORDS_MAX 512

/* @twin: what a restarted server would know; @record: all COMMITs, @n_records of them. */
struct bench {
	struct dhcp_server *s, *twin;
	size_t n_records;
	struct dhcp_binding record[RECORDS_MAX];
	struct dhcp_binding_more more[RECORDS_MAX];
	uint64_t now;
	struct dhcp_message msg;
	struct dhcp_actions out;
};

/* As the owner of a server does it before each step. */
static void fit(struct dhcp_server **s)
{
	size_t size = dhcp_server_wants(*s);
	struct dhcp_server *old = *s;
	void *mem = size ? malloc(size) : NULL;

	if (!size)
		return;
	if (!mem)
		abort();
	*s = dhcp_server_move(mem, old);
	free(old);
}

static void check(bool ok)
{
	if (!ok)
		abort();
}

static struct dhcp_server_options small_server(void)
{
	static const uint8_t router[4] = { 10, 0, 0, 1 };
	struct dhcp_server_options opt = {
		.address = SERVER, .prefix_len = 24, .first = NET, .last = NET + 7,
		.default_lease_sec = 20, .min_lease_sec = 1, .max_lease_sec = DHCP_INFINITY,
		.offer_sec = 5, .decline_sec = 30, .authoritative = true,
		.n_values = 2, .max_bindings = 6, .seed = 7,
	};

	opt.value[0] = (struct dhcp_server_value){ DHCP_OPT_ROUTER, false, 0, sizeof(router) };
	opt.value[1] = (struct dhcp_server_value){ DHCP_OPT_DOMAIN_NAME, true, 4, 400 };
	opt.bootp = opt.rapid_commit = opt.no_auto_configure = opt.trust_relay_info = true;
	opt.force_renew = true;
	opt.n_queriers = 1;
	opt.querier[0] = (struct dhcp_server_querier){ BEHIND, 24 };
	opt.next_server = SERVER;
	memcpy(opt.boot_file, "boot", 4);
	opt.n_values = 3;
	opt.value[2] = (struct dhcp_server_value){ DHCP_OPT_IPV6_ONLY, false, 0, 4 };
	opt.n_reserved = 1;
	opt.reserved[0] = (struct dhcp_reservation){
		.address = NET + 5, .id_len = 7, .id = { 1, 2, 'N', 'L', 0, 0, 1 },
	};
	opt.n_classes = 1;
	opt.class[0] = (struct dhcp_server_class){
		.user_len = 4, .user = "voip", .first = NET + 8, .last = NET + 9,
		.n_values = 1, .value = { { DHCP_OPT_DOMAIN_NAME, true, 4, 3 } },
	};
	opt.n_subnets = 2;
	opt.subnet[1] = (struct dhcp_server_subnet){
		.address = CROWD, .prefix_len = 24, .first = CROWD + 1,
		.last = CROWD + CROWD_SIZE,
		.default_lease_sec = 20, .min_lease_sec = 1, .max_lease_sec = 30,
	};
	opt.subnet[0] = (struct dhcp_server_subnet){
		.address = BEHIND, .prefix_len = 24, .first = BEHIND + 2, .last = BEHIND + 5,
		.default_lease_sec = 20, .min_lease_sec = 1, .max_lease_sec = 30,
	};
	memcpy(opt.values, router, sizeof(router));
	memset(opt.values + 4, 'a', 400);
	return opt;
}

/* RFC 4388 sections 6.4 and 6.4.3. */
static void check_lease(const struct bench *b, const struct dhcp_send *send,
			const struct dhcp_message *reply)
{
	bool active = reply->type == DHCP_LEASEACTIVE;

	check(active || reply->type == DHCP_LEASEUNASSIGNED || reply->type == DHCP_LEASEUNKNOWN);
	check(send->dst_ip == b->msg.giaddr && !reply->yiaddr);
	check(dhcp_message_has(reply, DHCP_OPT_SERVER_ID) == active);
	check(active || !dhcp_message_has(reply, DHCP_OPT_LEASE_TIME));
}

/* RFC 2132 section 9.10; a BOOTP client has room for as much as it sent (RFC 1542 section 2.1). */
static size_t reply_limit(const struct dhcp_message *m)
{
	uint16_t max_size = 0;

	if (m->type == DHCP_NO_TYPE)
		return max_u64(m->size, DHCP_MIN_LEN);
	(void)dhcp_message_get_u16(m, DHCP_OPT_MAX_SIZE, &max_size);
	return max_u64(DHCP_MIN_MAX_SIZE, max_size) - IP_UDP_LEN;
}

static void check_reply(const struct bench *b, const struct dhcp_send *send)
{
	struct dhcp_message reply;
	size_t asked_len = 0, len = 0;
	const uint8_t *asked, *echo;

	check(send->len <= reply_limit(&b->msg));
	check(send->dst_ip && send->src_ip == SERVER);
	check(dhcp_message_decode(send->data, send->len, &reply, NULL, NULL) == 0);
	check(reply.op == DHCP_OP_REPLY && reply.type == send->type && reply.xid == b->msg.xid);
	if (b->msg.type == DHCP_LEASEQUERY) {
		check_lease(b, send, &reply);
		return;
	}
	if (reply.type == DHCP_NO_TYPE) {	/* RFC 1534 section 2 */
		check(b->msg.type == DHCP_NO_TYPE && reply.yiaddr &&
		      !dhcp_message_has(&reply, DHCP_OPT_SERVER_ID) &&
		      !dhcp_message_has(&reply, DHCP_OPT_LEASE_TIME));
		return;
	}
	/* RFC 6842 section 3 */
	asked = dhcp_message_get(&b->msg, DHCP_OPT_CLIENT_ID, &asked_len);
	echo = dhcp_message_get(&reply, DHCP_OPT_CLIENT_ID, &len);
	check(!asked == !echo && asked_len == len && (!asked || !memcmp(asked, echo, len)));
	check(dhcp_message_has(&reply, DHCP_OPT_SERVER_ID));
	check((reply.type == DHCP_OFFER && reply.yiaddr) <=
	      dhcp_message_has(&reply, DHCP_OPT_LEASE_TIME));
	check(reply.yiaddr || reply.type != DHCP_OFFER || send->dst_ip == 0xffffffff ||
	      b->msg.giaddr || b->msg.ciaddr);
}

/* Nobody has the server's address, no address has two holders, the deadline is the first. */
static void check_bindings(const struct bench *b)
{
	const struct dhcp_binding *x, *y;
	uint64_t first = DHCP_NEVER;
	size_t n = 0;

	for (; (x = dhcp_server_binding(b->s, n)); n++) {
		check((x->address > SERVER && x->address <= NET + 9) ||
		      (x->address >= BEHIND + 2 && x->address <= BEHIND + 5) ||
		      (x->address > CROWD && x->address <= CROWD + CROWD_SIZE));
		check(x->state != DHCP_BINDING_NONE);
		if (x->state != DHCP_BINDING_EXPIRED && x->state != DHCP_BINDING_RELEASED)
			first = min_u64(first, x->expires);
		for (size_t i = 0; i < n; i++) {
			y = dhcp_server_binding(b->s, i);
			check(x->address != y->address);
			check(!x->id_len || x->id_len != y->id_len ||
			      (x->address ^ y->address) >> 8 ||
			      x->id_is_option != y->id_is_option ||
			      memcmp(x->id, y->id, x->id_len) != 0);
		}
	}
	check(n <= dhcp_server_options(b->s)->max_bindings);
	/* A probe has a time of its own, and keeps it when its client goes elsewhere. */
	check(dhcp_server_options(b->s)->probe_ms ? dhcp_server_deadline(b->s) <= first
						  : dhcp_server_deadline(b->s) == first);
}

static bool is_lasting(const struct dhcp_binding *b)
{
	return b->state == DHCP_BINDING_ACTIVE || b->state == DHCP_BINDING_DECLINED;
}

static void check_known(const struct dhcp_server *s, const struct dhcp_binding *b)
{
	const struct dhcp_binding *x;

	for (size_t i = 0; (x = dhcp_server_binding(s, i)); i++)
		if (x->address == b->address)
			break;
	check(x && x->state == b->state && x->expires == b->expires);
	/* Whose a declined address was is of no account any more. */
	check(b->state == DHCP_BINDING_DECLINED ||
	      (x->id_len == b->id_len && x->id_is_option == b->id_is_option &&
	       memcmp(x->id, b->id, b->id_len) == 0 && !strcmp(x->host_name, b->host_name)));
}

/* A line as it went into the journal, and came back. */
static void write_and_read(const struct dhcp_action *a, struct dhcp_binding *ret,
			   struct dhcp_binding_more *ret_more)
{
	char line[JOURNAL_LINE_MAX];
	size_t len = journal_write(&a->commit, &a->more, line);

	check(len < sizeof(line) && line[len - 1] == '\n');
	check(journal_read(line, len - 1, ret, ret_more) == 0);
}

/* RFC 2131 section 2.1: who starts again knows every lease and every quarantine, and no other. */
static void check_restart(struct bench *b)
{
	const struct dhcp_binding *x;

	dhcp_server_forget(b->twin);
	for (size_t i = 0; i < b->n_records; i++) {
		fit(&b->twin);
		check(dhcp_server_restore(b->twin, &b->record[i], &b->more[i], b->now) == 0);
	}
	for (size_t i = 0; (x = dhcp_server_binding(b->s, i)); i++)
		if (is_lasting(x) && x->expires > b->now)
			check_known(b->twin, x);
	for (size_t i = 0; (x = dhcp_server_binding(b->twin, i)); i++)
		if (is_lasting(x))
			check_known(b->s, x);
}

static void take_record(struct bench *b, const struct dhcp_action *a)
{
	write_and_read(a, &b->record[b->n_records], &b->more[b->n_records]);
	b->n_records++;
}

static void take_records(struct bench *b)
{
	size_t before = b->n_records;

	for (unsigned int i = 0; i < b->out.n; i++)
		if (b->out.action[i].type == DHCP_ACTION_COMMIT && b->n_records < RECORDS_MAX)
			take_record(b, &b->out.action[i]);
	if (b->n_records > before && b->n_records < RECORDS_MAX)
		check_restart(b);
}

/* @size bytes that stay: to get them from the kernel each time is half of a step. */
static void *room_for(size_t size)
{
	static uint8_t *room;
	static size_t room_size;

	if (size > room_size) {
		free(room);
		room = malloc(size);
		check(room);
		room_size = size;
	}
	return room;
}

static void step(struct bench *b, const struct dhcp_event *ev)
{
	void *before;
	size_t size;
	int r;

	fit(&b->s);
	size = dhcp_server_bytes(b->s);
	before = room_for(size);
	memcpy(before, b->s, size);
	r = dhcp_server_step(b->s, ev, &b->out);
	check(r == 0 || r == 1);
	check(b->out.reason.why[0] && b->out.reason.rfc[0]);
	check(r == 1 || (b->out.n == 0 && !memcmp(before, b->s, size)));
	for (unsigned int i = 0; i < b->out.n; i++)
		if (b->out.action[i].type == DHCP_ACTION_SEND && ev->type == DHCP_EVENT_RX)
			check_reply(b, &b->out.action[i].send);
	check_bindings(b);
	take_records(b);
}

static void happen(struct bench *b, enum happening what, const uint8_t *payload, size_t len)
{
	struct dhcp_event ev = { .now = b->now };
	struct reader r;

	switch (what) {
	case BROADCAST:
	case UNICAST:
		ev.type = DHCP_EVENT_RX;
		ev.rx.msg = &b->msg;
		if (dhcp_message_decode(payload, len, &b->msg, NULL, NULL) < 0)
			return;
		ev.rx.src_ip = b->msg.ciaddr;
		ev.rx.dst_ip = what == UNICAST ? SERVER : 0xffffffff;
		break;
	case DEADLINE:
		ev.type = DHCP_EVENT_DEADLINE;
		break;
	case CONFLICT:
		ev.type = DHCP_EVENT_CONFLICT;
		reader_init(&r, payload, len);
		ev.conflict = get_be32(&r);
		break;
	case FORCE_RENEW:
		ev.type = DHCP_EVENT_COMMAND;
		ev.command = DHCP_COMMAND_FORCERENEW;
		reader_init(&r, payload, len);
		ev.address = get_be32(&r);
		break;
	}
	step(b, &ev);
}

static struct dhcp_server *make(const struct dhcp_server_options *opt)
{
	struct dhcp_server *s;
	void *mem = malloc(dhcp_server_size(opt));

	if (!mem)
		abort();
	check(dhcp_server_init(mem, opt, &s) == 0);
	return s;
}

/*
 * So many that the next one makes the server grow. Half of them are quarantines: when
 * they are over it can shrink.
 */
static void add_crowd(struct bench *b)
{
	for (uint8_t i = 1; i <= CROWD_SIZE; i++) {
		struct dhcp_binding *x = &b->record[b->n_records++];

		*x = (struct dhcp_binding){
			.state = i % 8 ? DHCP_BINDING_DECLINED : DHCP_BINDING_ACTIVE,
			.address = CROWD + i, .expires = b->now + i * DHCP_SECOND,
			.htype = 1, .hlen = 6, .chaddr = { 2, 'C', [5] = i },
			.id_len = 2, .id_is_option = true, .id = { 'C', i },
		};
		fit(&b->s);
		check(dhcp_server_restore(b->s, x, NULL, b->now) == 0);
	}
}

/* The whole input for a server that probes before it offers, or for one that does not. */
static void run(const uint8_t *data, size_t size, uint32_t probe_ms, bool crowded)
{
	struct dhcp_server_options opt = small_server();
	struct bench b = { .now = DHCP_SECOND };
	struct reader r;

	opt.probe_ms = probe_ms;
	opt.max_bindings = crowded ? 2 * CROWD_SIZE : opt.max_bindings;
	b.s = make(&opt);
	b.twin = make(&opt);
	if (crowded)
		add_crowd(&b);
	reader_init(&r, data, size);
	while (reader_left(&r)) {
		uint64_t seconds = get_u8(&r);
		uint8_t what = get_u8(&r);
		uint16_t len = get_be16(&r);
		const uint8_t *payload = get_span(&r, len);

		if (!payload)
			break;
		b.now += seconds * DHCP_SECOND;
		happen(&b, (enum happening)(what % HAPPENINGS), payload, len);
	}
	free(b.s);
	free(b.twin);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run(data, size, 0, false);
	run(data, size, 500, false);
	run(data, size, 0, true);
	return 0;
}
