/* SPDX-License-Identifier: MIT */
/* option_table.h - the rows behind dhcp_option_info(). */
#ifndef DHCP_OPTION_TABLE_H
#define DHCP_OPTION_TABLE_H

#include <netlab/dhcp_option.h>

/* Row i is option i. */
extern const struct dhcp_option_info dhcp_option_table[256];

#endif
