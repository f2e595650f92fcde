/* SPDX-License-Identifier: MIT */
/*
 * fuzz_relay.c - one message for a relay agent of two links.
 *
 * The input is the link that it comes by (1 byte; 0, 1, others: as a unicast),
 * whether it was sent to everyone, to giaddr, or to the first link's address (1
 * byte), and the message.
 */
#include <string.h>

#include <netlab/dhcp_relay.h>

#include "base/bytes.h"
#include "base/util.h"

#define LAN 0x0a010001u
#define TRUSTED 0x0a020001u
#define SERVER 0x0a090002u
#define MAX_SIZE 700
#define IP_UDP_LEN 28
#define HEADER_REST 28	/* behind giaddr */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static struct dhcp_relay_port port(uint32_t address)
{
	return (struct dhcp_relay_port){
		.address = address, .n_targets = 2, .target = { SERVER, SERVER + 1 },
		.circuit_id_len = 4, .circuit_id = "desk", .remote_id_len = 3, .remote_id = "lab",
		.server_id_override = true, .hops_max = 16, .max_size = MAX_SIZE,
	};
}

static struct dhcp_relay small_relay(void)
{
	struct dhcp_relay_options opt = { .n_ports = 2, .n_own = 1, .own = { SERVER - 1 } };
	struct dhcp_relay r;

	opt.port[0] = port(LAN);
	opt.port[1] = port(TRUSTED);
	opt.port[1].giaddr = SERVER - 1;
	opt.port[1].trusted = true;
	opt.port[1].policy = DHCP_RELAY_REPLACE;
	check(dhcp_relay_init(&r, &opt) == 0);
	return r;
}

static void check_request(const struct dhcp_message *in, const struct dhcp_send *s,
			  const struct dhcp_message *out)
{
	check(out->hops == in->hops + 1 && out->giaddr && !s->to_mac);
	check(!in->giaddr || out->giaddr == in->giaddr);
	check(s->dst_port == DHCP_SERVER_PORT && s->dst_ip >= SERVER);
	check(s->len <= max_u64(in->size, MAX_SIZE - IP_UDP_LEN) || s->len == DHCP_MIN_LEN);
}

static void check_reply(const struct dhcp_message *in, const struct dhcp_send *s,
			const struct dhcp_message *out)
{
	check(out->hops == in->hops && out->giaddr == in->giaddr && s->to_mac);
	check(s->dst_port == DHCP_CLIENT_PORT && s->dst_ip && s->port < 2);
	check(s->len <= in->size || s->len == DHCP_MIN_LEN);
}

/* Every option but 82 is there as it was. */
static void check_options(const struct dhcp_message *in, const struct dhcp_message *out)
{
	for (size_t i = 0; i < in->n_fields; i++) {
		const struct dhcp_field *f = &in->fields[i], *g = NULL;

		if (f->code == DHCP_OPT_RELAY_INFO)
			continue;
		for (size_t k = 0; k < out->n_fields; k++)
			if (out->fields[k].code == f->code)
				g = &out->fields[k];
		check(g && g->len == f->len && !memcmp(in->data + f->off, out->data + g->off, g->len));
	}
}

static void check_sent(const uint8_t *payload, const struct dhcp_message *in,
		       const struct dhcp_send *s)
{
	struct dhcp_message out;

	check(dhcp_message_decode(s->data, s->len, &out, NULL, NULL) == 0);
	check(memcmp(payload, s->data, 3) == 0 && out.op == in->op && s->type == in->type);
	check(memcmp(payload + HEADER_REST, s->data + HEADER_REST,
		     DHCP_HEADER_LEN - HEADER_REST) == 0);
	check_options(in, &out);
	if (in->op == DHCP_OP_REQUEST)
		check_request(in, s, &out);
	else
		check_reply(in, s, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint32_t dst[] = { 0xffffffff, 0, LAN };
	struct dhcp_relay r = small_relay(), before = r;
	struct dhcp_event ev = { .type = DHCP_EVENT_RX };
	struct dhcp_actions out;
	struct dhcp_message msg;
	int taken;

	if (size < 2 || dhcp_message_decode(data + 2, size - 2, &msg, NULL, NULL) < 0)
		return 0;

	ev.rx = (struct dhcp_rx){
		.msg = &msg, .payload = data + 2, .dst_ip = dst[data[1] % 3],
		.port = data[0] < 2 ? data[0] : DHCP_RELAY_NO_PORT, .src_ip = msg.ciaddr,
		.src_port = DHCP_CLIENT_PORT, .dst_port = DHCP_SERVER_PORT,
	};
	if (data[1] % 3 == 1)
		ev.rx.dst_ip = msg.giaddr;
	taken = dhcp_relay_step(&r, &ev, &out);
	check(taken == 0 || taken == 1);
	check(out.reason.why[0] && out.reason.rfc[0]);
	check(taken || (!out.n && !memcmp(&before, &r, sizeof(r))));
	check(!taken || out.n == (msg.op == DHCP_OP_REQUEST ? 2u : 1u));
	for (unsigned int i = 0; i < out.n; i++)
		check_sent(data + 2, &msg, &out.action[i].send);
	return 0;
}
