/* SPDX-License-Identifier: MIT */
/*
 * netconf_request.h - inside netconf: one rtnetlink request and its answer.
 *
 * A request is begun, attributes are put, and it is committed. What does not
 * fit is remembered, so that only the commit needs a check.
 */
#ifndef SYS_NETCONF_REQUEST_H
#define SYS_NETCONF_REQUEST_H

#include <libmnl/libmnl.h>

#include "sys/netconf.h"

#define REQUEST_SIZE 1024

struct netconf_request {
	union {
		struct nlmsghdr hdr;
		char bytes[REQUEST_SIZE];
	};
	bool overflow;
};

/* @family_header: struct ifinfomsg, ifaddrmsg or rtmsg */
void request_begin(struct netconf_request *q, uint16_t type, uint16_t flags,
		   const void *family_header, size_t len);
void request_put(struct netconf_request *q, uint16_t type, const void *data, size_t len);
void request_put_u8(struct netconf_request *q, uint16_t type, uint8_t v);
void request_put_u32(struct netconf_request *q, uint16_t type, uint32_t v);
/* An IPv4 address, from host byte order. */
void request_put_ip4(struct netconf_request *q, uint16_t type, uint32_t addr);
void request_put_str(struct netconf_request *q, uint16_t type, const char *s);
/* NULL when it did not fit, which request_nest_end() takes. */
struct nlattr *request_nest(struct netconf_request *q, uint16_t type);
/* A header in the middle of attributes, as VETH_INFO_PEER has it. */
void request_put_header(struct netconf_request *q, const void *header, size_t len);
void request_nest_end(struct netconf_request *q, struct nlattr *nest);

/**
 * netconf_commit() - send a request that changes something; wait for the answer
 * @what: for people, what it was to do: "cable eth0"
 *
 * Return: 0 or the kernel's -errno; its extended error text is in @err
 */
int netconf_commit(struct netconf *n, struct netconf_request *q, struct error *err,
		   const char *what, ...) PRINTF_LIKE(4, 5);

/**
 * netconf_query() - ask for one link; hand the answer to @fn
 * @fn: gets the RTM_NEWLINK message
 *
 * Return: 0 or the kernel's -errno
 */
int netconf_query(struct netconf *n, struct netconf_request *q,
		  void (*fn)(const struct nlmsghdr *link, void *arg), void *arg,
		  struct error *err, const char *what, ...) PRINTF_LIKE(6, 7);

#endif
