/* SPDX-License-Identifier: MIT */
/*
 * addr.h - IPv4 addresses, prefixes and MAC addresses, as values and as text.
 *
 * IPv4 addresses are uint32_t in host byte order everywhere in netlab; only
 * codecs and src/sys turn them round.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include "base/util.h"

#define IP4_LEN 16  /* "255.255.255.255" and NUL */
#define MAC_LEN 18  /* "02:4e:4c:00:00:01" and NUL */
#define IP4_BROADCAST 0xffffffffu

/* 0 or -EINVAL: four decimal numbers, no leading zeros, nothing after. */
int ip4_parse(const char *s, uint32_t *ret);
const char *ip4_format(uint32_t addr, char buf[static IP4_LEN]);

/* "10.0.0.1/24"; a missing prefix gives @ret_len 32. 0 or -EINVAL. */
int ip4_parse_prefix(const char *s, uint32_t *ret_addr, uint8_t *ret_len);
/* @len 0..32 */
uint32_t ip4_mask(uint8_t len);
/* Length of a mask without holes, or -EINVAL. */
int ip4_mask_len(uint32_t mask);
bool ip4_in_prefix(uint32_t addr, uint32_t net, uint8_t len);
/* Class A, B or C by the first bits: 8, 16, 24 (RFC 791); 32 for the others. */
uint8_t ip4_class_len(uint32_t addr);
/* Neither 0/8, loopback, multicast, class E nor broadcast: an address that a host can have. */
bool ip4_is_host(uint32_t addr);
/* 169.254.0.0/16, RFC 3927 */
bool ip4_is_link_local(uint32_t addr);

/* The two hex digits of a byte, without NUL. */
void hex_byte(uint8_t byte, char ret[static 2]);

/* Six hex pairs with ':' or '-'. 0 or -EINVAL. */
int mac_parse(const char *s, uint8_t ret[static 6]);
const char *mac_format(const uint8_t mac[static 6], char buf[static MAC_LEN]);

#endif
