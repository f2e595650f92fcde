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
/* A link without its statistics has some 1500 bytes. */
#define ANSWER_SIZE 16384

struct netconf {
	struct mnl_socket *mnl;
	unsigned int seq;
	unsigned int portid;
};

/* On the stack of who waits for it: a socket a node would not afford one. */
union answer {
	struct nlmsghdr align;
	char bytes[ANSWER_SIZE];
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

uint32_t netconf_port(const struct netconf *n)
{
	return n->portid;
}

void request_begin(struct netconf_request *q, uint16_t type, uint16_t flags,
		   const void *family_header, size_t len)
{
	struct nlmsghdr *hdr = mnl_nlmsg_put_header(q->bytes);

	/* The padding behind a name is the kernel's to see, too. */
	memset(q->bytes + sizeof(*hdr), 0, sizeof(q->bytes) - sizeof(*hdr));
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

static bool is_answer(const struct netconf *n, const struct nlmsghdr *msg)
{
	return msg->nlmsg_seq == n->seq && msg->nlmsg_pid == n->portid;
}

/* Passes over answers that nobody waited for any more, after a failure in between. */
static const struct nlmsghdr *find_answer(const struct netconf *n, const union answer *in, int len)
{
	const struct nlmsghdr *msg = &in->align;

	for (; mnl_nlmsg_ok(msg, len); msg = mnl_nlmsg_next(msg, &len)) {
		if (is_answer(n, msg))
			return msg;
	}

	return NULL;
}

/* Every request here has one message for an answer. 0 or -errno. */
static int receive(struct netconf *n, union answer *in, const struct nlmsghdr **ret)
{
	for (;;) {
		ssize_t len = mnl_socket_recvfrom(n->mnl, in, sizeof(*in));

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		*ret = find_answer(n, in, (int)len);
		if (*ret)
			return 0;
	}
}

/* @ret points into @in. */
static int ask(struct netconf *n, struct netconf_request *q, union answer *in,
	       const struct nlmsghdr **ret)
{
	if (q->overflow)
		return -EMSGSIZE;

	q->hdr.nlmsg_seq = ++n->seq;
	if (mnl_socket_sendto(n->mnl, &q->hdr, q->hdr.nlmsg_len) < 0)
		return -errno;

	return receive(n, in, ret);
}

static int explain(struct error *err, int code, const char *ext_ack, const char *what,
		   va_list args)
{
	char text[WHAT_LEN];

	vsnprintf(text, sizeof(text), what, args);
	if (ext_ack[0])
		return error_set(err, code, "%s: %s (%s)", text, ext_ack, strerror(-code));

	return error_set(err, code, "%s: %s", text, strerror(-code));
}

int netconf_commit(struct netconf *n, struct netconf_request *q, struct error *err,
		   const char *what, ...)
{
	char ext_ack[EXT_ACK_LEN] = "";
	const struct nlmsghdr *answer;
	union answer in;
	va_list args;
	int r;

	q->hdr.nlmsg_flags |= NLM_F_ACK;
	r = ask(n, q, &in, &answer);
	if (r == 0)
		r = answer->nlmsg_type == NLMSG_ERROR ? answer_code(answer, ext_ack) : -EBADMSG;
	if (r == 0)
		return 0;

	va_start(args, what);
	explain(err, r, ext_ack, what, args);
	va_end(args);
	return r;
}

int netconf_query(struct netconf *n, struct netconf_request *q,
		  void (*fn)(const struct nlmsghdr *link, void *arg), void *arg,
		  struct error *err, const char *what, ...)
{
	char ext_ack[EXT_ACK_LEN] = "";
	const struct nlmsghdr *answer;
	union answer in;
	va_list args;
	int r;

	r = ask(n, q, &in, &answer);
	if (r == 0 && answer->nlmsg_type == RTM_NEWLINK) {
		fn(answer, arg);
		return 0;
	}
	if (r == 0)
		r = answer->nlmsg_type == NLMSG_ERROR ? answer_code(answer, ext_ack) : -EBADMSG;

	va_start(args, what);
	explain(err, r, ext_ack, what, args);
	va_end(args);
	return r;
}
