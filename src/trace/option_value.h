/* SPDX-License-Identifier: MIT */
/*
 * option_value.h - an option's value as scripts read it, and back.
 *
 * The log keeps plain values: seconds as digits, addresses, hex. How people
 * like to read them ("1h") is made from these when they are shown.
 */
#ifndef TRACE_OPTION_VALUE_H
#define TRACE_OPTION_VALUE_H

#include "base/text.h"

/**
 * option_value_add() - the plain text of a value
 *
 * Numbers and times (in seconds) in decimal, addresses with dots, a message
 * type by its name. Lists are joined by ',', the two halves of a pair or a
 * route by ' ': "10.0.0.0/8 10.0.0.1,0.0.0.0/0 10.0.0.2". Text as it is, with
 * safe_text_escape(). All else in hex with ':'. A value whose length does not
 * fit its type is "0x" and hex digits.
 */
void option_value_add(struct text *out, uint8_t code, const uint8_t *data, size_t len);

/* The bytes of such a text. Their number, -EINVAL, or -EMSGSIZE. */
int option_value_parse(uint8_t code, const char *text, uint8_t *out, size_t size);

/* The value as people read it, dhcp_option_format(), whole. */
void option_value_format(struct text *out, uint8_t code, const uint8_t *data, size_t len);
/* The same of such a text: "3600" of option 51 is "1h". */
void option_value_show(struct text *out, uint8_t code, const char *text);

/* An address of any hardware: "02:4e:4c:00:00:02", or nothing. */
void hardware_add(struct text *out, const uint8_t *data, size_t len);

/* "DISCOVER", "BOOTP" for 0, digits for a type that nobody has named. */
void message_type_add(struct text *out, uint8_t type);
/* The type, or -EINVAL. */
int message_type_parse(const char *s);

#endif
