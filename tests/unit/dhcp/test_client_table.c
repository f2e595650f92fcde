/* SPDX-License-Identifier: MIT */
/* The client's table, row by row; and every state with every trigger. */
#include "client_fixture.h"
#include "dhcp/client.h"

/*
 * One line a row of the table, in its order: how to come there and take it
 * (the last letter takes it), what is then done, and where it leads. Options: D a delay in
 * INIT, P two probes, R an old address, L release at the end, C rapid commit,
 * F FORCERENEWs are taken, M one attempt, 6 the IPv6-only option is asked for.
 */
static const struct {
	const char *options;
	const char *script;
	const char *actions;
	const char *to;
} rows[] = {
	{ "D", "s", "", "INIT" },
	{ "", "s", "DISCOVER ", "SELECTING" },
	{ "D", "sd", "DISCOVER ", "SELECTING" },
	{ "", "x", "DISCOVER ", "SELECTING" },
	{ "6", "sOl", "DISCOVER ", "SELECTING" },
	{ "", "t", "", "STOPPED" },

	{ "6", "sO", "", "INIT" },
	{ "A", "sZ", "", "SELECTING" },
	{ "WR", "sdddddo", "REQUEST ", "REQUESTING" },
	{ "W", "soo", "", "SELECTING" },
	{ "W", "so", "", "SELECTING" },
	{ "", "so", "REQUEST ", "REQUESTING" },
	{ "CP", "sA", "note ", "REQUESTING" },
	{ "C", "sA", "configure ", "BOUND" },
	{ "W", "sod", "REQUEST ", "REQUESTING" },
	{ "M", "sd", "", "STOPPED" },
	{ "", "sd", "DISCOVER ", "SELECTING" },
	{ "", "sx", "DISCOVER ", "SELECTING" },
	{ "", "sl", "DISCOVER ", "SELECTING" },
	{ "", "st", "", "STOPPED" },

	{ "F", "sNa", "", "INIT" },
	{ "P", "soa", "note ", "REQUESTING" },
	{ "", "soa", "configure ", "BOUND" },
	{ "", "son", "", "INIT" },
	{ "P", "soae", "", "INIT" },
	{ "P", "soad", "probe ", "REQUESTING" },
	{ "P", "soaddd", "configure announce ", "BOUND" },
	{ "", "sod", "REQUEST ", "REQUESTING" },
	{ "", "sodddd", "", "INIT" },
	{ "P", "soac", "DECLINE ", "INIT" },
	{ "", "sox", "DISCOVER ", "SELECTING" },
	{ "", "sol", "DISCOVER ", "SELECTING" },
	{ "", "sot", "", "STOPPED" },

	{ "", "soaiI", "configure ", "BOUND" },
	{ "", "soae", "deconfigure ", "INIT" },
	{ "P", "soadddd", "announce ", "BOUND" },
	{ "", "soaidddd", "note ", "BOUND" },
	{ "", "soaid", "INFORM ", "BOUND" },
	{ "", "soa2", "REQUEST ", "REBINDING" },
	{ "", "soad", "REQUEST ", "RENEWING" },
	{ "", "soac", "announce note ", "BOUND" },
	{ "", "soacc", "DECLINE deconfigure ", "INIT" },
	{ "F", "soKF", "REQUEST ", "RENEWING" },
	{ "", "soar", "RELEASE deconfigure ", "INIT" },
	{ "", "soaw", "REQUEST ", "RENEWING" },
	{ "", "soab", "REQUEST ", "REBINDING" },
	{ "", "soax", "REQUEST ", "REBOOTING" },
	{ "", "soal", "REQUEST ", "REBOOTING" },
	{ "", "soak", "DECLINE deconfigure ", "INIT" },
	{ "", "soai", "INFORM ", "BOUND" },
	{ "L", "soat", "RELEASE deconfigure ", "STOPPED" },
	{ "", "soat", "deconfigure ", "STOPPED" },

	{ "", "soadiI", "configure ", "RENEWING" },
	{ "", "soada", "configure ", "BOUND" },
	{ "", "soadn", "deconfigure ", "INIT" },
	{ "", "soade", "deconfigure ", "INIT" },
	{ "P", "soadddwd", "announce ", "RENEWING" },
	{ "", "soad2", "REQUEST ", "REBINDING" },
	{ "", "soadd", "REQUEST ", "RENEWING" },
	{ "", "soadc", "announce note ", "RENEWING" },
	{ "", "soadcc", "DECLINE deconfigure ", "INIT" },
	{ "F", "soKwF", "REQUEST ", "RENEWING" },
	{ "", "soadr", "RELEASE deconfigure ", "INIT" },
	{ "", "soadw", "REQUEST ", "RENEWING" },
	{ "", "soadb", "REQUEST ", "REBINDING" },
	{ "", "soadx", "REQUEST ", "REBOOTING" },
	{ "", "soadl", "REQUEST ", "REBOOTING" },
	{ "", "soadk", "DECLINE deconfigure ", "INIT" },
	{ "", "soadi", "INFORM ", "RENEWING" },
	{ "L", "soadt", "RELEASE deconfigure ", "STOPPED" },
	{ "", "soadt", "deconfigure ", "STOPPED" },

	{ "", "soa2iI", "configure ", "REBINDING" },
	{ "", "soa2a", "configure ", "BOUND" },
	{ "", "soa2n", "deconfigure ", "INIT" },
	{ "", "soa2e", "deconfigure ", "INIT" },
	{ "P", "soadddbd", "announce ", "REBINDING" },
	{ "", "soa2d", "REQUEST ", "REBINDING" },
	{ "", "soa2c", "announce note ", "REBINDING" },
	{ "", "soa2cc", "DECLINE deconfigure ", "INIT" },
	{ "F", "soKbF", "REQUEST ", "REBINDING" },
	{ "", "soa2r", "RELEASE deconfigure ", "INIT" },
	{ "", "soa2b", "REQUEST ", "REBINDING" },
	{ "", "soa2x", "REQUEST ", "REBOOTING" },
	{ "", "soa2l", "REQUEST ", "REBOOTING" },
	{ "", "soa2k", "DECLINE deconfigure ", "INIT" },
	{ "", "soa2i", "INFORM ", "REBINDING" },
	{ "L", "soa2t", "RELEASE deconfigure ", "STOPPED" },
	{ "", "soa2t", "deconfigure ", "STOPPED" },

	{ "R", "s", "REQUEST ", "REBOOTING" },
	{ "R", "x", "REQUEST ", "REBOOTING" },
	{ "R", "t", "", "STOPPED" },

	{ "R6", "sX", "", "INIT" },
	{ "RP", "sa", "note ", "REBOOTING" },
	{ "R", "sa", "configure ", "BOUND" },
	{ "R", "sn", "", "INIT" },
	{ "", "soaxe", "deconfigure ", "INIT" },
	{ "RP", "sad", "probe ", "REBOOTING" },
	{ "RP", "saddd", "configure announce ", "BOUND" },
	{ "R", "sd", "REQUEST ", "REBOOTING" },
	{ "P", "soadddldddd", "", "REBOOTING" },
	{ "", "soaxdddd", "configure ", "BOUND" },
	{ "R", "sdddd", "", "INIT" },
	{ "RP", "sac", "DECLINE ", "INIT" },
	{ "", "soaxr", "RELEASE deconfigure ", "INIT" },
	{ "R", "sx", "REQUEST ", "REBOOTING" },
	{ "R", "sl", "REQUEST ", "REBOOTING" },
	{ "L", "soaxt", "RELEASE deconfigure ", "STOPPED" },
	{ "R", "st", "", "STOPPED" },

	{ "", "soats", "REQUEST ", "REBOOTING" },
	{ "D", "ts", "", "INIT" },
	{ "", "ts", "DISCOVER ", "SELECTING" },
	{ "", "soatx", "REQUEST ", "REBOOTING" },
	{ "", "tx", "DISCOVER ", "SELECTING" },
};

static void begin_row(struct fixture *f, const char *options)
{
	struct dhcp_client_options opt = usual_options();

	if (strchr(options, 'A'))
		opt.auto_configure = true;
	if (strchr(options, 'W'))
		opt.collect = 2 * DHCP_SECOND;
	if (strchr(options, 'D'))
		opt.init_delay = 10 * DHCP_SECOND;
	if (strchr(options, 'P'))
		opt.conflict_probes = 2;
	if (strchr(options, 'R'))
		opt.reboot_address = OURS;
	if (strchr(options, 'C'))
		opt.rapid_commit = true;
	if (strchr(options, 'F'))
		opt.force_renew = true;
	if (strchr(options, 'M'))
		opt.max_attempts = 1;
	if (strchr(options, '6'))
		opt.request[opt.n_request++] = DHCP_OPT_IPV6_ONLY;
	if (strchr(options, 'L'))
		opt.release_on_stop = true;
	begin_with(f, &opt);
}

static const char *action_name(const struct dhcp_action *a)
{
	switch (a->type) {
	case DHCP_ACTION_SEND:
		return dhcp_type_name(a->send.type);
	case DHCP_ACTION_CONFIGURE:
		return "configure";
	case DHCP_ACTION_DECONFIGURE:
		return "deconfigure";
	case DHCP_ACTION_PROBE:
		return "probe";
	case DHCP_ACTION_ANNOUNCE:
		return "announce";
	case DHCP_ACTION_NOTE:
		return "note";
	case DHCP_ACTION_COMMIT:
		return "commit";
	}
	return "?";
}

static void actions_text(const struct dhcp_actions *out, char *ret, size_t size)
{
	ret[0] = '\0';
	for (unsigned int i = 0; i < out->n; i++) {
		strncat(ret, action_name(&out->action[i]), size - strlen(ret) - 1);
		strncat(ret, " ", size - strlen(ret) - 1);
	}
}

static void assert_row_is_taken(size_t i)
{
	struct fixture f;
	struct dhcp_row row;
	char actions[100];

	assert_true(dhcp_client_row(i, &row));
	begin_row(&f, rows[i].options);
	if (play(&f, rows[i].script) != 1)
		fail_msg("row %zu, \"%s\": ignored: %s", i, rows[i].script, f.out.reason.why);

	actions_text(&f.out, actions, sizeof(actions));
	assert_string_equal(dhcp_client_state_name(f.out.from), row.from);
	assert_string_equal(dhcp_client_state_name(f.out.to), rows[i].to);
	assert_string_equal(row.to, rows[i].to);
	assert_int_equal(f.out.to, f.c.state);
	assert_string_equal(f.out.reason.why, row.reason.why);
	assert_string_equal(f.out.reason.rfc, row.reason.rfc);
	assert_string_equal(actions, rows[i].actions);
}

static void rfc2131_4_4_figure_5_every_row_is_taken(void **state)
{
	struct dhcp_row row;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row_is_taken(i);
	assert_false(dhcp_client_row(i, &row));
}

/* How to come to each state. */
static const struct {
	const char *options, *script;
} ways[DHCP_CLIENT_STATES] = {
	[DHCP_CLIENT_STOPPED] = { "", "t" },
	[DHCP_CLIENT_INIT] = { "", "" },
	[DHCP_CLIENT_SELECTING] = { "", "s" },
	[DHCP_CLIENT_REQUESTING] = { "", "so" },
	[DHCP_CLIENT_BOUND] = { "", "soa" },
	[DHCP_CLIENT_RENEWING] = { "", "soad" },
	[DHCP_CLIENT_REBINDING] = { "", "soa2" },
	[DHCP_CLIENT_INIT_REBOOT] = { "R", "" },
	[DHCP_CLIENT_REBOOTING] = { "R", "s" },
};

static const char letters[] = "soandctrwbxkilF";	/* in the order of enum dhcp_client_trigger */

static bool has_row_without_guard(enum dhcp_client_state s, enum dhcp_client_trigger t)
{
	struct dhcp_row row;

	for (size_t i = 0; dhcp_client_row(i, &row); i++) {
		if (!strcmp(row.from, dhcp_client_state_name(s)) &&
		    !strcmp(row.on, dhcp_client_trigger_name(t)) && !row.guard[0])
			return true;
	}
	return false;
}

static void every_pair_is_a_row_or_ignored_on_purpose(void **state)
{
	for (int s = 0; s < DHCP_CLIENT_STATES; s++) {
		for (int t = 0; t < DHCP_CLIENT_TRIGGERS; t++) {
			bool sure = has_row_without_guard(s, t);

			/* exactly one of the two: a list that names too much hides holes */
			assert_int_equal(dhcp_client_ignores(s, t, NULL), !sure);
			if (sure)
				assert_true(dhcp_client_has_row(s, t));
		}
	}
}

static void play_pair(int s, int t)
{
	struct fixture f;
	struct dhcp_client before;
	bool early;
	int r;

	begin_row(&f, ways[s].options);
	play(&f, ways[s].script);
	assert_int_equal(f.c.state, s);
	f.c.has_nonce = true;	/* so that a FORCERENEW gets past the filter */
	memcpy(f.c.nonce, usual_nonce, sizeof(usual_nonce));
	before = f.c;
	early = letters[t] == 'd' && f.c.deadline == DHCP_NEVER;
	r = early ? happen(&f, DHCP_EVENT_DEADLINE) : play_letter(&f, letters[t]);

	assert_true(r == 0 || r == 1);
	assert_int_equal(f.out.from, s);
	assert_true(f.out.reason.why[0] && f.out.reason.rfc[0]);
	if (r == 1) {
		assert_true(dhcp_client_has_row(s, t));
		return;
	}
	assert_true(early || dhcp_client_ignores(s, t, NULL));
	assert_int_equal(f.out.to, s);
	assert_int_equal(f.out.n, 0);
	assert_memory_equal(&f.c, &before, sizeof(before));
}

static void every_event_in_every_state_is_taken_or_explained(void **state)
{
	for (int s = 0; s < DHCP_CLIENT_STATES; s++) {
		for (int t = 0; t < DHCP_CLIENT_TRIGGERS; t++)
			play_pair(s, t);
	}
}

/* A deadline lies ahead or has just come, wherever the client is; one that rests has none. */
static void every_state_has_an_honest_deadline(void **state)
{
	for (int s = 0; s < DHCP_CLIENT_STATES; s++) {
		bool rests = s == DHCP_CLIENT_STOPPED || s == DHCP_CLIENT_INIT ||
			     s == DHCP_CLIENT_INIT_REBOOT;
		struct fixture f;

		begin_row(&f, ways[s].options);
		play(&f, ways[s].script);
		assert_true(f.c.deadline >= f.now);
		assert_int_equal(f.c.deadline == DHCP_NEVER, rests);
	}
}

static void assert_reason(const struct dhcp_reason *r)
{
	const char *section = strstr(r->rfc, " section ");

	if (strlen(r->why) < 12 || strncmp(r->rfc, "RFC ", 4) != 0 || !section ||
	    section[strlen(" section ")] < '1')
		fail_msg("\"%s\" (%s) is no reason", r->why, r->rfc);
}

static void every_row_and_every_refusal_names_its_section(void **state)
{
	struct dhcp_reason r;
	struct dhcp_row row;
	size_t n_rows = 0, n_filters = 0, n_ignored = 0;

	for (; dhcp_client_row(n_rows, &row); n_rows++)
		assert_reason(&row.reason);
	for (; client_filter_reason(n_filters, &r); n_filters++)
		assert_reason(&r);
	for (; client_ignored_reason(n_ignored, &r); n_ignored++)
		assert_reason(&r);
	assert_true(n_rows > 80 && n_filters > 15 && n_ignored > 20);
}

static void names_are_those_of_the_rfc(void **state)
{
	assert_string_equal(dhcp_client_state_name(DHCP_CLIENT_INIT_REBOOT), "INIT-REBOOT");
	assert_string_equal(dhcp_client_state_name((enum dhcp_client_state)99), "?");
	assert_string_equal(dhcp_client_trigger_name(DHCP_CLIENT_ON_OFFER), "OFFER");
	assert_string_equal(dhcp_client_trigger_name((enum dhcp_client_trigger)99), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc2131_4_4_figure_5_every_row_is_taken),
		cmocka_unit_test(every_pair_is_a_row_or_ignored_on_purpose),
		cmocka_unit_test(every_event_in_every_state_is_taken_or_explained),
		cmocka_unit_test(every_state_has_an_honest_deadline),
		cmocka_unit_test(every_row_and_every_refusal_names_its_section),
		cmocka_unit_test(names_are_those_of_the_rfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
