/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netlink/cache.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/route.h>
#include <netlink/socket.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"
#include "sys/fd.h"
#include "sys/netns.h"
#include "sys/netstate.h"

static void cleanup_cachep(struct nl_cache **cache)
{
	if (*cache)
		nl_cache_free(*cache);
}

static void cleanup_sockp(struct nl_sock **sock)
{
	if (*sock)
		nl_socket_free(*sock);
}

#define cleanup_cache CLEANUP(cleanup_cachep)
#define cleanup_sock CLEANUP(cleanup_sockp)

/* libnl's own numbers are not errno's: the nearest one. */
static int to_errno(int nle)
{
	static const struct {
		int nle, code;
	} table[] = {
		{ NLE_NOMEM, ENOMEM },		{ NLE_PERM, EPERM },
		{ NLE_NOACCESS, EACCES },	{ NLE_OBJ_NOTFOUND, ENOENT },
		{ NLE_NODEV, ENODEV },		{ NLE_BUSY, EBUSY },
		{ NLE_AGAIN, EAGAIN },		{ NLE_INTR, EINTR },
		{ NLE_BAD_SOCK, EBADF },	{ NLE_INVAL, EINVAL },
		{ NLE_OPNOTSUPP, EOPNOTSUPP },	{ NLE_AF_NOSUPPORT, EAFNOSUPPORT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].nle == abs(nle))
			return -table[i].code;
	}

	return -EIO;
}

static int fail(struct error *err, int nle, const char *what)
{
	return error_set(err, to_errno(nle), "reading %s: %s", what, nl_geterror(nle));
}

static int open_socket(void *arg)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	cleanup_fd int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		return -errno;

	return TAKE_FD(fd);
}

int netstate_socket(int home, int ns)
{
	return netns_call(home, ns, open_socket, NULL);
}

static void fill_link(struct netstate_link *l, struct rtnl_link *from)
{
	const char *name = rtnl_link_get_name(from);
	const char *alias = rtnl_link_get_ifalias(from);
	struct nl_addr *mac = rtnl_link_get_addr(from);
	unsigned int flags = rtnl_link_get_flags(from);

	l->ifindex = rtnl_link_get_ifindex(from);
	l->mtu = rtnl_link_get_mtu(from);
	l->up = flags & IFF_UP;
	/* IFF_RUNNING speaks of the operational state, IFF_LOWER_UP of the carrier. */
	l->running = (flags & IFF_RUNNING) && (flags & IFF_LOWER_UP);
	l->loopback = flags & IFF_LOOPBACK;
	str_copy(l->name, sizeof(l->name), name ? name : "");
	str_copy(l->alias, sizeof(l->alias), alias ? alias : "");
	if (mac && nl_addr_get_len(mac) == sizeof(l->mac))
		memcpy(l->mac, nl_addr_get_binary_addr(mac), sizeof(l->mac));
}

static int read_links(struct nl_sock *sock, struct netstate *s, struct error *err)
{
	cleanup_cache struct nl_cache *cache = NULL;
	int r = rtnl_link_alloc_cache(sock, AF_UNSPEC, &cache);

	if (r < 0)
		return fail(err, r, "links");

	s->links = calloc((size_t)nl_cache_nitems(cache) + 1, sizeof(*s->links));
	if (!s->links)
		return error_set(err, -ENOMEM, "out of memory");
	for (struct nl_object *o = nl_cache_get_first(cache); o; o = nl_cache_get_next(o))
		fill_link(&s->links[s->n_links++], (struct rtnl_link *)o);

	return 0;
}

/* 0 for none, and for what is no IPv4 address. */
static uint32_t to_ip4(struct nl_addr *addr)
{
	uint32_t be;

	if (!addr || nl_addr_get_family(addr) != AF_INET || nl_addr_get_len(addr) != sizeof(be))
		return 0;
	memcpy(&be, nl_addr_get_binary_addr(addr), sizeof(be));
	return ntohl(be);
}

static struct netstate_link *find_index(struct netstate *s, int ifindex)
{
	for (size_t i = 0; i < s->n_links; i++) {
		if (s->links[i].ifindex == ifindex)
			return &s->links[i];
	}

	return NULL;
}

static int add_address(struct netstate_link *l, struct rtnl_addr *from)
{
	struct netstate_address *grown;

	grown = reallocarray(l->addresses, l->n_addresses + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;

	l->addresses = grown;
	grown[l->n_addresses++] = (struct netstate_address){
		.address = to_ip4(rtnl_addr_get_local(from)),
		.prefix_len = (uint8_t)rtnl_addr_get_prefixlen(from),
		.broadcast = to_ip4(rtnl_addr_get_broadcast(from)),
		.valid_sec = rtnl_addr_get_valid_lifetime(from),
		.preferred_sec = rtnl_addr_get_preferred_lifetime(from),
	};
	return 0;
}

static int read_addresses(struct nl_sock *sock, struct netstate *s, struct error *err)
{
	cleanup_cache struct nl_cache *cache = NULL;
	int r = rtnl_addr_alloc_cache(sock, &cache);

	if (r < 0)
		return fail(err, r, "addresses");

	for (struct nl_object *o = nl_cache_get_first(cache); o; o = nl_cache_get_next(o)) {
		struct rtnl_addr *addr = (struct rtnl_addr *)o;
		struct netstate_link *l = find_index(s, rtnl_addr_get_ifindex(addr));

		/* A link that came between the two dumps is not ours to know yet. */
		if (!l || rtnl_addr_get_family(addr) != AF_INET)
			continue;
		if (add_address(l, addr) < 0)
			return error_set(err, -ENOMEM, "out of memory");
	}

	return 0;
}

static void fill_route(struct netstate_route *r, struct rtnl_route *from)
{
	struct rtnl_nexthop *hop = rtnl_route_get_nnexthops(from) > 0 ?
					   rtnl_route_nexthop_n(from, 0) : NULL;
	struct nl_addr *dst = rtnl_route_get_dst(from);

	*r = (struct netstate_route){
		.dest = to_ip4(dst),
		.prefix_len = dst ? (uint8_t)nl_addr_get_prefixlen(dst) : 0,
		.gateway = hop ? to_ip4(rtnl_route_nh_get_gateway(hop)) : 0,
		.ifindex = hop ? rtnl_route_nh_get_ifindex(hop) : 0,
		.metric = rtnl_route_get_priority(from),
		.protocol = rtnl_route_get_protocol(from),
	};
}

static int read_routes(struct nl_sock *sock, struct netstate *s, struct error *err)
{
	cleanup_cache struct nl_cache *cache = NULL;
	int r = rtnl_route_alloc_cache(sock, AF_INET, 0, &cache);

	if (r < 0)
		return fail(err, r, "routes");

	s->routes = calloc((size_t)nl_cache_nitems(cache) + 1, sizeof(*s->routes));
	if (!s->routes)
		return error_set(err, -ENOMEM, "out of memory");
	for (struct nl_object *o = nl_cache_get_first(cache); o; o = nl_cache_get_next(o)) {
		struct rtnl_route *route = (struct rtnl_route *)o;

		if (rtnl_route_get_table(route) == RT_TABLE_MAIN)
			fill_route(&s->routes[s->n_routes++], route);
	}

	return 0;
}

/* libnl closes the descriptor that it is given: so it gets one of its own. */
static int adopt(struct nl_sock *sock, int fd)
{
	cleanup_fd int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	int r;

	if (own < 0)
		return -NLE_BAD_SOCK;
	r = nl_socket_set_fd(sock, NETLINK_ROUTE, own);
	if (r == 0)
		own = -1;
	return r;
}

int netstate_read(int sock, struct netstate *ret, struct error *err)
{
	cleanup_sock struct nl_sock *nl = nl_socket_alloc();
	struct netstate s = { 0 };
	int r;

	if (!nl)
		return error_set(err, -ENOMEM, "out of memory");
	r = adopt(nl, sock);
	if (r < 0)
		return fail(err, r, "the netlink socket");

	r = read_links(nl, &s, err);
	if (r == 0)
		r = read_addresses(nl, &s, err);
	if (r == 0)
		r = read_routes(nl, &s, err);
	if (r < 0) {
		netstate_done(&s);
		return r;
	}

	*ret = s;
	return 0;
}

int netstate_is_resolving(int sock, int ifindex, struct error *err)
{
	cleanup_sock struct nl_sock *nl = nl_socket_alloc();
	cleanup_cache struct nl_cache *cache = NULL;
	int r;

	if (!nl)
		return error_set(err, -ENOMEM, "out of memory");
	r = adopt(nl, sock);
	if (r == 0)
		r = rtnl_neigh_alloc_cache(nl, &cache);
	if (r < 0)
		return fail(err, r, "neighbours");

	for (struct nl_object *o = nl_cache_get_first(cache); o; o = nl_cache_get_next(o)) {
		struct rtnl_neigh *n = (struct rtnl_neigh *)o;

		if (rtnl_neigh_get_ifindex(n) == ifindex && rtnl_neigh_get_family(n) == AF_INET &&
		    (rtnl_neigh_get_state(n) & NUD_INCOMPLETE))
			return 1;
	}
	return 0;
}

void netstate_done(struct netstate *s)
{
	for (size_t i = 0; i < s->n_links; i++)
		free(s->links[i].addresses);
	free(s->links);
	free(s->routes);
	*s = (struct netstate){ 0 };
}

const struct netstate_link *netstate_find(const struct netstate *s, const char *ifname)
{
	for (size_t i = 0; i < s->n_links; i++) {
		if (strcmp(s->links[i].name, ifname) == 0)
			return &s->links[i];
	}

	return NULL;
}
