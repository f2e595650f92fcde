/* SPDX-License-Identifier: MIT */
/*
 * md5.h - MD5 (RFC 1321) and HMAC-MD5 (RFC 2104), for option 90 alone: this room
 * links the C library only. Nothing here keeps a secret from whoever can
 * watch the link, nor does RFC 6704 section 5 ask it to.
 */
#ifndef DHCP_MD5_H
#define DHCP_MD5_H

#include <stddef.h>
#include <stdint.h>

#define MD5_LEN 16

/* One piece of what is hashed; pieces stand for the bytes of all, one after the other. */
struct md5_part {
	const void *data;
	size_t len;
};

void md5(const struct md5_part *part, size_t n_parts, uint8_t ret[static MD5_LEN]);
/* At most HMAC_PARTS_MAX pieces. */
#define HMAC_PARTS_MAX 4
void hmac_md5(const void *key, size_t key_len, const struct md5_part *part, size_t n_parts,
	      uint8_t ret[static MD5_LEN]);

#endif
