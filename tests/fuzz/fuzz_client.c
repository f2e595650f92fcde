/* SPDX-License-Identifier: MIT */
/*
 * fuzz_client.c - a script of events for one client, with messages of anybody's.
 *
 * The first byte chooses options. Then each event is one byte: a letter (see
 * play()), any other being a command; after the letter of a message a byte of
 * flags, two bytes of length and the payload. So that a fuzzer need not guess
 * 32 random bits, MSG_FIX puts our xid and MAC address into what was decoded.
 *
 * After each step the client must be whole: an event that was ignored changed
 * nothing, a deadline never stands still, a lease has an address that a host
 * can have.
 */
#include <string.h>

#include <netlab/dhcp_client.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "dhcp/auth.h"

#define EVENTS_MAX 64		/* of one script */
#define MSG_FIX 0x01		/* our xid and chaddr */
#define MSG_INFORM 0x02		/* with MSG_FIX: the xid of our INFORM */
#define MSG_SIGN 0x04		/* a FORCERENEW: with our nonce, to our address */
#define JUMP 3600		/* seconds that 'j' lets pass */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void check_send(const struct dhcp_send *send)
{
	struct dhcp_message m;

	check(send->len >= DHCP_MIN_LEN && send->len <= DHCP_MIN_MAX_SIZE - 28);
	check(dhcp_message_decode(send->data, send->len, &m, NULL, NULL) == 0);
	check(m.op == DHCP_OP_REQUEST && m.type == send->type);
	check(send->to_mac == (send->dst_ip == IP4_BROADCAST));
	check(send->to_mac || ip4_is_host(send->dst_ip));
}

static void check_config(const struct dhcp_config *cfg)
{
	check(ip4_is_host(cfg->address) && cfg->prefix_len >= 1 && cfg->prefix_len <= 32);
	check(cfg->n_routers <= DHCP_ROUTERS_MAX && cfg->n_dns <= DHCP_DNS_MAX);
	check(cfg->n_routes <= DHCP_ROUTES_MAX);
	check(memchr(cfg->domain, '\0', sizeof(cfg->domain)));
	check(memchr(cfg->host_name, '\0', sizeof(cfg->host_name)));
	check(!strpbrk(cfg->domain, ";$`/\n\"'|&<>()"));
	check(!strpbrk(cfg->host_name, " ;$`/\n\"'|&<>()"));
}

static void check_actions(const struct dhcp_actions *out)
{
	check(out->n <= DHCP_ACTIONS_MAX);
	for (unsigned int i = 0; i < out->n; i++) {
		const struct dhcp_action *a = &out->action[i];

		switch (a->type) {
		case DHCP_ACTION_SEND:
			check_send(&a->send);
			break;
		case DHCP_ACTION_CONFIGURE:
		case DHCP_ACTION_DECONFIGURE:
			check_config(&a->config);
			break;
		case DHCP_ACTION_PROBE:
			check(ip4_is_host(a->probe));
			break;
		case DHCP_ACTION_ANNOUNCE:
			check(ip4_is_host(a->announce));
			break;
		case DHCP_ACTION_COMMIT:	/* a server's */
			check(false);
			break;
		case DHCP_ACTION_NOTE:
			check(a->note.reason.why && a->note.reason.rfc);
			break;
		}
	}
}

static void check_client(const struct dhcp_client *c)
{
	if (c->state == DHCP_CLIENT_STOPPED)
		check(c->deadline == DHCP_NEVER && !c->lease.address);
	if (!c->configured)
		return;
	check(c->t1 <= c->t2 && c->t2 <= c->expires);
	check(c->deadline <= c->expires);
	check(!c->probing);
}

static void step(struct dhcp_client *c, const struct dhcp_event *ev)
{
	struct dhcp_client before = *c;
	struct dhcp_actions out;
	int r = dhcp_client_step(c, ev, &out);

	check(r == 0 || r == 1);
	check(out.reason.why[0] && out.reason.rfc[0]);
	check(out.from == before.state && out.to == c->state);
	if (!r)
		check(!out.n && memcmp(&before, c, sizeof(before)) == 0);
	check_actions(&out);
	check_client(c);
}

static void receive(struct dhcp_client *c, uint64_t now, struct reader *script)
{
	uint8_t flags = get_u8(script);
	size_t len = min_u64(get_be16(script), reader_left(script));
	const uint8_t *payload = get_span(script, len);
	uint8_t bytes[DHCP_MESSAGE_MAX];
	struct dhcp_message m;

	len = min_u64(len, sizeof(bytes));
	if (payload)
		memcpy(bytes, payload, len);
	if (payload && (flags & MSG_SIGN))
		(void)auth_sign(bytes, len, c->nonce);
	if (!payload || dhcp_message_decode(bytes, len, &m, NULL, NULL) < 0)
		return;
	if (flags & MSG_FIX) {
		m.xid = flags & MSG_INFORM ? c->inform_xid : c->xid;
		memcpy(m.chaddr, c->opt.mac, sizeof(c->opt.mac));
	}
	step(c, &(struct dhcp_event){
		.type = DHCP_EVENT_RX,
		.now = now,
		.rx = {
			.msg = &m, .payload = bytes,
			.dst_ip = flags & MSG_SIGN ? c->lease.address : IP4_BROADCAST,
			.src_port = DHCP_SERVER_PORT, .dst_port = DHCP_CLIENT_PORT,
		},
	});
}

static void order(struct dhcp_client *c, uint64_t now, enum dhcp_command command)
{
	step(c, &(struct dhcp_event){ DHCP_EVENT_COMMAND, now, .command = command });
}

static void plain(struct dhcp_client *c, uint64_t now, enum dhcp_event_type type)
{
	step(c, &(struct dhcp_event){ type, now, .conflict = c->lease.address });
}

/* The letters are those of the unit tests; m is a message, j lets an hour pass. */
static void play(struct dhcp_client *c, uint8_t letter, uint64_t *now, struct reader *script)
{
	switch (letter) {
	case 's':
		plain(c, *now, DHCP_EVENT_START);
		break;
	case 'm':
		receive(c, *now, script);
		break;
	case 'd':
		if (c->deadline != DHCP_NEVER)
			*now = max_u64(*now, c->deadline);
		plain(c, *now, DHCP_EVENT_DEADLINE);
		break;
	case 'j':
		*now += JUMP * DHCP_SECOND;
		break;
	case 'c':
		plain(c, *now, DHCP_EVENT_CONFLICT);
		break;
	case 't':
		plain(c, *now, DHCP_EVENT_STOP);
		break;
	default:
		order(c, *now, letter % (DHCP_COMMAND_LINK_UP + 1));
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dhcp_client_options opt = { .mac = { 2, 0, 0, 0, 0, 1 }, .seed = 1 };
	struct dhcp_client c;
	struct reader script;
	uint64_t now = 0;
	uint8_t how;

	reader_init(&script, data, size);
	how = get_u8(&script);
	opt.conflict_probes = how & 3;
	opt.release_on_stop = how & 4;
	opt.reboot_address = how & 8 ? 0x0a000069 : 0;
	opt.init_delay = how & 16 ? 10 * DHCP_SECOND : 0;
	opt.force_renew = opt.rapid_commit = how & 32;
	opt.fqdn = how & 64 ? DHCP_FQDN_SERVER : DHCP_FQDN_NO;
	opt.collect = how & 128 ? 2 * DHCP_SECOND : 0;
	memcpy(opt.host_name, "a.b", 4);
	check(dhcp_client_init(&c, &opt) == 0);

	for (int i = 0; i < EVENTS_MAX && reader_left(&script); i++)
		play(&c, get_u8(&script), &now, &script);
	return 0;
}
