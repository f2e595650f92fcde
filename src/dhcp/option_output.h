/* SPDX-License-Identifier: MIT */
/* option_output.h - the parts that an option's value in words is made of. */
#ifndef DHCP_OPTION_OUTPUT_H
#define DHCP_OPTION_OUTPUT_H

#include "base/util.h"

/* The caller's buffer. @cut: something did not fit, nothing more is added. */
struct option_output {
	char *buf;
	size_t size;
	size_t len;
	bool cut;
};

void option_add(struct option_output *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Between the elements of a list, if @pos is not 0. */
void option_add_comma(struct option_output *out, size_t pos);
void option_add_address(struct option_output *out, const uint8_t *data);
/* @len: a multiple of 4 */
void option_add_addresses(struct option_output *out, const uint8_t *data, size_t len);
/* Names as in the DNS, as far as they are some. */
void option_add_domains(struct option_output *out, const uint8_t *data, size_t len);
void option_add_hex(struct option_output *out, const uint8_t *data, size_t len);
void option_add_text(struct option_output *out, const uint8_t *data, size_t len);
/* Text in quotes where all of it is text, else hex. */
void option_add_bytes(struct option_output *out, const uint8_t *data, size_t len);

#endif
