/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/prng.h"
#include "base/text.h"
#include "scenario/array.h"
#include "scenario/multiply.h"

#define TAILS (1u << 24)	/* MAC addresses with netlab's prefix */

/* The MAC addresses that are taken: a bit for each of those with netlab's prefix. */
struct tails {
	uint8_t *bit;
};

static void tails_done(struct tails *t)
{
	free(t->bit);
}

static bool take(struct tails *t, uint32_t tail)
{
	bool is_new = !(t->bit[tail / 8] & 1u << tail % 8);

	t->bit[tail / 8] |= (uint8_t)(1u << tail % 8);
	return is_new;
}

static uint32_t tail_of(const uint8_t mac[static 6])
{
	return (uint32_t)mac[3] << 16 | (uint32_t)mac[4] << 8 | mac[5];
}

static int tails_init(struct tails *t, const struct scenario *s)
{
	t->bit = calloc(TAILS / 8, 1);
	if (!t->bit)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_ifaces; i++)
		take(t, tail_of(s->ifaces[i].mac));
	return 0;
}

/* From the seed and the name, as the scenario's own; the next free one where two fall together. */
static void give_mac(struct tails *t, const struct scenario *s, struct scn_iface *iface)
{
	uint32_t tail = (uint32_t)prng_derive(s->seed, iface->label) % TAILS;

	while (!take(t, tail))
		tail = (tail + 1) % TAILS;
	memcpy(iface->mac, (const uint8_t[]){ 0x02, 0x4e, 0x4c }, 3);
	iface->mac[3] = (uint8_t)(tail >> 16);
	iface->mac[4] = (uint8_t)(tail >> 8);
	iface->mac[5] = (uint8_t)tail;
}

static int room_for(void *array, size_t n, size_t size)
{
	void **elements = array, *grown = reallocarray(*elements, n, size);

	if (!grown)
		return -ENOMEM;
	*elements = grown;
	return 0;
}

/* For @more clients, and for a switch in the cable of the first, all at once. */
static int make_room(struct scenario *s, size_t more)
{
	if (room_for(&s->nodes, s->n_nodes + more + 1, sizeof(*s->nodes)) < 0 ||
	    room_for(&s->ifaces, s->n_ifaces + 2 * more + 2, sizeof(*s->ifaces)) < 0 ||
	    room_for(&s->cables, s->n_cables + more + 1, sizeof(*s->cables)) < 0)
		return -ENOMEM;
	return 0;
}

static void add_node(struct scenario *s, enum scn_node_kind kind, const char *name)
{
	struct scn_node *n = &s->nodes[s->n_nodes++];

	*n = (struct scn_node){ .kind = kind };	/* no lab: no name of a namespace */
	str_copy(n->name, sizeof(n->name), name);
}

/* @a, @between, @b; a million times, so without printf(). False: it is too long. */
static bool join(char *ret, size_t size, const char *a, char between, const char *b)
{
	size_t len = strlen(a), b_len = strlen(b);

	if (len + 1 + b_len >= size)
		return false;
	memcpy(ret, a, len);
	ret[len] = between;
	memcpy(ret + len + 1, b, b_len + 1);
	return true;
}

#define NUMBER_LEN 21

/* Returns where in @buf it begins. */
static const char *decimal(size_t number, char buf[static NUMBER_LEN])
{
	char *p = buf + NUMBER_LEN - 1;

	*p = '\0';
	do
		*--p = (char)('0' + number % 10);
	while (number /= 10);
	return p;
}

/* An interface without address or cable, in the list of a node that has room for it. */
static void add_port(struct scenario *s, struct tails *t, size_t node, const char *name)
{
	struct scn_node *n = &s->nodes[node];
	struct scn_iface *i = &s->ifaces[s->n_ifaces];

	n->ifaces[n->n_ifaces++] = s->n_ifaces++;
	*i = (struct scn_iface){ .node = node, .peer = NONE, .cable = NONE };
	str_copy(i->name, sizeof(i->name), name);
	join(i->label, sizeof(i->label), n->name, ':', i->name);
	give_mac(t, s, i);
}

static int add_iface(struct scenario *s, struct tails *t, size_t node, const char *name)
{
	struct scn_node *n = &s->nodes[node];

	if (array_grow(&n->ifaces, n->n_ifaces, sizeof(*n->ifaces)) < 0)
		return -ENOMEM;
	add_port(s, t, node, name);
	return 0;
}

static void connect_at(struct scenario *s, size_t cable, size_t a, size_t b)
{
	s->cables[cable].a = a;
	s->cables[cable].b = b;
	s->ifaces[a].peer = b;
	s->ifaces[b].peer = a;
	s->ifaces[a].cable = s->ifaces[b].cable = cable;
}

static void add_cable(struct scenario *s, size_t a, size_t b)
{
	s->cables[s->n_cables] = (struct scn_cable){ .at = s->ifaces[a].at };
	connect_at(s, s->n_cables++, a, b);
}

/* The switch that the model is on; where it is on none, one that is put into its cable. */
static int find_switch(struct scenario *s, struct tails *t, size_t model, size_t *ret)
{
	size_t peer = s->ifaces[model].peer, cable = s->ifaces[model].cable, node = s->n_nodes;
	const char *name = "switch";
	int r;

	if (s->nodes[s->ifaces[peer].node].kind == SCN_SWITCH) {
		*ret = s->ifaces[peer].node;
		return 0;
	}
	while (scenario_node(s, name) != NONE)
		name = name[0] == 's' ? "clients-switch" : "the-clients-switch";
	add_node(s, SCN_SWITCH, name);
	r = add_iface(s, t, node, "p0");
	if (r == 0)
		r = add_iface(s, t, node, "p1");
	if (r < 0)
		return r;
	connect_at(s, cable, peer, s->n_ifaces - 2);
	add_cable(s, model, s->n_ifaces - 1);
	*ret = node;
	return 0;
}

/*
 * What all copies of the model are told, once. Each is a client of its own: no
 * identifier in common, and its own name. The caller is its first user.
 */
static struct scn_client *make_kind(const struct scn_client *model)
{
	struct scn_client *kind = malloc(sizeof(*kind));

	if (!kind)
		return NULL;
	*kind = *model;
	kind->users = 1;
	kind->client_id_len = 0;
	kind->lease_file[0] = '\0';
	kind->goes_without = false;	/* what is expected of the model is of it alone */
	kind->sends_node_name |= kind->host_name[0] != '\0';
	kind->host_name[0] = '\0';
	return kind;
}

static void kind_done(struct scn_client **kind)
{
	if (*kind && --(*kind)->users == 0)
		free(*kind);
}

/**
 * struct copy - the next client
 * @number: in decimal
 */
struct copy {
	char name[NODE_NAME_MAX];
	const char *number;
};

static int add_client(struct scenario *s, struct tails *t, size_t model, size_t on,
		      const struct copy *c, struct scn_client *kind)
{
	size_t node = s->n_nodes;
	char port[IF_NAME_MAX];
	int r;

	join(port, sizeof(port), "", 'm', c->number);
	add_node(s, SCN_HOST, c->name);
	r = add_iface(s, t, node, s->ifaces[model].name);
	if (r < 0)
		return r;
	add_port(s, t, on, port);
	add_cable(s, s->n_ifaces - 2, s->n_ifaces - 1);
	s->ifaces[s->n_ifaces - 2].client = kind;
	kind->users++;
	return 0;
}

/* Has the file a node of this name? It stands among the first @n. */
static bool is_taken(const struct scenario *s, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(s->nodes[i].name, name))
			return true;

	return false;
}

int scenario_multiply(struct scenario *s, size_t total)
{
	CLEANUP(tails_done) struct tails taken = { 0 };
	CLEANUP(kind_done) struct scn_client *kind = NULL;
	size_t model = NONE, clients = 0, own_nodes = s->n_nodes, on;
	int r;

	for (size_t i = 0; i < s->n_ifaces; i++) {
		if (!s->ifaces[i].client)
			continue;
		clients++;
		model = model == NONE ? i : model;
	}
	if (model == NONE)
		return -ENOENT;
	if (total > CLIENTS_MAX)
		return -ERANGE;
	if (total <= clients)
		return 0;

	kind = make_kind(s->ifaces[model].client);
	r = kind ? tails_init(&taken, s) : -ENOMEM;
	if (r == 0)
		r = make_room(s, total - clients);
	if (r == 0)
		r = find_switch(s, &taken, model, &on);
	if (r == 0)
		r = room_for(&s->nodes[on].ifaces, s->nodes[on].n_ifaces + total - clients,
			     sizeof(size_t));
	for (size_t number = 2; r == 0 && clients < total; number++) {
		char digits[NUMBER_LEN];
		struct copy copy = { .number = decimal(number, digits) };

		if (!join(copy.name, sizeof(copy.name), s->nodes[s->ifaces[model].node].name,
			  '-', copy.number))
			return -ERANGE;
		if (is_taken(s, own_nodes, copy.name))
			continue;
		r = add_client(s, &taken, model, on, &copy, kind);
		clients++;
	}
	return r;
}
