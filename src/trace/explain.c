/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "trace/explain.h"
#include "trace/explain_pages.h"
#include "trace/page.h"

#define TOPICS_MAX (4 + DHCP_TYPE_MAX + 1 + 256)

struct machine_topic {
	const char *name;
	const char *title;
	void (*write)(struct text *out);
};

static const struct machine_topic machines[] = {
	{ "client", "the client's states and every arrow between them", explain_client },
	{ "server", "what a server does with each message, by the state of the binding",
	  explain_server },
	{ "relay", "which messages a relay agent passes on, and what it writes into them",
	  explain_relay },
	{ "link-local", "the address that a client chooses itself when no server gives one",
	  explain_link_local },
};

/* The topic that is spelled most like @topic, or NULL. */
static const char *nearest_topic(const char *topic)
{
	const char *names[TOPICS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		names[n++] = machines[i].name;
	for (uint8_t type = 0; type <= DHCP_TYPE_MAX; type++)
		names[n++] = dhcp_type_name(type);
	for (unsigned int code = 0; code < 256; code++)
		if (dhcp_option_info((uint8_t)code)->name)
			names[n++] = dhcp_option_info((uint8_t)code)->name;

	return nearest(strncasecmp(topic, "DHCP", 4) == 0 ? topic + 4 : topic, names, n);
}

static bool write_topic(const char *topic, struct text *out)
{
	const struct dhcp_option_info *option;
	int type;

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		if (strcasecmp(topic, machines[i].name) == 0) {
			machines[i].write(out);
			return true;
		}
	}

	type = dhcp_type_by_name(topic);
	if (type >= 0) {
		explain_message(out, (uint8_t)type);
		return true;
	}

	option = dhcp_option_find(topic);
	if (option)
		explain_option(out, option->code);
	return option != NULL;
}

int explain_topic(const char *topic, struct text *out, const char **ret_near)
{
	if (!write_topic(topic, out)) {
		*ret_near = nearest_topic(topic);
		return -ENOENT;
	}

	return out->failed ? -ENOMEM : 0;
}

void explain_contents(struct text *out)
{
	text_add(out, "Machines\n");
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		page_item(out, machines[i].name, 19, machines[i].title);

	text_add(out, "\nMessages\n");
	for (uint8_t type = 0; type <= DHCP_TYPE_MAX; type++)
		page_item(out, dhcp_type_name(type), 19, dhcp_type_purpose(type));

	text_add(out, "\nOptions, by number or name\n");
	for (unsigned int code = 0; code < 256; code++) {
		const struct dhcp_option_info *info = dhcp_option_info((uint8_t)code);
		cleanup_text struct text label = { 0 };

		/* 224 to 254 are alike: each site's own. */
		if (!info->name || (code > 224 && code < DHCP_OPT_END))
			continue;
		text_add(&label, "%3u %s", code, info->name);
		if (label.str)
			page_item(out, label.str, 28, info->title);
	}
}
