/* SPDX-License-Identifier: MIT */
/* step.c - the words of stepping, and the queue of what is held. */
#include "node/step.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_LEN 1024
#define POS_MAX 9999

const char step_help[] =
	"  Enter, n [N]        let it go (the N-th of several); if nothing is held, time goes\n"
	"                      on to the next message\n"
	"  d [N]               drop it\n"
	"  c [N]               copy it: it is sent twice\n"
	"  y TIME [N]          delay it by TIME of lab time: y 5s\n"
	"  e FIELD VALUE       edit it: e yiaddr 10.0.0.99, e xid 0x1234, e secs 7\n"
	"  e option CODE VALUE e option lease-time 60, e option 6 8.8.8.8, e option router -\n"
	"  s [N]               show it: every field, why, and the bytes\n"
	"  r [ACK|NODE=BOUND]  run on until such a message is held, until a client is in that\n"
	"                      state; without a word: until nothing is held\n"
	"  b                   back: undo the last step\n"
	"  q                   quit: all that is held goes, and lab time goes on\n";

/* What may follow the word of a command. */
enum argument {
	ARG_NONE,
	ARG_POS,
	ARG_DELAY,
	ARG_EDIT,
	ARG_UNTIL,
};

static const struct word {
	const char *letter, *name;
	enum step_op op;
	enum argument argument;
} words[] = {
	{ "n", "next", STEP_NEXT, ARG_POS },	{ "d", "drop", STEP_DROP, ARG_POS },
	{ "c", "copy", STEP_COPY, ARG_POS },	{ "y", "delay", STEP_DELAY, ARG_DELAY },
	{ "e", "edit", STEP_EDIT, ARG_EDIT },	{ "s", "show", STEP_SHOW, ARG_POS },
	{ "r", "run", STEP_RUN, ARG_UNTIL },	{ "b", "back", STEP_BACK, ARG_NONE },
	{ "q", "quit", STEP_QUIT, ARG_NONE },	{ "h", "help", STEP_HELP, ARG_NONE },
	{ "?", "help", STEP_HELP, ARG_NONE },	{ "hold", "hold", STEP_HOLD, ARG_NONE },
};

static const struct word *find_word(const char *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(s, words[i].letter) == 0 || strcmp(s, words[i].name) == 0)
			return &words[i];
	return NULL;
}

static int unknown_word(const char *s, struct error *err)
{
	const char *names[ARRAY_SIZE(words)], *near;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		names[i] = words[i].name;
	near = nearest(s, names, ARRAY_SIZE(names));
	if (near)
		return error_set(err, -EINVAL, "no \"%s\"; did you mean \"%s\"? (h: help)", s,
				 near);
	return error_set(err, -EINVAL, "no \"%s\"; Enter, n, d, c, y, e, s, r, b, q (h: help)", s);
}

static char *skip_blanks(char *p)
{
	return p + strspn(p, " \t");
}

/* Cuts the first word off; what follows it. */
static char *cut_word(char *p)
{
	p += strcspn(p, " \t");
	if (*p)
		*p++ = '\0';
	return skip_blanks(p);
}

static int parse_pos(const char *s, uint32_t *ret, struct error *err)
{
	uint32_t pos = 0;

	*ret = 1;
	if (!s[0])
		return 0;
	for (const char *p = s; *p; p++) {
		if (*p < '0' || *p > '9' || pos > POS_MAX)
			return error_set(err, -EINVAL, "\"%s\" is not the number of a message", s);
		pos = 10 * pos + (uint32_t)(*p - '0');
	}
	if (pos == 0)
		return error_set(err, -EINVAL, "the first message is number 1");
	*ret = pos;
	return 0;
}

static int parse_delay(char *s, struct step_command *ret, struct error *err)
{
	char *pos = cut_word(s);

	if (!s[0])
		return error_set(err, -EINVAL, "delay by how much? y 5s");
	if (duration_parse(s, &ret->us) < 0 || ret->us == 0 || ret->us > SCN_DELAY_MAX)
		return error_set(err, -EINVAL, "\"%s\" is not a time to delay by: 5s, 200ms", s);
	return parse_pos(pos, &ret->pos, err);
}

int step_parse_until(const char *word, struct step_until *ret, struct error *err)
{
	const char *equals = strchr(word, '=');
	struct step_until u = { 0 };
	int type;

	if (!equals) {
		type = dhcp_type_by_name(word);
		if (type <= 0)
			return error_set(err, -EINVAL,
					 "until what? A message (ACK) or NODE=STATE "
					 "(host=BOUND), not \"%s\"", word);
		u.type = (uint8_t)type;
		*ret = u;
		return 0;
	}
	for (int s = 0; s < DHCP_CLIENT_STATES; s++)
		if (strcasecmp(equals + 1, dhcp_client_state_name(s)) == 0)
			str_copy(u.state, sizeof(u.state), dhcp_client_state_name(s));
	if (!u.state[0])
		return error_set(err, -EINVAL, "no client is ever \"%s\" (explain client)",
				 equals + 1);
	if (equals == word || (size_t)(equals - word) >= sizeof(u.place))
		return error_set(err, -EINVAL, "whose state? host=%s", u.state);
	memcpy(u.place, word, (size_t)(equals - word));
	*ret = u;
	return 0;
}

bool step_until_state(const struct step_until *u, const char *place, const char *state)
{
	size_t len = strlen(u->place);

	return len > 0 && strncmp(place, u->place, len) == 0 &&
	       (place[len] == '\0' || place[len] == ':') && strcmp(state, u->state) == 0;
}

static int parse_argument(const struct word *w, char *rest, struct step_command *ret,
			  struct error *err)
{
	switch (w->argument) {
	case ARG_NONE:
		if (rest[0])
			return error_set(err, -EINVAL, "what is \"%s\" after %s?", rest, w->name);
		return 0;
	case ARG_POS:
		return parse_pos(rest, &ret->pos, err);
	case ARG_DELAY:
		return parse_delay(rest, ret, err);
	case ARG_EDIT:
		return step_parse_edit(rest, &ret->edit, err);
	case ARG_UNTIL:
		return rest[0] ? step_parse_until(rest, &ret->until, err) : 0;
	}
	return 0;
}

int step_parse(const char *line, struct step_command *ret, struct error *err)
{
	struct step_command c = { .op = STEP_NEXT, .pos = 1 };
	const struct word *w;
	char copy[LINE_MAX_LEN], *first, *rest;
	size_t len;
	int r;

	if (!str_copy(copy, sizeof(copy), line))
		return error_set(err, -EINVAL, "the line is too long");
	first = skip_blanks(copy);
	for (len = strlen(first); len > 0 && strchr(" \t\r", first[len - 1]);)
		first[--len] = '\0';
	if (!first[0]) {
		*ret = c;
		return 0;
	}
	rest = cut_word(first);
	w = find_word(first);
	if (!w)
		return unknown_word(first, err);
	c.op = w->op;
	r = parse_argument(w, rest, &c, err);
	if (r == 0)
		*ret = c;
	return r;
}

static int make_room(struct step_queue *q)
{
	size_t size = q->size ? 2 * q->size : 4;
	struct step_held *more;

	if (q->n < q->size)
		return 0;
	more = realloc(q->held, size * sizeof(*more));
	if (!more)
		return -ENOMEM;
	q->held = more;
	q->size = size;
	return 0;
}

int step_queue_add(struct step_queue *q, size_t iface, const struct dhcp_send *s)
{
	int r = make_room(q);

	if (r < 0)
		return r;
	q->held[q->n].iface = iface;
	q->held[q->n].due = 0;
	q->held[q->n++].send = *s;
	return 0;
}

size_t step_queue_count(const struct step_queue *q)
{
	size_t count = 0;

	for (size_t i = 0; i < q->n; i++)
		count += q->held[i].due == 0;
	return count;
}

struct step_held *step_queue_at(const struct step_queue *q, size_t pos)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->held[i].due == 0 && --pos == 0)
			return &q->held[i];
	return NULL;
}

static void cut(struct step_queue *q, const struct step_held *h)
{
	size_t i = (size_t)(h - q->held);

	memmove(&q->held[i], &q->held[i + 1], (q->n - i - 1) * sizeof(*h));
	q->n--;
}

int step_queue_take(struct step_queue *q, size_t pos, struct step_held *ret)
{
	const struct step_held *h = step_queue_at(q, pos);

	if (!h)
		return -ENOENT;
	*ret = *h;
	cut(q, h);
	return 0;
}

static int add_double(struct step_queue *q, size_t pos)
{
	const struct step_held *h;
	size_t i;
	int r = make_room(q);

	h = step_queue_at(q, pos);
	if (r < 0 || !h)
		return r < 0 ? r : -ENOENT;
	i = (size_t)(h - q->held);
	memmove(&q->held[i + 1], &q->held[i], (q->n - i) * sizeof(*h));
	q->n++;
	return 0;
}

static int put_off(struct step_queue *q, size_t pos, uint64_t due)
{
	struct step_held h;
	int r = step_queue_take(q, pos, &h);

	if (r < 0)
		return r;
	h.due = due;
	q->held[q->n++] = h;	/* there is room: its own */
	return 0;
}

int step_queue_apply(struct step_queue *q, const struct step_command *c, uint64_t now)
{
	struct step_held *h = step_queue_at(q, c->pos);

	if (!h)
		return -ENOENT;
	if (c->op == STEP_DROP)
		cut(q, h);
	if (c->op == STEP_COPY)
		return add_double(q, c->pos);
	if (c->op == STEP_DELAY)
		return put_off(q, c->pos, now + c->us);
	return c->op == STEP_EDIT ? step_edit(&c->edit, &h->send) : 0;
}

uint64_t step_queue_due(const struct step_queue *q)
{
	uint64_t due = DHCP_NEVER;

	for (size_t i = 0; i < q->n; i++)
		if (q->held[i].due)
			due = min_u64(due, q->held[i].due);
	return due;
}

void step_queue_wake(struct step_queue *q, uint64_t now)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->held[i].due <= now)
			q->held[i].due = 0;
}

int step_queue_copy(const struct step_queue *q, struct step_queue *ret)
{
	struct step_queue copy = { .n = q->n, .size = q->n };

	if (q->n) {
		copy.held = calloc(q->n, sizeof(*copy.held));
		if (!copy.held)
			return -ENOMEM;
		memcpy(copy.held, q->held, q->n * sizeof(*copy.held));
	}
	*ret = copy;
	return 0;
}

void step_queue_done(struct step_queue *q)
{
	free(q->held);
	*q = (struct step_queue){ 0 };
}

bool step_can_be_undone(enum step_op op)
{
	return op >= STEP_NEXT && op <= STEP_EDIT;
}

int step_check(const struct step_queue *q, const struct step_command *c, size_t n_past,
	       struct error *err)
{
	size_t held = step_queue_count(q);

	if (c->op == STEP_BACK && n_past == 0)
		return error_set(err, -ENOENT, "there is no step further back");
	if (!step_can_be_undone(c->op) || (held == 0 && c->op == STEP_NEXT && c->pos == 1))
		return 0;
	if (held == 0)
		return error_set(err, -ENOENT, "no message is held: Enter lets time go on to the "
				 "next one");
	if (c->pos > held)
		return error_set(err, -ENOENT, "there is no message %u: %zu %s held", c->pos, held,
				 held == 1 ? "is" : "are");
	return 0;
}

void step_describe(const struct step_command *c, uint8_t type, char ret[static STEP_TEXT_MAX])
{
	static const char *const done[] = {
		[STEP_DROP] = "DROPPED",
		[STEP_COPY] = "DOUBLED",
	};
	const char *name = dhcp_type_name(type);
	char by[DURATION_LEN];

	if (c->op == STEP_DELAY)
		snprintf(ret, STEP_TEXT_MAX, "%s DELAYED BY HAND: %s", name,
			 duration_format(c->us, by));
	else if (c->op == STEP_EDIT)
		snprintf(ret, STEP_TEXT_MAX, "%s EDITED BY HAND: %s", name, c->edit.words);
	else
		snprintf(ret, STEP_TEXT_MAX, "%s %s BY HAND", name, done[c->op]);
}

bool step_make_lasting(const struct scenario *s, struct dhcp_send *send)
{
	if (send->type != DHCP_RELEASE || send->to_mac)
		return true;
	for (size_t i = 0; i < s->n_ifaces; i++) {
		const struct scn_iface *to = &s->ifaces[i];

		for (size_t k = 0; k < to->n_addresses; k++) {
			if (to->addresses[k].address != send->dst_ip ||
			    !ip4_in_prefix(send->src_ip, send->dst_ip, to->addresses[k].prefix_len))
				continue;
			memcpy(send->dst_mac, to->mac, sizeof(send->dst_mac));
			send->to_mac = true;
			return true;
		}
	}
	return false;
}
