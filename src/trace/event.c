/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "trace/event.h"
#include "trace/option_value.h"

static const char *const kind_names[] = {
	[TRACE_MESSAGE] = "message", [TRACE_STATE] = "state", [TRACE_DROP] = "drop",
	[TRACE_ADDRESS] = "address", [TRACE_ROUTE] = "route", [TRACE_FAULT] = "fault",
	[TRACE_LAB] = "lab",
};

const char *trace_kind_name(enum trace_kind kind)
{
	return kind_names[kind];
}

int trace_kind_parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kind_names); i++)
		if (strcmp(name, kind_names[i]) == 0)
			return (int)i;
	return -EINVAL;
}

static void message_done(struct trace_message *m)
{
	for (size_t i = 0; i < m->n_options; i++)
		free(m->options[i].text);
	free(m->options);
	free(m->sname);
	free(m->file);
	m->options = NULL;
	m->sname = NULL;
	m->file = NULL;
	m->n_options = 0;
}

void trace_event_done(struct trace_event *e)
{
	free(e->text);
	free(e->rfc);
	e->text = NULL;
	e->rfc = NULL;
	message_done(&e->msg);
}

static int add_option(struct trace_message *t, uint8_t code, const uint8_t *data, size_t len)
{
	cleanup_text struct text value = { 0 };
	char *text;

	option_value_add(&value, code, data, len);
	text = text_take(&value);
	if (!text)
		return -ENOMEM;

	t->options[t->n_options++] = (struct trace_option){ .code = code, .text = text };
	return 0;
}

static int add_options(struct trace_message *t, const struct dhcp_message *m)
{
	if (m->n_fields == 0)
		return 0;

	t->options = calloc(m->n_fields, sizeof(*t->options));
	if (!t->options)
		return -ENOMEM;

	for (size_t i = 0; i < m->n_fields; i++) {
		const struct dhcp_field *f = &m->fields[i];
		int r = add_option(t, f->code, m->data + f->off, f->len);

		if (r < 0)
			return r;
	}

	return 0;
}

static int add_texts(struct trace_message *t, const struct dhcp_message *m)
{
	t->sname = m->sname[0] ? strdup(m->sname) : NULL;
	t->file = m->file[0] ? strdup(m->file) : NULL;
	return (m->sname[0] && !t->sname) || (m->file[0] && !t->file) ? -ENOMEM : 0;
}

int trace_event_message(const struct frame *f, const struct dhcp_message *m,
			struct trace_event *ret)
{
	cleanup_event struct trace_event e = {
		.kind = TRACE_MESSAGE,
		.msg = {
			.type = m->type, .xid = m->xid, .secs = m->secs, .flags = m->flags,
			.src_ip = f->src_ip, .dst_ip = f->dst_ip,
			.src_port = f->src_port, .dst_port = f->dst_port,
			.ciaddr = m->ciaddr, .yiaddr = m->yiaddr,
			.siaddr = m->siaddr, .giaddr = m->giaddr,
			.length = m->size,
			.op = m->op, .htype = m->htype, .hlen = m->hlen, .hops = m->hops,
		},
	};
	int r;

	memcpy(e.msg.src_mac, f->src_mac, sizeof(e.msg.src_mac));
	memcpy(e.msg.dst_mac, f->dst_mac, sizeof(e.msg.dst_mac));
	memcpy(e.msg.chaddr, m->chaddr, sizeof(e.msg.chaddr));
	r = add_options(&e.msg, m);
	if (r == 0)
		r = add_texts(&e.msg, m);
	if (r < 0)
		return r;

	*ret = e;
	e = (struct trace_event){ 0 };
	return 0;
}

int trace_event_make(enum trace_kind kind, const char *at, const char *text, const char *rfc,
		     struct trace_event *ret)
{
	cleanup_event struct trace_event e = { .kind = kind };

	str_copy(e.at, sizeof(e.at), at ? at : "");
	e.text = strdup(text ? text : "");
	e.rfc = rfc ? strdup(rfc) : NULL;
	if (!e.text || (rfc && !e.rfc))
		return -ENOMEM;

	*ret = e;
	e = (struct trace_event){ 0 };
	return 0;
}

const char *trace_option(const struct trace_event *e, uint8_t code)
{
	for (size_t i = 0; i < e->msg.n_options; i++)
		if (e->msg.options[i].code == code)
			return e->msg.options[i].text;

	return NULL;
}

void trace_log_done(struct trace_log *l)
{
	for (size_t i = 0; i < l->n; i++)
		trace_event_done(&l->event[i]);
	free(l->event);
	*l = (struct trace_log){ 0 };
}

/* Room for one more; sizes are powers of two. */
static int log_grow(struct trace_log *l)
{
	struct trace_event *event;

	if (l->n & (l->n - 1))
		return 0;

	event = reallocarray(l->event, l->n ? 2 * l->n : 1, sizeof(*event));
	if (!event)
		return -ENOMEM;
	l->event = event;
	return 0;
}

int trace_log_add(struct trace_log *l, struct trace_event *e)
{
	int r = log_grow(l);

	if (r < 0)
		return r;
	l->event[l->n++] = *e;
	*e = (struct trace_event){ 0 };
	return 0;
}
