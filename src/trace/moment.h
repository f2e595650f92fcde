/* SPDX-License-Identifier: MIT */
/* moment.h - why a message, and an option in it, fits the moment at which it was sent. */
#ifndef TRACE_MOMENT_H
#define TRACE_MOMENT_H

#include "trace/event.h"

/* The occasions on which a message is sent: of a REQUEST and an ACK there are several. */
enum moment {
	MOMENT_UNKNOWN,		/* a type without a meaning, or a REQUEST for nothing */
	MOMENT_BOOTP,
	MOMENT_DISCOVER,
	MOMENT_OFFER,
	MOMENT_SELECTING,	/* a REQUEST takes an offer */
	MOMENT_REBOOTING,	/* it asks for an address of before */
	MOMENT_RENEWING,
	MOMENT_REBINDING,
	MOMENT_ACK_LEASE,
	MOMENT_ACK_MORE,	/* the lease is extended */
	MOMENT_ACK_AT_ONCE,	/* rapid commit */
	MOMENT_ACK_INFORM,
	MOMENT_NAK,
	MOMENT_DECLINE,
	MOMENT_RELEASE,
	MOMENT_INFORM,
	MOMENT_FORCERENEW,
	MOMENT_QUERY,
	MOMENT_QUERY_ANSWER,
};
#define MOMENTS (MOMENT_QUERY_ANSWER + 1)

/* RFC 2131 section 4.3.2 and table 4: told by options 54, 50, ciaddr, and where it goes. */
enum moment moment_of(const struct trace_event *e);

/* A sentence without a full stop, never NULL; @ret_rfc: where the RFC says so. */
const char *moment_of_message(const struct trace_event *e, const char **ret_rfc);
/* What an option is there for in this message; NULL: its name says all. */
const char *moment_of_option(const struct trace_event *e, uint8_t code);

#endif
