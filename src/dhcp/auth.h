/* SPDX-License-Identifier: MIT */
/*
 * auth.h - option 90 (RFC 3118) as RFC 6704 uses it: a server gives its client
 * a nonce in an ACK, and signs a FORCERENEW with it.
 */
#ifndef DHCP_AUTH_H
#define DHCP_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUTH_VALUE_LEN 16
#define AUTH_LEN (3 + 8 + 1 + AUTH_VALUE_LEN)	/* of the option's value */

/* Option 145, RFC 6704 section 3.1.1: algorithms that one can do. */
#define AUTH_HMAC_MD5 1

/* RFC 6704 section 3.1.2, figure 4. */
enum auth_type {
	AUTH_NONCE = 1,		/* in an ACK */
	AUTH_DIGEST = 2,	/* in a FORCERENEW */
};

/**
 * struct auth - an option 90 of protocol 3 (reconfigure key), algorithm 1 (HMAC-MD5)
 * @replay: method 0: more each time
 * @value: the nonce, or the digest
 */
struct auth {
	enum auth_type type;
	uint64_t replay;
	uint8_t value[AUTH_VALUE_LEN];
};

/* 0, or -EBADMSG with @ret untouched: another protocol, algorithm, method, type or length. */
int auth_read(const uint8_t *value, size_t len, struct auth *ret);
void auth_write(const struct auth *a, uint8_t ret[static AUTH_LEN]);

/**
 * auth_sign() - puts the digest into a message's option 90
 * @msg: whole, with an option 90 of AUTH_DIGEST in its options field
 * @nonce: the key
 *
 * Return: 0, or -ENOENT: it has no such option
 */
int auth_sign(uint8_t *msg, size_t len, const uint8_t nonce[static AUTH_VALUE_LEN]);
/* Was @msg, as it stood on the wire, signed with @nonce? False if it has no digest. */
bool auth_is_genuine(const uint8_t *msg, size_t len, const uint8_t nonce[static AUTH_VALUE_LEN]);

#endif
