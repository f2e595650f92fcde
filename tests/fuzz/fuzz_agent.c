/* SPDX-License-Identifier: MIT */
/*
 * fuzz_agent.c - one message of an agent that is somebody else's by now.
 *
 * The input is what kind of message it begins as (1 byte), how many bytes are
 * missing at its end (2 bytes; over 32767: so many too many), and changes: where (2
 * bytes), and the byte that stands there then.
 */
#include <errno.h>

#include "base/util.h"
#include "lab/agent_message.h"
#include "example_scenario.h"
#include "trace/safe_text.h"

#define HEAD 3
#define CHANGE 3
#define HALF 32768

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void check_config(const struct scenario *s, const struct agent_message *m)
{
	const struct dhcp_config *c = &m->config;

	check(ip4_is_host(c->address) && c->prefix_len >= 1 && c->prefix_len <= 32);
	check(c->n_routers <= DHCP_ROUTERS_MAX && c->n_dns <= DHCP_DNS_MAX);
	check(c->n_routes <= DHCP_ROUTES_MAX && strnlen(c->domain, 128) < 128);
	for (size_t i = 0; i < c->n_routes; i++)
		check(c->routes[i].prefix_len <= 32);
	if (m->link_local) {
		check(s->ifaces[m->iface].client->link_local != SCN_LINK_LOCAL_NO);
		check(c->address >> 16 == 0xa9fe && c->n_dns == 0 && c->n_routes == 0);
	}
}

static void check_message(const struct scenario *s, const struct agent_message *m)
{
	cleanup_text struct text safe = { 0 };
	struct error err = { 0 };
	int r;

	/* It is printed. */
	safe_text_add(&safe, m->error.text, strlen(m->error.text));
	check(!strcmp(safe.str ? safe.str : "", m->error.text));
	check(m->error.code <= 0 && m->error.code > -4096);

	r = agent_message_check(s, m, &err);
	check(r == 0 || r == -EPERM || r == -EINVAL);
	check(r == err.code && !err.text[0] == !r);
	if (r < 0)
		return;
	check(m->iface < s->n_ifaces && s->ifaces[m->iface].client);
	if (m->type == AGENT_CONFIGURE)
		check_config(s, m);
	if (m->type == AGENT_EVENT)
		check(m->count == 0 && m->iface == s->events[0].iface);
}

static size_t length_of(const uint8_t *data, size_t size)
{
	unsigned int cut = data[1] << 8 | data[2];

	return cut < HALF ? size - min_u64(cut, size) : size + cut - HALF;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct scenario *s = example_scenario();
	struct agent_message base = { .seconds = 3600, .iface = 2 }, m;
	cleanup_free uint8_t *bytes = NULL;
	const char *text = NULL;
	size_t len;

	if (size < HEAD)
		return 0;
	base.type = (enum agent_message_type)data[0];
	base.config.address = 0x0a000005;
	base.config.prefix_len = 24;
	len = length_of(data, sizeof(base));
	bytes = calloc(1, len + 1);
	check(bytes);
	memcpy(bytes, &base, min_u64(len, sizeof(base)));
	for (size_t i = HEAD; i + CHANGE <= size; i += CHANGE)
		if ((data[i] << 8 | data[i + 1]) < (int)len)
			bytes[data[i] << 8 | data[i + 1]] = data[i + 2];

	if (agent_message_read(bytes, len, &m, &text) < 0)
		return 0;
	check(len >= sizeof(m) && text == (char *)bytes + sizeof(m));
	check(m.text_len <= len - sizeof(m));
	check_message(s, &m);
	return 0;
}
