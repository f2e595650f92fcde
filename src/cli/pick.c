/* SPDX-License-Identifier: MIT */
#include "cli/pick.h"

#include <string.h>

#include "trace/option_value.h"
#include "trace/view_parts.h"

#define OPT_NODE 0x100
#define OPT_KIND 0x101
#define OPT_MESSAGE 0x102

static uint64_t kind_bit(const char *word, struct argp_state *state)
{
	int kind = trace_kind_parse(word);

	if (kind < 0)
		argp_error(state, "--kind is message, state, drop, address, route, fault or lab, "
			   "not \"%s\"", word);
	return 1ull << kind;
}

static uint64_t message_bit(const char *word, struct argp_state *state)
{
	int type = message_type_parse(word);

	if (type < 0 || type > DHCP_TYPE_MAX)
		argp_error(state, "--message is DISCOVER, OFFER, REQUEST, ACK, NAK ..., "
			   "not \"%s\"", word);
	return 1ull << type;
}

/* Words with commas between them, each of them a bit. */
static uint64_t read_bits(char *arg, uint64_t (*bit)(const char *, struct argp_state *),
			  struct argp_state *state)
{
	uint64_t bits = 0;

	for (char *word; (word = strsep(&arg, ","));)
		bits |= bit(word, state);
	return bits;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct pick *p = state->input;

	switch (key) {
	case OPT_NODE:
		p->node = arg;
		return 0;
	case OPT_KIND:
		p->kinds |= (uint32_t)read_bits(arg, kind_bit, state);
		return 0;
	case OPT_MESSAGE:
		p->messages |= read_bits(arg, message_bit, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "node", OPT_NODE, "NODE[:IF]", 0,
	  "only what this node sent, got or did; a MAC address where there are no nodes", 0 },
	{ "kind", OPT_KIND, "KIND,...", 0,
	  "only events of these kinds: message, state, drop, address, route, fault, lab", 0 },
	{ "message", OPT_MESSAGE, "TYPE,...", 0, "only these messages: DISCOVER, OFFER, ...", 0 },
	{ 0 },
};

const struct argp pick_argp = { .options = options, .parser = parse };

static bool is_of_node(const char *node, const char *place)
{
	size_t len = strlen(node);

	return strcasecmp(place, node) == 0 ||
	       (len == view_node_len(place) && memcmp(place, node, len) == 0);
}

/* A reply may be a broadcast: it is the client's all the same. */
static bool is_of_client(const char *node, const struct trace_message *m)
{
	char buf[MAC_LEN];

	return m->htype && strcasecmp(node, mac_format(m->chaddr, buf)) == 0;
}

bool pick_wants(const struct pick *p, const struct trace_event *e)
{
	bool is_message = e->kind == TRACE_MESSAGE;
	uint8_t type = is_message ? e->msg.type : e->message;

	if (p->kinds && !(p->kinds & 1u << e->kind))
		return false;
	if (p->messages && ((!is_message && e->kind != TRACE_DROP) || type > DHCP_TYPE_MAX ||
			    !(p->messages & 1ull << type)))
		return false;
	if (!p->node)
		return true;
	if (!is_message)
		return is_of_node(p->node, e->at);
	return is_of_node(p->node, e->msg.from) || is_of_node(p->node, e->msg.to) ||
	       is_of_client(p->node, &e->msg);
}
