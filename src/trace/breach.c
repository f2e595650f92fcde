/* SPDX-License-Identifier: MIT */
/* breach.c - what was said before: the memory that rules about exchanges need. */
#include "trace/breach.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "trace/breach_rules.h"

#define SLOTS 8192		/* clients that are remembered; a newer one takes an older one's */
#define SEEN_TWICE_US 50000	/* the same bytes again within this: one message, seen twice */

struct breach_watch {
	struct breach_client *slot[SLOTS];
};

static const struct breach_table *const tables[] = {
	&breach_form_rules, &breach_client_rules, &breach_server_rules,
};

const char *breach_level_name(enum breach_level l)
{
	switch (l) {
	case BREACH_MUST:
		return "MUST";
	case BREACH_SHOULD:
		return "SHOULD";
	case BREACH_TEXT:
		return "RFC";
	}
	return "";
}

const struct breach_rule *breach_rule(size_t i)
{
	for (size_t k = 0; k < ARRAY_SIZE(tables); k++) {
		if (i < tables[k]->n)
			return &tables[k]->row[i].rule;
		i -= tables[k]->n;
	}
	return NULL;
}

struct breach_watch *breach_watch_new(void)
{
	return calloc(1, sizeof(struct breach_watch));
}

struct breach_watch *breach_watch_free(struct breach_watch *w)
{
	if (!w)
		return NULL;
	for (size_t i = 0; i < SLOTS; i++)
		free(w->slot[i]);
	free(w);
	return NULL;
}

/* FNV-1a */
static uint64_t hash(uint64_t h, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3ull;
	return h;
}

static uint64_t hash_packet(const struct trace_packet *p)
{
	const struct frame *f = &p->link.frame;
	uint64_t h = hash(0xcbf29ce484222325ull, f->payload, p->msg.size);

	h = hash(h, &f->dst_ip, sizeof(f->dst_ip));
	return hash(h, &f->dst_port, sizeof(f->dst_port));
}

static struct breach_client *find_client(struct breach_watch *w, const uint8_t chaddr[16])
{
	struct breach_client **slot = &w->slot[hash(0xcbf29ce484222325ull, chaddr, 16) % SLOTS];

	if (!*slot)
		*slot = calloc(1, sizeof(**slot));
	else if (memcmp((*slot)->chaddr, chaddr, 16) != 0)
		memset(*slot, 0, sizeof(**slot));
	if (*slot)
		memcpy((*slot)->chaddr, chaddr, 16);
	return *slot;
}

void breach_say(const struct breach_case *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->detail, BREACH_DETAIL_LEN, fmt, ap);
	va_end(ap);
}

uint32_t breach_address(const struct dhcp_message *m, uint8_t code)
{
	uint32_t address = 0;

	(void)dhcp_message_get_u32(m, code, &address);
	return address;
}

bool breach_same_value(const struct breach_value *v, const struct dhcp_message *m, uint8_t code)
{
	size_t len;
	const uint8_t *value = dhcp_message_get(m, code, &len);

	if (!value || !v->has)
		return !value && !v->has;
	return v->too_long || (len == v->len && memcmp(value, v->data, len) == 0);
}

static void remember_value(struct breach_value *v, const struct dhcp_message *m, uint8_t code)
{
	size_t len = 0;
	const uint8_t *value = dhcp_message_get(m, code, &len);

	v->has = value != NULL;
	v->too_long = len > sizeof(v->data);
	v->len = v->too_long ? 0 : (uint8_t)len;
	if (v->len)
		memcpy(v->data, value, v->len);
}

/* Is the message one more transmission of @r? */
static bool repeats(const struct breach_request *r, const struct dhcp_message *m)
{
	return r->seen && r->xid == m->xid && r->type == m->type && r->ciaddr == m->ciaddr &&
	       !r->answered;
}

static void remember_request(struct breach_request *r, const struct breach_case *c)
{
	const struct dhcp_message *m = c->m;
	bool again = repeats(r, m);
	uint16_t max_size = 0;

	(void)dhcp_message_get_u16(m, DHCP_OPT_MAX_SIZE, &max_size);
	r->times = again ? r->times + 1 : 1;
	r->secs_first = again ? r->secs_first : m->secs;
	r->seen = true;
	r->answered = false;
	r->t = c->t;
	r->xid = m->xid;
	r->type = m->type;
	r->secs = m->secs;
	r->broadcast = m->flags & DHCP_FLAG_BROADCAST;
	r->rapid_commit = dhcp_message_has(m, DHCP_OPT_RAPID_COMMIT);
	r->ciaddr = m->ciaddr;
	r->giaddr = m->giaddr;
	r->server_id = breach_address(m, DHCP_OPT_SERVER_ID);
	r->requested = breach_address(m, DHCP_OPT_REQUESTED_ADDRESS);
	r->max_size = max_size;
	remember_value(&r->client_id, m, DHCP_OPT_CLIENT_ID);
	remember_value(&r->list, m, DHCP_OPT_PARAMETER_LIST);
	remember_value(&r->relay_info, m, DHCP_OPT_RELAY_INFO);
}

static struct breach_request *request_of(struct breach_client *c, const struct dhcp_message *m)
{
	bool relayed = m->giaddr != 0;

	return m->type == DHCP_DISCOVER ? &c->discover[relayed] : &c->request[relayed];
}

/* The request with this xid that came the same way; an OFFER answers only a DISCOVER. */
static struct breach_request *answered_by(struct breach_client *c, const struct dhcp_message *m)
{
	bool relayed = m->giaddr != 0;
	struct breach_request *request = &c->request[relayed], *discover = &c->discover[relayed];
	bool to_discover = m->type == DHCP_OFFER || dhcp_message_has(m, DHCP_OPT_RAPID_COMMIT);

	if (!to_discover && request->seen && request->xid == m->xid)
		return request;
	if (discover->seen && discover->xid == m->xid)
		return discover;
	return NULL;
}

static void remember_reply(struct breach_client *c, const struct breach_case *k)
{
	const struct dhcp_message *m = k->m;
	struct breach_request *answers = answered_by(c, m);

	if (answers && m->type != DHCP_OFFER)
		answers->answered = true;
	if (m->type == DHCP_OFFER)
		c->offer[c->n_offers++ % BREACH_OFFERS] = (struct breach_offer){
			.server_id = breach_address(m, DHCP_OPT_SERVER_ID),
			.address = m->yiaddr, .xid = m->xid, .t = k->t,
		};
	if (m->type == DHCP_ACK && m->yiaddr != 0) {
		c->leased = true;
		c->leased_xid = m->xid;
	}
}

static void judge(struct breach_case *c, struct breaches *ret)
{
	for (size_t k = 0; k < ARRAY_SIZE(tables); k++) {
		for (size_t i = 0; i < tables[k]->n && ret->n < BREACHES_MAX; i++) {
			struct breach *b = &ret->breach[ret->n];

			b->detail[0] = '\0';
			c->detail = b->detail;
			if (!tables[k]->row[i].broken(c))
				continue;
			b->rule = &tables[k]->row[i].rule;
			ret->n++;
		}
	}
}

static bool is_seen_twice(struct breach_client *c, const struct trace_packet *p, uint64_t t)
{
	uint64_t h = hash_packet(p);
	bool twice = c->last_hash == h && t - c->last_t < SEEN_TWICE_US;

	c->last_hash = h;
	c->last_t = t;
	return twice;
}

int breach_watch_packet(struct breach_watch *w, uint64_t t, const struct trace_packet *p,
			struct breaches *ret)
{
	struct breach_client *client = find_client(w, p->msg.chaddr);
	struct breach_case c = {
		.p = p, .m = &p->msg, .bytes = p->link.frame.payload, .t = t, .c = client,
		.relayed = p->msg.giaddr != 0,
	};
	bool is_reply = p->msg.op == DHCP_OP_REPLY;

	ret->n = 0;
	if (!client)
		return -ENOMEM;
	/* BOOTP has rules of its own, of which none is here. */
	if (p->msg.type == DHCP_NO_TYPE || is_seen_twice(client, p, t))
		return 0;

	if (is_reply)
		c.answers = answered_by(client, c.m);
	else if (repeats(request_of(client, c.m), c.m))
		c.before = request_of(client, c.m);
	judge(&c, ret);

	if (is_reply)
		remember_reply(client, &c);
	else
		remember_request(request_of(client, c.m), &c);
	return 0;
}
