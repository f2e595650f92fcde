/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "scenario/graph.h"

static const char file[] =
	"[Lab]\nFormatVersion=1\n[Node srv c r]\n[Switch sw]\n[Wiring]\n"
	"Cable=srv:eth0 sw:p1\nCable=c:eth0 sw:p2\nCable=r:lan sw:p3\nCable=r:wan srv:up\n"
	"[Network srv:eth0]\nAddress=10.0.0.1/24\nDHCPServer=yes\n"
	"[Network c:eth0]\nDHCP=ipv4\n[Network r:lan]\nIPForward=yes\n";

static const char *note(void *ctx, size_t iface)
{
	return iface == *(size_t *)ctx ? "10.0.0.9" : NULL;
}

static char *draw(enum graph_form form, bool unicode)
{
	const struct scenario_options opt = { .name = "t" };
	cleanup_diags struct diags diags = { 0 };
	cleanup_scenario struct scenario *s = NULL;
	struct text out = { 0 };
	size_t client;

	assert_int_equal(scenario_parse(file, strlen(file), &opt, &s, &diags), 0);
	client = scenario_iface(s, "c:eth0");
	assert_int_equal(graph_draw(s, form, &(struct graph_options){ unicode, note, &client },
				    &out), 0);
	return text_take(&out);
}

/* Each node once; a cable that closes a ring is seen from both its ends. */
static void text_has_each_node_once(void **state)
{
	cleanup_free char *ascii = draw(GRAPH_TEXT, false), *unicode = draw(GRAPH_TEXT, true);

	assert_string_equal(ascii,
			    "sw  switch\n"
			    "|- p1 -- srv:eth0  10.0.0.1/24, DHCP server\n"
			    "|  `- up -- r:wan  router\n"
			    "|     `- lan -- sw:p3  (above)\n"
			    "|- p2 -- c:eth0  DHCP client, 10.0.0.9\n"
			    "`- p3 -- r:lan  (above)\n");
	assert_non_null(strstr(unicode, "├─ p1 ── srv:eth0  10.0.0.1/24, DHCP server\n"));
}

static size_t count(const char *s, const char *word)
{
	size_t n = 0;

	for (s = strstr(s, word); s; s = strstr(s + 1, word))
		n++;
	return n;
}

static void other_forms_have_all(void **state)
{
	cleanup_free char *dot = draw(GRAPH_DOT, false), *mermaid = draw(GRAPH_MERMAID, false);
	cleanup_free char *svg = draw(GRAPH_SVG, false);

	assert_int_equal(count(dot, " -- n"), 4);
	assert_non_null(strstr(dot, "label=\"c\\neth0 DHCP client, 10.0.0.9\""));
	assert_int_equal(count(mermaid, " ---|"), 4);
	assert_non_null(strstr(mermaid, "n3([\"sw, switch\"])"));
	assert_int_equal(count(svg, "<path "), 4);
	assert_int_equal(count(svg, "<rect x="), 4);
	assert_int_equal(count(svg, "</svg>"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_has_each_node_once),
		cmocka_unit_test(other_forms_have_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
