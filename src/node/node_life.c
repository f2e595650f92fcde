/* SPDX-License-Identifier: MIT */
/*
 * node_life.c - ends and beginnings. What a server has committed is lines of a
 * journal, which its owner keeps for it; a new life begins with reading them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcp/journal.h"
#include "node/machine.h"

#define SENTENCE 200

static void end_server(struct node *n)
{
	dhcp_server_forget(n->server);
	n->off = true;
}

/* What the host of a client loses when its power does. */
static void end_client(struct node *n, uint64_t now)
{
	struct dhcp_client_options opt = n->client.opt;
	struct dhcp_client old = n->client;
	struct dhcp_actions out = {
		.n = old.configured,
		.action = { { .type = DHCP_ACTION_DECONFIGURE, .config = old.lease } },
		.reason = { "it has crashed, and knows nothing any more", NULL },
		.from = (uint8_t)old.state,
	};

	link_local_stop(n, now);
	opt.seed = old.prng;	/* its next life draws other numbers */
	(void)dhcp_client_init(&n->client, &opt);	/* they were good enough before */
	n->off = true;
	out.to = (uint8_t)n->client.state;
	machine_act(n, now, &out);
}

int node_crash(struct node *n, uint64_t now)
{
	/* A relay agent is one program with a machine a link: none can go alone. */
	if (n->kind == NODE_RELAY)
		return -EINVAL;
	if (n->off)
		return 0;
	if (n->kind == NODE_CLIENT) {
		machine_tell(n, "the client has crashed", NULL);
		end_client(n, now);
		return 1;
	}
	machine_tell(n, "the server has crashed", NULL);
	end_server(n);
	return 1;
}

int machine_stop_server(struct node *n)
{
	end_server(n);
	machine_tell(n, "the server stops; its leases run on", "RFC 2131 section 2.1");
	return 1;
}

int machine_commit(struct node *n, const struct dhcp_binding *b,
		   const struct dhcp_binding_more *more)
{
	char line[JOURNAL_LINE_MAX];

	if (!n->ops->commit)
		return 0;
	return n->ops->commit(n->ctx, n, line, journal_write(b, more, line));
}

/**
 * struct replay - what came of reading a journal
 * @bad: lines that say nothing, or nothing of this server's; @first_bad: from 1
 * @cut: the last line has no end
 * @no_room: a binding could not be held
 */
struct replay {
	size_t lines, bad, first_bad;
	bool cut, no_room;
};

static void replay_line(struct node *n, uint64_t now, const char *line, size_t len,
			struct replay *r)
{
	struct dhcp_binding_more more;
	struct dhcp_binding b;
	uint64_t generation;
	size_t bytes;
	int err;

	if (r->lines++ == 0 && journal_read_head(line, len, &generation, &bytes) == 0)
		return;
	err = journal_read(line, len, &b, &more);
	machine_fit(n);
	if (err == 0)
		err = dhcp_server_restore(n->server, &b, &more, now);
	if (err == -ENOSPC)
		r->no_room = true;
	else if (err < 0 && r->bad++ == 0)
		r->first_bad = r->lines;
}

static struct replay replay(struct node *n, uint64_t now, const struct text *journal)
{
	struct replay r = { 0 };
	const char *p = journal->str, *end = p + journal->len;

	while (p < end) {
		const char *line_end = memchr(p, '\n', (size_t)(end - p));

		if (!line_end) {
			r.cut = true;
			break;
		}
		replay_line(n, now, p, (size_t)(line_end - p), &r);
		p = line_end + 1;
	}

	return r;
}

static size_t count_bindings(const struct node *n)
{
	size_t i = 0;

	while (dhcp_server_binding(n->server, i))
		i++;
	return i;
}

static void tell_replay(struct node *n, const struct replay *r)
{
	size_t n_known = count_bindings(n);
	char text[SENTENCE];

	snprintf(text, sizeof(text), "the server starts again, with %zu binding%s on record",
		 n_known, n_known == 1 ? "" : "s");
	machine_tell(n, text, "RFC 2131 section 2.1");
	if (r->cut)
		machine_tell(n, "the last line of the lease file was cut short: it is passed over, "
				"for its ACK never left", "RFC 2131 section 3.1");
	if (!r->bad)
		return;
	snprintf(text, sizeof(text), "%zu line%s of the lease file can not be read (the first: "
		 "%zu): what %s said is forgotten", r->bad, r->bad == 1 ? "" : "s", r->first_bad,
		 r->bad == 1 ? "it" : "they");
	machine_tell(n, text, NULL);
}

static int recall(struct node *n, uint64_t now)
{
	cleanup_text struct text journal = { 0 };
	struct replay seen;
	int r = n->ops->recall(n->ctx, n, &journal);

	text_addn(&journal, "", 0);	/* a string even if nothing came */
	if (r == 0 && journal.failed)
		r = -ENOMEM;
	if (r == 0) {
		seen = replay(n, now, &journal);
		r = seen.no_room ? -ENOSPC : 0;
	}
	if (r < 0) {
		dhcp_server_forget(n->server);
		machine_tell_failure(n, "take up what it has on record", r);
		return r;
	}
	n->off = false;
	tell_replay(n, &seen);
	return 1;
}

/* Without the record that it should have, it would give addresses away twice: it stays off. */
int machine_start_again(struct node *n, uint64_t now)
{
	if (n->kind == NODE_SERVER && n->persist)
		return recall(n, now);

	n->off = false;
	if (n->kind == NODE_CLIENT)
		return machine_step(n, &(struct dhcp_event){ .type = DHCP_EVENT_START,
							     .now = now });
	machine_tell(n, "the server starts again, and knows of no lease (PersistLeases=no)", NULL);
	return 1;
}

/**
 * struct running - a binding whose time runs
 * @i: its number
 */
struct running {
	uint64_t expires;
	size_t i;
};

static int by_end(const void *a, const void *b)
{
	const struct running *x = a, *y = b;

	return (x->expires > y->expires) - (x->expires < y->expires);
}

/* What is remembered of the others has an order of its own. */
static size_t find_running(const struct node *n, struct running *ret)
{
	const struct dhcp_binding *b;
	size_t count = 0;

	for (size_t i = 0; (b = dhcp_server_binding(n->server, i)); i++)
		if (b->state == DHCP_BINDING_ACTIVE || b->state == DHCP_BINDING_DECLINED)
			ret[count++] = (struct running){ b->expires, i };
	return count;
}

/* As the server commits it: what else it knows with a lease alone. */
static const struct dhcp_binding_more *more_of(const struct node *n, size_t i)
{
	if (dhcp_server_binding(n->server, i)->state != DHCP_BINDING_ACTIVE)
		return NULL;
	return dhcp_server_binding_more(n->server, i);
}

/*
 * Who reads it remembers what was given up, and what is over by then, in the order
 * of the lines: addresses go to others in that order.
 */
static void write_snapshot(const struct node *n, struct text *out)
{
	cleanup_free struct running *running = NULL;
	const struct dhcp_binding *b = NULL;
	char line[JOURNAL_LINE_MAX];
	size_t count;

	running = calloc(count_bindings(n) + 1, sizeof(*running));
	if (!running) {
		out->failed = true;
		return;
	}
	while ((b = dhcp_server_remembered(n->server, b)))
		text_addn(out, line, journal_write(b, NULL, line));
	count = find_running(n, running);
	qsort(running, count, sizeof(*running), by_end);
	for (size_t i = 0; i < count; i++) {
		b = dhcp_server_binding(n->server, running[i].i);
		text_addn(out, line, journal_write(b, more_of(n, running[i].i), line));
	}
}

void node_snapshot(const struct node *n, uint64_t generation, struct text *out)
{
	cleanup_text struct text lines = { 0 };
	char head[JOURNAL_LINE_MAX];

	if (!generation) {
		write_snapshot(n, out);
		return;
	}
	write_snapshot(n, &lines);
	text_addn(out, head, journal_write_head(generation, lines.len, head));
	if (lines.len)
		text_addn(out, lines.str, lines.len);
	out->failed |= lines.failed;
}

int node_newest_journal(const char *const bytes[static 2], const size_t len[static 2],
			uint64_t *ret_generation)
{
	const struct journal_file file[2] = { { bytes[0], len[0] }, { bytes[1], len[1] } };

	return journal_newest(file, ret_generation);
}
