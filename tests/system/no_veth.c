/* SPDX-License-Identifier: MIT */
/*
 * no_veth.c - preloaded into netlab, it makes any kernel one without veth: the
 * kind of link that is asked for is changed to one that no kernel knows, so
 * that the kernel's own refusal comes back.
 */
#include <dlfcn.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t size)
{
	ssize_t (*next)(const struct mnl_socket *, const void *, size_t) =
		(ssize_t(*)(const struct mnl_socket *, const void *, size_t))dlsym(
			RTLD_NEXT, "mnl_socket_sendto");
	const struct nlmsghdr *hdr = req;
	char *kind = NULL;

	if (hdr->nlmsg_type == RTM_NEWLINK)
		kind = memmem(req, size, "veth", sizeof("veth"));
	if (kind)
		memcpy(kind, "none", sizeof("none"));
	return next(nl, req, size);
}
