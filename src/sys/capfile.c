/* SPDX-License-Identifier: MIT */
#include "sys/capfile.h"

#include <dlfcn.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#define LINKTYPE_RAW 101

/*
 * What is used of libpcap. It is loaded when a capture is read: linked in, it
 * and the eight libraries that it brings would take half a millisecond of each
 * start of the program.
 */
struct library {
	void *handle;
	__typeof__(&pcap_fopen_offline_with_tstamp_precision) open;
	__typeof__(&pcap_next_ex) next;
	__typeof__(&pcap_close) close;
	__typeof__(&pcap_geterr) error;
	__typeof__(&pcap_datalink) link;
	__typeof__(&pcap_datalink_val_to_description) link_name;
};

struct capfile {
	struct library lib;
	pcap_t *pcap;
};

static int find_functions(struct library *l)
{
	l->open = dlsym(l->handle, "pcap_fopen_offline_with_tstamp_precision");
	l->next = dlsym(l->handle, "pcap_next_ex");
	l->close = dlsym(l->handle, "pcap_close");
	l->error = dlsym(l->handle, "pcap_geterr");
	l->link = dlsym(l->handle, "pcap_datalink");
	l->link_name = dlsym(l->handle, "pcap_datalink_val_to_description");
	return l->open && l->next && l->close && l->error && l->link && l->link_name ? 0 : -ENOSYS;
}

/* Debian calls it by its old number. */
static int load(struct library *l, struct error *err)
{
	l->handle = dlopen("libpcap.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!l->handle)
		l->handle = dlopen("libpcap.so.0.8", RTLD_NOW | RTLD_LOCAL);
	if (!l->handle || find_functions(l) < 0)
		return error_set(err, -EOPNOTSUPP, "libpcap, which reads captures, cannot be "
				 "loaded: %s (is its package installed?)", dlerror());
	return 0;
}

static FILE *open_stream(const char *path)
{
	return strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
}

static int open_file(struct capfile *c, const char *path, struct error *err)
{
	FILE *f = open_stream(path);
	char why[PCAP_ERRBUF_SIZE] = "";

	if (!f)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));

	c->pcap = c->lib.open(f, PCAP_TSTAMP_PRECISION_NANO, why);
	if (!c->pcap) {
		if (f != stdin)
			fclose(f);
		return error_set(err, -EINVAL, "%s is no capture that can be read: %s", path, why);
	}
	return 0;
}

int capfile_open(const char *path, struct capfile **ret, struct error *err)
{
	cleanup_capfile struct capfile *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return error_set(err, -ENOMEM, "out of memory");
	r = load(&c->lib, err);
	if (r == 0)
		r = open_file(c, path, err);
	if (r < 0)
		return r;

	*ret = TAKE_PTR(c);
	return 0;
}

struct capfile *capfile_close(struct capfile *c)
{
	if (!c)
		return NULL;

	if (c->pcap)
		c->lib.close(c->pcap);
	if (c->lib.handle)
		dlclose(c->lib.handle);
	free(c);
	return NULL;
}

/* libpcap has numbers of its own for a few, which differ from system to system. */
unsigned int capfile_link(const struct capfile *c)
{
	int link = c->lib.link(c->pcap);

	return link == DLT_RAW ? LINKTYPE_RAW : (unsigned int)link;
}

const char *capfile_link_name(const struct capfile *c)
{
	const char *name = c->lib.link_name(c->lib.link(c->pcap));

	return name ? name : "unknown";
}

int capfile_next(struct capfile *c, struct capfile_packet *ret, struct error *err)
{
	struct pcap_pkthdr *head;
	const uint8_t *data;
	int r = c->lib.next(c->pcap, &head, &data);

	if (r == PCAP_ERROR)
		return error_set(err, -EBADMSG, "%s", c->lib.error(c->pcap));
	if (r != 1)
		return 0;

	/* Asked for nanoseconds: tv_usec has them. */
	*ret = (struct capfile_packet){
		.wall_ns = (uint64_t)head->ts.tv_sec * 1000000000ull + (uint64_t)head->ts.tv_usec,
		.data = data, .len = head->caplen, .wire_len = head->len,
	};
	return 1;
}
