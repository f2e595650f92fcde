/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "trace/option_value.h"
#include "trace/safe_text.h"
#include "trace/view_parts.h"

#define NAME_WIDTH_MIN 8 /* "everyone" */
#define NAME_WIDTH_MAX 24
#define TIME_WIDTH_MIN 9

#define MS 1000ull
#define HOUR (3600 * 1000 * MS)

void view_colour(const struct view *v, struct text *out, enum view_colour c)
{
	static const char *const codes[] = {
		[VIEW_PLAIN] = "\033[0m",  [VIEW_DIM] = "\033[2m",	[VIEW_GREEN] = "\033[32m",
		[VIEW_YELLOW] = "\033[33m", [VIEW_RED] = "\033[31m", [VIEW_CYAN] = "\033[36m",
	};

	if (v->colour)
		text_add(out, "%s", codes[c]);
}

enum view_colour view_type_colour(uint8_t type)
{
	switch (type) {
	case DHCP_OFFER:
	case DHCP_ACK:
	case DHCP_LEASEACTIVE:
		return VIEW_GREEN;
	case DHCP_NAK:
	case DHCP_DECLINE:
		return VIEW_RED;
	case DHCP_RELEASE:
		return VIEW_YELLOW;
	}
	return VIEW_CYAN;
}

void view_add_time(struct text *out, uint64_t us)
{
	uint64_t ms = us / MS + (us % MS >= MS / 2), s = ms / 1000;
	unsigned int rest = (unsigned int)(ms % 1000);

	if (s < 3600) {
		text_add(out, "%u.%03us", (unsigned int)s, rest);
		return;
	}

	if (s >= 86400)
		text_add(out, "%llud%02u", (unsigned long long)(s / 86400),
			 (unsigned int)(s / 3600 % 24));
	else
		text_add(out, "%u", (unsigned int)(s / 3600));
	text_add(out, "h%02um%02u.%03us", (unsigned int)(s / 60 % 60), (unsigned int)(s % 60),
		 rest);
}

size_t view_node_len(const char *place)
{
	uint8_t mac[6];

	return mac_parse(place, mac) == 0 ? strlen(place) : strcspn(place, ":");
}

bool view_same_node(const char *a, const char *b)
{
	size_t len = view_node_len(a);

	return len == view_node_len(b) && memcmp(a, b, len) == 0;
}

void view_add_name(const struct view *v, struct text *out, const char *place)
{
	safe_text_add(out, place, v->places ? strlen(place) : view_node_len(place));
}

void view_add_type(struct text *out, uint8_t type)
{
	if (type > DHCP_TYPE_MAX)
		text_add(out, "message ");
	message_type_add(out, type);
}

void view_add_vlans(const struct trace_event *e, struct text *out)
{
	for (unsigned int i = e->vlans.n; i > 0; i--)
		text_add(out, "VLAN %u%s", e->vlans.id[i - 1], i > 1 ? " in " : "");
}

/* The address that the message is about, "" for none. */
static const char *key_address(const struct trace_event *e, char buf[static IP4_LEN])
{
	const char *requested = trace_option(e, DHCP_OPT_REQUESTED_ADDRESS);
	const struct trace_message *m = &e->msg;
	uint32_t address;

	if (m->yiaddr)
		return ip4_format(m->yiaddr, buf);
	if (requested && ip4_parse(requested, &address) == 0)
		return ip4_format(address, buf);
	return m->ciaddr ? ip4_format(m->ciaddr, buf) : "";
}

void view_add_label(const struct trace_event *e, struct text *out)
{
	char buf[IP4_LEN];
	const char *address = key_address(e, buf);

	view_add_type(out, e->msg.type);
	if (address[0])
		text_add(out, " %s", address);
}

bool view_peer(const struct trace_message *m, char ret[static TRACE_PLACE_MAX])
{
	const char *dashes = strstr(m->cable, "--"), *other;
	size_t len;

	if (!dashes)
		return false;
	other = dashes + 2;
	len = strlen(m->from);
	if (strncmp(m->cable, m->from, len) != 0 || m->cable + len != dashes) {
		if (strcmp(other, m->from) != 0)
			return false;
		str_copy(ret, min_u64(TRACE_PLACE_MAX, (size_t)(dashes - m->cable) + 1),
			 m->cable);
		return true;
	}
	str_copy(ret, TRACE_PLACE_MAX, other);
	return true;
}

size_t view_width(const char *s)
{
	size_t width = 0;

	for (; *s; s++)
		width += ((uint8_t)*s & 0xc0) != 0x80;
	return width;
}

bool view_is_broadcast(const struct trace_message *m)
{
	return strcmp(m->to, "everyone") == 0;
}

static int compare_places(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Is there a node under two places? @place is sorted, so the two stand side by side. */
static bool node_is_twice(const char *const *place, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (strcmp(place[i - 1], place[i]) != 0 &&
		    view_same_node(place[i - 1], place[i]))
			return true;

	return false;
}

static void fit(struct view *v, const char **place, size_t n)
{
	qsort(place, n, sizeof(*place), compare_places);
	v->places = node_is_twice(place, n);

	for (size_t i = 0; i < n; i++) {
		cleanup_text struct text name = { 0 };

		if (i > 0 && strcmp(place[i - 1], place[i]) == 0)
			continue;
		view_add_name(v, &name, place[i]);
		v->name_width = (unsigned int)max_u64(v->name_width,
						      view_width(name.str ? name.str : ""));
	}
	v->name_width = (unsigned int)min_u64(v->name_width, NAME_WIDTH_MAX);
}

void view_fit_names(struct view *v, const struct trace_log *log)
{
	cleanup_free const char **place = calloc(2 * log->n + 1, sizeof(*place));
	cleanup_text struct text time = { 0 };
	size_t n = 0;

	v->name_width = NAME_WIDTH_MIN;
	v->time_width = TIME_WIDTH_MIN;
	v->places = false;
	if (!place || log->n == 0)
		return;

	for (size_t i = 0; i < log->n; i++) {
		const struct trace_event *e = &log->event[i];

		place[n++] = e->kind == TRACE_MESSAGE ? e->msg.from : e->at;
		if (e->kind == TRACE_MESSAGE)
			place[n++] = e->msg.to;
	}
	fit(v, place, n);

	view_add_time(&time, log->event[log->n - 1].t);
	v->time_width = (unsigned int)max_u64(TIME_WIDTH_MIN, time.len);
}

static void add_route(const struct trace_event *e, struct text *out)
{
	char gateway[IP4_LEN];

	if (e->text && strcmp(e->text, "0.0.0.0/0") == 0) {
		text_add(out, "default route");
	} else {
		text_add(out, "route to ");
		safe_text_add(out, e->text ? e->text : "", e->text ? strlen(e->text) : 0);
	}
	if (e->route.gateway)
		text_add(out, " via %s", ip4_format(e->route.gateway, gateway));
	if (e->route.metric)
		text_add(out, " metric %u", e->route.metric);
}

void view_change(const struct trace_event *e, struct text *out)
{
	if (e->kind == TRACE_ROUTE)
		add_route(e, out);
	else if (e->text)
		safe_text_add(out, e->text, strlen(e->text));
}

void view_change_by(const struct trace_event *e, struct text *out)
{
	if (strcmp(e->op, "replace") == 0)
		text_add(out, ", in place of another");
	if (e->by_others)
		text_add(out, " (not by netlab)");
}
