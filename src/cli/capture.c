/* SPDX-License-Identifier: MIT */
/*
 * capture.c - the lab's capture once more, for Wireshark: an interface a cable
 * end, and a comment that says what each DHCP packet is and what came of it.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/out.h"
#include "cli/place.h"
#include "cli/stop.h"
#include "cli/verb.h"
#include "config.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "trace/view.h"

#define POLL_US 50000
#define CHUNK 65536
#define RECENT 64		/* messages among which one is looked for that led to a step */
#define DRIFT_NS 50000000	/* lab time and wall time are the same but for this */

/**
 * struct heard - a message that may lead to a step
 * @frame: 0: it is not in the capture
 * @told: it has led to the step of a client already
 */
struct heard {
	uint64_t frame;
	char from[TRACE_PLACE_MAX], to[TRACE_PLACE_MAX];
	uint8_t chaddr[6];
	bool is_reply, told;
};

/**
 * struct note - what is known of a frame
 * @comment: or NULL; owned
 * @t: microseconds of lab time; only if @has_time
 */
struct note {
	char *comment;
	bool has_time;
	uint64_t t;
};

/**
 * struct capture - what is wanted, and how far we are
 * @iface: @node: only frames that these saw; NONE: all
 * @note: of each frame, by its number
 * @recent: the last messages, the newest at (@n_recent - 1) % RECENT
 * @pending: of each interface: a step that no message has led to; the next one's
 * @origin_ns: the stamp that lab time 0 has, if @has_origin
 * @shift_ns: from wall time to the lab's, as of the last message
 */
struct capture {
	const char *place, *path;
	bool follow;
	struct session session;
	size_t iface, node;
	FILE *in, *out;
	struct pcapng_reader reader;
	struct pcapng writer;
	uint8_t *data;
	size_t len, size;
	struct lab_log log;
	size_t n_notes;
	struct note *note;
	struct heard recent[RECENT];
	size_t n_recent;
	char (*pending)[40];
	bool has_origin;
	uint64_t origin_ns;
	int64_t shift_ns;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct capture *c = state->input;

	switch (key) {
	case 'w':
		c->path = arg;
		return 0;
	case 'f':
		c->follow = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one NODE at a time, not also \"%s\"", arg);
		c->place = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "write", 'w', "FILE", 0, "to this file; - is standard output", 0 },
	{ "follow", 'f', NULL, 0, "go on until Ctrl-C, or until the lab is down; a pipe without "
	  "-w does so, too", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[NODE[:IF]]",
	.doc = "What was on all cables of a lab, or what one node saw, as pcapng for Wireshark: an "
	       "interface for each end of a cable, and a comment at each DHCP packet.\v"
	       "Example: " PROGRAM_NAME " capture -w lab.pcapng\n"
	       "         " PROGRAM_NAME " capture | wireshark -k -i -\n",
};

static int write_block(void *ctx, const void *data, size_t len)
{
	FILE *out = ctx;

	return fwrite(data, 1, len, out) == len ? 0 : -EIO;
}

/* Comments */

static struct note *note_at(struct capture *c, uint64_t frame)
{
	if (frame >= c->n_notes) {
		size_t n = max_u64(2 * c->n_notes, frame + 64);
		struct note *more = reallocarray(c->note, n, sizeof(*more));

		if (!more)
			return NULL;
		memset(more + c->n_notes, 0, (n - c->n_notes) * sizeof(*more));
		c->note = more;
		c->n_notes = n;
	}
	return &c->note[frame];
}

static int set_comment(struct note *n, struct text *words)
{
	char *text = text_take(words);

	if (!text)
		return -ENOMEM;
	free(n->comment);
	n->comment = text;
	return 0;
}

/* Room for the step of a place of the scenario's, or NULL. */
static char *pending_of(struct capture *c, const char *place)
{
	size_t iface = scenario_iface(c->session.scenario, place);

	return iface == NONE ? NULL : c->pending[iface];
}

static void remember(struct capture *c, const struct trace_event *e)
{
	struct heard *h = &c->recent[c->n_recent++ % RECENT];

	*h = (struct heard){ .frame = e->msg.frame, .is_reply = e->msg.op == DHCP_OP_REPLY };
	str_copy(h->from, sizeof(h->from), e->msg.from);
	str_copy(h->to, sizeof(h->to), e->msg.to);
	memcpy(h->chaddr, e->msg.chaddr, sizeof(h->chaddr));
}

static int note_message(struct capture *c, const struct trace_event *e)
{
	struct text cleanup_text words = { 0 };
	char *pending = pending_of(c, e->msg.from);
	struct note *n;

	remember(c, e);
	if (!e->msg.frame)
		return 0;
	n = note_at(c, e->msg.frame);
	if (!n)
		return -ENOMEM;
	n->has_time = true;
	n->t = e->t;
	text_add(&words, "%s to %s: %s, ", e->msg.from, e->msg.to[0] ? e->msg.to : "?",
		 dhcp_type_name(e->msg.type));
	view_meaning(e, &words);
	if (pending && pending[0]) {
		text_add(&words, " [%s %s]", e->msg.from, pending);
		pending[0] = '\0';
	}
	return set_comment(n, &words);
}

/* Is it a reply to this client, at @iface? */
static bool is_for(const struct capture *c, const struct heard *h, size_t iface)
{
	const struct scn_iface *client = &c->session.scenario->ifaces[iface];

	return h->is_reply &&
	       (strcmp(h->to, client->label) == 0 ||
		(strcmp(h->to, "everyone") == 0 && memcmp(h->chaddr, client->mac, 6) == 0));
}

/*
 * The message that led to the step: to a client's, the reply since it last spoke;
 * to a server's, the client's request. NULL: none, as when a timer has run out.
 */
static struct heard *cause_of(struct capture *c, const struct trace_event *e)
{
	size_t iface = scenario_iface(c->session.scenario, e->at);
	bool is_client = strcmp(e->machine, "client") == 0;

	if (iface == NONE || (is_client && e->from[0] == 'I'))
		return NULL;
	for (size_t back = 1; back <= min_u64(c->n_recent, RECENT); back++) {
		struct heard *h = &c->recent[(c->n_recent - back) % RECENT];

		if (is_client && strcmp(h->from, e->at) == 0)
			return NULL;
		if (is_client && is_for(c, h, iface))
			return h->told ? NULL : h;
		if (!is_client && !h->is_reply && e->facts.has_client &&
		    memcmp(h->chaddr, e->facts.client, 6) == 0)
			return h;
	}
	return NULL;
}

/* A step follows the message that led to it, or stands before the one that it sends. */
static int note_state(struct capture *c, const struct trace_event *e)
{
	struct text cleanup_text words = { 0 };
	struct heard *h = cause_of(c, e);
	struct note *n = h && h->frame ? note_at(c, h->frame) : NULL;
	char *pending = pending_of(c, e->at);

	if (strcmp(e->from, e->to) == 0)
		return 0;
	if (!n || !n->comment) {
		if (pending)
			snprintf(pending, sizeof(c->pending[0]), "%s -> %s", e->from, e->to);
		return 0;
	}
	h->told = h->is_reply;
	text_add(&words, "%s [%s %s -> %s]", n->comment, e->at, e->from, e->to);
	return set_comment(n, &words);
}

static enum exit_status read_events(struct capture *c)
{
	for (;;) {
		struct trace_event cleanup_event e = { 0 };
		struct error err = { 0 };
		int r = lab_log_next(&c->log, &e, &err);

		if (r <= 0)
			return r < 0 ? report_error(&err) : EXIT_OK;
		if (e.kind == TRACE_MESSAGE)
			r = note_message(c, &e);
		else if (e.kind == TRACE_STATE)
			r = note_state(c, &e);
		if (r < 0)
			return report_no_memory();
	}
}

/* Whose frame it is, and who saw it */

/* The end of the cable that has the frame's source address; else the one that is no switch. */
static size_t sender_of(const struct scenario *s, const struct pcapng_packet *p)
{
	size_t end = NONE;

	for (size_t i = 0; i < s->n_ifaces; i++) {
		const struct scn_iface *iface = &s->ifaces[i];

		if (iface->cable != p->interface)
			continue;
		if (p->len >= 12 && memcmp(p->data + 6, iface->mac, 6) == 0)
			return i;
		if (end == NONE || s->nodes[s->ifaces[end].node].kind == SCN_SWITCH)
			end = i;
	}
	return end;
}

/* Does a broadcast of @from come to @to? Over switches, each of them once: they make a tree. */
static bool hears(const struct scenario *s, size_t from, size_t to)
{
	size_t peer = s->ifaces[from].peer, node = s->ifaces[peer].node;

	if (peer == to)
		return true;
	for (size_t k = 0; s->nodes[node].kind == SCN_SWITCH && k < s->nodes[node].n_ifaces; k++) {
		size_t port = s->nodes[node].ifaces[k];

		if (port != peer && hears(s, port, to))
			return true;
	}
	return false;
}

static bool sees(const struct scenario *s, size_t iface, size_t sender,
		 const struct pcapng_packet *p)
{
	if (iface == sender)
		return true;
	if (p->len < 6 || !hears(s, sender, iface))
		return false;
	return p->data[0] & 1 || memcmp(p->data, s->ifaces[iface].mac, 6) == 0;
}

static bool wants(const struct capture *c, size_t sender, const struct pcapng_packet *p)
{
	const struct scenario *s = c->session.scenario;
	const struct scn_node *n;

	if (c->node == NONE)
		return true;
	if (c->iface != NONE)
		return sees(s, c->iface, sender, p);
	n = &s->nodes[c->node];
	for (size_t k = 0; k < n->n_ifaces; k++)
		if (sees(s, n->ifaces[k], sender, p))
			return true;
	return false;
}

/* Packets */

/*
 * Stamps are of the lab's own clock, since it may run faster, stand, or jump.
 * Messages bring its time along; what is between them goes by the last one.
 */
static uint64_t stamp(struct capture *c, const struct pcapng_packet *p, const struct note *n)
{
	int64_t shift;

	if (!n || !n->has_time)
		return p->wall_ns + (uint64_t)c->shift_ns;
	if (!c->has_origin) {
		c->has_origin = true;
		c->origin_ns = p->wall_ns - n->t * 1000;
	}
	shift = (int64_t)(c->origin_ns + n->t * 1000 - p->wall_ns);
	if (shift < c->shift_ns - DRIFT_NS || shift > c->shift_ns + DRIFT_NS)
		c->shift_ns = shift;
	return p->wall_ns + (uint64_t)c->shift_ns;
}

static int write_packet(struct capture *c, const struct pcapng_packet *p)
{
	size_t sender = sender_of(c->session.scenario, p);
	uint64_t number = c->reader.frames;
	const struct note *n = number < c->n_notes ? &c->note[number] : NULL;
	uint64_t ns = stamp(c, p, n);
	int64_t r;

	if (sender == NONE || !wants(c, sender, p))
		return 0;
	r = pcapng_add_packet(&c->writer, (uint32_t)sender, ns, p->data, p->len,
			      p->wire_len, n ? n->comment : NULL);
	return r < 0 ? (int)r : 0;
}

/* What there is of the file now, behind what is left over. */
static int read_more(struct capture *c)
{
	size_t n;

	do {
		if (c->size - c->len < CHUNK) {
			uint8_t *more = realloc(c->data, c->size + CHUNK);

			if (!more)
				return -ENOMEM;
			c->data = more;
			c->size += CHUNK;
		}
		clearerr(c->in);
		n = fread(c->data + c->len, 1, c->size - c->len, c->in);
		c->len += n;
	} while (n > 0);
	return 0;
}

static int write_packets(struct capture *c)
{
	size_t at = 0, used;
	int r;

	for (;;) {
		struct pcapng_packet p;

		r = pcapng_read(&c->reader, c->data + at, c->len - at, &used, &p);
		at += used;
		if (r == 1)
			r = write_packet(c, &p);
		else if (r == 0)
			break;
		if (r < 0)
			return r;
	}
	memmove(c->data, c->data + at, c->len - at);
	c->len -= at;
	return 0;
}

/* The capture is written before the log: read it first, and what it is about is known. */
static enum exit_status turn(struct capture *c)
{
	int r = read_more(c);
	enum exit_status status = r < 0 ? report_no_memory() : read_events(c);

	if (!status)
		r = write_packets(c);
	if (!status && r == 0 && fflush(c->out) != 0)
		r = -errno;
	if (!status && r < 0)
		return report(EXIT_CANNOT, "the capture cannot be written: %s", strerror(-r));
	return status;
}

static bool is_alive(const struct capture *c)
{
	char lock[LAB_PATH_MAX];

	lab_path(&c->session.info, "lock", lock);
	return file_is_locked(lock);
}

static int begin(struct capture *c)
{
	const struct scenario *s = c->session.scenario;
	struct text cleanup_text about = { 0 };
	int r;

	c->writer = (struct pcapng){ .write = write_block, .ctx = c->out };
	text_add(&about, "lab %s", c->session.info.name);
	r = pcapng_begin(&c->writer, PROGRAM_NAME " " VERSION, about.str);
	for (size_t i = 0; i < s->n_ifaces && r >= 0; i++) {
		char cable[CABLE_NAME_MAX];

		scenario_cable_name(s, s->ifaces[i].cable, cable);
		r = pcapng_add_interface(&c->writer, s->ifaces[i].label, cable);
	}
	return r < 0 ? r : 0;
}

static enum exit_status copy(struct capture *c)
{
	struct error err = { 0 };
	enum exit_status status;
	char path[LAB_PATH_MAX];

	lab_path(&c->session.info, "capture.pcapng", path);
	c->pending = calloc(c->session.scenario->n_ifaces + 1, sizeof(*c->pending));
	if (!c->pending)
		return report_no_memory();
	c->in = fopen(path, "re");
	if (!c->in)
		return report(EXIT_CONFLICT, "cannot read %s: %s", path, strerror(errno));
	if (lab_log_open(&c->session.info, &c->log, &err) < 0)
		return report_error(&err);
	if (begin(c) < 0)
		return report(EXIT_CANNOT, "the capture cannot be written: %s", strerror(errno));

	status = turn(c);
	for (bool alive = true; !status && c->follow && alive && !stop_wanted();) {
		clock_sleep_us(POLL_US);
		alive = is_alive(c);
		status = turn(c);
	}
	return status;
}

static bool is_pipe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

static enum exit_status open_output(struct capture *c)
{
	bool to_stdout = !c->path || strcmp(c->path, "-") == 0;

	if (to_stdout && isatty(STDOUT_FILENO))
		return report(EXIT_USAGE, "a capture is not for terminals: -w FILE, or a pipe to "
			      "wireshark -k -i -");
	c->follow = c->follow || (!c->path && is_pipe(STDOUT_FILENO));
	c->out = to_stdout ? stdout : fopen(c->path, "we");
	return c->out ? EXIT_OK : report(EXIT_CANNOT, "%s: %s", c->path, strerror(errno));
}

static enum exit_status find(struct capture *c)
{
	struct target t = { 0 };
	enum exit_status status;

	c->node = NONE;
	c->iface = NONE;
	if (!c->place)
		return session_open(NULL, &c->session);
	status = place_find(c->place, &t);
	if (status)
		return status;
	c->session = t.session;
	c->node = t.node;
	c->iface = t.iface;
	return EXIT_OK;
}

static void capture_done(struct capture *c)
{
	for (size_t i = 0; i < c->n_notes; i++)
		free(c->note[i].comment);
	free(c->note);
	free(c->pending);
	free(c->data);
	pcapng_reader_done(&c->reader);
	lab_log_done(&c->log);
	if (c->in)
		fclose(c->in);
	session_done(&c->session);
}

int verb_capture(int argc, char **argv)
{
	struct capture c = { .log = LAB_LOG_CLOSED };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &c);
	status = find(&c);
	if (status)
		return (int)status;
	status = open_output(&c);
	if (!status) {
		stop_catch();
		status = copy(&c);
	}
	if (c.out && c.out != stdout && fclose(c.out) != 0 && !status)
		status = report(EXIT_CANNOT, "%s: %s", c.path, strerror(errno));
	capture_done(&c);
	return (int)status;
}
