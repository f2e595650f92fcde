/* SPDX-License-Identifier: MIT */
/* What is expected of messages, what is asked of students, what they read: read, and refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scenario/scenario.h"

#define PAIR \
	"[Lab]\nFormatVersion=1\n[Node srv host]\n[Wiring]\nCable=srv:lan host:eth0\n" \
	"[Network host:eth0]\nDHCP=ipv4\n"
#define EXPECT PAIR "[Expect x]\nNode=host\n"
#define TASK PAIR "[Task t]\n"

static const struct {
	const char *text, *errors;	/* "LINE:COL: text\n" each */
} cases[] = {
	{ EXPECT "Message=OFER\n",
	  "10:9: Message=: \"OFER\" is no DHCP message; did you mean \"OFFER\"?\n" },
	{ EXPECT "Message=ACK\nField=cia\n",
	  "11:7: Field=: \"cia\" is no field of a message\n" },
	{ EXPECT "Message=ACK\nField=ciadr 10.0.0.1\n",
	  "11:7: Field=: \"ciadr\" is no field of a message; did you mean \"ciaddr\"?\n" },
	{ EXPECT "Message=ACK\nField=count 1\n",
	  "11:7: Field=: \"count\" is no field of a message\n" },
	{ EXPECT "Message=ACK\nField=ciaddr 10.0.0\n",
	  "11:14: Field=: \"10.0.0\" is no value of ciaddr: an address, a range or a prefix, or "
	  "none\n" },
	{ EXPECT "Message=ACK\nField=dst_mac 1:2\n",
	  "11:15: Field=: \"1:2\" is no value of dst_mac: a MAC address, or none\n" },
	{ EXPECT "Message=ACK\nField=flags 0x10000\n",
	  "11:13: Field=: \"0x10000\" is no value of flags: a number or a range, or none\n" },
	{ EXPECT "Message=ACK\nField=secs 9-8\n",
	  "11:12: Field=: \"9-8\" is no value of secs: a number or a range, or none\n" },
	{ EXPECT "Message=ACK\nField=ciaddr none 1\n",
	  "11:19: Field=: \"1\" is one word too many; a further field has a Field= of its own\n" },
	{ EXPECT "Message=ACK\nOption=router\n",
	  "11:8: Option=: \"router\" is no option: a number, 1 to 254\n" },
	{ EXPECT "Message=ACK\nOption=255\n",
	  "11:8: Option=: \"255\" is no option: a number, 1 to 254\n" },
	{ EXPECT "Message=ACK\nOption=1\nOption=2\nOption=3\nOption=4\nOption=5\nOption=6\n"
	  "Option=7\n",
	  "17:8: Option=: more than 6 of them\n" },
	{ EXPECT "Message=ACK\nField=xid\nOption=1\nOption=2\nOption=3\nOption=4\nOption=5\n"
	  "Option=6\n",
	  "8:9: [Expect x]: more than 6 of Field= and Option=\n" },
	{ EXPECT "Message=ACK\nCount=some\n",
	  "11:7: Count=: \"some\" is no number, nor a range of them (2, 2-4, 2-), up to "
	  "1000000\n" },
	{ EXPECT "Message=ACK\nCount=4-2\n",
	  "11:7: Count=: \"4-2\" is no number, nor a range of them (2, 2-4, 2-), up to "
	  "1000000\n" },
	{ EXPECT "Message=ACK\nFrom=hst\n",
	  "11:6: no node \"hst\"; did you mean \"host\"?\n" },
	{ EXPECT "Message=ACK\nFrom=host:eth1\n",
	  "11:6: no cable ends in \"host:eth1\"; did you mean \"host:eth0\"?\n" },
	{ EXPECT "State=BOUND\nFrom=srv\n",
	  "11:6: From= needs Message=\n" },
	{ EXPECT "State=BOUND\nField=xid\n",
	  "8:9: [Expect x]: Field= and Option= need Message=\n" },
	{ EXPECT "State=BOUND\nCount=2\n",
	  "11:7: Count= needs Message=, Ping= or Route=\n" },
	{ EXPECT "Ping=10.0.0.1\nCount=2\n",
	  "11:7: Count=: with Ping= and Route= only 0 can be meant\n" },
	{ EXPECT "Ping=10.0.0.1\nWithin=2\n",
	  "11:8: Within= needs State=, Messages=, Message= or NoAddress=\n" },
	{ EXPECT "NoAddress=no\n",
	  "10:11: NoAddress=: \"no\" is no address, range (10.0.0.2-10.0.0.9) or prefix "
	  "(10.0.0.0/24)\n" },
	{ EXPECT "State=BOUND\nPhase=begin\n",
	  "11:7: Phase=: \"begin\" is neither start nor end\n" },
	{ EXPECT "State=BOUND\nPhase=start\nAfterSec=1\n",
	  "12:10: AfterSec= needs Phase=end: at the start there is no after\n" },
	{ EXPECT "State=BOUND\nAfterSec=8d\n",
	  "11:10: AfterSec=: 8d is out of range: 1us to 7d\n" },
	{ TASK "",
	  "8:7: [Task t] needs Ask=\n"
	  "8:7: [Task t] needs Answer=\n" },
	{ TASK "Ask=?\nAnswer=xdi of ACK\n",
	  "10:8: Answer=: \"xdi\" is no field of a message; did you mean \"xid\"?\n" },
	{ TASK "Ask=?\nAnswer=xid in ACK\n",
	  "10:8: Answer=: write FIELD of MESSAGE, as xid of DISCOVER or option 54 of REQUEST\n" },
	{ TASK "Ask=?\nAnswer=xid of AKC\n",
	  "10:15: Answer=: \"AKC\" is no DHCP message; did you mean \"ACK\"?\n" },
	{ TASK "Ask=?\nAnswer=option x of ACK\n",
	  "10:15: Answer=: \"x\" is no option: a number, 1 to 254\n" },
	{ TASK "Ask=?\nAnswer=xid of ACK 0\n",
	  "10:19: Answer=: 0 is out of range: 1 to 1000\n" },
	{ TASK "Ask=?\nAnswer=xid of ACK 2 by srv\n",
	  "10:21: Answer=: \"by\" is not expected here; write FIELD of MESSAGE [NUMBER] [from "
	  "NODE:IF]\n" },
	{ TASK "Ask=?\nAnswer=xid of ACK from srw\n",
	  "10:8: no node \"srw\"; did you mean \"srv\"?\n" },
	{ TASK "Ask=?\nAnswer=xid of ACK\n[Task t]\n",
	  "11:7: task \"t\" is written twice; first in line 8\n" },
	{ TASK "Ask=?\nAnswer=xid of ACK\n[Expect t]\nNode=host\nState=BOUND\n",
	  "8:7: \"t\" is an expectation's name already: `check` could not tell them apart\n" },
	{ TASK "Ask=?\nAnswer=xid of ACK\n[Task a/b]\n",
	  "11:7: \"a/b\" is no name: letters, digits, '-', '_', '.', at most 63\n" },
	{ PAIR "[Lesson]\nNumber=0\n",
	  "9:8: Number=: 0 is out of range: 1 to 999\n" },
	{ PAIR "[Lesson]\nLok=here\n",
	  "9:1: unknown key \"Lok=\" in [Lesson]; did you mean \"Look=\"?\n" },
};

static void every_class_of_error(void **state)
{
	const struct scenario_options opt = { .name = "lab" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_diags struct diags diags = { 0 };
		cleanup_scenario struct scenario *s = NULL;
		struct text cleanup_text errors = { 0 };

		assert_int_equal(scenario_parse(cases[i].text, strlen(cases[i].text), &opt, &s,
						&diags), -EINVAL);
		for (size_t d = 0; d < diags.n; d++)
			text_add(&errors, "%u:%u: %s\n", diags.diag[d].at.line,
				 diags.diag[d].at.column, diags.diag[d].text);
		assert_string_equal(errors.str, cases[i].errors);
	}
}

static struct scenario *parse(const char *text)
{
	const struct scenario_options opt = { .name = "lab" };
	struct diags cleanup_diags diags = { 0 };
	struct scenario *s = NULL;

	assert_int_equal(scenario_parse(text, strlen(text), &opt, &s, &diags), 0);
	return s;
}

static void a_message_and_what_is_asked_of_it(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		PAIR "[Expect a]\nMessage=REQUEST\nFrom=host:eth0\nField=ciaddr 10.0.0.0/30\n"
		"Field=flags none\nField=giaddr\nOption=54 none\nOption=55 1 121 3\nCount=2-\n"
		"AfterSec=5min\nWithin=1s\n"
		"[Expect b]\nNode=host\nNoAddress=yes\nPhase=start\n"
		"[Expect c]\nNode=host\nNoAddress=169.254.0.0/16\n");
	const struct scn_expect *a = &s->expects[0];

	assert_int_equal(a->kind, SCN_EXPECT_MESSAGE);
	assert_int_equal(a->node, NONE);
	assert_int_equal(a->message, 3);
	assert_int_equal(a->from_node, 1);
	assert_int_equal(a->from_iface, scenario_iface(s, "host:eth0"));
	assert_int_equal(a->n_matches, 5);
	assert_int_equal(a->matches[0].field, SCN_FIELD_CIADDR);
	assert_int_equal(a->matches[0].first, 0x0a000000);
	assert_int_equal(a->matches[0].last, 0x0a000003);
	assert_int_equal(a->matches[1].last, 0);
	assert_int_equal(a->matches[2].first, 1);
	assert_int_equal(a->matches[2].last, UINT32_MAX);
	assert_true(a->matches[3].absent);
	assert_int_equal(a->matches[3].option, 54);
	assert_string_equal(a->matches[4].value, "1 121 3");
	assert_int_equal(a->count_first, 2);
	assert_int_equal(a->count_last, UINT32_MAX);
	assert_int_equal(a->after, 300000000);
	assert_int_equal(a->within, 1000000);
	assert_int_equal(s->expects[1].kind, SCN_EXPECT_NO_ADDRESS);
	assert_int_equal(s->expects[1].phase, SCN_PHASE_START);
	assert_int_equal(s->expects[1].first, 0);
	assert_int_equal(s->expects[1].last, UINT32_MAX);
	assert_int_equal(s->expects[2].first, 0xa9fe0001);
	assert_int_equal(s->expects[2].last, 0xa9fefffe);
	assert_int_equal(s->expects[2].count_first, 1);
}

static void questions(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		PAIR "[Task a]\nAsk=Which [server]?\nAnswer=option 54 of REQUEST 2 from host\n"
		"Points=3\nHint=Look.\n[Task b]\nAsk=?\nAnswer=count of ACK\n");
	const struct scn_task *t = &s->tasks[0];

	assert_int_equal(s->n_tasks, 2);
	assert_string_equal(t->name, "a");
	assert_string_equal(t->ask, "Which [server]?");
	assert_int_equal(t->field, SCN_FIELD_OPTION);
	assert_int_equal(t->option, 54);
	assert_int_equal(t->message, 3);
	assert_int_equal(t->nth, 2);
	assert_int_equal(t->from_node, 1);
	assert_int_equal(t->from_iface, NONE);
	assert_int_equal(t->points, 3);
	assert_string_equal(t->hint, "Look.");
	assert_int_equal(s->tasks[1].field, SCN_FIELD_COUNT);
	assert_int_equal(s->tasks[1].nth, 1);
	assert_int_equal(s->tasks[1].from_node, NONE);
	assert_int_equal(s->tasks[1].points, 1);
}

static void a_lesson_and_a_solution(void **state)
{
	cleanup_scenario struct scenario *s = parse(
		"[Lab]\nFormatVersion=1\nSolution=Network b:x.Address=10.0.0.2/24\n"
		"Solution=DHCPv4 a:x.Hostname=[b]\n[Node a b]\n[Wiring]\nCable=a:x b:x\n"
		"[Lesson]\nNumber=3\nRemember=one\nDo=first\\\n  step\nDo=second\nGoal=why\n");

	assert_int_equal(s->n_solution, 2);
	assert_string_equal(s->solution[1], "DHCPv4 a:x.Hostname=[b]");
	assert_int_equal(s->lesson_number, 3);
	assert_int_equal(s->n_lesson, 4);
	assert_int_equal(s->lesson[0].part, SCN_LESSON_GOAL);
	assert_string_equal(s->lesson[1].text, "first step");
	assert_string_equal(s->lesson[2].text, "second");
	assert_int_equal(s->lesson[3].part, SCN_LESSON_REMEMBER);
}

static bool awaits(const char *expect)
{
	cleanup_free char *text = NULL;
	cleanup_scenario struct scenario *s = NULL;

	assert_true(asprintf(&text, EXPECT "%s", expect) > 0);
	s = parse(text);
	return scn_is_awaited(&s->ifaces[scenario_iface(s, "host:eth0")]);
}

static void who_is_to_get_nothing_is_not_awaited(void **state)
{
	assert_true(awaits("State=BOUND\n"));
	assert_true(awaits("State=SELECTING\nAfterSec=1min\n"));
	assert_true(awaits("State=SELECTING\nPhase=start\n"));
	assert_true(awaits("Message=OFFER\nCount=0\n"));
	assert_false(awaits("State=SELECTING\n"));
	assert_false(awaits("State=INIT\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_of_error),
		cmocka_unit_test(a_message_and_what_is_asked_of_it),
		cmocka_unit_test(questions),
		cmocka_unit_test(who_is_to_get_nothing_is_not_awaited),
		cmocka_unit_test(a_lesson_and_a_solution),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
