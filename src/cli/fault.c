/* SPDX-License-Identifier: MIT */
/* fault.c - `fault`: what goes wrong on purpose in a lab that is up. */
#include <argp.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/number.h"
#include "cli/out.h"
#include "cli/place.h"
#include "cli/verb.h"
#include "config.h"

#include <netlab/dhcp_message.h>

#define WORDS_MAX 3

enum fault_op {
	OP_LIST,
	OP_ADD,
	OP_CLEAR,
};

/**
 * struct fault_verb
 * @words: @n of them, as they were typed
 * @lab: NULL: the only one; @place: NODE[:IF] of --node, NULL: every cable
 * @given: of options OPT_MESSAGE and after, a bit each
 */
struct fault_verb {
	const char *words[WORDS_MAX];
	size_t n;
	enum fault_op op;
	const char *lab, *place;
	bool json;
	unsigned int given;
	struct lab_fault_wish wish;
	struct target target;
};

enum { OPT_MESSAGE = 256, OPT_COUNT, OPT_RATE, OPT_NODE, OPT_DIRECTION, OPT_DELAY, OPT_AFTER,
       OPT_NAME, OPT_FORGE, OPT_ADDRESS, OPT_POOL_OFFSET, OPT_POOL_SIZE, OPT_ROUTER, OPT_DNS,
       OPT_LEASE, OPT_END };

#define BIT(option) (1u << ((option) - OPT_MESSAGE))
#define KIND(kind) (1u << SCN_FAULT_##kind)
#define STRIKING (KIND(DROP) | KIND(DELAY) | KIND(DUPLICATE) | KIND(CORRUPT) | KIND(REORDER))

/* Options that are not for every kind. */
static const struct use {
	int option;
	unsigned int kinds;
	const char *text;
} uses[] = {
	{ OPT_MESSAGE, STRIKING, "--message is for faults that strike messages" },
	{ OPT_RATE, STRIKING, "--rate is for faults that strike messages" },
	{ OPT_DIRECTION, STRIKING, "--direction is for faults that strike messages" },
	{ OPT_DELAY, KIND(DELAY) | KIND(REORDER) | KIND(STARVE),
	  "--delay is for add delay, add reorder and add starve" },
	{ OPT_FORGE, KIND(STARVE), "--forge-source is for add starve" },
	{ OPT_ADDRESS, KIND(ROGUE) | KIND(CONFLICT),
	  "--address is for add rogue and add conflict" },
	{ OPT_POOL_OFFSET, KIND(ROGUE), "--pool-offset is for add rogue" },
	{ OPT_POOL_SIZE, KIND(ROGUE), "--pool-size is for add rogue" },
	{ OPT_ROUTER, KIND(ROGUE), "--router is for add rogue" },
	{ OPT_DNS, KIND(ROGUE), "--dns is for add rogue" },
	{ OPT_LEASE, KIND(ROGUE), "--lease is for add rogue" },
};

static const char *const ops[] = { [OP_LIST] = "list", [OP_ADD] = "add", [OP_CLEAR] = "clear" };

static int find_op(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (strcmp(ops[i], word) == 0)
			return (int)i;
	return -1;
}

static void no_word(const char *what, const char *word, const char *const *words, size_t n,
		    struct argp_state *state)
{
	const char *near = nearest(word, words, n);

	if (near)
		argp_error(state, "no %s \"%s\"; did you mean \"%s\"?", what, word, near);
	argp_error(state, "no %s \"%s\"", what, word);
}

static void set_kind(struct scn_fault *f, const char *word, struct argp_state *state)
{
	const char *names[SCN_FAULT_CRASH];
	int kind = scenario_fault_kind(word);

	for (int k = 0; k < SCN_FAULT_CRASH; k++)
		names[k] = scenario_fault_name((enum scn_fault_kind)k);
	if (kind == SCN_FAULT_CRASH)
		argp_error(state, "a machine crashes, and starts again, with " PROGRAM_NAME
			   " client NODE crash, and start");
	if (kind < 0)
		no_word("fault", word, names, ARRAY_SIZE(names), state);
	f->kind = (enum scn_fault_kind)kind;
}

static void set_message(struct scn_fault *f, const char *word, struct argp_state *state)
{
	const char *names[DHCP_INFORM];
	int type = dhcp_type_by_name(word);

	for (uint8_t t = DHCP_DISCOVER; t <= DHCP_INFORM; t++)
		names[t - 1] = dhcp_type_name(t);
	if (type < DHCP_DISCOVER || type > DHCP_INFORM)
		no_word("message", word, names, ARRAY_SIZE(names), state);
	f->message = (uint8_t)type;
}

static void set_direction(struct scn_fault *f, const char *word, struct argp_state *state)
{
	int direction = scenario_direction(word);

	if (direction < 0)
		argp_error(state, "--direction wants from, to or both, not \"%s\"", word);
	f->direction = (enum scn_direction)direction;
}

/* A time of @max microseconds at most, as in a scenario. */
static uint64_t set_time(const char *arg, const char *option, uint64_t max,
			 struct argp_state *state)
{
	uint64_t us = number_time(arg, option, state);

	if (us > max)
		argp_error(state, "%s: %s is too long", option, arg);
	return us;
}

static uint32_t set_ip(const char *arg, const char *option, struct argp_state *state)
{
	uint32_t address = 0;

	if (ip4_parse(arg, &address) < 0 || !ip4_is_host(address))
		argp_error(state, "%s wants the address of a host, not \"%s\"", option, arg);
	return address;
}

static void set_address(struct scn_fault *f, const char *arg, struct argp_state *state)
{
	bool has_prefix = strchr(arg, '/');

	if (ip4_parse_prefix(arg, &f->address, &f->prefix_len) < 0 ||
	    !ip4_is_host(f->address) || f->prefix_len == 0)
		argp_error(state, "--address wants an address, as 10.0.0.66 or 10.0.0.66/24, not "
			   "\"%s\"", arg);
	if (!has_prefix)
		f->prefix_len = 0;
}

static uint32_t set_number(const char *arg, const char *option, uint64_t max,
			   struct argp_state *state)
{
	uint64_t n = number_count(arg, option, state);

	if (n > max)
		argp_error(state, "%s: %s is too many", option, arg);
	return (uint32_t)n;
}

#define SECOND 1000000u

static uint32_t set_lease(const char *arg, struct argp_state *state)
{
	uint64_t us = number_time(arg, "--lease", state);

	if (us < 2 * SECOND || us % SECOND || us / SECOND >= UINT32_MAX)
		argp_error(state, "--lease wants whole seconds, 2 at least, not \"%s\"", arg);
	return (uint32_t)(us / SECOND);
}

static void check_options(const struct fault_verb *v, struct argp_state *state)
{
	unsigned int kind = 1u << v->wish.fault.kind;

	for (size_t i = 0; i < ARRAY_SIZE(uses); i++)
		if (v->given & BIT(uses[i].option) && !(uses[i].kinds & kind))
			argp_error(state, "%s", uses[i].text);
	if (scn_fault_sends(v->wish.fault.kind) && !v->place)
		argp_error(state, "add %s needs --node: who is it?",
			   scenario_fault_name(v->wish.fault.kind));
	if (v->given & BIT(OPT_DIRECTION) && !v->place)
		argp_error(state, "--direction needs --node");
}

static void parse_words(struct fault_verb *v, struct argp_state *state)
{
	size_t first = v->n > 0 && find_op(v->words[0]) < 0;
	size_t left = v->n - first;

	if (left == 0 && first == 0)
		argp_error(state, "list, add or clear?");
	if (left == 0 || find_op(v->words[first]) < 0)
		no_word("verb", v->words[left > 0 ? first : 0], ops, ARRAY_SIZE(ops), state);
	v->lab = first ? v->words[0] : NULL;
	v->op = (enum fault_op)find_op(v->words[first]);
	if (v->op == OP_ADD && left < 2)
		argp_error(state, "add what: drop, delay, duplicate, corrupt, reorder, "
			   "starve, rogue or conflict?");
	if (left > (v->op == OP_ADD ? 2 : 1))
		argp_error(state, "what is \"%s\" after that?", v->words[v->n - 1]);
	if (v->op != OP_ADD && v->given)
		argp_error(state, "these options are for add");
	if (v->op != OP_ADD)
		return;
	set_kind(&v->wish.fault, v->words[first + 1], state);
	check_options(v, state);
}

/* Of who sends himself. */
static error_t parse_sender_option(int key, const char *arg, struct scn_fault *f,
				   struct argp_state *state)
{
	switch (key) {
	case OPT_FORGE:
		f->forge_source = true;
		return 0;
	case OPT_ADDRESS:
		set_address(f, arg, state);
		return 0;
	case OPT_POOL_OFFSET:
		f->pool_offset = set_number(arg, "--pool-offset", UINT32_MAX, state);
		return 0;
	case OPT_POOL_SIZE:
		f->pool_size = set_number(arg, "--pool-size", SCN_ROGUE_POOL_MAX, state);
		return 0;
	case OPT_ROUTER:
		f->router = set_ip(arg, "--router", state);
		return 0;
	case OPT_DNS:
		f->dns = set_ip(arg, "--dns", state);
		return 0;
	case OPT_LEASE:
		f->lease_sec = set_lease(arg, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct fault_verb *v = state->input;
	struct scn_fault *f = &v->wish.fault;

	v->given |= BIT(key);
	switch (key) {
	case OPT_MESSAGE:
		set_message(f, arg, state);
		return 0;
	case OPT_COUNT:
		f->count = set_number(arg, "--count", UINT32_MAX, state);
		return 0;
	case OPT_RATE:
		if (scenario_rate(arg, &f->rate) < 0)
			argp_error(state, "--rate wants a percentage, like 30%%, not \"%s\"", arg);
		return 0;
	case OPT_NODE:
		v->place = arg;
		return 0;
	case OPT_DIRECTION:
		set_direction(f, arg, state);
		return 0;
	case OPT_DELAY:
		f->delay = set_time(arg, "--delay", SCN_DELAY_MAX, state);
		return 0;
	case OPT_AFTER:
		f->after = set_time(arg, "--after", SCN_AFTER_MAX, state);
		return 0;
	case OPT_NAME:
		if (!scenario_is_name(arg))
			argp_error(state, "--name: \"%s\" is no name", arg);
		str_copy(f->name, sizeof(f->name), arg);
		return 0;
	default:
		return parse_sender_option(key, arg, f, state);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct fault_verb *v = state->input;

	switch (key) {
	case 'j':
		v->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (v->n == WORDS_MAX)
			argp_error(state, "what is \"%s\" after that?", arg);
		v->words[v->n++] = arg;
		return 0;
	case ARGP_KEY_END:
		parse_words(v, state);
		return 0;
	default:
		if (key < OPT_MESSAGE || key >= OPT_END)
			return ARGP_ERR_UNKNOWN;
		return parse_option(key, arg, state);
	}
}

static const struct argp_option options[] = {
	{ "message", OPT_MESSAGE, "TYPE", 0, "only DHCP messages of this type: OFFER", 0 },
	{ "count", OPT_COUNT, "N", 0, "only the next N of them", 0 },
	{ "rate", OPT_RATE, "N%", 0, "only so many of them, by chance", 0 },
	{ "node", OPT_NODE, "NODE[:IF]", 0, "only on its cables; else on every cable", 0 },
	{ "direction", OPT_DIRECTION, "WAY", 0, "from or to that node; else both", 0 },
	{ "delay", OPT_DELAY, "TIME", 0,
	  "how late: 1 s, for reorder 50 ms, unless told; starve: from one client to the next", 0 },
	{ "after", OPT_AFTER, "TIME", 0, "not before so much lab time from now", 0 },
	{ "name", OPT_NAME, "NAME", 0, "what the log calls it; else live-1, live-2 ...", 0 },
	{ "address", OPT_ADDRESS, "A[/LEN]", 0,
	  "rogue: his own; conflict: the one in use, else the next that is asked for", 1 },
	{ "router", OPT_ROUTER, "A", 0, "rogue: the router that he gives, else himself", 1 },
	{ "dns", OPT_DNS, "A", 0, "rogue: the DNS server that he gives, else himself", 1 },
	{ "lease", OPT_LEASE, "TIME", 0, "rogue: how long he leases for: 1 h unless told", 1 },
	{ "pool-offset", OPT_POOL_OFFSET, "N", 0, "rogue: his pool's first, from the subnet's", 1 },
	{ "pool-size", OPT_POOL_SIZE, "N", 0,
	  "rogue: how many addresses he has: 10, below his own, unless told", 1 },
	{ "forge-source", OPT_FORGE, NULL, 0, "starve: frames from the clients' addresses", 1 },
	{ "json", 'j', NULL, 0, "list: one JSON document", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[LAB] list\n[LAB] add drop|delay|duplicate|corrupt|reorder\n"
		    "[LAB] add starve|rogue|conflict --node NODE[:IF]\n[LAB] clear",
	.doc = "What goes wrong on purpose in a lab that is up. Each frame that is struck is told "
	       "in the log, with the fault's name.\n\n"
	       "starve, rogue and conflict are somebody at an interface: who takes all addresses "
	       "of a pool as clients that do not exist; a second DHCP server; who uses an address "
	       "that others are to have.\n\n"
	       "On a cable that has been a wire from the start (its scenario has a [Fault], a "
	       "[NetworkEmulator] or a switch that snoops there) every program's frames can be "
	       "struck. On any other the messages (--message) of " PROGRAM_NAME "'s own machines "
	       "can; what they send is struck before it is on the cable.\v"
	       "Example: " PROGRAM_NAME " fault add drop --message OFFER --count 1\n",
};

static enum exit_status open_lab(struct fault_verb *v)
{
	cleanup_free char *place = NULL;
	enum exit_status status;

	if (!v->place)
		return session_open(v->lab, &v->target.session);
	if (asprintf(&place, "%s%s%s", v->lab ? v->lab : "", v->lab ? "/" : "", v->place) < 0)
		return report_no_memory();
	status = place_find(place, &v->target);
	if (!status) {
		v->wish.fault.node = v->target.node;
		v->wish.fault.iface = v->target.iface;
	}
	return status;
}

static const json_t *faults_of(const struct fault_verb *v)
{
	return json_object_get(v->target.session.status, "faults");
}

/* What somebody at an interface is, and what he has done. */
static void describe_sender(struct text *t, const json_t *f, enum scn_fault_kind kind)
{
	size_t n = (size_t)object_number(f, "struck");

	text_add(t, "  %-12s %s at %s: ", object_string(f, "name"), object_string(f, "type"),
		 object_string(f, "node"));
	if (kind == SCN_FAULT_STARVE) {
		text_add(t, "has asked as ");
		text_count(t, n, "client");
	} else if (kind == SCN_FAULT_ROGUE) {
		text_add(t, "has sent ");
		text_count(t, n, "message");
	} else {
		text_add(t, "has answered ");
		text_count(t, n, "ARP request");
	}
	text_add(t, "\n");
}

static void describe(struct text *t, const json_t *f)
{
	double rate = object_number(f, "rate");
	const char *message = object_string(f, "message"), *node = object_string(f, "node");

	text_add(t, "  %-12s %s %s", object_string(f, "name"), object_string(f, "type"),
		 message[0] ? message : "any frame");
	if (object_number(f, "count") > 0)
		text_add(t, ", %g of them", object_number(f, "count"));
	if (rate < 1)
		text_add(t, ", %g%%", rate * 100);
	if (node[0])
		text_add(t, ", %s %s", strcmp(object_string(f, "direction"), "both") == 0
					       ? "on the cables of" : object_string(f, "direction"),
			 node);
	text_add(t, ": struck ");
	text_count(t, (size_t)object_number(f, "struck"), "time");
	text_add(t, "\n");
}

static enum exit_status list(const struct fault_verb *v)
{
	struct text cleanup_text out = { 0 };
	const json_t *faults = faults_of(v), *f;
	size_t i;

	if (v->json)
		return out_json(json_pack("{s:s, s:s, s:O}", "schema", "netlab.faults/1", "lab",
					  v->target.session.info.name, "faults", faults));
	if (json_array_size(faults) == 0)
		text_add(&out, "%s has no faults (%s fault add)\n", v->target.session.info.name,
			 PROGRAM_NAME);
	json_array_foreach(faults, i, f) {
		int kind = scenario_fault_kind(object_string(f, "type"));

		if (kind >= 0 && scn_fault_sends((enum scn_fault_kind)kind))
			describe_sender(&out, f, (enum scn_fault_kind)kind);
		else
			describe(&out, f);
	}
	return out_text(&out);
}

static bool is_taken(const struct fault_verb *v, const char *name)
{
	const json_t *f;
	size_t i;

	json_array_foreach(faults_of(v), i, f)
		if (strcmp(object_string(f, "name"), name) == 0)
			return true;
	return false;
}

static void choose_name(struct fault_verb *v)
{
	struct scn_fault *f = &v->wish.fault;

	for (unsigned int i = 1; !f->name[0] || is_taken(v, f->name); i++)
		snprintf(f->name, sizeof(f->name), "live-%u", i);
}

#define OPTION_LEN 40

/* The option of a key of [Fault]: "--pool-offset" of "PoolOffset". */
static void option_of(const char *key, char ret[static OPTION_LEN])
{
	size_t n = 0;

	for (; *key && n < OPTION_LEN - 2; key++) {
		if (isupper((unsigned char)*key) && n > 0)
			ret[n++] = '-';
		ret[n++] = (char)tolower((unsigned char)*key);
	}
	ret[n] = '\0';
}

/* The lab fills in what is not given; here it is seen whether it can. */
static enum exit_status check_sender(const struct fault_verb *v)
{
	struct scn_fault f = v->wish.fault;
	struct error err = { 0 };
	char option[OPTION_LEN];
	const char *key = "";

	if (!scn_fault_sends(f.kind) ||
	    scenario_fault_fill(v->target.session.scenario, &f, &key, &err) == 0)
		return EXIT_OK;
	option_of(key, option);
	return report(EXIT_USAGE, "--%s: %s", option, err.text);
}

static enum exit_status run(struct fault_verb *v)
{
	struct session *s = &v->target.session;
	struct lab_wish_report r = { 0 };
	struct error err = { 0 };
	enum exit_status status = session_connect(s);

	if (status || v->op == OP_LIST)
		return status ? status : list(v);
	v->wish.clear = v->op == OP_CLEAR;
	if (v->op == OP_ADD && !v->wish.fault.name[0])
		choose_name(v);
	if (!(v->given & BIT(OPT_DELAY)))
		v->wish.fault.delay = scenario_fault_delay(v->wish.fault.kind);
	status = v->op == OP_ADD ? check_sender(v) : EXIT_OK;
	if (status)
		return status;
	if (lab_fault(s->lab, &v->wish, &r, &err) < 0)
		return report_error(&err);
	if (v->op == OP_ADD)
		printf("%s: fault %s is in force (%s fault clear)\n", s->info.name,
		       v->wish.fault.name, PROGRAM_NAME);
	else
		printf("%s: its faults are cleared\n", s->info.name);
	return EXIT_OK;
}

int verb_fault(int argc, char **argv)
{
	struct fault_verb v = {
		.wish.fault = { .node = NONE, .iface = NONE, .rate = SCN_MILLION },
	};
	enum exit_status status;

	argp_parse(&argp, argc, argv, 0, NULL, &v);
	status = open_lab(&v);
	if (!status)
		status = run(&v);
	target_done(&v.target);
	return (int)status;
}
