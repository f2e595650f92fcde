/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "cli/diagram.h"
#include "cli/number.h"
#include "cli/out.h"
#include "cli/pick.h"
#include "cli/stop.h"
#include "cli/term.h"
#include "cli/verb.h"
#include "config.h"
#include "sys/capfile.h"
#include "trace/breach_view.h"
#include "trace/hex.h"

#define MAC_WIDTH 17

/**
 * struct decode - what is wanted, and what was found
 * @max: messages to show; 0: all of them. The rest is read and judged all the same
 * @shown: so many were
 * @start_ns: of the first packet: the times are counted from it
 */
struct decode {
	struct term term;
	struct pick pick;
	const char *path;
	bool json, explain, hex, is_summary;
	struct diagram diagram;
	uint64_t max;

	struct view view;
	struct breach_watch *watch;
	struct breach_tally tally;
	struct trace_log log;
	uint64_t start_ns, packets, messages, unreadable, shown;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct decode *d = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &d->term;
		state->child_inputs[1] = &d->pick;
		return 0;
	case 'j':
		d->json = true;
		return 0;
	case 'e':
		d->explain = true;
		return 0;
	case 'x':
		d->hex = true;
		return 0;
	case 's':
		d->is_summary = true;
		return 0;
	case 'n':
		d->max = number_count(arg, "-n", state);
		return 0;
	case 'd':
		diagram_parse(&d->diagram, arg, state);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one FILE at a time, not also \"%s\"", arg);
		d->path = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which FILE? (- is standard input)");
		return 0;
	case ARGP_KEY_END:
		if (d->json + d->is_summary + d->diagram.wanted + (d->explain || d->hex) > 1)
			argp_error(state, "only one of --json, --summary, --diagram, and --explain "
				   "or -x");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "explain", 'e', NULL, 0, "each message at length: its fields, its options, and why", 0 },
	{ "hex", 'x', NULL, 0, "the bytes of each message, with the field under each", 0 },
	{ "diagram", 'd', "text|mermaid|svg", 0, "the messages as a sequence diagram", 0 },
	{ "summary", 's', NULL, 0, "only how many there are, and which rules were broken", 0 },
	{ "json", 'j', NULL, 0,
	  "one JSON object a line, schema netlab.event/1, with the rules that it breaks", 0 },
	{ "number", 'n', "N", 0, "show only the first N", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &term_argp, 0, NULL, 0 },
	{ &pick_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE",
	.children = children,
	.doc = "The DHCP messages of any capture, pcap or pcapng, of any program: what each says, "
	       "and which rules of the RFCs its sender breaks.\v"
	       "MUST and SHOULD are the RFC's own words; RFC marks what it says without them. "
	       "FILE - is standard input.\n\n"
	       "Example: " PROGRAM_NAME " decode --explain other.pcap\n",
};

static bool wants(struct decode *d, const struct trace_event *e)
{
	if (!pick_wants(&d->pick, e) || (d->max && d->shown >= d->max))
		return false;
	d->shown++;
	return true;
}

static void show_text(struct decode *d, const struct trace_packet *p, const struct trace_event *e,
		      const struct breaches *b, struct text *out)
{
	const struct trace_log one = { .n = 1, .event = (struct trace_event *)e };

	if (d->explain)
		text_add(out, "%s", d->shown > 1 ? "\n" : "");
	if (d->explain)
		view_explain(&d->view, &one, 0, out);
	else
		view_timeline(&d->view, e, out);
	if (d->hex && p->kind == TRACE_PACKET_DHCP)
		view_hex(out, p->link.frame.payload, p->msg.size);
	breach_view_lines(&d->view, b, out);
}

static enum exit_status keep(struct decode *d, struct trace_event *e)
{
	return trace_log_add(&d->log, e) < 0 ? report_no_memory() : EXIT_OK;
}

/* @e is the callee's. */
static enum exit_status show(struct decode *d, const struct trace_packet *p,
			     struct trace_event *e, const struct breaches *b)
{
	struct text cleanup_text out = { 0 };

	if (d->diagram.wanted)
		return keep(d, e);
	if (d->is_summary)
		return EXIT_OK;
	if (d->json && breach_view_json(e, b, &out) < 0)
		return report_no_memory();
	if (!d->json)
		show_text(d, p, e, b, &out);
	return d->json ? out_raw(&out) : out_text(&out);
}

static enum exit_status take(struct decode *d, const struct capfile_packet *c,
			     const struct trace_packet *p)
{
	struct trace_event cleanup_event e = { 0 };
	struct breaches b = { 0 };

	if (trace_packet_event(p, &e) < 0)
		return report_no_memory();
	e.n = d->messages + d->unreadable;
	e.t = c->wall_ns > d->start_ns ? (c->wall_ns - d->start_ns) / 1000 : 0;
	e.msg.frame = d->packets;
	e.msg.wire_len = (unsigned int)c->wire_len;
	if (p->kind == TRACE_PACKET_DHCP && breach_watch_packet(d->watch, e.t, p, &b) < 0)
		return report_no_memory();
	if (!wants(d, &e))
		return EXIT_OK;
	breach_tally_add(&d->tally, &b, e.n);
	return show(d, p, &e, &b);
}

static enum exit_status read_packets(struct decode *d, struct capfile *c)
{
	unsigned int link = capfile_link(c);
	struct capfile_packet packet;
	struct trace_packet p;
	struct error err = { 0 };
	enum exit_status status = EXIT_OK;
	int r = 0;

	while (!status && !stop_wanted() && (r = capfile_next(c, &packet, &err)) > 0) {
		if (d->packets++ == 0)
			d->start_ns = packet.wall_ns;
		trace_packet_read(link, packet.data, packet.len, packet.wire_len, &p);
		d->messages += p.kind == TRACE_PACKET_DHCP;
		d->unreadable += p.kind == TRACE_PACKET_UNREADABLE;
		if (p.kind != TRACE_PACKET_OTHER)
			status = take(d, &packet, &p);
	}
	if (r < 0)
		report(EXIT_OK, "%s ends too early: %s", d->path, err.text);
	return status;
}

static void add_summary(const struct decode *d, struct text *out)
{
	struct text cleanup_text broken = { 0 };
	uint64_t others = d->packets - d->messages - d->unreadable;

	text_add(out, "%s", d->is_summary || d->shown == 0 ? "" : "\n");
	text_count(out, d->messages, "DHCP message");
	if (d->unreadable)
		text_add(out, ", %llu that cannot be read", (unsigned long long)d->unreadable);
	if (others) {
		text_add(out, ", ");
		text_count(out, others, "other packet");
	}
	breach_tally_view(&d->tally, &broken);
	if (broken.str)
		text_add(out, "\nRules that were broken:\n%s", broken.str);
	else
		text_add(out, "%s\n", d->messages && d->shown ? "; no rule was broken" : "");
}

static enum exit_status decode(struct decode *d)
{
	struct capfile cleanup_capfile *c = NULL;
	struct text cleanup_text out = { 0 };
	struct error err = { 0 };
	enum exit_status status;

	if (capfile_open(d->path, &c, &err) < 0)
		return err.code == -EOPNOTSUPP ? report_error(&err) :
						 report(EXIT_USAGE, "%s", err.text);
	if (!frame_link_known(capfile_link(c)))
		return report(EXIT_USAGE, "%s: packets of link type %u (%s) cannot be read; "
			      "Ethernet, Linux cooked and raw IP can", d->path, capfile_link(c),
			      capfile_link_name(c));

	status = read_packets(d, c);
	if (status || d->json)
		return status;
	if (d->diagram.wanted)
		return diagram_show(&d->diagram, &d->view, &d->log);
	add_summary(d, &out);
	return out_text(&out);
}

int verb_decode(int argc, char **argv)
{
	struct decode d = { 0 };
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &d);
	term_decide(&d.term);
	stop_catch();
	d.view = term_view(&d.term);
	d.view.name_width = MAC_WIDTH;
	d.watch = breach_watch_new();
	status = d.watch ? decode(&d) : report_no_memory();
	breach_watch_free(d.watch);
	trace_log_done(&d.log);
	return (int)status;
}
