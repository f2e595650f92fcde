/* SPDX-License-Identifier: MIT */
/* A log as a diagram of Mermaid's, and as SVG. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/util.h"
#include "trace/svg.h"
#include "trace/view.h"
#include "../../log_text.h"

#define SCHEMA "{\"schema\":\"netlab.event/1\",\"n\":1,"
#define MESSAGE(from, to, type, rest) ON("a:x--sw:p1", from, to, type, rest)
#define ON(cable, from, to, type, rest) SCHEMA "\"t\":0.0004,\"kind\":\"message\"," \
	"\"cable\":\"" cable "\",\"from\":\"" from "\",\"to\":\"" to "\"," \
	"\"message\":\"" type "\"" rest "}\n"
#define STATE(at, machine, to) SCHEMA "\"t\":0,\"kind\":\"state\",\"at\":\"" at "\"," \
	"\"machine\":\"" machine "\",\"from\":\"INIT\",\"to\":\"" to "\",\"why\":\"w\"}\n"
#define FAULT(what) SCHEMA "\"t\":1800,\"kind\":\"fault\",\"at\":\"x\",\"what\":\"" what "\"}\n"
#define TWO STATE("host:host", "client", "SELECTING") \
	ON("host:host--srv:eth0", "host:host", "everyone", "DISCOVER", "") \
	STATE("srv:eth0", "server", "OFFERED") \
	MESSAGE("srv:eth0", "host:host", "NAK", ",\"options\":{\"56\":\"no <room>; #1 \\\"here\\\"\"}")

static char *draw(int (*view)(const struct view *, const struct trace_log *, struct text *),
		  const char *lines)
{
	cleanup_trace_log struct trace_log log = { 0 };
	static const struct view v;
	struct text out = { 0 };

	assert_int_equal(log_text_events(lines, strlen(lines), &log), 0);
	assert_int_equal(view(&v, &log, &out), 0);
	return text_take(&out);
}

static void mermaid(void **state)
{
	cleanup_free char *drawn = draw(view_mermaid, TWO FAULT("drops; ACK"));

	assert_string_equal(drawn,
		"sequenceDiagram\n"
		"    participant n0 as host\n"
		"    participant n1 as srv\n"
		"    Note over n0: SELECTING\n"
		"    n0->>n1: DISCOVER, 0.000s\n"
		"    n1->>n0: NAK, 0.000s\n"
		"    Note over n0,n1: drops#59; ACK\n");
}

/* With a third node a broadcast is everyone's. */
static void mermaid_names_everyone(void **state)
{
	cleanup_free char *drawn = draw(view_mermaid,
		MESSAGE("a:x", "everyone", "DISCOVER", "") MESSAGE("b:y", "a:x", "NAK", "")
		MESSAGE("c:z", "a:x", "NAK", ""));

	assert_non_null(strstr(drawn, "participant all as everyone\n"));
	assert_non_null(strstr(drawn, "    n0->>all: DISCOVER"));
}

/* A name cannot end its line or begin a comment, whatever somebody has called himself. */
static void mermaid_escapes_names(void **state)
{
	cleanup_free char *drawn = draw(view_mermaid,
		MESSAGE("a;b#c\\n<d>", "b:y", "NAK", ""));

	assert_non_null(strstr(drawn, "participant n0 as a#59;b#35;c\\x0a#60;d#62;\n"));
}

static void mermaid_of_nothing(void **state)
{
	cleanup_free char *drawn = draw(view_mermaid, FAULT("x"));

	assert_string_equal(drawn, "sequenceDiagram\n");
}

static size_t count(const char *s, const char *what)
{
	size_t n = 0;

	for (s = strstr(s, what); s; s = strstr(s + 1, what))
		n++;
	return n;
}

static void svg(void **state)
{
	cleanup_free char *drawn = draw(view_svg, TWO FAULT("drops ACK"));

	assert_memory_equal(drawn, "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 39);
	assert_string_equal(drawn + strlen(drawn) - 7, "</svg>\n");
	assert_int_equal(count(drawn, "<line class=\"lane\""), 2);
	assert_int_equal(count(drawn, "<rect class=\"box\""), 2);
	assert_int_equal(count(drawn, "<rect class=\"state\""), 1);	/* the server's is not drawn */
	assert_int_equal(count(drawn, "<rect class=\"fault\""), 1);
	assert_int_equal(count(drawn, "<line class=\"all\""), 2);	/* one is the legend's */
	assert_int_equal(count(drawn, "<line class=\"one\""), 2);
	assert_int_equal(count(drawn, "<text"), count(drawn, "</text>"));
	assert_non_null(strstr(drawn, ">DISCOVER</text>"));
	assert_non_null(strstr(drawn, ">SELECTING</text>"));
	assert_non_null(strstr(drawn, ">drops ACK</text>"));
}

/* The arrow to the right ends at the right lane with a head to the right, and back. */
static void svg_arrows_point_to_whom_they_go(void **state)
{
	cleanup_free char *drawn = draw(view_svg, MESSAGE("a:x", "b:y", "NAK", "")
					MESSAGE("b:y", "a:x", "NAK", ""));

	/* Lanes at 126 + 210 / 2 = 231, and 210 further. */
	assert_non_null(strstr(drawn, "<polygon class=\"one\" points=\"440.0,86.0 432.0,"));
	assert_non_null(strstr(drawn, "<polygon class=\"one\" points=\"232.0,126.0 240.0,"));
}

static void svg_text_is_no_markup(void **state)
{
	cleanup_free char *drawn = draw(view_svg,
		MESSAGE("<script>:x", "b&c:y", "NAK", "") FAULT("\\u001b[2J</svg>"));

	assert_null(strstr(drawn, "<script"));
	assert_int_equal(count(drawn, "</svg>"), 1);
	assert_non_null(strstr(drawn, ">&lt;script&gt;</text>"));
	assert_non_null(strstr(drawn, ">b&amp;c</text>"));
	assert_non_null(strstr(drawn, "\\x1b[2J"));
}

static void svg_of_nothing(void **state)
{
	cleanup_free char *drawn = draw(view_svg, FAULT("x"));

	assert_int_equal(count(drawn, "class=\"lane\""), 0);
	assert_int_equal(count(drawn, "</svg>"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mermaid),
		cmocka_unit_test(mermaid_names_everyone),
		cmocka_unit_test(mermaid_escapes_names),
		cmocka_unit_test(mermaid_of_nothing),
		cmocka_unit_test(svg),
		cmocka_unit_test(svg_arrows_point_to_whom_they_go),
		cmocka_unit_test(svg_text_is_no_markup),
		cmocka_unit_test(svg_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
