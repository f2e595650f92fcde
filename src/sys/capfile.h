/* SPDX-License-Identifier: MIT */
/* capfile.h - captures of any program, pcap or pcapng, packet by packet; by libpcap. */
#ifndef SYS_CAPFILE_H
#define SYS_CAPFILE_H

#include "base/error.h"
#include "base/util.h"

struct capfile;

/**
 * struct capfile_packet
 * @wall_ns: since 1970
 * @data: @len bytes of the @wire_len that there were; until the next call
 */
struct capfile_packet {
	uint64_t wall_ns;
	const uint8_t *data;
	size_t len, wire_len;
};

/* @path: "-" for standard input. 0; -EINVAL for what is no capture, or -errno. */
int capfile_open(const char *path, struct capfile **ret, struct error *err);
struct capfile *capfile_close(struct capfile *c);
static inline void cleanup_capfilep(struct capfile **c)
{
	capfile_close(*c);
}
#define cleanup_capfile CLEANUP(cleanup_capfilep)

/* LINKTYPE_ number of all its packets. */
unsigned int capfile_link(const struct capfile *c);
/* "Ethernet", for people; never NULL. */
const char *capfile_link_name(const struct capfile *c);
/* 1; 0 at the end; -EBADMSG for a file that is cut or broken from here on. */
int capfile_next(struct capfile *c, struct capfile_packet *ret, struct error *err);

#endif
