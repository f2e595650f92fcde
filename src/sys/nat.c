/* SPDX-License-Identifier: MIT */
#include "sys/nat.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "sys/netns.h"

struct nft_ctx;

/*
 * What is used of libnftables (libnftables(3)), under its names. Few labs need it, so
 * that it is loaded for those; machines that have it mostly lack its header, so that
 * building needs neither. It stays loaded: what it brings is not made to be taken away.
 */
struct library {
	struct nft_ctx *(*new)(uint32_t flags);
	void (*free)(struct nft_ctx *ctx);
	int (*buffer_output)(struct nft_ctx *ctx);
	int (*buffer_error)(struct nft_ctx *ctx);
	const char *(*error)(struct nft_ctx *ctx);
	int (*run)(struct nft_ctx *ctx, const char *commands);
};

/* One ruleset, on its way into a namespace. */
struct wish {
	struct library lib;
	char rules[400];
	struct error *err;
};

static int load(struct library *l, struct error *err)
{
	void *handle = dlopen("libnftables.so.1", RTLD_NOW | RTLD_LOCAL);

	if (handle) {
		l->new = dlsym(handle, "nft_ctx_new");
		l->free = dlsym(handle, "nft_ctx_free");
		l->buffer_output = dlsym(handle, "nft_ctx_buffer_output");
		l->buffer_error = dlsym(handle, "nft_ctx_buffer_error");
		l->error = dlsym(handle, "nft_ctx_get_error_buffer");
		l->run = dlsym(handle, "nft_run_cmd_from_buffer");
	}
	if (!handle || !l->new || !l->free || !l->buffer_output || !l->buffer_error ||
	    !l->error || !l->run)
		return error_set(err, -EOPNOTSUPP, "libnftables, which sets up masquerading, "
				 "cannot be loaded: %s (is its package installed?)", dlerror());
	return 0;
}

/* The library's own words, without what it quotes: "Could not process rule: ..." */
static int explain(const char *why, struct error *err)
{
	const char *text = strstr(why, "Error: ");

	text = text ? text + strlen("Error: ") : why;
	return error_set(err, -EOPNOTSUPP, "this kernel does not masquerade (it needs nf_tables "
			 "with NAT): %.*s", (int)strcspn(text, "\n"), text);
}

/* The context's netlink socket is of the namespace in which it is made. */
static int run(void *arg)
{
	struct wish *w = arg;
	struct nft_ctx *ctx = w->lib.new(0);
	int r = 0;

	if (!ctx)
		return error_set(w->err, -ENOMEM, "out of memory");
	if (w->lib.buffer_output(ctx) != 0 || w->lib.buffer_error(ctx) != 0)
		r = error_set(w->err, -ENOMEM, "out of memory");
	else if (w->lib.run(ctx, w->rules) != 0)
		r = explain(w->lib.error(ctx), w->err);
	w->lib.free(ctx);
	return r;
}

int nat_masquerade(int home, int ns, uint32_t address, uint8_t prefix_len, struct error *err)
{
	struct wish w = { .err = err };
	char subnet[IP4_LEN];
	int r = load(&w.lib, err);

	if (r < 0)
		return r;
	ip4_format(address & ip4_mask(prefix_len), subnet);
	snprintf(w.rules, sizeof(w.rules),
		 "add table ip netlab\n"
		 "add chain ip netlab postrouting { type nat hook postrouting priority 100; }\n"
		 "add rule ip netlab postrouting ip saddr %s/%u ip daddr != %s/%u masquerade\n",
		 subnet, prefix_len, subnet, prefix_len);
	return netns_call(home, ns, run, &w);
}
