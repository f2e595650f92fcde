/* SPDX-License-Identifier: MIT */
/*
 * fuzz_pcapng.c - a lab's capture file, as it may be after anything: read at once, and piece
 * by piece as it grows. Both find the same packets.
 *
 * The first byte is the length of a piece, the rest is the file.
 */
#include <errno.h>
#include <string.h>

#include "trace/pcapng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* What was found, in short, and how it ended. */
struct found {
	uint64_t packets, sum;
	int end;
};

static void count(struct found *f, const struct pcapng_reader *r, const struct pcapng_packet *p)
{
	check(p->interface < r->interfaces && r->name[p->interface]);
	f->packets++;
	f->sum = f->sum * 31 + p->interface + p->wall_ns + p->len + p->wire_len;
	for (size_t i = 0; i < p->len; i++)
		f->sum = f->sum * 31 + p->data[i];
	check(r->frames == f->packets);
}

/* What there is, from @at on: in memory of its own, so that a read past it is seen. */
static size_t read_some(struct pcapng_reader *r, struct found *f, const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len + !len);
	size_t at = 0, used;

	check(exact != NULL);
	memcpy(exact, data, len);
	do {
		struct pcapng_packet p;

		f->end = pcapng_read(r, exact + at, len - at, &used, &p);
		check(used <= len - at);
		at += used;
		if (f->end == 1) {
			check(p.data >= exact && p.data + p.len <= exact + at);
			count(f, r, &p);
		}
	} while (f->end == 1);
	check(f->end == 0 || f->end == -EBADMSG);
	free(exact);
	return at;
}

static struct found read_pieces(const uint8_t *data, size_t size, size_t piece)
{
	struct pcapng_reader r = { 0 };
	struct found f = { 0 };
	size_t at = 0, have = 0;

	while (have < size && f.end == 0) {
		have += size - have < piece ? size - have : piece;
		at += read_some(&r, &f, data + at, have - at);
	}
	pcapng_reader_done(&r);
	return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct found whole, pieces;

	if (size < 1)
		return 0;
	whole = read_pieces(data + 1, size - 1, size);
	pieces = read_pieces(data + 1, size - 1, data[0] + 1u);
	check(whole.packets == pieces.packets && whole.sum == pieces.sum);
	check(whole.end == pieces.end);
	return 0;
}
