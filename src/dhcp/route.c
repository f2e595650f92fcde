/* SPDX-License-Identifier: MIT */
#include "dhcp/route.h"

#include <errno.h>

#include "base/addr.h"
#include "base/bytes.h"

int dhcp_route_read(const uint8_t *data, size_t len, size_t *pos, struct dhcp_route *ret)
{
	uint8_t dest[4] = { 0 };
	uint32_t gateway;
	uint8_t prefix_len;
	struct reader r;

	reader_init(&r, data + *pos, len - *pos);
	prefix_len = get_u8(&r);
	if (prefix_len > 32)
		return -EBADMSG;
	get_bytes(&r, dest, (prefix_len + 7u) / 8);
	gateway = get_be32(&r);
	if (r.overrun)
		return -EBADMSG;

	*pos += r.pos;
	*ret = (struct dhcp_route){
		.dest = load_be32(dest) & ip4_mask(prefix_len),
		.gateway = gateway,
		.prefix_len = prefix_len,
	};
	return 0;
}

bool dhcp_routes_are_valid(const uint8_t *data, size_t len)
{
	struct dhcp_route route;
	size_t pos = 0;

	while (pos < len)
		if (dhcp_route_read(data, len, &pos, &route) < 0)
			return false;

	return true;
}
