/* SPDX-License-Identifier: MIT */
#include "cli/session.h"

#include <errno.h>
#include <string.h>

#include "cli/out.h"
#include "config.h"
#include "sys/fd.h"

enum exit_status session_find(const char *name, struct session *ret)
{
	struct session s = { 0 };
	struct error err = { 0 };

	if (lab_find(name, &s.info, &err) < 0)
		return report_error(&err);
	*ret = s;
	return EXIT_OK;
}

enum exit_status session_open(const char *name, struct session *ret)
{
	struct session s = { 0 };
	struct error err = { 0 };
	enum exit_status status = session_find(name, &s);

	if (status)
		return status;
	if (lab_scenario(&s.info, &s.scenario, &err) < 0) {
		lab_info_done(&s.info);
		return report_error(&err);
	}
	*ret = s;
	return EXIT_OK;
}

enum exit_status session_reach(struct session *s)
{
	struct error err = { 0 };
	int r;

	r = lab_connect(&s->info, &s->lab, &err);
	if (r == -ECONNREFUSED)
		return report(EXIT_CONFLICT, "%s is broken: its monitor is dead (%s down %s)",
			      s->info.name, PROGRAM_NAME, s->info.name);
	return r < 0 ? report_error(&err) : EXIT_OK;
}

enum exit_status session_connect(struct session *s)
{
	enum exit_status status = session_reach(s);
	struct error err = { 0 };

	if (status)
		return status;
	return lab_status(s->lab, &s->status, &err) < 0 ? report_error(&err) : EXIT_OK;
}

void session_done(struct session *s)
{
	json_decref(s->status);
	lab_close(s->lab);
	scenario_free(s->scenario);
	lab_info_done(&s->info);
}

static json_t *machine(const struct session *s, const char *kind, size_t iface)
{
	json_t *m = json_object_get(json_object_get(s->status, kind),
				    s->scenario->ifaces[iface].label);

	return json_is_object(m) ? m : NULL;
}

json_t *session_client(const struct session *s, size_t iface)
{
	return machine(s, "clients", iface);
}

json_t *session_server(const struct session *s, size_t iface)
{
	return machine(s, "servers", iface);
}

json_t *session_relay(const struct session *s, size_t iface)
{
	return machine(s, "relays", iface);
}

int session_netstate(const struct session *s, size_t node, struct netstate *ret, struct error *err)
{
	cleanup_fd int sock = lab_socket(s->lab, node, LAB_SOCKET_ROUTE, err);

	return sock < 0 ? sock : netstate_read(sock, ret, err);
}

const char *object_string(const json_t *o, const char *key)
{
	const char *v = json_string_value(json_object_get(o, key));

	return v ? v : "";
}

double object_number(const json_t *o, const char *key)
{
	return json_number_value(json_object_get(o, key));
}
