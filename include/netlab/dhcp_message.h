/* SPDX-License-Identifier: MIT */
/*
 * dhcp_message.h - one DHCP message: bytes in, struct out, and back (RFC 2131
 * section 2, RFC 2132, RFC 3396).
 *
 * A message is decoded once, in front of the machines; they never see raw
 * bytes. All numbers are in host byte order.
 */
#ifndef NETLAB_DHCP_MESSAGE_H
#define NETLAB_DHCP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <netlab/dhcp_option.h>

#define DHCP_SERVER_PORT 67
#define DHCP_CLIENT_PORT 68

#define DHCP_HEADER_LEN 236		/* RFC 2131 section 2, before the cookie */
#define DHCP_COOKIE 0x63825363u
#define DHCP_MIN_LEN 300		/* RFC 951, RFC 1542 section 2.1: send no less */
#define DHCP_MIN_MAX_SIZE 576		/* RFC 2131 section 2: IP datagram that all accept */
#define DHCP_MESSAGE_MAX 1472		/* UDP payload of a 1500-byte datagram */

#define DHCP_FLAG_BROADCAST 0x8000u
#define DHCP_INFINITY 0xffffffffu	/* seconds: RFC 2131 section 3.3 */

enum dhcp_op {
	DHCP_OP_REQUEST = 1,
	DHCP_OP_REPLY = 2,
};

/* Option 53, RFC 2132 section 9.6. */
enum dhcp_message_type {
	DHCP_NO_TYPE = 0,	/* a BOOTP message: no option 53 */
	DHCP_DISCOVER = 1,
	DHCP_OFFER = 2,
	DHCP_REQUEST = 3,
	DHCP_DECLINE = 4,
	DHCP_ACK = 5,
	DHCP_NAK = 6,
	DHCP_RELEASE = 7,
	DHCP_INFORM = 8,
	DHCP_FORCERENEW = 9,
	DHCP_LEASEQUERY = 10,
	DHCP_LEASEUNASSIGNED = 11,
	DHCP_LEASEUNKNOWN = 12,
	DHCP_LEASEACTIVE = 13,
};

#define DHCP_TYPE_MAX DHCP_LEASEACTIVE
#define DHCP_OPTIONS_MAX 254		/* different codes that a message can hold */

/**
 * struct dhcp_field - one option of a decoded message
 * @code: 1..254
 * @flags: see below
 * @off: where the value starts in the message's @data
 * @len: its length, all parts joined (RFC 3396)
 */
struct dhcp_field {
	uint8_t code;
	uint8_t flags;
	uint16_t off;
	uint16_t len;
};

#define DHCP_FIELD_SPLIT 0x01	/* the value came in several parts, joined here */

/**
 * struct dhcp_message - one message, decoded
 * @op: enum dhcp_op
 * @type: enum dhcp_message_type; DHCP_NO_TYPE for BOOTP
 * @hlen: at most 16
 * @flags: as they came; only DHCP_FLAG_BROADCAST means anything (RFC 1542 section 2.2), and the
 *	builder writes no other
 * @sname: text; all zeros when it carried options (52)
 * @file: likewise
 * @slot: of each code: 1 + its index in @fields, 0 for none
 * @n_fields: entries of @fields, in the order in which they first stood on the wire
 * @data: the values
 * @size: bytes of the message on the wire
 *
 * A plain value: copy it freely.
 */
struct dhcp_message {
	uint8_t op, htype, hlen, hops;
	uint8_t type;
	uint32_t xid;
	uint16_t secs, flags;
	uint32_t ciaddr, yiaddr, siaddr, giaddr;
	uint8_t chaddr[16];
	char sname[65];
	char file[129];
	uint16_t size;
	uint16_t n_fields;
	uint16_t data_len;
	uint8_t slot[256];
	struct dhcp_field fields[DHCP_OPTIONS_MAX];
	uint8_t data[DHCP_MESSAGE_MAX];
};

/**
 * dhcp_message_decode() - read one message
 * @payload: of the UDP datagram
 * @ret: untouched on failure
 * @ret_why: on -EBADMSG a sentence that never needs freeing ("option 53 runs
 *	past the end of the options"); may be NULL
 * @ret_rfc: the section that the message breaks; may be NULL
 *
 * A length that runs past its field, an hlen over 16, a second value for an
 * option that is single by nature, an overload inside an overload: all make
 * the message invalid. What follows END is not read. A message without the
 * cookie is BOOTP without options.
 *
 * Return: 0, or -EBADMSG
 */
int dhcp_message_decode(const void *payload, size_t len, struct dhcp_message *ret,
			const char **ret_why, const char **ret_rfc);

/*
 * What dhcp_message_decode() would find of these two, for who only passes the
 * message on. 0, or -EBADMSG just when it would.
 */
int dhcp_message_peek(const void *payload, size_t len, uint8_t *ret_type, uint32_t *ret_xid);

/*
 * The option's value and its length; NULL when the message has none. Never
 * shorter than its type demands.
 */
const uint8_t *dhcp_message_get(const struct dhcp_message *m, uint8_t code, size_t *ret_len);
bool dhcp_message_has(const struct dhcp_message *m, uint8_t code);
/* 0, -ENOENT, or -EBADMSG when the value has the wrong length. */
int dhcp_message_get_u8(const struct dhcp_message *m, uint8_t code, uint8_t *ret);
int dhcp_message_get_u16(const struct dhcp_message *m, uint8_t code, uint16_t *ret);
int dhcp_message_get_u32(const struct dhcp_message *m, uint8_t code, uint32_t *ret);

/* "DISCOVER" ... "LEASEACTIVE", "BOOTP" for 0; never NULL. */
const char *dhcp_type_name(uint8_t type);
/* Any case, with or without "DHCP" in front; the number, or -ENOENT. */
int dhcp_type_by_name(const char *name);
/* What the message is for and where the RFC says so, for `netlab explain`; never NULL. */
const char *dhcp_type_purpose(uint8_t type);
const char *dhcp_type_rfc(uint8_t type);

/**
 * struct dhcp_builder - writes one message within a bound
 *
 * Header first, then options in the order in which they shall stand. Values
 * over 255 bytes are split (RFC 3396). What does not fit in the options field
 * goes whole to file or else sname with option 52 (RFC 2131 section 4.1), if
 * the header has no text there and @may_overload was set after
 * dhcp_build_begin(); else the put fails and the message is as before.
 */
struct dhcp_builder {
	uint8_t *data;
	size_t limit;		/* bytes that the message may have on the wire */
	size_t len;		/* of header, cookie and options so far */
	size_t file_len;	/* bytes of options in file and sname */
	size_t sname_len;
	bool may_overload;
};

/**
 * dhcp_build_begin() - header, cookie and option 53
 * @out: at least @limit bytes
 * @limit: DHCP_MIN_LEN..; the UDP payload that the reader accepts
 * @m: header fields and type; its options are not copied
 *
 * Return: 0 or -EMSGSIZE
 */
int dhcp_build_begin(struct dhcp_builder *b, void *out, size_t limit, const struct dhcp_message *m);
/*
 * 0, or -EMSGSIZE when it does not fit: nothing was written then. One byte is kept for END.
 * -EINVAL for the codes that are the builder's own: pad, end, overload.
 */
int dhcp_build_put(struct dhcp_builder *b, uint8_t code, const void *value, size_t len);
int dhcp_build_put_u8(struct dhcp_builder *b, uint8_t code, uint8_t v);
int dhcp_build_put_u16(struct dhcp_builder *b, uint8_t code, uint16_t v);
int dhcp_build_put_u32(struct dhcp_builder *b, uint8_t code, uint32_t v);
/* END, and zeros up to DHCP_MIN_LEN. Returns the message's length. */
int dhcp_build_end(struct dhcp_builder *b);

#endif
