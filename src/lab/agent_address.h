/* SPDX-License-Identifier: MIT */
/*
 * agent_address.h - a machine's addresses on its interface: the lease's, or the link-local one.
 *
 * The kernel is the monitor's to change: the agent asks, and believes in an
 * address when the answer is there.
 */
#ifndef LAB_AGENT_ADDRESS_H
#define LAB_AGENT_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct agent_message;
struct dhcp_config;
struct machine;
struct node;

/* Of node_ops. */
int address_configure(void *ctx, struct node *n, const struct dhcp_config *c);
int address_deconfigure(void *ctx, struct node *n, const struct dhcp_config *c);
int address_link_local(void *ctx, struct node *n, const struct dhcp_config *c, bool on);

/* The monitor's answer to CONFIGURE and DECONFIGURE. */
void address_answered(struct machine *m, const struct agent_message *msg);
/* After a step of the machine. */
void address_step_done(struct machine *m);
/* The clock goes another way now: the kernel's lifetime of the address follows. */
void address_retime(struct machine *m);
/*
 * A client that was set back has on its interface again what it had: the lease @c
 * (NULL: none), and not @link_local, which it had claimed since (0: nothing).
 */
void address_put_back(struct machine *m, const struct dhcp_config *c, uint32_t link_local);

#endif
