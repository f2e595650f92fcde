/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"
#include "sys/fd.h"
#include "sys/netconf_request.h"
#include "sys/netns.h"

#define WHAT_LEN 128
#define EXT_ACK_LEN 160
/* What the kernel builds a dump in at most: a shorter buffer would lose answers. */
#define ANSWER_SIZE 32768

struct netconf {
	struct mnl_socket *mnl;
	unsigned int seq;
	unsigned int portid;
	union {
		struct nlmsghdr align;
		char answer[ANSWER_SIZE];
	};
};

static int open_socket(void *arg)
{
	struct netconf *n = arg;
	int one = 1;

	n->mnl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!n->mnl)
		return -errno;
	if (mnl_socket_bind(n->mnl, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;

	/* Old kernels lack these two: then there is less text, and nothing else is lost. */
	mnl_socket_setsockopt(n->mnl, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(n->mnl, NETLINK_CAP_ACK, &one, sizeof(one));
	n->portid = mnl_socket_get_portid(n->mnl);
	return 0;
}

int netconf_open(int home, int ns, struct netconf **ret, struct error *err)
{
	cleanup_netconf struct netconf *n = calloc(1, sizeof(*n));
	int r;

	if (!n)
		return error_set(err, -ENOMEM, "out of memory");

	r = netns_call(home, ns, open_socket, n);
	if (r < 0)
		return error_set(err, r, "no netlink socket: %s", strerror(-r));

	*ret = TAKE_PTR(n);
	return 0;
}

struct netconf *netconf_close(struct netconf *n)
{
	if (n && n->mnl)
		mnl_socket_close(n->mnl);
	free(n);
	return NULL;
}

void request_begin(struct netconf_request *q, uint16_t type, uint16_t flags,
		   const void *family_header, size_t len)
{
	struct nlmsghdr *hdr = mnl_nlmsg_put_header(q->bytes);

	q->overflow = false;
	hdr->nlmsg_type = type;
	hdr->nlmsg_flags = NLM_F_REQUEST | flags;
	request_put_header(q, family_header, len);
}

void request_put_header(struct netconf_request *q, const void *header, size_t len)
{
	if (q->hdr.nlmsg_len + MNL_ALIGN(len) > sizeof(q->bytes)) {
		q->overflow = true;
		return;
	}
	memcpy(mnl_nlmsg_put_extra_header(&q->hdr, len), header, len);
}

void request_put(struct netconf_request *q, uint16_t type, const void *data, size_t len)
{
	if (!mnl_attr_put_check(&q->hdr, sizeof(q->bytes), type, len, data))
		q->overflow = true;
}

void request_put_u8(struct netconf_request *q, uint16_t type, uint8_t v)
{
	request_put(q, type, &v, sizeof(v));
}

void request_put_u32(struct netconf_request *q, uint16_t type, uint32_t v)
{
	request_put(q, type, &v, sizeof(v));
}

void request_put_ip4(struct netconf_request *q, uint16_t type, uint32_t addr)
{
	request_put_u32(q, type, __builtin_bswap32(addr));
}

void request_put_str(struct netconf_request *q, uint16_t type, const char *s)
{
	request_put(q, type, s, strlen(s) + 1);
}

struct nlattr *request_nest(struct netconf_request *q, uint16_t type)
{
	struct nlattr *nest = mnl_attr_nest_start_check(&q->hdr, sizeof(q->bytes), type);

	if (!nest)
		q->overflow = true;
	return nest;
}

void request_nest_end(struct netconf_request *q, struct nlattr *nest)
{
	if (nest)
		mnl_attr_nest_end(&q->hdr, nest);
}

/*
 * The text of an extended acknowledgement. With NETLINK_CAP_ACK the request is
 * not quoted but for its header, so the attributes follow struct nlmsgerr.
 */
static void copy_ext_ack(const struct nlmsghdr *msg, char ret[static EXT_ACK_LEN])
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(msg);
	size_t offset = sizeof(*e);
	const struct nlattr *attr;

	ret[0] = '\0';
	if (!(msg->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(msg->nlmsg_flags & NLM_F_CAPPED))
		offset += mnl_nlmsg_get_payload_len(&e->msg);

	mnl_attr_for_each(attr, msg, offset) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			str_copy(ret, EXT_ACK_LEN, mnl_attr_get_str(attr));
	}
}

/* The kernel's answer to a request. 0 or -errno, with its own words in @ext_ack. */
static int answer_code(const struct nlmsghdr *msg, char ext_ack[static EXT_ACK_LEN])
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(msg);

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(*e))
		return -EBADMSG;

	copy_ext_ack(msg, ext_ack);
	return e->error;
}

/*
 * The next batch of answers. Anything that does not answer the last request
 * is none of ours: an answer that nobody waited for any more.
 */
static ssize_t receive(struct netconf *n)
{
	for (;;) {
		ssize_t len = mnl_socket_recvfrom(n->mnl, n->answer, sizeof(n->answer));

		if (len < 0 && errno == EINTR)
			continue;
		return len < 0 ? -errno : len;
	}
}

static bool is_answer(const struct netconf *n, const struct nlmsghdr *msg)
{
	return msg->nlmsg_seq == n->seq && msg->nlmsg_pid == n->portid;
}

static int transmit(struct netconf *n, struct netconf_request *q)
{
	if (q->overflow)
		return -EMSGSIZE;

	q->hdr.nlmsg_seq = ++n->seq;
	return mnl_socket_sendto(n->mnl, &q->hdr, q->hdr.nlmsg_len) < 0 ? -errno : 0;
}

static int explain(struct error *err, int code, const char *what, const char *ext_ack)
{
	if (ext_ack[0])
		return error_set(err, code, "%s: %s (%s)", what, ext_ack, strerror(-code));

	return error_set(err, code, "%s: %s", what, strerror(-code));
}

/* 0 or -errno when the acknowledgement is among them, 1 when it is still to come. */
static int find_ack(const struct netconf *n, size_t len, char ext_ack[static EXT_ACK_LEN])
{
	const struct nlmsghdr *msg = &n->align;
	int left = (int)len;

	for (; mnl_nlmsg_ok(msg, left); msg = mnl_nlmsg_next(msg, &left)) {
		if (is_answer(n, msg) && msg->nlmsg_type == NLMSG_ERROR)
			return answer_code(msg, ext_ack);
	}

	return 1;
}

static int wait_ack(struct netconf *n, char ext_ack[static EXT_ACK_LEN])
{
	for (;;) {
		ssize_t len = receive(n);
		int r;

		if (len < 0)
			return (int)len;
		r = find_ack(n, (size_t)len, ext_ack);
		if (r <= 0)
			return r;
	}
}

int netconf_commit(struct netconf *n, struct netconf_request *q, struct error *err,
		   const char *what, ...)
{
	char ext_ack[EXT_ACK_LEN] = "", text[WHAT_LEN];
	va_list args;
	int r;

	q->hdr.nlmsg_flags |= NLM_F_ACK;
	r = transmit(n, q);
	if (r == 0)
		r = wait_ack(n, ext_ack);
	if (r == 0)
		return 0;

	va_start(args, what);
	vsnprintf(text, sizeof(text), what, args);
	va_end(args);
	return explain(err, r, text, ext_ack);
}

/* Hands on what is there. 0 at the end of the answer, 1 when more is to come, -errno. */
static int hand_on(const struct netconf *n, size_t len,
		   int (*fn)(const struct nlmsghdr *msg, void *arg), void *arg,
		   char ext_ack[static EXT_ACK_LEN])
{
	const struct nlmsghdr *msg = &n->align;
	int left = (int)len;

	for (; mnl_nlmsg_ok(msg, left); msg = mnl_nlmsg_next(msg, &left)) {
		int r;

		if (!is_answer(n, msg))
			continue;
		if (msg->nlmsg_type == NLMSG_ERROR)
			return answer_code(msg, ext_ack);
		if (msg->nlmsg_type == NLMSG_DONE)
			return 0;
		if (msg->nlmsg_type != RTM_NEWLINK)
			continue;

		r = fn(msg, arg);
		if (r < 0)
			return r;
		if (!(msg->nlmsg_flags & NLM_F_MULTI))
			return 0;
	}

	return 1;
}

int netconf_query(struct netconf *n, struct netconf_request *q,
		  int (*fn)(const struct nlmsghdr *msg, void *arg), void *arg,
		  struct error *err)
{
	char ext_ack[EXT_ACK_LEN] = "";
	int r;

	r = transmit(n, q);
	if (r < 0)
		return explain(err, r, "link query", ext_ack);

	do {
		ssize_t len = receive(n);

		if (len < 0)
			return explain(err, (int)len, "link query", ext_ack);
		r = hand_on(n, (size_t)len, fn, arg, ext_ack);
	} while (r > 0);

	return r < 0 ? explain(err, r, "link query", ext_ack) : 0;
}
