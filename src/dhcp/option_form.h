/* SPDX-License-Identifier: MIT */
/* option_form.h - values that are fields one after the other, in words. */
#ifndef DHCP_OPTION_FORM_H
#define DHCP_OPTION_FORM_H

#include "dhcp/option_output.h"

/* False, and nothing added: no form of @code is known that this value has. */
bool option_form_add(struct option_output *out, uint8_t code, const uint8_t *data, size_t len);

#endif
