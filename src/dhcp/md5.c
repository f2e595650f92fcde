/* SPDX-License-Identifier: MIT */
/* md5.c - see md5.h */
#include "dhcp/md5.h"

#include <string.h>

#define BLOCK 64
#define LENGTH_AT 56	/* of the last block: the number of bits */

struct md5_state {
	uint32_t word[4];
	uint64_t len;
	uint8_t block[BLOCK];
};

static uint32_t rotate(uint32_t v, unsigned int n)
{
	return v << n | v >> (32 - n);
}

static uint32_t load_le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void store_le32(uint8_t *p, uint32_t v)
{
	for (size_t i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

/* RFC 1321 section 3.4: T[i] is the whole part of 2^32 times |sin(i + 1)|. */
static const uint32_t sine[BLOCK] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
	0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
	0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
	0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
	0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
	0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
	0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
	0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
	0xeb86d391,
};

/* The function and the word of the block that step @i uses. */
static uint32_t mix(unsigned int i, const uint32_t v[static 4], unsigned int *ret_word)
{
	switch (i / 16) {
	case 0:
		*ret_word = i;
		return (v[1] & v[2]) | (~v[1] & v[3]);
	case 1:
		*ret_word = (5 * i + 1) % 16;
		return (v[1] & v[3]) | (v[2] & ~v[3]);
	case 2:
		*ret_word = (3 * i + 5) % 16;
		return v[1] ^ v[2] ^ v[3];
	default:
		*ret_word = 7 * i % 16;
		return v[2] ^ (v[1] | ~v[3]);
	}
}

static void take_block(struct md5_state *s)
{
	static const uint8_t turn[4][4] = {
		{ 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 },
	};
	uint32_t v[4];

	memcpy(v, s->word, sizeof(v));
	for (unsigned int i = 0; i < BLOCK; i++) {
		unsigned int word = 0;
		uint32_t sum = v[0] + mix(i, v, &word) + sine[i];

		sum = rotate(sum + load_le32(s->block + 4 * word), turn[i / 16][i % 4]);
		v[0] = v[3];
		v[3] = v[2];
		v[2] = v[1];
		v[1] += sum;
	}
	for (size_t i = 0; i < 4; i++)
		s->word[i] += v[i];
}

static void take_byte(struct md5_state *s, uint8_t byte)
{
	s->block[s->len++ % BLOCK] = byte;
	if (s->len % BLOCK == 0)
		take_block(s);
}

void md5(const struct md5_part *part, size_t n_parts, uint8_t ret[static MD5_LEN])
{
	struct md5_state s = { .word = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 } };
	uint64_t bits;

	for (size_t i = 0; i < n_parts; i++)
		for (size_t k = 0; k < part[i].len; k++)
			take_byte(&s, ((const uint8_t *)part[i].data)[k]);

	bits = s.len * 8;
	take_byte(&s, 0x80);
	while (s.len % BLOCK != LENGTH_AT)
		take_byte(&s, 0);
	for (size_t i = 0; i < sizeof(bits); i++)
		take_byte(&s, (uint8_t)(bits >> (8 * i)));
	for (size_t i = 0; i < 4; i++)
		store_le32(ret + 4 * i, s.word[i]);
}

/* RFC 2104 section 2: H(key ^ opad, H(key ^ ipad, text)). */
void hmac_md5(const void *key, size_t key_len, const struct md5_part *part, size_t n_parts,
	      uint8_t ret[static MD5_LEN])
{
	uint8_t inner[BLOCK] = { 0 }, outer[BLOCK], digest[MD5_LEN];
	struct md5_part first[1 + HMAC_PARTS_MAX] = { { inner, sizeof(inner) } };
	struct md5_part second[] = { { outer, sizeof(outer) }, { digest, sizeof(digest) } };

	if (key_len > sizeof(inner))
		md5(&(struct md5_part){ key, key_len }, 1, inner);
	else
		memcpy(inner, key, key_len);
	for (size_t i = 0; i < sizeof(inner); i++) {
		outer[i] = inner[i] ^ 0x5c;
		inner[i] ^= 0x36;
	}
	memcpy(first + 1, part, n_parts * sizeof(*part));
	md5(first, 1 + n_parts, digest);
	md5(second, 2, ret);
}
