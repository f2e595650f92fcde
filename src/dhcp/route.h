/* SPDX-License-Identifier: MIT */
/* route.h - the routes in option 121 (RFC 3442). */
#ifndef DHCP_ROUTE_H
#define DHCP_ROUTE_H

#include <netlab/dhcp_machine.h>

/**
 * dhcp_route_read() - the next route of an option 121
 * @pos: where it starts; moved behind it on success
 * @ret: bits of the destination beyond its prefix are zero, as the RFC demands;
 *	untouched on failure
 *
 * Return: 0, or -EBADMSG when the prefix is over 32 or the value ends too early
 */
int dhcp_route_read(const uint8_t *data, size_t len, size_t *pos, struct dhcp_route *ret);

/* Is it such routes, and nothing but them? */
bool dhcp_routes_are_valid(const uint8_t *data, size_t len);

#endif
