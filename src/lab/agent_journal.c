/* SPDX-License-Identifier: MIT */
/*
 * agent_journal.c - what a server has on record, and what it says only then:
 * the frames of a turn, a step each, one write, and then their replies.
 *
 * The files were opened by the monitor: the agent has no path. There is no
 * fsync(): the record is for the servers' crashes, and the lab ends with the
 * machine. When it is written anew that is into the other of two files, and only
 * when that is whole is the old one emptied: an agent that is killed at any
 * moment leaves one that holds.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lab/agent_private.h"
#include "sys/file.h"

#define QUEUE_MAX PACKET_BATCH		/* replies that wait for one write */
#define JOURNAL_MAX (256u << 20)	/* bytes; what a server can hold takes less */
#define COMPACT_MIN (256u << 10)	/* bytes that are not worth a second writing */

/**
 * struct journal - of one server
 * @fd: -1: PersistLeases=no
 * @used: which of them holds; @generation: how often it was written anew
 * @len: of what is well written in it; @limit: to be written anew beyond it
 * @lines: committed in this turn
 * @recorded: this step has committed something
 * @queue: @n replies; @promise: does it rest on @lines?
 */
struct journal {
	int fd[2];
	int used;
	uint64_t generation;
	size_t len, limit;
	struct text lines;
	bool recorded;
	size_t n;
	struct dhcp_send queue[QUEUE_MAX];
	bool promise[QUEUE_MAX];
};

int journal_init(struct machine *m)
{
	m->journal = calloc(1, sizeof(*m->journal));
	if (!m->journal)
		return -ENOMEM;
	memcpy(m->journal->fd, m->agent->setup->sockets->journal[m->iface],
	       sizeof(m->journal->fd));
	m->journal->limit = COMPACT_MIN;
	return 0;
}

int journal_commit(struct machine *m, const char *line, size_t len)
{
	struct journal *j = m->journal;

	text_addn(&j->lines, line, len);
	if (j->lines.failed)
		return -ENOMEM;
	j->recorded = true;
	return 0;
}

/* A last line without an end stays no line when another comes behind it. */
static void use(struct journal *j, int which, const char *bytes, size_t len)
{
	const char *end = len ? memrchr(bytes, '\n', len) : NULL;

	j->used = which;
	j->len = end ? (size_t)(end - bytes) + 1 : 0;
	if (j->len < len)
		(void)file_truncate(j->fd[which], j->len);
}

int journal_recall(struct machine *m, struct text *ret)
{
	struct journal *j = m->journal;
	cleanup_free char *first = NULL, *second = NULL;
	const char *bytes[2];
	size_t len[2];
	int r, which;

	r = file_read_fd(j->fd[0], JOURNAL_MAX, &first, &len[0]);
	if (r == 0)
		r = file_read_fd(j->fd[1], JOURNAL_MAX, &second, &len[1]);
	if (r < 0)
		return r;
	bytes[0] = first;
	bytes[1] = second;
	which = node_newest_journal(bytes, len, &j->generation);
	use(j, which, bytes[which], len[which]);
	text_addn(ret, bytes[which], len[which]);
	return 0;
}

void journal_step_done(struct machine *m)
{
	if (m->journal)
		m->journal->recorded = false;
}

/* All of it or nothing: what a full disk took of it is cut off again. */
static int append(struct journal *j, const struct text *t)
{
	int r = file_write(j->fd[j->used], t->str, t->len);

	if (r < 0) {
		(void)file_truncate(j->fd[j->used], j->len);
		return r;
	}
	j->len += t->len;
	return 0;
}

/* Nothing of the turn is written: what was on record is all. */
void journal_replace(struct machine *m, const struct text *was)
{
	struct journal *j = m->journal;
	int r = file_truncate(j->fd[j->used], 0);

	(void)file_truncate(j->fd[!j->used], 0);
	j->len = 0;
	j->lines.len = 0;
	if (r == 0 && was->len > 0)
		r = append(j, was);
	if (r < 0)
		agent_note(m->agent, "%s: the lease file can not be set back: %s", m->node.label,
			   strerror(-r));
}

/*
 * Lines that later ones have made void are left out; next time when it is twice as
 * long. Its head says how much follows: what is cut short is not believed. Without
 * room for both the old one stays, and holds.
 */
static void compact(struct machine *m)
{
	struct journal *j = m->journal;
	struct text cleanup_text fresh = { 0 };
	int to = !j->used, r;

	node_snapshot(&m->node, j->generation + 1, &fresh);
	r = fresh.failed ? -ENOMEM : file_truncate(j->fd[to], 0);
	if (r == 0)
		r = file_write(j->fd[to], fresh.str, fresh.len);
	if (r < 0) {
		(void)file_truncate(j->fd[to], 0);
		j->limit = j->len + COMPACT_MIN;
		return;
	}
	(void)file_truncate(j->fd[j->used], 0);	/* if it stays, it is the older one */
	j->used = to;
	j->generation++;
	j->len = fresh.len;
	j->limit = max_u64(2 * j->len, COMPACT_MIN);
}

/* Most of the room for a message is not used. */
static void copy_send(struct dhcp_send *to, const struct dhcp_send *from)
{
	if (to != from)
		memcpy(to, from, offsetof(struct dhcp_send, data) + from->len);
}

/* RFC 2131 section 3.1: no ACK without a record. The client asks again. */
static void drop_promises(struct machine *m, int err)
{
	struct journal *j = m->journal;
	size_t kept = 0, dropped;

	for (size_t i = 0; i < j->n; i++)
		if (!j->promise[i])
			copy_send(&j->queue[kept++], &j->queue[i]);
	dropped = j->n - kept;
	j->n = kept;
	agent_note(m->agent, "%s: the lease file takes no more (%s): %zu ACK%s not sent",
		   m->node.label, strerror(-err), dropped, dropped == 1 ? " is" : "s are");
}

static void tell_unsent(struct machine *m, size_t n, int err)
{
	agent_note(m->agent, "%s: the server can not send %zu message%s: %s", m->node.label, n,
		   n == 1 ? "" : "s", strerror(-err));
}

static void send_batch(struct machine *m)
{
	size_t failed;
	int r = machine_send_batch(m, &failed);

	if (r < 0)
		tell_unsent(m, failed, r);
}

/* They are on the cable then: in the log, too, before anything that follows from them. */
static void send_queue(struct machine *m)
{
	struct journal *j = m->journal;

	if (j->n == 0)
		return;
	for (size_t i = 0; i < j->n; i++) {
		int r = machine_send_later(m, &j->queue[i]);

		if (r == 0) {
			send_batch(m);
			r = machine_post(m, &j->queue[i]);
		}
		if (r < 0)
			tell_unsent(m, 1, r);
	}
	j->n = 0;
	send_batch(m);
	capture_drain_iface(m->agent, m->iface);
}

void journal_flush(struct machine *m)
{
	struct journal *j = m->journal;
	int r;

	if (!j || (!j->n && !j->lines.len))
		return;
	r = j->lines.len ? append(j, &j->lines) : 0;
	if (r < 0)
		drop_promises(m, r);
	j->lines.len = 0;
	send_queue(m);
	if (j->len > j->limit)
		compact(m);
}

void journal_queue(struct machine *m, const struct dhcp_send *s)
{
	struct journal *j = m->journal;

	if (j->n == QUEUE_MAX)
		journal_flush(m);
	j->promise[j->n] = j->recorded && node_is_promise(s);
	copy_send(&j->queue[j->n++], s);
}
