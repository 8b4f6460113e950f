/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CRC of POSIX cksum(1), which every target has. It is not the one of zlib:
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/cksum.html
 */
#include "config.h"

#include "erase.h"

static uint32_t add_byte(uint32_t crc, uint8_t byte)
{
	const uint32_t polynomial = 0x04c11db7;
	int bit;

	crc ^= (uint32_t)byte << 24;
	for (bit = 0; bit < 8; bit++)
		crc = crc << 1 ^ (crc >> 31 ? polynomial : 0);
	return crc;
}

void cksum_add(struct cksum *c, const uint8_t *data, uint64_t len)
{
	uint32_t table[256], crc = c->crc;
	uint64_t i;

	for (i = 0; i < 256; i++)
		table[i] = add_byte(0, (uint8_t)i);
	for (i = 0; i < len; i++)
		crc = crc << 8 ^ table[(crc >> 24 ^ data[i]) & 0xff];
	c->crc = crc;
	c->len += len;
}

/* The length follows the bytes, its lowest byte first, without leading zeros. */
uint32_t cksum_end(const struct cksum *c)
{
	uint32_t crc = c->crc;
	uint64_t n;

	for (n = c->len; n; n >>= 8)
		crc = add_byte(crc, (uint8_t)n);
	return ~crc;
}
