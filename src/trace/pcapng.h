/* SPDX-License-Identifier: MIT */
/*
 * pcapng.h - one capture of the whole lab: an interface block a cable, a
 * comment a packet. Written through a callback, read from bytes.
 */
#ifndef TRACE_PCAPNG_H
#define TRACE_PCAPNG_H

#include "base/util.h"

/**
 * struct pcapng - a capture being written
 * @write: gets whole blocks; returns 0 or -errno
 * @frames: packets written so far; the next one has number @frames + 1
 */
struct pcapng {
	int (*write)(void *ctx, const void *data, size_t len);
	void *ctx;
	uint32_t interfaces;
	uint64_t frames;
};

/* Section header: who wrote it ("netlab 0.1.0") and about what ("lab dhcptest"). 0 or -errno. */
int pcapng_begin(struct pcapng *p, const char *program, const char *comment);
/* An Ethernet interface; nanosecond stamps. Its number, from 0, or -errno. */
int pcapng_add_interface(struct pcapng *p, const char *name, const char *description);

/**
 * pcapng_add_packet() - one frame
 * @interface: from pcapng_add_interface()
 * @wall_ns: since 1970
 * @wire_len: as it was; @len bytes of it are in @data
 * @comment: or NULL
 *
 * Return: its frame number, from 1, or -errno
 */
int64_t pcapng_add_packet(struct pcapng *p, uint32_t interface, uint64_t wall_ns,
			  const void *data, size_t len, size_t wire_len, const char *comment);

/**
 * struct pcapng_reader - a capture of ours being read; starts as zeros
 * @name: of its interfaces so far; owned
 * @frames: packets read so far: the last one's number
 */
struct pcapng_reader {
	uint32_t interfaces;
	char **name;
	uint64_t frames;
};

/* One packet; @len bytes of it are at @data, among the bytes that were read. */
struct pcapng_packet {
	uint32_t interface;
	uint64_t wall_ns;
	size_t len, wire_len;
	const uint8_t *data;
};

void pcapng_reader_done(struct pcapng_reader *r);

/**
 * pcapng_read() - the next packet
 * @data: the file from where the last call left off, as far as it is there
 * @ret_used: bytes of it that are read now, packet or not
 *
 * Return: 1; 0: no whole packet is left; -EBADMSG: no capture of ours; -ENOMEM
 */
int pcapng_read(struct pcapng_reader *r, const void *data, size_t len, size_t *ret_used,
		struct pcapng_packet *ret);

#endif
