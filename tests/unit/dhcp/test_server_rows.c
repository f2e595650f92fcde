/* SPDX-License-Identifier: MIT */
/* test_server_rows.c - each row of the server's table, and what it does: as the client's rows. */
#include "server_walk.h"

/*
 * One line a row of the table, in its order: what comes to which client, who asks for
 * which address, what is reserved for it, what there is none of; a for an authoritative
 * server, p for one that probes, * where the row has no condition. Then what goes out, with the address that it gives (or
 * probes), and how the client's binding stands after that; for what is about an address
 * (CONFLICT, LEASEQUERY, FORCERENEW): how the address's does.
 */
struct row_case {
	enum dhcp_server_trigger on;
	enum start start;
	enum asked asked;
	enum kept kept;
	enum shortage shortage;
	enum wants wants;
	const char *server;
	const char *does;
	const char *state;
};

#define C(on_, start_, asked_, kept_, shortage_, wants_, server_, does_, state_)            \
	{                                                                                   \
		DHCP_SERVER_ON_##on_, start_, asked_, kept_, shortage_, wants_, server_,    \
		does_, state_                                                               \
	}

static const struct row_case rows[] = {
	C(DISCOVER, PROBED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p*", "", "PROBED"),
	C(DISCOVER, NEW, ITS_OWN, KEPT, PLENTY, AN_ADDRESS, "p", "probe kept", "PROBED"),
	C(DISCOVER, NEW, ITS_OWN, KEPT, PLENTY, AN_ADDRESS, "", "OFFER kept", "OFFERED"),
	C(DISCOVER, ACTIVE, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "OFFER own", "ACTIVE"),
	C(DISCOVER, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "OFFER own", "OFFERED"),
	C(DISCOVER, NEW, ITS_OWN, NOT_KEPT, PLENTY, NO_IPV4, "", "OFFER", "NONE"),
	C(DISCOVER, EXPIRED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p", "probe own", "PROBED"),
	C(DISCOVER, RELEASED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p", "probe own", "PROBED"),
	C(DISCOVER, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p", "probe asked", "PROBED"),
	C(DISCOVER, NEW, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "p", "probe new", "PROBED"),
	C(DISCOVER, EXPIRED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "OFFER own", "OFFERED"),
	C(DISCOVER, RELEASED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "OFFER own", "OFFERED"),
	C(DISCOVER, NEW, ITS_OWN, NOT_KEPT, POOL_FULL, WHETHER_TO_MAKE_ONE_UP, "", "OFFER", "NONE"),
	C(DISCOVER, NEW, ITS_OWN, NOT_KEPT, NO_MEMORY, AN_ADDRESS, "", "", "NONE"),
	C(DISCOVER, NEW, ITS_OWN, KEPT_BUT_TAKEN, PLENTY, AN_ADDRESS, "", "OFFER new", "OFFERED"),
	C(DISCOVER, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "OFFER asked", "OFFERED"),
	C(DISCOVER, NEW, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "", "OFFER new", "OFFERED"),
	C(DISCOVER, NEW, ITS_OWN, NOT_KEPT, POOL_FULL, AN_ADDRESS, "*", "", "NONE"),
	C(DISCOVER, DECLINED, ITS_OWN, NOT_KEPT, POOL_FULL, WHETHER_TO_MAKE_ONE_UP, "",
	  "OFFER", "DECLINED"),
	C(DISCOVER, DECLINED, ITS_OWN, NOT_KEPT, NO_MEMORY, AN_ADDRESS, "", "", "DECLINED"),
	C(DISCOVER, DECLINED, ITS_OWN, KEPT, PLENTY, AN_ADDRESS, "", "OFFER new", "OFFERED"),
	C(DISCOVER, DECLINED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "",
	  "OFFER asked", "OFFERED"),
	C(DISCOVER, DECLINED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "OFFER new", "OFFERED"),
	C(DISCOVER, DECLINED, ITS_OWN, NOT_KEPT, POOL_FULL, AN_ADDRESS, "*", "", "DECLINED"),

	C(RAPID, NEW, ITS_OWN, KEPT, PLENTY, AN_ADDRESS, "", "ACK kept", "ACTIVE"),
	C(RAPID, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(RAPID, NEW, ITS_OWN, NOT_KEPT, POOL_FULL, WHETHER_TO_MAKE_ONE_UP, "", "OFFER", "NONE"),
	C(RAPID, NEW, ITS_OWN, NOT_KEPT, NO_MEMORY, AN_ADDRESS, "", "", "NONE"),
	C(RAPID, DECLINED, ITS_OWN, KEPT, PLENTY, AN_ADDRESS, "", "ACK new", "ACTIVE"),
	C(RAPID, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK asked", "ACTIVE"),
	C(RAPID, NEW, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK new", "ACTIVE"),
	C(RAPID, NEW, ITS_OWN, NOT_KEPT, POOL_FULL, AN_ADDRESS, "*", "", "NONE"),

	C(BOOTP, NEW, ITS_OWN, KEPT, PLENTY, AN_ADDRESS, "", "BOOTP kept", "ACTIVE"),
	C(BOOTP, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "BOOTP own", "ACTIVE"),
	C(BOOTP, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "", "NONE"),
	C(BOOTP, NEW, ITS_OWN, NOT_KEPT, NO_MEMORY, AN_ADDRESS, "a", "", "NONE"),
	C(BOOTP, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "BOOTP new", "ACTIVE"),
	C(BOOTP, NEW, ITS_OWN, NOT_KEPT, POOL_FULL, AN_ADDRESS, "a*", "", "NONE"),

	C(SELECTING, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(SELECTING, OFFERED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "OFFERED"),
	C(SELECTING, PROBED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p*", "NAK", "PROBED"),
	C(SELECTING, ACTIVE, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(SELECTING, ACTIVE, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "ACTIVE"),
	C(SELECTING, EXPIRED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(SELECTING, EXPIRED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK asked", "ACTIVE"),
	C(SELECTING, EXPIRED, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "EXPIRED"),
	C(SELECTING, RELEASED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(SELECTING, RELEASED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK asked", "ACTIVE"),
	C(SELECTING, RELEASED, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "RELEASED"),
	C(SELECTING, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK asked", "ACTIVE"),
	C(SELECTING, NEW, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "NONE"),
	C(SELECTING, DECLINED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK asked", "ACTIVE"),
	C(SELECTING, DECLINED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "DECLINED"),

	C(OTHER_SERVER, OFFERED_AGAIN, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "", "EXPIRED"),
	C(OTHER_SERVER, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "NONE"),
	C(OTHER_SERVER, PROBED_AGAIN, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p", "", "EXPIRED"),
	C(OTHER_SERVER, PROBED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p*", "", "NONE"),

	C(INIT_REBOOT, NEW, SOME_FREE, KEPT, PLENTY, AN_ADDRESS, "", "ACK kept", "ACTIVE"),
	C(INIT_REBOOT, NEW, ITS_OWN, KEPT, PLENTY, AN_ADDRESS, "", "NAK", "NONE"),
	C(INIT_REBOOT, ACTIVE, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(INIT_REBOOT, ACTIVE, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "ACTIVE"),
	C(INIT_REBOOT, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(INIT_REBOOT, OFFERED_AGAIN, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "",
	  "NAK", "OFFERED"),
	C(INIT_REBOOT, OFFERED, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "a",
	  "NAK", "OFFERED"),
	C(INIT_REBOOT, OFFERED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "OFFERED"),
	C(INIT_REBOOT, EXPIRED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(INIT_REBOOT, EXPIRED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "EXPIRED"),
	C(INIT_REBOOT, RELEASED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(INIT_REBOOT, RELEASED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "RELEASED"),
	C(INIT_REBOOT, NEW, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "NAK", "NONE"),
	C(INIT_REBOOT, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "NONE"),
	C(INIT_REBOOT, PROBED, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "ap",
	  "NAK", "PROBED"),
	C(INIT_REBOOT, PROBED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p*", "", "PROBED"),
	C(INIT_REBOOT, DECLINED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "NAK", "DECLINED"),
	C(INIT_REBOOT, DECLINED, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "a",
	  "NAK", "DECLINED"),
	C(INIT_REBOOT, DECLINED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "DECLINED"),

	C(RENEWING, NEW, SOME_FREE, KEPT, PLENTY, AN_ADDRESS, "", "ACK kept", "ACTIVE"),
	C(RENEWING, NEW, ITS_OWN, KEPT, PLENTY, AN_ADDRESS, "", "NAK", "NONE"),
	C(RENEWING, ACTIVE, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(RENEWING, ACTIVE, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "ACTIVE"),
	C(RENEWING, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(RENEWING, OFFERED_AGAIN, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "", "NAK", "OFFERED"),
	C(RENEWING, OFFERED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "NAK", "OFFERED"),
	C(RENEWING, OFFERED, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "OFFERED"),
	C(RENEWING, EXPIRED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(RENEWING, EXPIRED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "EXPIRED"),
	C(RENEWING, RELEASED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(RENEWING, RELEASED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "RELEASED"),
	C(RENEWING, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "NAK", "NONE"),
	C(RENEWING, NEW, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "NONE"),
	C(RENEWING, PROBED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "ap", "NAK", "PROBED"),
	C(RENEWING, PROBED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p*", "", "PROBED"),
	C(RENEWING, DECLINED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "NAK", "DECLINED"),
	C(RENEWING, DECLINED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "NAK", "DECLINED"),
	C(RENEWING, DECLINED, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "DECLINED"),

	C(REBINDING, NEW, SOME_FREE, KEPT, PLENTY, AN_ADDRESS, "", "ACK kept", "ACTIVE"),
	C(REBINDING, NEW, ITS_OWN, KEPT, PLENTY, AN_ADDRESS, "", "NAK", "NONE"),
	C(REBINDING, ACTIVE, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(REBINDING, ACTIVE, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "ACTIVE"),
	C(REBINDING, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(REBINDING, OFFERED_AGAIN, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "", "NAK", "OFFERED"),
	C(REBINDING, OFFERED, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "a",
	  "NAK", "OFFERED"),
	C(REBINDING, OFFERED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "OFFERED"),
	C(REBINDING, EXPIRED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(REBINDING, EXPIRED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "EXPIRED"),
	C(REBINDING, RELEASED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK own", "ACTIVE"),
	C(REBINDING, RELEASED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "NAK", "RELEASED"),
	C(REBINDING, NEW, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "NAK", "NONE"),
	C(REBINDING, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "NONE"),
	C(REBINDING, PROBED, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "ap", "NAK", "PROBED"),
	C(REBINDING, PROBED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p*", "", "PROBED"),
	C(REBINDING, DECLINED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "NAK", "DECLINED"),
	C(REBINDING, DECLINED, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "a",
	  "NAK", "DECLINED"),
	C(REBINDING, DECLINED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "DECLINED"),

	C(DECLINE, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "", "DECLINED"),
	C(DECLINE, OFFERED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "OFFERED"),
	C(DECLINE, ACTIVE, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "", "DECLINED"),
	C(DECLINE, ACTIVE, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "ACTIVE"),

	C(RELEASE, ACTIVE, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "", "RELEASED"),
	C(RELEASE, ACTIVE, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "ACTIVE"),

	C(INFORM, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK", "NONE"),
	C(INFORM, NEW, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "NONE"),

	C(LEASEQUERY, NEW, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "*",
	  "LEASEACTIVE", "ACTIVE"),
	C(LEASEQUERY, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "LEASEUNASSIGNED", "NONE"),
	C(LEASEQUERY, NEW, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "*",
	  "LEASEUNKNOWN", "NONE"),

	C(FORCERENEW, NEW, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "FORCERENEW", "ACTIVE"),
	C(FORCERENEW, NEW, A_NEIGHBOURS, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "ACTIVE"),

	C(DEADLINE, OFFERED_AGAIN, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "", "EXPIRED"),
	C(DEADLINE, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "NONE"),
	C(DEADLINE, ACTIVE, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "EXPIRED"),
	C(DEADLINE, DECLINED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "NONE"),
	C(DEADLINE, PROBED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p*", "OFFER own", "OFFERED"),

	C(CONFLICT, NEW, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "", "", "DECLINED"),
	C(CONFLICT, NEW, ANOTHER_NETWORKS, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "NONE"),
	C(CONFLICT, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "DECLINED"),
	C(CONFLICT, PROBED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "p*", "probe new", "DECLINED"),
	C(CONFLICT, EXPIRED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "DECLINED"),
	C(CONFLICT, RELEASED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "DECLINED"),
	C(CONFLICT, DECLINED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "*", "", "DECLINED"),
};

/* Where more than one row holds: the first is taken. */
static const struct row_case firsts[] = {
	C(DISCOVER, OFFERED, ITS_OWN, KEPT_AND_BACK, PLENTY, AN_ADDRESS, "",
	  "OFFER kept", "OFFERED"),
	C(DISCOVER, ACTIVE, ITS_OWN, KEPT_AND_BACK, PLENTY, AN_ADDRESS, "p",
	  "probe kept", "PROBED"),
	C(DISCOVER, ACTIVE, ITS_OWN, NOT_KEPT, POOL_FULL, WHETHER_TO_MAKE_ONE_UP, "",
	  "OFFER own", "ACTIVE"),
	C(DISCOVER, ACTIVE, ITS_OWN, NOT_KEPT, PLENTY, NO_IPV4, "", "OFFER own", "ACTIVE"),
	C(DISCOVER, EXPIRED, ITS_OWN, NOT_KEPT, PLENTY, NO_IPV4, "p", "OFFER", "EXPIRED"),
	C(DISCOVER, EXPIRED, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "p", "probe own", "PROBED"),
	C(DISCOVER, NEW, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "p", "probe asked", "PROBED"),
	C(DISCOVER, NEW, ITS_OWN, NOT_KEPT, NO_MEMORY, WHETHER_TO_MAKE_ONE_UP, "",
	  "OFFER", "NONE"),
	C(DISCOVER, DECLINED, ITS_OWN, NOT_KEPT, NO_MEMORY, WHETHER_TO_MAKE_ONE_UP, "",
	  "OFFER", "DECLINED"),
	C(RAPID, OFFERED, ITS_OWN, KEPT_AND_BACK, PLENTY, AN_ADDRESS, "", "ACK kept", "ACTIVE"),
	C(RAPID, OFFERED, ITS_OWN, NOT_KEPT, POOL_FULL, WHETHER_TO_MAKE_ONE_UP, "",
	  "ACK own", "ACTIVE"),
	C(RAPID, NEW, ITS_OWN, NOT_KEPT, NO_MEMORY, WHETHER_TO_MAKE_ONE_UP, "", "OFFER", "NONE"),
	C(RAPID, NEW, ITS_OWN, KEPT_BUT_TAKEN, PLENTY, AN_ADDRESS, "", "ACK new", "ACTIVE"),
	C(RAPID, NEW, SOME_FREE, NOT_KEPT, PLENTY, AN_ADDRESS, "", "ACK asked", "ACTIVE"),
	C(BOOTP, OFFERED, ITS_OWN, KEPT_AND_BACK, PLENTY, AN_ADDRESS, "a",
	  "BOOTP kept", "ACTIVE"),
	C(BOOTP, OFFERED, ITS_OWN, NOT_KEPT, NO_MEMORY, AN_ADDRESS, "a", "BOOTP own", "ACTIVE"),
	C(INIT_REBOOT, ACTIVE, ITS_OWN, KEPT_AND_BACK, PLENTY, AN_ADDRESS, "", "NAK", "ACTIVE"),
	C(RENEWING, ACTIVE, ITS_OWN, KEPT_AND_BACK, PLENTY, AN_ADDRESS, "", "NAK", "ACTIVE"),
	C(REBINDING, ACTIVE, ITS_OWN, KEPT_AND_BACK, PLENTY, AN_ADDRESS, "", "NAK", "ACTIVE"),
	C(INIT_REBOOT, ACTIVE, SOME_FREE, KEPT_AND_BACK, PLENTY, AN_ADDRESS, "",
	  "ACK kept", "ACTIVE"),
	C(RENEWING, DECLINED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "NAK", "DECLINED"),
	C(RENEWING, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "ACK own", "ACTIVE"),
	C(REBINDING, OFFERED, ITS_OWN, NOT_KEPT, PLENTY, AN_ADDRESS, "a", "ACK own", "ACTIVE"),
};

static bool is_of_address(enum dhcp_server_trigger t)
{
	return t == DHCP_SERVER_ON_CONFLICT || t == DHCP_SERVER_ON_LEASEQUERY ||
	       t == DHCP_SERVER_ON_FORCERENEW;
}

/* " own", " kept", " asked" or " new"; "" for no address. */
static const char *kind_of(const struct walk *w, uint32_t address)
{
	if (!address)
		return "";
	if (address == w->own)
		return " own";
	if (address == KEPT_ADDRESS && w->kept != NOT_KEPT)
		return " kept";
	return address == w->address ? " asked" : " new";
}

static void say(const struct walk *w, char *ret, size_t size)
{
	size_t len = 0;

	ret[0] = '\0';
	for (unsigned int i = 0; i < w->lab.out.n; i++) {
		const struct dhcp_action *a = &w->lab.out.action[i];
		bool sends = a->type == DHCP_ACTION_SEND;

		if (!sends && a->type != DHCP_ACTION_PROBE)
			continue;
		len += (size_t)snprintf(ret + len, size - len, "%s%s%s", len ? ", " : "",
					sends ? dhcp_type_name(a->send.type) : "probe",
					kind_of(w, sends ? w->lab.reply.yiaddr : a->probe));
	}
}

static const char *state_after(const struct walk *w, enum dhcp_server_trigger t)
{
	const struct dhcp_binding *b = lab_binding(&w->lab, w->address);

	if (!is_of_address(t))
		return dhcp_binding_state_name(state_of_client(&w->lab, CLIENT));
	return dhcp_binding_state_name(b ? b->state : DHCP_BINDING_NONE);
}

static void play(struct walk *w, const struct row_case *c)
{
	w->start = c->start;
	w->asked = c->asked;
	w->kept = c->kept;
	w->wants = c->wants;
	w->probes = strchr(c->server, 'p');
	walk_begin(w, strchr(c->server, 'a'), c->shortage);
	if (c->on == DHCP_SERVER_ON_DEADLINE)
		w->lab.now = dhcp_server_deadline(w->lab.s);
	(void)walk_step(w, c->on);
}

/* The step came by row @i, and no other. */
static bool is_row(const struct walk *w, enum dhcp_server_trigger t, size_t i)
{
	const struct dhcp_actions *out = &w->lab.out;
	const char *from = dhcp_binding_state_name((enum dhcp_binding_state)out->from);
	const char *to = dhcp_binding_state_name((enum dhcp_binding_state)out->to);
	struct dhcp_row row;

	assert_true(dhcp_server_row(i, &row));
	return (!strcmp(row.from, "any") || !strcmp(row.from, from)) &&
	       (!strcmp(row.to, "any") || !strcmp(row.to, to)) &&
	       !strcmp(row.on, dhcp_server_trigger_name(t)) &&
	       row.reason.why == out->reason.why;
}

/* Plays @c, and holds the server to it. */
static void assert_case(struct walk *w, const struct row_case *c, size_t i)
{
	char does[100];

	play(w, c);
	say(w, does, sizeof(does));
	if (strcmp(does, c->does) != 0)
		fail_msg("line %zu: \"%s\" in place of \"%s\"", i, does, c->does);
	assert_string_equal(state_after(w, c->on), c->state);
	if (!is_of_address(c->on))
		assert_string_equal(dhcp_binding_state_name(w->lab.out.to), c->state);
}

static void test_each_row_does_what_it_says_rfc2131_s4_3(void **state)
{
	struct dhcp_row row;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct walk w = { .own = 0 };

		assert_case(&w, &rows[i], i);
		if (!is_row(&w, rows[i].on, i))
			fail_msg("row %zu: it came by \"%s\"", i, w.lab.out.reason.why);
		lab_end(&w.lab);
	}
	assert_false(dhcp_server_row(i, &row));
}

static void test_the_first_row_wins_rfc2131_s4_3(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(firsts); i++) {
		struct walk w = { .own = 0 };

		assert_case(&w, &firsts[i], i);
		lab_end(&w.lab);
	}
}

static bool stands_there(const struct walk *w, size_t i)
{
	enum dhcp_binding_state from = (enum dhcp_binding_state)w->lab.out.from;
	struct dhcp_row row;

	return dhcp_server_row(i, &row) && (!strcmp(row.from, "any") ||
					    !strcmp(row.from, dhcp_binding_state_name(from)));
}

/* A row without a condition is taken, whatever else is the case, unless one before it is. */
static void assert_unconditional(const struct row_case *c, size_t i)
{
	for (enum shortage s = PLENTY; s < SHORTAGES; s++) {
		for (int authoritative = 0; authoritative < 2; authoritative++) {
			struct row_case other = *c;
			struct walk w = { .own = 0 };
			size_t taken = 0;

			other.shortage = s;
			other.server = strchr(c->server, 'p') ? authoritative ? "ap" : "p"
							      : authoritative ? "a" : "";
			play(&w, &other);
			while (taken <= i && !is_row(&w, c->on, taken))
				taken++;
			/* When all is taken, so may be what it had before. */
			if (taken > i && stands_there(&w, i))
				fail_msg("row %zu: not taken: \"%s\"", i, w.lab.out.reason.why);
			lab_end(&w.lab);
		}
	}
}

static void test_rows_without_a_condition_rfc2131_s4_3(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strchr(rows[i].server, '*') && rows[i].on != DHCP_SERVER_ON_DEADLINE)
			assert_unconditional(&rows[i], i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_row_does_what_it_says_rfc2131_s4_3),
		cmocka_unit_test(test_the_first_row_wins_rfc2131_s4_3),
		cmocka_unit_test(test_rows_without_a_condition_rfc2131_s4_3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
