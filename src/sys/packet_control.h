/* SPDX-License-Identifier: MIT */
/* packet_control.h - what the kernel says beside a frame; for those who receive some. */
#ifndef SYS_PACKET_CONTROL_H
#define SYS_PACKET_CONTROL_H

#include <linux/if_packet.h>
#include <sys/socket.h>
#include <time.h>

#include "sys/packet.h"

#define PACKET_TAG_LEN 4	/* of an 802.1Q tag */

/* The msg_name and msg_control of a struct msghdr. */
struct packet_control {
	struct sockaddr_ll from;
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata)) +
			   CMSG_SPACE(sizeof(struct timespec))];
	};
};

/**
 * packet_control_read() - of a frame that was received
 * @msg: as the kernel left it; its name is a struct packet_control's
 * @frame: @len bytes of it, with room for @size; an 802.1Q tag is put back into it
 * @ret_tagged: there was one
 *
 * Return: its length now
 */
size_t packet_control_read(struct msghdr *msg, uint8_t *frame, size_t len, size_t size,
			   struct packet_meta *ret, bool *ret_tagged);

#endif
