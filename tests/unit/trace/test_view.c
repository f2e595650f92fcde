/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "trace/view.h"
#include "../../log_text.h"

#define SCHEMA "\"schema\":\"netlab.event/1\",\"n\":1"

static void read_log(const char *lines, struct trace_log *ret)
{
	assert_int_equal(log_text_events(lines, strlen(lines), ret), 0);
}

static void assert_timeline(struct view v, const char *lines, const char *want)
{
	cleanup_trace_log struct trace_log log = { 0 };
	cleanup_text struct text out = { 0 };

	read_log(lines, &log);
	view_fit_names(&v, &log);
	for (size_t i = 0; i < log.n; i++)
		view_timeline(&v, &log.event[i], &out);
	assert_string_equal(out.str, want);
}

#define MESSAGE(t, from, to, type, rest) \
	"{" SCHEMA ",\"t\":" t ",\"kind\":\"message\",\"cable\":\"dhcptest:guest--host:host\"," \
	"\"from\":\"" from "\",\"to\":\"" to "\",\"message\":\"" type "\"" rest "}\n"
#define OPTIONS(x) ",\"options\":{" x "}"

#define DISCOVER_LINE(t) MESSAGE(t, "host:host", "everyone", "DISCOVER", "")
#define OFFER_LINE MESSAGE("0.0006", "dhcptest:guest", "host:host", "OFFER", \
	",\"yiaddr\":\"10.0.0.105\"" OPTIONS("\"51\":\"3600\",\"54\":\"10.0.0.1\""))
#define REQUEST_LINE MESSAGE("0.0014", "host:host", "everyone", "REQUEST", \
	OPTIONS("\"50\":\"10.0.0.105\",\"54\":\"10.0.0.1\""))
#define ACK_LINE MESSAGE("0.0015", "dhcptest:guest", "host:host", "ACK", \
	",\"yiaddr\":\"10.0.0.105\"" OPTIONS("\"51\":\"3600\",\"54\":\"10.0.0.1\""))
#define STATE_LINE(from, to) \
	"{" SCHEMA ",\"t\":0,\"kind\":\"state\",\"at\":\"host:host\",\"machine\":\"client\"," \
	"\"from\":\"" from "\",\"to\":\"" to "\",\"why\":\"w\",\"rfc\":\"RFC 2131\"}\n"
#define FOUR DISCOVER_LINE("0.0004") OFFER_LINE REQUEST_LINE ACK_LINE

static void four_messages(void **state)
{
	assert_timeline((struct view){ 0 }, FOUR,
		"   0.000s  host      => everyone   DISCOVER  is there a DHCP server?\n"
		"   0.001s  dhcptest  -> host       OFFER     10.0.0.105 for 1h, from 10.0.0.1\n"
		"   0.001s  host      => everyone   REQUEST   10.0.0.105 please, from 10.0.0.1\n"
		"   0.002s  dhcptest  -> host       ACK       10.0.0.105 is yours for 1h\n");
}

static void other_events(void **state)
{
	assert_timeline((struct view){ 0 },
		STATE_LINE("INIT", "SELECTING")
		"{" SCHEMA ",\"t\":0,\"kind\":\"drop\",\"at\":\"host:host\",\"message\":\"OFFER\","
		"\"why\":\"not our xid\",\"rfc\":\"RFC 2131 section 4.4.1\"}\n"
		"{" SCHEMA ",\"t\":0,\"kind\":\"drop\",\"at\":\"host:host\",\"why\":\"cut\"}\n"
		"{" SCHEMA ",\"t\":0,\"kind\":\"address\",\"at\":\"host:host\",\"op\":\"add\","
		"\"address\":\"10.0.0.105/24\"}\n"
		"{" SCHEMA ",\"t\":0,\"kind\":\"address\",\"at\":\"host:host\",\"op\":\"remove\","
		"\"address\":\"10.0.0.105/24\"}\n"
		"{" SCHEMA ",\"t\":0,\"kind\":\"fault\",\"at\":\"host:host\",\"what\":\"drops OFFER\"}\n"
		"{" SCHEMA ",\"t\":0,\"kind\":\"lab\",\"what\":\"up\"}\n",
		"   0.000s  host      -- INIT -> SELECTING: w (RFC 2131)\n"
		"   0.000s  host      x  ignores OFFER: not our xid (RFC 2131 section 4.4.1)\n"
		"   0.000s  host      x  ignores a message: cut\n"
		"   0.000s  host      +  10.0.0.105/24 on host:host\n"
		"   0.000s  host      -  10.0.0.105/24 off host:host\n"
		"   0.000s  host      !  drops OFFER\n"
		"   0.000s  lab       *  up\n");
}

static void vlans_are_named(void **state)
{
	assert_timeline((struct view){ 0 },
		MESSAGE("0", "a", "everyone", "DISCOVER", ",\"vlan\":[10]")
		MESSAGE("0", "a", "everyone", "DISCOVER", ",\"vlan\":[5,4094]")
		"{" SCHEMA ",\"t\":0,\"kind\":\"drop\",\"at\":\"a\",\"machine\":\"nobody\","
		"\"why\":\"cut\",\"vlan\":[0]}\n",
		"   0.000s  a         => everyone   DISCOVER  is there a DHCP server? (VLAN 10)\n"
		"   0.000s  a         => everyone   DISCOVER  is there a DHCP server? (VLAN 4094 in "
		"VLAN 5)\n"
		"   0.000s  a         x  cannot be read: cut (VLAN 0)\n");
}

static void what_others_change_is_marked(void **state)
{
	assert_timeline((struct view){ 0 },
		"{" SCHEMA ",\"t\":0,\"kind\":\"address\",\"at\":\"host:host\",\"op\":\"add\","
		"\"address\":\"10.0.0.9/24\",\"by\":\"others\"}\n"
		"{" SCHEMA ",\"t\":0,\"kind\":\"route\",\"at\":\"host:host\",\"op\":\"add\","
		"\"route\":\"0.0.0.0/0\",\"gateway\":\"10.0.0.1\",\"protocol\":\"dhcp\"}\n"
		"{" SCHEMA ",\"t\":0,\"kind\":\"route\",\"at\":\"host:host\",\"op\":\"replace\","
		"\"route\":\"10.9.0.0/16\",\"gateway\":\"10.0.0.1\",\"metric\":5,\"by\":\"others\"}\n"
		"{" SCHEMA ",\"t\":0,\"kind\":\"route\",\"at\":\"host:host\",\"op\":\"remove\","
		"\"route\":\"10.9.0.0/16\",\"by\":\"others\"}\n",
		"   0.000s  host      +  10.0.0.9/24 on host:host (not by netlab)\n"
		"   0.000s  host      +  default route via 10.0.0.1 on host:host\n"
		"   0.000s  host      +  route to 10.9.0.0/16 via 10.0.0.1 metric 5 on host:host, in "
		"place of another (not by netlab)\n"
		"   0.000s  host      -  route to 10.9.0.0/16 off host:host (not by netlab)\n");
}

static void times_of_a_week_align(void **state)
{
	assert_timeline((struct view){ 0 },
		"{" SCHEMA ",\"t\":0.0004,\"kind\":\"lab\",\"what\":\"a\"}\n"
		"{" SCHEMA ",\"t\":1800.0035,\"kind\":\"lab\",\"what\":\"b\"}\n"
		"{" SCHEMA ",\"t\":3599.9996,\"kind\":\"lab\",\"what\":\"c\"}\n"
		"{" SCHEMA ",\"t\":84600.004,\"kind\":\"lab\",\"what\":\"d\"}\n"
		"{" SCHEMA ",\"t\":604800.5,\"kind\":\"lab\",\"what\":\"e\"}\n",
		"         0.000s  lab       *  a\n"
		"      1800.004s  lab       *  b\n"
		"   1h00m00.000s  lab       *  c\n"
		"  23h30m00.004s  lab       *  d\n"
		"7d00h00m00.500s  lab       *  e\n");
}

static void two_interfaces_need_their_names(void **state)
{
	assert_timeline((struct view){ 0 },
		MESSAGE("0", "relay:lan", "srv:eth0", "NAK", "")
		MESSAGE("0", "srv:eth0", "relay:wan", "NAK", ""),
		"   0.000s  relay:lan  -> srv:eth0    NAK       no; start again from the beginning\n"
		"   0.000s  srv:eth0   -> relay:wan   NAK       no; start again from the beginning\n");
}

static void hostile_log_moves_no_cursor(void **state)
{
	assert_timeline((struct view){ 0 },
		"{" SCHEMA ",\"t\":0,\"kind\":\"lab\",\"at\":\"\\u001b[2J\",\"what\":\"\\u009b\\u202e\\n\"}\n"
		MESSAGE("0", "a\\rb", "everyone", "NAK", OPTIONS("\"56\":\"\\u001b]0;x\\u0007\"")),
		"   0.000s  \\x1b[2J   *  \\xc2\\x9b\\xe2\\x80\\xae\\x0a\n"
		"   0.000s  a\\x0db    => everyone   NAK       no: \\x1b]0;x\\x07\n");
}

static void colours_only_when_asked(void **state)
{
	assert_timeline((struct view){ .colour = true }, OFFER_LINE,
		"   \033[2m0.001s\033[0m  dhcptest  -> host       \033[32mOFFER\033[0m     "
		"10.0.0.105 for 1h, from 10.0.0.1\n");
}

static void every_situation_has_its_words(void **state)
{
	static const struct {
		const char *to, *type, *rest, *want;
	} rows[] = {
		{ "everyone", "BOOTP", "", "which address is mine?" },
		{ "h:h", "BOOTP", ",\"yiaddr\":\"10.0.0.5\"", "10.0.0.5 is yours for ever" },
		{ "everyone", "DISCOVER", "", "is there a DHCP server?" },
		{ "everyone", "DISCOVER", OPTIONS("\"50\":\"10.0.0.5\""),
		  "is there a DHCP server? I would like 10.0.0.5 again" },
		{ "everyone", "DISCOVER", OPTIONS("\"80\":\"\""),
		  "is there a DHCP server? (an ACK at once will do)" },
		{ "s:s", "DISCOVER", ",\"giaddr\":\"10.1.0.1\",\"dst_ip\":\"10.9.0.2\"",
		  "relays it to 10.9.0.2, giaddr 10.1.0.1" },
		{ "h:h", "NAK", ",\"giaddr\":\"10.1.0.1\"",
		  "no; start again from the beginning (relay 10.1.0.1)" },
		{ "everyone", "DISCOVER", ",\"giaddr\":\"10.1.0.1\"",
		  "is there a DHCP server? (relay 10.1.0.1)" },
		{ "h:h", "OFFER", ",\"yiaddr\":\"10.0.0.5\"" OPTIONS("\"51\":\"4294967295\""),
		  "10.0.0.5 for ever" },
		{ "h:h", "OFFER", ",\"yiaddr\":\"10.0.0.5\"", "10.0.0.5" },
		{ "everyone", "REQUEST", OPTIONS("\"50\":\"10.0.0.5\",\"54\":\"10.0.0.1\""),
		  "10.0.0.5 please, from 10.0.0.1" },
		{ "everyone", "REQUEST", OPTIONS("\"50\":\"10.0.0.5\""),
		  "I had 10.0.0.5; may I use it again?" },
		{ "s:s", "REQUEST", ",\"ciaddr\":\"10.0.0.5\"", "may I keep 10.0.0.5?" },
		{ "everyone", "REQUEST", ",\"ciaddr\":\"10.0.0.5\"",
		  "10.0.0.5: may I keep it, whoever serves here?" },
		{ "s:s", "REQUEST", ",\"ciaddr\":\"10.0.0.5\",\"giaddr\":\"10.1.0.1\"",
		  "relays it to 0.0.0.0, giaddr 10.1.0.1" },
		{ "everyone", "REQUEST", OPTIONS("\"54\":\"10.0.0.1\""),
		  "I do not say which address, please, from 10.0.0.1" },
		{ "everyone", "REQUEST", "", "asks for no address: no server may answer" },
		{ "h:h", "ACK", ",\"yiaddr\":\"10.0.0.5\"" OPTIONS("\"51\":\"5400\""),
		  "10.0.0.5 is yours for 1h 30min" },
		{ "h:h", "ACK", ",\"yiaddr\":\"10.0.0.5\"" OPTIONS("\"51\":\"3600\",\"80\":\"\""),
		  "10.0.0.5 is yours for 1h, at once" },
		{ "h:h", "ACK", ",\"ciaddr\":\"10.0.0.5\",\"yiaddr\":\"10.0.0.5\""
		  OPTIONS("\"51\":\"3600\""), "10.0.0.5 is yours for 1h more" },
		{ "h:h", "ACK", ",\"ciaddr\":\"10.0.0.5\",\"yiaddr\":\"10.0.0.5\""
		  OPTIONS("\"51\":\"4294967295\""), "10.0.0.5 is yours for ever" },
		{ "h:h", "ACK", ",\"ciaddr\":\"10.0.0.5\"" OPTIONS("\"54\":\"10.0.0.1\""),
		  "keep your address; here is the rest, from 10.0.0.1" },
		{ "everyone", "NAK", "", "no; start again from the beginning" },
		{ "everyone", "NAK", OPTIONS("\"56\":\"wrong network\""), "no: wrong network" },
		{ "everyone", "DECLINE", OPTIONS("\"50\":\"10.0.0.5\""),
		  "10.0.0.5 is in use by somebody else" },
		{ "s:s", "RELEASE", ",\"ciaddr\":\"10.0.0.5\"", "I give 10.0.0.5 back" },
		{ "everyone", "INFORM", ",\"ciaddr\":\"10.0.0.5\"",
		  "I am 10.0.0.5; what else should I know?" },
		{ "everyone", "INFORM", ",\"src_ip\":\"10.0.0.5\"",
		  "I am 10.0.0.5; what else should I know?" },
		{ "h:h", "FORCERENEW", "", "renew now" },
		{ "s:s", "LEASEQUERY", ",\"ciaddr\":\"10.0.0.5\"", "who has 10.0.0.5?" },
		{ "s:s", "LEASEQUERY", "", "which address has this client?" },
		{ "r:r", "LEASEUNASSIGNED", ",\"ciaddr\":\"10.0.0.5\"",
		  "10.0.0.5 is mine to lend, and free" },
		{ "r:r", "LEASEUNKNOWN", "", "I know nothing about it" },
		{ "r:r", "LEASEACTIVE", ",\"ciaddr\":\"10.0.0.5\"", "10.0.0.5 is lent" },
		{ "h:h", "200", "", "no RFC gives this type a meaning" },
		{ "h:h", "OFFER", ",\"yiaddr\":\"10.0.0.5\"" OPTIONS("\"51\":\"soon\""),
		  "10.0.0.5 for soon" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_trace_log struct trace_log log = { 0 };
		cleanup_text struct text out = { 0 };
		char line[512];

		snprintf(line, sizeof(line),
			 "{" SCHEMA ",\"t\":0,\"kind\":\"message\",\"to\":\"%s\","
			 "\"message\":\"%s\"%s}\n", rows[i].to, rows[i].type, rows[i].rest);
		read_log(line, &log);
		view_meaning(&log.event[0], &out);
		assert_string_equal(out.str, rows[i].want);
	}
}

static char *draw(bool is_unicode, const char *lines)
{
	cleanup_trace_log struct trace_log log = { 0 };
	struct view v = { .unicode = is_unicode };
	struct text out = { 0 };

	read_log(lines, &log);
	assert_int_equal(view_diagram(&v, &log, &out), 0);
	return text_take(&out);
}

#define WITH_STATES STATE_LINE("INIT", "SELECTING") FOUR STATE_LINE("REQUESTING", "BOUND") \
	"{" SCHEMA ",\"t\":0.002,\"kind\":\"fault\",\"at\":\"x\",\"what\":\"drops ACK\"}\n" \
	MESSAGE("1800", "host:host", "dhcptest:guest", "REQUEST", ",\"ciaddr\":\"10.0.0.105\"")

static void diagram_in_ascii(void **state)
{
	cleanup_free char *drawn = draw(false, WITH_STATES);

	assert_string_equal(drawn,
		"           +------+                      +----------+\n"
		"           | host |                      | dhcptest |\n"
		"           +---+--+                      +-----+----+\n"
		"          [SELECTING]                          |\n"
		"               | DISCOVER                      |\n"
		"   0.000s      |==============================>|\n"
		"               | OFFER 10.0.0.105              |\n"
		"   0.001s      |<------------------------------|\n"
		"               | REQUEST 10.0.0.105            |\n"
		"   0.001s      |==============================>|\n"
		"               | ACK 10.0.0.105                |\n"
		"   0.002s      |<------------------------------|\n"
		"            [BOUND]                            |\n"
		"   0.002s  ! drops ACK                         |\n"
		"               | REQUEST 10.0.0.105            |\n"
		"1800.000s      |------------------------------>|\n"
		"               |                               |\n"
		"           ==> to everyone   --> to one node   [STATE] of a client\n");
}

static void diagram_in_unicode(void **state)
{
	cleanup_free char *drawn = draw(true, WITH_STATES);

	assert_string_equal(drawn,
		"           ┌──────┐                      ┌──────────┐\n"
		"           │ host │                      │ dhcptest │\n"
		"           └───┬──┘                      └─────┬────┘\n"
		"          [SELECTING]                          │\n"
		"               │ DISCOVER                      │\n"
		"   0.000s      │══════════════════════════════⇒│\n"
		"               │ OFFER 10.0.0.105              │\n"
		"   0.001s      │←──────────────────────────────│\n"
		"               │ REQUEST 10.0.0.105            │\n"
		"   0.001s      │══════════════════════════════⇒│\n"
		"               │ ACK 10.0.0.105                │\n"
		"   0.002s      │←──────────────────────────────│\n"
		"            [BOUND]                            │\n"
		"   0.002s  ! drops ACK                         │\n"
		"               │ REQUEST 10.0.0.105            │\n"
		"1800.000s      │──────────────────────────────→│\n"
		"               │                               │\n"
		"           ══⇒ to everyone   ──→ to one node   [STATE] of a client\n");
}

/* Cells of the longest line. */
static size_t widest(const char *s)
{
	size_t best = 0, width = 0;

	for (; *s; s++) {
		if (*s == '\n')
			width = 0;
		else if (((uint8_t)*s & 0xc0) != 0x80 && ++width > best)
			best = width;
	}
	return best;
}

static void add_exchange(struct text *lines, size_t from, size_t to, const char *name, bool late)
{
	const char *t = late ? "604800.5" : "0.5";

	text_add(lines, "{" SCHEMA ",\"t\":%s,\"kind\":\"message\",\"from\":\"%s%zu:i\","
		 "\"to\":\"everyone\",\"message\":\"DISCOVER\"}\n", t, name, from);
	text_add(lines, "{" SCHEMA ",\"t\":%s,\"kind\":\"message\",\"from\":\"%s%zu:i\","
		 "\"to\":\"%s%zu:i\",\"message\":\"LEASEUNASSIGNED\",\"ciaddr\":\"100.100.100.100\","
		 "\"cable\":\"%s0:i--%s1:i\"}\n", t, name, from, name, to, name, name);
	text_add(lines, "{" SCHEMA ",\"t\":%s,\"kind\":\"state\",\"at\":\"%s%zu:i\","
		 "\"machine\":\"client\",\"from\":\"x\",\"to\":\"INIT-REBOOT\"}\n", t, name, to);
}

static void diagram_fits_80_columns(void **state)
{
	static const char *const names[] = {
		"n", "a-rather-long-name-of-a-node-which-no-lane-can-ever-hold", "n\xc3\xa4me\\u001b",
	};

	for (size_t nodes = 1; nodes <= 12; nodes++) {
		for (size_t i = 0; i < 2 * 2 * ARRAY_SIZE(names); i++) {
			cleanup_text struct text lines = { 0 };
			cleanup_free char *drawn = NULL;

			for (size_t n = 0; n < nodes; n++)
				add_exchange(&lines, n, nodes - 1 - n, names[i / 4], i & 1);
			drawn = draw(i & 2, lines.str);
			assert_in_range(widest(drawn), 20, 80);
			assert_null(strchr(drawn, '\033'));
		}
	}
}

/* Of a capture: addresses begin alike, so that their ends are what tells them apart. */
static void long_addresses_show_their_ends(void **state)
{
	static const char *const macs[] = { "02:00:00:00:00:01", "02:00:00:00:00:02",
					    "02:00:00:00:00:03", "02:00:00:00:00:04" };
	cleanup_text struct text lines = { 0 };
	cleanup_free char *drawn = NULL;

	for (size_t i = 1; i < ARRAY_SIZE(macs); i++)
		text_add(&lines, MESSAGE("0", "%s", "%s", "OFFER", ""), macs[0], macs[i]);
	drawn = draw(false, lines.str);
	assert_non_null(strstr(drawn, "| ~:00:00:00:01 | | ~:00:00:00:02 | | ~:00:00:00:03 |"));
}

/* A cable between two: nobody in between hears of it, though its arrow passes them. */
static void a_cable_ends_at_its_peer(void **state)
{
	cleanup_free char *drawn = draw(false,
		MESSAGE("0", "host:host", "between:e", "OFFER", "")
		MESSAGE("0", "host:host", "everyone", "DISCOVER", "")
		MESSAGE("0", "dhcptest:guest", "host:host", "OFFER", "")
		MESSAGE("0", "dhcptest:guest", "everyone", "NAK", ""));

	assert_non_null(strstr(drawn, "|==============================|=============================>|\n"));
	assert_non_null(strstr(drawn, "|<=============================|==============================|\n"));
}

static void many_nodes_get_a_line_each(void **state)
{
	cleanup_text struct text lines = { 0 };
	cleanup_free char *drawn = NULL;

	for (size_t n = 0; n < 7; n++)
		add_exchange(&lines, n, 6 - n, "n", false);
	drawn = draw(false, lines.str);
	assert_non_null(strstr(drawn, "More than 6 nodes: too many for lanes in 80 columns."));
	assert_non_null(strstr(drawn, "\n0.500s  n0 => everyone  DISCOVER\n"));
	assert_non_null(strstr(drawn, "\n0.500s  n0 -> n6  LEASEUNASSIGNED 100.100.100.100\n"));
}

static void explained(void **state)
{
	static const char lines[] =
		DISCOVER_LINE("0")
		"{" SCHEMA ",\"t\":0,\"kind\":\"state\",\"at\":\"host:host\","
		"\"machine\":\"client\",\"from\":\"INIT\",\"to\":\"SELECTING\","
		"\"why\":\"no address yet\",\"rfc\":\"RFC 2131 section 4.4.1\"}\n"
		MESSAGE("0.001", "dhcptest:guest", "host:host", "OFFER",
			",\"xid\":\"3d6a3b68\",\"dst_mac\":\"02:4e:4c:00:00:02\","
			"\"src_ip\":\"10.0.0.1\",\"dst_ip\":\"10.0.0.105\",\"src_port\":67,"
			"\"dst_port\":68,\"yiaddr\":\"10.0.0.105\",\"length\":300"
			OPTIONS("\"53\":\"OFFER\",\"51\":\"3600\",\"54\":\"10.0.0.1\""));
	cleanup_trace_log struct trace_log log = { 0 };
	cleanup_text struct text out = { 0 };
	const struct view v = { 0 };

	read_log(lines, &log);
	view_explain(&v, &log, 0, &out);
	assert_non_null(strstr(out.str, "client INIT -> SELECTING\n"));
	assert_non_null(strstr(out.str,
			       "    why: no address yet (RFC 2131 section 4.4.1)\n"));
	text_done(&out);

	view_explain(&v, &log, 2, &out);
	assert_string_equal(out.str,
		"#1  0.001s  dhcptest:guest -> 02:4e:4c:00:00:02\n"
		"            10.0.0.1:67 -> 10.0.0.105:68   342 bytes\n"
		"    DHCPOFFER   xid 3d6a3b68\n"
		"      yiaddr                10.0.0.105, the address for the client\n"
		"      53 message type       OFFER (RFC 2132 section 9.6)\n"
		"      51 lease time         1h; how long it would be lent (RFC 2132 section 9.2)\n"
		"      54 server id          10.0.0.1; who offers (RFC 2132 section 9.7)\n"
		"    says: 10.0.0.105 for 1h, from 10.0.0.1\n"
		"    why: the server has a free address; nothing is lent until the client takes\n"
		"    it (RFC 2131 section 4.3.1)\n");
}

/* What does not fit into 80 columns goes on under the names. */
static void headings_break_between_their_parts(void **state)
{
#define LONG "a-node-of-thirty-two-letters-abc:"
#define PORTS ",\"src_ip\":\"10.0.0.1\",\"dst_ip\":\"10.0.0.5\",\"src_port\":67,\"dst_port\":68," \
	"\"length\":300"
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ MESSAGE("0", "a:b", "c:d", "OFFER", PORTS),
		  "#1  0.000s  a:b -> c:d   10.0.0.1:67 -> 10.0.0.5:68   342 bytes\n" },
		{ MESSAGE("0", "a23456789:b23456789", "c:d", "OFFER", PORTS),
		  "#1  0.000s  a23456789:b23456789 -> c:d   10.0.0.1:67 -> 10.0.0.5:68   342 bytes\n" },
		{ MESSAGE("0", "a23456789:b234567890", "c:d", "OFFER", PORTS),
		  "#1  0.000s  a23456789:b234567890 -> c:d   10.0.0.1:67 -> 10.0.0.5:68   342 bytes\n" },
		{ MESSAGE("0", "a23456789:b2345678901", "c:d", "OFFER", PORTS),
		  "#1  0.000s  a23456789:b2345678901 -> c:d\n"
		  "            10.0.0.1:67 -> 10.0.0.5:68   342 bytes\n" },
		{ MESSAGE("0", "a:b", "c:d", "OFFER", PORTS ",\"vlan\":[5,4094]"),
		  "#1  0.000s  a:b -> c:d   VLAN 4094 in VLAN 5\n"
		  "            10.0.0.1:67 -> 10.0.0.5:68   342 bytes\n" },
		{ MESSAGE("90000", LONG "eth0", LONG "eth1", "OFFER", PORTS ",\"vlan\":[7]"),
		  "#1  1d01h00m00.000s  " LONG "eth0\n"
		  "                    -> " LONG "eth1   VLAN 7\n"
		  "                    10.0.0.1:67 -> 10.0.0.5:68   342 bytes\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_trace_log struct trace_log log = { 0 };
		cleanup_text struct text out = { 0 };

		read_log(rows[i].line, &log);
		view_explain(&(struct view){ 0 }, &log, 0, &out);
		strstr(out.str, "    DHCPOFFER")[0] = '\0';
		assert_string_equal(out.str, rows[i].want);
	}
}

/* A reason is wrapped under its own beginning; colours take no room, and a timeline is not. */
static void other_events_explained_fit_80_columns(void **state)
{
#define REASON "the capture kept no more than a part of this packet, and of the one before"
	static const char line[] =
		"{" SCHEMA ",\"t\":0,\"kind\":\"drop\",\"at\":\"02:00:00:00:00:01\","
		"\"machine\":\"nobody\",\"why\":\"" REASON "\"}\n"
		"{" SCHEMA ",\"t\":0,\"kind\":\"state\",\"at\":\"h\u00f4te:eth0\",\"machine\":\"client\","
		"\"from\":\"SELECTING\",\"to\":\"REQUESTING\",\"why\":\"it is the first one, and is good "
		"enough\",\"rfc\":\"RFC 2131 section 4.4.1\"}\n";
	static const struct {
		bool colour;
		const char *want;
	} rows[] = {
		{ false,
		  "#1   0.000s  02:00:00:00:00:01  x  cannot be read: the capture kept no more than\n"
		  "                                   a part of this packet, and of the one before\n"
		  "#1   0.000s  h\u00f4te      -- SELECTING -> REQUESTING: it is the first one, and is\n"
		  "                          good enough (RFC 2131 section 4.4.1)\n" },
		{ true,
		  "#1   \033[2m0.000s\033[0m  02:00:00:00:00:01  \033[33mx  cannot be read\033[0m: "
		  "the capture kept no more than\n"
		  "                                   a part of this packet, and of the one before\n"
		  "#1   \033[2m0.000s\033[0m  h\u00f4te      -- SELECTING -> \033[36mREQUESTING\033[0m: "
		  "it is the first one, and is\n"
		  "                          good enough (RFC 2131 section 4.4.1)\n" },
	};
	cleanup_trace_log struct trace_log log = { 0 };

	read_log(line, &log);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct view v = { .colour = rows[i].colour, .name_width = 8 };
		cleanup_text struct text out = { 0 }, timeline = { 0 };

		view_explain(&v, &log, 0, &out);
		view_explain(&v, &log, 1, &out);
		assert_string_equal(out.str, rows[i].want);
		view_timeline(&v, &log.event[0], &timeline);
		assert_ptr_equal(strchr(timeline.str, '\n'), timeline.str + timeline.len - 1);
	}
}

/* All flags are there to be seen; hardware without an address is no error (RFC 4390). */
static void header_at_its_edges(void **state)
{
	static const char lines[] =
		MESSAGE("0", "a", "everyone", "DISCOVER", ",\"flags\":49153,\"op\":1,\"chaddr\":\"\"")
		MESSAGE("0", "a", "everyone", "DISCOVER", ",\"flags\":2,\"op\":1,\"hlen\":1,"
			"\"chaddr\":\"07\"");
	cleanup_trace_log struct trace_log log = { 0 };
	cleanup_text struct text out = { 0 };
	const struct view v = { 0 };

	read_log(lines, &log);
	log.event[1].msg.wire_len = 1234;
	view_explain(&v, &log, 0, &out);
	assert_non_null(strstr(out.str,
		"      flags                 BROADCAST: the client can not take unicasts yet, and\n"
		"                            0x4001: bits that mean nothing, and should be zero\n"));
	assert_non_null(strstr(out.str, "      chaddr                none: the client"));
	text_done(&out);

	view_explain(&v, &log, 1, &out);
	assert_non_null(strstr(out.str, "   1234 bytes\n"));
	assert_non_null(strstr(out.str,
		"      flags                 0x0002: bits that mean nothing, and should be zero\n"));
	assert_non_null(strstr(out.str, "      chaddr                07, the client\n"));
}

static void a_reply_is_explained_by_its_server(void **state)
{
	static const char lines[] =
		"{" SCHEMA ",\"t\":0,\"kind\":\"state\",\"at\":\"dhcptest:guest\","
		"\"machine\":\"server\",\"from\":\"NONE\",\"to\":\"OFFERED\",\"why\":\"a new one\","
		"\"rfc\":\"RFC 2131 section 4.3.1\",\"client\":\"02:4e:4c:00:00:02\"}\n"
		"{" SCHEMA ",\"t\":0,\"kind\":\"state\",\"at\":\"dhcptest:guest\","
		"\"machine\":\"server\",\"from\":\"NONE\",\"to\":\"OFFERED\",\"why\":\"of another\","
		"\"client\":\"02:4e:4c:00:00:03\"}\n"
		MESSAGE("0", "dhcptest:guest", "host:host", "OFFER",
			",\"hlen\":6,\"chaddr\":\"02:4e:4c:00:00:02\"")
		"{" SCHEMA ",\"t\":0,\"kind\":\"state\",\"at\":\"host:host\","
		"\"machine\":\"client\",\"from\":\"SELECTING\",\"to\":\"REQUESTING\","
		"\"why\":\"the first wins\"}\n";
	cleanup_trace_log struct trace_log log = { 0 };
	cleanup_text struct text out = { 0 };
	const struct view v = { 0 };

	read_log(lines, &log);
	view_explain(&v, &log, 2, &out);
	assert_non_null(strstr(out.str, "client SELECTING -> REQUESTING\n"));
	assert_non_null(strstr(out.str, "    why: a new one (RFC 2131 section 4.3.1)\n"));
}

static void nothing_to_draw(void **state)
{
	cleanup_free char *drawn = draw(false, "");

	assert_string_equal(drawn, "no messages yet\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_messages),
		cmocka_unit_test(other_events),
		cmocka_unit_test(vlans_are_named),
		cmocka_unit_test(what_others_change_is_marked),
		cmocka_unit_test(times_of_a_week_align),
		cmocka_unit_test(two_interfaces_need_their_names),
		cmocka_unit_test(hostile_log_moves_no_cursor),
		cmocka_unit_test(colours_only_when_asked),
		cmocka_unit_test(every_situation_has_its_words),
		cmocka_unit_test(diagram_in_ascii),
		cmocka_unit_test(diagram_in_unicode),
		cmocka_unit_test(diagram_fits_80_columns),
		cmocka_unit_test(long_addresses_show_their_ends),
		cmocka_unit_test(headings_break_between_their_parts),
		cmocka_unit_test(other_events_explained_fit_80_columns),
		cmocka_unit_test(header_at_its_edges),
		cmocka_unit_test(a_cable_ends_at_its_peer),
		cmocka_unit_test(many_nodes_get_a_line_each),
		cmocka_unit_test(explained),
		cmocka_unit_test(a_reply_is_explained_by_its_server),
		cmocka_unit_test(nothing_to_draw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
